"""A window of its own: a process in which a learner has a lesson open, and turns it over as fast as it goes.

    python -m tests.window FOLDER LESSON NAME TURNS

It writes a JSON line for each answer that was acknowledged: its session, its sitting, its number, its text, and whether
the learner has been forgotten meanwhile.
"""

from __future__ import annotations

import asyncio
import json
import sys
from functools import cache
from pathlib import Path

from tests.ferry import HEAD, STEP
from tutor.bootstrap import House
from tutor.conversation import Conversation
from tutor.core import events as e
from tutor.journal import Draft
from tutor.lessons.phrases_file import load_phrases
from tutor.settings import Settings

_AT_A_STRETCH = 30


def lesson_in(folder: Path, steps: int = 20) -> Path:
    """A lesson with enough turns in it."""
    path = folder / "ferry.yaml"
    path.write_text(
        HEAD + "".join(STEP.format(n=f"-{number}") + "  tries: 5\n" for number in range(steps)), encoding="utf-8"
    )
    return path


load_phrases_once = cache(load_phrases)
"""In place of `load_phrases`, where a test opens the program many times: it takes some tens of milliseconds."""


def house_in(folder: Path, learner: str = "owl") -> House:
    """The program, with its data in a folder."""
    return House(Settings(data_dir=folder, lessons_dirs=(), help_card=None, theme="auto", origins={}), learner)


def opened(house: House, lesson: Path) -> Conversation:
    """Go on with the newest session, whichever window it is open in, or begin one."""
    loaded = house.load(str(lesson))
    past = house.past(loaded)
    return house.start(loaded) if past is None or past.finished else house.resume(past)


async def turn(conversation: Conversation, text: str) -> e.Event | None:
    """Whatever comes next; the answer where one was given."""
    async for _ in conversation.advance():
        pass
    match conversation.turn:
        case "answer":
            events = conversation.answer(e.Written(text=text))
        case "self-check":
            events = conversation.self_check(had_it=False)
        case "rest":
            events = conversation.go_on()
        case "over":  # the other window had come to the end
            return None
        case other:
            raise AssertionError(f"nobody knows what to do at {other}")
    happened = [event async for event in events]
    return next((event for event in happened if isinstance(event.payload, e.Answered)), None)


def work(folder: Path, lesson: Path, name: str, turns: int) -> None:
    """So many turns, and after each stretch of them the newest session again."""
    house = house_in(folder)
    conversation = opened(house, lesson)
    for number in range(turns):
        sitting = house.sitting(conversation)
        if not sitting.is_removed and (conversation.turn == "over" or number % _AT_A_STRETCH == 0):
            assert house.damage() == ()
            conversation = opened(house, lesson)
            sitting = house.sitting(conversation)
        text = f"{name} thinks that bananas number {number} are yellow"
        sitting.save_draft(Draft("any", text))
        answered = asyncio.run(turn(conversation, text))
        is_removed = sitting.is_removed
        assert is_removed or (sitting.trouble is None and sitting.draft() == Draft("any", text)), sitting.trouble
        sitting.drop_draft()
        if answered:
            print(json.dumps([answered.session, answered.sitting, answered.seq, text, is_removed]), flush=True)
    house.sitting(conversation).save_draft(Draft("any", f"the last of {name}"))


if __name__ == "__main__":
    work(Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3], int(sys.argv[4]))
