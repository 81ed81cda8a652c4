"""What the screens need of the house: it is handed in, and put together by `tutor.bootstrap`."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from tutor.conversation import Conversation
    from tutor.core.lesson import Lesson
    from tutor.core.outcome import Progress
    from tutor.journal import Draft, Journal, Past, Sitting
    from tutor.lessons.library import Entry
    from tutor.lessons.loader import Loaded
    from tutor.report.annotated import Names
    from tutor.settings import Settings


class Keeper(Protocol):
    """Keeps what belongs to a conversation beside its events: the half-typed answer."""

    @property
    def trouble(self) -> str | None:
        """What could not be kept, and what to do about it; None while all is well."""
        ...

    def save_draft(self, draft: Draft) -> None:
        """Keep a half-typed answer in the place of the last one."""
        ...

    def draft(self) -> Draft | None:
        """The half-typed answer that was kept last."""
        ...

    def drop_draft(self) -> None:
        """Remove the half-typed answer: it was sent, or it must not stay."""
        ...


class LessonHouse(Protocol):
    """What the screen of a lesson needs, whoever sits before it."""

    def sitting(self, conversation: Conversation) -> Keeper:
        """What keeps a conversation."""
        ...

    def help_card(self, lang: str = "en") -> str:
        """What is shown at words of distress."""
        ...


class House(LessonHouse, Protocol):
    """One learner on one machine. All but the properties may take long, and is called off the event loop."""

    @property
    def settings(self) -> Settings:
        """The settings in force."""
        ...

    @property
    def journal(self) -> Journal:
        """Where everything is kept; the first look at it is slow."""
        ...

    @property
    def learner(self) -> str | None:
        """The nickname in use; None before the first."""
        ...

    @property
    def names(self) -> Names:
        """What skills, kinds and techniques are called in words."""
        ...

    def prepare(self) -> None:
        """Begin to load what is slow, beside everything else; returns at once."""
        ...

    def is_distress(self, text: str) -> bool:
        """Whether somebody writes of their own distress where no lesson is open."""
        ...

    def set_learner(self, nickname: str) -> None:
        """Switch to a nickname and remember it."""
        ...

    def entries(self) -> list[Entry]:
        """All lessons of the library."""
        ...

    def load(self, name: str) -> Loaded:
        """The lesson with this name or path; LessonError."""
        ...

    def progress(self, lessons: Iterable[Lesson]) -> dict[str, Progress]:
        """How far the learner has come, by lesson id; lessons never opened are left out."""
        ...

    def damage(self) -> tuple[str, ...]:
        """A sentence for each file of the learner's record that cannot be read to its end."""
        ...

    def past(self, loaded: Loaded) -> Past | None:
        """The newest session of a lesson, finished or not; None where it was never opened."""
        ...

    def changed(self, past: Past, loaded: Loaded) -> bool:
        """Whether the lesson or its article has changed since that session."""
        ...

    def start(self, loaded: Loaded) -> Conversation:
        """Begin a new session."""
        ...

    def resume(self, past: Past) -> Conversation:
        """Go on with a session; LessonError where its lesson is lost."""
        ...

    def sitting(self, conversation: Conversation) -> Sitting:
        """The sitting that keeps a conversation: its drafts, and its trouble if it cannot be written."""
        ...

    def export(self, conversation: Conversation) -> tuple[Path, Path]:
        """Write the end-of-lesson files, Markdown and HTML; JournalError where they cannot be written."""
        ...
