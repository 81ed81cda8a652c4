"""The commands. What is heavy is imported inside the command that needs it."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import partial
from pathlib import Path
from traceback import extract_tb
from typing import TYPE_CHECKING, TextIO

from tutor import __version__
from tutor.errors import LessonError, TutorError

if TYPE_CHECKING:
    from tutor.bootstrap import House
    from tutor.conversation import Conversation
    from tutor.core.lesson import Lesson
    from tutor.journal import Past
    from tutor.lessons.loader import Loaded
    from tutor.plain import Console
    from tutor.workbench.calibrating import Judged

_EXAMPLES = """examples:
  closeread                              choose a lesson from the library
  closeread learn lavrov-syria           walk through a lesson
  closeread doctor                       is the model, if there is one, fit for use?
  closeread calibrate                    find out from when the model's word counts
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
_DOCTOR_EPILOG = """exit status:
  0  what is configured is fit for use, or no model is configured and nothing is wrong
  1  something that is configured does not work

with --json, one object:
  settings  list of {name, value, origin}; of the key only whether it is set
  found     list of {base_url, software, models}: endpoints at the usual ports of this machine
  checks    list of {name, state, sentence, advice}; state is ok, warn or fail
  fitness   fit, judge-only, not-fit or not-configured
  verdict   the same in a sentence;  advice: what to do about it
  figures   {judgement_seconds_cold, judgement_seconds_warm, cached_tokens, tokens_a_second, context_tokens_sent,
            context_tokens_arrived}; null where it could not be measured, absent where it was not tried
  works     true or false;  status: the exit status
"""
# What each flag is called in the help, and what it does: the model's own, then the rest.
_MODEL_FLAGS = {
    "model": ("NAME", "the model's name, as the server lists it"),
    "base_url": ("URL", "its address, as in http://127.0.0.1:8080/v1"),
    "key_file": ("FILE", "holds the key; only its owner may read it (or set CLOSEREAD_KEY)"),
    "allow_remote": ("true|false", "may the address be outside of your own network? (false)"),
    "judge": ("WHO", "embedded, model, or both"),
    "speaker": ("WHO", "scripted or model"),
    "context": ("TOKENS", "how much the model takes in at once (4096)"),
    "parallel": ("N", "questions side by side (as the server says)"),
    "examples": ("N", "worked examples in a judge's prompt (0)"),
    "connect_seconds": ("SECONDS", "wait for a connection (5)"),
    "first_token_seconds": ("SECONDS", "... for the first word (60)"),
    "gap_seconds": ("SECONDS", "... for the next word (30)"),
    "total_seconds": ("SECONDS", "... for the whole reply (180)"),
}
_OTHER_FLAGS = {
    "data_dir": ("DIR", "keep learners' work here"),
    "help_card": ("FILE", "show this text at words of distress"),
    "theme": ("THEME", "auto, light or dark"),
    "prompts_dir": ("DIR", "prompt files of your own"),
}


