"""Words as the tutor sees them: where they stand, how they are folded, what their stems are."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

import snowballstemmer

_WORD = re.compile(r"[^\W_]+(?:['’ʼ][^\W_]+)*")  # noqa: RUF001  curly apostrophes are what articles use
_FOLD = str.maketrans(
    {"’": "'", "‘": "'", "ʼ": "'", "‛": "'", "“": '"', "”": '"', "„": '"', "‟": '"', "«": '"', "»": '"'}  # noqa: RUF001
    | {"\u00a0": " ", "\u202f": " ", "\u2007": " ", "–": "-", "—": "-", "‑": "-"}  # noqa: RUF001
)
_ALGORITHMS = {
    "ar": "arabic", "da": "danish", "de": "german", "el": "greek", "en": "english", "es": "spanish", "fi": "finnish",
    "fr": "french", "hu": "hungarian", "it": "italian", "nl": "dutch", "no": "norwegian", "pt": "portuguese",
    "ro": "romanian", "ru": "russian", "sv": "swedish", "tr": "turkish",
}  # fmt: skip

# Function words carry no idea of their own: stem overlap and "content words" leave them out.
STOP_WORDS = frozenset(
    """a about above after again all also am an and any are aren't as at be because been before being below
    between both but by can can't cannot could couldn't did didn't do does doesn't doing don't down during each
    else ever few for from further get gets got had has have having he her here hers him his how i i'm if in
    into is isn't it it's its itself just like lot made make makes me more most much my no nor not now of off on
    once only or other our out over own really s same say says she so some such t than that that's the their
    them then there there's these they they're thing things this those through to too under up us very was
    wasn't we were what when where which while who whom whose why will with won't would wouldn't you your""".split()
)


@dataclass(frozen=True, slots=True)
class Word:
    """One word of a text: its characters `text[start:end]` and its folded form (lower case, straight quotes)."""

    start: int
    end: int
    folded: str


def straighten(text: str) -> str:
    """Straight quotes and dashes, plain blanks; as many characters as before."""
    return text.translate(_FOLD)


def fold(text: str) -> str:
    """Lower case, straight quotes and dashes, plain blanks: the form in which texts are compared.

    Character `i` of the result stands for character `i` of `text`, so that places found in one hold in the other.
    """
    straight = straighten(text)
    lower = straight.lower()
    if len(lower) == len(straight):
        return lower
    return "".join(low if len(low := char.lower()) == 1 else char for char in straight)


def split_words(text: str) -> tuple[Word, ...]:
    """The words of `text` in order; hyphens part words, apostrophes do not."""
    return tuple(Word(m.start(), m.end(), fold(m.group())) for m in _WORD.finditer(text))


def folded_words(text: str) -> tuple[str, ...]:
    """The folded words of `text` in order."""
    return tuple(word.folded for word in split_words(text))


@lru_cache(maxsize=20_000)
def stem(word: str, lang: str = "en") -> str:
    """The Snowball stem of one folded word; the word itself in a language without a stemmer."""
    name = _ALGORITHMS.get(lang.split("-")[0].lower())
    if name is None:
        return word
    # A new one for each word: a stemmer holds the word it works on, and two threads may need one at once.
    stemmed: str = snowballstemmer.stemmer(name).stemWord(word.removesuffix("'s"))
    return stemmed


def stems(words: Iterable[str], lang: str = "en") -> tuple[str, ...]:
    """The stems of folded words, in order."""
    return tuple(stem(word, lang) for word in words)


def content_stems(text: str, lang: str = "en") -> frozenset[str]:
    """The set of stems of a text's content words."""
    return frozenset(stems((w for w in folded_words(text) if w not in STOP_WORDS), lang))


def sentence(text: str) -> str:
    """`text` as a sentence: ended by a full stop where it has no end of its own."""
    text = text.strip()
    return text if text.endswith((".", "!", "?", "…", ".”", '."', "?”", '?"')) else f"{text}."


def counted(count: int, one: str, several: str = "") -> str:
    """So many of something, as in "1 answer" or "2,000 answers"; `several` where an s is not enough."""
    return f"{count:,} {one if count == 1 else several or one + 's'}"


def quoted(texts: Iterable[str]) -> tuple[str, ...]:
    """The texts in quotation marks, each once; one that begins and ends with quotation marks has its own."""
    flat = dict.fromkeys(" ".join(each.split()) for each in texts)
    return tuple(each if _has_quotes(each) else f"“{each}”" for each in flat if each)


def _has_quotes(text: str) -> bool:
    ends = straighten(text[:1] + text[-1:])
    return len(text) > 1 and ends == '""'


def quoted_list(texts: Iterable[str]) -> str:
    """The texts in quotation marks, parted by commas, each once."""
    return ", ".join(quoted(texts))
