"""The commands. What is heavy is imported inside the command that needs it."""

from __future__ import annotations

import argparse
import os
import shlex
import sys
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from traceback import extract_tb

from tutor.cli.parser import make_parser
from tutor.errors import LessonError, TutorError


def main(argv: Sequence[str] | None = None) -> int:
    """Run a command; returns the exit status: 0 done, 1 something is wrong, 2 the command line is wrong."""
    for stream in (sys.stdin, sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")
    arguments = argparse.Namespace()
    try:
        arguments = make_parser().parse_args(argv)
        status: int = arguments.handle(arguments)
        return status
    except TutorError as error:
        sys.stderr.write(f"{error}\n{_what_next(error, arguments)}")
        return 1
    except BrokenPipeError:
        # Whoever read our lines has gone; there is nobody left to tell.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except KeyboardInterrupt:
        sys.stderr.write("\nLeft.\n")
        return 130
    except Exception as error:  # a person at the prompt is told in a sentence, whatever went wrong
        place = extract_tb(error.__traceback__)[-1]
        what = f"{type(error).__name__} in {Path(place.filename).name}, line {place.lineno}"
        advice = "What you had sent is saved. Please tell those who look after it."
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
    return f"See all of it with: closeread check {shlex.quote(str(path))}\n" if is_in_lesson else ""


def run() -> None:
    """The command `closeread`: `main`, and out."""
    status = main()
    for stream in (sys.stdout, sys.stderr):
        with suppress(OSError, ValueError):
            stream.flush()
    if "litellm" in sys.modules:
        # Everything is saved. The model's library would tidy up for a second, or wait for a server that hangs.
        os._exit(status)
    sys.exit(status)
