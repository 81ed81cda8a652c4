"""The guard: what another speaker than the teacher may say before the ladder has ended."""

from __future__ import annotations

from dataclasses import replace
from typing import get_args

import pytest

from tutor.core.guard import Breach, Secret, asks, breaches, leaks, questions
from tutor.core.readability import fog, syllables

SECRET = Secret(
    key=("The harbour master speaks for the port.", "It is Ada Lund who speaks for the port."),
    seen=("The ferry closes in May, says Ada Lund.",),
    never=("spokes*", "press office"),
    ask="Who says that the ferry closes?",
    answer="somebody in the paper, since boats always sink",
    help="Look at the end of the sentence. Which name stands there?",
    ages=(12, 15),
)
BEGINS = "You write “in the paper”."
PASSES = f"{BEGINS} Look at the end of the sentence: which name stands there?"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (PASSES, []),
        (f"{BEGINS} Which name stands at the end of the sentence?", []),
        (f"{BEGINS} Which name of the paper stands at the end of the sentence?", []),
        ("You put it like this: “boats always sink”. Look at the end of the sentence: which name stands there?", []),
        ("At the end of the sentence, which name of the paper stands?", []),
        (f"{BEGINS} Look at the end of the sentence: which name stands there, and says that the ferry closes?", []),
        # form
        (f"{BEGINS} Look at the end of the sentence: which name stands there!", ["not one question"]),
        (f"{BEGINS} Look at the end of the sentence? Which name stands there?", ["not one question"]),
        ("Which paper?", ["too short", "leaves the teacher's help"]),
        (f"{BEGINS} Look at the end of the sentence: which {'very ' * 14}name stands there?", []),  # 30 words
        (f"{BEGINS} Look at the end of the sentence: which {'very ' * 15}name stands there?", ["too long"]),
        (f"{BEGINS} Look at the end of the sentence: which name stands at the?", ["breaks off"]),
        (f"{BEGINS} At the end of the sentence, which name stands,?", ["breaks off"]),
        (f"{BEGINS} Which name stands at the end of the sentence …?", ["breaks off", "words of its own"]),
        (f"{BEGINS} At the end of the sentence, which **name** stands?", ["not plain text"]),
        (f"{BEGINS} At the end of the sentence,\nwhich name stands?", ["not plain text"]),
        (f"{BEGINS} At the end of the sentence, which \x1bname stands?", ["not plain text"]),
        (f"{BEGINS} At the end of the sentence, which name\u202e stands?", ["not plain text"]),
        (f"{BEGINS} At the end of the sentence, which ___ name stands?", ["not plain text"]),
        (f"{BEGINS} At the end of the sentence, which name stands 👍?", ["not plain text"]),
        (f"{BEGINS} At the end of the sentence, which “name stands?", ["not plain text"]),
        # its own words
        (f"{BEGINS} Which particular name stands at the end of the sentence?", ["words of its own"]),
        (f"{BEGINS} Which name of Peter stands at the end of the sentence?", ["words of its own"]),
        (f"{BEGINS} Which 12 names stand at the end of the sentence?", ["words of its own"]),
        (f"{BEGINS} Which name stands at the end of the sentence 这句话?", ["words of its own"]),
        (f"{BEGINS} Which name stands at the end of the last sentence?", []),
        (f"{BEGINS} Which name stands at the end of the last line, in the sentence?", ["words of its own"]),
        (f"{BEGINS} It is there: which name stands at the end of the sentence?", ["words of its own"]),
        (f"{BEGINS} It is there,so which name stands at the end of the sentence?", ["words of its own"]),
        (f"{BEGINS} Which name (it is there) stands at the end of the sentence?", ["words of its own"]),
        (f"{BEGINS} Which name of the boat stands at the end of the sentence?", ["words of its own"]),
        (f"{BEGINS} Which name of the paper’s boats stands at the end of the sentence?", []),
        (f"{BEGINS} Boats sink: which name stands at the end of the sentence?", ["words of its own"]),
        # twists
        (f"{BEGINS} Yes, which name stands at the end of the sentence?", ["words of its own", "a verdict"]),
        (f"{BEGINS} Exactly which name stands at the end of the sentence?", ["words of its own", "a verdict"]),
        (f"{BEGINS} Which name never stands at the end of the sentence?", ["words of its own", "a changed negation"]),
        (f"{BEGINS} Which name does not stand at the end of the sentence?", ["a changed negation"]),
        (f"{BEGINS} Which name doesn’t stand at the end of the sentence?", ["a changed negation"]),
        (f"{BEGINS} Which name stands at the end of the sentence, can you?", ["words of its own", "a tag question"]),
        (f"{BEGINS} Look at the end of the sentence: which name stands there, is it?", ["a tag question"]),
        (f"{BEGINS} Why is there a name that stands at the end of the sentence?", ["another question"]),
        (f"{BEGINS} Is there a name that stands at the end of the sentence?", ["another question"]),
        (f"{BEGINS} Which name do we have that stands at the end of the sentence?", ["speaks of itself"]),
        # other people's words
        ("You write “the paper sink”. Which name stands at the end of the sentence?", ["an invented quotation"]),
        ("You write “in ... paper”. Which name stands at the end of the sentence?", []),
        (
            "You write “closes in May”. Which name of the paper stands at the end of the sentence?",
            [
                "words of its own",
                "an invented quotation",
            ],
        ),
        (f"{BEGINS} Which name 'always' stands at the end of the sentence?", []),
        (f"{BEGINS} Which name stands at the end of the sentence 'boats always sink'?", ["parrots the learner"]),
        ("You write 'the paper sink'. Which name stands at the end of the sentence?", ["an invented quotation"]),
        (f"{BEGINS} Which name stands at the end of the sentence since boats always sink?", ["parrots the learner"]),
        # what they have to do
        ("Which name stands at the end of the sentence?", ["passes the learner by"]),
        ("You write “the ferry closes”. Which name stands at the end of the sentence?", ["passes the learner by"]),
        (f"{BEGINS} Which of the names is it?", ["leaves the teacher's help"]),
        (f"{BEGINS} Who says that the ferry closes?", ["another question", "leaves the teacher's help"]),
    ],
)
def test_what_the_guard_sees(text: str, expected: list[str]) -> None:
    assert list(breaches(text, SECRET)) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Is it a harbour or is it not one?", ("a word of the answer",)),
        ("Who do you think is speaking in this sentence?", ("a word of the answer",)),
        ("Is it so that it is Ada Lund who does that?", ("the answer's own words",)),
        ("Which spokeswoman can you find in this sentence here?", ("the answer's own words",)),
        ("Is there a press or some other office in it?", ("the answer's own words",)),
        ("Ada Lund is in it; what does the sentence say about her?", ()),
    ],
)
def test_what_gives_the_answer_away(text: str, expected: tuple[str, ...]) -> None:
    assert leaks(text, SECRET) == expected


