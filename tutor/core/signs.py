"""Signs: short rows of words with gaps, looked for in a sentence. How one is written stands in `distress.en.yaml`.

A sign is followed word by word in all the ways it can go at once (Thompson, "Regular expression search algorithm",
CACM 1968): no text can make that take long, as a regular expression with as many gaps could.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

Words = tuple[str, ...]
Row = tuple[frozenset[str], ...]

_GAPS = {"..": 2, "...": 4, "....": 8}
_KINDS = {"!": "not", "-": "without"}
_NAME = re.compile(r"[A-Z]+")


@dataclass(frozen=True, slots=True)
class Piece:
    """One piece of a sign: words in one of several forms, which may be left out or must not be there, or a gap."""

    kind: str
    rows: Mapping[str, tuple[Row, ...]]
    most: int = 0
    at_end: bool = False
    stops: frozenset[str] = frozenset()
    own: frozenset[str] = frozenset()

    def step(self, words: Words, places: set[int]) -> set[int]:
        """Where one can be behind this piece, having been at `places` before it."""
        match self.kind:
            case "words":
                return self._behind(words, places)
            case "maybe":
                return places | self._behind(words, places)
            case "not":
                return {place for place in places if not self._behind(words, {place})}
            case "without":
                return places if self.rows.keys().isdisjoint(words) else set()
            case "start":
                return places & {0}
            case "gap":
                return {reached for place in places for reached in self._over(words, place)}
            case _:
                return {max(reached for place in places for reached in self._over(words, place))}

    def _over(self, words: Words, start: int) -> Iterator[int]:
        yield start
        for place in range(start, min(start + (self.most or len(words)), len(words))):
            if words[place] in self.stops and (
                not self.own or (words[place + 1 : place + 2] and words[place + 1] in self.own)
            ):
                return
            yield place + 1

    def _behind(self, words: Words, places: set[int]) -> set[int]:
        behind = {place for place in places if place == len(words)} if self.at_end else set()
        for place in places:
            for row in self.rows.get(words[place], ()) if place < len(words) else ():
                rest = words[place : place + len(row)]
                if len(rest) == len(row) and all(word in each for word, each in zip(rest, row, strict=True)):
                    behind.add(place + len(row))
        return behind


@dataclass(frozen=True, slots=True)
class Sign:
    """A row of pieces; without a word of each of `needs` it cannot stand in a sentence."""

    pieces: tuple[Piece, ...]
    needs: tuple[frozenset[str], ...]

    def spans(self, words: Words, present: frozenset[str]) -> Iterator[tuple[int, int]]:
        """Where the sign stands in a sentence, as slices count: for each word it can begin with, the shortest way."""
        if any(need.isdisjoint(present) for need in self.needs):
            return
        for start in self._starts(words):
            places = {start}
            for piece in self.pieces:
                places = piece.step(words, places)
                if not places:
                    break
            else:
                yield start, min(places)

    def growing(self, words: Words) -> Iterator[tuple[int, frozenset[str]]]:
        """Where the sign begins if the last of these words is a part of it and but one of its own is to come, and what
        that one can be.
        """
        of_words = sum(piece.kind == "words" for piece in self.pieces)
        for start in self._starts(words):
            places, seen = {start}, 0
            for number, piece in enumerate(self.pieces[:-1], start=1):
                places = piece.step(words, places)
                seen += piece.kind == "words"
                if not places:
                    break
                if len(words) in places and seen >= max(of_words - 1, 1):
                    to_come = next((each.rows for each in self.pieces[number:] if each.kind == "words"), {})
                    yield start, frozenset(to_come)
                    break

    @property
    def key(self) -> frozenset[str]:
        """The words of which one calls for a look at this sign: those of the piece that has the fewest."""
        return min(self.needs, key=len)

    def _starts(self, words: Words) -> Iterable[int]:
        first = self.pieces[0]
        return (0,) if first.kind == "start" else [place for place, word in enumerate(words) if word in first.rows]


class Grammar:
    """Reads signs. `groups` are words by name, a group may name those before it; ValueError for a name that is none."""

    def __init__(self, groups: Mapping[str, str], stops: str, own_after: str, own: str) -> None:
        """A gap ends at the `stops`; `>` goes on until a word of `own` comes after one of `own_after`."""
        self._stops, self._own_after, self._own = (frozenset(each.split()) for each in (stops, own_after, own))
        self._groups: dict[str, list[Row]] = {}
        for name, text in groups.items():
            self._groups[name] = [row for each in text.split() for row in self._rows(each)]
        self._pieces: dict[str, Piece] = {}

    def sign(self, text: str, *needs: frozenset[str]) -> Sign:
        """A sign as it was written; a bar at the end of a line goes on in the next. It may need other words as well."""
        pieces = []
        for each in text.replace("| ", "|").split():
            if each not in self._pieces:
                self._pieces[each] = self._piece(each)
            pieces.append(self._pieces[each])
        if pieces[0].kind not in ("words", "start"):
            raise ValueError(f"the sign “{text}” must begin with a word")
        of_words = (frozenset(piece.rows) for piece in pieces if piece.kind == "words" and not piece.at_end)
        return Sign(tuple(pieces), (*needs, *of_words))

    def group(self, name: str) -> frozenset[str]:
        """The single words of a group."""
        return frozenset(word for row in self._groups[name] if len(row) == 1 for word in row[0])

    def _piece(self, text: str) -> Piece:
        if text in _GAPS:
            return Piece("gap", {}, _GAPS[text], stops=self._stops)
        if text in (">", "^"):
            return Piece("rest" if text == ">" else "start", {}, stops=self._own_after, own=self._own)
        alternatives = text.strip("!?-").split("|")
        by_first: dict[str, list[Row]] = {}
        for row in (row for each in alternatives if each != "$" for row in self._rows(each)):
            for word in row[0]:
                by_first.setdefault(word, []).append(row)
        kind = _KINDS.get(text[0], "maybe" if text[-1] == "?" else "words")
        return Piece(kind, {word: tuple(rows) for word, rows in by_first.items()}, at_end="$" in alternatives)

    def _rows(self, alternative: str) -> list[Row]:
        """The rows of words that an alternative stands for: a name for several, words joined by `_` for one."""
        if alternative in self._groups:
            return self._groups[alternative]
        parts = alternative.split("_")
        unknown = [part for part in parts if _NAME.fullmatch(part) and part not in self._groups]
        if unknown:
            raise ValueError(f"{unknown[0]} is none of the words above")
        return [tuple(self.group(part) if part in self._groups else frozenset((part,)) for part in parts)]
