"""Whether a text says what a learner is to find: the guard's measure, less what is not worth a teacher's time.

The guard (`tutor.core.guard.leaks`) holds a model's words against the key and errs towards the teacher's words. Here
the teacher's own words are looked at. So a single word of the key has to be one that the rules accept by themselves or
that tells the samples apart; else it takes two words of the idea, or four words of the key in a row that hold news.
What the rules would take for the answer gives it away as well, even where every word of it stands in the paragraph.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from tutor.core.guard import GRAM, PLAIN
from tutor.core.lesson import Criterion, RubricStep
from tutor.core.limits import LONGEST_ANSWER
from tutor.core.rules import Reading, RuleMatch, compile_item, match_rules, regex_in
from tutor.core.words import STOP_WORDS, content_stems, folded_words, quoted_list, split_words, stem, stems

QUOTED = re.compile(r"[“\"][^“”\"]*[”\"]|(?<!\w)['‘][^'‘’]*['’](?!\w)")
"""Words in quotation marks, with them."""
_PLAIN = frozenset(
    stems([*PLAIN, "said", "two", "three", "start", "go", "come", "give", "know", "ask", "want", "think", "many"])
)
"""Stems of words that may stand in any hint."""
_LONGEST_WORD = 40
_OFTEN = 1 / 3
_SEVERAL = 2
"""Words of the idea which together give it away; one alone, such as page or result, names what it is about."""


@dataclass(frozen=True, slots=True)
class Key:
    """What a criterion is about: its texts, the stems of its idea, and those of them and its `tell` of which a single
    one gives it away.
    """

    texts: tuple[str, ...]
    idea: frozenset[str]
    strong: frozenset[str]


def key_of(criterion: Criterion, step: RubricStep, lang: str) -> Key:
    """The key of a criterion of a step.

    Strong are the words that the rules accept by themselves, and those that a third of the samples which meet the
    criterion have, and no other sample.
    """
    texts = tuple(text for text in (criterion.idea, criterion.tell) if text)
    idea = telling_stems(criterion.idea, lang)
    all_stems = idea | telling_stems(criterion.tell or "", lang)
    finders = [compile_item(item, lang) for group in criterion.all_of for item in group]
    words = {word for text in texts for word in folded_words(text) if stem(word, lang) in all_stems}
    readings = {word: Reading.of(word[:_LONGEST_WORD], lang) for word in words}
    ruled = {stem(word, lang) for word, reading in readings.items() if any(find(reading) for find in finders)}
    meeting = [stems_in(sample.answer, lang) for sample in step.samples if criterion.id in sample.meets]
    others = [stems_in(sample.answer, lang) for sample in step.samples if criterion.id not in sample.meets]
    often = {each for each in all_stems if sum(each in said for said in meeting) >= max(_OFTEN * len(meeting), 2)}
    return Key(texts, idea, frozenset(ruled | often.difference(*others)))


def telling_stems(text: str, lang: str) -> frozenset[str]:
    """The stems of the words that carry a text's meaning. A number mostly points at a place: it is not among them."""
    return frozenset(each for each in content_stems(text, lang) - _PLAIN if len(each) > 1 and not each.isdecimal())


@lru_cache(maxsize=512)
def stems_in(text: str, lang: str) -> frozenset[str]:
    """The stems of all words of a text."""
    return frozenset(stems(folded_words(text), lang))


def gives_away(text: str, key: Key, before: Iterable[str], lang: str) -> str:
    """The words of `text` that give the key away, in quotation marks; "" where none do.

    `before` are texts that the learner has before them: their words give nothing away.
    """
    known = frozenset().union(*(stems_in(each, lang) for each in before))
    if strong := words_with(text, key.strong - known, lang):
        return quoted_list(strong)
    several = words_with(text, key.idea - known, lang)
    return quoted_list(several) if len(several) >= _SEVERAL else quoted_list(_runs(text, key.texts, known)[:1])


def is_answer(text: str, criterion: Criterion, asked: Iterable[str], lang: str) -> str:
    """The words of `text` by which it meets the criterion's rules, in quotation marks; "" where it does not, or where a
    text that was `asked` before does, too.

    A /regex/ often reaches further than its author thought: where only such a one is met, its words have to be of the
    idea.
    """
    match = _matched(criterion, text, lang)
    if not match.met or any(_matched(criterion, each, lang).met for each in asked):
        return ""
    known = frozenset().union(*(stems_in(each, lang) for each in asked))
    own = telling_stems(criterion.idea, lang) - known
    if _is_plainly_met(criterion, _reading(text, lang)) or any(own & stems_in(each, lang) for each in match.evidence):
        return quoted_list(match.evidence)
    return ""


@lru_cache(maxsize=512)
def _matched(criterion: Criterion, text: str, lang: str) -> RuleMatch:
    """The same question is held against the rules before every hint and every reply to a misconception."""
    return match_rules(criterion, _reading(text, lang))


def _reading(text: str, lang: str) -> Reading:
    return Reading.of(text[:LONGEST_ANSWER], lang)


def _is_plainly_met(criterion: Criterion, reading: Reading) -> bool:
    plain = ([item for item in group if regex_in(item) is None] for group in criterion.all_of)
    return all(any(compile_item(item, reading.lang)(reading) for item in group) for group in plain)


def words_with(text: str, wanted: frozenset[str], lang: str) -> list[str]:
    """The words of `text` that have one of the stems, as they are written, one of each stem."""
    if not wanted & stems_in(text, lang):
        return []
    found: dict[str, str] = {}
    for word in split_words(text):
        of_word = stem(word.folded, lang)
        if of_word in wanted and word.folded not in STOP_WORDS:
            found.setdefault(of_word, text[word.start : word.end])
    return list(found.values())


def _runs(text: str, key: tuple[str, ...], known: frozenset[str]) -> list[str]:
    """Words in a row that text and key share, two of them carrying meaning and one of those not known yet."""
    shared = _grams(text) & frozenset().union(*map(_grams, key))
    return [" ".join(run) for run in sorted(shared) if len(own := _telling(run)) > 1 and own - known]


def _telling(run: tuple[str, ...]) -> set[str]:
    return {stem(word) for word in run if word not in STOP_WORDS} - _PLAIN


@lru_cache(maxsize=512)
def _grams(text: str) -> frozenset[tuple[str, ...]]:
    words = folded_words(text)
    return frozenset(words[at : at + GRAM] for at in range(len(words) - GRAM + 1))
