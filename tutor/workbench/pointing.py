"""What a learner points at who knows the marks."""

from __future__ import annotations

from collections.abc import Iterable

from tutor.core import events as e
from tutor.core.lesson import Find, Lesson


def pointed(lesson: Lesson, step: Find, marks: Iterable[str]) -> e.Pointed:
    """The answer that points at the very words of these marks; KeyError where the step's text has no such mark."""
    article, known = lesson.article_of(step.id), lesson.marks_of(step.id)
    spans = [article.span(known[mark]) for mark in marks]
    texts = [article.block(span.block).text[span.start : span.end] for span in spans]
    return e.Pointed(
        selections=tuple(
            e.Selection(block=span.block, start=span.start, end=span.end, text=text)
            for span, text in zip(spans, texts, strict=True)
        )
    )
