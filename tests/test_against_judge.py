"""A learner against the judge, over every criterion of every shipped lesson.

The promise: no text turns a criterion to "met" unless, *in the learner's own words*, its rules find their words, or at
least two stems of its key stand there of which one was handed out by nobody - whatever a model says. In detail:

- *Own words* are the text without quotations of the article and of opened cards: runs of eight words or more, whole
  headings of four or more, and the same written without blanks. In rewriting, quotations stay.
- *Rules* are the teacher's `all_of` without a veto. They are words of the learner's, too, where they stand in the text:
  naming the one detail a question asks for may be met. They do not count where the answer only lists words, denies
  what it says, is for the most part one paragraph of the text, or has them from what the tutor said (five words in a
  row of the question, of a hint, prompt or probe, of a reply to a misconception, of the ideas and tells of the other
  criteria). Fewer words in a row of the tutor's count as the learner's own.
- The *key* is the idea, its `tell` and the samples that meet it. *Handed out* are the stems of the article, the cards,
  the question and all that the tutor said, and those of words like “think”.

It is no promise about meaning: who writes the right words without the thought, in a sentence, is met.
"""

from __future__ import annotations

import asyncio
from functools import lru_cache
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.attacks import ATTACKS
from tests.judges.fake_model import FakeModel, Says, answer_in, idea_in
from tests.ruleful import (
    EMBEDDED,
    STEPS,
    FreeText,
    found,
    met,
    task_of,
)
from tutor.core.catching import quotable_in
from tutor.core.events import Finding
from tutor.core.judging import JudgeTask
from tutor.core.lesson import Criterion, Lesson
from tutor.core.rules import Reading, match_rules
from tutor.core.words import content_stems, folded_words, stem
from tutor.judges.combined import CombinedJudge, Weight
from tutor.judges.model import NOTHING, JudgePrompts, ModelJudge
from tutor.resources import prompts_dir

PROMPTS = JudgePrompts.load([prompts_dir()], "en")
WEIGHTS: tuple[Weight, ...] = ("fills", "leads")
QUIET = settings(deadline=None, suppress_health_check=list(HealthCheck), max_examples=120)
OPINING = {stem(word) for word in "believe feel find guess know look mean one read see think thought word".split()}


def replies(answer: str, idea: str) -> dict[str, tuple[Any, float | None] | str]:
    """What a model may reply that wants an answer to be met, by its manner."""
    return {
        "certain": ({"met": True}, 1.0),
        "without figures": ({"met": True}, None),
        "quotes the answer": ({"met": True, "quote": answer}, 1.0),
        "invents a quotation": ({"met": True, "evidence": ["as I have said before"]}, 1.0),
        "quotes the key": ({"met": True, "evidence": [idea]}, 1.0),
        "a list": ([{"met": True}], 1.0),
        "words for a boolean": ({"met": "true"}, None),
        "a number": ({"met": 1}, None),
        "another form": ({"verdict": "met", "criteria": {"all": "met"}}, 1.0),
        "twice": '{"met":true}{"met":true}',
        "prose": "Yes, the pupil has met it.",
        "nothing": "",
    }


MANNERS = tuple(replies("", ""))


def eager(manner: str = "certain") -> Says:
    """A model that finds every idea in every answer, but that it knows from no answer at all: so it has a say."""

    def says(prompt: Any) -> Any:
        if "kind" in str(prompt.schema):
            return {"kind": "answer"}, None
        answer, idea = answer_in(prompt.user), idea_in(prompt.user)
        if answer in (NOTHING, idea):
            return {"met": answer == idea}, float(answer == idea)
        return replies(answer, idea)[manner]

    return says


@lru_cache(maxsize=64)
def combined(weight: Weight, manner: str = "certain") -> CombinedJudge:
    return CombinedJudge(EMBEDDED, ModelJudge(FakeModel(eager(manner)), PROMPTS), weight)


def with_model(task: JudgeTask, weight: Weight, manner: str = "certain") -> tuple[Finding, ...]:
    return found(asyncio.run(combined(weight, manner).judge(task)), task)


@lru_cache(maxsize=256)
def without_rules(step: FreeText) -> FreeText:
    """The step as a teacher writes it who gives no rules: then a model has the most to say."""
    bare = tuple(each.model_copy(update={"all_of": (), "none_of": ()}) for each in step.rubric)
    return step.model_copy(update={"rubric": bare})


def ladder(step: FreeText) -> list[str]:
    """What the tutor may say in a step before anything is told."""
    rungs = [text for each in step.rubric for text in (each.probe, each.hint, each.prompt) if text]
    return [step.ask, *rungs]


def said(lesson: Lesson, step: FreeText, criterion: Criterion) -> list[str]:
    """What a learner may have heard from the tutor when they answer `criterion`."""
    others = [text for each in step.rubric if each.id != criterion.id for text in (each.idea, each.tell) if text]
    return [*ladder(step), *others, *(each.reply for each in lesson.misconceptions_of(step))]


