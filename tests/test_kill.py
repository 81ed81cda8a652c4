"""kill -9 after every event of a session: nothing acknowledged is lost, and it resumes on the same step."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
from pathlib import Path
from typing import NoReturn

import pytest

from tests.talk import all_wrong, answer_for
from tutor.bootstrap import House
from tutor.conversation import Conversation
from tutor.core import events as e
from tutor.core.session import replay
from tutor.journal import Past
from tutor.lessons import loader
from tutor.lessons.loader import Loaded
from tutor.settings import Settings

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="SIGKILL and fork are not to be had on Windows")

LESSON = "lavrov-syria"
FEWEST_KILLS = 200


def test_killed_after_every_event_of_a_session(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # Every child is born with the lesson in its head: most of its life would go into reading it.
    loaded = _house(tmp_path).load(LESSON)
    monkeypatch.setattr(loader, "load_copy", lambda *_: loaded)
    acknowledged: list[dict[str, object]] = []
    kills, past = 0, None
    while past is None or not past.finished:
        acknowledged += _one_life(tmp_path, past, loaded)
        kills += 1
        (past,) = _house(tmp_path).journal.past("killed")
        assert past.damage is None
        kept = [event.to_json() for event in past.events]
        assert [event for event in kept if event["type"] != "resumed"] == acknowledged
        assert kills < 10 * FEWEST_KILLS, "the session comes to no end"
    assert kills >= FEWEST_KILLS


def _house(folder: Path) -> House:
    return House(Settings(data_dir=folder, lessons_dirs=(), help_card=None, theme="auto", origins={}), "killed")


def _one_life(folder: Path, past: Past | None, loaded: Loaded) -> list[dict[str, object]]:
    """A process that goes on with the session, and is killed as soon as one more event was acknowledged."""
    step_before = replay(past.events).current if past else None
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        _live(_house(folder), loaded, writing, step_before)
    os.close(writing)
    with os.fdopen(reading, encoding="utf-8") as told:
        acknowledged = [json.loads(line) for line in told]
    _, status = os.waitpid(child, 0)
    assert os.WIFSIGNALED(status), f"the child ended by itself: {acknowledged}"
    assert os.WTERMSIG(status) == signal.SIGKILL
    return acknowledged


def _live(house: House, loaded: Loaded, writing: int, step_before: str | None) -> NoReturn:
    try:
        past = house.past(loaded)
        conversation = house.resume(past) if past else house.start(loaded)
        assert conversation.session.current == step_before
        if past is None:
            _tell(writing, conversation.events[0])
        else:
            asyncio.run(_until_killed(conversation, writing))
    finally:
        os._exit(1)


async def _until_killed(conversation: Conversation, writing: int) -> None:
    async for event in conversation.advance():
        _tell(writing, event)
    async for event in answer_for(conversation, all_wrong):
        _tell(writing, event)


def _tell(writing: int, event: e.Event) -> NoReturn:
    """Acknowledge one event, then die at once."""
    os.write(writing, json.dumps(event.to_json()).encode() + b"\n")
    os.kill(os.getpid(), signal.SIGKILL)
    raise AssertionError("nobody survives this")
