"""What every app of ours shares: the themes, the sizes, a clean end, and no traceback whatever happens."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import sys
from pathlib import Path
from traceback import extract_tb
from typing import TYPE_CHECKING, ClassVar

from textual import events
from textual._time import get_time
from textual.app import App
from textual.await_complete import AwaitComplete
from textual.binding import Binding, BindingType
from textual.driver import Driver

from tutor.core.clean import clean
from tutor.tui.intake import LongPaste
from tutor.tui.screens.base import BREADTHS, HEIGHTS, is_too_small
from tutor.tui.theme import DARK, THEMES, VARIABLES, other_theme, theme_for

if TYPE_CHECKING:
    from rich.console import RenderableType

_SIGNALS = ("SIGTERM", "SIGHUP", "SIGINT", "SIGQUIT")

_LEAVE = ("f10", "ctrl+q")
_MOST_DEAF = 0.5
"""Seconds after which keys are heard again even if the screen that a closed one uncovers was never painted."""
_BURST = 0.02
"""Keys that follow each other within so many seconds are one burst: nobody types so fast."""


class BaseApp(App[str]):
    """An app on the screen; its result is a last sentence for the terminal."""

    CSS_PATH = "closeread.tcss"
    TITLE = "Closeread"
    ENABLE_COMMAND_PALETTE = False
    HORIZONTAL_BREAKPOINTS = BREADTHS
    VERTICAL_BREAKPOINTS = HEIGHTS
    BINDINGS: ClassVar[list[BindingType]] = [Binding("f12", "switch_theme", show=False, priority=True)]
    KEPT = "Your answers are saved"
    """What is true of what was written, however the app comes to its end."""

    def __init__(self, theme: str) -> None:
        """`theme` is the setting: auto, dark or light."""
        super().__init__()
        self.last_words: list[str] = []
        self._hears_from = 0.0
        for each in THEMES:
            self.register_theme(each)
        self.theme = theme_for(theme)

    def get_theme_variable_defaults(self) -> dict[str, str]:
        """Our variables, for the moment before a theme is set."""
        return {name: DARK.variables[name] for name in VARIABLES}

    def get_driver_class(self) -> type[Driver]:
        """A terminal that may go away at any moment, where the platform has one."""
        if sys.platform == "win32" or "TEXTUAL_DRIVER" in os.environ:
            return super().get_driver_class()
        from tutor.tui.terminal import Terminal  # noqa: PLC0415  there is none on Windows

        return Terminal

    def kept(self) -> str:
        """What is said of what was written when the app comes to its end by itself, and the way back."""
        return f"{self.KEPT}."

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

    async def on_event(self, event: events.Event) -> None:
        """What nobody sees nobody does by accident.

        A window that is too small takes no keys but for leaving. What was typed at a screen that has closed meanwhile,
        with all of the same burst, is not heard by the one below.
        """
        if not isinstance(event, events.Key | events.Paste):
            await super().on_event(event)
        elif event.time < self._hears_from:
            self._hears_from = max(self._hears_from, event.time + _BURST)
        elif not is_too_small(self.size):
            await super().on_event(event)
        elif isinstance(event, events.Key) and event.key in _LEAVE:
            self._save()
            self.exit(self.kept())

    def pop_screen(self) -> AwaitComplete:
        """Close the screen on top; keys are heard again once what lies below is seen."""
        popped = super().pop_screen()
        self._hears_from = get_time() + _MOST_DEAF
        self.screen.call_after_refresh(self._hear)
        return popped

    def _hear(self) -> None:
        self._hears_from = min(self._hears_from, get_time())

    def on_long_paste(self, event: LongPaste) -> None:
        """What is far too long has not even been read."""
        refuse = getattr(self.focused, "refuse", None)
        if refuse is not None:
            refuse(event.length)
        else:
            self.notify(f"That is too long to be pasted: {event.length:,} characters.", markup=False)

    def on_terminal_gone(self) -> None:
        """The window was closed, and no signal told of it."""
        self._stopped(signal.SIGHUP)

    def watch_signals(self) -> None:
        """A closed window or a shutdown leaves a saved answer and a clean terminal behind."""
        for name in _SIGNALS:
            number = getattr(signal, name, None)
            if number is not None:
                with contextlib.suppress(NotImplementedError, RuntimeError):  # Windows has no handlers on its loop
                    asyncio.get_running_loop().add_signal_handler(number, self._stopped, number)

    def _stopped(self, number: int) -> None:
        if self._exit:
            return
        try:
            self._save()
        finally:
            self.exit(f"Stopped. {self.kept()}", return_code=128 + number)

    def _save(self) -> None:
        for screen in self.screen_stack:
            save = getattr(screen, "save", None)
            if save is not None:
                save()

    def _fatal_error(self) -> None:
        """In place of Textual's traceback, which prints what the learner wrote."""
        error = sys.exc_info()[1]
        what = "for a reason unknown" if error is None else type(error).__name__
        if error is not None and (places := extract_tb(error.__traceback__)):
            what += f" at {Path(places[-1].filename).name}:{places[-1].lineno}"
        self._break_off(what)

    def panic(self, *renderables: RenderableType) -> None:
        """Some errors bring a text of their own; they are of no more use to a learner."""
        self._fatal_error()

    def _break_off(self, what: str) -> None:
        if not self.last_words:
            with contextlib.suppress(Exception):  # it is broken already; what can be saved is saved
                self._save()
            self.last_words.append(f"Something went wrong in the program itself ({what}). {self.kept()}")
        self._return_code = 1
        self._close_messages_no_wait()

    def _print_error_renderables(self) -> None:
        """What is said after the screen has gone: our own words, not Textual's."""
        for words in self.last_words:
            self.error_console.print(words, markup=False, highlight=False)


def run(app: BaseApp) -> int:
    """Run an app to its end; returns the exit status."""
    message = asyncio.run(_run(app))
    status = app.return_code or 0
    if message:
        stream = sys.stderr if status else sys.stdout
        stream.write(f"{clean(message)}\n")
    return status


async def _run(app: BaseApp) -> str | None:
    """The signals are watched before anything is drawn."""
    app.watch_signals()
    return await app.run_async()
