"""Leaving at any point and coming back: the same place, with the half-typed answer; and what may never be kept."""

from pathlib import Path

import pytest

from tests.tui.acting import LESSONS, TestHouse, at_the_screen
from tutor.core import events as e
from tutor.tui.screens.lesson import LessonScreen

DISTRESS = "i want to kill myself"


def _kept(folder: Path) -> str:
    return "\n".join(path.read_text("utf-8", "replace") for path in folder.rglob("*") if path.is_file())


def _drafts(folder: Path) -> list[Path]:
    return list(folder.rglob("*.draft.json"))


async def test_leaving_and_coming_back_with_a_draft(tmp_path: Path) -> None:
    async with at_the_screen(TestHouse(tmp_path)) as learner:
        await learner.open_lesson()
        await learner.press("2", "4", "f3", "f3", "1")
        await learner.write("the writer did not")
        await learner.press("f10")
        assert "saved" in learner.text
        await learner.press("3")
        await learner.until(lambda: not learner.app.is_running)
    assert learner.app.return_value == "Saved. Come back to the same place with: closeread learn bike-lane"
    assert isinstance(learner.payloads[-1], e.Left)

    async with at_the_screen(TestHouse(tmp_path)) as learner:
        await learner.until_screen("ChoiceDialog")
        assert "Go on where I left" in learner.text
        await learner.press("1")
        await learner.open_lesson()
        await learner.until(lambda: learner.desk.dock.box.text == "the writer did not")
        assert "Why is" in learner.shown(learner.desk.talk)
        await learner.write(" ask")
        assert learner.desk.dock.box.text == "the writer did not ask"
        await learner.press("enter")
        assert learner.desk.dock.box.text == ""
    assert not _drafts(tmp_path)


async def test_the_lesson_to_come_back_to_is_the_one_that_was_left(tmp_path: Path) -> None:
    lessons = tmp_path / "lessons"
    _put(lessons / "bike-lane", "bike-lane", "A bike lane")
    _put(lessons / "tram", "tram", "A tram")
    async with at_the_screen(TestHouse(tmp_path / "data", lessons=lessons)) as learner:
        await learner.open_lesson()
        await learner.press("f10", "2")
        await learner.until(lambda: "0 of 5 steps" in learner.text)  # the list has been made anew
        await learner.rest()
        await learner.press("2")
        await learner.open_lesson()
        await learner.press("f10", "3")
        await learner.until(lambda: not learner.app.is_running)
    assert learner.app.return_value == "Saved. Come back to the same place with: closeread learn tram"


async def test_a_lesson_that_another_one_hides_is_come_back_to_by_its_path(tmp_path: Path) -> None:
    lessons = tmp_path / "lessons"
    _put(lessons / "bike", "bus", "A bike")
    _put(lessons / "bus", "tram", "A tram")
    async with at_the_screen(TestHouse(tmp_path / "data", lessons=lessons), lesson=None) as learner:
        await learner.until(lambda: "A bike" in learner.text)
        await learner.press("1")
        await learner.open_lesson()
        await learner.press("f10", "3")
        await learner.until(lambda: not learner.app.is_running)
    assert str(learner.app.return_value).endswith(f" with: closeread learn {lessons / 'bike' / 'lesson.yaml'}")


def _put(folder: Path, id_: str, title: str) -> None:
    text = (LESSONS / "bike-lane" / "lesson.yaml").read_text(encoding="utf-8")
    text = text.replace("id: bike-lane", f"id: {id_}", 1).replace("title: A bike lane", f"title: {title}", 1)
    folder.mkdir(parents=True)
    (folder / "lesson.yaml").write_text(text, encoding="utf-8")


