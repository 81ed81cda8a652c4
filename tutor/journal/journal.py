"""The journal as the rest of the program knows it: begin a sitting, resume one, look back."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from threading import Lock

from tutor.core.events import Event, Resumed, Started
from tutor.journal.expiring import expire
from tutor.journal.files import make_folder
from tutor.journal.forgetting import Forgotten, Kept, forget, is_there, kept_in, nickname_in
from tutor.journal.moving import bring, copies_of, newest_of, room_in
from tutor.journal.reading import Past, Reading, past_from, read_learner
from tutor.journal.sitting import Place, Sitting
from tutor.journal.waiting import Waiting

_SHA256 = re.compile("[0-9a-f]{64}")


class Journal:
    """All learners' records under one data folder. None of its methods raises because of the disk.

    What the disk would not take is kept in memory and found there, and every sitting of this journal tries again with
    each event; until that succeeds `trouble` says so.
    """

    def __init__(
        self, data_dir: Path, *, now: Callable[[], datetime], new_id: Callable[[], str], note: str = ""
    ) -> None:
        """`now` gives the time, `new_id` a name that no session or sitting had before and that can name a file; `note`
        is what people have to know about the folder.
        """
        self._data_dir = data_dir
        self._earlier: tuple[Path, ...] = ()
        """Where things were kept until somebody named another folder; still read, and never written to."""
        self._now = now
        self._new_id = new_id
        self._waiting = Waiting(data_dir, note)
        self._sittings: list[Sitting] = []
        self._expiring = Lock()
        self._expired = False

    @property
    def data_dir(self) -> Path:
        """Where things are kept now."""
        return self._data_dir

    @property
    def trouble(self) -> str | None:
        """What of this run is not on the disk, why, and what to do about it; None while all is well."""
        return self._waiting.trouble

    @property
    def note(self) -> str:
        """What a person has to know about where things are kept, even while all is well; often empty."""
        return self._waiting.note

    def try_again(self) -> None:
        """Bring to the disk what it would not take before; `trouble` says whether it does now."""
        if self.trouble:
            self._waiting.try_again()

    def last_learner(self) -> str | None:
        """The nickname used last on this machine."""
        try:
            return (self._waiting.get(self._data_dir / "learner") or b"").decode("utf-8", "surrogatepass") or None
        except UnicodeDecodeError:
            return None

    def remember_learner(self, nickname: str) -> None:
        """Offer this nickname first next time."""
        self._waiting.put(self._data_dir / "learner", nickname.encode("utf-8", "surrogatepass"))

    def keep_copy(self, data: bytes) -> str:
        """Keep the bytes of a lesson or an article, and return the SHA-256 under which `copy` finds them again."""
        sha = hashlib.sha256(data).hexdigest()
        if self._copy_in(self._data_dir, sha) is None:
            self._waiting.put(self._data_dir / "copies" / sha, data)
        return sha

    def copy(self, sha: str) -> bytes | None:
        """The bytes kept under a SHA-256; None where they are missing or are no longer the same."""
        if not _SHA256.fullmatch(sha):
            return None
        found = (self._copy_in(folder, sha) for folder in (self._data_dir, *self._earlier))
        return next((data for data in found if data is not None), None)

    def _copy_in(self, folder: Path, sha: str) -> bytes | None:
        data = self._waiting.get(folder / "copies" / sha)
        return data if data is not None and hashlib.sha256(data).hexdigest() == sha else None

    def begin(self, learner: str, payload: Started) -> Sitting:
        """Start a session; its first event is recorded."""
        if before := self.past(learner):
            payload = payload.model_copy(update={"after": before[0].sitting, "after_seq": before[0].events[-1].seq})
        sitting = self._sitting(learner, self._new_id(), ())
        sitting.record(payload)
        return sitting

    def resume(self, learner: str, past: Past, *, judge: str, speaker: str) -> Sitting:
        """Go on with a session in a new sitting; its first event says from where. Earlier files are not touched."""
        mine = (each.stands for each in self._sittings if each.session == past.session)
        sitting = self._sitting(learner, past.session, past.events, stands=not self._earlier and all(mine))
        if self._earlier:
            for path, data in self._belongings(sitting, self._data_dir).items():
                there = self._waiting.get(path)
                if there is None or (path.suffix == ".jsonl" and data.startswith(there) and len(data) > len(there)):
                    sitting.keep_beside(path, data)
        sitting.record(Resumed(parent=past.sitting, parent_seq=past.events[-1].seq, judge=judge, speaker=speaker))
        return sitting

    def past(self, learner: str) -> list[Past]:
        """Where each of the learner's sessions stands, newest first; also as far as it is in memory only."""
        found = [past for reading in self._read(learner) for past in reading.past]
        if not self._waiting.trouble and not self._earlier:
            return found
        # Another thread may be about to record the first event of one.
        mine = [each for each in self._sittings if each.events and not each.is_removed]
        folder = self._learner_dir(learner)
        theirs = [each for each in mine if each.place.learner_dir == folder]
        return newest_of([*found, *(past_from(learner, each.sitting, each.events) for each in theirs)])

    def unreadable(self, learner: str) -> list[str]:
        """A sentence for every file of which nothing can be read, so that no entry of `past` could tell of it."""
        return [sentence for reading in self._read(learner) for sentence in reading.unreadable]

    def keep_in(self, folder: Path) -> Path:
        """Keep everything in another folder from now on, and what this run recorded before, with all that it goes on
        from: in a folder of ours in it, which is returned. JournalError where that cannot be; all is as before then.
        """
        data_dir = room_in(folder, now_in=self._data_dir)
        files: dict[Path, bytes] = {}
        kept = [sitting for sitting in self._sittings if not sitting.is_removed]
        for sitting in kept:
            files |= self._belongings(sitting, data_dir)
        # Who was here last: another window may have another learner by now.
        ours = [files.get(data_dir / "learners" / each.place.learner_name / "nickname") for each in kept[-1:]]
        if learner := (ours[0] if ours else None) or self._waiting.get(self._data_dir / "learner"):
            files[data_dir / "learner"] = learner
        bring(files, folder)
        self._earlier = (self._data_dir, *self._earlier)
        self._data_dir, self._waiting = data_dir, Waiting(data_dir)
        for sitting in kept:
            sitting.moved(data_dir, self._waiting)
        return data_dir

    def _belongings(self, sitting: Sitting, data_dir: Path) -> dict[Path, bytes]:
        """What a data folder has to hold for a session to be gone on with."""
        files = sitting.files_in(data_dir)
        nickname = self._waiting.get(sitting.place.learner_dir / "nickname")
        if nickname is not None:
            files[data_dir / "learners" / sitting.place.learner_name / "nickname"] = nickname
        for sha in copies_of(sitting.events):
            copy = self.copy(sha)
            if copy is not None:
                files[data_dir / "copies" / sha] = copy
        return files

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
        return kept_in(folder) if is_there(folder) or self._is_last(learner) else None

    def forget(self, learner: str) -> Forgotten:
        """Remove all that is kept of a learner. A sitting that still goes on, in any process, writes nothing more; save
        one of which the disk has taken nothing yet, where there was no folder of the learner either.
        """
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

    def _read(self, learner: str) -> list[Reading]:
        folders = (self._data_dir, *self._earlier)
        return [read_learner(folder / "learners" / _folder_name(learner), learner) for folder in folders]

    def _sitting(self, learner: str, session: str, events: tuple[Event, ...], *, stands: bool = False) -> Sitting:
        place = Place(self._data_dir, _folder_name(learner), session, self._new_id())
        sitting = Sitting(place, events, now=self._now, waiting=self._waiting, move=self.keep_in, stands=stands)
        nickname = place.learner_dir / "nickname"
        if not sitting.is_removed and self._waiting.get(nickname) is None:
            sitting.keep_beside(nickname, learner.encode("utf-8", "surrogatepass"))
        self._sittings.append(sitting)
        return sitting

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
