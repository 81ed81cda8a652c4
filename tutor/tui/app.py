"""The app: it opens at once, has slow things done beside it, and leads from library to lesson to its end."""

from __future__ import annotations

import asyncio
import contextlib
import signal
import sys
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from textual import work
from textual.app import App
from textual.binding import Binding, BindingType

from tutor.core.clean import clean
from tutor.errors import TutorError
from tutor.tui.screens.base import BREADTHS, HEIGHTS, ChoiceDialog
from tutor.tui.screens.dialogs import NicknameDialog
from tutor.tui.screens.library import LibraryScreen
from tutor.tui.theme import DARK, THEMES, VARIABLES, other_theme, theme_for
from tutor.tui.widgets.choices import Choice

if TYPE_CHECKING:
    from tutor.conversation import Conversation
    from tutor.journal import Past
    from tutor.lessons.loader import Loaded
    from tutor.tui.house import House
    from tutor.tui.screens.turns import After

_SIGNALS = ("SIGTERM", "SIGHUP", "SIGINT")


class TutorApp(App[str]):
    """The tutor on the screen; its result is a last sentence for the terminal."""

    CSS_PATH = "closeread.tcss"
    TITLE = "Closeread"
    ENABLE_COMMAND_PALETTE = False
    HORIZONTAL_BREAKPOINTS = BREADTHS
    VERTICAL_BREAKPOINTS = HEIGHTS
    BINDINGS: ClassVar[list[BindingType]] = [Binding("f12", "switch_theme", show=False, priority=True)]

    def __init__(self, house: House, lesson: str | None = None) -> None:
        super().__init__()
        self._house = house
        self._lesson = lesson
        self._library = LibraryScreen(house)
        self.last_words: list[str] = []
        for theme in THEMES:
            self.register_theme(theme)
        self.theme = theme_for(house.settings.theme)

    def get_default_screen(self) -> LibraryScreen:
        """The library lies below everything else."""
        return self._library

    def get_theme_variable_defaults(self) -> dict[str, str]:
        """Our variables, for the moment before a theme is set."""
        return {name: DARK.variables[name] for name in VARIABLES}

    def on_mount(self) -> None:
        """Begin after the first paint."""
        if not self.is_headless:
            self._watch_signals()
        self.call_after_refresh(self._begin)

    @work
    async def _begin(self) -> None:
        house = self._house
        house.prepare()
        if await asyncio.to_thread(lambda: house.learner) is None:
            nickname = await self.push_screen_wait(NicknameDialog(None))
            if nickname:
                await asyncio.to_thread(house.set_learner, nickname)
        self._library.reload()
        if self._lesson is not None:
            try:
                loaded = await asyncio.to_thread(house.load, self._lesson)
            except TutorError as error:
                self.exit(str(error), return_code=1)
                return
            await self._open(loaded)

    @work(exclusive=True, group="open")
    async def on_library_screen_opened(self, event: LibraryScreen.Opened) -> None:
        """Open a lesson of the library."""
        if event.entry.loaded is not None:
            await self._open(event.entry.loaded)

    async def _open(self, loaded: Loaded) -> None:
        """Start a lesson, or go on where the learner left it."""
        house = self._house
        try:
            past = await asyncio.to_thread(house.past, loaded)
            answer = await self.push_screen_wait(_past_dialog(house, past, loaded)) if past else "new"
            if answer is None:
                return
            if past and answer != "new":
                conversation = await asyncio.to_thread(house.resume, past)
            else:
                conversation = await asyncio.to_thread(house.start, loaded)
        except (TutorError, OSError) as error:
            await self.push_screen_wait(ChoiceDialog("This did not work", str(error), [Choice("back", "1", "Back")]))
            return
        if conversation.turn == "over":
            await self._look_back(conversation)
        else:
            await self._learn(conversation)
        self._library.reload()

    async def _learn(self, conversation: Conversation) -> None:
        from tutor.tui.screens.lesson import LessonScreen  # noqa: PLC0415  slow to import: after the first paint

        after: After = await self.push_screen_wait(LessonScreen(self._house, conversation))
        if after == "quit":
            self.exit(self._goodbye(conversation))
        elif after == "end":
            await self._look_back(conversation)

    async def _look_back(self, conversation: Conversation) -> None:
        from tutor.tui.screens.end import EndScreen  # noqa: PLC0415

        await self.push_screen_wait(EndScreen(self._house, conversation))

    def _goodbye(self, conversation: Conversation) -> str:
        trouble = self._house.sitting(conversation).trouble
        if trouble:
            return f"Not everything could be saved. {trouble}"
        return f"Saved. Come back to the same place with: closeread learn {self._lesson or conversation.lesson.id}"

    def action_switch_theme(self) -> None:
        """From dark to light and back."""
        self.theme = other_theme(self.theme)

    async def action_quit(self) -> None:
        """Ctrl+Q leaves by the door of the screen that is open, where that has one: nothing half typed is lost."""
        leave = getattr(self.screen, "action_leave", None)
        if leave is not None:
            leave()
            return
        self._save()
        self.exit()

    def action_help_quit(self) -> None:
        """Ctrl+C does not quit; say what does."""
        self.notify("To leave, press F10 or Ctrl+Q.", timeout=3, markup=False)

    def _watch_signals(self) -> None:
        """A closed window or a shutdown leaves a saved answer and a clean terminal behind."""
        for name in _SIGNALS:
            number = getattr(signal, name, None)
            if number is not None:
                with contextlib.suppress(NotImplementedError, RuntimeError):  # Windows has no handlers on its loop
                    asyncio.get_running_loop().add_signal_handler(number, self._stopped, number)

    def _stopped(self, number: int) -> None:
        self._save()
        self.exit("Stopped. Your answers are saved.", return_code=128 + number)

    def _save(self) -> None:
        for screen in self.screen_stack:
            save = getattr(screen, "save", None)
            if save is not None:
                save()

    def _fatal_error(self) -> None:
        """In place of Textual's traceback, which prints what the learner wrote."""
        error = sys.exc_info()[1]
        at = ""
        if error is not None and error.__traceback__ is not None:
            last = error.__traceback__
            while last.tb_next:
                last = last.tb_next
            at = f" at {Path(last.tb_frame.f_code.co_filename).name}:{last.tb_lineno}"
        self.last_words.append(
            f"Something went wrong in the program itself ({type(error).__name__}{at}). "
            "Your answers are saved; start Closeread again to go on."
        )
        self._close_messages_no_wait()

    def _print_error_renderables(self) -> None:
        """What is said after the screen has gone: our own words, not Textual's."""
        for words in self.last_words:
            self.error_console.print(words, markup=False, highlight=False)


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
    app = TutorApp(house, lesson)
    message = app.run()
    status = app.return_code or 0
    if message:
        stream = sys.stderr if status else sys.stdout
        stream.write(f"{clean(message)}\n")
    return status
