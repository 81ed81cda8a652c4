"""What was recorded is read back: by the next sitting, in branches, from two windows at once."""

import io
import json
import os
import threading
from collections.abc import Iterator
from datetime import datetime, timedelta, timezone
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, get_type_hints

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.journal.desk import STARTED, files, journal, only, record, resume, step
from tutor.core import events as e
from tutor.core.session import TABLE, OutOfTurn, Session, apply
from tutor.journal import Draft, Journal

posix = pytest.mark.skipif(os.name == "nt", reason="modes are those of POSIX")


def test_a_sitting_is_read_back_as_it_was_recorded(tmp_path: Path) -> None:
    sitting = journal(tmp_path).begin("owl", STARTED)
    record(sitting, [*step("who"), e.Finished(text="Well read.")])
    past = only(journal(tmp_path))
    assert past.events == sitting.events
    assert [event.seq for event in past.events] == list(range(8))
    assert (past.learner, past.session, past.sitting) == ("owl", sitting.session, sitting.sitting)
    assert (past.started, past.at, past.finished, past.damage) == (STARTED, sitting.events[-1].at, True, None)
    assert sitting.trouble is None


def test_a_line_is_one_event_in_its_envelope(tmp_path: Path) -> None:
    sitting = journal(tmp_path).begin("owl", STARTED)
    [path] = tmp_path.glob("learners/*/*/*.jsonl")
    assert (path.parent.name, path.stem) == (sitting.session, sitting.sitting)
    assert path.read_bytes().endswith(b"}\n")
    assert json.loads(path.read_text(encoding="utf-8")) == {
        "v": 1,
        "session": sitting.session,
        "sitting": sitting.sitting,
        "seq": 0,
        "at": sitting.events[0].at,
        "type": "started",
        "data": STARTED.model_dump(),
    }


def test_times_are_kept_in_utc(tmp_path: Path) -> None:
    local = datetime(2026, 11, 2, 12, 30, tzinfo=timezone(timedelta(hours=2)))
    book = Journal(tmp_path, now=lambda: local, new_id=iter("ab").__next__)
    assert book.begin("owl", STARTED).events[0].at == "2026-11-02T10:30:00.000+00:00"


def test_a_chain_over_three_sittings(tmp_path: Path) -> None:
    book = journal(tmp_path)
    first = book.begin("owl", STARTED)
    record(first, [*step("a"), e.Left()])
    second = resume(book, only(book))
    record(second, step("b"))
    third = resume(journal(tmp_path), only(journal(tmp_path)))
    record(third, step("c"))
    past = only(journal(tmp_path))
    assert past.events == third.events
    assert past.sitting == third.sitting
    assert past.session == first.session == second.session == third.session
    assert [event.seq for event in past.events] == list(range(len(past.events)))
    assert [event.sitting for event in past.events if isinstance(event.payload, e.Opened)] == [
        first.sitting,
        second.sitting,
        third.sitting,
    ]
    parents = [event.payload.parent for event in past.events if isinstance(event.payload, e.Resumed)]
    assert parents == [first.sitting, second.sitting]


def test_a_thousand_sittings_of_one_session(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "fsync", lambda _: None)
    book = journal(tmp_path)
    book.begin("owl", STARTED)
    past = only(book)
    sitting = resume(book, past)
    for _ in range(1100):
        past = type(past)(**{**vars(past), "sitting": sitting.sitting, "events": sitting.events})
        sitting = resume(book, past)
    assert only(book).events == sitting.events


def test_two_sittings_that_go_on_from_the_same_place_are_never_merged(tmp_path: Path) -> None:
    book = journal(tmp_path)
    record(book.begin("owl", STARTED), step("a"))
    past = only(book)
    one, other = resume(book, past), resume(book, past)
    record(one, step("b"))
    record(other, step("c"))
    assert [each.events for each in book.past("owl")] == [other.events, one.events]
    assert one.events[:7] == other.events[:7] == past.events


def test_a_sitting_that_goes_on_after_another_window_took_over_keeps_its_own_end(tmp_path: Path) -> None:
    book = journal(tmp_path)
    first = book.begin("owl", STARTED)
    second = resume(book, only(book))
    record(second, step("b"))
    record(first, step("a"))
    assert [each.events for each in book.past("owl")] == [first.events, second.events]


