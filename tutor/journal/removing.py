"""Taking files away for good. Nothing is followed: of a symbolic link, the link itself goes."""

from __future__ import annotations

import errno
import shutil
import stat
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

_GOING = ".gone"


def going(folder: Path) -> Path:
    """What a folder is called while it is being removed. Whoever reads passes over what begins with a dot, as systems
    put things of their own beside ours, too: so it is gone at once, and as a whole.
    """
    return folder.with_name(f".{folder.name}{_GOING}")


def is_going(folder: Path) -> bool:
    """Whether a folder is called as by `going`: its removal was cut short."""
    return folder.name.startswith(".") and folder.name.endswith(_GOING)


def remove(path: Path) -> list[tuple[Path, OSError]]:
    """Remove a file, a link, or a folder with all that is in it; returns what had to stay, and why.

    What is not there, or goes away meanwhile, is no failure.
    """
    left: list[tuple[Path, OSError]] = []
    try:
        if stat.S_ISDIR(path.lstat().st_mode):
            _remove_folder(path, lambda place, error: left.append((Path(place), error)))
        else:
            path.unlink()
    except OSError as error:
        left.append((path, error))
    left = [(place, error) for place, error in left if not isinstance(error, FileNotFoundError)]
    # A folder that is not empty is no news where what is left in it has been named.
    return [each for each in left if each[1].errno != errno.ENOTEMPTY] or left[:1]


def drop_if_empty(*folders: Path) -> None:
    """Remove those of the folders that hold nothing any more."""
    for folder in folders:
        with suppress(OSError):
            folder.rmdir()


def _remove_folder(folder: Path, failed: Callable[[str, OSError], None]) -> None:
    def note(_: object, place: str, error: BaseException) -> None:
        failed(place, error if isinstance(error, OSError) else OSError(str(error)))

    if sys.version_info >= (3, 12):
        shutil.rmtree(folder, onexc=note)
    else:
        shutil.rmtree(folder, onerror=lambda call, place, info: note(call, place, info[1]))
