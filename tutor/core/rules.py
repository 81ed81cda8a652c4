"""An author's rules: do the words of an idea stand in an answer, and which?

Every group of `all_of` must show, any one item of a group will do; one item of `none_of` vetoes. An item is a word
(matched by stem, and for a slip of the finger by closeness), a phrase (its stems close together and in order),
`word*`, or `/regex/`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import lru_cache

from tutor.core.lesson import Ruled
from tutor.core.limits import LONGEST_ANSWER
from tutor.core.regexes import count_steps
from tutor.core.words import Word, fold, folded_words, split_words, stem, straighten

Place = tuple[int, int]
Finder = Callable[["Reading"], Place | None]

_GAP = 3
"""How many other words may stand between two neighbouring words of a phrase."""
_CLOSE = 0.83
_SHORTEST_TYPO = 5
_LONGEST_REGEX = 300
_MOST_STEPS = 400_000_000
"""Some seconds, on an answer that nobody would write; on others a regex stops far earlier."""
_AS_A_WORD = 500_000
"""Steps that take about as long as looking for a word with slips of the finger."""


@dataclass(frozen=True)
class Reading:
    """An answer made ready for matching: its text, folded text, words and their stems."""

    text: str
    folded: str
    words: tuple[Word, ...]
    stems: tuple[str, ...]
    lang: str

    @classmethod
    def of(cls, text: str, lang: str = "en") -> Reading:
        """Read `text` once, for any number of rules."""
        words = split_words(text)
        return cls(text, fold(text), words, tuple(stem(word.folded, lang) for word in words), lang)

    def place(self, first: int, last: int) -> Place:
        """The characters from word `first` to word `last`."""
        return self.words[first].start, self.words[last].end

    def quote(self, place: Place) -> str:
        """The learner's own characters at `place`."""
        return self.text[place[0] : place[1]].strip()


@dataclass(frozen=True)
class RuleMatch:
    """What the rules say: met or not, the words that matched and where they stand, and the veto that struck, if any."""

    met: bool
    groups_hit: int
    evidence: tuple[str, ...]
    veto: str | None = None
    places: tuple[Place, ...] = ()


def match_rules(ruled: Ruled, reading: Reading) -> RuleMatch:
    """Hold `reading` against the rules. Without `all_of` nothing is ever met."""
    places = [_first(group, reading) for group in ruled.all_of]
    hit = [place for place in places if place is not None]
    # Between two lines a quotation may have been taken out: each line is the learner's own, both together may not be.
    quotes = (line.strip() for place in sorted(hit) for line in reading.quote(place).split("\n"))
    evidence = tuple(dict.fromkeys(quote for quote in quotes if quote))
    veto = next((item for item in ruled.vetoes if compile_item(item, reading.lang)(reading) is not None), None)
    met = bool(places) and len(hit) == len(places) and veto is None
    return RuleMatch(met, len(hit), evidence, veto, tuple(hit))


def _first(group: Iterable[str], reading: Reading) -> Place | None:
    return next((place for item in group if (place := compile_item(item, reading.lang)(reading)) is not None), None)


def regex_in(item: str) -> str | None:
    """The regex that an item of a rule stands for; None where it is words."""
    return item[1:-1] if len(item) > 1 and item.startswith("/") and item.endswith("/") else None


@lru_cache(maxsize=4096)
def compile_item(item: str, lang: str = "en") -> Finder:
    """A function that finds `item` in a reading; ValueError with a plain sentence where the item cannot be used."""
    if (pattern := regex_in(item)) is not None:
        return _regex(pattern)
    tokens = re.findall(r"[^\s*]+\*?", item)
    parts = [(word, token.endswith("*")) for token in tokens for word in folded_words(token)]
    if not parts:
        raise ValueError("a rule needs at least one word")
    if len(parts) == 1:
        word, is_prefix = parts[0]
        return _prefix(word) if is_prefix else _word(word, lang)
    return _phrase(tuple(parts), lang)


