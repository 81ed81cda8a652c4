"""What somebody may lay out for a careless program: links, pipes, sockets, folders in the place of files."""

from __future__ import annotations

import os
import socket
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

SECRET = "a secret of this computer"
posix = pytest.mark.skipif(sys.platform == "win32", reason="links and pipes are those of POSIX")
Plant = Callable[[Path], object]


def nothing(_: Path) -> None:
    """Leave the folder as it is."""


def link(name: str, target: str) -> Plant:
    return lambda folder: (folder / name).symlink_to(target)


def pipe(name: str) -> Plant:
    return lambda folder: os.mkfifo(folder / name)


def listening(name: str) -> Plant:
    def plant(folder: Path) -> None:
        here = Path.cwd()
        os.chdir(folder)  # the name of a socket must be short
        try:
            with socket.socket(socket.AF_UNIX) as made:
                made.bind(name)
        finally:
            os.chdir(here)

    return plant


def folder_at(name: str) -> Plant:
    return lambda folder: (folder / name).mkdir(parents=True)


def holding(name: str, data: bytes) -> Plant:
    def plant(folder: Path) -> None:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(data)

    return plant
