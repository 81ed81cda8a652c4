"""Why, on the screen: which judge said what, and how a learner says by keys alone that they see it differently."""

from pathlib import Path

import pytest
from textual.widgets import Static

from tests.tui.acting import SMALL, Learner, TestHouse, ThinkingJudge, at_the_screen
from tutor.core import events as e
from tutor.tui.screens.lesson import LessonScreen

OPEN_IDEA = "writer's own opinion"


def house(folder: Path, *says: e.Status) -> TestHouse:
    judge = ThinkingJudge(*says)
    judge.lets.set()
    return TestHouse(folder, judge=judge)


async def _answer(learner: Learner, text: str = "they asked nobody") -> None:
    await learner.open_writing()
    await learner.write(text)
    await learner.press("enter")


def disagreed(learner: Learner) -> list[tuple[str, str | None]]:
    return [(each.step, each.criterion) for each in learner.payloads if isinstance(each, e.Disagreed)]


async def test_each_judge_is_named_and_an_open_idea_is_not(tmp_path: Path) -> None:
    async with at_the_screen(house(tmp_path, "met", "not"), size=SMALL) as learner:
        await _answer(learner)
        await learner.press("f4")
        text = learner.text
        for words in (
            "Idea 1 of 2, found: The writer asked nobody.",
            "The teacher's rules: not seen; no rule matches.",
            "small-1b-q4: found, fairly sure.",
            "small-1b-q4: not seen, almost certain.",
            "I see it differently",
        ):
            assert words in text
        assert OPEN_IDEA not in text
        await learner.press("d")
        assert "Idea 1: The writer asked nobody." in learner.text
        assert OPEN_IDEA not in learner.text


async def test_seeing_an_idea_differently_by_keys_alone(tmp_path: Path) -> None:
    async with at_the_screen(house(tmp_path, "met", "not"), size=SMALL) as learner:
        await _answer(learner)
        await learner.press("f4", "d")
        assert "What do you see differently?" in learner.text
        await learner.press("2")
        await learner.until(lambda: disagreed(learner))
        await learner.rest()
        assert disagreed(learner) == [("explain", "opinion")]
        assert isinstance(learner.screen, LessonScreen)
        assert "Thank you, that is noted for your teacher." in learner.text
        assert "You see the judgement on idea 2 of 2 differently" in " ".join(learner.text.split())
        await learner.press("f4")
        assert learner.text.count("You see this differently") == 1
        await learner.press("d", "2")  # the same once more is nothing new
        await learner.rest()
        assert len(disagreed(learner)) == 1
        await learner.press("f5")
        assert "idea 2 of 2 differently" in " ".join(learner.text.split())
        await learner.press("escape")
        await learner.write("so it is a view")
        await learner.press("enter")
        assert learner.conversation.step.id == "explain"


async def test_seeing_the_whole_answer_differently_with_tab_and_enter(tmp_path: Path) -> None:
    async with at_the_screen(house(tmp_path, "met", "not"), size=SMALL) as learner:
        await _answer(learner)
        await learner.press("f4", "tab", "down", "enter")
        assert "What do you see differently?" in learner.text
        await learner.press("down", "enter")
        await learner.until(lambda: disagreed(learner) == [("explain", None)])


@pytest.mark.parametrize("keys", [("escape",), ("enter",), ("d", "escape")])
async def test_a_look_changes_nothing(tmp_path: Path, keys: tuple[str, ...]) -> None:
    async with at_the_screen(house(tmp_path, "met", "not")) as learner:
        await _answer(learner)
        await learner.press("f4", *keys)
        assert isinstance(learner.screen, LessonScreen)
        assert disagreed(learner) == []


async def test_before_the_first_verdict_there_is_nothing_to_see_differently(tmp_path: Path) -> None:
    async with at_the_screen(house(tmp_path)) as learner:
        await learner.open_lesson()
        await learner.press("f4", "d")
        assert "Nothing has been judged yet." in learner.text
        assert "differently" not in learner.text


async def test_a_choice_can_be_seen_differently_after_the_next_question_came(tmp_path: Path) -> None:
    async with at_the_screen(house(tmp_path)) as learner:
        await learner.open_lesson()
        await learner.press("2", "4")
        assert learner.mode == "find"
        await learner.press("f4", "d", "a")
        await learner.until(lambda: disagreed(learner) == [("who", None)])
        await learner.rest()
        assert learner.mode == "find"


async def test_seeing_it_differently_while_a_model_is_thinking(tmp_path: Path) -> None:
    judge = ThinkingJudge("met", "not")
    judge.lets.set()
    async with at_the_screen(TestHouse(tmp_path, judge=judge)) as learner:
        await _answer(learner)
        judge.lets.clear()
        await learner.write("and more")
        learner.tap("enter")
        await learner.until(lambda: "Thinking" in learner.text)
        learner.tap("f4")
        await learner.until(lambda: "I see it differently" in learner.text)
        learner.tap("d")
        await learner.until(lambda: "What do you see differently?" in learner.text)
        learner.tap("1")
        await learner.until(lambda: disagreed(learner) == [("explain", "asked")])
        judge.says = ("met", "met")
        judge.lets.set()
        await learner.until(lambda: learner.conversation.step.id == "rewrite")


async def test_the_end_tells_what_the_model_did_and_what_is_seen_differently(tmp_path: Path) -> None:
    async with at_the_screen(house(tmp_path, "met", "met")) as learner:
        await _answer(learner)
        await learner.press("f4", "d", "1")
        await learner.until(lambda: disagreed(learner))
        await learner.go_on_stuck_to("over")
        await learner.press("1")
        await learner.until_screen("EndScreen")
        text = " ".join(str(each.render()) for each in learner.screen.query(Static))
        assert "(small-1b-q4) helped: 2 questions, 2,000 tokens read (71 % from its memory)" in text
        assert "You saw the judgement differently in one place" in text
