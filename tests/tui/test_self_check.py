"""Where several ideas were told at once, the screen says which of them it asks about."""

from functools import partial
from pathlib import Path

from tests.ferry import HEAD
from tests.tui.acting import TestHouse, at_the_screen
from tutor.core import events as e

STEP = """\
- id: why
  do: explain
  at: p1
  ask: How could you check this?
  rubric:
  - {id: somebody, idea: Somebody is named, tell: Somebody is named.}
  - {id: day, idea: A month is named, tell: A month is named.}
"""


async def test_each_question_about_a_told_idea_names_it(tmp_path: Path) -> None:
    lesson = tmp_path / "ferry.yaml"
    lesson.write_text(HEAD + STEP, encoding="utf-8")
    async with at_the_screen(TestHouse(tmp_path / "data"), str(lesson)) as learner:

        def asks(idea: str) -> bool:
            return f"Did you have this in mind: {idea}?" in learner.text

        await learner.open_lesson()
        await learner.write("I would ask them all")
        await learner.press("enter", "f3", "f3")
        for number, idea in enumerate(("Somebody is named", "A month is named")):
            await learner.until(partial(asks, idea))
            await learner.press(str(number + 1))
        checked = [each for each in learner.payloads if isinstance(each, e.SelfChecked)]
        assert [(each.criterion, each.had_it) for each in checked] == [("somebody", True), ("day", False)]
