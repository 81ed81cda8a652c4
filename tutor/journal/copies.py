"""The copies of lessons and articles: which of them does a session still need?"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator
from pathlib import Path

from tutor.journal.regular import lines_of


def named_by(learner_dir: Path) -> set[str]:
    """The SHA-256 of every copy that a learner's sessions refer to; OSError where a folder cannot be read.

    A session whose first event cannot be read cannot be resumed, so it needs no copy.
    """
    return {sha for sheet in _sheets(learner_dir) for sha in _named_in(sheet)}


def needed(data_dir: Path, but: Collection[Path] = ()) -> set[str]:
    """What the sessions of all learners refer to, save those in the folders `but`; OSError as above."""
    learners = data_dir / "learners"
    if not learners.is_dir():
        return set()
    return {sha for each in learners.iterdir() if each not in but and each.is_dir() for sha in named_by(each)}


def unneeded(data_dir: Path, needed: Collection[str], before: float, forgotten: Collection[str] = ()) -> list[Path]:
    """The copies that are not needed, and are from before a time or were needed by what is forgotten; OSError.

    The time (seconds since 1970) spares those of a session that is about to begin in another window.
    """
    copies = data_dir / "copies"
    if not copies.is_dir():
        return []
    spare = [each for each in copies.iterdir() if each.name not in needed]
    return [each for each in spare if each.name in forgotten or each.lstat().st_mtime < before]


def _sheets(learner_dir: Path) -> Iterator[Path]:
    for session in learner_dir.iterdir() if learner_dir.is_dir() else ():
        if session.is_dir():
            yield from (each for each in session.iterdir() if each.suffix == ".jsonl" and each.is_file())


def _named_in(sheet: Path) -> set[str]:
    line = next(lines_of(sheet), b"")
    try:
        data = json.loads(line)["data"]
        return {data["lesson_sha"], data["article_sha"]}
    except (ValueError, KeyError, TypeError, RecursionError):
        return set()  # not a first event, or damaged
