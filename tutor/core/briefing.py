"""What a speaker is told about a move: the authored words for it, and what the answer showed. Nothing else."""

from __future__ import annotations

import re
from collections.abc import Sequence

from tutor.core.asking_back import asked_word
from tutor.core.events import Caught, Doubt, Judged, MoveKind, PauseEnded, Stuck, Written
from tutor.core.grading import left_to_name
from tutor.core.guard import Secret
from tutor.core.lesson import Choose, Criterion, Explain, Find, Lesson, Look, Rewrite, RubricStep
from tutor.core.policy import Move, near_last
from tutor.core.session import Session, StepState
from tutor.core.speaking import Brief, Met
from tutor.core.words import fold

AnyStep = Choose | Find | Explain | Rewrite | Look


def brief_for(lesson: Lesson, session: Session, move: Move) -> Brief:
    """The brief for a move that the session owes."""
    state, cause = session.step, session.cause
    step = lesson.step(state.id)
    article = lesson.article_of(step.id)
    terms = cause.terms if isinstance(cause, Caught) else ()
    # Without help, nothing is said about an answer until the end.
    judged = cause if isinstance(cause, Judged) and step.assisted else None
    doubt = _doubt(judged, move) if judged else None
    return Brief(
        move=move,
        do=step.do,
        ask=step.ask,
        paragraph="\n".join(article.block(each).text for each in step.at),
        answer=state.text if isinstance(cause, Judged) and state.answers else "",
        authored=() if doubt else authored_words(lesson, step, state, move),
        doubt=doubt,
        met=newly_met(step, judged) if judged else (),
        partly=judged is not None and any(each.status == "partly" for each in judged.findings),
        not_judged=judged is not None and judged.verdict == "not-judged",
        in_need=isinstance(cause, Stuck),
        alone=not step.assisted,
        changing=isinstance(cause, PauseEnded) and cause.change,
        turn=len(state.answers) + state.stuck,
        words=_mark_words(lesson, step, state.hits),
        needed=step.needed if isinstance(step, Find) else 0,
        decoys=_mark_words(lesson, step, state.last.decoys if state.last and step.assisted else ()),
        near=near_last(lesson, step, state) if judged else None,
        terms=terms,
        meanings=tuple(lesson.glossary[each] for each in terms if each in lesson.glossary),
        where=_where(state, cause, [step.ask, *(article.block(each).text for each in step.at)]),
        ages=lesson.ages,
        lang=lesson.lang,
    )


def _doubt(judged: Judged, move: Move) -> Doubt | None:
    """Why the idea that a probe asks about was not found in words that are there."""
    doubts = {each.criterion: each.doubt for each in judged.findings}
    return doubts.get(move.criteria[0]) if move.kind == "probe" else None


_FREELY_WORDED: frozenset[MoveKind] = frozenset({"probe", "hint", "prompt", "misconception"})


def may_be_worded_freely(brief: Brief) -> bool:
    """Whether another speaker than the teacher may word the move: where it asks for more after something of the
    learner's own.
    """
    return bool(brief.answer) and brief.move.kind in _FREELY_WORDED


def secret_of(lesson: Lesson, session: Session, brief: Brief) -> Secret:
    """What may not be said yet in the open step: ideas and tells of what is neither met nor told."""
    state, step = session.step, lesson.step(session.step.id)
    rubric = step.rubric if isinstance(step, RubricStep) else ()
    still_open = [each for each in rubric if state.criterion(each.id).is_open]
    key = [text for each in still_open for text in (each.idea, each.tell) if text]
    return Secret(
        key=tuple(key),
        seen=(brief.paragraph, *(met.idea for met in brief.met)),
        never=step.never_say,
        lang=lesson.lang,
        ask=brief.ask,
        answer=brief.answer,
        help=brief.authored[0] if brief.authored else "",
        ages=lesson.ages,
    )


_ABOUT_A_WORD = re.compile(r"\b(mean(s|ing)?|what('s| is| are)|who('s| is| are)|explain|word)\b")


def _where(state: StepState, cause: object, texts: Sequence[str]) -> tuple[str, str] | None:
    asked = _asked_back(state, cause)
    return asked_word(asked, texts) if _ABOUT_A_WORD.search(fold(asked)) else None


def _asked_back(state: StepState, cause: object) -> str:
    last = state.answers[-1] if state.answers else None
    is_question = isinstance(cause, Caught) and cause.reason == "question"
    return last.text if is_question and isinstance(last, Written) else ""


def newly_met(step: AnyStep, judged: Judged) -> tuple[Met, ...]:
    """The ideas that a verdict found, with the learner's words."""
    if not isinstance(step, RubricStep):
        return ()
    return tuple(
        Met(step.criterion(each.criterion).idea, each.evidence) for each in judged.findings if each.status == "met"
    )


def authored_words(lesson: Lesson, step: AnyStep, state: StepState, move: Move) -> tuple[str, ...]:
    """The teacher's words for a move; empty where none are written."""
    if move.misconception:
        reply = next(each.reply for each in lesson.misconceptions_of(step) if each.id == move.misconception)
        return (reply,)
    if isinstance(step, Choose):
        return _choose_words(step, state, move)
    if isinstance(step, Find):
        if move.kind == "tell":
            left = left_to_name(lesson.article_of(step.id), lesson.marks_of(step.id), step.targets, state.hits)
            return (*_mark_words(lesson, step, left), step.why)
        return (step.why,) if move.kind == "secure" else _listed_hint(step, move)
    if move.kind == "tell":
        return tuple(told_words(step.criterion(each)) for each in move.criteria)
    if move.kind == "probe" and move.repeated:
        return ()
    rungs = {"probe", "hint", "prompt"}
    words = getattr(step.criterion(move.criteria[0]), move.kind) if move.kind in rungs else None
    return (words,) if words else ()


def told_words(criterion: Criterion) -> str:
    """What is said at the end of a criterion's ladder: its tell, else its sentence."""
    return criterion.tell or criterion.idea


def _choose_words(step: Choose, state: StepState, move: Move) -> tuple[str, ...]:
    if move.kind == "tell":
        right = next(option for option in step.options if option.correct)
        return (right.text, right.why)
    if move.kind in ("option", "secure") and state.last and state.last.option is not None:
        return (step.options[state.last.option].why,)
    return _listed_hint(step, move)


def _listed_hint(step: Choose | Find, move: Move) -> tuple[str, ...]:
    if move.hint is None or not step.hints or (move.kind == "look-again" and move.repeated):
        return ()
    return (step.hints[min(move.hint, len(step.hints) - 1)],)


def _mark_words(lesson: Lesson, step: AnyStep, mark_ids: tuple[str, ...]) -> tuple[str, ...]:
    marks = lesson.marks_of(step.id)
    return tuple(marks[each].quote for each in mark_ids)
