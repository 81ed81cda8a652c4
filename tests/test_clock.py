"""A clock that jumps, sleeps or moves to another time zone: the order is that of what happened, and no time runs
backwards.
"""

from __future__ import annotations

import ast
import asyncio
import json
import random
import re
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone
from email.utils import formatdate
from itertools import count, cycle
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

import tutor
from tests.ferry import UNSURE
from tests.judges.fake_model import answer_in, idea_in
from tests.llm.fake_server import Answer, FakeServer, Request, refuses_to, says
from tests.window import lesson_in, load_phrases_once, turn
from tutor.bootstrap import House
from tutor.conversation import Conversation
from tutor.core import events as e
from tutor.journal import Draft
from tutor.lessons.loader import Loaded
from tutor.llm.asking import Model, ModelError, Prompt
from tutor.llm.client import LiteModel
from tutor.report.summary import summary_lines
from tutor.settings import Endpoint, Settings

DAY = timedelta(days=1)
YEAR = timedelta(days=365)
START = datetime(2026, 3, 28, 22, 0, tzinfo=UTC)  # a few hours before the clocks go forward in Europe
BERLIN, AUCKLAND = ZoneInfo("Europe/Berlin"), ZoneInfo("Pacific/Auckland")


@pytest.fixture(autouse=True)
def _quickly(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tutor.lessons.phrases_file.load_phrases", load_phrases_once)


class Clock:
    """A clock that anybody can set. It goes on by a second at each look."""

    def __init__(self) -> None:
        self.now = START
        self.zone: timezone | ZoneInfo = UTC

    def __call__(self) -> datetime:
        self.now += timedelta(seconds=1)
        return self.now.astimezone(self.zone)


class Machine:
    """A computer whose clock can be set between visits. Each visit is a run of the program of its own."""

    def __init__(self, folder: Path) -> None:
        self.clock = Clock()
        self._folder = folder
        self._lesson = lesson_in(folder, steps=3)
        self._numbers = count()

    def house(self) -> House:
        """The program is opened."""
        settings = Settings(self._folder / "data", (), None, "auto", {})
        return House(settings, "owl", now=self.clock, new_id=lambda: f"{next(self._numbers):08}")

    def come_back(self, *, anew: bool = False) -> tuple[House, Conversation]:
        """Open the lesson: where the learner left, or from the beginning."""
        house = self.house()
        loaded = self.loaded(house)
        past = None if anew else house.past(loaded)
        return house, house.resume(past) if past and not past.finished else house.start(loaded)

    def loaded(self, house: House) -> Loaded:
        """The lesson."""
        return house.load(str(self._lesson))


def say(conversation: Conversation, *texts: str) -> None:
    for text in texts:
        asyncio.run(turn(conversation, text))


JUMPS: dict[str, Callable[[Clock], None]] = {
    "a year back": lambda clock: setattr(clock, "now", max(clock.now - YEAR, START - 30 * YEAR)),
    "a year forward": lambda clock: setattr(clock, "now", min(clock.now + YEAR, START + 30 * YEAR)),
    "never set": lambda clock: setattr(clock, "now", datetime(1970, 1, 1, tzinfo=UTC)),
    "far ahead": lambda clock: setattr(clock, "now", datetime(9998, 12, 31, tzinfo=UTC)),
    "an hour forward, for the summer": lambda clock: setattr(clock, "zone", timezone(timedelta(hours=2))),
    "put right": lambda clock: setattr(clock, "now", START + timedelta(hours=1)),
    "an hour back, set by hand": lambda clock: setattr(clock, "now", clock.now - timedelta(hours=1)),
    "another time zone": lambda clock: setattr(clock, "zone", AUCKLAND),
    "asleep over the weekend": lambda clock: setattr(clock, "now", clock.now + 2 * DAY),
    "a second back": lambda clock: setattr(clock, "now", clock.now - timedelta(seconds=3)),
}


@pytest.mark.parametrize("jump", JUMPS.values(), ids=JUMPS)
def test_after_a_jump_between_sittings_one_comes_back_to_the_same_place(
    tmp_path: Path, jump: Callable[[Clock], None]
) -> None:
    machine = Machine(tmp_path)
    _, finished = machine.come_back()
    while finished.turn != "over":
        say(finished, "the harbour master, Ada Lund")
    jump(machine.clock)
    _, unfinished = machine.come_back()
    say(unfinished, "bananas are yellow")
    jump(machine.clock)
    house, conversation = machine.come_back()
    assert conversation.events[: len(unfinished.events)] == unfinished.events
    assert [event.seq for event in conversation.events] == list(range(len(conversation.events)))
    jump(machine.clock)
    _, anew = machine.come_back(anew=True)
    say(anew, "pears")
    jump(machine.clock)
    _, again = machine.come_back()
    assert again.events[:-1] == anew.events
    assert house.damage() == ()


def test_jumps_in_the_midst_of_a_lesson_change_nothing(tmp_path: Path) -> None:
    machine = Machine(tmp_path)
    house, conversation = machine.come_back()
    for jump in cycle(JUMPS.values()):
        if conversation.turn == "over":
            break
        say(conversation, "bananas are yellow")
        jump(machine.clock)
    assert len({event.at[:4] for event in conversation.events}) > 3, "the clock did not jump"
    [past] = machine.house().journal.past("owl")
    assert past.events == conversation.events
    assert past.finished
    for path in house.export(conversation):
        assert not re.search(r"-\d+ (second|minute|hour|day|s\b|min\b)", path.read_text(encoding="utf-8"))


@pytest.mark.parametrize("seed", [0, *(pytest.param(seed, marks=pytest.mark.long) for seed in range(1, 20))])
def test_whatever_the_clock_does_the_last_place_is_the_one_that_is_offered(tmp_path: Path, seed: int) -> None:
    dice, machine = random.Random(seed), Machine(tmp_path)
    left: tuple[e.Event, ...] = ()
    for _ in range(15):
        house, conversation = machine.come_back(anew=not dice.randrange(3))
        if isinstance(conversation.events[-1].payload, e.Resumed):
            assert conversation.events[:-1] == left
        for _ in range(dice.randint(1, 3)):
            if conversation.turn != "over":
                say(conversation, "bananas are yellow")
        conversation.leave()
        left = conversation.events
        assert house.sitting(conversation).trouble is None
        past = machine.house().past(machine.loaded(house))
        assert past
        assert past.events == left
        dice.choice(list(JUMPS.values()))(machine.clock)
    assert machine.house().damage() == ()


def test_times_are_written_in_one_time_zone_wherever_the_computer_is(tmp_path: Path) -> None:
    machine = Machine(tmp_path)
    times: list[str] = []
    for zone in (BERLIN, AUCKLAND, UTC, timezone(timedelta(hours=-11))):
        machine.clock.zone = zone
        _, conversation = machine.come_back()
        say(conversation, "bananas are yellow")
        times = [event.at for event in conversation.events]
    assert all(time.endswith("+00:00") for time in times)
    assert times == sorted(times)


def test_an_hour_that_comes_twice_is_told_apart(tmp_path: Path) -> None:
    machine = Machine(tmp_path)
    machine.clock.zone = BERLIN
    machine.clock.now = datetime(2026, 10, 25, 0, 50, tzinfo=UTC)  # 2:50 in summer; ten minutes later it is 2:00 again
    _, conversation = machine.come_back()
    for _ in range(4):
        say(conversation, "bananas are yellow")
        machine.clock.now += timedelta(minutes=10)
    times = [event.at for event in conversation.events]
    assert times == sorted(times)


@pytest.mark.parametrize("back", [timedelta(hours=1), DAY, YEAR, 50 * YEAR])
def test_a_clock_that_is_behind_removes_nothing_and_hides_no_half_typed_answer(tmp_path: Path, back: timedelta) -> None:
    machine = Machine(tmp_path)
    house, conversation = machine.come_back()
    say(conversation, "bananas are yellow")
    house.sitting(conversation).save_draft(Draft("who-0", "half an ans"))
    for visit in range(1, 4):
        machine.clock.now -= back
        house, conversation = machine.come_back()
        assert house.sitting(conversation).draft() == Draft("who-0", "half an ans")
        assert len([each for each in conversation.events if isinstance(each.payload, e.Resumed)]) == visit


@pytest.mark.parametrize(
    "now",
    [
        datetime(1, 1, 1, tzinfo=UTC),
        datetime(1970, 1, 1, tzinfo=UTC),
        datetime(2028, 2, 29, 23, 59, 59, tzinfo=UTC),
        datetime(9999, 12, 31, 23, 59, tzinfo=UTC),
    ],
)
@pytest.mark.parametrize("months", [1, 1200])
def test_no_time_is_too_strange_to_look_for_what_is_old(tmp_path: Path, now: datetime, months: int) -> None:
    Machine(tmp_path).come_back()
    settings = Settings(tmp_path / "data", (), None, "auto", {}, keep_months=months)
    house = House(settings, "owl", now=lambda: now)
    assert house.damage() == ()
    assert len(house.journal.past("owl")) == 1


# Durations


def yes(request: Request) -> Answer:
    """A model that keeps to the form."""
    if "met" not in request.prompt:
        return says(json.dumps({"question": "You write that you could look, but who is it that says so?"}))(request)
    return says(json.dumps({"met": answer_in(request.prompt) == idea_in(request.prompt)}))(request)


def test_no_duration_is_negative_whatever_the_clocks_say(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    machine = Machine(tmp_path)
    behind = count(0, -60)

    def opened(endpoint: Endpoint) -> Model:
        return LiteModel(endpoint, clock=lambda: next(behind))  # no such clock is allowed to do this

    monkeypatch.setattr("tutor.llm.client.open_model", opened)
    with FakeServer(yes) as server:
        settings = Settings(
            tmp_path / "data", (), None, "auto", {}, endpoint=server.endpoint(), judge="both", speaker="model"
        )
        house = House(settings, "owl", now=machine.clock)
        conversation = house.start(machine.loaded(house))
        machine.clock.now -= YEAR
        say(conversation, UNSURE)
    calls = re.findall(r'"seconds":(-?[\d.]+)', "".join(p.read_text() for p in (tmp_path / "data").rglob("*.jsonl")))
    assert calls
    assert all(float(each) >= 0 for each in calls)
    lines = "\n".join(summary_lines(conversation.lesson, conversation.session, events=conversation.events))
    assert "A language model" in lines
    assert not re.search(r"(^|[ (])-\d", lines)


def test_a_negative_duration_in_a_record_is_not_shown(tmp_path: Path) -> None:
    _, conversation = Machine(tmp_path).come_back()
    say(conversation, "bananas are yellow")
    call = e.Call(model="small-1b", prompt="0", tokens_in=10, tokens_out=2, seconds=-86400.0)
    strange = [
        each.model_copy(update={"payload": each.payload.model_copy(update={"calls": (call,)})})
        for each in conversation.events
        if isinstance(each.payload, e.Moved)
    ]
    lines = "\n".join(summary_lines(conversation.lesson, conversation.session, events=strange))
    assert "0 seconds" in lines
    assert "-" not in lines.partition("seconds")[0].rpartition(":")[2]


async def test_a_date_to_come_back_at_counts_from_the_servers_own_clock() -> None:
    year = 365 * 24 * 3600
    told = {"Retry_After": formatdate(time.time() + year + 40, usegmt=True)}
    told["Date"] = formatdate(time.time() + year, usegmt=True)
    with FakeServer(refuses_to(429, "Slow down", **told)) as server, pytest.raises(ModelError) as caught:
        await LiteModel(server.endpoint(total_seconds=30.0)).ask(Prompt("Be brief.", "Hello?", "hash"))
    assert re.search("wait (39|40|41) s", str(caught.value))


def test_only_these_places_look_at_a_clock_that_can_be_set() -> None:
    root = Path(tutor.__file__).parent
    found = {
        (path.relative_to(root).as_posix(), ast.unparse(node.func))
        for path in root.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and _is_wall_clock(node.func)
    }
    assert found == {
        ("bootstrap.py", "datetime.now"),  # handed down to the journal; the page's date
        ("journal/forgetting.py", "time.time"),  # spares the copies of the last hour
        ("llm/faults.py", "datetime.now"),  # where a server names a date and not its own
        ("cli/checking.py", "time.strftime"),  # shown, for a teacher who saves and looks
    }


def _is_wall_clock(function: ast.expr) -> bool:
    name = ast.unparse(function)
    wall = r"(time\.(time|time_ns|ctime|localtime|gmtime|strftime)|(datetime|date)\.(now|utcnow|today))"
    return bool(re.search(rf"(^|\.){wall}$", name)) and not name.startswith("loop.")
