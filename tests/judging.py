"""Measures a model as a judge, beside the embedded one: `python -m tests.judging --base-url URL --model NAME FILE`.

Every reply is kept in FILE, so that a run can be taken up again and every mixture is computed from the same replies.
"""

from __future__ import annotations

import argparse
import asyncio
import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from hashlib import sha256
from pathlib import Path
from typing import Any

from tests.agreement import Row, figures, free_text_steps, rubric_step, strangers
from tests.talk import shipped
from tutor.core.catching import quotable_in
from tutor.core.events import Call, Finding
from tutor.core.judging import JudgeTask
from tutor.core.lesson import Lesson, Sample
from tutor.core.listening import without_quotations
from tutor.judges.calibration import Table, Thresholds, fit
from tutor.judges.combined import CombinedJudge
from tutor.judges.embedded import EmbeddedJudge
from tutor.judges.model import JudgePrompts, ModelJudge
from tutor.llm.asking import Model, ModelError, Prompt, Reply, Token
from tutor.llm.client import open_model
from tutor.resources import prompts_dir
from tutor.settings import Endpoint

LESSON = "lavrov-syria"


OWN_FAULTS = ("garbage", "empty", "only-reasoning", "reply-cut")
"""What a model does wrong by itself; anything else is the machine's fault and ends a measurement."""


class Remembering:
    """A model whose replies are kept in a file; what was asked once is not asked again."""

    def __init__(self, model: Model, path: Path) -> None:
        self._model, self._path = model, path
        lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
        self._kept = {row["asked"]: row for row in map(json.loads, lines)}
        self.calls: list[Call] = []

    @property
    def name(self) -> str:
        return self._model.name

    def room(self, prompt: Prompt) -> int:
        return self._model.room(prompt)

    async def ask(self, prompt: Prompt) -> Reply:
        key = sha256(f"{prompt.system}\0{prompt.user}\0{prompt.temperature}".encode()).hexdigest()
        row = self._kept.get(key)
        if row is None:
            row = {"asked": key, **await self._asked(prompt)}
            self._kept[key] = row
            with self._path.open("a", encoding="utf-8") as file:
                file.write(json.dumps(row) + "\n")
        call = Call(**row["call"])
        self.calls.append(call)
        if "trouble" in row:
            raise ModelError(row["trouble"], row["text"], call)
        return Reply(row["text"], call, tuple(Token(*each) for each in row["tokens"]))

    async def _asked(self, prompt: Prompt) -> dict[str, Any]:
        try:
            reply = await self._model.ask(prompt)
        except ModelError as error:
            if error.call is None or error.kind not in OWN_FAULTS:
                raise SystemExit(str(error)) from None
            return {"text": str(error), "trouble": error.kind, "call": error.call.model_dump()}
        tokens = [[token.text, dict(token.alternatives)] for token in reply.tokens]
        return {"text": reply.text, "call": reply.call.model_dump(), "tokens": tokens}


@dataclass
class Tally:
    """What one way of judging came to."""

    rows: list[Row] = field(default_factory=list)
    calls: list[Call] = field(default_factory=list)
    answers: int = 0

    def line(self) -> str:
        spent, answers = self.calls, max(self.answers, 1)
        read = sum(each.tokens_in or 0 for each in spent)
        cached = sum(each.tokens_cached or 0 for each in spent)
        return (
            f"{figures(self.rows)}  an answer: {len(spent) / answers:.2f} calls, "
            f"{sum(each.seconds for each in spent) / answers:.2f} s, {read / answers:.0f} tokens in, "
            f"{sum(each.tokens_out or 0 for each in spent) / answers:.0f} out, {cached / max(read, 1):.0%} from cache"
        )


Case = tuple[JudgeTask, frozenset[str], Sample | None]


def cases(lesson: Lesson, which: str) -> list[Case]:
    """The answers to judge, with what they meet and the sample that the judge must not know."""
    found: list[Case] = []
    if which == "samples":
        for step in free_text_steps(lesson):
            for sample in step.samples:
                if sample.verdict != "off-task":
                    own = without_quotations(sample.answer, quotable_in(lesson, step))
                    task = JudgeTask(lesson, step, sample.answer, own, step.rubric)
                    found.append((task, frozenset(sample.meets), sample))
        return found
    for each in strangers(lesson.id):
        if each["verdict"] != "off-task":
            step = rubric_step(lesson, each["step"])
            own = without_quotations(each["answer"], quotable_in(lesson, step))
            found.append((JudgeTask(lesson, step, each["answer"], own, step.rubric), frozenset(each["meets"]), None))
    return sorted(found, key=lambda case: case[0].step.id)


