"""What ships: the lessons load, the supplied article is untouched, and finding them costs nothing."""

import hashlib
import subprocess
import sys
from pathlib import Path

import pytest

from tutor.core.lesson import Find, Lesson, RubricStep
from tutor.lessons.library import scan
from tutor.lessons.taxonomy_file import shipped_taxonomy
from tutor.resources import lessons_dir, prompts_dir

CHECKOUT = Path(__file__).parents[2]
FOLDERS = sorted(folder for folder in (CHECKOUT / "lessons").iterdir() if folder.is_dir())


def test_lessons_and_prompts_stand_beside_the_checkout() -> None:
    assert lessons_dir() == CHECKOUT / "lessons"
    assert prompts_dir() == CHECKOUT / "prompts"


def test_finding_the_folders_loads_no_library() -> None:
    code = "import sys, tutor.resources; sys.exit(bool({'pydantic', 'yaml', 'textual'} & set(sys.modules)))"
    assert subprocess.run([sys.executable, "-c", code], cwd=CHECKOUT, check=False).returncode == 0


def test_in_an_installed_program_they_are_found_inside_it(tmp_path: Path) -> None:
    for folder in ("lessons", "prompts"):
        (tmp_path / "tutor" / "_data" / folder).mkdir(parents=True)
    (tmp_path / "lessons").mkdir()
    for module in ("__init__", "resources"):
        (tmp_path / "tutor" / f"{module}.py").write_bytes((CHECKOUT / "tutor" / f"{module}.py").read_bytes())
    code = "from tutor.resources import *; print(lessons_dir(), prompts_dir(), sep='\\n')"
    shown = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=True
    ).stdout
    data = tmp_path.resolve() / "tutor" / "_data"
    assert shown.splitlines() == [str(data / "lessons"), str(data / "prompts")]


def test_every_lesson_that_ships_loads() -> None:
    entries = scan([lessons_dir()])
    assert [entry.path.parent for entry in entries] == FOLDERS
    assert FOLDERS
    assert [str(mistake) for entry in entries for mistake in entry.mistakes] == []


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_a_shipped_lesson_says_for_whom_it_is_and_under_which_licence(folder: Path) -> None:
    [entry] = scan([folder])
    assert entry.loaded
    assert entry.id == folder.name
    assert entry.goal
    assert entry.ages
    assert entry.minutes
    assert entry.loaded.lesson.licence
    assert entry.loaded.lesson.authors


def test_the_supplied_article_is_byte_for_byte_what_was_supplied() -> None:
    article = (lessons_dir() / "lavrov-syria" / "article.txt").read_bytes()
    assert hashlib.sha256(article).hexdigest() == "5e3c9a0a32388599052c00d3eebcb4a02355f9c6c33dfe3ac2b08364b129c552"


ALL = [entry.loaded.lesson for entry in scan([lessons_dir()]) if entry.loaded]
OURS = [lesson for lesson in ALL if lesson.id != "lavrov-syria"]


def named(lesson: Lesson) -> str:
    return lesson.id


@pytest.mark.parametrize("lesson", ALL, ids=named)
def test_a_shipped_lesson_has_parts_that_fit_into_a_school_hour_and_an_exit_ticket(lesson: Lesson) -> None:
    parts = {step.part for step in lesson.steps}
    assert None not in parts
    assert (lesson.minutes or 0) <= 20 * len(parts)
    assert lesson.exit
    assert any(isinstance(step, RubricStep) for step in lesson.exit.steps)


@pytest.mark.parametrize("lesson", ALL, ids=named)
def test_a_shipped_lesson_teaches_trust_as_well_as_doubt(lesson: Lesson) -> None:
    sound = {mark.id for mark in lesson.marks if mark.sound}
    assert len(sound) >= 4
    assert any(isinstance(step, Find) and sound & {*step.targets, *step.decoys} for step in lesson.steps)


@pytest.mark.parametrize("lesson", OURS, ids=named)
def test_a_lesson_on_a_text_of_ours_says_that_it_is_made_up(lesson: Lesson) -> None:
    assert 10 <= len(lesson.steps) <= 14
    assert "made up" in lesson.article.licence
    assert "made up" in lesson.steps[0].ask
    assert lesson.exit
    assert "made up" in lesson.exit.article.licence


def test_who_flags_everything_does_badly_at_the_sound_story() -> None:
    lesson = next(lesson for lesson in OURS if lesson.id == "footbridge")
    assert sum(mark.sound for mark in lesson.marks) > len(lesson.marks) / 2


def test_together_they_train_every_skill_and_many_techniques() -> None:
    taxonomy = shipped_taxonomy()
    steps = [step for lesson in ALL for step in (*lesson.steps, *(lesson.exit.steps if lesson.exit else ()))]
    assert {skill for step in steps for skill in step.skills} == set(taxonomy.skills)
    marks = [mark for lesson in ALL for mark in (*lesson.marks, *(lesson.exit.marks if lesson.exit else ()))]
    assert len({technique for mark in marks for technique in mark.techniques}) >= 15
