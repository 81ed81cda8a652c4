"""What the shape of a lesson does not show: that names name something, quotations stand in the text and rules work."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher

from tutor.core.article import locate, split_blocks
from tutor.core.rules import compile_item
from tutor.core.taxonomy import Taxonomy
from tutor.core.words import straighten
from tutor.lessons.parts import Part

_NEAR = 0.75
_LONGEST_SEARCH = 1_500


@dataclass(frozen=True, slots=True)
class Scope:
    """The walk or the exit ticket: its text, marks and steps.

    `blocks` is None where the text could not be read: then nothing is said about what should stand in it.
    """

    name: str
    part: Part
    blocks: dict[str, str] | None
    marks: dict[str, Part]
    steps: list[Part]

    @classmethod
    def of(cls, name: str, part: Part, *, has_text: bool) -> Scope:
        """The scope whose article, marks and steps are fields of `part`."""
        blocks = _blocks(part.get("article")) if has_text else None
        return cls(name, part, blocks, by_id(part.get("marks")), part.get("steps").items())


def _blocks(article: Part) -> dict[str, str]:
    headings = [heading.text for heading in article.get("headings").texts()]
    is_inline = article.get("file").value is None
    blocks = split_blocks(article.get("title").text, article.get("text").text, headings, hashes=is_inline)
    return {block.id: block.text for block in blocks}


def by_id(items: Part) -> dict[str, Part]:
    """The items of a list by their id; the first where two have the same."""
    found: dict[str, Part] = {}
    for item in items.items():
        if name := item.get("id").text:
            found.setdefault(name, item)
    return found


def check_unique(ids: Iterable[tuple[str, Part]], message: str = "this id is taken", code: str = "id-taken") -> None:
    """Note every id, given with where it stands, that stands there a second time."""
    first: dict[str, Part] = {}
    for name, part in ids:
        if name in first:
            part.wrong(message, f"It stands in line {first[name].line} already.", offending=name, code=code)
        elif name:
            first[name] = part


def ids_of(items: Part) -> Iterator[tuple[str, Part]]:
    """The ids in a list of objects, each with where it stands."""
    for item in items.items():
        yield item.get("id").text, item.get("id")


def check_known(parts: Iterable[Part], known: Iterable[str], what: str, code: str) -> list[Part]:
    """Note every text that is not among `known`; the others are handed back."""
    choices = set(known)
    good = []
    for part in parts:
        if part.text in choices:
            good.append(part)
        else:
            part.wrong_choice(f"no {what} has this name", sorted(choices), code=code)
    return good


def check_rules(ruled: Part, lang: str) -> None:
    """Note every rule of an idea that cannot be used."""
    for item in (
        text for field in ("all_of", "none_of") for group in ruled.get(field).items() for text in group.texts()
    ):
        check_item(item, lang)


def check_item(item: Part, lang: str) -> None:
    """Note a word, phrase or /regex/ that cannot be used."""
    try:
        compile_item(item.text, lang)
    except ValueError as error:
        item.wrong(str(error), code="bad-rule")


def check_frame(root: Part, taxonomy: Taxonomy) -> None:
    """Check what belongs to the lesson as a whole: ages, standards, ids, misconceptions of the lesson."""
    ages = [int(age.text) for age in root.get("ages").items() if re.fullmatch("[0-9]{1,6}", age.text)]
    if len(ages) == 2 and ages[0] > ages[1]:
        root.get("ages").wrong(
            "the first age is above the second", f"Write [{ages[1]}, {ages[0]}].", code="wrong-number"
        )
    _check_language(root.get("lang"))
    spelt = {_bare(name): name for name in taxonomy.standards}
    for standard in root.get("standards").texts():
        # A standard may be one that we do not know; but one that we know is written in one way.
        if standard.text not in taxonomy.standards and (known := spelt.get(_bare(standard.text))):
            hint = f'Did you mean "{known}"?'
            standard.wrong("this standard is written otherwise", hint, code="standard-misspelt")
    for field in ("misconceptions", "facts", "sources"):
        check_unique(ids_of(root.get(field)))
    for misconception in root.get("misconceptions").items():
        check_rules(misconception, root.get("lang").text or "en")


def _check_language(lang: Part) -> None:
    """Note what cannot be the code of a language: two or three letters, then perhaps a region or script (BCP 47)."""
    if lang.text and not re.fullmatch("[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8}){0,4}", lang.text):
        meant = lang.text.replace("_", "-")
        known = f'Did you mean "{meant}"?' if re.fullmatch("[A-Za-z]{2,3}-[A-Za-z]{2}", meant) else ""
        lang.wrong(
            "this is no code of a language", known or "Write en for English, de for German.", code="bad-language"
        )


def _bare(name: str) -> str:
    return re.sub(r"[\W_]+", "", name).casefold()


def check_text(scope: Scope, taxonomy: Taxonomy, facts: Iterable[str]) -> None:
    """Check the article's headings and the marks of a scope."""
    check_unique(ids_of(scope.part.get("marks")))
    known_facts = list(facts)
    for mark in scope.part.get("marks").items():
        check_known(mark.get("techniques").texts(), taxonomy.techniques, "persuasion technique", "unknown-technique")
        form = mark.get("attribution").get("form").texts()
        check_known(form, taxonomy.attribution, "form of attribution", "unknown-attribution")
        check_known(mark.get("fact").texts(), known_facts, "fact", "unknown-card")
        if scope.blocks is not None and check_blocks(scope, mark.get("at").texts()):
            _check_quote(mark, scope.blocks)
    if scope.blocks is not None:
        _check_headings(scope.part.get("article"), scope.blocks)


