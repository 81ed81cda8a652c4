"""Takes the pictures of the docs anew: `python -m tests.write_picture`. Look at them before they are committed."""

from __future__ import annotations

import asyncio
import re
import tempfile
from collections.abc import Iterable
from pathlib import Path

from tests.test_docs import blocks
from tutor.bootstrap import House
from tutor.settings import Settings
from tutor.tui import TutorApp
from tutor.tui.base_app import BaseApp
from tutor.tui.preview_app import PreviewApp

DOCS = Path(__file__).resolve().parent.parent / "docs"
PATIENCE = 1.5
"""Seconds after which the screen has come to rest."""

SCREEN = (
    ["1", "enter"],
    ["f3"],
    ["f3"],
    ["2", "enter"],
    ["3"],
    "It says Interfax so I would look there first",
    ["enter"],
)
"""To the first question with free text of the first lesson, and half of its answer."""
FIND = (["3"], ["down"] * 2, ["right"] * 7, ["space"], ["right"] * 6, ["space"])
"""To the first question that is answered by pointing, and some words picked."""
PREVIEW = ("we have to wait, it has not happened yet",)
"""An answer that is typed, and not sent yet."""


async def main() -> None:
    """Take all of them."""
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(data_dir=Path(folder), lessons_dirs=(), help_card=None, theme="dark", origins={})
        house = House(settings, "owl")
        await picture("screen", TutorApp(house, "lavrov-syria"), (120, 38), SCREEN)
        await picture("find", TutorApp(house, "cold-mornings"), (110, 30), FIND)
        lesson = house.preview(str(write_first_lesson(Path(folder))))
        preview = PreviewApp(lesson, "toasters", theme="dark", prepare=lambda: None)
        await picture("preview", preview, (120, 36), PREVIEW)


def write_first_lesson(folder: Path) -> Path:
    """Write the lesson of the first page for teachers; returns its folder."""
    files = {each.words: each.text for each in blocks(DOCS / "first-lesson.md") if "." in each.words}
    for name in ("article.txt", "lesson.yaml"):
        path = folder / "repair-table" / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(files[name] if name in files else files[f"repair-table/{name}"], encoding="utf-8")
    return folder / "repair-table"


async def picture(name: str, app: BaseApp, size: tuple[int, int], script: Iterable[Iterable[str]]) -> None:
    """Let an app take the keys of the script, one after the other with a rest between, and draw it."""
    async with app.run_test(size=size) as pilot:
        for keys in script:
            await asyncio.sleep(PATIENCE)
            await pilot.press(*keys)
            await pilot.pause()
        await asyncio.sleep(PATIENCE)
        # Without the fonts that the picture would fetch from elsewhere.
        drawn = re.sub(r"@font-face \{.*?\}", "", app.export_screenshot(title="Closeread"), flags=re.DOTALL)
        (DOCS / f"{name}.svg").write_text(re.sub(r"[ \t]+$", "", drawn, flags=re.MULTILINE), encoding="utf-8")


if __name__ == "__main__":
    asyncio.run(main())
