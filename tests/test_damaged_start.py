"""Whatever has become of the files, Closeread opens: the library, a lesson, and the command that forgets a learner."""

from __future__ import annotations

import asyncio
import io
import os
import shutil
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.journal.test_damage import stamps
from tests.journal.test_strange_files import THINGS
from tests.tui.acting import TestHouse, at_the_screen
from tests.window import house_in, lesson_in, load_phrases_once, opened, turn
from tutor.cli import main
from tutor.journal import Draft
from tutor.settings import default_config_file

posix = pytest.mark.skipif(os.name == "nt", reason="named pipes and links are those of POSIX")
PLACES: dict[str, str] = {
    "the record of a lesson": "learners/owl-*/*/*.jsonl",
    "the folder of a lesson": "learners/owl-*/[0-9a-f]*",
    "the folder of a learner": "learners/owl-*",
    "the folder of all learners": "learners",
    "the half-typed answer": "learners/owl-*/*.draft.json",
    "the nickname": "learners/owl-*/nickname",
    "the last nickname": "learner",
    "what is known of the clock": "opened",
    "the copies": "copies",
}
NAMED = ("the record of a lesson", "the half-typed answer", "the folder of a learner", "the folder of all learners")


@pytest.fixture(autouse=True)
def _quickly(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tutor.lessons.phrases_file.load_phrases", load_phrases_once)


class Desk:
    """Commands typed with the work in a folder."""

    def __init__(self, data: Path, lesson: Path, capsys: pytest.CaptureFixture[str], patch: pytest.MonkeyPatch) -> None:
        self.data = data
        self.lesson = lesson
        self._capsys = capsys
        self._patch = patch

    def learn(self, *typed: str) -> str:
        """What is shown in a lesson in which these lines are typed."""
        self._patch.setattr(sys, "stdin", io.StringIO("".join(f"{line}\n" for line in (*typed, "/quit"))))
        status = main(["learn", str(self.lesson), "--plain", "--as", "owl", "--data-dir", str(self.data)])
        shown = self._capsys.readouterr()
        assert "Traceback" not in shown.err
        assert status in (0, 1), shown.err  # 1 where something could not be saved, and that is said
        assert (status == 1) == ("Not everything could be saved" in shown.out), shown.out + shown.err
        return shown.out

    def forget(self) -> int:
        """Forget the learner; the exit status."""
        status = main(["forget", "owl", "--yes", "--data-dir", str(self.data)])
        assert "Traceback" not in self._capsys.readouterr().err
        return status


@pytest.fixture(scope="module")
def begun(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A learner who has begun two sessions, come back, and left half an answer; the clock was looked at."""
    folder = tmp_path_factory.mktemp("begun")
    lesson, house = lesson_in(folder), house_in(folder / "data")
    loaded = house.load(str(lesson))
    for conversation in (house.start(loaded), house.start(loaded), opened(house, lesson)):
        asyncio.run(turn(conversation, "bananas are yellow"))
        conversation.leave()
    house.journal.expire(12)
    house.sitting(conversation).save_draft(Draft("who-0", "half an ans"))
    return folder


@pytest.fixture
def desk(begun: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Desk:
    """That learner's work, to be spoilt."""
    shutil.copytree(begun, tmp_path, dirs_exist_ok=True)
    return Desk(tmp_path / "data", tmp_path / "ferry.yaml", capsys, monkeypatch)


def spoil(desk: Desk, place: str, thing: str) -> Path:
    """Put something else in the place of one of the files or folders; what was there stays in reach."""
    path = min(desk.data.glob(PLACES[place]))
    path.rename(desk.data.parent / "aside")
    THINGS[thing](path)
    return path


def records(data: Path) -> dict[Path, tuple[bytes, int]]:
    """What nothing may touch: every record and half-typed answer, with its bytes and its time."""
    return {path: each for path, each in stamps(data).items() if path.suffix in (".jsonl", ".json")}


@posix
@pytest.mark.parametrize("thing", ["a named pipe", "no text"])
@pytest.mark.parametrize("place", PLACES)
def test_a_lesson_opens_and_the_learner_can_be_forgotten(desk: Desk, place: str, thing: str) -> None:
    path = spoil(desk, place, thing)
    before = records(desk.data)
    shown = desk.learn("pears are green")
    assert "How could you check this?" in shown
    if place in NAMED:
        assert f"Note: {path}" in shown
    assert before.items() <= records(desk.data).items()
    is_lost = place in ("the folder of a learner", "the folder of all learners")
    if not is_lost:
        kept = house_in(desk.data).journal.past("owl")
        assert any("pears" in str(event.payload) for past in kept for event in past.events)
    desk.forget()
    assert not [each for each in desk.data.rglob("*.json*") if each.is_file()]


@pytest.mark.parametrize(
    "flip",
    [
        lambda data: data[:-20],
        lambda data: data.replace(b"bananas", b"bananas\xff"),
        lambda data: data.replace(b'"v":1', b'"v":2'),
        lambda data: data[: len(data) // 2] + b"\0" * 4096,
        lambda data: data + data.splitlines(keepends=True)[-1],
    ],
    ids=["cut", "not UTF-8", "another format", "nulls to the end", "doubled"],
)
def test_every_other_session_is_whole_and_a_damaged_one_is_offered(desk: Desk, flip: Callable[[bytes], bytes]) -> None:
    house = house_in(desk.data)
    house.start(house.load(str(desk.lesson)))  # a third one, begun elsewhere
    whole = [past for past in house.journal.past("owl") if len(past.events) > 1]
    path = next(path for path in sorted(desk.data.rglob("*.jsonl")) if path.stem == whole[-1].sitting)
    path.write_bytes(flip(path.read_bytes()))
    before = records(desk.data)
    shown = desk.learn()
    after = house_in(desk.data).journal.past("owl")
    assert {past.events for past in whole[:-1]} <= {past.events[: len(each.events)] for past in after for each in whole}
    is_torn = not any(past.damage for past in after) and f"Note: {path}" not in shown
    assert is_torn == (flip(b"one\ntwo\nthree\nfour and a half\n")[-1:] != b"\n")
    assert before.items() <= records(desk.data).items()


@posix
@pytest.mark.parametrize("thing", THINGS)
def test_a_settings_file_that_cannot_be_read_is_named_in_a_sentence(
    desk: Desk, thing: str, capsys: pytest.CaptureFixture[str]
) -> None:
    path = default_config_file(os.environ)
    assert path
    path.parent.mkdir(parents=True)
    THINGS[thing](path)
    if thing in ("nothing", "a link to nowhere"):
        assert "How could you check this?" in desk.learn()
        return
    assert main(["learn", str(desk.lesson), "--plain", "--data-dir", str(desk.data)]) == 1
    shown = capsys.readouterr()
    assert str(path) in shown.err
    assert len(shown.err.splitlines()) < 4


def written_by_a_newer_program(folder: Path) -> Path:
    """The record of a lesson that this version cannot read."""
    house = TestHouse(folder)
    house.start(house.load("bike-lane")).leave()
    [path] = folder.rglob("*.jsonl")
    path.write_bytes(path.read_bytes().replace(b'"v":1', b'"v":9'))
    return path


async def test_the_library_names_what_cannot_be_read(tmp_path: Path) -> None:
    written_by_a_newer_program(tmp_path)
    before = records(tmp_path)
    async with at_the_screen(TestHouse(tmp_path), lesson=None) as learner:
        await learner.until(lambda: "another version of Closeread" in learner.text.replace("\n", " "))
    assert before.items() <= records(tmp_path).items()


async def test_who_opens_a_lesson_directly_is_told_as_well(tmp_path: Path) -> None:
    path = written_by_a_newer_program(tmp_path)
    async with at_the_screen(TestHouse(tmp_path)) as learner:
        await learner.until_screen("ChoiceDialog")
        await learner.until(lambda: "Not all of your earlier work can be read" in learner.text)
        assert path.name in learner.text.replace("\n", "").replace("│", "").replace(" ", "")
        await learner.press("1")
        await learner.open_lesson()
