"""The help card that is shown at words of distress: the school's own, or the one that ships in `prompts/`."""

from __future__ import annotations

import codecs
from pathlib import Path


def read_card(path: Path) -> str | None:
    """A card's text; None where it cannot be read or holds nothing. Windows editors save UTF-16, with a mark."""
    try:
        data = path.read_bytes()
        text = data.decode("utf-16" if data[:2] in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE) else "utf-8-sig")
    except (OSError, UnicodeDecodeError):
        return None
    return text if text.strip() else None


def shipped_card(folder: Path, lang: str) -> str:
    """The card that ships, in this language or in English; a sentence where there is none."""
    cards = (read_card(folder / f"help-card.{each}.md") for each in (lang, "en"))
    return next(filter(None, cards), "Please talk to an adult you trust, or call your country's emergency number.")
