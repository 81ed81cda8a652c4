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
from tutor.core.phrases import Listening
from tutor.core.words import STOP_WORDS, fold, split_words

LONGEST_ANSWER = 1_500
"""Characters; four times what a long answer of a 14-year-old takes."""
LONGEST_KEPT = 10 * LONGEST_ANSWER
"""Characters; what is longer is no answer but a paste by mistake, and is not even read."""
RUN = 8
"""Consecutive words that count as quoted."""

_LOOKED_AT = 10_000

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
    """`text` without its runs of eight or more consecutive words of one of the quotable texts; a line feed instead."""
    words = split_words(text)
    known = _runs(tuple(quotable))
    quoted = [False] * len(words)
    for first in range(len(words) - RUN + 1):
        if tuple(word.folded for word in words[first : first + RUN]) in known:
            quoted[first : first + RUN] = [True] * RUN
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
    return frozenset(runs)


def is_distress(text: str, listening: Listening) -> bool:
    """Whether `text` speaks of the writer's own self-harm or abuse. It errs towards showing the help card.

    Of a text beyond all measure the beginning and the end are looked at.
    """
    if len(text) > 2 * _LOOKED_AT:
        text = f"{text[:_LOOKED_AT]}\n{text[-_LOOKED_AT:]}"
    folded = re.sub(r'"[^"]{1,200}"', '""', " ".join(fold(text).split()))
    return _matches(folded, listening.distress) and not _matches(folded, listening.distress_unless)


def is_wary(text: str, listening: Listening) -> bool:
    """Whether a half-typed text could be growing into words of distress: such a draft is not put on disk."""
    return _matches(" ".join(fold(text).split()), listening.wary) or is_distress(text, listening)


def _matches(folded: str, patterns: Iterable[str]) -> bool:
    return any(_compiled(pattern).search(folded) for pattern in patterns)


@lru_cache(maxsize=512)
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern)
