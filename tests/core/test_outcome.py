"""What a session came to: alone, with help, told; discernment from first tries; confidence against result."""

from __future__ import annotations

from typing import Any

import pytest

from tests.core.small import Talk, choose, explain, find, lesson
from tutor.core.outcome import Calibration, Count, Discernment, Idea, Outcome, Progress, outcome, part_outcome, progress


def come_to(talk: Talk) -> Outcome:
    return outcome(talk.lesson, talk.conversation.session)


def how(*lines: str, **fields: Any) -> dict[str | None, str]:
    """How each idea of one step of free text was come to."""
    talk = Talk(lesson(explain(**fields)))
    for line in lines:
        talk.take(line)
    return {idea.criterion: idea.how for idea in come_to(talk).ideas}


@pytest.mark.parametrize(
    ("lines", "rubric", "expected"),
    [
        (["a:met"], "a", {"a": "alone"}),
        (["a:unsure", "a:met"], "a", {"a": "alone"}),
        (["no match", "a:met"], "a", {"a": "helped"}),
        (["/hint", "a:met"], "a", {"a": "helped"}),
        (["idk", "a:met"], "a", {"a": "helped"}),
        (["myth", "a:met"], "a", {"a": "helped"}),
        (["no match", "a:met", "b:met"], "a b", {"a": "helped", "b": "helped"}),
        (["b:met", "a:met"], "a b", {"a": "helped", "b": "alone"}),
        (["a:met", "/stuck", "/stuck"], "a b", {"a": "alone", "b": "told"}),
        (["a:unsure", "/stuck", "/stuck", "/no"], "a b", {"a": "self-checked", "b": "told"}),
        (["a:unsure", "/stuck", "/stuck", "/yes"], "a", {"a": "self-checked"}),
        (["a:met"], "a (o)", {"a": "alone"}),
        (["a:met o:met"], "a (o)", {"a": "alone", "o": "alone"}),
        (["no match"], "a", {"a": "open"}),
    ],
)
def test_how_an_idea_of_free_text_was_come_to(lines: list[str], rubric: str, expected: dict[str, str]) -> None:
    assert how(*lines, rubric=rubric, misconceptions=["myth"]) == expected


@pytest.mark.parametrize(
    ("step", "lines", "expected"),
    [
        (choose(), ["0"], "alone"),
        (choose(), ["1", "0"], "helped"),
        (choose(), ["/hint", "0"], "helped"),
        (choose(tries=1), ["1"], "told"),
        (choose(), ["/stuck", "/stuck"], "told"),
        (choose(), ["1"], "open"),
        (find(), ["a stupid plan / everybody knows it"], "alone"),
        (find(), ["a stupid plan", "everybody knows it"], "helped"),
        (find(tries=1), ["a stupid plan"], "told"),
    ],
)
def test_how_a_step_without_free_text_was_come_to(step: dict[str, Any], lines: list[str], expected: str) -> None:
    talk = Talk(lesson(step))
    for line in lines:
        talk.take(line)
    assert [idea.how for idea in come_to(talk).ideas] == [expected]


def test_what_is_counted_part_by_part() -> None:
    talk = Talk(
        lesson(choose(part="One"), explain(rubric="a b (o)", part="Two", tries=1), explain("last")), first="0\n/on"
    )
    talk.take("a:met o:met b:unsure")
    talk.take("/stuck")
    talk.take("/stuck")
    talk.take("/no")
    assert come_to(talk).count == Count(alone=3, helped=0, told=1)
    assert part_outcome(talk.lesson, talk.conversation.session, "One") == Count(alone=1)
    assert part_outcome(talk.lesson, talk.conversation.session, "Two") == Count(alone=2, told=1)
    assert Idea("why", "a", "The idea-a.", "alone", ("a:met",)) in come_to(talk).ideas


def test_the_exit_ticket_counts_when_it_has_been_reviewed() -> None:
    talk = Talk(lesson(choose(), exit_steps=[choose("c"), explain("e", "a b c")]), first="0\n1\na:met b:unsure")
    talk.take("/yes")
    hows = {(idea.step, idea.criterion): idea.how for idea in come_to(talk).ideas}
    assert hows == {
        ("who", None): "alone",
        ("c", None): "told",
        ("e", "a"): "alone",
        ("e", "b"): "self-checked",
        ("e", "c"): "told",
    }


