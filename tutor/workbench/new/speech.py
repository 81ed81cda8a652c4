"""Sentences, quotation marks, and who is made to say something.

An attribution links a source, a cue and a content (PARC 3.0, Pareti 2016). Here it is found by patterns alone: a verb
of saying with a name or a person beside it. That misses much, and what it finds is a suggestion.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from tutor.core.words import STOP_WORDS, folded_words
from tutor.workbench.new.words import (
    COLOURED_CUES,
    DETERMINERS,
    DOCUMENTS,
    NEUTRAL_CUES,
    ONLY_BEFORE_THAT,
    PEOPLE,
    PRONOUNS,
    VAGUE,
)

_QUOTE = re.compile(
    r"“(?P<a>[^“”]{2,600})”|„(?P<b>[^„“”]{2,600})[“”]|«(?P<c>[^«»]{2,600})»|(?<!\w)\"(?P<d>[^\"]{2,600})\"(?!\w)"
    r"|(?<!\w)‘(?P<e>[^‘]{2,600}?)’(?!\w)"
)
_CUES = "|".join(sorted(NEUTRAL_CUES | COLOURED_CUES, key=len, reverse=True))
_CUE = re.compile(rf"(?<![\w'’-])(?:{_CUES})(?![\w'’-])")
_ACCORDING = re.compile(r"(?<!\w)[Aa]ccording to (?=\w)")
_ABBREVIATED = re.compile(
    r"(?:\b(?:Mr|Mrs|Ms|Dr|Prof|St|Sr|Jr|No|vs|e\.g|i\.e|cf|approx|Jan|Feb|Aug|Sept?|Oct|Nov|Dec|Co|Inc|Ltd|bzw|z\.B|ca)"
    r"|\b[A-Z])\.$"
)
_END = re.compile(r"[.!?…]+[”\"’»)]*(?=\s+[“\"‘„«(]?[_A-Z0-9ÄÖÜÉÀ])")
_BOUNDARY = re.compile(
    r"[.;:!?…“”„«»\"()—]|,(?=\s|$)|\s–\s|(?<!\w)(?:but|and|while|as|because|although|when|after|that|if)\s"
)
_AFTER_NAME = re.compile(
    r"[.,;:!?…“”„«»\"()—]|\s(?:on|in|at|who|which|that|when|while|after|before|during|about|to|from|as|and then|by|how|"
    r"why|yesterday|today|this|last|earlier|later|it|he|she|they|we|there|is|was|are|were|will|would|has|had|have)\s|\s(?:"
    r"yesterday|today)$|\s[–-]\s"
)
_HELPING = re.compile(
    r"(?:\s+(?:has|have|had|also|later|then|now|recently|already|often|once|simply|yesterday|today|himself|herself|"
    r"on (?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day))+$"
)
_CUE_BEFORE_THAT = re.compile(rf"\b(?:{_CUES}) that$")
_APPOSITION = re.compile(r", (?:[A-Z][\w'’-]+ ?){2,3}(?=[.,;]|$)")
_DATELINE = re.compile(
    r"[A-Z][A-Z.'’ -]+(?:,[^-–—]{2,40})?(?: ?\([^)]{2,40}\))? [-–—] |[A-Z][A-Z.'’ -]+(?:,[^-–—]{2,40})?—"
)
_WHEN = re.compile(r"^(?:On \w+day|Last \w+|Yesterday|This \w+),? (?=\w)")
_NO_SOURCE = frozenset(
    """is was are were what which who be been has had have should could would will can may might must not to do does
    did""".split()
)
_MOST_WORDS = 8


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence: the characters `start` to `end` of its block."""

    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class Quotation:
    """What stands between quotation marks: its characters in the block, marks left out, and with them."""

    start: int
    end: int
    outer: tuple[int, int]


@dataclass(frozen=True, slots=True)
class Speaker:
    """Who says so, and the word that tells. `source` is "" for a pronoun; `start` to `end` are the cue's characters
    in its sentence.
    """

    source: str
    cue: str
    start: int
    end: int

    @property
    def is_named(self) -> bool:
        """Whether a name is given, or a certain document."""
        return any(word[:1].isupper() for word in self.source.split()[1:] or self.source.split()) and not self.is_vague

    @property
    def is_certain(self) -> bool:
        """Whether one could turn to it: a name, or a body that there is one of, such as the council."""
        return self.is_named or (not self.is_vague and self.source.split()[:1] in (["the"], ["its"], ["their"]))

    @property
    def is_vague(self) -> bool:
        """Whether this could be anybody."""
        words = folded_words(self.source)
        has_name = any(word[:1].isupper() for word in self.source.split()[1:])
        return bool(words) and not has_name and (words[-1] in VAGUE or words[0] in VAGUE)

    @property
    def is_document(self) -> bool:
        """Whether it is a document that speaks."""
        return any(word in DOCUMENTS for word in folded_words(self.source))

    @property
    def is_neutral(self) -> bool:
        """Whether the cue passes on and does not judge."""
        return self.cue.lower() in NEUTRAL_CUES or self.cue.lower() == "according to"


