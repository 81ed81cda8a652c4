"""The settings in force, and what each of them is called."""

from __future__ import annotations

import os
import re
import shlex
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, TypeAlias, get_args

Theme: TypeAlias = Literal["auto", "light", "dark"]
THEMES: tuple[Theme, ...] = get_args(Theme)
JudgeChoice: TypeAlias = Literal["embedded", "model", "both"]
JUDGES: tuple[JudgeChoice, ...] = get_args(JudgeChoice)
SpeakerChoice: TypeAlias = Literal["scripted", "model"]
SPEAKERS: tuple[SpeakerChoice, ...] = get_args(SpeakerChoice)

# The name of each setting in the file, with its flag and its variable in the environment. The key is taken from the
# environment alone; its other two names are known so that it can be said where it belongs.
NAMES = {
    "data_dir": ("--data-dir", "CLOSEREAD_DATA_DIR"),
    "lessons_dirs": ("--lessons", "CLOSEREAD_LESSONS_DIRS"),
    "help_card": ("--help-card", "CLOSEREAD_HELP_CARD"),
    "theme": ("--theme", "CLOSEREAD_THEME"),
    "keep_months": ("--keep-months", "CLOSEREAD_KEEP_MONTHS"),
    "model": ("--model", "CLOSEREAD_MODEL"),
    "base_url": ("--base-url", "CLOSEREAD_BASE_URL"),
    "key": ("--key", "CLOSEREAD_KEY"),
    "key_file": ("--key-file", "CLOSEREAD_KEY_FILE"),
    "allow_remote": ("--allow-remote", "CLOSEREAD_ALLOW_REMOTE"),
    "judge": ("--judge", "CLOSEREAD_JUDGE"),
    "speaker": ("--speaker", "CLOSEREAD_SPEAKER"),
    "context": ("--context", "CLOSEREAD_CONTEXT"),
    "parallel": ("--parallel", "CLOSEREAD_PARALLEL"),
    "examples": ("--examples", "CLOSEREAD_EXAMPLES"),
    "prompts_dir": ("--prompts-dir", "CLOSEREAD_PROMPTS_DIR"),
    "connect_seconds": ("--connect-seconds", "CLOSEREAD_CONNECT_SECONDS"),
    "first_token_seconds": ("--first-token-seconds", "CLOSEREAD_FIRST_TOKEN_SECONDS"),
    "gap_seconds": ("--gap-seconds", "CLOSEREAD_GAP_SECONDS"),
    "total_seconds": ("--total-seconds", "CLOSEREAD_TOTAL_SECONDS"),
}


@dataclass(frozen=True)
class Endpoint:
    """A model and how it is asked. `is_local`: on this machine or in the house's own network.

    `base_url` ends before `/chat/completions` and without a slash. `context` is the most tokens that a prompt and its
    reply may have together, `parallel` how many questions are asked side by side (None: found out from the server),
    `examples` how many worked examples a judge's prompt carries.
    """

    model: str
    base_url: str
    key: str | None = field(default=None, repr=False)
    connect_seconds: float = 5.0
    first_token_seconds: float = 60.0
    gap_seconds: float = 30.0
    total_seconds: float = 180.0
    context: int = 4096
    parallel: int | None = None
    examples: int = 0
    is_local: bool = True


@dataclass(frozen=True)
class Settings:
    """The settings in force.

    `lessons_dirs` are looked through beside the lessons that come with the program; without a `help_card` the supplied
    one is shown. `keep_months` is how long a learner's work stays when nothing is added to it, 0 for ever. `origins`
    says for each setting where its value comes from, `notes` what a person has to know, and `shown` holds every value
    as a person may see it (of the key only whether there is one).
    """

    data_dir: Path
    lessons_dirs: tuple[Path, ...]
    help_card: Path | None
    theme: Theme
    origins: Mapping[str, str]
    notes: tuple[str, ...] = ()
    endpoint: Endpoint | None = None
    judge: JudgeChoice = "embedded"
    speaker: SpeakerChoice = "scripted"
    prompts_dir: Path | None = None
    allow_remote: bool = False
    keep_months: int = 12
    shown: Mapping[str, str] = field(default_factory=dict, compare=False, repr=False)

    def is_elsewhere(self, data_dir: Path) -> bool:
        """Whether a start with the same settings would not look for a learner's work in this data folder."""
        return data_dir != self.data_dir or bool(self.notes)

    def command(self, data_dir: Path, lesson: str = "") -> str:
        """How to start the program so that it finds this data folder again, and opens a lesson where one is named."""
        given = {name for name, origin in self.origins.items() if origin.startswith("flag")}
        words = ["closeread"]
        if "data_dir" in given or self.is_elsewhere(data_dir):
            words += [NAMES["data_dir"][0], str(data_dir)]
        if "lessons_dirs" in given:
            words += [word for folder in self.lessons_dirs for word in (NAMES["lessons_dirs"][0], str(folder))]
        if lesson:
            words += ["learn", lesson]
        return " ".join(map(_quoted, words))


def _quoted(word: str) -> str:
    """A word of a command line as it has to be typed."""
    if os.name != "nt":
        return shlex.quote(word)
    if re.fullmatch(r"[\w:\\/.~+-]+", word):
        return word
    # No name there has a double quote in it, but a backslash before the last quote would hide that one.
    return f'"{word}{word[len(word.rstrip(chr(92))) :]}"'
