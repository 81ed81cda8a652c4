"""The words of each event, for screen, plain mode and files alike, so that all of them tell the same story."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from tutor.core import events as e
from tutor.core.clean import clean
from tutor.core.lesson import Lesson, RubricStep
from tutor.core.phrases import Phrases
from tutor.core.words import quoted_list

Who = Literal["tutor", "learner", "note"]


@dataclass(frozen=True, slots=True)
class Line:
    """One utterance: who speaks, the words (they may hold line feeds), of which kind, and at which step.

    `kind` is `ask`, `answer`, `confidence`, the tutor's move (`hint`, `tell`...), `rest`, `review`, `finished`, `note`.
    """

    who: Who
    text: str
    kind: str
    step: str | None = None


def lines_of(lesson: Lesson, event: e.Event, phrases: Phrases) -> tuple[Line, ...]:
    """The lines that an event adds to the conversation; none for events that are only book-keeping."""
    payload = event.payload
    line = _line(lesson, payload, phrases)
    return (Line(line.who, clean(line.text), line.kind, line.step),) if line and line.text else ()


def _line(lesson: Lesson, payload: e.Payload, phrases: Phrases) -> Line | None:
    match payload:
        case e.Opened():
            return Line("tutor", lesson.step(payload.step).ask, "ask", payload.step)
        case e.Answered():
            return Line("learner", answer_text(payload.answer), "answer", payload.step)
        case e.Confident():
            level = phrases.confidence_levels[payload.level - 1]
            return Line("learner", f"{payload.level} - {level}", "confidence", payload.step)
        case e.Moved():
            return Line("tutor", payload.text, payload.move, payload.step)
        case e.Reviewed():
            return Line("tutor", f"{lesson.step(payload.step).ask}\n{payload.text}", "review", payload.step)
        case e.Rested():
            return Line("tutor", payload.text, "rest")
        case e.Finished():
            return Line("tutor", payload.text, "finished")
        case _:
            return _note(lesson, payload)


def _note(lesson: Lesson, payload: e.Payload) -> Line | None:
    match payload:
        case e.Stuck(in_words=False):
            skipping = lesson.in_exit(payload.step)
            return Line("learner", "Skip" if skipping else "I'm stuck", "note", payload.step)
        case e.HintAsked():
            return Line("learner", "A hint, please", "note", payload.step)
        case e.CardOpened():
            return Line("note", f"Card opened: {lesson.source(payload.card).title}", "note", payload.step)
        case e.SelfChecked():
            return Line("learner", "Yes, I had it" if payload.had_it else "No, not yet", "note", payload.step)
        case e.Paused():
            return Line("note", "The lesson was paused.", "note", payload.step)
        case e.Disagreed():
            seen = _disagreed(lesson, payload)
            return Line("note", f"You see {seen} differently; it is noted for your teacher.", "note", payload.step)
        case _:
            return None


def _disagreed(lesson: Lesson, payload: e.Disagreed) -> str:
    """What the learner sees differently; an idea is numbered and not named, for it may be open."""
    step = lesson.step(payload.step)
    ids = [each.id for each in step.rubric] if isinstance(step, RubricStep) else []
    if payload.criterion not in ids:
        return "the judgement of your answer"
    return f"the judgement on idea {ids.index(payload.criterion) + 1} of {len(ids)}"


def answer_text(answer: e.Chosen | e.Pointed | e.Written) -> str:
    """An answer as the learner gave it, on the page."""
    if isinstance(answer, e.Pointed):
        return quoted_list(each.text for each in answer.selections)
    return answer.text
