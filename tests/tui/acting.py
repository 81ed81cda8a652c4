"""How the tests of the screen act: a house in a temporary folder, and a learner at the keyboard."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from textual import events
from textual._time import get_time
from textual.pilot import Pilot
from textual.screen import Screen
from textual.widget import Widget

from tutor.bootstrap import House
from tutor.conversation import Conversation, Parts
from tutor.core import events as e
from tutor.core.judging import Judge, Judgement, JudgeTask, Sort
from tutor.core.lesson import Lesson
from tutor.core.speaking import Speaker
from tutor.journal import Sitting
from tutor.settings import Settings, Theme
from tutor.tui import TutorApp
from tutor.tui.base_app import BaseApp
from tutor.tui.place import Mode, mode_of
from tutor.tui.screens.lesson import LessonScreen
from tutor.tui.widgets.desk import Desk

LESSONS = Path(__file__).parent / "lessons"
SMALL, LARGE = (80, 24), (120, 40)
_MOST_WAITS = 1500


class TestHouse(House):
    """A house with lessons of its own only, a clock that stands still and names that can be foreseen."""

    __test__ = False

    def __init__(
        self,
        data: Path,
        *,
        lessons: Path = LESSONS,
        learner: str | None = "mika",
        theme: Theme = "auto",
        spoil: Callable[[Lesson], Lesson] = lambda lesson: lesson,
        judge: Judge | None = None,
        speaker: Speaker | None = None,
    ) -> None:
        self.lessons = lessons
        self.prepared = 0
        self._spoil = spoil
        self._other_judge = judge
        self._other_speaker = speaker
        self.opened: list[Conversation] = []
        numbers = itertools.count(len(list(data.rglob("*.jsonl"))) * 10)
        super().__init__(
            Settings(data, (), None, theme, {}),
            learner,
            now=lambda: datetime(2026, 5, 1, 12, tzinfo=UTC),
            new_id=lambda: f"{next(numbers):016x}",
        )

    @property
    def folders(self) -> tuple[Path, ...]:
        """The test's own lessons."""
        return (self.lessons,)

    def prepare(self) -> None:
        """Count how often it was asked to."""
        self.prepared += 1

    def _conversation(self, lesson: Lesson, sitting: Sitting, parts: Parts) -> Conversation:
        judge, speaker = self._other_judge or parts.judge, self._other_speaker or parts.speaker
        parts = replace(parts, judge=judge, speaker=speaker)
        conversation = super()._conversation(self._spoil(lesson), sitting, parts)
        self.opened.append(conversation)
        return conversation


class ThinkingJudge:
    """Takes its time: it judges when it is let, as `says` has it, and notices when nobody waits for it any more.

    Beside it the teacher's rules are heard. `trouble` is a sentence about its endpoint. What it takes for no answer it
    turns back as `sort`. Making ready takes it as long as judging where `warms` says so.
    """

    name = "small-1b"

    def __init__(self, *says: e.Status, trouble: str = "") -> None:
        self.lets = asyncio.Event()
        self.cancelled = 0
        self.sort: Sort = "answer"
        self.warms = False
        self.warming: list[str] = []
        self.says = says
        self.trouble = trouble
        self.answers: list[str] = []

    async def warm(self, task: JudgeTask) -> None:
        """Make ready, if it takes any time; `warming` tells how that went."""
        if not self.warms:
            return
        self.warming.append(f"begun {task.step.id}")
        try:
            await self.lets.wait()
        except asyncio.CancelledError:
            self.warming.append("cancelled")
            raise

    async def judge(self, task: JudgeTask) -> Judgement:
        """Judge once it is let."""
        self.answers.append(task.answer)
        self.warming.append("judging")
        try:
            await self.lets.wait()
        except asyncio.CancelledError:
            self.cancelled += 1
            raise
        if task.sortable and self.sort != "answer":
            return Judgement((), sort=self.sort, sorting=e.Call(model="small-1b-q4", prompt="0"))
        says = dict(zip((each.id for each in task.step.rubric), self.says, strict=False))
        findings = (self._finding(each.id, says.get(each.id, "not"), task.answer) for each in task.criteria)
        return Judgement(tuple(findings), trouble=self.trouble)

    def _finding(self, criterion: str, says: e.Status, answer: str) -> e.Finding:
        call = e.Call(
            model="small-1b-q4", prompt="0", tokens_in=1000, tokens_out=14, tokens_cached=710, seconds=2.0
        )  # fmt: skip
        voices = (
            e.Voice(judge="embedded", says="not", ground="no rule matches"),
            e.Voice(judge=self.name, says=says, probability=0.9 if says == "met" else 0.02, call=call),
        )
        evidence = (answer,) if says == "met" else ()
        return e.Finding(
            criterion=criterion, status=says, evidence=evidence, judge=self.name, ground="they were weighed",
            voices=voices,
        )  # fmt: skip


