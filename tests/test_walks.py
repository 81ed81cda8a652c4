"""The shipped lessons, walked from start to end by learners of four manners. The transcripts of one are kept and read
like a tutor.
"""

from __future__ import annotations

import pytest

from tests.talk import MANNERS, golden, hold, shipped
from tutor.conversation import Conversation
from tutor.core import events as e
from tutor.core.guard import Secret, leaks, questions
from tutor.core.lesson import RubricStep
from tutor.core.session import Session, apply, replay
from tutor.resources import lessons_dir

LESSON = "lavrov-syria"
LESSONS = sorted(folder.parent.name for folder in lessons_dir().glob("*/lesson.yaml"))


@pytest.mark.parametrize("manner", MANNERS)
def test_the_transcript_is_the_one_we_read_and_liked(manner: str) -> None:
    _, transcript = hold(shipped(LESSON), MANNERS[manner])
    assert transcript == golden(f"{LESSON}-{manner}").read_text(encoding="utf-8")


@pytest.fixture(params=[(name, manner) for name in LESSONS for manner in MANNERS], ids="-".join, scope="module")
def walked(request: pytest.FixtureRequest) -> Conversation:
    name, manner = request.param
    conversation, _ = hold(shipped(name), MANNERS[manner])
    return conversation


def test_every_manner_comes_to_the_end(walked: Conversation) -> None:
    assert walked.turn == "over"
    lesson = walked.lesson
    assert lesson.exit is not None
    assert set(walked.session.visited) == {step.id for step in (*lesson.steps, *lesson.exit.steps)}


def test_every_turn_that_waits_for_the_learner_asks_one_thing(walked: Conversation) -> None:
    phrases = walked.phrases
    tasks = (phrases.after_hint, phrases.after_prompt)
    for event in walked.events:
        if isinstance(event.payload, e.Moved) and event.payload.then != "close":
            text = event.payload.text
            assert questions(text) + sum(task in text for task in tasks) == 1, text


def test_nothing_is_given_away_before_the_ladder_ends(walked: Conversation) -> None:
    session = Session()
    for event in walked.events:
        session = apply(session, event.payload)
        said = event.payload
        if isinstance(said, e.Moved) and said.move != "tell":
            assert not leaks(said.text, _secret(walked, session, said)), said.text


def _secret(conversation: Conversation, session: Session, said: e.Moved) -> Secret:
    """What is still open after the event, and all that the learner has seen by then."""
    lesson, step, state = conversation.lesson, conversation.lesson.step(said.step), session.steps[said.step]
    rubric = step.rubric if isinstance(step, RubricStep) else ()
    still_open = [each for each in rubric if each.required and state.criterion(each.id).is_open]
    known = [each.idea for each in rubric if not state.criterion(each.id).is_open or not each.required]
    article, cards = lesson.article_of(step.id), [card.body for card in lesson.sources]
    seen = [block.text for block in article.blocks] + cards + known + [step.ask, state.text]
    phrases = conversation.phrases
    framing = [
        text for field, value in phrases for text in ((value,) if isinstance(value, str) else value) if field != "lang"
    ]
    key = tuple(text for each in still_open for text in (each.idea, each.tell) if text)
    return Secret(key, (*seen, *(text for text in framing if isinstance(text, str))))


def test_a_walk_replayed_is_the_session_that_was_lived(walked: Conversation) -> None:
    assert replay(walked.events) == walked.session
