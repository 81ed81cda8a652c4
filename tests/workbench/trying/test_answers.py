"""Answers from a file: read from YAML and from spreadsheets, and refused with a place where they do not fit."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.core.small import MYTH, choose, criterion, explain, lesson
from tutor.errors import LessonError
from tutor.workbench.trying.answers import read_answers, samples_of

LESSON = lesson(explain(rubric=[criterion("a"), criterion("b")], misconceptions=[MYTH]))

YAML = """\
- step: why
  answer: It names Ada Lund
  meets: [a]
  verdict: partly
- step: why
  answer: "it is all made up, no?"
  misconception: myth
  verdict: not-yet
  note: written in May
"""
COMMAS = (
    'step,answer,meets,verdict,misconception\nwhy,"It names Ada Lund, twice","a, b",secure,\nwhy,all made up,,,myth\n'
)


def read(
    text: str | bytes, tmp_path: Path, name: str = "answers.yaml"
) -> list[tuple[str, set[str], set[str], str | None]]:
    file = tmp_path / name
    file.write_bytes(text.encode() if isinstance(text, str) else text)
    return [
        (each.answer, set(each.meets), set(each.misconceptions), each.verdict) for each in read_answers(file, LESSON)
    ]


def test_a_yaml_list_is_read(tmp_path: Path) -> None:
    assert read(YAML, tmp_path) == [
        ("It names Ada Lund", {"a"}, set(), "partly"),
        ("it is all made up, no?", set(), {"myth"}, "not-yet"),
    ]


@pytest.mark.parametrize(
    "table",
    [COMMAS, COMMAS.replace("\n", "\r\n"), "\ufeff" + COMMAS, COMMAS.encode("utf-16")],
    ids=["plain", "windows lines", "with a mark", "utf-16"],
)
def test_a_table_of_a_spreadsheet_is_read(table: str | bytes, tmp_path: Path) -> None:
    assert read(table, tmp_path, "answers.csv") == [
        ("It names Ada Lund, twice", {"a", "b"}, set(), "secure"),
        ("all made up", set(), {"myth"}, None),
    ]


def test_semicolons_are_read_too(tmp_path: Path) -> None:
    table = "step;answer;meets\nwhy;It names her, I think;a b\n"
    assert read(table, tmp_path, "answers.CSV") == [("It names her, I think", {"a", "b"}, set(), None)]


def test_tabs_and_capitals_are_read_too(tmp_path: Path) -> None:
    table = "Step\tAnswer\tMeets\nwhy\tIt names her, I think\ta b\n"
    assert read(table.encode("utf-16"), tmp_path, "answers.csv") == [("It names her, I think", {"a", "b"}, set(), None)]


@pytest.mark.parametrize("table", ["Answers of class 7\nstep,answer\nwhy,x\n", "why,x\n"])
def test_a_table_without_column_names_is_told_so_once(table: str, tmp_path: Path) -> None:
    with pytest.raises(LessonError) as caught:
        read(table, tmp_path, "answers.csv")
    (mistake,) = caught.value.mistakes
    assert mistake.message == "this table has no column names"
    assert "step,answer,meets,verdict,misconception" in mistake.hint


def test_a_spreadsheets_own_file_is_to_be_saved_as_csv(tmp_path: Path) -> None:
    with pytest.raises(LessonError, match="Save the table as CSV"):
        read(b"PK\x03\x04rest", tmp_path, "answers.xlsx")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("- step: wy\n  answer: x\n", 'answers.yaml:1:3: no free-text step has this name: "wy". Free-text steps: why.'),
        ("- answer: x\n", "answers.yaml:1:3: no free-text step has this name. Free-text steps: why."),
        ("- step: why\n", "answers.yaml:1:3: there is no answer here"),
        ("- {step: why, answer: x, verdict: good}\n", 'answers.yaml:1:3: this verdict is not known: "good"'),
        ("- {step: why, answer: x, meets: [c]}\n", 'no criterion of this step has this name: "c". There is: a, b.'),
        ("- {step: why, answer: x, misconception: c}\n", 'no misconception of this step has this name: "c"'),
        ("step: why\n", "answers.yaml:1:1: a list of answers is expected here. Begin each with - step: ..."),
        ("[]\n", "answers.yaml:1:1: there is no answer in this file"),
        ("- step: [why\n", "this list is not closed"),
        ("- just text\n", "answers.yaml:1:3: no free-text step has this name"),
    ],
)
def test_what_does_not_fit_is_refused_where_it_stands(text: str, message: str, tmp_path: Path) -> None:
    with pytest.raises(LessonError) as caught:
        read(text, tmp_path)
    assert message in str(caught.value)


def test_every_mistake_of_a_file_is_told_at_once(tmp_path: Path) -> None:
    with pytest.raises(LessonError) as caught:
        read("step,answer,meets\nwy,x,\nwhy,y,c\n", tmp_path, "answers.csv")
    assert [(each.line, each.offending) for each in caught.value.mistakes] == [(2, "wy"), (3, "c")]


@pytest.mark.parametrize("before", ["", "\n\n", 'why,"two\nlines",\n'], ids=["at once", "empty lines", "two lines"])
def test_a_mistake_is_told_with_the_line_in_which_its_answer_begins(before: str, tmp_path: Path) -> None:
    with pytest.raises(LessonError) as caught:
        read(f'step,answer,meets\n{before}wy,"one\nother",\n', tmp_path, "answers.csv")
    assert [each.line for each in caught.value.mistakes] == [2 + before.count("\n")]


def test_what_is_no_csv_is_told_with_the_line_in_which_it_goes_wrong(tmp_path: Path) -> None:
    endless = 'why,"never closed\n' + "why,and so on\n" * 20_000
    with pytest.raises(LessonError) as caught:
        read(f"step,answer,meets\nwhy,fine,a\n\n{endless}", tmp_path, "answers.csv")
    assert str(caught.value).startswith(f"{tmp_path / 'answers.csv'}:4:1: no CSV (field larger than field limit")


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(LessonError, match=r"The answers .*none\.csv"):
        read_answers(tmp_path / "none.csv", LESSON)


def test_a_lesson_without_free_text_says_so(tmp_path: Path) -> None:
    file = tmp_path / "answers.yaml"
    file.write_text("- {step: who, answer: x}\n", encoding="utf-8")
    with pytest.raises(LessonError, match=r"Free-text steps: none in this lesson\."):
        read_answers(file, lesson(choose()))


def test_the_samples_of_a_lesson_are_answers_that_no_judge_may_know() -> None:
    samples = [{"answer": "Ada Lund", "verdict": "secure", "meets": ["a"]}]
    (found,) = samples_of(lesson(explain(samples=samples)))
    assert (found.step, found.answer, found.verdict) == ("why", "Ada Lund", "secure")
    assert found.meets == {"a"}
    assert found.sample is not None
