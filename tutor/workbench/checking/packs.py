"""Packs: a folder or a zip of lessons, maybe from a stranger. Nothing is unpacked to disk, and nothing leads out.

What the names in a zip can do to a careless program is described in Python's documentation of `zipfile` ("Decompression
pitfalls") and as "zip slip"; a pack with any of that is refused whole, with a sentence for each thing found.
"""

from __future__ import annotations

import os
import re
import stat
import unicodedata
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path, PurePosixPath
from struct import error as StructError  # noqa: N812  every error begins with a capital

from tutor.core.clean import one_line
from tutor.errors import Mistake
from tutor.lessons.effort import MOST, lesson_effort
from tutor.lessons.loader import LESSON_FILE, Examined
from tutor.lessons.mistakes import make_mistake
from tutor.lessons.textfile import LARGEST, UnreadableError, unportable
from tutor.workbench.checking.codes import Code

PACK_CODES = (
    Code("pack-unreadable", "error", "The zip is damaged, has a password, or is packed in an unusual way."),
    Code("pack-too-large", "error", "The pack has too many files, or unpacks to far more than a pack of lessons."),
    Code("pack-too-much-to-check", "error", "The lessons of the pack are too many, or too much work, to be checked."),
    Code("pack-unsafe-name", "error", "A file's name leads out of the pack, or cannot be used everywhere."),
    Code("pack-name-twice", "error", "Two files of the zip have the same name, at least on some computers."),
    Code("pack-special-file", "error", "The pack has a link that leads out of it, or something that is no file."),
    Code("pack-other-file", "warning", "The zip holds a file that is no part of a lesson; it was not opened."),
)

_LARGEST_ZIP = 32 * LARGEST
_LARGEST_UNPACKED = 64 * LARGEST
_MOST_LESSONS = 200
_MOST_TEXT = 16 * LARGEST
"""The most bytes that its lessons and articles may have together: 200 lessons as long as those that ship."""
_MOST_EFFORT = 4 * MOST
"""The most work that its lessons may be together (see `tutor.lessons.effort`): some 50 lessons like those that ship."""
_MOST_FILES = 2_000
_MOST_TIMES = 100
"""How many times its size in the zip a file may unpack to; text comes to about 3 to 10 times."""
_SMALL = 64 * 1024
_LONGEST_NAME = 240
_LONGEST_PART = 100
_DEEPEST = 10
_MOST_SAID = 20
_ENTRY = b"PK\x01\x02"
"""With this each entry of a zip's list of files begins; counted before the list is read."""
_STARTS = (b"PK\x03\x04", b"PK\x05\x06")
# How other archives begin: gzip, bzip2, xz, Zstandard, 7z and RAR; a tar by itself has its mark further on.
_OTHER_STARTS = (b"\x1f\x8b", b"BZh", b"\xfd7zXZ", b"\x28\xb5\x2f\xfd", b"7z\xbc\xaf", b"Rar!")
_TAR_AT = 257
_READABLE = (".txt", ".md", ".yaml", ".yml")
_CLUTTER = re.compile(
    r"(^|/)(__MACOSX/.*|\.DS_Store|\._[^/]*|Thumbs\.db|desktop\.ini|LICEN[CS]E|README)$", re.IGNORECASE
)
_BROKEN = (
    zipfile.BadZipFile, zlib.error, StructError, NotImplementedError, RuntimeError, EOFError, OSError, ValueError,
    KeyError, IndexError, OverflowError,
)  # fmt: skip


def is_zip(path: Path) -> bool:
    """Whether this is meant to be a zip: by its name, or by its first bytes."""
    if not path.is_file():
        return False
    if path.suffix.lower() == ".zip":
        return True
    try:
        with path.open("rb") as file:
            return file.read(4) in _STARTS
    except OSError:
        return False


def other_archive(path: Path) -> Mistake | None:
    """What is wrong with a pack that is an archive, but no zip; None for everything else. Nothing of it is unpacked."""
    if not path.is_file():
        return None
    try:
        with path.open("rb") as file:
            start = file.read(_TAR_AT + 5)
    except OSError:
        return None
    if not start.startswith(_OTHER_STARTS) and start[_TAR_AT:] != b"ustar":
        return None
    message, hint = "this archive is no zip", "Unpack it, look at the files, and pack them as a plain zip."
    return make_mistake(str(path), (1, 1), message, "", hint, "pack-unreadable")


