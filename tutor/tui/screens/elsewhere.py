"""Keeping one's work in another place, while the disk fails or where nothing lasts."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, Protocol

from textual.app import App
from textual.binding import Binding
from textual.widget import Widget
from textual.widgets import Static

from tutor.errors import JournalError
from tutor.tui.screens.base import ChoiceDialog, Dialog, TextDialog
from tutor.tui.text import joined, shown
from tutor.tui.widgets.choices import Choice
from tutor.tui.widgets.line import Line
from tutor.tui.widgets.status import Banner, split_sentence

ELSEWHERE = Binding("ctrl+s", "elsewhere", show=False, priority=True)
"""For every screen on which one can save in another place."""
AGAIN = 3.0
"""Seconds after which the disk is tried once more while it does not take what was recorded."""
_OFFER = "Ctrl+S saves it in another place (a USB stick)."


class Keeps(Protocol):
    """A journal, or one of its sittings."""

    @property
    def trouble(self) -> str | None:
        """What is not on the disk; None while all is well."""
        ...

    @property
    def note(self) -> str:
        """What a person has to know about the place all the same."""
        ...

    def keep_in(self, folder: Path) -> Path:
        """Keep everything in another folder from now on; JournalError."""
        ...


def can_be_saved(keeps: Keeps) -> bool:
    """Whether another place is any help: not to a sitting whose learner was forgotten meanwhile."""
    return not getattr(keeps, "is_removed", False)


def trouble_of(keeps: Keeps) -> str | None:
    """What is not on the disk, and what the learner can do about it; None while all is well."""
    if not keeps.trouble or not can_be_saved(keeps):
        return keeps.trouble
    first, rest = split_sentence(keeps.trouble)  # where there is little room, the end is cut off
    return f"{first} {_OFFER} {rest}"


def note_of(keeps: Keeps) -> str:
    """What one has to know about the place, the way out in its first sentence; empty where there is nothing."""
    if not keeps.note:
        return ""
    first, rest = split_sentence(keeps.note)
    return f"{first.rstrip('.')}: {_OFFER} {rest}"


def show_trouble(banner: Banner, keeps: Keeps | None, otherwise: str = "") -> None:
    """What is not saved stands in the banner, else what one has to know about the place, else something else."""
    unsaved, note = (trouble_of(keeps), note_of(keeps)) if keeps else (None, "")
    banner.show(unsaved or note or otherwise, is_grave=bool(unsaved))


async def save_elsewhere(
    app: App[Any], keeps: Keeps, command: Callable[[Path], str], moved: Callable[[], object]
) -> None:
    """Ask for another place, where that is any help, and keep everything there from now on.

    `moved` is called as soon as it is there; then the learner reads where it is, and how to start the program there,
    which `command` tells.
    """
    data_dir = await app.push_screen_wait(ElsewhereDialog(keeps)) if can_be_saved(keeps) else None
    if data_dir:
        moved()
        await app.push_screen_wait(_saved_dialog(data_dir, command(data_dir)))


class ElsewhereDialog(Dialog[Path | None]):
    """Asks for a folder and moves everything there; the result is where it is now."""

    FOOT = "Enter saves it there · Esc closes"
    _WHY = (
        "Type the whole name of a folder that can be written to, such as that of a USB stick. All of this lesson is "
        "saved there, in a folder “closeread”, and what follows, too."
    )

    def __init__(self, keeps: Keeps) -> None:
        super().__init__("Save it in another place")
        self._keeps = keeps
        self._is_saving = False

    def body(self) -> Iterable[Widget]:
        """What it is for, and a line to type it in."""
        yield Static(self._WHY, markup=False, classes="part")
        yield Line(placeholder="folder", compact=True)
        yield Static("", markup=False, id="notice")

    def on_input_submitted(self, event: Line.Submitted) -> None:
        """Move, or say why that did not work."""
        if event.value.strip() and not self._is_saving:
            self._is_saving = True
            self.query_one("#notice", Static).update("Saving ...")
            # In this thread, so that nothing is recorded while all of it is moved; but not before that is painted.
            self.call_after_refresh(self._move, Path(event.value.strip()))

    def _move(self, folder: Path) -> None:
        self._is_saving = False
        try:
            self.dismiss(self._keeps.keep_in(folder))
        except JournalError as error:
            self.query_one("#notice", Static).update(shown(str(error)))

    def action_close(self) -> None:
        """Close, but not while it is being saved: it would not be said where."""
        if not self._is_saving:
            super().action_close()


def _saved_dialog(data_dir: Path, command: str) -> TextDialog:
    """Where everything is now, and how to find it the next time."""
    return TextDialog(
        "Saved in another place",
        (
            f"All of it is saved in {data_dir} now, and so is what follows.",
            "The next time, start Closeread with this line, or it will not look there. Please write it down:",
            joined((command, "bold $accent")),
        ),
    )


def unsaved_dialog(trouble: str) -> ChoiceDialog:
    """What would be lost by quitting."""
    return ChoiceDialog(
        "Not everything is saved",
        trouble,
        (
            Choice("stay", "1", "Stay"),
            Choice("elsewhere", "2", "Save it in another place"),
            Choice("quit", "3", "Quit all the same"),
        ),
    )
