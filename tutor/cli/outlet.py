"""The command line's way out: whatever is written to standard output or standard error is cleaned."""

from __future__ import annotations

import io
import sys
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from typing import TextIO

from tutor.core.clean import clean, one_line


class Outlet(io.TextIOBase):
    """A stream whose text is data, every bit of it: no message, however it was put together, acts on a terminal."""

    def __init__(self, stream: TextIO) -> None:
        super().__init__()
        self.stream = stream

    @property
    def encoding(self) -> str:  # type: ignore[override]
        """As of the stream behind."""
        return self.stream.encoding

    def write(self, text: str) -> int:
        """Write text, cleaned."""
        self.stream.write(clean(text))
        return len(text)

    def flush(self) -> None:
        """See to it that all of it is written. An outlet outlives what is behind it, and is flushed when it goes."""
        if not self.stream.closed:
            self.stream.flush()

    def isatty(self) -> bool:
        """Whether there is a terminal."""
        return self.stream.isatty()

    def fileno(self) -> int:
        """The descriptor of the stream behind."""
        return self.stream.fileno()


@contextmanager
def cleaned() -> Iterator[None]:
    """Clean what is written to standard output and standard error meanwhile."""
    with redirect_stdout(Outlet(sys.stdout)), redirect_stderr(Outlet(sys.stderr)):
        yield


def write_over(line: str) -> None:
    """Write a line on standard error over the one before, or take it away: how far a long work has come."""
    stream = sys.stderr.stream if isinstance(sys.stderr, Outlet) else sys.stderr
    shown = one_line(line)
    stream.write(f"\r{shown:<90}" if shown else f"\r{shown:<90}\r")
    stream.flush()
