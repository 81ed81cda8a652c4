"""From a teacher's file to an article: its text, its headings, and what it says about itself.

Text, Markdown, HTML and .docx are told apart by content and by name. Nothing is ever fetched, no picture is opened.
"""

from __future__ import annotations

import codecs
import os
import re
import stat
from dataclasses import dataclass, replace
from itertools import dropwhile, groupby, takewhile
from pathlib import Path

from tutor.core.article import Block, split_blocks
from tutor.core.clean import clean, one_line
from tutor.core.words import folded_words
from tutor.errors import TutorError
from tutor.lessons.textfile import LARGEST
from tutor.workbench.new.facts import (
    find_byline,
    find_date,
    guess_language,
    is_about_itself,
    is_frame,
    split_credit,
)
from tutor.workbench.new.heads import may_be_headline, part_head
from tutor.workbench.new.pieces import Found, Piece, from_docx, from_html, from_markdown

LARGEST_TEXT = 2 * 1024 * 1024
LARGEST_DOCX = 20 * 1024 * 1024
"""A .docx may carry pictures, which are never unpacked."""
_LONGEST_TITLE = 200
_LONGEST_LINE = 160
"""Nobody breaks lines by hand beyond this: in such a file each line is a paragraph."""
_HEADING_WORDS = 12


class UnusableFileError(TutorError):
    """There is no article to be had from this file; the words say why, and what to do."""


@dataclass(frozen=True, slots=True)
class ArticleText:
    """An article as it goes into a lesson; "" stands for what it does not say of itself.

    `text` is what article.txt will hold, `headings` the exact lines of it that are headings.
    """

    title: str
    text: str
    headings: tuple[str, ...] = ()
    byline: str = ""
    outlet: str = ""
    date: str = ""
    url: str = ""
    lang: str = "en"

    @property
    def blocks(self) -> tuple[Block, ...]:
        """The blocks as a lesson will have them."""
        return split_blocks(self.title, self.text, self.headings)


def read_file(path: Path, title: str = "") -> ArticleText:
    """Read the article of a file; `title` is its headline where the teacher names one. UnusableFileError."""
    data = _read(path)
    kind = _kind_of(data, path)
    if kind == "docx":
        found = _insist(
            from_docx(data),
            path,
            "cannot be used as a .docx: it is damaged, no document, or packed beyond measure. Save it anew as .docx",
        )
    else:
        text = _decode(data, html=kind == "html")
        if kind == "html":
            found = from_html(text)
        elif kind == "markdown":
            found = from_markdown(clean(text))
        else:
            found = _from_plain(clean(text))
    return _article(found, path, one_line(title)[:_LONGEST_TITLE])


def _insist(found: Found | None, path: Path, why: str) -> Found:
    if found is None:
        raise UnusableFileError(f"{_name(path)} {why}, and try again.")
    return found


def _name(path: Path) -> str:
    return one_line(str(path))


_ADDRESS = re.compile(r"(https?|ftp):[\\/]+|www\.[^\\/]+\.[^\\/]", re.IGNORECASE)


def _refuse_address(path: Path) -> None:
    """UnusableFileError where this is an address of the web; a path has only one of its two slashes."""
    match = _ADDRESS.match(str(path))
    if match and not path.exists():
        start = f"{match[1]}://" if match[1] else match.group()
        address = one_line(start + str(path)[match.end() :].replace("\\", "/"))
        raise UnusableFileError(
            f"Nothing is fetched from the web. Open {address} in your browser, save the page as HTML, and name that "
            "file."
        )


def _read(path: Path) -> bytes:
    _refuse_address(path)
    flags = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
    try:
        with os.fdopen(os.open(path, flags), "rb") as file:
            status = os.fstat(file.fileno())
            if not stat.S_ISREG(status.st_mode):
                raise UnusableFileError(f"{_name(path)} is no ordinary file. Name the file with the article.")
            data = file.read(LARGEST_DOCX + 1)
    except IsADirectoryError:
        raise UnusableFileError(f"{_name(path)} is a folder. Name the file with the article.") from None
    except FileNotFoundError:
        raise UnusableFileError(f"There is no file {_name(path)}.") from None
    except (OSError, ValueError) as error:
        why = error.strerror if isinstance(error, OSError) and error.strerror else "its name cannot be used"
        raise UnusableFileError(f"{_name(path)} cannot be read ({why}).") from None
    is_zip = data.startswith(b"PK")
    if len(data) > (LARGEST_DOCX if is_zip else LARGEST_TEXT):
        limit, advice = (
            ("20 MB", "Take its pictures out") if is_zip else ("2 MB", "Copy the article alone to a text file")
        )
        raise UnusableFileError(f"{_name(path)} is larger than {limit}, the limit. {advice}, and try again.")
    return data


