"""The commands. What is heavy is imported inside the command that needs it."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from traceback import extract_tb
from typing import TYPE_CHECKING, TextIO

from tutor import __version__
from tutor.errors import LessonError, TutorError

if TYPE_CHECKING:
    from tutor.bootstrap import House
    from tutor.conversation import Conversation
    from tutor.journal import Past
    from tutor.lessons.loader import Loaded
    from tutor.plain import Console

_EXAMPLES = """examples:
  closeread                              choose a lesson from the library
  closeread learn lavrov-syria           walk through a lesson
"""
_LEARN_EXAMPLES = """examples:
  closeread learn lavrov-syria           walk through a lesson of the library
  closeread learn my-lesson/lesson.yaml  ... or through a lesson of your own
  closeread learn lavrov-syria --plain   the same over plain lines, for screen readers and pipes

where things are kept:
  {data}
  Your answers are saved there after every step; so is what you can keep at the end of a lesson (a Markdown
  file and an HTML page, in learners/NICKNAME/exports).
settings:
  {config}
"""


def main(argv: Sequence[str] | None = None) -> int:
    """Run a command; returns the exit status: 0 done, 1 something is wrong, 2 the command line is wrong."""
    for stream in (sys.stdin, sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")
    try:
        arguments = _parser().parse_args(argv)
        return _library(arguments) if arguments.command is None else _learn(arguments)
    except TutorError as error:
        sys.stderr.write(f"{error}\n")
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


def _parser() -> argparse.ArgumentParser:
    from tutor.settings import default_config_file, default_data_dir  # noqa: PLC0415

    parser = argparse.ArgumentParser(
        prog="closeread",
        description="A Socratic tutor for media literacy: walk through a real article, paragraph by paragraph.",
        epilog=_EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action="version", version=f"closeread {__version__}")
    _add_common(parser)
    commands = parser.add_subparsers(dest="command", metavar="COMMAND")
    places = {"data": default_data_dir(os.environ), "config": default_config_file(os.environ)}
    learn = commands.add_parser(
        "learn",
        help="walk through a lesson",
        description="Walk through a lesson; come back later to the same place.",
        epilog=_LEARN_EXAMPLES.format(**places),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    learn.add_argument("lesson", metavar="LESSON", help="a name in the library, or the path of a lesson")
    learn.add_argument("--plain", action="store_true", help="over plain lines, without a screen")
    _add_common(learn)
    return parser


def _add_common(parser: argparse.ArgumentParser) -> None:
    # SUPPRESS: given before or after the command, the flag must not be reset by the other parser's default.
    keep = argparse.SUPPRESS
    parser.add_argument("--as", dest="nickname", metavar="NICKNAME", default=keep, help="who learns (not your name)")
    parser.add_argument("--lessons", metavar="DIR", action="append", default=keep, help="look for lessons here, too")


def _house(arguments: argparse.Namespace) -> House:
    from tutor.bootstrap import House  # noqa: PLC0415
    from tutor.settings import default_config_file, load_settings  # noqa: PLC0415

    flags = {"lessons_dirs": arguments.lessons} if "lessons" in arguments else {}
    settings = load_settings(flags, os.environ, default_config_file(os.environ))
    house = House(settings, arguments.nickname if "nickname" in arguments else None)
    for note in settings.notes:
        sys.stderr.write(f"{note}\n")
    if settings.help_card and house.own_help_card is None:
        sys.stderr.write(f"The help card {settings.help_card} cannot be read or is empty; the supplied one is used.\n")
    return house


def _has_screen() -> bool:
    return sys.stdin.isatty() and sys.stdout.isatty() and os.environ.get("TERM", "") not in ("dumb", "")


def _library(arguments: argparse.Namespace) -> int:
    house = _house(arguments)
    if _has_screen():
        from tutor.tui import run_app  # noqa: PLC0415

        return run_app(house, None)
    entries = house.entries()
    progress = house.progress(entry.loaded.lesson for entry in entries if entry.loaded)
    for entry in entries:
        facts = [f"ages {entry.ages[0]}-{entry.ages[1]}"] if entry.ages else []
        facts += [f"{entry.minutes} min"] if entry.minutes else []
        facts += [f"{far.done} of {far.total} steps done"] if (far := progress.get(entry.id)) else []
        about = f" ({', '.join(facts)})" if facts else ""
        print(f"{entry.id}: {entry.title}{about}")
        if entry.mistakes:
            print(f"  cannot be opened: {entry.mistakes[0]}")
    print("Walk through one with: closeread learn NAME")
    return 0


def _learn(arguments: argparse.Namespace) -> int:
    house = _house(arguments)
    if arguments.plain or not _has_screen():
        return learn_plainly(house, arguments.lesson, sys.stdin, sys.stdout)
    from tutor.tui import run_app  # noqa: PLC0415

    return run_app(house, arguments.lesson)


def learn_plainly(house: House, lesson: str, source: TextIO, target: TextIO) -> int:
    """Hold a lesson over plain lines; returns the exit status."""
    from tutor.plain import Console, Plain  # noqa: PLC0415
    from tutor.report.summary import summary_lines  # noqa: PLC0415

    console = Console(source, target, echo=not source.isatty())
    loaded = house.load(lesson)
    if house.learner is None and not _introduce(house, console):
        return 0
    conversation = _open_plainly(house, loaded, console)
    while conversation is not None:
        plain = Plain(conversation, console)
        plain.watch(partial(_trouble, house, conversation))
        console.say(f"{conversation.lesson.title}\n{conversation.phrases.how_it_works}\n(/help lists the commands.)")
        plain.recall()
        end = plain.run(house.help_card(conversation.lesson.lang))
        if end == "left":
            console.say(_saved(house, conversation, lesson))
        if end == "over":
            for line in summary_lines(conversation.lesson, conversation.session, house.names):
                console.say(line)
            for path in house.export(conversation):
                console.say(f"Written: {path}")
        conversation = house.start(loaded) if end == "anew" else None
    return 0


def _trouble(house: House, conversation: Conversation) -> str | None:
    return house.sitting(conversation).trouble


def _introduce(house: House, console: Console) -> bool:
    from tutor.bootstrap import GUEST  # noqa: PLC0415

    if console.echo:
        return True
    line = console.ask("Choose a nickname (not your name; it is only kept on this machine): ")
    if line is None or line.strip() == "/quit":
        return False
    house.set_learner(line.strip() or GUEST)
    return True


def _open_plainly(house: House, loaded: Loaded, console: Console) -> Conversation | None:
    """Start anew, or go on where the learner left; they are asked where there is somebody to ask."""
    for sentence in house.damage():
        console.say(f"Note: {sentence}")
    past = house.past(loaded)
    if past is None:
        return house.start(loaded)
    if past.finished:
        console.say("You have been through this lesson once; your pages of it are kept. This begins it again.")
        return house.start(loaded)
    if console.echo:
        return _resume_unasked(house, past, loaded, console)
    changed = " The lesson has changed since; going on uses the one you began." if house.changed(past, loaded) else ""
    line = console.ask(f"You have begun this lesson.{changed} Go on where you left? (yes, or no to start anew) ")
    if line is None or line.strip() == "/quit":
        return None
    return house.start(loaded) if line.strip().lower().startswith("n") else house.resume(past)


def _resume_unasked(house: House, past: Past, loaded: Loaded, console: Console) -> Conversation:
    """Go on where nobody can be asked; say what they would have been asked."""
    try:
        conversation = house.resume(past)
    except LessonError as error:
        console.say(f"Note: {error}")
        return house.start(loaded)
    if house.changed(past, loaded):
        console.say(
            "Note: the lesson has changed since you began. This is the one you began; /anew starts the new one."
        )
    return conversation


def _saved(house: House, conversation: Conversation, lesson: str) -> str:
    trouble = house.sitting(conversation).trouble
    if trouble:
        return f"Not everything could be saved: {trouble}"
    return f"Saved. Come back to the same place with: closeread learn {lesson}"
