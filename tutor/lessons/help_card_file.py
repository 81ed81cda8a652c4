"""The help card that is shown at words of distress: the school's own, or the one that ships in `prompts/`."""

from __future__ import annotations

import codecs
from pathlib import Path

from tutor.lessons.textfile import UnreadableError, read_regular


def read_card(path: Path) -> str | None:
    """A card's text; None where it cannot be read or holds nothing (`card_trouble` tells which)."""
    try:
        return _text(path)
    except UnreadableError:
        return None


def card_trouble(path: Path) -> str:
    """Why a card cannot be shown, as the end of a sentence that begins with its name; "" where it can."""
    try:
        _text(path)
    except UnreadableError as error:
        return str(error)
    return ""


def shipped_card(folder: Path, lang: str) -> str:
    """The card that ships, in this language or in English; a sentence where there is none."""
    cards = (read_card(folder / f"help-card.{each}.md") for each in (lang, "en"))
    return next(filter(None, cards), "Please talk to an adult you trust, or call your country's emergency number.")


def _text(path: Path) -> str:
    """UnreadableError. Windows editors save UTF-16, with a mark."""
    data = read_regular(path)
    try:
        text = data.decode("utf-16" if data[:2] in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE) else "utf-8-sig")
    except UnicodeDecodeError:
        raise UnreadableError("is not text in UTF-8") from None
    if not text.strip():
        raise UnreadableError("has no words in it")
    return text
