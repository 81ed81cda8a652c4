"""From the teacher's YAML to a Lesson, or to every mistake at once."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from pydantic import ValidationError

from tutor.core.clean import clean, one_line
from tutor.core.lesson import Lesson
from tutor.errors import LessonError
from tutor.lessons.article_file import article_text, read_article, read_packed_article
from tutor.lessons.checks import Scope, by_id, check_frame, check_text
from tutor.lessons.effort import check_effort
from tutor.lessons.mistakes import raise_all
from tutor.lessons.parts import Log, Part, cleaned
from tutor.lessons.shape import report_shape
from tutor.lessons.step_checks import Known, check_steps
from tutor.lessons.taxonomy_file import shipped_taxonomy
from tutor.lessons.textfile import UnreadableError, read_inside
from tutor.lessons.yamlfile import parse_yaml

FORMAT = 1
LESSON_FILE = "lesson.yaml"
_UNREAD = "?"
"""Stands for a text that could not be read, so that the rest of the lesson can still be looked at."""

Reader = Callable[[Part], bytes | None]
"""Finds the bytes of the file that a part names; notes a mistake and returns None where it cannot."""


@dataclass(frozen=True, slots=True)
class Loaded:
    """A lesson and the exact bytes it was made from.

    `path` is the lesson's file, None for a copy. `article_source` is the article's file as it was read, or the inline
    text in UTF-8; where the exit ticket's text stands in a file, that follows after a NUL, which no text holds. `sha`
    and `article_sha` are the SHA-256 of `source` and `article_source`, in hexadecimal.
    """

    lesson: Lesson
    path: Path | None
    source: bytes
    article_source: bytes
    sha: str
    article_sha: str


@dataclass(frozen=True, slots=True)
class Examined:
    """A lesson's file as far as it can be read: `root` is its tree with a place for everything in it, and every mistake
    is in `root.log.mistakes`. `loaded` is None where there is one.
    """

    root: Part
    loaded: Loaded | None


def load_lesson(path: Path) -> Loaded:
    """Load a lesson from its folder or its file; LessonError with every mistake in it."""
    return _insist(examine_lesson(path))


def examine_lesson(path: Path) -> Examined:
    """Read a lesson from its folder or its file for somebody who wants to say more about it than the loader does;
    LessonError with every mistake where there is no tree to speak of.
    """
    file = path
    try:
        file = path / LESSON_FILE if path.is_dir() else path
        source = read_inside(file.parent, file.name)
    except (UnreadableError, OSError) as error:
        why = str(error) if isinstance(error, UnreadableError) else f"cannot be read ({error.strerror})"
        raise LessonError(f"The lesson {one_line(str(file))} {why}.") from None
    # A file by itself has no folder that speaks of it alone.
    named_after = file.resolve().parent.name if file.name == LESSON_FILE else file.stem
    return _examine(source, str(file), _id_from(named_after), file, lambda named: read_article(named, file.parent))


def examine_packed(source: bytes, name: str, folder: str, read: Callable[[str], bytes]) -> Examined:
    """As `examine_lesson`, for a lesson that is not on disk: `name` is what its file is called in mistakes, `folder`
    the name of its folder. `read` hands over a file of that folder by its name, or raises UnreadableError.
    """
    return _examine(source, name, _id_from(folder), None, lambda named: read_packed_article(named, read))


def load_copy(lesson: bytes, article: bytes, name: str) -> Loaded:
    """Load a lesson from `Loaded.source` and `Loaded.article_source`, as they were kept.

    `article` may be b"" where the text is inline. `name` is the lesson's id, unless the lesson itself says one, and
    what the file is called in mistakes.
    """
    first, _, second = article.partition(b"\0")

    def find(named: Part) -> bytes:
        return second if named.path[0] == "exit" else first

    return _insist(_examine(lesson, name, _id_from(name), None, find))


def _insist(examined: Examined) -> Loaded:
    raise_all(examined.root.log.mistakes)
    assert examined.loaded is not None, "what could not be read has been reported"
    return examined.loaded


def _id_from(name: str) -> str:
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    return re.sub(r"[^A-Za-z0-9_.-]+", "-", plain).strip("-_.")[:80] or "lesson"


def _examine(source: bytes, name: str, default_id: str, path: Path | None, reader: Reader) -> Examined:
    document, mistakes = parse_yaml(source, name)
    log = Log(document, mistakes)
    root = Part(cleaned(document.value), (), log)
    _insist_on_format(root)
    texts = [_settle_text(part.get("article"), reader) for part in (root, root.get("exit"))]
    lesson = None
    try:
        lesson = Lesson.model_validate(root.value)
    except ValidationError as error:
        report_shape(error, root)
    _check(root, [text is not None for text in texts])
    if lesson is None or log.mistakes:
        return Examined(root, None)
    if not lesson.id:
        lesson = lesson.model_copy(update={"id": default_id})
    article = texts[0] or b""
    if lesson.exit and lesson.exit.article.file is not None:
        article += b"\0" + (texts[1] or b"")
    return Examined(root, Loaded(lesson, path, source, article, _sha(source), _sha(article)))


def _sha(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _insist_on_format(root: Part) -> None:
    """Raise what makes every other mistake pointless: the file is no lesson, or one for another program."""
    if not isinstance(root.value, dict):
        root.wrong(
            "a lesson has fields", "Begin with tutor: 1 and title: ... on lines of their own.", code="not-a-lesson"
        )
        raise_all(root.log.mistakes)
    version = root.get("tutor")
    if re.fullmatch("0|[1-9][0-9]{0,8}", version.text) and int(version.text) != FORMAT:
        root.log.mistakes.clear()
        message = f"this lesson is written for format {version.text}; this program reads {FORMAT}"
        version.wrong(message, code="other-format")
        raise_all(root.log.mistakes)


def _settle_text(article: Part, reader: Reader) -> bytes | None:
    """Put the text of `article.file` beside it as `text`, and hand back its bytes; None where there is none to read."""
    fields = article.value
    if not isinstance(fields, dict):
        return None
    named, inline = article.get("file"), article.get("text")
    if named.value is not None and inline.value is not None:
        named.wrong("an article has `text` or `file`, not both", "Take one of them out.", code="text-or-file")
    elif named.value is None and inline.value is None:
        hint = "Write text: | and the text below, or file: article.txt."
        article.wrong("an article needs `text` or `file`", hint, code="text-or-file")
    elif named.value is None:
        if inline.text.strip():
            return inline.text.encode()
        if inline.text:  # the shape says it of "" already
            inline.wrong("this article is empty", offending="", code="empty-article")
        return None
    elif named.text and (data := reader(named)) is not None:
        text = article_text(data, str(Path(named.log.document.name).parent / named.text), named.log)
        fields["text"] = clean(text) if text else _UNREAD
        return data if text else None
    fields["text"] = _UNREAD
    return None


def _check(root: Part, has_text: list[bool]) -> None:
    """Every check that goes across the lesson."""
    taxonomy = shipped_taxonomy()
    scopes = [Scope.of("the article", root, has_text=has_text[0])]
    if isinstance(root.get("exit").value, dict):
        scopes.append(Scope.of("the exit ticket", root.get("exit"), has_text=has_text[1]))
    check_frame(root, taxonomy)
    for scope in scopes:
        check_text(scope, taxonomy, by_id(root.get("facts")))
    misconceptions, sources = by_id(root.get("misconceptions")), by_id(root.get("sources"))
    check_effort(scopes, misconceptions)
    lang = root.get("lang").text or "en"
    check_steps(scopes, Known(taxonomy, frozenset(misconceptions), frozenset(sources), lang))
