"""The small dialogs: nickname, keys, the menu, leaving, the help card."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from textual.app import App
from textual.containers import Horizontal
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from tutor.core.clean import one_line
from tutor.core.limits import LONGEST_NICKNAME
from tutor.tui.keys import HELP_NOTES, THEME, Key
from tutor.tui.screens.base import ChoiceDialog, Dialog, TextDialog
from tutor.tui.text import joined, shown
from tutor.tui.widgets.choices import Choice
from tutor.tui.widgets.line import Line

if TYPE_CHECKING:
    from tutor.tui.house import House

_BEFORE_GOING_ON = "Before we go on"


class NicknameDialog(Dialog[str | None]):
    """Asks who is learning; the result is a nickname."""

    FOOT = "Enter takes it · Esc closes"
    _WHY = (
        "Your place in each lesson is kept under a nickname, on this computer only. Please take a nickname and not "
        "your name: others may use this computer, too. You can change it later with F2."
    )

    def __init__(self, nickname: str | None) -> None:
        super().__init__("Who is reading?")
        self._nickname = nickname or ""

    def body(self) -> Iterable[Widget]:
        """Why it is asked for, and a line to type it in."""
        yield Static(self._WHY, markup=False, classes="part")
        yield Line(self._nickname, placeholder="nickname", max_length=LONGEST_NICKNAME, compact=True)
        yield Static("", markup=False, id="notice")

    def on_input_submitted(self, event: Line.Submitted) -> None:
        """Take the nickname, unless there is none."""
        nickname = one_line(event.value)
        if nickname:
            self.dismiss(nickname)
        else:
            self.query_one("#notice", Static).update("Type at least one letter, then press Enter.")


async def ask_nickname(app: App[Any], house: House) -> str | None:
    """Who is learning; None where they do not say. Words of distress are answered by the help card and kept nowhere."""
    while nickname := await app.push_screen_wait(NicknameDialog(house.learner)):
        if not await asyncio.to_thread(house.is_distress, nickname):
            return nickname
        await app.push_screen_wait(TextDialog(_BEFORE_GOING_ON, [house.help_card()]))
    return None


def keys_dialog(keys: tuple[Key, ...], *, notes: bool) -> TextDialog:
    """Every key of a screen; with `notes`, also those of the tasks in a lesson."""
    listed = keys if THEME in keys else (*keys, THEME)
    parts: list[Content | Widget] = [KeyRow(key.shown, f"{key.label}: {key.help}") for key in listed]
    for title, pairs in HELP_NOTES if notes else ():
        parts.append(joined((f"\n{title}", "bold $primary")))
        parts.extend(KeyRow(name, what) for name, what in pairs)
    return TextDialog("Keys", parts)


class KeyRow(Horizontal):
    """A key and what it does, in two columns."""

    def __init__(self, name: str, what: str) -> None:
        super().__init__(
            Static(joined((name, "bold $accent")), markup=False, classes="key-name"),
            Static(shown(what), markup=False, classes="key-what"),
        )


def menu_dialog(keys: tuple[Key, ...]) -> ChoiceDialog:
    """The commands as a list, each with a letter."""
    listed = [*(key for key in keys if key.letter), THEME]
    choices = [Choice(key.action, key.letter, key.menu, mark=f"({key.shown})") for key in listed]
    return ChoiceDialog("Menu", "", choices)


def leave_dialog(trouble: str | None, *, can_save: bool = True) -> ChoiceDialog:
    """Stay, go back to the library, or quit; `can_save`: with trouble, another place may help."""
    text = trouble or (
        "Everything so far is saved, also what stands in the box. When you come back, open the same lesson: it goes on "
        "here."
    )
    choices: tuple[Choice, ...] = (
        Choice("stay", "1", "Stay in the lesson"),
        Choice("library", "2", "Back to the library"),
        Choice("quit", "3", "Quit Closeread"),
    )
    if trouble and can_save:
        choices = (*choices, Choice("elsewhere", "4", "Save it in another place, such as a USB stick"))
    return ChoiceDialog("Leave the lesson?", text, choices)


def help_card_dialog(card: str, *, can_change: bool) -> ChoiceDialog:
    """The school's help card, and what the learner can do now."""
    choices = [Choice("go-on", "1", "Go on with the lesson")]
    if can_change:
        choices.append(Choice("change", "2", "Change what I wrote"))
    choices.append(Choice("leave", str(len(choices) + 1), "Stop here"))
    return HelpCardDialog(_BEFORE_GOING_ON, card, choices, highlight=None)


class HelpCardDialog(ChoiceDialog):
    """It asks for a choice: closing it by a stray key would lose what the learner wrote."""

    FOOT = "Choose by key, or with arrows and Enter · PageDown reads on"

    def action_close(self) -> None:
        """Stay."""
