"""Keys in one burst: what was typed at a dialog is heard by that dialog once, and by nothing that lies below it."""

import threading
from pathlib import Path

import pytest

from tests.tui.acting import Learner, TestHouse, at_the_screen
from tutor.conversation import Conversation
from tutor.core import events as e
from tutor.lessons.loader import Loaded


def _open(learner: Learner) -> list[str]:
    return [type(screen).__name__ for screen in learner.app.screen_stack]


async def _burst(learner: Learner, *keys: str) -> None:
    """All these keys before the program hears of the first, and then all that comes of them."""
    learner.tap(*keys)
    for _ in range(5):
        await learner.rest()
        await learner.pilot.pause(0.02)


async def _begun(tmp_path: Path) -> None:
    async with at_the_screen(TestHouse(tmp_path)) as learner:
        await learner.open_lesson()


@pytest.mark.parametrize("keys", [("enter",) * 9, ("1",) * 2], ids=["Enter", "1"])
async def test_a_lesson_begun_before_is_gone_on_with_once(tmp_path: Path, keys: tuple[str, ...]) -> None:
    await _begun(tmp_path)
    async with at_the_screen(TestHouse(tmp_path)) as learner:
        await learner.until(lambda: "You have begun this lesson" in learner.text)
        await _burst(learner, *keys)
        await learner.until_screen("LessonScreen")
        assert _open(learner) == ["LibraryScreen", "LessonScreen"]
        assert len(learner.house.opened) == 1
        assert learner.mode == "choose"


@pytest.mark.parametrize("keys", [tuple("hs"), tuple("he said that 2 of them did"), ("escape", "escape")])
async def test_of_what_is_typed_into_the_menu_the_first_command_counts(tmp_path: Path, keys: tuple[str, ...]) -> None:
    async with at_the_screen(TestHouse(tmp_path)) as learner:
        await learner.open_lesson()
        await learner.press("escape")
        await _burst(learner, *("space" if key == " " else key for key in keys))
        assert _open(learner) == ["LibraryScreen", "LessonScreen"]
        assert sum(isinstance(each, e.HintAsked) for each in learner.payloads) == (keys[0] == "h")
        assert learner.mode == "choose"


async def test_two_enters_on_stay_stay_in_the_lesson_and_send_nothing(tmp_path: Path) -> None:
    async with at_the_screen(TestHouse(tmp_path)) as learner:
        await learner.open_writing()
        await learner.write("half typed")
        await learner.press("f10")
        before = len(learner.payloads)
        await _burst(learner, "enter", "enter", "enter")
        assert _open(learner) == ["LibraryScreen", "LessonScreen"]
        assert learner.desk.dock.box.text == "half typed"
        assert len(learner.payloads) == before


@pytest.mark.parametrize("key", ["f2", "f4", "f10", "escape", "ctrl+s"])
async def test_a_key_pressed_twice_opens_one_dialog_and_closing_it_twice_closes_that(tmp_path: Path, key: str) -> None:
    async with at_the_screen(TestHouse(tmp_path)) as learner:
        await learner.open_lesson()
        await _burst(learner, key, key)
        assert len(_open(learner)) <= 3
        await _burst(learner, "escape", "escape")
        await learner.press("escape") if len(_open(learner)) == 3 else None
        assert _open(learner) == ["LibraryScreen", "LessonScreen"]


async def test_a_nickname_is_given_once(tmp_path: Path) -> None:
    async with at_the_screen(TestHouse(tmp_path, learner=None)) as learner:
        await learner.until_screen("NicknameDialog")
        await _burst(learner, *"kim", "enter", "enter", "enter")
        await learner.open_lesson()
        assert _open(learner) == ["LibraryScreen", "LessonScreen"]
        assert learner.house.learner == "kim"


