"""Reckons the points of `prompts/distress-points.en.yaml` from the staged texts: `python -m tests.distress.reckon`.

A logistic regression on the clues, held back by the squares of its weights, each class counting as much as the other;
found by stochastic gradient descent with steps that shrink for each clue (Duchi, Hazan & Singer, "Adaptive subgradient
methods", JMLR 2011). Neither the held-out texts have a part in it nor the held-out answers.
"""

from __future__ import annotations

import math
import random
from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import groupby
from textwrap import fill

from tests.distress.staged import Staged, answers, development
from tutor.core.distress import Signs
from tutor.lessons.phrases_file import load_phrases
from tutor.resources import prompts_dir

_SEEN_IN, _KEPT, _ROUNDS = 3, 3_000, 40
_HOLD, _STEP = 0.3, 0.5
SIGN, ENOUGH = 32, 24
_HEAD = """\
# What each clue counts, in tenths: a word, "a b" for two side by side, "a _ b" for two with up to three others between,
# "a+" where the writer speaks of themselves, "<" and ">" for the beginning and end of a sentence. Reckoned from the
# staged texts in tests/distress by `python -m tests.distress.reckon`: change it there, not here.
"""


def reckon(texts: Sequence[Staged], signs: Signs) -> tuple[int, dict[str, int]]:
    """The points to begin with, and those of each clue, in tenths."""
    rows = [(signs.clues(signs.put_plainly(each.text)), each.distress) for each in texts]
    seen = Counter(clue for clues, _ in rows for clue in clues)
    seen = Counter({clue: times for clue, times in seen.items() if times >= _SEEN_IN})
    base, weights = _fit([(sorted(clues & seen.keys()), distress) for clues, distress in rows], seen)
    first = sorted(weights, key=lambda clue: (-abs(weights[clue]), clue))[:_KEPT]
    return round(10 * base), {clue: points for clue in first if (points := round(10 * weights[clue]))}


def _fit(rows: list[tuple[list[str], bool]], seen: Mapping[str, int]) -> tuple[float, Mapping[str, float]]:
    shares = {kind: len(rows) / (2 * sum(distress == kind for _, distress in rows)) for kind in (True, False)}
    base, base_squares, weights, squares = 0.0, 0.0, dict.fromkeys(seen, 0.0), dict.fromkeys(seen, 0.0)
    chance = random.Random(0)
    for _ in range(_ROUNDS):
        chance.shuffle(rows)
        for clues, distress in rows:
            count = base + sum(weights[clue] for clue in clues)
            off = (1 / (1 + math.exp(-max(min(count, 30), -30))) - distress) * shares[distress]
            base_squares += off * off
            base -= _STEP * off / math.sqrt(1 + base_squares)
            for clue in clues:
                slope = off + weights[clue] / (_HOLD * seen[clue])
                squares[clue] += slope * slope
                weights[clue] -= _STEP * slope / math.sqrt(1 + squares[clue])
    return base, weights


def write(base: int, points: Mapping[str, int]) -> str:
    """The file of points."""
    lines = [f"base: {base}", f"sign: {SIGN}", f"enough: {ENOUGH}", "points:"]
    for count, clues in groupby(sorted(points, key=lambda clue: (-points[clue], clue)), key=points.__getitem__):
        lines += [f"  {count}: >-", fill(" / ".join(clues), 116, initial_indent="    ", subsequent_indent="    ")]
    return _HEAD + "\n".join(lines) + "\n"


if __name__ == "__main__":
    path = prompts_dir() / "distress-points.en.yaml"
    signs = load_phrases(prompts_dir(), "en").listening.distress
    path.write_text(write(*reckon([*development(), *answers("tuned-on")], signs)), encoding="utf-8")
