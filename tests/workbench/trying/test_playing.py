"""Answers through a judge: what agrees, what came out otherwise, and how it is told."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest

from tests.core.small import MYTH, choose, criterion, explain, lesson
from tests.llm.fake_server import nobody
from tests.talk import parts
from tutor.cli import main
from tutor.core.lesson import Lesson
from tutor.judges.embedded import EmbeddedJudge
from tutor.workbench.trying.agreement import Row, figures, kappa
from tutor.workbench.trying.answers import samples_of
from tutor.workbench.trying.playing import Played, play
from tutor.workbench.trying.telling import as_lines

NAMED = criterion("named", judge="rules", all_of=[["ada lund", "harbour master"]], none_of=["nobody"])


def ferry(*samples: tuple[str, str, list[str]]) -> Lesson:
    written = [{"answer": answer, "verdict": verdict, "meets": meets} for answer, verdict, meets in samples]
    return lesson(explain(rubric=[NAMED], samples=written))


async def all_played(some: Lesson) -> list[Played]:
    return [each async for each in play(some, samples_of(some), EmbeddedJudge(), parts().phrases)]


def played(*samples: tuple[str, str, list[str]]) -> list[Played]:
    return asyncio.run(all_played(ferry(*samples)))


def told(*samples: tuple[str, str, list[str]]) -> str:
    return "\n".join(as_lines(ferry(*samples), "embedded", played(*samples), own=True))


def test_what_agrees_is_counted_and_not_listed() -> None:
    text = told(("it says Ada Lund", "secure", ["named"]), ("somebody", "not-yet", []))
    assert "2 samples of the lesson" in text
    assert text.splitlines()[3].split() == ["why", "/", "named", "2", "100%", "100%", "0", "0%", "0%"]
    assert "None came out otherwise." in text


def test_what_came_out_otherwise_is_listed_with_the_words_that_decided() -> None:
    text = told(("the harbour master maybe", "not-yet", []), ("Ms Lund", "secure", ["named"]))
    assert "2 came out otherwise." in text
    assert "named: judged met (“harbour master”), labelled not met: the teacher's rules" in text
    assert "named: judged not, labelled met" in text


def test_what_left_the_judge_unsure_is_listed_too() -> None:
    guess = NAMED | {"judge": "both"}
    written = [{"answer": "the harbour master perhaps knows", "verdict": "secure", "meets": ["named"]}]
    some = lesson(explain(rubric=[guess], samples=written))
    text = "\n".join(as_lines(some, "embedded", asyncio.run(all_played(some)), own=True))
    assert "The judge was unsure once." in text
    assert "why / named, labelled met: “the harbour master perhaps knows”" in text


def test_a_misconception_that_is_seen_or_not_otherwise_than_labelled_is_listed() -> None:
    written = [
        {"answer": "it is all made up by Ada Lund", "verdict": "secure", "meets": ["named"]},
        {"answer": "nobody wrote this at all", "verdict": "not-yet", "misconception": "myth"},
    ]
    some = lesson(explain(rubric=[NAMED], misconceptions=[MYTH], samples=written))
    text = "\n".join(as_lines(some, "embedded", asyncio.run(all_played(some)), own=True))
    assert "2 came out otherwise." in text
    assert "misconception myth: seen, labelled otherwise" in text
    assert "misconception myth: not seen, labelled otherwise" in text


@pytest.mark.parametrize(
    ("some", "says"),
    [
        (lesson(explain()), "This lesson has no sample answers yet, so nothing was judged. Write some"),
        (lesson(choose()), "No question of this lesson is answered in learners' own words"),
    ],
)
def test_a_lesson_without_samples_gets_a_sentence_and_no_empty_table(some: Lesson, says: str) -> None:
    [line] = as_lines(some, "embedded", [], own=True)
    assert line.startswith(says)


def test_the_checks_before_judging_alone_make_no_table() -> None:
    text = told(("idk", "off-task", []))
    assert text.splitlines() == [
        "1 sample of the lesson, each judged as if it were new; judge: embedded",
        "",
        "None came out otherwise.",
    ]


def test_what_the_checks_before_judging_catch_is_off_task() -> None:
    idk, question = played(("idk", "off-task", []), ("what is a harbour master?", "partly", ["named"]))
    assert (idk.verdict, idk.caught, idk.agrees) == ("off-task", "not knowing", True)
    assert (question.caught, question.agrees) == ("question", False)
    assert "caught before judging as: question; labelled as meeting named" in told(
        ("what is a harbour master?", "partly", ["named"])
    )


def row(person: bool, judge: Any) -> Row:
    return Row("s", "c", "a", person, judge)


def test_the_figures_are_what_their_names_say() -> None:
    rows = [row(True, "met")] * 6 + [row(False, "met")] + [row(False, "not")] * 3 + [row(True, "partly")] * 2
    found = figures([*rows, row(True, "unsure"), row(False, "not-judged")])
    assert (found.rows, found.unsure) == (14, 2)
    assert found.coverage == pytest.approx(12 / 14)
    assert found.accuracy == pytest.approx(9 / 12)
    assert found.false_met == pytest.approx(1 / 5)
    assert found.missed == pytest.approx(2 / 9)
    assert found.kappa == pytest.approx((9 / 12 - (8 * 7 + 4 * 5) / 144) / (1 - (8 * 7 + 4 * 5) / 144))


def test_figures_that_cannot_be_reckoned_are_none() -> None:
    found = figures([row(True, "unsure")])
    assert (found.accuracy, found.kappa, found.false_met, found.missed) == (None, None, None, 0.0)
    assert figures([]).coverage is None
    assert kappa([]) is None
    assert kappa([(True, True), (True, True)]) == 1.0


LESSON = """\
tutor: 1
title: The ferry
article: {title: Ferry to close, licence: CC0-1.0, text: "The ferry closes in May, says harbour master Ada Lund."}
steps:
- id: why
  do: explain
  at: p1
  ask: Who is named?
  rubric:
  - {id: named, idea: It names Ada Lund, judge: rules, all_of: [[ada]], hint: SPILL}
  samples:
  - {answer: "ada, who works there", verdict: secure, meets: [named]}
  - {answer: the mayor, verdict: not-yet}
