"""What `try` found, for people and for programs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict
from typing import Any

from tutor.core.clean import one_line
from tutor.core.lesson import Lesson
from tutor.core.words import counted
from tutor.workbench.trying.agreement import Figures, Row, figures
from tutor.workbench.trying.answers import free_text_steps
from tutor.workbench.trying.playing import Played
from tutor.workbench.trying.walking import Fault, Walks

_NOTES = """\
agree: share of the decided ones on which judge and label say the same. false met: of the answers that do not meet it,
the share that the judge took for met. unsure is held against nobody: the tutor asks them to say more."""


def rows_that_count(played: Iterable[Played]) -> list[Row]:
    """The rows that figures are made of: those of answers which are answers."""
    return [row for each in played if each.labelled.verdict != "off-task" for row in each.rows]


def as_lines(lesson: Lesson, judge: str, played: Sequence[Played], *, own: bool) -> Iterator[str]:
    """A table with a line for each criterion, then the answers that came out otherwise. `own` says that the answers are
    the lesson's samples.
    """
    if not played:
        yield _nothing_to_judge(lesson)
        return
    rows = rows_that_count(played)
    what = ("sample", " of the lesson, each judged as if it were new") if own else ("answer", "")
    yield f"{counted(len(played), what[0])}{what[1]}; judge: {judge}"
    yield ""
    if rows:
        yield from _table(lesson, rows)
        yield ""
    otherwise = [each for each in played if not each.agrees]
    yield f"{len(otherwise)} came out otherwise." if otherwise else "None came out otherwise."
    for each in otherwise:
        yield from _otherwise(each)
    if unsure := [(each, row) for each in played for row in each.rows if row.judge == "unsure"]:
        yield ""
        times = "once" if len(unsure) == 1 else f"{len(unsure)} times"
        yield f"The judge was unsure {times}. Rules or samples can settle that:"
        for each, row in unsure:
            label = "met" if row.person else "not met"
            yield f"  {row.step} / {row.criterion}, labelled {label}: “{one_line(each.labelled.answer)}”"
    if troubled := [each.trouble for each in played if each.trouble]:
        yield ""
        yield f"{counted(len(troubled), 'answer')} had to be judged without the model:"
        yield from sorted(set(troubled))


def _nothing_to_judge(lesson: Lesson) -> str:
    if not free_text_steps(lesson):
        return "No question of this lesson is answered in learners' own words, so there is nothing to judge."
    return (
        "This lesson has no sample answers yet, so nothing was judged. Write some below its questions, with `samples:` "
        "(some that meet an idea and some that do not), or judge answers from a file, with --answers FILE."
    )


def walk_lines(walks: Walks) -> Iterator[str]:
    """What the scripted learners saw; each kind of fault of a step once, with the first way that showed it."""
    steps = len({here for here, _ in walks.edges})
    yield f"{walks.conversations} scripted learners went down every way into {counted(steps, 'step')}."
    first: dict[tuple[str, str, str], Fault] = {}
    for fault in walks.faults:
        first.setdefault((fault.kind, fault.step, fault.sentence), fault)
    if not first:
        yield "Each path ends, and nothing is told too early."
    if any(kind == "told-early" for kind, _, _ in first):
        yield "Say it in other words, or add them to the question: whatever stands there is no secret."
    for fault in first.values():
        way = f" (a learner who {fault.way})" if fault.way else ""
        yield f"{fault.step}: {fault.sentence}{way}"


def walk_object(walks: Walks) -> dict[str, Any]:
    """The same for programs."""
    return {
        "conversations": walks.conversations,
        "paths": sorted([here, there] for here, there in walks.edges if there is not None),
        "faults": [asdict(each) for each in walks.faults],
    }


def _table(lesson: Lesson, rows: Sequence[Row]) -> Iterator[str]:
    width = max(len(f"{row.step} / {row.criterion}") for row in rows) + 2
    yield f"{'criterion':{width}} answers  decided  agree  unsure  false met  missed"
    for step in free_text_steps(lesson):
        for criterion in step.rubric:
            some = [row for row in rows if (row.step, row.criterion) == (step.id, criterion.id)]
            if some:
                yield _table_line(f"{step.id} / {criterion.id}", width, figures(some))
    yield _table_line("all", width, figures(rows))
    yield _NOTES


def _table_line(name: str, width: int, found: Figures) -> str:
    return (
        f"{name:{width}} {found.rows:7d}  {_percent(found.coverage):>7}  {_percent(found.accuracy):>5}  "
        f"{found.unsure:6d}  {_percent(found.false_met):>9}  {_percent(found.missed):>6}"
    )


def _percent(share: float | None) -> str:
    return "-" if share is None else f"{share:.0%}"


def _otherwise(played: Played) -> Iterator[str]:
    labelled = played.labelled
    yield f"\n{labelled.step}: “{one_line(labelled.answer)}”"
    if played.caught:
        yield f"  caught before judging as: {played.caught}; labelled as meeting {', '.join(sorted(labelled.meets))}"
    for row in played.rows:
        if row.decided and not row.agrees:
            words = f" ({_quoted(row.evidence)})" if row.evidence else ""
            label = "met" if row.person else "not met"
            yield f"  {row.criterion}: judged {row.judge}{words}, labelled {label}: {row.ground}"
    for name in sorted(played.misread):
        seen = "seen" if name in played.misconceptions else "not seen"
        yield f"  misconception {name}: {seen}, labelled otherwise"


def _quoted(words: Iterable[str]) -> str:
    return ", ".join(f"“{one_line(each)}”" for each in words)


def as_object(lesson: Lesson, judge: str, played: Sequence[Played]) -> dict[str, Any]:
    """The same as one object for programs."""
    rows = rows_that_count(played)
    return {
        "lesson": lesson.id,
        "judge": judge,
        "counts": {
            "answers": len(played),
            "caught": sum(bool(each.caught) for each in played),
            "otherwise": sum(not each.agrees for each in played),
        },
        "all": asdict(figures(rows)) if rows else None,
        "criteria": [
            {"step": step.id, "criterion": criterion.id, **asdict(figures(some))}
            for step in free_text_steps(lesson)
            for criterion in step.rubric
            if (some := [row for row in rows if (row.step, row.criterion) == (step.id, criterion.id)])
        ],
        "answers": [_answer(each) for each in played],
    }


def _answer(played: Played) -> dict[str, Any]:
    labelled = played.labelled
    return {
        "step": labelled.step,
        "answer": labelled.answer,
        "agrees": played.agrees,
        "caught": played.caught or None,
        "verdict": {"label": labelled.verdict, "judge": played.verdict},
        "criteria": [
            {
                "criterion": row.criterion,
                "label": row.person,
                "judge": row.judge,
                "words": list(row.evidence),
                "ground": row.ground,
            }
            for row in played.rows
        ],
        "misconceptions": {"label": sorted(labelled.misconceptions), "judge": sorted(played.misconceptions)},
        "trouble": played.trouble or None,
    }
