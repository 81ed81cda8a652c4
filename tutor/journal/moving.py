"""Keeping things in another place: somebody names a folder, such as that of a USB stick, while the disk fails."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from contextlib import suppress
from pathlib import Path

from tutor.core.events import Event, Started
from tutor.errors import JournalError
from tutor.journal.drafts import DRAFT
from tutor.journal.files import replace_file
from tutor.journal.reading import Past
from tutor.journal.regular import read_regular

NAME = "closeread"
"""What our folder is called in a folder that somebody names."""
_EXAMPLE = "E:/ or /media/usb"


def room_in(folder: Path, *, now_in: Path) -> Path:
    """The data folder in the one that was named; JournalError where there is no such folder, or nothing would change.

    The named folder itself is not made: nobody should find out later that the name was mistyped.
    """
    try:
        folder = folder.expanduser()
        if not folder.is_absolute() or not folder.is_dir():
            raise JournalError(
                f"There is no folder {folder}. Type its whole name, as in {_EXAMPLE}, and see that the stick or the "
                "disk is plugged in."
            )
    except (OSError, RuntimeError, ValueError):  # a name no system takes, or a ~ without a home
        raise JournalError(f"{folder} cannot be used as a folder. Type another one.") from None
    data_dir = folder if folder.name == NAME else folder / NAME
    if data_dir == now_in:
        raise JournalError(f"Your work is kept in {data_dir} already. Type another folder.")
    return data_dir


def bring(files: Mapping[Path, bytes], folder: Path) -> None:
    """Write files, each as a whole; JournalError where one of them cannot be written, or would take another's place.

    A shorter beginning of the same record makes way, and a longer one stays as it is. Where it fails, what was new goes
    again: nobody would look there for a child's words.
    """
    made: set[Path] = set()
    try:
        for path, data in sorted(files.items(), key=_turn):
            there = read_regular(path) if path.suffix == ".jsonl" and path.exists() else b""
            if not data.startswith(there) and not there.startswith(data):
                raise JournalError(f"Another record of this lesson stands in {path}. Type another folder.")
            if len(there) < len(data) or not data:
                made |= {each for each in (path, *path.parents) if not os.path.lexists(each)}
                replace_file(path, data)
    except (OSError, JournalError) as error:
        _take_back(made)
        if isinstance(error, JournalError):
            raise
        raise JournalError(
            f"Your work cannot be kept in {folder} ({error.strerror or error}). Type another folder."
        ) from None


def _turn(item: tuple[Path, bytes]) -> int:
    """Answers go first, and what is half typed goes last."""
    path, _ = item
    return 2 * path.name.endswith(DRAFT) + (path.suffix != ".jsonl")


def _take_back(made: Iterable[Path]) -> None:
    for path in sorted(made, key=lambda each: len(each.parts), reverse=True):
        with suppress(OSError):
            path.rmdir() if path.is_dir() else path.unlink()


def copies_of(events: Iterable[Event]) -> set[str]:
    """The names of the copies that a session needs."""
    starts = [event.payload for event in events if isinstance(event.payload, Started)]
    return {sha for start in starts for sha in (start.lesson_sha, start.article_sha)}


def newest_of(found: Iterable[Past]) -> list[Past]:
    """Each session as it was left, newest first, without the earlier states of it that another place holds."""
    longest: list[Past] = []
    for past in sorted(found, key=lambda each: len(each.events), reverse=True):
        if past.damage or not any(each.session == past.session and _begins(each, past) for each in longest):
            longest.append(past)
    return sorted(longest, key=lambda each: each.newness, reverse=True)


def _begins(whole: Past, past: Past) -> bool:
    return whole.events[: len(past.events)] == past.events
