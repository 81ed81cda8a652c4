"""The tutor's own words, read from `prompts/`."""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path
from string import Formatter
from typing import TypeVar

from pydantic import ValidationError

from tutor.core.distress import Points, Signs
from tutor.core.lesson import Model
from tutor.core.phrases import Phrases
from tutor.errors import LessonError
from tutor.lessons.yamlfile import Document, read_yaml
from tutor.resources import prompts_dir


def load_phrases(folder: Path, lang: str) -> Phrases:
    """The phrases in a lesson's language, English where there are none; LessonError names what is missing or wrong."""
    document = _read(folder, "tutor", lang)
    tree: object = document.value
    if isinstance(tree, dict) and isinstance(tree.get("listening"), dict):
        tree = tree | {"listening": tree["listening"] | {"distress": _load_signs(folder, lang)}}
    phrases = _checked(Phrases, tree, document)
    _check_names(phrases, document.name)
    return phrases


def _load_signs(folder: Path, lang: str) -> Signs:
    # Who has prompts of their own need not have these.
    folder = folder if (folder / "distress.en.yaml").is_file() else prompts_dir()
    return _signs(*_bytes(folder, "distress", lang), *_bytes(folder, "distress-points", lang))


@lru_cache(maxsize=4)
def _signs(path: Path, data: bytes, points_path: Path, points_data: bytes) -> Signs:
    """The signs that files with these bytes hold: reading them takes a moment, and they hardly ever change."""
    signs, points = read_yaml(data, str(path)), read_yaml(points_data, str(points_path))
    tree: object = signs.value
    if isinstance(tree, dict):
        tree = tree | {"points": _checked(Points, points.value, points)}
    return _checked(Signs, tree, signs)


def _read(folder: Path, name: str, lang: str) -> Document:
    path, data = _bytes(folder, name, lang)
    return read_yaml(data, str(path))


def _bytes(folder: Path, name: str, lang: str) -> tuple[Path, bytes]:
    tag = lang.split("-")[0].lower()
    path = folder / f"{name}.{tag}.yaml"
    if not re.fullmatch(r"[a-z]{2,3}", tag) or not path.is_file():
        path = folder / f"{name}.en.yaml"
    try:
        return path, path.read_bytes()
    except OSError as error:
        raise LessonError(f"{path} cannot be read ({error.strerror}). Install Closeread again.") from None


M = TypeVar("M", bound=Model)


def _checked(model: type[M], tree: object, document: Document) -> M:
    try:
        return model.model_validate(tree)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        where = ".".join(str(each) for each in first["loc"])
        line, column = document.place(first["loc"])
        raise LessonError(f"{document.name}:{line}:{column}: {where}: {first['msg']}") from None


_NAMES = {
    "idea", "words", "tell", "option", "why", "found", "needed", "meanings", "limit", "ask", "part", "alone", "helped",
    "told", "word", "sentence", "last",
}  # fmt: skip


def _check_names(phrases: Phrases, path: str) -> None:
    for field, value in phrases:
        for text in (value,) if isinstance(value, str) else value if isinstance(value, tuple) else ():
            try:
                named = {name for _, name, _, _ in Formatter().parse(text) if name is not None}
            except ValueError:
                named = {"{"}
            if not named <= _NAMES:
                unknown = ", ".join(sorted(f"{{{name}}}" for name in named - _NAMES))
                raise LessonError(f"{path}: {field}: {unknown} is not a name that is filled in here")
