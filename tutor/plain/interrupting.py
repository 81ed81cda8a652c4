"""What Ctrl+C means: not to wait for a model any more, or what it always means."""

from __future__ import annotations

import asyncio
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from time import monotonic
from types import FrameType

from tutor.conversation import Conversation

GRACE = 0.5
"""Seconds after a wait in which Ctrl+C may still be meant for it."""


class Interrupts:
    """While a model is waited for, Ctrl+C goes on without it; just after that it does nothing; at any other time it
    does what it always did.
    """

    def __init__(self, conversation: Conversation) -> None:
        self._conversation = conversation
        self._grace_until = 0.0

    def waited(self) -> None:
        """A model was waited for until now: who presses Ctrl+C may not know yet that it is over."""
        self._grace_until = monotonic() + GRACE

    @contextmanager
    def heard(self, loop: asyncio.AbstractEventLoop) -> Iterator[None]:
        """Listen. By a handler, because an exception could strike in the middle of the turn and end it."""
        before = signal.getsignal(signal.SIGINT)
        if before is None or threading.current_thread() is not threading.main_thread():
            yield
            return

        def interrupted(number: int, frame: FrameType | None) -> None:
            if self._conversation.is_waiting:
                self.waited()
                loop.call_soon_threadsafe(self._conversation.go_on_without)
            elif monotonic() >= self._grace_until and callable(before):
                before(number, frame)

        signal.signal(signal.SIGINT, interrupted)
        try:
            yield
        finally:
            signal.signal(signal.SIGINT, before)
