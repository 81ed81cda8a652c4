"""Windows of all sizes, terminals of all kinds: on a real pseudo-terminal."""

from __future__ import annotations

import random
import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest

if sys.platform == "win32":
    pytest.skip("pseudo-terminals are not to be had on Windows", allow_module_level=True)

from tests.pty_stage import ROOT, TUTOR, Stage
from tests.staged import HALF_TYPED, draft, kinds, learn, learn_broken, lesson

SMALLEST, LARGEST = (20, 5), (300, 100)
TOO_SMALL = "This is too small: 60 columns and 20 lines are needed."

_DIALOGS = (
    ("\x1bOP", "This list of keys."),
    ("\x1bOS", "Nothing has been judged yet."),
    ("\x1b[18~", "where ferries land."),
    ("\x1b[21~", "Leave the lesson?"),
)
"""The key of a dialog, F1, F4, F7 or F10, and what stands in it."""


def _storm(stage: Stage, sizes: int, seed: int) -> None:
    """Many sizes at once; when the window is as before, so is the picture."""
    stage.until_quiet()
    before = stage.text
    chance = random.Random(seed)
    for size in (SMALLEST, LARGEST):
        stage.resize(*size)
    for _ in range(sizes):
        stage.resize(chance.randint(SMALLEST[0], LARGEST[0]), chance.randint(SMALLEST[1], LARGEST[1]))
        if chance.random() < 0.3:
            stage.until_quiet(0.02)
    stage.resize(80, 24)
    stage.until(lambda: stage.text == before)


def _storm_everywhere(home: Path, sizes: int) -> None:
    library = (*TUTOR, "--as", "mika", "--data-dir", str(home / "data"), "--lessons", str(lesson(home).parent.parent))
    with Stage(library, home=home) as stage:
        stage.until("Who says that the ferry is late?")
        _storm(stage, sizes, 1)
        stage.send("1")
        stage.until("Enter Send")
        stage.send(HALF_TYPED)
        stage.until(HALF_TYPED)
        _storm(stage, sizes, 2)
        lesson_screen = stage.text
        for seed, (key, title) in enumerate(_DIALOGS, start=3):
            stage.send(key)
            stage.until(title)
            _storm(stage, sizes, seed)
            stage.send("\x1b")
            stage.until(lambda: stage.text == lesson_screen)
        stage.send(" The council did.\r")
        stage.until("step 2 of 2")
        stage.send("\x1b[19~")
        stage.until("The harbour's log")
        _storm(stage, sizes, 7)
        stage.send("\x1b")
        stage.until(lambda: "The harbour's log" not in stage.text)
        _storm(stage, sizes, 8)
        stage.send("the log\r")
        stage.until("See your way through the text")
        stage.send("1")
        stage.until("F10 Library")
        stage.until(".html")
        _storm(stage, sizes, 9)
        stage.kill(signal.SIGTERM)
        assert stage.wait() == 128 + signal.SIGTERM
        assert stage.left_on() == []
    with Stage((*TUTOR, "preview", str(lesson(home))), home=home) as stage:
        stage.until("Enter Send")
        _storm(stage, sizes, 10)


def test_a_storm_of_sizes_leaves_every_screen_as_it_was(tmp_path: Path) -> None:
    _storm_everywhere(tmp_path, 7)


@pytest.mark.long
def test_a_long_storm_of_sizes_leaves_every_screen_as_it_was(tmp_path: Path) -> None:
    _storm_everywhere(tmp_path, 100)


_SIZED_AGAIN_WHILE_ASKED = """
import fcntl, shutil, struct, termios
ask, seen = shutil.get_terminal_size, []
def asked(*fallback):
    size = ask(*fallback)
    if size.columns == 100 and not seen:
        seen.append(size)
        fcntl.ioctl(1, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
    return size
shutil.get_terminal_size = asked
"""


def test_of_two_sizes_at_once_the_last_one_counts(tmp_path: Path) -> None:
    """The signal comes while what the one before means is being looked up, and is heard first."""
    with Stage(learn_broken(tmp_path, _SIZED_AGAIN_WHILE_ASKED), home=tmp_path) as stage:
        stage.until("Enter Send")
        stage.until_quiet()
        stage.resize(100, 30)
        stage.until(lambda: "Esc Menu" in stage.text.split("\n")[23])
        stage.until_quiet()
        assert "Esc Menu" in stage.text.split("\n")[23], "so it was drawn for 24 lines, and has stayed so"


# ------------------------------------------------------------------ too small


def _says_too_small(stage: Stage) -> bool:
    """Whether the sentence can be read, beside a scroll bar that may stand there."""
    return TOO_SMALL in " ".join(re.sub("[\u2581-\u2588]", "", stage.text).split())


