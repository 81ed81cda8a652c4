"""How it looks: contrast in both themes, and pictures that somebody has looked at."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from rich.color import Color as RichColor
from rich.color import ColorSystem
from textual.color import Color
from textual.pilot import Pilot

from tests.tui.acting import LARGE, SMALL, Learner, TestHouse, ThinkingJudge, at_the_screen
from tutor.core.judging import Judge
from tutor.settings import Theme
from tutor.tui import TutorApp

ENOUGH = 4.5
_ROOT = Path(__file__).parents[2]


def _luminance(colour: Color) -> float:
    def linear(part: int) -> float:
        share = part / 255
        return share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4

    return 0.2126 * linear(colour.r) + 0.7152 * linear(colour.g) + 0.0722 * linear(colour.b)


def _contrast(one: Color, other: Color) -> float:
    low, high = sorted((_luminance(one), _luminance(other)))
    return (high + 0.05) / (low + 0.05)


def _seen(colour: RichColor, system: ColorSystem) -> Color:
    """The colour that a terminal of this kind shows."""
    return Color.from_rich_color(RichColor.from_triplet(colour.downgrade(system).get_truecolor()))


def _too_faint(learner: Learner) -> list[str]:
    """Texts with too little contrast (WCAG 2), also where there are only 256 colours; drawn lines are no text."""
    return [*_faint(learner, ColorSystem.TRUECOLOR), *_faint(learner, ColorSystem.EIGHT_BIT)]


def _faint(learner: Learner, system: ColorSystem) -> list[str]:
    faint = []
    for strip in learner.screen._compositor.render_strips():
        for segment in strip:
            style = segment.style
            if style is None or not any(char.isalnum() for char in segment.text):
                continue
            assert style.color is not None
            assert style.bgcolor is not None
            fore, back = _seen(style.color, system), _seen(style.bgcolor, system)
            ratio = _contrast(back, fore) if style.reverse else _contrast(fore, back)
            if ratio < ENOUGH:
                faint.append(f"{segment.text!r}: {fore.hex} on {back.hex} is {ratio:.2f}")
    return faint


@pytest.mark.parametrize("theme", ["dark", "light"])
async def test_all_text_has_contrast_enough(tmp_path: Path, theme: Theme) -> None:
    async with at_the_screen(TestHouse(tmp_path, theme=theme), lesson=None, size=LARGE) as learner:
        await learner.until(lambda: "A bike lane" in learner.text)
        assert not _too_faint(learner)
        await learner.press("1")
        await learner.open_lesson()
        assert not _too_faint(learner)
        await learner.press("1", "2", "down")
        assert not _too_faint(learner)
        await learner.press("2", "space", "right", "space", "right", "space", "right")
        assert not _too_faint(learner)
        await learner.press("delete", "delete", "f3", "f3", "1")
        await learner.write("he did not ask people")
        await learner.press("shift+left")
        assert not _too_faint(learner)
        await learner.press("enter", "enter")
        assert not _too_faint(learner)
        await learner.go_on_stuck_to("over")
        await learner.press("1")
        await learner.until_screen("EndScreen")
        assert not _too_faint(learner)


@pytest.mark.parametrize("theme", ["dark", "light"])
async def test_text_about_a_model_has_contrast_enough(tmp_path: Path, theme: Theme) -> None:
    judge = ThinkingJudge("met", "not", trouble="The language model does not answer.")
    async with at_the_screen(TestHouse(tmp_path, theme=theme, judge=judge)) as learner:
        await learner.open_writing()
        await learner.write("they asked nobody")
        learner.tap("enter")
        await learner.until(lambda: "Thinking" in learner.text)
        assert not _too_faint(learner)
        judge.lets.set()
        await learner.until(lambda: "cannot help just now" in learner.text)
        assert not _too_faint(learner)


async def test_the_theme_can_be_switched_everywhere(tmp_path: Path) -> None:
    async with at_the_screen(TestHouse(tmp_path)) as learner:
        await learner.open_lesson()
        assert learner.app.theme == "closeread-dark"
        await learner.press("f12")
        assert learner.app.theme == "closeread-light"
        await learner.press("escape", "d")
        await learner.until(lambda: learner.app.theme == "closeread-dark")


def test_the_first_paint_waits_for_nothing_slow() -> None:
    slow = {"pydantic", "yaml", "jinja2", "snowballstemmer", "litellm"}
    code = f"import sys, tutor.tui; print(sorted({slow} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=_ROOT)
    assert done.stdout.strip() == "[]"


Compare = Callable[..., bool]
Painting = Callable[..., tuple[TestHouse, TutorApp]]


@pytest.fixture
def painting(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Painting:
    """Opens the app for a picture: nothing in it may depend on the machine."""
    monkeypatch.chdir(_ROOT)

    def open_app(theme: Theme, lesson: str | None, judge: Judge | None = None) -> tuple[TestHouse, TutorApp]:
        house = TestHouse(tmp_path, theme=theme, lessons=Path("tests/tui/lessons"), judge=judge)
        return house, TutorApp(house, lesson)

    return open_app


@pytest.mark.parametrize(
    ("size", "theme", "keys"),
    [
        (SMALL, "dark", ("1", "2", "down")),
        (LARGE, "dark", ("2", "3", *["right"] * 2, "space", *["right"] * 3, "space", "down", "space", "right")),
        (SMALL, "light", ("2", "3", "f3", "f3", "1", "f2", *"they ask")),
        (LARGE, "light", ("2", "3", "f3", "f3", "1", *"he did not ask", "enter", "f4")),
        (SMALL, "dark", ("escape",)),
    ],
    ids=["choose", "find", "write", "why", "menu"],
)
def test_pictures_of_a_lesson(
    snap_compare: Compare, painting: Painting, size: tuple[int, int], theme: Theme, keys: tuple[str, ...]
) -> None:
    house, app = painting(theme, "bike-lane")

    async def act(pilot: Pilot[str]) -> None:
        learner = Learner(app, pilot, house)
        await learner.open_lesson()
        learner.desk.dock.box.cursor_blink = False
        for key in keys:
            await (learner.write(key) if len(key) == 1 and not key.isdigit() else learner.press(key))
            await pilot.pause()  # what lies below a dialog is painted before the dialog opens

    assert snap_compare(app, terminal_size=size, run_before=act)


@pytest.mark.parametrize("size", [SMALL, LARGE], ids=["80x24", "120x40"])
def test_pictures_of_the_library(snap_compare: Compare, painting: Painting, size: tuple[int, int]) -> None:
    house, app = painting("dark", None)

    async def act(pilot: Pilot[str]) -> None:
        learner = Learner(app, pilot, house)
        await learner.until(lambda: "A bike lane" in learner.text)
        await learner.rest()

    assert snap_compare(app, terminal_size=size, run_before=act)


def test_a_picture_of_the_end(snap_compare: Compare, painting: Painting) -> None:
    house, app = painting("light", "bike-lane")

    async def act(pilot: Pilot[str]) -> None:
        learner = Learner(app, pilot, house)
        await learner.open_lesson()
        await learner.press("2", "3")
        await learner.go_on_stuck_to("over")
        await learner.press("1")
        await learner.until_screen("EndScreen")
        await learner.until(lambda: "Yours to keep" in learner.text)
        learner.screen.query_one("#files").display = False  # its path is this run's own
        await learner.rest()

    assert snap_compare(app, terminal_size=LARGE, run_before=act)


@pytest.mark.parametrize(("size", "theme"), [(SMALL, "dark"), (LARGE, "light")], ids=["dark", "light"])
def test_pictures_of_waiting(
    snap_compare: Compare, painting: Painting, monkeypatch: pytest.MonkeyPatch, size: tuple[int, int], theme: Theme
) -> None:
    now = [0.0]
    monkeypatch.setattr("tutor.tui.waiting.monotonic", lambda: now[0])
    house, app = painting(theme, "bike-lane", ThinkingJudge())

    async def act(pilot: Pilot[str]) -> None:
        learner = Learner(app, pilot, house)
        await learner.open_writing()
        learner.desk.dock.box.cursor_blink = False
        await learner.write("they asked nobody")
        learner.tap("enter")
        await learner.until(lambda: "Thinking ... 0 s" in learner.text)
        now[0] = 4.5
        learner.type("or did they?")
        await learner.until(lambda: "Thinking ... 4 s" in learner.text and "or did they?" in learner.text)

    assert snap_compare(app, terminal_size=size, run_before=act)


@pytest.mark.parametrize(("size", "theme"), [(SMALL, "dark"), (LARGE, "light")], ids=["dark", "light"])
@pytest.mark.parametrize("keys", [("f4",), ("f4", "d", "2", "f4")], ids=["two-judges", "seen-differently"])
def test_pictures_of_why(
    snap_compare: Compare, painting: Painting, size: tuple[int, int], theme: Theme, keys: tuple[str, ...]
) -> None:
    judge = ThinkingJudge("met", "unsure", trouble="The language model at 127.0.0.1:8080 does not answer.")
    judge.lets.set()
    house, app = painting(theme, "bike-lane", judge)

    async def act(pilot: Pilot[str]) -> None:
        learner = Learner(app, pilot, house)
        await learner.open_writing()
        learner.desk.dock.box.cursor_blink = False
        await learner.write("they asked nobody")
        await learner.press("enter")
        for key in keys:
            await learner.press(key)
            await pilot.pause()

    assert snap_compare(app, terminal_size=size, run_before=act)
