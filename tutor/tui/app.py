"""The app: it opens at once, has slow things done beside it, and leads from library to lesson to its end."""

from __future__ import annotations

import asyncio
from functools import partial
from typing import TYPE_CHECKING

from textual import work

from tutor.errors import TutorError
from tutor.tui.base_app import BaseApp, run
from tutor.tui.screens.base import ChoiceDialog
from tutor.tui.screens.dialogs import ask_nickname
from tutor.tui.screens.library import LibraryScreen
from tutor.tui.widgets.choices import Choice

if TYPE_CHECKING:
    from tutor.conversation import Conversation
    from tutor.journal import Past
    from tutor.lessons.library import Entry
    from tutor.lessons.loader import Loaded
    from tutor.tui.house import House
    from tutor.tui.screens.turns import After


_UNREADABLE = (
    "You can go on: everything else is there, and nothing was thrown away. Please show this to whoever looks after the "
    "computer:"
)


class TutorApp(BaseApp):
    """The tutor on the screen."""

    def __init__(self, house: House, lesson: str | None = None) -> None:
        """`lesson` is opened at once: a name or a path, as it was typed."""
        super().__init__(house.settings.theme)
        self._house = house
        self._first = lesson
        self._library = LibraryScreen(house)
        self._conversation: Conversation | None = None
        self._lesson = ""
        """By which name or path the lesson of the conversation is opened again."""
        self._is_opening = lesson is not None

    def get_default_screen(self) -> LibraryScreen:
        """The library lies below everything else."""
        return self._library

    def on_mount(self) -> None:
        """Begin after the first paint."""
        self.call_after_refresh(self._begin)

    @work
    async def _begin(self) -> None:
        house = self._house
        house.prepare()
        if await asyncio.to_thread(lambda: house.learner) is None:
            nickname = await ask_nickname(self, house)
            if nickname:
                await asyncio.to_thread(house.set_learner, nickname)
        self._library.reload()
        if self._first is not None:
            try:
                loaded = await asyncio.to_thread(house.load, self._first)
            except TutorError as error:
                self.exit(str(error), return_code=1)
                return
            if damage := await asyncio.to_thread(house.damage):
                # The library tells it, too, but who comes this way does not see that.
                text, go_on = "\n".join((_UNREADABLE, "", *damage)), Choice("on", "1", "Go on")
                await self.push_screen_wait(ChoiceDialog("Not all of your earlier work can be read", text, [go_on]))
            await self._open(loaded, self._first)

    def on_library_screen_opened(self, event: LibraryScreen.Opened) -> None:
        """Open a lesson of the library, unless one is being opened: two Enters are not to start it twice."""
        if event.entry.loaded is not None and not self._is_opening:
            self._is_opening = True
            self._open_entry(event.entry, event.entry.loaded)

    @work
    async def _open_entry(self, entry: Entry, loaded: Loaded) -> None:
        name = await asyncio.to_thread(_name_of, self._house, entry)
        await self._open(loaded, name)

    async def _open(self, loaded: Loaded, name: str) -> None:
        """Start a lesson, or go on where the learner left it."""
        conversation = await self._taken_up(loaded)
        self._is_opening = False
        if conversation is None:
            return
        self._conversation, self._lesson = conversation, name
        if conversation.turn == "over":
            await self._look_back(conversation)
        else:
            await self._learn(conversation)
        self._library.reload()

    async def _taken_up(self, loaded: Loaded) -> Conversation | None:
        """A new conversation about a lesson, or the one that was left; None where there is to be none."""
        house = self._house
        try:
            past = await asyncio.to_thread(house.past, loaded)
            answer = await self.push_screen_wait(_past_dialog(house, past, loaded)) if past else "new"
            if answer is None:
                return None
            if past and answer != "new":
                return await asyncio.to_thread(house.resume, past)
            return await asyncio.to_thread(house.start, loaded)
        except (TutorError, OSError) as error:
            await self.push_screen_wait(ChoiceDialog("This did not work", str(error), [Choice("back", "1", "Back")]))
            return None

    async def _learn(self, conversation: Conversation) -> None:
        from tutor.tui.screens.lesson import LessonScreen  # noqa: PLC0415  slow to import: after the first paint

        command = partial(self._house.settings.command, lesson=self._lesson)
        after: After = await self.push_screen_wait(LessonScreen(self._house, conversation, command))
        if after == "quit":
            self.exit(self._goodbye("Saved"))
        elif after == "end":
            await self._look_back(conversation)

    async def _look_back(self, conversation: Conversation) -> None:
        from tutor.tui.screens.end import EndScreen  # noqa: PLC0415

        command = partial(self._house.settings.command, lesson=self._lesson)
        await self.push_screen_wait(EndScreen(self._house, conversation, command))

    def kept(self) -> str:
        """Whether everything is saved, and the way back to where the learner was."""
        return self._goodbye(self.KEPT)

    def _goodbye(self, saved: str) -> str:
        conversation, journal, settings = self._conversation, self._house.journal, self._house.settings
        trouble = self._house.sitting(conversation).trouble if conversation else journal.trouble
        if trouble:
            return f"Not everything could be saved. {trouble}"
        if conversation:
            command = settings.command(journal.data_dir, self._lesson)
            return f"{saved}. Come back to the same place with: {command}"
        if settings.is_elsewhere(journal.data_dir):
            return f"{saved}. Come back with: {settings.command(journal.data_dir)}"
        return f"{saved}."


def _name_of(house: House, entry: Entry) -> str:
    """What finds a lesson of the library again: its id, or its path where another lesson is found by that id."""
    try:
        found = house.load(entry.id).path
    except TutorError:
        found = None
    return entry.id if found == entry.path else str(entry.path)


def _past_dialog(house: House, past: Past, loaded: Loaded) -> ChoiceDialog:
    """Go on, or start anew; where the lesson has changed since, that is said."""
    if past.finished:
        return ChoiceDialog(
            "You have been through this lesson",
            "What you wrote stays kept either way.",
            (Choice("back", "1", "Look back on my way through the text"), Choice("new", "2", "Start anew")),
        )
    if house.changed(past, loaded):
        return ChoiceDialog(
            "You have begun this lesson, and it has changed since",
            "You can finish it as it was when you began, or start the new one. What you wrote stays kept either way.",
            (
                Choice("on", "1", "Finish the one I began"),
                Choice("new", "2", "Start the new one"),
            ),
        )
    return ChoiceDialog(
        "You have begun this lesson",
        "What you wrote stays kept either way.",
        (Choice("on", "1", "Go on where I left"), Choice("new", "2", "Start anew")),
    )


def run_app(house: House, lesson: str | None) -> int:
    """Run the tutor on the screen; returns the exit status."""
    return run(TutorApp(house, lesson))