_SAVE = "Open it where you made it, save it as .docx or as plain text, and try again."
_PDF = (
    "is a PDF, which does not say which words make a paragraph. Copy the text to a .txt or .docx file, and try again."
)
_PICTURE = "is a picture. Type its words, or copy them, to a text file."
_OTHER_KINDS = (
    ((b"%PDF",), _PDF),
    ((b"\xd0\xcf\x11\xe0",), f"is an old Office file (.doc). {_SAVE}"),
    ((b"{\\rtf",), f"is an RTF file. {_SAVE}"),
    ((b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"II*\0", b"MM\0*", b"\0\0\0\x18ftyp", b"\0\0\0\x1cftyp"), _PICTURE),
)
_BY_SUFFIX = {
    ".pdf": _PDF,
    ".doc": f"is an old Office file (.doc). {_SAVE}",
    ".odt": f"is an OpenDocument file (.odt). {_SAVE}",
    ".rtf": f"is an RTF file. {_SAVE}",
    ".pages": f"is a Pages file. {_SAVE}",
    ".epub": f"is a book (.epub). {_SAVE}",
    ".yaml": "is YAML, not an article. If it is a lesson already, try: closeread check",
    ".yml": "is YAML, not an article. If it is a lesson already, try: closeread check",
}


def _kind_of(data: bytes, path: Path) -> str:
    """text, markdown, html or docx; UnusableFileError for what is none of them."""
    suffix = path.suffix.lower()
    for starts, why in _OTHER_KINDS:
        if data.startswith(starts):
            raise UnusableFileError(f"{_name(path)} {why}")
    if data.startswith(b"PK\x03\x04") and (b"mimetypeapplication/" in data[:100] or suffix in _BY_SUFFIX):
        raise UnusableFileError(f"{_name(path)} {_BY_SUFFIX.get(suffix, _BY_SUFFIX['.odt'])}")
    if data.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return "docx"
    if suffix == ".docx":
        raise UnusableFileError(f"{_name(path)} is no .docx, though it is called so. {_SAVE}")
    if suffix in _BY_SUFFIX:
        raise UnusableFileError(f"{_name(path)} {_BY_SUFFIX[suffix]}")
    is_utf16 = data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    if b"\0" in data and not is_utf16:
        raise UnusableFileError(f"{_name(path)} holds no text. {_SAVE}")
    start = data[:1024].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if suffix in (".html", ".htm", ".xhtml") or start.startswith((b"<!doctype html", b"<html")):
        return "html"
    return "markdown" if suffix in (".md", ".markdown") else "text"


def _decode(data: bytes, *, html: bool) -> str:
    """The bytes as text: by their mark, as UTF-8, as the page says, or as Windows wrote it."""
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return data.decode("utf-16", "replace")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        pass
    declared = re.search(rb"charset\s*=\s*[\"']?\s*([A-Za-z0-9_.:-]{1,40})", data[:4096]) if html else None
    if declared:
        try:
            return data.decode(declared[1].decode("ascii"), "replace")
        except (LookupError, ValueError, UnicodeError):
            pass
    return data.decode("cp1252", "replace")


def _from_plain(text: str) -> Found:
    """Plain text in its paragraphs; the lines of each stay as the author broke them, but for those of its head."""
    lines = list(dropwhile(lambda line: not line.strip(), text.split("\n")))
    head = part_head(list(takewhile(str.strip, lines)))
    pieces = [Piece(each) for each in head.pieces] if head else []
    groups = _groups_of(lines, sum(1 + each.text.count("\n") for each in pieces))
    for number, group in enumerate(groups):
        line = group[0].strip()
        following = groups[number + 1] if number + 1 < len(groups) else None
        before = pieces[-1].is_heading if pieces else False
        # The first line may be the title, which is nobody's heading.
        heading = bool(pieces) and not before and len(group) == 1 and _may_head(line, following)
        pieces.append(Piece("\n".join(group), is_heading=heading))
    title, outlet = (head.headline, head.outlet) if head else ("", "")
    return Found(tuple(pieces), title, outlet=outlet, is_plain=True)


