"""The guard: what another speaker than the teacher may say before the ladder has ended."""

from __future__ import annotations

import pytest

from tutor.core.guard import Secret, asks, breaches, leaks, questions

SECRET = Secret(
    key=("The harbour master speaks for the port.", "It is Ada Lund who speaks for the port."),
    seen=("The ferry closes in May, says Ada Lund.", "Who says so?"),
    never=("spokes*", "press office"),
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Which words in this sentence name a person?", []),
        ("Ada Lund is in it; what does the sentence say about her?", []),
        ("Look once more at the end of it!", ["not one question"]),
        ("Who is it? What does she do here?", ["not one question"]),
        ("Who is it that says so? Look again.", ["not one question"]),
        ("Who says it?", ["too short"]),
        ("Who " + "really " * 57 + "says it?", []),  # 60 words
        ("Who " + "really " * 58 + "says it?", ["too long"]),
        ("You are right, so who else is named in it?", ["a verdict"]),
        ("That is INCORRECT, so who else is named in it?", ["a verdict"]),
        ("Is it a harbour or is it not one?", ["a word of the answer"]),
        ("Who do you think is speaking in this sentence?", ["a word of the answer"]),
        ("Is it so that it is Ada Lund who does that?", ["the answer's own words"]),
        ("Which spokeswoman can you find in this sentence here?", ["the answer's own words"]),
        ("Is there a press or some other office in it?", ["the answer's own words"]),
    ],
)
def test_what_the_guard_sees(text: str, expected: list[str]) -> None:
    assert list(breaches(text, SECRET)) == expected


def test_what_the_learner_has_before_them_is_no_secret() -> None:
    secret = Secret(key=("It names Ada Lund of the port",), seen=("So it names Ada Lund of the port",))
    assert leaks("Does it say that it names Ada Lund of the port?", secret) == ()


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
