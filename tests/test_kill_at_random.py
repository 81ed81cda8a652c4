"""kill -9 at any moment of a session: in the midst of a write, of a draft, of judging, of coming back.

The child tells over a pipe what was acknowledged and what was typed; the parent kills it without asking, and looks at
what the disk holds.
"""

from __future__ import annotations

import asyncio
import json
import os
import random
import secrets
import select
import shutil
import signal
import sys
import time
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import pairwise
from pathlib import Path
from typing import Any, NoReturn

import pytest

from tests.talk import MANNERS, answer_for
from tests.tui.acting import TestHouse, at_the_screen
from tutor.bootstrap import House
from tutor.conversation import Conversation, Parts
from tutor.core import events as e
from tutor.core.judging import Judge, Judgement, JudgeTask
from tutor.core.lesson import Lesson, RubricStep
from tutor.core.listening import safe_part
from tutor.core.session import replay
from tutor.journal import Draft, Journal, Past, Sitting
from tutor.lessons import loader
from tutor.lessons.loader import Loaded
from tutor.settings import Settings
from tutor.tui.widgets.answer_box import AnswerBox

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="SIGKILL and fork are not to be had on Windows")

LESSONS = ("cold-mornings", "lavrov-syria", "longer-lunch")
LEARNER = "killed"
LONGEST_LIFE = 0.06
"""Seconds from its first word on; some do not come so far."""
STILLBORN = 0.15
LOST_AT_MOST = 2.0
STANDSTILL = 0.25
"""Seconds. Between two reports the child is taken to have run for this long at most: a machine that is too busy to let
it run at all loses nothing that was typed.
"""


@dataclass
class Told:
    """What a child has told: events as they were acknowledged, and what stood in the box, with the time."""

    events: list[dict[str, Any]] = field(default_factory=list)
    step: str | None = None
    typed: list[tuple[float, str, str]] = field(default_factory=list)
    times: list[float] = field(default_factory=list)

    def hear(self, line: str) -> None:
        match json.loads(line):
            case {"event": dict(event), "step": step}:
                self.events.append(event)
                self.step = step
                if event["type"] in ("answered", "caught", "paused"):
                    self.typed.clear()
            case {"typed": str(text), "step": str(step), "at": float(at)}:
                self.typed.append((at, step, text))
                self.times.append(at)
            case {"at": float(at)}:
                self.times.append(at)

    def ran(self, since: float, until: float) -> float:
        """For how long the child ran between two moments."""
        times = [since, *(each for each in self.times if since < each < until), until]
        return sum(min(after - before, STANDSTILL) for before, after in pairwise(times))

    def least_draft(self, killed: float) -> int:
        """The number of the oldest text that may be found; -1 where nothing has to be."""
        old = [at for at, _, _ in self.typed if self.ran(at, killed) > LOST_AT_MOST]
        return len(old) - 1


class SlowJudge:
    """Judges as the one it is given, after a while."""

    def __init__(self, judge: Judge, chance: random.Random) -> None:
        self.name = judge.name
        self._judge = judge
        self._chance = chance

    async def warm(self, task: JudgeTask) -> None:
        await self._judge.warm(task)

    async def judge(self, task: JudgeTask) -> Judgement:
        await asyncio.sleep(self._chance.random() * 0.02)
        return await self._judge.judge(task)


class SlowHouse(House):
    """A house whose judge takes its time."""

    def __init__(self, folder: Path, chance: random.Random) -> None:
        super().__init__(Settings(folder, (), None, "auto", {}), LEARNER)
        self._chance = chance

    def _conversation(self, lesson: Lesson, sitting: Sitting, parts: Parts) -> Conversation:
        return super()._conversation(lesson, sitting, replace(parts, judge=SlowJudge(parts.judge, self._chance)))


# ------------------------------------------------------------------ the child


def _tell(writing: int, **what: Any) -> None:
    os.write(writing, json.dumps(what).encode() + b"\n")


def _tell_event(writing: int, conversation: Conversation, event: e.Event) -> None:
    _tell(writing, event=event.to_json(), step=conversation.session.current)


async def _live(house: House, conversation: Conversation, manner: str, writing: int) -> None:
    """Walk on through the lesson, as the screen would have it; what is written is typed bit by bit."""
    sitting = house.sitting(conversation)
    if len(conversation.events) == 1:
        _tell_event(writing, conversation, conversation.events[0])
    async for event in conversation.advance():
        _tell_event(writing, conversation, event)
    while conversation.turn != "over":
        if conversation.turn == "answer" and isinstance(conversation.step, RubricStep):
            _type(conversation, sitting, MANNERS[manner](conversation), writing)
        async for event in answer_for(conversation, MANNERS[manner]):
            if isinstance(event.payload, e.Answered):
                sitting.drop_draft()
            _tell_event(writing, conversation, event)


