"""`closeread preview`: the tutor as learners see it, with the key beside it, for the lesson's teacher."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from tutor.cli.common import add_common, has_screen, open_house
from tutor.core.clean import one_line
from tutor.errors import TutorError

if TYPE_CHECKING:
    from tutor.cli.common import Commands

_EPILOG = """examples:
  closeread preview my-lesson               from its first step
  closeread preview my-lesson --step source   from the step with this id

Below the lesson a bar shows the key of the step, what a typed answer meets and why, and what would come next. Keep the
lesson open in your editor: whenever you save it, the preview shows it as it is then. Nothing that you do here is kept.

keys, besides those of a lesson (F1 lists all of them):
  Ctrl+N, Ctrl+P   to the next step, to the one before       Ctrl+G   choose a step
  Ctrl+T           play the next sample of the step          Ctrl+L   list the samples, and play one
  Ctrl+O           the bar in short, in full, or closed      F10      leave
"""


def add_commands(commands: Commands) -> None:
    """Add `preview`."""
    preview = commands.add_parser(
        "preview",
        help="try a lesson out while you write it",
        description="The tutor from any step, with a bar that only its teacher sees.",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    preview.add_argument("lesson", metavar="LESSON", help="a name in the library, or the path of a lesson")
    preview.add_argument("--step", metavar="ID", help="begin at this step; without it, at the first")
    add_common(preview)
    preview.set_defaults(handle=_preview)


def _preview(arguments: argparse.Namespace) -> int:
    house = open_house(arguments)
    preview = house.preview(arguments.lesson)
    ids = preview.step_ids
    step = ids[0] if arguments.step is None else arguments.step
    if step not in ids:
        raise TutorError(f'The lesson has no step "{one_line(step)}". It has: {", ".join(ids)}.')
    if not has_screen():
        raise TutorError(
            "The preview needs a terminal to draw on, and this is none. To test a lesson here: closeread try"
        )
    from tutor.tui.preview_app import run_preview  # noqa: PLC0415

    return run_preview(preview, step, theme=house.settings.theme, prepare=house.prepare)
