"""The guard: what another speaker than the teacher may say before the ladder has ended."""

from __future__ import annotations

from dataclasses import replace
from typing import get_args

import pytest

from tutor.core.guard import Breach, Secret, asks, breaches, leaks, questions
from tutor.core.readability import fog, syllables

SECRET = Secret(
    key=("The harbour master speaks for the port.", "It is Ada Lund who speaks for the port."),
    seen=("The ferry closes in May, says Ada Lund.", "Who says so?"),
    never=("spokes*", "press office"),
)
HEARD = replace(
    SECRET,
    ask="Who says that the ferry closes?",
    answer="somebody in the paper",
    help="Look at the end of the sentence. Which name stands there?",
    ages=(12, 15),
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Which words in this sentence name a person?", []),
        ("Ada Lund is in it; what does the sentence say about her?", []),
        ("Look once more at the end of it!", ["not one question"]),
        ("Who is it? What does she do here?", ["not one question"]),
        ("Who is it？ What does she do here?", ["not one question"]),  # noqa: RUF001
        ("Who is it that says so? Look again.", ["not one question"]),
        ("Who says it?", ["too short"]),
        ("Who " + "really " * 27 + "says it?", []),  # 30 words
        ("Who " + "really " * 28 + "says it?", ["too long"]),
        ("You are right, so who else is named in it?", ["a verdict"]),
        ("That is Incorrect, so who else is named in it?", ["a verdict", "an invented name"]),
        ("Well done, and who else is named in it?", ["a verdict"]),
        ("Is it a harbour or is it not one?", ["a word of the answer"]),
        ("Who do you think is speaking in this sentence?", ["a word of the answer"]),
        ("Is it so that it is Ada Lund who does that?", ["the answer's own words"]),
        ("Which spokeswoman can you find in this sentence here?", ["the answer's own words"]),
        ("Is there a press or some other office in it?", ["the answer's own words"]),
        ("I feel glad, and who else is named in it?", ["somebody's feelings"]),
        ("As an AI I ask you: who is named in it?", ["somebody's feelings", "an invented name"]),
        ("Can you tell me who is named in it?", []),
        ("Where does it say “the ferry closes”, and who does?", []),
        ("Where does it say “the ferry ... May”, and who does?", []),
        ("Where does it say “the ferry sinks”, and who does?", ["an invented quotation"]),
        ("Where does it say 'the ferry sinks', and who does?", ["an invented quotation"]),
        ("It's the ferry's end, so who's named in it?", []),
        ("What does Ada's sentence say, and who else is named in May?", []),
        ("What does Peter say about it in this sentence?", ["an invented name"]),
        ("What happens in it on the 12th, do you see?", ["an invented name"]),
        ("Look at it: Where in this sentence is somebody named?", []),
        ("Who is **named** in this sentence, do you see?", ["not plain text"]),
        ("Who is named in it,\nand what else is there?", ["not plain text"]),
        ("Who is named at https://example.org, do you see?", ["not plain text"]),
        ("Who is named in \x1b[mthis sentence, do you see?", ["not plain text"]),
        ("Who is named\u202e in this sentence, do you see?", ["not plain text"]),
        ("Tutor: who is named in this sentence here?", ["not plain text"]),
        ("Who is named in “this sentence, do you see?", ["not plain text"]),
        ("Who is named in 这句话 here, do you see?", ["not plain text"]),
        ("The name is ___, so who do you see?", []),
    ],
)
def test_what_the_guard_sees(text: str, expected: list[str]) -> None:
    assert list(breaches(text, SECRET)) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("You write “in the paper”. Which name stands at the end of the sentence?", []),
        ("Somebody has a name: which name stands at the end of the sentence?", []),
        ("Which name stands at the end of the sentence?", ["restates the task"]),
        ("You write “the ferry closes”. Which name stands at the end of the sentence?", ["restates the task"]),
        ("You write “in the paper”. Who says that the ferry closes?", ["leaves the teacher's help"]),
        ("You write “in the paper”. Which name did you see?", ["leaves the teacher's help"]),
        ("If somebody in the paper says so, which name stands at the end of the sentence?", ["parrots the learner"]),
        ("You write “in the paper”. Look at the end of the sentence: which name stands at the?", ["breaks off"]),
        ("You write “in the paper”. At the end of the sentence, which name stands,?", ["breaks off"]),
        ("You write “in the paper”. Which name stands at the end of the sentence …?", ["breaks off"]),
        (
            "Somebody: whose epistemological name authoritatively stands, considering the sentence end?",
            ["too hard to read"],
        ),
        ("You write “in the paper”. Which particular name stands at the end of the sentence?", []),
    ],
)
def test_what_it_sees_where_a_learner_has_answered(text: str, expected: list[str]) -> None:
    assert list(breaches(text, HEARD)) == expected


