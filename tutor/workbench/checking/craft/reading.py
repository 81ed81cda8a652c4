"""Reading level: what learners read is no harder than their age allows (`tutor.core.readability`; English only)."""

from __future__ import annotations

from tutor.core.lesson import Lesson, RubricStep
from tutor.core.readability import HARD, fog, syllables
from tutor.core.words import folded_words, quoted_list, split_words, stem
from tutor.lessons.parts import Part
from tutor.workbench.checking.codes import Code
from tutor.workbench.checking.craft.telling import QUOTED, stems_in
from tutor.workbench.checking.craft.view import LessonView, StepView

TOO_HARD = Code("too-hard-to-read", "warning", "A text is harder to read than the ages of the lesson allow.")
CODES = (TOO_HARD,)

_GRADE_AT_BIRTH, _LENIENCE = -5, 4
"""A school grade is about the age less five. The guard allows a model three grades more; a teacher gets a fourth."""
_FEWEST_WORDS = 12
"""Below that one long word makes the index leap."""


def check_reading(view: LessonView) -> None:
    """Note questions, hints, options, feedback and replies that are too hard for the lesson's youngest learners."""
    ages = view.lesson.ages
    if ages is None or not view.is_english:
        return
    for steps in (view.walk, view.exit):
        known = _known(view.lesson, steps)
        for part in (part for each in steps for part in _read(each)):
            _check_text(part, known, ages[0])


def _check_text(part: Part, known: frozenset[str], youngest: int) -> None:
    text = QUOTED.sub('"it"', part.text)
    grade = fog(text, known)
    if len(folded_words(text)) >= _FEWEST_WORDS and grade > youngest + _GRADE_AT_BIRTH + _LENIENCE:
        age = round(grade) - _GRADE_AT_BIRTH
        message = f"this reads as if for pupils of {age}, the lesson is for {youngest} and up"
        part.wrong(message, _advice(text, known), code=TOO_HARD.name)


def _known(lesson: Lesson, steps: tuple[StepView, ...]) -> frozenset[str]:
    """Stems of the words that learners of these steps have before them, or can ask for."""
    blocks = lesson.article_of(steps[0].step.id).blocks if steps else ()
    texts = (*(block.text for block in blocks), *lesson.glossary)
    return frozenset().union(*(stems_in(text, "en") for text in texts))


def _read(each: StepView) -> list[Part]:
    parts = [each.part.get("ask"), each.part.get("why"), *each.part.get("hints").items()]
    parts += [option.get(field) for _, option in each.options() for field in ("text", "why")]
    if isinstance(each.step, RubricStep):
        parts += [part.get(rung) for _, part in each.rubric() for rung in ("probe", "hint", "prompt", "tell")]
        parts += [part.get("reply") for part in each.part.get("misconceptions").items()]
    return [part for part in parts if part.text]


def _advice(text: str, known: frozenset[str]) -> str:
    long = [
        text[word.start : word.end]
        for word in split_words(text)
        if syllables(word.folded) >= HARD and stem(word.folded) not in known
    ]
    if not long:
        return "Make two sentences of it."
    return f"Shorter sentences help, and plainer words for {quoted_list(long[:4])}."