def test_a_place_that_was_left_long_ago_can_be_gone_on_from_too(tmp_path: Path) -> None:
    book = journal(tmp_path)
    first = book.begin("owl", STARTED)
    early = only(book)
    record(first, step("a"))
    late = resume(book, only(book))
    branches = [resume(book, early) for _ in range(5)]
    assert [past.events for past in book.past("owl")] == [each.events for each in [late, *reversed(branches)]]


def test_a_goodbye_after_another_window_took_over_is_no_session_of_its_own(tmp_path: Path) -> None:
    book = journal(tmp_path)
    first = book.begin("owl", STARTED)
    second = resume(book, only(book))
    first.record(e.Left())
    assert only(book).events == second.events


def test_the_newest_session_comes_first_and_learners_are_apart(tmp_path: Path) -> None:
    book = journal(tmp_path)
    old, new = book.begin("owl", STARTED), book.begin("owl", STARTED)
    book.begin("fox", STARTED)
    assert [past.session for past in book.past("owl")] == [new.session, old.session]
    record(old, step("a"))
    assert [past.session for past in book.past("owl")] == [old.session, new.session]
    new.record(e.Left())
    assert [past.session for past in book.past("owl")] == [old.session, new.session]
    assert book.past("nobody") == []


def test_two_windows_at_once_lose_nothing(tmp_path: Path) -> None:
    def window(prefix: str) -> None:
        sitting = resume(journal(tmp_path, prefix), past)
        for number in range(20):
            record(sitting, step(f"{prefix}{number}"))
            sitting.save_draft(Draft(f"{prefix}{number}", "half an ans"))
        results[prefix] = sitting.events if sitting.trouble is None else ()

    record(journal(tmp_path).begin("owl", STARTED), step("a"))
    past = only(journal(tmp_path))
    results: dict[str, tuple[e.Event, ...]] = {}
    threads = [threading.Thread(target=window, args=(prefix,)) for prefix in ("x", "y")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    found = {each.events for each in journal(tmp_path).past("owl")}
    assert found == set(results.values())
    assert all(len(events) == 7 + 1 + 20 * 6 for events in found)


def test_what_another_window_does_while_the_files_are_read_is_no_damage(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = journal(tmp_path).begin("owl", STARTED)
    [path] = tmp_path.glob("learners/*/*/*.jsonl")
    early = path.read_bytes()
    record(first, step("a"))
    second = resume(journal(tmp_path), only(journal(tmp_path)))
    looks = iter([io.BytesIO(early)])
    real = Path.open
    monkeypatch.setattr(
        Path, "open", lambda each, mode: (each == path and next(looks, None)) or real(each, mode)
    )  # the first window wrote, and the second one began, after its file was read and before the other one was
    [past] = journal(tmp_path).past("owl")
    assert (past.events, past.damage) == (second.events, None)
    assert next(looks, None) is None


def test_an_id_that_was_used_before_overwrites_nothing(tmp_path: Path) -> None:
    ids = iter(["session", "sitting", "session", "sitting"])
    book = Journal(tmp_path, now=datetime.now, new_id=ids.__next__)
    first = book.begin("owl", STARTED)
    second = book.begin("owl", STARTED.model_copy(update={"lesson": "another"}))
    assert second.trouble
    assert only(journal(tmp_path)).events == first.events


# Drafts, copies, the nickname used last


def test_a_draft_is_kept_until_it_is_dropped(tmp_path: Path) -> None:
    book = journal(tmp_path)
    sitting = book.begin("owl", STARTED)
    assert sitting.draft() is None
    sitting.save_draft(Draft("who", "It was Int"))
    sitting.save_draft(Draft("who", "It was Interf\n\x1b[2J\ud800"))
    again = resume(journal(tmp_path), only(book))
    assert again.draft() == Draft("who", "It was Interf\n\x1b[2J\ud800")
    again.drop_draft()
    again.drop_draft()
    assert sitting.draft() is None
    assert sitting.trouble is None


@pytest.mark.parametrize("damaged", [b"", b"{", b"[]", b'{"step": 1, "text": ""}', b"\xff", b"[" * 100_000])
def test_a_damaged_draft_is_none(tmp_path: Path, damaged: bytes) -> None:
    sitting = journal(tmp_path).begin("owl", STARTED)
    sitting.save_draft(Draft("who", "It"))
    [path] = tmp_path.glob("learners/*/*.draft.json")
    path.write_bytes(damaged)
    assert sitting.draft() is None


def test_a_copy_is_kept_once_and_checked(tmp_path: Path) -> None:
    book = journal(tmp_path)
    sha = book.keep_copy(b"an article")
    assert book.copy(sha) == b"an article"
    kept = (tmp_path / "copies" / sha).stat()
    assert book.keep_copy(b"an article") == sha
    assert (tmp_path / "copies" / sha).stat().st_mtime_ns == kept.st_mtime_ns
    assert [path.name for path in (tmp_path / "copies").iterdir()] == [sha]


def test_a_copy_that_is_missing_or_damaged_is_none_and_can_be_kept_again(tmp_path: Path) -> None:
    book = journal(tmp_path)
    sha = book.keep_copy(b"an article")
    (tmp_path / "copies" / sha).write_bytes(b"another article")
    assert book.copy(sha) is None
    assert book.copy("0" * 64) is None
    assert book.keep_copy(b"an article") == sha
    assert book.copy(sha) == b"an article"


def test_only_a_hash_names_a_copy(tmp_path: Path) -> None:
    book = journal(tmp_path / "data")
    book.keep_copy(b"an article")
    (tmp_path / "secret").write_bytes(b"secret")
    assert [book.copy(name) for name in ("../../secret", "", "\0", str(tmp_path / "secret"))] == [None] * 4


NICKNAMES = [
    "", " ", "owl", "Owl", "owl ", "owl.", "..", ".", "../../etc", "a/b", "a\\b", "CON", "con.txt", "nul", "exports",
    "C:", "-rf", "~", "x" * 300, "x" * 301, "совёнок", "сова", "\U0001d52c", "🦉", "\0", "a\nb", "\x1b[2J", "\ud800",
]  # fmt: skip


def test_every_nickname_is_remembered_and_has_a_folder_of_its_own(tmp_path: Path) -> None:
    book = journal(tmp_path)
    assert book.last_learner() is None
    for nickname in NICKNAMES:
        sitting = book.begin(nickname, STARTED)
        assert only(book, nickname).events == sitting.events
        book.remember_learner(nickname)
        assert journal(tmp_path).last_learner() == (nickname or None)
    folders = list((tmp_path / "learners").iterdir())
    assert len({folder.name.casefold() for folder in folders}) == len(NICKNAMES)
    assert all(set(folder.name) <= set("abcdefghijklmnopqrstuvwxyz0123456789-") for folder in folders)
    assert all(len(folder.name) < 40 and not folder.name.startswith("-") for folder in folders)
    kept = {(folder / "nickname").read_bytes().decode("utf-8", "surrogatepass") for folder in folders}
    assert kept == set(NICKNAMES)
    assert {path.name for path in tmp_path.iterdir()} == {"learner", "learners"}


def test_one_nickname_typed_in_two_ways_is_one_learner(tmp_path: Path) -> None:
    book = journal(tmp_path)
    sitting = book.begin("Zo\u00eb", STARTED)
    assert only(book, "Zoe\u0308").events == sitting.events


def test_a_damaged_nickname_is_none(tmp_path: Path) -> None:
    (tmp_path / "learner").write_bytes(b"\xff")
    assert journal(tmp_path).last_learner() is None


def test_what_is_kept_at_the_end_has_a_folder_that_is_no_session(tmp_path: Path) -> None:
    book = journal(tmp_path)
    sitting = book.begin("owl", STARTED)
    folder = book.exports_dir("owl")
    (folder / "page.jsonl").write_text("kept", encoding="utf-8")
    assert folder.name == "exports"
    assert only(book).events == sitting.events


@pytest.fixture
def lax_umask() -> Iterator[None]:
    before = os.umask(0)
    yield
    os.umask(before)


@posix
@pytest.mark.usefixtures("lax_umask")
def test_files_and_folders_are_for_their_owner_alone(tmp_path: Path) -> None:
    book = journal(tmp_path / "new" / "data")
    book.remember_learner("owl")
    book.keep_copy(b"an article")
    sitting = book.begin("owl", STARTED)
    sitting.save_draft(Draft("who", "It"))
    sitting.save_draft(Draft("who", "It was"))
    resume(book, only(book))
    book.exports_dir("owl")
    made = list((tmp_path / "new").rglob("*"))
    assert len([path for path in made if path.is_file()]) == 6
    modes = {path: path.stat().st_mode & 0o777 for path in [tmp_path / "new", *made]}
    assert modes == {path: 0o700 if path.is_dir() else 0o600 for path in modes}


# Whatever a session holds


def anything(kind: type[e.Record]) -> st.SearchStrategy[Any]:
    """Any record of a kind."""
    hints = get_type_hints(kind)
    fields = {name: SPECIAL[name] if name in SPECIAL else st.from_type(hints[name]) for name in kind.model_fields}
    return st.fixed_dictionaries(fields).map(lambda values: kind(**values))


def several(kind: type[e.Record]) -> st.SearchStrategy[Any]:
    return st.lists(st.deferred(lambda: anything(kind)), max_size=2).map(tuple)


SPECIAL: dict[str, st.SearchStrategy[Any]] = {
    "step": st.sampled_from(["a", "b"]),
    "level": st.integers(1, 4),
    "probability": st.none() | st.floats(0, 1),
    "seconds": st.floats(allow_nan=False, allow_infinity=False),
    "findings": several(e.Finding),
    "voices": several(e.Voice),
    "calls": several(e.Call),
    "call": st.none() | st.deferred(lambda: anything(e.Call)),
    "misconceptions": several(e.Sighting),
    "selections": several(e.Selection),
    "answer": st.deferred(lambda: st.one_of(anything(e.Chosen), anything(e.Pointed), anything(e.Written))),
}
KINDS = {kind.type: anything(kind) for kind in e.PAYLOADS if kind not in (e.Started, e.Resumed)}


@st.composite
def sessions(draw: st.DrawFn) -> list[e.Payload | None]:
    """The payloads of a session that could have been; None where the learner leaves and comes back."""
    started = draw(anything(e.Started))
    history, state = [started], apply(Session(), started)
    for _ in range(draw(st.integers(0, 20))):
        likely = [kind for kind in KINDS if any(trigger.startswith(kind) for trigger in TABLE[state.phase])]
        kind = draw(st.sampled_from([*likely, "left", ""]))
        payload = draw(KINDS[kind]) if kind else None
        if payload is not None:
            try:
                state = apply(state, payload)
            except (OutOfTurn, LookupError):
                continue
        history.append(payload)
    return history


@settings(max_examples=100)
@given(sessions(), st.text())
def test_whatever_was_recorded_is_read_back_equal(history: list[e.Payload | None], learner: str) -> None:
    with TemporaryDirectory() as folder:
        started, *rest = history
        assert isinstance(started, e.Started)
        sitting = journal(Path(folder)).begin(learner, started)
        for payload in rest:
            if payload is None:
                book = journal(Path(folder))
                sitting = resume(book, only(book, learner))
            else:
                sitting.record(payload)
        assert only(journal(Path(folder)), learner).events == sitting.events
        recorded = [event.payload for event in sitting.events if not isinstance(event.payload, e.Resumed)]
        assert recorded == [payload for payload in history if payload is not None]


def test_reading_changes_nothing(tmp_path: Path) -> None:
    book = journal(tmp_path)
    record(book.begin("owl", STARTED), step("a"))
    before = files(tmp_path)
    book.past("owl")
    book.past("nobody")
    book.unreadable("owl")
    assert files(tmp_path) == before


def test_an_idle_window_that_is_closed_last_hides_nothing(tmp_path: Path) -> None:
    book = journal(tmp_path)
    record(book.begin("owl", STARTED), step("a"))
    before = only(book)
    busy, idle = resume(book, before), resume(book, before)
    record(busy, step("b"))
    busy.record(e.Left())
    idle.record(e.Left())
    assert book.past("owl")[0].events == busy.events
