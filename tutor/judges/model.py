"""The judge with a model: one yes-or-no question a criterion, the static text first and the answer last.

One criterion a call beats a holistic score; a reason before the verdict costs accuracy at small sizes, and so does a
copied quotation. What counts is not the reply but the probability of its one word that matters, where the server tells
it (JUDGING: the raw verdict swings with the prompt, the ranking is stable). A model alone never decides: see
`tutor.judges.combined`.
"""

from __future__ import annotations

import asyncio
import json
import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from tutor.core.events import Call, Status, Voice
from tutor.core.judging import JudgeTask, Sort
from tutor.core.lesson import Criterion, RubricStep, Sample
from tutor.judges.calibration import UNCALIBRATED, Thresholds
from tutor.llm.asking import Model, ModelError, Prompt, Reply, Token
from tutor.llm.prompts import PromptFile, PromptNames, load_prompt

CRITERION_NAMES = PromptNames(
    needed=frozenset({"question", "idea"}), last="answer", optional=frozenset({"tell", "paragraph", "examples"})
)
SORTING_NAMES = PromptNames(needed=frozenset({"question"}), last="answer", optional=frozenset({"paragraph"}))

_VERDICT: dict[str, Any] = {
    "type": "object",
    "properties": {"met": {"type": "boolean"}},
    "required": ["met"],
    "additionalProperties": False,
}
_SORTS: tuple[Sort, ...] = ("answer", "question", "stuck", "off-point")
_SORT: dict[str, Any] = {
    "type": "object",
    "properties": {"kind": {"type": "string", "enum": list(_SORTS)}},
    "required": ["kind"],
    "additionalProperties": False,
}
_TOLD_APART = {("met", "not"), ("met", "unsure"), ("unsure", "not")}
"""What a model that has a say makes of the idea's own sentence, and of no answer."""
FAR_APART = 0.2
"""By so much the idea's own sentence has to be likelier than no answer; the useful model measured has .45 and more, the
useless one .08 and less.
"""
NOTHING = "I do not know."
"""The answer without an idea, to see what a model makes of it."""
_TOKENS = 48
"""Room for the verdict, for the fence of a code block that some servers let through, and for a babbler's blanks."""


@dataclass(frozen=True, slots=True)
class JudgePrompts:
    """What the model is told: to hold an answer against one criterion, and to sort a turn."""

    criterion: PromptFile
    sorting: PromptFile

    @classmethod
    def load(cls, folders: Sequence[Path], lang: str) -> JudgePrompts:
        """Read them from the first folder that has them; PromptError."""
        return cls(
            load_prompt(folders, "judge", lang, CRITERION_NAMES), load_prompt(folders, "sort", lang, SORTING_NAMES)
        )


@dataclass(frozen=True, slots=True)
class Sorted:
    """What a model takes a turn for."""

    sort: Sort
    call: Call


