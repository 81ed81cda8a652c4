"""The tutor's own words in one language, and the words by which it recognises what needs no judge. Data, handed in."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Annotated

from pydantic import AfterValidator, Field

from tutor.core.distress import Signs
from tutor.core.lesson import Model, Text
from tutor.core.words import quoted


def _works(pattern: str) -> str:
    try:
        re.compile(pattern)
    except re.error as error:
        raise ValueError(f"this regular expression does not work: {error}") from None
    return pattern


Pattern = Annotated[Text, AfterValidator(_works)]
Lines = Annotated[tuple[Text, ...], Field(min_length=1)]


class Listening(Model):
    """What is heard in an answer before anybody judges it: regular expressions, matched on the folded answer, and the
    signs of distress.
    """

    not_knowing: tuple[Pattern, ...]
    question: tuple[Pattern, ...]
    distress: Signs


class Phrases(Model):
    """The tutor's own words. Names in braces are filled in by the speaker; a `{}` that is not known is a mistake."""

    lang: Text
    found_one: Lines
    found_also: Text
    found_words: Text
    found_partly: Text
    heard: Lines
    secure: Lines
    secure_choice: Lines
    settled: Text
    onward: Text
    probe: Text
    probe_again: Text
    probe_only_words: Text
    probe_denied: Text
    probe_copied: Text
    probe_unchanged: Text
    probe_repeated: Text
    hint: Text
    prompt: Text
    after_hint: Text
    after_prompt: Text
    after_tell: Text
    hint_again: Text
    no_hint: Text
    cheer: Lines
    tell_one: Text
    tell_more: Text
    tell_option: Text
    tell_words: Text
    self_check: Text
    found_some: Text
    found_enough: Text
    found_left: Text
    found_none: Text
    found_near_more: Text
    found_near_fewer: Text
    found_near_other: Text
    found_near_long: Text
    found_decoy: Text
    found_decoys: Text
    decoy_again: Text
    empty: Text
    copied: Text
    question: Text
    question_alone: Text
    question_term: Text
    question_word: Text
    off_point: Text
    too_long: Text
    keep: Text
    drop: Text
    back_again: Text
    back_to_change: Text
    not_judged: Text
    not_judged_part: Text
    model_away: Text
    noted: Text
    skipped: Text
    review_alone: Text
    review_told: Text
    review_chosen: Text
    review_choice: Text
    review_words: Text
    review_found: Text
    review_enough: Text
    review_left: Text
    review_more: Text
    review_decoy: Text
    review_decoys: Text
    rest: Text
    rest_ideas: Text
    rest_exit: Text
    finished: Text
    confidence: Text
    confidence_levels: Annotated[tuple[Text, ...], Field(min_length=4, max_length=4)]
    how_it_works: Text
    taking_up: Lines
    and_last: Text
    listening: Listening

    def naming(self, texts: Iterable[str], one: str, several: str = "") -> str:
        """The phrase `one` with the texts for its words, in quotation marks and each once; `several` if it has another
        form for more than one text. The last text comes after an "and".
        """
        *others, last = quoted(texts) or ("",)
        words = self.and_last.format(words=", ".join(others), last=last) if others else last
        return (several or one if others else one).format(words=words)
