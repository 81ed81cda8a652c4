"""The checks before judging: what an answer is before anybody asks whether it is right. No model sees what they catch.

Runs of eight or more consecutive words of the article (or of an opened card) are taken out first: close readers
quote, and only their own words are judged. What is left decides.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby
from typing import Literal

from tutor.core.lesson import Look, Rewrite, RubricStep
from tutor.core.limits import LONGEST_ANSWER
from tutor.core.phrases import Listening
from tutor.core.words import STOP_WORDS, fold, split_words

RUN = 8
"""Consecutive words that count as quoted."""
_SHORT = 4
"""Words of the shortest block (a heading, mostly) that counts as quoted where all of it stands in an answer."""
_GLUED, _GLUED_WORD = 40, 20
"""Letters in a row, whatever stands between them, that count as quoted: about as many as eight words have; and those of
one word that no text has as a word.
"""

Kind = Literal["answer", "empty", "too-long", "not-knowing", "copied", "question"]


@dataclass(frozen=True, slots=True)
class Heard:
    """What an answer is, the part of it that is the learner's own, and the glossary terms a question asks about."""

    kind: Kind
    own: str
    terms: tuple[str, ...] = ()


def hear(
    text: str, listening: Listening, *, quotable: Sequence[str], glossary: Iterable[str] = (), rewriting: bool = False
) -> Heard:
    """Sort an answer before it is judged. `quotable` are the texts that may stand in it as quotations."""
    if len(text) > LONGEST_ANSWER:
        return Heard("too-long", "")
    words = split_words(text)
    if not words:
        return Heard("empty", "")
    folded = " ".join(fold(text).split())
    if _matches(folded, listening.not_knowing):
        return Heard("not-knowing", text)
    if _matches(folded, listening.question):
        return Heard("question", text, terms_in(text, glossary))
    if rewriting:
        return Heard("answer", text)
    own = without_quotations(text, quotable)
    if not any(word.folded not in STOP_WORDS for word in split_words(own)) and own != text:
        return Heard("copied", own)
    return Heard("answer", own)


def terms_in(text: str, glossary: Iterable[str]) -> tuple[str, ...]:
    """The glossary's terms that stand in a text."""
    folded = " ".join(fold(text).split())
    return tuple(term for term in glossary if re.search(rf"\b{re.escape(fold(term))}", folded))


def quotable_texts(step: RubricStep, block_texts: Sequence[str], card_texts: Sequence[str]) -> tuple[str, ...]:
    """What a learner may quote without its counting as their own words: the article and, while looking, the cards."""
    if isinstance(step, Rewrite):
        return ()
    return (*block_texts, *card_texts) if isinstance(step, Look) else tuple(block_texts)


def without_quotations(text: str, quotable: Sequence[str]) -> str:
    """`text` without its runs of eight or more consecutive words of one of the quotable texts, and without a shorter
    one of them if all of it is there; a line feed instead. Words that are written without blanks count as well.
    """
    words = split_words(text)
    known, quoted = _runs(tuple(quotable)), _glued([word.folded for word in words], tuple(quotable))
    for length in range(_SHORT, RUN + 1):
        for first in range(len(words) - length + 1):
            if tuple(word.folded for word in words[first : first + length]) in known:
                quoted[first : first + length] = [True] * length
    pieces, at = [], 0
    for is_quoted, run in groupby(zip(words, quoted, strict=True), key=lambda pair: pair[1]):
        if is_quoted:
            row = [word for word, _ in run]
            pieces.append(text[at : row[0].start])
            at = row[-1].end
    return "\n".join(piece for piece in (*pieces, text[at:]) if piece.strip())


@lru_cache(maxsize=32)
def _runs(quotable: tuple[str, ...]) -> frozenset[tuple[str, ...]]:
    runs: set[tuple[str, ...]] = set()
    for text in quotable:
        folded = tuple(word.folded for word in split_words(text))
        runs.update(folded[first : first + RUN] for first in range(len(folded) - RUN + 1))
        if _SHORT <= len(folded) < RUN:
            runs.add(folded)
    return frozenset(runs)


def _glued(row: list[str], quotable: tuple[str, ...]) -> list[bool]:
    """Which words of a row are quoted, if nobody looks at where one word ends and the next one begins."""
    owner = [index for index, word in enumerate(row) for _ in word]
    letters, texts, rows = "".join(row), _letters(quotable), _rows_of_letters(quotable)
    seen = [False] * len(letters)
    for first in range(len(letters) - _GLUED + 1):
        if letters[first : first + _GLUED] in rows:
            seen[first : first + _GLUED] = [True] * _GLUED
    unseen = {index for index, is_seen in zip(owner, seen, strict=True) if not is_seen}
    return [
        index not in unseen or (len(word) >= _GLUED_WORD and any(word in text for text in texts))
        for index, word in enumerate(row)
    ]


@lru_cache(maxsize=32)
def _letters(quotable: tuple[str, ...]) -> tuple[str, ...]:
    return tuple("".join(word.folded for word in split_words(text)) for text in quotable)


@lru_cache(maxsize=32)
def _rows_of_letters(quotable: tuple[str, ...]) -> frozenset[str]:
    return frozenset(text[at : at + _GLUED] for text in _letters(quotable) for at in range(len(text) - _GLUED + 1))


def is_distress(text: str, listening: Listening) -> bool:
    """Whether `text` speaks of the writer's own distress or of a friend's. It errs towards showing the help card."""
    return listening.distress.are_in(text)


def safe_part(text: str, listening: Listening, *, leaving: bool = False) -> str:
    """What of a half-typed text may be put on disk: it ends before words of distress, and before what could be growing
    into them, unless the learner is leaving.
    """
    return listening.distress.safe_part(text, leaving=leaving)


def _matches(folded: str, patterns: Iterable[str]) -> bool:
    return any(_compiled(pattern).search(folded) for pattern in patterns)


@lru_cache(maxsize=512)
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern)