def main(argv: Sequence[str] | None = None) -> int:
    """Run a command; returns the exit status: 0 done, 1 something is wrong, 2 the command line is wrong."""
    for stream in (sys.stdin, sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")
    try:
        arguments = _parser().parse_args(argv)
        return _COMMANDS[arguments.command](arguments)
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
    doctor = commands.add_parser(
        "doctor",
        help="is the model fit for use? look at settings and endpoints",
        description="Show the settings, look for models on this machine, and try the configured one (some minutes).",
        epilog=_DOCTOR_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    doctor.add_argument("--json", action="store_true", help="one object for programs")
    _add_common(doctor)
    calibrate = commands.add_parser(
        "calibrate",
        help="find out from when the model's word as a judge counts",
        description="Have the configured model judge the sample answers of lessons (half an hour on a slow computer), "
        "and keep from which probability on its word counts. It holds for this model and this prompt.",
    )
    calibrate.add_argument("names", metavar="LESSON", nargs="*", help="lessons to use; all of the library without any")
    _add_common(calibrate)
    return parser


def _add_common(parser: argparse.ArgumentParser) -> None:
    from tutor.settings import NAMES  # noqa: PLC0415

    # SUPPRESS: given before or after the command, the flag must not be reset by the other parser's default.
    keep = argparse.SUPPRESS
    parser.add_argument("--as", dest="nickname", metavar="NICKNAME", default=keep, help="who learns (not your name)")
    settings = parser.add_argument_group("settings")
    settings.add_argument(
        "--lessons",
        dest="lessons_dirs",
        metavar="DIR",
        action="append",
        default=keep,
        help="look for lessons here, too",
    )
    model = parser.add_argument_group("the model")
    for group, flags in ((settings, _OTHER_FLAGS), (model, _MODEL_FLAGS)):
        for name, (metavar, help_) in flags.items():
            group.add_argument(NAMES[name][0], dest=name, metavar=metavar, default=keep, help=help_)
    # Known, so that whoever tries it is told where a key belongs.
    model.add_argument(NAMES["key"][0], dest="key", default=keep, help=keep)


def _house(arguments: argparse.Namespace) -> House:
    from tutor.bootstrap import House  # noqa: PLC0415
    from tutor.settings import NAMES, default_config_file, load_settings  # noqa: PLC0415

    flags = {name: value for name, value in vars(arguments).items() if name in NAMES}
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


def _doctor(arguments: argparse.Namespace) -> int:
    import asyncio  # noqa: PLC0415
    import json  # noqa: PLC0415

    from tutor.llm.doctor.telling import as_lines, as_object  # noqa: PLC0415
    from tutor.settings import default_config_file  # noqa: PLC0415

    house = _house(arguments)
    if house.settings.endpoint and not arguments.json:
        sys.stderr.write("Trying the model out; on a slow computer this takes some minutes ...\n")
    seen = asyncio.run(house.doctor())
    if arguments.json:
        print(json.dumps(as_object(seen), indent=2))
    else:
        print("\n".join(as_lines(seen, default_config_file(os.environ))))
    return seen.status


def _calibrate(arguments: argparse.Namespace) -> int:
    import asyncio  # noqa: PLC0415

    from tutor.workbench.calibrating import told  # noqa: PLC0415

    house = _house(arguments)
    lessons = [house.load(name).lesson for name in arguments.names]
    lessons = lessons or [entry.loaded.lesson for entry in house.entries() if entry.loaded]
    table = house.keep_calibration(asyncio.run(_watched(house, lessons)))
    for (model, prompt), cuts in table.items():
        print(f"{model}, prompt {prompt}: {told(cuts)}")
    print(f"Kept in {house.calibration_file}; from now on it is used.")
    return 0


async def _watched(house: House, lessons: list[Lesson]) -> list[Judged]:
    """The judged samples, with a line to say how far the work has come; stops at the first trouble of the endpoint."""
    judged = []
    async for each in house.calibration(lessons):
        if each.trouble:
            raise TutorError(f"{each.trouble} Nothing was changed.")
        judged.append(each)
        if sys.stderr.isatty() or each.number == each.total:
            sys.stderr.write(f"\r{each.number} of {each.total} samples judged")
    sys.stderr.write("\n")
    return judged


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
        console.say(f"{conversation.lesson.title}\n{conversation.phrases.how_it_works}\n(/help lists the commands.)")
        plain.recall()
        end = plain.run(house.help_card(conversation.lesson.lang))
        if end == "left":
            console.say(_saved(house, conversation, lesson))
        if end == "over":
            levels = conversation.phrases.confidence_levels
            lines = summary_lines(conversation.lesson, conversation.session, house.names, levels, conversation.events)
            for line in lines:
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


_COMMANDS: dict[str | None, Callable[[argparse.Namespace], int]] = {
    None: _library,
    "learn": _learn,
    "doctor": _doctor,
    "calibrate": _calibrate,
}
