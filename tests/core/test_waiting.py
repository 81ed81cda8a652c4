"""Waiting for a model: the learner may go on without it, and whatever it does, the answer is kept and judged."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any

import pytest

from tests.core.small import ReadingJudge, begun, explain, lesson
from tutor.conversation import Conversation
from tutor.core import events as e
from tutor.core.judging import Judgement, JudgeTask, Sort
from tutor.core.speaking import Brief, SpeakerError, Utterance

Act = Callable[[], Awaitable[Any]]
ANOTHER_HINT = "Which words in this sentence name a person who speaks, and not so?"


KINDS: dict[str, Sort] = {"red": "question", "green": "off-point", "blue": "stuck"}


class Slow(ReadingJudge):
    """A model's judge that gives no sign until it is cancelled."""

    name = "model"

    def __init__(self, act: Act | None = None) -> None:
        super().__init__()
        self.act = act or asyncio.Event().wait
        self.cancelled = 0

    async def judge(self, task: JudgeTask) -> Judgement:
        try:
            await self.act()
        except asyncio.CancelledError:
            self.cancelled += 1
            raise
        return replace(await super().judge(task), calls=(e.Call(model="m", prompt="p"),))


class SlowSpeaker:
    name = "model"

    def __init__(self, act: Act | None = None) -> None:
        self.act = act or asyncio.Event().wait
        self.attempts: list[int] = []

    async def speak(self, brief: Brief) -> Utterance:
        self.attempts.append(brief.attempt)
        await self.act()
        return Utterance(ANOTHER_HINT, self.name)


async def everything(conversation: Conversation, text: str) -> list[e.Event]:
    [_ async for _ in conversation.advance()]
    return [event async for event in conversation.answer(e.Written(text=text))]


def payload(events: list[e.Event], kind: type[e.Payload]) -> Any:
    return next(event.payload for event in events if isinstance(event.payload, kind))


async def answered_without_waiting(conversation: Conversation, text: str, times: int = 1) -> list[e.Event]:
    """Send an answer, and go on without the model as soon as it is waited for."""
    running = asyncio.create_task(everything(conversation, text))
    for _ in range(times):
        while not conversation.is_waiting and not running.done():  # noqa: ASYNC110  there is nothing to wait on
            await asyncio.sleep(0)
        await asyncio.sleep(0)
        conversation.go_on_without()
    return await running


async def test_nobody_has_to_wait_for_a_judge() -> None:
    judge, speaker = Slow(), SlowSpeaker()
    conversation = begun(lesson(explain()), judge, rules=ReadingJudge(), speaker=speaker)
    events = await answered_without_waiting(conversation, "a:not so")
    assert judge.cancelled == 1
    assert payload(events, e.Answered).answer.text == "a:not so"
    assert (payload(events, e.Judged).judge, payload(events, e.Judged).verdict) == ("reading", "not-yet")
    moved = payload(events, e.Moved)
    assert (moved.by, moved.fallback, speaker.attempts) == ("scripted", "not waited for", [])
    assert (conversation.turn, conversation.is_waiting, conversation.trouble) == ("answer", False, "")


async def test_nobody_has_to_wait_for_a_speaker() -> None:
    conversation = begun(lesson(explain()), rules=ReadingJudge(), speaker=SlowSpeaker())
    moved = payload(await answered_without_waiting(conversation, "a:not so"), e.Moved)
    assert (moved.by, moved.fallback) == ("scripted", "not waited for")
    assert "hint-a" in moved.text


async def test_the_next_answer_is_put_to_the_model_again() -> None:
    judge = Slow()
    conversation = begun(lesson(explain(tries=5)), judge, rules=ReadingJudge())
    await answered_without_waiting(conversation, "a:not so")
    judge.act = lambda: asyncio.sleep(0)
    events = [event async for event in conversation.answer(e.Written(text="a:not yet"))]
    assert payload(events, e.Judged).judge == "model"


