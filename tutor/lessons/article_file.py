"""The file in which an article stands: inside the lesson's folder, an ordinary file of plain text."""

from __future__ import annotations

from pathlib import Path, PurePosixPath, PureWindowsPath

from tutor.lessons.mistakes import make_mistake
from tutor.lessons.parts import Log, Part
from tutor.lessons.textfile import UnreadableError, decode, find_controls, read_regular


def read_article(named: Part, folder: Path) -> bytes | None:
    """The bytes of the file that `article.file` names; None, with a mistake noted, where it cannot be had."""
    name = named.text
    pure = PureWindowsPath(name)
    if pure.drive or pure.root or PurePosixPath(name).is_absolute():
        named.wrong("the article must stand in the lesson's folder", "Write its name alone, such as article.txt.")
    elif ".." in pure.parts:
        named.wrong("the article must stand in the lesson's folder", "A name with .. leads out of it.")
    elif "\\" in name:
        named.wrong("folders are parted by / here", f"Write {pure.as_posix()}.")
    else:
        return _read_inside(named, folder)
    return None


def _read_inside(named: Part, folder: Path) -> bytes | None:
    try:
        inside = folder.resolve()
        path = (inside / named.text).resolve()
        if not path.is_relative_to(inside):
            named.wrong("the article must stand in the lesson's folder", "This link leads out of it.")
            return None
        return read_regular(path, follow=False)
    except UnreadableError as error:
        hint = named.log.suggest.did_you_mean(named.text, _texts_in(folder))
        named.wrong(f"the article's file {error}", hint)
    except (OSError, RuntimeError, ValueError):  # a loop of links; a name that no file can have
        named.wrong("the article's file cannot be read")
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
        log.mistakes.append(make_mistake(file, (1, 1), "this article is empty"))
        return None
    return text
