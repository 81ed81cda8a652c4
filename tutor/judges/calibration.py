"""From a model's probability to its verdict: two cuts, found for one model and one prompt on lessons' own samples.

A global cut does not travel from one model or prompt to another, so each pair has cuts of its own; below 75 judged
samples they would be noise, and the model's plain verdict is taken, unless it is a toss-up.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from tutor.core.events import Status
from tutor.errors import TutorError
from tutor.journal.files import replace_file

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


Table = dict[tuple[str, str], Thresholds]
"""Thresholds by model, as the server names it, and prompt hash."""


def read(path: Path) -> Table:
    """The table in a file, empty where there is none; CalibrationError."""
    try:
        rows = json.loads(path.read_text(encoding="utf-8"))
        return {(row.pop("model"), row.pop("prompt")): Thresholds(**row) for row in rows}
    except FileNotFoundError:
        return {}
    except (OSError, ValueError, TypeError, KeyError, AttributeError) as error:
        raise CalibrationError(
            f"{path} cannot be read ({type(error).__name__}). Delete it, or write it anew with: closeread calibrate"
        ) from None


def write(path: Path, table: Mapping[tuple[str, str], Thresholds]) -> None:
    """Put a table in the place of what stood there; CalibrationError."""
    rows = [{"model": model, "prompt": prompt, **asdict(cuts)} for (model, prompt), cuts in sorted(table.items())]
    try:
        replace_file(path, (json.dumps(rows, indent=1, ensure_ascii=False) + "\n").encode())
    except OSError as error:
        raise CalibrationError(
            f"{path} cannot be written ({error.strerror}). Name another folder with data_dir."
        ) from None
