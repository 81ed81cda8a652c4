"""A model at an endpoint, asked through litellm: retries, slots, and what a reply is worth.

All of it runs in the worker's thread; the loop that asks only waits, and may stop waiting at any time.
"""

from __future__ import annotations

import asyncio
import json
import random
import re
import time
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from tutor.core.events import Call
from tutor.llm.asking import Model, ModelError, Prompt, Reply
from tutor.llm.counting import Yardstick, is_cut
from tutor.llm.faults import LONGEST_NAME, Fault, explain, fault, hide_key
from tutor.llm.worker import NotReadyError, Worker, process_worker

if TYPE_CHECKING:
    from tutor.llm.exchange import Heard, Wire
    from tutor.settings import Endpoint

_SLOTS = 2
_RETRIES = {"busy": 2, "server-error": 2, "broken-off": 2, "refused": 1}
_BACK_OFF = 0.5
_KNOCK_AGAIN = 0.3
_LONGEST_WAIT = 5.0  # a learner waits
_LOST = ("refused", "unknown-host", "slow-connect", "slow-first", "slow-gap", "slow-total")
_LOST_SECONDS = 2.0


def open_model(endpoint: Endpoint) -> Model:
    """The model at an endpoint. Nothing is loaded or contacted before the first question."""
    return LiteModel(endpoint)


