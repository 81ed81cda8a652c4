"""What is too old goes by itself, with all that belongs to it; a clock that is wrong takes nothing away."""

from __future__ import annotations

import json
import os
import shutil
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path

import pytest

from tests.journal.desk import files, record, resume, step
from tests.journal.test_forgetting import session
from tutor.core import events as e
from tutor.journal import Draft, Journal, Sitting

posix = pytest.mark.skipif(os.name == "nt", reason="links are those of POSIX")
DAY = timedelta(days=1)
YEAR = timedelta(days=366)
START = datetime(2027, 3, 1, 9, tzinfo=UTC)
_NUMBERS = count(1)


class Machine:
    """A computer with a clock that can be wrong. Each visit opens Closeread once."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.now = START

    def visit(self, months: int = 12) -> Journal:
        """Open Closeread, which removes what is too old."""
        book = Journal(self.folder, now=lambda: self.now, new_id=lambda: f"{next(_NUMBERS):06}")
        book.expire(months)
        return book

    def learn(self, learner: str = "owl", *copies: bytes) -> Sitting:
        """Have a lesson now; the files get the time of this machine."""
        before = set(self.folder.rglob("*"))
        book = self.visit()
        sitting = session(book, learner, *copies)
        for path in set(self.folder.rglob("*")) - before:
            self.touch(path)
        return sitting

    def touch(self, path: Path) -> None:
        """Give a file this machine's time."""
        os.utime(path, (self.now.timestamp(), self.now.timestamp()))

    def go(self, time: timedelta, every: timedelta = 20 * DAY, months: int = 12) -> None:
        """Let time pass, in which Closeread is opened now and then."""
        end = self.now + time
        while self.now < end:
            self.now = min(self.now + every, end)
            self.visit(months)

    def sessions(self, learner: str = "owl") -> list[str]:
        """The sessions that are there."""
        return [past.session for past in Journal(self.folder, now=lambda: self.now, new_id=str).past(learner)]

    def gone(self) -> bool:
        """Whether nothing is left of anybody."""
        return [path.name for path in self.folder.iterdir()] == ["opened"]


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    machine = Machine(tmp_path / "data")
    machine.learn("early")  # Closeread is known here
    machine.visit()
    return machine


def test_what_is_twelve_months_old_goes_with_all_that_belongs_to_it(machine: Machine) -> None:
    machine.go(DAY)
    machine.learn()
    machine.go(timedelta(days=363))
    assert machine.sessions()
    machine.go(25 * DAY)
    assert machine.gone()


def test_each_session_has_its_own_age(machine: Machine) -> None:
    machine.go(DAY)
    machine.learn("owl", b"old lesson", b"article")
    machine.go(200 * DAY)
    new = machine.learn("owl", b"new lesson", b"article")
    machine.go(200 * DAY)
    assert machine.sessions() == [new.session]
    assert len(list((machine.folder / "copies").iterdir())) == 2
    assert [page.stem for page in machine.folder.glob("learners/*/exports/*")] == [new.session]
    assert [each.name.partition(".")[0] for each in machine.folder.glob("learners/*/*.draft.json")] == [new.session]
    assert machine.visit().learners() == ["owl"]
    machine.go(200 * DAY)
    assert machine.gone()


def test_half_typed_answers_of_all_windows_go_with_their_session_and_keep_it_while_they_are_young(
    machine: Machine,
) -> None:
    machine.go(DAY)
    sitting = machine.learn()
    book = machine.visit()
    other = resume(book, book.past("owl")[0])
    other.save_draft(Draft("who", "half of another answer"))
    young, old = sorted(
        machine.folder.glob(f"learners/owl-*/{sitting.session}.*.draft.json"),
        key=lambda each: other.sitting in each.name,
    )[::-1]
    for path in (old, *machine.folder.glob(f"learners/owl-*/{sitting.session}/*")):
        machine.touch(path)
    machine.go(200 * DAY)
    machine.touch(young)
    machine.go(200 * DAY)
    assert machine.sessions() == [sitting.session]
    machine.go(200 * DAY)
    assert machine.gone()


