"""Where the lines of a conversation come from and go to."""

from __future__ import annotations

import select
import sys
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TextIO

from tutor.core.clean import clean
from tutor.core.limits import LONGEST_ANSWER, LONGEST_KEPT

_NEXT = 0.03
"""Seconds within which the next line of a paste comes, and none that is typed."""
_PAUSE = 0.1
"""Seconds of silence after which a long paste has come to its end."""


@dataclass(frozen=True)
class Console:
    """Where lines come from and go to; `echo` repeats what was read, so that a piped conversation can be read back.

    No line is longer than what may become an answer. At a terminal, lines that arrive faster than anybody types are a
    paste; where there are too many they are refused as a whole, not taken for a hundred thousand answers.
    """

    source: TextIO
    target: TextIO
    echo: bool
    _ahead: deque[str] = field(default_factory=deque, init=False, repr=False)

    def say(self, text: str = "") -> None:
        """Write text, cleaned, and make sure it is seen."""
        self.target.write(clean(text) + "\n")
        self.target.flush()

    def ask(self, prompt: str) -> str | None:
        """Read one line; None at the end of the input."""
        while True:
            self.target.write(clean(prompt))
            self.target.flush()
            line = self._next()
            if not line or len(line) + self._look_ahead() <= LONGEST_KEPT:
                break
            with self._without_echo():
                self.say(
                    f"\nThat is more than {LONGEST_KEPT:,} characters at once; {LONGEST_ANSWER:,} are the most. None "
                    "of it is taken."
                )
                self._skip_paste()
        if not line:
            self.target.write("\n")
            return None
        text = line.rstrip("\r\n")
        if self.echo:
            self.say(text)
        return text

    def _next(self) -> str:
        """The next line, with its end; of one that is longer than anything that is read, only so much."""
        if self._ahead:
            return self._ahead.popleft()
        try:
            line = self.source.readline(LONGEST_KEPT)
            rest = line
            while len(rest) == LONGEST_KEPT and not rest.endswith("\n"):
                rest = self.source.readline(LONGEST_KEPT)
            return line
        except KeyboardInterrupt:
            self.say()
            raise

    def _look_ahead(self) -> int:
        """Take in what waits at a terminal behind the line just read, so much that one can tell what it is."""
        if not self._ahead:
            while self._waits(_NEXT) and (line := self.source.readline(LONGEST_KEPT)):
                self._ahead.append(line)
                if sum(map(len, self._ahead)) > LONGEST_KEPT:
                    break
        return sum(map(len, self._ahead))

    def _skip_paste(self) -> None:
        """Read what is left of a paste, and keep none of it."""
        self._ahead.clear()
        while self._waits(_PAUSE) and self.source.readline(LONGEST_KEPT):
            pass

    @contextmanager
    def _without_echo(self) -> Iterator[None]:
        """Let the terminal not repeat what comes in: the sentence stays in view, and megabytes pass far sooner."""
        if sys.platform == "win32":
            yield
            return
        import termios  # noqa: PLC0415  # POSIX has it, Windows has not

        before = termios.tcgetattr(self.source)
        quiet = [*before[:3], before[3] & ~termios.ECHO, *before[4:]]
        termios.tcsetattr(self.source, termios.TCSANOW, quiet)
        try:
            yield
        finally:
            termios.tcsetattr(self.source, termios.TCSANOW, before)

    def _waits(self, seconds: float) -> bool:
        """Whether another line waits at a terminal, which hands on one at a time; so nothing is in our own buffer."""
        if self.echo or sys.platform == "win32" or not self.source.isatty():
            return False
        return bool(select.select([self.source], [], [], seconds)[0])
