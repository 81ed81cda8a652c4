"""The commands that prove a lesson: what do its samples come to, and what is a model worth for it?"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from tutor.cli.benching import add_bench
from tutor.cli.common import add_common, open_house
from tutor.cli.outlet import write_over

if TYPE_CHECKING:
    from tutor.bootstrap import House
    from tutor.cli.common import Commands
    from tutor.core.lesson import Lesson
    from tutor.workbench.trying.answers import Labelled
    from tutor.workbench.trying.playing import Played

_TRY_EPILOG = """examples:
  closeread try my-lesson                          its own samples, and scripted learners down every path
  closeread try my-lesson --judge both             ... with the configured model beside the rules
  closeread try my-lesson --answers answers.csv    answers of your pupils that you have labelled

a file of answers (YAML: a list of objects; CSV: a line of column names first) has these columns:
  step           the id of a free-text step
  answer         what was written
  meets          ids of the criteria that it meets
  verdict        secure, partly, not-yet or off-task; may be left out
  misconception  ids of the misconceptions that it shows

exit status:
  0  nothing came out otherwise than labelled (unsure is not otherwise), and every path is in order
  1  something came out otherwise, a path is not in order, or a model that should judge could not be asked
  2  the command line is wrong

with --json, one object:
  lesson, judge   which
  counts          {answers, caught, otherwise}; caught: by the checks before judging (a question back, copied ...)
  all, criteria   figures, over all and for each {step, criterion}: {rows, unsure, coverage, accuracy, kappa, kappa_all,
                  false_met, missed}; null where there is nothing to reckon with
  answers         list of {step, answer, agrees, caught, verdict {label, judge}, criteria [{criterion, label, judge,
                  words, ground}], misconceptions {label, judge}, trouble}
  walks           {conversations, paths [[step, next step]], faults [{kind, step, way, sentence}]}; kind: endless,
                  in-circles, unreached or told-early; null with --answers
"""


def add_commands(commands: Commands) -> None:
    """Add `try` and `bench`."""
    trying = commands.add_parser(
        "try",
        help="test a lesson with its samples and with scripted learners",
        description="Judge a lesson's sample answers, each as if it were new, and send scripted learners down every "
        "path; or judge labelled answers from a file.",
        epilog=_TRY_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    trying.add_argument("lesson", metavar="LESSON", help="a name in the library, or the path of a lesson")
    trying.add_argument("--answers", metavar="FILE", type=Path, help="labelled answers, .yaml or .csv")
    trying.add_argument("--json", action="store_true", help="one object for programs")
    add_common(trying)
    trying.set_defaults(handle=_try)
    add_bench(commands)


def _try(arguments: argparse.Namespace) -> int:
    import asyncio  # noqa: PLC0415
    import json  # noqa: PLC0415

    from tutor.workbench.trying.answers import read_answers, samples_of  # noqa: PLC0415
    from tutor.workbench.trying.telling import as_lines, as_object, walk_lines, walk_object  # noqa: PLC0415

    house = open_house(arguments)
    lesson = house.load(arguments.lesson).lesson
    own = arguments.answers is None
    answers = samples_of(lesson) if own else read_answers(arguments.answers, lesson)
    judge, played = asyncio.run(_played(house, lesson, answers))
    # Scripted learners need the teacher's own words only: what a model says of them is `bench`'s to find out.
    walks = asyncio.run(house.walk(lesson)) if own else None
    if arguments.json:
        found = as_object(lesson, judge, played) | {"walks": walk_object(walks) if walks else None}
        print(json.dumps(found, indent=2))
    else:
        print(
            "\n".join([*as_lines(lesson, judge, played, own=own), "", *(walk_lines(walks) if walks else ())]).rstrip()
        )
    in_order = all(each.agrees and not each.trouble for each in played) and not (walks and walks.faults)
    return 0 if in_order else 1


async def _played(house: House, lesson: Lesson, answers: list[Labelled]) -> tuple[str, list[Played]]:
    """Who judged, and what came of each answer, with a line to say how far the work has come."""
    from tutor.workbench.trying.playing import play  # noqa: PLC0415

    judge = house.judge(lesson.lang)
    found = []
    async for each in play(lesson, answers, judge, house.phrases(lesson.lang)):
        found.append(each)
        if sys.stderr.isatty() and house.settings.judge != "embedded":
            write_over(f"{len(found)} of {len(answers)} answers judged")
    if sys.stderr.isatty() and house.settings.judge != "embedded":
        sys.stderr.write("\n")
    return judge.name, found
