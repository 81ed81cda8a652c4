"""Two windows of one learner at the same time, and a window whose learner is forgotten while it is open."""

from __future__ import annotations

import asyncio
import contextlib
import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.journal.desk import files
from tests.tui.acting import TestHouse, at_the_screen
from tests.window import house_in, lesson_in, opened, turn
from tutor.bootstrap import House
from tutor.cli import main
from tutor.conversation import Conversation
from tutor.core import events as e
from tutor.errors import JournalError
from tutor.journal import Draft

ROOT = Path(__file__).resolve().parent.parent
WORDS = "turnip"


@contextlib.contextmanager
def window(data: Path, lesson: Path, name: str, turns: int) -> Iterator[subprocess.Popen[str]]:
    """A process in which the lesson is open."""
    command = [sys.executable, "-m", "tests.window", str(data), str(lesson), name, str(turns)]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, cwd=ROOT, stdout=pipe, stderr=pipe, encoding="utf-8") as process:
        try:
            yield process
        finally:
            process.kill()


@pytest.mark.parametrize("turns", [70, pytest.param(500, marks=pytest.mark.long)])
def test_two_windows_at_once_lose_nothing_and_show_no_error(tmp_path: Path, turns: int) -> None:
    lesson, data = lesson_in(tmp_path), tmp_path / "data"
    opened(house_in(data), lesson)  # so both begin with the same session, however fast each of them starts
    with window(data, lesson, "one", turns) as one, window(data, lesson, "two", turns) as two:
        told = [process.communicate(timeout=600) for process in (one, two)]
        assert [(process.returncode, err) for process, (_, err) in zip((one, two), told, strict=True)] == [(0, "")] * 2
    acknowledged = [[json.loads(line) for line in out.splitlines()] for out, _ in told]
    assert all(len(each) > turns / 2 for each in acknowledged)

    house = house_in(data)
    assert house.damage() == ()
    kept = {
        (event.session, event.sitting, event.seq): event.payload.answer.text
        for past in house.journal.past("owl")
        for event in past.events
        if isinstance(event.payload, e.Answered) and isinstance(event.payload.answer, e.Written)
    }
    for session, sitting, seq, text, _ in (line for each in acknowledged for line in each):
        assert kept.pop((session, sitting, seq)) == text
    assert kept == {}
    one_went_on, other_went_on = ({session for session, *_ in each} for each in acknowledged)
    assert one_went_on & other_went_on, "they never had the same session open"
    drafts = [json.loads(path.read_text(encoding="utf-8"))["text"] for path in data.rglob("*.draft.json")]
    assert sorted(drafts) == ["the last of one", "the last of two"]


# Half-typed answers


def two_windows(tmp_path: Path) -> tuple[House, Conversation, House, Conversation]:
    """Two windows in which the same question of the same session is open."""
    lesson, data = lesson_in(tmp_path), tmp_path / "data"
    one, other = house_in(data), house_in(data)
    first = opened(one, lesson)
    asyncio.run(turn(first, "bananas are yellow"))
    return one, first, other, opened(other, lesson)


def test_neither_window_takes_away_what_is_half_typed_in_the_other(tmp_path: Path) -> None:
    one, first, other, second = two_windows(tmp_path)
    one.sitting(first).save_draft(Draft("who-0", "half of one"))
    other.sitting(second).save_draft(Draft("who-0", "half of the other"))
    assert one.sitting(first).draft() == Draft("who-0", "half of one")
    one.sitting(first).drop_draft()
    third = house_in(tmp_path / "data")
    assert third.sitting(opened(third, tmp_path / "ferry.yaml")).draft() == Draft("who-0", "half of the other")


def test_what_is_gone_on_with_is_tidied_up_once_it_is_kept_or_sent(tmp_path: Path) -> None:
    one, first, other, second = two_windows(tmp_path)
    one.sitting(first).save_draft(Draft("who-0", "half"))
    [path] = tmp_path.rglob("*.draft.json")
    sitting = other.sitting(second)
    assert sitting.draft() == Draft("who-0", "half")
    assert path.exists(), "it is not kept anywhere else yet"
    sitting.save_draft(Draft("who-0", "half and more"))
    assert not path.exists()
    [path] = tmp_path.rglob("*.draft.json")
    assert "half and more" in path.read_text(encoding="utf-8")
    sitting.drop_draft()
    assert list(tmp_path.rglob("*.draft.json")) == []
    assert sitting.draft() is None


