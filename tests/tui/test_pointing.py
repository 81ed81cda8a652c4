"""Pointing at words: the pointer by itself, where words stand on the screen, and both by keys and by mouse."""

from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from tests.tui.acting import LARGE, SMALL, Learner, TestHouse, at_the_screen
from tutor.core.article import Block
from tutor.core.lesson import Lesson
from tutor.tui.pointing import Picked, Pointer
from tutor.tui.wrapping import index_at, row_of, wrap

BLOCKS = (
    Block("p1", "paragraph", "One two, three “four five”."),
    Block("p2", "paragraph", "Six seven's eight-nine."),
)


def test_a_range_is_drawn_picked_and_taken_back() -> None:
    pointer = Pointer.on(BLOCKS).move(1).begin().move(2)
    assert pointer.words(pointer.open_range or Picked(0, 0)) == "two, three “four"
    pointer = pointer.pick()
    (selection,) = pointer.selections
    assert (selection.block, selection.text) == ("p1", "two, three “four")
    assert BLOCKS[0].text[selection.start : selection.end] == selection.text
    assert pointer.remove().picks == ()


def test_a_range_stays_in_its_block() -> None:
    pointer = Pointer.on(BLOCKS).move(3).begin().move(5).pick()
    assert pointer.selections[0].text == "four five"
    assert Pointer.on(BLOCKS).go(6).begin().move(-5).pick().selections[0].text == "Six seven's"


def test_picks_that_overlap_become_one_and_the_others_stay_in_order() -> None:
    pointer = Pointer.on(BLOCKS).go(5).begin().move(1).pick().go(0).begin().move(1).pick().go(1).begin().move(1).pick()
    assert [each.text for each in pointer.selections] == ["One two, three", "Six seven's"]
    assert [each.text for each in pointer.go(5).remove().selections] == ["One two, three"]
    assert pointer.begin().remove().picks == pointer.picks  # first the open range


def test_nothing_to_point_at() -> None:
    empty = Pointer.on((Block("p1", "paragraph", "... --"),))
    assert empty.move(1).begin().pick().remove().selections == ()
    assert empty.nearest("p1", 0) is None


@given(st.integers(min_value=0, max_value=40))
def test_the_nearest_word_is_the_one_under_the_place(index: int) -> None:
    pointer = Pointer.on(BLOCKS)
    found = pointer.nearest("p1", index)
    assert found is not None
    spot = pointer.spots[found]
    assert spot.block == "p1"
    assert all(
        not (other.start <= index < other.end) or other == spot for other in pointer.spots if other.block == "p1"
    )


@given(st.text(alphabet="ab ‘“é漢字\n\u00a0-", max_size=120), st.integers(min_value=1, max_value=30))
def test_rows_hold_every_letter_and_are_never_too_wide(text: str, width: int) -> None:
    rows = wrap(text, width)
    held = "".join(text[row.start : row.end] for row in rows)
    assert "".join(held.split()) == "".join(text.split())
    for number, row in enumerate(rows):
        assert cell_len(text[row.start : row.end]) <= max(width, 2)
        assert "\n" not in text[row.start : row.end]
        for index in range(row.start, row.end):
            assert row_of(rows, index) == number
            assert index_at(text, row, cell_len(text[row.start : index])) == index or cell_len(text[index]) == 0


async def _pointing(learner: Learner) -> None:
    await learner.open_lesson()
    await learner.press("2", "4")
    assert learner.mode == "find"


async def test_by_keys_across_lines_and_with_shift(tmp_path: Path) -> None:
    async with at_the_screen(TestHouse(tmp_path), size=SMALL) as learner:
        await _pointing(learner)
        article = learner.desk.article
        await learner.press("down", "end", "home", "up", "home")
        assert article.pointer
        assert article.pointer.cursor == 0
        await learner.press("end")
        last = article.pointer.cursor
        await learner.press("down")
        assert article.pointer.cursor > last
        await learner.press("home", "shift+right", "shift+right", "space")
        assert len(article.pointer.picks) == 1
        assert "1 “" in learner.text
        await learner.press("delete")
        assert not article.pointer.picks
        await learner.press("space", "right", "escape")  # gives the open range up, and opens no menu
        assert article.pointer.anchor is None
        assert type(learner.screen).__name__ == "LessonScreen"
        for _ in range(99):
            await learner.press("right")
        assert article.pointer.spots[article.pointer.cursor].block == "p3"
        await learner.press("enter")
        assert "Nothing is picked yet" in learner.text


async def test_an_open_range_is_sent_too(tmp_path: Path) -> None:
    async with at_the_screen(TestHouse(tmp_path)) as learner:
        await _pointing(learner)
        await learner.press("right", "right", "space", "right", "right", "right", "enter")
        assert "1 of 2 found" in learner.text


async def test_what_was_picked_is_still_there_after_saying_how_sure_one_is(tmp_path: Path) -> None:
    def asks_how_sure(lesson: Lesson) -> Lesson:
        steps = (step.model_copy(update={"confidence": step.id == "shaky"}) for step in lesson.steps)
        return lesson.model_copy(update={"steps": tuple(steps)})

    async with at_the_screen(TestHouse(tmp_path, spoil=asks_how_sure)) as learner:
        await _pointing(learner)
        await learner.press("right", "right", "space", "right", "right", "right", "space", "enter")
        article = learner.desk.article
        assert (learner.mode, article.pointer) == ("confidence", None)
        await learner.press("3")
        assert article.pointer
        assert [each.text for each in article.pointer.selections] == ["nobody wants this lane"]
        assert "1 “nobody wants this lane”" in learner.text


async def test_by_mouse(tmp_path: Path) -> None:
    async with at_the_screen(TestHouse(tmp_path), size=LARGE) as learner:
        await _pointing(learner)
        article, pilot = learner.desk.article, learner.pilot
        view = article.views["p2"]
        line = learner.shown(view).split("\n")[0]
        first, last = line.index("nobody"), line.index("lane")
        await pilot.mouse_down(view, offset=(first + 2, 0))
        await pilot.hover(view, offset=(last + 1, 0))
        await pilot.mouse_up(view, offset=(last + 1, 0))
        await learner.rest()
        assert article.pointer
        assert [each.text for each in article.pointer.selections] == ["nobody wants this lane"]
        await pilot.click(view, offset=(line.index("certainly") + 1, 0))
        await learner.rest()
        assert [each.text for each in article.pointer.selections] == ["nobody wants this lane", "certainly"]
        await learner.press("delete", "enter")
        assert "1 of 2 found" in learner.text


async def test_other_paragraphs_cannot_be_pointed_at(tmp_path: Path) -> None:
    async with at_the_screen(TestHouse(tmp_path), size=LARGE) as learner:
        await _pointing(learner)
        await learner.pilot.click(learner.desk.article.views["p1"], offset=(10, 0))
        await learner.rest()
        assert learner.desk.article.pointer
        assert learner.desk.article.pointer.picks == ()
