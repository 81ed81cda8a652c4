"""The guard: what a speaker says is held against these checks before the learner sees it.

It judges a model's words, whatever the model was told; the teacher's own words are shown as they are. Each check is
cheap and errs towards the teacher's words: word overlap alone is a weak detector of leaks, so the speaker does not
know the key either.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from tutor.core.rules import Reading, compile_item
from tutor.core.words import STOP_WORDS, fold, folded_words, stem

Breach = Literal[
    "not one question", "too short", "too long", "a word of the answer", "the answer's own words", "a verdict"
]

FEWEST_WORDS, MOST_WORDS = 5, 60
GRAM = 4
_VERDICT = re.compile(r"\b(right|wrong|correct|incorrect|true answer|well done|perfect)\b")


@dataclass(frozen=True, slots=True)
class Secret:
    """What must not be said yet, and what the learner has before them anyway.

    `key` are ideas and tells of what is open: their words may be said where they stand in `seen`. `never` are the
    lesson's `never_say`, words and phrases that may not be said at all.
    """

    key: tuple[str, ...]
    seen: tuple[str, ...]
    never: tuple[str, ...] = ()
    lang: str = "en"


def breaches(text: str, secret: Secret) -> tuple[Breach, ...]:
    """Every check that `text` does not pass; empty where it may be shown."""
    words = folded_words(text)
    found: list[Breach] = []
    if questions(text) != 1 or not text.rstrip().endswith("?"):
        found.append("not one question")
    if len(words) < FEWEST_WORDS:
        found.append("too short")
    if len(words) > MOST_WORDS:
        found.append("too long")
    if _VERDICT.search(fold(text)):
        found.append("a verdict")
    found.extend(leaks(text, secret))
    return tuple(found)


def leaks(text: str, secret: Secret) -> tuple[Breach, ...]:
    """Whether `text` holds a content word of the key that the learner has not seen, or four words of the key in a
    row.
    """
    found: list[Breach] = []
    said = {stem(word, secret.lang) for word in folded_words(text)}
    seen = {stem(word, secret.lang) for each in secret.seen for word in folded_words(each)}
    key = {stem(word, secret.lang) for each in secret.key for word in folded_words(each) if word not in STOP_WORDS}
    if said & (key - seen):
        found.append("a word of the answer")
    grams = {gram for each in secret.key for gram in _grams(each)} - {
        gram for each in secret.seen for gram in _grams(each)
    }
    reading = Reading.of(text, secret.lang)
    forbidden = any(compile_item(each, secret.lang)(reading) for each in secret.never)
    if forbidden or grams & set(_grams(text)):
        found.append("the answer's own words")
    return tuple(found)


def _grams(text: str) -> list[tuple[str, ...]]:
    words = folded_words(text)
    return [words[at : at + GRAM] for at in range(len(words) - GRAM + 1)]


def questions(text: str) -> int:
    """How many questions a text asks; a row of question marks is one, and those within quotation marks are not its
    own.
    """
    bare = re.sub(r"[“\"][^“”\"]{0,200}[”\"]", '""', text)
    return len(re.findall(r"\?+", bare))


def asks(text: str) -> bool:
    """Whether a text asks something of the learner."""
    return questions(text) > 0
