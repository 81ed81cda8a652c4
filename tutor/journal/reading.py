"""Reading the journal back. Nothing that stands in a file, or is missing from it, makes this raise.

A sitting either starts a session or goes on from an event of a parent sitting. Its chain is what it knew: the parents'
events up to where each was taken over, then its own. A last line without its line feed was never acknowledged and is
passed over; after any other damage a chain ends with the event before, and says so.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from tutor.core.events import FORMAT, Event, Finished, Left, Resumed, Started
from tutor.core.session import OutOfTurn, Session, apply, replay
from tutor.journal.drafts import DRAFT, draft_in
from tutor.journal.regular import LONGEST_LINE, lines_of, read_regular

_LOOKS = 3
_REST = "What came before it is kept, and the file is left as it is."


@dataclass(frozen=True)
class Past:
    """A session as its last sitting left it. Where two sittings went on from the same place, each has an entry.

    `at` is the time of the last event that was more than coming or going; `damage` says what could not be read, in
    words for people. `floor` is the latest time in sessions that are known to have come before, and how many these are.
    """

    learner: str
    session: str
    sitting: str
    events: tuple[Event, ...]
    started: Started
    at: str
    finished: bool
    damage: str | None
    floor: tuple[str, int] = ("", 0)

    @property
    def newness(self) -> tuple[str, int, str, str, str]:
        """What a later session has more of, whatever the clock said."""
        latest = max(event.at for event in _done(self.events))
        return max(latest, self.floor[0]), self.floor[1], self.at, self.session, self.sitting


def past_from(learner: str, sitting: str, events: tuple[Event, ...], damage: str | None = None) -> Past:
    """A session as far as these events, the whole chain of a sitting, tell of it; they begin with its `Started`."""
    return Past(
        learner=learner,
        session=events[0].session,
        sitting=sitting,
        events=events,
        started=next(event.payload for event in events if isinstance(event.payload, Started)),
        at=_done(events)[-1].at,
        finished=any(isinstance(event.payload, Finished) for event in events),
        damage=damage,
    )


def _done(events: tuple[Event, ...]) -> list[Event]:
    """Those that are more than coming or going: to open a window makes nothing newer."""
    return [event for event in events if not isinstance(event.payload, Resumed | Left)]


@dataclass(frozen=True)
class Reading:
    """What a learner's folder holds: the sessions, newest first, and a sentence for each file that gave nothing."""

    past: list[Past]
    unreadable: list[str]


@dataclass(frozen=True)
class _Sheet:
    """The file of one sitting."""

    path: Path
    events: tuple[Event, ...]
    damage: str | None

    @property
    def parent(self) -> Resumed | None:
        first = self.events[0].payload if self.events else None
        return first if isinstance(first, Resumed) else None


_NEW = Session()


@dataclass(frozen=True)
class _Chain:
    events: tuple[Event, ...] = ()
    state: Session = _NEW
    damage: str | None = None

    @property
    def tip(self) -> int:
        """The number of the last event that is more than a goodbye."""
        return max((event.seq for event in self.events if not isinstance(event.payload, Left)), default=-1)


def read_learner(folder: Path, learner: str) -> Reading:
    """Read all sessions in a learner's folder."""
    past: list[Past] = []
    unreadable: list[str] = []
    everything: dict[str, _Chain] = {}
    try:
        # What begins with a dot is being removed (`removing.going`), or is none of ours.
        entries = [each for each in folder.iterdir() if each.name[0] != "."]
    except FileNotFoundError as error:
        there = next((each for each in (folder, *folder.parents) if os.path.lexists(each)), None)
        if there is None:  # a drive that is not there
            return Reading([], [_closed(folder, error)])
        # A link may lead nowhere, or to where nobody may look: there `is_dir` of pathlib may raise.
        return Reading([], [] if os.path.isdir(there) else [_closed(there, error)])  # noqa: PTH112
    except OSError as error:
        return Reading([], [_closed(folder, error)])
    for session in filter(_is_session, entries):
        try:
            sheets, chains = _read_session(session)
        except OSError as error:
            unreadable += _closed_if_there(session, error)
            continue
        everything |= chains
        past += _leaves(learner, sheets, chains)
        unreadable += [chain.damage for chain in chains.values() if chain.damage and not chain.events]
    unreadable += [sentence for each in entries if each.name.endswith(DRAFT) for sentence in _draft_damage(each)]
    floors = _floors(everything)
    past = [replace(each, floor=floors.get(each.session, each.floor)) for each in past]
    return Reading(sorted(past, key=lambda each: each.newness, reverse=True), sorted(unreadable))


