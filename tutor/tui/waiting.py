"""How long the tutor takes over a turn, and how long a model has been waited for in it."""

from __future__ import annotations

from collections.abc import Callable
from time import monotonic

from textual.timer import Timer
from textual.widget import Widget

from tutor.conversation import Conversation

PATIENCE = 0.3
"""Seconds before anything is said at all: most turns are over by then."""
_TICK = 0.2
GRACE = 0.5
"""Seconds after a wait in which Esc may still be meant for it."""


class Waiting:
    """Looks, while a turn lasts, whether a model is waited for; calls `changed` when there is something else to say."""

    def __init__(self, owner: Widget, conversation: Conversation, changed: Callable[[], None]) -> None:
        self._owner = owner
        self._conversation = conversation
        self._changed = changed
        self._timer: Timer | None = None
        self._begun = 0.0
        self._asked_at: float | None = None
        self._has_waited = False
        self._grace_until = 0.0
        self._words = ""

    @property
    def words(self) -> str:
        """What stands above the answer meanwhile; empty while there is nothing to say."""
        if self._timer is None:
            return ""
        now = monotonic()
        if self._asked_at is not None and self._conversation.is_waiting:
            return f"Thinking ... {int(now - self._asked_at)} s, Esc to go on without waiting"
        return "The tutor is reading ..." if now - self._begun >= PATIENCE else ""

    @property
    def for_model(self) -> bool:
        """Whether a model is waited for, so that one can go on without it."""
        return self._timer is not None and self._conversation.is_waiting

    @property
    def is_just_over(self) -> bool:
        """Whether a wait of this turn has ended, or one ended a moment ago: who presses Esc now may not know it yet."""
        if self.for_model:
            return False
        return self._has_waited if self._timer is not None else monotonic() < self._grace_until

    def begin(self) -> None:
        """A turn begins."""
        self.end()
        self._begun = monotonic()
        self._timer = self._owner.set_interval(_TICK, self._look)

    def go_on(self) -> None:
        """The turn goes on without a model."""
        self._has_waited = True
        self._asked_at, self._begun = None, monotonic()

    def end(self) -> None:
        """The turn is over."""
        if self._timer is not None:
            self._timer.stop()
        if self._has_waited:
            self._grace_until = monotonic() + GRACE
        self._timer = self._asked_at = None
        self._has_waited = False
        self._words = ""

    def _look(self) -> None:
        if not self._conversation.is_waiting:
            self._asked_at = None
        elif self._asked_at is None:
            self._has_waited = True
            self._asked_at = monotonic()
        words = self.words
        if words != self._words:
            self._words = words
            self._changed()
