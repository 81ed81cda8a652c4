"""What a session came to: ideas found alone, with help, told; discernment beside suspicion; confidence against result.

No marks and no grades. Discernment is kept apart from mere suspicion because games that train only on faults made
people more suspicious rather than more discerning (Modirrousta-Galian & Higham 2023).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

from tutor.core.events import Pointed
from tutor.core.grading import hits, spans_of
from tutor.core.lesson import Choose, Find, Lesson, Mark, RubricStep
from tutor.core.policy import part_of
from tutor.core.session import Phase, Session, StepState
from tutor.core.verdicts import UNDECIDED

SOUND_SKILL = "discernment.sound"
How = Literal["alone", "helped", "told", "self-checked", "open"]


@dataclass(frozen=True, slots=True)
class Idea:
    """One idea of the lesson and how the learner came to it. For choose and find steps the step is the idea."""

    step: str
    criterion: str | None
    text: str
    how: How
    words: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Count:
    """How many ideas were found alone, with help, and told (self-checked ones among these)."""

    alone: int = 0
    helped: int = 0
    told: int = 0


@dataclass(frozen=True, slots=True)
class Discernment:
    """From first tries at pointing and at sound passages: shaky targets caught, and sound passages left standing.

    Of the shaky targets of a step no more count than its task asks for: who finds as many has let none pass.
    """

    caught: int = 0
    shaky: int = 0
    kept: int = 0
    sound: int = 0


@dataclass(frozen=True, slots=True)
class Calibration:
    """For one level of confidence: how many first answers were given at it, and how many of these were secure."""

    level: int
    answers: int
    secure: int


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the end of the lesson shows."""

    ideas: tuple[Idea, ...]
    count: Count
    discernment: Discernment
    calibration: tuple[Calibration, ...]


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a learner has come: steps of the walk closed, of how many, and whether the lesson was ever finished."""

    done: int
    total: int
    finished: bool


def progress(lesson: Lesson, session: Session, *, finished: bool) -> Progress:
    """How far a session has come. Steps that a branch passes over count as done when the end is reached."""
    walk = [session.steps.get(step.id) for step in lesson.steps]
    closed = sum(each is not None and each.result is not None for each in walk)
    return Progress(len(walk) if session.phase is Phase.FINISHED else closed, len(walk), finished)


def outcome(lesson: Lesson, session: Session) -> Outcome:
    """What the session came to so far."""
    ideas = tuple(idea for step_id in session.visited for idea in step_ideas(lesson, session.steps[step_id]))
    return Outcome(ideas, count(ideas), _discernment(lesson, session), _calibration(session))


def part_outcome(lesson: Lesson, session: Session, part: str) -> Count:
    """The count of one part's ideas."""
    steps = (state for state in session.steps.values() if part_of(lesson, state.id) == part)
    return count(idea for state in steps for idea in step_ideas(lesson, state))


def count(ideas: Iterable[Idea]) -> Count:
    """Count ideas by how they were come to."""
    hows = [idea.how for idea in ideas]
    return Count(hows.count("alone"), hows.count("helped"), hows.count("told") + hows.count("self-checked"))


def step_ideas(lesson: Lesson, state: StepState) -> tuple[Idea, ...]:
    """The ideas of one step: each required criterion, and optional ones that were met."""
    step = lesson.step(state.id)
    if isinstance(step, RubricStep):
        wanted = (each for each in step.rubric if each.required or state.criterion(each.id).status == "met")
        return tuple(
            Idea(step.id, each.id, each.idea, _how(state, each.id), state.criterion(each.id).evidence)
            for each in wanted
        )
    return (Idea(step.id, None, step.ask, _simple_how(state)),)


def _how(state: StepState, criterion_id: str) -> How:
    where = state.criterion(criterion_id)
    if where.status == "met":
        return "helped" if where.helped else "alone"
    if where.had_it is not None:
        return "self-checked"
    return "told" if where.told else "open"


def _simple_how(state: StepState) -> How:
    if state.last is not None and state.last.verdict == "secure":
        return "alone" if state.last is state.first and not state.hints else "helped"
    return "told" if state.told or state.reviewed else "open"


def _discernment(lesson: Lesson, session: Session) -> Discernment:
    caught = shaky = kept = sound = 0
    for state in session.steps.values():
        step = lesson.step(state.id)
        if state.first is None:
            continue
        marks = lesson.marks_of(step.id)
        if isinstance(step, Find) and not all(marks[each].sound for each in step.targets):
            aimed = [each for each in step.targets if not marks[each].sound]
            left = {*step.decoys, *(each.id for each in marks.values() if each.sound and each.at in step.at)}
            left -= set(step.targets)
            flagged = _flagged(lesson, state, left)
            asked = max(step.needed - (len(step.targets) - len(aimed)), 0)
            caught += min(sum(each in state.first.hits for each in aimed), asked)
            shaky += asked
            kept += len(left) - len(flagged)
            sound += len(left)
        elif isinstance(step, Choose) and _weighs_what_is_sound(step, marks):
            kept += state.first.verdict == "secure"
            sound += 1
    return Discernment(caught, shaky, kept, sound)


def _weighs_what_is_sound(step: Choose, marks: Mapping[str, Mark]) -> bool:
    """Whether choosing wrongly means doubting a sound passage: the step says that it trains just this."""
    return SOUND_SKILL in step.skills and bool(step.marks) and all(marks[each].sound for each in step.marks)


def _flagged(lesson: Lesson, state: StepState, sound: set[str]) -> set[str]:
    first = state.answers[0]
    if not isinstance(first, Pointed):
        return set()
    article, marks = lesson.article_of(state.id), lesson.marks_of(state.id)
    spans = spans_of(article, first.selections)
    return {each for each in sound if any(hits(article, marks[each], span) for span in spans)}


def _calibration(session: Session) -> tuple[Calibration, ...]:
    told = [
        (state.confidence, state.first.verdict)
        for state in session.steps.values()
        if state.confidence and state.first and state.first.verdict not in UNDECIDED
    ]
    levels = sorted({level for level, _ in told})
    return tuple(
        Calibration(
            level, sum(each == level for each, _ in told), sum(each == level and v == "secure" for each, v in told)
        )
        for level in levels
    )
