"""Words of distress are kept nowhere: staged disclosures with a made-up word in each, which is then looked for.

It is looked for in every file (learners' work, settings, cache, the folder one is in, temporary files), in the pages at
the end, in what a model's server was sent, and in what the program writes that does not repeat what was typed.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from time import process_time

import pytest

from tests.ferry import LESSON, UNSURE
from tests.llm.fake_server import MODEL, FakeServer
from tests.test_privacy import decided
from tests.tui.acting import Learner, TestHouse, at_the_screen
from tutor.bootstrap import House
from tutor.settings import load_settings

ROOT = Path(__file__).resolve().parent.parent
CONFIDENT = LESSON.replace("  do: explain\n", "  do: explain\n  confidence: true\n")
KEPT = "Her name is there: ask Lund, the master."
DISCLOSURES = [
    "i want to kill myself {}",
    "My stepdad beats me {} when mum is at work",
    "It is a claim. I have been cutting myself {} since summer.",
    "idk but i was raped {} last month",
    "my dad hits me {} every night and i cant tell anyone",
    "Nobody knows it: I take too many pills {} and I want to die {}.",
]
WORDS = [f"zanquor{letter}ix" for letter in "abcdef"]
STAGED = [text.replace("{}", word) for text, word in zip(DISCLOSURES, WORDS, strict=True)]


def traces(folder: Path) -> list[str]:
    """The files below a folder that hold one of the made-up words, or have it in their names."""
    found = []
    for path in folder.rglob("*"):
        held = path.read_bytes() if path.is_file() else b""
        if b"zanquor" in held.lower() or "zanquor" in path.name.lower():
            found.append(str(path.relative_to(folder)))
    return found


def journals(folder: Path) -> list[dict[str, object]]:
    """Every event in the files below a folder."""
    lines = (line for path in folder.rglob("*.jsonl") for line in path.read_text(encoding="utf-8").splitlines())
    return [json.loads(line) for line in lines]


def surroundings(folder: Path, server: FakeServer) -> dict[str, str]:
    """The environment of a learner's machine, all of it below one folder, with a model."""
    places = {"HOME": "home", "TMPDIR": "tmp", "TEMP": "tmp", "TMP": "tmp", "CLOSEREAD_DATA_DIR": "data"}
    places |= {"XDG_CONFIG_HOME": "config", "XDG_CACHE_HOME": "cache", "XDG_DATA_HOME": "share", "APPDATA": "roaming"}
    for name in set(places.values()):
        (folder / name).mkdir(exist_ok=True)
    model = {"CLOSEREAD_MODEL": MODEL, "CLOSEREAD_BASE_URL": server.base_url}
    return {**os.environ, **model, **{key: str(folder / name) for key, name in places.items()}, "PYTHONPATH": str(ROOT)}


@contextmanager
def served(folder: Path) -> Iterator[FakeServer]:
    """A model's server that is never sent one of the words."""
    (folder / "ferry.yaml").write_text(CONFIDENT, encoding="utf-8")
    with FakeServer(decided) as server:
        yield server
        sent = [request.raw if hasattr(request, "raw") else request.body for request in server.requests]
        assert "zanquor" not in repr(sent).lower()
        assert server.requests, "the model was never asked, so nothing was shown"


def plainly(folder: Path, server: FakeServer, *lines: str) -> subprocess.CompletedProcess[str]:
    """A lesson in plain mode, in a program of its own."""
    return subprocess.run(
        [sys.executable, "-m", "tutor", "learn", "ferry.yaml", "--plain", "--as", "owl"], capture_output=True,
        input="\n".join(lines) + "\n", encoding="utf-8", timeout=120, check=False, env=surroundings(folder, server),
        cwd=folder,
    )  # fmt: skip


def test_in_plain_mode_words_of_distress_are_written_nowhere_whatever_is_asked(tmp_path: Path) -> None:
    """As answers, at "How sure are you?", as commands and where it is asked whether one wants to go on."""
    first, second, third, fourth, fifth, sixth = STAGED
    with served(tmp_path) as server:
        done = plainly(
            tmp_path, server, first, "go on", second, "change", KEPT, third, "3", f"/disagree {fourth}", f"/{fifth}",
            "go on", UNSURE, sixth, "go on", UNSURE, "/stuck", "/stuck", "yes", "yes", "yes",
        )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    assert "zanquor" not in done.stderr
    assert done.stdout.count("It matters, and you do not have to deal with it alone.") >= 5
    assert traces(tmp_path) == []
    events = journals(tmp_path / "data")
    assert [event["data"] for event in events if event["type"] == "paused"] == [{"step": "who"}] * 4
    assert any(KEPT in json.dumps(event) for event in events), "what was written instead is kept"
    assert [*(tmp_path / "data").rglob("*.html"), *(tmp_path / "data").rglob("*.md")], "there are pages to look in"


