"""The tutor's own words, read from `prompts/`."""

from __future__ import annotations

import re
from pathlib import Path
from string import Formatter

from pydantic import ValidationError

from tutor.core.phrases import Phrases
from tutor.errors import LessonError
from tutor.lessons.yamlfile import read_yaml


def load_phrases(folder: Path, lang: str) -> Phrases:
    """The phrases in a lesson's language, English where there are none; LessonError names what is missing or wrong."""
    tag = lang.split("-")[0].lower()
    path = folder / f"tutor.{tag}.yaml"
    if not re.fullmatch(r"[a-z]{2,3}", tag) or not path.is_file():
        path = folder / "tutor.en.yaml"
    try:
        document = read_yaml(path.read_bytes(), str(path))
    except OSError as error:
        raise LessonError(f"{path} cannot be read ({error.strerror}). Install Closeread again.") from None
    try:
        phrases = Phrases.model_validate(document.value)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        where = ".".join(str(each) for each in first["loc"])
        line, column = document.place(first["loc"])
        raise LessonError(f"{path}:{line}:{column}: {where}: {first['msg']}") from None
    _check_names(phrases, path)
    return phrases


_NAMES = {
    "idea", "words", "tell", "option", "why", "found", "needed", "meanings", "limit", "ask", "part", "alone", "helped",
    "told", "word", "sentence", "last",
}  # fmt: skip


def _check_names(phrases: Phrases, path: Path) -> None:
    for field, value in phrases:
        for text in (value,) if isinstance(value, str) else value if isinstance(value, tuple) else ():
            try:
                named = {name for _, name, _, _ in Formatter().parse(text) if name is not None}
            except ValueError:
                named = {"{"}
            if not named <= _NAMES:
                unknown = ", ".join(sorted(f"{{{name}}}" for name in named - _NAMES))
                raise LessonError(f"{path}: {field}: {unknown} is not a name that is filled in here")