HARD = "Which epistemological name authoritatively stands, considering the sentence end, which name stands there?"


def test_reading_level_is_asked_of_english_and_stated_ages_only() -> None:
    assert "too hard to read" in breaches(HARD, SECRET)
    assert "too hard to read" not in breaches(HARD, replace(SECRET, ages=None))
    assert "too hard to read" not in breaches(HARD, replace(SECRET, lang="de"))
    seen = replace(SECRET, seen=("An epistemological name: authoritatively considering.",))
    assert "too hard to read" not in breaches(HARD, seen)


@pytest.mark.parametrize(
    ("help_", "question"),
    [
        ("Which words does nobody say?", "Which words does nobody of the paper say?"),
        ("What would be true of boats?", "What would be true of boats that sink?"),
        ("What if I said 'we' in the paper?", "What if I said 'we' in the paper?"),
        ("Can you find it, or one like it, in the paper?", "Can you find it, or one like it, in the paper?"),
    ],
)
def test_what_the_teachers_help_has_may_be_said(help_: str, question: str) -> None:
    assert breaches(f"{BEGINS} {question}", replace(SECRET, key=(), help=help_)) == ()


def test_a_negation_of_the_helps_has_to_be_kept() -> None:
    secret = replace(SECRET, help="Which words does the paper not say?")
    assert breaches(f"{BEGINS} Which words does the paper say?", secret) == ("a changed negation",)


def test_every_check_has_an_example_here() -> None:
    shown = {*_tripped(test_what_the_guard_sees), *_tripped(test_what_gives_the_answer_away), "too hard to read"}
    assert shown == set(get_args(Breach))


def _tripped(test: object) -> list[str]:
    return [each for _, expected in test.pytestmark[0].args[1] for each in expected]  # type: ignore[attr-defined]


def test_a_help_that_has_only_words_of_the_question_can_still_be_kept_to() -> None:
    secret = replace(SECRET, help="Where would you look to see who closes the ferry?")
    assert breaches(f"{BEGINS} Where would you look to see who closes the ferry?", secret) == ()


def test_what_the_learner_has_before_them_is_no_secret() -> None:
    secret = Secret(key=("It names Ada Lund of the port",), seen=("So it names Ada Lund of the port",))
    assert leaks("Does it say that it names Ada Lund of the port?", secret) == ()


def test_words_that_may_never_be_said_are_free_once_the_learner_has_said_them() -> None:
    text = "You write “spokeswoman”. Which name stands beside that?"
    assert leaks(text, SECRET) == ("the answer's own words",)
    assert leaks(text, replace(SECRET, answer="the spokeswoman")) == ()


def test_in_another_language_only_what_help_question_and_answer_have_passes() -> None:
    secret = Secret(key=(), seen=(), lang="de", ask="Wo fährt die Fähre?", answer="im Hafen", help="Wo steht das Wort?")
    assert breaches("Im Hafen also, wo steht das Wort?", secret) == ("words of its own",)
    assert breaches("Wo steht das Wort im Hafen?", secret) == ()


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
