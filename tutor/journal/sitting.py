"""A sitting: one run of one lesson by one process, recorded as it happens."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from tutor.core.events import Event, Opened, Payload
from tutor.errors import JournalError
from tutor.journal.drafts import DRAFT, Draft, draft_bytes, draft_in, drafts_of, is_draft_of, newest
from tutor.journal.files import GrowingFile
from tutor.journal.waiting import Waiting

_REMOVED = (
    "Everything that was kept under this nickname has been removed from this computer while this window was open. So "
    "nothing you write here is saved any more. You can read on; to have your work kept again, leave and begin anew."
)


@dataclass(frozen=True)
class Place:
    """Where a sitting is kept: the learner's folder is called `learner_name`."""

    data_dir: Path
    learner_name: str
    session: str
    sitting: str

    @property
    def learner_dir(self) -> Path:
        """The folder of all that is kept of the learner."""
        return self.data_dir / "learners" / self.learner_name

    @property
    def events(self) -> Path:
        """The file of its events."""
        return self.learner_dir / self.session / f"{self.sitting}.jsonl"

    @property
    def draft(self) -> Path:
        """The file of its half-typed answer."""
        return self.learner_dir / f"{self.session}.{self.sitting}{DRAFT}"


class Sitting:
    """The events of a session so far, those of the sittings before this one included, and the pen for new ones.

    The pen never raises because of the disk: what it could not write it keeps, says so in `trouble`, and tries again
    with every further event.
    """

    def __init__(  # noqa: PLR0913  what a journal alone knows
        self,
        place: Place,
        events: tuple[Event, ...],
        *,
        now: Callable[[], datetime],
        waiting: Waiting,
        move: Callable[[Path], Path],
        stands: bool = False,
    ) -> None:
        """`events` came before, `waiting` is what the whole journal has for the disk; `stands` says that the session
        has been on the disk. A `Journal` makes sittings.
        """
        self.session = place.session
        self.sitting = place.sitting
        self.place = place
        self._events = events
        self._file = GrowingFile(place.events, place.data_dir, stands=stands, is_whole=not events)
        self._has_draft = False
        self._taken_over: dict[Path, bytes] = {}
        self._now = now
        self._waiting = waiting
        self._move = move

    @property
    def events(self) -> tuple[Event, ...]:
        """The whole chain: the parents' events up to where this sitting took over, then its own."""
        return self._events

    @property
    def trouble(self) -> str | None:
        """What is not on the disk, of this sitting or of earlier ones of this run, why, and what to do about it; None
        while all is well.
        """
        return _REMOVED if self.is_removed else self._waiting.trouble

    @property
    def stands(self) -> bool:
        """Whether any of it has been on the disk."""
        return self._file.stands

    @property
    def is_removed(self) -> bool:
        """Whether the learner was forgotten meanwhile, by another process: then nothing more is written."""
        return self._file.is_removed

    @property
    def note(self) -> str:
        """What a person has to know about where this is kept, even while all is well; often empty."""
        return self._waiting.note

    def try_again(self) -> None:
        """Bring to the disk what it would not take before; `trouble` says whether it does now."""
        if self.trouble:
            self._waiting.try_again()

    def keep_in(self, folder: Path) -> Path:
        """Keep everything in another folder from now on, what was recorded before included: in a folder of ours in it,
        which is returned. JournalError where that cannot be, or where it was removed on purpose; all is as before then.
        """
        if self.is_removed:
            raise JournalError(_REMOVED)
        return self._move(folder)

    def keep_beside(self, path: Path, data: bytes) -> None:
        """Put a whole file that goes with this sitting: it is not written either where the learner was forgotten."""
        self._waiting.put(path, data, self._file)

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
        self._file.add(_line(event))
        self._waiting.grow(self._file)
        return event

    def save_draft(self, draft: Draft) -> None:
        """Keep a half-typed answer in the place of the last one."""
        if self.is_removed:
            return
        self._has_draft = True
        self._waiting.put(self.place.draft, draft_bytes(draft), self._file)
        if not self._waiting.trouble:
            self._drop_taken_over()

    def draft(self) -> Draft | None:
        """The half-typed answer that this sitting kept last; as long as it has kept none, the newest that another one
        of this session left. None where there is none or where it is damaged.
        """
        if self._has_draft:
            return draft_in(self._waiting.get(self.place.draft))
        folder, session = self.place.learner_dir, self.session
        unsaved = [path for path in self._waiting.paths if is_draft_of(path, folder, session)]
        opened = (event.payload.step for event in reversed(self._events) if isinstance(event.payload, Opened))
        found = newest((*unsaved, *drafts_of(folder, session)), self._waiting.get, next(opened, None))
        if found is None:
            return None
        draft, self._taken_over = found
        return draft

    def drop_draft(self) -> None:
        """Remove the half-typed answer: it was sent, or it must not stay."""
        self._has_draft = True
        self._waiting.drop(self.place.draft)
        self._drop_taken_over()

    def _drop_taken_over(self) -> None:
        """Remove the drafts that this sitting went on from; what another window has typed since stays."""
        for path, data in self._taken_over.items():
            if self._waiting.get(path) == data:
                self._waiting.drop(path)
        self._taken_over = {}

    def files_in(self, data_dir: Path) -> dict[Path, bytes]:
        """What another data folder has to hold for this session to be found there: its sittings, and its draft."""
        place = replace(self.place, data_dir=data_dir)
        lines: dict[str, bytes] = {}
        for event in self._events:
            lines[event.sitting] = lines.get(event.sitting, b"") + _line(event)
        files = {replace(place, sitting=sitting).events: data for sitting, data in lines.items()}
        draft = self.draft()
        return files if draft is None else {**files, place.draft: draft_bytes(draft)}

    def moved(self, data_dir: Path, waiting: Waiting) -> None:
        """Go on in another data folder, which holds `files_in` by now."""
        self.place = replace(self.place, data_dir=data_dir)
        own = [event for event in self._events if event.sitting == self.sitting]
        is_whole = len(own) == len(self._events)
        self._file = GrowingFile(self.place.events, data_dir, b"".join(map(_line, own)), is_whole=is_whole)
        self._taken_over = {}
        self._waiting = waiting


def _line(event: Event) -> bytes:
    # ASCII: nothing in the file acts on a terminal that shows it, and a flipped bit is more likely to be noticed.
    return json.dumps(event.to_json(), separators=(",", ":")).encode("ascii") + b"\n"
