"""How far a judge agrees with people: the figures over criteria of answers."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from tutor.core.events import Status


@dataclass(frozen=True, slots=True)
class Row:
    """One criterion of one answer: whether a person says that it is met, what the judge says, and on what ground."""

    step: str
    criterion: str
    answer: str
    person: bool
    judge: Status
    evidence: tuple[str, ...] = ()
    ground: str = ""

    @property
    def decided(self) -> bool:
        """Whether the judge came to a verdict."""
        return self.judge not in ("unsure", "not-judged")

    @property
    def agrees(self) -> bool:
        """Whether judge and person say the same; a *partly* is not met."""
        return self.decided and (self.judge == "met") == self.person


@dataclass(frozen=True, slots=True)
class Figures:
    """Agreement over rows.

    `coverage` is the share of rows that the judge decided. `accuracy` and `kappa` (Cohen 1960) are over those;
    `kappa_all` counts an undecided row as not met. `false_met` is the share of unmet rows that the judge called met,
    `missed` that of met rows which it called not met. All are 0 to 1 (kappa -1 to 1); None where there is no row to
    reckon with.
    """

    rows: int
    unsure: int
    coverage: float | None
    accuracy: float | None
    kappa: float | None
    kappa_all: float | None
    false_met: float | None
    missed: float | None

    def __str__(self) -> str:
        return (
            f"n {self.rows:4d}  coverage {_two(self.coverage)}  accuracy {_three(self.accuracy)}  kappa "
            f"{_two(self.kappa)}  (all {_two(self.kappa_all)})  false met {_three(self.false_met)}  missed "
            f"{_three(self.missed)}"
        )


def figures(rows: Iterable[Row]) -> Figures:
    """The figures over some rows."""
    rows = tuple(rows)
    decided = [(row.person, row.judge == "met") for row in rows if row.decided]
    met, unmet = sum(row.person for row in rows), sum(not row.person for row in rows)
    return Figures(
        rows=len(rows),
        unsure=len(rows) - len(decided),
        coverage=_share(len(decided), len(rows)),
        accuracy=_share(sum(a == b for a, b in decided), len(decided)),
        kappa=kappa(decided),
        kappa_all=kappa([(row.person, row.judge == "met") for row in rows]),
        false_met=_share(sum(b and not a for a, b in decided), unmet),
        missed=_share(sum(a and not b for a, b in decided), met),
    )


def kappa(pairs: Sequence[tuple[bool, bool]]) -> float | None:
    """Cohen's kappa of two raters who say yes or no; None without any pair."""
    if not pairs:
        return None
    n = len(pairs)
    agree = sum(a == b for a, b in pairs) / n
    first, second = sum(a for a, _ in pairs) / n, sum(b for _, b in pairs) / n
    chance = first * second + (1 - first) * (1 - second)
    return (agree - chance) / (1 - chance) if chance < 1 else 1.0


def _share(part: int, whole: int) -> float | None:
    return part / whole if whole else None


def _two(value: float | None) -> str:
    return "  - " if value is None else f"{value:4.2f}"


def _three(value: float | None) -> str:
    return "  -  " if value is None else f"{value:.3f}"
