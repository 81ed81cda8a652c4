"""Where the lines of a conversation come from and go to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TextIO

from tutor.core.clean import clean


@dataclass(frozen=True)
class Console:
    """Where lines come from and go to; `echo` repeats what was read, so that a piped conversation can be read back."""

    source: TextIO
    target: TextIO
    echo: bool

    def say(self, text: str = "") -> None:
        """Write text, cleaned, and make sure it is seen."""
        self.target.write(clean(text) + "\n")
        self.target.flush()

    def ask(self, prompt: str) -> str | None:
        """Read one line; None at the end of the input."""
        self.target.write(prompt)
        self.target.flush()
        line = self.source.readline()
        if not line:
            self.target.write("\n")
            return None
        text = line.rstrip("\r\n")
        if self.echo:
            self.say(text)
        return text
