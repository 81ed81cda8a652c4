"""The first line of a screen: what is open on the left, how far it has come on the right; and a banner for trouble."""

from __future__ import annotations

from rich.cells import cell_len, set_cell_size
from textual.app import RenderResult
from textual.content import Content
from textual.reactive import reactive
from textual.widget import Widget
from textual.widgets import Static

from tutor.core.clean import one_line
from tutor.tui.text import shown

_NAME = "Closeread"


class StatusBar(Widget):
    """One line; the title gives way where there is too little room."""

    left: reactive[str] = reactive("")
    right: reactive[str] = reactive("")

    def render(self) -> RenderResult:
        """Name and title, and the place at the right edge."""
        width = self.content_size.width
        right = one_line(self.right)
        title = one_line(self.left)
        room = width - cell_len(_NAME) - cell_len(right) - 5
        if cell_len(title) > room:
            title = set_cell_size(title, max(room - 1, 0)).rstrip() + "…" if room > 4 else ""
        name = Content.styled(_NAME, "bold $primary")
        text = name.append(shown(f" │ {title}")) if title else name
        gap = max(width - text.cell_length - cell_len(right), 1)
        return text.append(" " * gap).append(shown(right, "bold"))


class Banner(Static):
    """A standing sentence about something that needs attention; absent while all is well."""

    def __init__(self) -> None:
        super().__init__(markup=False)
        self.display = False

    def show(self, trouble: str | None, *, is_grave: bool = True) -> None:
        """Show the sentence, or nothing; it is not grave where nothing can be lost."""
        self.display = bool(trouble)
        self.set_class(not is_grave, "-mild")
        if trouble:
            self.update(Content.styled("! ", "bold").append(shown(trouble)))
