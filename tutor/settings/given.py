"""What was given for the settings: on the command line, in the environment, in the settings file."""

from __future__ import annotations

import difflib
import os
import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from tutor.core.clean import one_line
from tutor.errors import SettingsError
from tutor.settings.values import NAMES


@dataclass(frozen=True)
class Given:
    """A value that was given for a setting: `origin` for `Settings.origins`, `where` for the head of an error."""

    value: object = field(repr=False)  # it may be the key
    source: Literal["flag", "environment", "file"]
    origin: str
    where: str
    folder: Path = Path()  # relative paths start here


def from_flags(flags: Mapping[str, object]) -> dict[str, Given]:
    """The flags that are not None; SettingsError for one that belongs to no setting."""
    for name in flags:
        if name not in NAMES:
            raise SettingsError(f"There is no setting '{one_line(name)}'.{did_you_mean(name, NAMES)}")
    given: dict[str, Given] = {}
    for name, value in flags.items():
        if value is not None:
            alone = name == "lessons_dirs" and isinstance(value, str | Path)
            origin = f"flag {NAMES[name][0]}"
            given[name] = Given([value] if alone else value, "flag", origin, origin)
    return given


def from_environment(environ: Mapping[str, str]) -> dict[str, Given]:
    """The variables that are not empty."""
    given: dict[str, Given] = {}
    for name, (_, variable) in NAMES.items():
        if text := environ.get(variable):
            value = [each for each in text.split(os.pathsep) if each] if name == "lessons_dirs" else text
            given[name] = Given(value, "environment", f"environment {variable}", f"environment {variable}")
    return given


def from_file(path: Path | None) -> dict[str, Given]:
    """What the settings file holds; nothing where there is none. SettingsError with file and line."""
    text = _read(path) if path else ""
    if not path or not text:
        return {}
    table = _parse(path, text)
    lines = _lines(text, table)
    mistakes = [
        f"{path}:{lines[name]}: there is no setting '{one_line(name)}'.{did_you_mean(name, NAMES)}"
        for name in table
        if name not in NAMES
    ]
    if mistakes:
        raise SettingsError("\n".join(mistakes))
    return {
        name: Given(value, "file", f"file {path}:{lines[name]}", f"{path}:{lines[name]}: {name}", path.parent)
        for name, value in table.items()
    }


def did_you_mean(name: str, names: Iterable[str]) -> str:
    """The end of a sentence about a name that is none: the one that is close to it, or all there are."""
    close = difflib.get_close_matches(name.lower().replace("-", "_"), names := tuple(names), n=1)
    return f" Did you mean '{close[0]}'?" if close else f" There are: {', '.join(names)}."


def _read(path: Path) -> str:
    try:
        if path.exists() and not path.is_file() and path != Path(os.devnull):
            # A named pipe would be waited at for ever.
            raise SettingsError(f"{path}: the settings file cannot be read (it is no file). Move it away.")
        return path.read_bytes().decode("utf-8-sig").replace("\r\n", "\n")
    except (FileNotFoundError, NotADirectoryError):
        return ""
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        raise SettingsError(
            f"{path}:{line}: the settings file is not in UTF-8. Save it again with that encoding."
        ) from None
    except OSError as error:
        reason = error.strerror or error
        raise SettingsError(
            f"{path}: the settings file cannot be read ({reason}). Change that, or move it away."
        ) from None


def _parse(path: Path, text: str) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        place = re.search(r"^(.*?) \(at (?:line (\d+), column (\d+)|end of document)\)$", str(error))
        lines = text.split("\n")
        what, line, column = place.groups() if place else ("it cannot be read", None, None)
        number = int(line or len(lines))
        where = f"{path}:{number}:{column}" if column else f"{path}:{number}"
        help_ = 'Text stands in quotation marks, as in theme = "dark".'
        if "\\" in lines[number - 1]:
            help_ = "Write folders with '/', or in single quotation marks, as in data_dir = 'C:\\work'."
        raise SettingsError(f"{where}: this is not TOML: {one_line(what)}. {help_}") from None


def _lines(text: str, table: Mapping[str, object]) -> dict[str, int]:
    """The line on which each top-level name first stands: the text before it can be read and does not know it yet."""
    found: dict[str, int] = {}
    lines = text.split("\n")
    whole = 0
    for count in range(1, len(lines) + 1):
        if len(found) == len(table):
            break
        if whole == count - 1 and lines[count - 1].strip()[:1] in ("", "#"):
            whole = count
            continue
        try:
            names = tomllib.loads("\n".join(lines[:count]))
        except ValueError:
            continue
        found = dict.fromkeys(names, whole + 1) | found
        whole = count
    return found
