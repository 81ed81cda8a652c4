"""The footer: the keys of the present task and of the screen, on as many lines as they take."""

from __future__ import annotations

from rich.cells import cell_len
from textual import events
from textual.app import RenderResult
from textual.content import Content
from textual.geometry import Size
from textual.style import Style
from textual.widget import Widget

from tutor.tui.keys import Key, Tip

_GAPS = ("  ", " ")
_MOST_ROWS = 2


class KeyBar(Widget):
    """Keys and their names; a click on one does what the key does."""

    def __init__(self, keys: tuple[Key, ...]) -> None:
        super().__init__()
        self._keys = keys
        self._tips: tuple[Tip, ...] = ()
        self._left_out: frozenset[str] = frozenset()
        self._renamed: dict[str, str] = {}

    def show(
        self, tips: tuple[Tip, ...], left_out: frozenset[str] = frozenset(), renamed: dict[str, str] | None = None
    ) -> None:
        """Show the keys of the present task before those of the screen, without the actions that make no sense now."""
        self._tips, self._left_out, self._renamed = tips, left_out, renamed or {}
        self.refresh(layout=True)

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """As many lines as the keys take at this width."""
        return len(self._rows(width)[1])

    def render(self) -> RenderResult:
        """The keys, row by row."""
        gap, rows = self._rows(self.content_size.width)
        return Content("\n").join(Content(gap).join(map(_worded, row)) for row in rows)

    def _always(self) -> list[Tip]:
        return [
            Tip(key.shown, self._renamed.get(key.action, key.label), key.action)
            for key in self._keys
            if key.action not in self._left_out
        ]

    def _rows(self, width: int) -> tuple[str, list[list[Tip]]]:
        """The keys with room between them, or with less where they would take too many rows."""
        wide = self._rows_with(_GAPS[0], width)
        return (_GAPS[0], wide) if len(wide) <= _MOST_ROWS else (_GAPS[1], self._rows_with(_GAPS[1], width))

    def _rows_with(self, gap: str, width: int) -> list[list[Tip]]:
        rows: list[list[Tip]] = [[]]
        used = 0
        for tip in (*self._tips, *self._always()):
            size = cell_len(f"{tip.shown} {tip.label}")
            if rows[-1] and used + len(gap) + size > width:
                rows.append([])
                used = 0
            used += size + (len(gap) if rows[-1] else 0)
            rows[-1].append(tip)
        return rows

    async def on_click(self, event: events.Click) -> None:
        """Do what the key under the pointer does; the actions are our own, never part of a text."""
        action = event.style.meta.get("tip")
        if action:
            await self.run_action(action if "." in action else f"screen.{action}")


def _worded(tip: Tip) -> Content:
    words = Content.styled(tip.shown, "bold $accent").append(Content(f" {tip.label}"))
    return words.stylize(Style.from_meta({"tip": tip.action}))
