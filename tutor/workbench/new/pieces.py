"""Paragraphs and headings out of HTML, Markdown and .docx. The libraries for it are imported when they are needed."""

from __future__ import annotations

import io
import logging
import re
import warnings
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from html.parser import HTMLParser
from typing import Any

from tutor.core.clean import one_line
from tutor.workbench.new.facts import find_byline, split_credit

_MOST_XML = 16 * 1024 * 1024
_MOST_FILES = 2_000


@dataclass(frozen=True, slots=True)
class Piece:
    """A paragraph or a heading."""

    text: str
    is_heading: bool = False


@dataclass(frozen=True, slots=True)
class Found:
    """What was found in a file; "" stands for what it does not say. `is_plain`: its lines are the author's."""

    pieces: tuple[Piece, ...]
    title: str = ""
    byline: str = ""
    outlet: str = ""
    date: str = ""
    url: str = ""
    lang: str = ""
    is_plain: bool = False


@contextmanager
def _quiet() -> Iterator[None]:
    """Keep what libraries log or warn of off the screen: it means nothing to a teacher."""
    before = logging.root.manager.disable
    logging.disable(logging.CRITICAL)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        logging.disable(before)


def from_html(text: str) -> Found:
    """The article of a page without menus, banners and comments, and what the page says about it."""
    page = _Page()
    page.feed(text)
    page.close()
    main = _main_text(text)
    pieces = tuple(_walk(main.body)) if main is not None else ()
    if not pieces:
        # Too small or too odd a page to tell the article from what is around it.
        pieces = tuple(page.pieces())
    title, byline, outlet, date = (
        one_line(getattr(main, name, None) or "") for name in ("title", "author", "sitename", "date")
    )
    return Found(pieces, title or page.title, _credit(byline, page), outlet, date, page.url, page.lang)


def _credit(byline: str, page: _Page) -> str:
    """The line of the page that names author, outlet and date, where it is the one that `byline` was taken from.

    trafilatura takes everything in such a line for authors.
    """
    for piece in page.pieces():
        author, _, date = split_credit(piece.text) if find_byline([piece.text]) else ("", "", "")
        if date and byline.casefold().startswith(author.split(", ")[0].casefold()):
            return piece.text
    return byline


def _main_text(text: str) -> Any:
    with _quiet():
        from trafilatura import bare_extraction  # noqa: PLC0415  0.2 seconds

        try:
            return bare_extraction(
                text,
                with_metadata=True,
                include_comments=False,
                include_tables=False,
                date_extraction_params={"extensive_search": False, "original_date": True},
            )
        except Exception:  # whatever a page does to the library, it is a page without an article
            return None


def _walk(element: Any) -> Iterator[Piece]:
    """The blocks of trafilatura's tree, in order."""
    for child in element:
        if child.tag in ("head", "p", "item") or (child.tag == "quote" and not len(child)):
            text = one_line(" ".join(child.itertext()) if child.tag == "item" else "".join(child.itertext()))
            if text:
                yield Piece(text, is_heading=child.tag == "head")
        elif child.tag in ("quote", "list", "div"):
            yield from _walk(child)


class _Page(HTMLParser):
    """A page read from top to bottom: its paragraphs and headings, title, canonical address and language."""

    _BLOCKS = frozenset(
        "p h1 h2 h3 h4 h5 h6 li blockquote pre div section article main ul ol tr table figcaption dd dt".split()
    )
    _SKIPPED = frozenset("script style nav footer aside form button noscript template svg".split())

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.title = self.url = self.lang = ""
        self._open: list[str] = []
        self._skipping = 0
        self._in_title = False
        self._text: list[str] = []
        self._is_heading = False
        self._pieces: list[Piece] = []

    def pieces(self) -> list[Piece]:
        """What stands on the page."""
        self._close_block()
        return self._pieces

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "html":
            self.lang = self.lang or given.get("lang", "")
        elif tag == "link" and "canonical" in given.get("rel", "").lower().split():
            address = given.get("href", "").strip()
            self.url = self.url or (address if re.fullmatch(r"https?://[^\s<>\"]{3,500}", address) else "")
        elif tag == "title" and not self.title:
            self._in_title = True
        elif tag in self._SKIPPED or _is_footnote(tag, given):
            self._skipping += 1
            self._open.append(tag)
        elif tag in ("br", "td", "th"):
            self._text.append(" ")
        if tag in self._BLOCKS and not self._skipping:
            self._close_block()
            self._is_heading = tag[0] == "h" and tag[1:].isdigit()

    def handle_endtag(self, tag: str) -> None:
        if tag == "title":
            self._in_title = False
        if self._open and tag == self._open[-1]:
            self._open.pop()
            self._skipping -= 1
        elif tag in self._BLOCKS and not self._skipping:
            self._close_block()

    def handle_data(self, data: str) -> None:
        if self._in_title:
            self.title = one_line(f"{self.title} {data}")
        elif not self._skipping:
            self._text.append(data)

    def _close_block(self) -> None:
        text = " ".join(re.split(r"[ \t\r\n\f]+", "".join(self._text))).strip(" ")
        if text:
            self._pieces.append(Piece(text, is_heading=self._is_heading))
        self._text.clear()
        self._is_heading = False


