"""From a model's probability to its verdict: two cuts, found for one model and one prompt on lessons' own samples.

A global cut does not travel from one model or prompt to another, so each pair has cuts of its own; below 75 judged
samples they would be noise, and the model's plain verdict is taken, unless it is a toss-up.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from tutor.core.events import Status
from tutor.errors import TutorError
from tutor.journal.files import replace_file
from tutor.journal.regular import read_regular

ENOUGH = 75
"""Judged samples, pooled over criteria and lessons, from which cuts are worth finding."""
WANTED = 0.8
"""The share of right verdicts that either side of the cuts should have. It need not be more: the model never decides
alone.
"""
FEWEST = 10
"""Verdicts beyond a cut, below which their share says nothing."""


class CalibrationError(TutorError):
    """A calibration file cannot be used; its words say where and what to do."""


@dataclass(frozen=True, slots=True)
class Thresholds:
    """From `met_from` upwards the model says "met", down to `not_to` it says "not", and in between it is unsure.

    `samples` is how many judged samples the cuts rest on.
    """

    met_from: float
    not_to: float
    samples: int = 0

    def says(self, probability: float | None, *, met: bool) -> Status:
        """The verdict at this probability; the plain reply `met` where the server tells no probability."""
        if probability is None:
            return "met" if met else "not"
        if probability >= self.met_from:
            return "met"
        return "not" if probability <= self.not_to else "unsure"


UNCALIBRATED = Thresholds(0.55, 0.45)
"""The model's plain verdict; a toss-up is none."""


def fit(judged: Sequence[tuple[float, bool]]) -> Thresholds:
    """The widest cuts with the wanted share of right verdicts on either side, from pairs of probability and label.

    CalibrationError where there are too few pairs.
    """
    if len(judged) < ENOUGH:
        raise CalibrationError(
            f"{len(judged)} judged samples are too few to calibrate on; {ENOUGH} are needed. "
            "Without a calibration the model's plain verdict is used."
        )
    cuts = sorted({probability for probability, _ in judged})
    met_from = next((cut for cut in cuts if _holds([label for p, label in judged if p >= cut])), 1.01)
    below = (cut for cut in reversed(cuts) if cut < met_from and _holds([not label for p, label in judged if p <= cut]))
    return Thresholds(met_from, next(below, -0.01), len(judged))


def _holds(right: Sequence[bool]) -> bool:
    return len(right) >= FEWEST and sum(right) / len(right) >= WANTED


_FIELDS = {"model", "prompt", "met_from", "not_to", "samples"}

Table = dict[tuple[str, str], Thresholds]
"""Thresholds by model, as the server names it, and prompt hash."""


def read(path: Path) -> Table:
    """The table in a file, empty where there is none; CalibrationError where it is not as `write` leaves it."""
    try:
        rows = json.loads(read_regular(path).decode("utf-8"))
        if not isinstance(rows, list):
            raise _DamageError("it is no list")
        return dict(_row(each, f"row {number}") for number, each in enumerate(rows, 1))
    except FileNotFoundError:
        return {}
    except _DamageError as error:
        why = str(error)
    except OSError as error:
        why = error.strerror or type(error).__name__
    except (ValueError, RecursionError):
        why = "it is no JSON"
    raise CalibrationError(f"{path} cannot be read ({why}). Delete it, or write it anew with: closeread calibrate")


class _DamageError(Exception):
    """A part of a table is not what it should be."""


def _row(row: Any, where: str) -> tuple[tuple[str, str], Thresholds]:
    if not isinstance(row, dict) or row.keys() != _FIELDS:
        raise _DamageError(f"{where} does not hold model, prompt, met_from, not_to and samples, and nothing else")
    for name in ("model", "prompt"):
        if not isinstance(row[name], str):
            raise _DamageError(f"{where}: {name} is no text")
    met_from, not_to = (_number(row[name], f"{where}: {name}") for name in ("met_from", "not_to"))
    if met_from < not_to:
        raise _DamageError(f"{where}: met_from is below not_to")
    samples = row["samples"]
    if not isinstance(samples, int) or isinstance(samples, bool) or samples < 0:
        raise _DamageError(f"{where}: samples is no count")
    return (row["model"], row["prompt"]), Thresholds(met_from, not_to, samples)


def _number(value: object, where: str) -> float:
    try:
        number = float(value) if isinstance(value, int | float) and not isinstance(value, bool) else math.nan
    except OverflowError:
        number = math.inf
    if not math.isfinite(number):
        raise _DamageError(f"{where} is no number")
    return number


def write(path: Path, table: Mapping[tuple[str, str], Thresholds]) -> None:
    """Put a table in the place of what stood there; CalibrationError."""
    rows = [{"model": model, "prompt": prompt, **asdict(cuts)} for (model, prompt), cuts in sorted(table.items())]
    try:
        replace_file(path, (json.dumps(rows, indent=1, ensure_ascii=False) + "\n").encode())
    except OSError as error:
        raise CalibrationError(
            f"{path} cannot be written ({error.strerror}). Name another folder with data_dir."
        ) from None
