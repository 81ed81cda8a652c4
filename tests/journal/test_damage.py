"""A damaged journal is told about, never raised, and never written to; whole sessions are all there."""

import errno
import io
import json
import os
import random
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.journal.desk import STARTED, files, journal, only, record, resume, step
from tutor.core import events as e
from tutor.core.session import replay
from tutor.journal import Draft, Journal, Past


def written(folder: Path) -> tuple[Journal, Path, tuple[e.Event, ...]]:
    """A session of one sitting, its file and its events."""
    book = journal(folder)
    sitting = book.begin("owl", STARTED)
    record(sitting, step("a"))
    [path] = folder.glob("learners/*/*/*.jsonl")
    return book, path, sitting.events


def stamps(folder: Path) -> dict[Path, tuple[bytes, int]]:
    """Every file with its bytes and the time at which it was written last."""
    return {path: (data, path.stat().st_mtime_ns) for path, data in files(folder).items()}


def test_a_record_is_whole_up_to_its_last_whole_line_wherever_it_is_cut(tmp_path: Path) -> None:
    book, path, events = written(tmp_path)
    data = path.read_bytes()
    lines = data.splitlines(keepends=True)
    for cut in range(len(data) - sum(map(len, lines[-3:])), len(data)):
        path.write_bytes(data[:cut])
        past = only(book)
        assert (past.events, past.damage) == (events[: data[:cut].count(b"\n")], None)


@pytest.mark.parametrize("tail", [b"\0" * 500, b'{"v":1', "é".encode()[:1], b"x"])
def test_whatever_a_power_cut_leaves_behind_the_last_line_is_dropped(tmp_path: Path, tail: bytes) -> None:
    book, path, events = written(tmp_path)
    path.write_bytes(path.read_bytes() + tail)
    past = only(book)
    assert (past.events, past.damage) == (events, None)


@pytest.mark.parametrize("rest", [b"", b'{"v":1,"sess'])
def test_a_sitting_whose_first_line_never_came_is_nothing(tmp_path: Path, rest: bytes) -> None:
    book, path, _ = written(tmp_path)
    path.write_bytes(rest)
    assert book.past("owl") == []
    assert book.unreadable("owl") == []


def test_a_torn_line_of_a_parent_is_no_loss_for_the_sitting_after_it(tmp_path: Path) -> None:
    book, path, events = written(tmp_path)
    path.write_bytes(path.read_bytes()[:-5])
    sitting = resume(book, only(book))
    record(sitting, [e.Closed(step="a", result="secure"), *step("b")])
    assert sitting.events[:6] == events[:6]
    past = only(book)
    assert (past.events, past.damage) == (sitting.events, None)


def edit(change: Callable[[dict[str, object]], object]) -> Callable[[bytes], bytes]:
    """A line with something changed in its envelope."""

    def edited(line: bytes) -> bytes:
        envelope = json.loads(line)
        change(envelope)
        return json.dumps(envelope).encode()

    return edited


DAMAGE: dict[str, Callable[[bytes], bytes]] = {
    "nulls": lambda line: b"\0" * len(line),
    "a page of nulls": lambda line: b"\0" * 4096 + line,
    "absurdly long": lambda line: b"[" + b"1," * 3_000_000 + b"1]",
    "a million nulls": lambda line: b"\0" * 6_000_000,
    "lost": lambda line: b"{}",
    "cut": lambda line: line[:-7],
    "empty": lambda line: b"",
    "not UTF-8": lambda line: line.replace(b"a", b"\xff"),
    "UTF-16": lambda line: line.decode().encode("utf-16"),
    "no object": lambda line: b"[1]",
    "nested": lambda line: b"[" * 100_000,
    "a huge number": lambda line: b'{"v": ' + b"9" * 5000 + b"}",
    "doubled": lambda line: line + b"\n" + line,
    "swallowed": lambda line: b'{"v":1}',
    "another format": edit(lambda envelope: envelope.update(v=2)),
    "an unknown type": edit(lambda envelope: envelope.update(type="danced")),
    "another sitting": edit(lambda envelope: envelope.update(sitting="other")),
    "another session": edit(lambda envelope: envelope.update(session="other")),
    "another number": edit(lambda envelope: envelope.update(seq=7)),
    "a negative number": edit(lambda envelope: envelope.update(seq=-1)),
    "no time": edit(lambda envelope: envelope.update(at="yesterday")),
    "local time": edit(lambda envelope: envelope.update(at="2026-11-02T10:00:00")),
    "no data": edit(lambda envelope: envelope.update(data={})),
    "out of turn": edit(lambda envelope: envelope.update(type="rested", data={"part": "one", "text": ""})),
    "a step that was never opened": edit(
        lambda envelope: envelope.update(type="card-opened", data={"step": "zzz", "card": "x"})
    ),
    "a second start": edit(lambda envelope: envelope.update(type="started", data=STARTED.model_dump())),
    "a resumption in the middle": edit(
        lambda envelope: envelope.update(
            type="resumed", data={"parent": "x", "parent_seq": 0, "judge": "", "speaker": ""}
        )
    ),
}


