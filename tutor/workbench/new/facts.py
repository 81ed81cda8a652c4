"""What a text says about itself: who wrote it, when, and in which language."""

from __future__ import annotations

import re
from collections.abc import Sequence

from tutor.core.words import folded_words
from tutor.workbench.new.words import STOP_WORDS

_MONTH = (
    r"(?:January|February|March|April|May|June|July|August|September|October|November|December|Jan|Feb|Mar|Apr|Jun|Jul|"
    r"Aug|Sept?|Oct|Nov|Dec|Januar|Februar|März|Mai|Juni|Juli|Oktober|Dezember|janvier|février|mars|avril|juin|juillet|"
    r"août|septembre|octobre|novembre|décembre|enero|febrero|marzo|abril|mayo|junio|julio|agosto|septiembre|octubre|"
    r"noviembre|diciembre)\.?"
)
_DATE = re.compile(
    rf"(?:(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day,?\s+)?(?:\d{{1,2}}(?:st|nd|rd|th|\.)?\s+(?:de\s+)?{_MONTH},?\s+(?:de\s+)?"
    rf"\d{{4}}|{_MONTH}\s+\d{{1,2}}(?:st|nd|rd|th)?,?\s+\d{{4}}|\d{{4}}-\d{{2}}-\d{{2}}|\d{{1,2}}[./]\d{{1,2}}[./]\d{{4}})",
)  # fmt: skip
_DATELINE = re.compile(rf"[A-Z][A-Z.'’ -]+,\s+({_DATE.pattern})\s+(?:[-–—(])")
_BY = re.compile(
    r"(?:(?:[Tt]ext|[Ww]ords|[Ww]ritten|[Pp]osted|[Pp]ublished|[Ss]tory)\s+)?(?:[Bb]y|BY|Von|Par|Por|Di)\s+(?=\S)"
)
_AUTHOR = re.compile(r"(?:[Aa]uthor|[Rr]eporter|[Ww]riter)\s*:\s*")
_PARTS = re.compile(r"\s*[|•·–—,]\s*")
_LONGEST = 120
_LONGEST_NAME = 8


def find_byline(lines: Sequence[str]) -> str:
    """Who wrote a text, from a line near its top such as `By Nadia Orrell`; "" where none says so."""
    for line in (each for each in lines if len(each) <= _LONGEST):
        match = _BY.match(line) or _AUTHOR.match(line)
        if not match:
            continue
        name = _PARTS.split(_DATE.sub("", line[match.end() :]))[0].strip(" .,:")
        words = name.split()
        is_name = all(
            word[:1].isupper() or word in ("and", "de", "van", "von", "und", "et", "y", "der") for word in words
        )
        if words and is_name and len(words) <= _LONGEST_NAME and not any(char.isdigit() for char in name):
            return name
    return ""


def find_date(lines: Sequence[str]) -> str:
    """When a text was published, from a line near its top that is a date, or little more; "" where none is."""
    for line in (each[: 2 * _LONGEST] for each in lines):
        if dateline := _DATELINE.match(line):
            return dateline[1]
        match = _DATE.search(line)
        if (
            match
            and len(line) <= _LONGEST
            and len((line[: match.start()] + line[match.end() :]).split()) <= _LONGEST_NAME
        ):
            return match.group()
    return ""


def is_about_itself(line: str) -> bool:
    """Whether a line tells who wrote the text, or when: no heading, and nothing to put a mark on."""
    return len(line) <= _LONGEST and bool(
        find_byline([line]) or (find_date([line]) and len(line.split()) <= _LONGEST_NAME)
    )


def guess_language(text: str, said: str = "") -> str:
    """The code of the language of a text, from its commonest words; where they tell nothing, what its file says, or en.

    What a page says of itself is the second choice: many are made from a template in another language.
    """
    words = folded_words(text[:20_000])
    counts = {lang: sum(word in stops for word in words) for lang, stops in STOP_WORDS.items()}
    best, second = sorted(counts.values(), reverse=True)[:2]
    if best >= 3 and best >= 0.08 * len(words) and best >= 1.3 * second:
        return next(lang for lang, count in counts.items() if count == best)
    code = said.replace("_", "-").split("-")[0].strip().lower()
    return code if re.fullmatch("[a-z]{2,3}", code) else "en"
