"""Plays answers through a judge, as a learner's are played: first the checks before judging, then the judge."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Iterable
from dataclasses import dataclass
from inspect import isawaitable
from typing import Protocol

from tutor.core.catching import catch, quotable_in
from tutor.core.events import Call, Stuck, Verdict
from tutor.core.judging import Judgement, JudgeTask, complete
from tutor.core.lesson import Lesson, Sample
from tutor.core.listening import without_quotations
from tutor.core.phrases import Phrases
from tutor.core.verdicts import step_verdict
from tutor.workbench.trying.agreement import Row
from tutor.workbench.trying.answers import Labelled, free_text_steps


class LeavingOut(Protocol):
    """A judge that can be kept from knowing one sample of the lesson (leave-one-out)."""

    @property
    def name(self) -> str:
        """Who judges."""
        ...

    def judgement(self, task: JudgeTask, without: Sample | None = None) -> Judgement | Awaitable[Judgement]:
        """Judge one answer."""
        ...


@dataclass(frozen=True, slots=True)
class Played:
    """What came of an answer. `caught` says what the checks before judging made of it, "" where it was judged; then
    there are rows, one for each criterion. `trouble` is a sentence where a model could not be asked.
    """

    labelled: Labelled
    verdict: Verdict
    caught: str = ""
    rows: tuple[Row, ...] = ()
    misconceptions: tuple[str, ...] = ()
    calls: tuple[Call, ...] = ()
    trouble: str = ""

    @property
    def agrees(self) -> bool:
        """Whether nothing came out otherwise than the person said.

        *Unsure* is not otherwise. Nor is catching what meets nothing, asking for words that a rewriting has to keep or
        drop, or judging what is off-task, as long as nothing in it is taken for met.
        """
        if self.caught:
            return not self.labelled.meets or self.caught in ("keep", "drop")
        return all(row.agrees or not row.decided for row in self.rows) and not self.misread

    @property
    def misread(self) -> frozenset[str]:
        """The misconceptions that the judge saw and the person did not, or the other way round."""
        return frozenset(self.misconceptions) ^ self.labelled.misconceptions


async def play(
    lesson: Lesson, answers: Iterable[Labelled], judge: LeavingOut, phrases: Phrases
) -> AsyncIterator[Played]:
    """Play each answer; samples of the lesson are kept from the judge, one at a time."""
    steps = {step.id: step for step in free_text_steps(lesson)}
    for labelled in answers:
        step = steps[labelled.step]
        caught = catch(lesson, step, labelled.answer, phrases)
        if caught is not None:
            yield Played(labelled, "off-task", "not knowing" if isinstance(caught, Stuck) else caught.reason)
            continue
        own = without_quotations(labelled.answer, quotable_in(lesson, step))
        task = JudgeTask(lesson, step, labelled.answer, own, step.rubric)
        said = judge.judgement(task, labelled.sample)
        judgement = complete(await said if isawaitable(said) else said, task, judge.name)
        yield _played(labelled, task, judgement)


def _played(labelled: Labelled, task: JudgeTask, judgement: Judgement) -> Played:
    rows = tuple(
        Row(
            step=labelled.step,
            criterion=finding.criterion,
            answer=labelled.answer,
            person=finding.criterion in labelled.meets,
            judge=finding.status,
            evidence=finding.evidence,
            ground=finding.ground,
        )
        for finding in judgement.findings
    )
    seen = tuple(each.misconception for each in judgement.misconceptions)
    statuses = {row.criterion: row.judge for row in rows}
    voices = (voice.call for finding in judgement.findings for voice in finding.voices)
    return Played(
        labelled,
        step_verdict(task.step.rubric, statuses, misconception=bool(seen)),
        rows=rows,
        misconceptions=seen,
        calls=(*judgement.calls, *(call for call in voices if call)),
        trouble=judgement.trouble,
    )
