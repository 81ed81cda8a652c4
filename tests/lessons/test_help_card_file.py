"""The school's own help card: what can be read is shown; all else is told, and never holds anybody up."""

import argparse
import codecs
import os
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import pytest

from tutor.cli.common import open_house
from tutor.lessons.help_card_file import card_trouble, read_card, shipped_card

SECONDS = 30
T = TypeVar("T")
posix = pytest.mark.skipif(os.name == "nt", reason="pipes and devices are files on POSIX")


def soon(work: Callable[[], T]) -> T:
    """What `work` returns; a failure where it waits for ever, as reading a pipe does."""
    found: list[T] = []
    thread = threading.Thread(target=lambda: found.append(work()), daemon=True)
    thread.start()
    thread.join(SECONDS)
    assert not thread.is_alive(), "it still waits"
    return found[0]


def pipe(path: Path) -> None:
    assert sys.platform != "win32"
    os.mkfifo(path)


def link_to_pipe(path: Path) -> None:
    pipe(path.with_name("pipe"))
    path.symlink_to("pipe")


UNFIT: dict[str, tuple[Callable[[Path], object], str]] = {
    "nothing": (lambda path: None, "is not there"),
    "a folder": (Path.mkdir, "is a folder, not a file"),
    "one byte too many": (lambda path: path.write_bytes(b"x" * (1024 * 1024 + 1)), "is larger than 1 MiB, the limit"),
    "no text": (lambda path: path.write_bytes(b"Caf\xe9"), "is not text in UTF-8"),
    "half a character": (lambda path: path.write_bytes(codecs.BOM_UTF16_LE + b"x"), "is not text in UTF-8"),
    "blanks": (lambda path: path.write_bytes(b" \n\t"), "has no words in it"),
}
ONLY_POSIX: dict[str, tuple[Callable[[Path], object], str]] = {
    "a pipe": (pipe, "is not an ordinary file"),
    "a device": (lambda path: path.symlink_to("/dev/null"), "is not an ordinary file"),
    "a link to a pipe": (link_to_pipe, "is not an ordinary file"),
}
CASES = [pytest.param(*case, id=name) for name, case in UNFIT.items()]
CASES += [pytest.param(*case, id=name, marks=posix) for name, case in ONLY_POSIX.items()]


@pytest.mark.parametrize(("make", "why"), CASES)
def test_a_card_that_cannot_be_used_is_told_and_holds_nobody_up(
    make: Callable[[Path], object], why: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    card = tmp_path / "card.txt"
    make(card)
    assert soon(lambda: read_card(card)) is None
    assert soon(lambda: card_trouble(card)) == why
    given = argparse.Namespace(help_card=str(card), data_dir=str(tmp_path / "data"))
    house = soon(lambda: open_house(given))
    assert capsys.readouterr().err == (
        f"The help card {card} cannot be read or is empty: it {why}. The supplied one is used.\n"
    )
    assert house.help_card().strip()


@posix
def test_a_supplied_card_that_is_a_pipe_holds_nobody_up_either(tmp_path: Path) -> None:
    pipe(tmp_path / "help-card.en.md")
    assert "an adult you trust" in str(soon(lambda: shipped_card(tmp_path, "de")))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_a_card_of_any_editor_is_read_up_to_the_limit(
    encoding: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    card = tmp_path / "card.txt"
    card.write_bytes("Room 12, Frau Müller.\n".encode(encoding).ljust(1024 * 1024, b"\n"))
    assert (read_card(card) or "").startswith("Room 12, Frau Müller.\n")
    assert card_trouble(card) == ""
    house = open_house(argparse.Namespace(help_card=str(card), data_dir=str(tmp_path / "data")))
    assert capsys.readouterr().err == ""
    assert house.help_card().startswith("Room 12")
