"""The one way by which outside text becomes something Textual shows: cleaned, and never read as markup."""

from __future__ import annotations

import re
from collections import deque

from textual.content import Content
from textual.style import Style

from tutor.core.clean import clean, one_line


def shown(text: str, style: str | Style = "") -> Content:
    """`text` as data: control characters dropped, brackets left as they are."""
    return Content.styled(clean(text), style) if style else Content(clean(text))


def shown_line(text: str, style: str | Style = "") -> Content:
    """`text` as data on one line."""
    return shown(one_line(text), style)


def joined(*parts: str | Content | tuple[str, str]) -> Content:
    """Parts put together: plain text, text with a style, or finished content; none of it is read as markup."""
    whole = Content("")
    for part in parts:
        match part:
            case Content():
                whole = whole.append(part)
            case str():
                whole = whole.append(shown(part))
            case (text, style):
                whole = whole.append(shown(text, style))
    return whole


def in_place(text: str) -> str:
    """`text` cleaned on one line, every character in its place: what would be dropped is blanked. For texts with places
    in them, which come cleaned from their lesson and so stay what they are.
    """
    blanked = re.sub(r"\s", " ", text)
    kept = deque(clean(blanked))
    return "".join(kept.popleft() if kept and kept[0] == char else " " for char in blanked)
