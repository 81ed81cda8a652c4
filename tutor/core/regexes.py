"""How long a regular expression may keep Python's matcher busy.

The matcher backtracks: where it can go on in several ways, it tries one after the other until one fits, and where none
does it tries them all. Here they are counted from the parsed expression; there may be fewer, not more. A choice which
the next character decides is none (as in LL(1) grammars): after `[a-z]*`, a blank can only be the one that follows. All
other choices multiply.

The parser is Python's own (`re._parser`, private, but as old as `re`): a second one would disagree with the matcher
some day, and that is the worse risk.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from re import _constants as code  # type: ignore[attr-defined]
from re import _parser as parser  # type: ignore[attr-defined]
from typing import Any

Chars = frozenset[str]
_Items = Any
"""What the parser gives: a sequence of pairs, an operator and what belongs to it."""


def _is_word(char: str) -> bool:
    return char.isalnum() or char == "_"


@cache
def _small(char: str) -> str:
    """The same for all characters that are one another's capital or small letter, such as s, S and the long s."""
    return char.upper().lower()


_COMMON = frozenset("abcdefghijklmnopqrstuvwxyz0123456789 _.,;:!?'\"-()/\n\t\xa0éßя中…")
"""Some of every sort that an expression can tell apart; the characters of the expression itself come to them."""
_REPEATS = (code.MAX_REPEAT, code.MIN_REPEAT, code.POSSESSIVE_REPEAT)
_ONE_CHARACTER = (code.LITERAL, code.NOT_LITERAL, code.ANY, code.IN)
_IN_A_STEP = 4
"""Letters of one repeat that the matcher goes over in the time of a step."""
_CATEGORIES: Mapping[Any, Callable[[str], bool]] = {
    code.CATEGORY_DIGIT: str.isdecimal,
    code.CATEGORY_SPACE: str.isspace,
    code.CATEGORY_WORD: _is_word,
}
_NEGATED = {
    code.CATEGORY_NOT_DIGIT: code.CATEGORY_DIGIT,
    code.CATEGORY_NOT_SPACE: code.CATEGORY_SPACE,
    code.CATEGORY_NOT_WORD: code.CATEGORY_WORD,
}


def count_steps(pattern: str, longest: int) -> int:
    """How many steps the search in a text of `longest` characters may take, at most; capitals are small letters.

    re.error where the pattern does not work; ValueError for what could take forever: a repeated group, and what refers
    back to a group.
    """
    tree = parser.parse(pattern, re.IGNORECASE)
    counter = _Counter(_COMMON.union(_named(tree)), longest)
    found = counter.of_all(tree, frozenset())
    steps = found.ways + found.steps
    is_anchored = bool(tree) and tree[0] == (code.AT, code.AT_BEGINNING) and not tree.state.flags & re.MULTILINE
    return steps if is_anchored else steps * longest


