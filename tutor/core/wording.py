"""Texts of the tutor that belong to no single move: the look back at a part, the review of the exit ticket, the end."""

from __future__ import annotations

from dataclasses import dataclass

from tutor.core.briefing import told_words
from tutor.core.grading import left_to_name
from tutor.core.lesson import Choose, Find, Lesson, RubricStep
from tutor.core.outcome import Count, part_outcome
from tutor.core.phrases import Phrases
from tutor.core.session import Session, StepState
from tutor.core.verdicts import UNDECIDED
from tutor.core.words import quoted_list, sentence


@dataclass(frozen=True, slots=True)
class Review:
    """Feedback on one step of the exit ticket: its text, the criteria told, and those the learner is to check."""

    text: str
    told: tuple[str, ...] = ()
    checks: tuple[str, ...] = ()


def look_back(lesson: Lesson, session: Session, phrases: Phrases, part: str) -> str:
    """The short look back at a part that has just ended."""
    lines = [phrases.rest.format(part=part), _ideas(phrases, part_outcome(lesson, session, part))]
    following = session.closed.next if session.closed else None
    return "\n".join([*lines, phrases.rest_exit] if following and lesson.in_exit(following) else lines)


def _ideas(phrases: Phrases, count: Count) -> str:
    return phrases.rest_ideas.format(alone=count.alone, helped=count.helped, told=count.told)


def review(lesson: Lesson, session: Session, phrases: Phrases, step_id: str) -> Review:
    """What is said about a step of the exit ticket when all of it is over."""
    step, state = lesson.step(step_id), session.steps[step_id]
    if isinstance(step, Choose):
        chosen = step.options[state.last.option] if state.last and state.last.option is not None else None
        if chosen and chosen.correct:
            return Review(phrases.review_chosen.format(option=quoted_list([chosen.text]), why=chosen.why))
        right = next(option for option in step.options if option.correct)
        return Review(phrases.review_choice.format(option=quoted_list([right.text]), why=right.why))
    if isinstance(step, Find):
        return Review(_review_of_pointing(lesson, step, state, phrases))
    lines, told = [], []
    for criterion in step.rubric:
        where = state.criterion(criterion.id)
        if where.status == "met":
            lines.append(phrases.review_alone.format(idea=sentence(criterion.idea)))
        elif criterion.required:
            told.append(criterion.id)
            lines.append(phrases.review_told.format(tell=sentence(told_words(criterion))))
    checks = tuple(each for each in told if state.criterion(each).status in UNDECIDED)
    return Review("\n".join([*lines, phrases.self_check] if checks else lines), tuple(told), checks)


def _review_of_pointing(lesson: Lesson, step: Find, state: StepState, phrases: Phrases) -> str:
    """What was found of the words to find and what not, what was picked and does not fit, and the teacher's why."""
    marks = lesson.marks_of(step.id)

    def naming(mark_ids: tuple[str, ...], one: str, several: str = "") -> str:
        return phrases.naming((marks[each].quote for each in mark_ids), one, several)

    left = left_to_name(lesson.article_of(step.id), marks, step.targets, state.hits)
    parts = [naming(state.hits, phrases.review_found) if state.hits else naming(left, phrases.review_words)]
    if state.last and state.last.verdict == "secure":
        parts.append(phrases.review_enough)
    if state.hits and left:
        enough = len(state.hits) >= step.needed
        parts.append(naming(left, phrases.review_more if enough else phrases.review_left))
    if state.last and state.last.decoys:
        parts.append(naming(state.last.decoys, phrases.review_decoy, phrases.review_decoys))
    return " ".join([*parts, step.why])


def idea_in_question(lesson: Lesson, session: Session) -> str:
    """Which of several ideas that were told a self-check is about; "" where only one was."""
    state = next((each for each in session.steps.values() if each.checks), None)
    if state is None:
        return ""
    is_first = all(each.had_it is None for each in state.criteria.values())
    step = lesson.step(state.id)
    if not isinstance(step, RubricStep) or (is_first and len(state.checks) == 1):
        return ""
    return next(each.idea for each in step.rubric if each.id == state.checks[0])