class LiteModel:
    """A model that is asked through litellm (`Model`).

    Tried again, at most twice and within the total limit, is what may be better the next time: a busy or failing
    server, a connection that broke off before the first word; a refused connection once, and quickly. A server that
    asks to be left alone is, up to 5 seconds; beyond, its wish is told at once. Once the server could not be reached or
    was too slow, questions of the next 2 seconds fail at once with the same words: a learner does not wait for every
    question of a turn, and whoever then sends the answer again reaches a server that has come back. What a server
    refuses of a request (log probabilities, a schema...) it is not sent again. Waiting for a free slot counts towards
    the total limit.
    """

    def __init__(
        self,
        endpoint: Endpoint,
        worker: Worker | None = None,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        chance: Callable[[], float] = random.random,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._endpoint = endpoint
        self._worker = worker or process_worker()
        self._sleep = sleep
        self._chance = chance
        self._clock = clock
        self._yardstick = Yardstick()
        self._without: set[str] = set()
        self._opening = asyncio.Lock()
        self._opened: tuple[Wire, asyncio.Semaphore] | None = None
        self._lost: tuple[float, Fault] | None = None

    @property
    def name(self) -> str:
        """The model's name as it is configured."""
        return self._endpoint.model

    def room(self, prompt: Prompt) -> int:
        """How many tokens of the context are left beside this prompt and its reply; negative where it does not fit.

        Before the first question it may read the tokenizer's tables, a fifth of a second: not on the screen's loop.
        """
        return self._endpoint.context - self._yardstick.tokens(prompt.system, prompt.user) - prompt.tokens

    async def ask(self, prompt: Prompt) -> Reply:
        """Send a prompt and wait for the whole reply; ModelError. Cancelling closes the connection."""
        try:
            return await self._worker.run(lambda litellm: self._ask(litellm, prompt))
        except NotReadyError as error:
            trouble = self._error(fault("unready", self._endpoint, str(error)), prompt)
        raise trouble

    async def _ask(self, litellm: Any, prompt: Prompt) -> Reply:
        if (room := self.room(prompt)) < 0:
            said = f"{self._endpoint.context - room} tokens, where there is room for {self._endpoint.context}"
            raise self._error(fault("too-long", self._endpoint, said), prompt)
        wire, slots = await self._open(litellm)
        outcome, call = await self._in_turn(wire, slots, prompt)
        if isinstance(outcome, Fault):
            if outcome.kind in _LOST:
                self._lost = self._clock() + _LOST_SECONDS, outcome
            raise ModelError(outcome.kind, outcome.message, call)
        self._lost = None
        return replace(outcome, call=call)

    async def _in_turn(self, wire: Wire, slots: asyncio.Semaphore, prompt: Prompt) -> tuple[Reply | Fault, Call]:
        """Wait for a slot and ask, both within the total limit; ModelError while the server is left alone."""
        total = self._endpoint.total_seconds
        deadline = asyncio.get_running_loop().time() + total
        came, began = self._clock(), None
        call = Call(model=self.name, prompt=prompt.hash)
        try:
            async with asyncio.timeout_at(deadline), slots:
                began = self._clock()
                if self._lost and began < self._lost[0]:
                    raise self._error(self._lost[1], prompt)
                outcome, call = await self._try(wire, prompt, deadline)
        except TimeoutError:
            outcome = fault("slow-total", self._endpoint)
            if began is None or began - came > total / 2:
                # It had hardly any time of its own: that says nothing about how fast the model is.
                outcome = fault("busy", self._endpoint, "it was answering other questions all the while")
        seconds = 0.0 if began is None else max(0.0, self._clock() - began)
        return outcome, call.model_copy(update={"seconds": round(seconds, 3)})

    async def _open(self, litellm: Any) -> tuple[Wire, asyncio.Semaphore]:
        from tutor.llm.exchange import Wire  # noqa: PLC0415  imports httpx and openai, which are loaded by now

        async with self._opening:
            if self._opened is None:
                wire = Wire(litellm, self._endpoint)
                told = self._endpoint.parallel or (await wire.slots() if self._endpoint.is_local else None)
                self._opened = wire, asyncio.Semaphore(told or _SLOTS)
        return self._opened

    async def _try(self, wire: Wire, prompt: Prompt, deadline: float) -> tuple[Reply | Fault, Call]:
        """Ask until there is a reply or a trouble that stays; no try begins after `deadline`, on the loop's clock."""
        clock = asyncio.get_running_loop().time
        tried = 0
        while True:
            # What this question was sent without: another one may find a part refused while this one is under way.
            without = frozenset(self._without)
            outcome, heard = await self._once(wire, prompt, without)
            call = self._call(heard, prompt)
            if isinstance(outcome, Reply):
                return outcome, call
            if outcome.refuses and outcome.refuses not in without:
                self._without.add(outcome.refuses)
                continue
            wait = self._wait(outcome, heard, tried)
            if wait is None or clock() + wait >= deadline:
                return outcome, call
            await self._sleep(wait)
            tried += 1

    async def _once(self, wire: Wire, prompt: Prompt, without: frozenset[str]) -> tuple[Reply | Fault, Heard]:
        from tutor.llm.exchange import Heard  # noqa: PLC0415

        heard = Heard()
        try:
            await wire.send(prompt, without, heard)
        except Exception as error:
            # Nothing but cancelling leaves here otherwise than as a trouble that can be said.
            return explain(error, self._endpoint), heard
        return self._weigh(heard, prompt), heard

    def _wait(self, trouble: Fault, heard: Heard, tried: int) -> float | None:
        """The seconds before another try; None: give up. By chance, lest a class come back at once."""
        asked = trouble.wait or 0.0
        if tried >= _RETRIES.get(trouble.kind, 0) or heard.text or asked > _LONGEST_WAIT:
            return None
        if trouble.kind == "refused":
            return _KNOCK_AGAIN
        return asked + _BACK_OFF * 2.0**tried * (0.5 + self._chance())

    def _weigh(self, heard: Heard, prompt: Prompt) -> Reply | Fault:
        """What a reply that came to its end is worth."""
        text, asked = _answer(heard.text), f"{prompt.system}{prompt.user}"
        if heard.tokens_in and is_cut(asked, heard.tokens_in):
            return fault("prompt-cut", self._endpoint, f"{heard.tokens_in} tokens of it arrived")
        if heard.tokens_in:
            self._yardstick.learn(asked, heard.tokens_in)
        if hide_key(text, self._endpoint.key) != text:
            return fault("garbage", self._endpoint, "the key stands in it")
        if not text:
            return fault("only-reasoning" if heard.reasoned or heard.text.strip() else "empty", self._endpoint)
        if heard.finish is None:
            return fault("broken-off", self._endpoint)
        if heard.finish == "length":
            return fault("reply-cut", self._endpoint)
        if prompt.schema is not None:
            text = re.sub(r"\A```(?:json)?\s*|\s*```\Z", "", text)
            if not _is_json(text):
                return fault("garbage", self._endpoint, "no JSON")
        return Reply(text, self._call(heard, prompt), tuple(heard.tokens))

    def _call(self, heard: Heard, prompt: Prompt) -> Call:
        return Call(
            model=hide_key(heard.model, self._endpoint.key)[:LONGEST_NAME] or self.name,
            prompt=prompt.hash,
            tokens_in=heard.tokens_in,
            tokens_out=heard.tokens_out,
            tokens_cached=heard.tokens_cached,
        )

    def _error(self, trouble: Fault, prompt: Prompt) -> ModelError:
        return ModelError(trouble.kind, trouble.message, Call(model=self.name, prompt=prompt.hash))


def _answer(text: str) -> str:
    """A reply's text without the thoughts that some servers leave in front of it."""
    if text.lstrip().startswith("<think>"):
        text = text.partition("</think>")[2]
    return text.strip()


def _is_json(text: str) -> bool:
    try:
        json.loads(text)
    except (ValueError, RecursionError):
        return False
    return True
