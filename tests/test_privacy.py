"""`closeread forget`, what is too old, and who can read the files: the commands as they are typed."""

from __future__ import annotations

import io
import json
import os
import shlex
import stat
import subprocess
import sys
import tempfile
from datetime import UTC, datetime, timedelta
from math import log
from pathlib import Path
from zlib import crc32

import pytest

from tests.ferry import LESSON, UNSURE
from tests.llm.fake_server import MODEL, Answer, FakeServer, Request, says
from tutor.bootstrap import House
from tutor.cli import main
from tutor.cli.parser import make_parser
from tutor.journal import Draft, Journal
from tutor.settings import load_settings

ROOT = Path(__file__).resolve().parent.parent
posix = pytest.mark.skipif(os.name == "nt", reason="modes are those of POSIX")
TYPED = f"{UNSURE}\nHer name is there: ask Lund, the master.\n/stuck\n/stuck\nyes\nyes\n"


def closeread(*arguments: str, folder: Path, typed: str = "", umask: int = -1, **more: str) -> str:
    """What a command shows; `folder` is where it is typed, and learners' work is in its `data`."""
    environment = {**os.environ, "CLOSEREAD_DATA_DIR": str(folder / "data"), "PYTHONPATH": str(ROOT), **more}
    result = subprocess.run(
        [sys.executable, "-m", "tutor", *arguments], input=typed, capture_output=True, encoding="utf-8", timeout=120,
        check=False, env=environment, cwd=folder, umask=umask,
    )  # fmt: skip
    assert result.returncode == 0, result.stdout + result.stderr
    return result.stdout


def learned(data: Path, *learners: str, now: datetime | None = None) -> None:
    """Each of these learners has begun a lesson and typed half an answer."""
    for learner in learners:
        house = House(load_settings({"data_dir": data}, {}, None), learner, now=lambda: now or datetime.now(UTC))
        sitting = house.sitting(house.start(house.load("cold-mornings")))
        sitting.save_draft(Draft("x", f"half an answer of the {learner}"))


class Terminal(io.StringIO):
    """Somebody sits before it."""

    def isatty(self) -> bool:
        return True


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("CLOSEREAD_DATA_DIR", str(tmp_path))
    return tmp_path