@pytest.mark.parametrize("damage", DAMAGE.values(), ids=DAMAGE)
def test_after_damage_a_session_ends_with_the_event_before_and_says_where(
    tmp_path: Path, damage: Callable[[bytes], bytes]
) -> None:
    book, path, events = written(tmp_path)
    lines = path.read_bytes().split(b"\n")
    lines[2] = damage(lines[2])
    path.write_bytes(b"\n".join(lines))
    past = only(book)
    at = 4 if damage is DAMAGE["doubled"] else 3
    assert past.events == events[: at - 1]
    assert past.damage is not None
    assert past.damage.startswith(f"{path}, line {at}: ")
    assert "the file is left as it is" in past.damage
    if damage is DAMAGE["another format"]:
        assert "another version of Closeread" in past.damage


@pytest.mark.parametrize("damage", DAMAGE.values(), ids=DAMAGE)
def test_nothing_that_is_done_afterwards_touches_the_damaged_file(
    tmp_path: Path, damage: Callable[[bytes], bytes]
) -> None:
    book, path, _ = written(tmp_path)
    whole = book.begin("owl", STARTED)
    lines = path.read_bytes().split(b"\n")
    lines[2] = damage(lines[2])
    path.write_bytes(b"\n".join(lines))
    before = stamps(path.parent)
    again = journal(tmp_path)
    damaged = next(past for past in again.past("owl") if past.damage)
    sitting = resume(again, damaged)
    record(sitting, [e.Left()])
    sitting.save_draft(Draft("a", "It"))
    again.expire(12)
    again.begin("owl", STARTED)
    assert whole.events in [past.events for past in again.past("owl")]
    assert before.items() <= stamps(path.parent).items()


FIRST = {name: damage for name, damage in DAMAGE.items() if name not in ("doubled", "a second start")}


@pytest.mark.parametrize("damage", FIRST.values(), ids=FIRST)
def test_a_file_of_which_nothing_can_be_read_is_named(tmp_path: Path, damage: Callable[[bytes], bytes]) -> None:
    book, path, _ = written(tmp_path)
    first, _, rest = path.read_bytes().partition(b"\n")
    path.write_bytes(damage(first) + b"\n" + rest)
    assert book.past("owl") == []
    [sentence] = book.unreadable("owl")
    assert sentence.startswith(f"{path}, line 1: ")


def test_going_on_after_damage_leaves_the_file_alone_and_heals_the_session(tmp_path: Path) -> None:
    book, path, events = written(tmp_path)
    other = book.begin("owl", STARTED)
    path.write_bytes(path.read_bytes().replace(b"confident", b"konfident"))
    before = path.read_bytes()
    damaged = next(past for past in book.past("owl") if past.damage)
    assert damaged.events == events[:3]
    sitting = resume(book, damaged)
    sitting.record(e.Stuck(step="a"))
    healed, untouched = book.past("owl")
    assert (healed.events, healed.damage) == (sitting.events, None)
    assert (untouched.events, untouched.damage) == (other.events, None)
    assert path.read_bytes() == before


def test_a_sitting_that_goes_on_from_what_is_damaged_now_ends_there_and_can_go_on_again(tmp_path: Path) -> None:
    book, path, events = written(tmp_path)
    record(resume(book, only(book)), step("b"))
    path.write_bytes(path.read_bytes().replace(b"confident", b"konfident"))
    damaged = only(book)
    assert damaged.events == events[:3]
    assert damaged.damage is not None
    assert damaged.damage.startswith(f"{path}, line 4: ")
    sitting = resume(book, damaged)
    assert (only(book).events, only(book).damage) == (sitting.events, None)


def reparent(path: Path, **changes: object) -> None:
    """Change what the first event of a file says about its parent."""
    first, _, rest = path.read_text(encoding="utf-8").partition("\n")
    envelope = json.loads(first)
    envelope["data"].update(changes)
    path.write_text(f"{json.dumps(envelope)}\n{rest}", encoding="utf-8")


def two_sittings(folder: Path) -> tuple[Journal, Path, tuple[e.Event, ...]]:
    """A session of two sittings: the file of the second, and the events of the first."""
    book, _, events = written(folder)
    second = resume(book, only(book))
    [path] = folder.glob(f"learners/*/*/{second.sitting}.jsonl")
    return book, path, events


NO_PARENTS = [{"parent": name} for name in ("gone", "../../../learner", "", "\0", "x" * 5000)]


