"""What the commands share: the settings' flags, and the house that is built from them."""

from __future__ import annotations

import argparse
import os
import secrets
import sys
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from tutor.core.clean import one_line
from tutor.core.limits import LONGEST_NICKNAME
from tutor.errors import TutorError

if TYPE_CHECKING:
    from tutor.bootstrap import House
    from tutor.settings import Settings

    Commands: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"

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
    "keep_months": ("MONTHS", "remove work after so long without a change (12; 0: never)"),
    "prompts_dir": ("DIR", "prompt files of your own"),
}


def add_common(parser: argparse.ArgumentParser) -> None:
    """Add the flags that every command takes: who learns, and the settings."""
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


def open_house(arguments: argparse.Namespace) -> House:
    """The house for the settings given; notes about them go to standard error."""
    from tutor.bootstrap import House  # noqa: PLC0415

    settings = settings_for(arguments)
    house = House(settings, _nickname(arguments))
    for note in settings.notes:
        sys.stderr.write(f"{note}\n")
    if settings.help_card and house.own_help_card is None:
        from tutor.lessons.help_card_file import card_trouble  # noqa: PLC0415

        why = card_trouble(settings.help_card)
        note = f"The help card {settings.help_card} cannot be read or is empty: it {why}. The supplied one is used."
        sys.stderr.write(f"{one_line(note)}\n")
    return house


def _nickname(arguments: argparse.Namespace) -> str | None:
    """Who learns, where that was given; TutorError where it is too long."""
    nickname = one_line(arguments.nickname) if "nickname" in arguments else None
    if nickname and len(nickname) > LONGEST_NICKNAME:
        raise TutorError(f"--as: a nickname has {LONGEST_NICKNAME} characters at most. Please choose a shorter one.")
    return nickname


def settings_for(arguments: argparse.Namespace, **instead: str) -> Settings:
    """The settings given; `instead` are values that count as if they stood on the command line. SettingsError."""
    from tutor.settings import NAMES, default_config_file, load_settings  # noqa: PLC0415

    flags = {name: value for name, value in vars(arguments).items() if name in NAMES}
    return load_settings(flags | instead, os.environ, default_config_file(os.environ))


def write_named(path: Path, text: str) -> None:
    """Write the file that a person named, as a whole or not at all; OSError, TutorError where it is a link or no file:
    in a folder that came from somebody else, that could lead to a file of their own.
    """
    if path.is_symlink():
        raise TutorError(f"{one_line(str(path))} is a link, and nothing is written through one. Choose another place.")
    if path.exists() and not path.is_file():
        raise TutorError(f"{one_line(str(path))} is no ordinary file. Choose another place.")
    beside = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    try:
        descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o666)
        with open(descriptor, "w", encoding="utf-8", newline="\n") as file:  # noqa: PTH123  a descriptor
            file.write(text)
        beside.replace(path)
    except BaseException:
        with suppress(OSError, ValueError):
            beside.unlink()
        raise


def has_screen() -> bool:
    """Whether there is a terminal on which a screen can be drawn."""
    return sys.stdin.isatty() and sys.stdout.isatty() and os.environ.get("TERM", "") not in ("dumb", "")
