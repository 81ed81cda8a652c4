"""What the doctor finds, as data; how it is told is in `telling`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

State: TypeAlias = Literal["ok", "warn", "fail"]
Fitness: TypeAlias = Literal["fit", "judge-only", "not-fit", "not-configured"]


@dataclass(frozen=True, slots=True)
class Line:
    """A setting with its value and where the value comes from; of the key only whether there is one."""

    name: str
    value: str
    origin: str


@dataclass(frozen=True, slots=True)
class Found:
    """An endpoint on this machine, the software behind it where it says so, and the models that it lists."""

    base_url: str
    software: str
    models: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was tried; `advice` is the line to write or the command to type, empty where nothing is amiss
    or the sentence itself says what to do.
    """

    name: str
    state: State
    sentence: str
    advice: str = ""


@dataclass(frozen=True)
class Examination:
    """Everything that was found.

    `figures` holds what was measured, by name; what could not be measured is None.
    """

    settings: tuple[Line, ...]
    found: tuple[Found, ...]
    checks: tuple[Check, ...]
    fitness: Fitness
    verdict: str
    advice: str = ""
    figures: Mapping[str, float | int | None] = field(default_factory=dict)
    works: bool = True

    @property
    def status(self) -> int:
        """The exit status: 0 where what is configured works or nothing is, else 1."""
        return 0 if self.works else 1
