"""The conversation: what was said, newest at the bottom, and never scrolled away from somebody who reads further up."""

from __future__ import annotations

from collections.abc import Iterable

from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from tutor.report.transcript import Line
from tutor.tui.text import joined, shown

MOST = 120
"""Utterances kept on the screen; all of them can be read under "look back"."""

_LABELS = {
    "ask": "Question",
    "hint": "Hint",
    "prompt": "Hint",
    "probe": "Tell me more",
    "misconception": "Think again",
    "option": "Look again",
    "look-again": "Look again",
    "tell": "Here it is",
    "secure": "✓ Found",
    "settled": "✓ Done",
    "noted": "Noted",
    "review": "Feedback",
    "rest": "A stopping point",
    "finished": "The end",
}


def worded(line: Line) -> Content:
    """A line with who says it or what it is in front, so that no colour is needed to tell."""
    if line.who == "learner":
        return joined(("You  ", "bold $learner"), line.text)
    if line.who == "note":
        return joined(("· ", "$note"), (line.text, "$note"))
    label = _LABELS.get(line.kind)
    return joined((f"{label}  ", "bold $tutor"), line.text) if label else shown(line.text)


class Utterance(Static):
    """One thing that was said."""

    def __init__(self, line: Line) -> None:
        super().__init__(worded(line), markup=False, classes=f"-{line.who} -kind-{line.kind}")
        self.line = line


class StepRule(Static):
    """The line between two steps."""

    def __init__(self, title: str) -> None:
        super().__init__(Content.styled(f"── {title} ", "bold $muted"), markup=False)


class Log(VerticalScroll, can_focus=True):
    """The utterances."""


class TalkPane(Vertical):
    """The conversation and the sign that more of it is below."""

    BELOW = "▼ more below: PageDown"

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002  Textual's name
        super().__init__(id=id)
        self.log_view = Log(id="log")
        self._below = Static(self.BELOW, markup=False, id="below")
        self._fresh: list[Widget] = []
        self._put_at: float = 0
        self._reading = False

    def compose(self) -> Iterable[Widget]:
        """The utterances above the sign."""
        yield self.log_view
        yield self._below

    def on_mount(self) -> None:
        """Keep the sign true."""
        self._below.display = False
        self.watch(self.log_view, "scroll_y", self._show_below, init=False)
        self.watch(self.log_view, "virtual_size", self._show_below, init=False)

    @property
    def last_said(self) -> str:
        """What the tutor said last."""
        said = [each.line.text for each in self.query(Utterance) if each.line.who == "tutor"]
        return said[-1] if said else ""

    async def clear(self) -> None:
        """Start empty."""
        await self.log_view.remove_children()
        self._fresh.clear()

    async def add(self, widgets: Iterable[Widget]) -> None:
        """Put new utterances at the bottom."""
        new = list(widgets)
        if not new:
            return
        if not self._fresh:
            self._reading = self._is_reading()
        await self.log_view.mount_all(new)
        self._fresh.extend(new)
        surplus = len(self.log_view.children) - MOST
        if surplus > 0 and not self._reading:
            await self.log_view.remove_children(list(self.log_view.children)[:surplus])

    def settle(self) -> None:
        """All that belongs to this turn has been added: show where it begins, unless the learner reads elsewhere."""
        fresh, self._fresh = self._fresh, []
        if fresh and not self._reading:
            self.call_after_refresh(self._show_from, fresh)

    def settle_at_end(self) -> None:
        """What was said before has been added: show the end of it."""
        self._fresh.clear()
        self.call_after_refresh(self.show_end)

    def page(self, direction: int) -> None:
        """Scroll the conversation a page, from wherever the focus is."""
        if direction < 0:
            self.log_view.scroll_page_up(animate=False)
        else:
            self.log_view.scroll_page_down(animate=False)

    def show_end(self) -> None:
        """Scroll to the newest words."""
        self.log_view.scroll_end(animate=False, force=True)
        self._put_at = self.log_view.max_scroll_y

    def _is_reading(self) -> bool:
        """Whether the learner has scrolled away from where the last turn was shown."""
        log = self.log_view
        return log.scroll_y < log.max_scroll_y and log.scroll_y < self._put_at

    def _show_from(self, fresh: list[Widget]) -> None:
        log = self.log_view
        said = [each for each in fresh if isinstance(each, Utterance) and each.line.who != "learner"]
        top = (said or fresh)[0].virtual_region.y
        self._put_at = min(top, log.max_scroll_y)
        log.scroll_to(y=self._put_at, animate=False, force=True)
        self._show_below()

    def _show_below(self) -> None:
        self._below.display = self.log_view.scroll_y < self.log_view.max_scroll_y
