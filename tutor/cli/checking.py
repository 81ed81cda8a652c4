"""`closeread check`: what keeps lessons from being opened, and what could be better in them."""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from tutor.cli.common import add_common, open_house
from tutor.core.clean import one_line
from tutor.errors import LessonError

if TYPE_CHECKING:
    from tutor.cli.common import Commands
    from tutor.workbench.checking.checking import Report

_EPILOG = """examples:
  closeread check                        the lessons of the library
  closeread check my-lesson              a lesson: its folder, its file, or its name in the library
  closeread check my-lessons             a folder of lessons, at any depth
  closeread check pack.zip               a zip of lessons; nothing is unpacked to disk, and nothing in it is run
  closeread check --explain no-hints     more about one code
  closeread check my-lesson --watch      ... and again whenever a file is saved; Ctrl+C ends it

each finding is a line:
  FILE:LINE:COLUMN: error|warning CODE: what is wrong. What to do.
  An error keeps a lesson from being opened, a warning does not. --explain CODE has more about each, with a bad and a
  good example.

exit status:
  0  nothing is wrong, or there are only warnings
  1  there are errors
  2  the command line is wrong, or there is no lesson where it points to

with --json, one object:
  lessons   how many were checked
  counts    {errors, warnings}
  findings  list of {file, line, column, severity, code, message, offending, hint, page}, in the order of their places;
            lines and columns count from 1, severity is error or warning, offending is the text that is meant (or ""),
            page is the file in the documentation
"""


def add_commands(commands: Commands) -> None:
    """Add `check`."""
    check = commands.add_parser(
        "check",
        help="find what is wrong in lessons, and what could be better",
        description="Look through lessons: everything that keeps one from being opened, and the craft of a good one.",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    check.add_argument("lessons", metavar="LESSON", nargs="*", help="paths or names; all of the library without any")
    form = check.add_mutually_exclusive_group()
    form.add_argument("--json", action="store_const", dest="form", const="json", help="one object for programs")
    form.add_argument("--github", action="store_const", dest="form", const="github", help="notes for GitHub workflows")
    check.add_argument("--explain", metavar="CODE", help="show the page about a code, and check nothing")
    check.add_argument("--watch", action="store_true", help="look again whenever a file has changed")
    add_common(check)
    check.set_defaults(handle=_check)


def _check(arguments: argparse.Namespace) -> int:
    from tutor.workbench.checking.checking import lesson_files  # noqa: PLC0415
    from tutor.workbench.checking.watching import watch  # noqa: PLC0415

    if arguments.explain:
        return _explain(arguments.explain)
    folders = open_house(arguments).folders
    targets, status = [folder for folder in folders if lesson_files(folder)], 0
    if arguments.lessons:
        found = [_target(name, folders) for name in arguments.lessons]
        targets = [path for path in found if path]
        status = 0 if all(found) else 2
    if not arguments.watch or not targets:
        return max(status, _look(targets, arguments.form)[1])
    watch(targets, lambda: _look_again(targets, arguments.form))
    return 0


def _explain(code: str) -> int:
    from difflib import get_close_matches  # noqa: PLC0415

    from tutor.workbench.checking.checking import codes  # noqa: PLC0415
    from tutor.workbench.checking.telling import page_of  # noqa: PLC0415

    page = page_of(code)
    if page is None:
        close = get_close_matches(code, codes(), 1)
        meant = f' Did you mean "{close[0]}"?' if close else ""
        sys.stderr.write(f'There is no code "{one_line(code)}".{meant}\n')
        return 2
    print(page, end="")
    return 0


def _target(name: str, folders: Sequence[Path]) -> Path | None:
    """The path that a person means: one of that name, or the lesson of that name in the library."""
    from tutor.lessons.library import find_lesson  # noqa: PLC0415

    try:
        path = Path(name)
        return path if path.exists() else find_lesson(name, folders)
    except (LessonError, OSError, ValueError) as error:
        sys.stderr.write(f"{error if isinstance(error, LessonError) else 'This cannot be the name of a file.'}\n")
        return None


def _look_again(targets: Sequence[Path], form: str | None) -> tuple[Path, ...]:
    """Check and tell while a teacher works; hands back the files to keep an eye on."""
    if form is None:
        print(time.strftime("%H:%M:%S:"), "looking again whenever a file is saved; Ctrl+C ends this.")
    return _look(targets, form)[0].files


def _look(targets: Sequence[Path], form: str | None) -> tuple[Report, int]:
    """Check the lessons and tell of them; the exit status is the second."""
    import json  # noqa: PLC0415

    from tutor.workbench.checking.checking import NothingToCheckError, check, together  # noqa: PLC0415
    from tutor.workbench.checking.telling import as_lines, as_object, as_workflow  # noqa: PLC0415

    reports, status = [], 0
    for target in targets:
        try:
            reports.append(check(target))
        except NothingToCheckError as error:
            sys.stderr.write(f"{error}\n")
            status = 2
    report, here = together(reports), Path.cwd()
    if form == "json":
        print(json.dumps(as_object(report, here), indent=2), flush=True)
    elif reports:
        print("\n".join((as_workflow if form == "github" else as_lines)(report, here)), flush=True)
    return report, max(status, 1 if report.errors else 0)
