"""The library: the lessons in some folders, and how to find one by its name."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from tutor.core.clean import one_line
from tutor.core.lesson import Lesson
from tutor.errors import LessonError, Mistake
from tutor.lessons.loader import LESSON_FILE, Loaded, load_lesson
from tutor.lessons.mistakes import Suggester, make_mistake


@dataclass(frozen=True, slots=True)
class Entry:
    """A lesson as the library lists it: what it is about, or why it cannot be opened.

    `path` is the lesson's file. `loaded` is None exactly where there are `mistakes`; then title and id are the name of
    the lesson's folder, and the counts are 0. `steps` leaves the exit ticket out; `parts` is 1 where no step names one.
    """

    id: str
    path: Path
    title: str
    ages: tuple[int, int] | None
    minutes: int | None
    parts: int
    steps: int
    goal: str
    loaded: Loaded | None
    mistakes: tuple[Mistake, ...]


def scan(folders: Sequence[Path]) -> list[Entry]:
    """Every lesson of these folders, in their order and by name; a lesson with mistakes is listed with them.

    A lesson is a folder with a `lesson.yaml` in it: one of `folders` itself, or a folder inside one of them.
    """
    return [_entry(file) for file in _lesson_files(folders)]


def find_lesson(name_or_path: str | Path, folders: Sequence[Path]) -> Path:
    """The file of a lesson, by the name of its folder, by its id or by its path; LessonError where there is none.

    A name in the library comes before a folder of that name where one happens to be.
    """
    wanted = str(name_or_path)
    files = list(_lesson_files(folders))
    is_name = isinstance(name_or_path, str) and Path(wanted).name == wanted and not wanted.endswith((".yaml", ".yml"))
    if is_name:
        named = [file for file in files if file.parent.name == wanted]
        named = named or [entry.path for entry in map(_entry, files) if entry.id == wanted]
        if named:
            return named[0]
    path = Path(wanted)
    if wanted and _is(path.is_dir):
        path = path / LESSON_FILE
    if wanted and _is(path.exists):
        return path
    raise LessonError(_not_found(wanted, is_name, files, folders))


def _not_found(wanted: str, is_name: bool, files: list[Path], folders: Sequence[Path]) -> str:
    shown = one_line(wanted[:200])
    names = [one_line(file.parent.name) for file in files]
    if is_name:
        sentences = [f'There is no lesson called "{shown}".', Suggester().did_you_mean(wanted, names)]
        sentences.append(f"The library has: {', '.join(names)}." if names else "The library is empty.")
    else:
        near = [*_names_beside(Path(wanted)), *names]
        sentences = [f'There is no lesson at "{shown}".', Suggester().did_you_mean(Path(wanted).name, near)]
    missing = [one_line(str(folder)) for folder in folders if not _is(folder.is_dir)]
    sentences += [f"This folder of lessons is not there: {folder}." for folder in missing]
    return " ".join(sentence for sentence in sentences if sentence)


def _names_beside(path: Path) -> list[str]:
    try:
        return [one_line(name) for name in sorted(os.listdir(path.parent))[:200]]  # noqa: PTH208  names are all that is wanted
    except (OSError, ValueError):
        return []


def _lesson_files(folders: Sequence[Path]) -> Iterator[Path]:
    seen: set[Path] = set()
    for folder in folders:
        for place in (folder, *_folders_in(folder)):
            file = place / LESSON_FILE
            if _is(file.exists) and (real := file.resolve()) not in seen:
                seen.add(real)
                yield file


def _folders_in(folder: Path) -> list[Path]:
    try:
        return sorted(each for each in folder.iterdir() if not each.name.startswith(".") and _is(each.is_dir))
    except (OSError, ValueError):
        return []


def _is(question: Callable[[], bool]) -> bool:
    """The answer to a path's `exists` or `is_dir`, no where the machine will not say."""
    try:
        return question()
    except (OSError, ValueError):
        return False


def _entry(file: Path) -> Entry:
    name = one_line(file.parent.resolve().name)
    try:
        loaded = load_lesson(file.parent)
    except LessonError as error:
        mistakes = error.mistakes or (make_mistake(str(file), (1, 1), str(error), code="unreadable-file"),)
        return Entry(name, file, name, None, None, 0, 0, "", None, mistakes)
    lesson = loaded.lesson
    return Entry(
        id=lesson.id,
        path=file,
        title=one_line(lesson.title),
        ages=lesson.ages,
        minutes=lesson.minutes,
        parts=_count_parts(lesson),
        steps=len(lesson.steps),
        goal=one_line(lesson.goal or ""),
        loaded=loaded,
        mistakes=(),
    )


def _count_parts(lesson: Lesson) -> int:
    return len({step.part for step in lesson.steps if step.part}) or 1
