"""Saving in another place at the screen: the line to come back with says where, whichever way it is shown."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from textual.containers import VerticalScroll

from tests.tui.acting import LARGE, LESSONS, Learner, TestHouse, at_the_screen


async def _save_in(learner: Learner, folder: Path) -> str:
    """Save everything in another folder; the line that is to be written down, without what breaks it."""
    await learner.press("ctrl+s")
    await learner.until_screen("ElsewhereDialog")
    learner.type(str(folder))
    await learner.press("enter")
    await learner.until_screen("TextDialog")
    said = _unbroken(learner.shown(learner.screen.query_one(VerticalScroll)))
    await learner.press("escape")
    return said.partition("Pleasewriteitdown:")[2]


def _unbroken(text: str) -> str:
    return "".join(text.split())


async def _leave_a_window_that_is_too_small(learner: Learner) -> None:
    await learner.pilot.resize_terminal(40, 10)
    await learner.until(lambda: "This is too small" in learner.text)
    await learner.press("f10")
    await learner.until(lambda: not learner.app.is_running)


async def test_the_line_to_write_down_leads_to_the_lesson_that_was_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(LESSONS / "bike-lane", tmp_path / "sub" / "my lesson")
    monkeypatch.chdir(tmp_path)
    house, named = TestHouse(tmp_path / "data", lessons=tmp_path / "none"), "sub/my lesson/lesson.yaml"
    async with at_the_screen(house, lesson=named, size=LARGE) as learner:
        await learner.open_lesson()
        told = house.settings.command(tmp_path / "closeread", named)
        assert await _save_in(learner, tmp_path) == _unbroken(told)
        await learner.go_on_stuck_to("over")
        await learner.press("1")
        await learner.until_screen("EndScreen")
        (tmp_path / "stick").mkdir()
        told = house.settings.command(tmp_path / "stick" / "closeread", named)
        assert await _save_in(learner, tmp_path / "stick") == _unbroken(told)


async def test_whatever_ends_the_library_the_other_place_is_said(tmp_path: Path) -> None:
    house = TestHouse(tmp_path / "data")
    back = house.settings.command(tmp_path / "closeread")
    async with at_the_screen(house, lesson=None, size=LARGE) as learner:
        await learner.until(lambda: "A bike lane" in learner.text)
        assert await _save_in(learner, tmp_path) == _unbroken(back)
        await _leave_a_window_that_is_too_small(learner)
    assert learner.app.return_value == f"Your answers are saved. Come back with: {back}"


async def test_whatever_ends_the_library_it_is_said_that_not_everything_is_saved(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("not a folder", encoding="utf-8")
    async with at_the_screen(TestHouse(tmp_path / "file"), lesson=None) as learner:
        await learner.press("f2", "ctrl+u")
        await learner.write("alex")
        await learner.press("enter")
        await learner.until(lambda: "not saved yet" in " ".join(learner.text.split()))
        await _leave_a_window_that_is_too_small(learner)
    assert str(learner.app.return_value).startswith("Not everything could be saved.")


async def test_who_looks_back_and_saves_elsewhere_is_told_the_place_whatever_ends_it(tmp_path: Path) -> None:
    async with at_the_screen(TestHouse(tmp_path / "data")) as learner:
        await learner.open_lesson()
        await learner.go_on_stuck_to("over")
    house = TestHouse(tmp_path / "data")
    back = house.settings.command(tmp_path / "closeread", "bike-lane")
    async with at_the_screen(house, size=LARGE) as learner:
        await learner.until(lambda: "You have been through this lesson" in learner.text)
        await learner.press("1")
        await learner.until_screen("EndScreen")
        assert await _save_in(learner, tmp_path) == _unbroken(back)
        await _leave_a_window_that_is_too_small(learner)
    assert learner.app.return_value == f"Your answers are saved. Come back to the same place with: {back}"
