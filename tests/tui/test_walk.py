"""A whole lesson on the screen, by keys alone: all five verbs, the exit ticket, the end, and back to the library."""

from pathlib import Path

import pytest

from tests.tui.acting import LARGE, SMALL, Learner, TestHouse, at_the_screen
from tutor.core import events as e


async def _pick(learner: Learner, first: int, last: int) -> None:
    """Go to a word, begin, go to the last, end."""
    pointer = learner.desk.article.pointer
    assert pointer is not None
    await learner.press(*["right" if first > pointer.cursor else "left"] * abs(first - pointer.cursor))
    await learner.press("space", *["right"] * (last - first), "space")


@pytest.mark.parametrize("size", [SMALL, LARGE], ids=["80x24", "120x40"])
async def test_a_lesson_by_keys_alone(tmp_path: Path, size: tuple[int, int]) -> None:  # noqa: PLR0915  one long walk
    house = TestHouse(tmp_path)
    async with at_the_screen(house, lesson=None, size=size) as learner:
        await learner.until(lambda: "A bike lane" in learner.text)
        await learner.press("1")
        await learner.open_lesson()

        assert "Who says that the council voted?" in learner.text
        await learner.press("1")  # a wrong option, how sure, the option's question back
        assert "how sure are you" in learner.text
        await learner.press("2")
        assert "Look for a name" in learner.text
        assert "(tried)" in learner.text
        await learner.press("1")  # the same once more costs nothing
        assert "You have tried that one" in learner.text
        await learner.press("down", "enter")
        assert learner.mode == "find"

        await _pick(learner, 2, 5)
        await learner.press("enter")
        assert "1 of 2 found" in learner.text
        await _pick(learner, 6, 17)
        await learner.press("enter")
        assert "A stopping point" in learner.text
        await learner.press("1")

        await learner.press("f2")
        assert "What would the writer have to do first" in learner.text
        await learner.write("He did not ask anybody.")
        await learner.press("enter")
        assert "found 1 of 2" in learner.text
        await learner.write("so it is just an opinion")
        await learner.press("enter")
        assert learner.conversation.step.id == "rewrite"

        await learner.write("Shops will certainly close")
        await learner.press("enter")
        assert learner.desk.dock.box.text == "Shops will certainly close"  # back in the box, to be changed
        await learner.press("ctrl+u")
        await learner.write("Some shops might lose customers")
        await learner.press("enter")
        assert learner.conversation.step.id == "look"

        await learner.press("f8", "1")
        assert "1 of 2 opened" in learner.text
        await learner.press("3")
        assert "Counted on one Monday between" in learner.text
        await learner.press("2")
        assert "That is all this question allows" in learner.text
        await learner.press("escape")
        await learner.write("The town counted 40 and the school 55")
        await learner.press("enter")
        assert "Go on, or stop here" in learner.text
        await learner.press("1")

        assert learner.conversation.lesson.in_exit(learner.conversation.step.id)
        assert "A new bench" in learner.shown(learner.desk.article)
        await learner.press("f2")
        assert "no hints in the exit ticket" in learner.text
        await _pick(learner, 11, 18)
        await learner.press("enter", "f3")  # an answer, then a skipped question
        assert "What next?" in learner.text
        await learner.press("1")

        await learner.until_screen("EndScreen")
        await learner.until(lambda: "Yours to keep" in learner.text)
        assert "found on your own" in learner.text
        await learner.press("escape")
        await learner.until_screen("LibraryScreen")
        await learner.until(lambda: "✓ finished" in learner.text)

    kinds = [type(payload) for payload in learner.payloads]
    assert kinds.count(e.Closed) == 7
    assert kinds[-1] is e.Finished
    assert len(_pages(tmp_path)) == 1


def _pages(folder: Path) -> list[Path]:
    return list(folder.rglob("*.html"))


async def test_the_exit_ticket_tells_nothing_before_its_end(tmp_path: Path) -> None:
    async with at_the_screen(TestHouse(tmp_path), size=LARGE) as learner:
        await learner.open_lesson()
        await learner.go_on_stuck_to("exit-find")
        await _pick(learner, 11, 18)
        await learner.press("enter")
        said = learner.shown(learner.desk.talk).split("Exit ticket, question 1")[-1]
        assert "Noted" in said
        assert "Found" not in said
        assert "found" not in learner.text.split("\n")[0]
        await learner.write("the gardener")
        await learner.press("enter")
        assert "Found" not in learner.shown(learner.desk.talk).split("question 2 of 2")[-1].split("Feedback")[0]
        assert "You found: The gardener said it." in learner.text
