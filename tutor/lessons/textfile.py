"""Reading files that strangers may have written: ordinary files of text, of a limited size, and nothing else."""

from __future__ import annotations

import codecs
import os
import re
import stat
from pathlib import Path

from tutor.core.clean import clean
from tutor.errors import Mistake
from tutor.lessons.mistakes import make_mistake, place_in

LARGEST = 1024 * 1024
"""The most bytes that a lesson or an article may have."""
TOO_LARGE = "this is larger than 1 MiB, the limit"

# Everything of Unicode's category Cc but tab, line ends, vertical tab and form feed; and halves of characters.
CONTROLS = re.compile("[\x00-\x08\x0e-\x1b\x1f\x7f-\x84\x86-\x9f\ud800-\udfff]")
# What Windows takes for a device, in every folder and before every ending.
_DEVICES = re.compile(r"(con|prn|aux|nul|conin\$|conout\$|com[0-9¹²³]|lpt[0-9¹²³])(\..*)?", re.IGNORECASE)
_OPEN = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_BINARY", 0)


class UnreadableError(Exception):
    """A file that cannot or must not be read; the message is the end of a sentence that begins with its name."""


class LinkOutError(UnreadableError):
    """A file that is a link to somewhere outside of the folder in which it was looked for."""


def read_regular(path: Path, *, follow: bool = True) -> bytes:
    """The bytes of an ordinary file of at most 1 MiB; no device, folder or pipe, and no link unless `follow`.

    UnreadableError where it is something else or cannot be read.
    """
    try:
        _insist_on_file(os.stat(path, follow_symlinks=follow))  # noqa: PTH116  before opening: that alone can act
        with os.fdopen(os.open(path, _OPEN | (0 if follow else getattr(os, "O_NOFOLLOW", 0))), "rb") as file:
            _insist_on_file(os.fstat(file.fileno()))
            data = file.read(LARGEST + 1)
            # What a kernel makes up at the moment of reading (this process's environment, and in it a key) has no size.
            if data and not os.fstat(file.fileno()).st_size:
                raise UnreadableError("is not an ordinary file")
    except FileNotFoundError:
        raise UnreadableError("is not there") from None
    except (OSError, ValueError) as error:
        why = error.strerror if isinstance(error, OSError) and error.strerror else "its name cannot be used"
        raise UnreadableError(f"cannot be read ({why})") from None
    if len(data) > LARGEST:
        raise UnreadableError("is larger than 1 MiB, the limit")
    return data


def read_inside(folder: Path, name: str) -> bytes:
    """As `read_regular`, for a file below a folder; UnreadableError, too, where a link leads out of the folder."""
    try:
        inside = folder.resolve()
        path = (inside / name).resolve()
    except (OSError, RuntimeError, ValueError):  # a loop of links; a name that no file can have
        raise UnreadableError("cannot be read (its name cannot be used)") from None
    if not path.is_relative_to(inside):
        raise LinkOutError("is a link that leads out of its folder; put the file itself in its place")
    return read_regular(path, follow=False)


def unportable(name: str) -> str:
    """Why a file's name, with / between folders, cannot be used on every computer; "" where it can."""
    if clean(name) != name or "\\" in name or ":" in name:
        return "this name holds a character that not every computer allows"
    if any((part != "." and part.endswith((".", " "))) or _DEVICES.fullmatch(part) for part in name.split("/")):
        return "this name cannot be used on every computer"
    return ""


def _insist_on_file(status: os.stat_result) -> None:
    if stat.S_ISDIR(status.st_mode):
        raise UnreadableError("is a folder, not a file")
    if not stat.S_ISREG(status.st_mode):
        raise UnreadableError("is not an ordinary file")


def decode(data: bytes, file: str, *, utf16: bool = False) -> str | Mistake:
    """`data` as text without its byte order mark, or what is wrong with it: another encoding, control characters."""
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        if not utf16:
            return make_mistake(file, (1, 1), "this file is saved as UTF-16", hint=_SAVE, code="not-utf-8")
        try:
            return data.decode("utf-16")
        except UnicodeDecodeError:
            return make_mistake(file, (1, 1), "this file is broken UTF-16", hint=_SAVE, code="not-utf-8")
    if _is_unmarked_utf16(data):
        return make_mistake(file, (1, 1), "this file is saved as UTF-16", hint=_SAVE, code="not-utf-8")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = data[: error.start].decode("utf-8-sig", "replace")
        words = data[max(0, error.start - 20) : error.start + 20].decode("cp1252", "replace")
        message = "this file is not UTF-8; it looks like Latin-1 (Windows-1252)"
        return make_mistake(file, place_in(before, len(before)), message, words, _SAVE, "not-utf-8")


def _is_unmarked_utf16(data: bytes) -> bool:
    """Whether every other byte of the beginning is NUL, as where Latin letters are saved as UTF-16 without its mark."""
    halves = data[0:200:2], data[1:200:2]
    shares = sorted(half.count(0) / max(len(half), 1) for half in halves)
    return shares[0] < 0.1 and shares[1] > 0.7


def find_controls(text: str, file: str, pattern: re.Pattern[str] = CONTROLS) -> list[Mistake]:
    """A mistake for each line that holds a character which plain text does not have."""
    found: dict[int, Mistake] = {}
    line, start, at = 1, 0, 0
    for match in pattern.finditer(text):
        for end in re.finditer("\r\n?|\n", text[at : match.start()]):
            line, start = line + 1, at + end.end()
        at = match.start()
        if line not in found:
            place = (line, at - start + 1)
            message = f"{name_control(match.group())} stands here"
            found[line] = make_mistake(file, place, message, hint=_TAKE_OUT, code="control-character")
    return list(found.values())


_SAVE = "Save it as UTF-8."
_TAKE_OUT = "Take it out; only plain text is read."


def name_control(char: str) -> str:
    """What a character that cannot be shown is called."""
    kind = "a NUL character" if char == "\0" else "a byte order mark" if char == "\ufeff" else "a control character"
    return f"{kind} (U+{ord(char):04X})"
