"""The commands. What is heavy is imported inside the command that needs it."""

from __future__ import annotations

import argparse
import errno
import os
import shlex
import signal
import sys
from collections.abc import Sequence
from pathlib import Path
from traceback import extract_tb
from types import FrameType

from tutor.cli.outlet import cleaned
from tutor.cli.parser import make_parser
from tutor.core.clean import one_line
from tutor.errors import LessonError, TutorError

_GONE = {errno.EPIPE: 0, errno.EIO: 129}
"""The exit status where nobody reads any more, by error: a pipe that was closed, as by `head`; a window."""
_STOPS = ("SIGTERM", "SIGHUP", "SIGQUIT")


def main(argv: Sequence[str] | None = None) -> int:
    """Run a command; returns the exit status: 0 done, 1 something is wrong, 2 the command line is wrong."""
    for stream in (sys.stdin, sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")
    with cleaned():
        return _run(argv)


def _run(argv: Sequence[str] | None) -> int:
    arguments = argparse.Namespace()
    try:
        arguments = make_parser().parse_args(argv)
        status: int = arguments.handle(arguments)
        return status
    except TutorError as error:
        sys.stderr.write(f"{error}\n{_what_next(error, arguments)}")
        return 1
    except KeyboardInterrupt:
        sys.stderr.write("\nLeft.\n")
        return 130
    except Exception as error:  # a person at the prompt is told in a sentence, whatever went wrong
        if isinstance(error, OSError) and error.errno in _GONE:
            # Whoever read our lines has gone; there is nobody left to tell.
            return _GONE[error.errno]
        place = extract_tb(error.__traceback__)[-1]
        what = f"{type(error).__name__} in {Path(place.filename).name}, line {place.lineno}"
        saved = "What you had sent is saved. " if getattr(arguments, "command", "") in (None, "learn") else ""
        advice = f"{saved}Please tell those who look after it."
        sys.stderr.write(f"Something went wrong inside Closeread ({what}). {advice}\n")
        return 1


def _what_next(error: TutorError, arguments: argparse.Namespace) -> str:
    """A last line for mistakes in the lesson that a command was to open: `check` says more about them."""
    named: str | None = getattr(arguments, "lesson", None)
    if named is None or not isinstance(error, LessonError) or not error.mistakes:
        return ""
    path, file = Path(named), Path(error.mistakes[0].file)
    if not path.exists():  # a name of the library
        path = file.parent
    # Mistakes may also be in a file of answers or of prompts, about which `check` has nothing to say.
    beside = file.parent / "lesson.yaml"
    is_in_lesson = file == path or (beside in {path, path / "lesson.yaml"} and beside.exists())
    return f"See all of it with: closeread check {shlex.quote(one_line(str(path)))}\n" if is_in_lesson else ""


def run() -> None:
    """The command `closeread`: `main`, and out."""
    for name in _STOPS:
        number = getattr(signal, name, None)  # Windows has not all of them
        if number is not None and signal.getsignal(number) == signal.SIG_DFL:  # `nohup` had one ignored
            signal.signal(number, _stop)
    try:
        status: object = main()
    except SystemExit as stop:
        status = stop.code
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except (OSError, ValueError):
            # Python would try once more on its way out, and fail with a status of its own.
            os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
    if "litellm" in sys.modules and isinstance(status, int):
        # Everything is saved. The model's library would tidy up for a second, or wait for a server that hangs.
        os._exit(status)
    sys.exit(status)  # type: ignore[arg-type]


def _stop(number: int, _: FrameType | None) -> None:
    """Told to stop: leave in good order, with the status that a shell expects."""
    raise SystemExit(128 + number)
