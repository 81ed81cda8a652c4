"""Folders that go away and come back, another place that fails half way, and what was removed: nothing is lost in
silence, and nothing of who was forgotten is written again.
"""

from __future__ import annotations

import errno
import os
import sys
import types
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.journal.desk import STARTED, Disk, files, journal, only, record, resume, step
from tutor.core import events as e
from tutor.errors import JournalError
from tutor.journal import Draft, Journal, Sitting, moving
from tutor.journal.files import make_folder, replace_file


@pytest.fixture
def disk(monkeypatch: pytest.MonkeyPatch) -> Disk:
    return Disk(monkeypatch)


def begun(data: Path) -> tuple[Journal, Sitting]:
    book = journal(data)
    return book, book.begin("owl", STARTED)


# ------------------------------------------------------------------ a drive that is not there


@pytest.fixture
def no_drive(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of a drive that is away: on Windows not even the topmost folder is there."""
    away = tmp_path / "away"
    lexists, is_dir = os.path.lexists, Path.is_dir
    ours = {*(away / "data" / "learners").parents}
    monkeypatch.setattr(os.path, "lexists", lambda path: Path(path) not in ours and lexists(path))
    monkeypatch.setattr(Path, "is_dir", lambda path: path not in ours and is_dir(path))
    return away / "data"


def test_a_drive_that_is_not_there_is_trouble_and_no_crash(no_drive: Path) -> None:
    book, sitting = begun(no_drive)
    record(sitting, step("a"))
    assert sitting.trouble
    assert [event.payload for event in sitting.events] == [STARTED, *step("a")]
    assert book.past("owl")[0].events == sitting.events
    [sentence] = book.unreadable("owl")
    assert "cannot be opened" in sentence
    with pytest.raises(FileNotFoundError):
        make_folder(no_drive)


# ------------------------------------------------------------------ away and back again


@pytest.mark.parametrize("away", ["learners", "learners/owl-*", "learners/owl-*/0*[0-9]"])
def test_answers_of_a_folder_that_comes_back_are_written(tmp_path: Path, away: str) -> None:
    data = tmp_path / "data"
    book, sitting = begun(data)
    [folder] = data.glob(away)
    folder.rename(tmp_path / "elsewhere")
    record(sitting, step("a"))
    assert sitting.is_removed
    assert book.trouble is None
    (tmp_path / "elsewhere").rename(folder)
    assert sitting.trouble
    assert sitting.trouble.startswith("Your last answers are not saved yet")
    sitting.try_again()
    assert sitting.trouble is None
    assert only(journal(data)).events == sitting.events


def test_what_could_not_be_forgotten_holds_the_answer_that_was_sent_meanwhile(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    book, sitting = begun(tmp_path)
    unlink = os.unlink

    def busy(path: Any, **options: Any) -> None:
        if str(path).endswith(".jsonl"):
            sitting.record(e.Left())
            raise PermissionError(errno.EACCES, "Permission denied", str(path))
        unlink(path, **options)

    with monkeypatch.context() as patch:
        patch.setattr(os, "unlink", busy)
        assert book.forget("owl").left
    sitting.try_again()
    assert sitting.trouble is None
    assert only(journal(tmp_path)).events == sitting.events


def test_a_sitting_that_goes_on_from_another_makes_no_data_folder_of_its_own(tmp_path: Path) -> None:
    data = tmp_path / "data"
    begun(data)
    book = journal(data)
    sitting = resume(book, only(book))
    data.rename(tmp_path / "moved")
    record(sitting, step("a"))
    sitting.save_draft(Draft("a", "It"))
    assert sitting.trouble
    assert not data.exists()
    (tmp_path / "moved").rename(data)
    sitting.try_again()
    assert sitting.trouble is None
    assert only(journal(data)).events == sitting.events
    assert sitting.draft() == Draft("a", "It")


def test_a_sitting_that_goes_on_after_its_data_folder_went_is_saved_elsewhere(tmp_path: Path) -> None:
    begun(tmp_path / "data")
    book = journal(tmp_path / "data")
    past = only(book)
    (tmp_path / "data").rename(tmp_path / "moved")
    sitting = resume(book, past)
    assert sitting.trouble
    there = sitting.keep_in(tmp_path)
    record(sitting, step("a"))
    assert sitting.trouble is None
    assert only(journal(there)).events == sitting.events


# ------------------------------------------------------------------ forgotten


def test_in_the_other_place_the_last_learner_is_the_one_whose_work_it_is(tmp_path: Path) -> None:
    book, _ = begun(tmp_path / "data")
    book.remember_learner("owl")
    journal(tmp_path / "data").remember_learner("wren")  # in another window
    (tmp_path / "stick").mkdir()
    assert journal(book.keep_in(tmp_path / "stick")).last_learner() == "owl"


def test_what_was_forgotten_cannot_be_kept_elsewhere(tmp_path: Path) -> None:
    _, sitting = begun(tmp_path / "data")
    assert journal(tmp_path / "data").forget("owl").left == ()
    with pytest.raises(JournalError, match="has been removed"):
        sitting.keep_in(tmp_path)
    assert not (tmp_path / "closeread").exists()


def test_a_draft_that_waits_is_not_written_after_its_learner_was_forgotten(tmp_path: Path, disk: Disk) -> None:
    book, sitting = begun(tmp_path)
    with disk.failing(errno.ENOSPC):
        sitting.save_draft(Draft("a", "half"))
    assert sitting.trouble
    assert journal(tmp_path).forget("owl").left == ()
    book.try_again()
    book.remember_learner("fox")
    assert book.trouble is None
    assert [path.name for path in files(tmp_path)] == ["learner"]


def test_a_session_that_never_came_to_the_disk_is_forgotten_with_its_learner(tmp_path: Path, disk: Disk) -> None:
    begun(tmp_path)
    book = journal(tmp_path)
    with disk.failing(errno.ENOSPC):
        sitting = book.begin("owl", STARTED)
        sitting.save_draft(Draft("a", "half"))
    assert journal(tmp_path).forget("owl").left == ()
    sitting.record(e.Left())
    assert sitting.is_removed
    assert files(tmp_path) == {}


def test_a_first_session_of_which_half_came_to_the_disk_is_forgotten(tmp_path: Path, disk: Disk) -> None:
    book = journal(tmp_path)
    with disk.failing(errno.ENOSPC, ("write",)):
        sitting = book.begin("owl", STARTED)
    assert sitting.trouble
    assert journal(tmp_path).forget("owl").left == ()
    sitting.record(e.Left())
    assert files(tmp_path) == {}


def test_who_was_forgotten_is_offered_nothing_from_memory(tmp_path: Path, disk: Disk) -> None:
    book, _ = begun(tmp_path)
    assert journal(tmp_path).forget("owl").left == ()
    with disk.failing():
        book.remember_learner("fox")
        assert book.trouble
        assert book.past("owl") == []


# ------------------------------------------------------------------ another place


def test_a_record_that_grew_in_the_old_place_is_whole_in_the_new_one(tmp_path: Path) -> None:
    data = tmp_path / "data"
    _, first = begun(data)
    record(first, step("a")[:1])
    book = journal(data)
    there = resume(book, only(book)).keep_in(tmp_path)
    record(first, step("a")[1:])
    past = next(each for each in book.past("owl") if each.sitting == first.sitting)
    sitting = resume(book, past)
    assert sitting.trouble is None
    found = {each.sitting: each for each in journal(there).past("owl")}
    assert found[sitting.sitting].events == sitting.events
    assert found[sitting.sitting].damage is None


@pytest.mark.parametrize("works", range(4))
def test_a_place_that_fails_half_way_holds_nothing_of_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, works: int
) -> None:
    book, sitting = begun(tmp_path / "data")
    book.remember_learner("owl")
    sitting.save_draft(Draft("a", "half"))
    stick = tmp_path / "stick"
    (stick / "closeread").mkdir(parents=True)
    written: list[str] = []

    def full(path: Path, data: bytes) -> None:
        if len(written) == works:
            make_folder(path.parent)
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        written.append(path.suffix)
        replace_file(path, data)

    with monkeypatch.context() as patch:
        patch.setattr(moving, "replace_file", full)
        with pytest.raises(JournalError, match=os.strerror(errno.ENOSPC)):
            sitting.keep_in(stick)
    assert written[:1] == [".jsonl"][:works]
    assert ".json" not in written
    assert list(stick.rglob("*")) == [stick / "closeread"]
    assert only(journal(sitting.keep_in(stick))).events == sitting.events


# ------------------------------------------------------------------ what a disk may answer


def test_a_file_whose_making_was_not_acknowledged_is_taken_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(os, "open", _lost_replies(os.open))
        _, sitting = begun(tmp_path)
        assert sitting.trouble
    sitting.record(e.Left())
    assert sitting.trouble is None
    assert only(journal(tmp_path)).events == sitting.events


def test_a_strange_file_in_that_place_is_left_as_it_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(os, "open", _lost_replies(os.open))
        _, sitting = begun(tmp_path)
    [path] = tmp_path.rglob("*.jsonl")
    path.write_bytes(b"{strange")
    sitting.record(e.Left())
    assert sitting.trouble
    assert path.read_bytes() == b"{strange"


def _lost_replies(call: Callable[..., int]) -> Callable[..., int]:
    def lost(path: Any, flags: int, *args: Any, **options: Any) -> int:
        descriptor = call(path, flags, *args, **options)
        if flags & os.O_CREAT and str(path).endswith(".jsonl"):
            os.close(descriptor)
            raise OSError(errno.EIO, os.strerror(errno.EIO))
        return descriptor

    return lost


@pytest.mark.parametrize("number", [errno.EACCES, errno.EIO, getattr(errno, "ESTALE", errno.EIO)])
def test_folders_that_cannot_even_be_looked_at_are_no_crash(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    real = Path.stat

    def closed(path: Path, **options: Any) -> os.stat_result:
        if path.is_relative_to(tmp_path):
            raise OSError(number, os.strerror(number), str(path))
        return real(path, **options)

    monkeypatch.setattr(Path, "stat", closed)
    book = journal(tmp_path / "data")
    book.expire(12)
    assert book.past("owl") == []
    sitting = book.begin("owl", STARTED)
    assert sitting.trouble


@pytest.mark.skipif(os.name == "nt", reason="folders cannot be synced there")
def test_new_folders_are_made_to_outlive_a_power_cut(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def noted(descriptor: int) -> None:
        synced.add(os.fstat(descriptor).st_ino)

    synced: set[int] = set()
    monkeypatch.setattr(os, "fsync", noted)
    sha = journal(tmp_path / "stick" / "closeread").keep_copy(b"an article")
    [copy] = tmp_path.rglob(sha)
    assert {folder.stat().st_ino for folder in copy.parents if folder.is_relative_to(tmp_path)} <= synced


@pytest.mark.skipif(os.name == "nt", reason="there is no such call")
@pytest.mark.parametrize("has_it", [True, False])
def test_on_a_mac_the_drive_itself_is_asked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, has_it: bool) -> None:
    def asked(_: int, command: int) -> None:
        commands.append(command)
        if not has_it:
            raise OSError(errno.ENOTSUP, os.strerror(errno.ENOTSUP))

    commands: list[int] = []
    fsynced: list[int] = []
    mac = types.SimpleNamespace(F_FULLFSYNC=51, fcntl=asked)
    with monkeypatch.context() as patch:
        patch.setitem(sys.modules, "fcntl", mac)
        patch.setattr(sys, "platform", "darwin")
        patch.setattr(os, "fsync", fsynced.append)
        _, sitting = begun(tmp_path)
    assert sitting.trouble is None
    assert set(commands) == {51}
    assert bool(fsynced) is not has_it


# ------------------------------------------------------------------ drafts


def test_of_two_drafts_that_wait_the_one_typed_last_is_offered(tmp_path: Path, disk: Disk) -> None:
    book, first = begun(tmp_path)
    other = resume(book, only(book))
    with disk.failing():
        first.save_draft(Draft("a", "one"))
        other.save_draft(Draft("a", "of another window"))
        first.save_draft(Draft("a", "one and more"))
        assert resume(book, only(book)).draft() == Draft("a", "one and more")


def test_a_draft_that_goes_meanwhile_hides_no_other(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    book, first = begun(tmp_path)
    other = resume(book, only(book))
    first.save_draft(Draft("a", "one"))
    other.save_draft(Draft("a", "two"))
    real = Path.lstat

    def vanished(path: Path) -> os.stat_result:
        if path == other.place.draft:
            raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), str(path))
        return real(path)

    past = only(book)
    monkeypatch.setattr(Path, "lstat", vanished)
    assert resume(journal(tmp_path), past).draft() == Draft("a", "one")
