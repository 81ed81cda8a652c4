"""The learner's commands: the library, and a lesson on the screen or over plain lines."""

from __future__ import annotations

import argparse
import os
import sys
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from tutor.cli.common import add_common, has_screen, open_house
from tutor.core.clean import one_line
from tutor.core.limits import LONGEST_NICKNAME
from tutor.errors import JournalError, LessonError

if TYPE_CHECKING:
    from tutor.bootstrap import House
    from tutor.cli.common import Commands
    from tutor.conversation import Conversation
    from tutor.journal import Past
    from tutor.lessons.loader import Loaded
    from tutor.plain import Console

_OFFER = "Type /save and the name of a folder, such as that of a USB stick, to save everything there."
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


def add_commands(commands: Commands) -> None:
    """Add `learn`."""
    from tutor.settings import default_config_file  # noqa: PLC0415
    from tutor.settings.folders import platform_folder  # noqa: PLC0415

    # Not the default itself: where there is no home folder, that is another one each time.
    kept = platform_folder("data", os.environ) or "There is no home folder, so name one with --data-dir."
    places = {"data": kept, "config": default_config_file(os.environ)}
    learn = commands.add_parser(
        "learn",
        help="walk through a lesson",
        description="Walk through a lesson; come back later to the same place.",
        epilog=_LEARN_EXAMPLES.format(**places),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    learn.add_argument("lesson", metavar="LESSON", help="a name in the library, or the path of a lesson")
    learn.add_argument("--plain", action="store_true", help="over plain lines, without a screen")
    add_common(learn)
    learn.set_defaults(handle=_learn)


def show_library(arguments: argparse.Namespace) -> int:
    """The command without a name: choose a lesson, or list them where nothing can be drawn."""
    house = open_house(arguments)
    if has_screen():
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
    house = open_house(arguments)
    if arguments.plain or not has_screen():
        return learn_plainly(house, arguments.lesson, sys.stdin, sys.stdout)
    from tutor.tui import run_app  # noqa: PLC0415

    return run_app(house, arguments.lesson)


def learn_plainly(house: House, lesson: str, source: TextIO, target: TextIO) -> int:
    """Hold a lesson over plain lines; returns the exit status."""
    from tutor.plain import Console, Plain  # noqa: PLC0415
    from tutor.report.summary import summary_lines  # noqa: PLC0415

    console = Console(source, target, echo=not source.isatty())
    house.prepare()
    loaded = house.load(lesson)
    if house.learner is None and not _introduce(house, console):
        return 0
    conversation = _open_plainly(house, loaded, console)
    while conversation is not None:
        plain = Plain(conversation, console)
        plain.watch(partial(_trouble, house, conversation))
        plain.save_with(partial(_keep_in, house, conversation, lesson))
        console.say(f"{conversation.lesson.title}\n{conversation.phrases.how_it_works}\n(/help lists the commands.)")
        if house.journal.note:
            console.say(f"Note: {_OFFER}")
        plain.recall()
        try:
            end = plain.run(house.help_card(conversation.lesson.lang))
        except SystemExit:  # by a signal
            console.say(f"\nStopped. {_saved(house, conversation, lesson)}")
            raise
        except KeyboardInterrupt:  # while the tutor is at work; at a question, it leaves
            console.say(f"\n{_saved(house, conversation, lesson)}")
            raise
        if end == "over":
            levels = conversation.phrases.confidence_levels
            lines = summary_lines(conversation.lesson, conversation.session, house.names, levels, conversation.events)
            for line in lines:
                console.say(line)
        if end != "anew":
            return _close(house, conversation, console, lesson)
        conversation = house.start(loaded)
    return 0


def _close(house: House, conversation: Conversation, console: Console, lesson: str) -> int:
    """Say what is saved, and ask for another place as long as not all of it is; returns the exit status."""
    while problem := _unsaved(house, conversation, console):
        console.say(f"Not everything could be saved. {problem}")
        if house.sitting(conversation).is_removed:
            return 1
        try:
            folder = console.ask("A folder to save it in, such as that of a USB stick (only Enter: none): ")
        except KeyboardInterrupt:
            folder = None
        if folder is None or not folder.strip():
            console.say("It is not saved.")
            return 1
        console.say(_keep_in(house, conversation, lesson, folder.strip()))
    if conversation.turn != "over":
        console.say(_saved(house, conversation, lesson))
    elif house.settings.is_elsewhere(house.journal.data_dir):
        console.say(f"Saved. Come back with: {house.settings.command(house.journal.data_dir)}")
    return 0


def _unsaved(house: House, conversation: Conversation, console: Console) -> str | None:
    """What could not be saved, the pages of a finished lesson included."""
    problem = None
    if conversation.turn == "over":
        try:
            for path in house.export(conversation):
                console.say(f"Written: {path}")
        except JournalError as error:
            problem = str(error)
    sitting = house.sitting(conversation)
    sitting.try_again()
    return sitting.trouble or problem


def _trouble(house: House, conversation: Conversation) -> str | None:
    sitting = house.sitting(conversation)
    sitting.try_again()
    if not sitting.trouble or sitting.is_removed:
        return sitting.trouble
    return f"{sitting.trouble} {_OFFER}"


def _keep_in(house: House, conversation: Conversation, lesson: str, folder: str) -> str:
    """Keep everything in another folder from now on; what is said of it."""
    sitting = house.sitting(conversation)
    if sitting.trouble and sitting.is_removed:
        return sitting.trouble
    if not folder:
        return _OFFER
    try:
        data_dir = sitting.keep_in(Path(folder))
    except JournalError as error:
        return str(error)
    command = house.settings.command(data_dir, lesson)
    return f"All of it is saved in {data_dir} now, and so is what follows. The next time, start with: {command}"


def _introduce(house: House, console: Console) -> bool:
    from tutor.bootstrap import GUEST  # noqa: PLC0415

    if console.echo:
        return True
    while True:
        line = console.ask("Choose a nickname (not your name; it is only kept on this machine): ")
        if line is None or line.strip() == "/quit":
            return False
        if not house.is_distress(line):
            break
        console.say(house.help_card())
    house.set_learner(one_line(line)[:LONGEST_NICKNAME].strip() or GUEST)
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
    sitting = house.sitting(conversation)
    if sitting.trouble:
        return f"Not everything could be saved. {sitting.trouble}"
    command = house.settings.command(house.journal.data_dir, lesson)
    return f"Saved. Come back to the same place with: {command}"
