"""The end: the article with its notes and the learner's own words, what the session came to, and the files."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from textual import work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Container, VerticalScroll
from textual.content import Content
from textual.message import Message
from textual.widget import Widget
from textual.widgets import Static

from tutor.conversation import Conversation
from tutor.errors import TutorError
from tutor.lessons.taxonomy_file import shipped_taxonomy
from tutor.report.annotated import AnnotatedBlock, Note, Own, annotated, term_names
from tutor.report.summary import summary_lines
from tutor.tui.keys import END_KEYS, Tip, bindings
from tutor.tui.screens.base import ClosesOnce, TooSmall
from tutor.tui.screens.dialogs import keys_dialog
from tutor.tui.screens.elsewhere import AGAIN, ELSEWHERE, can_be_saved, save_elsewhere, show_trouble
from tutor.tui.screens.reference import look_back_dialog
from tutor.tui.text import joined, shown
from tutor.tui.widgets.keybar import KeyBar
from tutor.tui.widgets.status import Banner, StatusBar

if TYPE_CHECKING:
    from tutor.tui.house import House

_TIPS = (Tip("↑ ↓", "Scroll"), Tip("Tab", "Next pane", "app.focus_next"))


class EndScreen(ClosesOnce[None]):
    """What a learner takes along."""

    BINDINGS: ClassVar[list[BindingType]] = [*bindings(END_KEYS), ELSEWHERE]
    AUTO_FOCUS = "#summary"

    class Written(Message):
        """The files were written, or could not be."""

        def __init__(self, text: str) -> None:
            super().__init__()
            self.text = text

    def __init__(self, house: House, conversation: Conversation, command: Callable[[Path], str]) -> None:
        """`command` tells how to come back to this lesson in a data folder."""
        super().__init__()
        self._house = house
        self._conversation = conversation
        self._command = command
        self._kept = house.sitting(conversation)

    def compose(self) -> ComposeResult:
        """The summary beside the annotated article."""
        conversation, names = self._conversation, term_names(shipped_taxonomy())
        lesson, session = conversation.lesson, conversation.session
        levels = conversation.phrases.confidence_levels
        lines = summary_lines(lesson, session, names, levels, conversation.events)
        yield StatusBar()
        yield Banner()
        with Container(id="end"):
            with VerticalScroll(id="summary") as summary:
                summary.border_title = "What you take along"
                for line in lines:
                    yield Static(shown(line), markup=False, classes="part")
            with VerticalScroll(id="annotated") as pane:
                pane.border_title = "The article with its notes   [1] a note below"
                for block in annotated(lesson, session, names):
                    yield from _block(block)
        yield Static("Writing your pages ...", markup=False, id="files")
        yield KeyBar(END_KEYS)
        yield TooSmall()

    def on_mount(self) -> None:
        """Write the files beside the painting."""
        status = self.query_one(StatusBar)
        status.left = self._conversation.lesson.title
        status.right = "your way through the text"
        self.query_one(KeyBar).show(_TIPS)
        self.set_interval(AGAIN, self._try_again)
        self._show_trouble()
        self._write()

    def _try_again(self) -> None:
        if self._kept.trouble and can_be_saved(self._kept):
            self._kept.try_again()
            self._show_trouble()
            if not self._kept.trouble:
                self._write()

    def _show_trouble(self) -> None:
        show_trouble(self.query_one(Banner), self._kept)

    @work(thread=True, exit_on_error=False)
    def _write(self) -> None:
        try:
            paths = self._house.export(self._conversation)
        except (TutorError, OSError) as error:
            way_out = " Or press Ctrl+S to save them in another place." if can_be_saved(self._kept) else ""
            self.post_message(self.Written(f"{error}{way_out}"))
        else:
            names = " and ".join(path.name for path in paths)
            self.post_message(self.Written(f"Yours to keep: {names}, in the folder {paths[0].parent}"))

    def on_end_screen_written(self, event: Written) -> None:
        """Say where the files are."""
        self.query_one("#files", Static).update(shown(event.text))

    def action_help(self) -> None:
        """List the keys."""
        self.app.push_screen(keys_dialog(END_KEYS, notes=False))

    def action_look_back(self) -> None:
        """Show everything said."""
        self.app.push_screen(look_back_dialog(self._conversation))

    def action_copy(self) -> None:
        """Copy what is selected."""
        text = self.get_selected_text()
        if text:
            self.app.copy_to_clipboard(text)
            self.app.notify("Copied.", timeout=2, markup=False)

    def action_theme(self) -> None:
        """Switch between light and dark."""
        self.run_worker(self.app.run_action("app.switch_theme"))

    @work(exclusive=True, group="elsewhere")
    async def action_elsewhere(self) -> None:
        """Save everything in another place, these pages included."""
        await save_elsewhere(self.app, self._kept, self._command, self._moved)

    def _moved(self) -> None:
        self._show_trouble()
        self._write()

    def action_leave(self) -> None:
        """Back to the library."""
        self.dismiss(None)


def _block(block: AnnotatedBlock) -> Iterable[Widget]:
    text = Content("")
    for segment in block.segments:
        style = "" if not segment.numbers else "underline $success" if segment.sound else "underline bold $lit"
        text = text.append(shown(segment.text, style))
        if segment.ends:
            text = text.append(joined(("".join(f"[{number}]" for number in segment.ends), "bold $accent")))
    yield Static(text, markup=False, classes=f"block-{block.kind} part")
    for note in block.notes:
        yield Static(_note(note), markup=False, classes="mark-note")
    for own in block.own:
        yield Static(_own(own), markup=False, classes="mark-note")


def _note(note: Note) -> Content:
    head = joined((f"[{note.number}] ", "bold $accent"), (f"“{note.words}”", "bold"))
    return Content("\n").join([head, *map(_facet, note.facets)])


def _own(own: Own) -> Content:
    return Content("\n").join(map(_facet, own.facets))


def _facet(facet: tuple[str, str]) -> Content:
    label, text = facet
    return joined((f"{label}: ", "bold $learner" if label.startswith("You ") else "bold $muted"), text)