class Budget:
    """How much work a pack may be: so many lessons, so many bytes of text, so much effort. Beyond, checking ends.

    Each lesson alone has a limit; a pack of many that come close to it would keep its teacher waiting for hours.
    """

    def __init__(self, name: str) -> None:
        """`name` is what the pack is called in mistakes."""
        self._name = name
        self._text = self._effort = 0
        self.lessons = 0
        """How many lessons have been read."""
        self.mistake: Mistake | None = None
        """Why the rest of the pack is not checked."""

    def admit(self, lesson: str, size: int) -> bool:
        """Whether one more lesson, of this name and with a file of so many bytes, is to be read."""
        self._text += size
        if self.lessons == _MOST_LESSONS:
            self._end(f"this pack has more than {_MOST_LESSONS} lessons, the limit", lesson)
        elif self._text > _MOST_TEXT:
            self._end("with this lesson, the pack has more than 16 MiB of text, the limit", lesson)
        self.lessons += self.mistake is None
        return self.mistake is None

    def afford(self, lesson: str, examined: Examined) -> bool:
        """Whether a lesson that has been read is to be judged by its craft, too."""
        self._text += len(examined.loaded.article_source) if examined.loaded else 0
        self._effort += lesson_effort(examined.root)
        if self._effort > _MOST_EFFORT:
            self._end("with this lesson, the pack has more rules and answers than can be checked in one go", lesson)
        return self.mistake is None

    def _end(self, message: str, lesson: str) -> None:
        if self.mistake is None:
            self.mistake = make_mistake(self._name, (1, 1), message, lesson, _SMALLER, "pack-too-much-to-check")


class Pack:
    """The files of a zip, in memory; each is unpacked when it is read, and only so far as a lesson may be long."""

    def __init__(self, path: Path) -> None:
        """Look at the list of files; what is wrong with it is in `mistakes`, and then nothing should be read."""
        self.mistakes: list[Mistake] = []
        self.names: tuple[str, ...] = ()
        self._name = str(path)
        self._members: dict[str, zipfile.ZipInfo] = {}
        self._read: set[str] = set()
        self._archive = self._open(path)
        if self._archive:
            self._look_over(self._archive.infolist())

    @property
    def lessons(self) -> list[str]:
        """The names of the lessons' files."""
        return sorted(name for name in self.names if PurePosixPath(name).name == LESSON_FILE)

    def size(self, name: str) -> int:
        """How many bytes a file unpacks to, as the zip has it."""
        return self._members[name].file_size

    def read(self, name: str) -> bytes:
        """The bytes of a file; UnreadableError where there is none, or none that can be had."""
        if name not in self._members or self._archive is None:
            raise UnreadableError("is not there")
        self._read.add(name)
        try:
            with self._archive.open(self._members[name]) as file:
                data = file.read(LARGEST + 1)
        except _BROKEN:
            raise UnreadableError("cannot be read (the zip is damaged)") from None
        if len(data) > LARGEST:
            raise UnreadableError("is larger than 1 MiB, the limit")
        return data

    def unused(self) -> list[Mistake]:
        """A note on each file that is no part of a lesson and no text."""
        other = [
            name
            for name in self.names
            if name not in self._read and not name.lower().endswith(_READABLE) and not _CLUTTER.search(name)
        ]
        said = [
            self._mistake("pack-other-file", "this file is no part of a lesson and was not opened", name)
            for name in other[:_MOST_SAID]
        ]
        if len(other) > _MOST_SAID:
            said.append(
                self._mistake("pack-other-file", f"{len(other) - _MOST_SAID} more files are no part of a lesson")
            )
        return said

    def _mistake(self, code: str, message: str, offending: str = "", hint: str = "") -> Mistake:
        return make_mistake(self._name, (1, 1), message, offending, hint, code)

    def _refuse(self, code: str, message: str, offending: str = "", hint: str = "") -> None:
        if len(self.mistakes) < _MOST_SAID:
            self.mistakes.append(self._mistake(code, message, offending, hint))

    def _open(self, path: Path) -> zipfile.ZipFile | None:
        try:
            if not stat.S_ISREG(path.stat().st_mode):
                self._refuse("pack-unreadable", "this is no ordinary file")
                return None
            with path.open("rb") as file:
                data = file.read(_LARGEST_ZIP + 1)
        except OSError as error:
            self._refuse("pack-unreadable", f"this zip cannot be read ({error.strerror})")
            return None
        if len(data) > _LARGEST_ZIP:
            self._refuse("pack-too-large", "this zip is larger than 32 MiB, the limit", hint=_SMALLER)
        elif data.count(_ENTRY) > _MOST_FILES:
            self._refuse("pack-too-large", f"this zip has more than {_MOST_FILES:,} files, the limit", hint=_SMALLER)
        elif not data.startswith(_STARTS):
            self._refuse("pack-unreadable", "this is no zip", hint="Ask for it again; it may have been cut short.")
        else:
            try:
                return zipfile.ZipFile(BytesIO(data))
            except _BROKEN:
                self._refuse("pack-unreadable", "this zip is damaged", hint="Ask for it again.")
        return None

    def _look_over(self, members: list[zipfile.ZipInfo]) -> None:
        names: dict[str, str] = {}
        for member in members:
            name = member.orig_filename
            if wrong := _unsafe(name.removesuffix("/")):
                self._refuse("pack-unsafe-name", wrong, name or "(no name)", "Nothing of this pack was opened.")
                continue
            key = unicodedata.normalize("NFC", name.removesuffix("/")).casefold()
            if key in names:
                self._refuse("pack-name-twice", f'a file is called like "{one_line(names[key])}"', name, "Keep one.")
            names[key] = name
            self._look_at(member, name)
        if sum(member.file_size for member in members) > _LARGEST_UNPACKED:
            self._refuse("pack-too-large", "this zip unpacks to more than 64 MiB, the limit", hint=_SMALLER)
        self._members = {member.orig_filename: member for member in members if not member.orig_filename.endswith("/")}
        self.names = tuple(self._members)

    def _look_at(self, member: zipfile.ZipInfo, name: str) -> None:
        kind = stat.S_IFMT(member.external_attr >> 16)
        if kind == stat.S_IFLNK:
            self._refuse(
                "pack-special-file", "this is a link to another file", name, "Put the file itself in its place."
            )
        elif kind not in (0, stat.S_IFREG, stat.S_IFDIR):
            self._refuse("pack-special-file", "this is no ordinary file", name, "Take it out.")
        elif member.flag_bits & 0x2041:  # encrypted; strongly; its list of files, too (APPNOTE 4.4.4)
            self._refuse("pack-unreadable", "this file has a password", name, "Pack it again without one.")
        elif member.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            self._refuse(
                "pack-unreadable", "this file is packed in an unusual way", name, "Pack it again as a plain zip."
            )
        elif member.file_size > max(_SMALL, _MOST_TIMES * member.compress_size):
            times = f"this file unpacks to more than {_MOST_TIMES} times its size in the zip"
            self._refuse("pack-too-large", times, name, "No text does; take it out.")


