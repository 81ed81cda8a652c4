"""The commands as they are typed, over pipes and on a terminal that cannot draw."""

from __future__ import annotations

import io
import json
import os
import re
import select
import shlex
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tutor.cli import main
from tutor.cli.parser import make_parser
from tutor.settings import NAMES

ROOT = Path(__file__).resolve().parent.parent
SMALLEST = """tutor: 1
title: Two claims
article: {title: Bus line, licence: CC0-1.0, text: "Everybody knows that the line will be gone by spring."}
steps:
- {id: claims, do: explain, at: p1, ask: Which words claim too much?, rubric: ["'Everybody knows' claims too much"]}
"""


def closeread(*arguments: str, home: Path, typed: str = "", **more: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "CLOSEREAD_DATA_DIR": str(home / "data"), "PYTHONPATH": str(ROOT), **more}
    return subprocess.run(
        [sys.executable, "-m", "tutor", *arguments], input=typed, capture_output=True, encoding="utf-8", timeout=60,
        check=False, env=environment, cwd=home,
    )  # fmt: skip


def test_a_lesson_is_left_and_taken_up_at_the_same_place(tmp_path: Path) -> None:
    first = closeread("learn", "lavrov-syria", "--as", "owl", "--plain", home=tmp_path, typed="1\n/quit\n")
    assert first.returncode == 0
    assert "Saved. Come back to the same place with: closeread learn lavrov-syria" in first.stdout
    again = closeread("learn", "lavrov-syria", "--plain", home=tmp_path, typed="/quit\n")
    assert "You left off here:" in again.stdout
    assert "step 2 of 18" in again.stdout
    assert "step 1 of 18" not in again.stdout


def test_another_nickname_has_a_place_of_its_own(tmp_path: Path) -> None:
    closeread("learn", "lavrov-syria", "--as", "owl", home=tmp_path, typed="1\n")
    other = closeread("learn", "lavrov-syria", "--as", "fox", home=tmp_path, typed="/quit\n")
    assert "step 1 of 18" in other.stdout


def test_a_lesson_by_its_path_with_a_folder_of_own_lessons(tmp_path: Path) -> None:
    folder = tmp_path / "mine" / "bus"
    folder.mkdir(parents=True)
    (folder / "lesson.yaml").write_text(SMALLEST, encoding="utf-8")
    for arguments in (("learn", str(folder)), ("learn", "bus", "--lessons", "mine")):
        assert "Which words claim too much?" in closeread(*arguments, home=tmp_path, typed="/quit\n").stdout


def test_the_line_to_come_back_with_leads_back_to_a_folder_of_own_lessons(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "my lessons" / "bus").mkdir(parents=True)
    (tmp_path / "my lessons" / "bus" / "lesson.yaml").write_text(SMALLEST, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    arguments = ["learn", "bus", "--lessons", "my lessons"]
    for told in ("Which words claim too much?", "You left off here"):
        monkeypatch.setattr("sys.stdin", io.StringIO("/quit\n"))
        assert main([*arguments, "--plain"]) == 0
        said = capsys.readouterr().out
        assert told in said
        arguments = shlex.split(said.splitlines()[-1].partition(" with: closeread ")[2])


def test_the_library_lists_a_broken_lesson_with_its_first_mistake(tmp_path: Path) -> None:
    folder = tmp_path / "mine" / "bus"
    folder.mkdir(parents=True)
    (folder / "lesson.yaml").write_text(SMALLEST.replace("at: p1", "at: p9"), encoding="utf-8")
    result = closeread("--lessons", "mine", home=tmp_path)
    assert result.returncode == 0
    assert "lavrov-syria: Who is talking?" in result.stdout
    assert "cannot be opened" in result.stdout
    assert "lesson.yaml:5:" in result.stdout


@pytest.mark.parametrize("command", ["learn", "preview", "try"])
def test_a_broken_lesson_is_shown_with_the_way_to_see_all_of_it(tmp_path: Path, command: str) -> None:
    folder = tmp_path / "mine" / "bus"
    folder.mkdir(parents=True)
    (folder / "lesson.yaml").write_text(SMALLEST.replace("at: p1", "at: p9"), encoding="utf-8")
    for named, path in ((("mine/bus",), "mine/bus"), (("bus", "--lessons", "mine"), "mine/bus")):
        result = closeread(command, *named, home=tmp_path)
        assert result.returncode == 1
        assert result.stderr.splitlines()[1:] == [f"See all of it with: closeread check {path}"]
        shown = closeread("check", path, home=tmp_path)
        assert "unknown-block" in shown.stdout
        assert "See all of it" not in shown.stdout + shown.stderr


def test_a_broken_file_of_answers_is_nothing_for_check(tmp_path: Path) -> None:
    (tmp_path / "lesson.yaml").write_text(SMALLEST, encoding="utf-8")
    answers = tmp_path / "answers" / "a.yaml"
    answers.parent.mkdir()
    answers.write_text("- stap: claims\n", encoding="utf-8")
    for lesson in (".", "lesson.yaml", "lavrov-syria"):
        result = closeread("try", lesson, "--answers", str(answers), home=tmp_path)
        assert result.returncode == 1
        assert "a.yaml" in result.stderr
        assert "closeread check" not in result.stderr


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("learn", "lavrov-siria"), "lavrov-syria"),
        (("learn", "nowhere/lesson.yaml"), "nowhere"),
    ],
)
def test_what_cannot_be_opened_is_a_sentence(tmp_path: Path, arguments: tuple[str, ...], says: str) -> None:
    result = closeread(*arguments, home=tmp_path)
    assert result.returncode == 1
    assert says in result.stderr
    assert "Traceback" not in result.stderr


