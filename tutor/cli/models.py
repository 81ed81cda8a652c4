"""The commands about a model: is it fit for use, and from when does its word count?"""

from __future__ import annotations

import argparse
import os
import sys
from typing import TYPE_CHECKING

from tutor.cli.common import add_common, open_house
from tutor.cli.outlet import write_over
from tutor.errors import TutorError

if TYPE_CHECKING:
    from tutor.bootstrap import House
    from tutor.cli.common import Commands
    from tutor.core.lesson import Lesson
    from tutor.workbench.calibrating import Judged

_DOCTOR_EPILOG = """exit status:
  0  what is configured is fit for use, or no model is configured and nothing is wrong
  1  something that is configured does not work

with --json, one object:
  settings  list of {name, value, origin}; of the key only whether it is set
  found     list of {base_url, software, models}: endpoints at the usual ports of this machine
  checks    list of {name, state, sentence, advice}; state is ok, warn or fail
  fitness   fit, judge-only, not-fit or not-configured
  verdict   the same in a sentence;  advice: what to do about it
  figures   {judgement_seconds_cold, judgement_seconds_warm, cached_tokens, tokens_a_second, context_tokens_sent,
            context_tokens_arrived}; null where it could not be measured, absent where it was not tried
  works     true or false;  status: the exit status
"""


def add_commands(commands: Commands) -> None:
    """Add `doctor` and `calibrate`."""
    doctor = commands.add_parser(
        "doctor",
        help="is the model fit for use? look at settings and endpoints",
        description="Show the settings, look for models on this machine, and try the configured one (some minutes).",
        epilog=_DOCTOR_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    doctor.add_argument("--json", action="store_true", help="one object for programs")
    add_common(doctor)
    doctor.set_defaults(handle=_doctor)
    calibrate = commands.add_parser(
        "calibrate",
        help="find out from when the model's word as a judge counts",
        description="Have the configured model judge the sample answers of lessons (half an hour on a slow computer), "
        "and keep from which probability on its word counts. It holds for this model and this prompt.",
    )
    calibrate.add_argument("names", metavar="LESSON", nargs="*", help="lessons to use; all of the library without any")
    add_common(calibrate)
    calibrate.set_defaults(handle=_calibrate)


def _doctor(arguments: argparse.Namespace) -> int:
    import asyncio  # noqa: PLC0415
    import json  # noqa: PLC0415

    from tutor.llm.doctor.telling import as_lines, as_object  # noqa: PLC0415
    from tutor.settings import default_config_file  # noqa: PLC0415

    house = open_house(arguments)
    if house.settings.endpoint and not arguments.json:
        sys.stderr.write("Trying the model out; on a slow computer this takes some minutes ...\n")
    seen = asyncio.run(house.doctor())
    if arguments.json:
        print(json.dumps(as_object(seen), indent=2))
    else:
        print("\n".join(as_lines(seen, default_config_file(os.environ))))
    return seen.status


def _calibrate(arguments: argparse.Namespace) -> int:
    import asyncio  # noqa: PLC0415

    from tutor.workbench.calibrating import told  # noqa: PLC0415

    house = open_house(arguments)
    lessons = [house.load(name).lesson for name in arguments.names]
    lessons = lessons or [entry.loaded.lesson for entry in house.entries() if entry.loaded]
    table = house.keep_calibration(asyncio.run(_watched(house, lessons)))
    for (model, prompt), cuts in table.items():
        print(f"{model}, prompt {prompt}: {told(cuts)}")
    print(f"Kept in {house.calibration_file}; from now on it is used.")
    return 0


async def _watched(house: House, lessons: list[Lesson]) -> list[Judged]:
    """The judged samples, with a line to say how far the work has come; stops at the first trouble of the endpoint."""
    judged = []
    async for each in house.calibration(lessons):
        if each.trouble:
            raise TutorError(f"{each.trouble} Nothing was changed.")
        judged.append(each)
        if sys.stderr.isatty() or each.number == each.total:
            write_over(f"{each.number} of {each.total} samples judged")
    sys.stderr.write("\n")
    return judged
