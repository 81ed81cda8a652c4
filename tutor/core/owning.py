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
from tutor.core.rules import Place, Reading, match_rules
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
_LONGEST_PIECE = 2
LONGEST_NAME = 5
"""Content words that can name one thing: “the Russian foreign minister Sergey Lavrov”."""
_ARTICLE = re.compile(r"\b(?:an?|the)\b")
_SENTENCE = re.compile(r"[^.!?]+[.!?]*[”\"'’)]*\s*")

# What joins a list, and what can stand before any noun, makes no clause of it.
_JOINING = frozenset(
    """a also an and any both each few just like lot lots most much or other own really same some such the thing things
    too very""".split()
)
_BINDING = (STOP_WORDS - _JOINING) | frozenset(
    """across against along among anybody anyone around behind beside besides despite everybody everyone everything
    inside near nobody none noone nothing outside per since somebody someone something though toward towards unless
    until whether within without yet""".split()
)
# By stem. Those that are nouns as often are left out: lists are made of nouns.
_VERBS = frozenset(
    stems(
        """add admit agree allow appear argue asked ate became become began begin begun believe belong bought bring
        brought call came choose chose chosen come compare contain convince decide denied deny depend describe eat
        exaggerate exist expect explain fall feel fell felt find forget forgot found gave get give given go goes going
        gone gonna got grew grow grown happen hear heard held hid hidden hide hold ignore include invent is keep kept
        knew know known lead learn leave let lie lied lose lost make matter mean meant meet mention met miss must need
        offer paid pay persuade pretend prove proven put read receive rely remain remember said sat saw say see seem
        seen sell send sent shall should shown sit sold speak spoke stand stay stood suggest take taken tell thats
        think thought told took tried try understand want weigh went whats wish wont write written wrote arent cant
        couldnt didnt doesnt dont hes isnt shes shouldnt theyre wasnt wouldnt might may would could cannot
        sais sez ses sed kno""".split()
    )
)
_NO_LITERAL = re.compile(r"\\.|\[[^\]]*\]|\{[^}]*\}")
_LITERAL = re.compile(r"[^\W\d_]{3,}")
_PARTING = re.compile(r"[,;:/|+&•·*\n]|\s-+\s|\.\s|\b\d{1,2}[.)]\s|\b(?:and|or)\b")
_RELATING = re.compile(r"=|->|→")
_HEADING = re.compile(r"^\W*(?:(?:my|the|our) )?(?:key ?)?(?:answers?|words?|points?|ideas?)(?: (?:is|are))?\s*[:=]")


def is_word_list(text: str, named: int, lang: str = "en", longest: int | None = LONGEST_NAME) -> bool:
    """Whether a text only names words, `named` of which are those of a rule: three or more pieces of one or two words;
    or words of which none works as a verb or puts others into a relation, where three or more are a rule's or there
    are more than `longest`.

    Function words make a clause of an answer in the style of a telegram ("no quote, no name, just her opinion"). They
    are known for English only: in other languages only pieces of single words are a list.
    """
    text, is_english = _HEADING.sub("", text.lower()), lang.startswith("en")
    pieces = [piece for piece in (folded_words(each) for each in _PARTING.split(text)) if piece]
    if len(pieces) >= FEWEST_LISTED and all(len(piece) == 1 or (is_english and _is_name(piece)) for piece in pieces):
        return True
    words = folded_words(text)
    if not is_english or _RELATING.search(text) or any(_binds(word) or stem(word) in _VERBS for word in words):
        return False
    phrases = [phrase for piece in pieces for phrase in _ARTICLE.split(" ".join(piece)) if phrase.strip()]
    if _ARTICLE.search(text) and len(phrases) < FEWEST_LISTED:
        return False
    return named >= FEWEST_LISTED or (longest is not None and sum(word not in STOP_WORDS for word in words) > longest)


def _is_name(piece: tuple[str, ...]) -> bool:
    return len(piece) <= _LONGEST_PIECE and not any(_binds(word) for word in piece)


def _binds(word: str) -> bool:
    return word in _BINDING or "'" in word.removesuffix("'s")


def rule_words(criteria: Sequence[Criterion], reading: Reading) -> frozenset[str]:
    """The content words of a text that stand in these criteria's rules or on which they fall, in small letters."""
    known = _in_rules(tuple(item for each in criteria for group in each.all_of for item in group), reading.lang)
    places = [place for each in criteria for place in match_rules(each, reading).places]
    return frozenset(
        word.folded
        for word, stemmed in zip(reading.words, reading.stems, strict=True)
        if word.end - word.start > 1
        and word.folded not in STOP_WORDS
        and (stemmed in known or any(word.start < end and word.end > start for start, end in places))
    )


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
