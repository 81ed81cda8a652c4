"""The one door through which outside text passes before it is shown, saved or sent to a model.

Text from an article, a lesson, a learner or a model is data: it must not move a cursor, ring a bell, write to a
clipboard, reorder what stands around it, or carry words that no reader sees and a model reads. This table is the
specification, over all of Unicode; a character belongs to the first row that names it.

| what | characters | what happens |
|---|---|---|
| line feed | U+000A | kept |
| other ends of lines, paragraphs and pages (with a line feed behind it, a carriage return is one with it) | U+000B-000D, U+001C-001E, U+0085, U+2028-2029 | a line feed |
| tab | U+0009 | a space |
| other controls: C0 with ESC, DEL, C1 | U+0000-0008, U+000E-001B, U+001F, U+007F-0084, U+0086-009F | dropped |
| direction: embeddings, overrides, isolates | U+202A-202E, U+2066-2069 | dropped |
| where a word may or may not break, signs nobody sees: soft hyphen, zero-width space, word joiner, operators | U+00AD, U+200B, U+2060-2064 | dropped |
| deprecated switches of form | U+206A-206F | dropped |
| marks of annotation, byte order mark | U+FFF9-FFFB, U+FEFF | dropped |
| controls of music and of shorthand | U+1D173-1D17A, U+1BCA0-1BCA3 | dropped |
| letters that show nothing (Hangul fillers) | U+115F-1160, U+3164, U+FFA0 | dropped |
| tags, and what is set aside for signs that nobody sees | U+2065, U+FFF0-FFF8, U+E0000-E00FF, U+E01F0-E0FFF | dropped |
| halves of characters, noncharacters | U+D800-DFFF, U+FDD0-FDEF, the last two of every plane | dropped |
| variation selectors | U+180B-180D, U+180F, U+FE00-FE0F | kept: one, behind a character that can be seen |
| ideographic variation selectors | U+E0100-E01EF | kept: one, behind an ideograph |
| joiners, marks of direction, Mongolian vowel separator | U+200C-200F, U+061C, U+180E | kept: three in a row |
| combining marks | categories Mn and Me | kept: eight on a character |
| all else: what can be seen, private use, what later versions of Unicode will name | the rest | kept |

Why some are kept: Persian and the languages of India need joiners, Arabic and Hebrew marks of direction, emoji and
Mongolian selectors; a sign of private use shows at least as a box. Why only so many: a selector carries a byte, so a row
of them behind one emoji can carry a letter to a model (P. Butler, "Smuggling arbitrary data through an emoji", 2025),
and a heap of marks paints over the lines around it. No language stacks more. The flags of England, Scotland and Wales
are spelt with tags and become a plain black flag.
"""  # noqa: E501  a table

from __future__ import annotations

import re
import unicodedata

MOST_MARKS = 8
MOST_JOINERS = 3

_LINE_ENDS = re.compile("\r\n?|[\v\f\x1c-\x1e\x85\u2028\u2029]")
_NOT_CHARACTERS = "".join(f"{chr(plane + 0xFFFE)}-{chr(plane + 0xFFFF)}" for plane in range(0, 0x110000, 0x10000))
_DROPPED = re.compile(
    "[\x00-\x08\x0e-\x1b\x1f\x7f-\x9f"
    "\u202a-\u202e\u2066-\u2069"
    "\u00ad\u200b\u2060-\u2064"
    "\u206a-\u206f"
    "\ufff9-\ufffb\ufeff"
    "\U0001d173-\U0001d17a\U0001bca0-\U0001bca3"
    "\u115f\u1160\u3164\uffa0"
    "\u2065\ufff0-\ufff8\U000e0000-\U000e00ff\U000e01f0-\U000e0fff"
    f"\ud800-\udfff\ufdd0-\ufdef{_NOT_CHARACTERS}]"
)
_SELECTORS = "\u180b-\u180d\u180f\ufe00-\ufe0f\U000e0100-\U000e01ef"
_JOINERS = "\u200c-\u200f\u061c\u180e"
_IDEOGRAPHS = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003fffd"
_MISPLACED = re.compile(rf"(?<![^\s{_SELECTORS}{_JOINERS}])[{_SELECTORS}]|(?<![{_IDEOGRAPHS}])[\U000e0100-\U000e01ef]")
_IS_JOINER = re.compile(f"[{_JOINERS}]")
_MANY_JOINERS = re.compile(f"([{_JOINERS}]{{{MOST_JOINERS}}})[{_JOINERS}]+")
# Holds every combining mark and every joiner; what else is in it is sorted out one by one.
_MANY_SIGNS = re.compile(rf"[^\w\s\x00-\u02ff]{{{MOST_MARKS + 1},}}")


def clean(text: str) -> str:
    """Return `text` without the characters that act on a terminal or hide in it (see the table above)."""
    kept = _DROPPED.sub("", _LINE_ENDS.sub("\n", text).replace("\t", " "))
    if kept.isascii():
        return kept
    return _MANY_JOINERS.sub(r"\1", _MANY_SIGNS.sub(_thinned, _MISPLACED.sub("", kept)))


def one_line(text: str) -> str:
    """Return `text` cleaned and folded onto one line, for titles, list rows and error messages."""
    return " ".join(clean(text).split())


def _thinned(signs: re.Match[str]) -> str:
    """A row of signs with no more marks on any of them than may be; joiners part no mark from its character."""
    kept, marks = [], 0
    for char in signs.group():
        if unicodedata.category(char) in {"Mn", "Me"}:
            marks += 1
        elif not _IS_JOINER.match(char):
            marks = 0
        if marks <= MOST_MARKS or _IS_JOINER.match(char):
            kept.append(char)
    return "".join(kept)
