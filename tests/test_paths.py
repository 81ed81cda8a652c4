"""Every door that takes a path from data or from a stranger: what leads out, is no file or never ends is refused.

One table, a row for each case. A refusal says what is wrong, where, and (but for names that are simply not there) what
to do; nothing of the secret that lies beside the folder comes out, and nothing of it is changed.
"""

from __future__ import annotations

import io
import os
import re
import sys
import tarfile
import threading
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.planting import SECRET, Plant, folder_at, holding, link, listening, nothing, pipe, posix
from tests.workbench.checking.pages import base
from tests.workbench.checking.test_packs import ARTICLE, WITH_FILE
from tutor.cli import main
from tutor.errors import LessonError
from tutor.lessons.library import find_lesson, scan
from tutor.lessons.loader import load_lesson
from tutor.lessons.textfile import UnreadableError, read_regular
from tutor.workbench.checking.checking import check


@pytest.fixture
def secret(tmp_path: Path) -> Path:
    """A file of the person's own, beside everything that a stranger brings."""
    path = tmp_path / "secret.txt"
    path.write_text(f"{SECRET}\n", encoding="utf-8")
    return path


# The file that a lesson names


@dataclass(frozen=True)
class Named:
    """A lesson whose article is said to be in the file `file`; `says` is a part of what is answered."""

    name: str
    file: str
    says: str
    plant: Plant = nothing
    links: bool = False


_OUT = "the article must stand in the lesson's folder"
_ANY = "cannot be used on every computer"
_SIGN = "not every computer allows"
NAMED = [
    Named("up", "../secret.txt", _OUT),
    Named("up twice", "../../secret.txt", _OUT),
    Named("down and up", "more/../../secret.txt", _OUT, folder_at("more")),
    Named("only up", "..", _OUT),
    Named("absolute", "{outside}/secret.txt", _OUT),
    Named("absolute with two slashes", "//etc/hostname", _OUT),
    Named("environment of this process", "/proc/self/environ", _OUT),
    Named("endless device", "/dev/zero", _OUT),
    Named("standard input", "/dev/stdin", _OUT),
    Named("home", "~/secret.txt", "is not there"),
    Named("home of somebody", "~root/.ssh/id_rsa", "is not there"),
    Named("variable", "$HOME/secret.txt", "is not there"),
    Named("backslashes up", "..\\secret.txt", _OUT),
    Named("backslash", "more\\article.txt", "folders are parted by /"),
    Named("another computer", "\\\\server\\share\\secret.txt", _OUT),
    Named("another computer with slashes", "//server/share/secret.txt", _OUT),
    Named("device path of Windows", "\\\\?\\C:\\secret.txt", _OUT),
    Named("drive", "C:\\secret.txt", _OUT),
    Named("drive with slashes", "C:/secret.txt", _OUT),
    Named("drive without a slash", "C:secret.txt", _OUT),
    Named("address", "file:///etc/hostname", _SIGN),
    Named("address of the web", "https://evil.example/article.txt", _SIGN),
    Named("hidden stream", "article.txt:evil", _SIGN),
    Named("CON", "CON", _ANY, holding("CON", b"words")),
    Named("NUL with an ending", "nul.txt", _ANY, holding("nul.txt", b"words")),
    Named("COM1 in a folder", "more/COM1", _ANY, holding("more/COM1", b"words")),
    Named("COM with a raised one", "COM\u00b9.txt", _ANY),
    Named("console", "CONIN$", _ANY),
    Named("dot at the end", "article.txt.", _ANY),
    Named("blank at the end", "article.txt ", _ANY),
    Named("folder with a dot at the end", "more./article.txt", _ANY),
    Named("three dots", ".../secret.txt", _ANY),
    Named("percent signs", "%2e%2e%2fsecret.txt", "is not there"),
    Named("percent signs for a slash", "..%2fsecret.txt", "is not there"),
    Named("slash of another script", "..\u2215secret.txt", "is not there"),
    Named("dots of another script", "\u2024\u2024/secret.txt", "is not there"),
    Named("wide dots", "\uff0e\uff0e/secret.txt", "is not there"),
    Named("very long", "a" * 5_000, "cannot be read"),
    Named("very deep", "a/" * 3_000 + "a", "cannot be read"),
    Named("folder", "more", "is a folder", folder_at("more")),
    Named("itself", ".", "is a folder"),
    Named("larger than a text", "article.txt", "larger than 1 MiB", holding("article.txt", bytes((1 << 20) + 1))),
    Named("link out", "article.txt", _OUT, link("article.txt", "../secret.txt"), links=True),
    Named("absolute link out", "article.txt", _OUT, link("article.txt", "/etc/hostname"), links=True),
    Named("link to a link out", "article.txt", _OUT,
          lambda folder: (link("article.txt", "other.txt")(folder), link("other.txt", "../secret.txt")(folder)),
          links=True),
    Named("folder that is a link out", "more/secret.txt", _OUT, link("more", ".."), links=True),
    Named("link to the environment", "article.txt", _OUT, link("article.txt", "/proc/self/environ"), links=True),
    Named("link to an endless device", "article.txt", _OUT, link("article.txt", "/dev/zero"), links=True),
    Named("link to nowhere", "article.txt", "is not there", link("article.txt", "gone.txt"), links=True),
    Named("link to itself", "article.txt", "the article's file ", link("article.txt", "article.txt"), links=True),
    Named("links in a circle", "article.txt", "the article's file ",
          lambda folder: (link("article.txt", "b")(folder), link("b", "article.txt")(folder)), links=True),
    Named("pipe", "article.txt", "is not an ordinary file", pipe("article.txt"), links=True),
    Named("socket", "article.txt", "is not an ordinary file", listening("article.txt"), links=True),
]  # fmt: skip


