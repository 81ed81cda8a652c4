"""The key of an endpoint: where it may stand, and how it is read. No sentence in here repeats any of it."""

from __future__ import annotations

import os
import stat
from pathlib import Path

_LONGEST = 10_000
NOT_HERE = (
    "Put it into the environment variable CLOSEREAD_KEY, or into a file of its own that only you can read, and name "
    "that file with key_file."
)


def checked_key(text: str) -> str:
    """The key without the space around it; ValueError where it cannot be sent."""
    key = text.strip()
    if not key or not key.isascii() or not key.isprintable() or " " in key:
        raise ValueError("a key is one word of plain letters, digits and signs.")
    return key


def read_key_file(path: Path) -> str:
    """The first line of a file that nobody but its owner can read; ValueError otherwise.

    Windows keeps rights in another way; there the file is taken as it is.
    """
    # A path that leads nowhere is not repeated: it may be the key itself.
    try:
        status = path.stat()
    except (OSError, ValueError):
        raise ValueError(
            "there is no such file. This setting is the path of a file whose first line is the key."
        ) from None
    if not stat.S_ISREG(status.st_mode):
        raise ValueError(f"'{path}' is not a file. This setting is the path of a file whose first line is the key.")
    if os.name == "posix" and status.st_mode & 0o077:
        raise ValueError(f"others on this machine can read '{path}'. Change that with: chmod 600 '{path}'")
    try:
        with path.open("rb") as file:
            line = file.readline(_LONGEST)
    except OSError as error:
        raise ValueError(f"'{path}' cannot be read ({error.strerror or 'no reason given'}).") from None
    try:
        return checked_key(line.decode("utf-8-sig"))
    except ValueError:
        raise ValueError(f"the first line of '{path}' is not a key: one word of letters, digits and signs.") from None
