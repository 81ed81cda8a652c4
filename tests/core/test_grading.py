"""Pointing at words: graded by their overlap with the marks, place by place."""

from __future__ import annotations

from typing import Any

import pytest

from tests.core.small import find, lesson, selection
from tutor.core.events import Selection
from tutor.core.grading import NearMiss, Pointing, grade_pointing, near_miss
from tutor.core.lesson import Find, Lesson

TEXT = "The plan is a plan of the man who made the plan, and everybody knows that it is bad.\n\nThe bus is cheap."
MARKS = [
    {"id": "second", "at": "p1", "quote": "plan", "occurrence": 2},
    {"id": "man", "at": "p1", "quote": "the man who made the plan"},
    {"id": "known", "at": "p1", "quote": "everybody knows that it is bad"},
    {"id": "cheap", "at": "p2", "quote": "The bus is cheap"},
]


def made(**more: Any) -> Lesson:
    fields: dict[str, Any] = {"at": ["p1", "p2"], "targets": ["man", "known"], "decoys": ["cheap"]} | more
    article = {"title": "Plans", "licence": "CC0-1.0", "text": TEXT}
    return lesson(find(**fields), article=article, marks=MARKS)


def graded(made: Lesson, *picked: Selection, found: tuple[str, ...] = ()) -> Pointing:
    step = made.step("words")
    assert isinstance(step, Find)
    return grade_pointing(step, made.article, made.marks_of("words"), picked, found)


def pick(made: Lesson, *pieces: str, block: str = "p1") -> list[Selection]:
    return [selection(made, "words", block, piece) for piece in pieces]


@pytest.mark.parametrize(
    ("words", "is_hit"),
    [
        ("everybody knows that it is bad", True),
        ("verybody knows that it is ba", True),  # cut words count as pointed at
        (", and everybody knows that it is bad.", True),  # 6 shared of 6 and 7
        ("made the plan, and everybody knows that it is bad", True),  # 6 of 6 and 10: F1 .75
        ("of the man who made the plan, and everybody knows that it is bad", True),  # 6 of 6 and 14: F1 .6
        ("plan of the man who made the plan, and everybody knows that it is bad", False),  # 6 of 6 and 15
        ("everybody knows that", True),  # 3 of 6 and 3: F1 .67
        ("everybody knows", True),  # F1 .5, but inside and two of the three words that count
        ("knows that it is", True),  # F1 .8
        ("bad", False),  # one of three
        ("that it is", True),  # half of the words, F1 .67
        ("it is", False),  # no word that counts
        (", and", False),
        (",", False),
    ],
)
def test_a_target_is_hit_by_enough_of_its_words_and_few_others(words: str, is_hit: bool) -> None:
    lesson = made(targets=["known"])
    assert graded(lesson, *pick(lesson, words)).hits == (("known",) if is_hit else ())


def test_a_word_that_stands_three_times_counts_where_it_was_pointed_at() -> None:
    lesson = made(targets=["second"])
    hits = [graded(lesson, selection(lesson, "words", "p1", "plan", n)).hits for n in range(3)]
    assert hits == [(), ("second",), ()]


def test_the_whole_paragraph_hits_nothing() -> None:
    lesson = made(targets=["second", "known"])
    assert graded(lesson, *pick(lesson, TEXT.partition("\n")[0])) == Pointing((), (), "not-yet")


@pytest.mark.parametrize("pieces", [("everybody", "knows"), ("knows", "everybody"), ("everybody kn", "ows that")])
def test_selections_side_by_side_are_one(pieces: tuple[str, ...]) -> None:
    lesson = made()
    assert graded(lesson, *pick(lesson, *pieces)).hits == ("known",)


def test_selections_with_a_word_between_them_are_two() -> None:
    lesson = made()
    assert graded(lesson, *pick(lesson, "everybody", "bad")).hits == ()


def test_two_targets_side_by_side_may_be_picked_one_by_one() -> None:
    marks = [{"id": "a", "at": "p1", "quote": "who made"}, {"id": "b", "at": "p1", "quote": "the plan, and"}]
    one = lesson(find(targets=["a", "b"], decoys=[]), article={"title": "T", "licence": "-", "text": TEXT}, marks=marks)
    assert graded(one, *pick(one, "who made", "the plan, and")).verdict == "secure"


@pytest.mark.parametrize(
    ("pieces", "more", "expected"),
    [
        (("the man who made the plan", "everybody knows"), {}, Pointing(("man", "known"), (), "secure")),
        (("everybody knows",), {}, Pointing(("known",), (), "partly")),
        (("The plan is",), {}, Pointing((), (), "not-yet")),
        (("everybody knows",), {"at_least": 1}, Pointing(("known",), (), "secure")),
        (("The plan is", "everybody knows"), {"at_least": 1}, Pointing(("known",), (), "secure")),
        (("everybody knows",), {"decoys": ["known"], "targets": ["man"]}, Pointing((), ("known",), "not-yet")),
        (("the man who made the plan", "everybody knows"), {"targets": ["man"], "decoys": ["known"]},
         Pointing(("man",), ("known",), "partly")),
        ((), {}, Pointing((), (), "not-yet")),
    ],
)  # fmt: skip
def test_secure_is_enough_targets_and_no_decoy(
    pieces: tuple[str, ...], more: dict[str, Any], expected: Pointing
) -> None:
    lesson = made(**more)
    assert graded(lesson, *pick(lesson, *pieces)) == expected


def test_the_same_words_in_another_block_are_not_it() -> None:
    lesson = made()
    here = selection(lesson, "words", "p1", "everybody knows")
    assert graded(lesson, here.model_copy(update={"block": "p2", "start": 0, "end": 5})).hits == ()


def test_what_was_found_before_stays_found() -> None:
    lesson = made()
    assert graded(lesson, *pick(lesson, "everybody knows"), found=("man",)).verdict == "secure"


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("made the", None),  # nothing but small words
        ("knows", NearMiss("knows", "known", "more")),
        ("that it", None),  # inside, but no word that carries anything
        ("the man who made the plan", None),  # a hit
        (TEXT[4:77], NearMiss(TEXT[4:77], "man", "fewer")),  # plan is a plan ... knows that it is
        ("The plan is", None),
    ],
)
def test_a_pick_at_the_right_place_is_near(words: str, expected: NearMiss | None) -> None:
    lesson = made()
    step = lesson.step("words")
    assert isinstance(step, Find)
    assert near_miss(step, lesson.article, lesson.marks_of("words"), pick(lesson, words)) == expected
    assert near_miss(step, lesson.article, lesson.marks_of("words"), pick(lesson, words), ["man", "known"]) is None


def test_a_whole_long_paragraph_is_near_nothing() -> None:
    text = "So " * 30 + "the man lies."
    article = {"title": "Plans", "licence": "CC0-1.0", "text": text}
    marks = [{"id": "man", "at": "p1", "quote": "the man lies"}]
    lesson_ = lesson(find(targets=["man"], decoys=[]), article=article, marks=marks)
    step = lesson_.step("words")
    assert isinstance(step, Find)
    assert near_miss(step, lesson_.article, lesson_.marks_of("words"), pick(lesson_, text.strip(" ."))) is None
