"""Disk full, nothing that may be written, no home, a quota: Closeread starts, shows what was done before, goes on in
memory, says so, and saves everything in another place when one is named.
"""

from __future__ import annotations

import asyncio
import errno
import io
import json
import os
import shlex
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.talk import only_idk
from tests.tui.acting import LESSONS, TestHouse, at_the_screen
from tutor.cli import main
from tutor.cli.learning import learn_plainly
from tutor.conversation import Conversation
from tutor.errors import JournalError
from tutor.settings import load_settings
from tutor.tui.widgets.status import Banner

LESSON = str(LESSONS / "bike-lane")
ROOT = Path(__file__).parents[1]
NOBODY = 65534

posix = pytest.mark.skipif(sys.platform == "win32", reason="fork, users and limits as POSIX has them")


class Closed:
    """Lets nothing below a folder be written, as a full or a write-protected disk does; all others are well."""

    def __init__(self, patch: pytest.MonkeyPatch, folder: Path) -> None:
        self.folder = folder
        self.number = 0
        for name in ("open", "mkdir", "replace", "unlink"):
            patch.setattr(os, name, self._wrapped(getattr(os, name), is_open=name == "open"))

    def _wrapped(self, call: Callable[..., Any], *, is_open: bool) -> Callable[..., Any]:
        def wrapped(path: Any, *args: Any, **options: Any) -> Any:
            writes = not is_open or args[0] & (os.O_WRONLY | os.O_RDWR)
            if self.number and writes and Path(os.fsdecode(path)).is_relative_to(self.folder):
                raise OSError(self.number, os.strerror(self.number), str(path))
            return call(path, *args, **options)

        return wrapped


@pytest.fixture
def closed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Closed:
    return Closed(monkeypatch, tmp_path / "data")


def _learn(house: TestHouse, *lines: str) -> tuple[int, str]:
    heard = io.StringIO()
    status = learn_plainly(house, "bike-lane", io.StringIO("".join(f"{line}\n" for line in lines)), heard)
    return status, heard.getvalue()


def _answers(conversation: Conversation) -> list[Any]:
    return [event.payload for event in conversation.events if event.payload.type == "answered"]


WHYS = [
    (errno.ENOSPC, "there is no room left"),
    (errno.EDQUOT, "there is no room left"),
    (errno.EROFS, "this program may not write"),
    (errno.EACCES, "this program may not write"),
    (errno.EIO, "failed"),
]


@pytest.mark.parametrize(("number", "why"), WHYS)
def test_over_plain_lines_an_earlier_lesson_goes_on_and_is_saved_elsewhere(
    tmp_path: Path, closed: Closed, number: int, why: str
) -> None:
    _learn(TestHouse(tmp_path / "data"), "2")
    (tmp_path / "stick").mkdir()
    closed.number = number
    house = TestHouse(tmp_path / "data")
    status, heard = _learn(house, "4", "/save", "/save nowhere", f"/save {tmp_path}/stick", "/stuck", "/quit")
    there = tmp_path / "stick" / "closeread"
    assert "You left off here" in heard
    assert why in heard
    assert "There is no folder nowhere" in heard
    assert heard.count("not saved yet") == 1
    assert "Note: your answers are being saved again." in heard
    assert f"Come back to the same place with: closeread --data-dir {there} learn bike-lane" in heard
    assert status == 0
    [past] = TestHouse(there).journal.past("mika")
    assert past.events == house.opened[-1].events
    again = TestHouse(there)
    assert again.learner == "mika"
    assert _answers(again.resume(past)) == _answers(house.opened[-1])


