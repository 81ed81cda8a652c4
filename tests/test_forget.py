"""`closeread forget` leaves nothing of a learner: not one byte of the nickname or of what was written, in any file."""

from __future__ import annotations

import asyncio
import contextlib
import io
import os
import time
from pathlib import Path
from time import process_time

import pytest

from tests.ferry import LESSON
from tutor.bootstrap import House
from tutor.cli import main
from tutor.conversation import Conversation
from tutor.core import events as e
from tutor.journal import Draft
from tutor.settings import load_settings

NICKNAME = "zwergohreule"
ANSWER = "quizzaciously printed by the mayor"


def learn(folder: Path, sessions: int, learner: str = NICKNAME) -> None:
    """A learner has begun so many sessions, in each answered and half typed another answer, and has pages of each."""
    house = House(load_settings({"data_dir": folder / "data"}, {}, None), learner)
    house.set_learner(learner)
    lesson = folder / "ferry.yaml"
    lesson.write_text(LESSON, encoding="utf-8")
    loaded = house.load(str(lesson))
    for number in range(sessions):
        conversation = house.start(loaded)
        asyncio.run(_answer(conversation, f"{ANSWER} {number}"))
        house.sitting(conversation).save_draft(Draft(conversation.step.id, f"{ANSWER} half typed {number}"))
        house.export(conversation)
        conversation.leave()


async def _answer(conversation: Conversation, text: str) -> None:
    async for _ in conversation.advance():
        pass
    async for _ in conversation.answer(e.Written(text=text)):
        pass


def forget(folder: Path, status: int = 0) -> tuple[str, float]:
    """What the command says, and the seconds it took; it ends with this status."""
    said, begun = io.StringIO(), time.perf_counter()
    with contextlib.redirect_stdout(said), pytest.MonkeyPatch.context() as patch:
        for name in ("config", "cache"):
            patch.setenv(f"XDG_{name.upper()}_HOME", str(folder / name))
        patch.setenv("CLOSEREAD_DATA_DIR", str(folder / "data"))
        assert main(["forget", NICKNAME, "--yes"]) == status
    return said.getvalue(), time.perf_counter() - begun


def traces(folder: Path) -> list[str]:
    """The files below a folder that hold the nickname or an answer, or have it in their names."""
    found = []
    for path in folder.rglob("*"):
        held = path.read_bytes().lower() if path.is_file() else b""
        if any(word in held or word in path.name.lower().encode() for word in (b"zwergohreule", b"quizzaciously")):
            found.append(str(path.relative_to(folder)))
    return found


@pytest.mark.parametrize("sessions", [20, pytest.param(200, marks=pytest.mark.long)])
def test_nothing_is_left_of_who_is_forgotten_and_all_of_who_is_not(sessions: int, tmp_path: Path) -> None:
    learn(tmp_path, sessions)
    learn(tmp_path, 1, "owl")
    others = {
        path: path.read_bytes() for path in (tmp_path / "data").rglob("*") if path.is_file() and "owl" in str(path)
    }
    assert len(traces(tmp_path)) >= 4 * sessions
    before = process_time()
    said, _ = forget(tmp_path)
    assert process_time() - before < 5  # in time of this process, not by the clock
    assert f"{sessions} sessions, {sessions} half-typed answers, {2 * sessions} pages" in said
    # The other learner wrote the same words.
    left = [path for path in traces(tmp_path) if "owl" not in path]
    assert left == []
    assert NICKNAME.encode() not in b"".join(path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())
    assert {path: path.read_bytes() for path in others} == others


def test_a_nickname_that_is_still_offered_is_not_said_to_be_gone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    learn(tmp_path, 1)
    real, no_longer = os.unlink, "The nickname is no longer offered"

    def unlink(path: str, *, dir_fd: int | None = None) -> None:
        if Path(path).name == "learner":
            raise PermissionError(13, "Permission denied", path)
        real(path, dir_fd=dir_fd)

    with monkeypatch.context() as patch:
        patch.setattr(os, "unlink", unlink)
        said, _ = forget(tmp_path, status=1)
    assert no_longer not in said
    assert f"{tmp_path / 'data' / 'learner'} is still there (Permission denied). " in capsys.readouterr().err
    assert traces(tmp_path) == [str(Path("data", "learner"))]
    said, _ = forget(tmp_path)
    assert no_longer in said
    assert traces(tmp_path) == []
