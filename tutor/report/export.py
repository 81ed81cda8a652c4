"""The pages a learner keeps: a Markdown file and one HTML file that needs nothing else.

All text is data. Every value that a template puts out passes one door, the environment's `finalize`: it is cleaned, and
escaped for the format it goes into, so that it can become neither a link nor a picture nor a tag.
"""

from __future__ import annotations

import base64
import hashlib
import os
import re
import stat
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from tutor.core import events as e
from tutor.core.clean import clean, one_line
from tutor.core.lesson import Article, Lesson
from tutor.core.outcome import Idea, outcome
from tutor.core.session import Session
from tutor.core.words import quoted_list, sentence
from tutor.errors import JournalError
from tutor.journal.files import make_folder, replace_file
from tutor.lessons.phrases_file import load_phrases
from tutor.lessons.taxonomy_file import shipped_taxonomy
from tutor.report.annotated import AnnotatedBlock, Segment, annotated, is_over, term_names
from tutor.report.ground import model_name
from tutor.report.summary import summary_lines
from tutor.report.transcript import Line, Who, lines_of
from tutor.resources import prompts_dir

_NAMES: dict[Who, str] = {"tutor": "Tutor", "learner": "You", "note": "Note"}
_HOW = {
    "alone": "Found on your own.",
    "helped": "Found with some help.",
    "told": "Told by the tutor.",
}
_TEMPLATES = Path(__file__).parent / "templates"
_LONGEST_STEM = 80
_RAISED = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")

# What Markdown could read as more than text. Besides CommonMark's own signs: bare addresses, which many readers turn
# into links, dollar signs (formulas) and, at the beginning of a line, lists, definitions and underlined headings.
_SIGNS = re.compile(
    r"[\\`*_{}\[\]<>#~|$&]|:(?=[^\s\d])|(?<=[^\W\d]):(?=\d)"
    r"|(?<=\w)\.(?=[^\W\d]|\d+\.\d+\.\d)|(?<=[^\W\d])\.(?=\w)|^[-+=:]"
)
_ORDINAL = re.compile(r"^(\d+)([.)])")
# A backslash does not stop readers that look for mail addresses after escapes are gone; an invisible joiner does.
_MAIL = re.compile(r"@(?=\w)")


@dataclass(frozen=True, slots=True)
class _Part:
    """One of the two annotated articles, under its heading."""

    heading: str
    blocks: tuple[AnnotatedBlock, ...]

    @property
    def has_notes(self) -> bool:
        return any(block.notes for block in self.blocks)


@dataclass(frozen=True, slots=True)
class _Said:
    """A line of the conversation, under the name of who said it."""

    who: Who
    name: str
    text: str


def write_files(  # noqa: PLR0913  what a page is about, for whom and of which day
    folder: Path, lesson: Lesson, session: Session, events: Sequence[e.Event], *, nickname: str, when: str
) -> tuple[Path, Path]:
    """Write the learner's Markdown and HTML page and return where they are.

    `when` is a date (ISO 8601). Writing the same session again replaces its own pages and never another session's.
    JournalError where the disk does not take them.
    """
    stamp = _stamp(events)
    contents = _contents(lesson, session, events, nickname=nickname, when=when)
    pages = [_render(name, finalize, contents, stamp) for name, finalize in _PAGES]
    try:
        make_folder(folder)
        _refuse_link(folder)
        paths = _claim(folder, _stem(lesson, when), stamp)
        try:
            for path, page in zip(paths, pages, strict=True):
                replace_file(path, page.encode("utf-8"))
        except OSError:
            _give_up(paths[0], stamp)
            raise
    except OSError as error:
        raise JournalError(
            f"Your pages could not be written to {folder} ({error.strerror or error}). Your answers are kept all the "
            "same. See that the disk has room and that you may write there, then try again."
        ) from error
    return paths


def escape_markdown(text: str) -> str:
    """One line of text as Markdown that shows just this text."""
    escaped = _ORDINAL.sub(r"\1\\\2", _SIGNS.sub(r"\\\g<0>", text))
    return _MAIL.sub("@\u2060", escaped)