def _named(items: _Items) -> Iterator[str]:
    """The characters that an expression names, the ends of its ranges among them, and the middle of each."""
    for op, about in items:
        if op in (code.LITERAL, code.NOT_LITERAL):
            yield chr(about)
        elif op is code.RANGE:
            yield from map(chr, (about[0], sum(about) // 2, about[1]))
        elif op is code.IN:
            yield from _named(about)
        for part in _parts(op, about):
            yield from _named(part)


def _parts(op: Any, about: Any) -> list[_Items]:
    """The expressions inside of one."""
    if op in _REPEATS:
        return [about[2]]
    if op is code.SUBPATTERN:
        return [about[3]]
    if op is code.BRANCH:
        return list(about[1])
    if op in (code.ASSERT, code.ASSERT_NOT):
        return [about[1]]
    return [about] if op is code.ATOMIC_GROUP else []


@dataclass(frozen=True, slots=True)
class _Counted:
    """An expression at one place: the ways to come through it, the steps within it on all of them (letters that simply
    have to be there are none), and how it can begin.
    """

    ways: int
    steps: int
    first: Chars


@dataclass(frozen=True, slots=True)
class _Counter:
    """Counts over an alphabet, for texts of a length."""

    alphabet: Chars
    longest: int

    def of_all(self, items: _Items, then: Chars) -> _Counted:
        """One expression after the other, from the last to the first; `then` is how what follows can begin."""
        rest, before_boundary = _Counted(1, 0, then), False
        for op, about in reversed(list(items)):
            following = frozenset(char for char in rest.first if not _is_word(char)) if before_boundary else rest.first
            each = self._of_one(op, about, rest.first, following)
            rest = _Counted(each.ways * rest.ways, each.steps + each.ways * rest.steps, each.first)
            before_boundary = (op, about) == (code.AT, code.AT_BOUNDARY)
        return rest

    def _of_one(self, op: Any, about: Any, then: Chars, after_word: Chars) -> _Counted:
        """`after_word` is how what follows a letter can begin: at a boundary of words, with none."""
        if op in _ONE_CHARACTER:
            return _Counted(1, 0, self._chars(op, about))
        if op in _REPEATS:
            low, high, inner = about[0], self.longest if about[1] is code.MAXREPEAT else about[1], about[2]
            if len(inner) == 1 and inner[0][0] in _ONE_CHARACTER:
                chars = self._chars(*inner[0])
                is_decided = not chars & (after_word if all(map(_is_word, chars)) else then)
                ways = 1 if is_decided or op is code.POSSESSIVE_REPEAT else high - low + 1
                return _Counted(ways, 1 + high // _IN_A_STEP, chars if low else chars | then)
            return self._optional(low, high, inner, then)
        if op is code.BRANCH:
            return self._branch(about[1], then)
        if op is code.SUBPATTERN:
            return self.of_all(about[3], then)
        if op is code.AT:
            return _Counted(1, 0, then)
        # Looked at once: nothing comes back to try it otherwise.
        if op in (code.ASSERT, code.ASSERT_NOT):
            inner = self.of_all(about[1], frozenset())
            # It is looked at before the next character is, however the text goes on.
            return _Counted(1, inner.ways + inner.steps, frozenset(map(_small, self.alphabet)))
        if op is code.ATOMIC_GROUP:
            inner = self.of_all(about, then)
            return _Counted(1, inner.ways + inner.steps, inner.first)
        raise ValueError("refers back to a group, which can take forever; write it out")

    def _optional(self, low: int, high: int, inner: _Items, then: Chars) -> _Counted:
        if high > 1:
            raise ValueError("repeats a group, which can take forever; write the alternatives as items")
        once = self.of_all(inner, then)
        # It can be left out as well as taken only where it begins like what would come in its place.
        skipped = 0 if low or not once.first & then else 1
        return _Counted(once.ways + skipped, once.steps, once.first if low else once.first | then)

    def _branch(self, branches: Iterable[_Items], then: Chars) -> _Counted:
        """Only branches that begin alike can all be tried; of plain words, only if one begins like another."""
        words, others = set[str](), list[_Counted]()
        for branch in branches:
            if len(branch) and all(op is code.LITERAL for op, _ in branch):
                words.add("".join(_small(chr(about)) for _, about in branch))
            else:
                others.append(self.of_all(branch, then))
        first = frozenset(word[0] for word in words).union(*(each.first for each in others))
        most = max((self._alike(char, words, others) for char in first), default=1)
        return _Counted(max(most, 1), sum(each.steps for each in others), first)

    def _alike(self, char: str, words: set[str], others: list[_Counted]) -> int:
        begun = [word for word in words if word[0] == char]
        nested = max((sum(word.startswith(other) for other in begun) for word in begun), default=0)
        return nested + sum(each.ways for each in others if char in each.first)

    def _chars(self, op: Any, about: Any) -> Chars:
        if op is code.LITERAL:
            return frozenset((_small(chr(about)),))
        if op is code.ANY:
            found = self.alphabet
        elif op is code.NOT_LITERAL:
            found = frozenset(char for char in self.alphabet if _small(char) != _small(chr(about)))
        else:
            holds = [self._holds(*each) for each in about if each[0] is not code.NEGATE]
            is_negated = len(holds) < len(about)
            found = frozenset(char for char in self.alphabet if any(each(char) for each in holds) != is_negated)
        return frozenset(map(_small, found))

    def _holds(self, op: Any, about: Any) -> Callable[[str], bool]:
        """What tells whether a character is of an item of a set."""
        if op is code.LITERAL:
            return lambda char: _small(char) == _small(chr(about))
        if op is code.RANGE:
            low, high = map(chr, about)
            return lambda char: any(low <= each <= high for each in (char, char.lower(), char.upper()))
        holds = _CATEGORIES[_NEGATED.get(about, about)]
        return holds if about in _CATEGORIES else lambda char: not holds(char)
