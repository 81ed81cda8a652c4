"""Why the tutor said what it said: each verdict shows its ground."""

from __future__ import annotations

from tutor.core.clean import clean
from tutor.core.lesson import Criterion, Lesson, RubricStep
from tutor.core.session import CriterionState, Session, StepState
from tutor.core.words import quoted_list, sentence

DISCLAIMER = "A machine's judgement; your teacher decides."

_STATUS = {
    "open": "not looked at yet",
    "met": "found",
    "partly": "partly there",
    "not": "not seen in your words yet",
    "unsure": "the tutor could not tell from your words",
    "not-judged": "not judged, because a machine failed",
}


def why(lesson: Lesson, session: Session) -> tuple[str, ...]:
    """The ground of the verdicts on the current step, a line each; an idea is named only once it is met or told.

    Where nothing has been judged yet in this step, it is that of the step before.
    """
    judged = [state for state in session.steps.values() if state.last is not None]
    if not judged:
        return ("Nothing has been judged yet.",)
    state = session.step if session.step.last is not None else judged[-1]
    before = () if state is session.step else ("Nothing has been judged yet in this step. About the one before:",)
    return tuple(clean(line) for line in (*before, *_ground(lesson, state)))


def _ground(lesson: Lesson, state: StepState) -> list[str]:
    step = lesson.step(state.id)
    if not step.assisted and not state.reviewed:
        return ["In the exit ticket, feedback comes after the last question."]
    if not isinstance(step, RubricStep):
        marks = lesson.marks_of(step.id)
        lines = ["Your answer was compared with what the teacher marked in the text; no judgement of words was needed."]
        return [*lines, f"Found: {quoted_list(marks[each].quote for each in state.hits)}."] if state.hits else lines
    return [
        line
        for number, criterion in enumerate(step.rubric, 1)
        for line in _criterion_lines(criterion, state.criterion(criterion.id), number, len(step.rubric))
    ] + [DISCLAIMER]


def _criterion_lines(criterion: Criterion, where: CriterionState, number: int, total: int) -> list[str]:
    status = _STATUS[where.status]
    if where.had_it is not None:
        status = f"told; you said you {'had' if where.had_it else 'did not have'} it"
    elif where.told:
        status = f"told; {status}"
    bonus = "" if criterion.required else " (a bonus)"
    if where.status == "met" or where.told:
        lines = [f"{status[0].upper()}{status[1:]}{bonus}: {sentence(criterion.idea)}"]
    else:
        lines = [f"Idea {number} of {total}{bonus}: {status}."]
    if where.evidence:
        lines.append(f"  Your words: {quoted_list(where.evidence)}.")
    if where.ground:
        lines.append(f"  Judge: {where.judge}; {where.ground}.")
    return lines