def _groups_of(lines: list[str], start: int) -> list[list[str]]:
    """The lines of each paragraph, from the line `start` on."""
    rest = lines[start:]
    if any(len(line.rstrip()) > _LONGEST_LINE for line in lines):
        return [[line] for line in rest if line.strip()]
    runs = groupby(rest, key=lambda line: bool(line.strip()))
    return [list(run) for is_text, run in runs if is_text]


def _may_head(line: str, following: list[str] | None) -> bool:
    """Whether a line by itself looks like a heading: short, no full stop, and longer text below."""
    below = " ".join(following or ())[:400]
    return (
        len(folded_words(line)) in range(1, _HEADING_WORDS + 1)
        and len(line) <= 90
        and not line.endswith((".", ",", ";", ":", "!", "”", '"', "…", "’", "'", "»", "“"))
        and line[:1].upper() == line[:1]
        and line[:1] not in '-*•–—>#|"“„«'
        and sum(char.isalpha() or char == " " for char in line) > 0.8 * len(line)
        and len(below) > len(line)
        and len(folded_words(below)) > _HEADING_WORDS
        and not is_about_itself(line)
    )


def _article(found: Found, path: Path, wanted: str) -> ArticleText:
    pieces = [replace(each, text=_plain(each.text, keep_lines=found.is_plain)) for each in found.pieces]
    pieces = [each for each in pieces if any(char.isalnum() for char in each.text)]
    if not pieces:
        raise UnusableFileError(f"There is no text in {_name(path)}. Is it the right file?")
    top = [one_line(each.text) for each in pieces[:6]]
    credit = one_line(found.byline) or next((line for line in top if find_byline([line])), "")
    author, outlet, date = split_credit(credit)
    base = ArticleText(
        title="",
        text="",
        byline=author[:_LONGEST_TITLE] if found.byline else find_byline(top),
        outlet=one_line(found.outlet)[:_LONGEST_TITLE] or outlet,
        date=one_line(found.date) or date or find_date(top),
        url=found.url,
        lang=guess_language(" ".join(each.text for each in pieces), found.lang),
    )
    for title in _titles(found, pieces, path, wanted):
        article = _with_title(base, title, pieces)
        if any(block.kind == "paragraph" for block in article.blocks):
            break
    else:
        raise UnusableFileError(f"There is no paragraph in {_name(path)}. Is it the right file?")
    if len(article.text.encode()) > LARGEST:
        raise UnusableFileError(f"The article in {_name(path)} is longer than 1 MiB, the limit. Use a part of it.")
    return article


def _plain(text: str, *, keep_lines: bool) -> str:
    """The text as a lesson may hold it: no invisible characters, and one line where lines mean nothing."""
    text = clean(text)
    return text.strip("\n") if keep_lines else re.sub(r"[ \n]+", " ", text).strip()


def _titles(found: Found, pieces: list[Piece], path: Path, wanted: str) -> list[str]:
    """What the article may be called, best first."""
    tops = [each for each in pieces[:4] if not (is_about_itself(each.text) or is_frame(each.text))]
    heads = (
        [one_line(tops[0].text)]
        if len(pieces) > 1 and tops and (tops[0].is_heading or may_be_headline(tops[0].text))
        else []
    )
    stem = one_line(re.sub(r"[_-]+", " ", path.stem))
    titles = [wanted, one_line(found.title)[:_LONGEST_TITLE], *heads, f"{stem[:1].upper()}{stem[1:]}"]
    return [title for title in titles if folded_words(title)] + ["An article", "A text without a title"]


def _with_title(base: ArticleText, title: str, pieces: list[Piece]) -> ArticleText:
    """The article under this title, which is not said again at its beginning."""
    at = next((number for number, each in enumerate(pieces[:4]) if one_line(each.text) == title), None)
    rest = pieces if at is None or len(pieces) == 1 else [*pieces[:at], *pieces[at + 1 :]]
    headings = tuple(dict.fromkeys(each.text.strip() for each in rest if each.is_heading))
    text = "\n\n".join(each.text for each in rest) + "\n"
    article = replace(base, title=title, text=text, headings=headings)
    if not any(block.kind == "paragraph" for block in article.blocks):
        article = replace(article, headings=())
    return article
