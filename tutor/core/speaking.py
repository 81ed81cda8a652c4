"""The door to a speaker: it words a move that is already decided.

It knows the move, its authored words and what was met; it is not shown the unmet criteria, their answers or the
samples. Only where the ladder has ended (`tell`) do the answers stand in the brief, as the authored words to be said.
"""

from __future__ import annotations

from collections.abc import Awaitable
from dataclasses import dataclass
from typing import Protocol

from tutor.core.lesson import StepVerb
from tutor.core.policy import Move


@dataclass(frozen=True, slots=True)
class Met:
    """An idea that the learner has just shown, and the words that show it."""

    idea: str
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Brief:
    """All that a speaker gets to know.

    `do` is the step's verb, `ask` and `paragraph` what the learner sees, `answer` what they wrote last. `authored`
    are the teacher's words for the move; a `tell` has several: one for each idea, or the right option and its why, or
    the target words and their why. `met` is what the answer newly showed, `words` the target words found so far of
    `needed`, `decoys` words that do not fit. `turn` is the number of the answer, for variety without chance.
    """

    move: Move
    do: StepVerb
    ask: str
    paragraph: str
    answer: str = ""
    authored: tuple[str, ...] = ()
    met: tuple[Met, ...] = ()
    partly: bool = False
    not_judged: bool = False
    in_need: bool = False
    changing: bool = False
    turn: int = 0
    words: tuple[str, ...] = ()
    needed: int = 0
    decoys: tuple[str, ...] = ()
    terms: tuple[str, ...] = ()
    meanings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Utterance:
    """What is said, and who worded it (`scripted`, or the model's name)."""

    text: str
    by: str


class Speaker(Protocol):
    """Words a move. It never raises for a machine's failure: the teacher's words are always there to fall back on."""

    @property
    def name(self) -> str:
        """Who speaks: `scripted`, or the model's name."""
        ...

    def speak(self, brief: Brief) -> Awaitable[Utterance]:
        """Put the move into words."""
        ...
