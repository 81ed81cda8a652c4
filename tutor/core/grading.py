"""Grading words that a learner pointed at, by their overlap with the teacher's marks."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from tutor.core.article import Span
from tutor.core.events import Selection, Verdict
from tutor.core.lesson import Article, Find, Mark
from tutor.core.words import STOP_WORDS, Word, split_words

ENOUGH_F1 = 0.6
ENOUGH_CONTENT = 0.5
LONGEST_NEAR = 25
"""Words; who picks more than a long sentence is not near anything."""


@dataclass(frozen=True, slots=True)
class Pointing:
    """The targets hit and the decoys picked, as mark ids in the step's order, and the step's verdict."""

    hits: tuple[str, ...]
    decoys: tuple[str, ...]
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class NearMiss:
    """A pick at the right place: its words, the target it is near, and whether more or fewer words would hit it."""

    words: str
    target: str
    wants: Literal["more", "fewer"]


def near_miss(
    step: Find, article: Article, marks: dict[str, Mark], picked: Iterable[Selection], found: Iterable[str] = ()
) -> NearMiss | None:
    """The first pick that lies inside a target not found yet, or around one, without hitting it; None where all are
    elsewhere.
    """
    known = set(found)
    for selection in picked:
        span = Span(selection.block, selection.start, selection.end)
        for target in step.targets:
            mark = marks[target]
            if target in known or selection.block != mark.at or hits(article, mark, span):
                continue
            words = split_words(article.block(mark.at).text)
            wanted, chosen = _inside(words, article.span(mark)), _inside(words, span)
            if chosen <= wanted and any(word.folded not in STOP_WORDS for word in chosen):
                return NearMiss(selection.text, target, "more")
            if wanted <= chosen and len(chosen) <= LONGEST_NEAR:
                return NearMiss(selection.text, target, "fewer")
    return None


def grade_pointing(
    step: Find, article: Article, marks: dict[str, Mark], picked: Iterable[Selection], found: Iterable[str] = ()
) -> Pointing:
    """Grade selections against the step's targets and decoys; `found` are targets hit in earlier tries, which stay
    hit.
    """
    selections = spans_of(article, picked)
    before = set(found)

    def hit(mark_id: str) -> bool:
        return any(hits(article, marks[mark_id], selection) for selection in selections)

    targets = tuple(each for each in step.targets if each in before or hit(each))
    decoys = tuple(each for each in step.decoys if hit(each))
    verdict: Verdict = "partly" if targets else "not-yet"
    if len(targets) >= step.needed and not decoys:
        verdict = "secure"
    return Pointing(targets, decoys, verdict)


def hits(article: Article, mark: Mark, selection: Span) -> bool:
    """Token F1 of at least .6, or the selection lies inside the mark and holds half of the mark's content words.

    Words are compared by their place, so that a word which stands twice counts only where it was pointed at.
    """
    if selection.block != mark.at:
        return False
    words = split_words(article.block(mark.at).text)
    wanted = _inside(words, article.span(mark))
    chosen = _inside(words, selection)
    shared = wanted & chosen
    if not shared:
        return False
    f1 = 2 * len(shared) / (len(wanted) + len(chosen))
    content = {word for word in wanted if word.folded not in STOP_WORDS} or wanted
    return f1 >= ENOUGH_F1 or (chosen <= wanted and len(shared & content) >= ENOUGH_CONTENT * len(content))


def _inside(words: Iterable[Word], span: Span) -> set[Word]:
    return {word for word in words if word.start < span.end and word.end > span.start}


def spans_of(article: Article, picked: Iterable[Selection]) -> list[Span]:
    """The selections as spans, and those that touch or overlap joined, too: two halves of a phrase are the phrase."""
    picked = tuple(picked)
    return [Span(each.block, each.start, each.end) for each in picked] + _joined(article, picked)


def _joined(article: Article, picked: Iterable[Selection]) -> list[Span]:
    spans: list[Span] = []
    for each in sorted(picked, key=lambda selection: (selection.block, selection.start)):
        last = spans[-1] if spans else None
        if last and last.block == each.block and not _words_between(article, last, each):
            spans[-1] = Span(last.block, last.start, max(last.end, each.end))
        else:
            spans.append(Span(each.block, each.start, each.end))
    return spans


def _words_between(article: Article, last: Span, following: Selection) -> bool:
    return bool(split_words(article.block(last.block).text[last.end : following.start]))