@pytest.mark.parametrize("changes", [*NO_PARENTS, {"parent_seq": -1}, {"parent_seq": -5}])
def test_a_missing_parent_is_damage(tmp_path: Path, changes: dict[str, object]) -> None:
    book, path, events = two_sittings(tmp_path)
    reparent(path, **changes)
    assert [past.events for past in book.past("owl")] == [events]
    [sentence] = book.unreadable("owl")
    assert sentence.startswith(f"{path}, line 1: ")


@pytest.mark.parametrize("seq", [3, 7, 10**30])
def test_a_wrong_place_in_the_parent_is_damage(tmp_path: Path, seq: int) -> None:
    book, path, events = two_sittings(tmp_path)
    reparent(path, parent_seq=seq)
    told = [*book.unreadable("owl"), *(past.damage for past in book.past("owl") if past.damage)]
    assert len(told) == 1
    assert told[0].startswith(f"{path}, line 1: ")
    assert any(past.events == events for past in book.past("owl"))


def test_sittings_that_go_round_in_a_circle_are_damage(tmp_path: Path) -> None:
    book, path, _ = two_sittings(tmp_path)
    third = resume(book, only(book))
    [first] = [each for each in path.parent.iterdir() if each.stem not in (path.stem, third.sitting)]
    first.unlink()
    reparent(path, parent=third.sitting)
    assert book.past("owl") == []
    assert len(book.unreadable("owl")) == 2
    reparent(path, parent=path.stem)
    assert book.past("owl") == []
    assert len(book.unreadable("owl")) == 2


def test_two_hundred_flipped_bits(tmp_path: Path) -> None:
    def healthy(past: Past) -> bool:
        return past.damage is None or (past.damage.startswith(str(tmp_path)) and ", line " in past.damage)

    book, path, _ = two_sittings(tmp_path)
    whole = book.begin("owl", STARTED)
    record(whole, step("a"))
    sheets = [path, *(each for each in path.parent.iterdir() if each != path)]
    dice = random.Random(2)  # the same flips each time
    for _ in range(200):
        sheet = dice.choice(sheets)
        before = sheet.read_bytes()
        flipped = bytearray(before)
        flipped[dice.randrange(len(flipped))] ^= 1 << dice.randrange(8)
        sheet.write_bytes(flipped)
        found = book.past("owl")
        assert whole.events in [past.events for past in found]
        assert all(healthy(past) and replay(past.events).started for past in found)
        for past in found:
            resume(book, past)
        assert sheet.read_bytes() == flipped
        for each in set(tmp_path.glob("learners/*/*/*.jsonl")) - set(sheets):
            if each.stem != whole.sitting:
                each.unlink()
        sheet.write_bytes(before)


def test_what_cannot_be_opened_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(self: Path, *_: object) -> None:
        raise PermissionError(13, "Permission denied", str(self))

    book, path, _ = written(tmp_path)
    monkeypatch.setattr(Path, "open", refused)
    assert book.past("owl") == []
    [sentence] = book.unreadable("owl")
    assert sentence.startswith(f"{path} cannot be opened (Permission denied).")


def test_what_stands_before_a_part_of_the_disk_that_cannot_be_read_is_offered(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Worn(io.BytesIO):
        def readline(self, size: int | None = -1, /) -> bytes:
            if self.tell() > 1000:
                raise OSError(errno.EIO, os.strerror(errno.EIO))
            return super().readline(size)

    book, path, events = written(tmp_path)
    data = path.read_bytes()
    monkeypatch.setattr(Path, "open", lambda *_: Worn(data))
    [past] = book.past("owl")
    assert 1 < len(past.events) < len(events)
    assert past.events == events[: len(past.events)]
    assert past.damage is not None
    assert past.damage.startswith(f"{path} cannot be opened (Input/output error)")


def test_other_things_in_the_folders_are_passed_over(tmp_path: Path) -> None:
    book, path, events = written(tmp_path)
    for folder in (path.parent, path.parent.parent, path.parent.parent.parent):
        (folder / ".DS_Store").write_bytes(b"\0")
        (folder / "notes.txt").write_text("mine", encoding="utf-8")
        (folder / "empty").mkdir()
        (folder / "._0.jsonl").write_bytes(b"\0\5\x16\7")
    before = files(tmp_path)
    assert only(book).events == events
    assert files(tmp_path) == before


def test_a_file_where_the_learners_folder_should_be(tmp_path: Path) -> None:
    book, path, _ = written(tmp_path)
    folder = path.parent.parent
    folder.rename(tmp_path / "moved")
    folder.write_bytes(b"")
    assert book.past("owl") == []
    [sentence] = book.unreadable("owl")
    assert sentence.startswith(str(folder))
