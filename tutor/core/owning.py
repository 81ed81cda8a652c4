"""What of an answer is the learner's own thought: neither a list of words, nor the text's words, nor the tutor's.

A rule looks for words and cannot tell who put them together. So a rule that fires is not enough for "met" where the
answer only names pieces, hands back most of a paragraph with other words strewn in, or repeats the question and the
help. Each of these makes "met" *unsure*, never "not": the probe then asks for the thought.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from tutor.core.catching import quotable_in
from tutor.core.lesson import Criterion, Explain, Lesson, Look, Rewrite, RubricStep
from tutor.core.rules import Place, Reading, compile_item, match_rules
from tutor.core.verbs import has_verb
from tutor.core.words import STOP_WORDS, content_stems, folded_words, split_words, stem, stems

FEWEST_LISTED = 3
"""Rule words that make a list; one or two may be the very detail that a question asks for."""
ECHO = 5
"""Words in a row that are the tutor's; fewer stand in anybody's answer to the same question."""
_COVERED, _COPIED = 0.45, 0.5
"""Who hands back a paragraph has this share of its content words, and they are this share of the answer's. Of 2,032
answers, 152 of them long enough, one does; of paragraphs with every fourth to seventh word replaced, nearly all do.
"""
_LEAST_OF_A_BLOCK, _LEAST_OF_AN_ANSWER = 8, 12
"""Content words; shorter ones share many by chance."""
_LONGEST_PIECE, _LONGEST_OF_A_TELEGRAM = 2, 3
LONGEST_NAME = 5
"""Content words that can name one thing: “the Russian foreign minister Sergey Lavrov”."""
_SENTENCE = re.compile(r"[^.!?]+[.!?]*[”\"'’)]*\s*")

# What joins a list, and what can stand before any noun, makes no clause of it.
_JOINING = frozenset(
    """a also an and any both each few just like lot lots most much or other own really same some such the thing things
    too very""".split()
)
_BINDING = (STOP_WORDS - _JOINING) | frozenset(
    """across against along among anybody anyone around behind beside besides despite everybody everyone everything
    nobody none noone nothing per since somebody someone something though toward towards unless
    until whether within without yet""".split()
)
# What gives a piece of a telegram a meaning of its own ("no quote, no name", "where = school").
_SAYING = frozenset(
    """all always every how just less more most neither never no nobody none nor not nothing only what when where which
    who whose why without""".split()
)
_GIVING = frozenset({"because", "for", "than"})  # between two words: "scales for the leftovers"
_NO_LITERAL = re.compile(r"\\.|\[[^\]]*\]|\{[^}]*\}")
_LITERAL = re.compile(r"[^\W\d_]{3,}")
_PARTING = re.compile(r"[,;:/|+&•·*→\n]|\s-+\s|->|\.\s|\b\d{1,2}[.)]\s|\b(?:and|or)\b")
_RELATING = re.compile(r"=|->|→")
_HEADING = re.compile(r"^\W*(?:(?:my|the|our) )?(?:key ?)?(?:answers?|words?|points?|ideas?)(?: (?:is|are))?\s*[:=]")


def is_word_list(text: str, named: int, lang: str = "en", longest: int | None = LONGEST_NAME) -> bool:
    """Whether a text only names words, `named` of which are those of a rule: three or more pieces of one or two words;
    or words of which none works as a verb, where three or more are a rule's, or there are more than `longest` and
    nothing puts them into a relation.

    No list is a telegram each of whose pieces says something by itself ("no quote, no name, just her opinion"). Verbs
    and function words are known for English only: in other languages only pieces of single words are a list.
    """
    text, is_english = _HEADING.sub("", text.lower()), lang.startswith("en")
    pieces = [piece for piece in (folded_words(each) for each in _PARTING.split(text)) if piece]
    if len(pieces) >= FEWEST_LISTED and all(len(piece) == 1 or (is_english and _is_name(piece)) for piece in pieces):
        return True
    words = folded_words(text)
    if not is_english or has_verb(words) or _is_telegram(pieces):
        return False
    if named >= FEWEST_LISTED:
        return True
    if longest is None or _RELATING.search(text) or any(map(_binds, words)):
        return False
    return sum(word not in STOP_WORDS for word in words) > longest


def _is_telegram(pieces: Sequence[tuple[str, ...]]) -> bool:
    """Whether there are several short pieces and each has a word of its own that makes it more than a name."""
    return len(pieces) > 1 and all(
        sum(word not in STOP_WORDS for word in piece) <= _LONGEST_OF_A_TELEGRAM
        and not (_SAYING.isdisjoint(piece) and _GIVING.isdisjoint(piece[1:-1]))
        for piece in pieces
    )


def _is_name(piece: tuple[str, ...]) -> bool:
    return len(piece) <= _LONGEST_PIECE and not any(_binds(word) for word in piece)


def _binds(word: str) -> bool:
    return word in _BINDING or "'" in word.removesuffix("'s")


def things_named(criteria: Sequence[Criterion], reading: Reading, texts: Sequence[str]) -> int:
    """How many words of these criteria's rules a text names. Those that stand together in one of `texts` as they do
    here are the name of one thing ("Partner content", "Department of Education") and count once.
    """
    ruled, row = _rule_words(criteria, reading), [word.folded for word in reading.words]
    known = frozenset().union(*(_names_in(text, reading.lang) for text in texts))
    named: set[str] = set()
    for at, word in enumerate(row):
        starts = (each for each in (at - 1, at - 2) if each >= 0 and row[each] in ruled)
        if word in ruled and not any(reading.stems[start : at + 1] in known for start in starts):
            named.add(word)
    return len(named)


@lru_cache(maxsize=512)
def _names_in(text: str, lang: str) -> frozenset[tuple[str, ...]]:
    """What may be a name in a text, as stems: two words in a row, and three."""
    row = stems(folded_words(text), lang)
    return frozenset(row[at : at + length] for length in (2, 3) for at in range(len(row) - length + 1))


def _rule_words(criteria: Sequence[Criterion], reading: Reading) -> frozenset[str]:
    """The content words of a text that stand in these criteria's rules or on which they fall, in small letters."""
    items = tuple(item for each in criteria for group in each.all_of for item in group)
    known = _in_rules(items, reading.lang)
    places = [place for each in criteria for place in match_rules(each, reading).places]
    return frozenset(
        word.folded
        for word, stemmed in zip(reading.words, reading.stems, strict=True)
        if word.end - word.start > 1
        and word.folded not in STOP_WORDS
        and (
            stemmed in known
            or any(word.start < end and word.end > start for start, end in places)
            or _meets_one(word.folded, items, reading.lang)
        )
    )


