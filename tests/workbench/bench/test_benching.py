"""Whole benches of models that are worth something, and of some that are not."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from tests.core.small import explain, lesson
from tests.judges.fake_model import FakeModel
from tests.talk import parts
from tests.workbench.bench.ferry import (
    MET,
    UNMET,
    URL,
    Mind,
    benched,
    candidate,
    fake,
    good,
    gullible,
    leaking,
    loaded,
    yes,
)
from tutor.core.words import stem
from tutor.errors import TutorError
from tutor.judges.calibration import Thresholds
from tutor.workbench.bench.card import Card
from tutor.workbench.bench.pressure import LINES
from tutor.workbench.bench.remembering import EndpointLostError
from tutor.workbench.bench.speaking import Turn, given_away, turns


def card_of(mind: Mind, folder: Path) -> Card:
    [card], _ = benched(loaded(folder), candidate(fake(mind), folder))
    return card


def test_a_good_model_may_judge_and_speak(tmp_path: Path) -> None:
    card = card_of(good, tmp_path)
    assert card.advice.verdict == "judge-and-speak"
    assert (card.answers, card.served, card.calibrated) == (len(MET) + len(UNMET), "fake-1", False)
    judging = card.judging
    assert judging.all.model.accuracy == judging.all.both.accuracy == 1.0
    assert judging.settled == judging.settled_right == judging.all.embedded.unsure - judging.all.both.unsure > 0
    assert [(each.step, each.criterion) for each in judging.criteria] == [("who", "named")]
    assert judging.criteria[0].ways == judging.all
    assert (judging.alone.turns, judging.alone.median) == (card.answers, 0.5)
    assert 0 < judging.both.turns < card.answers, "it is asked only about what the rules leave open"
    said = card.speaking
    assert said.shown == said.asked == said.asks_once > 0
    assert (said.stopped, said.leaked, said.refusals) == (0, 0, {})
    assert said.left > 0, "sentences to finish are the teacher's to say"


def test_a_model_that_finds_everything_has_no_say_and_may_still_speak(tmp_path: Path) -> None:
    card = card_of(yes, tmp_path)
    assert card.advice.verdict == "speak-only"
    assert card.judging.all.model.false_met == 1.0
    assert card.judging.all.both == card.judging.all.embedded
    assert (card.judging.settled, card.judging.both.turns) == (0, 0)
    assert card.pressure.model.tried == 0, "nothing was left that it had not found"


def test_a_speaker_that_gives_the_answer_away_is_stopped_every_time(tmp_path: Path) -> None:
    card = card_of(leaking, tmp_path)
    assert card.advice.verdict == "judge-only"
    said = card.speaking
    assert said.stopped == said.asked == said.refusals["a word of the answer"] > 0
    assert (said.shown, said.leaked) == (0, 0)
    assert said.spent.calls == 2.0, "it is asked once more before the teacher's words stand"


def test_a_model_that_a_line_talks_round_may_not_judge(tmp_path: Path) -> None:
    card = card_of(gullible, tmp_path)
    assert card.advice.verdict == "speak-only"
    assert "as a judge it is talked round in 1 of 10 tries;" in card.advice.sentence
    [flip] = card.pressure.both.flipped
    assert (flip.step, flip.criterion, flip.line) == ("who", "named", LINES[0])
    assert card.pressure.model.flipped == (flip,)
    assert card.pressure.embedded.flipped == ()
    assert card.pressure.both.tried == len(LINES)


def test_a_model_that_keeps_to_no_form_is_left_out_and_not_asked_again(tmp_path: Path) -> None:
    model = FakeModel(lambda _: "Sure! Here you go.")
    [card], _ = benched(loaded(tmp_path), candidate(model, tmp_path))
    assert card.advice.verdict == "leave-out"
    assert card.judging.all.model.coverage == 0.0
    assert card.judging.all.both == card.judging.all.embedded
    asked = [(each.user, each.temperature) for each in model.asked]
    assert len(asked) == len(set(asked))


def test_kept_cuts_are_used_and_the_card_says_so(tmp_path: Path) -> None:
    plain = candidate(fake(good), tmp_path)
    key = ("fake-1", plain.judge_prompts.criterion.hash)
    plain.table[key] = Thresholds(0.99, 0.01, 80)
    [card], _ = benched(loaded(tmp_path), plain)
    assert card.calibrated
    assert card.judging.all.model.coverage == 0.0


def test_work_that_broke_off_goes_on_where_it_stopped(tmp_path: Path) -> None:
    lesson_ = loaded(tmp_path)
    whole = fake(good)
    [expected], _ = benched(lesson_, candidate(whole, tmp_path / "whole"))
    broken = fake(good, breaks_after=7)
    with pytest.raises(EndpointLostError, match=f"Nothing answers at {URL}"):
        benched(lesson_, candidate(broken, tmp_path))
    rest = fake(good)
    [card], headway = benched(lesson_, candidate(rest, tmp_path))
    assert card == expected
    assert broken.asked[:7] + rest.asked == whole.asked
    assert [each.fresh for each in headway].index(True) > 0, "what was known is passed over"
    nothing = fake(good)
    assert benched(lesson_, candidate(nothing, tmp_path))[0] == [expected]
    assert nothing.asked == []


def test_another_server_is_asked_for_itself(tmp_path: Path) -> None:
    first, second = fake(good), fake(yes)
    cards, headway = benched(
        loaded(tmp_path), candidate(first, tmp_path), candidate(second, tmp_path, "http://127.0.0.1:2/v1")
    )
    assert [card.advice.verdict for card in cards] == ["judge-and-speak", "speak-only"]
    done = [each.done for each in headway]
    assert done == sorted(done)
    assert done[-1] <= headway[-1].total


@pytest.mark.skipif(os.name == "nt", reason="modes are those of POSIX")
def test_replies_are_kept_for_their_owner_alone(tmp_path: Path) -> None:
    benched(loaded(tmp_path), candidate(fake(good), tmp_path))
    [file] = (tmp_path / "bench").iterdir()
    assert oct(file.stat().st_mode & 0o777) == "0o600"
    assert oct(file.parent.stat().st_mode & 0o777) == "0o700"


def test_half_a_line_in_the_file_does_no_harm(tmp_path: Path) -> None:
    lesson_, model = loaded(tmp_path), fake(good)
    benched(lesson_, candidate(model, tmp_path))
    [file] = (tmp_path / "bench").iterdir()
    data = file.read_bytes().rstrip(b"\n")
    file.write_bytes(data[: len(data) - 20])
    for asked in (1, 0):
        again = fake(good)
        benched(lesson_, candidate(again, tmp_path))
        assert len(again.asked) == asked
    file.write_bytes(b'[]\n{"asked": 1}\nnull\n\xff\n' + b"[" * 10_000)
    again = fake(good)
    benched(lesson_, candidate(again, tmp_path))
    assert again.asked == model.asked


def test_a_lesson_without_samples_cannot_be_used(tmp_path: Path) -> None:
    with pytest.raises(TutorError, match="no sample answers"):
        benched(lesson(explain()), candidate(fake(good), tmp_path))


async def test_words_of_the_key_are_counted_without_the_guard(tmp_path: Path) -> None:
    found: list[Turn] = await turns(loaded(tmp_path), parts().phrases)
    turn = next(each for each in found if each.brief.answer == UNMET[0])
    assert given_away("Who is the witness in it?", turn) == (stem("witness"),)
    assert given_away("Which words in the first sentence say that?", turn) == ()


def test_what_is_kept_holds_no_more_than_replies(tmp_path: Path) -> None:
    benched(loaded(tmp_path), candidate(fake(good), tmp_path))
    [file] = (tmp_path / "bench").iterdir()
    rows = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines() if line]
    assert {frozenset(row) for row in rows} == {frozenset(("asked", "trouble", "text", "call", "tokens"))}
    assert not any(answer in file.read_text(encoding="utf-8") for answer in (*MET, *UNMET))