def test_forget_asks_for_the_nickname_once_more_and_says_what_was_removed(
    data: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    learned(data, "fox", "owl")
    monkeypatch.setattr(sys, "stdin", Terminal("owl\n"))
    assert main(["forget", "owl"]) == 0
    assert capsys.readouterr().out == (
        "Kept of “owl”: 1 session, 1 half-typed answer.\n"
        "It cannot be brought back. A lesson that is still open under this nickname will save nothing more.\n"
        "To remove all of it, type the nickname: "
        "Removed of “owl”: 1 session, 1 half-typed answer.\n"
        "The nickname is no longer offered when Closeread is opened.\n"
        "Work that was saved in another place, such as a stick, stays there. To remove that, too, name the folder:\n"
        "closeread --data-dir /media/usb/closeread forget owl\n"
    )
    assert main(["forget", "fox", "--yes"]) == 0
    assert capsys.readouterr().out == (
        "Removed of “fox”: 1 session, 1 half-typed answer.\n"
        "Removed, since nobody else needs them: 2 copies of lessons and articles.\n"
        "Work that was saved in another place, such as a stick, stays there. To remove that, too, name the folder:\n"
        "closeread --data-dir /media/usb/closeread forget fox\n"
    )
    assert list(data.iterdir()) == []


@pytest.mark.parametrize("typed", ["yes\n", "Owl\n", "", "\n"])
def test_whoever_does_not_type_the_nickname_removes_nothing(
    data: Path, typed: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    learned(data, "owl")
    before = sorted(data.rglob("*"))
    monkeypatch.setattr(sys, "stdin", Terminal(typed))
    assert main(["forget", "owl"]) == 1
    assert capsys.readouterr().err == "That is not the nickname. Nothing was removed.\n"
    assert sorted(data.rglob("*")) == before


def test_where_nobody_can_be_asked_nothing_is_removed(
    data: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    learned(data, "owl")
    before = sorted(data.rglob("*"))
    monkeypatch.setattr(sys, "stdin", io.StringIO("owl\n"))
    assert main(["forget", "owl"]) == 1
    assert "add --yes" in capsys.readouterr().err
    assert sorted(data.rglob("*")) == before


def test_an_unknown_nickname_is_told_which_there_are(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["forget", "owl", "--yes"]) == 1
    assert capsys.readouterr().err == f"Nothing is kept of “owl” in {data}. Nothing is kept there of anybody.\n"
    learned(data, "owl", "fox", "snow\x1b[2J owl")
    assert main(["forget", "Owl", "--yes"]) == 1
    assert capsys.readouterr().err == f"Nothing is kept of “Owl” in {data}. There are: fox, owl, snow[2J owl.\n"


@posix
def test_without_a_home_every_temporary_folder_is_looked_through_and_none_is_made(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("HOME", "XDG_DATA_HOME", "XDG_CONFIG_HOME", "CLOSEREAD_DATA_DIR"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    (tmp_path / "elsewhere").mkdir()
    places = [load_settings({}, {}, None).data_dir for _ in range(2)]
    assert list(tmp_path.iterdir()) == [tmp_path / "elsewhere"]
    for place in places:
        learned(place, "owl")
        assert stat.S_IMODE(place.stat().st_mode) == 0o700
    place = places[1]
    learned(place, "fox")
    learned(tmp_path / "elsewhere", "owl")
    (tmp_path / "closeread-link").symlink_to(tmp_path / "elsewhere")
    before = set(tmp_path.iterdir())
    assert len(before) == 4
    assert main(["forget", "owl", "--yes"]) == 0
    assert capsys.readouterr().out.startswith("Removed of “owl”: 2 sessions, 2 half-typed answers.\n")
    assert set(tmp_path.iterdir()) == before
    left = [path for path in tmp_path.rglob("*.draft.json") if not path.is_relative_to(tmp_path / "closeread-link")]
    assert sorted(path.relative_to(tmp_path).parts[0] for path in left) == [place.name, "elsewhere"]
    assert main(["forget", "owl", "--yes"]) == 1
    told = capsys.readouterr().err
    assert str(place) in told
    assert "There are: fox." in told


def test_what_was_saved_in_another_place_is_removed_where_that_is_named(
    data: Path, tmp_path_factory: pytest.TempPathFactory, capsys: pytest.CaptureFixture[str]
) -> None:
    stick = tmp_path_factory.mktemp("stick")
    house = House(load_settings({"data_dir": data}, {}, None), "owl")
    there = house.sitting(house.start(house.load("cold-mornings"))).keep_in(stick)
    assert main(["forget", "owl", "--yes"]) == 0
    assert list(there.glob("learners/*"))
    said = capsys.readouterr().out.splitlines()[-1].replace("/media/usb/closeread", str(there))
    assert main([*shlex.split(said)[1:], "--yes"]) == 0
    assert not list(there.glob("learners/*"))


def test_a_nickname_on_the_command_line_is_one_line_and_not_too_long(
    data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["--as", "x" * 41, "learn", "cold-mornings", "--plain"]) == 1
    assert "40 characters at most" in capsys.readouterr().err
    assert list(data.iterdir()) == []


def test_what_could_not_be_removed_is_said_with_its_place(
    data: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    learned(data, "owl")
    [draft] = data.glob("learners/*/*.draft.json")
    real = os.unlink

    def unlink(path: str, *, dir_fd: int | None = None) -> None:
        if Path(path).name == draft.name:
            raise PermissionError(13, "Permission denied", path)
        real(path, dir_fd=dir_fd)

    with monkeypatch.context() as patch:
        patch.setattr(os, "unlink", unlink)
        assert main(["forget", "owl", "--yes"]) == 1
    told = capsys.readouterr()
    assert told.out.startswith("Removed of “owl”: 1 session.\n")
    assert told.err.startswith(f"{draft} is still there (Permission denied). ")
    assert [path for path in data.rglob("*") if path.is_file()] == [draft]


@pytest.mark.parametrize("command", [("learn", "cold-mornings"), ()])
def test_what_is_too_old_goes_when_a_lesson_or_the_library_is_opened(tmp_path: Path, command: tuple[str, ...]) -> None:
    now, data = datetime.now(UTC), tmp_path / "data"
    times = {name: now - timedelta(days=days) for name, days in (("since", 900), ("steady", 100), ("last", 3))}
    learned(data, "owl", now=now - timedelta(days=500))
    old = (now - timedelta(days=500)).timestamp()
    for path in data.rglob("*"):
        os.utime(path, (old, old))
    learned(data, "fox", now=now - timedelta(days=100))

    def opened(months: str = "") -> list[str]:
        (data / "opened").write_text(json.dumps({name: each.isoformat() for name, each in times.items()}))
        closeread(*command, "--as", "fox", folder=tmp_path, typed="/quit\n", CLOSEREAD_KEEP_MONTHS=months)
        return Journal(data, now=datetime.now, new_id=str).learners()

    assert opened("0") == ["fox", "owl"]
    assert opened("24") == ["fox", "owl"]
    assert opened() == ["fox"]
    assert not any("owl" in path.name for path in data.rglob("*"))


# Who can read the files.

ARTICLE = "Rink to Open\n\nThe ice rink opens on 3 May, says its manager, Ida Moss.\n"
COMMANDS = [
    ["learn", "ferry.yaml", "--plain"],
    [],
    ["check", "ferry.yaml"],
    ["try", "ferry.yaml"],
    ["new", "article.txt", "--to", "rink"],
    ["schema", "--out", "lesson.schema.json"],
    ["doctor", "--json"],
    ["calibrate", "cold-mornings"],
    ["bench", "ferry.yaml", "--out", "cards"],
    ["forget", "owl", "--yes"],
]


def decided(request: Request) -> Answer:
    """What a model replies that keeps to the form; how sure it is depends on what it was told."""
    p = (crc32(request.prompt.encode()) % 97 + 1) / 100
    return says('{"met":false}', alternatives={"false": {"true": log(p), "false": log(1 - p)}})(request)


def test_no_command_is_left_out() -> None:
    [group] = [each for each in make_parser()._actions if each.dest == "command"]
    assert isinstance(group.choices, dict)
    # `preview` needs a terminal, and nothing that is done in it is kept.
    assert {command[0] for command in COMMANDS if command} | {"preview"} == set(group.choices)


@posix
def test_after_every_command_learners_files_are_for_their_owner_alone(tmp_path: Path) -> None:
    (tmp_path / "ferry.yaml").write_text(LESSON, encoding="utf-8")
    (tmp_path / "article.txt").write_text(ARTICLE, encoding="utf-8")
    data = tmp_path / "data"
    seen = set()
    with FakeServer(decided) as server:
        model = {"CLOSEREAD_MODEL": MODEL, "CLOSEREAD_BASE_URL": server.base_url}
        for command in COMMANDS:
            closeread(*command, "--as", "owl", folder=tmp_path, typed=TYPED, umask=0, **model)
            files = [data, *data.rglob("*")]
            seen |= {path.relative_to(data).parts[-1] for path in files if path != data}
            assert [
                f"{path} {mode(path):o}" for path in files if mode(path) != (0o700 if path.is_dir() else 0o600)
            ] == []
        assert server.requests
    assert {"nickname", "learner", "opened", "exports", "bench", "calibration.json", "copies"} <= seen
    assert {path.name for path in data.iterdir()} == {"opened", "bench", "calibration.json"}


@posix
def test_what_teachers_write_is_for_all_who_may_read_that_folder(tmp_path: Path) -> None:
    (tmp_path / "article.txt").write_text(ARTICLE, encoding="utf-8")
    for command in (["new", "article.txt", "--to", "rink"], ["schema", "--out", "lesson.schema.json"]):
        closeread(*command, folder=tmp_path, umask=0o027)
    made = [path for path in tmp_path.rglob("*") if path != tmp_path / "article.txt"]
    assert {path.name for path in made} > {"rink", "lesson.yaml", "lesson.schema.json"}
    assert {mode(path) for path in made if path.is_dir()} == {0o750}
    assert {mode(path) for path in made if path.is_file()} == {0o640}


def mode(path: Path) -> int:
    """Who may read and write it."""
    return stat.S_IMODE(path.lstat().st_mode)