def test_a_setting_that_cannot_be_used_is_a_sentence(tmp_path: Path) -> None:
    result = closeread("learn", "lavrov-syria", home=tmp_path, CLOSEREAD_THEME="pink")
    assert result.returncode == 1
    assert "pink" in result.stderr
    assert "Traceback" not in result.stderr


def test_a_damaged_record_is_said_and_the_lesson_goes_on(tmp_path: Path) -> None:
    closeread("learn", "lavrov-syria", "--as", "owl", home=tmp_path, typed="1\n")
    (kept,) = (tmp_path / "data").rglob("*.jsonl")
    lines = kept.read_bytes().splitlines(keepends=True)
    kept.write_bytes(b"".join([*lines[:3], b"not an event\n", *lines[4:]]))
    result = closeread("learn", "lavrov-syria", "--as", "owl", home=tmp_path, typed="/quit\n")
    assert result.returncode == 0
    assert f"Note: {kept}, line 4" in result.stdout


def test_words_of_distress_are_in_no_file(tmp_path: Path) -> None:
    card = tmp_path / "card.md"
    card.write_text("Our school's card: room 12.", encoding="utf-8")
    typed = "1\nsure to raise tensions\n2\n4\ni want to kill myself\nchange\nidk\n/quit\n"
    result = closeread(
        "learn", "lavrov-syria", "--as", "owl", home=tmp_path, typed=typed, CLOSEREAD_HELP_CARD=str(card)
    )
    assert "Our school's card: room 12." in result.stdout
    kept = [path for path in (tmp_path / "data").rglob("*") if path.is_file()]
    assert any(b'"paused"' in path.read_bytes() for path in kept)
    assert not any(b"kill myself" in path.read_bytes() for path in kept)


def test_the_shipped_help_card_is_shown_where_there_is_no_other(tmp_path: Path) -> None:
    typed = "1\nsure to raise tensions\n2\n4\ni want to kill myself\n"
    result = closeread("learn", "lavrov-syria", home=tmp_path, typed=typed, CLOSEREAD_HELP_CARD=str(tmp_path / "gone"))
    assert "you do not have to deal with it alone" in result.stdout


def test_no_byte_that_acts_on_a_terminal_reaches_a_pipe(tmp_path: Path) -> None:
    typed = "\x1b]52;c;aGk=\x07\n1\n/term \x1b[2J\n/quit\n"
    result = closeread("learn", "lavrov-syria", home=tmp_path, typed=typed)
    assert not set(result.stdout) & {"\x1b", "\x07", "\x9b"}


