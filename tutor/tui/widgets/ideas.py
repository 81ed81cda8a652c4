"""The ideas found so far in a step. Those still to be found are counted, not named."""

from __future__ import annotations

from textual.content import Content
from textual.widgets import Static

from tutor.tui.place import Ideas
from tutor.tui.text import joined


class IdeasBar(Static):
    """How many of the step's ideas are found, and which."""

    def __init__(self) -> None:
        super().__init__(markup=False)
        self.display = False

    def show(self, ideas: Ideas | None) -> None:
        """Show the ideas of the present step; nothing where it has none to count."""
        self.display = ideas is not None
        if ideas is not None:
            self.update(_worded(ideas))


def summed_up(ideas: Ideas) -> str:
    """The ideas in a few words."""
    return f"found {len(ideas.found)} of {ideas.total}"


def _worded(ideas: Ideas) -> Content:
    open_ones = max(ideas.total - len(ideas.found) - len(ideas.told), 0)
    boxes = "✓" * len(ideas.found) + "·" * len(ideas.told) + "○" * open_ones
    whole = joined((f"Found {len(ideas.found)} of {ideas.total}  ", "bold"), (boxes, "bold $success"))
    for idea in ideas.found:
        whole = whole.append(joined(("\n✓ ", "bold $success"), idea))
    for idea in ideas.told:
        whole = whole.append(joined(("\n· told: ", "$muted"), (idea, "$muted")))
    return whole
