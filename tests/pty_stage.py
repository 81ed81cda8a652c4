r"""A stage for programs that draw: a real pseudo-terminal, a shell of sorts before it, and somebody who reads along.

    with Stage(LEARN, home=tmp_path) as stage:
        stage.until("Choose a nickname")
        stage.send("mika\r")
        stage.kill(signal.SIGTERM)
        assert stage.wait() == 128 + signal.SIGTERM
        assert stage.left_on() == []

Between the test and the program stands a process that does what a shell does: it leads the session, the terminal is its
controlling terminal, and the program runs in a process group of its own in the foreground. So Ctrl+C and Ctrl+Z reach
the program as they would in a window, it can be stopped and brought back (`foreground`), and closing the window
(`hang_up`) is what the kernel makes of it. Unlike a shell it never mends the terminal's attributes.

Everything that the program writes is kept byte for byte (`log`); `text` is the screen as a terminal emulator would show
it. The stage answers no queries of the program's, as an old terminal does not.
"""

from __future__ import annotations

import errno
import os
import re
import select
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Any

if sys.platform != "win32":
    import fcntl
    import struct
    import termios

import pyte

ROOT = Path(__file__).parent.parent
TUTOR = (sys.executable, "-m", "tutor")
LEARN = (*TUTOR, "learn", "lavrov-syria", "--as", "mika")

PATIENCE = 60.0
"""Seconds after which something that is waited for is given up: far more than it ever takes."""

PASTE_BEGINS, PASTE_ENDS = "\x1b[200~", "\x1b[201~"

_MODES = {
    1000: "mouse", 1002: "mouse drags", 1003: "mouse moves", 1004: "focus reports", 1005: "mouse utf-8",
    1006: "mouse sgr", 1015: "mouse urxvt", 1016: "mouse pixels", 1049: "alternate screen", 2004: "bracketed paste",
    2026: "synchronised output", 2048: "resize reports",
}  # fmt: skip
_MODE = re.compile(rb"\x1b\[\?([\d;]+)([hl])")
_KEYBOARD = re.compile(rb"\x1b\[([<>])[\d;]*u")
_UNFINISHED = re.compile(rb"\x1b(?:\[[0-?]*[ -/]*)?\Z")
# Takes the place of the shell: argv is the pipe to tell on, then the program and its arguments.
_SHELL = """
import os, signal, sys, fcntl, termios
telling, program = int(sys.argv[1]), sys.argv[2:]
fcntl.ioctl(0, termios.TIOCSCTTY, 0)
signal.signal(signal.SIGTTOU, signal.SIG_IGN)
child = os.fork()
if child == 0:
    os.setpgid(0, 0)
    os.tcsetpgrp(0, os.getpgrp())
    for each in (signal.SIGTTOU, signal.SIGPIPE):
        signal.signal(each, signal.SIG_DFL)
    os.close(telling)
    os.execvp(program[0], program)
def foreground(*_):
    os.tcsetpgrp(0, child)
    os.killpg(child, signal.SIGCONT)
signal.signal(signal.SIGUSR1, foreground)
signal.signal(signal.SIGHUP, signal.SIG_IGN)
os.write(telling, b"began %d\\n" % child)
while True:
    status = os.waitpid(child, os.WUNTRACED)[1]
    if not os.WIFSTOPPED(status):
        break
    os.tcsetpgrp(0, os.getpgrp())
    os.write(telling, b"stopped\\n")
os.write(telling, b"ended %d\\n" % os.waitstatus_to_exitcode(status))
"""