def _read_session(folder: Path) -> tuple[dict[str, _Sheet], dict[str, _Chain]]:
    """The sittings of a session and their chains; OSError where the folder cannot be read.

    Another window may add to a file after it was read here, and a third go on from that in a file that is read later:
    what then looks like damage is gone at another look.
    """
    sheets: dict[str, _Sheet] = {}
    chains: dict[str, _Chain] = {}
    looks = 0
    while not looks or (looks < _LOOKS and any(chain.damage for chain in chains.values())):
        sheets = {each.stem: _read_sheet(each) for each in folder.iterdir() if _is_sheet(each)}
        chains, looks = _chains(sheets), looks + 1
    return sheets, chains


def _floors(chains: Mapping[str, _Chain]) -> dict[str, tuple[str, int]]:
    """For each session that says which one came before it: the latest time in all of those, and how many they are.

    So a session is newer than what it came after also where a clock went back. What another window did in an older
    session later on is not covered, and goes by its time.
    """
    before: dict[str, tuple[str, str]] = {}
    for chain in chains.values():
        first = chain.events[0].payload if chain.events else None
        if isinstance(first, Started) and (known := _known(chains.get(first.after), first.after_seq)):
            before[chain.events[0].session] = known[0].session, max(event.at for event in known)
    floors: dict[str, tuple[str, int]] = {}
    for session in before:
        line: dict[str, None] = {}
        earlier = session
        while earlier in before and earlier not in floors and earlier not in line:
            line[earlier] = None
            earlier = before[earlier][0]
        floor = floors.get(earlier, ("", 0))
        for each in reversed(line):
            floor = max(floor[0], before[each][1]), floor[1] + 1
            floors[each] = floor
    return floors


def _known(chain: _Chain | None, last: int) -> tuple[Event, ...]:
    return chain.events[: max(last + 1, 0)] if chain else ()


def _closed_if_there(path: Path, error: OSError) -> list[str]:
    """Nothing of what went away meanwhile: it was removed, by age or on purpose."""
    return [_closed(path, error)] if os.path.lexists(path) else []


def _closed(path: Path, error: OSError) -> str:
    return f"{path} cannot be opened ({error.strerror}). Ask the person who looks after this computer."


def _draft_damage(path: Path) -> list[str]:
    try:
        if draft_in(read_regular(path)) is not None:
            return []
    except OSError as error:
        return _closed_if_there(path, error)
    return [f"{path}: the half-typed answer in it cannot be read. The file is left as it is."]


def _is_session(path: Path) -> bool:
    """Whether a session is meant to be there, by its name: what stands there may be something else by now."""
    return not path.suffix and path.name not in ("exports", "nickname")


def _is_sheet(path: Path) -> bool:
    # A name with a dot before it is no sitting's: systems put such files beside others.
    return path.suffix == ".jsonl" and path.name[0] != "."


def _read_sheet(path: Path) -> _Sheet:
    names = (path.parent.name, path.stem)
    events: list[Event] = []
    try:
        for number, line in enumerate(lines_of(path), start=1):
            try:
                event = _read_event(line)
                _check_place(event, names, events)
            except ValueError as error:
                return _Sheet(path, tuple(events), f"{path}, line {number}: {error}. {_REST}")
            events.append(event)
    except OSError as error:
        [*damage] = _closed_if_there(path, error)
        return _Sheet(path, tuple(events), " ".join([*damage, *([_REST] if damage and events else [])]) or None)
    return _Sheet(path, tuple(events), None)


