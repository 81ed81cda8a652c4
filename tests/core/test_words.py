"""Words, their places, their folded forms and stems."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tutor.core.words import counted, fold, folded_words, quoted_list, sentence, split_words, stem


@given(st.text())
def test_folding_keeps_every_character_at_its_place(text: str) -> None:
    folded = fold(text)
    assert len(folded) == len(text)
    assert fold(folded) == folded
    for word in split_words(text):
        assert fold(text[word.start : word.end]) == word.folded


@pytest.mark.parametrize(
    ("text", "folded"),
    [("İSTANBUL ẞ", "İstanbul ß"), ("“Don’t” – ‘No’…", "\"don't\" - 'no'…"), ("5\u00a0%\u202fA", "5 % a")],
)
def test_folding(text: str, folded: str) -> None:
    assert fold(text) == folded


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Don’t, he said: it's 50%!", ["don't", "he", "said", "it's", "50"]),
        ("well-known snake_case", ["well", "known", "snake", "case"]),
        ("‘quoted’ Élan", ["quoted", "élan"]),
        ("…", []),
    ],
)
def test_words_are_split_and_folded(text: str, words: list[str]) -> None:
    assert list(folded_words(text)) == words


@pytest.mark.parametrize(
    ("word", "lang", "expected"),
    [
        ("forecasts", "en", "forecast"),
        ("russia's", "en", "russia"),
        ("quotations", "en-GB", "quotat"),
        ("zeitungen", "de", "zeitung"),
        ("forecasts", "xx", "forecasts"),
    ],
)
def test_stems(word: str, lang: str, expected: str) -> None:
    assert stem(word, lang) == expected


def test_lists_and_sentences_for_people() -> None:
    assert quoted_list(["a  b", "c", "a b", ""]) == "“a b”, “c”"
    assert [sentence(each) for each in ("Yes", "Yes? ", "“Yes.”")] == ["Yes.", "Yes?", "“Yes.”"]


def test_numbers_of_things_for_people() -> None:
    assert [counted(number, "answer") for number in (0, 1, 2_000)] == ["0 answers", "1 answer", "2,000 answers"]
    assert [counted(number, "copy", "copies") for number in (1, 2)] == ["1 copy", "2 copies"]