@pytest.mark.skipif(sys.platform == "win32", reason="there are no pseudo-terminals on Windows")
@pytest.mark.parametrize("term", ["dumb", ""])
def test_a_terminal_that_cannot_draw_gets_plain_lines(tmp_path: Path, term: str) -> None:
    import pty  # noqa: PLC0415  not to be had on Windows

    own, other = pty.openpty()
    environment = {**os.environ, "CLOSEREAD_DATA_DIR": str(tmp_path), "PYTHONPATH": str(ROOT), "TERM": term}
    process = subprocess.Popen(
        [sys.executable, "-m", "tutor", "learn", "lavrov-syria"], stdin=other, stdout=other, stderr=other,
        env=environment, cwd=tmp_path, start_new_session=True,
    )  # fmt: skip
    os.close(other)
    seen = b""
    for says, typed in ((b"nickname", b"owl\n"), (b"> ", b"/quit\n"), (b"Saved.", b"")):
        seen += _read_until(own, says)
        os.write(own, typed)
    assert process.wait(timeout=30) == 0
    os.close(own)
    assert b"\x1b" not in seen


def _read_until(terminal: int, says: bytes) -> bytes:
    seen, end = b"", time.monotonic() + 30
    while says not in seen:
        ready, _, _ = select.select([terminal], [], [], max(end - time.monotonic(), 0))
        assert ready, f"{says!r} never came: {seen!r}"
        seen += os.read(terminal, 65536)
    return seen


def test_a_lesson_that_changed_is_finished_as_it_was_or_begun_anew(tmp_path: Path) -> None:
    lesson = tmp_path / "bus" / "lesson.yaml"
    lesson.parent.mkdir()
    lesson.write_text(SMALLEST, encoding="utf-8")
    closeread("learn", str(lesson), home=tmp_path, typed="because\n")
    lesson.write_text(SMALLEST.replace("Which words", "Which phrase"), encoding="utf-8")
    result = closeread("learn", str(lesson), home=tmp_path, typed="/anew\n/quit\n")
    assert "Note: the lesson has changed since you began." in result.stdout
    before, after = result.stdout.split("/anew\n")
    assert "Which words claim" in before
    assert "Which phrase claim" in after


def test_a_lost_copy_of_the_lesson_is_no_dead_end(tmp_path: Path) -> None:
    closeread("learn", "lavrov-syria", home=tmp_path, typed="1\n")
    for copy in (tmp_path / "data" / "copies").iterdir():
        copy.unlink()
    result = closeread("learn", "lavrov-syria", home=tmp_path, typed="/quit\n")
    assert result.returncode == 0
    assert "is missing. Start anew." in result.stdout
    assert "step 1 of 18" in result.stdout


@pytest.mark.parametrize(("card", "shown"), [("Room 12.".encode("utf-16"), "Room 12."), (b" \n", "you do not have to")])
def test_a_help_card_saved_by_any_editor(tmp_path: Path, card: bytes, shown: str) -> None:
    path = tmp_path / "card.txt"
    path.write_bytes(card)
    typed = "i want to kill myself\n"
    result = closeread("learn", "lavrov-syria", home=tmp_path, typed=typed, CLOSEREAD_HELP_CARD=str(path))
    assert shown in result.stdout
    assert ("cannot be read or is empty" in result.stderr) == (shown != "Room 12.")


