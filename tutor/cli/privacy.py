"""`closeread forget`: remove all that is kept of a learner."""

from __future__ import annotations

import argparse
import shlex
import sys
from collections.abc import Iterable
from dataclasses import replace
from typing import TYPE_CHECKING

from tutor.cli.common import add_common, open_house
from tutor.core.clean import one_line
from tutor.errors import TutorError

if TYPE_CHECKING:
    from tutor.bootstrap import House
    from tutor.cli.common import Commands
    from tutor.journal import Forgotten, Journal, Kept

_EPILOG = """examples:
  closeread forget owl         remove what is kept of owl, after you have typed the nickname once more
  closeread forget owl --yes   ... without being asked, for scripts

what is removed:
  every session with its answers, the half-typed answers, the pages in exports, the nickname, and the copies of lessons
  and articles that no other learner's sessions need. It cannot be brought back. A lesson that is still open under this
  nickname saves nothing more, and says so there. Pages that were copied to another place stay there, as do backups.

work that was saved in another place, such as a stick:
  That stays, since this command does not know of it. It is removed with the same command and the name of the folder:
  closeread --data-dir /media/usb/closeread forget owl

where there is no home folder:
  The temporary folders that Closeread made under this login are looked through.

what has nothing of a learner in it, and stays:
  what models replied to the lessons' own sample answers (bench/), and from when a model's word counts
  (calibration.json)

exit status:
  0  all of it is gone
  1  something could not be removed (it is said what, and what to do), nothing is kept under this nickname, or it was
     not typed once more
  2  the command line is wrong
"""


def add_commands(commands: Commands) -> None:
    """Add `forget`."""
    forget = commands.add_parser(
        "forget",
        help="remove all that is kept of a learner",
        description="Remove all that is kept of a learner on this computer, under this login.",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    # Another name than that of --as: who is to be forgotten is not who learns.
    forget.add_argument("whom", metavar="NICKNAME", help="the nickname, exactly as it was chosen")
    forget.add_argument("--yes", action="store_true", help="do not ask")
    add_common(forget)
    forget.set_defaults(handle=_forget)


def _forget(arguments: argparse.Namespace) -> int:
    house = open_house(arguments)
    journals, whom = _journals(house), arguments.whom
    kept = {journal: found for journal in journals if (found := journal.kept(whom))}
    if not kept:
        raise TutorError(_unknown(journals, whom))
    if not arguments.yes:
        _ask(whom, _sum(kept.values()))
    done = [journal.forget(whom) for journal in kept]
    _tell(whom, done)
    print("Work that was saved in another place, such as a stick, stays there. To remove that, too, name the folder:")
    print(f"closeread --data-dir /media/usb/closeread forget {one_line(shlex.quote(whom))}")
    left = [sentence for each in done for sentence in each.left]
    for sentence in left:
        sys.stderr.write(f"{one_line(sentence)}\n")
    return 1 if left else 0


def _journals(house: House) -> list[Journal]:
    """Where a learner's work may be: without a home folder, each start had a temporary folder of its own."""
    from tutor.bootstrap import House  # noqa: PLC0415
    from tutor.settings.folders import temporary_data_dirs  # noqa: PLC0415

    if not house.settings.notes:
        return [house.journal]
    places = {house.settings.data_dir: None} | dict.fromkeys(temporary_data_dirs())
    return [House(replace(house.settings, data_dir=place)).journal for place in places]


def _tell(whom: str, done: list[Forgotten]) -> None:
    """What was removed."""
    from tutor.core.words import counted  # noqa: PLC0415  it loads the stemmers

    print(f"Removed of “{one_line(whom)}”: {_counted(_sum(each.removed for each in done))}.")
    if number := sum(each.copies for each in done):
        copies = counted(number, "copy of a lesson or an article", "copies of lessons and articles")
        print(f"Removed, since nobody else needs them: {copies}.")
    if any(each.was_last for each in done):
        print("The nickname is no longer offered when Closeread is opened.")


def _sum(kept: Iterable[Kept]) -> Kept:
    from tutor.journal import Kept  # noqa: PLC0415

    found = list(kept)
    return Kept(*(sum(getattr(each, name) for each in found) for name in ("sessions", "drafts", "pages")))


def _ask(whom: str, kept: Kept) -> None:
    """Return where the nickname is typed once more; TutorError otherwise."""
    if not sys.stdin.isatty():
        raise TutorError(
            f"There is nobody to ask here, so nothing was removed. To remove all that is kept of “{one_line(whom)}” "
            "without being asked, add --yes."
        )
    print(f"Kept of “{one_line(whom)}”: {_counted(kept)}.")
    print("It cannot be brought back. A lesson that is still open under this nickname will save nothing more.")
    print("To remove all of it, type the nickname: ", end="", flush=True)
    if sys.stdin.readline().strip() != whom.strip():
        raise TutorError("That is not the nickname. Nothing was removed.")


def _unknown(journals: list[Journal], whom: str) -> str:
    known = ", ".join(one_line(each) for each in sorted({each for journal in journals for each in journal.learners()}))
    there_is = f"There are: {known}." if known else "Nothing is kept there of anybody."
    folders = ", ".join(str(journal.data_dir) for journal in journals)
    return one_line(f"Nothing is kept of “{whom}” in {folders}. {there_is}")


def _counted(kept: Kept) -> str:
    """How much is kept, in words."""
    from tutor.core.words import counted  # noqa: PLC0415  it loads the stemmers

    numbers = {"session": kept.sessions, "half-typed answer": kept.drafts, "page": kept.pages}
    return ", ".join(counted(number, what) for what, number in numbers.items() if number) or "the nickname"
