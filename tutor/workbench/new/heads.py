"""The head of a plain text: headline, author, outlet and date on lines of their own, with no blank line in between."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tutor.core.clean import one_line
from tutor.workbench.new.facts import find_byline, find_outlet, is_dated, is_frame, without_date

_MOST_LINES = 6
_LONGEST_LINE = 150
_FULL_STOPS = "\N{IDEOGRAPHIC FULL STOP}\N{DEVANAGARI DANDA}\N{ARABIC FULL STOP}"


@dataclass(frozen=True, slots=True)
class Head:
    """The pieces of a head, each with the lines it takes; `outlet` is "" where none is named."""

    pieces: tuple[str, ...]
    headline: str
    outlet: str


def may_be_headline(text: str) -> bool:
    """Whether this looks like a headline: one line, not too long, no full stop."""
    line = text.strip()
    return "\n" not in line and len(line) <= _LONGEST_LINE and not line.endswith((*'.,;:”"', *_FULL_STOPS))


def part_head(lines: Sequence[str]) -> Head | None:
    """The head that the first of these lines are, None where they are none.

    A head has a headline, and a line with the author or the date. It ends with the author, the date or the outlet,
    whichever comes last: the text may follow without a blank line.
    """
    top = [line.strip() for line in lines[:_MOST_LINES]]
    facts = [_tells_author_or_date(line) for line in top]
    wraps = any(facts) and _wraps(top, facts)
    fits = [fact or may_be_headline(line) for line, fact in zip(top, facts, strict=True)]
    size = fits.index(False, wraps) if False in fits[wraps:] else len(top)
    size = max((number + 1 for number in range(size) if facts[number]), default=0)
    headlines = [number for number in range(size) if not facts[number] and not is_frame(top[number])]
    if not headlines:
        return None
    first = headlines[0]
    outlet = _outlet_in(top[first + 1 + wraps : size])
    if not outlet and size < len(top) and (outlet := find_outlet(top[size])):
        size += 1
    pieces = ("\n".join(lines[: 1 + wraps]), *lines[1 + wraps : size])
    return Head(pieces, one_line(pieces[first]), outlet)


def _wraps(top: Sequence[str], facts: Sequence[bool]) -> bool:
    """Whether the headline goes on in the second line."""
    return (
        len(top) > 2
        and not any(facts[:2])
        and len(top[0]) <= _LONGEST_LINE
        and top[1][:1].islower()
        and may_be_headline(top[1])
    )


def _outlet_in(lines: Sequence[str]) -> str:
    """The outlet that one of these lines names, alone or beside the date. What comes last is no second headline."""
    names = [find_outlet(without_date(line)) for line in lines if not find_byline([line])]
    return next((name for name in reversed(names) if name), "")


def _tells_author_or_date(line: str) -> bool:
    return len(line) <= _LONGEST_LINE and (bool(find_byline([line])) or is_dated(line))
