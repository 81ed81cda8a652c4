"""Errors that are meant for people: each says what is wrong, where, and what to do next."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


class TutorError(Exception):
    """An error that is shown as its message alone, never as a traceback."""


@dataclass(frozen=True, order=True, slots=True)
class Mistake:
    """One thing that is wrong in a file: where (lines and columns count from 1), what, the text itself, what to do.

    `code` is its stable name, such as `mark-not-in-block`; a page of the documentation has the same name.
    """

    file: str
    line: int
    column: int
    message: str
    offending: str = ""
    hint: str = ""
    code: str = ""

    def __str__(self) -> str:
        shown = f': "{self.offending}"' if self.offending else ""
        hint = f". {self.hint}" if self.hint else ""
        return f"{self.file}:{self.line}:{self.column}: {self.message}{shown}{hint}"


class LessonError(TutorError):
    """A lesson could not be found or loaded.

    `mistakes` holds every one that was found in its files, in their order, and `str(error)` lists them, one a line; it
    is empty where there was nothing to read.
    """

    def __init__(self, message: str = "", mistakes: Sequence[Mistake] = ()) -> None:
        super().__init__(message or "\n".join(str(mistake) for mistake in mistakes))
        self.mistakes = tuple(mistakes)


class SettingsError(TutorError):
    """The settings (flag, environment or file) hold something that cannot be used."""


class JournalError(TutorError):
    """The learner's record could not be written or read."""