async def test_a_lesson_by_its_path_is_come_back_to_by_that_path(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _put(tmp_path / "my lesson", "bike-lane", "A bike lane")
    monkeypatch.chdir(tmp_path)
    house = TestHouse(tmp_path / "data")
    async with at_the_screen(house, lesson="my lesson/lesson.yaml") as learner:
        await learner.open_lesson()
        await learner.press("f10", "3")
        await learner.until(lambda: not learner.app.is_running)
    back = str(learner.app.return_value).partition(" with: ")[2]
    assert back == house.settings.command(tmp_path / "data", "my lesson/lesson.yaml")
    assert "learn my lesson" not in back


async def test_ctrl_q_leaves_by_the_same_door_and_keeps_what_is_half_typed(tmp_path: Path) -> None:
    async with at_the_screen(TestHouse(tmp_path)) as learner:
        await learner.open_lesson()
        await learner.press("2", "4", "f3", "f3", "1")
        await learner.write("half typed")
        await learner.press("ctrl+q")
        await learner.until(lambda: "Leave the lesson" in learner.text)
        assert _drafts(tmp_path)
        await learner.press("escape")
        assert learner.desk.dock.box.text == "half typed"


async def test_a_killed_window_loses_two_seconds_at_most(tmp_path: Path) -> None:
    async with at_the_screen(TestHouse(tmp_path)) as learner:
        await learner.open_lesson()
        await learner.press("2", "4", "f3", "f3", "1")
        await learner.write("half a tho")
        await learner.until(lambda: "half a tho" in _kept(tmp_path))


async def test_starting_anew(tmp_path: Path) -> None:
    async with at_the_screen(TestHouse(tmp_path)) as learner:
        await learner.open_lesson()
        await learner.press("2", "4")
    async with at_the_screen(TestHouse(tmp_path)) as learner:
        await learner.until_screen("ChoiceDialog")
        await learner.press("2")
        await learner.open_lesson()
        assert learner.mode == "choose"


async def test_a_lesson_that_changed_can_be_finished_as_it_was(tmp_path: Path) -> None:
    folder = tmp_path / "lessons" / "bike-lane"
    folder.mkdir(parents=True)
    text = (LESSONS / "bike-lane" / "lesson.yaml").read_text(encoding="utf-8")
    (folder / "lesson.yaml").write_text(text, encoding="utf-8")
    data = tmp_path / "data"
    async with at_the_screen(TestHouse(data, lessons=folder.parent)) as learner:
        await learner.open_lesson()
        await learner.press("2", "4")
    changed = text.replace("Which words claim more than anybody can know?", "Which words do you doubt?")
    (folder / "lesson.yaml").write_text(changed, encoding="utf-8")
    async with at_the_screen(TestHouse(data, lessons=folder.parent)) as learner:
        await learner.until_screen("ChoiceDialog")
        assert "it has changed since" in learner.text
        await learner.press("1")
        await learner.open_lesson()
        assert "claim more than anybody can know" in learner.text


async def test_words_of_distress_pause_the_lesson_and_are_kept_nowhere(tmp_path: Path) -> None:
    async with at_the_screen(TestHouse(tmp_path)) as learner:
        await learner.open_lesson()
        await learner.press("2", "4", "f3", "f3", "1")
        await learner.write(DISTRESS)
        await learner.press("f10", "escape")  # leaving saves what is half typed, but not this
        assert "kill" not in _kept(tmp_path / "learners")
        await learner.press("enter")
        await learner.until_screen("HelpCardDialog")
        assert "It matters, and you do not have to deal" in learner.text
        await learner.press("escape", "enter")  # a stray key chooses nothing
        assert learner.mode == "pause"
        await learner.press("2")
        assert learner.desk.dock.box.text == DISTRESS
        await learner.press("ctrl+u")
        await learner.write("they asked nobody")
        await learner.press("enter")
    assert "kill" not in _kept(tmp_path / "learners")
    assert [type(each) for each in learner.payloads].count(e.Paused) == 1


async def test_going_on_after_the_help_card_forgets_the_words(tmp_path: Path) -> None:
    async with at_the_screen(TestHouse(tmp_path)) as learner:
        await learner.open_lesson()
        await learner.press("2", "4", "f3", "f3", "1")
        await learner.write(DISTRESS)
        await learner.press("enter")
        await learner.until_screen("HelpCardDialog")
        await learner.press("1")
        assert learner.mode == "write"
        await learner.press("ctrl+z", "ctrl+r")
        assert "kill" not in learner.text


async def test_the_first_time_a_nickname_is_asked_for(tmp_path: Path) -> None:
    async with at_the_screen(TestHouse(tmp_path, learner=None)) as learner:
        await learner.until_screen("NicknameDialog")
        assert "not your name" in " ".join(learner.text.replace("│", " ").split())
        await learner.press("enter")
        assert "at least one letter" in learner.text
        await learner.write("robin")
        await learner.press("enter")
        await learner.open_lesson()
    assert TestHouse(tmp_path, learner=None).learner == "robin"


async def test_the_nickname_can_be_switched(tmp_path: Path) -> None:
    async with at_the_screen(TestHouse(tmp_path), lesson=None) as learner:
        await learner.until(lambda: "reading as mika" in learner.text)
        await learner.press("f2", "ctrl+u")
        await learner.write("alex")
        await learner.press("enter")
        await learner.until(lambda: "reading as alex" in learner.text)


async def test_a_lesson_that_is_not_there_ends_with_a_sentence(tmp_path: Path) -> None:
    async with at_the_screen(TestHouse(tmp_path), lesson="bike-lain") as learner:
        await learner.until(lambda: not learner.app.is_running)
    assert learner.app.return_code == 1
    assert "bike-lane" in str(learner.app.return_value)


async def test_trouble_with_the_disk_stands_in_a_banner(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("not a folder", encoding="utf-8")
    async with at_the_screen(TestHouse(tmp_path / "file")) as learner:
        await learner.until(lambda: "Not all of your earlier work can be read" in learner.text)
        await learner.press("1")
        await learner.open_lesson()
        assert "not saved yet" in learner.text
        await learner.press("2", "4")
        assert learner.mode == "find"
        await learner.press("f10")
        assert "not saved yet" in learner.text


async def test_who_was_forgotten_meanwhile_is_offered_no_other_place(tmp_path: Path) -> None:
    house = TestHouse(tmp_path)
    async with at_the_screen(house) as learner:
        await learner.open_writing()
        assert TestHouse(tmp_path).journal.forget("mika").left == ()
        await learner.write("they asked nobody")
        await learner.press("enter")
        await learner.until(lambda: "has been removed" in " ".join(learner.text.split()))
        assert "Ctrl+S" not in learner.text
        await learner.press("ctrl+s", "f10")
        await learner.until_screen("ChoiceDialog")
        shown = " ".join(learner.shown(learner.screen).split())
        assert "USB" not in shown
        assert "Everything so far is saved" not in shown
        await learner.press("1")
        await learner.go_on_stuck_to("over")
        await learner.press("1")
        await learner.until_screen("EndScreen")
        await learner.until(lambda: "Your pages are not written" in " ".join(learner.text.split()))
        assert "Ctrl+S" not in learner.text
    assert _kept(tmp_path) == ""


async def test_a_damaged_record_is_said_in_the_library(tmp_path: Path) -> None:
    async with at_the_screen(TestHouse(tmp_path)) as learner:
        await learner.open_lesson()
    name = _damage(tmp_path)
    async with at_the_screen(TestHouse(tmp_path), lesson=None) as learner:
        await learner.until(lambda: name in learner.text.replace("\n", "").replace(" ", ""))
        assert "A bike lane" in learner.text


def _damage(folder: Path) -> str:
    """Spoil the one record in a folder; the name of its file."""
    (kept,) = folder.rglob("*.jsonl")
    kept.write_bytes(b"not an event\n")
    return kept.name


async def test_a_finished_lesson_can_be_looked_back_on(tmp_path: Path) -> None:
    async with at_the_screen(TestHouse(tmp_path)) as learner:
        await learner.open_lesson()
        await learner.go_on_stuck_to("over")
    async with at_the_screen(TestHouse(tmp_path)) as learner:
        await learner.until(lambda: "You have been through this lesson" in learner.text)
        await learner.press("1")
        await learner.until_screen("EndScreen")
        await learner.until(lambda: "Yours to keep" in learner.text)


async def test_leaving_at_the_moment_in_which_a_lesson_opens_breaks_nothing(tmp_path: Path) -> None:
    house = TestHouse(tmp_path)
    async with at_the_screen(house, lesson=None) as learner:
        learner.app.push_screen(LessonScreen(house, house.start(house.load("bike-lane"))))
        learner.app.exit("Left.")
    assert learner.app.return_value == "Left."
