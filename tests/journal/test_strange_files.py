"""What is no file of ours stands where one should be: nobody waits for it, it is named, and the lesson goes on."""

import os
import random
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.journal.desk import STARTED, journal, record, resume, step
from tests.journal.test_damage import written
from tutor.core import events as e
from tutor.journal import Draft, Journal, Past

posix = pytest.mark.skipif(os.name == "nt", reason="named pipes and links are those of POSIX")


def put_pipe(path: Path) -> None:
    os.mkfifo(path)


def put_link_to(target: str) -> Callable[[Path], None]:
    return lambda path: path.symlink_to(target)


THINGS: dict[str, Callable[[Path], object]] = {
    "a folder": Path.mkdir,
    "a named pipe": put_pipe,
    "a link to nowhere": put_link_to("nowhere"),
    "a link to itself": lambda path: path.symlink_to(path.name),
    "a link to a device": put_link_to("/dev/zero"),
    "a link to a folder": put_link_to("/"),
    "nothing": Path.touch,
    "nulls": lambda path: path.write_bytes(b"\0" * 5000),
    "no text": lambda path: path.write_bytes(b"\xff\xfe\n\xff\n"),
}


@posix
@pytest.mark.parametrize("thing", [name for name in THINGS if name not in ("nothing", "nulls")])
def test_what_stands_where_a_sitting_should_be_is_named_and_left_alone(tmp_path: Path, thing: str) -> None:
    book, path, events = written(tmp_path)
    other = book.begin("owl", STARTED)
    strange = path.with_name("000000.jsonl")
    THINGS[thing](strange)
    assert {past.events for past in book.past("owl")} == {events, other.events}
    [sentence] = book.unreadable("owl")
    assert sentence.startswith(str(strange))
    assert strange.lstat()


@posix
@pytest.mark.parametrize("thing", ["a named pipe", "a link to nowhere", "a link to itself", "nothing", "no text"])
@pytest.mark.parametrize("level", ["session", "learner", "learners"])
def test_what_stands_where_a_folder_should_be_is_named(tmp_path: Path, thing: str, level: str) -> None:
    book, path, _ = written(tmp_path)
    other = book.begin("owl", STARTED)
    place = {"session": path.parent, "learner": path.parents[1], "learners": path.parents[2]}[level]
    shutil.move(place, tmp_path / "aside")
    THINGS[thing](place)
    again = journal(tmp_path)
    found, told = again.past("owl"), again.unreadable("owl")
    assert [past.events for past in found] == ([other.events] if level == "session" else [])
    assert all(sentence.startswith(str(place)) for sentence in told)
    assert len(told) == 1
    sitting = again.begin("owl", STARTED)  # goes on in memory where it cannot be kept
    record(sitting, step("a"))
    assert bool(sitting.trouble) == (level != "session")
    assert place.lstat()


@posix
@pytest.mark.parametrize("thing", THINGS)
@pytest.mark.parametrize("name", ["learner", "nickname", "opened", "copies", "draft"])
def test_a_small_file_that_is_damaged_keeps_nothing_from_going_on(tmp_path: Path, thing: str, name: str) -> None:
    book, path, _ = written(tmp_path)
    sha = book.keep_copy(b"an article")
    book.remember_learner("owl")
    strange = {
        "learner": tmp_path / "learner",
        "nickname": path.parents[1] / "nickname",
        "opened": tmp_path / "opened",
        "copies": tmp_path / "copies" / sha,
        "draft": path.parents[1] / f"{path.parent.name}.{path.stem}.draft.json",
    }[name]
    strange.unlink(missing_ok=True)
    THINGS[thing](strange)
    again = journal(tmp_path)
    again.expire(12)
    assert again.last_learner() in ("owl", None) or name == "learner"
    assert (again.copy(sha) is None) == (name == "copies")
    [past] = again.past("owl")
    told = again.unreadable("owl")
    assert [sentence.startswith(str(strange)) for sentence in told] == ([True] if name == "draft" else [])
    again.remember_learner("owl")
    assert again.keep_copy(b"an article") == sha
    assert again.copy(sha) == b"an article"
    sitting = resume(again, past)
    assert sitting.draft() is None
    record(sitting, [e.Left()])
    sitting.save_draft(Draft("a", "It"))
    assert sitting.draft() == Draft("a", "It")
    assert only_whole(journal(tmp_path)).events == sitting.events
    done = journal(tmp_path).forget("owl")
    assert (done.left, list((tmp_path / "learners").glob("*"))) == ((), [])
    if name == "learner":
        assert (tmp_path / "learner").is_dir() == (thing == "a folder")


def only_whole(book: Journal) -> Past:
    [past] = book.past("owl")
    assert past.damage is None
    return past


def test_two_hundred_flipped_bits_in_the_small_files(tmp_path: Path) -> None:
    book, _, events = written(tmp_path)
    sha = book.keep_copy(b"an article")
    book.remember_learner("owl")
    [past] = book.past("owl")
    resume(book, past).save_draft(Draft("a", "It was half an answer"))
    journal(tmp_path).expire(12)
    small = [each for each in tmp_path.rglob("*") if each.is_file() and each.suffix != ".jsonl"]
    assert len(small) == 5
    whole = {each: each.read_bytes() for each in small}
    dice = random.Random(3)  # the same flips each time
    for _ in range(200):
        strange = dice.choice(small)
        flipped = bytearray(whole[strange])
        flipped[dice.randrange(len(flipped))] ^= 1 << dice.randrange(8)
        strange.write_bytes(flipped)
        again = journal(tmp_path)
        again.expire(12)
        [past] = again.past("owl")
        assert past.events[: len(events)] == events
        assert again.copy(sha) in (b"an article", None)
        assert all(sentence.startswith(str(strange)) for sentence in again.unreadable("owl"))
        assert again.kept("owl")
        again.last_learner()
        again.learners()
        assert strange.name == "opened" or strange.read_bytes() == flipped
        for each, data in whole.items():
            each.write_bytes(data)
