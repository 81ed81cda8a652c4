"""A journal with a clock and names of its own, the events of a small session, and a disk that fails when told to."""

import errno
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from tutor.core import events as e
from tutor.journal import Journal, Past, Sitting

STARTED = e.Started(
    learner="owl",
    lesson="ferry",
    title="The ferry",
    lesson_sha="0" * 64,
    article_sha="1" * 64,
    program="0.1",
    judge="embedded",
    speaker="scripted",
)


def journal(folder: Path, prefix: str = "") -> Journal:
    """A journal whose clock goes on by a second at each look, for all journals of a test together."""
    return Journal(folder, now=_now, new_id=lambda: f"{prefix}{next(_NUMBERS):06}")


_NUMBERS = count()


def _now() -> datetime:
    return datetime(2026, 11, 2, 10, tzinfo=UTC) + timedelta(seconds=next(_NUMBERS))


def step(name: str, answer: str = "Interfax, on Thursday – “so”") -> list[e.Payload]:
    """All events of one step that is answered well."""
    finding = e.Finding(criterion="who", status="met", evidence=("Interfax",), judge="embedded")
    return [
        e.Opened(step=name, part="one"),
        e.Answered(step=name, answer=e.Written(text=answer)),
        e.Confident(step=name, level=3),
        e.Judged(step=name, verdict="secure", judge="embedded", costs=True, findings=(finding,)),
        e.Moved(step=name, move="secure", text="Yes: Interfax.", then="close", by="scripted", met=("who",)),
        e.Closed(step=name, result="secure", verdict="secure"),
    ]


def record(sitting: Sitting, payloads: list[e.Payload]) -> None:
    for payload in payloads:
        sitting.record(payload)


def resume(book: Journal, past: Past) -> Sitting:
    return book.resume(past.learner, past, judge="embedded", speaker="scripted")


def only(book: Journal, learner: str = "owl") -> Past:
    """The one session that there is."""
    assert book.unreadable(learner) == []
    [past] = book.past(learner)
    return past


def files(folder: Path) -> dict[Path, bytes]:
    """Every file under a folder with its bytes."""
    return {path: path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


CALLS = ("open", "write", "fsync", "close", "mkdir", "replace", "unlink")


def _is_reading(path: Any, flags: int, *_: Any) -> bool:
    """Whether a file is opened that is to be read; a folder is opened to be synced."""
    return not flags & (os.O_WRONLY | os.O_RDWR) and not Path(path).is_dir()


class Disk:
    """The calls that change a disk, each of which may fail."""

    def __init__(self, patch: pytest.MonkeyPatch) -> None:
        self.fails: Callable[[str], OSError | None] = lambda _: None
        for name in CALLS:
            patch.setattr(os, name, self._wrapped(name, getattr(os, name)))

    def _wrapped(self, name: str, call: Callable[..., Any]) -> Callable[..., Any]:
        def wrapped(*args: Any, **options: Any) -> Any:
            error = None if name == "open" and _is_reading(*args) else self.fails(name)
            if error is None:
                return call(*args, **options)
            if name == "write":  # half of it gets there
                call(args[0], args[1][: len(args[1]) // 2])
            if name == "close":  # the descriptor is gone all the same
                call(*args, **options)
            raise error

        return wrapped

    def fail_once(self, first: int, length: int) -> list[str]:
        """Let calls fail from the first-th one on, `length` of them; their names are added to the list as they do."""
        calls = count(1)
        failed: list[str] = []

        def fails(name: str) -> OSError | None:
            if not first <= next(calls) < first + length:
                return None
            failed.append(name)
            return OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

        self.fails = fails
        return failed

    @contextmanager
    def failing(self, number: int = errno.EIO, calls: tuple[str, ...] = CALLS) -> Iterator[None]:
        """All of these calls fail."""
        self.fails = lambda name: OSError(number, os.strerror(number)) if name in calls else None
        try:
            yield
        finally:
            self.fails = lambda _: None

    @contextmanager
    def sound(self) -> Iterator[None]:
        """All is well for a while."""
        fails, self.fails = self.fails, lambda _: None
        try:
            yield
        finally:
            self.fails = fails