@lru_cache(maxsize=4096)
def _meets_one(word: str, items: tuple[str, ...], lang: str) -> bool:
    """Whether a word by itself is what one of the items looks for: of several spellings an item finds but the first."""
    reading = Reading.of(word, lang)
    return any(compile_item(item, lang)(reading) is not None for item in items)


@lru_cache(maxsize=256)
def _in_rules(items: tuple[str, ...], lang: str) -> frozenset[str]:
    """The stems of the words that stand in items, as far as a regex writes them out."""
    words = (word for item in items for word in _LITERAL.findall(_NO_LITERAL.sub(" ", item).replace("?", "").lower()))
    return frozenset(stems((word for word in words if word not in STOP_WORDS), lang))


def is_pasted(text: str, quotable: Sequence[str], lang: str = "en") -> bool:
    """Whether a text is for the most part one paragraph of the quotable texts, in whatever order, with other words in
    place of some.
    """
    own = [stem(word, lang) for word in folded_words(text) if word not in STOP_WORDS]
    if len(own) < _LEAST_OF_AN_ANSWER:
        return False
    known = set(own)
    blocks = [block for block in map(_content, quotable, [lang] * len(quotable)) if len(block) >= _LEAST_OF_A_BLOCK]
    theirs = frozenset().union(*blocks)
    copied = sum(each in theirs for each in own) >= _COPIED * len(own)
    return copied and any(len(known & block) >= _COVERED * len(block) for block in blocks)


@lru_cache(maxsize=512)
def _content(text: str, lang: str) -> frozenset[str]:
    return content_stems(text, lang)


def texts_around(lesson: Lesson, step: Explain | Rewrite | Look) -> tuple[str, ...]:
    """The texts that may be pasted into an answer: those that may be quoted; for a rewriting all but the sentences that
    are to be written anew.
    """
    if not isinstance(step, Rewrite):
        return quotable_in(lesson, step)
    article, marks = lesson.article_of(step.id), lesson.marks_of(step.id)
    span = article.span(marks[step.source]) if step.source else None
    pieces: list[str] = []
    for block in article.blocks:
        if span and span.block == block.id:
            sentences = ((match.start(), match.end()) for match in _SENTENCE.finditer(block.text))
            pieces += [block.text[start:end] for start, end in sentences if end <= span.start or start >= span.end]
        elif block.id not in step.at:
            pieces.append(block.text)
    return tuple(pieces)


def rewritten(lesson: Lesson, step: Rewrite) -> tuple[str, ...]:
    """The paragraphs that hold what is to be written anew: the one with the sentence, or all that the step is about."""
    article, marks = lesson.article_of(step.id), lesson.marks_of(step.id)
    at = (article.span(marks[step.source]).block,) if step.source else step.at
    return tuple(block.text for block in article.blocks if block.id in at)


def said_by_tutor(lesson: Lesson, step: RubricStep, criterion: Criterion) -> tuple[str, ...]:
    """What the tutor says in a step that could be handed back as an answer to `criterion`: the question, every help
    before the end of a ladder, and the ideas and tells of the others.
    """
    texts = [reply.reply for reply in lesson.misconceptions_of(step)]
    for each in step.rubric:
        texts += [text for text in (each.probe, each.hint, each.prompt) if text]
    if isinstance(step, Rewrite):
        return tuple(texts)  # the question holds the sentence to write anew, and its words may stay
    others = [each for each in step.rubric if each.id != criterion.id]
    return (step.ask, *texts, *(text for each in others for text in (each.idea, each.tell) if text))


def is_repeated(text: str, places: Sequence[Place], said: Sequence[str], run: int = ECHO) -> bool:
    """Whether all words at these places of a text stand in runs of that many words that the tutor said."""
    words = split_words(text)
    runs, row = _said_runs(tuple(said), run), [word.folded for word in words]
    repeated = [False] * len(words)
    for first in range(len(words) - run + 1):
        if tuple(row[first : first + run]) in runs:
            repeated[first : first + run] = [True] * run
    covered = zip(words, repeated, strict=True)
    touched = [is_it for word, is_it in covered if any(word.start < end and word.end > at for at, end in places)]
    return bool(touched) and all(touched)


@lru_cache(maxsize=256)
def _said_runs(said: tuple[str, ...], run: int) -> frozenset[tuple[str, ...]]:
    rows = [folded_words(text) for text in said]
    return frozenset(row[first : first + run] for row in rows for first in range(len(row) - run + 1))
