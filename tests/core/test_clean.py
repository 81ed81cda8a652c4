"""Text from outside is data: what acts on a terminal does not come through."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tutor.core.clean import clean, one_line


@pytest.mark.parametrize(
    ("row", "text", "expected"),
    [
        ("line feed", "a\nb", "a\nb"),
        ("line ends of other systems", "a\r\nb\rc\u2028d\u2029e\vf\fg", "a\nb\nc\nd\ne\nf\ng"),
        ("tab", "a\tb", "a b"),
        ("C0 and DEL", "a\x00\x07\x08\x1b[31m\x7fb", "a[31mb"),
        ("C1", "a\x80\x9b31m\x9db", "a31mb"),
        ("bidirectional", "a\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069b", "ab"),
        ("tags and annotation", "a\U000e0001\U000e0041\U000e007f\ufff9\ufffa\ufffb\ufeffb", "ab"),
        ("lone surrogates", "a\ud800\udfffb", "ab"),
        ("languages need them", "\u0928\u200d\u092e\u200c \u200e\u200f", "\u0928\u200d\u092e\u200c \u200e\u200f"),
    ],
)
def test_the_table_in_the_docstring(row: str, text: str, expected: str) -> None:
    assert clean(text) == expected, row


@given(st.text(st.characters(codec=None)))
def test_clean_text_stays_clean(text: str) -> None:
    cleaned = clean(text)
    assert clean(cleaned) == cleaned
    assert all(char == "\n" or ord(char) >= 32 for char in cleaned)
    assert "\n" not in one_line(text)
