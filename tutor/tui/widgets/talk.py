"""The conversation: what was said, newest at the bottom, and never scrolled away from somebody who reads further up."""

from __future__ import annotations

from collections.abc import Iterable

from textual.app import RenderResult
from textual.containers import VerticalScroll
from textual.content import Content
from textual.geometry import Size
from textual.message import Message
from textual.widget import Widget
from textual.widgets import Static

from tutor.core import events as e
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
    "tell": "Answer",
    "secure": "✓ Found",
    "settled": "✓ Done",
    "review": "Feedback",
    "rest": "A stopping point",
    "finished": "The end",
}


def label_of(payload: e.Payload, line: Line) -> str:
    """What a line is, in a word or two. A new idea comes before help for the next one, but not in the exit ticket."""
    if line.who == "learner":
        return "You"
    if line.who == "note":
        return "·"
    if isinstance(payload, e.Moved) and payload.met and payload.move != "noted":
        return "✓ Found"
    return _LABELS.get(line.kind, "")


def worded(payload: e.Payload, line: Line) -> Content:
    """A line with who says it or what it is in front, so that no colour is needed to tell."""
    label = label_of(payload, line)
    style = {"learner": "$learner", "note": "$note"}.get(line.who, "$tutor")
    text = shown(line.text, "$note" if line.who == "note" else "")
    return joined((f"{label}  ", f"bold {style}"), text) if label else text


class Utterance(Static):
    """One thing that was said."""

    def __init__(self, payload: e.Payload, line: Line) -> None:
        super().__init__(worded(payload, line), markup=False, classes=f"-{line.who}")
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
        self._top: Widget | None = None
        self._question: Widget | None = None
        self._put_at: float = 0
        self._laid: tuple[Size, Size] | None = None
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
        await self.mount_all(new)
        self._fresh.extend(new)
        surplus = len(self.children) - MOST
        if surplus > 0 and not self._reading:
            await self.remove_children(list(self.children)[:surplus])

    def follow(self) -> None:
        """The learner acts: whoever did read further up wants to see what comes of it."""
        self._reading = False

    def settle(self) -> None:
        """All that belongs to this turn has been added: show where it begins, unless the learner reads elsewhere."""
        fresh, self._fresh = self._fresh, []
        if fresh:
            said = [each for each in fresh if isinstance(each, Utterance) and each.line.who != "learner"]
            self._top = (said or fresh)[0]
            asked = [each for each in said if each.line.kind == "ask"]
            self._question = asked[-1] if asked else None
        self.call_after_refresh(self._place)

    def settle_so_far(self) -> None:
        """The turn is not over yet, and takes its time: show what has been added so far."""
        if self._fresh:
            self.settle()

    def settle_at_end(self) -> None:
        """What was said before has been added: show the end of it."""
        self._fresh.clear()
        self._top = self._question = None
        self.call_after_refresh(self._place)

    def page(self, direction: int) -> None:
        """Scroll a page, from wherever the focus is."""
        if direction < 0:
            self.scroll_page_up(animate=False)
        else:
            self.scroll_page_down(animate=False)

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        """Whoever scrolls up reads there, and is left in peace until they come back down."""
        super().watch_scroll_y(old_value, new_value)
        if self._laid == (self.size, self.virtual_size):
            self._reading = new_value < min(self._put_at, self.max_scroll_y)
        self._say_below()

    def on_resize(self) -> None:
        """Keep the place."""
        self._laid = None
        self.call_after_refresh(self._place)

    def keep_place(self) -> None:
        """Show the present turn again, after something else lay over the conversation."""
        self.call_after_refresh(self._place)

    def _place(self) -> None:
        """Show the present turn from where it begins, as far as that is possible."""
        if self._top is not None and not self._top.virtual_region.height:
            return  # it has not been laid out: another screen lies above this one
        if not self._reading:
            self._put_at = min(self._begin(), self.max_scroll_y)
            self.scroll_to(y=self._put_at, animate=False, force=True, immediate=True)
        self._laid = (self.size, self.virtual_size)
        self._say_below()

    def _begin(self) -> float:
        """The first row to show: that of the turn, or a later one where a new question would not be seen whole."""
        if self._top is None:
            return self.max_scroll_y
        begin = self._top.virtual_region.y
        if self._question is None:
            return begin
        question = self._question.virtual_region
        return max(begin, min(question.y, question.bottom - self.size.height))

    def _say_below(self) -> None:
        more = self.scroll_y < self.max_scroll_y
        if more != self._more:
            self._more = more
            self.post_message(self.Below(more=more))
