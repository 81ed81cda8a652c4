"""The session ends by a signal, a closed window or a fault, or is stopped for a while: on a real pseudo-terminal.

Afterwards the terminal is as it was, the journal is whole, what was half typed is kept, and a sentence says so.
"""

from __future__ import annotations

import signal
import sys
from functools import partial
from pathlib import Path

import pytest

if sys.platform == "win32":
    pytest.skip("pseudo-terminals and these signals are not to be had on Windows", allow_module_level=True)

from tests.pty_stage import LEARN, Stage
from tests.staged import HALF_TYPED, draft, events, kinds, learn, learn_broken

ENDS = (signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT, signal.SIGINT)
BACK = "Come back to the same place with: closeread"
ASKED = "Who says that it was late?"


def begun(stage: Stage) -> None:
    """The first question stands there, and half an answer to it."""
    stage.until(ASKED)
    stage.until("Enter Send")
    stage.send(HALF_TYPED)
    stage.until(HALF_TYPED)


def begun_plainly(stage: Stage) -> None:
    stage.until(f"{ASKED} >")
    stage.send(HALF_TYPED)
    stage.until(f"> {HALF_TYPED}")


def _has_written(stage: Stage, most: int) -> bool:
    return stage.bytes_written >= most


def _shows(stage: Stage, text: str) -> bool:
    return stage.text == text


def is_left_as_it_was(stage: Stage) -> bool:
    """Whether the terminal is as before, and what stays in the window is one line about it."""
    assert stage.left_on() == []
    assert "Traceback" not in stage.after_the_screen
    assert HALF_TYPED not in stage.after_the_screen
    return True


# ------------------------------------------------------------------ told to stop


@pytest.mark.parametrize("number", ENDS, ids=lambda number: signal.Signals(number).name)
def test_a_signal_ends_the_screen_in_good_order(number: int, tmp_path: Path) -> None:
    with Stage(learn(tmp_path), home=tmp_path) as stage:
        begun(stage)
        assert {"alternate screen", "mouse", "keyboard protocol", "attributes"} <= set(stage.left_on())
        stage.kill(number)
        assert stage.wait() == 128 + number
        assert is_left_as_it_was(stage)
        assert f"Stopped. Your answers are saved. {BACK}" in stage.after_the_screen
    assert draft(tmp_path) == HALF_TYPED
    assert kinds(tmp_path) == ["started", "opened"]
    with Stage(learn(tmp_path), home=tmp_path) as stage:
        stage.until("You have begun this lesson")
        stage.send("1")
        stage.until(HALF_TYPED)


def test_a_signal_at_any_time_of_the_start_leaves_nothing_on(tmp_path: Path) -> None:
    for written in (1, 2000):
        with Stage(learn(tmp_path), home=tmp_path) as stage:
            stage.until(partial(_has_written, stage, written))
            stage.kill(signal.SIGTERM)
            assert stage.wait() == 128 + signal.SIGTERM
            assert is_left_as_it_was(stage)


@pytest.mark.parametrize("number", ENDS[:3], ids=lambda number: signal.Signals(number).name)
def test_a_signal_ends_plain_lines_in_good_order(number: int, tmp_path: Path) -> None:
    with Stage(learn(tmp_path, "--plain"), home=tmp_path) as stage:
        begun_plainly(stage)
        stage.kill(number)
        assert stage.wait() == 128 + number
        stage.until(f"Stopped. Saved. {BACK}")
        assert stage.left_on() == []
        assert "Traceback" not in stage.text
    assert kinds(tmp_path)[:2] == ["started", "opened"]


def test_ctrl_c_leaves_plain_lines(tmp_path: Path) -> None:
    with Stage(learn(tmp_path, "--plain"), home=tmp_path) as stage:
        begun_plainly(stage)
        stage.send("\x03")
        assert stage.wait() == 0
        assert "^C\r\nSaved. Come back" in stage.log.decode()
        assert stage.left_on() == []
    assert kinds(tmp_path) == ["started", "opened", "left"]