async def test_after_the_help_card_nothing_is_chosen_by_what_was_typed_at_it(tmp_path: Path) -> None:
    async with at_the_screen(TestHouse(tmp_path)) as learner:
        await learner.open_writing()
        await learner.write("I want to kill myself")
        await learner.press("enter")
        await learner.until_screen("HelpCardDialog")
        await _burst(learner, "1", "1", "3", "enter")
        assert _open(learner) == ["LibraryScreen", "LessonScreen"]
        assert learner.mode == "write"


async def test_a_folder_is_moved_to_once(tmp_path: Path) -> None:
    async with at_the_screen(TestHouse(tmp_path / "data")) as learner:
        await learner.open_lesson()
        await learner.press("ctrl+s")
        await learner.write(str(tmp_path / "stick"))
        (tmp_path / "stick").mkdir()
        await _burst(learner, "enter", "enter", "enter")
        await learner.until(lambda: "All of it is saved" in learner.text)
        await _burst(learner, "enter", "enter", "escape")
        assert _open(learner) == ["LibraryScreen", "LessonScreen"]


@pytest.mark.parametrize("keys", ["11", "22"])
async def test_the_end_of_a_lesson_is_left_once(tmp_path: Path, keys: str) -> None:
    async with at_the_screen(TestHouse(tmp_path)) as learner:
        await learner.open_lesson()
        await learner.go_on_stuck_to("over")
        await _burst(learner, *keys)
        assert _open(learner) == ["LibraryScreen", *(["EndScreen"] if keys == "11" else [])]
        assert len(learner.house.opened) == 1


async def test_a_second_enter_while_a_lesson_is_being_opened_opens_it_no_second_time(tmp_path: Path) -> None:
    house, begins, may_go_on = TestHouse(tmp_path), threading.Event(), threading.Event()
    start = house.start

    def slowly(loaded: Loaded) -> Conversation:
        begins.set()
        may_go_on.wait(60)
        return start(loaded)

    house.start = slowly  # type: ignore[method-assign]
    async with at_the_screen(house, lesson=None) as learner:
        await learner.until(lambda: "A bike lane" in learner.text)
        learner.tap("enter", "enter")
        await learner.until(begins.is_set)
        await _burst(learner, "enter")
        may_go_on.set()
        await learner.open_lesson()
        await learner.rest()
        assert _open(learner) == ["LibraryScreen", "LessonScreen"]
        assert len(house.opened) == 1


async def test_two_enters_in_the_library_ask_once_about_a_lesson_begun_before(tmp_path: Path) -> None:
    await _begun(tmp_path)
    async with at_the_screen(TestHouse(tmp_path), lesson=None) as learner:
        await learner.until(lambda: "A bike lane" in learner.text)
        await _burst(learner, "enter", "enter", "enter")
        await learner.until(lambda: "You have begun this lesson" in learner.text)
        assert _open(learner) == ["LibraryScreen", "ChoiceDialog"]
        await learner.press("1")
        await learner.open_lesson()
        assert _open(learner) == ["LibraryScreen", "LessonScreen"]
        assert len(learner.house.opened) == 1


async def test_two_enters_at_a_broken_lesson_open_one_explanation(tmp_path: Path) -> None:
    lessons = tmp_path / "lessons"
    (lessons / "broken").mkdir(parents=True)
    (lessons / "broken" / "lesson.yaml").write_text("title: [", encoding="utf-8")
    async with at_the_screen(TestHouse(tmp_path / "data", lessons=lessons), lesson=None) as learner:
        await learner.until(lambda: "cannot be opened" in learner.text)
        await _burst(learner, "enter", "enter")
        assert _open(learner) == ["LibraryScreen", "TextDialog"]


async def test_what_is_pressed_after_a_dialog_has_gone_is_heard(tmp_path: Path) -> None:
    async with at_the_screen(TestHouse(tmp_path)) as learner:
        await learner.open_lesson()
        for _ in range(5):
            await learner.press("f10", "1", "down")
        assert learner.desk.dock.choices.highlighted is not None
        await learner.press("f10", "escape", "2")
        assert learner.mode == "confidence"
