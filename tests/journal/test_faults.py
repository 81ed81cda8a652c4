"""The disk fails and comes back: nothing is raised, nothing is passed over in silence, nothing is lost."""

import errno
import os
import shutil
import subprocess
import sys
from itertools import count
from pathlib import Path

import pytest

from tests.journal.desk import STARTED, Disk, journal, only, record, resume, step
from tutor.core import events as e
from tutor.journal import Draft, Sitting


@pytest.fixture
def disk(monkeypatch: pytest.MonkeyPatch) -> Disk:
    return Disk(monkeypatch)


@pytest.mark.parametrize("call", ["open", "write", "fsync", "close"])
def test_what_the_disk_would_not_take_is_written_when_it_comes_back(tmp_path: Path, disk: Disk, call: str) -> None:
    sitting = journal(tmp_path).begin("owl", STARTED)
    with disk.failing(calls=(call,)):
        record(sitting, step("a"))
        assert sitting.trouble
    sitting.record(e.Left())
    assert sitting.trouble is None
    assert only(journal(tmp_path)).events == sitting.events
    assert [event.payload for event in sitting.events] == [STARTED, *step("a"), e.Left()]


def test_a_sitting_that_begins_while_the_disk_is_gone(tmp_path: Path, disk: Disk) -> None:
    book = journal(tmp_path / "data")
    with disk.failing():
        book.remember_learner("owl")
        sha = book.keep_copy(b"an article")
        sitting = book.begin("owl", STARTED)
        assert sitting.trouble
        assert book.copy(sha) == b"an article"
        assert book.last_learner() == "owl"
        assert not book.exports_dir("owl").exists()
        assert not (tmp_path / "data").exists()
    sitting.record(e.Left())
    assert sitting.trouble is None
    again = journal(tmp_path / "data")
    assert only(again).events == sitting.events
    assert again.copy(sha) == b"an article"
    assert again.last_learner() == "owl"


def test_a_session_is_resumed_while_the_disk_may_only_be_read(tmp_path: Path, disk: Disk) -> None:
    book = journal(tmp_path)
    first = book.begin("owl", STARTED)
    with disk.failing(errno.EROFS):
        sitting = resume(book, only(book))
        record(sitting, step("a"))
        assert only(journal(tmp_path)).events == first.events
        assert sitting.trouble
    sitting.record(e.Left())
    assert only(journal(tmp_path)).events == sitting.events


def test_what_a_failed_fsync_lost_is_written_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    sitting = journal(tmp_path).begin("owl", STARTED)
    [path] = tmp_path.glob("learners/*/*/*.jsonl")
    safe = path.stat().st_size

    def lossy(descriptor: int) -> None:
        os.ftruncate(descriptor, safe)
        os.ftruncate(descriptor, safe + 300)  # the pages are gone and read as zeros
        raise OSError(errno.EIO, "Input/output error")

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", lossy)
        record(sitting, step("a")[:1])
    assert sitting.trouble
    record(sitting, step("a")[1:])
    assert only(journal(tmp_path)).events == sitting.events
    assert only(journal(tmp_path)).damage is None


def test_a_disk_that_takes_a_few_bytes_at_a_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write = os.write
    monkeypatch.setattr(os, "write", lambda descriptor, data: write(descriptor, data[:7]))
    sitting = journal(tmp_path).begin("owl", STARTED)
    assert sitting.trouble is None
    assert only(journal(tmp_path)).events == sitting.events


def test_a_disk_that_takes_nothing_and_says_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "write", lambda *_: 0)
    assert journal(tmp_path).begin("owl", STARTED).trouble


