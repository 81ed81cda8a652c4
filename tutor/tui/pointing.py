"""Pointing at words: a cursor that goes word by word, a range that grows from where it was begun, and picks."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from tutor.core.article import Block, Span
from tutor.core.events import Selection
from tutor.core.words import split_words


@dataclass(frozen=True, slots=True)
class Picked:
    """The words with the numbers `first` to `last`, all of one block."""

    first: int
    last: int


@dataclass(frozen=True)
class Pointer:
    """Where the learner points. `anchor` is the word at which a range was begun, None while none is open."""

    blocks: tuple[Block, ...]
    spots: tuple[Span, ...]
    cursor: int = 0
    anchor: int | None = None
    picks: tuple[Picked, ...] = ()

    @classmethod
    def on(cls, blocks: Iterable[Block]) -> Pointer:
        """A pointer on the first word of these blocks."""
        blocks = tuple(blocks)
        spots = tuple(Span(block.id, word.start, word.end) for block in blocks for word in split_words(block.text))
        return cls(blocks, spots)

    @property
    def open_range(self) -> Picked | None:
        """The range that is being drawn."""
        if self.anchor is None:
            return None
        return Picked(min(self.anchor, self.cursor), max(self.anchor, self.cursor))

    @property
    def selections(self) -> tuple[Selection, ...]:
        """The picked words as an answer, in reading order."""
        return tuple(self._selection(each) for each in self.picks)

    def words(self, picked: Picked) -> str:
        """The words of a range as they stand in the text."""
        return self._selection(picked).text

    def move(self, steps: int) -> Pointer:
        """Go some words on or back; an open range stays inside its block."""
        return self.go(self.cursor + steps)

    def go(self, index: int) -> Pointer:
        """Go to a word by its number, or as near to it as the text and an open range allow."""
        if not self.spots:
            return self
        first, last = 0, len(self.spots) - 1
        if self.anchor is not None:
            inside = [n for n, spot in enumerate(self.spots) if spot.block == self.spots[self.anchor].block]
            first, last = inside[0], inside[-1]
        return replace(self, cursor=min(max(index, first), last))

    def begin(self) -> Pointer:
        """Begin a range at the cursor, unless one is open."""
        return replace(self, anchor=self.cursor) if self.anchor is None and self.spots else self

    def drop(self) -> Pointer:
        """Give up the open range."""
        return replace(self, anchor=None)

    def pick(self) -> Pointer:
        """Pick the open range; picks that touch the same words become one."""
        drawn = self.open_range
        if drawn is None:
            return self
        apart = [each for each in self.picks if each.last < drawn.first or each.first > drawn.last]
        merged = [drawn, *(each for each in self.picks if each not in apart)]
        whole = Picked(min(each.first for each in merged), max(each.last for each in merged))
        picks = tuple(sorted((*apart, whole), key=lambda each: each.first))
        return replace(self, anchor=None, picks=picks)

    def remove(self) -> Pointer:
        """Take back: the open range, else the pick under the cursor, else the last pick."""
        if self.anchor is not None:
            return self.drop()
        under = next((each for each in self.picks if each.first <= self.cursor <= each.last), None)
        gone = under or (self.picks[-1] if self.picks else None)
        return replace(self, picks=tuple(each for each in self.picks if each is not gone))

    def nearest(self, block: str, index: int) -> int | None:
        """The number of the word at character `index` of a block, or of the one nearest to it there."""
        inside = [(n, spot) for n, spot in enumerate(self.spots) if spot.block == block]
        if not inside:
            return None
        return min(inside, key=lambda each: _distance(each[1], index))[0]

    def _selection(self, picked: Picked) -> Selection:
        first, last = self.spots[picked.first], self.spots[picked.last]
        text = next(block.text for block in self.blocks if block.id == first.block)
        return Selection(block=first.block, start=first.start, end=last.end, text=text[first.start : last.end])


def _distance(spot: Span, index: int) -> int:
    if spot.start <= index < spot.end:
        return 0
    return spot.start - index if index < spot.start else index - spot.end + 1
