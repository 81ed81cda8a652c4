"""How hard a short text is to read: Gunning's Fog index, with the words that the reader has before them left out.

R. Gunning, "The Technique of Clear Writing", McGraw-Hill 1952: .4 x (words a sentence + hard words of a hundred), a
hard word having three syllables or more, names and the endings -ed, -es and -ing left aside; the result is a school
grade. Of the simple measures it is the one that counts single words as hard or not, so that a word which stands in
the paragraph can be excused. It was made for English, and for English only.
"""

from __future__ import annotations

import re
from collections.abc import Collection

from tutor.core.words import split_words, stem

_VOWELS = re.compile(r"[aeiouy]+")
_SILENT = re.compile(r"(?<=[^aeiouyl])e$|(?<=[^aeiouytd])ed$|(?<=[^aeiouyszxgc])es$")
_ENDING = re.compile(r"(?:ed|es|ing|ly)$")
_SENTENCE_END = re.compile(r"[.!?:;]+(?=\s|$|[”\"'])")
HARD = 3
"""Syllables from which a word is hard."""


def syllables(word: str) -> int:
    """About how many syllables an English word has: its groups of vowels, a silent e not counted."""
    return max(1, len(_VOWELS.findall(_SILENT.sub("", word.lower()))))


def fog(text: str, known: Collection[str] = ()) -> float:
    """The Fog index of an English text, as a school grade; `known` are stems of words that are not hard here."""
    words = split_words(text)
    if not words:
        return 0.0
    hard = 0
    for number, word in enumerate(words):
        is_name = number > 0 and text[word.start].isupper()
        if not is_name and stem(word.folded) not in known and syllables(_ENDING.sub("", word.folded)) >= HARD:
            hard += 1
    sentences = max(1, len(_SENTENCE_END.findall(text.strip())))
    return 0.4 * (len(words) / sentences + 100 * hard / len(words))
