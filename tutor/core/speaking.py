"""The door to a speaker: it words a move that is already decided.

It knows the move, its authored words and what was met; it is not shown the unmet criteria, their answers or the
samples. Only where the ladder has ended (`tell`) do the answers stand in the brief, as the authored words to be said.
"""

from __future__ import annotations

from collections.abc import Awaitable
from dataclasses import dataclass
from typing import Protocol

from tutor.core.events import Call, Doubt
from tutor.core.grading import NearMiss
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
    the target words left and their why. `met` is what the answer newly showed, `words` the target words found so far of
    `needed`, `decoys` words in the last answer that do not fit, `near` a pick at the right place that does not hit it.
    `doubt` is why words of an idea do not meet it yet. `alone` says that the step goes without help. `turn` is the
    number of the answer, for variety without chance. `where` is the word of the text that a question back is about, and
    the sentence it stands in. `attempt` counts from 0: a speaker whose words did not pass the guard is asked once more.
    `ages` are those of the learners, `lang` is the lesson's language.
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
    doubt: Doubt | None = None
    in_need: bool = False
    alone: bool = False
    changing: bool = False
    turn: int = 0
    words: tuple[str, ...] = ()
    needed: int = 0
    decoys: tuple[str, ...] = ()
    near: NearMiss | None = None
    terms: tuple[str, ...] = ()
    meanings: tuple[str, ...] = ()
    where: tuple[str, str] | None = None
    ages: tuple[int, int] | None = None
    lang: str = "en"
    attempt: int = 0


@dataclass(frozen=True, slots=True)
class Utterance:
    """What is said, and who worded it (`scripted`, or the model's name).

    `text` is the speaker's own wording; the guard judges it. `lead` is what stands before it and is not the speaker's:
    our fixed phrases with the learner's words in them. `calls` are the questions to a model.
    """

    text: str
    by: str
    lead: str = ""
    calls: tuple[Call, ...] = ()


class SpeakerError(Exception):
    """A speaker could not word a move: the teacher's words stand in.

    `reason` is why, in a few words for the record; `trouble` is a sentence for people where a model could not be asked;
    `calls` are the questions to a model that were answered all the same.
    """

    def __init__(self, reason: str, trouble: str = "", calls: tuple[Call, ...] = ()) -> None:
        super().__init__(reason)
        self.reason = reason
        self.trouble = trouble
        self.calls = calls


class Speaker(Protocol):
    """Words a move; SpeakerError where it cannot: the teacher's words are always there to fall back on."""

    @property
    def name(self) -> str:
        """Who speaks: `scripted`, or the model's name."""
        ...

    def speak(self, brief: Brief) -> Awaitable[Utterance]:
        """Put the move into words."""
        ...