def test_a_window_that_is_too_small_says_so_and_comes_back(tmp_path: Path) -> None:
    with Stage(learn(tmp_path), home=tmp_path) as stage:
        stage.until("Enter Send")
        stage.send(HALF_TYPED)
        stage.until(HALF_TYPED)
        stage.until_quiet()
        before = stage.text
        for size in ((59, 24), (80, 19), (40, 10), SMALLEST):
            stage.resize(*size)
            stage.until(lambda: _says_too_small(stage))
            stage.until(lambda: HALF_TYPED[:20] not in stage.text and "Esc Menu" not in stage.text)
        stage.resize(60, 20)
        stage.until(HALF_TYPED)
        assert not _says_too_small(stage)
        stage.resize(80, 24)
        stage.until(lambda: stage.text == before)


def test_what_cannot_be_seen_is_not_sent(tmp_path: Path) -> None:
    with Stage(learn(tmp_path), home=tmp_path) as stage:
        stage.until("Enter Send")
        stage.send(HALF_TYPED)
        stage.until(HALF_TYPED)
        stage.resize(*SMALLEST)
        stage.until(lambda: _says_too_small(stage))
        stage.send(" too\r\x1bOQ")
        stage.paste("pasted")
        stage.until_quiet()
        stage.resize(80, 24)
        stage.until(HALF_TYPED)
        assert "pasted" not in stage.text
        assert f"{HALF_TYPED} too" not in stage.text
        stage.resize(*SMALLEST)
        stage.until(lambda: _says_too_small(stage))
        stage.send("\x1b[21~")
        assert stage.wait() == 0
        assert stage.left_on() == []
        assert "Your answers are saved. Come back" in stage.after_the_screen
    assert kinds(tmp_path) == ["started", "opened"]
    assert draft(tmp_path) == HALF_TYPED


def test_a_screen_that_begins_too_small_can_be_made_larger(tmp_path: Path) -> None:
    with Stage((*TUTOR, "learn", str(lesson(tmp_path))), home=tmp_path, columns=30, rows=8) as stage:
        stage.until(lambda: _says_too_small(stage))
        stage.resize(80, 24)
        stage.until("nickname")
        assert not _says_too_small(stage)


# ------------------------------------------------------------------ terminals of other kinds


@pytest.mark.parametrize("term", ["dumb", None])
def test_a_terminal_that_cannot_be_drawn_on_gets_plain_lines(term: str | None, tmp_path: Path) -> None:
    with Stage(learn(tmp_path), home=tmp_path, environment={"TERM": term}) as stage:
        stage.until("Who says that it was late? >")
        assert b"\x1b" not in stage.log
        stage.send("/quit\r")
        assert stage.wait() == 0
    with Stage((*TUTOR, "preview", str(lesson(tmp_path))), home=tmp_path, environment={"TERM": term}) as stage:
        assert stage.wait() == 1
        stage.until("The preview needs a terminal to draw on")
        assert b"\x1b" not in stage.log


def test_without_a_terminal_there_are_plain_lines(tmp_path: Path) -> None:
    done = subprocess.run(learn(tmp_path), input="/quit\n", capture_output=True, text=True, cwd=ROOT, check=False)
    assert done.returncode == 0
    assert "Tutor: Who says that it was late?" in done.stdout
    assert "\x1b" not in done.stdout + done.stderr


@pytest.mark.parametrize(
    "environment",
    [{"NO_COLOR": "1"}, {"TERM": "xterm-mono"}],
    ids=lambda environment: "-".join(environment.values()),
)
def test_without_colours_everything_can_be_told_by_its_letters(
    environment: dict[str, str | None], tmp_path: Path
) -> None:
    with Stage((*TUTOR, "learn", "lavrov-syria", "--as", "mika"), home=tmp_path, environment=environment) as stage:
        stage.until("1 That the text says")
        assert "\u25b8" not in stage.text
        stage.send("\x1b[B\x1b[B")
        stage.until("\u25b8 2 That the US military")
        assert "\u25b8 1" not in stage.text
        stage.send("\r")
        stage.until("You  That the US military")
        if "NO_COLOR" in environment:
            assert _colours(stage.log) == set()


def _colours(log: bytes) -> set[bytes]:
    """Colours proper among those that were set: whatever is not a grey."""
    found = set()
    for codes in re.findall(rb"\x1b\[([\d;]*)m", log):
        for red, green, blue in re.findall(rb"(?:38|48);2;(\d+);(\d+);(\d+)", codes):
            if not red == green == blue:
                found.add(codes)
    return found
