"""The door to a judge: what it is given, what it gives back. Judges live in `tutor.judges`; there are embedded and
model ones.
"""

from __future__ import annotations

from collections.abc import Awaitable
from dataclasses import dataclass
from typing import Literal, Protocol

from tutor.core.events import Call, Finding, Sighting
from tutor.core.lesson import Criterion, Explain, Lesson, Look, Rewrite
from tutor.core.words import fold


@dataclass(frozen=True, slots=True)
class JudgeTask:
    """One answer to hold against the criteria that are still open.

    `own` is the learner's text without quotations from the article, `answer` the whole of it. A judge sees the key:
    the lesson, the step, its criteria and samples. `sortable` says whether a judge may find that this is no answer at
    all; a reply to a probe always is one.
    """

    lesson: Lesson
    step: Explain | Rewrite | Look
    answer: str
    own: str
    criteria: tuple[Criterion, ...]
    sortable: bool = False


Sort = Literal["answer", "question", "stuck", "off-point"]
"""What a turn is: only an answer is judged."""


@dataclass(frozen=True, slots=True)
class Judgement:
    """A finding for each criterion of the task, and the misconceptions that show.

    A judge may find that the text is no answer at all: `sort` then says what it is, `sorting` is the question to a
    model that told so, and there are no findings. `calls` are questions to a model beside those of the findings,
    `trouble` is a sentence for people where it could not be asked.
    """

    findings: tuple[Finding, ...]
    misconceptions: tuple[Sighting, ...] = ()
    sort: Sort = "answer"
    sorting: Call | None = None
    calls: tuple[Call, ...] = ()
    trouble: str = ""

    @property
    def heard_a_model(self) -> bool:
        """Whether a model has answered anything."""
        voices = (voice for finding in self.findings for voice in finding.voices)
        return bool(self.calls or self.sorting) or any(each.call and each.says != "not-judged" for each in voices)


class Judge(Protocol):
    """Holds free text against a rubric.

    A judge never raises for a machine's failure: what it could not judge comes back as `not-judged`, what it could
    not decide as `unsure`. It may be cancelled at any await.
    """

    @property
    def name(self) -> str:
        """Who judges, in words a learner is shown: `embedded`, or the model's name."""
        ...

    def warm(self, task: JudgeTask) -> Awaitable[None]:
        """Make ready for answers to this step (its `answer` is empty) while the learner reads."""
        ...

    def judge(self, task: JudgeTask) -> Awaitable[Judgement]:
        """Judge one answer."""
        ...


def _grounded(finding: Finding, task: JudgeTask) -> Finding:
    """Every "met" quotes words that stand in the answer, or it is dropped."""
    texts = [" ".join(fold(text).split()) for text in (task.own, task.answer)]
    stands = finding.evidence and all(
        any(" ".join(fold(words).split()) in text for text in texts) for words in finding.evidence
    )
    if finding.status != "met" or stands:
        return finding
    return finding.model_copy(update={"status": "unsure", "evidence": (), "ground": "no words of the answer show it"})


def complete(judgement: Judgement, task: JudgeTask, judge: str) -> Judgement:
    """The judgement with one finding for each criterion it was asked about: what it passed over was not judged."""
    given = {each.criterion: _grounded(each, task) for each in judgement.findings}
    ground = "the judge said nothing about it"
    return Judgement(
        tuple(
            given.get(each.id) or Finding(criterion=each.id, status="not-judged", judge=judge, ground=ground)
            for each in task.criteria
        ),
        judgement.misconceptions,
        calls=judgement.calls,
        trouble=judgement.trouble,
    )
