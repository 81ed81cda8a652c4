"""Which word of the text a learner asks about, and where it stands: they can be shown that sentence again."""

from __future__ import annotations

import re
from collections.abc import Sequence

from tutor.core.words import STOP_WORDS, folded_words

_ASKING = frozenset({"explain", "mean", "meaning", "means", "question", "tell", "understand", "word", "words"})
_SENTENCE_END = re.compile(r"(?<=[.!?])[”\"'’)\]]*\s+|\n+")


def asked_word(asked: str, texts: Sequence[str]) -> tuple[str, str] | None:
    """The word of the texts that `asked` is about, in lower case, and the first sentence in which it stands; None
    where it names no word of theirs. Of several the last counts, since a question ends with what it is about ("in this
    sentence, what is a regime?"). Function words do not count, nor those that only ask ("what does this word mean?").
    """
    sentences = [sentence.strip() for text in texts for sentence in _sentences(text)]
    for word in reversed(folded_words(asked)):
        if word in STOP_WORDS or word in _ASKING:
            continue
        found = next((sentence for sentence in sentences if word in folded_words(sentence)), None)
        if found is not None:
            return word, found
    return None


def _sentences(text: str) -> list[str]:
    """A closing quotation mark after the full stop belongs to the sentence that it ends."""
    starts = [0, *(match.end() for match in _SENTENCE_END.finditer(text))]
    return [text[start:end] for start, end in zip(starts, [*starts[1:], len(text)], strict=True)]
