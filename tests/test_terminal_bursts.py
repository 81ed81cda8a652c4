"""Keys that reach the program in one go, as from a paste or a fast hand: on a real pseudo-terminal."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

if sys.platform == "win32":
    pytest.skip("pseudo-terminals are not to be had on Windows", allow_module_level=True)

from tests.pty_stage import Stage
from tests.staged import HALF_TYPED, draft, kinds, learn


def test_keys_in_one_go_close_a_dialog_once_and_do_nothing_below_it(tmp_path: Path) -> None:
    with Stage(learn(tmp_path), home=tmp_path) as stage:
        stage.until("Enter Send")
        stage.send(HALF_TYPED)
        stage.until(HALF_TYPED)
        stage.send("\x1b[21~")
        stage.until("Leave the lesson?")
        stage.send("\r\r\r\r")
        stage.until(lambda: "Leave the lesson?" not in stage.text and HALF_TYPED in stage.text)
        stage.until_quiet()
        assert kinds(tmp_path) == ["started", "opened"]
        stage.send("\x1b")
        stage.until("All keys")
        stage.send("he said that nobody had asked any of them\r")
        stage.until(lambda: "hinted" in str(kinds(tmp_path)) or "hint" in str(kinds(tmp_path)))
        stage.until_quiet()
        assert HALF_TYPED in stage.text
        assert "answered" not in kinds(tmp_path)
        stage.send("\x1b[21~")
        stage.until("Leave the lesson?")
        stage.send("3")
        assert stage.wait() == 0
    assert draft(tmp_path) == HALF_TYPED
    with Stage(learn(tmp_path), home=tmp_path) as stage:
        stage.until("You have begun this lesson")
        stage.send("\r\r")
        stage.until(HALF_TYPED)
        stage.until_quiet()
        assert "answered" not in kinds(tmp_path)
        assert HALF_TYPED in stage.text
