"""What happens to an answer before anybody judges it: the checks that need no judge, and the task for one."""

from __future__ import annotations

from collections.abc import Iterable

from tutor.core import events as e
from tutor.core.judging import JudgeTask
from tutor.core.lesson import Choose, Explain, Find, Lesson, Look, Rewrite, RubricStep
from tutor.core.listening import Heard, hear, quotable_texts, terms_in, without_quotations
from tutor.core.phrases import Phrases
from tutor.core.rules import Reading, compile_item
from tutor.core.session import Session

AnyStep = Choose | Find | Explain | Rewrite | Look


def fits(step: AnyStep, answer: e.Chosen | e.Pointed | e.Written) -> bool:
    """Whether a step takes an answer of this kind."""
    if isinstance(step, Choose):
        return isinstance(answer, e.Chosen) and 0 <= answer.option < len(step.options)
    if isinstance(step, Find):
        pointed = answer.selections if isinstance(answer, e.Pointed) else ()
        return bool(pointed) and all(each.block in step.at and each.start < each.end for each in pointed)
    return isinstance(answer, e.Written)


def caught(lesson: Lesson, session: Session, phrases: Phrases) -> e.Caught | e.Stuck | None:
    """What the checks before judging make of the answer that waits; None where it can be judged."""
    state, step = session.step, lesson.step(session.step.id)
    answer = state.answers[-1] if state.answers else None
    if not isinstance(answer, e.Written) or not isinstance(step, RubricStep):
        return None
    return catch(lesson, step, answer.text, phrases, probing=state.probing)


def catch(
    lesson: Lesson, step: Explain | Rewrite | Look, text: str, phrases: Phrases, *, probing: bool = False
) -> e.Caught | e.Stuck | None:
    """What the checks before judging make of a text, `probing` where it replies to a probe; None where it can be
    judged.
    """
    heard = _hear(lesson, step, phrases, text)
    if heard.kind == "not-knowing":
        return e.Stuck(step=step.id, in_words=True)
    if heard.kind == "copied" and probing:
        return None
    if heard.kind != "answer":
        return e.Caught(step=step.id, reason=heard.kind, terms=heard.terms)
    return _unkept(lesson, step, text) if isinstance(step, Rewrite) and not probing else None


def task_for(lesson: Lesson, session: Session, step: Explain | Rewrite | Look) -> JudgeTask:
    """The answer that waits, and the criteria of the open step that it can still meet.

    Once in a step a judge may find that a text is no answer: nobody is sent round in circles by a machine's mistake.
    """
    state, quotable = session.step, quotable_in(lesson, step)
    thread = _versions(lesson, step, state.thread)
    own = "\n".join(without_quotations(each, quotable) for each in thread)
    open_ones = tuple(each for each in step.rubric if state.criterion(each.id).is_open)
    sortable = not state.probing and not state.turned_back
    return JudgeTask(lesson, step, "\n".join(thread), own, open_ones, sortable=sortable)


def named_terms(lesson: Lesson, text: str) -> tuple[str, ...]:
    """The words of the glossary that stand in a text."""
    return terms_in(text, lesson.glossary)


def quotable_in(lesson: Lesson, step: Explain | Rewrite | Look) -> tuple[str, ...]:
    """The texts that a learner may quote in this step without their counting as own words."""
    blocks = [block.text for block in lesson.article_of(step.id).blocks]
    cards = [lesson.source(each).body for each in step.cards] if isinstance(step, Look) else []
    return quotable_texts(step, blocks, cards)


def _versions(lesson: Lesson, step: Explain | Rewrite | Look, thread: tuple[str, ...]) -> tuple[str, ...]:
    """What of an answer and the replies to probes after it is judged: of a rewriting that was written once more, with
    the words that it has to keep, only that.
    """
    if isinstance(step, Rewrite) and step.must_keep and thread and not _missing(lesson, step, thread[-1]):
        return thread[-1:]
    return thread


def _hear(lesson: Lesson, step: Explain | Rewrite | Look, phrases: Phrases, text: str) -> Heard:
    return hear(
        text,
        phrases.listening,
        quotable=quotable_in(lesson, step),
        glossary=lesson.glossary,
        rewriting=isinstance(step, Rewrite),
    )


def _unkept(lesson: Lesson, step: Rewrite, text: str) -> e.Caught | None:
    """Words that a rewriting was to keep, or to drop."""
    if missing := _missing(lesson, step, text):
        return e.Caught(step=step.id, reason="keep", terms=_plain(missing))
    reading = Reading.of(text, lesson.lang)
    still = tuple(each for each in step.must_drop if compile_item(each, lesson.lang)(reading) is not None)
    return e.Caught(step=step.id, reason="drop", terms=_plain(still)) if still else None


def _missing(lesson: Lesson, step: Rewrite, text: str) -> tuple[str, ...]:
    reading = Reading.of(text, lesson.lang)
    return tuple(each for each in step.must_keep if compile_item(each, lesson.lang)(reading) is None)


def _plain(items: Iterable[str]) -> tuple[str, ...]:
    """Items of a rule as a learner is told them: `190*` is 190."""
    return tuple(item.rstrip("*") for item in items)