@pytest.mark.parametrize(
    ("command", "sends"),
    [("learn lavrov-syria --plain", True), ("", True), ("try lavrov-syria", False), ("preview lavrov-syria", False)],
)
def test_only_where_answers_are_sent_they_are_said_to_be_saved(
    command: str, sends: bool, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    def broken(*_: object) -> None:
        raise IndexError

    monkeypatch.setenv("CLOSEREAD_DATA_DIR", str(tmp_path))
    for door in ("load", "entries", "preview"):
        monkeypatch.setattr(f"tutor.bootstrap.House.{door}", broken)
    assert main(command.split()) == 1
    said = capsys.readouterr().err
    assert ("What you had sent is saved." in said) == sends
    assert said.endswith("Please tell those who look after it.\n")


def test_bytes_that_are_no_text_are_no_accident(tmp_path: Path) -> None:
    environment = {**os.environ, "CLOSEREAD_DATA_DIR": str(tmp_path), "PYTHONPATH": str(ROOT)}
    result = subprocess.run(
        [sys.executable, "-m", "tutor", "learn", "lavrov-syria"], input=b"bec\xe9ause\n1\n", capture_output=True,
        timeout=60, check=False, env={**environment, "PYTHONIOENCODING": "utf-8:strict"}, cwd=tmp_path,
    )  # fmt: skip
    assert result.returncode == 0
    assert b"Traceback" not in result.stderr
    assert b"step 2 of 18" in result.stdout


def test_what_goes_wrong_inside_is_a_sentence_too(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    def broken(*_: object) -> None:
        raise IndexError("secret words of a learner")

    monkeypatch.setenv("CLOSEREAD_DATA_DIR", str(tmp_path))
    monkeypatch.setattr("tutor.bootstrap.House.load", broken)
    assert main(["learn", "lavrov-syria", "--plain"]) == 1
    said = capsys.readouterr().err
    assert "Something went wrong inside Closeread (IndexError in test_cli.py, line" in said
    assert "secret" not in said


def test_a_lesson_once_finished_begins_again(tmp_path: Path) -> None:
    path = tmp_path / "bus.yaml"
    path.write_text(SMALLEST, encoding="utf-8")
    first = closeread("learn", str(path), home=tmp_path, typed="/stuck\n/stuck\n")
    assert "Written: " in first.stdout
    assert "begins it again" in closeread("learn", str(path), home=tmp_path, typed="/quit\n").stdout


def test_every_setting_has_its_flag_before_and_after_every_command(tmp_path: Path) -> None:
    parser = make_parser()
    folder = str(tmp_path)
    typed = {"data_dir": folder, "lessons_dirs": folder, "model": "m", "base_url": "http://gpu/v1", "context": "2048"}
    for name, (flag, _) in NAMES.items():
        value = typed.get(name, "x")
        for arguments in (
            [flag, value], [flag, value, "doctor"], ["doctor", flag, value], ["learn", "x", flag, value],
            ["check", flag, value],
        ):  # fmt: skip
            found = vars(parser.parse_args(arguments))
            assert found[name] == ([value] if name == "lessons_dirs" else value)
            assert set(found) & set(NAMES) == {name}


def test_the_help_of_every_command_names_every_setting_but_the_key(capsys: pytest.CaptureFixture[str]) -> None:
    for arguments in (["--help"], ["learn", "--help"], ["doctor", "--help"], ["check", "--help"]):
        with pytest.raises(SystemExit) as left:
            main(arguments)
        assert left.value.code == 0
        shown = capsys.readouterr().out
        assert [name for name, (flag, _) in NAMES.items() if f"  {flag} " not in shown] == ["key"]
        assert "the model:" in shown


def test_a_key_on_the_command_line_is_told_where_it_belongs(tmp_path: Path) -> None:
    result = closeread("doctor", "--key", "sk-canary-4711", home=tmp_path)
    assert result.returncode == 1
    assert "CLOSEREAD_KEY" in result.stderr
    assert "canary" not in result.stdout + result.stderr


def test_doctor_without_a_model(tmp_path: Path) -> None:
    result = closeread("doctor", "--theme", "light", home=tmp_path)
    assert result.returncode == 0
    assert re.search(r"theme +light +\(flag --theme\)", result.stdout)
    assert "none is needed" in result.stdout


def test_doctor_for_programs_holds_what_its_help_says(tmp_path: Path) -> None:
    told = closeread("doctor", "--help", home=tmp_path).stdout.partition("with --json, one object:")[2]
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{held.getsockname()[1]}/v1"
        result = closeread(
            "doctor", "--json", "--model", "m", "--base-url", url, home=tmp_path, CLOSEREAD_KEY="sk-canary-4711"
        )
    assert (result.returncode, result.stderr) == (1, "")
    seen = json.loads(result.stdout)
    assert (seen["fitness"], seen["status"]) == ("not-fit", 1)
    assert {"name": "key", "value": "set", "origin": "environment CLOSEREAD_KEY"} in seen["settings"]
    assert "canary" not in result.stdout
    for name in {*seen, *seen["checks"][0], *seen["settings"][0]}:
        assert re.search(rf"\b{name}\b", told), name
