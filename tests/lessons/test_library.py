"""The library lists every lesson, also a broken one, and finds one by what a person would type."""

import os
from pathlib import Path

import pytest

from tests.lessons.written import EVERY_FIELD
from tutor.errors import LessonError
from tutor.lessons.library import find_lesson, scan
from tutor.lessons.loader import load_lesson


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder of lessons: a good one, broken ones, and what is none."""
    folder = tmp_path / "lessons"
    for name, text in [
        ("boats", EVERY_FIELD),
        ("broken", EVERY_FIELD.replace("stuck: why", "stuck: wy").replace("fact: price", "fact: prize")),
        ("garbled", "a: [\n"),
        ("whole", EVERY_FIELD.replace("id: ferry\n", "").replace("  part: One\n", "").replace("  part: Two\n", "")),
        (".hidden", EVERY_FIELD),
    ]:
        (folder / name).mkdir(parents=True)
        (folder / name / "lesson.yaml").write_text(text, encoding="utf-8")
    (folder / "taxonomy.yaml").write_text("taxonomy: 1\n", encoding="utf-8")
    (folder / "notes").mkdir()
    return folder


def test_lessons_are_listed_with_what_they_are_about(folder: Path) -> None:
    boats, _, _, whole = scan([folder])
    assert (boats.id, boats.title, boats.ages, boats.minutes) == ("ferry", "The ferry", (12, 14), 20)
    assert (boats.parts, boats.steps, boats.goal) == (2, 5, "See who says what.")
    assert (boats.path, boats.mistakes) == (folder / "boats" / "lesson.yaml", ())
    assert boats.loaded == load_lesson(boats.path)
    assert (whole.id, whole.parts) == ("whole", 1)


def test_a_lesson_with_mistakes_is_listed_with_them(folder: Path) -> None:
    _, broken, garbled, _ = scan([folder])
    assert (broken.id, broken.title, broken.loaded) == ("broken", "broken", None)
    assert [mistake.offending for mistake in broken.mistakes] == ["prize", "wy"]
    assert [mistake.message for mistake in garbled.mistakes] == ["something is missing here"]


def test_a_lesson_that_cannot_be_read_is_listed_with_the_reason(folder: Path) -> None:
    (folder / "odd" / "lesson.yaml").mkdir(parents=True)
    [odd] = [entry for entry in scan([folder]) if entry.id == "odd"]
    assert "is a folder, not a file" in str(odd.mistakes[0])


def test_a_folder_may_be_a_lesson_be_named_twice_or_be_missing(folder: Path) -> None:
    assert [entry.id for entry in scan([folder / "boats", folder / "none", folder / "boats"])] == ["ferry"]
    assert len(scan([folder, folder / "boats", folder])) == 4
    assert scan([]) == scan([folder / "taxonomy.yaml"]) == []


def test_a_name_in_the_library_cannot_act_on_the_terminal(folder: Path) -> None:
    if os.name == "nt":
        pytest.skip("no such name there")
    (folder / "a\x1b[2J").mkdir()
    (folder / "a\x1b[2J" / "lesson.yaml").write_text("a: 1", encoding="utf-8")
    entry = scan([folder])[0]
    assert "\x1b" not in entry.id + entry.title + "".join(map(str, entry.mistakes))


@pytest.mark.parametrize("wanted", ["boats", "ferry", "{}/boats", "{}/boats/lesson.yaml", "{}/boats/"])
def test_a_lesson_is_found_by_folder_id_and_path(folder: Path, wanted: str) -> None:
    assert find_lesson(wanted.format(folder), [folder]) == folder / "boats" / "lesson.yaml"


def test_a_lesson_with_mistakes_is_found_so_that_they_can_be_shown(folder: Path) -> None:
    assert find_lesson("broken", [folder]) == folder / "broken" / "lesson.yaml"


def test_the_library_comes_before_a_folder_that_happens_to_be_here(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("boats", "mine"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "lesson.yaml").write_text(EVERY_FIELD, encoding="utf-8")
    (tmp_path / "flat.yaml").write_text(EVERY_FIELD, encoding="utf-8")
    assert find_lesson("boats", [folder]) == folder / "boats" / "lesson.yaml"
    assert find_lesson("./boats", [folder]) == Path("boats/lesson.yaml")
    assert find_lesson(Path("boats"), [folder]) == Path("boats/lesson.yaml")
    assert find_lesson("mine", [folder]) == Path("mine/lesson.yaml")
    assert find_lesson("flat.yaml", [folder]) == Path("flat.yaml")


def test_earlier_folders_come_first(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "own" / "boats").mkdir(parents=True)
    (tmp_path / "own" / "boats" / "lesson.yaml").write_text(EVERY_FIELD, encoding="utf-8")
    assert find_lesson("boats", [tmp_path / "own", folder]) == tmp_path / "own" / "boats" / "lesson.yaml"


@pytest.mark.parametrize(
    ("wanted", "said"),
    [
        ("boat", 'There is no lesson called "boat". Did you mean "boats"? The library has: boats, broken, garbled'),
        ("xyz", 'There is no lesson called "xyz". The library has: boats, broken, garbled, whole.'),
        ("", 'There is no lesson called "". The library has'),
        ("\x1b]0;x\x07", 'There is no lesson called "]0;x".'),
        ("nowhere/boats", 'There is no lesson at "nowhere/boats". Did you mean "boats"?'),
        ("boats.yaml", 'There is no lesson at "boats.yaml".'),
        ("x" * 5000, 'There is no lesson called "xxx'),
        ("nul\0", 'There is no lesson called "nul".'),
    ],
)  # fmt: skip
def test_what_is_not_found_is_said_with_what_there_is(folder: Path, wanted: str, said: str) -> None:
    with pytest.raises(LessonError) as caught:
        find_lesson(wanted, [folder])
    assert str(caught.value).startswith(said)
    assert caught.value.mistakes == ()


def test_a_folder_of_lessons_that_is_missing_is_named_when_a_lesson_is_not_found(tmp_path: Path) -> None:
    with pytest.raises(LessonError, match=r"The library is empty\. This folder of lessons is not there: .*none\."):
        find_lesson("boats", [tmp_path / "none"])