def quotations(text: str) -> list[Quotation]:
    """The quotations of a block, in order."""
    found = []
    for match in _QUOTE.finditer(text):
        name = match.lastgroup or "a"
        inner = match[name]
        start = match.start(name) + len(inner) - len(inner.lstrip())
        end = match.start(name) + len(inner.rstrip(" ,.;"))
        if start < end:
            found.append(Quotation(start, end, match.span()))
    return found


def sentences(text: str) -> list[Sentence]:
    """The sentences of a block, without a news agency's dateline; what stands in quotation marks parts none, but
    may end one.
    """
    masked = _masked(text)
    dateline = _DATELINE.match(text)
    found, start = [], dateline.end() if dateline else 0
    for match in _END.finditer(masked):
        is_short = _ABBREVIATED.search(masked[max(start, match.start() - 12) : match.start() + 1])
        # “Stop!” Tom Reed said.
        goes_on = text[match.end() - 1] in '”"’»' and re.match(
            rf"\s+(?:[A-Z][\w.'’-]*\s+){{1,4}}(?:{_CUES})\b", text[match.end() :]
        )
        if not is_short and not goes_on:
            found.append(_sentence(text, start, match.end()))
            start = match.end()
    found.append(_sentence(text, start, len(text)))
    return [each for each in found if each.text]


def _sentence(text: str, start: int, end: int) -> Sentence:
    piece = text[start:end]
    start += len(piece) - len(piece.lstrip())
    return Sentence(start, start + len(piece.strip()), piece.strip())


def _masked(text: str) -> str:
    """The text with the inside of its quotations blanked out, but for an end mark before the closing one."""
    for quote in quotations(text):
        first, last = quote.outer[0] + 1, quote.outer[1] - 1
        closing = text[last - 1] if text[last - 1] in ".!?…" else "_"
        text = text[:first] + "_" * (last - first - 1) + closing + text[last:]
    return text


def speaker_of(sentence: str) -> Speaker | None:
    """Who is made to say something in this sentence, its quotations left aside; None where nobody is."""
    masked = _masked(sentence)
    has_quotation = masked != sentence
    if match := _ACCORDING.search(masked):
        source = _after(masked[match.end() :])
        if source is not None:
            return Speaker(source, match.group().strip(), match.start(), match.end() + len(source))
    best: Speaker | None = None
    for match in _CUE.finditer(masked):
        cue, rest = match.group(), masked[match.end() :]
        before_that = (
            re.match(r"(?:\s+[^.,;:!?]{2,40}?)?\s+that\s", rest)
            if cue.startswith("t")
            else re.match(r"\s+that\s", rest)
        )
        if rest.startswith(" of "):
            continue
        if cue in ONLY_BEFORE_THAT and not before_that and not has_quotation:
            continue
        beside_quotation = has_quotation and re.search(r"_[.!?…_]?[”\"’»],?\s*$", masked[: match.start()])
        # “...,” said Tom Reed; the number rose, says the report.
        is_turned = masked[: match.start()].rstrip().endswith(",")
        after = _after(rest, at_end=not beside_quotation) if beside_quotation or is_turned else None
        source = after or _before(masked[: match.start()])
        if source is None:
            continue
        found = Speaker(source, cue, match.start(), match.end())
        if source:
            return found
        best = best or found
    return best


def _after(rest: str, *, at_end: bool = False) -> str | None:
    """The source that begins here, with `at_end` only if no clause follows; "" for a pronoun, None where none does."""
    stripped = rest.lstrip()
    end = _AFTER_NAME.search(f"{stripped} ")
    phrase = stripped[: end.start()] if end else stripped
    if "_" in phrase or (at_end and re.match(r"\s+\w", stripped[len(phrase) :])):
        return None
    named = _APPOSITION.match(stripped[len(phrase) :])
    if named and not any(word[:1].isupper() for word in phrase.split()):
        # said its chair, Tom Reed.
        phrase += named.group()
    return _source(phrase, at_start=False)


