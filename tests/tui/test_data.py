"""All text shown is data: it runs no action, opens no link, moves no cursor, and is shown as it was typed."""

import re
from pathlib import Path
from unicodedata import category

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from textual import events
from textual.app import App

from tests.tui.acting import LARGE, LESSONS, SMALL, Learner, TestHouse, at_the_screen
from tutor.core.clean import clean
from tutor.core.lesson import Lesson
from tutor.tui.text import in_place

NAUGHTY = "[@click=app.quit]leave[/] [/] [bold red]loud[/bold red] [link=https://example.org]x[/link]"
ESCAPES = "\x1b]52;c;aGVsbG8=\x07\x1b[2J\x9b31m\u202eabc"


def _naughty_lessons(folder: Path) -> Path:
    text = (LESSONS / "bike-lane" / "lesson.yaml").read_text(encoding="utf-8")
    quoted = NAUGHTY.replace("'", "''")
    text = text.replace("title: A bike lane and what is said about it", f"title: '{quoted}'")
    text = text.replace("goal: Tell what", f"goal: '{quoted} Tell what").replace(
        "writer thinks.\nlang", "writer thinks.'\nlang"
    )
    text = text.replace("ask: Who says that the council voted?", f'ask: "{NAUGHTY} Who?"')
    text = text.replace("text: The writer of the article", f"text: '{quoted}'")
    text = text.replace("    The town council voted", f"    {NAUGHTY} The town council voted")
    text = text.replace("council: The group", f"'{quoted}': '{quoted}'\n  council: The group")
    text = text.replace("hints: [Which name stands in the sentence?]", f"hints: ['{quoted} Which name?']")
    (folder / "bike-lane").mkdir(parents=True)
    (folder / "bike-lane" / "lesson.yaml").write_text(text, encoding="utf-8")
    return folder


def _flat(text: str) -> str:
    return " ".join(text.replace("│", " ").replace("▌", " ").split())


async def test_markup_in_a_lesson_is_text(tmp_path: Path) -> None:
    house = TestHouse(tmp_path / "data", lessons=_naughty_lessons(tmp_path / "lessons"))
    async with at_the_screen(house, lesson=None, size=LARGE) as learner:
        await learner.until(lambda: NAUGHTY in learner.text)
        await learner.press("1")
        await learner.open_lesson()
        assert "\x1b" not in learner.text
        desk = learner.desk
        for widget in (desk.article, desk.talk, desk.dock):
            assert "[@click=app.quit]leave[/] [/] [bold red]loud" in _flat(learner.shown(widget))
        await learner.press("f2")
        assert _flat(learner.shown(desk.talk)).count("[@click=app.quit]leave[/]") == 2
        await learner.press("f7")
        assert learner.text.count("[@click=app.quit]leave[/]") >= 2
        await learner.press("escape", "f5")
        assert "[@click=app.quit]leave[/]" in learner.text


async def test_what_acts_on_a_terminal_is_not_shown(tmp_path: Path) -> None:
    def spoil(lesson: Lesson) -> Lesson:
        step = lesson.steps[0].model_copy(update={"ask": f"{ESCAPES} Who says so?"})
        article = lesson.article.model_copy(update={"text": f"The council voted. {ESCAPES}"})
        changes = {"steps": (step, *lesson.steps[1:]), "article": article, "glossary": {ESCAPES: ESCAPES}}
        return lesson.model_copy(update={**changes, "title": f"A title {ESCAPES}"})

    house = TestHouse(tmp_path, spoil=spoil)
    async with at_the_screen(house, size=LARGE) as learner:
        await learner.open_lesson()
        assert "Who says so?" in learner.text
        assert "The council voted." in learner.text
        await learner.press("f9", "f7")
        seen = learner.text + learner.app.clipboard
        await learner.press("escape", "f5")
        assert not set(seen + learner.text) & set("\x1b\x07\x9b\u202e")


async def test_a_click_on_markup_or_on_a_link_does_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[str] = []
    monkeypatch.setattr(App, "open_url", lambda _, url, **__: opened.append(url))
    house = TestHouse(tmp_path / "data", lessons=_naughty_lessons(tmp_path / "lessons"))
    async with at_the_screen(house, size=LARGE) as learner:
        await learner.open_lesson()
        assert await _click_all(learner, "[@click", "[link") >= 6
        assert learner.mode == "choose"
        for keys in (("f2", "f7"), ("f5",), ("f4",)):
            await learner.press(*keys)
            screen = learner.app.screen
            await _click_all(learner, "[@click", "[link")
            assert learner.app.screen is screen
            await learner.press("escape")
        assert learner.app.is_running
        assert not opened


async def _click_all(learner: Learner, *words: str) -> int:
    """Click into what follows these words where they stand first; how often they do."""
    places = [
        (line.index(word) + 2 * len(word), y)
        for y, line in enumerate(learner.text.split("\n"))
        for word in words
        if word in line
    ]
    for place in places[:6]:
        await learner.pilot.click(offset=place)
    return len(places)


@example("\u200c\r\u200c\u200c\u200c")
@given(st.text(st.characters(codec=None)) | st.text(st.sampled_from("a \n\t\u0301\u202e\x1b\ufe0f\u200d\U0001f600")))
def test_a_block_keeps_its_places(text: str) -> None:
    shown = in_place(text)
    assert len(shown) == len(text)
    # Joiners and marks count in rows, and a blank in place of what is dropped parts a row.
    plain = re.sub(
        "[\u061c\u180e\u200c-\u200f]", "", "".join(c for c in shown if c != " " and category(c) not in "MnMe")
    )
    assert clean(plain) == plain
    assert all(now in (before, " ") for now, before in zip(shown, text, strict=True))
    if clean(text) == text:
        assert shown.split() == text.split()


async def test_an_answer_is_shown_as_it_was_typed_without_what_acts_on_a_terminal(tmp_path: Path) -> None:
    async with at_the_screen(TestHouse(tmp_path), size=SMALL) as learner:
        await learner.open_lesson()
        await learner.press("2", "4", "f3", "f3", "1")
        learner.app.post_message(events.Paste(f"{NAUGHTY} {ESCAPES}"))
        await learner.rest()
        box = learner.desk.dock.box
        assert NAUGHTY in box.text
        assert not set(box.text) & set("\x1b\x07\x9b\u202e")
        await learner.press("enter")
        assert "[@click=app.quit]leave[/] [/] [bold red]loud" in _flat(learner.text)
        await learner.press("f5")
        assert "[@click=app.quit]leave[/] [/] [bold red]loud" in _flat(learner.text)
        await learner.press("escape", "f4", "escape", "f9")
        assert "\x1b" not in learner.app.clipboard


async def test_a_broken_lesson_and_a_nickname_are_data_too(tmp_path: Path) -> None:
    folder = tmp_path / "lessons" / "broken"
    folder.mkdir(parents=True)
    (folder / "lesson.yaml").write_text("tutor: 1\n'[@click=app.quit]x[/]': y\n", encoding="utf-8")
    house = TestHouse(tmp_path / "data", lessons=tmp_path / "lessons", learner="[bold]mika[/bold]")
    async with at_the_screen(house, lesson=None) as learner:
        await learner.until(lambda: "cannot be opened" in learner.text)
        assert "reading as [bold]mika[/bold]" in learner.text
        await learner.press("1")
        await learner.until_screen("TextDialog")
        assert "lesson.yaml:" in learner.text.replace("\n", "")
        await learner.press("escape", "1")
        assert learner.app.is_running
