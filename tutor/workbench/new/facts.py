"""What a text says about itself: who wrote it, when, and in which language."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Mapping, Sequence

from tutor.core.article import Block
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
_LONGEST_OUTLET = 6
_SHORTEST_PARAGRAPH = 7
"""Words; what is shorter at the top of a text is rather the name of a paper."""
_BESIDE_A_DATE = frozenset("published posted updated printed written first last on at the date am pm".split())
_ROLES = frozenset("reporter editor correspondent writer columnist author staff contributor critic".split())
_SMALL = frozenset("the of and for in on de la le du der die das von und et".split())
_ENDS = " \t,|•·–—-:;"


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


def find_outlet(text: str) -> str:
    """The text itself where it looks like the name of a paper or a site: a few words with capitals; "" otherwise."""
    words = text.split()
    if not words or len(words) > _LONGEST_OUTLET or is_frame(text) or find_byline([text]) or text[-1] in ".,;:?!":
        return ""
    lower = [word.lower() for word in words]
    is_name = any(word[0].isupper() for word in words) and all(
        word[0].isupper() or word[0].isdigit() or word in _SMALL for word in words
    )
    return text if is_name and lower[-1] not in _ROLES and not _BESIDE_A_DATE.issuperset(lower) else ""


def without_date(line: str) -> str:
    """A line without the date in it."""
    match = _DATE.search(line)
    return f"{line[: match.start()].rstrip(_ENDS)} {line[match.end() :].lstrip(_ENDS)}".strip() if match else line


def is_dated(line: str) -> bool:
    """Whether a line is a date, or little more: `Published on 3 May 2026`, or the name of a paper and the date."""
    rest = without_date(line)
    return (
        rest != line
        and not line.rstrip().endswith((".", "!", "?"))
        and (_BESIDE_A_DATE.issuperset(folded_words(rest)) or bool(find_outlet(rest)))
    )


def split_credit(credit: str) -> tuple[str, str, str]:
    """Author, outlet and date of a line such as `Nadia Orrell, Brenford Echo, 3 May 2026`, with or without a By before
    it; a line that does not end with a date is the author, "" is what it does not say.
    """
    match = _BY.match(credit) or _AUTHOR.match(credit)
    line = credit[match.end() :] if match else credit
    date = next((each for each in _DATE.finditer(line) if each.end() == len(line.rstrip(" ."))), None)
    if not date:
        return line, "", ""
    *names, last = _PARTS.split(line[: date.start()].rstrip(_ENDS))
    outlet = find_outlet(last) if names else ""
    return ", ".join(names or [last]), outlet, date.group()


def is_frame(line: str) -> bool:
    """Whether a line above the headline belongs to the form, not to the text."""
    return re.match(r"(?i)(?:for immediate release|press release|embargo|news release)", line) is not None


def first_paragraph(blocks: Sequence[Block]) -> Block:
    """Where the text itself begins: the first paragraph that is no byline, no date and no name of a paper."""
    paragraphs = [block for block in blocks if block.kind == "paragraph"]
    own = [block for block in paragraphs if not is_about_itself(block.text)]
    return next((each for each in own if len(folded_words(each.text)) >= _SHORTEST_PARAGRAPH), (own or paragraphs)[0])


def is_about_itself(line: str) -> bool:
    """Whether a line tells who wrote the text, or when: no heading, and nothing to put a mark on."""
    return len(line) <= _LONGEST and bool(
        find_byline([line]) or (find_date([line]) and len(line.split()) <= _LONGEST_NAME)
    )


_SCRIPTS: Mapping[str, tuple[str, ...]] = {
    "ARABIC": ("ar", "fa", "ur", "ps", "ckb", "ug", "sd"),
    "HEBREW": ("he", "yi"),
    "GREEK": ("el",),
    "CYRILLIC": ("ru", "uk", "be", "bg", "sr", "mk", "kk", "ky", "mn", "tg"),
    "HANGUL": ("ko",),
    "KANA": ("ja",),
    "CJK": ("zh", "ja", "yue"),
    "DEVANAGARI": ("hi", "mr", "ne"),
}
"""Languages by the first word of their characters' Unicode names, the likeliest first."""
_UNKNOWN = "und"
"""ISO 639's code for a language that is not known."""


def guess_language(text: str, said: str = "") -> str:
    """The code of the language of a text, from its script and its commonest words; where they tell nothing, what its
    file says, or en.

    What a page says of itself is the second choice: many are made from a template in another language.
    """
    text = text[:20_000]
    match = re.match("[A-Za-z]{2,3}(?=[-_ ]|$)", said.strip())
    code = match.group().lower() if match else ""
    if (script := _script(text)) != "LATIN":
        known = _SCRIPTS.get(script, ())
        if script == "CYRILLIC" and re.search("[іїєґІЇЄҐ]", text):
            known = ("uk", *known)
        return code if code in known else (known or (_UNKNOWN,))[0]
    words = folded_words(text)
    counts = {lang: sum(word in stops for word in words) for lang, stops in STOP_WORDS.items()}
    best, second = sorted(counts.values(), reverse=True)[:2]
    if best >= 3 and best >= 0.08 * len(words) and best >= 1.3 * second:
        return next(lang for lang, count in counts.items() if count == best)
    return code or "en"


def _script(text: str) -> str:
    """The script that most letters of a text are in. Japanese is told from Chinese by its kana."""
    counts = Counter(unicodedata.name(char, "LATIN").split(" ")[0] for char in text if char.isalpha())
    kana = counts["HIRAGANA"] + counts["KATAKANA"]
    if kana > 0.1 * counts["CJK"]:
        counts["KANA"] = kana + counts.pop("CJK", 0)
    return max(counts, key=lambda name: counts[name], default="LATIN")
