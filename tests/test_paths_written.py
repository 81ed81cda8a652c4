"""What is written, and under which name: no nickname, no id, no link and no device leads it elsewhere.

What names are read is in test_paths.py.
"""

from __future__ import annotations

import io
import os
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.journal.desk import STARTED, journal, record, step
from tests.planting import SECRET, Plant, folder_at, link, listening, nothing, pipe, posix
from tests.report.small import finished
from tests.workbench.checking.pages import base
from tests.workbench.checking.test_packs import ARTICLE
from tutor.cli import main
from tutor.errors import JournalError, LessonError
from tutor.journal import Draft
from tutor.lessons.library import find_lesson
from tutor.lessons.loader import load_lesson
from tutor.report.export import write_files
from tutor.workbench.checking.checking import check


@pytest.fixture
def secret(tmp_path: Path) -> Path:
    """A file of the person's own, beside everything that a stranger brings."""
    path = tmp_path / "secret.txt"
    path.write_text(f"{SECRET}\n", encoding="utf-8")
    return path


# Nicknames


NICKNAMES = [
    "..", ".", "/", "../../etc/passwd", "/etc/passwd", "a/b", "a\\b", "C:\\x", "~", "CON", "nul", "COM1.txt", "-rf",
    "a\0b", "x" * 100_000, "owl.", "owl ", " owl", "OWL", "owl",
    "\u00f6wl", "o\u0301wl", "\u043ewl", "\uff4f\uff57\uff4c", "\u202elwo",
    "$HOME", "%2e%2e", "owl\n", "exports", "nickname", "\U0001f989", "\ud800",
]  # fmt: skip


def test_no_nickname_is_a_path_and_no_two_share_a_folder(tmp_path: Path) -> None:
    data = tmp_path / "data"
    book = journal(data)
    for nickname in NICKNAMES:
        sitting = book.begin(nickname, STARTED)
        sitting.save_draft(Draft("who", "half"))
        assert sitting.trouble is None, nickname
    folders = [*(data / "learners").iterdir()]
    assert [each.name for each in tmp_path.iterdir()] == ["data"]
    assert len({each.name.casefold() for each in folders}) == len(NICKNAMES)
    assert all(re.fullmatch(r"[a-z0-9-]{1,40}", each.name) for each in folders)
    assert [len(book.past(each)) for each in NICKNAMES] == [1] * len(NICKNAMES)
    assert len(book.past("\u00f3wl")) == 1, "one spelling of a letter with an accent is the other"


def test_a_nickname_that_is_a_path_stays_in_its_place_in_a_lesson(
    tmp_path: Path, secret: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("/quit\n"))
    data = tmp_path / "data"
    words = ["learn", "footbridge", "--plain", "--as", "../../secret.txt", "--data-dir", str(data)]
    assert main(words) == 0
    capsys.readouterr()
    assert sorted(each.name for each in tmp_path.iterdir()) == ["data", "secret.txt"]
    assert main(["forget", "../../secret.txt", "--yes", "--data-dir", str(data)]) == 0
    assert secret.read_text(encoding="utf-8") == f"{SECRET}\n"


@pytest.mark.parametrize("wanted", ["../../secret.txt", "..", "/", "a\0b", "x" * 100_000, "bus/../../secret.txt"])
def test_a_lesson_is_never_found_by_leading_out_of_the_library(wanted: str, tmp_path: Path, secret: Path) -> None:
    library = tmp_path / "lessons"
    (library / "bus").mkdir(parents=True)
    (library / "bus" / "lesson.yaml").write_text(base(), encoding="utf-8")
    with pytest.raises(LessonError) as caught:
        load_lesson(find_lesson(wanted, [library]))
    assert SECRET not in str(caught.value)
    assert secret.exists()


@pytest.mark.parametrize(
    "name", ["../up", "/etc/x", "a/b", "a\\b", "..", ".", "", "a b", "CON/x", "x" * 200, "\u043ewl"]
)
def test_an_id_of_a_lesson_is_no_path(name: str, tmp_path: Path) -> None:
    (tmp_path / "lesson.yaml").write_text(f"id: '{name}'\n{base()}", encoding="utf-8")
    assert {each.code for each in check(tmp_path).errors} <= {"bad-id", "empty-field"}
    assert check(tmp_path).errors


# What somebody may have laid out in the data folder