def test_at_the_end_of_the_lines_another_place_is_asked_for(tmp_path: Path, closed: Closed) -> None:
    closed.number = errno.ENOSPC
    status, heard = _learn(TestHouse(tmp_path / "data"), "2", "/quit", f"{tmp_path}/no", "", "")
    assert heard.count("Not everything could be saved. Your last answers are not saved yet") == 2
    assert f"There is no folder {tmp_path}/no" in heard
    assert status == 1
    assert not (tmp_path / "data").exists()
    status, heard = _learn(TestHouse(tmp_path / "data"), "2", "/quit", str(tmp_path))
    assert status == 0
    assert "Saved. Come back" in heard
    assert len(TestHouse(tmp_path / "closeread").journal.past("mika")) == 1


class Interrupted(io.StringIO):
    """Somebody presses Ctrl+C after the last line, and again at each question that comes then."""

    def readline(self, *arguments: Any) -> str:  # type: ignore[override]  # the stub has bytes here
        line = super().readline(*arguments)
        if not line:
            raise KeyboardInterrupt
        return line


def test_who_leaves_by_ctrl_c_is_told_that_not_everything_is_saved(tmp_path: Path, closed: Closed) -> None:
    closed.number = errno.ENOSPC
    heard = io.StringIO()
    try:
        status = learn_plainly(TestHouse(tmp_path / "data"), "bike-lane", Interrupted("2\n"), heard)
    except KeyboardInterrupt:
        pytest.fail("nothing is said of what is lost")  # it would end all of the tests
    assert status == 1
    assert "Not everything could be saved. Your last answers are not saved yet" in heard.getvalue()
    assert heard.getvalue().endswith("It is not saved.\n")


def test_ctrl_c_while_the_tutor_is_at_work_says_what_is_not_saved(
    tmp_path: Path, closed: Closed, monkeypatch: pytest.MonkeyPatch
) -> None:
    closed.number = errno.ENOSPC

    async def interrupted(*_: Any) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("tutor.plain.talking.Plain._take", interrupted)
    heard = io.StringIO()
    with pytest.raises(KeyboardInterrupt):
        learn_plainly(TestHouse(tmp_path / "data"), "bike-lane", io.StringIO("2\n"), heard)
    assert "Not everything could be saved. Your last answers are not saved yet" in heard.getvalue()


def test_who_was_forgotten_meanwhile_is_asked_for_no_folder(tmp_path: Path) -> None:
    house, heard = TestHouse(tmp_path / "data"), io.StringIO()
    lines = iter(["2", f"/save {tmp_path}", "/quit"])

    class Lines(io.StringIO):
        def readline(self, *_: Any) -> str:  # type: ignore[override]  # the stub has bytes here
            if house.opened[-1].events[-1].payload.type != "left":
                assert not TestHouse(tmp_path / "data").journal.forget("mika").left
            return f"{next(lines)}\n"

    assert learn_plainly(house, "bike-lane", Lines(), heard) == 1
    assert "has been removed" in heard.getvalue()
    assert "such as that of a USB stick" not in heard.getvalue()
    assert "All of it is saved" not in heard.getvalue()
    assert not (tmp_path / "closeread").exists()


