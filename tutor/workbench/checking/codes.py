"""The names of everything that `check` can say: stable, one page of `docs/checks/` each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Severity = Literal["error", "warning"]
"""An error keeps a lesson from being opened; a warning is a matter of craft."""


@dataclass(frozen=True, slots=True)
class Code:
    """One thing that `check` can say. `summary` is a sentence for lists; the rest stands on the code's page."""

    name: str
    severity: Severity
    summary: str
