"""Which of the suggested passages the steps of a new lesson are about."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tutor.core.article import Block
from tutor.core.lesson import Ruled
from tutor.core.rules import Reading, match_rules
from tutor.core.words import STOP_WORDS, folded_words, split_words
from tutor.workbench.new.facts import first_paragraph
from tutor.workbench.new.marks import Category, Suggestion, beside, near, together
from tutor.workbench.new.rewriting import certain_words, is_milder_possible

_MOST_SHOWN = 14
_LONGEST_SOURCE = 48
_TITLES = frozenset("mr mrs ms miss dr prof".split())


@dataclass(frozen=True, slots=True)
class Plan:
    """Which passages the steps are about. `find` is what is to be found, `leave` what is to be left alone; `check` is
    the paragraph to check where nobody can be asked for in `explain`.
    """

    who: Suggestion | None
    explain: Suggestion | None
    find: tuple[Suggestion, ...]
    leave: tuple[Suggestion, ...]
    rewrite: Suggestion
    check: str

    @property
    def needed(self) -> tuple[Suggestion, ...]:
        """All of them."""
        single = (each for each in (self.who, self.explain) if each)
        return tuple(dict.fromkeys((*self.find, *self.leave, *single, self.rewrite)))


def plan(found: Sequence[Suggestion], blocks: Sequence[Block], lang: str) -> Plan:
    """Choose the passages that fit the steps best; no two of them share words."""
    wanted: tuple[Category, ...] = (
        "forecast",
        "certain",
        "loaded",
        "quoted",
        "number",
        "reported",
        "careful",
        "opening",
    )
    groups = [group for category in wanted if (group := together(found, category))]
    group = next(
        (each for each in groups if beside(found, each)),
        groups[0] if groups else [each for each in found if each.block != "title"][:1],
    )
    order = [block.id for block in blocks if block.kind != "heading"]
    leave = beside(found, group) or near(found, group, order)
    taken = [*group, *leave]
    sourced = [each for each in found if _can_ask_for_source(each) and _fits(each, taken)]
    explain = next((each for each in sourced if each.form != "vague-attribution"), None)
    who = next((each for each in sourced if explain and each.block != explain.block), None)
    taken += [each for each in (explain, who) if each]
    rewrite = min(
        (each for each in found if each.block != "title" and _fits(each, taken)),
        key=lambda each: _for_rewriting(each, lang),
    )
    return Plan(who, explain, tuple(group), tuple(leave), rewrite, _to_check(found, blocks))


def _to_check(found: Sequence[Suggestion], blocks: Sequence[Block]) -> str:
    """A paragraph that says what one could look up: with a number, with somebody who says it, or just the first."""
    for category in ("number", "reported"):
        for each in found:
            if each.category == category and each.block != "title":
                return each.block
    return first_paragraph(blocks).id


_REWRITTEN: tuple[Category, ...] = (
    "quoted",
    "number",
    "certain",
    "forecast",
    "opening",
    "loaded",
    "careful",
    "reported",
)


def _for_rewriting(each: Suggestion, lang: str) -> tuple[bool, bool, bool, bool, int, int]:
    """How well a passage can be written anew, the best first: one word for another, no word that is certain, or else
    a clause of some length.
    """
    milder = lang == "en" and is_milder_possible(each)
    size = len(folded_words(each.quote))
    return (
        not milder,
        each.category != "forecast" and milder,
        lang == "en" and each.category != "certain" and bool(certain_words(each.quote)),
        size not in range(4, 21),
        _REWRITTEN.index(each.category),
        -size,
    )


def _fits(each: Suggestion, taken: Sequence[Suggestion]) -> bool:
    """Whether it is one of those taken already, or shares no words with them."""
    return each in taken or not any(map(each.overlaps, taken))


def shown(text: str) -> str:
    """A passage as a question quotes it."""
    words = text.split()
    return text if len(words) <= _MOST_SHOWN else " ".join(words[:_MOST_SHOWN]).rstrip(",;:") + " ..."


def claim_of(each: Suggestion) -> str:
    """What is claimed in a passage, without the words that say who claims it."""
    return each.content or each.quote


def _can_ask_for_source(each: Suggestion) -> bool:
    """Whether a question can quote the claim and leave its source to be found."""
    if (
        each.block == "title"
        or each.category == "number"
        or not each.source
        or len(each.source) > _LONGEST_SOURCE
        or not name_words(each.source)
    ):
        return False
    claim = Reading.of(shown(claim_of(each)))
    rules = Ruled(all_of=(tuple(name_words(each.source)),))
    return (
        len(folded_words(each.source)) <= 6
        and len(folded_words(claim_of(each))) >= 3
        and not match_rules(rules, claim).met
    )


def name_words(source: str) -> list[str]:
    """The words of a source by which a learner may name it: its names, and what it is."""
    words = [source[word.start : word.end] for word in split_words(source)]
    names = [word for word in words if word[0].isupper() and len(word) > 1 and word.lower() not in STOP_WORDS | _TITLES]
    before = [word for word in words[: words.index(names[0])] if word.lower() not in STOP_WORDS] if names else []
    head = before[-1:] or ([] if names else _head(source))
    return [word for word in dict.fromkeys([*names, *head]) if len(word) > 2 or word.isupper()]


def _head(source: str) -> list[str]:
    """The word that says what a source without a name is: the study of ..., a spokesperson for ..."""
    phrase: list[str] = []
    for word in folded_words(source):
        if word in ("of", "for", "at", "from", "in", "by", "with") and phrase:
            break
        phrase.append(word)
    return [word for word in phrase if word not in STOP_WORDS][-1:]
