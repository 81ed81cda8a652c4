"""Text from outside is data: what acts on a terminal, and what hides in a text, does not come through."""

from __future__ import annotations

import re
import sys
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tutor.core import clean as door
from tutor.core.clean import MOST_JOINERS, MOST_MARKS, clean, one_line

ZALGO = "o" + "\u0301\u0327\u20dd" * 60
HEART, FAMILY, ONE = "\u2764\ufe0f\u200d\U0001f525", "\U0001f468\u200d\U0001f469\u200d\U0001f467", "1\ufe0f\u20e3"
ENGLAND = "\U0001f3f4\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f"
# Characters that lean on one another: what one rule takes away must not make work for another.
LEANING = (
    "a1 \n\u00a0\u5b57\u0301\u20dd\ufe0f\ufe00\U000e0100\u200d\u200c\u200e\u061c\u180e\u180b\u2014\U0001f600\x1b\u202e"
)


def _table() -> list[tuple[set[int] | str, str]]:
    """The rows of the docstring: characters (a set, or words about them), and what happens to them."""
    rows = re.findall(r"^\| [^|]+ \| ([^|]+) \| ([^|]+) \|$", door.__doc__ or "", re.MULTILINE)[1:]
    return [(_named(which) if "U+" in which else which, what) for which, what in rows]


def _named(which: str) -> set[int]:
    found: set[int] = set()
    for first, last in re.findall(r"U\+([0-9A-F]+)(?:-([0-9A-F]+))?", which):
        found |= set(range(int(first, 16), int(last or first, 16) + 1))
    if "the last two of every plane" in which:
        found |= {plane + low for plane in range(0, 0x110000, 0x10000) for low in (0xFFFE, 0xFFFF)}
    return found


def _row_of(table: list[tuple[set[int] | str, str]], code: int) -> str:
    for which, what in table:
        if isinstance(which, set) and code in which:
            return what
        if which == "categories Mn and Me" and unicodedata.category(chr(code)) in ("Mn", "Me"):
            return what
    return "kept"


@pytest.mark.parametrize("code", [0x1B, 0x9B, 0x202E, 0xE0041, 0xFE0F, 0x200D, 0x301, 0xE000, 0x41, 0x378])
def test_the_test_reads_the_table(code: int) -> None:
    kept = {0xFE0F: "kept: one", 0x200D: "kept: three", 0x301: "kept: eight"}
    found = _row_of(_table(), code)
    assert found.startswith(kept.get(code, "dropped" if code in (0x1B, 0x9B, 0x202E, 0xE0041) else "kept"))


def test_every_character_of_unicode_fares_as_the_table_says() -> None:
    table = _table()
    assert table[-1] == ("the rest", "kept")
    listed = {code: what for which, what in reversed(table) if isinstance(which, set) for code in which}
    marks = next(what for which, what in table if which == "categories Mn and Me")
    groups: dict[str, list[str]] = {}
    for char in map(chr, range(sys.maxunicode + 1)):
        what = listed.get(ord(char)) or (marks if unicodedata.category(char) in ("Mn", "Me") else "kept")
        groups.setdefault(what, []).append(char)
    becomes = {"dropped": "", "a line feed": "\n", "a space": " "}
    for what, chars in groups.items():
        between = "\u5b57" if "ideograph" in what else "x"
        asked = [char for char in chars if char != between]
        found = clean(between + between.join(asked) + between).split(between)[1:-1]
        wrong = [char for char, now in zip(asked, found, strict=True) if now != becomes.get(what, char)]
        assert not wrong, (what, [f"U+{ord(each):04X}" for each in wrong[:20]])


@pytest.mark.parametrize(
    "text",
    [
        HEART, FAMILY, ONE,
        "\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645",  # Persian: a non-joiner within a word
        "\u0915\u094d\u200d\u0937",  # Hindi: half a letter, by a joiner
        "\u05e9\u05c1\u05b8\u0591\u200f",  # Hebrew: four marks of one letter, and a mark of direction
        "\u0627\u062a\u061c 12",  # Arabic: a mark of direction before a number
        "\u1820\u180b\u182d\u180e\u1820",  # Mongolian: a selector, and the separator of vowels
        "\u845b\U000e0100",  # Japanese: one of two ways to write it
        "e\u0323\u0302\u0301", "\u0e17\u0e35\u0e48", "a\u00a0b \u3000 \ue000 \U0010fffd",
    ],
)  # fmt: skip
def test_what_languages_and_emoji_need_stays(text: str) -> None:
    assert clean(text) == text


@pytest.mark.parametrize(
    ("what", "text", "expected"),
    [
        ("a flag spelt with tags", ENGLAND, "\U0001f3f4"),
        ("line ends of other systems", "a\r\nb\rc\u2028d\u2029e\vf\fg\x85h\x1ci", "a\nb\nc\nd\ne\nf\ng\nh\ni"),
        ("a sequence that sets a title", "a\x1b]0;title\x07b\x9b31mc\x9d0;t\x9cd", "a]0;titleb31mc0;td"),
        ("a letter in selectors", "\U0001f600" + "".join(map(chr, range(0xE0100, 0xE01F0))), "\U0001f600"),
        ("the other half of it", "\U0001f600" + "".join(map(chr, range(0xFE00, 0xFE10))) * 20, "\U0001f600\ufe00"),
        ("selectors with nothing to choose", "\ufe0fa \ufe0fb\n\ufe0fc\u200d\ufe0fd", "a b\nc\u200dd"),
        ("an ideograph's selector elsewhere", "x\U000e0100", "x"),
        ("bits in joiners", "a" + "\u200c\u200d" * 40 + "b", "a\u200c\u200d\u200cb"),
        ("a heap of marks", ZALGO, ZALGO[: 1 + MOST_MARKS]),
        ("a heap held together by joiners", "o" + "\u0301\u200d" * 99, "o" + "\u0301\u200d" * 8 + "\u200d" * 2),
        ("a word with gaps nobody sees", "k\u200bi\u00adl\u2060l\u2063ed", "killed"),
        ("a name that shows nothing", "\u3164\u115f\u1160\uffa0", ""),
    ],
)
def test_what_hides_goes(what: str, text: str, expected: str) -> None:
    assert clean(text) == expected, what


def test_the_numbers_in_the_table_are_those_of_the_program() -> None:
    rows = " ".join(what for _, what in _table())
    assert {1: "one", 3: "three", 8: "eight"}[MOST_JOINERS] in rows
    assert {1: "one", 3: "three", 8: "eight"}[MOST_MARKS] in rows


@given(st.text(st.characters(codec=None)) | st.text(st.sampled_from(LEANING), max_size=40))
def test_clean_text_stays_clean(text: str) -> None:
    cleaned, line = clean(text), one_line(text)
    assert clean(cleaned) == cleaned
    assert one_line(line) == line
    assert all(char == "\n" or ord(char) >= 32 for char in cleaned)
    assert "\n" not in line
    cleaned.encode()


def test_marks_are_counted_anew_for_each_character() -> None:
    signs = ("\u2500" * 50 + "\u0301" * 50) * 1_000
    assert len(clean(signs)) == 1_000 * (50 + MOST_MARKS)
