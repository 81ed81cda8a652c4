"""A sitting: one run of one lesson by one process, recorded as it happens."""

from __future__ import annotations

import errno
import json
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

from tutor.core.events import Event, Payload
from tutor.journal.files import GrowingFile, SmallFiles, replace_file


@dataclass(frozen=True)
class Draft:
    """A half-typed answer, and the step it is meant for."""

    step: str
    text: str


@dataclass(frozen=True)
class Place:
    """Where a sitting is kept."""

    data_dir: Path
    learner_dir: Path
    session: str
    sitting: str

    @property
    def events(self) -> Path:
        """The file of its events."""
        return self.learner_dir / self.session / f"{self.sitting}.jsonl"

    @property
    def draft(self) -> Path:
        """The file of the half-typed answer; all sittings of a session share it."""
        return self.learner_dir / f"{self.session}.draft.json"


class Sitting:
    """The events of a session so far, those of the sittings before this one included, and the pen for new ones.

    The pen never raises because of the disk: what it could not write it keeps, says so in `trouble`, and tries again
    with every further event.
    """

    def __init__(
        self, place: Place, events: tuple[Event, ...], *, now: Callable[[], datetime], small_files: SmallFiles
    ) -> None:
        """`events` came before, `small_files` is what else waits for the disk; a `Journal` makes sittings."""
        self.session = place.session
        self.sitting = place.sitting
        self._place = place
        self._events = events
        self._file = GrowingFile(place.events, top=place.data_dir.parent)
        self._now = now
        self._small_files = small_files
        self._unsaved: OSError | None = None
        self._draft_unsaved: OSError | None = None

    @property
    def events(self) -> tuple[Event, ...]:
        """The whole chain: the parents' events up to where this sitting took over, then its own."""
        return self._events

    @property
    def trouble(self) -> str | None:
        """What is not on the disk, why, and what to do about it; None while all is well."""
        if self._unsaved:
            return _sentence("Your last answers are not saved yet", self._unsaved, self._place.data_dir)
        if self._draft_unsaved:
            return _sentence("The answer you are typing is not saved yet", self._draft_unsaved, self._place.data_dir)
        return None

    def record(self, payload: Payload) -> Event:
        """Put one more event into its envelope and on the disk; where that fails it counts all the same (`trouble`)."""
        event = Event(
            session=self.session,
            sitting=self.sitting,
            seq=self._events[-1].seq + 1 if self._events else 0,
            at=self._now().astimezone(UTC).isoformat(timespec="milliseconds"),
            payload=payload,
        )
        self._events = (*self._events, event)
        # ASCII: nothing in the file acts on a terminal that shows it, and a flipped bit is more likely to be noticed.
        self._file.add(json.dumps(event.to_json(), separators=(",", ":")).encode("ascii") + b"\n")
        try:
            self._file.save()
            self._small_files.settle()
            self._unsaved = None
        except OSError as error:
            self._unsaved = error
        return event

    def save_draft(self, draft: Draft) -> None:
        """Keep a half-typed answer in the place of the last one."""
        try:
            replace_file(self._place.draft, json.dumps(asdict(draft)).encode("ascii"))
            self._draft_unsaved = None
        except OSError as error:
            self._draft_unsaved = error

    def draft(self) -> Draft | None:
        """The half-typed answer that was kept last; None where there is none or where it is damaged."""
        try:
            found = json.loads(self._place.draft.read_bytes())
        except (OSError, ValueError, RecursionError):
            return None
        match found:
            case {"step": str(step), "text": str(text)}:
                return Draft(step, text)
        return None

    def drop_draft(self) -> None:
        """Remove the half-typed answer: it was sent, or it must not stay."""
        try:
            self._place.draft.unlink(missing_ok=True)
            self._draft_unsaved = None
        except OSError as error:
            self._draft_unsaved = error


def _sentence(what: str, error: OSError, folder: Path) -> str:
    match error.errno:
        case errno.ENOSPC | errno.EDQUOT:
            why, cure = f"there is no room left for {folder}", "Make some room on the disk"
        case errno.EACCES | errno.EPERM | errno.EROFS:
            why, cure = f"this program may not write to {folder}", "Ask the person who looks after this computer"
        case _:
            why, cure = f"writing to {folder} failed ({error.strerror or error})", "Ask your teacher for help"
    return f"{what}: {why}. {cure}, and keep this window open: all of it is kept here and saved as soon as that works."
