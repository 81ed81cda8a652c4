"""The first line of a screen: what is open on the left, how far it has come on the right; and a banner for trouble."""

from __future__ import annotations

import re

from rich.cells import cell_len, set_cell_size
from textual.app import RenderResult
from textual.containers import Vertical
from textual.content import Content
from textual.reactive import reactive
from textual.widget import Widget
from textual.widgets import Static

from tutor.core.clean import one_line
from tutor.tui.text import shown

_NAME = "Closeread"
_END = re.compile(r"(?<=[.!?])\s+")


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


class Banner(Vertical):
    """A standing sentence about something that needs attention; absent while all is well.

    What is said beyond the first sentence is for whoever can mend it: it stands below, where the window is wide.
    """

    def __init__(self) -> None:
        self._sentence = Static("", markup=False)
        self._details = Static("", markup=False, classes="details")
        super().__init__(self._sentence, self._details)
        self.display = False

    def show(self, trouble: str | None, *, is_grave: bool = True) -> None:
        """Show the trouble, or nothing; it is not grave where nothing can be lost, and then its details may be left
        out.
        """
        self.display = bool(trouble)
        self.set_class(not is_grave, "-mild")
        if trouble:
            sentence, details = (trouble, "") if is_grave else split_sentence(trouble)
            self._sentence.update(Content.styled("! ", "bold").append(shown(sentence)))
            self._details.update(shown(details))
            self.set_class(bool(details), "-detailed")


def split_sentence(text: str) -> tuple[str, str]:
    """The first sentence of a text, and the rest."""
    first, *rest = _END.split(text.strip(), maxsplit=1)
    return first, "".join(rest)
