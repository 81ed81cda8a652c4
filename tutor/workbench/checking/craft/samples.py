"""Sample answers: their labels agree with each other, and with what the tutor does before anybody judges."""

from __future__ import annotations

from tutor.core.catching import quotable_in
from tutor.core.events import Status
from tutor.core.lesson import Explain, Lesson, Look, Rewrite, Sample
from tutor.core.listening import without_quotations
from tutor.core.rules import Reading, compile_item
from tutor.core.verdicts import step_verdict
from tutor.core.words import STOP_WORDS, folded_words, quoted_list
from tutor.lessons.parts import Part
from tutor.workbench.checking.codes import Code
from tutor.workbench.checking.craft.view import LessonView

VERDICT = Code("sample-verdict", "warning", "The verdict of a sample answer contradicts what it meets.")
TWICE = Code("sample-labelled-twice", "warning", "The same answer stands there twice, with different labels.")
NOT_KEPT = Code("sample-turned-back", "warning", "A secure sample breaks must_keep or must_drop.")
COPIED = Code("sample-only-quotes", "warning", "A sample that counts as an answer is only copied from the text.")
CODES = (VERDICT, TWICE, NOT_KEPT, COPIED)


def check_samples(view: LessonView) -> None:
    """Note sample answers whose labels cannot be right."""
    for each, step in view.free_text:
        pairs = list(zip(step.samples, each.part.get("samples").items(), strict=True)) if step.samples else []
        for sample, part in pairs:
            _check_verdict(step, sample, part)
            if isinstance(step, Rewrite):
                _check_kept(view.lesson, step, sample, part)
            elif sample.verdict != "off-task":
                _check_copied(view.lesson, step, sample, part)
        _check_twice(pairs)


def _check_verdict(step: Explain | Rewrite | Look, sample: Sample, part: Part) -> None:
    verdict = part.get("verdict")
    if sample.verdict == "off-task":
        if sample.meets or sample.misconception:
            hint = "Off-task answers are never judged. Take the labels out, or give another verdict."
            verdict.wrong("an off-task answer meets nothing and shows no misconception", hint, code=VERDICT.name)
        return
    met: dict[str, Status] = {
        criterion.id: "met" if criterion.id in sample.meets else "not" for criterion in step.rubric
    }
    follows = step_verdict(step.rubric, met, misconception=sample.misconception is not None)
    if sample.verdict != follows:
        hint = (
            "Secure: every required idea and no misconception; partly: any idea; not-yet: none. "
            "Change the verdict, or `meets`."
        )
        verdict.wrong(f"this does not follow from `meets`, which makes it {follows}", hint, code=VERDICT.name)


def _check_kept(lesson: Lesson, step: Rewrite, sample: Sample, part: Part) -> None:
    if sample.verdict != "secure":
        return
    reading = Reading.of(sample.answer, lesson.lang)
    missing = [each for each in step.must_keep if compile_item(each, lesson.lang)(reading) is None]
    still = [each for each in step.must_drop if compile_item(each, lesson.lang)(reading) is not None]
    answer = part.get("answer")
    if missing:
        message = f"this secure answer lacks {quoted_list(missing)}, which is to be kept"
        answer.wrong(message, "The tutor would send it back. Change the answer, or `must_keep`.", code=NOT_KEPT.name)
    if still:
        message = f"this secure answer still has {quoted_list(still)}, which is to be dropped"
        answer.wrong(message, "The tutor would send it back. Change the answer, or `must_drop`.", code=NOT_KEPT.name)


def _check_copied(lesson: Lesson, step: Explain | Look, sample: Sample, part: Part) -> None:
    own = without_quotations(sample.answer, quotable_in(lesson, step))
    if own != sample.answer and all(word in STOP_WORDS for word in folded_words(own)):
        hint = "The tutor asks for own words before anybody judges: make it verdict: off-task."
        part.get("answer").wrong("this answer is only copied", hint, code=COPIED.name)


def _check_twice(pairs: list[tuple[Sample, Part]]) -> None:
    first: dict[str, tuple[Sample, Part]] = {}
    for sample, part in pairs:
        words = " ".join(folded_words(sample.answer)) or sample.answer
        other, where = first.setdefault(words, (sample, part))
        if _labels(other) != _labels(sample):
            hint = f"It stands in line {where.line} with other labels. Keep one of the two."
            part.get("answer").wrong("this answer stands there twice", hint, code=TWICE.name)


def _labels(sample: Sample) -> tuple[str, frozenset[str], str | None]:
    return sample.verdict, frozenset(sample.meets), sample.misconception