def _word(word: str, lang: str) -> Finder:
    wanted = stem(word, lang)

    def find(reading: Reading) -> Place | None:
        for index, (own, own_stem) in enumerate(zip(reading.words, reading.stems, strict=True)):
            if own_stem == wanted or _is_typo(own.folded, word):
                return reading.place(index, index)
        return None

    return find


@lru_cache(maxsize=20_000)
def _is_typo(typed: str, word: str) -> bool:
    if min(len(typed), len(word)) < _SHORTEST_TYPO or typed[0] != word[0]:
        return False
    return SequenceMatcher(None, typed, word).ratio() >= _CLOSE


def _prefix(prefix: str) -> Finder:
    def find(reading: Reading) -> Place | None:
        for index, own in enumerate(reading.words):
            if own.folded.startswith(prefix):
                return reading.place(index, index)
        return None

    return find


def _phrase(parts: tuple[tuple[str, bool], ...], lang: str) -> Finder:
    wanted = tuple((word if is_prefix else stem(word, lang), is_prefix) for word, is_prefix in parts)

    def stands(reading: Reading, index: int, part: tuple[str, bool]) -> bool:
        return reading.words[index].folded.startswith(part[0]) if part[1] else reading.stems[index] == part[0]

    def find(reading: Reading) -> Place | None:
        count = len(reading.words)
        for first in range(count):
            last = first
            if not stands(reading, first, wanted[0]):
                continue
            for part in wanted[1:]:
                ahead = range(last + 1, min(last + 2 + _GAP, count))
                following = next((index for index in ahead if stands(reading, index, part)), None)
                if following is None:
                    break
                last = following
            else:
                return reading.place(first, last)
        return None

    return find


def _regex(pattern: str) -> Finder:
    check_regex(pattern)
    compiled = re.compile(straighten(pattern), re.IGNORECASE)

    def find(reading: Reading) -> Place | None:
        match = compiled.search(reading.folded)
        if match is None or match.end() == match.start():
            return None
        # The words it touches, whole: they are shown to the learner as their own.
        touched = [word for word in reading.words if word.start < match.end() and word.end > match.start()]
        return (touched[0].start, touched[-1].end) if touched else match.span()

    return find


_REFUSED = (
    (r"\[[^\]]*(?:\[|--|&&|\|\||~~)", "has a sign inside [...] that later versions of Python read otherwise"),
    (r"\\[1-9]|\(\?P=|\(\?\(", "refers back to a group, which can take forever; write it out"),
    (r"\(\?[a-zA-Z]*x", "uses the flag x, which hides what is repeated; write it without"),
)


def check_regex(pattern: str) -> str:
    """Return `pattern`, or refuse with ValueError what does not work and what could take forever on an answer.

    A lesson may come from a stranger and Python's matcher backtracks: so no repeated groups, no back-references, and
    few steps even on the most awkward answer (`tutor.core.regexes`).
    """
    _steps(pattern)
    return pattern


def effort(item: str) -> int:
    """How long it may take at worst to look for an item in a text, a word taking 1; ValueError as in `compile_item`."""
    pattern = regex_in(item)
    return 1 if pattern is None else 1 + _steps(pattern) // _AS_A_WORD


@lru_cache(maxsize=4096)
def _steps(pattern: str) -> int:
    """How many steps a regex may take on an answer; ValueError where it is refused."""
    if len(pattern) > _LONGEST_REGEX:
        raise ValueError(f"this /regex/ is longer than {_LONGEST_REGEX} characters")
    for refused, why in _REFUSED:
        if re.search(refused, pattern.replace(r"\[", "")):
            raise ValueError(f"this /regex/ {why}")
    try:
        re.compile(straighten(pattern))
    except (re.error, OverflowError, RecursionError) as error:
        raise ValueError(f"this /regex/ does not work: {error}") from None
    try:
        steps = count_steps(straighten(pattern), LONGEST_ANSWER)
    except ValueError as error:
        raise ValueError(f"this /regex/ {error}") from None
    if steps > _MOST_STEPS:
        raise ValueError("this /regex/ leaves too many lengths open; use limits such as .{0,30}")
    return steps
