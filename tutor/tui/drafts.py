"""Keeps the half-typed answer on disk while it is typed, and never words that could be growing into distress."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from textual.timer import Timer
from textual.widget import Widget

from tutor.core.listening import safe_part
from tutor.core.phrases import Listening
from tutor.journal import Draft

if TYPE_CHECKING:
    from tutor.tui.house import Keeper

SECONDS = 1.0
"""How far behind the disk may be; at most two seconds are promised."""


class DraftKeeper:
    """Saves what `draft` gives, a moment after the first change that was not saved."""

    def __init__(
        self,
        owner: Widget,
        sitting: Keeper,
        listening: Listening,
        draft: Callable[[], Draft | None],
        saved: Callable[[], None],
    ) -> None:
        """`saved` is called when the disk was tried, whether it took the draft or not."""
        self._owner = owner
        self._sitting = sitting
        self._listening = listening
        self._draft = draft
        self._saved = saved
        self._timer: Timer | None = None

    def changed(self) -> None:
        """Something was typed."""
        if self._timer is None:
            self._timer = self._owner.set_timer(SECONDS, self.save)

    def save(self, *, leaving: bool = False) -> None:
        """Save now, as far as the text is safe to be on disk; what is there of the rest goes."""
        self._stop()
        draft = self._draft()
        if draft is None:
            return
        text = safe_part(draft.text, self._listening, leaving=leaving)
        if text.strip():
            self._sitting.save_draft(replace(draft, text=text))
        else:
            self._sitting.drop_draft()
        self._saved()

    def drop(self) -> None:
        """The text was sent, or must not stay."""
        self._stop()
        self._sitting.drop_draft()

    def kept(self, step: str, sent: str) -> str:
        """The text that was kept for a step; empty where there is none, or where it was sent after all."""
        draft = self._sitting.draft()
        return draft.text if draft and draft.step == step and draft.text != sent else ""

    def _stop(self) -> None:
        if self._timer is not None:
            self._timer.stop()
            self._timer = None
