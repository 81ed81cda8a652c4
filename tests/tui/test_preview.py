"""The preview on the screen: the bar follows what the teacher types, the files and the samples; nothing is kept."""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from textual.pilot import Pilot

from tests.tui.acting import LARGE, LESSONS, SMALL, Learner, TestHouse, ThinkingJudge
from tests.tui.test_look import _too_faint
from tutor.conversation import Conversation
from tutor.core import events as e
from tutor.settings import Theme
from tutor.tui.keys import LESSON_KEYS, PREVIEW_KEYS
from tutor.tui.preview_app import PreviewApp
from tutor.tui.screens.preview import PreviewScreen
from tutor.tui.widgets.answer_box import AnswerBox
from tutor.tui.widgets.preview_bar import PreviewBar
from tutor.workbench.preview import Preview

_ROOT = Path(__file__).parents[2]


class Teacher(Learner):
    """Somebody who previews a lesson."""

    @property
    def conversation(self) -> Conversation:
        """The conversation of the screen that is open."""
        return self.lesson._conversation

    @property
    def bar(self) -> str:
        """What can be seen of the bar; nothing while a screen is only coming."""
        return "".join(self.shown(bar) for bar in self.lesson.query(PreviewBar))

    @property
    def step(self) -> str:
        """The step that is open."""
        return self.conversation.session.step.id

    async def open(self) -> None:
        """Wait for the preview."""
        await self.until_screen("PreviewScreen")
        await self.sees("Ctrl+T")

    async def sees(self, text: str) -> None:
        """Wait for something in the bar; where it is broken into lines does not matter."""
        await self.until(lambda: text in " ".join(self.bar.split()))


def preview_app(house: TestHouse, lesson: str, step: str) -> PreviewApp:
    return PreviewApp(house.preview(lesson), step, theme=house.settings.theme, prepare=house.prepare)


@asynccontextmanager
async def previewing(house: TestHouse, step: str = "explain", size: tuple[int, int] = LARGE) -> AsyncIterator[Teacher]:
    app = preview_app(house, "bike-lane", step)
    async with app.run_test(size=size) as pilot:
        teacher = Teacher(app, pilot, house)
        await teacher.open()
        yield teacher


@pytest.fixture
def house(tmp_path: Path) -> TestHouse:
    """A house whose lessons can be written to."""
    shutil.copytree(LESSONS, tmp_path / "lessons")
    return TestHouse(tmp_path / "data", lessons=tmp_path / "lessons")


@pytest.fixture
def save(house: TestHouse) -> Callable[[str, str], None]:
    file = house.lessons / "bike-lane" / "lesson.yaml"

    def change(old: str, new: str) -> None:
        text = file.read_text(encoding="utf-8")
        assert old in text
        file.write_text(text.replace(old, new), encoding="utf-8")

    return change


Painting = Callable[[Theme], tuple[TestHouse, PreviewApp]]