class ModelJudge:
    """Asks a model; it never raises for a model's failure. Its voices are one judge's opinion, not yet a finding.

    `thresholds` turn probabilities into verdicts, by the model that replied and the prompt's hash; `examples` is how
    many of the step's samples the prompt carries (they help large models, not small ones).
    """

    def __init__(
        self,
        model: Model,
        prompts: JudgePrompts,
        thresholds: dict[tuple[str, str], Thresholds] | None = None,
        examples: int = 0,
    ) -> None:
        self._model = model
        self._prompts = prompts
        self._thresholds = thresholds or {}
        self._examples = examples
        self._tells: dict[tuple[RubricStep, str], bool] = {}
        self._spent: list[Call] = []

    @property
    def name(self) -> str:
        """The model's name as it is configured."""
        return self._model.name

    async def warm(self, task: JudgeTask) -> None:
        """Find out on which criteria the model has a say; the server reads what stands before an answer meanwhile, and
        has it in its cache.
        """
        for criterion in task.criteria:
            try:
                await self._can_tell(task, criterion)
            except ModelError:
                return  # nothing was asked yet that anybody waits for; the first answer will tell

    def spent(self) -> tuple[Call, ...]:
        """The questions since the last time that no voice tells of: for the record."""
        spent = tuple(self._spent)
        self._spent.clear()
        return spent

    async def voices(
        self, task: JudgeTask, criteria: Sequence[Criterion], without: Sample | None = None
    ) -> tuple[tuple[Voice, ...], str]:
        """What the model says on each of `criteria`, asked side by side, and a sentence if it could not be asked.

        Where it has no say it is unsure. `without` is a sample that may not stand among the examples.
        """
        asked = await asyncio.gather(*(self._heard(task, each, without) for each in criteria))
        trouble = next((trouble for _, trouble in asked if trouble), "")
        return tuple(voice for voice, _ in asked), trouble

    async def voice(self, task: JudgeTask, criterion: Criterion, without: Sample | None = None) -> tuple[Voice, str]:
        """As `voices` on one criterion, also where the model has no say in it."""
        try:
            reply, met = await self._verdict(task, criterion, without)
        except ModelError as error:
            return self._failed(error)
        probability = probability_of(reply.tokens)
        says = self._cuts(reply.call).says(probability, met=met)
        return Voice(judge=reply.call.model, says=says, probability=probability, call=reply.call), ""

    async def sort(self, task: JudgeTask) -> tuple[Sorted | None, str]:
        """What the model takes the turn for, None where that is an answer or cannot be told; and a sentence if the
        model could not be asked.
        """
        values = {"question": task.step.ask, "paragraph": _paragraph(task), "answer": task.answer}
        try:
            prompt = await asyncio.to_thread(
                self._prompts.sorting.fitted, values, self._model.room, schema=_SORT, tokens=_TOKENS
            )
            reply = await self._model.ask(prompt)
        except ModelError as error:
            self._spent += [error.call] if error.call else []
            return None, str(error)
        kind = _field(reply, "kind")
        if kind in _SORTS and kind != "answer":
            return Sorted(kind, reply.call), ""
        self._spent.append(reply.call)
        return None, ""

    async def _heard(self, task: JudgeTask, criterion: Criterion, without: Sample | None) -> tuple[Voice, str]:
        try:
            if not await self._can_tell(task, criterion):
                return Voice(judge=self.name, says="unsure", ground="the model cannot tell this idea from none"), ""
        except ModelError as error:
            return self._failed(error)
        return await self.voice(task, criterion, without)

    def _failed(self, error: ModelError) -> tuple[Voice, str]:
        ground = f"the model could not judge ({error.kind})"
        return Voice(judge=self.name, says="not-judged", ground=ground, call=error.call), str(error)

    async def _can_tell(self, task: JudgeTask, criterion: Criterion) -> bool:
        """Whether the model finds the idea in its own sentence and not in "I do not know": otherwise what it says of
        an answer is worth nothing. The content-free input is from Zhao et al., "Calibrate Before Use" (ICML 2021).
        """
        key = (task.step, criterion.id)
        if key not in self._tells:
            idea, p_idea = await self._tried(task, criterion, criterion.idea)
            nothing, p_nothing = await self._tried(task, criterion, NOTHING)
            apart = p_idea is None or p_nothing is None or p_idea - p_nothing >= FAR_APART
            self._tells[key] = apart and (idea, nothing) in _TOLD_APART
        return self._tells[key]

    async def _tried(self, task: JudgeTask, criterion: Criterion, control: str) -> tuple[Status, float | None]:
        reply, met = await self._verdict(replace(task, own=control), criterion, None)
        self._spent.append(reply.call)
        probability = probability_of(reply.tokens)
        return self._cuts(reply.call).says(probability, met=met), probability

    def _cuts(self, call: Call) -> Thresholds:
        return self._thresholds.get((call.model, call.prompt), UNCALIBRATED)

    async def _verdict(self, task: JudgeTask, criterion: Criterion, without: Sample | None) -> tuple[Reply, bool]:
        reply = await self._model.ask(await self._prompt(task, criterion, without))
        met = _field(reply, "met")
        if not isinstance(met, bool):
            words = (
                f'"{self.name}" does not keep to the form of a verdict. Try again; if it happens often, take another.'
            )
            raise ModelError("garbage", words, reply.call)
        return reply, met

    async def _prompt(self, task: JudgeTask, criterion: Criterion, without: Sample | None) -> Prompt:
        values = {
            "question": task.step.ask,
            "paragraph": _paragraph(task),
            "idea": criterion.idea,
            "tell": criterion.tell or "",
            "examples": _examples(task, criterion, self._examples, without),
            "answer": task.own,
        }
        # Off the event loop: the first count loads a table.
        prompt = await asyncio.to_thread(
            self._prompts.criterion.fitted, values, self._model.room, schema=_VERDICT, tokens=_TOKENS
        )
        return replace(prompt, hash=f"{prompt.hash}+{self._examples}") if self._examples else prompt


def probability_of(tokens: Sequence[Token]) -> float | None:
    """The probability of "met" against "not met" at the token that says which; None where the server tells none."""
    for token in reversed(tokens):
        if _word(token.text) in ("true", "false"):
            yes, no = (
                sum(math.exp(log) for text, log in token.alternatives.items() if _word(text) == word)
                for word in ("true", "false")
            )
            return yes / (yes + no) if yes + no > 0 else None
    return None


def _word(text: str) -> str:
    return text.strip().lower()


def _field(reply: Reply, name: str) -> Any:
    """A field of a reply that should be a JSON object; None where it is not there."""
    try:
        value = json.loads(reply.text)
    except ValueError:
        return None
    return value.get(name) if isinstance(value, dict) else None


def _paragraph(task: JudgeTask) -> str:
    article = task.lesson.article_of(task.step.id)
    return "\n".join(article.block(each).text for each in task.step.at)


def _examples(task: JudgeTask, criterion: Criterion, count: int, without: Sample | None) -> str:
    """Samples that meet the criterion and samples that do not, in turn."""
    others = [each for each in task.step.samples if each is not without and each.verdict != "off-task"]
    yes = [each for each in others if criterion.id in each.meets]
    no = [each for each in others if criterion.id not in each.meets]
    chosen = [each for pair in zip(yes, no, strict=False) for each in pair][:count]
    return "\n".join(
        f'Pupil: "{each.answer}" -> {{"met":{"true" if criterion.id in each.meets else "false"}}}' for each in chosen
    )
