"""What all screens and dialogs share: the sentence for a window that is too small, and the frame of a dialog."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar, TypeVar

from textual.app import ComposeResult
from textual.await_complete import AwaitComplete
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.geometry import Size
from textual.screen import ModalScreen, Screen
from textual.widget import Widget
from textual.widgets import Static

from tutor.tui.text import shown, shown_line
from tutor.tui.widgets.choices import Choice, Choices
from tutor.tui.widgets.room import Column

Result = TypeVar("Result")

SMALLEST = (60, 20)
BREADTHS = [(0, "-tiny"), (SMALLEST[0], "-narrow"), (100, "-wide")]
HEIGHTS = [(0, "-flat"), (SMALLEST[1], "-low"), (30, "-high")]

_LEAST_TEXT = 4
"""Rows of a text that stay beside what one chooses from."""


class TooSmall(Static):
    """Covers a screen that has too little room, without taking its focus or its text away."""

    def __init__(self) -> None:
        columns, rows = SMALLEST
        super().__init__(
            # So short that it can be read in a window of 20 columns and 5 lines.
            f"This is too small: {columns} columns and {rows} lines are needed. Nothing is lost. F10 leaves.",
            markup=False,
        )


def is_too_small(size: Size) -> bool:
    """Whether a screen of this size shows nothing but the sentence about it."""
    return size.width < SMALLEST[0] or size.height < SMALLEST[1]


class ClosesOnce(Screen[Result]):
    """A screen with one result. Keys come faster than it goes: what they choose after the first choice is not heard.

    Textual would close whatever lies on top then: the screen below, and the one below that.
    """

    def dismiss(self, result: Result | None = None) -> AwaitComplete:
        """Close with a result, unless it has closed already or another screen lies above it."""
        return super().dismiss(result) if self.app.screen is self else AwaitComplete()


class Dialog(ClosesOnce[Result], ModalScreen[Result]):
    """A frame above a screen, with a title; Escape closes it."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "close", "Close", show=False)]
    AUTO_FOCUS = "Choices, Input, VerticalScroll"
    FOOT = "Esc closes"

    def __init__(self, title: str) -> None:
        super().__init__()
        self._title = title

    def compose(self) -> ComposeResult:
        """Title, body and foot in a frame."""
        with Column((_is_text, _LEAST_TEXT), (_is_choices, 1), classes="frame") as frame:
            frame.border_subtitle = self.FOOT
            yield Static(shown_line(self._title), markup=False, classes="dialog-title")
            yield from self.body()
        yield TooSmall()

    def body(self) -> Iterable[Widget]:
        """What stands in the frame."""
        raise NotImplementedError

    def action_close(self) -> None:
        """Close without a choice."""
        self.dismiss(None)


def _is_choices(widget: Widget) -> bool:
    return isinstance(widget, Choices)


def _is_text(widget: Widget) -> bool:
    return isinstance(widget, VerticalScroll) and not _is_choices(widget)


class TextDialog(Dialog[None]):
    """Something to read."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter,q", "close", show=False),
        Binding("f9,ctrl+c", "screen.copy_text", show=False),
    ]

    def __init__(self, title: str, parts: Iterable[Content | str | Widget], *, at_end: bool = False) -> None:
        super().__init__(title)
        self._parts = tuple(parts)
        self._at_end = at_end

    def body(self) -> Iterable[Widget]:
        """The parts, one below the other."""
        yield VerticalScroll(*map(_as_widget, self._parts))

    def on_mount(self) -> None:
        """Begin at the end where that is wanted."""
        if self._at_end:
            self.call_after_refresh(self.query_one(VerticalScroll).scroll_end, animate=False, force=True)


def _as_widget(part: Content | str | Widget) -> Widget:
    if isinstance(part, Widget):
        return part
    return Static(part if isinstance(part, Content) else shown(part), markup=False, classes="part")


class ChoiceDialog(Dialog[str | None]):
    """A question with a few answers; the result is the id of the one chosen, None for Escape."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("pageup", "page(-1)", show=False, priority=True),
        Binding("pagedown", "page(1)", show=False, priority=True),
    ]
    FOOT = "Choose by key, or with arrows and Enter · Esc closes"

    def __init__(self, title: str, text: str, choices: Iterable[Choice], *, highlight: int | None = 0) -> None:
        super().__init__(title)
        self._text = text
        self._choices = tuple(choices)
        self._highlight = highlight

    def body(self) -> Iterable[Widget]:
        """The text and the choices."""
        if self._text:
            yield VerticalScroll(Static(shown(self._text), markup=False), classes="dialog-text", can_focus=False)
        yield Choices(self._choices, highlight=self._highlight)

    def action_page(self, direction: int) -> None:
        """Scroll the text while the choices have the keys."""
        for text in self.query(".dialog-text"):
            text.scroll_relative(y=direction * (text.size.height - 1), animate=False)

    def on_choices_chosen(self, event: Choices.Chosen) -> None:
        """Close with the choice."""
        self.dismiss(event.choice.id)
