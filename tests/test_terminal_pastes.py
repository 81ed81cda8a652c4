"""Ten megabytes pasted, as one line and as many: refused with the limit named, nothing taken, and memory stays."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from textual import events
from textual.message import Message

from tests.staged import HALF_TYPED, draft, kinds, learn
from tutor.core.limits import LONGEST_KEPT
from tutor.tui.intake import FLOOD, UNENDED, Intake, LongPaste

BIG = 10 << 20
LINE, LINES = "a" * BIG, f"{'the ferry is very late ' * 4}\n" * (BIG // 93)
MOST_MORE = 100 << 20
"""Bytes of memory: far less than it takes to hold a message for every character."""

on_a_terminal = pytest.mark.skipif(sys.platform == "win32", reason="no pseudo-terminals on Windows")


# ------------------------------------------------------------------ what arrives


def taken(*pieces: str, pause: bool = True) -> list[str | tuple[str, object]]:
    """What becomes of pieces that arrive a second apart: text that is keys, and messages."""
    intake = Intake()
    found: list[str | Message] = []
    for second, piece in enumerate(pieces):
        found += intake.take(piece, float(second))
    if pause:
        found += intake.pause()
    return [each if isinstance(each, str) else _told(each) for each in found]


def _told(message: Message) -> tuple[str, object]:
    match message:
        case events.Paste():
            return "paste", message.text
        case LongPaste():
            return "long", message.length
        case events.Key():
            return "key", message.key
    raise AssertionError(message)


def test_keys_are_keys_and_a_paste_is_one_piece() -> None:
    assert taken("ab\x1b[A") == ["ab\x1b[A"]
    assert taken("ab\x1b[200~x\r\ny\x1b[A\x00\x1b[201~cd") == ["ab", ("paste", "x\r\ny\x1b[A"), "cd"]
    assert taken("\x1b[200~\x1b[201~") == [("paste", "")]


def test_an_escape_alone_is_the_key_once_nothing_follows() -> None:
    assert taken("\x1b", pause=False) == []
    assert taken("\x1b") == [("key", "escape")]
    assert taken("a\x1b") == ["a", ("key", "escape")]
    assert taken("\x1b", "[A") == ["\x1b[A"]
    assert taken("\x1b[") == ["\x1b["]


@given(st.lists(st.sampled_from(["a", "\x1b", "[", "200~", "201~", "\x1b[200~", "\x1b[201~", "\r", "é"])), st.data())
def test_it_does_not_matter_where_a_paste_is_torn(pieces: list[str], data: st.DataObject) -> None:
    text = "".join(pieces)
    cuts = sorted(data.draw(st.sets(st.integers(0, len(text)))))
    torn = [text[a:b] for a, b in zip([0, *cuts], [*cuts, len(text)], strict=True)]

    def joined(found: list[str | tuple[str, object]]) -> list[str | tuple[str, object]]:
        whole: list[str | tuple[str, object]] = []
        for each in found:
            last = whole[-1] if whole else None
            if isinstance(each, str) and isinstance(last, str):
                whole[-1] = last + each
            else:
                whole.append(each)
        return whole

    assert joined(taken(*torn)) == joined(taken(text))


@pytest.mark.parametrize("size", [1, 7, 4096])
def test_of_a_paste_that_is_too_long_only_the_length_is_kept(size: int) -> None:
    text = f"\x1b[200~{'x' * (LONGEST_KEPT + 1)}\x1b[201~"
    assert taken(*(text[at : at + size] for at in range(0, len(text), size))) == [("long", LONGEST_KEPT + 1)]
    assert taken(f"\x1b[200~{'x' * LONGEST_KEPT}\x1b[201~") == [("paste", "x" * LONGEST_KEPT)]


@pytest.mark.parametrize("is_marked", [True, False], ids=["marked", "unmarked"])
@pytest.mark.parametrize("text", [LINE, LINES], ids=["line", "lines"])
def test_ten_megabytes_are_refused_within_a_second(text: str, is_marked: bool) -> None:
    """In time of this process, not by the clock, and in pieces as a terminal sends them."""
    sent = f"\x1b[200~{text}\x1b[201~" if is_marked else text
    pieces = [sent[at : at + 4096] for at in range(0, len(sent), 4096)]
    intake, found = Intake(), list[str | Message]()
    before = process_time()
    for piece in pieces:
        found += intake.take(piece, 0.0)
    found += intake.pause()
    assert process_time() - before < 1
    assert [_told(each) for each in found if isinstance(each, Message)] == [("long", len(text))]


def test_what_nobody_types_so_fast_is_a_paste() -> None:
    assert taken("x" * (FLOOD - 1)) == ["x" * (FLOOD - 1)]
    assert taken("line\r" * FLOOD, "and more") == [("paste", "line\r" * FLOOD + "and more")]
    assert taken("x" * BIG, "\x1b[200~y") == [("long", BIG + 7)]
    mouse = "\x1b[<35;100;40M" * FLOOD
    assert taken(mouse) == [mouse]


@pytest.mark.parametrize(
    ("inside", "becomes"),
    [
        ("abc\x1b", ("paste", "abc\x1b")),
        ("", ("paste", "")),
        ("x" * (LONGEST_KEPT + 1), ("long", LONGEST_KEPT + 1)),
    ],
    ids=["short", "empty", "long"],
)
def test_a_paste_whose_end_never_comes_is_over_after_a_long_silence(inside: str, becomes: tuple[str, object]) -> None:
    intake = Intake()
    assert list(intake.take(f"\x1b[200~{inside[:2]}", 0.0)) == []
    for _ in range(UNENDED - 1):
        assert list(intake.pause()) == []
    assert list(intake.take(inside[2:], 2.0)) == []  # it has only been slow
    for _ in range(UNENDED - 1):
        assert list(intake.pause()) == []
    assert [_told(each) for each in intake.pause() if isinstance(each, Message)] == [becomes]
    assert list(intake.pause()) == []
    assert list(intake.take("\x11", 60.0)) == ["\x11"]


# ------------------------------------------------------------------ on the screen, and over plain lines


@on_a_terminal
@pytest.mark.parametrize("is_marked", [True, False], ids=["marked", "unmarked"])
@pytest.mark.parametrize("text", [LINE, LINES], ids=["line", "lines"])
def test_the_screen_refuses_ten_megabytes(text: str, is_marked: bool, tmp_path: Path) -> None:
    from tests.pty_stage import Stage  # noqa: PLC0415  POSIX only

    with Stage(learn(tmp_path), home=tmp_path) as stage:
        stage.until("Enter Send")
        stage.send(HALF_TYPED)
        stage.until(HALF_TYPED)
        before = stage.peak_memory
        (stage.paste if is_marked else stage.send)(text)
        stage.until(f"That would make {len(text):,} characters; 1,500 are the most. Your text stays as it was.")
        stage.send("!")
        stage.until(f"{HALF_TYPED}!")
        assert stage.peak_memory - before < MOST_MORE
        stage.until(lambda: draft(tmp_path) == f"{HALF_TYPED}!")
    assert kinds(tmp_path) == ["started", "opened"]


@on_a_terminal
def test_a_paste_that_was_torn_off_does_not_keep_the_keyboard(tmp_path: Path) -> None:
    from tests.pty_stage import Stage  # noqa: PLC0415  POSIX only

    with Stage(learn(tmp_path), home=tmp_path) as stage:
        stage.until("Enter Send")
        stage.send(f"\x1b[200~{HALF_TYPED}")
        stage.until(HALF_TYPED)
        stage.send("\x11")
        stage.until("Leave the lesson?")


@on_a_terminal
def test_a_field_for_one_line_refuses_ten_megabytes(tmp_path: Path) -> None:
    from tests.pty_stage import TUTOR, Stage  # noqa: PLC0415  POSIX only

    with Stage(TUTOR, home=tmp_path) as stage:
        stage.until("nickname")
        stage.until_quiet()
        stage.paste(LINE)
        stage.until("That is too long to be pasted:")
        stage.until(f"{BIG:,} characters.")
        assert "aaa" not in stage.text


@on_a_terminal
def test_plain_lines_at_a_terminal_refuse_a_paste_as_a_whole(tmp_path: Path) -> None:
    from tests.pty_stage import Stage  # noqa: PLC0415  POSIX only

    with Stage(learn(tmp_path, "--plain"), home=tmp_path) as stage:
        stage.until("late? >")
        before = stage.peak_memory
        stage.send(LINES[: BIG // 10])
        stage.until(lambda: stage.log.endswith(b"characters at once; 1,500 are the most. None of it is taken.\r\n> "))
        assert stage.peak_memory - before < MOST_MORE
        stage.send("The council said it.\r")
        stage.until(lambda: b"step 2 of 2" in stage.log[-4096:])
    assert kinds(tmp_path).count("answered") == 1


@on_a_terminal
def test_lines_typed_ahead_at_a_terminal_are_answers_one_by_one(tmp_path: Path) -> None:
    from tests.pty_stage import Stage  # noqa: PLC0415  POSIX only

    with Stage(learn(tmp_path, "--plain"), home=tmp_path) as stage:
        stage.send("The council said it.\rThe log.\r")
        assert stage.wait() == 0
    assert kinds(tmp_path).count("answered") == 2


def test_one_line_of_ten_megabytes_through_a_pipe_is_turned_back(tmp_path: Path) -> None:
    done = subprocess.run(
        learn(tmp_path, "--plain"), input=f"{LINE}\nThe council said it.\n", capture_output=True, text=True, check=True
    )
    assert "That is longer than 1500 characters, and was not read." in done.stdout
    assert "step 2 of 2" in done.stdout
    assert len(done.stdout) < 4 * LONGEST_KEPT


def test_a_hundred_thousand_lines_through_a_pipe_come_to_an_end(tmp_path: Path) -> None:
    done = subprocess.run(learn(tmp_path, "--plain"), input=LINES, capture_output=True, text=True, check=True)
    assert "That was the last step." in done.stdout
