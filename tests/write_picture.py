"""Takes the README's picture anew: `python -m tests.write_picture`. Look at it before it is committed."""

from __future__ import annotations

import asyncio
import re
import tempfile
from pathlib import Path

from tutor.bootstrap import House
from tutor.settings import Settings
from tutor.tui import TutorApp

PICTURE = Path(__file__).resolve().parent.parent / "docs" / "screen.svg"
PATIENCE = 1.5
"""Seconds after which the screen has come to rest."""


async def main() -> None:
    """Walk to the first question with free text, and answer half of it."""
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(data_dir=Path(folder), lessons_dirs=(), help_card=None, theme="dark", origins={})
        app = TutorApp(House(settings, "owl"), "lavrov-syria")
        async with app.run_test(size=(120, 38)) as pilot:
            for keys in (["1", "enter"], ["f3"], ["f3"], ["2", "enter"], ["3"]):
                await asyncio.sleep(PATIENCE)
                await pilot.press(*keys)
            await asyncio.sleep(PATIENCE)
            await pilot.press(*"It says Interfax so I would look there first")
            await pilot.pause()
            await pilot.press("enter")
            await asyncio.sleep(PATIENCE)
            PICTURE.parent.mkdir(exist_ok=True)
            # Without the fonts that the picture would fetch from elsewhere.
            drawn = re.sub(r"@font-face \{.*?\}", "", app.export_screenshot(title="Closeread"), flags=re.DOTALL)
            PICTURE.write_text(re.sub(r"[ \t]+$", "", drawn, flags=re.MULTILINE), encoding="utf-8")


if __name__ == "__main__":
    asyncio.run(main())
