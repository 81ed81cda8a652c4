"""What plain lines say back where an answer is given twice, and where more than one thing is asked."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from tests.core.small import lesson
from tests.talk import hold
from tutor.conversation import Conversation
from tutor.core import events as e

CHOOSE: dict[str, Any] = {
    "id": "pick",
    "do": "choose",
    "at": "p1",
    "ask": "What is it?",
    "options": [
        {"text": "A quote", "correct": True, "why": "Yes."},
        {"text": "An order", "why": "Who would obey?"},
        {"text": "A song", "why": "Who would sing it?"},
    ],
}
IDEAS = ("Somebody is named", "A day is named")
EXPLAIN: dict[str, Any] = {
    "id": "why",
    "do": "explain",
    "at": "p1",
    "ask": "How could you check this?",
    "rubric": [{"id": f"i{number}", "idea": idea, "tell": f"{idea}."} for number, idea in enumerate(IDEAS)],
}


def talk(step: dict[str, Any], *lines: str) -> tuple[Conversation, str]:
    """A conversation over plain lines about one step, each of which is typed when the next thing is asked."""
    typed = iter(lines)
    return hold(lesson(step), lambda _: next(typed, "/quit"))


def prompts(shown: str) -> Sequence[str]:
    """The line above each place where yes or no is to be typed."""
    rows = shown.split("\n")
    return [rows[at - 1] for at, row in enumerate(rows) if row.startswith("(yes or no) >")]


def test_an_option_that_was_tried_is_not_judged_again() -> None:
    conversation, shown = talk(CHOOSE, "2", "2", "an order", "3", "1")
    assert shown.count("You have tried that one. Which of the others could it be?") == 2
    chosen = [each.payload.answer for each in conversation.events if isinstance(each.payload, e.Answered)]
    assert [each.option for each in chosen if isinstance(each, e.Chosen)] == [1, 2, 0]


def test_where_two_ideas_were_told_each_question_about_them_names_its_own() -> None:
    conversation, shown = talk(EXPLAIN, "I would ask them all", "/stuck", "/stuck", "yes", "no")
    assert prompts(shown) == list(IDEAS)
    checked = [each.payload for each in conversation.events if isinstance(each.payload, e.SelfChecked)]
    assert [(each.criterion, each.had_it) for each in checked] == [("i0", True), ("i1", False)]


def test_where_one_idea_was_told_the_question_stands_alone() -> None:
    step = EXPLAIN | {"rubric": EXPLAIN["rubric"][:1]}
    _, shown = talk(step, "I would ask them all", "/stuck", "/stuck", "yes")
    [above] = prompts(shown)
    assert above != IDEAS[0]