@pytest.mark.skipif(os.name == "nt", reason="folders cannot be synced there")
def test_a_file_that_is_new_is_made_to_outlive_a_power_cut(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def noted(descriptor: int) -> None:
        synced.add(os.fstat(descriptor).st_ino)
        if fails:
            raise fails.pop()

    def above() -> set[int]:
        [path] = tmp_path.glob("data/learners/*/*/*.jsonl")
        return {folder.stat().st_ino for folder in path.parents if folder.is_relative_to(tmp_path)}

    synced: set[int] = set()
    fails = [OSError(errno.EIO, "Input/output error")] * 2  # of the nickname's file, and of the sitting's
    monkeypatch.setattr(os, "fsync", noted)
    sitting = journal(tmp_path / "data").begin("owl", STARTED)
    assert sitting.trouble
    sitting.record(e.Left())
    assert above() <= synced
    shutil.rmtree(tmp_path / "data")
    synced.clear()
    sitting.record(e.Left())
    assert above() <= synced


@pytest.mark.parametrize("number", [errno.EINVAL, errno.ENOTSUP])
def test_a_file_system_without_fsync_is_no_trouble(tmp_path: Path, disk: Disk, number: int) -> None:
    with disk.failing(number, ("fsync",)):
        sitting = journal(tmp_path).begin("owl", STARTED)
        assert sitting.trouble is None
    assert only(journal(tmp_path)).events == sitting.events


def test_the_whole_sitting_is_written_again_when_its_file_has_gone(tmp_path: Path) -> None:
    sitting = journal(tmp_path / "data").begin("owl", STARTED)
    record(sitting, step("a"))
    [path] = tmp_path.glob("data/learners/*/*/*.jsonl")
    shutil.rmtree(tmp_path / "data")
    record(sitting, step("b"))
    assert only(journal(tmp_path / "data")).events == sitting.events
    path.write_bytes(path.read_bytes()[:100])  # the share came back as it was some time ago
    record(sitting, step("c"))
    assert only(journal(tmp_path / "data")).events == sitting.events


def test_a_file_in_the_place_of_the_data_folder(tmp_path: Path) -> None:
    (tmp_path / "data").write_bytes(b"mine")
    book = journal(tmp_path / "data")
    sitting = book.begin("owl", STARTED)
    sitting.save_draft(Draft("a", "It"))
    assert sitting.trouble
    assert book.last_learner() is None
    assert (tmp_path / "data").read_bytes() == b"mine"
    (tmp_path / "data").unlink()
    sitting.record(e.Left())
    assert only(book).events == sitting.events


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (errno.ENOSPC, "no room left"),
        (errno.EDQUOT, "no room left"),
        (errno.EACCES, "may not write"),
        (errno.EROFS, "may not write"),
        (errno.EIO, os.strerror(errno.EIO)),
    ],
)
def test_trouble_says_what_where_and_what_to_do(tmp_path: Path, disk: Disk, number: int, words: str) -> None:
    sitting = journal(tmp_path).begin("owl", STARTED)
    with disk.failing(number, ("write",)):
        sitting.record(e.Left())
    assert sitting.trouble is not None
    assert sitting.trouble.startswith("Your last answers are not saved yet: ")
    assert all(each in sitting.trouble for each in (words, str(tmp_path), "keep this window open"))


@pytest.mark.parametrize("call", ["open", "write", "fsync", "close", "replace"])
def test_a_draft_that_fails_leaves_the_one_before_and_no_litter(tmp_path: Path, disk: Disk, call: str) -> None:
    sitting = journal(tmp_path).begin("owl", STARTED)
    sitting.save_draft(Draft("a", "one"))
    names = sorted(tmp_path.rglob("*"))
    with disk.failing(calls=(call,)):
        sitting.save_draft(Draft("a", "two"))
    assert sitting.trouble is not None
    assert sitting.trouble.startswith("The answer you are typing is not saved yet: ")
    [path] = tmp_path.rglob("*.draft.json")
    assert "one" in path.read_text(encoding="ascii")
    assert sitting.draft() == Draft("a", "two")
    assert sorted(tmp_path.rglob("*")) == names
    sitting.save_draft(Draft("a", "three"))
    assert sitting.trouble is None
    assert sitting.draft() == Draft("a", "three")


def test_a_draft_that_cannot_be_dropped_is_trouble(tmp_path: Path, disk: Disk) -> None:
    sitting = journal(tmp_path).begin("owl", STARTED)
    sitting.save_draft(Draft("a", "one"))
    with disk.failing(calls=("unlink",)):
        sitting.drop_draft()
        assert sitting.trouble
    sitting.drop_draft()
    assert sitting.trouble is None


def test_whatever_the_disk_takes_again_brings_all_that_waited(tmp_path: Path, disk: Disk) -> None:
    sitting = journal(tmp_path).begin("owl", STARTED)
    with disk.failing():
        sitting.record(e.Left())
        sitting.save_draft(Draft("a", "one"))
        assert sitting.trouble is not None
        assert sitting.trouble.startswith("Your last answers")
    sitting.save_draft(Draft("a", "two"))
    assert sitting.trouble is None
    assert only(journal(tmp_path)).events == sitting.events


