"""The lesson's screen: the box, the reader who is left in peace, the panes, the sizes, the keys."""

from pathlib import Path

import pytest
from textual import events
from textual.widgets import Static

from tests.tui.acting import LARGE, SMALL, TestHouse, at_the_screen
from tutor.core import events as e
from tutor.core.judging import Judgement, JudgeTask
from tutor.core.lesson import Lesson
from tutor.core.limits import LONGEST_ANSWER
from tutor.tui import TutorApp
from tutor.tui.keys import LESSON_KEYS
from tutor.tui.screens.lesson import LessonScreen
from tutor.tui.widgets.keybar import KeyBar


async def test_the_box_takes_no_more_than_an_answer_may_have(tmp_path: Path) -> None:
    async with at_the_screen(TestHouse(tmp_path)) as learner:
        await learner.open_writing()
        box = learner.desk.dock.box
        learner.app.post_message(events.Paste("a" * (LONGEST_ANSWER - 1)))
        await learner.rest()
        await learner.write("bcd")
        assert box.text == "a" * (LONGEST_ANSWER - 1) + "b"
        assert f"{LONGEST_ANSWER} of {LONGEST_ANSWER}" in learner.text
        learner.app.post_message(events.Paste("x" * 10_000_000))
        await learner.rest()
        assert len(box.text) == LONGEST_ANSWER
        assert "10,001,500 characters" in learner.text or "10,000,000 characters" in learner.text
        await learner.press("backspace")
        assert len(box.text) == LONGEST_ANSWER - 1


async def test_new_lines_recall_and_undo(tmp_path: Path) -> None:
    async with at_the_screen(TestHouse(tmp_path)) as learner:
        await learner.open_writing()
        box = learner.desk.dock.box
        await learner.press("ctrl+r")
        assert "have not sent an answer" in learner.text
        await learner.write("they just")
        await learner.press("ctrl+j")
        await learner.write("know it")
        assert box.text == "they just\nknow it"
        await learner.press("enter")
        assert box.text == ""
        await learner.write("new words")
        await learner.press("ctrl+r")
        assert box.text == "they just\nknow it"
        await learner.press("ctrl+z")
        assert box.text == "new words"


async def test_an_empty_box_sends_nothing(tmp_path: Path) -> None:
    async with at_the_screen(TestHouse(tmp_path)) as learner:
        await learner.open_writing()
        before = len(learner.payloads)
        await learner.press("enter", "space", "enter")
        assert "no words in the box yet" in learner.text
        assert len(learner.payloads) == before


async def test_an_empty_box_in_the_exit_ticket_names_what_there_is(tmp_path: Path) -> None:
    async with at_the_screen(TestHouse(tmp_path)) as learner:
        await learner.open_lesson()
        await learner.go_on_stuck_to("exit-explain")
        await learner.press("enter")
        notice = learner.shown(learner.desk.dock)
        assert "no words in the box yet. F3 skips the question." in notice
        assert "hint" not in notice


async def test_at_the_end_no_key_is_offered_that_is_about_a_question(tmp_path: Path) -> None:
    async with at_the_screen(TestHouse(tmp_path)) as learner:
        await learner.open_lesson()
        await learner.go_on_stuck_to("exit-explain")
        keys = learner.lesson.query_one(KeyBar)
        assert "F3 Skip" in learner.shown(keys)
        await learner.go_on_stuck_to("over")
        shown = learner.shown(keys)
        assert "F10 Leave" in shown
        assert [key for key in ("F2 ", "F3 ", "F8 ") if key in shown] == []


@pytest.mark.parametrize("size", [SMALL, LARGE], ids=["80x24", "120x40"])
async def test_above_the_box_stands_how_to_open_cards(tmp_path: Path, size: tuple[int, int]) -> None:
    async with at_the_screen(TestHouse(tmp_path), size=size) as learner:
        await learner.open_lesson()
        await learner.go_on_stuck_to("look")
        assert "Cards: F8 (0 of 2 open)" in learner.shown(learner.desk.dock)
        await learner.press("f8", "1", "escape")
        assert "Cards: F8 (1 of 2 open)" in learner.shown(learner.desk.dock)


async def test_a_number_in_a_typed_text_does_not_say_how_sure_one_is(tmp_path: Path) -> None:
    async with at_the_screen(TestHouse(tmp_path)) as learner:
        await learner.open_lesson()
        await learner.press("2")
        assert learner.mode == "confidence"
        await learner.write("it was 3 people")
        assert learner.mode == "confidence"
        assert "Nothing to write just now: press Enter" in learner.text
        await learner.press("enter")
        assert learner.mode == "confidence"
        await learner.press("3")
        assert [each.level for each in learner.payloads if isinstance(each, e.Confident)] == [3]


async def test_a_letter_by_mistake_can_be_taken_back(tmp_path: Path) -> None:
    async with at_the_screen(TestHouse(tmp_path)) as learner:
        await learner.open_lesson()
        learner.desk.article.focus()
        await learner.press("x", "1")
        await learner.press("backspace", "2", "y", "down", "4")
        assert [each.answer.kind for each in learner.payloads if isinstance(each, e.Answered)] == ["choice"]
        assert learner.mode == "find"


