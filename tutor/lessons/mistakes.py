"""Mistakes in a teacher's file: made ready for showing, collected, and raised all at once."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from difflib import get_close_matches

from tutor.core.clean import one_line
from tutor.errors import LessonError, Mistake

_SHOWN = 60
_LONGEST_NAME = 80
_LINE_END = re.compile("\r\n?|\n")


def make_mistake(  # noqa: PLR0913, PLR0917  one for each field of a mistake
    file: str, place: tuple[int, int], message: str, offending: str = "", hint: str = "", code: str = ""
) -> Mistake:
    """A mistake that is safe to show: the offending text is cleaned, on one line and short."""
    # Cut before cleaning too: a line of a megabyte is not worth the time.
    shown = one_line(offending[: _SHOWN * 10])
    if len(shown) > _SHOWN:
        shown = shown[: _SHOWN - 3].rstrip() + "..."
    return Mistake(one_line(file), *place, one_line(message), shown, one_line(hint), code)


def place_in(text: str, index: int) -> tuple[int, int]:
    """The line and column, from 1, of the character `text[index]`."""
    ends = [match.end() for match in _LINE_END.finditer(text, 0, index)]
    return len(ends) + 1, index - (ends[-1] if ends else 0) + 1


def split_lines(text: str) -> list[str]:
    """The lines of `text` as editors count them: a form feed, or a separator of Unicode, does not end one."""
    return _LINE_END.split(text)


class Suggester:
    """Finds what somebody may have meant to type; gives up when a file has so many slips that it would take long."""

    def __init__(self) -> None:
        self._comparisons_left = 50_000

    def afford(self, comparisons: int) -> bool:
        """Whether so many more comparisons may be made; counts them."""
        self._comparisons_left -= comparisons
        return self._comparisons_left >= 0

    def did_you_mean(self, word: str, choices: Collection[str]) -> str:
        """A question that names the choice that is closest to `word`, or nothing."""
        if not word or len(word) > _LONGEST_NAME or not self.afford(len(choices)):
            return ""
        known = {choice.casefold(): choice for choice in choices}
        close = get_close_matches(word.casefold(), known, 1, 0.6)
        return f'Did you mean "{known[close[0]]}"?' if close else ""


def raise_all(mistakes: Iterable[Mistake]) -> None:
    """Raise LessonError with all of them, by their place; do nothing where there are none."""
    if found := tuple(sorted(set(mistakes))):
        raise LessonError(mistakes=found)
