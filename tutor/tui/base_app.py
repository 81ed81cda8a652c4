"""What every app of ours shares: the themes, the sizes, a clean end, and no traceback whatever happens."""

from __future__ import annotations

import asyncio
import contextlib
import signal
import sys
from pathlib import Path
from typing import ClassVar

from textual.app import App
from textual.binding import Binding, BindingType

from tutor.core.clean import clean
from tutor.tui.screens.base import BREADTHS, HEIGHTS
from tutor.tui.theme import DARK, THEMES, VARIABLES, other_theme, theme_for

_SIGNALS = ("SIGTERM", "SIGHUP", "SIGINT")


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
        for each in THEMES:
            self.register_theme(each)
        self.theme = theme_for(theme)

    def get_theme_variable_defaults(self) -> dict[str, str]:
        """Our variables, for the moment before a theme is set."""
        return {name: DARK.variables[name] for name in VARIABLES}

    def on_mount(self) -> None:
        """Be ready for a closed window."""
        if not self.is_headless:
            self._watch_signals()

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
        self.exit(f"Stopped. {self.KEPT}.", return_code=128 + number)

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
            f"{self.KEPT}; start Closeread again to go on."
        )
        self._close_messages_no_wait()

    def _print_error_renderables(self) -> None:
        """What is said after the screen has gone: our own words, not Textual's."""
        for words in self.last_words:
            self.error_console.print(words, markup=False, highlight=False)


def run(app: BaseApp) -> int:
    """Run an app to its end; returns the exit status."""
    message = app.run()
    status = app.return_code or 0
    if message:
        stream = sys.stderr if status else sys.stdout
        stream.write(f"{clean(message)}\n")
    return status
