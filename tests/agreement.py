"""How far the embedded judge agrees with people: on a lesson's own samples, leave-one-out, and on answers nobody
tuned to.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from tutor.core.judging import JudgeTask
from tutor.core.lesson import Explain, Lesson, Look, Rewrite, RubricStep, Sample
from tutor.core.listening import quotable_texts, without_quotations
from tutor.judges.embedded import EmbeddedJudge
from tutor.lessons.yamlfile import read_yaml

ANSWERS = Path(__file__).parent / "answers"


@dataclass(frozen=True)
class Row:
    """One criterion of one answer: what a person says, what the judge says."""

    step: str
    criterion: str
    answer: str
    person: bool
    judge: str

    @property
    def decided(self) -> bool:
        return self.judge not in ("unsure", "not-judged")


@dataclass(frozen=True)
class Figures:
    """Agreement over rows. `kappa` and `accuracy` are over the decided rows; `kappa_all` counts unsure as not met."""

    rows: int
    coverage: float
    accuracy: float
    kappa: float
    kappa_all: float
    false_met: float
    missed: float

    def __str__(self) -> str:
        return (
            f"n {self.rows:4d}  coverage {self.coverage:.2f}  accuracy {self.accuracy:.3f}  kappa {self.kappa:.2f}  "
            f"(all {self.kappa_all:.2f})  false met {self.false_met:.3f}  missed {self.missed:.3f}"
        )


def figures(rows: Iterable[Row]) -> Figures:
    """The figures over some rows."""
    rows = tuple(rows)
    decided = [(row.person, row.judge == "met") for row in rows if row.decided]
    met, unmet = sum(row.person for row in rows), sum(not row.person for row in rows)
    return Figures(
        rows=len(rows),
        coverage=len(decided) / len(rows),
        accuracy=sum(a == b for a, b in decided) / max(len(decided), 1),
        kappa=kappa(decided),
        kappa_all=kappa([(row.person, row.judge == "met") for row in rows]),
        false_met=sum(b and not a for a, b in decided) / max(unmet, 1),
        missed=sum(a and not b for a, b in decided) / max(met, 1),
    )


def kappa(pairs: Sequence[tuple[bool, bool]]) -> float:
    """Cohen's kappa of two raters who say yes or no."""
    if not pairs:
        return 0.0
    n = len(pairs)
    agree = sum(a == b for a, b in pairs) / n
    first, second = sum(a for a, _ in pairs) / n, sum(b for _, b in pairs) / n
    chance = first * second + (1 - first) * (1 - second)
    return (agree - chance) / (1 - chance) if chance < 1 else 1.0


def on_samples(lesson: Lesson) -> list[Row]:
    """Each sample that reaches the judge, judged by a judge that does not know it."""
    return [
        row
        for step in free_text_steps(lesson)
        for sample in step.samples
        if sample.verdict != "off-task"
        for row in _judged(lesson, step, sample.answer, sample.meets, sample)
    ]


def on_strangers(lesson: Lesson) -> list[Row]:
    """The answers in `tests/answers/`, written and labelled by people who have not seen the rules."""
    return [
        row
        for each in strangers(lesson.id)
        if each["verdict"] != "off-task"
        for row in _judged(lesson, rubric_step(lesson, each["step"]), each["answer"], each["meets"], None)
    ]


def between_raters(name: str) -> float:
    """Kappa of the two people who labelled the answers, over the ideas that either of them saw or did not see."""
    ideas: dict[str, set[str]] = {}
    answers = strangers(name)
    for each in answers:
        ideas.setdefault(each["step"], set()).update(each["meets"], each["second_meets"])
    return kappa([(i in each["meets"], i in each["second_meets"]) for each in answers for i in ideas[each["step"]]])


def strangers(name: str) -> list[dict[str, str]]:
    """The labelled answers for a lesson."""
    value = read_yaml((ANSWERS / f"{name}.yaml").read_bytes(), name).value
    assert isinstance(value, list)
    return value  # type: ignore[return-value]


def free_text_steps(lesson: Lesson) -> list[Explain | Rewrite | Look]:
    """The steps that a judge is asked about, those of the exit ticket included."""
    steps = (*lesson.steps, *(lesson.exit.steps if lesson.exit else ()))
    return [step for step in steps if isinstance(step, RubricStep)]


def rubric_step(lesson: Lesson, step_id: str) -> Explain | Rewrite | Look:
    """A free-text step by its id."""
    return next(step for step in free_text_steps(lesson) if step.id == step_id)


def _judged(
    lesson: Lesson, step: Explain | Rewrite | Look, answer: str, meets: Iterable[str], sample: Sample | None
) -> Iterable[Row]:
    blocks = [block.text for block in lesson.article_of(step.id).blocks]
    cards = [lesson.source(each).body for each in step.cards] if isinstance(step, Look) else []
    own = without_quotations(answer, quotable_texts(step, blocks, cards))
    judgement = EmbeddedJudge().judgement(JudgeTask(lesson, step, answer, own, step.rubric), without=sample)
    met = set(meets)
    for finding in judgement.findings:
        yield Row(step.id, finding.criterion, answer, finding.criterion in met, finding.status)
