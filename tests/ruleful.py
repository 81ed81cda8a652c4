"""What the rules of the shipped lessons look for, as text: examples of their items, and the words in them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache
from random import Random
from re import _constants as sre  # type: ignore[attr-defined]
from re import _parser as parser  # type: ignore[attr-defined]
from typing import Any

from tests.agreement import LESSONS
from tests.talk import MemoryRecorder, parts, shipped
from tutor.conversation import Conversation, Parts
from tutor.core import events as e
from tutor.core.catching import catch, quotable_in
from tutor.core.events import Finding
from tutor.core.judging import Judgement, JudgeTask, complete
from tutor.core.lesson import Criterion, Explain, Lesson, Look, Rewrite
from tutor.core.listening import without_quotations
from tutor.core.rules import Reading, compile_item
from tutor.core.words import STOP_WORDS, folded_words, straighten
from tutor.judges.embedded import EmbeddedJudge
from tutor.workbench.trying.answers import free_text_steps

FreeText = Explain | Rewrite | Look
EMBEDDED = EmbeddedJudge()
PHRASES = parts().phrases
STEPS: tuple[tuple[Lesson, FreeText], ...] = tuple(
    (lesson, step) for lesson in map(shipped, LESSONS) for step in free_text_steps(lesson)
)
CRITERIA: tuple[tuple[Lesson, FreeText, Criterion], ...] = tuple(
    (lesson, step, criterion) for lesson, step in STEPS for criterion in step.rubric
)


def task_of(lesson: Lesson, step: FreeText, text: str) -> JudgeTask | None:
    """A first answer as it comes to a judge; None where the checks before judging catch it."""
    if catch(lesson, step, text, PHRASES) is not None:
        return None
    return JudgeTask(lesson, step, text, without_quotations(text, quotable_in(lesson, step)), step.rubric)


def findings(lesson: Lesson, step: FreeText, text: str) -> tuple[Finding, ...]:
    """What the embedded judge finds in a first answer; nothing where it is caught before."""
    task = task_of(lesson, step, text)
    return found(EMBEDDED.judgement(task), task) if task else ()


def found(judgement: Judgement, task: JudgeTask) -> tuple[Finding, ...]:
    """The findings as the conversation takes them."""
    return complete(judgement, task, "test").findings


def met(each: tuple[Finding, ...]) -> set[str]:
    """The criteria that are met."""
    return {finding.criterion for finding in each if finding.status == "met"}


@lru_cache(maxsize=1)
def house() -> Parts:
    return parts()


def opened(lesson: Lesson, step: FreeText, **others: Any) -> Conversation:
    """A conversation in which a step has just been opened."""
    recorder = MemoryRecorder()
    recorder.record(
        e.Started(
            learner="test", lesson=lesson.id, title=lesson.title, lesson_sha="", article_sha="", program="0",
            judge="embedded", speaker="scripted",
        )
    )  # fmt: skip
    recorder.record(e.Opened(step=step.id))
    return Conversation(lesson, recorder, replace(house(), **others))


def example(item: str, rng: Random, lang: str = "en") -> str | None:
    """A text on which an item of a rule falls; None where none is found in some tries."""
    if not (len(item) > 1 and item.startswith("/") and item.endswith("/")):
        return item.replace("*", "")
    tree = parser.parse(straighten(item[1:-1]))
    for _ in range(20):
        text = " ".join("".join(_written(tree, rng)).split())
        if compile_item(item, lang)(Reading.of(text, lang)) is not None:
            return text
    return None


def rule_words(criterion: Criterion, rng: Random) -> list[str]:
    """Content words on which a criterion's rules may fall."""
    examples = (example(item, rng) for group in criterion.all_of for item in group)
    words = dict.fromkeys(word for text in examples if text for word in folded_words(text))
    return [word for word in words if len(word) > 2 and word not in STOP_WORDS]


def _written(tree: Any, rng: Random) -> Iterator[str]:
    for op, value in tree:
        match op:
            case sre.LITERAL:
                yield chr(value)
            case sre.IN:
                yield _one_of(value, rng)
            case sre.ANY | sre.NOT_LITERAL:
                yield " "
            case sre.BRANCH:
                yield from _written(rng.choice(value[1]), rng)
            case sre.SUBPATTERN:
                yield from _written(value[3], rng)
            case sre.MAX_REPEAT | sre.MIN_REPEAT:
                least, most, inner = value
                for _ in range(rng.choice([least, min(most, least + 1)])):
                    yield from _written(inner, rng)
            case _:
                pass  # positions and what stands around: whoever asks tries whether the item falls on the text


def _one_of(members: list[tuple[Any, Any]], rng: Random) -> str:
    op, value = rng.choice([each for each in members if each[0] is not sre.NEGATE])
    if op is sre.CATEGORY:
        return {sre.CATEGORY_DIGIT: "4", sre.CATEGORY_WORD: "a"}.get(value, " ")
    return chr(value) if op is sre.LITERAL else chr(value[0])
