"""Looking again whenever a file has changed: by asking twice a second, which works on every disk and every system."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from tutor.workbench.checking.checking import lesson_files

Stamp = tuple[int, int, int] | None
"""When a file was changed, its size and which file it is; None while there is none."""


def _pause() -> None:
    time.sleep(0.5)


def watch(
    targets: Sequence[Path],
    look: Callable[[], Iterable[Path]],
    *,
    pause: Callable[[], object] = _pause,
) -> None:
    """Call `look` now and after every change of the lessons at `targets`, until it is interrupted (Ctrl+C).

    `look` hands back the files on which what it saw depends. Files may come, go, or be half-saved at any time.
    """
    files: Iterable[Path] = ()
    known: dict[Path, Stamp] | None = None
    try:
        while True:
            lessons = [file for target in targets for file in lesson_files(target)]
            now = {file: _stamp(file) for file in (*lessons, *files)}
            if now != known:
                files = tuple(look())
                # The stamps from before: what was saved while we looked must count as a change.
                known = {file: now[file] if file in now else _stamp(file) for file in (*lessons, *files)}
            pause()
    except KeyboardInterrupt:
        return


def _stamp(file: Path) -> Stamp:
    try:
        status = file.stat()
    except (OSError, ValueError):
        return None
    return status.st_mtime_ns, status.st_size, status.st_ino
