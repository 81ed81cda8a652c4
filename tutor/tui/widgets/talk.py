"""The conversation: what was said, newest at the bottom, and never scrolled away from somebody who reads further up."""

from __future__ import annotations

from collections.abc import Iterable

from textual.app import RenderResult
from textual.containers import VerticalScroll
from textual.content import Content
from textual.message import Message
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


class StepRule(Widget):
    """The line between two steps."""

    def __init__(self, title: str) -> None:
        super().__init__()
        self._title = title

    def render(self) -> RenderResult:
        """The title in a line as wide as there is room."""
        title = f"── {self._title} "
        return Content.styled(title, "bold $muted").append(Content.styled("─" * 400, "$visited"))[
            : self.content_size.width
        ]


class TalkPane(VerticalScroll, can_focus=True):
    """The utterances. Posts `Below` when there comes to be, or no longer is, something further down."""

    class Below(Message):
        """Whether there is more below what can be seen."""

        def __init__(self, *, more: bool) -> None:
            super().__init__()
            self.more = more

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002  Textual's name
        super().__init__(id=id)
        self._fresh: list[Widget] = []
        self._put_at: float = 0
        self._reading = False
        self._more = False

    @property
    def last_said(self) -> str:
        """What the tutor said last."""
        said = [each.line.text for each in self.query(Utterance) if each.line.who == "tutor"]
        return said[-1] if said else ""

    async def add(self, widgets: Iterable[Widget]) -> None:
        """Put new utterances at the bottom."""
        new = list(widgets)
        if not new:
            return
        if not self._fresh:
            self._reading = self._is_reading()
        await self.mount_all(new)
        self._fresh.extend(new)
        surplus = len(self.children) - MOST
        if surplus > 0 and not self._reading:
            await self.remove_children(list(self.children)[:surplus])

    def settle(self) -> None:
        """All that belongs to this turn has been added: show where it begins, unless the learner reads elsewhere."""
        fresh, self._fresh = self._fresh, []
        if fresh and not self._reading:
            self.call_after_refresh(self._show_from, fresh)
        else:
            self.call_after_refresh(self._say_below)

    def settle_at_end(self) -> None:
        """What was said before has been added: show the end of it."""
        self._fresh.clear()
        self.call_after_refresh(self._show_end)

    def page(self, direction: int) -> None:
        """Scroll a page, from wherever the focus is."""
        if direction < 0:
            self.scroll_page_up(animate=False)
        else:
            self.scroll_page_down(animate=False)

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        """Say whether there is more below."""
        super().watch_scroll_y(old_value, new_value)
        self._say_below()

    def on_resize(self) -> None:
        """Whoever was at the newest words stays there."""
        if not self._is_reading():
            self.call_after_refresh(self._show_end)
        self.call_after_refresh(self._say_below)

    def _is_reading(self) -> bool:
        """Whether the learner has scrolled up from where the last turn was shown."""
        return self.scroll_y < self.max_scroll_y and self.scroll_y < self._put_at

    def _show_end(self) -> None:
        self._put_at = self.max_scroll_y
        self.scroll_end(animate=False, force=True)
        self._say_below()

    def _show_from(self, fresh: list[Widget]) -> None:
        said = [each for each in fresh if isinstance(each, Utterance) and each.line.who != "learner"]
        top = (said or fresh)[0].virtual_region.y
        self._put_at = min(top, self.max_scroll_y)
        self.scroll_to(y=self._put_at, animate=False, force=True)
        self._say_below()

    def _say_below(self) -> None:
        more = self.scroll_y < self.max_scroll_y
        if more != self._more:
            self._more = more
            self.post_message(self.Below(more=more))