async def test_the_words_to_be_rewritten_are_seen(tmp_path: Path) -> None:
    def wide(lesson: Lesson) -> Lesson:
        blocks = tuple(block.id for block in lesson.article.blocks)
        steps = [step.model_copy(update={"at": blocks}) if step.id == "rewrite" else step for step in lesson.steps]
        return lesson.model_copy(update={"steps": tuple(steps)})

    async with at_the_screen(TestHouse(tmp_path, spoil=wide)) as learner:
        await learner.open_lesson()
        await learner.go_on_stuck_to("rewrite")
        article = learner.desk.article
        await learner.until(lambda: "It will certainly ruin" in learner.shown(article))
        assert "within a year" in learner.shown(article)
        await learner.press("f6", "f6", "f6")  # the conversation alone, and both again
        assert "It will certainly ruin" in learner.shown(article)
        await learner.pilot.resize_terminal(60, 20)
        await learner.until(lambda: "every shop in the street within a year" in learner.shown(article))


async def test_a_program_that_breaks_leaves_the_answer_and_one_enter_tries_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def broken(self: object, task: JudgeTask) -> Judgement:
        raise ZeroDivisionError

    async with at_the_screen(TestHouse(tmp_path)) as learner:
        await learner.open_writing()
        with monkeypatch.context() as patch:
            patch.setattr(type(learner.conversation), "_judgement", broken)
            await learner.write("they asked nobody")
            await learner.press("enter")
            assert "Something went wrong in the program" in learner.text
            await learner.press("enter")  # try again: it is still broken
            assert "Something went wrong in the program" in learner.text
        await learner.press("enter")
        assert learner.mode == "write"
        assert "they asked nobody" in learner.text
    assert sum(isinstance(each, e.Answered) and each.answer.kind == "text" for each in learner.payloads) == 1


async def test_what_one_does_brings_the_conversation_back_to_it(tmp_path: Path) -> None:
    async with at_the_screen(TestHouse(tmp_path)) as learner:
        await learner.open_lesson()
        await learner.press("2", "4", "f3", "f3")
        talk = learner.desk.talk
        for keys, expected in (
            (["1"], "Question  Why is"),
            (["f2"], "Hint  What would the writer have to do"),
            ([*"because", "enter"], "You  because"),
        ):
            learner.desk.focus_answer()
            await learner.press("pageup", "pageup")
            assert talk.scroll_y < talk.max_scroll_y
            assert expected not in learner.shown(talk)
            learner.desk.article.focus()
            await learner.press(*keys)
            await learner.until(lambda expected=expected: expected in learner.shown(talk))  # type: ignore[misc]
            await learner.until(lambda: "more below" not in learner.text)


async def test_to_read_further_up_is_to_scroll(tmp_path: Path) -> None:
    async with at_the_screen(TestHouse(tmp_path)) as learner:
        await learner.open_writing()
        talk = learner.desk.talk
        assert talk.scroll_y == talk.max_scroll_y > 0
        await learner.press("pageup", "pageup")
        assert talk.scroll_y == 0
        await learner.write("typed while reading")
        assert talk.scroll_y == 0
        assert "more below" in learner.text
        for _ in range(9):
            await learner.press("pagedown")
        assert talk.scroll_y == talk.max_scroll_y
        assert "more below" not in learner.text


async def test_a_long_turn_is_shown_from_its_beginning(tmp_path: Path) -> None:
    async with at_the_screen(TestHouse(tmp_path), size=(60, 20)) as learner:
        await learner.open_lesson()
        await learner.press("2", "4", "f3", "f3")
        assert "These were the words to find" in learner.shown(learner.desk.talk)
        assert "more below" in learner.text


async def test_a_change_of_size_keeps_focus_and_text(tmp_path: Path) -> None:
    async with at_the_screen(TestHouse(tmp_path)) as learner:
        await learner.open_writing()
        await learner.write("half typed")
        box = learner.desk.dock.box
        for size in ((120, 40), (100, 30), (59, 24), (80, 19), (60, 20), (80, 24)):
            await learner.pilot.resize_terminal(*size)
            await learner.rest()
            assert learner.screen.focused is box
            assert box.text == "half typed"
            small = size[0] < 60 or size[1] < 20
            assert ("too small" in learner.text) == small
            assert ("half typed" in learner.text) != small
        await learner.write("!")
        assert box.text == "half typed!"


async def test_side_by_side_where_there_is_room(tmp_path: Path) -> None:
    async with at_the_screen(TestHouse(tmp_path), size=(100, 30)) as learner:
        await learner.open_lesson()
        desk = learner.desk
        assert desk.article.region.y == desk.talk.region.y
        assert desk.article.region.right <= desk.talk.region.x
        await learner.pilot.resize_terminal(99, 30)
        await learner.rest()
        assert desk.article.region.bottom <= desk.talk.region.y


