"""Each sample judged in three ways: by the rules alone, by the model alone, and by both as in a lesson."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass

from tutor.core.events import Finding
from tutor.core.judging import Judgement, JudgeTask
from tutor.core.lesson import Lesson, Sample
from tutor.core.phrases import Phrases
from tutor.judges.combined import CombinedJudge
from tutor.judges.embedded import EmbeddedJudge
from tutor.judges.model import ModelJudge
from tutor.workbench.trying.answers import Labelled, free_text_steps, samples_of
from tutor.workbench.trying.playing import LeavingOut, Played, play


class ModelAlone:
    """The model's word on every criterion, taken as it is: nothing has to show it. To be measured, never to be used."""

    def __init__(self, judge: ModelJudge) -> None:
        self._judge = judge

    @property
    def name(self) -> str:
        """The model's name."""
        return self._judge.name

    async def judgement(self, task: JudgeTask, without: Sample | None = None) -> Judgement:
        """What the model says on each criterion, one after the other, so that each question's seconds are its own."""
        findings = []
        for criterion in task.criteria:
            voice, _ = await self._judge.voice(task, criterion, without)
            # "met" has to quote words of the answer, or it would be dropped: here it stands on all of them.
            findings.append(
                Finding(
                    criterion=criterion.id, status=voice.says, evidence=(task.own,), judge=voice.judge, voices=(voice,)
                )
            )
        return Judgement(tuple(findings))


@dataclass(frozen=True, slots=True)
class ThreeWays:
    """What the three ways of judging make of one answer."""

    embedded: Played
    model: Played
    both: Played


def judgeable(lesson: Lesson) -> list[Labelled]:
    """The samples that are there to be judged."""
    return [each for each in samples_of(lesson) if each.verdict != "off-task"]


async def judged(
    lesson: Lesson, answers: Sequence[Labelled], judge: ModelJudge, phrases: Phrases
) -> AsyncIterator[ThreeWays]:
    """Judge each answer in the three ways, by judges that do not know it; EndpointLostError.

    The model is tried out on a step's criteria before the first answer to it, as it is while a learner reads: that is
    no part of what an answer costs.
    """
    embedded, alone = EmbeddedJudge(), ModelAlone(judge)
    both = CombinedJudge(embedded, judge)
    steps = {step.id: step for step in free_text_steps(lesson)}
    warmed = set[str]()
    for labelled in answers:
        if labelled.step not in warmed:
            step = steps[labelled.step]
            await both.warm(JudgeTask(lesson, step, "", "", step.rubric))
            judge.spent()
            warmed.add(labelled.step)
        yield ThreeWays(*[await _one(lesson, labelled, way, phrases) for way in (embedded, alone, both)])


async def _one(lesson: Lesson, labelled: Labelled, judge: LeavingOut, phrases: Phrases) -> Played:
    return await anext(play(lesson, [labelled], judge, phrases))