def test_a_nickname_over_plain_lines_is_one_line_and_not_too_long(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source, heard = io.StringIO("x\ty\x1b[2J" + "z" * 100 + "\n/quit\n"), io.StringIO()
    monkeypatch.setattr(source, "isatty", lambda: True)
    monkeypatch.setattr("tutor.plain.console.Console._waits", lambda *_: False)
    house = TestHouse(tmp_path / "data", learner=None)
    learn_plainly(house, "bike-lane", source, heard)
    assert house.learner == "x y[2J" + "z" * 34


def test_the_pages_at_the_end_are_written_to_the_other_place(tmp_path: Path, closed: Closed) -> None:
    closed.number = errno.ENOSPC
    house, heard = TestHouse(tmp_path / "data"), io.StringIO()

    class Lines(io.StringIO):
        def readline(self, *_: Any) -> str:  # type: ignore[override]  # the stub has bytes here
            conversation = house.opened[-1]
            return f"{tmp_path if conversation.turn == 'over' else only_idk(conversation)}\n"

    status = learn_plainly(house, "bike-lane", Lines(), heard)
    assert "Not everything could be saved." in heard.getvalue()
    assert status == 0
    exports = house.journal.exports_dir("mika")
    assert exports.is_relative_to(tmp_path / "closeread")
    assert len(list(exports.iterdir())) == 2


def test_at_the_end_of_a_lesson_over_plain_lines_the_other_place_is_said_once_more(tmp_path: Path) -> None:
    (tmp_path / "my stick").mkdir()
    house, heard = TestHouse(tmp_path / "data"), io.StringIO()
    saves = iter([f"/save {tmp_path}/my stick"])

    class Lines(io.StringIO):
        def readline(self, *_: Any) -> str:  # type: ignore[override]  # the stub has bytes here
            return f"{next(saves, None) or only_idk(house.opened[-1])}\n"

    assert learn_plainly(house, "bike-lane", Lines(), heard) == 0
    assert house.opened[-1].turn == "over"
    back = house.settings.command(tmp_path / "my stick" / "closeread")
    assert heard.getvalue().endswith(f"Saved. Come back with: {back}\n")
    assert f"start with: {back} learn bike-lane\n" in heard.getvalue()


@pytest.mark.parametrize(("number", "why"), WHYS[:3])
async def test_at_the_screen_an_earlier_lesson_goes_on_and_is_saved_elsewhere(
    tmp_path: Path, closed: Closed, number: int, why: str
) -> None:
    await asyncio.to_thread(_learn, TestHouse(tmp_path / "data"), "2")
    closed.number = number
    house = TestHouse(tmp_path / "data")
    async with at_the_screen(house) as learner:
        await learner.until_screen("ChoiceDialog")
        await learner.press("1")
        await learner.open_lesson()
        banner = learner.screen.query_one(Banner)
        assert why in " ".join(learner.shown(banner).split())
        await learner.press("f3")
        await learner.press("ctrl+s")
        await learner.until_screen("ElsewhereDialog")
        learner.type("/nowhere/at/all")
        await learner.press("enter")
        await learner.until(lambda: "There is no folder /nowhere/at/all" in learner.text)
        await learner.press("ctrl+u")
        learner.type(str(tmp_path))
        await learner.press("enter")
        await learner.until(lambda: "Saved in another place" in learner.text)
        assert "--data-dir" in learner.text
        await learner.press("escape")
        await learner.until(lambda: not banner.display)
        await learner.press("f3")
        await learner.press("f10", "3")
        await learner.until(lambda: not learner.app.is_running)
    there = tmp_path / "closeread"
    assert learner.app.return_value == (
        f"Saved. Come back to the same place with: closeread --data-dir {there} learn bike-lane"
    )
    [past] = TestHouse(there).journal.past("mika")
    assert past.events == house.opened[-1].events


async def test_the_pages_of_the_last_screen_are_saved_elsewhere(tmp_path: Path, closed: Closed) -> None:
    house = TestHouse(tmp_path / "data")
    async with at_the_screen(house) as learner:
        await learner.open_lesson()
        await learner.go_on_stuck_to("over")
        closed.number = errno.ENOSPC
        await learner.press("1")
        await learner.until_screen("EndScreen")
        await learner.until(lambda: "could not be written" in learner.text)
        await learner.press("ctrl+s")
        await learner.until_screen("ElsewhereDialog")
        learner.type(str(tmp_path))
        await learner.press("enter")
        await learner.until(lambda: "Saved in another place" in learner.text)
        await learner.press("escape")
        await learner.until(lambda: "Yours to keep" in learner.text)
    assert len(list(house.journal.exports_dir("mika").iterdir())) == 2
    assert house.journal.exports_dir("mika").is_relative_to(tmp_path / "closeread")


# ------------------------------------------------------------------ the other place


def test_a_lesson_begun_in_the_old_place_goes_on_in_the_new_one(tmp_path: Path, closed: Closed) -> None:
    old = TestHouse(tmp_path / "data")
    first = old.start(old.load("bike-lane"))
    house = TestHouse(tmp_path / "data")
    other = house.start(house.load("bike-lane"))
    closed.number = errno.ENOSPC
    there = house.sitting(other).keep_in(tmp_path)
    past = next(each for each in house.journal.past("mika") if each.session == first.events[0].session)
    again = house.resume(past)
    assert house.journal.trouble is None
    found = {each.session: each.events for each in TestHouse(there).journal.past("mika")}
    assert found == {each.events[0].session: each.events for each in (again, other)}
    assert TestHouse(there).resume(past).lesson.title == again.lesson.title


def test_a_place_that_cannot_be_used_changes_nothing(tmp_path: Path, closed: Closed) -> None:
    house = TestHouse(tmp_path / "data")
    conversation = house.start(house.load("bike-lane"))
    sitting, kept = house.sitting(conversation), conversation.events
    (tmp_path / "file").write_text("mine", encoding="utf-8")
    names = [
        tmp_path / "file",
        tmp_path / "none",
        Path("relative"),
        Path("~nobody-at-all/x"),
        Path("\0"),
        Path("/proc"),
    ]
    for name in names:
        with pytest.raises(JournalError, match=r"another|whole name"):
            sitting.keep_in(name)
    with pytest.raises(JournalError, match="already"):
        TestHouse(tmp_path / "closeread").journal.keep_in(tmp_path)
    other = next((tmp_path / "data").rglob("*.jsonl")).relative_to(tmp_path / "data")
    (tmp_path / "closeread" / other).parent.mkdir(parents=True)
    (tmp_path / "closeread" / other).write_bytes(b"another record\n")
    with pytest.raises(JournalError, match="Another record"):
        sitting.keep_in(tmp_path)
    assert (tmp_path / "closeread" / other).read_bytes() == b"another record\n"
    assert sitting.place.data_dir == tmp_path / "data"
    assert TestHouse(tmp_path / "data").journal.past("mika")[0].events == kept


def test_from_a_stick_and_back_again(tmp_path: Path) -> None:
    house = TestHouse(tmp_path / "data")
    conversation = house.start(house.load("bike-lane"))
    for name in ("stick", "disk", "stick"):
        (tmp_path / name).mkdir(exist_ok=True)
        there = house.sitting(conversation).keep_in(tmp_path / name)
        conversation.leave()
        [past] = TestHouse(there).journal.past("mika")
        assert past.events == conversation.events


# ------------------------------------------------------------------ real ones


def _start(lines: str, *argv: str, prepare: Callable[[], object], **environ: str | None) -> tuple[int, str]:
    """A start of the program in a process of its own that is prepared first; its status, and all that it says."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        status = 70
        try:
            for name, value in environ.items():
                os.environ.pop(name, None)
                if value is not None:
                    os.environ[name] = value
            os.dup2(writing, 1)
            os.dup2(writing, 2)
            sys.stdin = io.StringIO(lines)
            sys.stdout = sys.stderr = os.fdopen(writing, "w", encoding="utf-8", closefd=False)
            prepare()
            status = main(list(argv))
            sys.stdout.flush()
        finally:
            os._exit(status)
    os.close(writing)
    with os.fdopen(reading, encoding="utf-8") as said:
        text = said.read()
    _, waited = os.waitpid(child, 0)
    return os.waitstatus_to_exitcode(waited), text


@pytest.fixture
def everything_is_imported(tmp_path: Path) -> None:
    """Somebody who is nobody may not even read the program's libraries; here they are in memory."""
    assert _learn(TestHouse(tmp_path / "before"), "2")[0] == 0
    load_settings({}, os.environ, None)


def _nobody() -> None:
    os.setgroups([])
    os.setgid(NOBODY)
    os.setuid(NOBODY)


@posix
@pytest.mark.usefixtures("everything_is_imported")
@pytest.mark.parametrize("home", ["/nonexistent", "/proc", "/", "/dev/null"])
def test_a_home_that_cannot_be_written_to(stick: Path, home: str) -> None:
    prepare = _nobody if os.geteuid() == 0 else (lambda: None)
    status, said = _start(f"2\n/save {stick}\n4\n/quit\n", "learn", LESSON, "--plain", prepare=prepare, HOME=home)
    assert "not saved yet" in said, said
    assert status == 0, said
    command = said[said.rfind("closeread --data-dir") :].splitlines()[0]
    status, said = _start("", *shlex.split(command)[1:], "--plain", prepare=prepare, HOME=home)
    assert status == 0, said
    assert "You left off here" in said


@pytest.fixture
def stick() -> Iterator[Path]:
    """A folder that everybody may write to; that of a test lies in one that is closed to others."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o777)
        yield folder


@posix
@pytest.mark.usefixtures("everything_is_imported")
def test_no_home_at_all(tmp_path: Path) -> None:
    def prepare() -> None:
        tempfile.tempdir = str(tmp_path)

    status, said = _start(f"2\n/save {tmp_path}\n4\n/quit\n", "learn", LESSON, "--plain", prepare=prepare, HOME=None)
    assert "There is no home folder, so your work is kept in" in said
    assert "Type /save" in said
    assert f"closeread --data-dir {tmp_path}/closeread learn" in said
    assert status == 0, said
    status, said = _start("", "learn", LESSON, "--plain", prepare=prepare, HOME=None)
    assert "Saved. Come back to the same place with: closeread --data-dir" in said
    assert len(list(tmp_path.glob("closeread-*"))) == 2, "one for each start"


@posix
@pytest.mark.usefixtures("everything_is_imported")
def test_no_file_may_become_longer(tmp_path: Path) -> None:
    import resource  # noqa: PLC0415  there is none on Windows

    lines = "2\n4\nthe writer names nobody who was asked\n/stuck\n/quit\n\n"
    arguments = ("learn", LESSON, "--plain", "--data-dir", str(tmp_path))
    status, said = _start(lines, *arguments, prepare=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (1_000, 1_000)))
    assert "there is no room left" in said, said
    assert "Something went wrong" not in said
    assert status == 1
    status, said = _start("", *arguments, prepare=lambda: None)
    assert status == 0, said


SMALL_DISK = """
set -e
mount -t tmpfs -o size=256k none "$1/disk"
cd "$2"
printf '2\\n' | "$3" -m tutor learn "$4" --plain --data-dir "$1/disk/data"
head -c 1000000 /dev/zero > "$1/disk/filler" 2>/dev/null || true
df "$1/disk" | tail -1
printf '4\\nnobody wants this lane\\n/save %s/stick\\n/stuck\\n/quit\\n' "$1" \
    | "$3" -m tutor learn "$4" --plain --data-dir "$1/disk/data"
"""


@pytest.mark.skipif(shutil.which("unshare") is None, reason="no unshare here")
def test_a_disk_that_is_really_full(tmp_path: Path) -> None:
    if subprocess.run(["unshare", "-rm", "true"], capture_output=True, check=False).returncode:
        pytest.skip("namespaces are not allowed here")
    for name in ("disk", "stick"):
        (tmp_path / name).mkdir()
    done = subprocess.run(
        ["unshare", "-rm", "sh", "-c", SMALL_DISK, "sh", tmp_path, ROOT, sys.executable, LESSON],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "100%" in done.stdout
    assert "You left off here" in done.stdout
    assert "there is no room left" in done.stdout
    assert "Note: your answers are being saved again." in done.stdout
    there = tmp_path / "stick" / "closeread"
    [sheet] = [path for path in there.rglob("*.jsonl") if b"nobody wants this lane" in path.read_bytes()]
    assert [json.loads(line)["type"] for line in sheet.read_bytes().splitlines()][-1] == "left"
    status, said = _start("", "--data-dir", str(there), "learn", LESSON, "--plain", prepare=lambda: None)
    assert status == 0
    assert "You left off here" in said
