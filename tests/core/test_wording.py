"""What is said when the exit ticket is over about words that were to be pointed at."""

from __future__ import annotations

import pytest

from tests.core.small import ARTICLE, Talk, choose, find, lesson
from tutor.core import events as e

MARKED = [
    {"id": "closes", "at": "p1", "quote": "closes in May", "kind": "fact", "sound": True},
    {"id": "says", "at": "p1", "quote": "says harbour master Ada Lund", "kind": "report", "sound": True},
    {"id": "stupid", "at": "p1", "quote": "a stupid plan", "kind": "opinion"},
    {"id": "very", "at": "p1", "quote": "a very stupid plan", "kind": "opinion"},
    {"id": "everybody", "at": "p1", "quote": "everybody knows it", "kind": "opinion"},
]
WHY = "They are verdicts, the-why."


def reviewed(line: str) -> str:
    """The feedback on a question of the exit ticket with three targets and two decoys."""
    step = find(targets=["stupid", "very", "everybody"], decoys=["says", "closes"], at_least=2, assisted=False)
    talk = Talk(lesson(choose(), exit={"article": ARTICLE, "marks": MARKED, "steps": [step]}), first=f"0\n{line}")
    (review,) = [each.payload for each in talk.events if isinstance(each.payload, e.Reviewed)]
    return review.text


ONE, TWO, THREE = "a stupid plan", "a very stupid plan", "everybody knows it"
SAYS, CLOSES = "says harbour master Ada Lund", "closes in May"
ENOUGH = "That is what the question asked for."
ALL = f"The words to find were “{ONE}”, “{TWO}” and “{THREE}”."


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (f"{ONE} / {TWO} / {THREE}", [f"You found “{ONE}”, “{TWO}” and “{THREE}”.", ENOUGH]),
        (f"{ONE} / {THREE}", [f"You found “{ONE}” and “{THREE}”.", ENOUGH, f"It could also have been “{TWO}”."]),
        (ONE, [f"You found “{ONE}”.", f"Left to find: “{TWO}” and “{THREE}”."]),
        (
            f"{TWO} / {SAYS}",
            [
                f"You found “{TWO}”.",
                f"Left to find: “{ONE}” and “{THREE}”.",
                f"You picked “{SAYS}”: that does not fit the question.",
            ],
        ),
        (
            f"{ONE} / {THREE} / {CLOSES}",
            [
                f"You found “{ONE}” and “{THREE}”.",
                f"It could also have been “{TWO}”.",
                f"You picked “{CLOSES}”: that does not fit the question.",
            ],
        ),
        (f"{SAYS} / {CLOSES}", [ALL, f"You picked “{SAYS}” and “{CLOSES}”: these do not fit the question."]),
        ("The ferry", [ALL]),
        ("/stuck", [ALL]),
    ],
)
def test_the_feedback_says_what_was_found_what_was_not_and_what_does_not_fit(line: str, said: list[str]) -> None:
    assert reviewed(line) == " ".join([*said, WHY])


def test_words_within_others_that_are_named_are_not_named_again() -> None:
    whole = {"id": "whole", "at": "p1", "quote": "a stupid plan, a very stupid plan, and everybody knows it"}
    step = find(targets=["stupid", "very", "everybody", "whole"], decoys=[], at_least=2, assisted=False)
    ticket = {"article": ARTICLE, "marks": [*MARKED, whole], "steps": [step]}

    def said(line: str) -> str:
        talk = Talk(lesson(choose(), exit=ticket), first=f"0\n{line}")
        return next(each.payload.text for each in talk.events if isinstance(each.payload, e.Reviewed))

    assert said("The ferry") == f"The words to find were “{whole['quote']}”. {WHY}"
    assert said(ONE) == f"You found “{ONE}”. Left to find: “{TWO}” and “{THREE}”. {WHY}"


@pytest.mark.parametrize(
    ("text", "shown"), [("Ada", "“Ada”"), ('"Ada" or "Bo"', '"Ada" or "Bo"'), ('"A" says', '“"A" says”')]
)
@pytest.mark.parametrize("right", [True, False])
def test_an_option_that_has_quotation_marks_gets_no_second_ones(text: str, shown: str, *, right: bool) -> None:
    options = [{"text": text, "why": WHY, "correct": True}, {"text": "No", "why": WHY}]
    step = choose("alone", assisted=False) | {"options": options}
    talk = Talk(lesson(choose(), exit={"article": ARTICLE, "marks": MARKED, "steps": [step]}), first=f"0\n{1 - right}")
    (said,) = [each.payload.text for each in talk.events if isinstance(each.payload, e.Reviewed)]
    assert said == (f"You chose {shown}, and that holds. {WHY}" if right else f"What holds is {shown}. {WHY}")