def test_what_another_window_has_typed_on_since_is_not_tidied_up(tmp_path: Path) -> None:
    one, first, other, second = two_windows(tmp_path)
    one.sitting(first).save_draft(Draft("who-0", "half"))
    assert other.sitting(second).draft() == Draft("who-0", "half")
    one.sitting(first).save_draft(Draft("who-0", "half and more"))
    other.sitting(second).drop_draft()
    assert other.sitting(second).draft() is None
    third = house_in(tmp_path / "data")
    assert third.sitting(opened(third, tmp_path / "ferry.yaml")).draft() == Draft("who-0", "half and more")


def test_a_draft_for_the_open_question_comes_before_a_newer_one_for_another(tmp_path: Path) -> None:
    one, first, other, second = two_windows(tmp_path)
    one.sitting(first).save_draft(Draft("who-0", "half"))
    other.sitting(second).save_draft(Draft("who-7", "of another question"))
    third = house_in(tmp_path / "data")
    assert third.sitting(opened(third, tmp_path / "ferry.yaml")).draft() == Draft("who-0", "half")


# Forgotten while a lesson is open


def left_of(*words: str, folder: Path) -> list[Path]:
    """What has one of these words in its name or in its bytes."""
    return [
        path
        for path in folder.rglob("*")
        if any(word in path.name or (path.is_file() and word.encode() in path.read_bytes()) for word in words)
    ]


def say(conversation: Conversation, text: str) -> None:
    asyncio.run(turn(conversation, text))


def open_and_forgotten(tmp_path: Path, capsys: Any) -> tuple[House, Conversation]:
    """A window in which an answer was sent; then another process forgot the learner."""
    house = house_in(tmp_path / "data")
    conversation = opened(house, lesson_in(tmp_path))
    say(conversation, f"a {WORDS}")
    house.sitting(conversation).save_draft(Draft("who-0", f"half a {WORDS}"))
    assert main(["forget", "owl", "--yes", "--data-dir", str(tmp_path / "data")]) == 0
    assert "Removed of “owl”: 1 session, 1 half-typed answer." in capsys.readouterr().out
    return house, conversation


def test_an_open_window_writes_nothing_back_of_who_was_forgotten_and_says_so(tmp_path: Path, capsys: Any) -> None:
    house, conversation = open_and_forgotten(tmp_path, capsys)
    sitting = house.sitting(conversation)
    before = len(conversation.events)
    for number in range(3):
        sitting.save_draft(Draft("who-0", f"another {WORDS}"))
        say(conversation, f"{WORDS} number {number}")
        sitting.drop_draft()
        sitting.try_again()
    conversation.leave()
    assert len(conversation.events) > before + 3, "the lesson goes on"
    assert sitting.trouble is not None
    assert sitting.trouble.startswith("Everything that was kept under this nickname has been removed")
    with pytest.raises(JournalError, match="has been removed"):
        house.export(conversation)
    assert files(tmp_path / "data") == {}
    assert left_of(WORDS, "owl", folder=tmp_path / "data") == []


def test_who_begins_anew_after_being_forgotten_is_kept_and_the_old_window_stays_silent(
    tmp_path: Path, capsys: Any
) -> None:
    house, old = open_and_forgotten(tmp_path, capsys)
    say(old, f"a second {WORDS}")
    new = opened(house, tmp_path / "ferry.yaml")
    say(new, "a parsnip")
    house.sitting(new).save_draft(Draft("who-0", "half a parsnip"))
    house.sitting(old).save_draft(Draft("who-0", f"half a {WORDS}"))
    say(old, f"a third {WORDS}")
    assert house.sitting(new).trouble is None
    assert house.sitting(old).trouble
    assert left_of(WORDS, folder=tmp_path / "data") == []
    [past] = house_in(tmp_path / "data").journal.past("owl")
    assert past.events == new.events


