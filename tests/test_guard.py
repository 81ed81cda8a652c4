"""The guard in the shipped lesson: what gets through it, and that a speaker that leaks is not heard."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.talk import MemoryRecorder, parts, run, shipped, started
from tutor.conversation import Conversation
from tutor.core import events as e
from tutor.core.guard import Secret, asks, breaches, questions
from tutor.core.lesson import RubricStep
from tutor.core.speaking import Brief, Utterance

LESSON = shipped("lavrov-syria")


def secret(step_id: str, rung: str, answer: str, number: int = 0) -> Secret:
    """What the shipped lesson keeps when nothing is met, and its help on a rung of one criterion."""
    step = LESSON.step(step_id)
    assert isinstance(step, RubricStep)
    return Secret(
        key=tuple(text for each in step.rubric for text in (each.idea, each.tell) if text),
        seen=("\n".join(LESSON.article_of(step_id).block(each).text for each in step.at),),
        never=step.never_say,
        ask=step.ask,
        answer=answer,
        help=getattr(step.rubric[number], rung),
        ages=LESSON.ages,
    )


AFTER = "Look at what stands before and after this sentence:"
VERB = "Take the verb of the headline"
THINGS = "The quotation names two things"
HATE, BAD, GOOGLE = "They hate each other a lot", "it says the US is bad", "I would google it"
MIND = secret("mind-reading", "hint", HATE)
AROUND = secret("mind-reading", "hint", HATE, 1)
GAP = secret("headline-gap", "hint", BAD)
TWO = secret("headline-gap", "hint", BAD, 1)
TRACE = secret("trace-it", "hint", GOOGLE)
DAY = secret("trace-it", "hint", GOOGLE, 1)
GENRE = secret("genre", "hint", "its news")
CARDS = secret("check-kgb", "hint", "yes it got that right")
CARES = "the sentence is about what Russia cares for: where would you have to look to find that out?"
CARES_SO = "the sentence is about what Russia cares for, so where would you have to look to find that out?"
BEFORE = (
    "Yes, almost:", "You are close:", "You are almost there:", "That is silly:", "That's a lie:", "Exactly:",
    "No, that is false:", "That is true, but", "Sadly you missed it:", "That is so:", "You have it:",
    "Kurds are terrorists:", "putin is evil:", "which invaded ukraine:", "as every muslim knows,",
)  # fmt: skip


@pytest.mark.parametrize(
    ("known", "question"),
    [
        *((MIND, f"{before} {CARES_SO}") for before in BEFORE),
        *(
            (MIND, CARES.replace("Russia", russia))
            for russia in ("murderous Russia", "hateful Russia", "brutal, lying Russia")
        ),
        (MIND, f"{CARES[:-1]}, inside heads?"),
        (MIND, f"Since nobody sees into others' heads, {CARES}"),
        (MIND, f"They hate each other: {CARES}"),
        (AROUND, f"{AFTER} does anything there help you decide whether it is so, since nothing does?"),
        (AROUND, f"{AFTER} does anything back it, when it is made up by a liar to help you decide?"),
        (GAP, f"{VERB}: you cannot find it between the quotation marks, nor one like it, can you?"),
        (GAP, f"{VERB}: you can find it between the quotation marks, or one like it, can you?"),
        (GAP, f"{VERB}, must leave: is it missing, or can you find one like it between the quotation marks?"),
        (GAP, f"{VERB}: why is it not there, nor one like it, between the quotation marks?"),
        (GAP, f"{VERB}: it is there between the quotation marks, so can you find one like it?"),
        (TWO, f"{THINGS} somebody has not done: the UN has not approved, Syria did not invite, so which two?"),
        (TRACE, "Read how the paragraph begins, with the news agency: who was he talking to?"),
        (DAY, "Which word near the beginning of the paragraph works like a calendar, the day before Friday?"),
        (GENRE, "From the third paragraph on, does the person who wrote this mostly argue and say what they think?"),
        (GENRE, "From the third paragraph on, does the person who wrote this mostly do commentary?"),
        (GENRE, "From the third paragraph on, what does the biased person who wrote this mostly do: push propaganda?"),
        (CARDS, "Put the word “chief” beside what your cards say: what was he there, if he was no boss?"),
        (CARDS, "Put the word “chief” beside what your cards say: what was he there, just a spy?"),
    ],
)
def test_no_slander_no_verdict_and_no_answer_gets_through(known: Secret, question: str) -> None:
    found = breaches(f"You write “{known.answer}”. {question}", known)
    assert {"words of its own", "a verdict", "a changed negation", "a tag question", "another question"} & {*found}


@pytest.mark.parametrize(
    ("known", "question"),
    [
        (MIND, f"T{CARES[1:]}"),
        (MIND, "Where would you have to look to find out what Russia cares for?"),
        (AROUND, f"{AFTER} does anything there help you decide whether it is so?"),
        (GAP, f"{VERB}: can you find it, or one like it, between the quotation marks?"),
        (TWO, f"{THINGS} that somebody has not done: which two?"),
        (TRACE, "Read how the paragraph begins: who was he talking to?"),
        (DAY, "Which word near the beginning of the paragraph works like a calendar?"),
        (GENRE, "From the third paragraph on, what does the person who wrote this news mostly do?"),
        (CARDS, "Put the word “chief” beside what your cards say: what was he there?"),
    ],
)
def test_the_teachers_help_as_one_question_passes(known: Secret, question: str) -> None:
    assert breaches(f"You write “{known.answer}”. {question}", known) == ()


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
