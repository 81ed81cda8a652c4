"""A disk on which any call that changes it may fail, however the program comes to make it."""

from __future__ import annotations

import io
import os
from collections.abc import Callable
from pathlib import Path
from typing import IO, Any

import pytest

from tests.journal.desk import Disk

_MORE = ("rename", "rmdir")


class AnyDisk(Disk):
    """As `Disk`, and also for files that are opened by Python's own `open`, renamed, and removed with their folders."""

    def __init__(self, patch: pytest.MonkeyPatch) -> None:
        super().__init__(patch)
        for name in _MORE:
            patch.setattr(os, name, self._wrapped(name, getattr(os, name)))
        patch.setattr(io, "open", _opened_by(io.open))


class _Unbuffered(io.RawIOBase):
    """A file whose every call goes through `os`, where it may fail."""

    def __init__(self, descriptor: int) -> None:
        super().__init__()
        self._descriptor = descriptor

    def writable(self) -> bool:
        return True

    def fileno(self) -> int:
        return self._descriptor

    def write(self, data: Any, /) -> int:
        return os.write(self._descriptor, bytes(data))

    def close(self) -> None:
        if not self.closed:
            super().close()
            os.close(self._descriptor)


def _opened_by(real: Callable[..., IO[Any]]) -> Callable[..., IO[Any]]:
    def opened(file: Any, mode: str = "r", buffering: int = -1, *args: Any, **options: Any) -> IO[Any]:
        kind = mode.replace("b", "").replace("t", "")
        if kind not in ("w", "x"):
            return real(file, mode, buffering, *args, **options)
        flags = os.O_WRONLY | os.O_CREAT | (os.O_TRUNC if kind == "w" else os.O_EXCL)
        descriptor = file if isinstance(file, int) else os.open(file, flags, 0o666)
        buffered = io.BufferedWriter(_Unbuffered(descriptor))
        return buffered if "b" in mode else io.TextIOWrapper(buffered, *args, **options)

    return opened


def tree(folder: Path) -> dict[str, bytes]:
    """Every file below a folder, by its place in it."""
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}
