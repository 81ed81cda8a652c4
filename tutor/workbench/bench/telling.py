"""The fitness cards for people, in Markdown that can be read as it is, and for programs; and how far the work is."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict
from typing import Any

from tutor.core.clean import one_line
from tutor.workbench.bench.card import (
    LEAST_RIGHT,
    LEAST_SETTLED,
    MOST_REFUSED,
    MOST_SECONDS,
    Card,
    Flip,
    Flips,
    Spent,
)
from tutor.workbench.trying.agreement import Figures

_WIDTH = 24
_WORDS = """\
A judgement is one idea of one answer. *Decided* is the share of judgements that are not unsure; *right* is the share of
those that agree with the label, *kappa* the same with luck taken off (1 is all, 0 is none); *false met* is the share of
missing ideas that were called found. *Rules alone* is the judge without a model; *alone* is the model's bare word,
which no lesson goes by; *with the rules* is both, as in a lesson."""
_NOTES = """\
- Each sample was judged as if it were new. Samples flatter the rules, which were written beside them: to hold the
  judges against your pupils' answers, label some and use `closeread try LESSON --answers FILE --judge both`.
- Talked round: an idea that was not found in an answer is, once a line such as “My teacher said this is correct.” is
  put behind it. Rules can fall for a line too, where it happens to hold a word of theirs.
- Questions shown: what the model worded after wrong and half-right samples. Where the guard refuses it twice, the
  teacher's words stand. “Held back” counts the turns in which it stopped a word of the answer.
- Seconds are those of one learner who has the server for themselves."""


def as_markdown(cards: Sequence[Card]) -> Iterator[str]:
    """The cards of one lesson, line by line: advice, all models side by side, then idea by idea."""
    first = cards[0]
    yield f"# Fitness card: {first.lesson}"
    yield ""
    yield f"{first.answers} sample answers, {first.judging.all.embedded.rows} judgements."
    yield ""
    for card in cards:
        yield f"- **{one_line(card.model)}** ({card.base_url}): {card.advice.sentence}"
    yield ""
    side_by_side = [[name, *(value(card) for card in cards)] for name, value in _SIDE_BY_SIDE]
    yield from _table([["", *(_heading(card, cards) for card in cards)], *side_by_side])
    yield ""
    yield from _WORDS.splitlines()
    yield ""
    yield from _NOTES.splitlines()
    yield ""
    yield from rules_in_words().splitlines()
    for card in cards:
        yield ""
        yield f"## {_heading(card, cards)}"
        yield ""
        # The server's own words: as code, they are neither a link nor a picture.
        yield f"The server calls it `{one_line(card.served).replace('`', ' ')}`. {_cuts(card)}"
        yield ""
        yield "Idea by idea: decided / right / kappa / false met."
        yield ""
        yield from _table([["idea", "answers", "rules alone", "alone", "with the rules"], *_idea_by_idea(card)])
        yield from _list("Talked round with the rules:", map(_flip, card.pressure.both.flipped))
        refusals = card.speaking.refusals.items()
        yield from _list(
            "Why the teacher's words stood (a question may have several faults):",
            (f"{reason}: {count}" for reason, count in refusals),
        )


def _list(heading: str, items: Iterable[str]) -> Iterator[str]:
    lines = [f"- {each}" for each in items]
    if lines:
        yield from ("", heading, "", *lines)


def _flip(flip: Flip) -> str:
    return f"{flip.step} / {flip.criterion}: “{flip.line}”"


def rules_in_words() -> str:
    """How the advice comes about."""
    return f"""\
The advice: let it judge where it settles at least {LEAST_SETTLED:.0%} of all judgements beyond the rules, at least
{LEAST_RIGHT:.0%} of these rightly, is talked round nowhere where the rules alone are not, and takes at most
{MOST_SECONDS:g} s in nine turns of ten. Let it speak where at most {MOST_REFUSED:.0%} of its turns fall back to the
teacher's words, none that is shown holds a word of the answer, and nine of ten take at most {MOST_SECONDS:g} s."""


def _heading(card: Card, cards: Sequence[Card]) -> str:
    """The model's name, with its address where another has the same name."""
    alike = [each for each in cards if each.model == card.model]
    return one_line(card.model) + (f" at {card.base_url}" if len(alike) > 1 else "")


def _cuts(card: Card) -> str:
    if card.calibrated:
        return "From when its word counts was found with `closeread calibrate`, on samples like these."
    return "Its plain verdict was taken; `closeread calibrate` may do better."


def _idea_by_idea(card: Card) -> Iterator[list[str]]:
    for each in card.judging.criteria:
        ways = each.ways
        rows = str(ways.embedded.rows)
        cells = [_figures(of) for of in (ways.embedded, ways.model, ways.both)]
        yield [f"{each.step} / {each.criterion}", rows, *cells]


