"""The library: the lessons, what they ask of a reader, and how far one has come. Imports nothing that is slow."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from textual import work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.message import Message
from textual.screen import Screen
from textual.widgets import Static

from tutor.core.clean import one_line
from tutor.errors import TutorError
from tutor.tui.keys import LIBRARY_KEYS, Tip, bindings
from tutor.tui.screens.base import TextDialog, TooSmall
from tutor.tui.screens.dialogs import ask_nickname, keys_dialog
from tutor.tui.screens.elsewhere import ELSEWHERE, note_of, save_elsewhere, trouble_of, unsaved_dialog
from tutor.tui.text import shown
from tutor.tui.widgets.choices import Choice, Choices
from tutor.tui.widgets.keybar import KeyBar
from tutor.tui.widgets.status import StatusBar

if TYPE_CHECKING:
    from tutor.core.outcome import Progress
    from tutor.lessons.library import Entry
    from tutor.tui.house import House

_TIPS = (Tip("↑ ↓", "Move"), Tip("Enter", "Open", "open"))
_KEYS = "123456789"
_BAR = 10


@dataclass(frozen=True, slots=True)
class Shelved:
    """A lesson of the library, and how far the learner has come in it."""

    entry: Entry
    progress: Progress | None


class LibraryScreen(Screen[None]):
    """Painted at once; the lessons are read beside it."""

    BINDINGS: ClassVar[list[BindingType]] = [*bindings(LIBRARY_KEYS), ELSEWHERE]
    AUTO_FOCUS = "Choices"

    class Found(Message):
        """The lessons have been read; `notes` say what could not be."""

        def __init__(self, shelf: tuple[Shelved, ...], learner: str | None, notes: tuple[str, ...]) -> None:
            super().__init__()
            self.shelf = shelf
            self.learner = learner
            self.notes = notes

    class Opened(Message):
        """The learner opens a lesson."""

        def __init__(self, entry: Entry) -> None:
            super().__init__()
            self.entry = entry

    def __init__(self, house: House) -> None:
        super().__init__()
        self._house = house
        self._shelf: tuple[Shelved, ...] = ()

    def compose(self) -> ComposeResult:
        """The frame; the lessons come later."""
        yield StatusBar()
        with Vertical(id="library"):
            yield Static("Choose a lesson", markup=False, classes="heading")
            yield Static("Looking for lessons ...", markup=False, id="notice")
            yield Choices(id="shelf")
        yield KeyBar(LIBRARY_KEYS)
        yield TooSmall()

    def on_mount(self) -> None:
        """Say which keys there are."""
        self.query_one(KeyBar).show(_TIPS)

    def reload(self) -> None:
        """Read the lessons, and how far the learner has come."""
        self._read()

    @work(thread=True, exclusive=True, group="shelf", exit_on_error=False)
    def _read(self) -> None:
        try:
            entries = self._house.entries()
            learner = self._house.learner
            progress = self._house.progress(entry.loaded.lesson for entry in entries if entry.loaded)
            shelf = tuple(Shelved(entry, progress.get(entry.id)) for entry in entries)
            kept = (trouble_of(self._house.journal), note_of(self._house.journal))
        except (TutorError, OSError) as error:
            self.post_message(self.Found((), None, (str(error),)))
        else:
            self.post_message(self.Found(shelf, learner, (*filter(None, kept), *self._house.damage())))

    async def on_library_screen_found(self, event: Found) -> None:
        """Show the lessons."""
        self._shelf = event.shelf
        self.query_one(StatusBar).right = f"reading as {event.learner}" if event.learner else ""
        notice = self.query_one("#notice", Static)
        notes = [one_line(note) for note in event.notes]
        if not event.shelf and not notes:
            notes.append("There are no lessons here yet. Ask your teacher where they are kept.")
        notice.update(shown("\n".join(notes)))
        notice.display = bool(notes)
        choices = self.query_one("#shelf", Choices)
        before = choices.highlighted
        await choices.show(
            (_choice(number, shelved) for number, shelved in enumerate(event.shelf)), highlight=before or 0
        )
        if self.app.screen is self:
            choices.focus()

    def on_choices_chosen(self, event: Choices.Chosen) -> None:
        """Open a lesson, or explain why it cannot be opened."""
        entry = self._shelf[int(event.choice.id)].entry
        if self.app.screen is not self:
            return  # chosen twice in one burst
        if entry.mistakes:
            self.app.push_screen(broken_dialog(entry))
        else:
            self.post_message(self.Opened(entry))

    def action_open(self) -> None:
        """Open the highlighted lesson."""
        self.query_one("#shelf", Choices).action_choose()

    @work
    async def action_nickname(self) -> None:
        """Change who is learning."""
        nickname = await ask_nickname(self.app, self._house)
        if nickname:
            await asyncio.to_thread(self._house.set_learner, nickname)
            self.reload()

    def action_help(self) -> None:
        """List the keys."""
        self.app.push_screen(keys_dialog(LIBRARY_KEYS, notes=False))

    def action_theme(self) -> None:
        """Switch between light and dark."""
        self.app.run_worker(self.app.run_action("app.switch_theme"))

    @work(exclusive=True, group="elsewhere")
    async def action_elsewhere(self) -> None:
        """Save everything in another place, and go on there."""
        await save_elsewhere(self.app, self._house.journal, self._house.settings.command, self.reload)

    @work(exclusive=True, group="leave")
    async def action_leave(self) -> None:
        """Quit, but not without a word where something would be lost, or not be found again."""
        journal, settings = self._house.journal, self._house.settings
        await asyncio.to_thread(journal.try_again)
        if journal.trouble:
            self._ask_and_quit(journal.trouble)
            return
        is_elsewhere = settings.is_elsewhere(journal.data_dir)
        self.app.exit(f"Saved. Come back with: {settings.command(journal.data_dir)}" if is_elsewhere else None)

    @work(exclusive=True, group="quit")
    async def _ask_and_quit(self, trouble: str) -> None:
        answer = await self.app.push_screen_wait(unsaved_dialog(trouble))
        if answer == "elsewhere":
            self.action_elsewhere()
        elif answer == "quit":
            self.app.exit(f"Not everything could be saved. {trouble}")


def broken_dialog(entry: Entry) -> TextDialog:
    """Why a lesson cannot be opened."""
    count = len(entry.mistakes)
    lead = "There is a mistake" if count == 1 else f"There are {count} mistakes, the first of them"
    return TextDialog(
        f"{entry.title} cannot be opened",
        (
            f"{lead} in the lesson's file:",
            str(entry.mistakes[0]),
            "Nothing is wrong with this computer or with you. Please show this to the person who wrote the lesson.",
        ),
    )


def _choice(number: int, shelved: Shelved) -> Choice:
    entry = shelved.entry
    key = _KEYS[number : number + 1]
    if entry.mistakes:
        text = f"! {entry.title} (cannot be opened yet)"
        return Choice(str(number), key, text, one_line(str(entry.mistakes[0])), enabled=False)
    facts = [
        f"ages {entry.ages[0]} to {entry.ages[1]}" if entry.ages else "",
        f"{entry.minutes} minutes" if entry.minutes else "",
        f"{entry.parts} parts" if entry.parts > 1 else "",
        f"{entry.steps} steps",
    ]
    lines = [" · ".join(fact for fact in facts if fact), entry.goal, _progress(shelved.progress)]
    return Choice(str(number), key, entry.title, "\n".join(line for line in lines if line))


def _progress(progress: Progress | None) -> str:
    if progress is None:
        return "○ not begun"
    if progress.finished and progress.done >= progress.total:
        return "✓ finished"
    full = round(_BAR * progress.done / progress.total) if progress.total else 0
    again = " (finished before)" if progress.finished else ""
    return f"{'█' * full}{'░' * (_BAR - full)} {progress.done} of {progress.total} steps{again}"
