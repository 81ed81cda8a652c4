"""What the journal does to a disk: every write either is there after a power cut or is known not to be.

All functions raise OSError where the disk fails; nothing here is shown to people.
"""

from __future__ import annotations

import errno
import os
import stat
import sys
import tempfile
from contextlib import suppress
from pathlib import Path

from tutor.journal.regular import read_regular

_BINARY = getattr(os, "O_BINARY", 0)  # Windows would turn line feeds into pairs otherwise
# What file systems answer that do not know the call: they have nothing safer to offer.
_NO_FSYNC = {errno.EINVAL, errno.ENOSYS, errno.ENOTSUP, errno.EOPNOTSUPP}


def make_folder(folder: Path) -> None:
    """Create a folder, and those above it that are missing, for their owner alone."""
    if folder.is_dir():
        return
    if folder.parent == folder:  # a drive that is not there
        raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), str(folder))
    make_folder(folder.parent)
    with suppress(FileExistsError):  # another window was quicker
        folder.mkdir(mode=0o700)
    _sync_folder(folder.parent)


def replace_file(path: Path, data: bytes) -> None:
    """Put a whole file in the place of what stood there: a reader sees the old bytes or the new, never a mixture."""
    make_folder(path.parent)
    descriptor, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    try:
        try:
            _write(descriptor, data)
            _sync(descriptor)
        finally:
            os.close(descriptor)
        Path(name).replace(path)
    except BaseException:
        with suppress(OSError):
            Path(name).unlink()
        raise
    _sync_folder(path.parent)


class RemovedError(OSError):
    """A file is not written anew, since somebody removed its folder on purpose."""


class GrowingFile:
    """A file that one process alone makes longer. Nothing is forgotten before it is known to be on the disk.

    A failed write may leave half a line, and after a failed fsync nobody knows what the disk holds. So every attempt
    writes all bytes again from the last place that is known to be good; the bytes that are there already are the same.
    """

    def __init__(
        self, path: Path, root: Path, written: bytes = b"", *, stands: bool = False, is_whole: bool = True
    ) -> None:
        """`root` is the data folder, `written` what this process has brought to the file already; `stands` says that
        there has been a folder for it, and `is_whole` that it can be read without the other files of that folder.
        """
        self._path = path
        self._root = root
        self._is_whole = is_whole
        self._stands = stands or os.path.isdir(path.parent)  # noqa: PTH112  that of pathlib may raise
        self._known_in = _identity(root) if self._stands else None
        self._watch()
        self._content = bytearray(written)
        self._safe = len(written)
        self._created = self._listed = bool(written)

    @property
    def stands(self) -> bool:
        """Whether there has been a folder for it."""
        return self._stands

    @property
    def is_removed(self) -> bool:
        """Whether its folder has gone from a data folder that is still the same one: somebody wanted that. A share that
        is away takes the data folder with it. As long as there has been no folder for it, the one above that counts.
        """
        if self._known_in is None or _identity(self._root) != self._known_in:
            return False
        try:
            (self._path.parent if self._stands else self._path.parent.parent).lstat()
        except FileNotFoundError:
            return True
        except OSError:
            return False
        return False

    def _watch(self) -> None:
        if not self._stands and os.path.lexists(self._path.parent.parent):
            self._known_in = _identity(self._root)

    def add(self, data: bytes) -> None:
        """What the next `save` has to write."""
        self._content += data

    def guard(self) -> None:
        """Say whether the folder may be made where it is missing: RemovedError where `is_removed`, and another OSError
        where it stood elsewhere and this file would be of no use in a new one.
        """
        if self.is_removed:
            raise RemovedError(errno.ENOENT, os.strerror(errno.ENOENT), str(self._path.parent))
        if self._stands and not self._is_whole:
            self._path.parent.stat()

    def save(self) -> None:
        """Bring everything added so far to the disk; after an OSError it may be called again, at any later time.

        As `guard` where its folder is missing.
        """
        descriptor = self._open()
        try:
            if os.fstat(descriptor).st_size < self._safe:
                self._safe = 0  # it is not the file that was left here
            os.lseek(descriptor, self._safe, os.SEEK_SET)
            _write(descriptor, bytes(self._content[self._safe :]))
            _sync(descriptor)
        finally:
            os.close(descriptor)
        if not self._listed:
            _sync_folders(self._path.parent, self._root.parent)
            self._listed = True
        self._known_in = _identity(self._root)
        self._safe = len(self._content)

    def _open(self) -> int:
        if self._created:
            with suppress(FileNotFoundError):  # moved away, or a network share that came back empty
                return os.open(self._path, os.O_WRONLY | _BINARY)
        self.guard()
        try:
            make_folder(self._path.parent)
        finally:
            self._watch()
        try:
            descriptor = os.open(self._path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | _BINARY, 0o600)
        except FileExistsError:
            if not self._is_ours():
                raise
            descriptor = os.open(self._path, os.O_WRONLY | _BINARY)
        self._created = self._stands = True
        self._listed = False
        self._known_in = _identity(self._root)
        return descriptor

    def _is_ours(self) -> bool:
        """Whether what stands there is a beginning of this file: it was created, and the answer to that was lost."""
        return stat.S_ISREG(self._path.lstat().st_mode) and self._content.startswith(read_regular(self._path))


def _identity(folder: Path) -> tuple[int, int] | None:
    """What tells a folder from another one that stands in its place later; None where there is none."""
    try:
        found = folder.stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino


def _write(descriptor: int, data: bytes) -> None:
    while data:
        written = os.write(descriptor, data)
        if not written:
            raise OSError(errno.EIO, os.strerror(errno.EIO))
        data = data[written:]


def _sync(descriptor: int) -> None:
    try:
        if sys.platform == "darwin":
            import fcntl  # noqa: PLC0415  there is none on Windows

            with suppress(OSError):  # not every file system has this; fsync leaves it in the drive's own memory there
                fcntl.fcntl(descriptor, fcntl.F_FULLFSYNC)
                return
        os.fsync(descriptor)
    except OSError as error:
        if error.errno not in _NO_FSYNC:
            raise


def _sync_folders(folder: Path, top: Path) -> None:
    """Make the entries of a folder, and of those above it up to `top`, outlive a power cut."""
    _sync_folder(folder)
    if folder not in (top, folder.parent):
        _sync_folders(folder.parent, top)


def _sync_folder(folder: Path) -> None:
    if os.name == "nt":  # no such call there
        return
    try:
        descriptor = os.open(folder, os.O_RDONLY)
    except PermissionError:  # a folder above ours that may be passed through but not opened
        return
    try:
        _sync(descriptor)
    finally:
        os.close(descriptor)
