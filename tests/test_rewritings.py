"""A sentence is written anew: from what may it be made, and what of several attempts is judged."""

from __future__ import annotations

from functools import partial

from tests.ruleful import PHRASES, findings, met, opened
from tests.talk import run, shipped
from tutor.core import events as e
from tutor.core.lesson import Rewrite

LESSON = shipped("quiet-desk")
FROM_THE_TEXT = "According to the box, it weighs 190 grams and runs for 30 hours on two AAA batteries."
[HELPS] = (block.text for block in LESSON.article.blocks if FROM_THE_TEXT in block.text)
MOST_OF_IT = HELPS.removesuffix(" It is a true marvel of design.")


def step() -> Rewrite:
    found = LESSON.step("plain-words")
    assert isinstance(found, Rewrite)
    return found


def payloads(*texts: str) -> list[e.Payload]:
    conversation = opened(LESSON, step())
    turns = [
        turn for text in texts for turn in (partial(conversation.answer, e.Written(text=text)), conversation.advance)
    ]
    return [event.payload for event in run(conversation, *turns)]


def test_it_may_take_a_sentence_from_a_paragraph_that_is_there_to_help() -> None:
    assert met(findings(LESSON, step(), FROM_THE_TEXT)) == {"plain", "whose"}
    assert met(findings(LESSON, step(), "It weighs 190 grams and runs for 30 hours.")) == {"plain"}


def test_a_whole_paragraph_is_no_rewriting() -> None:
    assert met(findings(LESSON, step(), HELPS)) == met(findings(LESSON, step(), MOST_OF_IT)) == set()


def test_what_is_written_once_more_after_a_probe_is_judged_by_itself() -> None:
    happened = payloads(MOST_OF_IT, FROM_THE_TEXT)
    probe, *_ = (each for each in happened if isinstance(each, e.Moved))
    assert (probe.move, probe.text) == ("probe", PHRASES.probe_unchanged)
    *_, last = (each for each in happened if isinstance(each, e.Judged))
    assert last.verdict == "secure"


def test_what_is_added_after_a_probe_is_judged_with_what_was_there() -> None:
    happened = payloads(MOST_OF_IT, "I mean that the box says so.")
    assert not [each for each in happened if isinstance(each, e.Caught)]
    *_, last = (each for each in happened if isinstance(each, e.Judged))
    assert last.verdict != "secure"


def test_words_that_it_has_to_keep_are_asked_for_without_praise() -> None:
    *_, moved = payloads("I do not agree.")
    assert isinstance(moved, e.Moved)
    assert moved.text == "Your sentence has to keep “190”, “30”. Write it once more."
