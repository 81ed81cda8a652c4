"""A model that says what it is told to say, and remembers what it was asked."""

from __future__ import annotations

import asyncio
import json
import math
from collections.abc import Callable
from typing import Any

from tutor.core.events import Call
from tutor.judges.model import NOTHING
from tutor.llm.asking import ModelError, Prompt, Reply, Token

Says = Callable[[Prompt], "tuple[Any, float | None] | ModelError | str"]


class FakeModel:
    """`says` gives for a prompt the JSON value to reply with and the probability of `true`, a text, or a trouble."""

    name = "fake"

    def __init__(self, says: Says) -> None:
        self._says = says
        self.asked: list[Prompt] = []
        self.context = 10_000

    @property
    def judged(self) -> list[Prompt]:
        """What it was asked about answers: not what it was tried out on."""
        return [each for each in self.asked if answer_in(each.user) not in (NOTHING, idea_in(each.user))]

    def room(self, prompt: Prompt) -> int:
        return self.context - len(prompt.system) - len(prompt.user)

    async def ask(self, prompt: Prompt) -> Reply:
        self.asked.append(prompt)
        await asyncio.sleep(0)
        said = self._says(prompt)
        if isinstance(said, ModelError):
            raise said
        call = Call(model="fake-1", prompt=prompt.hash, tokens_in=100, tokens_out=6, tokens_cached=80, seconds=0.5)
        if isinstance(said, str):
            return Reply(said, call)
        value, probability = said
        return Reply(json.dumps(value), call, () if probability is None else _tokens(probability))


def _tokens(probability: float) -> tuple[Token, ...]:
    yes, no = (math.log(max(each, 1e-9)) for each in (probability, 1 - probability))
    said = "true" if probability >= 0.5 else "false"
    return (
        Token('{"met":', {}),
        Token(said, {" true": yes - 1, "true": yes, "false": no, " false": no - 1}),
        Token("}", {}),
    )


def met(probability: float) -> Says:
    """Says of every answer that it is met with this probability; it can tell an idea's own sentence from no answer."""

    def says(prompt: Prompt) -> tuple[Any, float | None]:
        p = {NOTHING: 0.1, idea_in(prompt.user): 0.9}.get(answer_in(prompt.user), probability)
        return {"met": p >= 0.5}, p

    return says


def answer_in(user: str) -> str:
    """The answer in a judge's prompt."""
    return user.partition("Pupil's answer:\n\"")[2].rpartition('"')[0]


def idea_in(user: str) -> str:
    """The idea in a judge's prompt."""
    return user.partition("Idea: ")[2].partition("\n")[0]


def sorted_as(kind: str, then: Says) -> Says:
    """Takes every turn for this kind, and judges as `then`."""
    return lambda prompt: ({"kind": kind}, None) if "kind" in str(prompt.schema) else then(prompt)
