"""What the journal does to a disk: every write either is there after a power cut or is known not to be.

All functions raise OSError where the disk fails; nothing here is shown to people.
"""

from __future__ import annotations

import errno
import os
import tempfile
from contextlib import suppress
from pathlib import Path

_BINARY = getattr(os, "O_BINARY", 0)  # Windows would turn line feeds into pairs otherwise
# What file systems answer that do not know the call: they have nothing safer to offer.
_NO_FSYNC = {errno.EINVAL, errno.ENOSYS, errno.ENOTSUP, errno.EOPNOTSUPP}


def make_folder(folder: Path) -> None:
    """Create a folder, and those above it that are missing, for their owner alone."""
    if folder.is_dir():
        return
    make_folder(folder.parent)
    with suppress(FileExistsError):  # another window was quicker
        folder.mkdir(mode=0o700)


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


class GrowingFile:
    """A file that one process alone makes longer. Nothing is forgotten before it is known to be on the disk.

    A failed write may leave half a line, and after a failed fsync nobody knows what the disk holds. So every attempt
    writes all bytes again from the last place that is known to be good; the bytes that are there already are the same.
    """

    def __init__(self, path: Path, top: Path) -> None:
        """`top` is the highest folder whose list of entries may change when the file is created."""
        self._path = path
        self._top = top
        self._content = bytearray()
        self._safe = 0
        self._created = False
        self._listed = False

    def add(self, data: bytes) -> None:
        """What the next `save` has to write."""
        self._content += data

    def save(self) -> None:
        """Bring everything added so far to the disk; after an OSError it may be called again, at any later time."""
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
            _sync_folders(self._path.parent, self._top)
            self._listed = True
        self._safe = len(self._content)

    def _open(self) -> int:
        if self._created:
            with suppress(FileNotFoundError):  # moved away, or a network share that came back empty
                return os.open(self._path, os.O_WRONLY | _BINARY)
        make_folder(self._path.parent)
        descriptor = os.open(self._path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | _BINARY, 0o600)
        self._created = True
        self._listed = False
        return descriptor


class SmallFiles:
    """Whole files that have to be on the disk some time: those that it would not take wait in memory."""

    def __init__(self) -> None:
        self._waiting: dict[Path, bytes] = {}

    def put(self, path: Path, data: bytes) -> None:
        """Write a file now, or at a later `settle`."""
        self._waiting[path] = data
        with suppress(OSError):
            self.settle()

    def get(self, path: Path) -> bytes | None:
        """The bytes of a file; None where there is none that can be read."""
        if path in self._waiting:
            return self._waiting[path]
        try:
            return path.read_bytes()
        except OSError:
            return None

    def settle(self) -> None:
        """Write what waits."""
        for path, data in list(self._waiting.items()):
            replace_file(path, data)
            del self._waiting[path]


def _write(descriptor: int, data: bytes) -> None:
    while data:
        written = os.write(descriptor, data)
        if not written:
            raise OSError(errno.EIO, os.strerror(errno.EIO))
        data = data[written:]


def _sync(descriptor: int) -> None:
    try:
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
