"""The command line: what can be typed after `closeread`."""

from __future__ import annotations

import argparse

from tutor import __version__
from tutor.cli import checking, learning, models, previewing, privacy, proving, writing
from tutor.cli.common import add_common

_EXAMPLES = """examples:
  closeread                              choose a lesson from the library
  closeread learn lavrov-syria           walk through a lesson
  closeread new article.txt              make a lesson of an article, to be finished by you
  closeread check my-lesson              is the lesson in order?
  closeread preview my-lesson            see it as learners do, with the key beside it
  closeread try my-lesson                what do its sample answers come to?
  closeread bench my-lesson              what is a model worth for it?
  closeread doctor                       is the model, if there is one, fit for use?
  closeread calibrate                    find out from when the model's word counts
  closeread forget owl                   remove all that is kept of a learner
"""


def make_parser() -> argparse.ArgumentParser:
    """The parser of the whole command line. What it returns has `handle`, which takes it and gives the exit status."""
    parser = argparse.ArgumentParser(
        prog="closeread",
        description="A Socratic tutor for media literacy: walk through a real article, paragraph by paragraph.",
        epilog=_EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action="version", version=f"closeread {__version__}")
    add_common(parser)
    parser.set_defaults(handle=learning.show_library)
    commands = parser.add_subparsers(dest="command", metavar="COMMAND")
    for group in (learning, writing, checking, previewing, proving, models, privacy):
        group.add_commands(commands)
    return parser
