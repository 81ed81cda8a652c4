"""Low windows: what one chooses from, or writes, is in view or can be scrolled to, and it is said where there is more.

Also the article alone: what is said to somebody who reads it alone is seen.
"""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.tui.acting import Learner, TestHouse, at_the_screen
from tutor.core import events as e
from tutor.core.lesson import Choose, Lesson, Step

SIZES = [(60, 20), (60, 22), (70, 20), (80, 20), (80, 24)]
_LONG = "{}. It says so in the text, and nobody has said anything else about it in any other place that we know of"


def _with_options(count: int, wording: str = "The answer that begins with {}") -> Callable[[Lesson], Lesson]:
    def spoil(lesson: Lesson) -> Lesson:
        steps: list[Step] = []
        for step in lesson.steps:
            if isinstance(step, Choose):
                wrong = next(each for each in step.options if not each.correct)
                right = next(each for each in step.options if each.correct)
                options = [right, *[wrong] * (count - 1)]
                named = [each.model_copy(update={"text": wording.format(n + 1)}) for n, each in enumerate(options)]
                steps.append(step.model_copy(update={"options": tuple(named), "confidence": True}))
            else:
                steps.append(step)
        return lesson.model_copy(update={"steps": tuple(steps)})

    return spoil


def _seen(learner: Learner) -> list[str]:
    """The keys of the entries of which the first line is in view."""
    lines = learner.shown(learner.desk.dock.choices).split("\n")
    return [line[3:5].strip() for line in lines if line[3:5].strip()]


@pytest.mark.parametrize("size", SIZES, ids=str)
async def test_four_answers_are_in_view_with_a_notice_too(tmp_path: Path, size: tuple[int, int]) -> None:
    async with at_the_screen(TestHouse(tmp_path, spoil=_with_options(4)), size=size) as learner:
        await learner.open_lesson()
        assert _seen(learner) == ["1", "2", "3", "4"]
        await learner.press("f8")
        assert "no source cards" in learner.text
        assert _seen(learner) == ["1", "2", "3", "4"]
        assert "more below" not in learner.shown(learner.desk.dock).split("\n")[1]
        await learner.press("2")
        assert learner.mode == "confidence"
        await learner.press("f3")
        assert "Not now" in learner.text
        assert _seen(learner) == ["1", "2", "3", "4"]
        assert learner.desk.article.region.height >= 3
        assert learner.desk.talk.region.height >= 4


@pytest.mark.parametrize("size", [SIZES[0], SIZES[-1], (120, 40)], ids=str)
async def test_of_many_long_answers_the_highlighted_one_is_in_view(tmp_path: Path, size: tuple[int, int]) -> None:
    async with at_the_screen(TestHouse(tmp_path, spoil=_with_options(9, _LONG)), size=size) as learner:
        await learner.open_lesson()
        choices, dock = learner.desk.dock.choices, learner.desk.dock
        assert "▼ more below" in learner.shown(dock)
        assert choices.scrollbars_enabled[0]
        for number in range(9):
            await learner.press("down")
            await learner.until(lambda number=number: str(number + 1) in _seen(learner))  # type: ignore[misc]
            assert f"▸ {number + 1}" in learner.shown(choices)
        await learner.until(lambda: "▲ more above" in learner.shown(dock))
        assert "▼" not in learner.shown(dock).split("\n")[1]
        assert choices.region.bottom <= dock.region.bottom <= learner.desk.region.bottom
        await learner.pilot.resize_terminal(60, 20)
        await learner.until(lambda: "▸ 9" in learner.shown(choices))
        await learner.press("home")
        await learner.until(lambda: "▸ 1" in learner.shown(choices))


def _nowhere(folder: Path) -> Path:
    """Where nothing can be saved."""
    (folder / "data").write_text("a file where a folder should be", encoding="utf-8")
    return folder / "data"


async def _open_all_the_same(learner: Learner) -> None:
    await learner.until(lambda: "Not all of your earlier work can be read" in learner.text)
    await learner.press("1")
    await learner.open_lesson()
    await learner.until(lambda: "Ctrl+S" in learner.text)


@pytest.mark.parametrize("size", [(60, 20), (80, 24)], ids=str)
async def test_while_the_disk_is_full_all_answers_can_be_reached(tmp_path: Path, size: tuple[int, int]) -> None:
    house = TestHouse(_nowhere(tmp_path), spoil=_with_options(4))
    async with at_the_screen(house, size=size) as learner:
        await _open_all_the_same(learner)
        await learner.press("f8")
        for number in "1234":
            await learner.press("down")
            await learner.until(lambda number=number: number in _seen(learner))  # type: ignore[misc]
            assert f"▸ {number}" in learner.text
        if len(_seen(learner)) < 4:
            assert "▲ more above" in learner.text


@pytest.mark.parametrize("size", [(60, 20), (80, 24)], ids=str)
async def test_the_line_one_writes_on_is_in_view(tmp_path: Path, size: tuple[int, int]) -> None:
    async with at_the_screen(TestHouse(tmp_path), size=size) as learner:
        await learner.open_writing()
        for number in range(8):
            await learner.write(f"line {number} of it")
            await learner.until(lambda number=number: f"line {number} of it" in learner.text)  # type: ignore[misc]
            await learner.press("ctrl+j")
        await learner.write("the last")
        await learner.press("f8")
        assert "no source cards" in learner.text
        await learner.until(lambda: "the last" in learner.text)


async def test_in_the_smallest_window_a_dialog_shows_all_that_one_may_choose(tmp_path: Path) -> None:
    async with at_the_screen(TestHouse(_nowhere(tmp_path)), size=(60, 20)) as learner:
        await _open_all_the_same(learner)
        await learner.press("f10")
        assert "4 Save it in another place" in learner.text
        await learner.press("escape", "escape", "end")
        assert "▸ d Light or dark" in learner.text


async def _pick(learner: Learner) -> None:
    await learner.open_lesson()
    await learner.press("2", "4")
    await learner.press("f6", "space", "right", "space")
    assert learner.mode == "find"
    assert learner.desk.view == "article"


@pytest.mark.parametrize("keys", [("enter",), ("f2",), ("f3",), ("delete", "enter")], ids=str)
async def test_what_is_said_to_somebody_with_the_article_alone_is_seen(tmp_path: Path, keys: tuple[str, ...]) -> None:
    async with at_the_screen(TestHouse(tmp_path)) as learner:
        await _pick(learner)
        await learner.press(*keys)
        desk = learner.desk
        assert desk.view == "both"
        said = "Nothing is picked yet" if keys[0] == "delete" else desk.talk.last_said.split("\n")[0][:30]
        await learner.until(lambda: said in learner.text)
        assert learner.screen.focused is desk.article
        await learner.press("f6")
        assert desk.view == "article"


async def test_the_same_words_again_cost_no_try(tmp_path: Path) -> None:
    def pointed(learner: Learner) -> int:
        return sum(isinstance(each, e.Answered) and each.answer.kind == "words" for each in learner.payloads)

    async with at_the_screen(TestHouse(tmp_path)) as learner:
        await _pick(learner)
        await learner.press("enter")
        assert pointed(learner) == 1
        for _ in range(3):
            await learner.press("f6", "enter")
            assert "You have sent just these words already" in learner.text
        assert pointed(learner) == 1
        assert learner.mode == "find"
        await learner.press("right", "space", "right", "space", "enter")
        assert pointed(learner) == 2