@pytest.mark.parametrize(
    "case",
    [pytest.param(each, id=each.name, marks=[posix] if each.links else []) for each in NAMED],
)
def test_a_file_that_a_lesson_names_is_one_of_its_folder(case: Named, tmp_path: Path, secret: Path) -> None:
    if case.name in ("CON", "NUL with an ending", "COM1 in a folder") and sys.platform == "win32":
        pytest.skip("no such file can be made there")
    folder = tmp_path / "bus"
    folder.mkdir()
    file = case.file.replace("{outside}", tmp_path.as_posix()).replace("'", "''")
    (folder / "lesson.yaml").write_text(WITH_FILE.replace("article.txt", f"'{file}'"), encoding="utf-8")
    case.plant(folder)
    [mistake] = check(folder).errors
    assert mistake.code in ("article-file-name", "unreadable-file")
    assert case.says in mistake.message, mistake
    assert Path(mistake.file) == folder / "lesson.yaml"
    assert (folder / "lesson.yaml").read_text(encoding="utf-8").splitlines()[mistake.line - 1].startswith("  file: ")
    assert mistake.hint or case.says != _OUT
    assert SECRET not in str(mistake)
    assert secret.read_text(encoding="utf-8") == f"{SECRET}\n"
    # The loader, which learners meet, says the same.
    with pytest.raises(LessonError) as caught:
        load_lesson(folder)
    assert mistake in caught.value.mistakes


def test_a_name_with_a_nul_never_becomes_a_path(tmp_path: Path) -> None:
    (tmp_path / "lesson.yaml").write_text(WITH_FILE.replace("article.txt", '"article.txt\\0.png"'), encoding="utf-8")
    assert check(tmp_path).errors
    with pytest.raises(UnreadableError, match="its name cannot be used"):
        read_regular(Path("article.txt\0.png"))


@pytest.mark.parametrize("name", ["article.txt", "./article.txt", "texts/article.txt", "Caf\u00e9 \u2013 Teil 1.txt"])
def test_plain_names_are_read(name: str, tmp_path: Path) -> None:
    (tmp_path / "lesson.yaml").write_text(WITH_FILE.replace("article.txt", name), encoding="utf-8")
    holding(name, ARTICLE.encode())(tmp_path)
    assert check(tmp_path).findings == ()


@posix
def test_a_link_inside_of_the_folder_is_followed(tmp_path: Path) -> None:
    (tmp_path / "lesson.yaml").write_text(WITH_FILE, encoding="utf-8")
    (tmp_path / "text.txt").write_text(ARTICLE, encoding="utf-8")
    (tmp_path / "article.txt").symlink_to("text.txt")
    assert check(tmp_path).findings == ()


# Files that change while they are read


