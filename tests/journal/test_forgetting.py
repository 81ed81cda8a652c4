"""What is kept of a learner goes when somebody says so: all of it, and nothing else."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

from tests.journal.desk import STARTED, files, journal, record, resume, step
from tutor.journal import Draft, Journal, Sitting

posix = pytest.mark.skipif(os.name == "nt", reason="links and modes are those of POSIX")


def session(book: Journal, learner: str, *copies: bytes) -> Sitting:
    """A session with a step done, a half-typed answer and a page; of its lesson and article there are copies."""
    lesson, article = map(book.keep_copy, copies or (b"lesson", b"article"))
    sitting = book.begin(
        learner, STARTED.model_copy(update={"learner": learner, "lesson_sha": lesson, "article_sha": article})
    )
    record(sitting, step("who"))
    sitting.save_draft(Draft("who", "half an answer"))
    (book.exports_dir(learner) / f"{sitting.session}.md").write_text("a page")
    return sitting


def left_of(word: str, folder: Path) -> list[Path]:
    """What still has a word in its name or in its bytes."""
    everything = sorted(folder.rglob("*"))
    return [each for each in everything if word in each.name or (each.is_file() and word.encode() in each.read_bytes())]


def keep(patch: pytest.MonkeyPatch, name: str) -> None:
    """No file of this name can be removed."""
    real = os.unlink

    def unlink(path: Any, **options: Any) -> None:
        if Path(path).name == name:
            raise PermissionError(13, "Permission denied", str(path))
        real(path, **options)

    patch.setattr(os, "unlink", unlink)


def test_nothing_is_left_of_who_is_forgotten(tmp_path: Path) -> None:
    book = journal(tmp_path)
    book.remember_learner("zebra")
    session(book, "zebra")
    resume(book, book.past("zebra")[0])
    (tmp_path / ".learner.torn").write_text("zebr")
    done = journal(tmp_path).forget("zebra")
    assert (done.removed.sessions, done.removed.drafts, done.removed.pages) == (1, 1, 1)
    assert (done.copies, done.was_last, done.left) == (2, True, ())
    assert list(tmp_path.iterdir()) == []


def test_what_is_kept_of_others_is_not_touched(tmp_path: Path) -> None:
    book = journal(tmp_path)
    book.remember_learner("fox")
    session(book, "fox", b"shared lesson", b"article of the fox")
    before = files(tmp_path)
    session(book, "owl", b"shared lesson", b"article of the owl")
    done = book.forget("owl")
    assert (done.copies, done.was_last) == (1, False)
    assert files(tmp_path) == before
    assert book.learners() == ["fox"]


def test_a_copy_that_a_lesson_just_opened_may_need_stays(tmp_path: Path) -> None:
    book = journal(tmp_path)
    session(book, "owl")
    new, old = book.keep_copy(b"about to begin"), book.keep_copy(b"of a session that was lost")
    os.utime(tmp_path / "copies" / old, (0, 0))
    book.forget("owl")
    assert [each.name for each in (tmp_path / "copies").iterdir()] == [new]


def test_copies_stay_where_nobody_can_tell_who_needs_them(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    book = journal(tmp_path)
    session(book, "owl")
    session(book, "fox", b"another lesson", b"another article")
    copies = set((tmp_path / "copies").iterdir())
    real = Path.iterdir

    def closed(path: Path) -> Any:
        if path.name.startswith("fox-"):
            raise PermissionError(13, "Permission denied", str(path))
        return real(path)

    monkeypatch.setattr(Path, "iterdir", closed)
    [sentence] = book.forget("owl").left
    assert "All copies of lessons stay" in sentence
    assert "fox-" in sentence
    assert set(real(tmp_path / "copies")) == copies
    assert left_of("owl", tmp_path) == []


@posix
def test_a_link_is_removed_and_not_followed(tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    (outside / "folder").mkdir(parents=True)
    (outside / "folder" / "mine.jsonl").write_text("mine")
    before = files(outside)
    book = journal(tmp_path / "data")
    session(book, "owl")
    [folder] = (tmp_path / "data" / "learners").iterdir()
    for place in (folder / "link", folder / "exports" / "link", next(folder.glob("0*[0-9]")) / "link"):
        place.symlink_to(outside / "folder")
    (folder / "exports" / "file.md").symlink_to(outside / "folder" / "mine.jsonl")
    assert book.forget("owl").left == ()
    assert left_of("owl", tmp_path) == []
    assert files(outside) == before

    (tmp_path / "data" / "learners").mkdir(parents=True)
    folder.symlink_to(outside)
    assert book.forget("owl").left == ()
    assert not folder.is_symlink()
    assert files(outside) == before


def test_what_could_not_be_removed_is_said_and_the_rest_goes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    book = journal(tmp_path)
    book.remember_learner("owl")
    session(book, "owl")
    session(book, "owl")
    stubborn = next(tmp_path.glob("learners/owl-*/*/*.jsonl"))
    with monkeypatch.context() as patch:
        keep(patch, stubborn.name)
        done = book.forget("owl")
    [sentence] = done.left
    assert sentence.startswith(f"{stubborn} is still there (Permission denied). Close Closeread in all windows")
    assert (done.removed.sessions, done.removed.drafts, done.removed.pages) == (1, 2, 2)
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == [stubborn]

    assert book.kept("owl")  # the same command goes on from there
    assert book.forget("owl").left == ()
    assert list(tmp_path.iterdir()) == []


def test_a_nickname_that_stays_is_not_said_to_be_gone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    book = journal(tmp_path)
    book.remember_learner("owl")
    session(book, "owl")
    with monkeypatch.context() as patch:
        keep(patch, "learner")
        done = book.forget("owl")
    assert book.last_learner() == "owl"
    assert not done.was_last
    [sentence] = done.left
    assert sentence.startswith(f"{tmp_path / 'learner'} is still there (Permission denied). ")
    assert book.forget("owl").was_last
    assert list(tmp_path.iterdir()) == []


def test_a_nickname_is_found_however_its_accent_was_typed(tmp_path: Path) -> None:
    book = journal(tmp_path)
    session(book, "zoe\u0308")
    assert book.kept("zo\u00eb")
    book.forget("zo\u00eb")
    assert list(tmp_path.iterdir()) == []


def test_who_never_began_a_lesson_can_be_forgotten(tmp_path: Path) -> None:
    book = journal(tmp_path)
    book.remember_learner("owl")
    assert book.learners() == ["owl"]
    assert book.kept("fox") is None
    assert book.kept("owl")
    book.forget("owl")
    assert (book.learners(), list(tmp_path.iterdir())) == ([], [])


def test_a_folder_with_another_ones_nickname_in_it_is_not_listed_under_that(tmp_path: Path) -> None:
    book = journal(tmp_path)
    session(book, "owl")
    session(book, "fox")
    [fox] = tmp_path.glob("learners/fox-*")
    (fox / "nickname").write_text("owl")
    assert book.learners() == ["owl"]
    book.forget("owl")
    assert fox.is_dir()