def check_blocks(scope: Scope, names: Iterable[Part]) -> list[Part]:
    """Note every name of a block that the scope's text does not have; the others are handed back."""
    if scope.blocks is None:
        return []
    good = []
    for name in names:
        if name.text in scope.blocks:
            good.append(name)
        else:
            hint = f"Its blocks are {', '.join(_ranges(scope.blocks))}."
            name.wrong(f"{scope.name} has no such block", hint, code="unknown-block")
    return good


def _ranges(blocks: Iterable[str]) -> list[str]:
    """title, h1, p1 to p7: the names of blocks in few words."""
    counts = {"h": 0, "p": 0}
    for block in blocks:
        if block != "title":
            counts[block[0]] += 1
    several = [
        f"{letter}1 to {letter}{count}" if count > 1 else f"{letter}1" for letter, count in counts.items() if count
    ]
    return ["title", *several]


def _check_headings(article: Part, blocks: dict[str, str]) -> None:
    found = [text for block, text in blocks.items() if not block.startswith("p")]
    lines = [line.strip() for line in article.get("text").text.splitlines()]
    for heading in article.get("headings").texts():
        if not any(locate(text, heading.text) == ((0, len(text)),) for text in found):
            message, hint = "no line of the article is this heading", "It must be a whole line."
            heading.wrong_choice(message, lines, hint, code="heading-not-in-text")
    if not any(block.startswith("p") for block in blocks):
        where = article.get("file" if article.get("file").text else "text")
        where.wrong("this article has no paragraph", "A title alone is not enough.", offending="", code="empty-article")


def _check_quote(mark: Part, blocks: dict[str, str]) -> None:
    quote, occurrence = mark.get("quote"), mark.get("occurrence")
    at = mark.get("at").text
    if not quote.text or at not in blocks:  # a list of one block is a mistake of its own
        return
    count = len(locate(blocks[at], quote.text, whole_words=True))
    if count == 0:
        quote.wrong(f"these words do not stand in {at}", _elsewhere(quote, at, blocks), code="mark-not-in-block")
    elif occurrence.value is None and count > 1:
        hint = f"Say which is meant: occurrence: 1 to {count}."
        quote.wrong(f"these words stand in {at} {_times(count)}", hint, code="which-occurrence")
    elif occurrence.text.isdecimal() and not 1 <= int(occurrence.text[:9]) <= count:
        message = f"these words stand in {at} {_times(count)}"
        occurrence.wrong(message, "Occurrences count from 1.", code="which-occurrence")


def _times(count: int) -> str:
    return {1: "once", 2: "twice"}.get(count, f"{count} times")


def _elsewhere(quote: Part, at: str, blocks: dict[str, str]) -> str:
    # One comparison for every 200 characters: the whole article is searched only while that is quick.
    if quote.log.suggest.afford(sum(map(len, blocks.values())) // 200):
        places = [name for name, text in blocks.items() if locate(text, quote.text, whole_words=True)]
        if places:
            return f"They stand in {' and '.join(places[:9])}."
    near = _nearest(quote, blocks[at])
    return f'The text has "{near}".' if near else "A quote must have the very words of the text."


def _nearest(quote: Part, text: str) -> str:
    """The run of words in `text` that is closest to the quote, "" where none is close or the search would take long."""
    words, size = text.split(), len(quote.text.split())
    if len(words) > _LONGEST_SEARCH or size > 60 or not quote.log.suggest.afford(len(words) * 3):
        return ""
    wanted = straighten(quote.text).casefold()
    own, folded = set(wanted.split()), [straighten(word).casefold() for word in words]
    # In a long quote with a slip most words are right, and comparing letters takes a hundred times longer.
    starts = [at for at in range(len(words)) if size < 4 or len(own.intersection(folded[at : at + size])) >= size // 2]
    runs = (" ".join(words[start : start + length]) for length in (size - 1, size, size + 1) for start in starts)
    matcher = SequenceMatcher(None, "", wanted, autojunk=False)
    best, closest = _NEAR, ""
    for run in dict.fromkeys(runs):
        matcher.set_seq1(straighten(run).casefold())
        if matcher.real_quick_ratio() > best and matcher.quick_ratio() > best and (ratio := matcher.ratio()) > best:
            best, closest = ratio, run
    return closest