async def judged(model: Remembering, some: Sequence[Case], table: Table) -> dict[str, Tally]:
    """Each way of judging over the same answers."""
    prompts = JudgePrompts.load([prompts_dir()], "en")
    embedded, judge = EmbeddedJudge(), ModelJudge(model, prompts, table)
    fills, leads = CombinedJudge(embedded, judge), CombinedJudge(embedded, judge, "leads")
    tallies = {name: Tally() for name in ("embedded", "model", "both (fills)", "model first (leads)")}
    for task, meets, sample in some:
        for name, tally in tallies.items():
            model.calls = []
            if name == "embedded":
                findings: Iterable[Finding] = embedded.judgement(task, sample).findings
            elif name == "model":
                voices = [(await judge.voice(task, each, sample))[0] for each in task.criteria]
                findings = [
                    Finding(criterion=criterion.id, status=voice.says, judge=voice.judge)
                    for criterion, voice in zip(task.criteria, voices, strict=True)
                ]
            else:
                findings = (await (fills if "fills" in name else leads).judgement(task, sample)).findings
            tally.rows += [
                Row(task.step.id, each.criterion, task.answer, each.criterion in meets, each.status)
                for each in findings
            ]
            tally.calls += model.calls
            tally.answers += 1
    return tallies


async def without_rules(model: Remembering, some: Sequence[Case], table: Table) -> Tally:
    """As if the lesson had ideas and samples only: criteria without rules."""
    judge = CombinedJudge(EmbeddedJudge(), ModelJudge(model, JudgePrompts.load([prompts_dir()], "en"), table))
    tally = Tally()
    for task, meets, sample in some:
        bare = tuple(each.model_copy(update={"all_of": (), "none_of": ()}) for each in task.criteria)
        findings = (await judge.judgement(replace(task, criteria=bare), sample)).findings
        tally.rows += [
            Row(task.step.id, each.criterion, task.answer, each.criterion in meets, each.status) for each in findings
        ]
        tally.answers += 1
    return tally


async def calibrated(model: Remembering, some: Sequence[Case]) -> Table:
    """The cuts from the samples, all criteria pooled."""
    judge = ModelJudge(model, JudgePrompts.load([prompts_dir()], "en"))
    pairs: dict[tuple[str, str], list[tuple[float, bool]]] = {}
    for task, meets, sample in some:
        voices = [(await judge.voice(task, each, sample))[0] for each in task.criteria]
        for criterion, voice in zip(task.criteria, voices, strict=True):
            if voice.call and voice.probability is not None:
                pair = (voice.probability, criterion.id in meets)
                pairs.setdefault((voice.call.model, voice.call.prompt), []).append(pair)
    return {key: fit(each) for key, each in pairs.items()}


def show(title: str, tallies: dict[str, Tally], print_: Callable[[str], None] = print) -> None:
    """A table."""
    print_(title)
    for name, tally in tallies.items():
        print_(f"  {name:22} {tally.line()}")


async def measure(model: Remembering) -> None:
    lesson = shipped(LESSON)
    samples, others = cases(lesson, "samples"), cases(lesson, "strangers")
    for title, some in (("strangers' answers", others), ("samples, leave-one-out", samples)):
        show(f"{title}, uncalibrated", await judged(model, some, {}))
    table: dict[tuple[str, str], Thresholds] = await calibrated(model, samples)
    print(table)
    for title, some in (("strangers' answers", others), ("samples, leave-one-out", samples)):
        show(f"{title}, calibrated on the samples", await judged(model, some, table))
    show("criteria without rules, strangers", {"uncalibrated": await without_rules(model, others, {})})
    show("criteria without rules, strangers", {"calibrated": await without_rules(model, others, table)})


def asked_for(description: str | None) -> Remembering:
    """The model that the command line names, and the file of its replies."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("file", type=Path)
    parser.add_argument("--base-url", required=True)
    parser.add_argument("--model", required=True)
    arguments = parser.parse_args()
    return Remembering(open_model(Endpoint(model=arguments.model, base_url=arguments.base_url)), arguments.file)


if __name__ == "__main__":
    asyncio.run(measure(asked_for(__doc__)))
