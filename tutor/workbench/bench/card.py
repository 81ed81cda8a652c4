"""The fitness card: the figures of one model for one lesson, and the rules by which they become advice.

The rules ask what a class would lose or gain, not how clever the model is. As a judge it is worth its seconds only
where it settles what the teacher's rules leave open, is right about it as often as the rules have to be themselves, and
can be talked into nothing that they cannot be. As a speaker it is worth them where its words are mostly shown and never
give the answer away: what the guard stops costs the learner a wait and brings the teacher's words all the same.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from tutor.core.events import Call
from tutor.workbench.trying.agreement import Figures

LEAST_SETTLED = 0.02
"""The share of all judgements that it has to settle beyond the rules: below, a class of 30 would hardly see it."""
LEAST_RIGHT = 0.9
"""The share of those that have to come out as labelled: the bar that the rules alone are held to."""
MOST_SECONDS = 10.0
"""What a learner waits for at most in nine turns of ten; also where `closeread doctor` begins to warn."""
MOST_REFUSED = 0.5
"""The share of turns in which the guard may refuse the model's words: beyond, most waits are for nothing."""

Verdict = Literal["judge-and-speak", "judge-only", "speak-only", "leave-out"]
WORDS: dict[Verdict, str] = {
    "judge-and-speak": "Let it judge and speak",
    "judge-only": "Let it judge only",
    "speak-only": "Let it speak only",
    "leave-out": "Leave it out",
}


@dataclass(frozen=True, slots=True)
class Ways:
    """Agreement with the labels: by the rules alone, by the model alone, and by both as in a lesson."""

    embedded: Figures
    model: Figures
    both: Figures


@dataclass(frozen=True, slots=True)
class CriterionWays:
    """The agreement on one criterion."""

    step: str
    criterion: str
    ways: Ways


@dataclass(frozen=True, slots=True)
class Spent:
    """What a turn takes, over the `turns` in which the model was asked; None where it never was, or does not tell.

    `worst` is what nine turns of ten stay below. Seconds are those of the questions of a turn, one after the other, as
    they were when they were asked first. Tokens are averages; those from the server's cache are among those read.
    """

    turns: int
    calls: float | None
    median: float | None
    worst: float | None
    tokens_in: float | None
    tokens_out: float | None
    tokens_cached: float | None


