"""The Socratic rules: which move the tutor makes next, and which step follows. Pure, and the only place that decides.

One focus at a time: the first required criterion that is neither met nor told. *Not* climbs one rung of its ladder
(hint, prompt, tell); *unsure* asks the probe, at most twice; a misconception's reply comes before the ladder, once.
The moves are AutoTutor's (Graesser et al. 2004); "decide first, speak second" is Bridge's (Wang et al., NAACL 2024).
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from tutor.core.events import (
    Caught,
    Closed,
    HintAsked,
    Judged,
    MoveKind,
    PauseEnded,
    Pointed,
    Reason,
    Result,
    SelfChecked,
    Stuck,
    Then,
)
from tutor.core.grading import NearMiss, near_miss
from tutor.core.lesson import Choose, Criterion, Find, Lesson, RubricStep, StepBase
from tutor.core.session import CriterionState, Session, StepState
from tutor.core.verdicts import UNDECIDED, result_of, step_verdict

HINT, PROMPT, TELL = 1, 2, 3
MOST_PROBES = 2
ENOUGH_STUCK = 2
_RUNGS: dict[int, MoveKind] = {HINT: "hint", PROMPT: "prompt", TELL: "tell"}


@dataclass(frozen=True)
class Move:
    """What the tutor does next, before it is put into words.

    `criteria` are those that the move helps with or tells, `checks` those that the learner is to check for
    themselves, `hint` is the number of a choose or find step's hint, `repeated` says that the help was given before (of
    a look again without a hint: that decoys are named without a question).
    """

    kind: MoveKind
    then: Then
    criteria: tuple[str, ...] = ()
    checks: tuple[str, ...] = ()
    misconception: str | None = None
    hint: int | None = None
    repeated: bool = False
    reason: Reason | None = None


def owed_move(lesson: Lesson, session: Session) -> Move:
    """The move that the tutor owes after the event that gave it the turn."""
    state, step, cause = session.step, lesson.step(session.step.id), session.cause
    if isinstance(cause, Caught):
        return Move("caught", "ask", reason=cause.reason)
    if isinstance(cause, PauseEnded):
        return Move("back-again", "ask")
    if not step.assisted:
        return Move("noted", "close")
    if isinstance(step, RubricStep):
        return _rubric_move(lesson, step, state, cause)
    return _simple_move(lesson, step, state, cause)


def costs_try(step: StepBase, after: StepState, *, to_probe: bool) -> bool:
    """Each judged answer costs a try, except replies to a probe and what stays undecided after two probes.

    `after` is the step with the new findings.
    """
    if to_probe:
        return False
    focus = next(iter(_left(step, after)), None) if isinstance(step, RubricStep) else None
    return focus is None or not _is_undecidable(after.criterion(focus.id))


def _rubric_move(lesson: Lesson, step: RubricStep, state: StepState, cause: object) -> Move:
    left = _left(step, state)
    if isinstance(cause, Stuck) and state.stuck >= ENOUGH_STUCK:
        return _tell(state, left, left) if left else Move("settled", "close")
    if isinstance(cause, (HintAsked, Stuck)):
        return _help(state, left)
    if _current_verdict(step, state) == "secure":
        return Move("secure", "close")
    spent = state.tries >= step.tries
    if isinstance(cause, SelfChecked):
        if not left:
            return Move("settled", "close")
        return _tell(state, left, left) if spent else Move("onward", "ask", (left[0].id,))
    seen = next((each for each in state.misconceptions if each not in state.replied), None)
    if isinstance(cause, Judged) and seen and not spent:
        return Move("misconception", "ask", misconception=seen)
    if not left:
        return Move("settled", "close")
    return _ladder_move(state, left, spent=spent)


def _ladder_move(state: StepState, left: tuple[Criterion, ...], *, spent: bool) -> Move:
    focus = left[0]
    where = state.criterion(focus.id)
    if where.status == "unsure" and where.probes < MOST_PROBES:
        return Move("probe", "ask", (focus.id,), repeated=where.probes > 0)
    undecided = where.status in UNDECIDED
    if spent and not undecided:
        return _tell(state, left, left)
    if where.rung >= PROMPT:
        return _tell(state, left[:1], left)
    return Move(_RUNGS[where.rung + 1], "ask", (focus.id,))


def _help(state: StepState, left: tuple[Criterion, ...]) -> Move:
    """One rung up, at most to the prompt: help on request never tells.

    Where every idea is there and only a misconception stands in the way, its question is asked again.
    """
    if not left and not state.misconceptions:
        return Move("settled", "close")
    if not left:
        return Move("misconception", "ask", misconception=state.misconceptions[0], repeated=True)
    rung = state.criterion(left[0].id).rung
    return Move(_RUNGS[min(rung + 1, PROMPT)], "ask", (left[0].id,), repeated=rung >= PROMPT)


def _tell(state: StepState, told: tuple[Criterion, ...], left: tuple[Criterion, ...]) -> Move:
    """Tell; what no judge could decide, the learner checks. While others are left and nothing waits, ask on."""
    checks = tuple(each.id for each in told if state.criterion(each.id).status in UNDECIDED)
    then: Then = "check" if checks else "close" if len(told) == len(left) else "ask"
    return Move("tell", then, tuple(each.id for each in told), checks)


def _simple_move(lesson: Lesson, step: StepBase, state: StepState, cause: object) -> Move:
    """Choose and find: their hints are a list, their `tell` is the right option or the targets."""
    hints = step.hints if isinstance(step, (Choose, Find)) else ()
    hint = min(state.hints, max(len(hints) - 1, 0))
    repeated = state.hints >= len(hints)
    if isinstance(cause, Judged) and cause.verdict == "secure":
        return Move("secure", "close")
    if isinstance(cause, Stuck) and state.stuck >= ENOUGH_STUCK:
        return Move("tell", "close")
    if isinstance(cause, Judged) and state.tries >= step.tries:
        return Move("tell", "close")
    help_ = Move("hint", "ask", hint=hint, repeated=repeated)
    if isinstance(step, Find):
        return _pointing_move(lesson, step, state, cause, help_)
    return Move("option", "ask") if isinstance(cause, Judged) else help_


def _pointing_move(lesson: Lesson, step: Find, state: StepState, cause: object, help_: Move) -> Move:
    """No hint where the reply says already what to do: a decoy to look at, a pick that is close, nothing left to find.

    A hint may ask for any of the targets, also for what is found; then it would lead away from what is left to do.
    """
    if isinstance(cause, Judged) and cause.decoys and cause is state.first:
        return Move("look-again", "ask")
    if len(state.hits) >= step.needed:
        return Move("look-again", "ask", repeated=True)
    if not isinstance(cause, Judged):
        return help_
    near = near_last(lesson, step, state)
    return Move("look-again", "ask", repeated=True) if near and near.is_close else replace(help_, kind="look-again")


def near_last(lesson: Lesson, step: StepBase, state: StepState) -> NearMiss | None:
    """What the words pointed at last are near to; None where enough is found."""
    answer = state.answers[-1] if state.answers else None
    if not isinstance(step, Find) or not isinstance(answer, Pointed) or len(state.hits) >= step.needed:
        return None
    return near_miss(step, lesson.article_of(step.id), lesson.marks_of(step.id), answer.selections, state.hits)


def _left(step: RubricStep, state: StepState) -> tuple[Criterion, ...]:
    """The required criteria that are neither met nor told, in the file's order."""
    return tuple(each for each in step.rubric if each.required and state.criterion(each.id).is_open)


