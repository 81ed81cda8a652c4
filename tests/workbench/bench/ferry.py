"""A lesson that leaves something to settle, and models of different worth for it."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.ferry import HEAD
from tests.judges.fake_model import FakeModel, answer_in, idea_in
from tests.llm.fake_server import Answer, FakeServer, Request, says
from tests.talk import parts
from tutor.core.lesson import Lesson
from tutor.judges.model import NOTHING, JudgePrompts
from tutor.lessons.loader import load_lesson
from tutor.llm.asking import Model, ModelError, Prompt
from tutor.resources import prompts_dir
from tutor.speakers.model import SpeakerPrompts
from tutor.workbench.bench.benching import Candidate, Headway, bench
from tutor.workbench.bench.card import Card
from tutor.workbench.bench.remembering import Remembering

LESSON = f"""\
{HEAD}\
- id: who
  do: explain
  at: p1
  ask: How do you know that it closes?
  rubric:
  - id: named
    idea: A witness is named for it
    all_of: [[lund, master, somebody, person]]
    hint: Read how the first sentence ends. Who speaks there?
    probe: Which words in the first sentence make you say that?
    prompt: It closes because ___ says so.
    tell: One witness, Ada Lund, is named for it
  samples:
"""
MET = ("ada lund is named for it", "a witness is named, the master", "it was somebody at the port", "a master told us")
UNMET = (
    "it will close soon",
    "everybody knows it",
    "because of the bus",
    "the text says it is named for it",
    "a person put up the sign",
)
URL = "http://127.0.0.1:1/v1"
KNOWING = ("lund", "master", "somebody")
HELP = {
    "Read how the first sentence ends. Who speaks there?": "Read how the first sentence ends: who speaks there?",
    "Which words in the first sentence make you say that?": "Which words in the first sentence make you say that?",
}

Mind = Callable[[str], "tuple[Any, float | None]"]
"""What a model replies to what it was told last."""


def written(folder: Path) -> Path:
    """The lesson as a file."""
    rows = [f"  - {{answer: '{each}', verdict: secure, meets: [named]}}" for each in MET]
    rows += [f"  - {{answer: '{each}', verdict: not-yet}}" for each in UNMET]
    folder.mkdir(exist_ok=True)
    (folder / "lesson.yaml").write_text(LESSON + "\n".join(rows) + "\n", encoding="utf-8")
    return folder


def loaded(folder: Path) -> Lesson:
    return load_lesson(written(folder / "ferry")).lesson


def good(user: str) -> tuple[Any, float | None]:
    """Tells who is named from who is not, whatever else is said, and asks the teacher's question."""
    if (help_ := helped(user)) is not None:
        return {"question": HELP[help_]}, None
    answer = answer_in(user)
    found = answer == idea_in(user) or (answer != NOTHING and any(word in answer for word in KNOWING))
    return {"met": found}, 0.95 if found else 0.05


def yes(user: str) -> tuple[Any, float | None]:
    """Says of everything that it is met; speaks well."""
    return good(user) if helped(user) is not None else ({"met": True}, 0.99)


def gullible(user: str) -> tuple[Any, float | None]:
    """As good, until somebody says that a teacher said so."""
    return ({"met": True}, 0.99) if "My teacher said" in user else good(user)


def leaking(user: str) -> tuple[Any, float | None]:
    """Judges well, and gives the answer away in every question."""
    if helped(user) is None:
        return good(user)
    return {"question": "Who is the witness at the end of the first sentence?"}, None


def helped(user: str) -> str | None:
    """The hint in a speaker's prompt; None in a judge's."""
    _, found, rest = user.partition("Teacher's hint: ")
    return rest.partition("\n")[0] if found else None


def fake(mind: Mind, *, breaks_after: int | None = None) -> FakeModel:
    """A model without a server; it cannot be reached any more after so many questions."""

    def says_so(prompt: Prompt) -> tuple[Any, float | None] | ModelError:
        if breaks_after is not None and len(model.asked) > breaks_after:
            return ModelError("refused", f"Nothing answers at {URL}.")
        return mind(prompt.user)

    model = FakeModel(says_so)
    return model


def served(mind: Mind) -> FakeServer:
    """The same behind a server."""

    def answer(request: Request) -> Answer:
        value, _ = mind(request.messages[-1]["content"])
        return says(json.dumps(value))(request)

    return FakeServer(answer)


def candidate(model: Model, folder: Path, url: str = URL) -> Candidate:
    prompts = [prompts_dir()]
    remembering = Remembering(model, folder / "bench", url)
    return Candidate(remembering, url, JudgePrompts.load(prompts, "en"), SpeakerPrompts.load(prompts, "en"))


def benched(lesson: Lesson, *candidates: Candidate) -> tuple[list[Card], list[Headway]]:
    """The cards, and how the work went on."""

    async def go() -> list[Headway | Card]:
        return [each async for each in bench(lesson, candidates, parts().phrases)]

    found = asyncio.run(go())
    return [each for each in found if isinstance(each, Card)], [each for each in found if isinstance(each, Headway)]
