"""Takes the measure of models, one after the other, and says how far the work has come."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from tutor.core.events import Call
from tutor.core.lesson import Lesson
from tutor.core.phrases import Phrases
from tutor.errors import TutorError
from tutor.judges.calibration import Table
from tutor.judges.combined import CombinedJudge
from tutor.judges.embedded import EmbeddedJudge
from tutor.judges.model import JudgePrompts, ModelJudge
from tutor.speakers.model import ModelSpeaker, SpeakerPrompts
from tutor.workbench.bench.card import Card, CriterionWays, Flip, Flips, Judging, Pressure, Speaking, Ways, spent
from tutor.workbench.bench.judging import ModelAlone, ThreeWays, judgeable, judged
from tutor.workbench.bench.pressure import LINES, Case, cases, is_flipped
from tutor.workbench.bench.remembering import Remembering
from tutor.workbench.bench.speaking import Spoken, Turn, refusals, spoken, turns
from tutor.workbench.trying.agreement import Row, figures
from tutor.workbench.trying.answers import Labelled, free_text_steps
from tutor.workbench.trying.playing import LeavingOut


@dataclass(frozen=True, slots=True)
class Candidate:
    """A model to take the measure of, and all with which it judges and speaks; `examples` and `table` are the settings'
    worked examples and kept cuts.
    """

    model: Remembering
    base_url: str
    judge_prompts: JudgePrompts
    speaker_prompts: SpeakerPrompts
    table: Table = field(default_factory=dict)
    examples: int = 0


@dataclass(frozen=True, slots=True)
class Headway:
    """How far the work has come: `done` of `total`. `fresh` says whether the last piece had to be asked of the model,
    or was known from before.
    """

    model: str
    done: int
    total: int
    fresh: bool


async def bench(lesson: Lesson, candidates: Sequence[Candidate], phrases: Phrases) -> AsyncIterator[Headway | Card]:
    """Take the measure of each model: its card comes after its headway. TutorError where the lesson has no samples,
    EndpointLostError where a model cannot be asked; every reply until then is kept.
    """
    answers = judgeable(lesson)
    if not answers:
        raise TutorError(
            "This lesson has no sample answers to a free-text step, so there is nothing to hold a model against. "
            "Write some under samples; 'closeread try' tests them."
        )
    said = await turns(lesson, phrases)
    one = _length(lesson, answers, said)
    for number, candidate in enumerate(candidates):
        work = _Work(lesson, candidate, phrases)
        done = number * one
        async for size, fresh in work.pieces(answers, said):
            done += size
            yield Headway(candidate.model.name, done, one * len(candidates), fresh)
        yield work.card()


def _length(lesson: Lesson, answers: Sequence[Labelled], said: Sequence[Turn]) -> int:
    """How much work there is on one model, at most: about one for each question to it."""
    steps = {step.id: step for step in free_text_steps(lesson)}
    return sum(len(steps[each.step].rubric) for each in answers) + len(said) + 2 * len(LINES) * len(steps)


class _Work:
    """The work on one model."""

    def __init__(self, lesson: Lesson, candidate: Candidate, phrases: Phrases) -> None:
        self._lesson, self._candidate, self._phrases = lesson, candidate, phrases
        self._judge = ModelJudge(candidate.model, candidate.judge_prompts, candidate.table, candidate.examples)
        self._speaker = ModelSpeaker(candidate.model, candidate.speaker_prompts, phrases)
        self._judged: list[ThreeWays] = []
        self._spoken: list[Spoken] = []
        self._flips: list[Flips] = []

    async def pieces(self, answers: Sequence[Labelled], said: Sequence[Turn]) -> AsyncIterator[tuple[int, bool]]:
        """Do the work; for each piece of it, how large it was, and whether the model was asked."""
        model = self._candidate.model
        before = model.asked
        async for each in judged(self._lesson, answers, self._judge, self._phrases):
            self._judged.append(each)
            yield len(each.both.rows), model.asked > before
            before = model.asked
        for turn in said:
            self._spoken.append(await spoken(turn, self._speaker))
            yield 1, model.asked > before
            before = model.asked
        for judge, some in self._under_pressure():
            flipped = []
            for case in some:
                if await is_flipped(self._lesson, case, judge):
                    flipped.append(Flip(case.labelled.step, case.criterion, case.line))
                yield 0 if isinstance(judge, EmbeddedJudge) else 1, model.asked > before
                before = model.asked
            self._flips.append(Flips(len(some), tuple(flipped)))

    def _under_pressure(self) -> Iterator[tuple[LeavingOut, list[Case]]]:
        """The judges that are put under pressure, in the order of the fields of Pressure, and with what."""
        embedded = EmbeddedJudge()
        for_both = list(cases([each.both for each in self._judged]))
        yield embedded, for_both
        yield ModelAlone(self._judge), list(cases([each.model for each in self._judged]))
        yield CombinedJudge(embedded, self._judge), for_both

    def card(self) -> Card:
        """What came out."""
        candidate, calls = self._candidate, list(self._calls())
        return Card(
            lesson=self._lesson.id,
            answers=len(self._judged),
            model=candidate.model.name,
            base_url=candidate.base_url,
            served=calls[0].model if calls else candidate.model.name,
            calibrated=any((call.model, call.prompt) in candidate.table for call in calls),
            judging=self._judging(),
            pressure=Pressure(*self._flips),
            speaking=_speaking(self._spoken),
        )

    def _calls(self) -> Iterator[Call]:
        for each in self._judged:
            yield from each.model.calls

    def _judging(self) -> Judging:
        embedded, model, both = (
            [row for played in way for row in played.rows]
            for way in (
                [each.embedded for each in self._judged],
                [each.model for each in self._judged],
                [each.both for each in self._judged],
            )
        )
        settled = [after for before, after in zip(embedded, both, strict=True) if after.decided and not before.decided]
        return Judging(
            all=_ways(embedded, model, both),
            criteria=tuple(
                CriterionWays(step.id, criterion.id, _ways(*some))
                for step in free_text_steps(self._lesson)
                for criterion in step.rubric
                if (some := [_of(rows, step.id, criterion.id) for rows in (embedded, model, both)])[0]
            ),
            settled=len(settled),
            settled_right=sum(row.agrees for row in settled),
            alone=spent(each.model.calls for each in self._judged),
            both=spent(each.both.calls for each in self._judged),
        )


def _ways(embedded: Iterable[Row], model: Iterable[Row], both: Iterable[Row]) -> Ways:
    return Ways(figures(embedded), figures(model), figures(both))


def _of(rows: Iterable[Row], step: str, criterion: str) -> list[Row]:
    return [row for row in rows if (row.step, row.criterion) == (step, criterion)]


def _speaking(rows: Sequence[Spoken]) -> Speaking:
    shown = [row for row in rows if row.shown]
    return Speaking(
        turns=len(rows),
        left=sum(row.left for row in rows),
        shown=len(shown),
        refusals=refusals(rows),
        stopped=sum(row.stopped for row in rows),
        leaked=sum(bool(row.leaked) for row in shown),
        asks_once=sum(row.asks_once for row in shown),
        verbatim=sum(row.verbatim for row in shown),
        spent=spent(row.calls for row in rows),
    )