def test_a_draft_that_could_not_be_saved_is_gone_when_it_was_sent(tmp_path: Path, disk: Disk) -> None:
    sitting = journal(tmp_path).begin("owl", STARTED)
    with disk.failing():
        sitting.save_draft(Draft("a", "one"))
        sitting.drop_draft()
        assert sitting.draft() is None
    sitting.try_again()
    assert sitting.trouble is None
    assert list(tmp_path.rglob("*.draft.json")) == []


def test_what_is_in_memory_only_is_found_by_who_opens_the_lesson_again(tmp_path: Path, disk: Disk) -> None:
    book = journal(tmp_path)
    first = book.begin("owl", STARTED)
    with disk.failing():
        record(first, step("a"))
        first.save_draft(Draft("b", "It"))
        again = resume(book, only(book))
        assert again.events[:-1] == first.events
        assert again.draft() == Draft("b", "It")
        assert again.trouble
        again.record(e.Left())
        assert len(only(book).events) == len(again.events)
    again.try_again()
    assert again.trouble is None
    assert book.trouble is None
    assert only(journal(tmp_path)).events == again.events


class Script:
    """A session with everything in it, and what was acknowledged at each moment."""

    def __init__(self, folder: Path, disk: Disk) -> None:
        self.folder = folder
        self.disk = disk
        self.safe: tuple[e.Event, ...] = ()

    def run(self) -> tuple[Sitting, str]:
        book = journal(self.folder)
        book.remember_learner("owl")
        sha = book.keep_copy(b"an article")
        sitting = book.begin("owl", STARTED)
        self.check(sitting)
        for payload in step("a"):
            sitting.save_draft(Draft("a", "It"))
            sitting.record(payload)
            self.check(sitting)
        sitting.drop_draft()
        return sitting, sha

    def check(self, sitting: Sitting) -> None:
        """What was acknowledged is on the disk, also while it fails."""
        fails, self.disk.fails = self.disk.fails, lambda _: None
        if sitting.trouble is None:
            self.safe = sitting.events
        found = [past.events for past in journal(self.folder).past("owl")] or [()]
        assert found == [sitting.events[: len(found[0])]]
        assert len(found[0]) >= len(self.safe)
        self.disk.fails = fails


@pytest.mark.parametrize("length", [1, 3, 10_000])
def test_the_nth_call_fails_and_some_after_it(tmp_path: Path, disk: Disk, length: int) -> None:
    """For every n, until a run never comes that far; then the disk is well again."""
    for first in count(1):
        failed = disk.fail_once(first, length)
        script = Script(tmp_path / str(first), disk)
        sitting, sha = script.run()
        disk.fails = lambda _: None
        sitting.drop_draft()
        sitting.record(e.Left())
        assert sitting.trouble is None
        again = journal(script.folder)
        assert only(again).events == sitting.events
        assert (again.copy(sha), again.last_learner(), sitting.draft()) == (b"an article", "owl", None)
        if not failed:
            assert first > 50
            break


KILLED = """
import sys
from pathlib import Path
from tests.journal.desk import STARTED, journal, step

sitting = journal(Path(sys.argv[1])).begin("owl", STARTED)
print(sitting.events[-1].seq, flush=True)
for number in range(10_000):
    for payload in step(str(number)):
        print(sitting.record(payload).seq, flush=True)
"""


@pytest.mark.parametrize("lines", [1, 2, 23])
def test_nothing_acknowledged_is_lost_when_the_program_is_killed(tmp_path: Path, lines: int) -> None:
    checkout = Path(__file__).parents[2]
    with subprocess.Popen(
        [sys.executable, "-c", KILLED, tmp_path], cwd=checkout, stdout=subprocess.PIPE, text=True
    ) as run:
        assert run.stdout is not None
        acknowledged = [int(run.stdout.readline()) for _ in range(lines)]
        run.kill()
        acknowledged += [int(line) for line in run.stdout if line.endswith("\n")]
    past = only(journal(tmp_path))
    assert past.damage is None
    assert past.events[-1].seq >= acknowledged[-1]
    assert resume(journal(tmp_path), past).events[:-1] == past.events
