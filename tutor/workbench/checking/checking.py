"""Checks lessons: a file, a folder, a folder or zip of lessons. Whatever is in them becomes findings with a place."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path, PurePosixPath

from tutor.core.clean import one_line
from tutor.errors import LessonError, Mistake, TutorError
from tutor.lessons.loader import LESSON_FILE, Examined, examine_lesson, examine_packed
from tutor.lessons.mistakes import make_mistake
from tutor.lessons.textfile import UnreadableError
from tutor.workbench.checking.codes import Code, Severity
from tutor.workbench.checking.craft import CRAFT_CODES, craft
from tutor.workbench.checking.loader_codes import LOADER_CODES
from tutor.workbench.checking.packs import PACK_CODES, Budget, Pack, is_zip, lessons_below, link_out, other_archive


class NothingToCheckError(TutorError):
    """There is no lesson where one was looked for."""


@dataclass(frozen=True, slots=True)
class Report:
    """What was found: `lessons` is how many were looked at, `findings` are in the order of their places.

    `files` are the files that were read, or that a lesson names and that were not there.
    """

    lessons: int
    findings: tuple[Mistake, ...]
    files: tuple[Path, ...]

    @property
    def errors(self) -> tuple[Mistake, ...]:
        """What keeps a lesson from being opened."""
        return tuple(each for each in self.findings if severity(each) == "error")

    @property
    def warnings(self) -> tuple[Mistake, ...]:
        """What is a matter of craft."""
        return tuple(each for each in self.findings if severity(each) == "warning")


@cache
def codes() -> dict[str, Code]:
    """Everything that `check` can say, by name."""
    return {code.name: code for code in (*LOADER_CODES, *PACK_CODES, *CRAFT_CODES)}


def severity(finding: Mistake) -> Severity:
    """How much a finding weighs."""
    return codes()[finding.code].severity


def check(path: Path) -> Report:
    """Look at everything at `path`: a lesson's file or folder, or a folder or zip of lessons.

    NothingToCheckError where there is no lesson at all; whatever else is wrong with the files is a finding.
    """
    if not _is(path.exists):
        raise NothingToCheckError(f"There is nothing at {one_line(str(path))}.")
    if is_zip(path):
        return _check_zip(path)
    if _is_folder_of_lessons(path):
        return _check_folder(path)
    if not path.is_dir():
        archive = other_archive(path)
        return Report(0, (archive,), (path,)) if archive else _check_lessons([path], [], Budget(str(path)))
    link = link_out(path / LESSON_FILE, path)
    return _check_lessons([] if link else [path / LESSON_FILE], [link] if link else [], Budget(str(path)))


def lesson_files(path: Path) -> tuple[Path, ...]:
    """The files that `check` would begin with at `path`; none where there is nothing."""
    if _is_folder_of_lessons(path):
        return lessons_below(path).lessons
    return (path / LESSON_FILE if _is(path.is_dir) else path,)


def together(reports: list[Report]) -> Report:
    """Several reports as one."""
    findings = sorted({each for report in reports for each in report.findings})
    files = dict.fromkeys(file for report in reports for file in report.files)
    return Report(sum(report.lessons for report in reports), tuple(findings), tuple(files))


def _is_folder_of_lessons(path: Path) -> bool:
    """Whether this is a folder that is no lesson itself."""
    return _is(path.is_dir) and not _is((path / LESSON_FILE).exists)


def _is(question: Callable[[], bool]) -> bool:
    """The answer to a path's `exists` or `is_dir`, no where the name cannot be one or the machine will not say."""
    try:
        return question()
    except (OSError, ValueError):
        return False


def _check_lessons(files: Sequence[Path], mistakes: Sequence[Mistake], budget: Budget) -> Report:
    findings: list[Mistake] = list(mistakes)
    read: list[Path] = []
    for file in files:
        if not budget.admit(str(file), _size(file)):
            break
        found, articles = _findings(partial(examine_lesson, file), str(file), budget)
        findings += found
        read += [file, *(file.parent / article for article in articles)]
    return _report(findings, read, budget)


def _size(file: Path) -> int:
    try:
        return file.stat().st_size
    except (OSError, ValueError):  # what is wrong with it is said when it is read
        return 0


def _report(findings: Sequence[Mistake], files: Sequence[Path], budget: Budget) -> Report:
    ended = [budget.mistake] if budget.mistake else []
    return Report(budget.lessons, tuple(sorted({*findings, *ended})), tuple(files))


def _check_folder(folder: Path) -> Report:
    found = lessons_below(folder)
    if not found.lessons and not found.mistakes:
        raise NothingToCheckError(f"There is no lesson in {one_line(str(folder))}. {_LOOKS_LIKE}")
    return _check_lessons(found.lessons, found.mistakes, Budget(str(folder)))


def _check_zip(path: Path) -> Report:
    pack = Pack(path)
    if pack.mistakes:
        return Report(0, tuple(sorted(pack.mistakes)), (path,))
    if not pack.lessons:
        raise NothingToCheckError(f"There is no lesson in {one_line(str(path))}. {_LOOKS_LIKE}")
    findings: list[Mistake] = []
    budget = Budget(str(path))
    for name in pack.lessons:
        folder = PurePosixPath(name).parent
        shown = f"{path}/{name}"
        if not budget.admit(shown, pack.size(name)):
            break
        findings += _findings(partial(_examine_packed, pack, folder, shown), shown, budget)[0]
    unused = [] if budget.mistake else pack.unused()
    return _report([*findings, *unused], [path], budget)


_LOOKS_LIKE = f"A lesson is a folder with a {LESSON_FILE} in it."


def _examine_packed(pack: Pack, folder: PurePosixPath, shown: str) -> Examined:
    try:
        source = pack.read(str(folder / LESSON_FILE))
    except UnreadableError as error:
        raise LessonError(f"This lesson {error}.") from None
    named_after = folder.name or PurePosixPath(shown).parent.stem
    return examine_packed(source, shown, named_after, lambda name: pack.read(str(folder / name)))


def _findings(examine: Callable[[], Examined], file: str, budget: Budget) -> tuple[list[Mistake], list[str]]:
    """What there is to say about one lesson, and the names of its articles' files."""
    try:
        examined = examine()
    except LessonError as error:
        return list(error.mistakes) or [make_mistake(file, (1, 1), str(error), code="unreadable-file")], []
    root = examined.root
    if budget.afford(file, examined) and examined.loaded:
        # A lesson that cannot be read as it is meant would draw remarks that are beside the point.
        craft(examined.loaded, root)
    named = [part.get("article").get("file").text for part in (root, root.get("exit"))]
    return root.log.mistakes, [name for name in named if name]