def _contents(
    lesson: Lesson, session: Session, events: Sequence[e.Event], *, nickname: str, when: str
) -> dict[str, Any]:
    phrases, names = load_phrases(prompts_dir(), lesson.lang), term_names(shipped_taxonomy())
    blocks = annotated(lesson, session, names)
    walk = tuple(block for block in blocks if not block.in_exit)
    ticket = tuple(block for block in blocks if block.in_exit)
    parts = [_Part("The article, with notes", walk), _Part("The exit ticket, with notes", ticket)]
    lines = (line for event in events for line in lines_of(lesson, event, phrases))
    return {
        "lesson": lesson,
        "phrases": phrases,
        "nickname": nickname,
        "when": when,
        "summary": summary_lines(lesson, session, names, phrases.confidence_levels, events),
        "parts": [part for part in parts if part.blocks],
        "ideas": _ideas(lesson, session),
        "transcript": [_said(line) for line in lines],
        "about": _about(lesson, session, has_exit=bool(ticket)),
    }


def _ideas(lesson: Lesson, session: Session) -> list[tuple[str, str, str]]:
    """Each idea that the steps which are over asked to put into words, how the learner came to it, and their words."""
    return [
        (sentence(idea.text), _how(session, idea), quoted_list(idea.words))
        for idea in outcome(lesson, session).ideas
        if idea.criterion and idea.how != "open" and is_over(lesson, session.steps[idea.step])
    ]


def _how(session: Session, idea: Idea) -> str:
    state, how = session.steps[idea.step], _HOW.get(idea.how, "")
    if idea.how == "self-checked" and idea.criterion:
        had_it = state.criterion(idea.criterion).had_it
        how = f"Told by the tutor; you said that you {'had it' if had_it else 'did not have it yet'}."
    return f"{how} You see the judgement on it differently." if idea.criterion in state.disagreed else how


def _said(line: Line) -> _Said:
    return _Said(line.who, _NAMES[line.who], line.text)


def _about(lesson: Lesson, session: Session, *, has_exit: bool) -> list[tuple[str, str]]:
    pairs = _about_text("Article", lesson.article)
    if has_exit and lesson.exit:
        pairs += _about_text("Exit ticket", lesson.exit.article)
    pairs += [
        ("Lesson", f"{lesson.id} {lesson.version or ''}".strip()),
        ("Lesson by", ", ".join(lesson.authors)),
        ("Lesson's licence", lesson.licence or ""),
    ]
    if session.started:
        judges = " ".join(map(model_name, session.started.judge.split(" ")))
        pairs += [("Answers judged by", judges), ("Made with", session.started.program)]
    return [(label, text) for label, text in pairs if text]


def _about_text(label: str, article: Article) -> list[tuple[str, str]]:
    origin = {"Written by": article.byline, "Outlet": article.outlet, "Date": article.date, "Address": article.url}
    given = [(name, "not given" if text == "absent" else text) for name, text in origin.items() if text]
    return [(label, article.title), *given, (f"{label}'s licence", article.licence)]


def _refuse_link(folder: Path) -> None:
    """JournalError where the folder is a link: whoever laid it out would say where a learner's words end up."""
    if folder.is_symlink():
        raise JournalError(
            f"Your pages were not written: {folder} is a link to another place. Your answers are kept all the same. "
            "Take the link away, then try again."
        )


def _render(template: str, finalize: Callable[[Any], Any], contents: dict[str, Any], stamp: str) -> str:
    environment = Environment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=True,
        finalize=finalize,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters |= {"marked": _marked, "lines": _lines, "quoted": lambda text: quoted_list([text])}
    style, policy = _style_and_policy()
    return environment.get_template(template).render(contents, stamp=Markup(stamp), style=style, policy=policy)