@pytest.mark.parametrize(
    ("first", "expected"),
    [
        # two shaky targets; the decoy is the one sound mark of the paragraph
        ("a stupid plan / everybody knows it", Discernment(caught=2, shaky=2, kept=1, sound=1)),
        ("a stupid plan", Discernment(caught=1, shaky=2, kept=1, sound=1)),
        ("a stupid plan / everybody knows it / says harbour master Ada Lund", Discernment(2, 2, 0, 1)),
        ("says harbour / master", Discernment(0, 2, 0, 1)),
        ("The ferry", Discernment(caught=0, shaky=2, kept=1, sound=1)),
    ],
)
def test_discernment_tells_caring_from_suspecting(first: str, expected: Discernment) -> None:
    assert come_to(Talk(lesson(find()), first=first)).discernment == expected


def test_only_the_first_try_tells_discernment() -> None:
    talk = Talk(lesson(find()), first="says harbour master Ada Lund\na stupid plan / everybody knows it")
    assert come_to(talk).discernment == Discernment(caught=0, shaky=2, kept=0, sound=1)


@pytest.mark.parametrize(
    ("first", "caught"),
    [("a stupid plan", 1), ("a stupid plan / everybody knows it", 1), ("says harbour master Ada Lund", 0)],
)
def test_who_finds_as_many_as_were_asked_for_has_let_none_pass(first: str, caught: int) -> None:
    seen = come_to(Talk(lesson(find(at_least=1)), first=first)).discernment
    assert (seen.caught, seen.shaky) == (caught, 1)


@pytest.mark.parametrize(("at_least", "caught", "shaky"), [(1, 0, 0), (2, 1, 1), (3, 1, 2)])
def test_sound_targets_are_no_shaky_ones_that_were_missed(at_least: int, caught: int, shaky: int) -> None:
    step = find(targets=["stupid", "everybody", "says"], decoys=[], at_least=at_least)
    seen = come_to(Talk(lesson(step), first="a stupid plan / says harbour master Ada Lund")).discernment
    assert (seen.caught, seen.shaky) == (caught, shaky)


def test_sound_marks_count_where_the_step_looks_whether_or_not_they_are_decoys() -> None:
    talk = Talk(lesson(find(at=["p1", "p2"], decoys=[])), first="a stupid plan")
    assert come_to(talk).discernment == Discernment(caught=1, shaky=2, kept=2, sound=2)


def test_a_step_that_was_skipped_says_nothing_about_discernment() -> None:
    assert come_to(Talk(lesson(find()), first="/stuck\n/stuck")).discernment == Discernment()


def test_choosing_about_a_sound_passage_counts_as_keeping_it() -> None:
    weighs = choose(marks=["says"], skills=["discernment.sound"])
    right, wrong = (Talk(lesson(weighs), first=line) for line in "01")
    assert come_to(right).discernment == Discernment(kept=1, sound=1)
    assert come_to(wrong).discernment == Discernment(kept=0, sound=1)
    mixed = choose(marks=["says", "never"], skills=["discernment.sound"])
    other = choose(marks=["says"], skills=["attribution.source"])
    assert come_to(Talk(lesson(mixed), first="1")).discernment == Discernment()
    assert come_to(Talk(lesson(other), first="1")).discernment == Discernment()


def test_confidence_is_held_against_the_first_answers() -> None:
    steps = [choose(name, confidence=True) for name in "abcd"]
    talk = Talk(lesson(*steps, choose("e")))
    for line in ("0", "/sure 4", "1", "/sure 4", "0", "1", "/sure 1", "0", "/stuck", "/stuck", "0"):
        talk.take(line)
    assert come_to(talk).calibration == (Calibration(1, answers=1, secure=0), Calibration(4, answers=2, secure=1))


def test_an_answer_that_was_not_decided_says_nothing_about_confidence() -> None:
    talk = Talk(lesson(explain(confidence=True)), first="a:unsure\n/sure 4")
    assert come_to(talk).calibration == ()


@pytest.mark.parametrize(
    ("lines", "done"),
    [([], 0), (["1"], 0), (["0"], 1), (["0", "0"], 2), (["0", "0", "0"], 4)],
)
def test_progress_counts_closed_steps_and_is_whole_at_the_end(lines: list[str], done: int) -> None:
    made = lesson(choose("a"), choose("b", next={"secure": "d"}), choose("c"), choose("d"))
    talk = Talk(made)
    for line in lines:
        talk.take(line)
    assert progress(made, talk.conversation.session, finished=False) == Progress(done, 4, finished=False)


def test_progress_counts_the_steps_of_the_walk_as_the_lesson_numbers_them() -> None:
    talk = Talk(lesson(choose(), exit_steps=[choose("c"), choose("d")]), first="0\n0")
    assert progress(talk.lesson, talk.conversation.session, finished=False) == Progress(1, 1, finished=False)