def test_a_session_that_calls_itself_by_a_path_is_not_gone_on_with(tmp_path: Path) -> None:
    book = journal(tmp_path / "data")
    sitting = book.begin("owl", STARTED)
    record(sitting, step("who"))
    [sheet] = tmp_path.rglob("*.jsonl")
    text = sheet.read_text(encoding="utf-8")
    sheet.write_text(text.replace(f'"session":"{sitting.session}"', '"session":"../../../evil"'), encoding="utf-8")
    again = journal(tmp_path / "data", "b")
    assert again.past("owl") == []
    assert "belongs to another file" in " ".join(again.unreadable("owl"))


@posix
@pytest.mark.parametrize(
    "plant", [pipe, lambda name: link(name, "/dev/zero"), folder_at, lambda name: link(name, name)]
)
def test_what_is_no_file_in_the_data_folder_neither_hangs_nor_crashes(
    plant: Callable[[str], Plant], tmp_path: Path
) -> None:
    data = tmp_path / "data"
    book = journal(data)
    sitting = book.begin("owl", STARTED)
    book.remember_learner("owl")
    sha = book.keep_copy(b"a lesson")
    sitting.save_draft(Draft("who", "half"))
    [draft] = data.rglob("*.draft.json")
    [sheet] = data.rglob("*.jsonl")
    for path in (data / "learner", data / "copies" / sha, draft, sheet):
        path.unlink()
        plant(path.name)(path.parent)
    again = journal(data, "b")
    assert again.last_learner() is None
    assert again.copy(sha) is None
    assert sitting.draft() in (None, Draft("who", "half"))
    assert again.past("owl") == []


@posix
def test_a_link_in_the_place_of_a_draft_or_the_last_nickname_is_replaced_and_not_written_through(
    tmp_path: Path, secret: Path
) -> None:
    data = tmp_path / "data"
    book = journal(data)
    sitting = book.begin("owl", STARTED)
    sitting.save_draft(Draft("who", "half"))
    book.remember_learner("owl")
    [draft] = data.rglob("*.draft.json")
    for path in (draft, data / "learner"):
        path.unlink()
        path.symlink_to(secret)
    sitting.save_draft(Draft("who", "half a"))
    book.remember_learner("fox")
    assert not draft.is_symlink()
    assert not (data / "learner").is_symlink()
    assert secret.read_text(encoding="utf-8") == f"{SECRET}\n"


# Pages, and files that a command writes


def export(folder: Path) -> tuple[Path, Path]:
    walk = finished()
    return write_files(folder, walk.lesson, walk.session, walk.events, nickname="fox", when="2026-11-22")


@posix
@pytest.mark.parametrize("name", ["bike-lane-2026-11-22.md", "bike-lane-2026-11-22.html"])
@pytest.mark.parametrize(
    "plant",
    [
        lambda name: link(name, "../secret.txt"),
        lambda name: link(name, "nowhere"),
        lambda name: link(name, "/dev/zero"),
        lambda name: link(name, name),
        lambda name: link(name, "/dev/full"),
        pipe,
        listening,
        folder_at,
    ],
    ids=["link", "link to nowhere", "endless device", "link to itself", "full device", "pipe", "socket", "folder"],
)
def test_what_lies_in_the_place_of_a_page_is_left_alone(
    plant: Callable[[str], Plant], name: str, tmp_path: Path, secret: Path
) -> None:
    folder = tmp_path / "exports"
    folder.mkdir()
    plant(name)(folder)
    before = os.lstat(folder / name)
    paths = export(folder)
    assert [path.name for path in paths] == ["bike-lane-2026-11-22-2.md", "bike-lane-2026-11-22-2.html"]
    assert os.lstat(folder / name).st_ino == before.st_ino
    assert secret.read_text(encoding="utf-8") == f"{SECRET}\n"


@posix
def test_a_link_that_looks_like_ones_own_page_is_not_written_through(tmp_path: Path, secret: Path) -> None:
    folder = tmp_path / "exports"
    page, _ = export(folder)
    stamp = page.read_bytes().splitlines()[-1]
    secret.write_bytes(secret.read_bytes() + stamp + b"\n")
    page.unlink()
    page.symlink_to(secret)
    again, _ = export(folder)
    assert again != page
    assert secret.read_text(encoding="utf-8").startswith(SECRET)


