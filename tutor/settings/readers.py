"""How the value of each setting is read: text from flags and environment, TOML's own kinds from the file."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeAlias

from tutor.core.clean import one_line
from tutor.settings.given import Given, did_you_mean
from tutor.settings.key import NOT_HERE, checked_key, read_key_file
from tutor.settings.values import JUDGES, SPEAKERS, THEMES

Reader: TypeAlias = Callable[[Given, Mapping[str, str]], object]

_A_DAY = 86_400


@dataclass(frozen=True)
class KeyFile:
    """A file and the key that it holds."""

    path: Path
    key: str = field(repr=False)


def _path(given: Given, environ: Mapping[str, str]) -> Path:
    return _one_path(given.value, given.folder, environ)


def _paths(given: Given, environ: Mapping[str, str]) -> tuple[Path, ...]:
    if not isinstance(given.value, list | tuple):
        raise ValueError('this must be a list of folders, as in ["lessons"].')
    return tuple(_one_path(each, given.folder, environ) for each in given.value)


def _one_path(value: object, folder: Path, environ: Mapping[str, str]) -> Path:
    if not isinstance(value, str | Path):
        raise ValueError(f"{_shown(value)} is not a path. A path is text in quotation marks.")
    text = str(value)
    if not text.strip() or "\0" in text:
        raise ValueError("a path must not be empty, and cannot hold the character NUL.")
    first, *rest = Path(text).parts or [""]
    if first == "~":
        home = environ.get("HOME") or environ.get("USERPROFILE")
        if not home:
            raise ValueError(
                f"{_shown(text)} starts in the home folder, but there is none. Write the path out in full."
            )
        return Path(home, *rest)
    if first.startswith("~"):
        raise ValueError(f"{_shown(text)} starts in somebody's home folder. Write the path out in full.")
    return folder / text


def _folder(given: Given, environ: Mapping[str, str]) -> Path:
    path = _path(given, environ)
    if not path.is_dir():
        raise ValueError(f"{_shown(path)} is not a folder.")
    return path


def _key(given: Given, _: Mapping[str, str]) -> str:
    if given.source == "file":
        raise ValueError(f"a key does not belong into this file. {NOT_HERE}")
    if given.source == "flag":
        raise ValueError(f"a key does not belong on the command line, where others can see it. {NOT_HERE}")
    return checked_key(str(given.value))


def _key_file(given: Given, environ: Mapping[str, str]) -> KeyFile:
    path = _path(given, environ)
    return KeyFile(path, read_key_file(path))


def _base_url(given: Given, _: Mapping[str, str]) -> str:
    from tutor.settings.addresses import read_base_url  # noqa: PLC0415  not needed where there is no model

    if not isinstance(given.value, str):
        raise ValueError('this must be an address in quotation marks, as in "http://127.0.0.1:8080/v1".')
    return read_base_url(given.value.strip())


def _model(given: Given, _: Mapping[str, str]) -> str:
    name = given.value.strip() if isinstance(given.value, str) else ""
    if not name or not name.isprintable():
        raise ValueError("this must be the name of a model in quotation marks, as the server lists it.")
    return name


def _one_of(names: tuple[str, ...], what: str) -> Reader:
    def read(given: Given, _: Mapping[str, str]) -> str:
        if isinstance(given.value, str) and given.value in names:
            return given.value
        hint = did_you_mean(given.value, names) if isinstance(given.value, str) else ""
        raise ValueError(f"{_shown(given.value)} is not a {what}. There are {', '.join(names)}.{hint}")

    return read


def _truth(given: Given, _: Mapping[str, str]) -> bool:
    for text, truth in (("true", True), ("false", False)):
        if given.value is truth or (given.source != "file" and given.value == text):
            return truth
    raise ValueError(f"{_shown(given.value)} is neither true nor false (without quotation marks).")


def _seconds(given: Given, _: Mapping[str, str]) -> float:
    value = given.value
    if isinstance(value, str) and given.source != "file" and re.fullmatch(r"\d{1,9}(\.\d{1,9})?", value, re.ASCII):
        value = float(value)
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 < value <= _A_DAY:
        raise ValueError(f"{_shown(given.value)} is not a number of seconds, above 0 and at most {_A_DAY}.")
    return float(value)


def _whole(least: int, most: int, what: str) -> Reader:
    def read(given: Given, _: Mapping[str, str]) -> int:
        value = given.value
        if isinstance(value, str) and given.source != "file" and re.fullmatch(r"\d{1,9}", value, re.ASCII):
            value = int(value)
        if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
            raise ValueError(f"{_shown(given.value)} is not a number of {what}, from {least} to {most}.")
        return value

    return read


READERS: dict[str, Reader] = {
    "data_dir": _path,
    "lessons_dirs": _paths,
    "help_card": _path,
    "theme": _one_of(THEMES, "theme"),
    "keep_months": _whole(0, 1200, "months"),
    "model": _model,
    "base_url": _base_url,
    "key": _key,
    "key_file": _key_file,
    "allow_remote": _truth,
    "judge": _one_of(JUDGES, "judge"),
    "speaker": _one_of(SPEAKERS, "speaker"),
    "context": _whole(1024, 2_000_000, "tokens"),
    "parallel": _whole(1, 64, "questions side by side"),
    "examples": _whole(0, 20, "worked examples"),
    "prompts_dir": _folder,
    "connect_seconds": _seconds,
    "first_token_seconds": _seconds,
    "gap_seconds": _seconds,
    "total_seconds": _seconds,
}


def _shown(value: object) -> str:
    text = one_line(f"'{value}'" if isinstance(value, str | Path) else str(value))
    return text if len(text) <= 80 else f"{text[:77]}..."
