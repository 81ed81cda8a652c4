"""The teacher's bar below the lesson: the key of the step, what the answer meets, and what comes then."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Literal, Protocol, get_args

from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.reactive import reactive
from textual.widget import Widget
from textual.widgets import Static

from tutor.tui.keys import PREVIEW_KEYS
from tutor.tui.text import joined, shown, shown_line
from tutor.tui.widgets.keybar import KeyBar

Size = Literal["short", "full", "closed"]
SIZES: tuple[Size, ...] = get_args(Size)
_STYLES = {
    "met": "$success",
    "partly": "$warning",
    "unsure": "$warning",
    "alarm": "$error",
    "not": "$muted",
    "plain": "$foreground",
}
_MOST_MISTAKES = 3


class Line(Protocol):
    """A line: the first words, which stand out, the rest, and what kind of news it is (a key of the styles here)."""

    @property
    def lead(self) -> str:
        """The first words."""
        ...

    @property
    def text(self) -> str:
        """The rest."""
        ...

    @property
    def kind(self) -> str:
        """Met, partly, not, unsure, alarm or plain."""
        ...


class Section(Protocol):
    """A part of the bar, in a few words and in full."""

    @property
    def short(self) -> str:
        """What fits on one row."""
        ...

    @property
    def lines(self) -> Sequence[Line]:
        """All of it."""
        ...


class Bar(Protocol):
    """What the bar says."""

    @property
    def key(self) -> Section:
        """The key of the step."""
        ...

    @property
    def answer(self) -> Section:
        """What the answer meets, and why."""
        ...

    @property
    def following(self) -> Section:
        """What comes then."""
        ...


class PreviewBar(Vertical):
    """The keys of the preview, what is wrong in the files, and the three sections: a row each, in full, or not at all.

    What is wrong is shown even where the bar is closed.
    """

    size_: reactive[Size] = reactive[Size]("short")

    def __init__(self, size: Size) -> None:
        super().__init__()
        self.set_reactive(PreviewBar.size_, size)
        self._mistakes = Static("", markup=False, id="mistakes")
        self._note = Row("", id="note")
        self._rows = [Row("Key"), Row("Answer"), Row("Then")]
        self._sections = VerticalScroll(self._note, *self._rows, id="sections")
        self._bar: Bar | None = None

    def compose(self) -> Iterable[Widget]:
        """The keys first: they are there at any size."""
        yield KeyBar(PREVIEW_KEYS)
        yield self._mistakes
        yield self._sections

    def on_mount(self) -> None:
        """Nothing is wrong yet."""
        self.watch_size_(self.size_)
        self.show_mistakes(())
        self.show_note("")

    def turn(self) -> None:
        """The next size."""
        self.size_ = SIZES[(SIZES.index(self.size_) + 1) % len(SIZES)]

    def watch_size_(self, size: Size) -> None:
        """Show it at this size."""
        for each in SIZES:
            self.set_class(each == size, f"-{each}")
        self._sections.can_focus = size == "full"
        self._paint()

    def show(self, bar: Bar) -> None:
        """Show what the bar says."""
        self._bar = bar
        self._paint()

    def show_mistakes(self, mistakes: Sequence[str]) -> None:
        """Show what is wrong in the files; nothing where all is well."""
        self._mistakes.display = bool(mistakes)
        if not mistakes:
            return
        most = 1 if self.screen.has_class("-low") else _MOST_MISTAKES
        count = "a mistake" if len(mistakes) == 1 else f"{len(mistakes)} mistakes"
        first = " The first:" if len(mistakes) > most else ""
        head = shown(f"! Saved with {count}; this is the lesson as it was before.{first}", "bold")
        self._mistakes.update(Content("\n").join([head, *map(shown_line, mistakes[:most])]))

    def show_note(self, note: str) -> None:
        """Show a sentence about what the teacher has just done; nothing where it is empty."""
        self._note.display = bool(note)
        self._note.show(shown_line(note))

    def _paint(self) -> None:
        if self._bar is None:
            return
        key, answer, following = self._bar.key, self._bar.answer, self._bar.following
        # In a low window, what comes of the answer has to be seen without scrolling.
        brief = {id(key)} if self.screen.has_class("-low") and following.lines else set()
        for row, section in zip(self._rows, (key, answer, following), strict=True):
            in_full = self.size_ == "full" and id(section) not in brief
            row.show(_in_full(section.lines) if in_full else shown_line(section.short))
            row.display = bool(section.lines)


class Row(Horizontal):
    """A section: its name, and beside it what it says."""

    def __init__(self, name: str, *, id: str | None = None) -> None:  # noqa: A002  Textual's name
        self._what = Static("", markup=False, classes="what")
        super().__init__(Static(joined((name, "bold $primary")), markup=False, classes="name"), self._what, id=id)

    def show(self, what: Content) -> None:
        """Say something else."""
        self._what.update(what)


def _in_full(lines: Sequence[Line]) -> Content:
    return Content("\n").join(
        joined((f"{line.lead}  " if line.lead else "", f"bold {_STYLES[line.kind]}"), shown_line(line.text))
        for line in lines
    )
