"""Why the tutor said what it said: each verdict shows its ground, and may be seen differently."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from tutor.core import events as e
from tutor.core.clean import clean
from tutor.core.lesson import Choose, Criterion, Lesson, RubricStep
from tutor.core.session import CriterionState, Session, StepState
from tutor.core.words import quoted_list, sentence

DISCLAIMER = "A machine's judgement; your teacher decides."
NOTED = "Thank you, that is noted for your teacher."

_STATUS: dict[e.Status, str] = {
    "open": "not looked at yet",
    "met": "found",
    "partly": "partly there",
    "not": "not seen in your words yet",
    "unsure": "the tutor could not tell from your words",
    "not-judged": "not judged, because a machine failed",
}
_SAYS: dict[e.Status, str] = {
    "open": "did not look",
    "met": "found",
    "partly": "partly there",
    "not": "not seen",
    "unsure": "could not tell",
    "not-judged": "did not judge",
}
_NO_SAY = "not asked here, because a try showed that it does not understand this idea well enough"
_JUDGES = {"embedded": "the teacher's rules"}
_TEACHER = "scripted"
_MARKED = "what the teacher marked in the text"
_DIFFERS = "You see this differently; it is noted for your teacher."

# How sure a judge is, from the probability of what it says: the least probability, and the word for it.
_SURENESS = ((0.95, "almost certain"), (0.8, "fairly sure"), (0.55, "leaning that way"), (0.45, "a toss-up"))


@dataclass(frozen=True, slots=True)
class Differing:
    """Something that the learner may see differently: a criterion, or, where that is None, the answer as a whole.

    `number` is the idea's, 0 for the whole; `name` names an idea only once it is met or told. `noted` says that the
    learner has said so.
    """

    criterion: str | None
    number: int
    name: str
    noted: bool


@dataclass(frozen=True, slots=True)
class Ground:
    """The ground of the verdicts on one step, None before the first: paragraphs, and what one may see differently."""

    step: str | None
    paragraphs: tuple[str, ...]
    differing: tuple[Differing, ...] = ()


def why(lesson: Lesson, session: Session, events: Iterable[e.Event] = ()) -> tuple[str, ...]:
    """The ground of the verdicts in lines; what belongs to the line above is indented."""
    return tuple(line for each in ground(lesson, session, events).paragraphs for line in each.split("\n"))


def ground(lesson: Lesson, session: Session, events: Iterable[e.Event] = ()) -> Ground:
    """The ground of the verdicts on the current step; an idea is named only once it is met or told.

    Where nothing has been judged yet in this step, it is that of the step before. The session's `events` tell who
    worded what was said last.
    """
    judged = [state for state in session.steps.values() if state.last is not None]
    if not judged:
        return Ground(None, ("Nothing has been judged yet.",))
    state = session.step if session.step.last is not None else judged[-1]
    before = () if state is session.step else ("Nothing has been judged yet in this step. About an earlier question:",)
    if not lesson.step(state.id).assisted and not state.reviewed:
        return Ground(state.id, (*before, "In the exit ticket, feedback comes after the last question."))
    paragraphs = (*before, *_verdicts(lesson, state), *_worded_by(state, events), *_closing(lesson, state))
    return Ground(state.id, tuple(clean(each) for each in paragraphs), tuple(_differing(lesson, state)))


def sureness(says: e.Status, probability: float) -> str:
    """How sure a judge is of what it says, in words; `probability` is that of "met", between 0 and 1.

    Almost certain from .95, fairly sure from .8, leaning that way from .55, a toss-up from .45, below that hardly sure
    (a threshold may lie there). A judge that could not tell may still lean to one side.
    """
    if says == "unsure":
        return (
            "a toss-up" if 0.45 < probability < 0.55 else f"leaning to {'found' if probability > 0.5 else 'not seen'}"
        )
    chance = probability if says in ("met", "partly") else 1 - probability
    return next((words for least, words in _SURENESS if chance >= least - 1e-9), "hardly sure")


def model_name(name: str) -> str:
    """A model's name as people know it: servers also name it by the path of its file, which is nobody's business."""
    return re.split(r"[/\\]", name.strip())[-1].removesuffix(".gguf") or name


def _verdicts(lesson: Lesson, state: StepState) -> list[str]:
    step = lesson.step(state.id)
    if isinstance(step, RubricStep):
        numbered = enumerate(step.rubric, 1)
        return ["\n  ".join(_criterion_lines(each, state, number, len(step.rubric))) for number, each in numbered]
    marks = lesson.marks_of(step.id)
    key = "the option that the teacher marked as right" if isinstance(step, Choose) else _MARKED
    lines = [f"Your answer was compared with {key}; no judgement of words was needed."]
    return [*lines, f"Found: {quoted_list(marks[each].quote for each in state.hits)}."] if state.hits else lines


def _criterion_lines(criterion: Criterion, state: StepState, number: int, total: int) -> list[str]:
    where = state.criterion(criterion.id)
    status = _STATUS[where.status]
    if where.had_it is not None:
        status = f"told; you said you {'had' if where.had_it else 'did not have'} it"
    elif where.told:
        status = f"told; {status}"
    name = f"Idea {number} of {total}{'' if criterion.required else ' (a bonus)'}"
    lines = [f"{name}, {status}: {sentence(criterion.idea)}" if not where.is_open else f"{name}: {status}."]
    if where.evidence:
        lines.append(f"Your words: {quoted_list(where.evidence)}.")
    lines += _judge_lines(where)
    return [*lines, _DIFFERS] if criterion.id in state.disagreed else lines


def _judge_lines(where: CriterionState) -> list[str]:
    """Who judged, and on what ground; where several were heard, what each of them said."""
    if not where.voices:
        return [f"Judged by {_judge(where.judge)}{_because(': ', where.ground)}."] if where.ground else []
    lines = [_voice_line(voice, is_open=where.is_open) for voice in where.voices]
    is_said = len(lines) == 1 or any(where.ground == voice.ground for voice in where.voices)
    return [*lines, f"Together: {where.ground}."] if where.ground and not is_said else lines


def _voice_line(voice: e.Voice, *, is_open: bool) -> str:
    name = _judge(voice.call.model if voice.call else voice.judge)
    if voice.says == "unsure" and voice.call is None and voice.judge not in _JUDGES:
        return f"{name}: {_NO_SAY}."
    said = _SAYS[voice.says]
    if voice.probability is not None:
        said = f"{said}, {sureness(voice.says, voice.probability)}"
    # A model has seen the key: what it gives as its ground could give an open idea away.
    is_shown = voice.says == "not-judged" or not (voice.call and is_open)
    first = f"{name[0].upper()}{name[1:]}" if voice.judge in _JUDGES else name
    return f"{first}: {said}{_because('; ', voice.ground) if is_shown else ''}."


def _judge(name: str) -> str:
    return _JUDGES.get(name) or model_name(name)


def _because(sign: str, ground: str) -> str:
    """The ground, where it says more than who judged."""
    return f"{sign}{ground}" if ground and ground not in _JUDGES.values() else ""


def _worded_by(state: StepState, events: Iterable[e.Event]) -> list[str]:
    """Who put the last move into words, where that was not the teacher."""
    moves = [each.payload for each in events if isinstance(each.payload, e.Moved) and each.payload.step == state.id]
    return [f"Worded by {model_name(moves[-1].by)}."] if moves and moves[-1].by != _TEACHER else []


def _closing(lesson: Lesson, state: StepState) -> list[str]:
    whole = ["You see the judgement of your answer differently; it is noted for your teacher."]
    return [*(whole if None in state.disagreed else []), *_disclaimer(lesson, state)]


def _disclaimer(lesson: Lesson, state: StepState) -> list[str]:
    return [DISCLAIMER] if isinstance(lesson.step(state.id), RubricStep) else []


def _differing(lesson: Lesson, state: StepState) -> Iterable[Differing]:
    yield Differing(None, 0, "The answer as a whole", None in state.disagreed)
    step = lesson.step(state.id)
    for number, each in enumerate(step.rubric if isinstance(step, RubricStep) else (), 1):
        where = state.criterion(each.id)
        if where.status != "open":
            name = f"Idea {number}" if where.is_open else f"Idea {number}: {clean(sentence(each.idea))}"
            yield Differing(each.id, number, name, each.id in state.disagreed)
