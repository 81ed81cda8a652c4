"""The answers to try a lesson with: its own samples, or a file of answers (YAML or CSV) that somebody labelled."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import get_args

from tutor.core.clean import clean, one_line
from tutor.core.lesson import Explain, Lesson, Look, Rewrite, RubricStep, Sample, SampleVerdict
from tutor.errors import LessonError, Mistake
from tutor.lessons.mistakes import make_mistake, raise_all
from tutor.lessons.textfile import UnreadableError, decode, read_regular
from tutor.lessons.yamlfile import read_yaml

COLUMNS = ("step", "answer", "meets", "verdict", "misconception")
"""The fields of an answer. `step` and `answer` are needed; `meets` and `misconception` may name several."""

AnyRubricStep = Explain | Rewrite | Look
_ZIPPED = b"PK\x03\x04"
_VERDICTS: tuple[str, ...] = get_args(SampleVerdict)


@dataclass(frozen=True, slots=True)
class Labelled:
    """An answer and what a person says of it.

    `meets` are ids of criteria. `verdict` is None where the file does not say one. `sample` is the sample of the lesson
    that this is, so that no judge may learn from it; None for an answer from elsewhere.
    """

    step: str
    answer: str
    meets: frozenset[str]
    misconceptions: frozenset[str]
    verdict: SampleVerdict | None
    sample: Sample | None = None


def free_text_steps(lesson: Lesson) -> list[AnyRubricStep]:
    """The steps that a judge is asked about, those of the exit ticket included."""
    steps = (*lesson.steps, *(lesson.exit.steps if lesson.exit else ()))
    return [step for step in steps if isinstance(step, RubricStep)]


def samples_of(lesson: Lesson) -> list[Labelled]:
    """The lesson's own samples."""
    return [
        Labelled(
            step=step.id,
            answer=sample.answer,
            meets=frozenset(sample.meets),
            misconceptions=frozenset([sample.misconception] if sample.misconception else []),
            verdict=sample.verdict,
            sample=sample,
        )
        for step in free_text_steps(lesson)
        for sample in step.samples
    ]


def read_answers(path: Path, lesson: Lesson) -> list[Labelled]:
    """The answers of a file: `.csv` with a line of column names, else YAML, a list of objects with these fields.
    LessonError with every mistake in it.
    """
    try:
        data = read_regular(path)
    except (UnreadableError, OSError) as error:
        why = str(error) if isinstance(error, UnreadableError) else f"cannot be read ({error.strerror})"
        raise LessonError(f"The answers {one_line(str(path))} {why}.") from None
    if data.startswith(_ZIPPED):
        hint = "Save the table as CSV (comma separated values), and try that file."
        raise LessonError(mistakes=[make_mistake(str(path), (1, 1), "this is a spreadsheet's own file", hint=hint)])
    rows = _from_csv(data, path) if path.suffix.lower() == ".csv" else _from_yaml(data, path)
    reader = _Reader(lesson, str(path))
    found = [each for row in rows for each in reader.read(row)]
    raise_all(reader.mistakes)
    if not found:
        raise LessonError(mistakes=[make_mistake(str(path), (1, 1), "there is no answer in this file")])
    return found


@dataclass(frozen=True, slots=True)
class _Row:
    """One answer as it stands in the file: for each field its texts, and where they stand."""

    line: int
    column: int
    fields: dict[str, tuple[str, ...]]


def _from_yaml(data: bytes, path: Path) -> Iterator[_Row]:
    document = read_yaml(data, str(path))
    if not isinstance(document.value, list):
        message = "a list of answers is expected here"
        raise LessonError(mistakes=[make_mistake(str(path), (1, 1), message, hint="Begin each with - step: ...")])
    for index, each in enumerate(document.value):
        fields = each if isinstance(each, dict) else {}
        texts = {name: _texts(value) for name, value in fields.items()}
        yield _Row(*document.place((index,)), texts)


def _texts(value: object) -> tuple[str, ...]:
    every = value if isinstance(value, list) else [value]
    return tuple(each for each in every if isinstance(each, str) and each)


