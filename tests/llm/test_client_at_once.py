"""Several questions to one model: side by side, one after the other, and after one that went wrong."""

import asyncio
from dataclasses import replace
from typing import Any

import pytest

from tests.llm import fake_server as fake
from tests.llm.fake_server import Answer, FakeServer, Naps, Request, Script, nobody, quick, refuses_to, says
from tutor.llm.asking import ModelError, Prompt, Reply
from tutor.llm.client import LiteModel
from tutor.settings import Endpoint

PROMPT = Prompt("You judge answers.", "Is it met?", "abc123", tokens=32)
MET = '{"met": true}'


class Clock:
    """Goes on when it is told to."""

    now = 100.0

    def __call__(self) -> float:
        return self.now


def restless(endpoint: Endpoint, naps: Naps | None = None, **more: Any) -> LiteModel:
    return LiteModel(endpoint, sleep=naps or Naps(), chance=lambda: 0.5, **more)


async def side_by_side(model: LiteModel, prompt: Prompt, count: int) -> list[Reply | BaseException]:
    return await asyncio.gather(*(model.ask(prompt) for _ in range(count)), return_exceptions=True)


async def trouble_of(model: LiteModel) -> ModelError:
    with pytest.raises(ModelError) as caught:
        await model.ask(PROMPT)
    return caught.value


async def test_what_is_refused_to_two_at_once_is_left_out_by_both() -> None:
    def answer(request: Request) -> Answer:
        if "logprobs" in request.body:
            # Late enough that both are sent before either is refused.
            return replace(refuses_to(400, "Unsupported parameter: 'logprobs'"), pause=0.3)
        return says(MET)(request)

    with FakeServer(answer) as server:
        model = restless(server.endpoint(parallel=2))
        replies = await side_by_side(model, replace(PROMPT, schema={"type": "object"}), 2)
    assert [getattr(each, "text", each) for each in replies] == [MET, MET]
    assert ["logprobs" in each.body for each in server.requests] == [True, True, False, False]


@pytest.mark.parametrize(
    ("slots", "parallel", "most"), [(None, None, 2), (1, None, 1), (3, None, 3), (1, 4, 4)], ids=str
)
async def test_no_more_questions_at_once_than_the_server_has_slots(
    slots: int | None, parallel: int | None, most: int
) -> None:
    with FakeServer(says("Yes?", pause=0.02), slots=slots) as server:
        model = restless(server.endpoint(parallel=parallel))
        await asyncio.gather(*(model.ask(PROMPT) for _ in range(5)))
        assert server.most_at_once == most
        assert len(server.others) == (0 if parallel else 1)


async def test_the_wait_for_a_slot_counts_and_is_said() -> None:
    """The first takes more than half of the limit, so that the second has too little left of its own."""
    with FakeServer(says("Yes"), says("Yes", pause=0.25)) as server:
        model = restless(server.endpoint(parallel=1, total_seconds=2.0))
        await model.ask(PROMPT)  # what is loaded only once is no part of it
        first, second = await side_by_side(model, PROMPT, 2)
    assert isinstance(first, Reply)
    assert isinstance(second, ModelError)
    assert second.kind == "busy"
    assert "other questions" in str(second)
    assert second.__context__ is None


async def test_a_server_that_is_not_there_is_asked_twice_and_then_left_alone() -> None:
    naps = Naps()
    with nobody() as url:
        model = restless(quick(url), naps, clock=Clock())
        troubles = [await trouble_of(model) for _ in range(3)]
    assert [each.kind for each in troubles] == ["refused"] * 3
    assert naps.taken == [0.3]
    assert len({str(each) for each in troubles}) == 1
    assert url in str(troubles[0])


async def test_a_server_that_came_back_is_asked_again_after_two_seconds() -> None:
    clock = Clock()
    with FakeServer(says("Yes?")) as server:
        endpoint = server.endpoint()
        port = server.port
    model = restless(endpoint, clock=clock)
    await trouble_of(model)
    with FakeServer(says("Yes?"), port=port) as server:
        clock.now += 1.9
        await trouble_of(model)
        assert server.requests == []
        clock.now += 0.1
        assert (await model.ask(PROMPT)).text == "Yes?"


SLOW: dict[str, Script] = {"slow-first": fake.HANGS, "slow-gap": fake.FREEZES, "slow-total": fake.drips()}
LIMITS = {"slow-first": "first_token_seconds", "slow-gap": "gap_seconds", "slow-total": "total_seconds"}


@pytest.mark.parametrize("kind", SLOW)
async def test_after_a_question_that_took_too_long_the_next_do_not_wait_as_long(kind: str) -> None:
    clock = Clock()
    with FakeServer(SLOW[kind]) as server:
        model = restless(server.endpoint(**{LIMITS[kind]: 0.4}), clock=clock)
        troubles = [await trouble_of(model) for _ in range(3)]
        assert [each.kind for each in troubles] == [kind] * 3
        assert len(server.requests) == 1
        clock.now += 2.0
        await trouble_of(model)
        assert len(server.requests) == 2


async def test_who_waits_for_a_slot_does_not_wait_out_the_limit_after_another() -> None:
    with FakeServer(fake.HANGS) as server:
        model = restless(server.endpoint(parallel=1, first_token_seconds=0.3), clock=Clock())
        troubles = await side_by_side(model, PROMPT, 3)
        assert [getattr(each, "kind", each) for each in troubles] == ["slow-first"] * 3
        assert len(server.requests) == 1


async def test_other_troubles_keep_nobody_from_asking() -> None:
    with FakeServer(refuses_to(401), says("Yes?")) as server:
        model = restless(server.endpoint(), clock=Clock())
        assert (await trouble_of(model)).kind == "unauthorised"
        assert (await model.ask(PROMPT)).text == "Yes?"
