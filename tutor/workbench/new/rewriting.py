"""What a passage reads like when it is written anew with more care, and when it is not: samples of a rewrite step."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from tutor.core.words import STOP_WORDS, folded_words
from tutor.workbench.new.finding import CERTAIN, follows_not
from tutor.workbench.new.marks import Suggestion
from tutor.workbench.new.words import MILDER, SURER

_MOST_WORDS = 20
_INSTEAD: Mapping[str, str] = {
    "never": "not",
    "nobody": "few people",
    "no one": "few people",
    "everybody": "many people",
    "everyone": "many people",
}
"""What stands for a certain word that its sentence cannot do without."""
_LEFT_OUT = frozenset(
    (
        "always", "certainly", "obviously", "clearly", "definitely", "surely", "undoubtedly", "of course", "no doubt",
        "needless to say", "as we all know", "without doubt", "without a doubt", "of all time", "in the world",
        "the truth is", "the fact is", "there is no doubt", "it is clear that",
    )
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Rewritten:
    """A passage written anew: answers that leave room for doubt, and answers that do not; `drop` are the words that
    have to go.
    """

    having: tuple[str, ...]
    lacking: tuple[str, ...]
    drop: tuple[str, ...]


def certain_words(text: str) -> list[str]:
    """The words of a text that leave no doubt, but for those behind a `not`."""
    found = (match.group().lower() for match in CERTAIN.finditer(text) if not follows_not(text, match.start()))
    return list(dict.fromkeys(found))


def is_milder_possible(each: Suggestion) -> bool:
    """Whether one word of a passage can be swapped for another that claims less, and no other word stays certain."""
    size, words = len(folded_words(each.quote)), certain_words(each.quote)
    if each.category == "forecast":
        can_go = all(word in _INSTEAD or word in _LEFT_OUT for word in words)
        return each.cue == "will" and each.quote.count(" will ") == 1 and size <= _MOST_WORDS and can_go
    cue = each.cue.lower()
    return each.category == "certain" and cue in MILDER and size in range(4, _MOST_WORDS + 1) and words == [cue]


def rewritten(source: Suggestion, *, has_milder: bool) -> Rewritten:
    """Ways to write a passage anew; `has_milder` says that one word of it is swapped."""
    if has_milder and source.category == "forecast":
        return _forecast(source.quote)
    if has_milder:
        return _sure(source.quote, source.cue)
    drop = tuple(word for word in certain_words(source.quote) if word in _LEFT_OUT)
    rest = _inside(softened(source.quote, drop).rstrip(".!?"))
    full = _inside(source.quote.rstrip(".!?"))
    having = (f"Perhaps {rest}", f"It may be that {rest}", f"I was told that {rest}", f"maybe {rest}, I'm not sure")
    return Rewritten(having, (source.quote, f"It is certain that {full}", f"Yes, {full}!"), drop)


def _forecast(quote: str) -> Rewritten:
    drop = tuple(certain_words(quote))
    before, _, after = softened(quote, drop).partition(" will ")
    careful = [f"{before} {word} {after}" for word in ("may", "might", "could")]
    careful.append(f"Maybe {_inside(before)} would {after}")
    old = quote.partition(" will ")
    lacking = (f"{old[0]} shall {old[2]}", f"There is no doubt that {_inside(old[0])} would {old[2]}")
    return Rewritten(tuple(careful), lacking, ("will", *drop))


def _sure(quote: str, cue: str) -> Rewritten:
    before, _, after = quote.partition(cue)
    put = [f"{before}{_cased(word, cue)}{after}" for word in MILDER[cue.lower()]]
    lacking = (f"{before}{_cased(SURER[cue.lower()], cue)}{after}",)
    return Rewritten((*put, f"I believe that {_inside(put[0])}"), lacking, (cue.lower(),))


def softened(text: str, words: tuple[str, ...]) -> str:
    """A text without these certain words, or with what claims less in their place."""
    for word in words:
        pattern = re.compile(
            rf"(?P<before>^|, |\s+)(?P<word>{re.escape(word)})(?![\w'’-])(?P<after>,?(?: that\b)?)", re.IGNORECASE
        )
        text = pattern.sub(_instead, text)
    text = text.strip(" ,")
    return text[:1].upper() + text[1:] if words else text


def _instead(match: re.Match[str]) -> str:
    if follows_not(match.string, match.start("word")):
        return match.group()
    instead = _INSTEAD.get(match["word"].lower(), "")
    if instead:
        return f"{match['before']}{_cased(instead, match['word'])}{match['after']}"
    # A pair of commas around the word goes with it.
    is_inserted = match["before"] == ", " and match["after"].startswith(",")
    return "" if is_inserted or match["before"] != ", " else ","


def _cased(word: str, like: str) -> str:
    return word[:1].upper() + word[1:] if like[:1].isupper() else word


def _inside(text: str) -> str:
    """A passage as it goes on inside a sentence."""
    first = text.split(" ")[0]
    is_plain = first.lower() in STOP_WORDS or first in ("Few", "Many")
    return text[:1].lower() + text[1:] if is_plain and first != "I" else text
