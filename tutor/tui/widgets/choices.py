"""A list to choose from: by the key shown before each entry, by arrows and Enter, or with the mouse."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import ClassVar

from textual import events
from textual.app import RenderResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.geometry import Size
from textual.message import Message
from textual.reactive import reactive
from textual.widget import Widget

from tutor.core.clean import clean
from tutor.tui.text import shown
from tutor.tui.wrapping import wrap


@dataclass(frozen=True, slots=True)
class Choice:
    """One entry: what it is called in the program, its key, its words, smaller words below, and a mark after it.

    An entry that is not `enabled` can be read and is chosen only to be told why not.
    """

    id: str
    key: str
    text: str
    detail: str = ""
    mark: str = ""
    enabled: bool = True


class Entry(Widget):
    """One entry on the screen, its lines under one another to the right of the key."""

    _INDENT = 5

    def __init__(self, choice: Choice) -> None:
        super().__init__()
        self.choice = choice
        self.set_class(not choice.enabled, "-disabled")
        self._text = clean(f"{choice.text} {choice.mark}".strip() if choice.mark else choice.text)
        self._detail = clean(choice.detail)

    def get_content_width(self, container: Size, viewport: Size) -> int:
        """As wide as there is room."""
        return container.width

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """The number of lines at this width."""
        return len(self._lines(width))

    def render(self) -> RenderResult:
        """The key, the words, the details."""
        chosen = self.has_class("-highlight")
        head = Content(" ▸ " if chosen else "   ").append(Content.styled(f"{self.choice.key:<2}", "bold"))
        lines = self._lines(self.content_size.width)
        rest = Content(" " * self._INDENT)
        return Content("\n").join((head if n == 0 else rest).append(line) for n, line in enumerate(lines))

    def _lines(self, width: int) -> list[Content]:
        room = max(width - self._INDENT, 1)
        text = [shown(self._text[row.start : row.end]) for row in wrap(self._text, room)]
        if not self._detail:
            return text
        style = "" if self.has_class("-highlight") else "$muted"
        return text + [shown(self._detail[row.start : row.end], style) for row in wrap(self._detail, room)]


class Choices(VerticalScroll, can_focus=True):
    """Entries to choose one of. Nothing is highlighted at first, so that a stray Enter chooses nothing."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "move(-1)", show=False),
        Binding("down", "move(1)", show=False),
        Binding("home", "first", show=False),
        Binding("end", "last", show=False),
        Binding("enter", "choose", show=False),
    ]

    highlighted: reactive[int | None] = reactive(None)

    class Chosen(Message):
        """An entry was chosen."""

        def __init__(self, choices: Choices, choice: Choice) -> None:
            super().__init__()
            self.choices = choices
            self.choice = choice

        @property
        def control(self) -> Choices:
            """The list it belongs to."""
            return self.choices

    class Hidden(Message):
        """Whether there are lines above and below those that can be seen."""

        def __init__(self, *, above: bool, below: bool) -> None:
            super().__init__()
            self.above = above
            self.below = below

    def __init__(self, choices: Iterable[Choice] = (), *, id: str | None = None, highlight: int | None = None) -> None:  # noqa: A002  Textual's name
        super().__init__(*(Entry(choice) for choice in choices), id=id)
        self._first_highlight = highlight
        self._hidden = (False, False)

    def on_mount(self) -> None:
        """Highlight what was asked for."""
        self.highlighted = self._first_highlight

    @property
    def entries(self) -> list[Entry]:
        """The entries in order."""
        return [child for child in self.children if isinstance(child, Entry)]

    async def show(self, choices: Iterable[Choice], *, highlight: int | None = None) -> None:
        """Put other entries in place of these."""
        self.highlighted = None
        await self.remove_children()
        await self.mount_all(Entry(choice) for choice in choices)
        self.highlighted = highlight

    def validate_highlighted(self, highlighted: int | None) -> int | None:
        """Inside the list."""
        if highlighted is None or not self.children:
            return None
        return min(max(highlighted, 0), len(self.children) - 1)

    def watch_highlighted(self, highlighted: int | None) -> None:
        """Show which entry Enter would choose."""
        for number, entry in enumerate(self.entries):
            if entry.has_class("-highlight") != (number == highlighted):
                entry.set_class(number == highlighted, "-highlight")
                entry.refresh(layout=True)
        self._follow()

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        """Say what can be seen now."""
        super().watch_scroll_y(old_value, new_value)
        self._say_hidden()

    def on_resize(self) -> None:
        """Keep what is highlighted in view."""
        self.call_after_refresh(self._follow)

    def _follow(self) -> None:
        if self.highlighted is not None and self.highlighted < len(self.entries):
            self.scroll_to_widget(self.entries[self.highlighted], animate=False)
        self._say_hidden()

    def _say_hidden(self) -> None:
        hidden = (self.scroll_y > 0, self.scroll_y < self.max_scroll_y)
        if hidden != self._hidden:
            self._hidden = hidden
            self.post_message(self.Hidden(above=hidden[0], below=hidden[1]))

    def action_move(self, steps: int) -> None:
        """Highlight the next entry or the one before."""
        if self.highlighted is None:
            self.highlighted = 0 if steps > 0 else len(self.children) - 1
        else:
            self.highlighted += steps

    def action_first(self) -> None:
        """Highlight the first entry."""
        self.highlighted = 0

    def action_last(self) -> None:
        """Highlight the last entry."""
        self.highlighted = len(self.children) - 1

    def action_choose(self) -> None:
        """Choose the highlighted entry."""
        if self.highlighted is not None:
            self.choose(self.entries[self.highlighted])

    def choose(self, entry: Entry) -> None:
        """Choose an entry."""
        self.post_message(self.Chosen(self, entry.choice))

    def on_key(self, event: events.Key) -> None:
        """Choose by the key shown before an entry."""
        number = self.chosen_by(event)
        if number is not None:
            event.stop()
            event.prevent_default()
            self.highlighted = number
            self.choose(self.entries[number])

    def chosen_by(self, event: events.Key) -> int | None:
        """The number of the entry that a key chooses."""
        keys = [entry.choice.key for entry in self.entries]
        character = event.character and event.character.lower()
        return keys.index(character) if character and character in keys else None

    def on_click(self, event: events.Click) -> None:
        """Choose the entry under the pointer."""
        entry = event.widget
        if isinstance(entry, Entry):
            self.highlighted = self.entries.index(entry)
            self.choose(entry)


class LineChoices(Choices):
    """Choices in the place of a text box: a number in a line that somebody types on there chooses nothing.

    A line begins with a character that is the key of no entry, and ends with a key that writes nothing.
    """

    class Written(Message):
        """Somebody types where there is nothing to write."""

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002  Textual's name
        super().__init__(id=id)
        self._in_line = False

    async def show(self, choices: Iterable[Choice], *, highlight: int | None = None) -> None:
        """Put other entries in place of these; no line has been begun there."""
        self._in_line = False
        await super().show(choices, highlight=highlight)

    def chosen_by(self, event: events.Key) -> int | None:
        """The number of the entry that a key chooses: none within a line."""
        number = super().chosen_by(event)
        begins = number is None and event.key != "space"
        self._in_line = event.is_printable and (self._in_line or begins)
        if not self._in_line:
            return number
        self.post_message(self.Written())
        return None
