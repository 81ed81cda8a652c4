"""Removing what is older than it may become.

A computer's clock may be wrong, for an hour or for good, and it decides here. So nothing goes unless all of this says
that it is too old: the times of its events, the times of its files, and the time since which the clock is known to run
on without jumps. A clock that went back, or leapt by nearly as much as things are kept for, is not believed: from then
on, time counts anew. Where Closeread was not opened for more than a month, it may be the clock that leapt by as much:
then it has to run on for a week first. All errors are on the side of keeping.

What is known of the clock stands in the file `opened`, for no learner in particular.
"""

from __future__ import annotations

import json
import os
import stat
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from tutor.journal.copies import needed, unneeded
from tutor.journal.drafts import drafts_of
from tutor.journal.files import replace_file
from tutor.journal.regular import lines_of, read_regular
from tutor.journal.removing import drop_if_empty, going, is_going, remove

_A_DAY = timedelta(hours=20)  # a lesson is not at the same minute every day
_GAP = timedelta(days=31)
_TRIAL = timedelta(days=7)
_NEARLY = 0.9


@dataclass(frozen=True)
class _Clock:
    """What is known of the clock: it has not jumped too far to be believed since `since`, runs on without a gap from
    `steady` on, and was looked at `last`.
    """

    since: datetime
    steady: datetime
    last: datetime


def expire(data_dir: Path, months: int, now: datetime) -> None:
    """Remove the sessions, drafts and pages of all learners in which nothing has happened for so many months.

    Does so once a day at most, and not at all where `months` is 0. Never raises because of the disk.
    """
    if not months or not os.path.isdir(data_dir / "learners"):  # noqa: PTH112  that of pathlib may raise
        return
    now = now.astimezone(UTC)
    before = _months_before(now, months)
    with suppress(OSError, OverflowError):
        if _is_trusted(data_dir / "opened", now, before):
            _expire(data_dir, before.timestamp())


def _months_before(now: datetime, months: int) -> datetime:
    year, month = divmod(max(12, now.year * 12 + now.month - 1 - months), 12)
    return now.replace(year=year, month=month + 1, day=min(now.day, 28))


def _is_trusted(path: Path, now: datetime, before: datetime) -> bool:
    """Note that the clock was looked at. Whether to believe it, today, that something is older than `before`."""
    known = _read(path)
    if known and known.last - _A_DAY <= now < known.last + _A_DAY:
        return False
    clock = _Clock(now, now, now)
    if known and known.last < now and now - known.last < _NEARLY * (now - before):
        clock = _Clock(known.since, known.steady if now <= known.last + _GAP else now, now)
    times = {name: each.isoformat(timespec="seconds") for name, each in vars(clock).items()}
    replace_file(path, json.dumps(times).encode("ascii"))
    return clock.since < before and clock.steady + _TRIAL <= now


def _read(path: Path) -> _Clock | None:
    try:
        times = json.loads(read_regular(path))
        clock = _Clock(**{name: datetime.fromisoformat(each).astimezone(UTC) for name, each in times.items()})
    except (OSError, ValueError, TypeError, AttributeError, OverflowError, RecursionError):
        return None
    return clock


def _expire(data_dir: Path, before: float) -> None:
    removed = 0
    for learner in _folders(data_dir / "learners"):
        with suppress(OSError):  # one folder that cannot be read must not keep all others
            removed += _expire_sessions(learner, before)
            for path in _strays(learner):
                if path.lstat().st_mtime < before:
                    remove(path)
            _drop_nickname(data_dir, learner, before)
    if removed:
        for path in unneeded(data_dir, needed(data_dir), before):
            remove(path)
        drop_if_empty(data_dir / "learners", data_dir / "copies")


def _expire_sessions(learner: Path, before: float) -> int:
    """How many of a learner's sessions were removed."""
    removed = 0
    for session in _folders(learner):
        gone = session
        if not is_going(session):
            if session.name == "exports" or not _is_past(learner, session, before):
                continue
            # At once for who reads meanwhile: half of a session would look like damage.
            gone = session.rename(going(session))
        for path in (*drafts_of(learner, session.name), gone):
            remove(path)
        removed += 1
    return removed


def _is_past(learner: Path, session: Path, before: float) -> bool:
    """Whether nothing has happened in a session since then, by the times of its files and by those of its events."""
    files = [*session.iterdir(), *drafts_of(learner, session.name)]
    return all(path.lstat().st_mtime < before for path in files) and all(_last_event(path) < before for path in files)


def _last_event(path: Path) -> float:
    """The latest time that an event in a file names; 0 where none can be read."""
    if path.suffix != ".jsonl" or not stat.S_ISREG(path.lstat().st_mode):
        return 0
    return max(map(_time_of, lines_of(path)), default=0)


def _time_of(line: bytes) -> float:
    try:
        return datetime.fromisoformat(json.loads(line)["at"]).timestamp()
    except (ValueError, TypeError, KeyError, OverflowError, RecursionError):
        return 0


def _strays(learner: Path) -> list[Path]:
    """A learner's pages, and files that no session has: drafts of lost ones, and what a crash left half written."""
    folders = _folders(learner)
    kept = {learner / "nickname", *folders, *(path for each in folders for path in drafts_of(learner, each.name))}
    strays = [each for each in learner.iterdir() if each not in kept]
    exports = learner / "exports"
    return [*strays, *exports.iterdir()] if exports in folders else strays


def _drop_nickname(data_dir: Path, learner: Path, before: float) -> None:
    """Where nothing else is left of a learner, the nickname goes, too."""
    drop_if_empty(learner / "exports")
    nickname, last = learner / "nickname", data_dir / "learner"
    if [each.name for each in learner.iterdir()] != ["nickname"] or nickname.lstat().st_mtime >= before:
        return
    with suppress(FileNotFoundError):
        if last.read_bytes() == nickname.read_bytes() and last.lstat().st_mtime < before:
            remove(last)
    remove(nickname)
    drop_if_empty(learner)


def _folders(folder: Path) -> list[Path]:
    """The folders in a folder, without links to such."""
    with os.scandir(folder) as entries:
        return [folder / each.name for each in entries if each.is_dir(follow_symlinks=False)]
