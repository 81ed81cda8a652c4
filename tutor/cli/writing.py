"""The commands for writing a lesson."""

from __future__ import annotations

import argparse
import shlex
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from tutor.cli.common import add_common, open_house, write_named
from tutor.core.clean import one_line
from tutor.errors import TutorError

if TYPE_CHECKING:
    from tutor.bootstrap import House
    from tutor.cli.common import Commands
    from tutor.workbench.new.writing import Draft, Sketch

_NEW_EPILOG = """examples:
  closeread new article.txt                      a lesson in a folder named after its title
  closeread new page.html --to my-lesson         ... in this folder
  closeread new essay.docx --title "Night buses"  ... with this headline
  closeread new article.md --draft               ... and questions that the configured model proposes

The folder holds article.txt, lesson.yaml and lesson.schema.json (for your editor). Marks are suggested by simple rules,
and there is a worked example of each kind of step. Nothing is overwritten, and nothing is fetched: save a page of the
web as HTML first.

With --draft the model is asked about up to six paragraphs. What it proposes begins with UNREVIEWED, and `closeread
check` warns until you have read it and taken the word out.
"""

_SCHEMA_EPILOG = """examples:
  closeread schema                          show it
  closeread schema --out lesson.schema.json  write it to a file

With this first line in a lesson, an editor with YAML support completes and explains every field:
  # yaml-language-server: $schema=lesson.schema.json
"""


def add_commands(commands: Commands) -> None:
    """Add `new` and `schema`."""
    new = commands.add_parser(
        "new",
        help="begin a lesson from an article",
        description="Begin a lesson from an article: a text, HTML, Markdown or .docx file.",
        epilog=_NEW_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    new.add_argument("file", metavar="FILE", type=Path, help="the article")
    new.add_argument("--to", metavar="FOLDER", type=Path, help="put the lesson there")
    new.add_argument("--title", metavar="TEXT", default="", help="the headline of the article")
    new.add_argument("--draft", action="store_true", help="have the configured model propose questions, too")
    add_common(new)
    new.set_defaults(handle=_new)
    schema = commands.add_parser(
        "schema",
        help="the lesson format as a JSON Schema, for editors",
        description="The lesson format as a JSON Schema, for completion and hover in editors.",
        epilog=_SCHEMA_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    schema.add_argument("--out", metavar="FILE", type=Path, help="write it there")
    add_common(schema)
    schema.set_defaults(handle=_schema)


def _new(arguments: argparse.Namespace) -> int:
    from tutor.workbench.new.reading import read_file  # noqa: PLC0415
    from tutor.workbench.new.writing import folder_for, lesson_yaml, refuse_taken, sketch, write_folder  # noqa: PLC0415

    article = read_file(arguments.file, arguments.title)
    folder = arguments.to or Path(folder_for(article, arguments.file))
    refuse_taken(folder)
    house = open_house(arguments) if arguments.draft else None
    made = sketch(article)
    drafts = _drafts(house, made) if house else []
    write_folder(folder, article, lesson_yaml(made, drafts))
    print("\n".join(_told(folder, made, drafts)))
    return 0


def _drafts(house: House, made: Sketch) -> list[Draft]:
    """What the model proposes; where it fails, a sentence on standard error, and what it had proposed by then."""
    import asyncio  # noqa: PLC0415

    from tutor.llm.asking import ModelError  # noqa: PLC0415
    from tutor.workbench.new.drafting import drafts, load_draft_prompt  # noqa: PLC0415

    model, prompt = house.model, load_draft_prompt(house.prompt_folders, made.article.lang)
    found: list[Draft] = []

    async def ask() -> None:
        async for each in drafts(made, model, prompt):
            found.extend([each.draft] if each.draft else [])
            what = "drafted" if each.draft else "nothing that can be used"
            sys.stderr.write(f"Paragraph {each.number} of {each.total}: {what}\n")

    try:
        asyncio.run(ask())
    except ModelError as error:
        sys.stderr.write(f"{error} The lesson is made with {len(found) or 'no'} drafts.\n")
    return found


def _told(folder: Path, made: Sketch, drafts: list[Draft]) -> list[str]:
    """What was made, and what to do next."""
    article, where = made.article, shlex.quote(one_line(str(folder)))
    steps = len(made.steps) + len(drafts)
    kinds = [block.kind for block in article.blocks]
    headings = f", headings: {kinds.count('heading')}" if "heading" in kinds else ""
    known = [f"{name} {getattr(article, name) or 'absent'}" for name in ("byline", "outlet", "date")]
    lines = [
        f"Written: {one_line(str(folder))}",
        f"  article.txt          paragraphs: {kinds.count('paragraph')}{headings}",
        f"  lesson.yaml          suggested marks: {len(made.ids)}, steps: {steps}, and an exit ticket",
        "  lesson.schema.json   so that your editor completes and explains the fields",
        "",
        f"Headline: {article.title}",
        f"Found: {'; '.join(known)}. Put right what is not so.",
    ]
    if drafts:
        lines.append(f"Drafted by {drafts[0].model}, to be read by you: {len(drafts)} of the steps")
    return [*lines, "", "Next:", f"  closeread check {where}", f"  closeread preview {where}"]


def _schema(arguments: argparse.Namespace) -> int:
    from tutor.workbench.schema import schema_text  # noqa: PLC0415

    if arguments.out is None:
        print(schema_text(), end="")
        return 0
    try:
        write_named(arguments.out, schema_text())
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or "its name cannot be used"
        raise TutorError(f"{one_line(str(arguments.out))} cannot be written ({why}). Choose another place.") from None
    print(f"Written: {one_line(str(arguments.out))}")
    return 0