def test_what_was_offered_before_it_was_forgotten_is_not_written_anew(tmp_path: Path) -> None:
    lesson, data = lesson_in(tmp_path), tmp_path / "data"
    house = house_in(data)
    say(opened(house, lesson), f"a {WORDS}")
    say(opened(house_in(data, "fox"), lesson), "a parsnip")  # who needs the same copies
    window = house_in(data)
    past = window.past(window.load(str(lesson)))
    assert past
    assert house_in(data).journal.forget("owl").left == ()
    before = files(data)
    conversation = window.resume(past)
    say(conversation, f"another {WORDS}")
    window.sitting(conversation).save_draft(Draft("who-0", f"half a {WORDS}"))
    assert "has been removed" in (window.sitting(conversation).trouble or "")
    assert files(data) == before


def test_a_share_that_went_away_is_no_forgetting(tmp_path: Path) -> None:
    lesson, data = lesson_in(tmp_path), tmp_path / "data"
    house = house_in(data)
    conversation = opened(house, lesson)
    say(conversation, f"a {WORDS}")
    shutil.move(data, tmp_path / "away")
    say(conversation, f"a second {WORDS}")
    assert house.sitting(conversation).trouble is None
    [past] = house_in(data).journal.past("owl")
    assert past.events == conversation.events
    shutil.rmtree(data)
    shutil.move(tmp_path / "away", data)
    say(conversation, f"a third {WORDS}")
    [past] = house_in(data).journal.past("owl")
    assert past.events == conversation.events


def test_a_file_that_was_moved_away_alone_is_no_forgetting(tmp_path: Path) -> None:
    lesson, data = lesson_in(tmp_path), tmp_path / "data"
    house = house_in(data)
    conversation = opened(house, lesson)
    say(conversation, f"a {WORDS}")
    [path] = data.rglob("*.jsonl")
    path.unlink()
    say(conversation, f"a second {WORDS}")
    [past] = house_in(data).journal.past("owl")
    assert past.events == conversation.events


def test_forgotten_in_the_midst_of_writing_nothing_comes_back(tmp_path: Path) -> None:
    lesson, data = lesson_in(tmp_path), tmp_path / "data"
    with window(data, lesson, WORDS, 100_000) as process:
        assert process.stdout
        for _ in range(15):
            process.stdout.readline()
        assert house_in(data).journal.forget("owl").left == ()
        since: list[bool] = []
        while sum(since) < 15:
            line = process.stdout.readline()
            assert line, process.stderr and process.stderr.read()
            since.append(json.loads(line)[-1])
        assert since == sorted(since), "what was removed came back"
        assert files(data) == {}


def test_a_removal_that_was_cut_short_is_gone_on_with(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lesson, data = lesson_in(tmp_path), tmp_path / "data"
    say(opened(house_in(data), lesson), f"a {WORDS}")
    rmtree = shutil.rmtree

    def killed(*_: Any, **__: Any) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(shutil, "rmtree", killed)
    with pytest.raises(KeyboardInterrupt):
        house_in(data).journal.forget("owl")
    monkeypatch.setattr(shutil, "rmtree", rmtree)
    assert left_of(WORDS, folder=data)
    kept = house_in(data).journal.kept("owl")
    assert kept
    assert kept.sessions == 1
    assert house_in(data).journal.past("owl") == []
    done = house_in(data).journal.forget("owl")
    assert (done.removed.sessions, done.left) == (1, ())
    assert files(data) == {}


async def test_on_the_screen_the_banner_says_that_nothing_is_kept_any_more(tmp_path: Path) -> None:
    async with at_the_screen(TestHouse(tmp_path)) as learner:
        await learner.open_writing()
        await learner.write(WORDS)
        assert TestHouse(tmp_path).journal.forget("mika").left == ()
        await learner.press("enter")
        await learner.until(lambda: "has been removed" in " ".join(learner.text.split()))
        await learner.write(f"another {WORDS}")
        await learner.press("f10")
        await learner.until(lambda: "has been removed" in " ".join(learner.shown(learner.screen).split()))
    assert files(tmp_path) == {}
