"""Reading what may be no file, or no file of ours: a pipe is not waited at, and nothing is taken in without measure."""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

LONGEST_LINE = 1 << 22
"""Bytes. The longest answer, six signs for each of its letters, with all that judges say of it, is a tenth of this."""
_LARGEST = 1 << 26


def read_regular(path: Path) -> bytes:
    """The bytes of a file; OSError where it is something else, or larger than any that the journal writes."""
    with _opened(path) as file:
        data = file.read(_LARGEST + 1)
    if len(data) > _LARGEST:
        raise OSError(errno.EFBIG, os.strerror(errno.EFBIG), str(path))
    return data


def lines_of(path: Path) -> Iterator[bytes]:
    """The whole lines of a file of any size, without their line feeds; OSError where it is something else, and where
    it cannot be read, also in the midst of it.

    A last line without its line feed is left out. One that is too long ends the file: its beginning comes as it is,
    longer than `LONGEST_LINE`.
    """
    with _opened(path) as file:
        while (line := file.readline(LONGEST_LINE + 1)).endswith(b"\n"):
            yield line[:-1]
        if len(line) > LONGEST_LINE:
            yield line


def _opened(path: Path) -> BinaryIO:
    # Asked before it is opened: that would wait, at a named pipe, for somebody who writes into it.
    mode = path.stat().st_mode
    if not stat.S_ISREG(mode):
        raise OSError(errno.EINVAL, "it is a folder" if stat.S_ISDIR(mode) else "it is no file", str(path))
    return path.open("rb")