class Learner:
    """Somebody at the keyboard of a running app. After every key they wait until the screen has come to rest."""

    def __init__(self, app: BaseApp, pilot: Pilot[str], house: TestHouse) -> None:
        self.app = app
        self.pilot = pilot
        self.house = house

    @property
    def screen(self) -> Screen[Any]:
        """The screen on top."""
        return self.app.screen

    @property
    def lesson(self) -> LessonScreen:
        """The lesson's screen, on top or below a dialog."""
        return next(screen for screen in self.app.screen_stack if isinstance(screen, LessonScreen))

    @property
    def desk(self) -> Desk:
        """What lies before the learner."""
        return self.lesson.query_one(Desk)

    @property
    def conversation(self) -> Conversation:
        """The conversation that is on."""
        return self.house.opened[-1]

    @property
    def mode(self) -> Mode:
        """What the learner is to do."""
        return mode_of(self.conversation)

    @property
    def payloads(self) -> list[e.Payload]:
        """What has happened."""
        return [event.payload for event in self.conversation.events]

    async def until(self, holds: Callable[[], object]) -> None:
        """Wait for something; give up only when it has become hopeless."""
        for _ in range(_MOST_WAITS):
            try:
                if holds():
                    return
            except (LookupError, StopIteration):
                pass
            await self.pilot.pause(0.01)
        raise AssertionError(f"this never came to hold; on the screen:\n{self.text}")

    async def until_screen(self, name: str) -> None:
        """Wait for a screen by the name of its class."""
        await self.until(lambda: type(self.screen).__name__ == name)
        await self.rest()

    async def rest(self) -> None:
        """Wait until nothing is under way, and keys are heard."""
        for _ in range(3):
            await self.pilot.pause(0)
            await self.until(lambda: not any(getattr(screen, "is_busy", False) for screen in self.app.screen_stack))
            await self.until(lambda: self.app._hears_from <= get_time())

    async def press(self, *keys: str) -> None:
        """Press keys, one after the other."""
        for key in keys:
            self.app.simulate_key(key)
            await self.rest()

    def tap(self, *keys: str) -> None:
        """Press keys without waiting for what they lead to."""
        for key in keys:
            self.app.simulate_key(key)

    def type(self, text: str) -> None:
        """Type a text without waiting."""
        for char in text:
            self.app.post_message(events.Key(char, char))

    async def write(self, text: str) -> None:
        """Type a text."""
        self.type(text)
        await self.rest()

    async def open_writing(self) -> None:
        """Go to the first question that is answered in one's own words."""
        await self.open_lesson()
        await self.press("2", "4", "f3", "f3", "1")
        assert self.mode == "write"

    async def open_lesson(self) -> None:
        """Wait for the first question."""
        await self.until_screen("LessonScreen")
        await self.until(lambda: self.mode != "tutor")
        await self.rest()

    async def go_on_stuck_to(self, where: str) -> None:
        """Be stuck, until a step or a mode is reached."""
        for _ in range(99):
            if where in (self.mode, self.conversation.step.id):
                return
            await self.press({"rest": "1", "self-check": "2", "confidence": "1"}.get(self.mode, "f3"))
        raise AssertionError(f"never came to {where}")

    @property
    def text(self) -> str:
        """Everything that can be seen, line by line."""
        strips = self.screen._compositor.render_strips()
        return "\n".join(strip.text.rstrip() for strip in strips)

    def shown(self, widget: Widget) -> str:
        """What can be seen of a widget."""
        region = widget.region
        return "\n".join(line[region.x : region.right] for line in self.text.split("\n")[region.y : region.bottom])


@asynccontextmanager
async def at_the_screen(
    house: TestHouse, lesson: str | None = "bike-lane", size: tuple[int, int] = SMALL
) -> AsyncIterator[Learner]:
    """A learner before the running app."""
    app = TutorApp(house, lesson)
    async with app.run_test(size=size) as pilot:
        learner = Learner(app, pilot, house)
        yield learner
