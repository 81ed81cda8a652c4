"""The app of the preview: one lesson, for its teacher, without library and without nickname."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from textual import work

from tutor.tui.base_app import BaseApp, run

if TYPE_CHECKING:
    from collections.abc import Callable

    from tutor.tui.screens.preview import PreviewHouse

_HIGH = 36
"""Rows of a window in which there is room for the whole bar beside everything else."""


class PreviewApp(BaseApp):
    """The preview on the screen."""

    KEPT = "Nothing of a preview is kept"

    def __init__(self, preview: PreviewHouse, step: str, *, theme: str, prepare: Callable[[], None]) -> None:
        """`step` is where to begin; `prepare` is called after the first paint and begins to load what is slow."""
        super().__init__(theme)
        self._preview = preview
        self._step = step
        self._prepare = prepare

    def on_mount(self) -> None:
        """Begin after the first paint."""
        self.call_after_refresh(self._begin)

    @work
    async def _begin(self) -> None:
        from tutor.tui.screens.preview import PreviewScreen, Way  # noqa: PLC0415  slow to import

        self._prepare()
        conversation = await asyncio.to_thread(self._preview.begin, self._step)
        way = Way("full" if self.size.height >= _HIGH else "short")
        await self.push_screen(PreviewScreen(self._preview, conversation, way))


def run_preview(preview: PreviewHouse, step: str, *, theme: str, prepare: Callable[[], None]) -> int:
    """Run the preview on the screen; returns the exit status."""
    return run(PreviewApp(preview, step, theme=theme, prepare=prepare))
