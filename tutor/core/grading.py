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
MOST = 0.5
LONGEST_NEAR = 25
"""Words; who picks more than a long sentence has not said which of them it is."""


Words = frozenset[tuple[str, Word]]
"""Words by their block and place."""
Wants = Literal["more", "fewer", "far fewer", "other"]


@dataclass(frozen=True, slots=True)
class Pointing:
    """The targets hit and the decoys picked, as mark ids in the step's order, and the step's verdict."""

    hits: tuple[str, ...]
    decoys: tuple[str, ...]
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class NearMiss:
    """A pick at the right place: its words, the target it is near, and which words would hit it.

    It takes more words, fewer, far fewer (the target stands somewhere in a long pick), or other ones: some that were
    not picked, and not all of those that were.
    """

    words: str
    target: str
    wants: Wants

    @property
    def is_close(self) -> bool:
        """Whether the pick shows that the learner is at the place, and not merely that it is somewhere in the text."""
        return self.wants != "far fewer"


def near_miss(
    step: Find, article: Article, marks: dict[str, Mark], picked: Iterable[Selection], found: Iterable[str] = ()
) -> NearMiss | None:
    """The first pick that is near a target not found yet; None where all are elsewhere.

    What counts already is not near another target that stands around it, and what hits a decoy is near nothing.
    """
    picked, known = tuple(picked), set(found)
    places = {each: _words(article, article.span(marks[each])) for each in (*step.targets, *step.decoys)}
    decoys = [places[each] for each in step.decoys]
    counting = [each for each in spans_of(article, picked) if any(hits(article, marks[name], each) for name in places)]
    taken = [*(_words(article, each) for each in counting), *(places[each] for each in known)]
    for selection in picked:
        chosen = _words(article, Span(selection.block, selection.start, selection.end))
        if any(chosen <= each for each in taken):
            continue
        # Of targets that stand within or across one another, it is near the one that it is most like.
        left = sorted((each for each in step.targets if each not in known), key=lambda name: -_f1(places[name], chosen))
        for target in left:
            if wants := _wants(places[target], chosen, decoys):
                return NearMiss(selection.text, target, wants)
    return None


def _wants(wanted: Words, chosen: Words, decoys: Iterable[Words]) -> Wants | None:
    """What a pick takes to hit a target that it is near, that is, where most of the shorter of the two stands in the
    other (their overlap coefficient), with a word in it that carries something.

    Credit weighs what they share against both lengths. To be near, it is enough to weigh it against the shorter one: a
    pick within the target or around it shares all of that, one that begins too early or ends too late the most of it.
    Who has more words of a decoy than of the target is at the decoy.
    """
    shared = wanted & chosen
    if len(shared) <= MOST * min(len(wanted), len(chosen)) or not shared & _content(wanted):
        return None
    if chosen <= wanted:
        return "more"
    if len(chosen) > LONGEST_NEAR:
        return "far fewer"
    if wanted <= chosen:
        return "fewer"
    return None if any(len(each & chosen) > len(shared) for each in decoys) else "other"


def left_to_name(
    article: Article, marks: dict[str, Mark], targets: Iterable[str], found: Iterable[str]
) -> tuple[str, ...]:
    """The targets to be named at the end beside those found, in their order: none that stands within another one named.

    What stands within found words, or around them, was found as good as; it is named only where nothing else is left.
    """
    known = set(found)
    spans = {each: article.span(marks[each]) for each in (*targets, *known)}
    left = [each for each in spans if each not in known]
    apart = [each for each in left if not any(_nested(spans[each], spans[other]) for other in known)] or left
    return tuple(
        each for each in apart if not any(_within(spans[each], spans[other]) for other in apart if other != each)
    )


def _within(inner: Span, outer: Span) -> bool:
    return inner.block == outer.block and outer.start <= inner.start and inner.end <= outer.end and inner != outer


def _nested(one: Span, other: Span) -> bool:
    return one == other or _within(one, other) or _within(other, one)


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
    wanted, chosen = _words(article, article.span(mark)), _words(article, selection)
    content = _content(wanted)
    inside = bool(chosen) and chosen <= wanted
    return _f1(wanted, chosen) >= ENOUGH_F1 or (inside and len(chosen & content) >= ENOUGH_CONTENT * len(content))


def _f1(wanted: Words, chosen: Words) -> float:
    return 2 * len(wanted & chosen) / (len(wanted) + len(chosen)) if wanted and chosen else 0.0


def _content(words: Words) -> Words:
    return frozenset(each for each in words if each[1].folded not in STOP_WORDS) or words


def _words(article: Article, span: Span) -> Words:
    words = split_words(article.block(span.block).text)
    return frozenset((span.block, word) for word in words if word.start < span.end and word.end > span.start)


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
