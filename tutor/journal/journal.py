"""The journal as the rest of the program knows it: begin a sitting, resume one, look back."""

from __future__ import annotations

import hashlib
import os
import re
import unicodedata
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from threading import Lock

from tutor.core.events import Event, Resumed, Started
from tutor.journal.expiring import expire
from tutor.journal.files import SmallFiles, make_folder
from tutor.journal.forgetting import Forgotten, Kept, forget, kept_in, nickname_in
from tutor.journal.reading import Past, Reading, read_learner
from tutor.journal.sitting import Place, Sitting

_SHA256 = re.compile("[0-9a-f]{64}")


class Journal:
    """All learners' records under one data folder. None of its methods raises because of the disk.

    What the disk would not take is kept in memory, and every sitting of this journal tries again with each event; until
    that succeeds its `trouble` says so.
    """

    def __init__(self, data_dir: Path, *, now: Callable[[], datetime], new_id: Callable[[], str]) -> None:
        """`now` gives the time, `new_id` a name that no session or sitting had before and that can name a file."""
        self._data_dir = data_dir
        self._now = now
        self._new_id = new_id
        self._small_files = SmallFiles()
        self._expiring = Lock()
        self._expired = False

    def last_learner(self) -> str | None:
        """The nickname used last on this machine."""
        try:
            return (self._small_files.get(self._data_dir / "learner") or b"").decode("utf-8", "surrogatepass") or None
        except UnicodeDecodeError:
            return None

    def remember_learner(self, nickname: str) -> None:
        """Offer this nickname first next time."""
        self._small_files.put(self._data_dir / "learner", nickname.encode("utf-8", "surrogatepass"))

    def keep_copy(self, data: bytes) -> str:
        """Keep the bytes of a lesson or an article, and return the SHA-256 under which `copy` finds them again."""
        sha = hashlib.sha256(data).hexdigest()
        if self.copy(sha) is None:
            self._small_files.put(self._data_dir / "copies" / sha, data)
        return sha

    def copy(self, sha: str) -> bytes | None:
        """The bytes kept under a SHA-256; None where they are missing or are no longer the same."""
        if not _SHA256.fullmatch(sha):
            return None
        data = self._small_files.get(self._data_dir / "copies" / sha)
        return data if data is not None and hashlib.sha256(data).hexdigest() == sha else None

    def begin(self, learner: str, payload: Started) -> Sitting:
        """Start a session; its first event is recorded."""
        sitting = self._sitting(learner, self._new_id(), ())
        sitting.record(payload)
        return sitting

    def resume(self, learner: str, past: Past, *, judge: str, speaker: str) -> Sitting:
        """Go on with a session in a new sitting; its first event says from where. Earlier files are not touched."""
        sitting = self._sitting(learner, past.session, past.events)
        sitting.record(Resumed(parent=past.sitting, parent_seq=past.events[-1].seq, judge=judge, speaker=speaker))
        return sitting

    def past(self, learner: str) -> list[Past]:
        """Where each of the learner's sessions stands, newest first."""
        return self._read(learner).past

    def unreadable(self, learner: str) -> list[str]:
        """A sentence for every file of which nothing can be read, so that no entry of `past` could tell of it."""
        return self._read(learner).unreadable

    def expire(self, months: int) -> None:
        """Remove what is older than so many months, once in this journal's life and before `past` is first asked for:
        so it can be no session that somebody is offered or goes on with here. 0: nothing is ever too old.
        """
        with self._expiring:
            if not self._expired:
                self._expired = True
                expire(self._data_dir, months, self._now())

    def learners(self) -> list[str]:
        """The nicknames under which something is kept."""
        try:
            folders = list((self._data_dir / "learners").iterdir())
        except OSError:
            folders = []
        # A folder in which another one's nickname stands is not found under it.
        named = {name for each in folders if (name := nickname_in(each)) and _folder_name(name) == each.name}
        return sorted(named | ({last} if (last := self.last_learner()) else set()))

    def kept(self, learner: str) -> Kept | None:
        """How much is kept of a learner; None where there is nothing, not even the nickname."""
        folder = self._learner_dir(learner)
        return kept_in(folder) if os.path.lexists(folder) or self._is_last(learner) else None

    def forget(self, learner: str) -> Forgotten:
        """Remove all that is kept of a learner. A sitting that still goes on would write itself anew."""
        return forget(self._data_dir, self._learner_dir(learner), was_last=self._is_last(learner))

    def _is_last(self, learner: str) -> bool:
        last = self.last_learner()
        return last is not None and _folder_name(last) == _folder_name(learner)

    def exports_dir(self, learner: str) -> Path:
        """The folder for what the learner keeps at the end of a lesson; writing there fails where it cannot be made."""
        folder = self._learner_dir(learner) / "exports"
        with suppress(OSError):
            make_folder(folder)
        return folder

    def _read(self, learner: str) -> Reading:
        return read_learner(self._learner_dir(learner), learner)

    def _sitting(self, learner: str, session: str, events: tuple[Event, ...]) -> Sitting:
        place = Place(self._data_dir, self._learner_dir(learner), session, self._new_id())
        nickname = place.learner_dir / "nickname"
        if self._small_files.get(nickname) is None:
            self._small_files.put(nickname, learner.encode("utf-8", "surrogatepass"))
        return Sitting(place, events, now=self._now, small_files=self._small_files)

    def _learner_dir(self, nickname: str) -> Path:
        return self._data_dir / "learners" / _folder_name(nickname)


def _folder_name(nickname: str) -> str:
    """A name that every file system takes, with a hash, so that no two nicknames share it.

    Two spellings of one nickname that look the same (an accent of its own, or joined to its letter) are one learner.
    """
    nickname = unicodedata.normalize("NFC", nickname)
    digest = hashlib.sha256(nickname.encode("utf-8", "surrogatepass")).hexdigest()
    readable = re.sub("[^a-z0-9]+", "-", nickname.lower())[:20].strip("-")
    return f"{readable or 'learner'}-{digest[:16]}"
