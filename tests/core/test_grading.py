"""Pointing at words: graded by their overlap with the marks, place by place."""

from __future__ import annotations

from typing import Any

import pytest

from tests.core.small import find, lesson, selection
from tutor.core.events import Selection
from tutor.core.grading import NearMiss, Pointing, grade_pointing, left_to_name, near_miss
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


def test_of_a_whole_long_paragraph_around_a_target_far_fewer_words_are_wanted() -> None:
    text = "So " * 30 + "the man lies. " + "And " * 30 + "he smiles."
    article = {"title": "Plans", "licence": "CC0-1.0", "text": text}
    marks = [{"id": "man", "at": "p1", "quote": "the man lies"}]
    one = lesson(find(targets=["man"], decoys=[]), article=article, marks=marks)
    assert wanted(one, text.strip(" .")) == ("man", "far fewer")
    assert wanted(one, "And " * 29 + "And he smiles") is None


SHOP = (
    "The lamp costs 59 euros. According to its box, it weighs 190 grams and shines for 30 hours on two batteries, the "
    "maker tells everybody who asks. It is a true marvel of design and it is sold in every shop."
)
SHOP_MARKS = [
    {"id": "box", "at": "p1", "quote": "According to its box, it weighs 190 grams and shines for 30 hours"},
    {"id": "weight", "at": "p1", "quote": "weighs 190 grams"},
    {"id": "hours", "at": "p1", "quote": "shines for 30 hours"},
    {"id": "maker", "at": "p1", "quote": "the maker tells everybody"},
    {"id": "marvel", "at": "p1", "quote": "a true marvel of design"},
]


def shop(**more: Any) -> Lesson:
    fields = {"targets": ["box", "weight", "hours"], "decoys": ["maker", "marvel"]} | more
    return lesson(find(**fields), article={"title": "Lamp", "licence": "-", "text": SHOP}, marks=SHOP_MARKS)


def wanted(made: Lesson, *pieces: str, found: tuple[str, ...] = ()) -> tuple[str, str] | None:
    """The target that the picks are near, and which words would hit it."""
    step = made.step("words")
    assert isinstance(step, Find)
    near = near_miss(step, made.article, made.marks_of("words"), pick(made, *pieces), found)
    return (near.target, near.wants) if near else None


@pytest.mark.parametrize(
    ("pieces", "found", "expected"),
    [
        (("shines for 30 hours",), (), None),  # it counts: no near miss of the passage around it
        (("shines for 30 hours",), ("hours",), None),
        (("shines for 30", "hours on two"), (), None),  # together they count
        (("30",), ("hours",), None),  # within what was found
        (("30",), (), ("hours", "more")),  # of two around it, the one that it is most like
        (("its box",), ("hours",), ("box", "more")),
    ],
)
def test_what_counts_is_never_near_the_passage_around_it(
    pieces: tuple[str, ...], found: tuple[str, ...], expected: tuple[str, str] | None
) -> None:
    assert wanted(shop(), *pieces, found=found) == expected


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("30 hours on two", None),  # half of the pick, half of the target: not most of either
        ("hours on two batteries", None),  # one of four
        ("59 euros. According to its box, it weighs", ("box", "other")),  # five of seven
        ("The lamp costs 59 euros. According to", None),  # most of it is elsewhere
    ],
)
def test_a_pick_with_too_much_on_one_side_is_near_where_most_of_the_shorter_is_shared(
    words: str, expected: tuple[str, str] | None
) -> None:
    assert wanted(shop(targets=["hours", "box"]), words) == expected


def test_small_words_alone_are_not_near() -> None:
    text = "It is of the man, and it is bad."
    article = {"title": "Plans", "licence": "-", "text": text}
    one = lesson(
        find(targets=["it"], decoys=[]), article=article, marks=[{"id": "it", "at": "p1", "quote": "and it is bad"}]
    )
    assert wanted(one, "man, and it is") is None
    assert wanted(one, "it is bad") is None  # a hit


@pytest.mark.parametrize(
    ("words", "targets"),
    [
        ("the maker tells everybody who asks", ["hours"]),
        ("a true marvel of design and it", ["hours"]),
    ],
)
def test_who_picks_a_decoy_is_near_nothing(words: str, targets: list[str]) -> None:
    assert wanted(shop(targets=targets), words) is None


def test_who_has_more_of_a_decoy_than_of_the_target_is_not_near_it() -> None:
    text = "He runs a long way home every day, they say, and it rains."
    marks = [{"id": "way", "at": "p1", "quote": "a long way home"},
             {"id": "say", "at": "p1", "quote": "every day, they say, and it rains"}]  # fmt: skip
    article = {"title": "Home", "licence": "-", "text": text}
    one = lesson(find(targets=["way"], decoys=["say"]), article=article, marks=marks)
    none = lesson(find(targets=["way"], decoys=[]), article=article, marks=marks)
    words = "long way home every day, they say"
    assert (wanted(none, words), wanted(one, words)) == (("way", "other"), None)


@pytest.mark.parametrize(
    ("found", "named"),
    [
        ((), ("box",)),
        (("weight",), ("hours",)),  # the passage around it is as good as found
        (("box",), ("weight", "hours")),  # nothing else is left
        (("weight", "hours"), ("box",)),
        (("box", "weight", "hours"), ()),
    ],
)
def test_of_targets_within_one_another_the_longest_is_named_and_none_around_what_was_found(
    found: tuple[str, ...], named: tuple[str, ...]
) -> None:
    made = shop()
    assert left_to_name(made.article, made.marks_of("words"), ("box", "weight", "hours"), found) == named
