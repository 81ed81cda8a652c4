"""The rules and a model together: "met" needs ground in the learner's own words, whatever the model says."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.attacks import ATTACKS, attack_task
from tests.judges.fake_model import FakeModel, Says, met, sorted_as
from tests.judges.test_embedded import made, step_of
from tests.talk import shipped
from tutor.core.judging import Judgement, JudgeTask
from tutor.core.lesson import Lesson
from tutor.judges.combined import CombinedJudge, Weight
from tutor.judges.embedded import EmbeddedJudge, rules_alone
from tutor.judges.model import JudgePrompts, ModelJudge
from tutor.llm.asking import ModelError
from tutor.resources import prompts_dir
from tutor.workbench.trying.answers import free_text_steps

PROMPTS = JudgePrompts.load([prompts_dir()], "en")
SAMPLES = (("Ada Lund said so", True), ("the master told us", True), ("it closes in May", False), ("no idea", False))
RULED = made(*SAMPLES, all_of=[["ada", "lund", "master", "somebody"]])
BARE = made(*SAMPLES, all_of=[], none_of=[])
LAVROV = shipped("lavrov-syria")
WEIGHTS: tuple[Weight, ...] = ("fills", "leads")

RULES_ONLY = "somebody who rows across"
STEMS_ONLY = "the harbour, it has a source"
BOTH = "the harbour master Ada Lund said it"
NEITHER = "the bus is cheaper"


def judged(lesson: Lesson, answer: str, says: Says, weight: Weight = "fills", **more: Any) -> Judgement:
    step = step_of(lesson)
    task = JudgeTask(lesson, step, answer, answer, step.rubric, **more)
    return asyncio.run(CombinedJudge(EmbeddedJudge(), ModelJudge(FakeModel(says), PROMPTS), weight).judge(task))


def status(lesson: Lesson, answer: str, says: Says, weight: Weight = "fills") -> str:
    [finding] = judged(lesson, answer, says, weight).findings
    return finding.status


REFUSED: Says = lambda _: ModelError("refused", "Nobody answers at http://x.")  # noqa: E731  a value, as its neighbours


@pytest.mark.parametrize(
    ("lesson", "answer", "says", "fills", "leads"),
    [
        (RULED, BOTH, met(0.9), "met", "met"),
        (RULED, BOTH, met(0.1), "met", "unsure"),
        (RULED, BOTH, REFUSED, "met", "met"),
        (RULED, RULES_ONLY, met(0.9), "met", "met"),
        (RULED, RULES_ONLY, met(0.1), "unsure", "unsure"),
        (RULED, RULES_ONLY, REFUSED, "unsure", "unsure"),
        (RULED, STEMS_ONLY, met(0.9), "unsure", "met"),
        (RULED, STEMS_ONLY, met(0.1), "not", "unsure"),
        (RULED, STEMS_ONLY, REFUSED, "unsure", "unsure"),
        (RULED, NEITHER, met(0.9), "not", "unsure"),
        (RULED, NEITHER, met(0.1), "not", "not"),
        (RULED, NEITHER, REFUSED, "not", "not"),
        (BARE, BOTH, met(0.9), "met", "met"),
        (BARE, BOTH, met(0.1), "unsure", "unsure"),
        (BARE, BOTH, REFUSED, "not-judged", "not-judged"),
        (BARE, NEITHER, met(0.9), "unsure", "unsure"),
        (BARE, NEITHER, met(0.1), "not", "not"),
        (BARE, NEITHER, REFUSED, "not-judged", "not-judged"),
    ],
)
def test_how_the_judges_are_brought_together(lesson: Lesson, answer: str, says: Says, fills: str, leads: str) -> None:
    assert (status(lesson, answer, says), status(lesson, answer, says, "leads")) == (fills, leads)


def test_filling_asks_only_about_what_the_rules_leave_open() -> None:
    for answer, asked in ((BOTH, 0), (NEITHER, 0), (STEMS_ONLY, 1)):
        model, step = FakeModel(met(0.9)), step_of(RULED)
        judge = CombinedJudge(EmbeddedJudge(), ModelJudge(model, PROMPTS))
        asyncio.run(judge.judge(JudgeTask(RULED, step, answer, answer, step.rubric)))
        assert len(model.judged) == asked


def test_what_rules_alone_decide_is_not_put_to_a_model() -> None:
    alone = made(*SAMPLES, judge="rules")
    for weight in WEIGHTS:
        model, step = FakeModel(met(0.99)), step_of(alone)
        judge = CombinedJudge(EmbeddedJudge(), ModelJudge(model, PROMPTS), weight)
        asyncio.run(judge.judge(JudgeTask(alone, step, STEMS_ONLY, STEMS_ONLY, step.rubric)))
        asyncio.run(judge.warm(JudgeTask(alone, step, "", "", step.rubric)))
        assert model.asked == []


def test_met_shows_the_learners_words_and_who_said_what() -> None:
    [finding] = judged(BARE, STEMS_ONLY, met(0.8)).findings
    assert finding.status == "met"
    assert finding.evidence == ("harbour", "source")
    assert finding.judge == "embedded + fake-1"
    assert [(voice.judge, voice.says, voice.probability) for voice in finding.voices] == [
        ("embedded", "unsure", None),
        ("fake-1", "met", pytest.approx(0.8)),
    ]


def test_a_model_that_fails_is_told_of_and_decides_nothing() -> None:
    judgement = judged(RULED, STEMS_ONLY, REFUSED)
    assert judgement.trouble == "Nobody answers at http://x."
    assert judgement.findings[0].status == "unsure"


@pytest.mark.parametrize(
    ("answer", "kind", "sort"),
    [
        ("what does quay mean", "question", "question"),
        ("the bus is cheaper", "question", "answer"),
        ("cant do this one sorry", "stuck", "stuck"),
        ("the bus is cheaper and it goes more often, so nobody would take a boat then", "stuck", "answer"),
        ("pizza", "off-point", "off-point"),
        ("pizza", "answer", "answer"),
        (STEMS_ONLY, "off-point", "answer"),
        (RULES_ONLY, "off-point", "answer"),
        ("it is all made up", "off-point", "answer"),
    ],
)
def test_a_turn_is_sorted_only_where_nothing_speaks_for_an_answer(answer: str, kind: str, sort: str) -> None:
    judgement = judged(RULED, answer, sorted_as(kind, met(0.1)), sortable=True)
    assert judgement.sort == sort
    assert (judgement.findings == ()) == (sort != "answer")
    assert judged(RULED, answer, sorted_as(kind, met(0.1))).sort == "answer"


def test_a_model_that_cannot_even_sort_is_told_of() -> None:
    judgement = judged(RULED, NEITHER, REFUSED, sortable=True)
    assert (judgement.sort, judgement.trouble) == ("answer", "Nobody answers at http://x.")


def test_where_the_model_has_no_say_the_embedded_judge_stands() -> None:
    no_say: Says = lambda _: ({"met": True}, 0.9)  # noqa: E731
    for weight in WEIGHTS:
        assert status(RULED, BOTH, no_say, weight) == "met"
        assert status(RULED, NEITHER, no_say, weight) == "not"
        assert status(BARE, BOTH, no_say, weight) == "unsure", "nothing failed"


def test_nobody_is_skipped_in_the_exit_ticket_because_of_a_machine() -> None:
    step, text = step_of(RULED).model_copy(update={"assisted": False}), "cant do this one sorry"
    model = FakeModel(sorted_as("stuck", met(0.1)))
    judge = CombinedJudge(EmbeddedJudge(), ModelJudge(model, PROMPTS))
    judgement = asyncio.run(judge.judge(JudgeTask(RULED, step, text, text, step.rubric, sortable=True)))
    assert judgement.sort == "answer"


def free_text_of(weight: Weight) -> CombinedJudge:
    return CombinedJudge(EmbeddedJudge(), ModelJudge(FakeModel(met(1.0)), PROMPTS), weight)


@pytest.mark.parametrize("weight", WEIGHTS)
def test_no_attack_gets_met_even_from_a_model_that_always_says_so(weight: Weight) -> None:
    judge = free_text_of(weight)
    assert len(set(ATTACKS)) == 40
    turned = {
        (step.id, finding.criterion, attack)
        for step in free_text_steps(LAVROV)
        for attack in ATTACKS
        for finding in asyncio.run(judge.judge(attack_task(LAVROV, step.id, attack))).findings
        if finding.status == "met" and not rules_alone(step, step.criterion(finding.criterion))
    }
    # A word of the rule ("you would need the year") that happens to stand in a plea is ground like any other.
    assert turned == {("trace-it", "missing", next(each for each in ATTACKS if "year" in each))}


@given(st.text(alphabet=st.characters(codec="utf-8"), max_size=200), st.sampled_from(WEIGHTS), st.booleans())
def test_met_always_has_ground_in_the_learners_own_words(answer: str, weight: Weight, bare: bool) -> None:
    lesson = BARE if bare else RULED
    for words in (answer, f"{answer} Ada", f"harbour {answer}"):
        [finding] = judged(lesson, words, met(1.0), weight).findings
        if finding.status == "met":
            assert finding.evidence
            assert all(each in words for each in finding.evidence)