"""


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    path = tmp_path / "ferry.yaml"
    path.write_text(LESSON.replace("SPILL", "Which name stands there?"))
    return path


def test_the_command_says_that_all_is_well(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["try", str(file)]) == 0
    text = capsys.readouterr().out
    assert "None came out otherwise." in text
    assert "Each path ends, and nothing is told too early." in text


def test_the_command_fails_where_a_sample_comes_out_otherwise(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file.write_text(file.read_text().replace("the mayor", "the mayor of Adahill or ada"))
    assert main(["try", str(file)]) == 1
    assert "1 came out otherwise." in capsys.readouterr().out


def test_the_command_fails_where_a_hint_tells_too_early(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file.write_text(LESSON.replace("SPILL", "Is it about a named mayor?").replace("names Ada Lund", "is about a mayor"))
    assert main(["try", str(file)]) == 1
    text = capsys.readouterr().out
    assert "why: The tutor says too much, before the answer is told: “mayor” in “Is it about a named mayor?”" in text
    assert "Say it in other words" in text


def test_for_programs_it_is_one_object(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["try", str(file), "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert set(found) == {"lesson", "judge", "counts", "all", "criteria", "answers", "walks"}
    assert found["counts"] == {"answers": 2, "caught": 0, "otherwise": 0}
    assert [each["criterion"] for each in found["criteria"]] == ["named"]
    assert found["answers"][0]["criteria"][0] == {
        "criterion": "named", "label": True, "judge": "met", "words": ["ada"], "ground": "the teacher's rules",
    }  # fmt: skip
    assert found["walks"]["faults"] == []


def test_answers_of_pupils_are_tried_from_a_file(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    table = file.parent / "answers.csv"
    table.write_text("step,answer,meets\nwhy,ada lund,named\nwhy,no idea about this one really,\n")
    assert main(["try", str(file), "--answers", str(table), "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["counts"]["answers"] == 2
    assert found["walks"] is None


def test_the_command_fails_where_the_model_that_should_judge_cannot_be_asked(
    file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = file.read_text().replace(", judge: rules, all_of: [[ada]]", "")
    file.write_text(text.replace("hint: Which name stands there?", "hint: Which name stands there?, tell: Ada Lund"))
    with nobody() as address:
        assert main(["try", str(file), "--judge", "both", "--model", "x", "--base-url", address]) == 1
    assert "2 answers had to be judged without the model:" in capsys.readouterr().out


def test_a_judge_that_is_not_configured_is_said_in_a_sentence(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["try", str(file), "--judge", "both"]) == 1
    assert "needs a model" in capsys.readouterr().err
