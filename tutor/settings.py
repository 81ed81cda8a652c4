"""What a person can set: folders, the help card, the theme. Read once at the start and passed down.

The command line counts first, then the environment, then the settings file; what none of them names has a default.
"""

from __future__ import annotations

import difflib
import os
import re
import tempfile
import tomllib
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, TypeAlias, get_args

from tutor.core.clean import one_line
from tutor.errors import SettingsError

Theme: TypeAlias = Literal["auto", "light", "dark"]
THEMES: tuple[Theme, ...] = get_args(Theme)

# The name of each setting in the file, with its flag and its variable in the environment.
NAMES = {
    "data_dir": ("--data-dir", "CLOSEREAD_DATA_DIR"),
    "lessons_dirs": ("--lessons", "CLOSEREAD_LESSONS_DIRS"),
    "help_card": ("--help-card", "CLOSEREAD_HELP_CARD"),
    "theme": ("--theme", "CLOSEREAD_THEME"),
}


@dataclass(frozen=True)
class Settings:
    """The settings in force.

    `lessons_dirs` are looked through beside the lessons that come with the program; without a `help_card` the supplied
    one is shown. `origins` says for each setting where its value comes from, `notes` what a person has to know.
    """

    data_dir: Path
    lessons_dirs: tuple[Path, ...]
    help_card: Path | None
    theme: Theme
    origins: Mapping[str, str]
    notes: tuple[str, ...] = ()


def load_settings(flags: Mapping[str, object], environ: Mapping[str, str], config_file: Path | None) -> Settings:
    """Settle every setting; a flag that is None, an empty variable and a missing file count as not given.

    Raises SettingsError with a line for every mistake.
    """
    sources = (_from_flags(flags), _from_environment(environ), _from_file(config_file))
    mistakes: list[str] = []
    values: dict[str, Any] = {}
    origins: dict[str, str] = {}
    for name, read in _READERS.items():
        given = next((source[name] for source in sources if name in source), None)
        origins[name] = given.origin if given else "default"
        if given is None:
            continue
        try:
            values[name] = read(given, environ)
        except ValueError as error:
            mistakes.append(f"{given.where}: {error}")
    if mistakes:
        raise SettingsError("\n".join(mistakes))
    notes: tuple[str, ...] = ()
    if "data_dir" not in values:
        values["data_dir"] = default_data_dir(environ)
        notes = () if _platform_folder("data", environ) else (_no_home(values["data_dir"]),)
    defaults = {"lessons_dirs": (), "help_card": None, "theme": "auto"}
    return Settings(**(defaults | values), origins=origins, notes=notes)


def default_config_file(environ: Mapping[str, str]) -> Path | None:
    """Where this platform keeps the settings file; None for a person without a home folder."""
    folder = _platform_folder("config", environ)
    return folder / "config.toml" if folder else None


def default_data_dir(environ: Mapping[str, str]) -> Path:
    """Where this platform keeps what a program records; a new temporary folder for a person without a home folder."""
    folder = _platform_folder("data", environ)
    if folder:
        return folder
    try:
        # A new one every time: a folder with a foreseeable name could be laid out by somebody else on this machine.
        return Path(tempfile.mkdtemp(prefix="closeread-"))
    except OSError:
        return Path("closeread-data").absolute()


def _no_home(folder: Path) -> str:
    return (
        f"There is no home folder, so your work is kept in {folder} and may be gone the next time. "
        f"To keep it, name a folder with {NAMES['data_dir'][1]}."
    )


def _platform_folder(kind: Literal["config", "data"], environ: Mapping[str, str]) -> Path | None:
    import platformdirs  # noqa: PLC0415  not needed where the folders are set

    xdg = environ.get(f"XDG_{kind.upper()}_HOME", "")
    if os.name != "nt" and not any(Path(each).is_absolute() for each in (xdg, environ.get("HOME", ""))):
        return None
    with _process_environment(environ):
        folders = platformdirs.PlatformDirs("closeread", appauthor=False)
        try:
            return folders.user_config_path if kind == "config" else folders.user_data_path
        except (RuntimeError, LookupError, ValueError, OSError):  # no home that it knows of
            return None


@contextmanager
def _process_environment(environ: Mapping[str, str]) -> Iterator[None]:
    """Let `environ` be the process's environment for a moment: platformdirs asks no other. Not beside threads."""
    before, wanted = dict(os.environ), dict(environ)
    if before == wanted:
        yield
        return
    try:
        os.environ.clear()
        os.environ.update(wanted)
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)


@dataclass(frozen=True)
class _Given:
    """A value that was given for a setting: `origin` for `Settings.origins`, `where` for the head of an error."""

    value: object
    origin: str
    where: str
    folder: Path = Path()  # relative paths start here


def _from_flags(flags: Mapping[str, object]) -> dict[str, _Given]:
    for name in flags:
        if name not in NAMES:
            raise SettingsError(f"There is no setting '{one_line(name)}'.{_did_you_mean(name, NAMES)}")
    given: dict[str, _Given] = {}
    for name, value in flags.items():
        if value is not None:
            alone = name == "lessons_dirs" and isinstance(value, str | Path)
            origin = f"flag {NAMES[name][0]}"
            given[name] = _Given([value] if alone else value, origin, origin)
    return given


def _from_environment(environ: Mapping[str, str]) -> dict[str, _Given]:
    given: dict[str, _Given] = {}
    for name, (_, variable) in NAMES.items():
        if text := environ.get(variable):
            value = [each for each in text.split(os.pathsep) if each] if name == "lessons_dirs" else text
            given[name] = _Given(value, f"environment {variable}", f"environment {variable}")
    return given


def _from_file(path: Path | None) -> dict[str, _Given]:
    text = _read(path) if path else ""
    if not path or not text:
        return {}
    table = _parse(path, text)
    lines = _lines(text, table)
    mistakes = [
        f"{path}:{lines[name]}: there is no setting '{one_line(name)}'.{_did_you_mean(name, NAMES)}"
        for name in table
        if name not in NAMES
    ]
    if mistakes:
        raise SettingsError("\n".join(mistakes))
    return {
        name: _Given(value, f"file {path}:{lines[name]}", f"{path}:{lines[name]}: {name}", path.parent)
        for name, value in table.items()
    }


def _read(path: Path) -> str:
    try:
        return path.read_bytes().decode("utf-8-sig").replace("\r\n", "\n")
    except FileNotFoundError:
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


def _path(given: _Given, environ: Mapping[str, str]) -> Path:
    return _one_path(given.value, given.folder, environ)


def _paths(given: _Given, environ: Mapping[str, str]) -> tuple[Path, ...]:
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


def _theme(given: _Given, _: Mapping[str, str]) -> Theme:
    if given.value in THEMES:
        return given.value
    hint = _did_you_mean(given.value, THEMES) if isinstance(given.value, str) else ""
    raise ValueError(f"{_shown(given.value)} is not a theme. There are {', '.join(THEMES)}.{hint}")


_READERS: dict[str, Callable[[_Given, Mapping[str, str]], object]] = {
    "data_dir": _path,
    "lessons_dirs": _paths,
    "help_card": _path,
    "theme": _theme,
}


def _shown(value: object) -> str:
    text = one_line(f"'{value}'" if isinstance(value, str | Path) else str(value))
    return text if len(text) <= 80 else f"{text[:77]}..."


def _did_you_mean(name: str, names: Mapping[str, object] | tuple[str, ...]) -> str:
    close = difflib.get_close_matches(name.lower().replace("-", "_"), names, n=1)
    return f" Did you mean '{close[0]}'?" if close else f" There are: {', '.join(names)}."
