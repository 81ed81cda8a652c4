"""The tutor's own words in one language, and the words by which it recognises what needs no judge. Data, handed in."""

from __future__ import annotations

import re
from typing import Annotated

from pydantic import AfterValidator, Field

from tutor.core.lesson import Model, Text


def _works(pattern: str) -> str:
    try:
        re.compile(pattern)
    except re.error as error:
        raise ValueError(f"this regular expression does not work: {error}") from None
    return pattern


Pattern = Annotated[Text, AfterValidator(_works)]
Lines = Annotated[tuple[Text, ...], Field(min_length=1)]


class Listening(Model):
    """Regular expressions, matched on the folded answer."""

    not_knowing: tuple[Pattern, ...]
    question: tuple[Pattern, ...]
    distress: tuple[Pattern, ...]
    distress_unless: tuple[Pattern, ...]
    wary: tuple[Pattern, ...]


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
    found_none: Text
    found_decoy: Text
    decoy_again: Text
    empty: Text
    copied: Text
    question: Text
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
    rest: Text
    rest_ideas: Text
    rest_exit: Text
    finished: Text
    confidence: Text
    confidence_levels: Annotated[tuple[Text, ...], Field(min_length=4, max_length=4)]
    how_it_works: Text
    taking_up: Lines
    listening: Listening