@posix
def test_a_folder_of_pages_that_is_a_link_is_said(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "exports").symlink_to("elsewhere")
    with pytest.raises(JournalError, match=r"exports is a link to another place\. .* Take the link away"):
        export(tmp_path / "exports")
    assert [*(tmp_path / "elsewhere").iterdir()] == []


OUT: dict[str, tuple[Plant, str]] = {
    "link": (link("out.json", "secret.txt"), "is a link, and nothing is written through one"),
    "link to nowhere": (link("out.json", "nowhere"), "is a link, and nothing is written through one"),
    "link to itself": (link("out.json", "out.json"), "is a link, and nothing is written through one"),
    "folder": (folder_at("out.json"), "is no ordinary file"),
    "pipe without a reader": (pipe("out.json"), "is no ordinary file"),
    "socket": (listening("out.json"), "is no ordinary file"),
}


@posix
@pytest.mark.parametrize(("plant", "says"), OUT.values(), ids=OUT)
def test_the_schema_is_not_written_through_what_is_no_file(
    plant: Plant, says: str, tmp_path: Path, secret: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    plant(tmp_path)
    assert main(["schema", "--out", str(tmp_path / "out.json")]) == 1
    shown = capsys.readouterr().err
    assert says in shown
    assert "Choose another place" in shown
    assert secret.read_text(encoding="utf-8") == f"{SECRET}\n"
    assert not (tmp_path / "nowhere").exists()


@posix
def test_the_schema_is_not_written_into_a_file_that_has_a_second_name(
    tmp_path: Path, secret: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "out.json").hardlink_to(secret)
    assert main(["schema", "--out", str(tmp_path / "out.json")]) == 0
    assert capsys.readouterr().out.startswith("Written: ")
    assert secret.read_text(encoding="utf-8") == f"{SECRET}\n"


@pytest.mark.parametrize("name", ["no/such/folder/x.json", "a\0b", "x" * 300])
def test_a_place_where_no_schema_can_be_written_is_said(
    name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["schema", "--out", f"{tmp_path}/{name}"]) == 1
    assert "Choose another place" in capsys.readouterr().err


def test_the_schema_takes_the_place_of_a_longer_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "out.json").write_text("x" * 1_000_000, encoding="utf-8")
    assert main(["schema", "--out", str(tmp_path / "out.json")]) == 0
    capsys.readouterr()
    assert main(["schema"]) == 0
    assert (tmp_path / "out.json").read_text(encoding="utf-8") == capsys.readouterr().out


NEW: dict[str, tuple[str, Plant, str]] = {
    "link to a file": ("made", link("made", "secret.txt"), "is a file"),
    "link to nowhere": ("made", link("made", "nowhere"), "is a file"),
    "link to itself": ("made", link("made", "made"), "is a file"),
    "pipe": ("made", pipe("made"), "is a file"),
    "lesson that is a link": (
        "made", lambda at: (folder_at("made")(at), link("made/lesson.yaml", "../secret.txt")(at)), "a lesson in",
    ),
    "article that leads nowhere": (
        "made", lambda at: (folder_at("made")(at), link("made/article.txt", "../nowhere")(at)), "article.txt in",
    ),
    "below a file": ("secret.txt/made", nothing, "cannot be written"),
    "name with a NUL": ("a\0b", nothing, "cannot be written"),
    "long name": ("x" * 300, nothing, "cannot be written"),
}  # fmt: skip


@posix
@pytest.mark.parametrize(("where", "plant", "says"), NEW.values(), ids=NEW)
def test_a_new_lesson_overwrites_nothing_and_follows_nothing(  # noqa: PLR0917  a row of the table, and the stage
    where: str, plant: Plant, says: str, tmp_path: Path, secret: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "text.txt").write_text(f"Night bus to stop\n\n{ARTICLE}", encoding="utf-8")
    plant(tmp_path)
    before = sorted(path.name for path in tmp_path.iterdir())
    assert main(["new", str(tmp_path / "text.txt"), "--to", f"{tmp_path}/{where}"]) == 1
    shown = capsys.readouterr().err
    assert says in shown
    assert "--to FOLDER" in shown
    assert sorted(path.name for path in tmp_path.iterdir()) == before
    assert secret.read_text(encoding="utf-8") == f"{SECRET}\n"
