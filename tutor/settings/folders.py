"""Where each platform keeps settings and what a program records."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Literal

_TEMPORARY = "closeread-"


def default_config_file(environ: Mapping[str, str]) -> Path | None:
    """Where this platform keeps the settings file; None for a person without a home folder."""
    folder = platform_folder("config", environ)
    return folder / "config.toml" if folder else None


def default_data_dir(environ: Mapping[str, str]) -> Path:
    """Where this platform keeps what a program records; for a person without a home folder the name of a new temporary
    one, which is made when something is first written there.
    """
    folder = platform_folder("data", environ)
    if folder:
        return folder
    import secrets  # noqa: PLC0415  ten milliseconds with the next one, and almost nobody is without a home
    import tempfile  # noqa: PLC0415

    try:
        # A new one every time: a folder with a foreseeable name could be laid out by somebody else on this machine.
        return Path(tempfile.gettempdir()) / f"{_TEMPORARY}{secrets.token_hex(8)}"
    except OSError:
        return Path("closeread-data").absolute()


def temporary_data_dirs() -> list[Path]:
    """The folders that `default_data_dir` named for a person without a home folder: those there are of this login."""
    import tempfile  # noqa: PLC0415

    try:
        found = sorted(Path(tempfile.gettempdir()).glob(f"{_TEMPORARY}*"))
    except OSError:
        return []
    return [each for each in found if _is_own_folder(each)]


def _is_own_folder(path: Path) -> bool:
    """Whether it is a folder, not a link to one, and belongs to this login."""
    try:
        about = path.lstat()
    except OSError:
        return False
    return stat.S_ISDIR(about.st_mode) and (os.name == "nt" or about.st_uid == os.getuid())


def platform_folder(kind: Literal["config", "data"], environ: Mapping[str, str]) -> Path | None:
    """This platform's folder of that kind; None for a person without a home folder."""
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