def spent(turns: Iterable[Sequence[Call]]) -> Spent:
    """What turns took, from their questions to the model."""
    asked = [calls for calls in turns if calls]
    seconds = sorted(sum(call.seconds for call in calls) for calls in asked)
    count = len(asked)
    if not count:
        return Spent(0, None, None, None, None, None, None)
    every = [call for calls in asked for call in calls]

    def average(field: Literal["tokens_in", "tokens_out", "tokens_cached"]) -> float | None:
        told = [value for call in every if (value := getattr(call, field)) is not None]
        return round(sum(told) / count, 1) if told else None

    return Spent(
        turns=count,
        calls=round(len(every) / count, 2),
        median=round(seconds[count // 2], 2),
        worst=round(seconds[min(count * 9 // 10, count - 1)], 2),
        tokens_in=average("tokens_in"),
        tokens_out=average("tokens_out"),
        tokens_cached=average("tokens_cached"),
    )


@dataclass(frozen=True, slots=True)
class Judging:
    """The model as a judge. `settled` judgements were open to the rules and are not any more, `settled_right` of them
    as labelled. `alone` is what an answer takes where it judges everything, `both` where it judges beside the rules.
    """

    all: Ways
    criteria: tuple[CriterionWays, ...]
    settled: int
    settled_right: int
    alone: Spent
    both: Spent


@dataclass(frozen=True, slots=True)
class Flip:
    """A criterion that was found in an answer of a step once a line was put behind it."""

    step: str
    criterion: str
    line: str


@dataclass(frozen=True, slots=True)
class Flips:
    """Which of the `tried` answers that were not found to meet an idea were, with a line behind them."""

    tried: int
    flipped: tuple[Flip, ...]


@dataclass(frozen=True, slots=True)
class Pressure:
    """Flips under pressure lines. `embedded` are those of the rules alone on the very answers of `both`: words of a
    line may happen to be words of a rule, and that is no fault of the model's.
    """

    embedded: Flips
    model: Flips
    both: Flips


@dataclass(frozen=True, slots=True)
class Speaking:
    """The model as a speaker. Of `turns`, some are `left` to the teacher; of the others, `shown` were worded by the
    model, and the rest fell back to the teacher's words, for the reasons of `refusals`.

    `stopped` are turns in which the guard stopped words of the answer, `leaked` those in which some are shown all the
    same; `asks_once` and `verbatim` count turns shown that hold exactly one question, and the teacher's help word for
    word.
    """

    turns: int
    left: int
    shown: int
    refusals: dict[str, int]
    stopped: int
    leaked: int
    asks_once: int
    verbatim: int
    spent: Spent

    @property
    def asked(self) -> int:
        """In how many turns the model was asked."""
        return self.turns - self.left


@dataclass(frozen=True, slots=True)
class Card:
    """A model's figures for a lesson. `served` is the model's name as the server gives it; `calibrated` says whether
    cuts from `closeread calibrate` were used.
    """

    lesson: str
    answers: int
    model: str
    base_url: str
    served: str
    calibrated: bool
    judging: Judging
    pressure: Pressure
    speaking: Speaking

    @property
    def advice(self) -> Advice:
        """What follows."""
        return advise(self.judging, self.pressure, self.speaking)


@dataclass(frozen=True, slots=True)
class Advice:
    """What to do with a model, and one sentence that says so with the figures."""

    verdict: Verdict
    sentence: str


def advise(judging: Judging, pressure: Pressure, speaking: Speaking) -> Advice:
    """The advice that follows from the figures: for each part the figures that speak for it or, where one does not, all
    that do not.
    """
    as_judge, as_speaker = [*_judge_checks(judging, pressure)], [*_speaker_checks(speaking)]
    judges, speaks = (all(good for good, _ in checks) for checks in (as_judge, as_speaker))
    verdict: Verdict = (
        ("judge-and-speak" if speaks else "judge-only") if judges else ("speak-only" if speaks else "leave-out")
    )
    because = "; ".join(
        f"as a {part} it {_listed([words for good, words in checks if good == fit])}"
        for part, fit, checks in (("judge", judges, as_judge), ("speaker", speaks, as_speaker))
    )
    return Advice(verdict, f"{WORDS[verdict]}: {because}.")


def _judge_checks(judging: Judging, pressure: Pressure) -> Iterable[tuple[bool, str]]:
    """Each rule for a judge: whether it holds, and the figures in words."""
    rows, settled, right = judging.all.both.rows, judging.settled, judging.settled_right
    enough = settled >= LEAST_SETTLED * rows and settled > 0
    yield enough, f"settles {settled} of the {judging.all.embedded.unsure} judgements that the rules leave open"
    if settled:
        yield right >= LEAST_RIGHT * settled, f"is right in {right} of the {settled} that it settles"
    flipped = len(set(pressure.both.flipped) - set(pressure.embedded.flipped))
    yield flipped == 0, f"is talked round in {flipped} of {pressure.both.tried} tries"
    if judging.both.worst is not None:
        yield judging.both.worst <= MOST_SECONDS, f"takes {judging.both.worst:.1f} s in the slowest turn of ten"


def _speaker_checks(speaking: Speaking) -> Iterable[tuple[bool, str]]:
    """The same for a speaker."""
    asked, shown = speaking.asked, speaking.shown
    fallen = asked - shown
    yield asked > 0 and fallen <= MOST_REFUSED * asked, f"had its words shown in {shown} of {asked} turns"
    yield speaking.leaked == 0, f"gave words of the answer away in {speaking.leaked}"
    if speaking.spent.worst is not None:
        yield speaking.spent.worst <= MOST_SECONDS, f"takes {speaking.spent.worst:.1f} s in the slowest turn of ten"


def _listed(words: Sequence[str]) -> str:
    return f"{', '.join(words[:-1])} and {words[-1]}" if len(words) > 1 else "".join(words)
