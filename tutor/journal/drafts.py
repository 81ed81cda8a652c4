"""Half-typed answers. Every sitting writes a file of its own, so that of two windows neither takes away the other's.

The next sitting is offered the newest one. As soon as it has kept or sent it, what it took over goes, unless its window
is still open and has typed on.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path

DRAFT = ".draft.json"
"""How their files end; before that stand the session, a dot, and the sitting."""


@dataclass(frozen=True)
class Draft:
    """A half-typed answer, and the step it is meant for."""

    step: str
    text: str


def draft_bytes(draft: Draft) -> bytes:
    """What stands in its file."""
    return json.dumps(asdict(draft)).encode("ascii")


def draft_in(data: bytes | None) -> Draft | None:
    """The draft that a file holds; None where it holds none."""
    try:
        found = json.loads(data or b"")
    except (ValueError, RecursionError):
        return None
    match found:
        case {"step": str(step), "text": str(text)}:
            return Draft(step, text)
    return None


def is_draft_of(path: Path, learner_dir: Path, session: str) -> bool:
    """Whether this is where a sitting of a session keeps its draft."""
    return path.parent == learner_dir and path.name.startswith(f"{session}.") and path.name.endswith(DRAFT)


def drafts_of(learner_dir: Path, session: str) -> list[Path]:
    """The drafts of all sittings of a session, the newest first; none where the folder cannot be read."""
    found: list[tuple[int, Path]] = []
    with suppress(OSError):
        for each in learner_dir.iterdir():
            if is_draft_of(each, learner_dir, session):
                with suppress(FileNotFoundError):  # another window has just sent it
                    found.append((each.lstat().st_mtime_ns, each))
    return [path for _, path in sorted(found, reverse=True)]


def newest(
    paths: Iterable[Path], read: Callable[[Path], bytes | None], step: str | None
) -> tuple[Draft, dict[Path, bytes]] | None:
    """The first draft of those that can be read, one for the open step before all others, and the bytes of its file:
    of every file that says the same.
    """
    found = [(draft, path, data) for path in paths if (data := read(path)) and (draft := draft_in(data))]
    if not found:
        return None
    best = next((draft for draft, _, _ in found if draft.step == step), found[0][0])
    return best, {path: data for draft, path, data in found if draft == best}
