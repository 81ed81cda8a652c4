"""What a check has found, for people, for programs and for GitHub's workflows."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from tutor.core.clean import one_line
from tutor.core.words import counted
from tutor.errors import Mistake, TutorError
from tutor.resources import check_pages_dir
from tutor.workbench.checking.checking import Report, codes, severity

_PAGES = "docs/checks"


def as_lines(report: Report, here: Path) -> list[str]:
    """A line for each finding, `file:line:column: error CODE: sentence`, and a last one that counts them.

    Files below `here` are named from there.
    """
    return [*(_line(each, here) for each in report.findings), _count(report)]


def as_workflow(report: Report, here: Path) -> list[str]:
    """The findings as workflow commands, which GitHub shows beside the lines of a change, and a last line for the log.

    Escaping as in the functions `escapeData` and `escapeProperty` of GitHub's actions/toolkit (core/src/command.ts).
    """
    commands = []
    for each in report.findings:
        file = _property(_from_here(each.file, here).replace(os.sep, "/"))
        title = _property(f"{each.code}")
        where = f"file={file},line={each.line},col={each.column},title={title}"
        commands.append(f"::{severity(each)} {where}::{_data(sentence(each))}")
    return [*commands, _count(report)]


def as_object(report: Report, here: Path) -> dict[str, Any]:
    """Everything, as one object for programs."""
    return {
        "lessons": report.lessons,
        "counts": {"errors": len(report.errors), "warnings": len(report.warnings)},
        "findings": [
            {
                "file": _from_here(each.file, here),
                "line": each.line,
                "column": each.column,
                "severity": severity(each),
                "code": each.code,
                "message": one_line(each.message),
                "offending": one_line(each.offending),
                "hint": one_line(each.hint),
                "page": f"{_PAGES}/{each.code}.md",
            }
            for each in report.findings
        ],
    }


def page_of(code: str) -> str | None:
    """The page about a code, as Markdown; None where there is no such code."""
    try:
        return (check_pages_dir() / f"{code}.md").read_text(encoding="utf-8") if code in codes() else None
    except OSError as error:
        raise TutorError(f"The page about {code} cannot be read ({error.strerror}).") from None


def sentence(finding: Mistake) -> str:
    """What is wrong and what to do, on one line."""
    what = finding.message[:1].upper() + finding.message[1:].removesuffix(".")
    shown = f': "{finding.offending}"' if finding.offending else ""
    return one_line(f"{what}{shown}. {finding.hint}")


def _line(finding: Mistake, here: Path) -> str:
    place = f"{_from_here(finding.file, here)}:{finding.line}:{finding.column}"
    return f"{place}: {severity(finding)} {finding.code}: {sentence(finding)}"


def _from_here(file: str, here: Path) -> str:
    path = Path(file)
    return one_line(str(path.relative_to(here)) if path.is_relative_to(here) else file)


def _count(report: Report) -> str:
    lessons = counted(report.lessons, "lesson")
    errors, warnings = len(report.errors), len(report.warnings)
    if not report.findings:
        return f"{lessons} checked, and there is nothing to put right."
    found = [counted(errors, "error")] if errors else []
    found += [counted(warnings, "warning")] if warnings else []
    said = f"{' and '.join(found)}; {lessons} checked."
    if not errors:
        said += " Warnings keep nobody from using a lesson."
    return f"{said} More about a code: closeread check --explain CODE"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
