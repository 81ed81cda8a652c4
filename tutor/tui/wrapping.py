"""Where a text breaks into lines: by this a place on the screen is found in the text, and the other way round."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from rich.cells import cell_len


@dataclass(frozen=True, slots=True)
class Row:
    """Characters `start` to `end` of the text, shown on one line of the screen."""

    start: int
    end: int


@lru_cache(maxsize=512)
def wrap(text: str, width: int) -> tuple[Row, ...]:
    """The rows of `text` at a width in cells. Words stay whole where they fit; blanks at a break belong to no row."""
    width = max(width, 1)
    rows: list[Row] = []
    start = end = used = 0
    fresh = True
    for piece_start, piece_end in _pieces(text, width):
        gap = 0 if fresh else cell_len(text[end:piece_start])
        size = cell_len(text[piece_start:piece_end])
        if not fresh and ("\n" in text[end:piece_start] or used + gap + size > width):
            rows.append(Row(start, end))
            fresh = True
        if fresh:
            start, used, gap, fresh = piece_start, 0, 0, False
        used += gap + size
        end = piece_end
    if not fresh:
        rows.append(Row(start, end))
    return tuple(rows) or (Row(0, 0),)


def row_of(rows: tuple[Row, ...], index: int) -> int:
    """The number of the row that character `index` stands on, or would."""
    return max((number for number, row in enumerate(rows) if row.start <= index), default=0)


def index_at(text: str, row: Row, x: int) -> int:
    """The character of a row at column `x` in cells; the last one where the row is shorter."""
    used = 0
    for index in range(row.start, row.end):
        used += cell_len(text[index])
        if used > x:
            return index
    return max(row.end - 1, row.start)


def column_of(text: str, row: Row, index: int) -> int:
    """The column in cells at which character `index` of a row begins."""
    return cell_len(text[row.start : index])


def _pieces(text: str, width: int) -> Iterator[tuple[int, int]]:
    """Runs without blanks, cut where one is wider than a line."""
    start = None
    used = 0
    for index, char in enumerate(text):
        if char.isspace():
            if start is not None:
                yield start, index
                start = None
            continue
        size = cell_len(char)
        if start is not None and used + size > width:
            yield start, index
            start = None
        if start is None:
            start, used = index, 0
        used += size
    if start is not None:
        yield start, len(text)