def _from_csv(data: bytes, path: Path) -> Iterator[_Row]:
    text = decode(data, str(path), utf16=True)
    if isinstance(text, Mistake):
        raise LessonError(mistakes=[text])
    first = text.partition("\n")[0]
    # Spreadsheets of many countries write semicolons, and their "Unicode text" has tabs.
    sign = max(",;\t", key=first.count)
    names = {name.strip().strip('"').casefold() for name in first.strip("\ufeff\r").split(sign)}
    if not {"step", "answer"} <= names:
        hint = f"Write the names of the columns into the first line: {','.join(COLUMNS)}."
        raise LessonError(mistakes=[make_mistake(str(path), (1, 1), "this table has no column names", hint=hint)])
    columns: list[str] = []
    for line, cells in _records(text, sign, path):
        columns = columns or [name.strip().casefold() for name in cells]
        if line > 1 and (fields := _fields(columns, cells)):
            yield _Row(line, 1, fields)


def _records(text: str, sign: str, path: Path) -> Iterator[tuple[int, list[str]]]:
    """The rows of a table, each with the line that it begins in; an answer may go on over several."""
    table, line = csv.reader(io.StringIO(text, newline=""), delimiter=sign), 1
    try:
        for cells in table:
            yield line, cells
            line = table.line_num + 1
    except csv.Error as error:
        hint = "Is a quotation mark missing in this line?"
        raise LessonError(mistakes=[make_mistake(str(path), (line, 1), f"no CSV ({error})", hint=hint)]) from None


def _fields(columns: Sequence[str], cells: Sequence[str]) -> dict[str, tuple[str, ...]]:
    named = ((name, cell.strip()) for name, cell in zip(columns, cells, strict=False) if name and cell.strip())
    return {
        name: tuple(filter(None, re.split(r"[\s,;]+", cell))) if name in ("meets", "misconception") else (cell,)
        for name, cell in named
    }


class _Reader:
    """Makes answers from rows; notes every mistake."""

    def __init__(self, lesson: Lesson, file: str) -> None:
        self._file = file
        self._lesson = lesson
        self._steps = {step.id: step for step in free_text_steps(lesson)}
        self.mistakes: list[Mistake] = []

    def read(self, row: _Row) -> Iterator[Labelled]:
        before = len(self.mistakes)
        step = self._steps.get(self._one(row, "step"))
        if step is None:
            known = f"Free-text steps: {', '.join(self._steps) or 'none in this lesson'}."
            self._wrong(row, "no free-text step has this name", self._one(row, "step"), known)
            return
        answer, verdict = self._one(row, "answer"), self._one(row, "verdict")
        if not answer and verdict != "off-task":
            self._wrong(row, "there is no answer here")
        if verdict and verdict not in _VERDICTS:
            self._wrong(row, "this verdict is not known", verdict, f"Verdicts: {', '.join(_VERDICTS)}.")
        criteria = [each.id for each in step.rubric]
        wrong_ideas = [each.id for each in self._lesson.misconceptions_of(step)]
        meets = self._known(row, row.fields.get("meets", ()), criteria, "criterion of this step")
        shown = self._known(row, row.fields.get("misconception", ()), wrong_ideas, "misconception of this step")
        if len(self.mistakes) == before:
            yield Labelled(step.id, clean(answer), meets, shown, verdict or None)  # type: ignore[arg-type]

    def _one(self, row: _Row, field: str) -> str:
        return "\n".join(row.fields.get(field, ()))

    def _known(self, row: _Row, names: Iterable[str], known: list[str], what: str) -> frozenset[str]:
        names = tuple(names)
        for name in names:
            if name not in known:
                self._wrong(row, f"no {what} has this name", name, f"There is: {', '.join(known)}." if known else "")
        return frozenset(names)

    def _wrong(self, row: _Row, message: str, offending: str = "", hint: str = "") -> None:
        self.mistakes.append(make_mistake(self._file, (row.line, row.column), message, offending, hint))