# ------------------------------------------------------------------ a closed window


@pytest.mark.parametrize("told", [True, False], ids=["SIGHUP", "no signal"])
@pytest.mark.parametrize("flags", [(), ("--plain",)], ids=["screen", "plain"])
def test_a_closed_window_ends_it(flags: tuple[str, ...], told: bool, tmp_path: Path) -> None:
    with Stage(learn(tmp_path, *flags), home=tmp_path) as stage:
        (begun_plainly if flags else begun)(stage)
        stage.hang_up(told=told)
        # It may be on its way out already when it is told; a shell sees the same in both.
        assert stage.wait() in (128 + signal.SIGHUP, -signal.SIGHUP)
    assert kinds(tmp_path)[:2] == ["started", "opened"]
    if not flags:
        assert draft(tmp_path) == HALF_TYPED


# ------------------------------------------------------------------ stopped for a while


@pytest.mark.parametrize("number", [signal.SIGTSTP, signal.SIGSTOP], ids=["SIGTSTP", "SIGSTOP"])
def test_a_stopped_session_goes_on_with_the_same_picture(number: int, tmp_path: Path) -> None:
    with Stage(learn(tmp_path), home=tmp_path) as stage:
        begun(stage)
        stage.until_quiet()
        for times in (1, 2) if number == signal.SIGTSTP else (1,):
            before = stage.text
            stage.kill(number)
            stage.until_stopped(times)
            if number == signal.SIGTSTP:
                assert is_left_as_it_was(stage)
            stage.clear()
            stage.foreground()
            stage.until(partial(_shows, stage, before))
            stage.send("!")
            stage.until(f"{HALF_TYPED}{'!' * times}")
            stage.until_quiet()
        stage.kill(signal.SIGTERM)
        assert stage.wait() == 128 + signal.SIGTERM
        assert is_left_as_it_was(stage)
    assert draft(tmp_path) == f"{HALF_TYPED}{'!' * times}"


def test_a_stopped_session_that_is_told_to_end_is_saved_when_it_goes_on(tmp_path: Path) -> None:
    with Stage(learn(tmp_path), home=tmp_path) as stage:
        begun(stage)
        stage.kill(signal.SIGTSTP)
        stage.until_stopped()
        stage.kill(signal.SIGTERM)
        stage.foreground()
        assert stage.wait() == 128 + signal.SIGTERM
        assert is_left_as_it_was(stage)
    assert draft(tmp_path) == HALF_TYPED


def test_plain_lines_go_on_after_ctrl_z(tmp_path: Path) -> None:
    with Stage(learn(tmp_path, "--plain"), home=tmp_path) as stage:
        begun_plainly(stage)
        stage.send("\x1a")
        stage.until_stopped()
        assert stage.left_on() == []
        stage.foreground()
        stage.send("The council said it.\r")
        stage.until("step 2 of 2")
    assert "answered" in kinds(tmp_path)


# ------------------------------------------------------------------ a fault in the program

_IN_A_WIDGET = """
from tutor.tui.widgets.answer_box import AnswerBox
render = AnswerBox.render_line
def broken(self, y):
    learners_words = self.text
    if "!" in learners_words:
        raise {error}
    return render(self, y)
AnswerBox.render_line = broken
"""
_IN_THE_CONVERSATION = """
from tutor.conversation import Conversation
async def broken(self, answer):
    raise ValueError(answer.text)
    yield
Conversation.answer = broken
"""


