"""One block of an article on the screen, with what is pointed at in it."""

from __future__ import annotations

from dataclasses import dataclass

from textual import events
from textual.app import RenderResult
from textual.content import Content, Span
from textual.geometry import Offset, Size
from textual.message import Message
from textual.selection import Selection
from textual.widget import Widget

from tutor.core.article import Block
from tutor.tui.text import in_place
from tutor.tui.wrapping import Row, index_at, row_of, wrap

# Reverse and underline show what is picked where there are no colours.
CURSOR = "not reverse bold $cursor-text on $cursor"
RANGE = "reverse bold"
PICK = "$pick-text on $pick bold underline"
QUOTED = "underline"


@dataclass(frozen=True, slots=True)
class Painted:
    """Characters `start` to `end` of the block in a style."""

    start: int
    end: int
    style: str


class BlockView(Widget):
    """A title, a heading or a paragraph. Knows which character stands where, so that one can point at words."""

    class Pressed(Message):
        """The pointer went down, moved while down, or came up, at a character of a block."""

        def __init__(self, block: str, index: int, what: str) -> None:
            super().__init__()
            self.block = block
            self.index = index
            self.what = what

    def __init__(self, block: Block) -> None:
        super().__init__(classes=f"block-{block.kind}")
        self.block = block
        self.pointable = False
        self._painted: tuple[Painted, ...] = ()
        self._text = in_place(block.text)

    @property
    def allow_select(self) -> bool:
        """The mouse points here where the question asks for it; elsewhere it selects text to copy."""
        return not self.pointable

    def paint(self, painted: tuple[Painted, ...]) -> None:
        """Show characters in styles, the last one on top."""
        if painted != self._painted:
            self._painted = painted
            self.refresh()

    def rows(self) -> tuple[Row, ...]:
        """The rows of the block as they are shown now."""
        return wrap(self._text, self.content_size.width)

    def row_number(self, index: int) -> int:
        """The row of a character."""
        return row_of(self.rows(), index)

    def index_at(self, offset: Offset) -> int:
        """The character nearest to a place in the widget's content."""
        rows = self.rows()
        return index_at(self._text, rows[min(max(offset.y, 0), len(rows) - 1)], max(offset.x, 0))

    def get_content_width(self, container: Size, viewport: Size) -> int:
        """As wide as there is room."""
        return container.width

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """The number of rows at this width."""
        return len(wrap(self._text, width))

    def render(self) -> RenderResult:
        """The rows, with what is painted on them."""
        rows = self.rows()
        text = "\n".join(self._text[row.start : row.end] for row in rows)
        spans: list[Span] = []
        at = 0
        for row in rows:
            spans.extend(
                Span(at + max(each.start, row.start) - row.start, at + min(each.end, row.end) - row.start, each.style)
                for each in self._painted
                if each.start < row.end and each.end > row.start
            )
            at += row.end - row.start + 1
        return Content(text, spans=spans)

    def get_selection(self, selection: Selection) -> tuple[str, str] | None:
        """What the mouse selected, without the line breaks of the screen."""
        found = super().get_selection(selection)
        return (found[0].replace("\n", " "), found[1]) if found else None

    def on_mouse_down(self, event: events.MouseDown) -> None:
        """Begin to point."""
        if self.pointable:
            self.capture_mouse()
            self._press(event, "down")

    def on_mouse_move(self, event: events.MouseMove) -> None:
        """Go on pointing while the button is down."""
        if self.pointable and self.app.mouse_captured is self:
            self._press(event, "move")

    def on_mouse_up(self, event: events.MouseUp) -> None:
        """End pointing."""
        if self.pointable and self.app.mouse_captured is self:
            self.release_mouse()
            self._press(event, "up")

    def _press(self, event: events.MouseEvent, what: str) -> None:
        event.stop()
        offset = event.get_content_offset_capture(self)
        self.post_message(self.Pressed(self.block.id, self.index_at(offset), what))
