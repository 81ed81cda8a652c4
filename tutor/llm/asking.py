"""The door to a language model: a prompt goes in, a whole reply or a trouble comes out."""

from __future__ import annotations

from collections.abc import Awaitable, Mapping
from dataclasses import dataclass
from typing import Any, Literal, Protocol

from tutor.core.events import Call
from tutor.errors import TutorError

TroubleKind = Literal[
    "refused", "unknown-host", "slow-connect", "slow-first", "slow-gap", "slow-total", "unauthorised", "no-model",
    "no-such-path", "bad-request", "too-long", "busy", "server-error", "not-an-endpoint", "broken-off", "garbage",
    "empty", "only-reasoning", "prompt-cut", "reply-cut", "unready",
]  # fmt: skip
"""Why there is no reply that can be used. `prompt-cut`: the server read less than it was sent."""


class ModelError(TutorError):
    """The model gave no reply that can be used. Its words say what happened, where (URL and model) and what to do."""

    def __init__(self, kind: TroubleKind, message: str, call: Call | None = None) -> None:
        super().__init__(message)
        self.kind = kind
        self.call = call


@dataclass(frozen=True, slots=True)
class Prompt:
    """What is sent: static text first, what the learner wrote last.

    `hash` names the prompt file's version, `schema` is a JSON Schema that the reply has to keep to, `tokens` the most
    that the reply may take.
    """

    system: str
    user: str
    hash: str
    schema: Mapping[str, Any] | None = None
    tokens: int = 64
    temperature: float = 0.0


@dataclass(frozen=True, slots=True)
class Token:
    """One token of a reply and, where the server tells, what else could have stood there: text to log probability."""

    text: str
    alternatives: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Reply:
    """The whole of a reply. `tokens` is empty where the server gives no log probabilities."""

    text: str
    call: Call
    tokens: tuple[Token, ...] = ()


class Model(Protocol):
    """A model at an endpoint. It may be cancelled at any await: the connection is closed then."""

    @property
    def name(self) -> str:
        """The model's name as it is configured."""
        ...

    def ask(self, prompt: Prompt) -> Awaitable[Reply]:
        """Send a prompt and wait for the whole reply; ModelError."""
        ...

    def room(self, prompt: Prompt) -> int:
        """How many tokens of the context are left beside this prompt and its reply; negative where it does not fit."""
        ...
