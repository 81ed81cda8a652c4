"""What the workers of the lesson screen report to it."""

from __future__ import annotations

from textual.message import Message

from tutor.core.events import Event


class Happened(Message):
    """An event of the conversation; it is recorded already."""

    def __init__(self, event: Event) -> None:
        super().__init__()
        self.event = event


class TurnOver(Message):
    """All that the last action led to has happened; `problem` is a sentence where it went wrong."""

    def __init__(self, problem: str = "") -> None:
        super().__init__()
        self.problem = problem