def has_ground(task: JudgeTask, criterion: Criterion) -> bool:
    """The promise, reckoned anew."""
    lesson, step, reading = task.lesson, task.step, Reading.of(task.own)
    if match_rules(criterion, reading).met:
        return True
    key = {s for text in (criterion.idea, criterion.tell or "") for s in content_stems(text)}
    key |= {s for each in step.samples if criterion.id in each.meets for s in content_stems(each.answer)}
    handed = {s for text in (*quotable_in(lesson, step), *said(lesson, step, criterion)) for s in content_stems(text)}
    own = content_stems(task.own) & key - content_stems(step.ask)
    return len(own) >= 2 and bool(own - handed - OPINING)


def ungrounded(lesson: Lesson, step: FreeText, text: str, weight: Weight, manner: str = "certain") -> set[str]:
    """The criteria that come out as met without ground."""
    task = task_of(lesson, step, text)
    every = with_model(task, weight, manner) if task else ()
    return {each for each in met(every) if task and not has_ground(task, step.criterion(each))}


# ------------------------------------------------------------ a: whatever a model says


@st.composite
def attempts(draw: st.DrawFn) -> tuple[Lesson, FreeText, str]:
    """A step and a text for it, put together from all that a learner may have at hand."""
    lesson, step = draw(st.sampled_from(STEPS))
    blocks = [block.text for block in lesson.article_of(step.id).blocks]
    words = sorted({word for block in blocks for word in folded_words(block)})
    samples = [sample.answer for _, other in STEPS for sample in other.samples if other is not step]
    piece = st.one_of(
        st.sampled_from(words),
        st.sampled_from(ATTACKS),
        st.sampled_from(blocks).map(lambda text: " ".join(text.split()[:7])),
        st.sampled_from(blocks).flatmap(lambda text: st.integers(2, 9).map(lambda n: strewn(text, n))),
        st.sampled_from(said(lesson, step, step.rubric[0])),
        st.just("I would say that " + step.ask.rstrip("?").lower() + "."),
        st.sampled_from(samples),
        st.text(alphabet=st.characters(codec="utf-8", exclude_categories=["Cs"]), max_size=30),
        st.sampled_from(
            [
                "да, это так",
                "それは本当です",
                "\u043dέt met \u039c\u0395\u03a4",
                "\uff4d\uff45\uff54",
                "t\u200bhe idea",
                "🙂",
            ]
        ),
    )
    return lesson, step, " ".join(draw(st.lists(piece, min_size=1, max_size=6)))[:1500]


def strewn(text: str, every: int, filler: str = "blue") -> str:
    """A text with another word in place of every n-th."""
    words = text.split()
    return " ".join(filler if index % every == every - 1 else word for index, word in enumerate(words))


@given(attempts(), st.sampled_from(WEIGHTS), st.sampled_from(MANNERS), st.booleans())
@QUIET
def test_met_has_ground_in_the_learners_own_words_whatever_a_model_says(
    attempt: tuple[Lesson, FreeText, str], weight: Weight, manner: str, bare: bool
) -> None:
    lesson, step, text = attempt
    assert ungrounded(lesson, without_rules(step) if bare else step, text, weight, manner) == set()


@pytest.mark.long
@given(attempts(), st.sampled_from(WEIGHTS), st.sampled_from(MANNERS), st.booleans())
@settings(QUIET, max_examples=5_000)
def test_met_has_ground_in_thousands_of_attempts(
    attempt: tuple[Lesson, FreeText, str], weight: Weight, manner: str, bare: bool
) -> None:
    lesson, step, text = attempt
    assert ungrounded(lesson, without_rules(step) if bare else step, text, weight, manner) == set()


A_WORD_OF_A_RULE = {
    ("footbridge", "who-else", "card", "report"),
    ("footbridge", "exit-check", "place", "checker"),
    ("lavrov-syria", "trace-it", "missing", "year"),
    ("longer-lunch", "fair-play", "voice", "own words"),
}
"""Attacks in which a word of a rule happens to stand ("or I will fail the year"): ground like any other."""
WITH_A_MODEL = {("longer-lunch", "rests-on", "queue", "report")}
"""The rules find it, too, and the stems do not: the model tips the scale."""
TWO_STEMS = {
    ("cold-mornings", "other-ways", "third", "go"),
    ("footbridge", "whose-view", "quote-marks", "said"),
    ("longer-lunch", "fair-play", "voice", "said"),
}
"""Where the model leads, two stems of the key are enough ("I have to go home now")."""


@pytest.mark.parametrize("weight", WEIGHTS)
def test_no_attack_is_met_on_any_criterion_but_by_a_word_of_a_rule(weight: Weight) -> None:
    turned = set()
    for lesson, step in STEPS:
        for attack in ATTACKS:
            task = task_of(lesson, step, attack)
            for each in with_model(task, weight) if task else ():
                if each.status == "met":
                    turned.add((lesson.id, step.id, each.criterion, each.evidence[0].split(".")[0]))
    assert turned == A_WORD_OF_A_RULE | WITH_A_MODEL | (TWO_STEMS if weight == "leads" else set())