def _read_event(line: bytes) -> Event:
    if len(line) > LONGEST_LINE:
        raise ValueError("this line is longer than that of any event")
    try:
        value = json.loads(line.decode("utf-8"))
    except (ValueError, RecursionError):
        raise ValueError("this is not a whole line of JSON") from None
    if isinstance(value, dict) and type(value.get("v")) is int and value["v"] != FORMAT:
        raise ValueError("this was written by another version of Closeread")
    try:
        event = Event.from_json(value)
    except ValueError:
        raise ValueError("this is not an event of a session") from None
    try:
        aware = datetime.fromisoformat(event.at).tzinfo is not None
    except ValueError:
        aware = False
    if not aware:
        raise ValueError("the time of this event cannot be read")
    return event


def _check_place(event: Event, names: tuple[str, str], before: list[Event]) -> None:
    if (event.session, event.sitting) != names:
        raise ValueError("this event belongs to another file")
    if before and event.seq != before[-1].seq + 1:
        raise ValueError(f"event {before[-1].seq + 1} is missing here")
    if isinstance(event.payload, Started | Resumed) == bool(before):
        raise ValueError("this event cannot stand in this place")


def _chains(sheets: Mapping[str, _Sheet]) -> dict[str, _Chain]:
    """The chain of every sitting; parents first, and no recursion: a session may have been left a thousand times."""
    chains: dict[str, _Chain] = {}
    for sitting in sheets:
        line: dict[str, None] = {}
        above = sitting
        while above in sheets and above not in chains and above not in line:
            line[above] = None
            above = parent.parent if (parent := sheets[above].parent) else ""
        for each in reversed(line):
            chains[each] = _grow(sheets[each], chains)
    return chains


def _grow(sheet: _Sheet, chains: Mapping[str, _Chain]) -> _Chain:
    if not sheet.events:
        return _Chain(damage=sheet.damage)
    base, damage = _base(sheet, chains)
    if damage:
        return _Chain(base.events, base.state, damage)
    events, state = list(base.events), base.state
    for number, event in enumerate(sheet.events, start=1):
        try:
            state = apply(state, event.payload)
        except (OutOfTurn, LookupError):
            damage = f"{sheet.path}, line {number}: this does not follow from what came before. {_REST}"
            return _Chain(tuple(events), state, damage)
        events.append(event)
    return _Chain(tuple(events), state, sheet.damage)


def _base(sheet: _Sheet, chains: Mapping[str, _Chain]) -> tuple[_Chain, str | None]:
    """What a sitting goes on from, and what is wrong with that."""
    first, name = sheet.events[0], f"{sheet.path}, line 1"
    base, expected = _Chain(), 0
    if (parent := sheet.parent) is not None:
        found = chains.get(parent.parent)
        if found is None or not found.events or parent.parent_seq < 0:
            return base, f"{name}: what this sitting goes on from is missing. The file is left as it is."
        base, expected = _cut(found, parent.parent_seq), parent.parent_seq + 1
        if len(base.events) < expected:
            lost = f"{name}: this sitting goes on from event {parent.parent_seq}, which is missing. {_REST}"
            return base, found.damage or lost
    if first.seq != expected:
        return base, f"{name}: event {expected} is missing here. {_REST}"
    return base, None


def _cut(chain: _Chain, last: int) -> _Chain:
    if last >= len(chain.events) - 1:
        return _Chain(chain.events, chain.state)
    events = chain.events[: last + 1]
    return _Chain(events, replay(events))


def _leaves(learner: str, sheets: Mapping[str, _Sheet], chains: Mapping[str, _Chain]) -> list[Past]:
    """The sittings that hold something which no other one goes on from."""
    taken_over: dict[str, int] = {}
    for sheet in sheets.values():
        if parent := sheet.parent:
            taken_over[parent.parent] = max(parent.parent_seq, taken_over.get(parent.parent, -1))
    return [
        past_from(learner, sitting, chain.events, chain.damage)
        for sitting, chain in chains.items()
        if chain.events and taken_over.get(sitting, -1) < chain.tip
    ]
