"""Scripted learners go down every path: what they find at faulty lessons."""

from __future__ import annotations

import asyncio
from itertools import pairwise
from typing import Any

import pytest

from tests.core.small import choose, criterion, explain, find, lesson, real_parts
from tests.talk import shipped
from tutor.core.lesson import Lesson
from tutor.resources import lessons_dir
from tutor.workbench.trying import walking
from tutor.workbench.trying.walking import Walks, walk


def walks(some: Lesson) -> Walks:
    return asyncio.run(walk(some, real_parts()))


def kinds(some: Lesson) -> list[tuple[str, str]]:
    return sorted({(each.kind, each.step) for each in walks(some).faults})


def branch(name: str, **following: Any) -> dict[str, Any]:
    return choose(name, next=following)


def test_a_lesson_in_order_has_no_fault_and_every_way_is_gone() -> None:
    samples = [{"answer": "Ada Lund", "verdict": "secure", "meets": ["a"]}]
    found = walks(lesson(choose(), find(), explain(samples=samples), exit_steps=[choose("last")]))
    assert found.faults == ()
    # stuck and hints at each step; three options, four ways to point, one sample; no hints in the exit ticket
    assert found.conversations == 2 * 3 + 1 + 3 + 4 + 1 + 3
    assert found.edges == {("who", "words"), ("words", "why"), ("why", "last"), ("last", None)}


def test_both_sides_of_a_branch_are_gone() -> None:
    found = walks(lesson(branch("a", secure="c"), choose("b"), choose("c")))
    assert found.faults == ()
    assert {("a", "b"), ("a", "c"), ("b", "c"), ("c", None)} == found.edges


def test_a_step_that_nobody_comes_to_is_found() -> None:
    assert kinds(lesson(branch("a", secure="c", partly="c", stuck="c"), choose("b"), choose("c"))) == [
        ("unreached", "b")
    ]


def test_going_in_circles_is_found() -> None:
    assert kinds(lesson(choose("a"), branch("b", stuck="a"), choose("c"))) == [("in-circles", "a")]


def test_only_the_circle_itself_is_told() -> None:
    [fault] = walks(lesson(choose("a"), choose("b"), branch("c", stuck="b"), choose("d"))).faults
    assert "round in a circle: b > c > b." in fault.sentence


def test_a_lesson_of_thousands_of_steps_is_followed_to_its_end() -> None:
    names = [f"s{number:04}" for number in range(3_000)]
    some = lesson(*map(choose, names))
    edges = {*pairwise(names), (names[-1], names[0])}
    [fault] = walking._route_faults(some, edges)
    assert (fault.kind, fault.step) == ("in-circles", names[0])


def test_a_step_that_does_not_end_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(walking, "_MOST_TURNS", 2)
    found = walks(lesson(explain("long"), choose("short")))
    assert ("endless", "long") in {(each.kind, each.step) for each in found.faults}
    assert "After 2 turns this learner is still at the same step." in {each.sentence for each in found.faults}


@pytest.mark.parametrize(
    ("rung", "way"), [("hint", "hints"), ("prompt", "hints"), ("probe", "writes")], ids=["hint", "prompt", "probe"]
)
def test_a_word_of_the_answer_before_the_last_rung_is_found(rung: str, way: str) -> None:
    told = {"idea": "The captain was bribed", "tell": "The captain was bribed", rung: "Was somebody bribed?"}
    # Rules and samples that disagree make the judge unsure, and so the tutor probes.
    samples = [{"answer": "the captain took money", "verdict": "secure", "meets": ["a"]}]
    faults = walks(lesson(explain(rubric=[criterion("a", all_of=[["purse"]]) | told], samples=samples))).faults
    assert {each.kind for each in faults} == {"told-early"}
    assert any(way in each.way for each in faults)
    assert all("Was somebody bribed?" in each.sentence for each in faults)


@pytest.mark.parametrize("name", sorted(file.parent.name for file in lessons_dir().glob("*/lesson.yaml")))
def test_the_shipped_lessons_are_in_order(name: str) -> None:
    found = walks(shipped(name))
    assert found.faults == ()
    assert found.conversations > 100
