"""The one way by which outside text becomes something Textual shows: cleaned, and never read as markup."""

from __future__ import annotations

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
