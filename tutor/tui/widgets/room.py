"""Who gives way where there is too little room, so that nothing is cut off that could scroll instead."""

from __future__ import annotations

from collections.abc import Callable

from textual.containers import Vertical
from textual.geometry import Size
from textual.layout import ArrangeResult, Layout, WidgetPlacement
from textual.layouts.vertical import VerticalLayout
from textual.widget import Widget

Gives = tuple[Callable[[Widget], bool], int]
"""Which of the widgets give way, and the rows that are left to each of them in any case."""


class GivingWay(VerticalLayout):
    """One below the other. Where that takes more rows than there are, some get fewer than they want, in this order."""

    def __init__(self, *order: Gives) -> None:
        self._order = order

    def arrange(self, parent: Widget, children: list[Widget], size: Size, greedy: bool = True) -> ArrangeResult:
        """The placements; where no height is given (how much is wanted?) nobody gives way."""
        placements = list(super().arrange(parent, children, size, greedy))
        if size.height and placements:
            excess = placements[-1].region.bottom + placements[-1].margin.bottom - size.height
            for gives, least in self._order:
                for index, placed in enumerate(placements):
                    if excess > 0 and gives(placed.widget):
                        rows = min(excess, max(placed.region.height - least, 0))
                        placements[index:] = lengthen(placements[index:], -rows)
                        excess -= rows
        return placements


class Column(Vertical):
    """Widgets one below the other, of which some give way."""

    def __init__(self, *order: Gives, id: str | None = None, classes: str | None = None) -> None:  # noqa: A002  Textual's name
        super().__init__(id=id, classes=classes)
        self._giving_way = GivingWay(*order)

    @property
    def layout(self) -> Layout:
        """How they are laid out. A style can only name one of Textual's own ways."""
        return self._giving_way


class ArticleAboveSide(VerticalLayout):
    """The article above the conversation: it keeps its share of the rows as long as the answer needs none of them."""

    def __init__(self, least: int) -> None:
        """`least` rows are left to the article in any case."""
        self._least = least

    def arrange(self, parent: Widget, children: list[Widget], size: Size, greedy: bool = True) -> ArrangeResult:
        """The placements: of both, or of one that is shown alone."""
        placements = list(super().arrange(parent, children, size, greedy))
        if len(placements) < 2:
            return placements
        article, side = placements
        wanted = side.widget.get_content_height(Size(size.width, 0), parent.app.size, size.width)
        lacking = min(wanted - side.region.height, article.region.height - self._least)
        if lacking <= 0:
            return placements
        article, side = lengthen([article, side], -lacking)
        return [article, lengthen([side], lacking)[0]]


def lengthen(placements: list[WidgetPlacement], rows: int) -> list[WidgetPlacement]:
    """The first of them by so many rows longer, and those after it as much further down; `rows` may be below 0."""
    first, *rest = placements
    region = first.region
    return [
        first._replace(region=region._replace(height=region.height + rows)),
        *(each._replace(region=each.region.translate((0, rows))) for each in rest),
    ]
