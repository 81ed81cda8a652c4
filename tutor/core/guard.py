"""The guard: what a speaker says is held against these checks before the learner sees it.

It judges a model's words, whatever the model was told; the teacher's own words are shown as they are. Each check is
cheap and errs towards the teacher's words: word overlap alone is a weak detector of leaks, so the speaker does not
know the key either.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from tutor.core.readability import fog
from tutor.core.rules import Reading, compile_item
from tutor.core.words import STOP_WORDS, content_stems, fold, folded_words, split_words, stem, stems

Breach = Literal[
    "not one question", "too short", "too long", "a word of the answer", "the answer's own words", "a verdict",
    "somebody's feelings", "an invented quotation", "an invented name", "not plain text", "too hard to read",
    "restates the task", "leaves the teacher's help", "parrots the learner", "breaks off",
]  # fmt: skip

FEWEST_WORDS, MOST_WORDS = 5, 30
GRAM = 4
_GRADE_AT_BIRTH, _LENIENCE = -5, 3
"""A pupil's school grade is about their age less five; a text may be three grades above the youngest."""

_QUOTED = re.compile(r"\"([^\"]*)\"|(?<![^\W_])'([^']*)'(?![^\W_])")
_MARKS = re.compile(r"[?？؟]+")  # noqa: RUF001  question marks of other scripts
_VERDICT = re.compile(
    r"\b(right(ly)?|wrong(ly)?|(in)?correct(ly)?|true answer|well (done|said)|perfect(ly)?|excellent|great|"
    r"bravo|mistaken?|mistakes|good (job|work|start|point|answer|thinking|try)|nice(ly)?|not quite|spot on)\b|"
    r"^exactly\b"
)
_FEELINGS = re.compile(
    r"\b(i|i'm|i am|we) (really |so |also |do |am )?(feel|felt|love|like|hate|enjoy|hope|wish|think|believe|wonder|"
    r"worry|remember|understand|happy|glad|sad|sorry|proud|excited|curious|afraid|impressed)\b|"
    r"\b(as|i am|i'm|being) an? (ai|a\.i\.|language|large|chatbot|bot|assistant|tutor|teacher|machine|human)\b|"
    r"\b(language model|my (feelings?|heart|opinion|friend|view|dear))\b"
)
_NOT_PLAIN = re.compile(
    r"[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufffd]|[*`{}<>|\\^~]|(?<!_)__?(?=[^\W_])|"
    r"\]\(|\[/?[a-z@]|^\s*[#>+-]|\bhttps?:|\bwww\.|"
    r"^\s*(tutor|teacher|pupil|student|learner|assistant|user|system|question|answer|hint)\s*:",
    re.IGNORECASE,
)
_BROKEN_OFF = re.compile(
    r"(?:[,;:(\[…-]|\.\.|\b(?:an?|the|and|or|but|my|your|their|than|whether|between|\w+'(?:s|re|ll|ve)))\s*\?$"
)
_KEPT = 0.7
"""The share of the help's content words that a text has to keep."""
_TASK_WORDS = """answer ask find give hint know look mean paragraph question read sentence show tell text think use want
word write wrote""".split()
"""Words of any question about a text: they add nothing to this one."""


@dataclass(frozen=True, slots=True)
class Secret:
    """What must not be said yet, and what the learner has before them anyway.

    `key` are ideas and tells of what is open: their words may be said where the learner has them before them. That are
    `seen` (the paragraph, ideas that were met), `ask` (the question), `answer` (what they wrote) and `help` (the
    teacher's words for this move, which would be shown in place of the text). `never` are the lesson's `never_say`,
    words and phrases that may not be said at all before the learner says them.

    Where there is an `answer`, a text has to take it up; where there is `help`, a text has to keep to it; where there
    are `ages`, a text has to be readable at them.
    """

    key: tuple[str, ...]
    seen: tuple[str, ...]
    never: tuple[str, ...] = ()
    lang: str = "en"
    ask: str = ""
    answer: str = ""
    help: str = ""
    ages: tuple[int, int] | None = None

    @property
    def before(self) -> tuple[str, ...]:
        """All that the learner has before them, or may have."""
        return (*self.seen, self.ask, self.answer, self.help)


def breaches(text: str, secret: Secret) -> tuple[Breach, ...]:
    """Every check that `text` does not pass; empty where it may be shown."""
    return (*_form(text), *leaks(text, secret), *_manners(text, secret), *_dullness(text, secret))


def leaks(text: str, secret: Secret) -> tuple[Breach, ...]:
    """Whether `text` holds a content word of the key that the learner has not seen, or four words of the key in a
    row.
    """
    found: list[Breach] = []
    before = secret.before
    said = content_stems(text, secret.lang)
    seen = {stem(word, secret.lang) for each in before for word in folded_words(each)}
    key = {each for text in secret.key for each in content_stems(text, secret.lang)}
    if said & (key - seen):
        found.append("a word of the answer")
    grams = {gram for each in secret.key for gram in _grams(each)} - {gram for each in before for gram in _grams(each)}
    reading, answered = Reading.of(text, secret.lang), Reading.of(secret.answer, secret.lang)
    finders = (compile_item(each, secret.lang) for each in secret.never)
    forbidden = any(find(reading) and not find(answered) for find in finders)
    if forbidden or grams & set(_grams(text)):
        found.append("the answer's own words")
    return tuple(found)