def test_without_the_teachers_help_something_has_to_be_added_to_the_question() -> None:
    secret = replace(HEARD, help="")
    assert breaches("You write “in the paper”. Who says that the ferry closes?", secret) == ("restates the task",)
    assert breaches("You write “in the paper”. Which person do you see in it?", secret) == ()


def test_a_help_that_has_only_words_of_the_question_can_still_be_kept_to() -> None:
    secret = replace(HEARD, help="Where would you look to see who closes the ferry?")
    assert breaches("You write “in the paper”. Where would you look to see who closes the ferry?", secret) == ()


def test_every_check_has_an_example_here() -> None:
    shown = {*_tripped(test_what_the_guard_sees), *_tripped(test_what_it_sees_where_a_learner_has_answered)}
    assert shown == set(get_args(Breach))


def _tripped(test: object) -> list[str]:
    return [each for _, expected in test.pytestmark[0].args[1] for each in expected]  # type: ignore[attr-defined]


def test_reading_level_is_asked_of_english_and_stated_ages_only() -> None:
    text = "Somebody: whose epistemological name authoritatively stands, considering the sentence end?"
    assert "too hard to read" not in breaches(text, replace(HEARD, ages=None))
    assert "too hard to read" not in breaches(text, replace(HEARD, lang="de"))
    seen = replace(HEARD, seen=("An epistemological name: authoritatively considering.",))
    assert "too hard to read" not in breaches(text, seen)


def test_what_the_learner_has_before_them_is_no_secret() -> None:
    secret = Secret(key=("It names Ada Lund of the port",), seen=("So it names Ada Lund of the port",))
    assert leaks("Does it say that it names Ada Lund of the port?", secret) == ()


def test_words_that_may_never_be_said_are_free_once_the_learner_has_said_them() -> None:
    text = "You write “spokeswoman”. Which name stands beside that?"
    assert leaks(text, SECRET) == ("the answer's own words",)
    assert leaks(text, replace(SECRET, answer="the spokeswoman")) == ()


def test_every_german_noun_has_a_capital() -> None:
    secret = Secret(key=(), seen=("Die Fähre fährt nicht.",), lang="de")
    assert breaches("Wo steht das im Satz mit der Fähre?", secret) == ()


def test_stems_are_taken_in_the_lessons_language() -> None:
    secret = Secret(key=("Das ist eine Vorhersage",), seen=(), lang="de")
    assert leaks("Wo stehen die Vorhersagen?", secret) == ("a word of the answer",)


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("Who?", 1),
        ("Who???", 1),
        ("Who? Where?", 2),
        ("It says “Who?” and goes on.", 0),
        ('It says "Who? Where?", but who says it?', 1),
        ("Say it.", 0),
        ("", 0),
    ],
)
def test_questions_are_counted_outside_quotation_marks(text: str, count: int) -> None:
    assert questions(text) == count
    assert asks(text) == (count > 0)


@pytest.mark.parametrize(
    ("word", "count"),
    [("cat", 1), ("made", 1), ("asked", 1), ("wanted", 2), ("table", 2), ("paragraph", 3), ("consideration", 5)],
)
def test_syllables(word: str, count: int) -> None:
    assert syllables(word) == count


def test_the_index_counts_sentence_length_and_hard_words() -> None:
    assert fog("") == 0
    assert fog("Who is it that you see?") == pytest.approx(0.4 * 6)
    assert fog("It is old. Who paid for it?") == pytest.approx(0.4 * 7 / 2)
    assert fog("Which authority is it?") == pytest.approx(0.4 * (4 + 25))
    assert fog("Which authority is it?", {"author"}) == pytest.approx(0.4 * 4)
    assert fog("Is Alexander in it?") == pytest.approx(0.4 * 4)