def _before(text: str) -> str | None:
    """The source that ends here; "" for a pronoun, None where none does."""
    bare = _HELPING.sub("", text.rstrip())
    if bare.endswith(","):
        # Ines Holm, the town clerk, said; a friend of mine, who knows about plants, says
        first, _, second = bare.rstrip(",").rpartition(", ")
        is_told = second.split(" ")[0] in ("who", "which", "the", "a", "an", "his", "her", "its", "their")
        return _source(first, at_start=True) if is_told and len(second.split()) <= 10 and "," not in first else None
    ends = [match.end() for match in _BOUNDARY.finditer(bare)]
    start = ends[-1] if ends else 0
    return _source(bare[start:], at_start=start == 0)


def _source(phrase: str, *, at_start: bool) -> str | None:
    """A phrase as a source where it can be one; "" for a pronoun."""
    words = _WHEN.sub("", phrase.strip()).split()
    while words and words[0].lower() in ("but", "and", "so", "yet", "then", "now", "still", "meanwhile"):
        words = words[1:]
    lower = [word.lower().strip(".") for word in words]
    if not words or len(words) > _MOST_WORDS or "_" in phrase or _NO_SOURCE & set(lower[1:]):
        return None
    if len(words) == 1 and lower[0] in PRONOUNS:
        return "" if lower[0] in ("he", "she", "they", "i", "we") else None
    if lower[0] in PRONOUNS - {"one", "this", "that"} or (len(words) == 1 and lower[0] in STOP_WORDS - PEOPLE):
        return None
    is_name = any(word[:1].isupper() for word in (words[1:] if at_start and len(words) > 1 else words))
    is_group = lower[-1] in PEOPLE or lower[0] in PEOPLE
    if not (is_name or is_group or (lower[0] in DETERMINERS and len(words) > 1)):
        return None
    # At the beginning of a sentence only a name keeps its capital.
    if at_start and (lower[0] in DETERMINERS or lower[0] in PEOPLE or lower[0] in STOP_WORDS):
        words[0] = lower[0]
    return " ".join(words).rstrip(",.;:")


_STOP = re.compile(
    r"(?<!\b[ap]\.m)(?<!\bDr)(?<!\bMr)(?<!\bMs)(?<!\bMrs)(?<!\bSt)\.(?=\s|$|[”\"’»])|[,;:!?…](?=\s|$|[”\"’»])"
    r"|[“”„«»\"()—]|\s[–-]\s|\s(?:and|but|because|although|if|when|while|that|which|who|since|unless|whether)(?=\s)"
)


_EXCEPT = re.compile(r"\b(?:every|all|any|each|no|none|nothing|nobody|every(?:one|body|thing))(?: \w+){0,2} but$")
_PHRASE = re.compile(r"\s(?:on|in|at|of|for|from|to|by|with|without|through|over|under|into|until|since|as|than)\s")
_LONGEST_END = 24


def clause_around(text: str, start: int, end: int, *, before: int = 8, after: int = _LONGEST_END) -> tuple[int, int]:
    """The words around `start` to `end` that belong together: up to the next comma, conjunction or end.

    With more than `before` words in front it begins at `start`; of more than `after` behind, it ends at a phrase.
    """
    ends = [match.end() for match in _STOP.finditer(text, 0, start)]
    first = ends[-1] if ends else 0
    if len(text[first:start].split()) > before:
        first = start
    last = _end_of_clause(text, end, after)
    while first < start and (text[first].isspace() or text[first] in "-–*•·"):
        first += 1
    leading = _CUE.match(text, first, start)
    if leading and text[leading.end() : start].strip():
        first = leading.end() + 1
    while last > end and not text[last - 1].isalnum() and text[last - 1] not in "%)":
        last -= 1
    return first, last


def _end_of_clause(text: str, end: int, after: int) -> int:
    # What somebody says goes on behind the `that`.
    stops = [match for match in _STOP.finditer(text, end) if not _CUE_BEFORE_THAT.search(text[end : match.end()])]
    ends = [(match.start(), match.end()) for match in stops] + [(len(text), len(text))]
    # Every day but Wednesday: one word behind the `but` makes no clause.
    goes_on = (
        _EXCEPT.search(text[end : ends[0][1]]) is not None
        and len(ends) > 1
        and len(text[ends[0][1] : ends[1][0]].split()) == 1
    )
    last = ends[1 if goes_on else 0][0]
    words = list(re.finditer(r"\S+", text[end:last]))
    if len(words) <= after:
        return last
    last = end + words[after - 1].end()
    phrases = [match.start() for match in _PHRASE.finditer(text, end, last) if text[end : match.start()].strip()]
    return phrases[-1] if phrases else last
