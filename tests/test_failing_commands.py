"""The n-th write, fsync, open or rename fails, for every n until a run is clean: of every command that writes."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path

import pytest

from tests.failing import AnyDisk, tree
from tests.journal.desk import STARTED, journal, record, step
from tutor.bootstrap import House
from tutor.cli import main
from tutor.errors import TutorError
from tutor.journal import Draft
from tutor.judges import calibration
from tutor.lessons.loader import load_lesson
from tutor.settings import Settings

LENGTHS = (1, 10_000)
ARTICLE = "The ferry closes\n\nThe ferry closes in May, says harbour master Ada Lund. Nobody was asked.\n"


@pytest.fixture
def disk(monkeypatch: pytest.MonkeyPatch) -> AnyDisk:
    return AnyDisk(monkeypatch)


def _every_failure(disk: AnyDisk, run: Callable[[Path], int], look: Callable[[Path, int], None], folder: Path) -> None:
    """Run with the first call failing, then with the second, and so on until none fails; look at what is left."""
    for length in LENGTHS:
        for first in count(1):
            place = folder / f"{length}-{first}"
            with disk.sound():
                place.mkdir()
            failed = disk.fail_once(first, length)
            status = run(place)
            disk.fails = lambda _: None
            look(place, status)
            if not failed:
                assert status == 0
                assert first > 1
                break


def _said(captured: pytest.CaptureFixture[str], status: int) -> None:
    """Where a command failed, there is a sentence of ours about it, and nothing else."""
    said = captured.readouterr()
    assert "Traceback" not in said.err
    assert "Something went wrong inside" not in said.err
    assert status in (0, 1)
    assert bool(said.err.strip()) == (status == 1)


def test_a_new_lesson_is_there_as_a_whole_or_not_at_all(
    tmp_path: Path, disk: AnyDisk, capsys: pytest.CaptureFixture[str]
) -> None:
    article = tmp_path / "article.txt"
    article.write_text(ARTICLE, encoding="utf-8")

    def run(place: Path) -> int:
        return main(["new", str(article), "--to", str(place / "lesson")])

    def look(place: Path, status: int) -> None:
        _said(capsys, status)
        assert [each.name for each in place.iterdir() if each.name[0] != "."] == (["lesson"] if status == 0 else [])
        if status == 0:
            assert load_lesson(place / "lesson").lesson.title

    _every_failure(disk, run, look, tmp_path)


def test_the_schema_is_there_as_a_whole_or_as_it_was(
    tmp_path: Path, disk: AnyDisk, capsys: pytest.CaptureFixture[str]
) -> None:
    def run(place: Path) -> int:
        with disk.sound():
            (place / "schema.json").write_text("mine", encoding="utf-8")
        return main(["schema", "--out", str(place / "schema.json")])

    def look(place: Path, status: int) -> None:
        _said(capsys, status)
        text = (place / "schema.json").read_text(encoding="utf-8")
        assert text == "mine" if status else json.loads(text)

    _every_failure(disk, run, look, tmp_path)


def test_a_learner_is_forgotten_or_it_is_said_what_is_left(
    tmp_path: Path, disk: AnyDisk, capsys: pytest.CaptureFixture[str]
) -> None:
    def run(place: Path) -> int:
        with disk.sound():
            _fill(place)
        return main(["--data-dir", str(place), "forget", "owl", "--yes"])

    def look(place: Path, status: int) -> None:
        _said(capsys, status)
        assert not tree(place) or status == 1
        if status == 1:
            main(["--data-dir", str(place), "forget", "owl", "--yes"])
            capsys.readouterr()
            # A copy of a lesson may stay: there is nothing of the learner in it.
            assert {name.split("/")[0] for name in tree(place)} <= {"copies"}

    _every_failure(disk, run, look, tmp_path)


def _fill(place: Path) -> None:
    """A session with a draft, copies and pages."""
    book = journal(place)
    book.remember_learner("owl")
    shas = [book.keep_copy(data) for data in (b"lesson", b"article")]
    sitting = book.begin("owl", STARTED.model_copy(update={"lesson_sha": shas[0], "article_sha": shas[1]}))
    record(sitting, step("a"))
    sitting.save_draft(Draft("a", "It"))
    (book.exports_dir("owl") / "page.md").write_text("mine", encoding="utf-8")


def test_the_nickname_is_remembered_as_a_whole_or_as_it_was(tmp_path: Path, disk: AnyDisk) -> None:
    def run(place: Path) -> int:
        with disk.sound():
            journal(place).remember_learner("wren")
        book = journal(place)
        book.remember_learner("owl")
        assert book.last_learner() == "owl"
        return 1 if book.trouble else 0

    def look(place: Path, status: int) -> None:
        assert journal(place).last_learner() in (("wren", "owl") if status else ("owl",))
        assert [each.name for each in place.iterdir() if each.name[0] != "."] == ["learner"]

    _every_failure(disk, run, look, tmp_path)


def test_what_is_too_old_goes_or_stays_whole(tmp_path: Path, disk: AnyDisk, monkeypatch: pytest.MonkeyPatch) -> None:
    then, now = datetime(2024, 1, 1, tzinfo=UTC), datetime(2026, 1, 1, tzinfo=UTC)

    def house(place: Path, at: datetime) -> House:
        return House(Settings(place, (), None, "auto", {}), "owl", now=lambda: at)

    def run(place: Path) -> int:
        with disk.sound():
            _fill(place)
            for path in place.rglob("*"):
                os.utime(path, (then.timestamp(),) * 2)
            since = {name: (now - timedelta(days=500)).isoformat() for name in ("since", "steady")}
            last = {"last": (now - timedelta(days=2)).isoformat()}
            (place / "opened").write_text(json.dumps(since | last), encoding="ascii")
        with disk.sound():
            before = tree(place)
        kept = house(place, now)
        kept.journal.expire(12)
        with disk.sound():
            assert not [name for name in tree(place) if name not in before and ".gone/" not in name and name[0] != "."]
        assert kept.damage() == ()
        return 0

    def look(place: Path, status: int) -> None:
        later = house(place, now + timedelta(days=2))
        later.journal.expire(12)
        assert later.damage() == ()
        assert {name.split("/")[0].split(".")[0] for name in tree(place)} <= {
            "opened",
            "learner",
            "learners",
            "copies",
            "",
        }

    _every_failure(disk, run, look, tmp_path)


def test_a_calibration_is_written_as_a_whole_or_stays(tmp_path: Path, disk: AnyDisk) -> None:
    def run(place: Path) -> int:
        with disk.sound():
            calibration.write(place / "calibration.json", {})
        try:
            calibration.write(place / "calibration.json", {})
        except TutorError:
            return 1
        return 0

    def look(place: Path, status: int) -> None:
        assert calibration.read(place / "calibration.json") == {}
        assert [each.name for each in place.iterdir() if each.name[0] != "."] == ["calibration.json"]

    _every_failure(disk, run, look, tmp_path)
