"""The shipped lessons on the screen, from their title to the end, by keys alone."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.talk import all_right, shipped
from tests.tui.acting import LARGE, SMALL, Learner, TestHouse, at_the_screen
from tutor.core import events as e
from tutor.core.lesson import Find
from tutor.resources import lessons_dir

LESSON = "lavrov-syria"


WALKS = [(LESSON, LARGE), *((file.parent.name, SMALL) for file in sorted(lessons_dir().glob("*/lesson.yaml")))]


@pytest.mark.parametrize(("name", "size"), WALKS, ids=[f"{name}-{size[0]}x{size[1]}" for name, size in WALKS])
async def test_a_shipped_lesson_by_keys_alone(tmp_path: Path, name: str, size: tuple[int, int]) -> None:
    async with at_the_screen(TestHouse(tmp_path, lessons=lessons_dir()), lesson=name, size=size) as learner:
        await learner.open_lesson()
        for _ in range(200):
            if learner.mode == "over":
                break
            await _act(learner)
        assert learner.mode == "over"
        lesson = shipped(name)
        assert lesson.exit is not None
        closed = [each for each in learner.payloads if isinstance(each, e.Closed)]
        assert [each.step for each in closed] == [step.id for step in (*lesson.steps, *lesson.exit.steps)]
        assert {each.result for each in closed} == {"secure"}
        await learner.press("1")
        await learner.until_screen("EndScreen")
        await learner.until(lambda: list(tmp_path.rglob("*.html")))


async def _act(learner: Learner) -> None:
    """One turn of somebody who knows everything, with the keys that the footer names."""
    says = all_right(learner.conversation)
    match learner.mode:
        case "choose" | "confidence":
            await learner.press(says)
            if learner.mode == "choose":
                await learner.press("enter")
        case "self-check" | "rest":
            await learner.press("1")
        case "find":
            await _point(learner)
        case "write":
            await learner.write(says)
            await learner.press("enter")
        case mode:
            raise AssertionError(f"nobody knows what to do: {mode}")


async def _point(learner: Learner) -> None:
    conversation, pointer = learner.conversation, learner.desk.article.pointer
    step = conversation.step
    assert isinstance(step, Find)
    assert pointer is not None
    article, marks = conversation.lesson.article_of(step.id), conversation.lesson.marks_of(step.id)
    for target in step.targets:
        span = article.span(marks[target])
        words = [
            number
            for number, spot in enumerate(pointer.spots)
            if spot.block == span.block and spot.start < span.end and spot.end > span.start
        ]
        at = learner.desk.article.pointer
        assert at is not None
        there = ["right" if words[0] > at.cursor else "left"] * abs(words[0] - at.cursor)
        for key in (*there, "space", *["right"] * (len(words) - 1), "space"):
            learner.app.simulate_key(key)
        await learner.rest()
    await learner.press("enter")


async def test_a_new_question_is_seen_whole_on_a_small_screen(tmp_path: Path) -> None:
    async with at_the_screen(TestHouse(tmp_path, lessons=lessons_dir()), lesson=LESSON, size=SMALL) as learner:
        await learner.open_lesson()
        await learner.press("1", "enter")
        await _point(learner)
        assert learner.conversation.step.id == "whose-words"
        await learner.until(lambda: "▌ between them?" in learner.text)


async def test_the_question_is_still_there_after_a_card_was_read(tmp_path: Path) -> None:
    async with at_the_screen(TestHouse(tmp_path, lessons=lessons_dir()), lesson=LESSON, size=LARGE) as learner:
        await learner.open_lesson()
        await learner.go_on_stuck_to("check-kgb")
        assert "Open up to two cards" in learner.text
        await learner.press("f8")
        await learner.press("1")
        await learner.press("enter")
        assert [type(each) for each in learner.payloads].count(e.CardOpened) == 1
        await learner.press("escape")
        if "Open up to two cards" not in learner.text:
            await learner.press("escape")
        await learner.until(lambda: "Open up to two cards" in learner.text)
