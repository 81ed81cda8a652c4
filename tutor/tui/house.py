"""What the screens need of the house: it is handed in, and put together by `tutor.bootstrap`."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from tutor.conversation import Conversation
    from tutor.core.lesson import Lesson
    from tutor.core.outcome import Progress
    from tutor.journal import Past, Sitting
    from tutor.lessons.library import Entry
    from tutor.lessons.loader import Loaded
    from tutor.report.annotated import Names
    from tutor.settings import Settings


class House(Protocol):
    """One learner on one machine. All but the properties may take long, and is called off the event loop."""

    @property
    def settings(self) -> Settings:
        """The settings in force."""
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

    def help_card(self, lang: str = "en") -> str:
        """What is shown at words of distress."""
        ...
