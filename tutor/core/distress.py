"""Words of distress: what a learner writes of their own wish to die, self-harm, violence, abuse or fear, or a friend's.

Each sentence is put plainly first: lower case, misspelt words mended, all forms of a word as one, without what others
say in it, figures of speech and what is only supposed. Then two things count. Signs, written by people, stand in
`prompts/distress.en.yaml`. Clues, single words and pairs of words near each other, have points that were reckoned from
the staged texts in `tests/distress` (logistic regression; `python -m tests.distress.reckon` does it again). A sign adds
points too, so that several weak signs come to one, and an honest sentence can outweigh a sign. Some signs need none.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from itertools import groupby

from pydantic import model_validator

from tutor.core.lesson import Model, Text
from tutor.core.signs import Grammar, Sign, Words
from tutor.core.words import fold

_QUOTED = re.compile(r'"[^"]{1,200}"|(?<!\w)\'(?=\w)(?:[^\']|(?<=\w)\'(?=\w)){1,200}\'(?!\w)')
_END = re.compile(r"(?<!\.)(?:[!?;]+|\.)(?=\s|$)")
_WORD = re.compile(r"\d+|[^\W\d_](?:[^\W_]|'(?=\w)|\*(?=\w))*")
_LONG = re.compile(r"(\w)\1{2,}")
_CUT = "~"
_OWN = "OWN"
_LOOKED_AT = 10_000
_LONGEST_SIGN = 40
"""Words, with those in its gaps."""
_TELLING = 3
"""Points of a word that is held back with what it stands in; others ("they said", "nobody") are in any answer."""
_NEAR = 4
"""Words from the first to the second of a pair."""
_TOGETHER = 2
"""Sentences whose points are added up."""


class Points(Model):
    """What each clue counts, in tenths; `enough` of them are distress."""

    base: int
    sign: int
    enough: int
    points: dict[int, Text]


class Signs(Model):
    """The vocabulary by which distress is recognised; ValueError for a sign that names words which are not there."""

    fillers: Text
    spelling: dict[Text, Text]
    forms: dict[Text, Text]
    misspelt: Text
    own_kin: Text
    words: dict[Text, Text]
    gap_stops: Text
    quoted_by: Text
    unspoken_i: Text
    own_again: dict[Text, Text]
    unless: tuple[Text, ...]
    beyond_doubt: tuple[Text, ...]
    signs: dict[Text, tuple[Text, ...]]
    signs_anywhere: tuple[Text, ...]
    points: Points

    @model_validator(mode="after")
    def _is_whole(self) -> Signs:
        if _OWN not in self.words or not {"after", "own"} <= self.own_again.keys():
            raise ValueError("`words` must have OWN, and `own_again` after and own")
        _ = self._unless, self._sure, self._signs
        return self

    def are_in(self, text: str) -> bool:
        """Whether `text` speaks of distress. Of a text beyond all measure the beginning and the end are looked at."""
        if len(text) > 2 * _LOOKED_AT:
            text = f"{text[:_LOOKED_AT]}\n{text[-_LOOKED_AT:]}"
        return self._first_in([self._put_plainly(sentence) for _, sentence in self._sentences(text)]) is not None

    def safe_part(self, text: str, *, leaving: bool) -> str:
        """`text` as far as the first sentence that speaks of distress, or the words that could be growing into a sign.

        Of a learner who is leaving, all of the latter but a word broken off where such a sign would have gone on.
        """
        sentences = list(self._sentences(text))
        first = self._first_in([self._put_plainly(sentence) for _, sentence in sentences])
        if first is not None:
            return text[: sentences[first][0]]
        start, growing = sentences[-1]
        return text[: start + self._grows_from(growing, leaving=leaving)]

    def clues(self, sentences: Iterable[Words]) -> set[str]:
        """Single words, and pairs of words near each other: `a b` side by side, `a _ b` with others between."""
        found: set[str] = set()
        for words in sentences:
            row = ("<", *words, ">")
            found.update(row if self._own.isdisjoint(words) else (*row, *(f"{word}+" for word in row)))
            for place, word in enumerate(row):
                found.update(f"{word} {after}" for after in row[place + 1 : place + 2])
                found.update(f"{word} _ {after}" for after in row[place + 2 : place + 1 + _NEAR])
        return found

    def put_plainly(self, text: str) -> list[Words]:
        """The sentences of `text` as they are looked at."""
        return [words for _, sentence in self._sentences(text) if (words := self._put_plainly(sentence))]

    def _sentences(self, text: str) -> Iterator[tuple[int, str]]:
        """Where each sentence begins, and the sentence, as long as before, without what others say in it.

        The last may be empty. A quotation is somebody else's only where the words around it say so: who puts their own
        words into quotation marks means them.
        """
        folded = fold(text)
        blanked = _QUOTED.sub(lambda quoted: " " * len(quoted[0]), folded)
        start = 0
        for end in (*(found.end() for found in _END.finditer(blanked)), len(blanked)):
            around = blanked[start:end]
            yield start, around if self._names_a_speaker(around) else folded[start:end]
            start = end

    def _names_a_speaker(self, around: str) -> bool:
        """Whether the words around a quotation give it to somebody in a text.

        "I said", "my words" and "wanted to say" do not, and what somebody told "me" stands in no text.
        """
        row = ("", *(word for word, _ in self._typed(around)), "")
        spoken = zip(row, row[1:], row[2:], strict=False)
        return any(
            word in self._quoted_by and before not in self._own | {"to"} and after != "me"
            for before, word, after in spoken
        )

    def _first_in(self, sentences: list[Words]) -> int | None:
        """Which of the sentences is the first that comes to distress, by itself or with the one before it."""
        known: dict[Words, tuple[bool, bool]] = {}
        spoken = [(place, words) for place, words in enumerate(sentences) if words]
        for number, (place, words) in enumerate(spoken):
            if words not in known:
                known[words] = self._has(words, self._sure_by_word), self._has(words, self._by_word)
            if known[words][0]:
                return place
            together = spoken[max(number - _TOGETHER + 1, 0) : number + 1]
            signs = [each for each, said in together if known[said][1]]
            if self._count([said for _, said in together], has_sign=bool(signs)) >= self.points.enough:
                return signs[0] if signs else place
        return None

    def _count(self, sentences: list[Words], *, has_sign: bool) -> int:
        found = sum(self._points.get(clue, 0) for clue in self.clues(sentences))
        return self.points.base + found + (self.points.sign if has_sign else 0)

    def _grows_from(self, sentence: str, *, leaving: bool) -> int:
        typed, broken_off, place = list(self._typed(sentence)), "", len(sentence)
        if typed and not sentence[-1:].isspace():
            broken_off, place = typed[-1]
            typed = [each for each in typed if each[1] < place]
        typed = typed[-_LONGEST_SIGN:]
        words = tuple(word for word, _ in typed)
        growing = [found for sign in self._signs for found in sign.growing(words)]
        telling = [] if leaving else [start for start, _ in growing if self._tells(words[start:])]
        if telling:
            return typed[min(telling)][1]
        grows = any(word.startswith(broken_off) for _, to_come in growing for word in to_come - {broken_off})
        return place if broken_off and grows else len(sentence)

    def _tells(self, words: Words) -> bool:
        """Whether words that could grow into a sign tell something by themselves: of the writer, or of distress."""
        return any(word in self._own or self._points.get(word, 0) >= _TELLING for word in words)

    def _typed(self, sentence: str) -> Iterator[tuple[str, int]]:
        """The words as they are meant, each with the place where it was typed."""
        before = ""
        for found in _WORD.finditer(sentence):
            word = _LONG.sub(r"\1", found[0].replace("'", ""))
            meant = self._meant.get(word, (_number(word),))
            if word in self._own_kin and before not in self._whose:
                yield "my", found.start()
            for each in meant:
                yield each, found.start()
                before = each

    def _put_plainly(self, sentence: str) -> Words:
        words = tuple(word for word, _ in self._typed(sentence))
        if words and words[0] in self._unspoken:
            words = ("i", *words)
        present = frozenset(words)
        for sign in () if present.isdisjoint(self._unless_words) else self._unless:
            cut = {place for span in sign.spans(words, present) for place in range(*span)}
            if cut:
                marked = (_CUT if place in cut else word for place, word in enumerate(words))
                words = tuple(word for mark, run in groupby(marked) for word in ((mark,) if mark == _CUT else run))
        return words

    def _has(self, words: Words, by_word: Mapping[str, list[Sign]]) -> bool:
        present = frozenset(words)
        looked_at = {id(sign): sign for word in present for sign in by_word.get(word, ())}
        return any(True for sign in looked_at.values() for _ in sign.spans(words, present))

    @cached_property
    def _grammar(self) -> Grammar:
        return Grammar(self.words, self.gap_stops, self.own_again["after"], self.own_again["own"])

    @cached_property
    def _own(self) -> frozenset[str]:
        return self._grammar.group(_OWN)

    @cached_property
    def _unless(self) -> tuple[Sign, ...]:
        return tuple(map(self._grammar.sign, self.unless))

    @cached_property
    def _unless_words(self) -> frozenset[str]:
        """Without any of these nothing is cut out."""
        return frozenset(word for sign in self._unless for word in sign.key)

    @cached_property
    def _sure(self) -> tuple[Sign, ...]:
        return tuple(map(self._grammar.sign, self.beyond_doubt))

    @cached_property
    def _signs(self) -> tuple[Sign, ...]:
        by_the_writer = [self._grammar.sign(text, self._own) for several in self.signs.values() for text in several]
        return (*by_the_writer, *map(self._grammar.sign, self.signs_anywhere), *self._sure)

    @cached_property
    def _by_word(self) -> dict[str, list[Sign]]:
        return _called_by(self._signs)

    @cached_property
    def _sure_by_word(self) -> dict[str, list[Sign]]:
        return _called_by(self._sure)

    @cached_property
    def _points(self) -> dict[str, int]:
        return {clue: points for points, clues in self.points.points.items() for clue in clues.split(" / ")}

    @cached_property
    def _unspoken(self) -> frozenset[str]:
        return frozenset(self.unspoken_i.split())

    @cached_property
    def _quoted_by(self) -> frozenset[str]:
        return frozenset(self.quoted_by.split())

    @cached_property
    def _own_kin(self) -> frozenset[str]:
        return frozenset(self.own_kin.split())

    @cached_property
    def _whose(self) -> frozenset[str]:
        return self._grammar.group("WHOSE")

    @cached_property
    def _meant(self) -> dict[str, Words]:
        """What is meant by a word as it was typed; nothing by a filler."""
        forms = _turned(self.forms)
        forms |= {form[:-1]: word for form, word in forms.items() if form.endswith("ing") and len(form) > len("going")}
        mended = {slip: word for word in self.misspelt.split() for slip in _slips(word)} | _turned(self.spelling)
        return (
            {typed: tuple(forms.get(word, word) for word in meant.split()) for typed, meant in mended.items()}
            | {form: (word,) for form, word in forms.items()}
            | {word: (word,) for word in self.forms}
            | dict.fromkeys(self.fillers.split(), ())
        )


def _called_by(signs: Iterable[Sign]) -> dict[str, list[Sign]]:
    found: dict[str, list[Sign]] = {}
    for sign in signs:
        for word in sign.key:
            found.setdefault(word, []).append(sign)
    return found


def _number(word: str) -> str:
    """A number as a word: `00` one that could be a grown-up's age, `0` any other."""
    return word if not word.isdecimal() else "00" if len(word) == 2 and 22 <= int(word) <= 69 else "0"


def _turned(lists: Mapping[str, str]) -> dict[str, str]:
    return {each: name for name, several in lists.items() for each in several.split()}


def _slips(word: str) -> set[str]:
    """`word` with one letter after the first left out, doubled or changed with the next."""
    places = range(1, len(word))
    left_out = {word[:at] + word[at + 1 :] for at in places}
    doubled = {word[:at] + word[at] + word[at:] for at in places}
    changed = {word[:at] + word[at + 1] + word[at] + word[at + 2 :] for at in places[:-1]}
    return (left_out | doubled | changed) - {word}
