"""While a model is thinking: the seconds count, Esc goes on without it, everything else stays live, nothing is lost."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from textual.widgets import Static

from tests.tui.acting import LARGE, SMALL, Learner, TestHouse, ThinkingJudge, at_the_screen
from tutor.core import events as e
from tutor.core.speaking import Brief, Utterance
from tutor.tui import TutorApp
from tutor.tui.screens.base import Dialog
from tutor.tui.widgets.keybar import KeyBar
from tutor.tui.widgets.status import Banner

THINKING = "Thinking ..."


@dataclass
class SlowSpeaker:
    """Never gets to the end of its sentence."""

    name: str = "small-1b"
    briefs: list[Brief] = field(default_factory=list)

    async def speak(self, brief: Brief) -> Utterance:
        self.briefs.append(brief)
        await ThinkingJudge().lets.wait()
        raise AssertionError("nobody lets it speak")


@asynccontextmanager
async def waiting(
    folder: Path, judge: ThinkingJudge, size: tuple[int, int] = SMALL, text: str = "they asked nobody"
) -> AsyncIterator[Learner]:
    """A learner whose answer is being judged."""
    async with at_the_screen(TestHouse(folder, judge=judge), size=size) as learner:
        await learner.open_writing()
        await learner.write(text)
        learner.tap("enter")
        await learner.until(lambda: THINKING in learner.text)
        yield learner
        judge.lets.set()


def judged(learner: Learner) -> list[e.Judged]:
    return [each for each in learner.payloads if isinstance(each, e.Judged) and each.step == "explain"]


async def test_who_reads_further_up_meanwhile_is_not_scrolled_away(tmp_path: Path) -> None:
    judge = ThinkingJudge("not", "not")
    async with waiting(tmp_path, judge) as learner:
        talk = learner.desk.talk
        await learner.until(lambda: "You  they asked nobody" in learner.shown(talk))
        learner.tap("pageup")
        await learner.until(lambda: "more below" in learner.text)
        place = talk.scroll_y
        judge.lets.set()
        await learner.rest()
        assert len(judged(learner)) == 1
        assert talk.scroll_y == place
        assert "more below" in learner.text


@pytest.mark.parametrize("size", [SMALL, LARGE], ids=["80x24", "120x40"])
async def test_the_seconds_count_and_say_what_esc_does(tmp_path: Path, size: tuple[int, int]) -> None:
    async with waiting(tmp_path, ThinkingJudge(), size) as learner:
        await learner.until(lambda: f"{THINKING} 0 s, Esc to go on without" in learner.text)
        await learner.until(lambda: f"{THINKING} 1 s, Esc to go on without" in learner.text)
        await learner.until(lambda: f"{THINKING} 2 s" in learner.text)
        assert "You  they asked nobody" in learner.shown(learner.desk.talk)
        footer = learner.shown(learner.screen.query_one(KeyBar))
        assert "Esc Go on without waiting" in footer
        assert "Esc Menu" not in footer
        for useless in ("F2", "F3", "F8", "Enter"):
            assert useless not in footer
        assert "F4 Why" in footer


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """What the clock of waiting shows, in seconds."""
    now = [100.0]
    monkeypatch.setattr("tutor.tui.waiting.monotonic", lambda: now[0])
    return now


@pytest.mark.parametrize("pane", ["box", "article", "talk"])
async def test_one_esc_goes_on_without_it_from_every_pane(tmp_path: Path, pane: str, clock: list[float]) -> None:
    judge = ThinkingJudge()
    async with waiting(tmp_path, judge) as learner:
        desk = learner.desk
        {"box": desk.dock.box, "article": desk.article, "talk": desk.talk}[pane].focus()
        await learner.pilot.pause(0)
        learner.tap("escape")
        await learner.until(lambda: judged(learner))
        await learner.rest()
        assert judge.cancelled == 1
        assert judged(learner)[0].judge == "embedded"
        assert learner.mode == "write"
        assert THINKING not in learner.text
        assert "Esc Menu" in learner.shown(learner.screen.query_one(KeyBar))
        await learner.press("escape")  # once more, for no reason
        assert learner.screen is learner.lesson
        clock[0] += 1
        await learner.press("escape")
        assert "Menu" in learner.text
        assert isinstance(learner.screen, Dialog)


async def test_an_esc_that_comes_just_after_the_verdict_opens_nothing(tmp_path: Path, clock: list[float]) -> None:
    judge = ThinkingJudge("not")
    async with waiting(tmp_path, judge) as learner:
        judge.lets.set()
        await learner.until(lambda: judged(learner))
        await learner.rest()
        for later in (0.0, 0.05, 0.4):
            clock[0] += later
            await learner.press("escape")
            assert learner.screen is learner.lesson
        clock[0] += 0.1
        await learner.press("escape")
        assert isinstance(learner.screen, Dialog)


async def test_esc_opens_the_menu_at_once_where_nobody_waited(tmp_path: Path, clock: list[float]) -> None:
    async with at_the_screen(TestHouse(tmp_path)) as learner:
        await learner.open_writing()
        await learner.write("they asked nobody")
        await learner.press("enter", "escape")
        assert isinstance(learner.screen, Dialog)
        assert clock == [100.0]


async def test_an_answer_ends_what_was_being_made_ready_for_it(tmp_path: Path) -> None:
    judge = ThinkingJudge("not")
    judge.warms = True
    async with at_the_screen(TestHouse(tmp_path, judge=judge)) as learner:
        await learner.open_writing()
        await learner.until(lambda: judge.warming == ["begun explain"])
        await learner.write("they asked nobody")
        learner.tap("enter")
        await learner.until(lambda: "judging" in judge.warming)
        await learner.pilot.pause(0)
        assert sorted(judge.warming) == ["begun explain", "cancelled", "judging"]
        judge.lets.set()
        await learner.until(lambda: judge.warming[3:] == ["begun explain"])


async def test_a_click_on_esc_in_the_footer_goes_on_without_it(tmp_path: Path) -> None:
    async with waiting(tmp_path, ThinkingJudge()) as learner:
        lines = learner.shown(learner.screen.query_one(KeyBar)).split("\n")
        row, line = next((n, line) for n, line in enumerate(lines) if "Esc Go on" in line)
        await learner.pilot.click(KeyBar, offset=(line.index("Esc Go on") + 1, row))
        await learner.until(lambda: judged(learner))


async def test_a_speaker_is_not_waited_for_either(tmp_path: Path) -> None:
    speaker = SlowSpeaker()
    async with at_the_screen(TestHouse(tmp_path, speaker=speaker)) as learner:
        await learner.open_writing()
        await learner.write("it is a lane")
        learner.tap("enter")
        await learner.until(lambda: THINKING in learner.text)
        learner.tap("escape")
        await learner.until(lambda: learner.mode == "write")
        await learner.rest()
        assert "What would the writer have to do first" in learner.text
        assert len(speaker.briefs) == 1


async def test_typing_scrolling_and_reading_go_on_meanwhile(tmp_path: Path) -> None:
    judge = ThinkingJudge("met")
    async with waiting(tmp_path, judge) as learner:
        learner.type("more")
        await learner.until(lambda: learner.desk.dock.box.text == "more")
        below = learner.desk.talk.scroll_y
        learner.tap("pageup")
        await learner.until(lambda: learner.desk.talk.scroll_y < below)
        above = learner.desk.talk.scroll_y
        for key, name in (("f4", "WhyDialog"), ("f5", "TextDialog"), ("f7", "WordsDialog")):
            learner.tap(key)
            await learner.until(lambda name=name: type(learner.screen).__name__ == name)  # type: ignore[misc]
            learner.tap("escape")  # closes what is open, and nothing else
            await learner.until(lambda: learner.screen is learner.lesson)
        assert learner.desk.talk.scroll_y == above
        learner.tap("f6")
        await learner.until(lambda: learner.desk.view == "article")
        learner.tap("f6")
        await learner.until(lambda: learner.desk.view == "talk")
        assert learner.conversation.is_waiting
        learner.desk.dock.box.focus()
        learner.tap("enter")  # one answer at a time
        await learner.until(lambda: "still thinking" in learner.text)
        learner.tap("f2")
        await learner.pilot.pause(0)
        judge.lets.set()
        await learner.rest()
        assert learner.desk.dock.box.text == "more"
        assert "still thinking" not in learner.text
    assert len(judged(learner)) == 1
    assert not any(isinstance(each, e.HintAsked) for each in learner.payloads)


async def test_what_was_typed_meanwhile_stays_when_the_next_question_comes(tmp_path: Path) -> None:
    judge = ThinkingJudge("met", "met")
    async with waiting(tmp_path, judge) as learner:
        learner.type("and")
        await learner.until(lambda: learner.desk.dock.box.text == "and")
        judge.lets.set()
        await learner.until(lambda: learner.conversation.step.id == "rewrite")
        await learner.rest()
        assert learner.desk.dock.box.text == "and"


async def test_what_is_typed_meanwhile_is_on_the_disk_soon(tmp_path: Path) -> None:
    async with waiting(tmp_path, ThinkingJudge()) as learner:
        learner.type("and also")
        await learner.until(lambda: any("and also" in each.read_text() for each in tmp_path.rglob("*.draft.json")))


async def test_leaving_does_not_wait(tmp_path: Path) -> None:
    judge = ThinkingJudge()
    async with waiting(tmp_path, judge) as learner:
        learner.tap("f10")
        await learner.until(lambda: "Leave the lesson?" in learner.text)
        learner.tap("3")
        await learner.until(lambda: not learner.app.is_running)
        assert judge.cancelled == 1
    assert isinstance(learner.payloads[-1], e.Left)
    assert not judged(learner)


async def test_what_could_not_be_judged_is_back_in_the_box_and_one_enter_sends_it_again(tmp_path: Path) -> None:
    judge = ThinkingJudge("not-judged", "not-judged")
    judge.lets.set()
    async with at_the_screen(TestHouse(tmp_path, judge=judge)) as learner:
        await learner.open_writing()
        await learner.write("they asked nobody")
        await learner.press("enter")
        assert judged(learner)[0].verdict == "not-judged"
        assert learner.desk.dock.box.text == "they asked nobody"
        assert "Your text is back in the box: Enter sends it once more." in learner.text
        judge.says = ("met", "not")
        await learner.press("enter")
        assert learner.desk.dock.box.text == ""
        assert "back in the box" not in learner.text
        assert "found 1 of 2" in learner.text
    assert judge.answers == ["they asked nobody"] * 2


async def test_what_was_typed_meanwhile_is_not_replaced_by_what_could_not_be_judged(tmp_path: Path) -> None:
    judge = ThinkingJudge("not-judged", "not-judged")
    async with waiting(tmp_path, judge) as learner:
        learner.type("more")
        await learner.until(lambda: learner.desk.dock.box.text == "more")
        judge.lets.set()
        await learner.rest()
        assert learner.desk.dock.box.text == "more"
        await learner.press("ctrl+r")
        assert learner.desk.dock.box.text == "they asked nobody"


async def test_a_probed_answer_that_could_not_be_judged_comes_back_whole(tmp_path: Path) -> None:
    judge = ThinkingJudge("unsure", "not")
    judge.lets.set()
    async with at_the_screen(TestHouse(tmp_path, judge=judge)) as learner:
        await learner.open_writing()
        await learner.write("they asked nobody")
        await learner.press("enter")
        assert learner.conversation.session.step.probing
        judge.says = ("not-judged", "not-judged")
        await learner.write("in the street")
        await learner.press("enter")
        assert learner.desk.dock.box.text == "they asked nobody\nin the street"


async def test_what_a_judge_takes_for_no_answer_is_back_in_the_box_and_can_be_sent_as_one(tmp_path: Path) -> None:
    judge = ThinkingJudge("met")
    judge.lets.set()
    judge.sort = "off-point"
    async with at_the_screen(TestHouse(tmp_path, judge=judge)) as learner:
        await learner.open_writing()
        await learner.write("they asked nobody")
        await learner.press("enter")
        assert any(isinstance(each, e.Caught) and each.call for each in learner.payloads)
        assert learner.desk.dock.box.text == "they asked nobody"
        assert "Your text is back in the box: change it, or Enter sends it as your answer." in " ".join(
            learner.text.split()
        )
        await learner.press("enter")
        assert learner.desk.dock.box.text == ""
        assert "found 1 of 2" in learner.text
    assert judge.answers == ["they asked nobody"] * 2


async def test_what_was_typed_meanwhile_is_not_replaced_by_what_was_no_answer(tmp_path: Path) -> None:
    judge = ThinkingJudge()
    judge.sort = "question"
    async with waiting(tmp_path, judge) as learner:
        learner.type("more")
        await learner.until(lambda: learner.desk.dock.box.text == "more")
        judge.lets.set()
        await learner.rest()
        assert learner.desk.dock.box.text == "more"
        assert "back in the box" not in learner.text


# ------------------------------------------------------------------ trouble


async def test_a_model_that_cannot_be_reached_stands_in_a_banner_until_it_can(tmp_path: Path) -> None:
    judge = ThinkingJudge("not", trouble="The language model at 127.0.0.1 does not answer.")
    judge.lets.set()
    async with at_the_screen(TestHouse(tmp_path, judge=judge)) as learner:
        await learner.open_writing()
        assert "does not answer" not in learner.text
        await learner.write("they asked nobody")
        await learner.press("enter")
        assert "The language model cannot help just now" in learner.text
        await learner.press("f2")
        assert "cannot help just now" in learner.text
        judge.trouble = ""
        await learner.write("perhaps they did")
        await learner.press("enter")
        assert "cannot help" not in learner.text


CANNOT = "The language model cannot help just now, so the lesson goes on without it."
WHY = "Nothing answers at http://127.0.0.1:8081/v1, where small-1b should be. Start the model's server, or look again."


@pytest.mark.parametrize(("size", "rows"), [(SMALL, 1), ((60, 20), 2), ((100, 24), 3), (LARGE, 2)])
async def test_the_banner_takes_little_room_and_the_details_stand_in_why(
    tmp_path: Path, size: tuple[int, int], rows: int
) -> None:
    judge = ThinkingJudge("not", trouble=WHY)
    judge.lets.set()
    async with at_the_screen(TestHouse(tmp_path, judge=judge), size=size) as learner:
        await learner.open_writing()
        await learner.write("they asked nobody")
        await learner.press("enter")
        banner = learner.screen.query_one(Banner)
        text = " ".join(learner.shown(banner).split())
        assert banner.size.height == rows
        assert text == (f"! {CANNOT} {WHY}" if size[0] >= 100 else f"! {CANNOT}")
        await learner.press("f4")
        parts = [str(each.render()) for each in learner.screen.query(".part").results(Static)]
        assert parts[-1] == f"{CANNOT} {WHY}"


async def test_what_is_not_saved_is_said_before_a_model_that_does_not_answer(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("not a folder", encoding="utf-8")
    judge = ThinkingJudge("not", trouble="The language model does not answer.")
    judge.lets.set()
    async with at_the_screen(TestHouse(tmp_path / "file", judge=judge)) as learner:
        await learner.until(lambda: "Not all of your earlier work can be read" in learner.text)
        await learner.press("1")
        await learner.open_writing()
        await learner.write("they asked nobody")
        await learner.press("enter")
        assert "not saved yet" in learner.text
        assert "does not answer" not in learner.text


async def test_what_is_slow_is_prepared_once_after_the_first_paint(tmp_path: Path) -> None:
    house = TestHouse(tmp_path)
    painted: list[bool] = []
    app = TutorApp(house)
    house.prepare = lambda: painted.append(bool(app.screen._compositor.visible_widgets))  # type: ignore[method-assign]
    assert painted == []
    async with app.run_test() as pilot:
        await Learner(app, pilot, house).until(lambda: painted)
    assert painted == [True]