def test_a_session_that_somebody_goes_on_with_stays(machine: Machine) -> None:
    machine.go(DAY)
    first = machine.learn()
    machine.go(360 * DAY)
    book = machine.visit()
    sitting = resume(book, book.past("owl")[0])
    machine.now += 30 * DAY
    book.expire(12)  # this window has looked before; another one has not
    machine.visit()
    assert machine.sessions() == [first.session]
    record(sitting, step("next"))
    [past] = machine.visit().past("owl")
    assert past.events == sitting.events
    assert past.damage is None


def test_nothing_that_was_offered_goes_in_the_same_window(machine: Machine) -> None:
    machine.go(DAY)
    machine.learn()
    machine.go(350 * DAY)
    book = machine.visit()
    offered = book.past("owl")
    machine.now += 30 * DAY
    book.expire(12)
    assert book.past("owl") == offered


@pytest.mark.parametrize(
    "younger", ["the times of its events", "the time of one of its files", "its half-typed answer"]
)
def test_one_sign_of_youth_is_enough(machine: Machine, younger: str) -> None:
    machine.go(DAY)
    sitting = machine.learn()
    machine.go(200 * DAY)
    if younger == "the times of its events":
        [path] = machine.folder.glob(f"learners/*/{sitting.session}/*.jsonl")
        before = path.stat().st_mtime
        record(sitting, [e.Left()])
        os.utime(path, (before, before))
    else:
        pattern = "*.draft.json" if "half" in younger else f"{sitting.session}/*.jsonl"
        for path in machine.folder.glob(f"learners/owl-*/{pattern}"):
            machine.touch(path)
    machine.go(200 * DAY)
    assert machine.sessions() == [sitting.session]
    machine.go(200 * DAY)
    assert machine.gone()


def test_a_damaged_session_goes_by_the_time_of_its_files(machine: Machine) -> None:
    machine.go(DAY)
    sitting = machine.learn()
    [path] = machine.folder.glob(f"learners/*/{sitting.session}/*.jsonl")
    path.write_bytes(b"\xff\n{}\n[1]\n" + b"[" * 100_000)
    machine.touch(path)
    machine.go(300 * DAY)
    assert path.exists()
    machine.go(100 * DAY)
    assert machine.gone()


def test_with_0_everything_stays_for_ever(machine: Machine) -> None:
    machine.go(DAY)
    machine.learn()
    machine.go(4 * YEAR, months=0)
    assert machine.sessions()


def test_another_number_of_months(machine: Machine) -> None:
    machine.go(DAY)
    machine.learn()
    machine.go(27 * DAY, every=3 * DAY, months=1)
    assert machine.sessions()
    machine.go(9 * DAY, every=3 * DAY, months=1)
    assert machine.gone()


@pytest.mark.parametrize("leap", [YEAR - 20 * DAY, YEAR, 4 * YEAR, 400 * YEAR])
@pytest.mark.parametrize("days", [0, 1, 60], ids=["at once", "for a day", "for two months"])
def test_a_clock_that_leaps_ahead_takes_nothing_away(machine: Machine, leap: timedelta, days: int) -> None:
    machine.go(100 * DAY)
    kept = machine.learn().session
    machine.go(50 * DAY)
    machine.now += leap
    machine.visit()
    machine.go(days * DAY, every=DAY)
    assert machine.sessions() == [kept]
    machine.now -= leap
    machine.visit()
    machine.go(300 * DAY)
    assert machine.sessions() == [kept]
    machine.go(2 * YEAR)
    assert machine.gone()


@pytest.mark.parametrize("back", [YEAR, 20 * YEAR])
def test_what_was_done_while_the_clock_was_behind_stays_when_it_is_put_right(machine: Machine, back: timedelta) -> None:
    machine.go(100 * DAY)
    before = machine.learn().session
    machine.now -= back
    machine.visit()
    behind = machine.learn().session
    machine.go(5 * DAY, every=DAY)
    machine.now += back
    machine.go(200 * DAY, every=DAY)
    assert set(machine.sessions()) == {before, behind}
    machine.go(2 * YEAR)
    assert machine.gone()


