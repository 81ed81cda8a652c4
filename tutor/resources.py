"""Where lessons, prompts and pages that come with the program are: beside the checkout, or inside the wheel."""

from __future__ import annotations

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent


def lessons_dir() -> Path:
    """The folder of the shipped lessons and of `taxonomy.yaml`."""
    return _folder("lessons")


def prompts_dir() -> Path:
    """The folder of the tutor's own words and of the help card."""
    return _folder("prompts")


def check_pages_dir() -> Path:
    """The folder of the pages about what `check` says, one for each code."""
    return _folder("docs") / "checks"


def _folder(name: str) -> Path:
    packed = _PACKAGE / "_data" / name
    return packed if packed.is_dir() else _PACKAGE.parent / name