async def test_when_the_program_stops_the_turn_stops_and_is_taken_up_again() -> None:
    judge = Slow()
    conversation = begun(lesson(explain()), judge, rules=ReadingJudge())
    running = asyncio.create_task(everything(conversation, "a:not so"))
    while not conversation.is_waiting:  # noqa: ASYNC110  there is nothing to wait on
        await asyncio.sleep(0)
    await asyncio.sleep(0)
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
    assert judge.cancelled == 1
    assert [type(event.payload) for event in conversation.events][-1] is e.Answered
    judge.act = lambda: asyncio.sleep(0)
    events = [event async for event in conversation.advance()]
    assert payload(events, e.Judged).verdict == "not-yet"


async def test_a_judge_that_breaks_is_stood_in_for_and_the_learner_is_told() -> None:
    async def broken() -> None:
        raise RuntimeError

    conversation = begun(lesson(explain(tries=5)), judge := Slow(broken), rules=ReadingJudge())
    judged = payload(await everything(conversation, "a:not so"), e.Judged)
    assert (judged.judge, judged.verdict) == ("reading", "not-yet")
    assert judged.trouble == "The program could not ask it (RuntimeError)."
    assert conversation.trouble.endswith(judged.trouble)
    judge.act = lambda: asyncio.sleep(0)
    [_ async for _ in conversation.answer(e.Written(text="a:not yet"))]
    assert conversation.trouble == ""


async def test_a_judge_may_find_that_a_text_is_no_answer() -> None:
    class Sorting(ReadingJudge):
        name = "model"
        call = e.Call(model="m", prompt="p")

        async def judge(self, task: JudgeTask) -> Judgement:
            kind = KINDS.get(task.answer, "answer") if task.sortable else "answer"
            if kind == "answer":
                return await super().judge(task)
            return Judgement((), sort=kind, sorting=self.call)

    for text, reason in (("red", "question"), ("green", "off-point")):
        conversation = begun(lesson(explain()), Sorting(), rules=ReadingJudge())
        events = await everything(conversation, text)
        caught = payload(events, e.Caught)
        assert (caught.reason, caught.call) == (reason, Sorting.call)
        assert payload(events, e.Moved).text.count("?") == 1
        assert (conversation.session.step.tries, conversation.session.step.turned_back) == (0, True)
        events = [event async for event in conversation.answer(e.Written(text=text))]
        assert isinstance(payload(events, e.Judged), e.Judged), "only once in a step"
    conversation = begun(lesson(explain()), Sorting(), rules=ReadingJudge())
    assert payload(await everything(conversation, "blue"), e.Stuck).call == Sorting.call


async def test_a_speaker_is_asked_twice_and_then_the_teacher_speaks() -> None:
    class Dull(SlowSpeaker):
        async def speak(self, brief: Brief) -> Utterance:
            self.attempts.append(brief.attempt)
            return Utterance("Look again.", self.name, calls=(e.Call(model="m", prompt="p"),))

    speaker = Dull()
    conversation = begun(lesson(explain()), speaker=speaker)
    moved = payload(await everything(conversation, "a:not so"), e.Moved)
    assert speaker.attempts == [0, 1]
    assert (moved.by, len(moved.calls)) == ("scripted", 2)
    assert "not one question" in moved.fallback


async def test_a_speaker_that_cannot_says_why_and_the_teacher_speaks() -> None:
    async def speechless() -> None:
        raise SpeakerError("refused", "Nobody answers at http://x.", (e.Call(model="m", prompt="p"),))

    speaker = SlowSpeaker(speechless)
    conversation = begun(lesson(explain()), speaker=speaker)
    moved = payload(await everything(conversation, "a:not so"), e.Moved)
    assert (moved.by, moved.fallback, moved.trouble) == ("scripted", "refused", "Nobody answers at http://x.")
    assert conversation.trouble.endswith(moved.trouble)
    assert (len(moved.calls), speaker.attempts) == (1, [0])


async def test_a_learner_may_disagree_at_any_time_and_it_changes_nothing_else() -> None:
    conversation = begun(lesson(explain()))
    await everything(conversation, "a:not so")
    before = conversation.session
    conversation.disagree("why", "a")
    conversation.disagree("why", None)
    conversation.disagree("why", "a")
    assert conversation.session.step.disagreed == ("a", None)
    assert (conversation.session.phase, conversation.session.cause) == (before.phase, before.cause)
