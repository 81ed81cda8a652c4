"""The n-th write, fsync, open or rename fails in the midst of a lesson, over plain lines and on the screen.

No traceback, nothing lost in silence: whenever the learner is asked something, all is on the disk, or a sentence stands
there that says it is not.
"""

from __future__ import annotations

import asyncio
import errno
import io
import shutil
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from tests.failing import AnyDisk
from tests.talk import answer_for, only_idk
from tests.tui.acting import Learner, TestHouse, at_the_screen
from tutor.cli.learning import learn_plainly
from tutor.conversation import Conversation
from tutor.errors import JournalError
from tutor.journal import Past
from tutor.tui.widgets.status import Banner

SAYS = ("2", "4", "the writer names nobody", "3", "idk", "/stuck", "1", "/hint", "no idea at all", "2", "/quit")
UNSAVED, OVER = "not saved yet", "your answers are being saved again"


@pytest.fixture
def disk(monkeypatch: pytest.MonkeyPatch) -> AnyDisk:
    return AnyDisk(monkeypatch)


def _past(folder: Path, disk: AnyDisk) -> list[Past]:
    with disk.sound():
        return TestHouse(folder).journal.past("mika")


class _Talk(io.StringIO):
    """What a learner types. Whenever they are asked, it is looked whether they were told how things stand."""

    def __init__(
        self, house: TestHouse, folder: Path, disk: AnyDisk, heard: io.StringIO, says: tuple[str, ...]
    ) -> None:
        super().__init__()
        self.house, self.folder, self.disk, self.heard = house, folder, disk, heard
        self.says = list(says)
        self.warned = 0

    def readline(self, *_: Any) -> str:  # type: ignore[override]  # the stub has bytes here
        if self.house.opened:
            self.hold()
        return f"{self.says.pop(0)}\n" if self.says else ""

    def hold(self) -> None:
        heard = self.heard.getvalue()
        standing = heard.rfind(UNSAVED) > heard.rfind(OVER)
        self.warned += standing
        events = self.house.opened[-1].events
        if not standing:
            [past] = _past(self.folder, self.disk)
            assert past.events == events


def _learn(folder: Path, disk: AnyDisk, *says: str) -> tuple[int, str, _Talk, TestHouse]:
    house, heard = TestHouse(folder), io.StringIO()
    talk = _Talk(house, folder, disk, heard, says or SAYS)
    status = learn_plainly(house, "bike-lane", talk, heard)
    return status, heard.getvalue(), talk, house


def _hold_plain(folder: Path, disk: AnyDisk, first: int, length: int) -> bool:
    """Hold a lesson while the disk fails; returns whether it did."""
    failed = disk.fail_once(first, length)
    status, heard, _, house = _learn(folder, disk)
    tail = heard[heard.rfind("/quit") :]
    if status == 0:
        [past] = _past(folder, disk)
        assert past.events == house.opened[-1].events
        assert "Saved. Come back" in tail
    else:
        assert failed
        assert "Not everything could be saved" in tail
    disk.fails = lambda _: None
    house.journal.try_again()
    assert house.journal.trouble is None
    [past] = _past(folder, disk)
    assert past.events == house.opened[-1].events
    return bool(failed)


@pytest.mark.parametrize(("length", "stride"), [(1, 17), (25, 23), (10_000, 29)])
def test_some_call_fails_in_a_lesson_over_plain_lines(tmp_path: Path, disk: AnyDisk, length: int, stride: int) -> None:
    for first in count(1, stride):
        if not _hold_plain(tmp_path / str(first), disk, first, length):
            assert first > 50
            break


@pytest.mark.long
@pytest.mark.parametrize("length", [1, 3, 25, 10_000])
def test_any_call_fails_in_a_lesson_over_plain_lines(tmp_path: Path, disk: AnyDisk, length: int) -> None:
    for first in count(1):
        if not _hold_plain(tmp_path / str(first), disk, first, length):
            break


def test_trouble_is_said_when_it_begins_and_when_it_is_over(tmp_path: Path, disk: AnyDisk) -> None:
    house, heard = TestHouse(tmp_path), io.StringIO()

    class Failing(_Talk):
        def readline(self, *_: Any) -> str:  # type: ignore[override]
            disk.fail_once(1, 10_000) if 7 <= len(self.says) <= 9 else disk.fail_once(1, 0)
            return super().readline()

    status = learn_plainly(house, "bike-lane", Failing(house, tmp_path, disk, heard, SAYS), heard)
    assert status == 0
    assert heard.getvalue().count(UNSAVED) == 1
    assert heard.getvalue().count(OVER) == 1
    assert "/save" in heard.getvalue()
    assert "Saved. Come back" in heard.getvalue()


