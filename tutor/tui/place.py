"""What the screen shows of a conversation besides its words: what is to be done, how far it is, what was found."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from tutor.conversation import Conversation
from tutor.core.events import Selection
from tutor.core.lesson import Choose, Find, Lesson, RubricStep
from tutor.core.session import Session, StepState

Mode = Literal["choose", "find", "write", "confidence", "self-check", "pause", "rest", "over", "tutor"]


@dataclass(frozen=True, slots=True)
class Place:
    """How far the lesson has come: the part, and the step of all steps (of the exit ticket, where `in_exit`)."""

    part: str
    number: int
    total: int
    in_exit: bool

    @property
    def title(self) -> str:
        """The place in words, without the part."""
        name = "question" if self.in_exit else "step"
        return f"{name} {self.number} of {self.total}"


@dataclass(frozen=True, slots=True)
class Ideas:
    """Ideas of the open step: those found, in words, those that were told, and how many there are."""

    found: tuple[str, ...]
    told: tuple[str, ...]
    total: int


def mode_of(conversation: Conversation) -> Mode:
    """What the learner is to do now."""
    turn = conversation.turn
    if turn != "answer":
        return turn
    match conversation.step:
        case Choose():
            return "choose"
        case Find():
            return "find"
        case _:
            return "write"


def place_of(lesson: Lesson, step_id: str, part: str | None) -> Place:
    """Where a step stands in the lesson."""
    in_exit = lesson.in_exit(step_id)
    steps = lesson.exit.steps if lesson.exit and in_exit else lesson.steps
    ids = [step.id for step in steps]
    return Place("Exit ticket" if in_exit else part or "", ids.index(step_id) + 1, len(ids), in_exit)


def ideas_of(lesson: Lesson, state: StepState) -> Ideas | None:
    """The ideas of a step; None where it has none to count, or where feedback has to wait."""
    step = lesson.step(state.id)
    if not step.assisted:
        return None
    if isinstance(step, Find):
        marks = lesson.marks_of(step.id)
        return Ideas(tuple(f"“{marks[each].quote}”" for each in state.hits), (), step.needed)
    if not isinstance(step, RubricStep):
        return None
    met = [each for each in step.rubric if state.criterion(each.id).status == "met"]
    told = [each for each in step.rubric if each not in met and state.criterion(each.id).told]
    total = sum(each.required for each in step.rubric) + sum(not each.required for each in met)
    return Ideas(tuple(each.idea for each in met), tuple(each.idea for each in told), total)


def visited_blocks(lesson: Lesson, session: Session) -> frozenset[str]:
    """The blocks of the present article that earlier steps were about."""
    if session.current is None:
        return frozenset()
    here = lesson.article_of(session.current)
    steps = (lesson.step(each) for each in session.visited)
    return frozenset(block for step in steps if lesson.article_of(step.id) is here for block in step.at)


def tried_options(session: Session) -> frozenset[int]:
    """The options of the open step that were chosen before."""
    return frozenset(each.option for each in session.step.answers if each.kind == "choice")


def pointed_before(session: Session) -> frozenset[tuple[Selection, ...]]:
    """What was pointed at in the open step before, each time all of it."""
    return frozenset(each.selections for each in session.step.answers if each.kind == "words")


def last_written(session: Session) -> str:
    """What the learner wrote last in the open step; empty where they have not yet."""
    return next((each.text for each in reversed(session.step.answers) if each.kind == "text"), "")
