"""The guard: what a speaker says is held against these checks before the learner sees it.

It judges a model's words, whatever the model was told; the teacher's own words are shown as they are. What a text may
be made of is listed, not what it may not: its content words come from the teacher's help, the question and the
learner's answer, but for a few plain ones. Lists of bad words can always be got round. What words of the help can be
twisted into by function words alone (a verdict, a negation, a tag, another question) has a check of its own. Each check
is cheap and errs towards the teacher's words. They are made for English: in another language only words of help,
question and answer pass.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from tutor.core.readability import fog
from tutor.core.rules import Reading, compile_item
from tutor.core.words import content_stems, fold, folded_words, stem, stems

Breach = Literal[
    "not one question", "too short", "too long", "a word of the answer", "the answer's own words", "words of its own",
    "a verdict", "a changed negation", "a tag question", "another question", "speaks of itself",
    "an invented quotation", "not plain text", "too hard to read", "passes the learner by", "leaves the teacher's help",
    "parrots the learner", "breaks off",
]  # fmt: skip

FEWEST_WORDS, MOST_WORDS = 5, 30
GRAM, ECHO = 4, 3
"""Words in a row that are somebody's own: the key's, and the learner's (“Kurds are terrorists” has three)."""
MOST_OWN = 2
"""Plain words that a text may add; one of them is mostly used up by its opening (“You write”)."""
_GRADE_AT_BIRTH, _LENIENCE = -5, 3
"""A pupil's school grade is about their age less five; a text may be three grades above the youngest."""

_QUOTED = re.compile(r"\"([^\"]*)\"|(?<![^\W_])'([^']*)'(?![^\W_])")
_MARKS = re.compile(r"[?？؟]+")  # noqa: RUF001  question marks of other scripts
_CLAUSE_END = re.compile(r"[.,:;!?…()/]+|\s-+\s")
_NOT_PLAIN = re.compile(r"[^\w .,:;?!'\"()/%…-]|_")
_BROKEN_OFF = re.compile(
    r"(?:[,;:(\[…-]|\.\.|\b(?:an?|the|and|or|but|my|your|their|than|whether|between|\w+'(?:s|re|ll|ve)))\s*\?$"
)
_TAG = re.compile(
    r"[,;:-]\s*(?:(?:so|and|or|but)\s+)?(?:(?:is|are|was|were|do|does|did|can|could|will|would|has|have|had|should|must)"
    r"(?:n't|nt)?\s+(?:you|it|he|she|they|we|i|there|that|this)(?:\s+not)?|\w+)\s*\?$"
)
_NEGATION = re.compile(
    r"\b(?:not?|never|nor|none|nobody|nothing|nowhere|neither|cannot|without|hardly|\w+n't|"
    r"(?:ca|do|does|did|is|are|was|were|wo|would|could|should|has|have|had)nt)\b"
)
_INTERROGATIVES = frozenset("how what where which who whom whose why".split())
_ITSELF = frozenset("i i'd i'll i'm i've me mine my myself our ours ourselves we we'd we'll we're we've".split())
_VERDICTS = frozenset(
    """absolutely agree agreed almost amazing awesome bad bravo brilliant clever close closer correct correctly
    definitely disagree exactly excellent fair false fine good great incorrect indeed kinda lie lied lies liar lying
    mistake mistaken mistakes nearly nice nicely nonsense nope ok okay partly perfect perfectly precisely quite right
    rightly sadly silly smart sorry spot strange stupid super sure true unfortunately well wrong wrongly yeah yep
    yes""".split()
)
PLAIN = """anybody anyone anything begin end find first last line look mean next paragraph part place point put read
reader second sentence show somebody someone something take tell text word write writer written wrote""".split()
"""Words of any reading lesson: they judge nothing and name nobody."""
_KEPT = 0.7
"""The share of the help's content words that a text has to keep."""


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
    """Every check that `text` does not pass; empty where it may be shown. Its first quotation is taken for the opening,
    with words of the learner's: all others count as words of its own.
    """
    own = _QUOTED.sub('""', fold(text), count=1)
    checks = (_form, _foreign, _twists, _borrows, _dullness)
    return (*leaks(text, secret), *(each for check in checks for each in check(text, own, secret)))


def leaks(text: str, secret: Secret) -> tuple[Breach, ...]:
    """Whether `text` holds a content word of the key that the learner has not seen, or four words of the key in a
    row.
    """
    found: list[Breach] = []
    before = secret.before
    if leaked_words(text, secret):
        found.append("a word of the answer")
    grams = {gram for each in secret.key for gram in _grams(each)} - {gram for each in before for gram in _grams(each)}
    reading, answered = Reading.of(text, secret.lang), Reading.of(secret.answer, secret.lang)
    finders = (compile_item(each, secret.lang) for each in secret.never)
    forbidden = any(find(reading) and not find(answered) for find in finders)
    if forbidden or grams & set(_grams(text)):
        found.append("the answer's own words")
    return tuple(found)


def leaked_words(text: str, secret: Secret) -> tuple[str, ...]:
    """The content words of `text` that are the key's and that the learner has not seen; in small letters."""
    lang = secret.lang
    seen = {stem(word, lang) for each in secret.before for word in folded_words(each)}
    key = {each for text in secret.key for each in content_stems(text, lang)} - seen
    words = dict.fromkeys(folded_words(text))
    return tuple(word for word in words if content_stems(word, lang) & key)


