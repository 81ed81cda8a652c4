"""The guard: every check has a text that trips it and one that does not; and a speaker that leaks is not heard."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.talk import MemoryRecorder, parts, run, shipped, started
from tutor.conversation import Conversation
from tutor.core import events as e
from tutor.core.guard import Breach, Secret, asks, breaches, questions
from tutor.core.speaking import Brief, Utterance

SECRET = Secret(
    key=(
        "It names the news agency he spoke to: Interfax.",
        "You could look there, since he spoke to Interfax on Thursday.",
    ),
    seen=("Which details tell you where he spoke?", "Speaking to Interfax news agency on Thursday, Lavrov said ..."),
    never=("Interfax", "an agency"),
)


@pytest.mark.parametrize(
    ("text", "breach"),
    [
        ("Look at the paragraph once more, and take your time.", "not one question"),
        ("What stands there? And who is it that speaks here?", "not one question"),
        ("What do you see in it? Look at the beginning.", "not one question"),
        ("Which words then?", "too short"),
        (f"{'Look at the words there. ' * 13}What do you see now?", "too long"),
        ("That is not right yet, what else is there to see?", "a verdict"),
        ("Is there a name in it that you would look up there?", "a word of the answer"),
        ("Is it perhaps Interfax that you could ask about it?", "the answer's own words"),
        ("Could you look there since he spoke to somebody else?", "the answer's own words"),
    ],
)
def test_each_check_trips(text: str, breach: Breach) -> None:
    assert breach in breaches(text, SECRET)


@pytest.mark.parametrize(
    "text",
    [
        "Which words in the paragraph tell you when he spoke?",
        "You have found the day. What else does the paragraph tell you about where he spoke?",
        "Who is it that was told this on Thursday, in the words of the paragraph?",
    ],
)
def test_what_gives_nothing_away_passes(text: str) -> None:
    assert breaches(text, SECRET) == ()


def test_questions_within_quotation_marks_are_not_the_tutors_own() -> None:
    assert questions("The heading asks “Is Assad Legitimate?” and so do you???") == 1
    assert asks("Really?")
    assert not asks("Really.")


class Leaking:
    """A speaker that says the answer, asks nothing, or fails."""

    name = "leaky"

    def __init__(self, says: str | None) -> None:
        self._says = says

    async def speak(self, brief: Brief) -> Utterance:
        if self._says is None:
            raise ConnectionError("gone")
        return Utterance(self._says, self.name)


def _told_after_an_answer(says: str | None) -> e.Moved:
    lesson, recorder = shipped("lavrov-syria"), MemoryRecorder()
    teacher = started(lesson, recorder)
    recorder.record(e.Opened(step="trace-it"))
    conversation = Conversation(lesson, recorder, replace(parts(), speaker=Leaking(says)))
    moved = run(conversation, lambda: conversation.answer(e.Written(text="in syria")))[-1].payload
    assert isinstance(moved, e.Moved)
    assert teacher.lesson is lesson
    return moved


@pytest.mark.parametrize("says", ["It is the news agency Interfax, is it not?", "Just look at the text.", None])
def test_a_speaker_that_leaks_or_fails_is_replaced_by_the_teachers_words(says: str | None) -> None:
    moved = _told_after_an_answer(says)
    hint = next(
        c.hint for s in shipped("lavrov-syria").steps if s.do == "explain" and s.id == "trace-it" for c in s.rubric
    )
    assert moved.by == "scripted"
    assert hint
    assert hint in moved.text


def test_a_speaker_that_keeps_to_the_rules_is_heard() -> None:
    said = "You write “in syria”. Read how the paragraph begins: who was he talking to?"
    assert _told_after_an_answer(said).by == "leaky"