_SMALLER = "Make packs with a few lessons each."


def _unsafe(name: str) -> str:
    """What is wrong with the name of a file in a zip, "" where nothing is."""
    parts = name.split("/")
    if name.startswith(("/", "\\")) or re.match(r"[A-Za-z]:", name):
        return "this name begins at the root of a disk"
    if ".." in re.split(r"[/\\]", name):
        return "this name leads out of the pack"
    if not name or any(part in ("", ".") for part in parts):
        return "this name is incomplete"
    if wrong := unportable(name):
        return wrong
    if len(name) > _LONGEST_NAME or len(parts) > _DEEPEST or any(len(part) > _LONGEST_PART for part in parts):
        return "this name is too long, or lies too deep"
    return ""


@dataclass(frozen=True, slots=True)
class Found:
    """The lessons' files under a folder, and what is wrong with the folder."""

    lessons: tuple[Path, ...]
    mistakes: tuple[Mistake, ...]


def lessons_below(folder: Path) -> Found:
    """Every lesson below a folder, at any depth. Links are not followed; those that lead out are refused."""
    inside = folder.resolve()
    lessons: list[Path] = []
    mistakes: list[Mistake] = []
    for seen, (at, entry) in enumerate(_walk(folder, 0)):
        if seen == 10 * _MOST_FILES:
            hint = "Check the folder of the lessons alone."
            mistakes.append(
                make_mistake(str(folder), (1, 1), "this folder has too many files", "", hint, "pack-too-large")
            )
            break
        if link := link_out(at, inside):
            mistakes.append(link)
        elif entry.name == LESSON_FILE:
            lessons.append(at)
    return Found(tuple(lessons), tuple(mistakes))


def link_out(path: Path, folder: Path) -> Mistake | None:
    """What is wrong with a link that leads out of a folder; None for all else."""
    if not path.is_symlink() or _is_inside(path, folder.resolve()):
        return None
    message, hint = "this link leads out of the folder", "Put the file itself in its place."
    return make_mistake(str(path), (1, 1), message, "", hint, "pack-special-file")


def _walk(folder: Path, depth: int) -> Iterator[tuple[Path, os.DirEntry[str]]]:
    """Everything below a folder by name, what is hidden left out; no link is entered."""
    try:
        with os.scandir(folder) as entries:
            every = sorted((each for each in entries if not each.name.startswith(".")), key=lambda each: each.name)
    except OSError:  # it vanished, or is not for us
        return
    for entry in every:
        yield folder / entry.name, entry
        if depth < _DEEPEST and entry.is_dir(follow_symlinks=False):
            yield from _walk(folder / entry.name, depth + 1)


def _is_inside(path: Path, folder: Path) -> bool:
    try:
        return path.resolve().is_relative_to(folder)
    except (OSError, RuntimeError):  # a loop of links leads nowhere
        return True
