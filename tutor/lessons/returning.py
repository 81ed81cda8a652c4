"""Coming back to a session: whether it is of a lesson, and the lesson as it was when the session was begun."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from tutor.core.events import Event, Started
from tutor.core.session import replay
from tutor.errors import LessonError
from tutor.lessons.loader import Loaded, load_copy


def is_of(started: Started, loaded: Loaded) -> bool:
    """Whether a session is of this lesson, maybe as it once was; two lessons may by chance have one id."""
    same = started.lesson_sha == loaded.sha or started.title == loaded.lesson.title
    return started.lesson == loaded.lesson.id and same


def begun_with(started: Started, events: Iterable[Event], copy: Callable[[str], bytes | None]) -> Loaded:
    """The lesson that a session was begun with, from what `copy` finds under a SHA-256; LessonError where that is lost,
    or where the session's events do not fit it.
    """
    source, article = copy(started.lesson_sha), copy(started.article_sha)
    if source is None or article is None:
        raise LessonError(f"The copy of “{started.title}” that this session was begun with is missing. Start anew.")
    loaded = load_copy(source, article, started.lesson)
    known = {step.id for step in (*loaded.lesson.steps, *(loaded.lesson.exit.steps if loaded.lesson.exit else ()))}
    if not known >= set(replay(events).visited):
        raise LessonError(f"The record of “{started.title}” does not fit its lesson any more. Start anew.")
    return loaded