@pytest.mark.parametrize("error", ["ValueError(learners_words)", "__import__('rich').errors.MarkupError('[/]')"])
def test_a_fault_in_a_widget_leaves_a_sentence_and_no_traceback(error: str, tmp_path: Path) -> None:
    with Stage(learn_broken(tmp_path, _IN_A_WIDGET.format(error=error)), home=tmp_path) as stage:
        begun(stage)
        stage.send("!")
        assert stage.wait() == 1
        assert is_left_as_it_was(stage)
        said = " ".join(stage.after_the_screen.split())
        assert "Something went wrong in the program itself (" in said
        assert f"Your answers are saved. {BACK}" in said
        assert "learners_words" not in said
    assert draft(tmp_path) == f"{HALF_TYPED}!"
    assert kinds(tmp_path) == ["started", "opened"]


def test_a_fault_in_the_conversation_keeps_the_words_in_the_box(tmp_path: Path) -> None:
    with Stage(learn_broken(tmp_path, _IN_THE_CONVERSATION), home=tmp_path) as stage:
        begun(stage)
        stage.send("\r")
        stage.until("Something went wrong in the program (ValueError). What you wrote is kept")
        assert HALF_TYPED in stage.text
        stage.kill(signal.SIGTERM)
        assert stage.wait() == 128 + signal.SIGTERM
        assert is_left_as_it_was(stage)
    assert draft(tmp_path) == HALF_TYPED


def test_a_fault_in_plain_lines_is_a_sentence(tmp_path: Path) -> None:
    with Stage(learn_broken(tmp_path, _IN_THE_CONVERSATION, "--plain"), home=tmp_path) as stage:
        begun_plainly(stage)
        stage.send("\r")
        assert stage.wait() == 1
        stage.until("Something went wrong inside Closeread (ValueError in")
        assert "Traceback" not in stage.text
        assert stage.text.count(HALF_TYPED) == 1
    assert kinds(tmp_path)[:2] == ["started", "opened"]


def test_what_is_no_text_ends_nothing(tmp_path: Path) -> None:
    with Stage(learn(tmp_path), home=tmp_path) as stage:
        begun(stage)
        stage.send(b"\xe9\xff\xc3")
        stage.send(" by hand")
        stage.until("by hand")
        stage.kill(signal.SIGTERM)
        assert stage.wait() == 128 + signal.SIGTERM


# ------------------------------------------------------------------ a terminal that does not wait

_DOES_NOT_WAIT = """
import os
os.set_blocking(2, False)
read, refused = os.read, []
def read_by_another(number, most):
    if number == 0 and not refused:
        refused.append(number)
        raise BlockingIOError
    return read(number, most)
os.read = read_by_another
"""


def test_a_terminal_that_another_program_made_impatient_shows_it_all(tmp_path: Path) -> None:
    """The window is so large that the terminal cannot take in one picture at once."""
    program = learn_broken(tmp_path, _DOES_NOT_WAIT)
    with Stage(program, home=tmp_path, columns=250, rows=150) as stage:
        begun(stage)
        stage.send("!")
        stage.until(f"{HALF_TYPED}!")
        stage.kill(signal.SIGTERM)
        assert stage.wait() == 128 + signal.SIGTERM
        assert is_left_as_it_was(stage)


# ------------------------------------------------------------------ the record cannot be written


def test_what_is_not_saved_is_not_called_saved(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("a file where a folder should be")
    with Stage((*LEARN, "--data-dir", str(tmp_path / "data")), home=tmp_path) as stage:
        stage.until("Go on")
        stage.send("1")
        stage.until("step 1 of")
        stage.kill(signal.SIGTERM)
        assert stage.wait() == 128 + signal.SIGTERM
        assert "Not everything could be saved." in " ".join(stage.after_the_screen.split())
        assert is_left_as_it_was(stage)


def test_the_session_is_whole_after_all_that(tmp_path: Path) -> None:
    for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGKILL):
        with Stage(learn(tmp_path, "--plain"), home=tmp_path) as stage:
            stage.until(">" if not (tmp_path / "data").exists() else "Go on where you left?")
            stage.kill(number)
            stage.wait()
    assert [event.seq for event in events(tmp_path)] == list(range(len(events(tmp_path))))
