"""The terminal as it is: it goes away, it is stopped and brought back, and it sends whatever somebody pastes."""

from __future__ import annotations

import asyncio
import errno
import os
import select
import selectors
import signal
import termios
from codecs import getincrementaldecoder
from time import monotonic
from typing import TYPE_CHECKING, Any, TextIO

from textual import events
from textual._xterm_parser import XTermParser
from textual.drivers.linux_driver import LinuxDriver
from textual.geometry import Size
from textual.message import Message

from tutor.tui.intake import PAUSE, Intake

if TYPE_CHECKING:
    from textual.app import App

_AT_ONCE = 1 << 16
"""Bytes that are read at once at most."""
_GONE = frozenset([errno.EIO, errno.EPIPE, errno.EBADF, errno.ENXIO])
"""What a terminal says that is not there any more."""


class TerminalGone(events.Event, bubble=False):
    """The terminal was closed: nobody reads any more, and nobody writes."""


class Terminal(LinuxDriver):
    """Textual's driver, and what it leaves open.

    After the window is closed, Textual's own writer breaks off and the app waits for it for ever; a byte that is no
    UTF-8 ends the app; SIGCONT without a SIGTSTP before it (as after SIGSTOP) makes it take the raw terminal for the
    one to restore; and of two sizes in quick succession the first can be told last, and the screen stays as it was for
    that one.
    """

    def __init__(
        self, app: App[Any], *, debug: bool = False, mouse: bool = True, size: tuple[int, int] | None = None
    ) -> None:
        super().__init__(app, debug=debug, mouse=mouse, size=size)
        if self._file is not None:
            self._file = _Lasting(self._file)  # type: ignore[assignment]  # all of a file that the writer needs

    def start_application_mode(self) -> None:
        """Draw from now on."""
        super().start_application_mode()  # type: ignore[no-untyped-call]
        loop = asyncio.get_running_loop()
        # A signal may come while the one before it is still at work: only what the loop looks up later is in order.
        signal.signal(signal.SIGWINCH, lambda *_: loop.call_soon_threadsafe(self._tell_size))

    def _tell_size(self) -> None:
        if not self._in_band_window_resize:  # else the terminal tells it among what is typed
            size = Size(*self._get_terminal_size())
            self._app.post_message(events.Resize(size, size))

    def _sigcont_application(self, *_: object) -> None:
        """Draw again. A closed window sends SIGCONT, too, after SIGHUP: then there is nothing to draw on."""
        try:
            termios.tcgetattr(self.fileno)
        except termios.error:
            return
        if self._auto_restart and not self._must_signal_resume:
            self.suspend_application_mode()
            self._must_signal_resume = True
        super()._sigcont_application()

    def run_input_thread(self) -> None:
        """Read what is typed and pasted until the app has had enough of it."""
        decode = getincrementaldecoder("utf-8")("replace").decode
        parser, intake = XTermParser(self._debug), Intake()
        with selectors.SelectSelector() as selector:
            selector.register(self.fileno, selectors.EVENT_READ)
            while not self.exit_event.is_set():
                ready = selector.select(PAUSE)
                now = monotonic()
                if not ready:
                    arrived = intake.pause()
                elif (data := self._read()) is None:
                    continue
                elif data:
                    arrived = intake.take(decode(data), now)
                else:
                    self.process_message(TerminalGone())
                    self.exit_event.wait()
                    return
                for each in arrived:
                    for message in [each] if isinstance(each, Message) else parser.feed(each):
                        message.time = now  # what came at once has one time, however long the reading takes
                        self.process_message(message)
                for message in parser.tick():
                    self.process_message(message)

    def _read(self) -> bytes | None:
        """What has arrived; b"" of a window that was closed, and None where nothing is there after all."""
        try:
            return os.read(self.fileno, _AT_ONCE)
        except BlockingIOError:
            return None
        except OSError:
            return b""


class _Lasting:
    """A file that can be written to for ever: once nobody reads it any more, what is written is dropped.

    A terminal belongs to every program in its window, and any of them can have made it one that does not wait. What it
    has no room for is written once there is room, past the file's own buffer, which would lose it.
    """

    def __init__(self, file: TextIO) -> None:
        self._file = file
        self._is_gone = False

    def write(self, text: str) -> None:
        """Write all of it, or drop it."""
        left = text.encode(self._file.encoding, self._file.errors or "replace")
        while left and not self._is_gone:
            try:
                left = left[os.write(self.fileno(), left) :]
            except BlockingIOError:
                select.select([], [self.fileno()], [])
            except OSError as error:
                self._is_gone = error.errno in _GONE
                return

    def flush(self) -> None:
        """Nothing is kept back."""

    def fileno(self) -> int:
        """The file's own number."""
        return self._file.fileno()
