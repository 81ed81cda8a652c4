"""Small lessons, a judge that reads its verdicts out of the answer, and a learner who talks in short lines."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from dataclasses import replace
from functools import lru_cache
from typing import Any, TypeVar, get_args

from tests.talk import MemoryRecorder, parts
from tutor.conversation import Conversation, Parts
from tutor.core import events as e
from tutor.core.article import locate
from tutor.core.judging import Judge, Judgement, JudgeTask
from tutor.core.lesson import Choose, Find, Lesson
from tutor.core.session import StepState

T = TypeVar("T")
STATUSES = frozenset(get_args(e.Status))

TEXT = """\
The ferry closes in May, says harbour master Ada Lund. It is a stupid plan, a very stupid plan, and everybody knows it.

# What now?

The ferry will surely never return. Its tickets were cheap; the bus takes an hour longer and costs twice as much.
"""
MARKS = [
    {"id": "says", "at": "p1", "quote": "says harbour master Ada Lund", "kind": "report", "sound": True},
    {"id": "stupid", "at": "p1", "quote": "a stupid plan", "kind": "opinion"},
    {"id": "everybody", "at": "p1", "quote": "everybody knows it", "kind": "opinion"},
    {"id": "never", "at": "p2", "quote": "will surely never return", "kind": "forecast"},
    {"id": "hour", "at": "p2", "quote": "the bus takes an hour longer", "kind": "fact", "sound": True},
]
ARTICLE = {"title": "Ferry to close", "licence": "CC0-1.0", "text": TEXT}
MYTH = {"id": "myth", "idea": "It is all made up", "reply": "Who is named in it?", "all_of": [["made up"]]}


@lru_cache(maxsize=1)
def real_parts() -> Parts:
    """The shipped parts, read once: none of them keeps anything that another conversation could see."""
    return parts()


def criterion(name: str, **more: Any) -> dict[str, Any]:
    """A criterion with the whole ladder; each rung names itself."""
    return {
        "id": name,
        "idea": f"The idea-{name}.",
        "probe": f"What says so, probe-{name}?",
        "hint": f"Where, hint-{name}?",
        "prompt": f"It is ___, prompt-{name}.",
        "tell": f"It is this, tell-{name}.",
    } | more


def explain(name: str = "why", rubric: str | list[Any] = "a", **more: Any) -> dict[str, Any]:
    """A step to explain; `rubric` is criteria, or their names in one string, an optional one in brackets."""
    if isinstance(rubric, str):
        rubric = [
            criterion(each.strip("()"), **({"required": False} if each.startswith("(") else {}))
            for each in rubric.split()
        ]
    return {"id": name, "do": "explain", "at": "p1", "ask": f"How do you know, ask-{name}?", "rubric": rubric} | more


def choose(name: str = "who", right: Iterable[int] = (0,), hints: int = 2, **more: Any) -> dict[str, Any]:
    """A step with three options."""
    options = [{"text": f"Option {n}", "why": f"Look at option {n}, why-{n}.", "correct": n in right} for n in range(3)]
    listed = [f"Where, hint-{n}?" for n in range(hints)]
    step = {"id": name, "do": "choose", "at": "p1", "ask": f"Who says so, ask-{name}?", "options": options}
    return step | {"hints": listed} | more


def find(name: str = "words", hints: int = 2, **more: Any) -> dict[str, Any]:
    """A step with two targets and a decoy."""
    return {
        "id": name,
        "do": "find",
        "at": "p1",
        "ask": f"Which words judge, ask-{name}?",
        "targets": ["stupid", "everybody"],
        "decoys": ["says"],
        "why": "They are verdicts, the-why.",
        "hints": [f"Where, hint-{n}?" for n in range(hints)],
    } | more


def lesson(*steps: dict[str, Any], exit_steps: Iterable[dict[str, Any]] = (), **more: Any) -> Lesson:
    """A lesson on the ferry, made of these steps."""
    fields: dict[str, Any] = {
        "tutor": 1, "id": "ferry", "title": "The ferry", "article": ARTICLE, "marks": MARKS, "steps": list(steps),
        "misconceptions": [MYTH], "glossary": {"quay": "where ships tie up"},
        "sources": [{"id": n, "title": f"Card {n}", "body": f"What card {n} says."} for n in ("x", "y", "z")],
    }  # fmt: skip
    if ticket := list(exit_steps):
        fields["exit"] = {"article": ARTICLE, "marks": MARKS, "steps": ticket}
    return Lesson.model_validate(fields | more)


class ReadingJudge:
    """Does what the last line of the answer says: `a:met b:unsure myth`.

    A criterion that is not named is `not`, a misconception shows where its id stands; at "boom" the judge says nothing.
    """

    name = "reading"

    def __init__(self) -> None:
        self.tasks: list[JudgeTask] = []

    async def warm(self, task: JudgeTask) -> None:
        """Nothing to make ready."""

    async def judge(self, task: JudgeTask) -> Judgement:
        self.tasks.append(task)
        words = task.answer.splitlines()[-1].split()
        if "boom" in words:
            return Judgement(())
        named = {key: status for key, _, status in (word.partition(":") for word in words) if status in STATUSES}
        findings = [self._finding(each.id, named.get(each.id, "not")) for each in task.criteria]
        shown = [each.id for each in task.lesson.misconceptions_of(task.step) if each.id in words]
        return Judgement(tuple(findings), tuple(e.Sighting(misconception=each, evidence=(each,)) for each in shown))

    def _finding(self, name: str, status: Any) -> e.Finding:
        evidence = (f"{name}:{status}",) if status in ("met", "partly") else ()
        return e.Finding(criterion=name, status=status, evidence=evidence, judge=self.name, ground="it was written")


def drain(events: AsyncIterator[e.Event], seen: Callable[[e.Event], None] | None = None) -> list[e.Event]:
    """All events, each handed to `seen` as soon as it has happened."""

    async def take_all() -> list[e.Event]:
        out: list[e.Event] = []
        async for event in events:
            out.append(event)
            if seen:
                seen(event)
        return out

    return asyncio.run(take_all())


def drain_one(made: Awaitable[T]) -> T:
    """What something that never waits comes to."""
    try:
        next(made.__await__())
    except StopIteration as done:
        result: T = done.value
        return result
    raise AssertionError("something waited")


def begun(lesson: Lesson, judge: Judge | None = None, **others: Any) -> Conversation:
    """A conversation that has started, with the fake judge unless another one is given; `others` are other parts."""
    recorder = MemoryRecorder()
    recorder.record(
        e.Started(
            learner="ada", lesson=lesson.id, title=lesson.title, lesson_sha="", article_sha="", program="0",
            judge="reading", speaker="scripted",
        )
    )  # fmt: skip
    return taken_up(lesson, recorder, judge, **others)


def taken_up(lesson: Lesson, recorder: MemoryRecorder, judge: Judge | None = None, **others: Any) -> Conversation:
    """A conversation that goes on from what the recorder holds."""
    return Conversation(lesson, recorder, replace(real_parts(), judge=judge or ReadingJudge(), **others))


def selection(lesson: Lesson, step: str, block: str, words: str, occurrence: int = 0) -> e.Selection:
    """The words in that block, as a learner points at them."""
    start, end = locate(lesson.article_of(step).block(block).text, words)[occurrence]
    return e.Selection(block=block, start=start, end=end, text=words)


class Talk:
    """A learner's side of a conversation in short: each line of theirs gives back what the tutor did, in short."""

    def __init__(self, lesson: Lesson, judge: Judge | None = None, first: str = "", **others: Any) -> None:
        self.conversation = begun(lesson, judge, **others)
        self.events = drain(self.conversation.advance())
        self.said: e.Moved | None = None
        self.seen: Callable[[e.Event], None] | None = None
        """Called with every further event as soon as it has happened."""
        for line in first.splitlines():
            self.take(line)

    @property
    def lesson(self) -> Lesson:
        return self.conversation.lesson

    @property
    def turn(self) -> str:
        return self.conversation.turn

    @property
    def state(self) -> StepState:
        return self.conversation.session.step

    @property
    def text(self) -> str:
        """What the tutor said last."""
        assert self.said is not None
        return self.said.text

    def take(self, line: str) -> str:
        """Do what a line says: a command, the number of an option (from 0), words to point at, or an answer."""
        events = drain(self._doing(line), self.seen)
        self.events += events
        self.said = next((each.payload for each in reversed(events) if isinstance(each.payload, e.Moved)), self.said)
        return " ".join(filter(None, (in_short(each.payload) for each in events)))

    def kinds(self, since: int = 0) -> list[str]:
        """The types of the events so far."""
        return [each.payload.type for each in self.conversation.events[since:]]

    def _doing(self, line: str) -> AsyncIterator[e.Event]:
        talk, command = self.conversation, line.partition(" ")
        commands: dict[str, Callable[[], AsyncIterator[e.Event]]] = {
            "/hint": talk.ask_hint,
            "/stuck": talk.say_stuck,
            "/yes": lambda: talk.self_check(had_it=True),
            "/no": lambda: talk.self_check(had_it=False),
            "/on": talk.go_on,
            "/pause-on": lambda: talk.end_pause(change=False),
            "/pause-change": lambda: talk.end_pause(change=True),
            "/sure": lambda: talk.confide(int(command[2])),
            "/card": lambda: talk.open_card(command[2]),
        }
        return commands[command[0]]() if command[0] in commands else talk.answer(self._answer(line))

    def _answer(self, line: str) -> e.Chosen | e.Pointed | e.Written:
        step = self.conversation.step
        if isinstance(step, Choose):
            return e.Chosen(option=int(line), text=step.options[int(line)].text)
        if isinstance(step, Find):
            pieces = [piece.strip() for piece in line.split("/")]
            return e.Pointed(selections=tuple(selection(self.lesson, step.id, step.at[0], piece) for piece in pieces))
        return e.Written(text=line)


def in_short(payload: e.Payload) -> str:
    """A tutor's event in a few words; empty for the rest."""
    match payload:
        case e.Moved():
            checks = f"[{' '.join(payload.checks)}]" if payload.checks else ""
            named = payload.misconception or (f"#{payload.hint}" if payload.hint is not None else "")
            return " ".join(filter(None, (payload.move, *payload.criteria, named, checks)))
        case e.Closed():
            return f"=> {payload.result}/{payload.verdict}"
        case e.Rested() | e.Paused():
            return payload.type
        case e.Reviewed():
            return f"review {payload.step}" + (f" [{' '.join(payload.checks)}]" if payload.checks else "")
        case _:
            return ""