async def test_the_article_alone_the_conversation_alone_both(tmp_path: Path) -> None:
    async with at_the_screen(TestHouse(tmp_path)) as learner:
        await learner.open_writing()
        desk = learner.desk
        await learner.press("f6")
        assert desk.article.region.height > 15
        assert learner.screen.focused is desk.article
        await learner.write("x")  # typing finds its way back to the box
        assert desk.dock.box.text == "x"
        await learner.press("f6")
        await learner.until(lambda: learner.screen.focused is desk.dock.box)
        assert "Why is" in learner.shown(desk.talk)


async def test_the_lit_paragraph_is_marked_without_colour(tmp_path: Path) -> None:
    async with at_the_screen(TestHouse(tmp_path), size=LARGE) as learner:
        await learner.open_lesson()
        lines = learner.shown(learner.desk.article).split("\n")
        assert any("▌" in line and "The town council voted" in line for line in lines)
        assert not any("▌" in line and "Of course nobody" in line for line in lines)
        await learner.press("2", "4")
        lines = learner.shown(learner.desk.article).split("\n")
        assert any("▌" in line and "Of course nobody" in line for line in lines)
        assert any("▏" in line and "The town council voted" in line for line in lines)


async def test_ideas_are_named_only_once_found(tmp_path: Path) -> None:
    async with at_the_screen(TestHouse(tmp_path), size=LARGE) as learner:
        await learner.open_writing()
        assert "Found 0 of 2" in learner.text
        await learner.write("he did not ask people")
        await learner.press("enter", "f4")
        assert "The writer asked nobody" in learner.text
        assert "writer's own opinion" not in learner.text
        assert "Idea 2 of 2" in learner.text
        await learner.press("escape")
        assert "✓ The writer asked nobody" in learner.text


@pytest.mark.parametrize("size", [SMALL, LARGE])
async def test_every_key_is_in_the_footer_and_in_the_help(tmp_path: Path, size: tuple[int, int]) -> None:
    async with at_the_screen(TestHouse(tmp_path), size=size) as learner:
        await learner.open_lesson()
        footer = learner.shown(learner.screen.query_one(KeyBar))
        for key in LESSON_KEYS:
            assert hasattr(LessonScreen, f"action_{key.action}")
            if key.action != "cards":  # only where there are cards
                assert f"{key.shown} {key.label}" in footer
        await learner.press("f1")
        listed = " ".join(str(each.render()) for each in learner.screen.query(Static))
        for key in LESSON_KEYS:
            assert f"{key.label}: {key.help}" in listed


async def test_the_menu_reaches_every_command(tmp_path: Path) -> None:
    async with at_the_screen(TestHouse(tmp_path)) as learner:
        await learner.open_lesson()
        await learner.press("escape", "h")
        await learner.until(lambda: any(isinstance(each, e.HintAsked) for each in learner.payloads))
        await learner.press("escape", "q")
        await learner.until(lambda: "Leave the lesson?" in learner.text)
        await learner.press("1")
        assert learner.mode == "choose"


async def test_a_click_on_the_footer_does_what_the_key_does(tmp_path: Path) -> None:
    async with at_the_screen(TestHouse(tmp_path)) as learner:
        await learner.open_lesson()
        bar = learner.screen.query_one(KeyBar)
        row, line = next((n, line) for n, line in enumerate(learner.shown(bar).split("\n")) if "F2 Hint" in line)
        await learner.pilot.click(KeyBar, offset=(line.index("F2 Hint") + 1, row))
        await learner.until(lambda: any(isinstance(each, e.HintAsked) for each in learner.payloads))


async def test_copy_takes_what_the_tutor_said_last(tmp_path: Path) -> None:
    async with at_the_screen(TestHouse(tmp_path)) as learner:
        await learner.open_lesson()
        await learner.press("f9")
        assert learner.app.clipboard == "Who says that the council voted?"


async def test_a_number_reaches_the_choices_from_the_article(tmp_path: Path) -> None:
    async with at_the_screen(TestHouse(tmp_path)) as learner:
        await learner.open_lesson()
        learner.desk.article.focus()
        await learner.press("down", "2")
        assert learner.mode == "confidence"


async def test_a_stray_enter_chooses_nothing(tmp_path: Path) -> None:
    async with at_the_screen(TestHouse(tmp_path)) as learner:
        await learner.open_lesson()
        await learner.press("enter", "enter")
        assert learner.mode == "choose"


async def test_a_mouse_chooses(tmp_path: Path) -> None:
    async with at_the_screen(TestHouse(tmp_path)) as learner:
        await learner.open_lesson()
        await learner.pilot.click(learner.desk.dock.choices.entries[1])
        await learner.rest()
        assert learner.mode == "confidence"


async def test_a_broken_screen_ends_without_a_traceback(tmp_path: Path) -> None:
    app = TutorApp(TestHouse(tmp_path), "bike-lane")

    async def breaks() -> None:
        async with app.run_test():
            app.call_later(lambda: 1 / 0)
            await app._exception_event.wait()

    with pytest.raises(ZeroDivisionError):
        await breaks()
    assert app.return_code == 1
    (said,) = app.last_words
    assert "Your answers are saved" in said
    assert "ZeroDivisionError" in said