def _is_footnote(tag: str, given: dict[str, str]) -> bool:
    """Whether this is a note of a converted .docx, or the number that leads to one."""
    notes = ("footnote-", "endnote-")
    is_number = tag == "a" and given.get("href", "").lstrip("#").startswith(notes)
    return is_number or (tag == "li" and given.get("id", "").startswith(notes))


def _from_tame_html(html: str) -> tuple[Piece, ...]:
    """The blocks of HTML that a converter made."""
    page = _Page()
    page.feed(html)
    page.close()
    return tuple(page.pieces())


_FRONT = re.compile(r"\A---[ ]*\n(.{0,4000}?)\n(?:---|\.\.\.)[ ]*(?:\n|\Z)", re.DOTALL)
_FIELD = re.compile(r"^(title|author|byline|date|lang|language)\s*:\s*(\S.*?)\s*$", re.MULTILINE | re.IGNORECASE)


def from_markdown(text: str) -> Found:
    """Markdown's blocks. A head of `name: value` lines between two `---` may name title, author, date and language."""
    from markdown_it import MarkdownIt  # noqa: PLC0415

    head = _FRONT.match(text)
    fields = {}
    if head:
        text = text[head.end() :]
        fields = {name.lower(): value.strip("\"'") for name, value in _FIELD.findall(head[1])}
    pieces = _from_tame_html(MarkdownIt("commonmark").enable("table").render(text))
    byline = fields.get("author") or fields.get("byline", "")
    lang = fields.get("lang") or fields.get("language", "")
    return Found(pieces, fields.get("title", ""), byline, "", fields.get("date", ""), "", lang)


_TITLES = "p[style-name='Title'] => h1:fresh\np[style-name='Subtitle'] => p:fresh"


def from_docx(data: bytes) -> Found | None:
    """The text of a .docx; None where it is none, is damaged, or would unpack to more than a text can be."""
    if not _is_tame(data):
        return None
    with _quiet():
        import mammoth  # noqa: PLC0415

        try:
            html: str = mammoth.convert_to_html(
                io.BytesIO(data), style_map=_TITLES, convert_image=lambda _: [], external_file_access=False
            ).value
        except (Exception, RecursionError):  # a broken file can fail anywhere in it
            return None
    return Found(_from_tame_html(html))


def _is_tame(data: bytes) -> bool:
    """Whether this is a zip with a document in it whose XML is of a size that a text has, and defines no entities.

    Pictures are not looked at: nobody unpacks them.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = archive.infolist()
            xml = [each for each in members if each.filename.lower().endswith((".xml", ".rels"))]
            names = [each.filename for each in members]
            if len(members) > _MOST_FILES or sum(each.file_size for each in xml) > _MOST_XML:
                return False
            if len(set(names)) < len(names) or not any(name.startswith("word/document") for name in names):
                return False
            # Python unpacks no more than the size that was declared.
            return not any(b"<!DOCTYPE" in archive.read(each)[:1000] for each in xml)
    except (zipfile.BadZipFile, OSError, ValueError, RuntimeError, NotImplementedError, EOFError, KeyError):
        return False
    except Exception:  # zlib and struct have errors of their own
        return False