@posix
def test_a_file_that_becomes_a_link_before_it_is_opened_is_not_read(
    tmp_path: Path, secret: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "bus").mkdir()
    (tmp_path / "bus" / "lesson.yaml").write_text(WITH_FILE, encoding="utf-8")
    article = tmp_path / "bus" / "article.txt"
    article.write_text(ARTICLE, encoding="utf-8")
    real = os.open

    def swapping(path: Path, flags: int, *rest: int) -> int:
        if Path(path) == article:
            article.unlink()
            article.symlink_to(secret)
        return real(path, flags, *rest)

    monkeypatch.setattr("os.open", swapping)
    [mistake] = check(tmp_path / "bus").errors
    assert (mistake.code, SECRET in str(mistake)) == ("unreadable-file", False)


@posix
def test_a_file_that_becomes_a_pipe_before_it_is_opened_does_not_hang(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "lesson.yaml"
    file.write_text(base(), encoding="utf-8")
    real = os.open

    def swapping(path: Path, flags: int, *rest: int) -> int:
        file.unlink()
        os.mkfifo(file)
        return real(path, flags, *rest)

    monkeypatch.setattr("os.open", swapping)
    with pytest.raises(UnreadableError, match="not an ordinary file"):
        read_regular(file)


def test_a_file_that_grows_while_it_is_read_ends_at_the_limit(tmp_path: Path) -> None:
    file, ends = tmp_path / "lesson.yaml", threading.Event()
    file.write_bytes(b"# \n" * 300_000)

    def grow() -> None:
        with file.open("ab") as more:
            while not ends.is_set() and more.tell() < 1 << 25:
                more.write(b"# \n" * 100_000)

    thread = threading.Thread(target=grow)
    thread.start()
    try:
        while file.stat().st_size <= 1 << 20:
            pass
        with pytest.raises(UnreadableError, match="larger than 1 MiB"):
            read_regular(file)
    finally:
        ends.set()
        thread.join()


@pytest.mark.skipif(not Path("/proc/self/environ").exists(), reason="only where processes are files")
@pytest.mark.parametrize("path", ["/proc/self/environ", "/proc/self/cmdline", "/proc/self/maps"])
def test_what_a_kernel_makes_up_is_no_file(path: str) -> None:
    with pytest.raises(UnreadableError, match="is not an ordinary file"):
        read_regular(Path(path))
    [finding] = check(Path(path)).findings
    assert "not an ordinary file" in finding.message


# Folders of lessons in the library


LIBRARY: dict[str, tuple[Plant, str]] = {
    "lesson that is a link out": (link("lesson.yaml", "../../secret.txt"), "is a link that leads out of its folder"),
    "lesson that is a link to the environment": (
        link("lesson.yaml", "/proc/self/environ"), "is a link that leads out of its folder",
    ),
    "lesson that is a link to an endless device": (
        link("lesson.yaml", "/dev/zero"), "is a link that leads out of its folder",
    ),
    "lesson that is a pipe": (pipe("lesson.yaml"), "is not an ordinary file"),
    "lesson that is a socket": (listening("lesson.yaml"), "is not an ordinary file"),
    "lesson that is a folder": (folder_at("lesson.yaml"), "lesson.yaml is "),
    "lesson without an end": (holding("lesson.yaml", b"# \n" * 400_000), "is larger than 1 MiB"),
    "lesson that is a zip": (holding("lesson.yaml", b"PK\x03\x04" + bytes(100)), "a control character (U+0003)"),
}  # fmt: skip


@posix
@pytest.mark.parametrize(("plant", "says"), LIBRARY.values(), ids=LIBRARY)
def test_a_lesson_of_the_library_is_a_file_in_its_folder(
    plant: Plant, says: str, tmp_path: Path, secret: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "lessons" / "bus"
    folder.mkdir(parents=True)
    plant(folder)
    [entry] = scan([tmp_path / "lessons"])
    assert entry.loaded is None
    assert says in str(entry.mistakes[0])
    assert "bus" in str(entry.mistakes[0])
    with pytest.raises(LessonError, match=re.escape(says)):
        load_lesson(find_lesson("bus", [tmp_path / "lessons"]))
    assert main(["learn", "bus", "--lessons", str(tmp_path / "lessons"), "--plain"]) == 1
    shown = capsys.readouterr()
    assert says in shown.err
    assert SECRET not in shown.out + shown.err + str(entry)
    assert secret.exists()


@posix
def test_circles_and_dead_ends_in_the_library_are_passed_over(tmp_path: Path) -> None:
    library = tmp_path / "lessons"
    (library / "bus").mkdir(parents=True)
    (library / "bus" / "lesson.yaml").write_text(base(), encoding="utf-8")
    for name, target in (("loop", "loop"), ("round", "."), ("again", "bus"), ("gone", "nowhere"), ("root", "/proc/1")):
        (library / name).symlink_to(target)
    os.mkfifo(library / "pipe")
    (library / "empty").mkdir()
    (library / "empty" / "lesson.yaml").symlink_to("lesson.yaml")
    assert [entry.id for entry in scan([library])] == ["bus"]


@posix
@pytest.mark.parametrize("name", ["nowhere", "file", "loop", "pipe", "x" * 300])
def test_a_folder_of_lessons_that_is_none_does_no_harm(
    name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").write_text("x", encoding="utf-8")
    (tmp_path / "loop").symlink_to("loop")
    os.mkfifo(tmp_path / "pipe")
    assert main(["learn", "no-such-lesson", "--lessons", str(tmp_path / name), "--plain"]) == 1
    assert f"This folder of lessons is not there: {tmp_path / name}." in capsys.readouterr().err


@pytest.mark.parametrize("name", ["", " ", "a\0b", "~somebody/lessons"])
def test_a_folder_of_lessons_that_cannot_be_one_is_said(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", "--lessons", name]) == 1
    assert "flag --lessons: " in capsys.readouterr().err


# Archives that are no zips; tests/workbench/checking/test_packs.py has the zips


def tar(*members: tuple[str, bytes, str], mode: str = "w") -> bytes:
    """A tar of members: a name, a type of tarfile, and what a link leads to."""
    target = io.BytesIO()
    with tarfile.open(fileobj=target, mode=mode) as archive:  # type: ignore[call-overload]
        for name, kind, leads_to in members:
            info = tarfile.TarInfo(name)
            info.type, info.linkname = kind, leads_to
            archive.addfile(info)
    return target.getvalue()


LESSON_IN_TAR = ("bus/lesson.yaml", tarfile.REGTYPE, "")
ARCHIVES = {
    "tar": tar(LESSON_IN_TAR),
    "tar that leads up": tar(LESSON_IN_TAR, ("../../evil", tarfile.REGTYPE, "")),
    "tar with an absolute name": tar(LESSON_IN_TAR, ("/etc/cron.d/evil", tarfile.REGTYPE, "")),
    "tar with a link out": tar(LESSON_IN_TAR, ("bus/notes.txt", tarfile.SYMTYPE, "../../secret.txt")),
    "tar with a hard link out": tar(LESSON_IN_TAR, ("bus/notes.txt", tarfile.LNKTYPE, "../../secret.txt")),
    "tar with a device": tar(LESSON_IN_TAR, ("bus/zero", tarfile.CHRTYPE, "")),
    "tar with a pipe": tar(LESSON_IN_TAR, ("bus/pipe", tarfile.FIFOTYPE, "")),
    "tar in gzip": tar(LESSON_IN_TAR, mode="w:gz"),
    "tar in bzip2": tar(LESSON_IN_TAR, mode="w:bz2"),
    "tar in xz": tar(LESSON_IN_TAR, mode="w:xz"),
    "7-Zip": b"7z\xbc\xaf\x27\x1c" + bytes(30),
    "RAR": b"Rar!\x1a\x07\x01\x00" + bytes(30),
    "Zstandard": b"\x28\xb5\x2f\xfd" + bytes(30),
}


@pytest.mark.parametrize("data", ARCHIVES.values(), ids=ARCHIVES)
def test_an_archive_that_is_no_zip_is_not_opened(data: bytes, tmp_path: Path) -> None:
    (tmp_path / "pack.tar").write_bytes(data)
    [finding] = check(tmp_path / "pack.tar").findings
    assert (finding.code, finding.message) == ("pack-unreadable", "this archive is no zip")
    assert "pack them as a plain zip" in finding.hint
    assert [each.name for each in tmp_path.iterdir()] == ["pack.tar"]