def test_the_pages_at_the_end_are_there_as_a_whole_or_it_is_said(tmp_path: Path, disk: AnyDisk) -> None:
    house = TestHouse(tmp_path)
    conversation = _finished(house)
    for length in (1, 10_000):
        for first in count(1):
            shutil.rmtree(house.journal.exports_dir("mika"))
            failed = disk.fail_once(first, length)
            said = ""
            try:
                house.export(conversation)
            except JournalError as error:
                said = str(error)
            disk.fails = lambda _: None
            assert "could not be written" in said if said else True
            assert bool(said) <= bool(failed)
            pages = [path for path in house.journal.exports_dir("mika").iterdir() if path.name[0] != "."]
            texts = [page.read_text(encoding="utf-8") for page in pages]
            # Where nothing at all can be done, an empty page that was begun cannot be taken away either.
            assert all(text.rstrip().endswith("-->") and "bike lane" in text for text in texts if length == 1)
            assert said or (len(pages) == 2 and all("bike lane" in text for text in texts))
            if not failed:
                break


def _finished(house: TestHouse) -> Conversation:
    conversation = house.start(house.load("bike-lane"))

    async def walk() -> None:
        async for _ in conversation.advance():
            pass
        while conversation.turn != "over":
            async for _ in answer_for(conversation, only_idk):
                pass

    asyncio.run(walk())
    return conversation


# ------------------------------------------------------------------ on the screen


async def test_a_banner_stands_as_long_as_the_disk_fails(tmp_path: Path, disk: AnyDisk) -> None:
    async with at_the_screen(TestHouse(tmp_path)) as learner:
        await learner.open_writing()
        banner = learner.screen.query_one(Banner)
        assert not banner.display
        with disk.failing(errno.ENOSPC):
            learner.type("nobody was ask")
            await learner.until(lambda: banner.display)
            assert "The answer you are typing is not saved yet" in _words(learner, banner)
            await learner.press("enter", "f3")
            await learner.until(lambda: "Your last answers are not saved yet" in _words(learner, banner))
            assert "Ctrl+S" in _words(learner, banner)
            await learner.write("half a wo")
            assert banner.display
        await learner.until(lambda: not banner.display)
        [past] = TestHouse(tmp_path).journal.past("mika")
        assert past.events == learner.conversation.events


def _words(learner: Learner, banner: Banner) -> str:
    return " ".join(learner.shown(banner).split())


async def _hold_at_the_screen(folder: Path, disk: AnyDisk, first: int, length: int) -> bool:
    """Hold a piece of a lesson while the disk fails; returns whether it did."""
    house = TestHouse(folder)
    failed = disk.fail_once(first, length)
    async with at_the_screen(house) as learner:
        await learner.open_writing()
        banner = learner.screen.query_one(Banner)
        for keys in (["n", "o", "enter"], ["f2"], ["f3"], ["f3"]):
            await learner.press(*keys)
            await learner.until(lambda: banner.display == bool(house.journal.trouble))
            if not banner.display:
                [past] = _past(folder, disk)
                assert past.events == learner.conversation.events
        await learner.press("f10", "3")
        await learner.until(lambda: not learner.app.is_running)
    saved = str(learner.app.return_value).startswith("Saved.")
    assert saved or str(learner.app.return_value).startswith("Not everything could be saved. Your last answers")
    assert learner.app.last_words == []
    if saved:
        [past] = _past(folder, disk)
        assert past.events == learner.conversation.events
    disk.fails = lambda _: None
    house.journal.try_again()
    assert house.journal.trouble is None
    [past] = TestHouse(folder).journal.past("mika")
    assert past.events == learner.conversation.events
    return bool(failed)


@pytest.mark.parametrize(("first", "length"), [(1, 10_000), (31, 40), (60, 1)])
async def test_some_call_fails_in_a_lesson_at_the_screen(
    tmp_path: Path, disk: AnyDisk, first: int, length: int
) -> None:
    assert await _hold_at_the_screen(tmp_path, disk, first, length)


@pytest.mark.long
@pytest.mark.parametrize("length", [1, 40, 10_000])
async def test_any_call_fails_in_a_lesson_at_the_screen(tmp_path: Path, disk: AnyDisk, length: int) -> None:
    for first in count(1):
        if not await _hold_at_the_screen(tmp_path / str(first), disk, first, length):
            assert first > 50
            break


async def test_a_lesson_that_was_left_unsaved_is_not_forgotten(tmp_path: Path, disk: AnyDisk) -> None:
    """In the library it is said, the lesson is found as it was left, and nobody quits without a word."""
    house = TestHouse(tmp_path)
    async with at_the_screen(house, lesson=None) as learner:
        await learner.until(lambda: "A bike lane" in learner.text)
        with disk.failing(errno.ENOSPC):
            await learner.press("1")
            await learner.open_lesson()
            await learner.press("2", "4")
            before = learner.conversation.events
            await learner.press("f10", "2")
            await learner.until_screen("LibraryScreen")
            await learner.until(lambda: "not saved yet" in learner.text)
            await learner.press("1")
            await learner.until_screen("ChoiceDialog")
            await learner.press("1")
            await learner.open_lesson()
            assert learner.conversation.events[: len(before)] == before
            await learner.press("f10", "2")
            await learner.until_screen("LibraryScreen")
            await learner.press("f10")
            await learner.until(lambda: "Not everything is saved" in learner.text)
            await learner.press("1")
        await learner.press("f10")
        await learner.until(lambda: not learner.app.is_running)
    [past] = TestHouse(tmp_path).journal.past("mika")
    assert past.events == learner.conversation.events