@pytest.fixture
def painting(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Painting:
    """Opens the preview for a picture: nothing in it may depend on the machine."""
    monkeypatch.chdir(_ROOT)

    def open_app(theme: Theme) -> tuple[TestHouse, PreviewApp]:
        house = TestHouse(tmp_path, theme=theme, lessons=Path("tests/tui/lessons"))
        return house, preview_app(house, "bike-lane", "explain")

    return open_app


async def test_the_bar_follows_what_is_typed(house: TestHouse) -> None:
    async with previewing(house) as teacher:
        await teacher.sees("asked open: The writer asked nobody.")
        await teacher.sees("Type an answer to see what it meets.")
        await teacher.write("they ask the people, it sounds so sure")
        await teacher.sees("✓ asked met: rules say yes “ask”; stems say yes: ask, people.")
        await teacher.sees("? opinion unsure: rules say no")
        await teacher.sees("! loud-is-true shows “sounds so sure”")
        await teacher.sees("reply to a misconception")
        await teacher.press("ctrl+u")
        await teacher.write("idk")
        await teacher.sees("not judged heard as “I don't know”.")


async def test_what_was_foretold_happens_when_it_is_sent(house: TestHouse) -> None:
    async with previewing(house) as teacher:
        await teacher.write("because of the bakery")
        await teacher.sees("hint, rung 1 of 3, asked")
        await teacher.press("enter")
        moved = [each for each in teacher.payloads if isinstance(each, e.Moved)]
        assert [(each.move, each.criteria) for each in moved] == [("hint", ("asked",))]
        await teacher.sees("last answer not-yet")


async def test_the_bar_follows_the_option_and_the_words_that_are_picked(house: TestHouse) -> None:
    async with previewing(house, "who") as teacher:
        await teacher.sees("2 is right “Ada Brown”")
        await teacher.press("down")
        await teacher.sees("option 1 is not right")
        await teacher.press("down")
        await teacher.sees("✓ option 2 is right")
        await teacher.sees("on to shaky")
        await teacher.press("ctrl+n")
        await teacher.sees("find nobody")
        await teacher.press(*["right"] * 2, "space", *["right"] * 3, "space")
        await teacher.sees("✓ nobody is hit")
        await teacher.sees("look again (hint 1)")


async def test_the_samples_are_played_one_after_the_other(house: TestHouse) -> None:
    async with previewing(house) as teacher:
        await teacher.press("ctrl+t")
        await teacher.until(lambda: teacher.step == "rewrite")
        await teacher.sees("Played 1 of 4 to explain: secure, meets asked, opinion")
        await teacher.press("ctrl+t")
        await teacher.until(lambda: teacher.step == "explain" and "he did not ask people" in teacher.text)
        await teacher.sees("Played 2 of 4 to explain: ? partly, meets asked → unsure")
        assert sum(isinstance(each, e.Answered) for each in teacher.payloads) == 1
        await teacher.press("ctrl+t", "ctrl+t")
        await teacher.sees("Played 4 of 4")
        await teacher.press("ctrl+t")
        await teacher.sees("Played 1 of 4")


async def test_a_teacher_who_has_gone_on_plays_the_samples_of_where_they_are(house: TestHouse) -> None:
    async with previewing(house) as teacher:
        await teacher.press("ctrl+t")
        await teacher.sees("Played 1 of 4 to explain")
        await teacher.write("Shops will close.")
        await teacher.press("enter", "ctrl+t")
        await teacher.sees("Played 1 of 3 to rewrite")


async def test_a_sample_is_chosen_from_the_list(house: TestHouse) -> None:
    async with previewing(house, size=SMALL) as teacher:
        await teacher.press("ctrl+l")
        await teacher.until(lambda: "partly, meets asked → unsure" in teacher.text)
        await teacher.press("4")
        await teacher.sees("Played 4 of 4 to explain: not-yet, loud-is-true → the judge says the same")
        assert "How would the writer know what nobody wants?" in teacher.text


async def test_options_targets_and_decoys_are_played_too(house: TestHouse) -> None:
    async with previewing(house, "who") as teacher:
        await teacher.press("ctrl+t")
        await teacher.until(lambda: teacher.mode == "confidence")
        await teacher.sees("option 1 is not right")
        await teacher.press("ctrl+n", "ctrl+l", "4")
        await teacher.sees("Played 4 of 4 to shaky: decoy count → not-yet")


async def test_a_saved_lesson_is_shown_at_the_same_step_with_what_was_typed(
    house: TestHouse, save: Callable[[str, str], None]
) -> None:
    async with previewing(house) as teacher:
        await teacher.write("they ask")
        save('Why is "nobody wants this lane" not a fact?', "And why is that no fact?")
        await teacher.until(lambda: "And why is that no fact?" in teacher.text)
        await teacher.rest()
        assert teacher.step == "explain"
        assert teacher.desk.dock.box.text == "they ask"
        await teacher.sees("✓ asked met")
        await teacher.sees("Saved: this is the lesson as it is now.")


async def test_a_broken_save_shows_the_mistakes_and_the_last_good_lesson_goes_on(
    house: TestHouse, save: Callable[[str, str], None]
) -> None:
    async with previewing(house, size=SMALL) as teacher:
        save("do: look", "do: lok")
        await teacher.sees('lesson.yaml:149:7: this is nothing that a step can do: "lok".')
        await teacher.write("they ask")
        await teacher.sees("✓ asked")
        await teacher.press("ctrl+n")
        assert teacher.step == "rewrite"
        await teacher.sees("lesson.yaml:149:7")
        save("do: lok", "do: look")
        await teacher.until(lambda: "lesson.yaml:149:7" not in teacher.text)
        assert teacher.step == "rewrite"


async def test_a_step_that_was_renamed_is_found_by_its_place(
    house: TestHouse, save: Callable[[str, str], None]
) -> None:
    async with previewing(house, "rewrite") as teacher:
        save("- id: rewrite", "- id: write-anew")
        await teacher.until(lambda: teacher.step == "write-anew")
        await teacher.sees("there is no step rewrite any more")


async def test_a_lesson_saved_while_a_dialog_is_open_waits_for_its_end(
    house: TestHouse, save: Callable[[str, str], None]
) -> None:
    async with previewing(house) as teacher:
        before = teacher.conversation
        await teacher.press("f1")
        save("Who says that the council voted?", "Who says so?")
        preview = teacher.lesson._preview  # type: ignore[attr-defined]
        await teacher.until(lambda: preview.lesson is not before.lesson)
        assert teacher.conversation is before
        await teacher.press("escape")
        await teacher.until(lambda: teacher.conversation.lesson is preview.lesson)


async def test_the_bar_is_the_embedded_judges_and_the_conversation_has_the_judge_that_is_configured(
    house: TestHouse,
) -> None:
    judge = ThinkingJudge("not", "met")
    judge.lets.set()
    parts = replace(house._parts("en"), judge=judge)
    preview = Preview(house.lessons / "bike-lane" / "lesson.yaml", lambda _lang: parts, house.help_card)
    app = PreviewApp(preview, "explain", theme="dark", prepare=house.prepare)
    async with app.run_test(size=LARGE) as pilot:
        teacher = Teacher(app, pilot, house)
        await teacher.open()
        await teacher.write("he did not ask people")
        await teacher.sees("✓ asked met: rules say yes “ask”")
        await teacher.press("enter")
        await teacher.sees("last answer partly, met opinion (by small-1b)")
    assert judge.answers == ["he did not ask people"]


async def test_one_goes_from_step_to_step(house: TestHouse) -> None:
    async with previewing(house, "who") as teacher:
        await teacher.press("ctrl+p")
        assert "This is the first step." in teacher.text
        await teacher.press("ctrl+n", "ctrl+n")
        assert teacher.step == "explain"
        await teacher.press("ctrl+p")
        assert teacher.step == "shaky"
        await teacher.press("ctrl+g")
        assert "exit-find (find, p1, exit ticket)" in teacher.text
        await teacher.press("7")
        await teacher.until(lambda: teacher.step == "exit-explain")
        await teacher.press("ctrl+n")
        assert "This is the last step." in teacher.text


async def test_quick_keys_are_not_lost(house: TestHouse) -> None:
    async with previewing(house, "who") as teacher:
        teacher.tap("ctrl+n", "ctrl+n", "ctrl+n", "ctrl+p")
        await teacher.until(lambda: teacher.step == "explain")


async def test_the_bar_opens_and_closes_and_stays_as_it_is_on_the_next_step(house: TestHouse) -> None:
    async with previewing(house, size=SMALL) as teacher:
        await teacher.sees("Key asked, opinion")
        assert "The council says that 40" in teacher.text
        await teacher.press("ctrl+o")
        await teacher.sees("opinion open: It is the writer's own opinion.")
        await teacher.press("ctrl+o")
        assert teacher.bar.count("\n") == 0
        await teacher.press("ctrl+n")
        assert teacher.bar.count("\n") == 0
        await teacher.press("ctrl+o")
        await teacher.sees("Key maybe")


@pytest.mark.parametrize("bar", [0, 1, 2], ids=["short", "full", "closed"])
@pytest.mark.parametrize("step", ["who", "shaky", "explain", "look"])
@pytest.mark.parametrize("size", [SMALL, LARGE], ids=["80x24", "120x40"])
async def test_question_and_answer_can_be_seen_beside_the_bar(
    house: TestHouse, size: tuple[int, int], step: str, bar: int
) -> None:
    async with previewing(house, step, size) as teacher:
        await teacher.press(*["ctrl+o"] * bar)
        question = teacher.conversation.step.ask.split()[0]
        await teacher.until(lambda: question in teacher.shown(teacher.desk.talk))
        dock = teacher.desk.dock
        control = {"who": dock.choices, "shaky": teacher.desk.article}.get(step, dock.box)
        assert control.region.height >= 2
        assert control.region.bottom <= teacher.lesson.query_one(PreviewBar).region.y
        assert teacher.lesson.query_one(PreviewBar).region.bottom <= size[1]


async def test_nothing_of_a_preview_is_kept(house: TestHouse, tmp_path: Path) -> None:
    async with previewing(house) as teacher:
        await teacher.write("they ask")
        await teacher.press("enter", "ctrl+t", "ctrl+n")
        await teacher.write("half typed")
        await teacher.press("f10")
        assert teacher.app.return_code == 0
    assert not (tmp_path / "data").exists()


async def test_the_end_and_a_stopping_point_do_not_leave_the_preview(house: TestHouse) -> None:
    async with previewing(house, "exit-explain") as teacher:
        await teacher.write("The gardener said it.")
        await teacher.press("enter")
        await teacher.until(lambda: teacher.mode == "over")
        await teacher.press("1")
        assert "This is the end" in teacher.text
        await teacher.press("2")
        assert "A learner would leave the lesson here." in teacher.text
        await teacher.press("ctrl+p")
        await teacher.until(lambda: teacher.step == "exit-find")


async def test_a_stopping_point_of_the_preview_does_not_say_that_anything_is_kept(house: TestHouse) -> None:
    async with previewing(house, "shaky") as teacher:
        await teacher.press("f3", "f3")
        await teacher.until(lambda: teacher.mode == "rest")
        said = teacher.shown(teacher.desk.dock)
        assert "2 Stop here" in " ".join(said.split())
        assert "A learner's place is saved here." in said
        assert "Your place" not in teacher.text


def test_the_keys_of_the_preview_are_nobody_elses() -> None:
    taken = {key for each in LESSON_KEYS for key in each.keys.split(",")}
    for binding in (*AnswerBox._merged_bindings.key_to_bindings, "ctrl+r", "pageup", "pagedown", "f12"):  # type: ignore[union-attr]
        taken.add(binding)
    ours = {key for each in PREVIEW_KEYS for key in each.keys.split(",")}
    assert not ours & taken
    letters = [each.letter for each in PreviewScreen.KEYS if each.letter] + ["d"]
    assert len(letters) == len(set(letters))


@pytest.mark.parametrize("theme", ["dark", "light"])
async def test_the_bar_has_contrast_enough(
    tmp_path: Path, house: TestHouse, save: Callable[[str, str], None], theme: Theme
) -> None:
    house = TestHouse(tmp_path / "data", lessons=house.lessons, theme=theme)
    async with previewing(house) as teacher:
        await teacher.press("ctrl+l", "2")
        await teacher.sees("Played 2 of 4")
        await teacher.write("it sounds so sure")
        await teacher.sees("loud-is-true")
        save("do: look", "do: lok")
        await teacher.sees("lesson.yaml:149:7")
        assert not _too_faint(teacher)
        await teacher.press("tab", "tab")
        assert not _too_faint(teacher)


@pytest.mark.parametrize(
    ("size", "theme", "keys"),
    [(SMALL, "light", ()), (LARGE, "dark", ()), (SMALL, "dark", ("ctrl+o",))],
    ids=["80x24", "120x40", "80x24-full"],
)
def test_pictures_of_the_preview(
    snap_compare: Callable[..., bool],
    painting: Painting,
    size: tuple[int, int],
    theme: Theme,
    keys: tuple[str, ...],
) -> None:
    house, app = painting(theme)

    async def act(pilot: Pilot[str]) -> None:
        teacher = Teacher(app, pilot, house)
        await teacher.open()
        teacher.desk.dock.box.cursor_blink = False
        await teacher.write("they ask the people, it sounds so sure")
        await teacher.press(*keys)
        await teacher.sees("loud-is-true shows" if keys or size == LARGE else "! loud-is-true")
        await pilot.pause()

    assert snap_compare(app, terminal_size=size, run_before=act)
