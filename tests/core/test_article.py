"""Articles number their blocks, and a teacher's quotation is found where it stands."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tutor.core.article import locate, split_blocks


@pytest.mark.parametrize(
    ("title", "text", "headings", "hashes", "expected"),
    [
        ("T", "One\ntwo.\n\n \t\nThree.", (), False, ["title T", "p1 One two.", "p2 Three."]),
        ("The “Plan”", '\n  The "Plan"\n\nBody.', (), False, ["title The “Plan”", "p1 Body."]),
        ("T", "T, he said.\n\nT", (), False, ["title T", "p1 T, he said.", "p2 T"]),
        ("T", "A\nWhat  now?\nB\n\nWhat now? No.", ("What now?",), False,
         ["title T", "p1 A", "h1 What  now?", "p2 B", "p3 What now? No."]),
        ("T", "# T\nA\n# Two\nB", (), True, ["title T", "p1 A", "h1 Two", "p2 B"]),
        ("T", "# Two\nB #3", (), False, ["title T", "p1 # Two B #3"]),
        ("T", "It’s here", ("It's here",), False, ["title T", "h1 It’s here"]),
        ("T", "A\r\n\r\nB\u2028C", (), False, ["title T", "p1 A", "p2 B C"]),
    ],
)  # fmt: skip
def test_blocks_number_themselves(
    title: str, text: str, headings: tuple[str, ...], hashes: bool, expected: list[str]
) -> None:
    blocks = split_blocks(title, text, headings, hashes=hashes)
    assert [f"{block.id} {block.text}" for block in blocks] == expected
    assert [block.kind[0] for block in blocks] == [block.id[0] for block in blocks]


@pytest.mark.parametrize(
    ("text", "quote", "found"),
    [
        ("He said “no” to it.", '"no"', ["“no”"]),
        ("Russia’s plan", "Russia's plan", ["Russia’s plan"]),
        ("Russia's plan", "Russia’s", ["Russia's"]),
        ("of Syria.  For Russia", "Syria. For", ["Syria.  For"]),
        ("a 5\u00a0% rise\u202fhere", "5 % rise here", ["5\u00a0% rise\u202fhere"]),
        ("one two", "one \n  two ", ["one two"]),
        ("1998–1999", "1998-1999", ["1998–1999"]),
        ("It is. it was", "it", ["it"]),
        ("a plan, a plan", "a plan", ["a plan", "a plan"]),
        ("İstanbul is far", "is", ["is"]),
        ("plan", "plane", []),
        ("plan", "  ", []),
    ],
)
def test_a_quotation_is_found_whatever_its_quotes_and_blanks(text: str, quote: str, found: list[str]) -> None:
    assert [text[start:end] for start, end in locate(text, quote)] == found


@given(st.lists(st.sampled_from(["a", "Plan", "it’s", "“no”", " ", "\u00a0", "  ", "é", "İ", "\n"])), st.data())
def test_every_stretch_of_a_text_is_found_at_its_own_place(pieces: list[str], data: st.DataObject) -> None:
    text = "".join(pieces)
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    quote = text[start:end]
    bare = quote.strip()
    if bare:
        at = start + len(quote) - len(quote.lstrip())
        assert (at, at + len(bare)) in locate(text, quote)