@pytest.mark.parametrize("staged", STAGED[:2])
def test_words_of_distress_in_place_of_a_nickname_are_kept_nowhere_in_plain_mode(
    staged: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    import io  # noqa: PLC0415

    from tutor.cli.learning import _introduce  # noqa: PLC0415
    from tutor.plain import Console  # noqa: PLC0415

    house = House(load_settings({"data_dir": tmp_path}, {}, None), None)
    shown = io.StringIO()
    assert _introduce(house, Console(io.StringIO(f"{staged}\nowl\n"), shown, echo=False))
    assert "zanquor" not in shown.getvalue()
    assert house.help_card().splitlines()[0] in shown.getvalue()
    assert house.learner == "owl"
    assert traces(tmp_path) == []
    assert "zanquor" not in capsys.readouterr().err


def drafts(folder: Path) -> str:
    """What stands in the files of half-typed answers."""
    return " ".join(path.read_text("utf-8") for path in folder.rglob("*draft*") if path.is_file())


async def typed(learner: Learner, folder: Path, text: str) -> list[str]:
    """Type a text letter by letter; the half-typed text is saved after each. What was on disk of it at any time."""
    seen = []
    for length, char in enumerate(text, start=1):
        learner.type(char)
        await learner.until(lambda length=length: len(learner.desk.dock.box.text) == length)  # type: ignore[misc]
        learner.lesson._drafts.save()
        seen.append(drafts(folder))
    return seen


@pytest.mark.parametrize("change", [False, True], ids=["go on", "change"])
async def test_at_the_screen_words_of_distress_are_on_disk_at_no_time(tmp_path: Path, change: bool) -> None:
    async with at_the_screen(TestHouse(tmp_path)) as learner:
        await learner.open_writing()
        for staged in STAGED[2:3] if change else STAGED[4:5]:
            kept = await typed(learner, tmp_path, staged)
            assert not any("zanquor" in each for each in kept), staged
            assert any("It is a claim." in each for each in kept) == change
            await learner.press("enter")
            await learner.until_screen("HelpCardDialog")
            assert traces(tmp_path) == []
            await learner.press("2" if change else "1")
            await learner.until_screen("LessonScreen")
            await learner.until(lambda: learner.mode == "write")
            assert bool(learner.desk.dock.box.text) == change
            learner.lesson._drafts.save()
            assert traces(tmp_path) == []
            learner.desk.dock.box.load_text("")
        await learner.write("it is a quote by the mayor")
        await learner.press("enter")
        await learner.rest()
    assert traces(tmp_path) == []
    paused = [event for event in journals(tmp_path) if event["type"] == "paused"]
    assert [event["data"].keys() for event in paused] == [{"step"}]  # type: ignore[attr-defined]


async def test_what_an_earlier_draft_put_on_disk_of_the_same_sentence_is_removed(tmp_path: Path) -> None:
    async with at_the_screen(TestHouse(tmp_path)) as learner:
        await learner.open_writing()
        await learner.write("It is old. Nobody zanquorgix")
        learner.lesson._drafts.save(leaving=True)
        assert traces(tmp_path)
        await learner.write(" would miss me if i died")
        learner.lesson._drafts.save()
        assert traces(tmp_path) == []
        assert "It is old." in drafts(tmp_path)


async def test_words_of_distress_in_place_of_a_nickname_are_kept_nowhere(tmp_path: Path) -> None:
    async with at_the_screen(TestHouse(tmp_path, learner=None), lesson=None) as learner:
        await learner.until_screen("NicknameDialog")
        await learner.write("my dad hits me zanquorhix")
        await learner.press("enter")
        await learner.until_screen("TextDialog")
        assert "you do not have to" in learner.text
        await learner.press("escape")
        await learner.until_screen("NicknameDialog")
        assert "zanquor" not in learner.text
        await learner.write("robin")
        await learner.press("enter")
        await learner.until(lambda: learner.house.journal.last_learner() == "robin")
    assert traces(tmp_path) == []


async def test_what_is_looked_for_among_the_words_is_kept_nowhere(tmp_path: Path) -> None:
    async with at_the_screen(TestHouse(tmp_path)) as learner:
        await learner.open_lesson()
        await learner.press("f7")
        await learner.until(lambda: type(learner.screen).__name__ == "WordsDialog")
        await learner.write("i want to die zanquoriix")
        await learner.press("escape")
    assert traces(tmp_path) == []


def test_the_card_says_what_it_is_and_is_no_watch() -> None:
    card = House(replace(load_settings({}, {}, None))).help_card()
    for words in ("nobody has been told", "has not been saved", "an adult you trust", "emergency number"):
        assert words in card
    assert "watch" in card


async def test_the_help_card_does_not_keep_anybody_waiting(tmp_path: Path) -> None:
    """In time of this process, not by the clock, and with room: the check and the pause take some thousandths."""
    house = House(load_settings({"data_dir": tmp_path}, {}, None), "robin")
    conversation = house.start(house.load("cold-mornings"))
    async for _ in conversation.advance():
        pass
    conversation.is_distress("it is a quote")
    before = process_time()
    assert conversation.is_distress(STAGED[1])
    event = conversation.pause(STAGED[1])
    card = house.help_card()
    assert process_time() - before < 0.2
    assert event.payload.type == "paused"
    assert "It matters" in card
