"""What a journal has to bring to the disk, and keeps in memory until the disk takes it."""

from __future__ import annotations

import errno
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from threading import RLock

from tutor.journal.drafts import DRAFT
from tutor.journal.files import GrowingFile, RemovedError, replace_file
from tutor.journal.regular import read_regular


@dataclass(frozen=True)
class _Unsaved:
    """What waits: files that grow, whole files (None: to be removed) with those they belong to, and the last failure.

    It is replaced and never changed, so it can be looked at without the lock: whoever holds that may wait for a disk
    that hangs, and the screen must not.
    """

    growing: tuple[GrowingFile, ...] = ()
    whole: Mapping[Path, tuple[bytes | None, GrowingFile | None]] = field(default_factory=dict)
    error: OSError | None = None

    @property
    def is_removed(self) -> bool:
        """Whether nothing of it could be written now."""
        files = [*self.growing, *(file for _, file in self.whole.values() if file)]
        return all(file.is_removed for file in files)


class Waiting:
    """The files of all sittings of one journal. None of the methods raises because of the disk: what it would not take
    waits, `trouble` says so, and each further call tries again.
    """

    def __init__(self, folder: Path, note: str = "") -> None:
        """`folder` is the one that people know, `note` what they have to know about it even if it can be written to."""
        self.folder = folder
        self.note = note
        self._unsaved = _Unsaved()
        self._lock = RLock()  # lessons are opened beside the thread that records

    @property
    def trouble(self) -> str | None:
        """What is not on the disk, why, and what to do about it; None while all is well."""
        now = self._unsaved
        if now.error is None or (isinstance(now.error, RemovedError) and now.is_removed):
            return None
        if any(not file.is_removed for file in now.growing):
            what = "Your last answers are"
        elif all(path.name.endswith(DRAFT) for path in now.whole):
            what = "The answer you are typing is"
        else:
            what = "Something that belongs to your answers is"
        return _sentence(f"{what} not saved yet", now.error, self.folder)

    def grow(self, file: GrowingFile) -> None:
        """Bring what was added to a file to the disk."""
        with self._lock:
            if file not in self._unsaved.growing:
                self._unsaved = replace(self._unsaved, growing=(*self._unsaved.growing, file))
            self.try_again()

    def put(self, path: Path, data: bytes, belongs_to: GrowingFile | None = None) -> None:
        """Put a whole file in the place of what stood there, unless the one that it belongs to may not be made anew."""
        self._settle(path, data, belongs_to)

    def drop(self, path: Path) -> None:
        """Remove a file, or see that there is none."""
        self._settle(path, None)

    def get(self, path: Path) -> bytes | None:
        """The bytes of a whole file; None where there is none that can be read."""
        whole = self._unsaved.whole
        if path in whole:
            return whole[path][0]
        try:
            return read_regular(path)
        except OSError:
            return None

    @property
    def paths(self) -> tuple[Path, ...]:
        """The whole files that wait, the one that came last first."""
        return tuple(reversed([*self._unsaved.whole]))

    def try_again(self) -> None:
        """Write all that waits. What fails keeps nothing else from the disk; answers go first.

        What was removed waits in silence: its folder may be put back, where not all of it could be removed.
        """
        errors: list[OSError] = []
        with self._lock:
            growing = tuple(file for file in self._unsaved.growing if not _done(file.save, errors))
            whole = {
                path: waiting
                for path, waiting in self._unsaved.whole.items()
                if not _done(partial(_bring, path, *waiting), errors)
            }
            error = min(errors, key=lambda each: isinstance(each, RemovedError), default=None)
            self._unsaved = _Unsaved(growing, whole, error)

    def _settle(self, path: Path, data: bytes | None, belongs_to: GrowingFile | None = None) -> None:
        with self._lock:
            whole = {each: waiting for each, waiting in self._unsaved.whole.items() if each != path}
            whole[path] = data, belongs_to  # the one that came last stands last
            self._unsaved = replace(self._unsaved, whole=whole)
            self.try_again()


def _done(act: Callable[[], None], errors: list[OSError]) -> bool:
    try:
        act()
    except OSError as error:
        errors.append(error)
        return False
    return True


def _bring(path: Path, data: bytes | None, belongs_to: GrowingFile | None) -> None:
    if data is None:
        path.unlink(missing_ok=True)
        return
    if belongs_to:
        belongs_to.guard()
    replace_file(path, data)


def _sentence(what: str, error: OSError, folder: Path) -> str:
    match error.errno:
        case errno.ENOSPC | errno.EDQUOT | errno.EFBIG:
            why, cure = f"there is no room left for {folder}", "Make some room on the disk"
        case errno.EACCES | errno.EPERM | errno.EROFS:
            why, cure = f"this program may not write to {folder}", "Ask the person who looks after this computer"
        case _:
            why, cure = f"writing to {folder} failed ({error.strerror or error})", "Ask your teacher for help"
    return f"{what}: {why}. {cure}, and keep this window open: then it is saved."
