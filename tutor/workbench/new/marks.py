"""Marks that are suggested to a teacher: a dozen, of many kinds, spread over the text."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, get_args

from tutor.core.article import Block

Category = Literal["reported", "forecast", "quoted", "loaded", "certain", "number", "careful", "opening"]

_MOST = 12
_MOST_OF_A_KIND = 3
_MOST_TOGETHER = 4


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A passage that a rule points at: characters `start` to `end` of a block, and what a mark would say of it.

    `cue` is the word that the rule saw; `content` is what is claimed, where that is less than the whole passage.
    """

    category: Category
    block: str
    start: int
    end: int
    quote: str
    cue: str
    kind: str = ""
    sound: bool = False
    technique: str = ""
    form: str = ""
    source: str = ""
    said_by: str = ""
    content: str = ""
    score: int = 0
    occurrence: int | None = None

    def overlaps(self, other: Suggestion) -> bool:
        """Whether the two share characters."""
        return self.block == other.block and self.start < other.end and other.start < self.end


def choose(found: Sequence[Suggestion], blocks: Sequence[Block], needed: Sequence[Suggestion] = ()) -> list[Suggestion]:
    """About a dozen of them, no two on the same words: `needed` first, then of each kind in turn from where there are
    the fewest. In the order of the text.
    """
    order = {block.id: number for number, block in enumerate(blocks)}
    taken = list(dict.fromkeys(needed))
    for _ in range(_MOST_OF_A_KIND):
        for category in get_args(Category):
            mine = [each for each in taken if each.category == category]
            free = [each for each in found if each.category == category and not any(map(each.overlaps, taken))]
            if not free or len(taken) >= _MOST or len(mine) >= _MOST_OF_A_KIND:
                continue
            taken.append(min(free, key=lambda each: _crowding(each, taken, order)))
    return sorted(taken, key=lambda each: (order[each.block], each.start))


def _crowding(each: Suggestion, taken: Sequence[Suggestion], order: dict[str, int]) -> tuple[int, int, int, int, int]:
    def quarter(one: Suggestion) -> int:
        return 4 * order[one.block] // max(len(order), 1)

    same_block = sum(one.block == each.block for one in taken)
    same_quarter = sum(quarter(one) == quarter(each) for one in taken)
    return max(same_block - 1, 0), same_quarter, -each.score, order[each.block], each.start


def together(found: Sequence[Suggestion], category: Category) -> list[Suggestion]:
    """Those of a kind that stand in one paragraph, for a step that asks to find them: all there are, and not too many.

    The paragraph is the best: a sound passage beside them, several to find, early in the text.
    """
    by_block: dict[str, list[Suggestion]] = {}
    for each in found:
        if each.category == category and each.block != "title":
            by_block.setdefault(each.block, []).append(each)
    groups = [group for each in by_block.values() if len(group := _apart(each)) <= _MOST_TOGETHER]
    return max(groups, key=lambda group: (bool(beside(found, group)), min(len(group), 2)), default=[])


def _apart(group: Sequence[Suggestion]) -> list[Suggestion]:
    kept: list[Suggestion] = []
    for each in group:
        if not any(map(each.overlaps, kept)):
            kept.append(each)
    return kept


def beside(found: Sequence[Suggestion], group: Sequence[Suggestion]) -> list[Suggestion]:
    """Sound passages that a hasty reader might pick, at most two: in the paragraph of a group."""
    return _sound_in(found, group, {each.block for each in group})


def near(found: Sequence[Suggestion], group: Sequence[Suggestion], order: Sequence[str]) -> list[Suggestion]:
    """As `beside`, in the paragraph that is nearest to the group's among the next two before and after it."""
    here = order.index(group[0].block)
    for distance in (1, -1, 2, -2):
        there = order[here + distance] if 0 <= here + distance < len(order) else ""
        if there != "title" and (sound := _sound_in(found, group, {there})):
            return sound
    return []


def _sound_in(found: Sequence[Suggestion], group: Sequence[Suggestion], blocks: set[str]) -> list[Suggestion]:
    sound = [each for each in found if each.sound and each.block in blocks and not any(map(each.overlaps, group))]
    return _apart([each for each in sound if not _is_meant_too(each, group[0].category)])[:2]


def _is_meant_too(each: Suggestion, category: Category) -> bool:
    """Whether a question for this category would be answered by the passage, too."""
    if category in ("quoted", "reported"):
        return bool(each.source)
    return category == "number" and any(char.isdigit() for char in each.quote)
