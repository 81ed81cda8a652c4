"""Whether an answer says the contrary of what its words would show.

A rule looks for words, and "it is not a report" holds the same words as "it is a report". Two signs are looked for:
a clause that is called untrue, and a negation before words that no known answer negates. They are those of English.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from tutor.core.lesson import Ruled
from tutor.core.rules import Place, Reading, compile_item
from tutor.core.words import fold

_BEFORE = 3
"""Words; a negation further ahead mostly belongs to something else."""
_NEGATION = re.compile(
    r"(?:not|never|neither|nor|hardly|no|nobody|none|noone|nothing|without|cannot|nt|\w+n't"
    r"|(?:is|are|was|were|does|do|did|has|have|had|would|could|should|wo|ca)nt)$"
)
_LINKING = frozenset("a an at by from in of on the to with".split())
_NEW_CLAUSE = re.compile(r"[.,;:!?\n]|\b(?:but|because|since|only|though|although)\b")
_DENIAL = re.compile(
    r"\b(?:(?:i|we) (?:do not|don't|dont|never|didn't|didnt) (?:really )?"
    r"(?:(?:think|believe|mean|agree)\b|say that\b)"
    r"|(?:(?:it|this|that)(?: is|'s| was|s)?(?: not|n't|nt)(?: really)? (?:true|so|right|correct|the case)"
    r"|(?:it|this|that)(?: is|'s| was|s) (?:false|wrong|untrue|a lie))"
    r"(?= (?:that|it|this|he|she|they|there)\b|\W*$|[.,;:!?\n])"
    r"|(?:nobody|no ?one) (?:says|thinks|believes)\b)(?: that\b)?"
)
_NO = re.compile(r"n'?t\b|\b(?:not|never|nobody|no ?one|false|wrong|untrue|lie)\b")
_CLAUSE_END = re.compile(r"[.,;:!?\n]|\b(?:but|because|since|only)\b")


def is_negated(ruled: Ruled, reading: Reading, known: Sequence[str]) -> bool:
    """Whether a group of the rules stands in an answer only behind a negation, and in none of the `known` answers do
    the same items of it.

    `known` are texts that meet the rules: where one of them says "not" before the same item, a "not" is no denial.
    """
    if not reading.lang.startswith("en"):
        return False
    behind = [(group, items) for group in ruled.all_of if (items := _behind_negation(group, reading))]
    others = [Reading.of(text, reading.lang) for text in known] if behind else []
    return any(not any(_pardons(group, items, other) for other in others) for group, items in behind)


def _pardons(group: Iterable[str], items: dict[str, int], other: Reading) -> bool:
    return any(near >= items.get(item, _BEFORE + 1) for item, near in _behind_negation(group, other).items())


def _behind_negation(group: Iterable[str], reading: Reading) -> dict[str, int]:
    """The items of a group that are found in a text and how near a negation stands, if all stand behind one."""
    places = {item: place for item in group if (place := compile_item(item, reading.lang)(reading)) is not None}
    near = {item: _nearness(reading, place) for item, place in places.items()}
    return near if all(near.values()) else {}


def _nearness(reading: Reading, place: Place) -> int:
    """2 for a negation right before these words, articles and prepositions aside, 1 for one a little ahead in their
    clause, 0 for none.
    """
    clause = max((end.end() for end in _NEW_CLAUSE.finditer(reading.folded, 0, place[0])), default=0)
    before = [word.folded for word in reading.words if word.start >= clause and word.end <= place[0]]
    ahead = [bool(_NEGATION.match(word)) for word in before[-_BEFORE:] if word not in _LINKING]
    return 2 if ahead[-1:] == [True] else int(any(ahead))


def is_denied(text: str, places: Sequence[Place], lang: str = "en") -> bool:
    """Whether one of these places of a text stands in a clause that is called untrue or not one's view: “I don't think
    that ...”, “it is not true that ...”.
    """
    folded = fold(text)
    for denial in _DENIAL.finditer(folded) if lang.startswith("en") else ():
        end = _CLAUSE_END.search(folded, denial.end())
        no = _NO.search(folded, denial.start(), denial.end())
        first = no.end() if no else denial.end()  # a rule that looks for a "no" has found it here
        if any(first <= start < (end.start() if end else len(folded)) for start, _ in places):
            return True
    return False
