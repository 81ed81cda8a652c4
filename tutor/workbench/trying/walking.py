"""Scripted learners: one for every way into every step. Does each path come to its end, and is nothing told too early?

A way is what a learner does first: an option, a target, a decoy, a sample answer, hints and nothing else. After that
they say that they are stuck until the step is over, so that the whole ladder of help is seen.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Literal

from tutor.conversation import Conversation, Parts
from tutor.core import events as e
from tutor.core.clean import one_line
from tutor.core.guard import Secret, leaked_words
from tutor.core.lesson import Choose, Explain, Find, Lesson, Look, Rewrite, RubricStep
from tutor.core.phrases import Phrases
from tutor.core.session import Session, apply
from tutor.workbench.memory import begin
from tutor.workbench.pointing import pointed

AnyStep = Choose | Find | Explain | Rewrite | Look
HINT: Literal["hint"] = "hint"
Turn = e.Chosen | e.Pointed | e.Written | Literal["hint"]
Kind = Literal["endless", "in-circles", "unreached", "told-early"]

_MOST_TURNS = 60
"""More than the policy can spend on one step: 10 tries, each with two probes, and the whole ladder."""
_MOST_HINTS = 5


@dataclass(frozen=True, slots=True)
class Way:
    """A way into a step: what the learner does there first, in words and as turns."""

    name: str
    turns: tuple[Turn, ...]


@dataclass(frozen=True, slots=True)
class Fault:
    """Something that is not in order on a path."""

    kind: Kind
    step: str
    way: str
    sentence: str


@dataclass(frozen=True, slots=True)
class Walks:
    """What the scripted learners saw: how many went, which steps lead to which (None: the end), and the faults."""

    conversations: int
    edges: frozenset[tuple[str, str | None]]
    faults: tuple[Fault, ...]


@dataclass(slots=True)
class _Seen:
    conversations: int = 0
    edges: set[tuple[str, str | None]] = field(default_factory=set)
    faults: dict[Fault, None] = field(default_factory=dict)


async def walk(lesson: Lesson, parts: Parts) -> Walks:
    """Send a learner down every way of every step; nothing is recorded anywhere."""
    seen = _Seen()
    for step in (*lesson.steps, *(lesson.exit.steps if lesson.exit else ())):
        for way in ways_into(lesson, step):
            await _try_way(lesson, parts, step.id, way, seen)
    for fault in _route_faults(lesson, seen.edges):
        seen.faults[fault] = None
    return Walks(seen.conversations, frozenset(seen.edges), tuple(seen.faults))


def ways_into(lesson: Lesson, step: AnyStep) -> Iterator[Way]:
    """The ways into a step."""
    yield Way("is stuck at once", ())
    if step.assisted:
        yield Way("asks for hints only", tuple(HINT for _ in range(_MOST_HINTS)))
    if isinstance(step, Choose):
        for number, option in enumerate(step.options):
            yield Way(f"chooses “{option.text}”", (e.Chosen(option=number, text=option.text),))
    elif isinstance(step, Find):
        yield Way("points at every target", (pointed(lesson, step, step.targets),))
        for mark in (*step.targets, *step.decoys):
            yield Way(f"points at {mark}", (pointed(lesson, step, [mark]),))
    else:
        for sample in step.samples:
            yield Way(f"writes “{one_line(sample.answer)}”", (e.Written(text=sample.answer),))


async def _try_way(lesson: Lesson, parts: Parts, step: str, way: Way, seen: _Seen) -> None:
    conversation, _ = begin(lesson, parts, step)
    seen.conversations += 1
    script = list(way.turns)
    for _ in range(_MOST_TURNS):
        async for _event in conversation.advance():
            pass
        if conversation.turn == "over" or conversation.session.step.id != step:
            break
        async for _event in _next_turn(conversation, script):
            pass
    else:
        sentence = f"After {_MOST_TURNS} turns this learner is still at the same step."
        seen.faults[Fault("endless", step, way.name, sentence)] = None
    over = conversation.session.step.id == step
    seen.edges.add((step, None if over else conversation.session.step.id))
    for fault in _told_early(conversation, step, way):
        seen.faults[fault] = None


async def _next_turn(conversation: Conversation, script: list[Turn]) -> AsyncIterator[e.Event]:
    """What the learner does next: the script first, then "I'm stuck"; and what every learner does between steps."""
    match conversation.turn:
        case "confidence":
            turn = conversation.confide(3)
        case "self-check":
            turn = conversation.self_check(had_it=True)
        case "rest":
            turn = conversation.go_on()
        case "pause":
            turn = conversation.end_pause(change=False)
        case _ if not script:
            turn = conversation.say_stuck()
        case _:
            move = script.pop(0)
            turn = conversation.ask_hint() if move == HINT else conversation.answer(move)
    async for event in turn:
        yield event


def _told_early(conversation: Conversation, step: str, way: Way) -> Iterator[Fault]:
    """Every turn before the last rung that holds words of an idea which is still open."""
    session = Session()
    for event in conversation.events:
        said = event.payload
        session = apply(session, said)
        if isinstance(said, e.Moved) and said.step == step and said.move != "tell":
            secret = _secret(conversation, session, said.step)
            # The frame of a sentence to finish ("the UN has not ___") may be the key's; the words to fill in may not.
            if words := leaked_words(said.text, secret):
                named = ", ".join(f"“{word}”" for word in words)
                sentence = f"The tutor says too much, before the answer is told: {named} in “{one_line(said.text)}”"
                yield Fault("told-early", step, way.name, sentence)


def _secret(conversation: Conversation, session: Session, step_id: str) -> Secret:
    """What is still open, and all that the learner has before them by then."""
    lesson, step, state = conversation.lesson, conversation.lesson.step(step_id), session.steps[step_id]
    rubric = step.rubric if isinstance(step, RubricStep) else ()
    still_open = [each for each in rubric if each.required and state.criterion(each.id).is_open]
    known = [each.idea for each in rubric if not state.criterion(each.id).is_open or not each.required]
    blocks = [block.text for block in lesson.article_of(step.id).blocks]
    cards = [card.body for card in lesson.sources]
    key = tuple(text for each in still_open for text in (each.idea, each.tell) if text)
    seen = (*blocks, *cards, *known, step.ask, state.text, *_framing(conversation.phrases))
    return Secret(key, seen, lang=lesson.lang)


def _framing(phrases: Phrases) -> Iterator[str]:
    """The tutor's own words, which are no lesson's answer."""
    for _, value in phrases:
        if isinstance(value, str):
            yield value
        elif isinstance(value, tuple):
            yield from (each for each in value if isinstance(each, str))


def _route_faults(lesson: Lesson, edges: Iterable[tuple[str, str | None]]) -> Iterator[Fault]:
    """Steps that `next` leads back to, and steps that nobody came to."""
    following: dict[str, list[str]] = {}
    for here, there in edges:
        if there is not None:
            following.setdefault(here, []).append(there)
    scopes: Sequence[Sequence[AnyStep]] = (lesson.steps, lesson.exit.steps if lesson.exit else ())
    for steps in scopes:
        reached = set[str]()
        if steps:
            yield from _follow(steps[0].id, following, reached)
        for step in steps:
            if step.id not in reached:
                yield Fault("unreached", step.id, "", "No path leads to this step.")


def _follow(first: str, following: dict[str, list[str]], reached: set[str]) -> Iterator[Fault]:
    """Go every path from a step, depth first, and note what is reached; a lesson may have thousands of steps."""
    path, ahead = {first: None}, [iter(sorted(following.get(first, ())))]
    reached.add(first)
    while ahead:
        there = next(ahead[-1], None)
        if there is None:
            ahead.pop()
            path.popitem()
        elif there in path:
            steps = [*path]
            circle = " > ".join([*steps[steps.index(there) :], there])
            sentence = f"`next` leads round in a circle: {circle}. No step is opened twice."
            yield Fault("in-circles", there, "", sentence)
        elif there not in reached:
            reached.add(there)
            path[there] = None
            ahead.append(iter(sorted(following.get(there, ()))))
