"""How far the embedded judge agrees with people: on a lesson's own samples, leave-one-out, and on answers that were
written and labelled by people who had not seen its rules.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from pathlib import Path

from tests.talk import parts
from tutor.core.lesson import Lesson
from tutor.judges.embedded import EmbeddedJudge
from tutor.lessons.yamlfile import read_yaml
from tutor.workbench.trying.agreement import Row, kappa
from tutor.workbench.trying.answers import Labelled, read_answers, samples_of
from tutor.workbench.trying.playing import Played, play
from tutor.workbench.trying.telling import rows_that_count

HELD_OUT = Path(__file__).parent / "answers" / "held-out"
"""Nothing in a lesson is ever changed because of these; `answers/tuned-on` holds those with which rules were mended."""
LESSONS = sorted(file.stem for file in HELD_OUT.glob("*.yaml"))


def on_samples(lesson: Lesson) -> list[Row]:
    """Each sample that reaches the judge, judged by a judge that does not know it."""
    return rows_that_count(played(lesson, samples_of(lesson)))


def on_strangers(lesson: Lesson) -> list[Row]:
    """The answers in `tests/answers/held-out`."""
    return rows_that_count(played(lesson, strangers(lesson)))


def strangers(lesson: Lesson) -> list[Labelled]:
    """The labelled answers for a lesson, written and labelled by people who have not seen its rules."""
    return read_answers(HELD_OUT / f"{lesson.id}.yaml", lesson)


def played(lesson: Lesson, answers: Sequence[Labelled]) -> list[Played]:
    """What the embedded judge makes of answers."""

    async def all_of_them() -> list[Played]:
        return [each async for each in play(lesson, answers, EmbeddedJudge(), parts().phrases)]

    return asyncio.run(all_of_them())


def between_raters(name: str) -> float:
    """Kappa of the two people who labelled the answers, over the ideas that either of them saw or did not see."""
    answers = read_yaml((HELD_OUT / f"{name}.yaml").read_bytes(), name).value
    assert isinstance(answers, list)
    ideas: dict[str, set[str]] = {}
    for each in answers:
        ideas.setdefault(each["step"], set()).update(each["meets"], each["second_meets"])  # type: ignore[call-overload,index,arg-type]
    pairs = [(i in each["meets"], i in each["second_meets"]) for each in answers for i in ideas[each["step"]]]  # type: ignore[call-overload,index]
    return kappa(pairs) or 0.0
