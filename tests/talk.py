"""Whole lessons as plain-text conversations: a recorder in memory, and learners of different manners who answer as
they read.
"""

from __future__ import annotations

import asyncio
import io
from collections.abc import AsyncIterator, Callable, Iterable
from pathlib import Path

from tutor.conversation import Conversation, Parts
from tutor.core import events as e
from tutor.core.lesson import Choose, Find, Lesson, RubricStep
from tutor.judges.embedded import EmbeddedJudge
from tutor.lessons.loader import load_lesson
from tutor.lessons.phrases_file import load_phrases
from tutor.plain import Console, Plain
from tutor.resources import lessons_dir, prompts_dir
from tutor.speakers.scripted import ScriptedSpeaker

Learner = Callable[[Conversation], str]


class MemoryRecorder:
    """Keeps events in a list; their times count up from a fixed one."""

    def __init__(self, events: Iterable[e.Event] = ()) -> None:
        self._events = list(events)

    @property
    def events(self) -> tuple[e.Event, ...]:
        return tuple(self._events)

    def record(self, payload: e.Payload) -> e.Event:
        seq = len(self._events)
        at = f"2026-01-01T00:{seq // 60:02}:{seq % 60:02}+00:00"
        event = e.Event(session="s", sitting="t", seq=seq, at=at, payload=payload)
        self._events.append(event)
        return event


def shipped(name: str) -> Lesson:
    """A lesson that comes with the program."""
    return load_lesson(lessons_dir() / name).lesson


def parts(lang: str = "en") -> Parts:
    """The real parts of this issue: embedded judge, scripted speaker, shipped phrases."""
    phrases = load_phrases(prompts_dir(), lang)
    teacher = ScriptedSpeaker(phrases)
    rules = EmbeddedJudge()
    return Parts(rules, rules, teacher, teacher, phrases)


def started(lesson: Lesson, recorder: MemoryRecorder | None = None) -> Conversation:
    """A conversation that has begun and waits for its first `advance()`."""
    recorder = recorder or MemoryRecorder()
    recorder.record(
        e.Started(
            learner="test", lesson=lesson.id or "test", title=lesson.title, lesson_sha="", article_sha="", program="0",
            judge="embedded", speaker="scripted",
        )
    )  # fmt: skip
    return Conversation(lesson, recorder, parts(lesson.lang))


def answer_for(conversation: Conversation, learner: Learner) -> AsyncIterator[e.Event]:
    """The events that follow from what the learner says next, as plain mode would send it."""
    reply = Plain(conversation, Console(io.StringIO(), io.StringIO(), echo=False)).reply(learner(conversation))
    assert not isinstance(reply, str), reply
    return reply


class _Answers(io.StringIO):
    """A source of lines that asks the learner for each one; ends after `limit`, so that no conversation runs for
    ever.
    """

    def __init__(self, conversation: Conversation, learner: Learner, limit: int) -> None:
        super().__init__()
        self._conversation, self._learner, self._left = conversation, learner, limit

    def readline(self, size: int | None = -1, /) -> str:  # type: ignore[override]  # the stub has bytes here
        self._left -= 1
        return "" if self._left < 0 else self._learner(self._conversation) + "\n"


def hold(lesson: Lesson, learner: Learner, limit: int = 400) -> tuple[Conversation, str]:
    """Hold a whole lesson in plain mode; returns the conversation and its transcript."""
    conversation, target = started(lesson), io.StringIO()
    Plain(conversation, Console(_Answers(conversation, learner, limit), target, echo=True)).run("(help card)")
    return conversation, target.getvalue()


def run(conversation: Conversation, *turns: object) -> list[e.Event]:
    """Advance, then take each turn: an async iterator of events, made by a callable so that it starts in its time."""

    async def go() -> list[e.Event]:
        events = [event async for event in conversation.advance()]
        for turn in turns:
            assert callable(turn)
            events += [event async for event in turn()]
        return events

    return asyncio.run(go())


def between_steps(conversation: Conversation) -> str | None:
    """What every manner of learner says where no step's answer is asked for."""
    return {"confidence": "3", "self-check": "yes", "rest": "", "pause": "go on"}.get(conversation.turn)


def all_right(conversation: Conversation) -> str:
    """Knows everything."""
    step, lesson = conversation.step, conversation.lesson
    if (aside := between_steps(conversation)) is not None:
        return aside
    if isinstance(step, Choose):
        return str(next(number for number, option in enumerate(step.options, 1) if option.correct))
    if isinstance(step, Find):
        marks = lesson.marks_of(step.id)
        return " / ".join(marks[each].quote for each in step.targets)
    assert isinstance(step, RubricStep)
    secure = [sample.answer for sample in step.samples if sample.verdict == "secure"]
    return secure[len(conversation.session.step.answers) % len(secure)]


def half_right(conversation: Conversation) -> str:
    """Gets a part at first, and the rest with help."""
    step, state, lesson = conversation.step, conversation.session.step, conversation.lesson
    if conversation.turn == "confidence":
        return "2"
    if (aside := between_steps(conversation)) is not None:
        return aside
    if state.answers:
        return all_right(conversation)
    if isinstance(step, Choose):
        return str(next(number for number, option in enumerate(step.options, 1) if not option.correct))
    if isinstance(step, Find):
        return lesson.marks_of(step.id)[step.targets[0]].quote
    assert isinstance(step, RubricStep)
    return next(sample.answer for sample in step.samples if sample.verdict == "partly")


def all_wrong(conversation: Conversation) -> str:
    """Never gets it."""
    step, state, lesson = conversation.step, conversation.session.step, conversation.lesson
    if conversation.turn in ("confidence", "self-check"):
        return "4" if conversation.turn == "confidence" else "no"
    if (aside := between_steps(conversation)) is not None:
        return aside
    if isinstance(step, Choose):
        wrong = [number for number, option in enumerate(step.options, 1) if not option.correct]
        return str(wrong[len(state.answers)]) if len(state.answers) < len(wrong) else "/stuck"
    if isinstance(step, Find):
        marks, article = lesson.marks_of(step.id), lesson.article_of(step.id)
        return marks[step.decoys[0]].quote if step.decoys else article.block(step.at[-1]).text.split()[-1]
    assert isinstance(step, RubricStep)
    if state.result is None and len(state.answers) > 12:
        return "/stuck"
    wrong_ones = [sample.answer for sample in step.samples if sample.verdict == "not-yet" and not sample.meets]
    return wrong_ones[len(state.answers) % len(wrong_ones)]


def only_idk(conversation: Conversation) -> str:
    """Says "idk" and nothing else."""
    if conversation.turn == "confidence":
        return "1"
    if conversation.turn == "self-check":
        return "no"
    if (aside := between_steps(conversation)) is not None:
        return aside
    return "idk"


MANNERS: dict[str, Learner] = {
    "all-right": all_right, "half-right": half_right, "all-wrong": all_wrong, "only-idk": only_idk,
}  # fmt: skip


def golden(name: str) -> Path:
    """Where a kept transcript lies."""
    return Path(__file__).parent / "transcripts" / f"{name}.txt"
