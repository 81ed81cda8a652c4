"""From what was found in an answer to the verdict on it: the teacher's key, or a judge's findings."""

from __future__ import annotations

from dataclasses import replace

from tutor.core import events as e
from tutor.core.grading import grade_pointing
from tutor.core.judging import Judgement
from tutor.core.lesson import Choose, Explain, Find, Lesson, Look, Rewrite
from tutor.core.policy import costs_try
from tutor.core.session import OutOfTurn, Session
from tutor.core.verdicts import step_verdict


def verdict_by_key(lesson: Lesson, session: Session, step: Choose | Find) -> e.Judged:
    """The verdict on a choice or on words that were pointed at; nobody needs to judge those."""
    state = session.step
    answer = state.answers[-1]
    if isinstance(step, Choose) and isinstance(answer, e.Chosen):
        option = step.options[answer.option]
        seen = (e.Sighting(misconception=option.misconception),) if option.misconception else ()
        verdict: e.Verdict = "secure" if option.correct else "not-yet"
        return e.Judged(
            step=step.id, verdict=verdict, judge="key", costs=True, misconceptions=seen, option=answer.option
        )
    if isinstance(step, Find) and isinstance(answer, e.Pointed):
        article, marks = lesson.article_of(step.id), lesson.marks_of(step.id)
        graded = grade_pointing(step, article, marks, answer.selections, state.hits)
        return e.Judged(
            step=step.id, verdict=graded.verdict, judge="key", costs=True, hits=graded.hits, decoys=graded.decoys
        )
    raise OutOfTurn(f"a step to {step.do} cannot take an answer of the kind {answer.kind!r}")


def verdict_on(session: Session, step: Explain | Rewrite | Look, judgement: Judgement, judge: str) -> e.Judged:
    """The verdict that follows from a complete judgement, and whether it costs a try."""
    state = session.step
    found = {each.criterion: each.status for each in judgement.findings}
    statuses = {each.id: found.get(each.id, state.criterion(each.id).status) for each in step.rubric}
    criteria = {**state.criteria, **{each: replace(state.criterion(each), status=found[each]) for each in found}}
    return e.Judged(
        step=step.id,
        verdict=step_verdict(step.rubric, statuses, misconception=bool(judgement.misconceptions)),
        judge=judge,
        costs=costs_try(step, replace(state, criteria=criteria), to_probe=state.probing),
        findings=judgement.findings,
        misconceptions=judgement.misconceptions,
        calls=judgement.calls,
        trouble=judgement.trouble,
    )
