"""Two themes of our own. Text has a contrast of at least 4.5:1 with every ground that it stands on (tested)."""

from __future__ import annotations

from typing import Any

from textual.theme import Theme

VARIABLES = (
    "muted", "lit", "lit-text", "visited", "pick", "pick-text", "cursor", "cursor-text", "tutor", "learner", "note",
)  # fmt: skip
"""What our style sheets name besides Textual's own variables."""


def _theme(name: str, *, dark: bool, colours: dict[str, Any], ours: dict[str, str]) -> Theme:
    variables = {
        "block-cursor-foreground": ours["cursor-text"],
        "block-cursor-background": ours["cursor"],
        "block-cursor-text-style": "bold",
        "block-cursor-blurred-foreground": colours["foreground"],
        "block-cursor-blurred-background": colours["panel"],
        "block-cursor-blurred-text-style": "bold",
        "border": colours["primary"],
        "border-blurred": ours["visited"],
        "input-cursor-background": colours["foreground"],
        "input-cursor-foreground": colours["background"],
        "input-cursor-text-style": "none",
        "input-selection-background": ours["pick"],
        "input-selection-foreground": ours["pick-text"],
        "screen-selection-background": ours["pick"],
        "screen-selection-foreground": ours["pick-text"],
        "scrollbar": ours["visited"],
        "scrollbar-hover": colours["primary"],
        "scrollbar-active": colours["primary"],
        "scrollbar-background": colours["surface"],
        "scrollbar-background-hover": colours["surface"],
        "scrollbar-background-active": colours["surface"],
        "scrollbar-corner-color": colours["surface"],
    }
    return Theme(name=name, dark=dark, variables=variables | ours, **colours)


DARK = _theme(
    "closeread-dark",
    dark=True,
    colours={
        "primary": "#7cc4d8",
        "secondary": "#b7a6f0",
        "accent": "#f2c14e",
        "foreground": "#e9e6de",
        "background": "#15171b",
        "surface": "#1b1e23",
        "panel": "#282c33",
        "success": "#93d58d",
        "warning": "#f2c14e",
        "error": "#ff9a90",
    },
    ours={
        "muted": "#a7adba",
        "lit": "#f2c14e",
        "lit-text": "#fffaf0",
        "visited": "#5a6475",
        "pick": "#4a3d12",
        "pick-text": "#ffe9ae",
        "cursor": "#f2c14e",
        "cursor-text": "#15171b",
        "tutor": "#7cc4d8",
        "learner": "#b7a6f0",
        "note": "#a7adba",
    },
)
LIGHT = _theme(
    "closeread-light",
    dark=False,
    colours={
        "primary": "#0b5c78",
        "secondary": "#5a3fa8",
        "accent": "#6a3f00",
        "foreground": "#20242b",
        "background": "#f4efe4",
        "surface": "#fbf8f1",
        "panel": "#ebe5d8",
        "success": "#1c6130",
        "warning": "#6a3f00",
        "error": "#9c1f1a",
    },
    ours={
        "muted": "#535a66",
        "lit": "#a35f00",
        "lit-text": "#0d1014",
        "visited": "#a49a86",
        "pick": "#ffe2a0",
        "pick-text": "#3c2600",
        "cursor": "#6a3f00",
        "cursor-text": "#fffaf0",
        "tutor": "#0b5c78",
        "learner": "#5a3fa8",
        "note": "#535a66",
    },
)
THEMES = (DARK, LIGHT)


def theme_for(setting: str) -> str:
    """The theme's name for the setting `auto`, `dark` or `light`."""
    return LIGHT.name if setting == "light" else DARK.name


def other_theme(name: str) -> str:
    """The theme to switch to from the one in use."""
    return DARK.name if name == LIGHT.name else LIGHT.name