def questions(text: str) -> int:
    """How many questions a text asks; a row of question marks is one, and those within quotation marks are not its
    own.
    """
    bare = re.sub(r"[“\"][^“”\"]{0,200}[”\"]", '""', text)
    return len(_MARKS.findall(bare))


def asks(text: str) -> bool:
    """Whether a text asks something of the learner."""
    return questions(text) > 0


def _form(text: str, own: str, secret: Secret) -> Iterable[Breach]:
    words = folded_words(text)
    if questions(text) != 1 or not text.rstrip().endswith("?"):
        yield "not one question"
    if len(words) < FEWEST_WORDS:
        yield "too short"
    if len(words) > MOST_WORDS:
        yield "too long"
    if _BROKEN_OFF.search(own.rstrip()):
        yield "breaks off"
    if _NOT_PLAIN.search(fold(text)) or fold(text).count('"') % 2:
        yield "not plain text"
    if secret.ages and secret.lang.startswith("en"):
        known = {stem(word) for each in secret.before for word in folded_words(each)}
        if fog(text, known) > secret.ages[0] + _GRADE_AT_BIRTH + _LENIENCE:
            yield "too hard to read"


def _foreign(text: str, own: str, secret: Secret) -> Iterable[Breach]:
    """Content words that are neither the teacher's nor the learner's as they wrote them (who hates is not yet hateful),
    but for a few plain ones. Between the opening and the last clause the tutor would state something: that has to be
    the teacher's, word for word.
    """
    written = {form for word in folded_words(secret.answer) for form in _forms(word)}
    others = " ".join(word for word in folded_words(text) if not written & {*_forms(word)})
    added = content_stems(others, secret.lang) - content_stems(f"{secret.help} {secret.ask}", secret.lang)
    *stated, _ = _CLAUSE_END.split((own.partition('"". ')[2] or own).rstrip(" ?"))
    helped = folded_words(secret.help)
    claims = any(not _stands(folded_words(clause), helped) for clause in stated)
    if added - set(stems(PLAIN, secret.lang)) or len(added) > MOST_OWN or claims:
        yield "words of its own"


def _forms(word: str) -> tuple[str, str]:
    """How a word may be written: without an apostrophe, or without the ending that says whose."""
    return word.replace("'", ""), word.removesuffix("'s")


def _twists(text: str, own: str, secret: Secret) -> Iterable[Breach]:
    """What function words do to a text whose content words are all allowed, measured against the teacher's help."""
    words, theirs = set(folded_words(own)), set(folded_words(secret.help))
    if words & _VERDICTS - theirs:
        yield "a verdict"
    if words & _ITSELF - theirs:
        yield "speaks of itself"
    if len(_NEGATION.findall(own)) != len(_NEGATION.findall(fold(secret.help))):
        yield "a changed negation"
    if _TAG.search(own):
        yield "a tag question"
    if secret.help and words & _INTERROGATIVES != theirs & _INTERROGATIVES:
        yield "another question"


def _borrows(text: str, own: str, secret: Secret) -> Iterable[Breach]:
    """Somebody else's words: made up in quotation marks, or the learner's after the opening."""
    if _invents(fold(text), (secret.ask, secret.answer, secret.help)):
        yield "an invented quotation"
    known = {gram for each in (secret.ask, secret.help) for gram in _grams(each, ECHO)}
    if {*_grams(own, ECHO)} & {*_grams(secret.answer, ECHO)} - known:
        yield "parrots the learner"


def _dullness(text: str, own: str, secret: Secret) -> Iterable[Breach]:
    """A text that takes up nothing of what this learner wrote, or that keeps too few of the help's content words."""
    said, asked, written, helped = (
        content_stems(each, secret.lang) for each in (text, secret.ask, secret.answer, secret.help)
    )
    if secret.answer and not _takes_up(text, secret.answer, said & (written - asked)):
        yield "passes the learner by"
    if len(said & helped) < _KEPT * len(helped):
        yield "leaves the teacher's help"


def _takes_up(text: str, answer: str, shared: Iterable[str]) -> bool:
    """Whether a text has words that are the learner's own, or quotes them."""
    quoted = (folded_words(each) for each in _quotations(fold(text)))
    return bool(shared) or any(words and _stands(words, folded_words(answer)) for words in quoted)


def _invents(folded: str, sources: Iterable[str]) -> bool:
    """Whether words in quotation marks stand in none of the sources; an ellipsis may leave words out."""
    texts = [folded_words(each) for each in sources]
    pieces = (folded_words(piece) for each in _quotations(folded) for piece in re.split(r"\.\.\.|…", each))
    return any(not any(_stands(piece, words) for words in texts) for piece in pieces)


def _quotations(folded: str) -> list[str]:
    return [match[1] or match[2] or "" for match in _QUOTED.finditer(folded)]


def _stands(piece: tuple[str, ...], words: tuple[str, ...]) -> bool:
    return any(words[at : at + len(piece)] == piece for at in range(len(words) - len(piece) + 1))


def _grams(text: str, length: int = GRAM) -> list[tuple[str, ...]]:
    words = folded_words(text)
    return [words[at : at + length] for at in range(len(words) - length + 1)]
