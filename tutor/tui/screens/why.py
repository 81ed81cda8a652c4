"""Why the tutor said that; from here the learner can say that they see it differently."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.widget import Widget
from textual.widgets import Static

from tutor.report.ground import Differing, Ground
from tutor.tui.screens.base import ChoiceDialog, Dialog
from tutor.tui.text import shown
from tutor.tui.widgets.choices import Choice, Choices

_DIFFER = Choice("differ", "d", "I see it differently")
_WHOLE = "a"


class WhyDialog(Dialog[bool | None]):
    """The ground of the verdicts, and what keeps a model from helping, in full; the result is whether the learner sees
    it differently.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter,q", "close", show=False),
        Binding("d", "differ", show=False),
        Binding("f9,ctrl+c", "screen.copy_text", show=False),
    ]
    FOOT = "Arrows scroll · Esc closes"

    def __init__(self, ground: Ground, trouble: str = "") -> None:
        super().__init__("Why?")
        self._paragraphs = (*ground.paragraphs, trouble) if trouble else ground.paragraphs
        self._can_differ = any(not each.noted for each in ground.differing)

    def body(self) -> Iterable[Widget]:
        """The ground, and below it the learner's own view."""
        yield VerticalScroll(*(Static(shown(each), markup=False, classes="part") for each in self._paragraphs))
        if self._can_differ:
            yield Choices([_DIFFER])

    def action_differ(self) -> None:
        """Say that one sees it differently."""
        if self._can_differ:
            self.dismiss(True)

    def on_choices_chosen(self) -> None:
        """As by its key."""
        self.dismiss(True)


def differ_dialog(differing: Iterable[Differing]) -> ChoiceDialog:
    """What is it that the learner sees differently? The result is the number of the idea, 0 for the whole."""
    choices = [
        Choice(
            str(each.number),
            str(each.number) if each.number else _WHOLE,
            each.name,
            mark="(noted)" if each.noted else "",
            enabled=not each.noted,
        )
        for each in differing
    ]
    return ChoiceDialog(
        "What do you see differently?",
        "A machine can be wrong. What you choose is noted for your teacher; the lesson goes on as before.",
        choices,
        highlight=None,
    )
