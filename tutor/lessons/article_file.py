"""The file in which an article stands: inside the lesson's folder, an ordinary file of plain text."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path, PurePosixPath, PureWindowsPath

from tutor.lessons.mistakes import make_mistake
from tutor.lessons.parts import Log, Part
from tutor.lessons.textfile import LinkOutError, UnreadableError, decode, find_controls, read_inside, unportable

_IN_FOLDER = "the article must stand in the lesson's folder"


def read_article(named: Part, folder: Path) -> bytes | None:
    """The bytes of the file that `article.file` names; None, with a mistake noted, where it cannot be had."""
    return _read_inside(named, folder) if _stays_inside(named) else None


def read_packed_article(named: Part, read: Callable[[str], bytes]) -> bytes | None:
    """As `read_article`, out of a folder that is not on disk; `read` raises UnreadableError for what it has not."""
    if not _stays_inside(named):
        return None
    try:
        return read(str(PurePosixPath(named.text)))
    except UnreadableError as error:
        named.wrong(f"the article's file {error}", code="unreadable-file")
    return None


def _stays_inside(named: Part) -> bool:
    """Whether `article.file` is written as the name of a file in the lesson's folder; notes a mistake where not."""
    name = named.text
    pure = PureWindowsPath(name)
    if pure.drive or pure.root or PurePosixPath(name).is_absolute():
        named.wrong(_IN_FOLDER, "Write its name alone, such as article.txt.", code="article-file-name")
    elif ".." in pure.parts:
        named.wrong(_IN_FOLDER, "A name with .. leads out of it.", code="article-file-name")
    elif "\\" in name:
        named.wrong("folders are parted by / here", f"Write {pure.as_posix()}.", code="article-file-name")
    elif why := unportable(name):
        named.wrong(why, "Give the file a plain name, such as article.txt.", code="article-file-name")
    else:
        return True
    return False


def _read_inside(named: Part, folder: Path) -> bytes | None:
    try:
        return read_inside(folder, named.text)
    except LinkOutError:
        named.wrong(_IN_FOLDER, "This link leads out of it.", code="article-file-name")
    except UnreadableError as error:
        hint = named.log.suggest.did_you_mean(named.text, _texts_in(folder))
        named.wrong(f"the article's file {error}", hint, code="unreadable-file")
    return None


def _texts_in(folder: Path) -> list[str]:
    try:
        return [entry.name for entry in folder.iterdir() if entry.suffix in (".txt", ".md")][:100]
    except OSError:
        return []


def article_text(data: bytes, file: str, log: Log) -> str | None:
    """The text of an article's bytes; None, with mistakes noted, where it is not plain text."""
    text = decode(data, file)
    if not isinstance(text, str):
        log.mistakes.append(text)
        return None
    if controls := find_controls(text, file):
        log.mistakes.extend(controls)
        return None
    if not text.strip():
        log.mistakes.append(make_mistake(file, (1, 1), "this article is empty", code="empty-article"))
        return None
    return text
