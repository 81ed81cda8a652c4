"""What a typed line means where an option or words of the text are asked for."""

from __future__ import annotations

from collections.abc import Sequence

from tutor.core import events as e
from tutor.core.article import Span, locate
from tutor.core.lesson import Choose, Find, Lesson
from tutor.core.words import fold


def chosen_option(step: Choose, line: str) -> int | None:
    """The option that a typed line names, by its number or its words; None where it names none."""
    return _named([option.text for option in step.options], line)


def chosen_level(levels: Sequence[str], line: str) -> int | None:
    """The level of confidence, from 1, that a typed line names by its number or its words; None where it names none."""
    named = _named(levels, line)
    return None if named is None else named + 1


def _named(texts: Sequence[str], line: str) -> int | None:
    """Which of the texts a line names; a number with words after it is no number."""
    numbers = [str(number) for number in range(1, len(texts) + 1)]
    if (number := line.strip().rstrip(".)")) in numbers:
        return numbers.index(number)
    return next((index for index, text in enumerate(texts) if fold(text) == fold(line.strip())), None)


def pointed_words(lesson: Lesson, step: Find, line: str) -> tuple[tuple[e.Selection, ...], tuple[str, ...]]:
    """Every place in the step's blocks where typed words stand, and the words that stand nowhere."""
    article = lesson.article_of(step.id)
    selections: list[e.Selection] = []
    missing: list[str] = []
    for piece in line.replace(";", "/").split("/"):
        words = piece.strip().strip("\"'“”‘’.,…")
        if not words:
            continue
        spans = [
            Span(block_id, start, end)
            for block_id in step.at
            for start, end in locate(fold(article.block(block_id).text), fold(words), whole_words=True)
        ]
        texts = {block_id: article.block(block_id).text for block_id in step.at}
        selections.extend(
            e.Selection(block=s.block, start=s.start, end=s.end, text=texts[s.block][s.start : s.end]) for s in spans
        )
        if not spans:
            missing.append(words)
    return tuple(selections), tuple(missing)
