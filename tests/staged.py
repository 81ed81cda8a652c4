"""What is played on the stage: a lesson that begins with a text to write, how it is opened, and what is kept of it."""

from __future__ import annotations

import json
import sys
from pathlib import Path

from tests.pty_stage import TUTOR
from tutor.bootstrap import House
from tutor.core.events import Event
from tutor.settings import Settings

HALF_TYPED = "Nobody says who counted."
"""What stands in the box when something happens."""

_LESSON = """\
tutor: 1
id: ferry
title: Who says that the ferry is late?
article:
  title: The ferry is late again
  licence: CC0-1.0
  text: |
    The ferry was late on every day of May, the council said. Nobody trusts it any more.

    A count by the school found six late days. Surely the quay must close.
glossary: {quay: where ferries land}
sources:
- {id: log, title: The harbour's log, body: Six days., quality: strong}
- {id: talk, title: A post, body: They say it is always late., quality: weak}
steps:
- id: who
  do: explain
  at: p1
  ask: Who says that it was late?
  rubric:
  - {id: council, idea: The council says so., all_of: [[council]], hint: Look at the end., tell: The council.}
  samples:
  - {answer: The council said it., verdict: secure, meets: [council]}
- id: look
  do: look
  at: p2
  ask: Which of the cards helps?
  cards: [log, talk]
  best: [log]
  budget: 2
  rubric:
  - {id: log, idea: The log counts., all_of: [[log]], hint: Who counted?, tell: The log.}
"""


def lesson(folder: Path) -> Path:
    """The lesson, in a folder of its own."""
    path = folder / "lessons" / "ferry" / "lesson.yaml"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(_LESSON, encoding="utf-8")
    return path


def learn(home: Path, *flags: str) -> tuple[str, ...]:
    """The command that opens it, for mika, with everything that is kept below `home`."""
    return (*TUTOR, *_arguments(home, *flags))


def learn_broken(home: Path, patch: str, *flags: str) -> tuple[str, ...]:
    """The same command, after some lines of Python that break something in it."""
    start = f"{patch}\nimport sys; sys.argv = ['closeread', *sys.argv[1:]]\nfrom tutor.cli import run; run()"
    return (sys.executable, "-c", start, *_arguments(home, *flags))


def _arguments(home: Path, *flags: str) -> tuple[str, ...]:
    return ("learn", str(lesson(home)), "--as", "mika", "--data-dir", str(home / "data"), *flags)


def events(home: Path) -> tuple[Event, ...]:
    """What the journal holds of the one session, read back; it must be whole."""
    house = House(Settings(home / "data", (), None, "auto", {}), "mika")
    (past,) = house.journal.past("mika")
    assert past.damage is None
    return past.events


def kinds(home: Path) -> list[str]:
    """The types of those events."""
    return [event.payload.type for event in events(home)]


def draft(home: Path) -> str | None:
    """The half-typed text that is kept; None where there is none."""
    texts = [json.loads(path.read_text("utf-8"))["text"] for path in (home / "data").rglob("*.draft.json")]
    return texts[0] if texts else None