def _style_and_policy() -> tuple[Markup, Markup]:
    """The page's style, and a policy (Content Security Policy 3) under which nothing but this very style counts: no
    script, no picture, no frame, no form, nothing from anywhere.
    """
    css = (_TEMPLATES / "page.css").read_text(encoding="utf-8")
    digest = base64.b64encode(hashlib.sha256(css.encode("utf-8")).digest()).decode("ascii")
    return Markup(css), Markup(f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'")


def _for_html(value: Any) -> Any:
    return value if isinstance(value, Markup) else clean(str(value))


def _for_markdown(value: Any) -> Any:
    return value if isinstance(value, Markup) else _safe(escape_markdown(one_line(str(value))))


_PAGES: tuple[tuple[str, Callable[[Any], Any]], ...] = (("page.md.j2", _for_markdown), ("page.html.j2", _for_html))


def _safe(markdown: str) -> Markup:
    """Markdown whose data is escaped already, so that the environment does not escape it for HTML."""
    return Markup(markdown)


def _lines(text: str) -> Markup:
    """Several lines of text as one Markdown paragraph that keeps them apart."""
    return _safe("\\\n".join(escape_markdown(line.strip()) for line in clean(text).splitlines() if line.strip()))


def _marked(segments: Sequence[Segment]) -> Markup:
    """A block with its marks in brackets, each closed by the number of its note.

    Where one mark begins within another and ends after it, its brackets close with that one's and open anew behind
    them: a bracket always belongs to the one that was opened last.
    """
    pieces: list[str] = []
    open_marks: list[int] = []
    for segment in segments:
        text = " ".join(re.split(r"\s+", segment.text))
        opening = [number for number in segment.numbers if number not in open_marks]
        # A bracket that opens anew stands at its word, and not at the blank before it.
        words = text.lstrip() if opening else text
        pieces += [text[: len(text) - len(words)], r"\[" * len(opening), escape_markdown(words)]
        open_marks += opening
        while not set(segment.ends).isdisjoint(open_marks):
            pieces.append(rf"\]{str(open_marks.pop()).translate(_RAISED)}")
    return _safe("".join(pieces))


def _stem(lesson: Lesson, when: str) -> str:
    return re.sub(r"[^A-Za-z0-9_-]+", "-", f"{(lesson.id or 'lesson')[:_LONGEST_STEM]}-{when[:10]}").strip("-")


def _stamp(events: Sequence[e.Event]) -> str:
    """The last line of a page, which tells this session's pages from others. Escaped data can never look like it."""
    return f"<!-- closeread session {re.sub(r'[^A-Za-z0-9-]', '', events[0].session)} -->"


def _claim(folder: Path, stem: str, stamp: str) -> tuple[Path, Path]:
    """Names that no other session has; another one that looks for names at the same moment finds them taken."""
    for number in count(1):
        name = stem if number == 1 else f"{stem}-{number}"
        page, html = folder / f"{name}.md", folder / f"{name}.html"
        if _is_free(html, stamp) and _is_free(page, stamp) and _take(page, stamp):
            return page, html
    raise AssertionError("there is always a higher number")


def _take(path: Path, stamp: str) -> bool:
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return _is_own(path, stamp)
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(f"{stamp}\n")
    except OSError:
        with suppress(OSError):
            path.unlink()
        raise
    return True


def _give_up(path: Path, stamp: str) -> None:
    """Where nothing stands on a page yet, its name is free again."""
    with suppress(OSError):
        if path.read_bytes() == f"{stamp}\n".encode():
            path.unlink()


def _is_free(path: Path, stamp: str) -> bool:
    return not os.path.lexists(path) or _is_own(path, stamp)


def _is_own(path: Path, stamp: str) -> bool:
    """Whether a page ends with this stamp; a link, a device or a pipe under its name is not opened."""
    if not stat.S_ISREG(path.lstat().st_mode):
        return False
    with path.open("rb") as file:
        file.seek(-min(path.lstat().st_size, 1_000), os.SEEK_END)
        return file.read().rstrip().endswith(stamp.encode("ascii"))