def test_a_first_lesson_with_a_clock_that_was_never_set(tmp_path: Path) -> None:
    machine = Machine(tmp_path / "data")
    machine.now = datetime(2000, 1, 1, tzinfo=UTC)
    kept = machine.learn().session
    machine.visit()
    machine.now = START
    machine.go(200 * DAY, every=DAY)
    assert machine.sessions() == [kept]


def test_a_leap_of_some_months_has_to_last_for_a_week(machine: Machine) -> None:
    machine.go(30 * DAY)
    kept = machine.learn().session
    machine.go(100 * DAY)
    machine.now += 300 * DAY
    machine.visit()
    machine.go(5 * DAY, every=DAY)
    assert machine.sessions() == [kept]
    machine.go(3 * DAY, every=DAY)
    assert machine.gone()


def test_an_hour_back_is_no_leap(machine: Machine) -> None:
    machine.go(DAY)
    machine.learn()
    for _ in range(13):
        machine.go(29 * DAY)
        machine.now -= timedelta(hours=1)
        machine.visit()
    assert machine.gone()


def test_records_that_were_moved_to_another_computer_begin_anew(machine: Machine) -> None:
    machine.learn()
    (machine.folder / "opened").unlink()
    machine.now += 2 * YEAR
    machine.go(300 * DAY)
    assert machine.sessions()
    machine.go(100 * DAY)
    assert machine.gone()


@pytest.mark.parametrize(
    "text", ["", "{}", "[]", '{"since": 1}', '{"since": "x", "steady": "x", "last": "x"}', "[" * 9000]
)
def test_a_damaged_note_of_the_clock_is_begun_anew(machine: Machine, text: str) -> None:
    machine.go(DAY)
    kept = machine.learn().session
    machine.go(360 * DAY)
    (machine.folder / "opened").write_text(text)
    machine.go(60 * DAY)
    assert machine.sessions() == [kept]
    assert json.loads((machine.folder / "opened").read_text()).keys() == {"since", "steady", "last"}


def test_nothing_goes_where_the_time_cannot_be_noted(machine: Machine, monkeypatch: pytest.MonkeyPatch) -> None:
    machine.go(DAY)
    kept = machine.learn().session
    machine.go(360 * DAY)

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    machine.go(100 * DAY)
    assert machine.sessions() == [kept]


def test_what_a_crash_left_behind_goes_too(machine: Machine) -> None:
    machine.go(DAY)
    sitting = machine.learn()
    [folder] = machine.folder.glob("learners/owl-*")
    (folder / ".000001.draft.json.torn").write_text("half an ans")
    shutil.move(folder / sitting.session, folder / f".{sitting.session}.gone")
    for path in folder.rglob("*"):
        machine.touch(path)
    machine.go(400 * DAY)
    assert machine.gone()


def test_a_young_folder_with_such_a_name_that_nobody_is_removing_stays(machine: Machine) -> None:
    machine.go(360 * DAY)
    machine.learn()
    [folder] = machine.folder.glob("learners/owl-*")
    young = folder / "weekend.gone" / "photo"
    young.parent.mkdir(parents=True)
    young.write_text("mine")
    machine.touch(young)
    machine.go(40 * DAY)
    assert machine.visit().learners() == ["owl"]  # by now the first learner's work is too old
    assert young.read_text() == "mine"


@posix
def test_a_link_is_not_followed_to_what_is_old(machine: Machine, tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "mine.jsonl").write_text("mine")
    machine.go(DAY)
    machine.learn()
    [folder] = machine.folder.glob("learners/owl-*")
    (folder / "exports" / "link").symlink_to(outside)
    (folder / "link").symlink_to(outside)
    (machine.folder / "learners" / "link").symlink_to(outside)
    for path in (outside, outside / "mine.jsonl"):
        machine.touch(path)
    machine.go(400 * DAY)
    assert files(outside) == {outside / "mine.jsonl": b"mine"}