def questions(text: str) -> int:
    """How many questions a text asks; a row of question marks is one, and those within quotation marks are not its
    own.
    """
    bare = re.sub(r"[“\"][^“”\"]{0,200}[”\"]", '""', text)
    return len(_MARKS.findall(bare))


def asks(text: str) -> bool:
    """Whether a text asks something of the learner."""
    return questions(text) > 0


def _form(text: str) -> Iterable[Breach]:
    words = folded_words(text)
    if questions(text) != 1 or not text.rstrip().endswith("?"):
        yield "not one question"
    if len(words) < FEWEST_WORDS:
        yield "too short"
    if len(words) > MOST_WORDS:
        yield "too long"
    if _BROKEN_OFF.search(fold(text).rstrip()):
        yield "breaks off"


def _manners(text: str, secret: Secret) -> Iterable[Breach]:
    folded = fold(text)
    own = _QUOTED.sub('""', folded)
    if _VERDICT.search(own):
        yield "a verdict"
    if _FEELINGS.search(own):
        yield "somebody's feelings"
    if _invents(folded, secret.before):
        yield "an invented quotation"
    if _names(text, secret.lang) - {stem(word, secret.lang) for each in secret.before for word in folded_words(each)}:
        yield "an invented name"
    if _NOT_PLAIN.search(text) or folded.count('"') % 2 or not _scripts((text,)) <= {*_scripts(secret.before), "LATIN"}:
        yield "not plain text"
    if secret.ages and secret.lang.startswith("en"):
        known = {stem(word) for each in secret.before for word in folded_words(each)}
        if fog(text, known) > secret.ages[0] + _GRADE_AT_BIRTH + _LENIENCE:
            yield "too hard to read"


def _dullness(text: str, secret: Secret) -> Iterable[Breach]:
    """A text that takes up nothing of what this learner wrote, or adds nothing to the question and the answer, only
    restates the task. One that keeps too few of the help's content words goes its own way; one that says four of the
    learner's words in a row, and not as a quotation, has mistaken them for its own.
    """
    said, asked, written, helped = (
        content_stems(each, secret.lang) for each in (text, secret.ask, secret.answer, secret.help)
    )
    common = set(stems(_TASK_WORDS, secret.lang))
    adds = bool(helped or said - asked - written - common)
    if secret.answer and not (_takes_up(text, secret.answer, said & (written - asked)) and adds):
        yield "restates the task"
    if len(said & helped) < _KEPT * len(helped):
        yield "leaves the teacher's help"
    known = {gram for each in (secret.ask, secret.help) for gram in _grams(each)}
    if {*_grams(_QUOTED.sub('""', fold(text)))} & {*_grams(secret.answer)} - known:
        yield "parrots the learner"


def _takes_up(text: str, answer: str, shared: Iterable[str]) -> bool:
    """Whether a text has words that are the learner's own, or quotes them."""
    quoted = (folded_words(each) for each in _quotations(fold(text)))
    return bool(shared) or any(words and _stands(words, folded_words(answer)) for words in quoted)


def _invents(folded: str, sources: Iterable[str]) -> bool:
    """Whether words in quotation marks stand in none of the sources; an ellipsis may leave words out."""
    texts = [folded_words(each) for each in sources]
    pieces = (folded_words(piece) for each in _quotations(folded) for piece in re.split(r"\.\.\.|…", each))
    return any(not any(_stands(piece, words) for words in texts) for piece in pieces)


def _names(text: str, lang: str) -> set[str]:
    """The stems of names and numbers: words with a capital that begin no sentence (in German all nouns have one)."""
    found = set()
    for word in split_words(text):
        begins = re.search(r"(?:^|[.!?:…])\W*$", text[: word.start])
        is_name = text[word.start].isupper() and not begins and word.folded not in STOP_WORDS
        if text[word.start].isdigit() or (is_name and not lang.startswith("de")):
            found.add(stem(word.folded, lang))
    return found


def _quotations(folded: str) -> list[str]:
    return [match[1] or match[2] or "" for match in _QUOTED.finditer(folded)]


def _stands(piece: tuple[str, ...], words: tuple[str, ...]) -> bool:
    return any(words[at : at + len(piece)] == piece for at in range(len(words) - len(piece) + 1))


def _grams(text: str) -> list[tuple[str, ...]]:
    words = folded_words(text)
    return [words[at : at + GRAM] for at in range(len(words) - GRAM + 1)]


def _scripts(texts: Iterable[str]) -> set[str]:
    """The scripts that the letters are from: a small model may fall into another language."""
    return {unicodedata.name(char, "?").split()[0] for each in texts for char in each if char.isalpha()}