def _type(conversation: Conversation, sitting: Sitting, text: str, writing: int) -> None:
    step = conversation.step.id
    for length in (*range(5, len(text), 25), len(text)):
        sitting.save_draft(Draft(step, text[:length]))
        _tell(writing, typed=text[:length], step=step, at=time.monotonic())


def _child(act: Callable[[int], object]) -> tuple[int, int]:
    """A process that does something; its id, and where it tells of it."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reading)
        _act_and_die(act, writing)
    os.close(writing)
    return child, reading


def _act_and_die(act: Callable[[int], object], writing: int) -> NoReturn:
    status = 1
    try:
        act(writing)
        status = 0
    except BaseException:
        os.write(2, traceback.format_exc().encode())
    finally:
        os._exit(status)


def _kill(child: int, reading: int, told: Told, after: float, *, stillborn: bool) -> float:
    """Kill a child some time after its first word, or after its birth, and hear what it had told by then; returns when
    that was, infinite where it had ended.
    """
    if not stillborn:
        select.select([reading], [], [])
    time.sleep(after)
    killed = time.monotonic()
    os.kill(child, signal.SIGKILL)
    _, status = os.waitpid(child, 0)
    with os.fdopen(reading, "rb") as pipe:
        *lines, _ = pipe.read().split(b"\n")
    for line in lines:
        told.hear(line.decode())
    if os.WIFSIGNALED(status):
        return killed
    assert os.waitstatus_to_exitcode(status) == 0, "the child broke"
    return float("inf")


class Killer:
    """Kills sessions one after the other, and holds what it finds against what was told."""

    def __init__(self, folder: Path, chance: random.Random, loaded: dict[str, Loaded]) -> None:
        self.kills = 0
        self.finished = 0
        self.moments: set[str] = set()
        self._folder = folder
        self._chance = chance
        self._loaded = loaded
        self._begin_anew()

    def _begin_anew(self) -> None:
        self._data = self._folder / str(self.finished)
        self._lesson = self._loaded[self._chance.choice(LESSONS)]
        self._manner = self._chance.choice(sorted(MANNERS))
        self._past: Past | None = None
        self._lives = 0
        self._known: list[dict[str, Any]] = []

    def one_life(self) -> None:
        """Let the session begin or go on, and kill it at some moment."""
        past, house = self._past, SlowHouse(self._data, random.Random(self._chance.random()))

        def live(writing: int) -> None:
            conversation = house.resume(past) if past else house.start(self._lesson)
            asyncio.run(_live(house, conversation, self._manner, writing))

        told = Told(step=replay(past.events).current if past else None)
        # On a busy machine a life may be too short for anything to happen in it: then they become longer.
        after = self._chance.random() * LONGEST_LIFE * (1 + self._lives / 10)
        self._lives += 1
        killed = _kill(*_child(live), told, after, stillborn=self._chance.random() < STILLBORN)
        self.kills += killed != float("inf")
        self.look(told, killed)
        if self._past and self._past.finished:
            self.finished += 1
            self._begin_anew()

    def look(self, told: Told, killed: float) -> None:
        """Nothing that was acknowledged is lost; the same step; hardly anything of what was typed."""
        pasts = _journal(self._data).past(LEARNER)
        assert len(pasts) <= 1
        if not pasts:  # killed before its first event
            assert not told.events
            assert self._past is None
            return
        [self._past] = pasts
        assert self._past.damage is None
        kept = [event.to_json() for event in self._past.events if event.payload.type != "resumed"]
        expected = [*self._known, *told.events]
        assert kept[: len(expected)] == expected
        ahead = len(kept) - len(expected)
        assert ahead <= 1, "more was written than the one event that had not been told yet"
        self._known = kept
        self.moments.add(kept[-1]["type"] if ahead or not told.typed else "typing")
        with _copied(self._data) as folder:
            sitting = _journal(folder).resume(LEARNER, self._past, judge="embedded", speaker="scripted")
            if not ahead:
                assert replay(sitting.events).current == told.step
                hold_draft(sitting.draft(), told, killed)


def _journal(folder: Path) -> Journal:
    return House(Settings(folder, (), None, "auto", {}), LEARNER).journal


def hold_draft(found: Draft | None, told: Told, killed: float, safe: Callable[[str], str] = str) -> None:
    """What was typed is there, as far as it may be kept, and no older than it may be."""
    least = told.least_draft(killed)
    if not told.typed:
        return
    _, step, whole = told.typed[-1]
    text = found.text if found and found.step == step else ""
    if least >= 0:
        assert whole.startswith(text) or text.startswith(whole), f"{text!r} was never typed"
        owed = safe(told.typed[least][2]).rstrip()
        assert len(text) >= len(owed), f"{text!r} is older than {owed!r}"


@contextmanager
def _copied(folder: Path) -> Iterator[Path]:
    copy = folder.with_name(f"{folder.name}-copy")
    shutil.copytree(folder, copy)
    try:
        yield copy
    finally:
        shutil.rmtree(copy)


@contextmanager
def _seeded() -> Iterator[random.Random]:
    """Chance that can be had again: the seed is told where something fails."""
    seed = int(os.environ.get("KILL_SEED", secrets.randbits(32)))
    try:
        yield random.Random(seed)
    except BaseException as error:
        error.add_note(f"To have the same kills again: KILL_SEED={seed}")
        raise


def _kill_sessions(folder: Path, kills: int, patch: pytest.MonkeyPatch) -> Killer:
    house = House(Settings(folder, (), None, "auto", {}))
    loaded = {name: house.load(name) for name in LESSONS}
    # Every child is born with the lessons in its head: most of its life would go into reading them.
    copies = {each.source: each for each in loaded.values()}
    patch.setattr(loader, "load_copy", lambda source, *_: copies[source])
    with _seeded() as chance:
        killer = Killer(folder, chance, loaded)
        while killer.kills < kills:
            killer.one_life()
    return killer


WORDS = "the lane was planned by the town and nobody who lives there was asked what they think of it "


async def _at_the_screen(folder: Path, chance: random.Random, writing: int) -> None:
    """Type and send, like somebody who is in a hurry, and tell of all that the box has taken."""
    async with at_the_screen(TestHouse(folder)) as learner:
        if learner.house.journal.past("mika"):
            await learner.until_screen("ChoiceDialog")
            await learner.press("1")
            await learner.open_lesson()
        else:
            await learner.open_writing()
        typed, told = 0, 0
        while True:
            for event in learner.conversation.events[told:]:
                _tell_event(writing, learner.conversation, event)
                told += 1
            if learner.mode == "write" and not learner.lesson.is_busy:
                box = learner.desk.dock.box
                learner.type(WORDS[typed % len(WORDS)])
                typed += 1
                await learner.until(partial(_differs, box, box.text))
                _tell(writing, typed=box.text, step=learner.conversation.step.id, at=time.monotonic())
                if chance.random() < 0.01:
                    learner.tap("enter")
            _tell(writing, at=time.monotonic())
            await learner.pilot.pause(chance.random() * 0.08)


def _sit_down(folder: Path, chance: random.Random, writing: int) -> None:
    asyncio.run(_at_the_screen(folder, chance, writing))


def _differs(box: AnswerBox, before: str) -> bool:
    return box.text != before


def _kill_at_the_screen(folder: Path, chance: random.Random, count: int) -> None:
    """Some learners at once, each at a screen of their own; they are killed twice."""
    listening = TestHouse(folder).phrases().listening
    events: list[list[dict[str, Any]]] = [[] for _ in range(count)]
    for _ in range(2):
        born = [
            _child(partial(_sit_down, folder / str(number), random.Random(chance.random()))) for number in range(count)
        ]
        for _, reading in born:
            select.select([reading], [], [])
        begun = time.monotonic()
        for number, after in sorted(enumerate(chance.uniform(0.2, 4.0) for _ in born), key=lambda each: each[1]):
            told = Told()
            killed = _kill(*born[number], told, max(begun + after - time.monotonic(), 0), stillborn=True)
            assert killed != float("inf")
            [past] = TestHouse(folder / str(number)).journal.past("mika")
            kept = [event.to_json() for event in past.events]
            assert past.damage is None
            assert kept[: len(events[number])] == events[number]
            assert kept[: len(told.events)] == told.events
            assert len(kept) > len(events[number])
            if len(kept) == len(told.events):
                sitting = TestHouse(folder / str(number)).journal.resume("mika", past, judge="", speaker="")
                assert replay(sitting.events).current == told.step
                hold_draft(sitting.draft(), told, killed, partial(safe_part, listening=listening))
            [past] = TestHouse(folder / str(number)).journal.past("mika")
            events[number] = [event.to_json() for event in past.events]


def test_killed_at_the_screen_in_the_midst_of_a_word(tmp_path: Path) -> None:
    with _seeded() as chance:
        _kill_at_the_screen(tmp_path, chance, 2)


@pytest.mark.long
def test_killed_at_the_screen_forty_times(tmp_path: Path) -> None:
    with _seeded() as chance:
        for number in range(10):
            _kill_at_the_screen(tmp_path / str(number), chance, 2)


def test_killed_a_hundred_times_at_any_moment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    killer = _kill_sessions(tmp_path, 96, monkeypatch)
    assert "typing" in killer.moments
    assert len(killer.moments) > 3


@pytest.mark.long
def test_killed_a_thousand_times_at_any_moment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    killer = _kill_sessions(tmp_path, 960, monkeypatch)
    assert len(killer.moments) > 5
    assert killer.finished > 20