class Stage:
    """A program on a pseudo-terminal of its own; a context manager that leaves no process behind.

    `home` is where the program finds home, settings and data; `environment` adds to an environment that has little
    besides it, and takes away what is None in it.
    """

    def __init__(
        self,
        argv: Sequence[str],
        *,
        home: Path,
        columns: int = 80,
        rows: int = 24,
        environment: dict[str, str | None] | None = None,
        folder: Path = ROOT,
    ) -> None:
        self._master, self._slave = os.openpty()
        os.set_blocking(self._master, False)
        self._screen = _Screen(columns, rows)
        self._stream = pyte.ByteStream(self._screen)
        self._set_size(columns, rows)
        self.attributes_before = self.attributes()
        self._log = bytearray()
        self._painted = 0
        self._changed = threading.Condition()
        self._news: list[str] = []
        self._is_reading = False
        self._wake, self._waker = os.pipe()
        hearing, telling = os.pipe()
        self._shell = subprocess.Popen(
            [sys.executable, "-I", "-S", "-c", _SHELL, str(telling), *argv],
            stdin=self._slave, stdout=self._slave, stderr=self._slave, pass_fds=(telling,), cwd=folder,
            env=_environment(home, environment or {}), start_new_session=True,
        )  # fmt: skip
        os.close(telling)
        self._threads = [
            threading.Thread(target=self._read, daemon=True),
            threading.Thread(target=self._hear, args=(hearing,), daemon=True),
        ]
        for thread in self._threads:
            thread.start()
        self.pid = int(self._told("began").split()[1])
        """The process of the program, which is its process group, too."""

    def __enter__(self) -> Stage:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._find("ended") is None:
            with suppress(ProcessLookupError):  # it may be ending by itself just now
                os.killpg(self.pid, signal.SIGKILL)
        self._shell.wait()
        self.hang_up(told=False)
        for thread in self._threads:
            thread.join()
        for each in (self._slave, self._wake, self._waker):
            os.close(each)

    # -- what the program writes

    @property
    def log(self) -> bytes:
        """Every byte the program has written so far."""
        with self._changed:
            return bytes(self._log)

    @property
    def bytes_written(self) -> int:
        """How many bytes the program has written so far: a place in `log`."""
        return len(self._log)

    @property
    def text(self) -> str:
        """The screen as it stands, line by line, without the blanks at their ends."""
        self._paint()
        return "\n".join(line.rstrip() for line in self._screen.display)

    @property
    def after_the_screen(self) -> str:
        """What was written after the program left the alternate screen: what stays in the window."""
        return self.log.rpartition(b"\x1b[?1049l")[2].decode(errors="replace")

    def until(self, seen: str | Callable[[], object], seconds: float = PATIENCE) -> None:
        """Wait for a text on the screen (line breaks and blanks count as one blank), or for something to hold."""
        holds = (lambda: _in_one_line(seen) in _in_one_line(self.text)) if isinstance(seen, str) else seen
        deadline = time.monotonic() + seconds
        while not holds():
            # Polled, because what is waited for may lie on the disk; woken early by what is written.
            with self._changed:
                self._changed.wait(0.05)
            ended = self._find("ended")
            if time.monotonic() > deadline or (ended and not holds()):
                state = f"the program {ended}" if ended else "it never came to hold"
                raise AssertionError(f"{seen!r}: {state}; on the screen:\n{self.text}\nat last: {self.log[-600:]!r}")

    def until_quiet(self, seconds: float = 0.3) -> None:
        """Wait until the program has written nothing for some time: less than 0.5, in which a cursor blinks."""
        before, deadline = -1, time.monotonic() + PATIENCE
        while before != self.bytes_written:
            assert time.monotonic() < deadline, "the program is never quiet"
            before = self.bytes_written
            time.sleep(seconds)

    def clear(self) -> None:
        """Forget what stands on the screen, as after somebody else has written there."""
        self._paint()
        self._screen.reset()

    # -- what one does at a terminal

    def send(self, keys: str | bytes, seconds: float = PATIENCE) -> None:
        """Type. Waits while the program does not read; AssertionError where it never does."""
        data = memoryview(keys.encode() if isinstance(keys, str) else keys)
        deadline = time.monotonic() + seconds
        while data:
            select.select([], [self._master], [], 0.05)
            try:
                data = data[os.write(self._master, data[:65536]) :]
            except BlockingIOError:
                if time.monotonic() > deadline:
                    raise AssertionError(f"{len(data):,} bytes were never read; on the screen:\n{self.text}") from None

    def paste(self, text: str, seconds: float = PATIENCE) -> None:
        """Paste as a terminal does that marks where a paste begins and ends."""
        self.send(f"{PASTE_BEGINS}{text}{PASTE_ENDS}", seconds)

    def resize(self, columns: int, rows: int) -> None:
        """Make the window another size; the program is told by the kernel."""
        self._paint()
        self._screen.resize(rows, columns)
        self._set_size(columns, rows)

    def hang_up(self, *, told: bool = True) -> None:
        """Close the window: the kernel hangs up on everybody who has the terminal open.

        The kernel tells the shell, and a shell tells its programs by SIGHUP; not so where `told` is False.
        """
        os.write(self._waker, b"x")
        self._threads[0].join()
        if self._master >= 0:
            os.close(self._master)
            self._master = -1
            if told and self._find("ended") is None:
                self.kill(signal.SIGHUP)

    # -- the process

    def kill(self, number: int) -> None:
        """Send the program a signal."""
        os.kill(self.pid, number)

    def until_stopped(self, times: int = 1) -> None:
        """Wait until the program was stopped so many times, as by Ctrl+Z; then the shell has the terminal."""
        self._told("stopped", times)
        self._read_all()

    def foreground(self) -> None:
        """Bring a stopped program back, as `fg` does."""
        os.kill(self._shell.pid, signal.SIGUSR1)

    def wait(self, seconds: float = PATIENCE) -> int:
        """The exit status; negative where a signal ended the program. All that it wrote has been read then."""
        status = int(self._told("ended", seconds=seconds).split()[1])
        self._shell.wait()
        self._read_all()
        return status

    @property
    def peak_memory(self) -> int:
        """The most memory the program has held at once so far, in bytes; from /proc, so on Linux only."""
        status = Path(f"/proc/{self.pid}/status").read_text()
        return int(status.partition("VmHWM:")[2].split()[0]) * 1024

    # -- the state the terminal is in

    def attributes(self) -> list[Any]:
        """The terminal's attributes (termios) as they stand; see `attributes_before`."""
        return termios.tcgetattr(self._slave)

    def left_on(self) -> list[str]:
        """What of the terminal's is not as a shell wants it: modes of the screen, of the keyboard, attributes."""
        log, state, pushed = self.log, dict.fromkeys((*_MODES, 7, 25), b""), 0
        for match in _MODE.finditer(log):
            state.update((int(mode), match[2]) for mode in match[1].split(b";"))
        for match in _KEYBOARD.finditer(log):
            pushed = max(0, pushed + (1 if match[1] == b">" else -1))
        left = [name for mode, name in _MODES.items() if state[mode] == b"h"]
        left += ["cursor hidden"] * (state[25] == b"l") + ["no line wrap"] * (state[7] == b"l")
        left += ["keyboard protocol"] * (pushed > 0)
        return left + ["attributes"] * (self.attributes() != self.attributes_before)

    # -- inside

    def _set_size(self, columns: int, rows: int) -> None:
        fcntl.ioctl(self._master, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))

    def _paint(self) -> None:
        """Show the emulator what has come since; it does not know the keyboard's protocol, and no half sequence."""
        new = self.log[self._painted :]
        if half := _UNFINISHED.search(new):
            new = new[: half.start()]
        self._painted += len(new)
        self._stream.feed(_KEYBOARD.sub(b"", new))

    def _read(self) -> None:
        while True:
            ready = select.select([self._master, self._wake], [], [])[0]
            if self._wake in ready:
                return
            self._is_reading = True
            try:
                data = os.read(self._master, 65536)
                with self._changed:
                    self._log += data
                    self._changed.notify_all()
            except OSError as error:
                if error.errno != errno.EIO:
                    raise
                return
            finally:
                self._is_reading = False

    def _read_all(self) -> None:
        """Wait until everything is in the log that was written by somebody who writes no more."""
        # In this order: what is not there to be read any more is being read, or is in the log.
        while self._master >= 0 and (select.select([self._master], [], [], 0)[0] or self._is_reading):
            time.sleep(0.01)

    def _hear(self, hearing: int) -> None:
        with os.fdopen(hearing) as lines:
            for line in lines:
                with self._changed:
                    self._news.append(line.strip())
                    self._changed.notify_all()

    def _find(self, what: str, times: int = 1) -> str | None:
        found = [news for news in self._news if news.startswith(what)]
        return found[times - 1] if len(found) >= times else None

    def _told(self, what: str, times: int = 1, seconds: float = PATIENCE) -> str:
        with self._changed:
            told = self._changed.wait_for(lambda: self._find(what, times), seconds)
        assert told, f"the program never {what}; on the screen:\n{self.text}\nat last: {self.log[-600:]!r}"
        return told


class _Screen(pyte.Screen):
    """A screen on which the alternate screen begins and ends empty: the emulator has only one."""

    def set_mode(self, *modes: int, **private: bool) -> None:
        super().set_mode(*modes, **private)
        self._turn(modes)

    def reset_mode(self, *modes: int, **private: bool) -> None:
        super().reset_mode(*modes, **private)
        self._turn(modes)

    def _turn(self, modes: tuple[int, ...]) -> None:
        if 1049 in modes:
            self.erase_in_display(2)
            self.cursor_position()


def _environment(home: Path, given: dict[str, str | None]) -> dict[str, str]:
    environment = {
        "PATH": os.environ.get("PATH", os.defpath), "HOME": str(home), "LANG": "C.UTF-8", "TERM": "xterm-256color",
        "LITELLM_LOCAL_MODEL_COST_MAP": "true",
    } | given  # fmt: skip
    return {name: value for name, value in environment.items() if value is not None}


def _in_one_line(text: str) -> str:
    return " ".join(text.split())
