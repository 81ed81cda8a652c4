"""Forgetting a learner: what is kept of one, and taking it away.

The learner's folder goes last, and all of it at once, by another name: so a window in which a lesson is still open
finds nothing half removed that it would have to mend. Whatever stops the work, the same command goes on from there;
only a copy of a lesson, which holds nothing of a learner, may stay until it is too old.
"""

from __future__ import annotations

import os
import stat
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from tutor.journal.copies import named_by, needed, unneeded
from tutor.journal.drafts import DRAFT
from tutor.journal.regular import read_regular
from tutor.journal.removing import drop_if_empty, going, remove

_LONGEST_NICKNAME = 10_000
_AN_HOUR = 3600


@dataclass(frozen=True)
class Kept:
    """How much is kept of a learner; `pages` are files in `exports`."""

    sessions: int = 0
    drafts: int = 0
    pages: int = 0


@dataclass(frozen=True)
class Forgotten:
    """What was removed: of the learner, copies that nobody else needs, and whether the nickname was the last one used
    and is not remembered any more.

    `left` has a sentence for everything that is still there: where it is, why, and what to do.
    """

    removed: Kept
    copies: int
    was_last: bool
    left: tuple[str, ...]


def is_there(folder: Path) -> bool:
    """Whether there is a learner's folder, or what is left of one whose removal was cut short."""
    return any(os.path.lexists(each) for each in (folder, going(folder)))


def kept_in(folder: Path) -> Kept:
    """What a learner's folder holds. Of a folder that cannot be read, or is a link, nothing is known."""
    one, other = _held(folder), _held(going(folder))
    return Kept(one.sessions + other.sessions, one.drafts + other.drafts, one.pages + other.pages)


def _held(folder: Path) -> Kept:
    try:
        entries = list(folder.iterdir()) if _is_folder(folder) else []
        sessions = [each for each in entries if _is_folder(each) and each.name != "exports" and each.name[0] != "."]
        exports = folder / "exports"
        pages = list(exports.iterdir()) if _is_folder(exports) else []
    except OSError:
        return Kept()
    drafts = [each for each in entries if each.name.endswith(DRAFT) and each.name[0] != "."]
    return Kept(len(sessions), len(drafts), len(pages))


def nickname_in(folder: Path) -> str | None:
    """Whose folder it is; None where that is not written there."""
    path = folder / "nickname"
    try:
        if not _is_folder(folder) or not stat.S_ISREG(path.lstat().st_mode):
            return None
        with path.open("rb") as file:
            return file.read(_LONGEST_NICKNAME).decode("utf-8", "surrogatepass") or None
    except (OSError, UnicodeDecodeError):
        return None


def forget(data_dir: Path, folder: Path, *, was_last: bool) -> Forgotten:
    """Remove a learner's folder and what belongs to it elsewhere; `was_last`: the remembered nickname is theirs."""
    before, left, copies = kept_in(folder), [], 0
    if was_last or _is_damaged(data_dir / "learner"):
        left += remove(data_dir / "learner")
    for torn in data_dir.glob(".learner.*"):  # a half-written nickname, from when the computer was switched off
        left += remove(torn)
    try:
        folders = (folder, going(folder))
        theirs = {sha for each in folders if _is_folder(each) for sha in named_by(each)}
        for path in unneeded(data_dir, needed(data_dir, but=folders), time.time() - _AN_HOUR, theirs):
            failed = remove(path)
            left += failed
            copies += not failed
        unknown = []
    except OSError as error:
        why = f"{error.filename}: {error.strerror}"
        unknown = [f"All copies of lessons stay, since nobody can tell which of them others need ({why})."]
    left += _remove_at_once(folder)
    drop_if_empty(data_dir / "learners", data_dir / "copies")
    after, sentences = kept_in(folder), [_sentence(path, error) for path, error in left]
    removed = Kept(before.sessions - after.sessions, before.drafts - after.drafts, before.pages - after.pages)
    was_last = was_last and not os.path.lexists(data_dir / "learner")
    return Forgotten(removed, copies, was_last, (*sentences, *unknown))


def _remove_at_once(folder: Path) -> list[tuple[Path, OSError]]:
    """Remove a learner's folder; what has to stay is there under its old name, and named so."""
    there = going(folder)
    left = remove(there)
    if not os.path.lexists(folder):
        return left
    try:
        folder.rename(there)
    except OSError:  # something of an earlier attempt is left, or a system does not rename what another window has open
        return [*left, *remove(folder)]
    left = remove(there)
    if not left:
        return []
    with suppress(OSError):
        there.rename(folder)
        left = [(folder / path.relative_to(there), error) for path, error in left]
    return left


def _is_damaged(path: Path) -> bool:
    """Whether a file holds no nickname any more, so that nobody can tell whose it was."""
    try:
        read_regular(path).decode("utf-8", "surrogatepass")
    except OSError:
        return False
    except UnicodeDecodeError:
        return True
    return False


def _is_folder(path: Path) -> bool:
    """Whether it is a folder itself, not a link to one."""
    try:
        return stat.S_ISDIR(path.lstat().st_mode)
    except OSError:
        return False


def _sentence(path: Path, error: OSError) -> str:
    return (
        f"{path} is still there ({error.strerror or error}). Close Closeread in all windows, and run this command "
        "again. If it stays, ask the person who looks after this computer to remove it."
    )
