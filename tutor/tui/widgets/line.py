"""One line to type in."""

from __future__ import annotations

from textual.widgets import Input

from tutor.core.clean import clean


class Line(Input):
    """A line whose text is cleaned however it came in: typed, pasted, or put there by the program."""

    def validate_value(self, value: str) -> str:
        """The text cleaned, on one line."""
        return clean(value).replace("\n", " ")
