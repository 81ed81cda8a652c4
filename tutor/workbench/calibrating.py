"""Finds the cuts from which a model's probability counts as a verdict, on the samples of lessons."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable
from dataclasses import dataclass

from tutor.core.catching import quotable_in
from tutor.core.judging import JudgeTask
from tutor.core.lesson import Explain, Lesson, Look, Rewrite, RubricStep, Sample
from tutor.core.listening import without_quotations
from tutor.judges.calibration import CalibrationError, Table, Thresholds, fit
from tutor.judges.model import ModelJudge


@dataclass(frozen=True, slots=True)
class Judged:
    """One criterion of one sample: which model and prompt, its probability of "met", and whether the sample meets it.

    `number` of `total` says how far the work has come. `trouble` is a sentence where the model could not be asked.
    """

    number: int
    total: int
    model: str = ""
    prompt: str = ""
    probability: float | None = None
    meets: bool = False
    trouble: str = ""


async def judged_samples(judge: ModelJudge, lessons: Iterable[Lesson]) -> AsyncIterator[Judged]:
    """Have the model judge every sample on every criterion, those that rules decide alone too: they are as good to
    calibrate on. The sample itself is never among the examples of its prompt.
    """
    work = [each for lesson in lessons for step in _free_text(lesson) for each in _cases(lesson, step)]
    for number, (task, sample) in enumerate(work, 1):
        voice, trouble = await judge.voice(task, task.criteria[0], sample)
        meets = task.criteria[0].id in sample.meets
        if voice.call is None or trouble:
            yield Judged(number, len(work), trouble=trouble)
        else:
            yield Judged(number, len(work), voice.call.model, voice.call.prompt, voice.probability, meets)


def thresholds_from(judged: Iterable[Judged]) -> Table:
    """The cuts for each model and prompt; CalibrationError where there is too little to go by."""
    pairs: dict[tuple[str, str], list[tuple[float, bool]]] = {}
    seen = 0
    for each in judged:
        seen += each.model != ""
        if each.probability is not None:
            pairs.setdefault((each.model, each.prompt), []).append((each.probability, each.meets))
    if seen and not pairs:
        raise CalibrationError(
            "The server does not tell probabilities (logprobs), so there is nothing to calibrate; the model's plain "
            "verdict is used."
        )
    return {key: fit(some) for key, some in pairs.items()} or {("", ""): fit([])}


def told(cuts: Thresholds) -> str:
    """The cuts in words."""
    met = f"from {cuts.met_from:.2f} upwards it counts as found" if cuts.met_from <= 1 else "it never counts as found"
    unmet = f"down to {cuts.not_to:.2f} as not seen" if cuts.not_to >= 0 else "never as not seen"
    return f"{cuts.samples} judged samples: {met}, {unmet}, and in between the model is unsure."


def _free_text(lesson: Lesson) -> list[Explain | Rewrite | Look]:
    steps = (*lesson.steps, *(lesson.exit.steps if lesson.exit else ()))
    return [step for step in steps if isinstance(step, RubricStep)]


def _cases(lesson: Lesson, step: Explain | Rewrite | Look) -> Iterable[tuple[JudgeTask, Sample]]:
    quotable = quotable_in(lesson, step)
    for criterion in step.rubric:
        for sample in step.samples:
            if sample.verdict != "off-task":
                own = without_quotations(sample.answer, quotable)
                yield JudgeTask(lesson, step, sample.answer, own, (criterion,)), sample
