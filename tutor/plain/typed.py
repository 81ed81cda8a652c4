"""What a typed line means where an option or words of the text are asked for."""

from __future__ import annotations

from tutor.core import events as e
from tutor.core.article import Span, locate
from tutor.core.lesson import Choose, Find, Lesson
from tutor.core.words import fold


def chosen_option(step: Choose, line: str) -> int | None:
    """The option that a typed line names, by its number or its words; None where it names none."""
    text = line.strip().rstrip(".)")
    numbers = [str(number) for number in range(1, len(step.options) + 1)]
    if text in numbers:
        return numbers.index(text)
    same = [index for index, option in enumerate(step.options) if fold(option.text) == fold(line.strip())]
    return same[0] if same else None


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