def _is_undecidable(where: CriterionState) -> bool:
    return where.status == "not-judged" or (where.status == "unsure" and where.probes >= MOST_PROBES)


def _current_verdict(step: RubricStep, state: StepState) -> str:
    statuses = {each.id: state.criterion(each.id).status for each in step.rubric}
    return step_verdict(step.rubric, statuses, misconception=bool(state.misconceptions))


def closing(lesson: Lesson, session: Session) -> Closed:
    """How the open step ends: its verdict, its result, and the step that follows."""
    state, step = session.step, lesson.step(session.step.id)
    verdict = state.last.verdict if state.last else None
    if isinstance(step, RubricStep) and state.last:
        statuses = {each.id: state.criterion(each.id).status for each in step.rubric}
        verdict = step_verdict(step.rubric, statuses, misconception=bool(state.misconceptions))
    result = result_of(verdict)
    return Closed(step=step.id, result=result, verdict=verdict, next=_following(lesson, session, step, result))


def _following(lesson: Lesson, session: Session, step: StepBase, result: Result) -> str | None:
    """`next` of the step by its result, else the step after it that was not taken yet; after the walk, the exit
    ticket.
    """
    named = getattr(step.next, result)
    if named and named not in session.steps:
        return str(named)
    exit_steps = lesson.exit.steps if lesson.exit else ()
    order = [each.id for each in (*lesson.steps, *exit_steps)]
    later = order[order.index(step.id) + 1 :]
    return next((each for each in later if each not in session.steps), None)


def first_step(lesson: Lesson) -> str:
    """Where the walk begins."""
    return lesson.steps[0].id


def part_of(lesson: Lesson, step_id: str) -> str | None:
    """The part a step belongs to: its own, or that of the step before it. Steps of the exit ticket have none."""
    part = None
    for step in lesson.steps:
        part = step.part or part
        if step.id == step_id:
            return part
    return None


def rest_due(lesson: Lesson, session: Session) -> str | None:
    """The part that has just ended and has not been looked back on yet; None within a part and at the lesson's end."""
    closed = session.closed
    if closed is None or closed.next is None or lesson.in_exit(closed.step):
        return None
    part = part_of(lesson, closed.step)
    over = lesson.in_exit(closed.next) or part_of(lesson, closed.next) != part
    return part if part and over and part not in session.rested else None


def review_due(lesson: Lesson, session: Session) -> str | None:
    """The next step taken without help that waits for its feedback, once the last step of all is closed."""
    if session.closed is None or session.closed.next is not None:
        return None
    alone = (state for state in session.steps.values() if not lesson.step(state.id).assisted)
    return next((state.id for state in alone if not state.reviewed), None)


def confidence_due(lesson: Lesson, session: Session) -> bool:
    """Whether the learner is to say how sure they are: after the first answer to a step that asks for it."""
    state = session.step
    return lesson.step(state.id).confidence and state.confidence is None and state.first is None
