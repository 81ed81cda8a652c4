"""A session that leaves no trace: it is recorded in memory and gone with the program. For teachers trying a lesson."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from tutor import __version__
from tutor.conversation import Conversation, Parts
from tutor.core import events as e
from tutor.core.lesson import Lesson
from tutor.core.policy import part_of
from tutor.journal import Draft

NOBODY = "preview"
"""Stands where a learner's nickname would."""
_BEGINNING = datetime(2000, 1, 1, tzinfo=UTC)


class MemoryRecorder:
    """Keeps events, and the half-typed answer, in memory alone; the times of events only count up, by seconds."""

    trouble: str | None = None
    """Memory can always be written."""

    def __init__(self, events: Iterable[e.Event] = (), draft: Draft | None = None) -> None:
        """`events` happened before; they are not changed."""
        self._events = list(events)
        self._draft = draft

    @property
    def events(self) -> tuple[e.Event, ...]:
        """All events so far."""
        return tuple(self._events)

    def record(self, payload: e.Payload) -> e.Event:
        """Put one more event into its envelope."""
        seq = len(self._events)
        at = (_BEGINNING + timedelta(seconds=seq)).isoformat()
        event = e.Event(session=NOBODY, sitting=NOBODY, seq=seq, at=at, payload=payload)
        self._events.append(event)
        return event

    def draft(self) -> Draft | None:
        """The half-typed answer."""
        return self._draft

    def save_draft(self, draft: Draft) -> None:
        """Keep a half-typed answer in the place of the last one."""
        self._draft = draft

    def drop_draft(self) -> None:
        """Forget the half-typed answer."""
        self._draft = None


def begin(lesson: Lesson, parts: Parts, step: str, draft: str = "") -> tuple[Conversation, MemoryRecorder]:
    """A conversation in memory that has just opened `step`, with `draft` half typed; KeyError where it is unknown.

    A session may open any step first: the steps before it are as if a branch had led past them.
    """
    part = part_of(lesson, lesson.step(step).id)
    recorder = MemoryRecorder(draft=Draft(step, draft) if draft else None)
    recorder.record(
        e.Started(
            learner=NOBODY,
            lesson=lesson.id,
            title=lesson.title,
            lesson_sha="",
            article_sha="",
            program=__version__,
            judge=parts.judge.name,
            speaker=parts.speaker.name,
        )
    )
    recorder.record(e.Opened(step=step, part=part))
    return Conversation(lesson, recorder, parts), recorder