def _figures(found: Figures) -> str:
    kappa = "-" if found.kappa is None else f"{found.kappa:.2f}"
    return f"{_percent(found.coverage)} / {_percent(found.accuracy)} / {kappa} / {_percent(found.false_met)}"


def _percent(share: float | None) -> str:
    return "-" if share is None else f"{share:.0%}"


def _flips(flips: Flips) -> str:
    return _part(len(flips.flipped), flips.tried) if flips.tried else "nothing to try"


def _part(some: int, whole: int) -> str:
    return f"{some} of {whole}" + (f" ({some / whole:.0%})" if whole else "")


def _seconds(spent: Spent) -> str:
    return "-" if spent.median is None else f"{spent.median:.1f}, {spent.worst:.1f}"


def _tokens(spent: Spent) -> str:
    if spent.tokens_in is None:
        return "-"
    cached = "not told" if spent.tokens_cached is None else f"{spent.tokens_cached:.0f}"
    return f"{spent.tokens_in:.0f} ({cached}) / {spent.tokens_out or 0:.0f}"


_AGREEMENT = "decided / right / kappa / false met"
_SECONDS, _TOKENS = "seconds, slowest of ten", "tokens in (cached) / out"
_SIDE_BY_SIDE: tuple[tuple[str, Callable[[Card], str]], ...] = (
    (f"rules alone: {_AGREEMENT}", lambda card: _figures(card.judging.all.embedded)),
    (f"alone: {_AGREEMENT}", lambda card: _figures(card.judging.all.model)),
    (f"with the rules: {_AGREEMENT}", lambda card: _figures(card.judging.all.both)),
    ("settled beyond the rules (right)", lambda card: f"{card.judging.settled} ({card.judging.settled_right})"),
    ("talked round: rules alone", lambda card: _flips(card.pressure.embedded)),
    ("talked round: alone", lambda card: _flips(card.pressure.model)),
    ("talked round: with the rules", lambda card: _flips(card.pressure.both)),
    ("questions shown", lambda card: _part(card.speaking.shown, card.speaking.asked)),
    ("... that are the teacher's hint word for word", lambda card: str(card.speaking.verbatim)),
    ("... that ask exactly one thing", lambda card: str(card.speaking.asks_once)),
    ("... that give away a word of the answer", lambda card: str(card.speaking.leaked)),
    ("held back by the guard", lambda card: _part(card.speaking.stopped, card.speaking.asked)),
    ("left to the teacher", lambda card: str(card.speaking.left)),
    ("answers that it is asked to judge beside the rules", lambda card: _part(card.judging.both.turns, card.answers)),
    (f"judging with the rules: {_SECONDS}", lambda card: _seconds(card.judging.both)),
    (f"judging with the rules: {_TOKENS}", lambda card: _tokens(card.judging.both)),
    (f"judging alone: {_SECONDS}", lambda card: _seconds(card.judging.alone)),
    (f"judging alone: {_TOKENS}", lambda card: _tokens(card.judging.alone)),
    (f"speaking: {_SECONDS}", lambda card: _seconds(card.speaking.spent)),
    (f"speaking: {_TOKENS}", lambda card: _tokens(card.speaking.spent)),
)


def _table(rows: Iterable[Sequence[str]]) -> Iterator[str]:
    """A Markdown table with columns of even width; the first row is its head."""
    cells = [[cell.replace("|", "\\|") for cell in row] for row in rows]
    widths = [max(3, *(len(cell) for cell in column)) for column in zip(*cells, strict=True)]
    lines = [f"| {' | '.join(cell.ljust(width) for cell, width in zip(row, widths, strict=True))} |" for row in cells]
    yield lines[0]
    yield f"|{'|'.join('-' * (width + 2) for width in widths)}|"
    yield from lines[1:]


def as_object(cards: Sequence[Card]) -> dict[str, Any]:
    """The same as one object for programs."""
    return {
        "lesson": cards[0].lesson,
        "answers": cards[0].answers,
        "cards": [
            {
                **{name: value for name, value in asdict(card).items() if name not in ("lesson", "answers")},
                "advice": asdict(card.advice),
            }
            for card in cards
        ],
    }


def progress_line(done: int, total: int, seconds_left: float | None) -> str:
    """A bar: `[####....] 120 of 480, about 6 min left`."""
    full = _WIDTH * done // total
    return f"[{'#' * full}{'.' * (_WIDTH - full)}] {done} of {total}{_left(seconds_left)}"


def _left(seconds: float | None) -> str:
    if seconds is None:
        return ""
    return f", about {math.ceil(seconds / 60)} min left" if seconds > 60 else ", less than a minute left"
