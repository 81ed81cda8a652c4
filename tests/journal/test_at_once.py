"""A lesson is begun and recorded in one thread while the library and the screen ask in others."""

import errno
import os
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime
from itertools import count
from pathlib import Path, PurePath
from threading import Event, get_ident

import pytest

from tests.journal.desk import STARTED, Disk, journal, only, resume
from tutor.core import events as e
from tutor.journal import Draft, Journal, Past

SECONDS = 20
"""How long an answer may take that waits for nothing."""


@pytest.fixture
def disk(monkeypatch: pytest.MonkeyPatch) -> Disk:
    return Disk(monkeypatch)


@pytest.fixture
def other() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(1) as pool:
        yield pool


@pytest.mark.parametrize("resumes", [False, True])
def test_the_library_is_read_between_the_making_of_a_sitting_and_its_first_event(
    tmp_path: Path, disk: Disk, other: ThreadPoolExecutor, resumes: bool
) -> None:
    first = journal(tmp_path).begin("owl", STARTED) if resumes else None
    seen: list[list[Past]] = []

    def now() -> datetime:  # asked for while an event is put into its envelope
        seen.append(other.submit(book.past, "owl").result(SECONDS))
        return datetime(2026, 11, 2, 12, tzinfo=UTC)

    numbers = count()
    book = Journal(tmp_path, now=now, new_id=lambda: f"new{next(numbers)}")
    with disk.failing():
        book.remember_learner("owl")
        assert book.trouble
        sitting = resume(book, only(book)) if first else book.begin("owl", STARTED)
        assert [[past.events for past in each] for each in seen] == [[first.events] if first else []]
        assert only(book).events == sitting.events
    sitting.try_again()
    assert only(journal(tmp_path)).events == sitting.events


@contextmanager
def _while_the_names_are_looked_at(patch: pytest.MonkeyPatch, act: Callable[[], None]) -> Iterator[list[str]]:
    """When this thread first asks what a file is called, something happens; the list has that name afterwards."""
    real, mine, asked = PurePath.name, get_ident(), list[str]()

    def name(path: PurePath) -> str:
        found: str = real.__get__(path)
        if get_ident() == mine and not asked:
            asked.append(found)
            act()
        return found

    with patch.context() as patched:
        patched.setattr(PurePath, "name", property(name))
        yield asked


@pytest.mark.parametrize("all_is_well", [False, True])
def test_what_the_trouble_is_can_be_asked_while_another_thread_records(
    tmp_path: Path, disk: Disk, other: ThreadPoolExecutor, monkeypatch: pytest.MonkeyPatch, all_is_well: bool
) -> None:
    book = journal(tmp_path)
    sitting = book.begin("owl", STARTED)

    def meanwhile() -> None:
        if all_is_well:
            disk.fails = lambda _: None
        other.submit(book.remember_learner, "owl").result(SECONDS)

    with disk.failing():
        sitting.save_draft(Draft("a", "It"))
        with _while_the_names_are_looked_at(monkeypatch, meanwhile) as asked:
            trouble = book.trouble
        assert asked == [sitting.place.draft.name]
        assert trouble is not None
        assert trouble.startswith("The answer you are typing is not saved yet: ")
        assert (book.trouble is None) == all_is_well
    book.try_again()
    assert book.trouble is None
    assert journal(tmp_path).last_learner() == "owl"


@pytest.mark.parametrize("forgotten", [False, True])
def test_nobody_waits_for_a_disk_that_hangs_to_hear_what_the_trouble_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, other: ThreadPoolExecutor, forgotten: bool
) -> None:
    book = journal(tmp_path)
    sitting = book.begin("owl", STARTED)
    hangs, goes_on = Event(), Event()
    real = os.fsync

    def hanging(descriptor: int) -> None:
        hangs.set()
        assert goes_on.wait(SECONDS * 3)
        real(descriptor)

    def failing(_: int) -> None:
        raise OSError(errno.EIO, "Input/output error")

    if forgotten:
        assert journal(tmp_path).forget("owl").left == ()
    else:
        monkeypatch.setattr(os, "fsync", failing)
    sitting.save_draft(Draft("a", "It"))
    sitting.record(e.Left())
    assert sitting.trouble
    monkeypatch.setattr(os, "fsync", hanging)
    writing = other.submit(book.remember_learner, "fox")
    try:
        assert hangs.wait(SECONDS)
        with ThreadPoolExecutor(1) as screen:
            asked = screen.submit(lambda: (book.trouble, sitting.draft(), book.last_learner()))
            try:
                trouble, draft, last = asked.result(SECONDS)
            finally:
                goes_on.set()
    finally:
        goes_on.set()
    assert (trouble is None) == forgotten
    assert (draft, last) == (None if forgotten else Draft("a", "It"), "fox")
    writing.result(SECONDS)
    assert journal(tmp_path).last_learner() == "fox"
