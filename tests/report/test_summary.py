"""The summary: what it says in which case, and that it is silent where there was nothing to count."""

from __future__ import annotations

from typing import Any

import pytest

from tests.report.small import LESSON, NAMES, Walk, finished, future_step, small, title_step, view_step
from tests.talk import MANNERS, hold, shipped
from tutor.core import events as e
from tutor.core.outcome import Count, Discernment
from tutor.report.ground import DISCLAIMER
from tutor.report.summary import Summary, summary, summary_lines


def of_passages(caught: int, shaky: int, kept: int, sound: int) -> Summary:
    return Summary(Count(), 0, 0, Discernment(caught, shaky, kept, sound), (), ())


def test_a_whole_walk_in_plain_words() -> None:
    walk = finished()
    assert summary_lines(walk.lesson, walk.session, NAMES) == (
        "Ideas: 1 found on your own, 3 with some help, 2 told by the tutor (a question can have several).",
        "For 1 of those told, no judge could tell from your words; you said that you had it.",
        "Shaky passages: on your first try you caught 1 of 2.",
        "Sound passages: on your first try you left 1 of 2 standing.",
        "Both count: to catch what is shaky, and to let stand what is sound.",
        "You were quite sure once, and that answer did not hold yet.",
        "To practise next: “What kind of statement?”.",
        DISCLAIMER,
    )


def test_at_the_beginning_there_is_nothing_to_say() -> None:
    lesson = small()
    assert summary_lines(lesson, Walk(lesson).session) == (DISCLAIMER,)
    assert summary_lines(lesson, Walk(lesson).open("view").session) == (DISCLAIMER,)


def test_without_passages_and_confidence_neither_is_mentioned() -> None:
    lesson = small(steps=[LESSON["steps"][1]], exit=None)
    walk = future_step(Walk(lesson))
    text = " ".join(summary_lines(lesson, walk.session))
    assert "Ideas: 0 found on your own, 1 with some help, 1 told" in text
    for word in ("Shaky", "Sound", "sure", "certain", "guessing"):
        assert word not in text


@pytest.mark.parametrize(
    ("passages", "reading"),
    [
        ((4, 4, 3, 3), "discerning"),
        ((2, 3, 2, 3), "discerning"),
        ((4, 4, 0, 3), "suspicious"),
        ((1, 4, 3, 3), "trusting"),
        ((1, 4, 1, 3), "unsettled"),
        ((5, 13, 3, 10), "unsettled"),
        ((2, 4, 3, 3), "mixed"),
        ((1, 1, 3, 3), None),
        ((4, 4, 0, 1), None),
        ((0, 0, 0, 0), None),
    ],
)
def test_what_shaky_and_sound_together_say_of_a_reader(
    passages: tuple[int, int, int, int], reading: str | None
) -> None:
    assert of_passages(*passages).reading == reading


def with_three_sound_passages() -> Walk:
    exit_step = LESSON["exit"]["steps"][0]
    steps = [{**exit_step, "id": f"exit-{number}"} for number in (1, 2)]
    lesson = small(steps=[LESSON["steps"][0]], exit={**LESSON["exit"], "steps": steps})
    return Walk(lesson)


def test_a_reader_who_doubts_everything_hears_that_this_is_not_yet_close_reading() -> None:
    walk = with_three_sound_passages().open("view")
    walk.point("view", "Of course", "Of course nobody likes the lane", "spoke on Monday, according to the minutes").say(
        "view"
    )
    walk.point("view", "Of course", verdict="secure").close("view")
    for step in ("exit-1", "exit-2"):
        walk.open(step).choose(step, 1, "Doubt it", right=False).close(step, "stuck", "noted")
    lines = summary_lines(walk.lesson, walk.session)
    assert "Shaky passages: on your first try you caught 2 of 2." in lines
    assert "Sound passages: on your first try you left 0 of 3 standing." in lines
    assert any("Doubting everything is not yet reading closely" in line for line in lines)


def test_a_reader_who_trusts_everything_hears_what_to_ask() -> None:
    walk = with_three_sound_passages().open("view").point("view", "The mayor").close("view", "stuck", "tell")
    for step in ("exit-1", "exit-2"):
        walk.open(step).choose(step, 0, "Keep it", right=True).close(step, move="noted")
    lines = summary_lines(walk.lesson, walk.session)
    assert "Shaky passages: on your first try you caught 0 of 2." in lines
    assert "Sound passages: on your first try you left 3 of 3 standing." in lines
    assert any("ask how the writer could know it" in line for line in lines)


@pytest.mark.parametrize(
    ("answers", "line"),
    [
        ([(3, True)], "You were quite sure once, and that answer held."),
        ([(1, False)], "You were guessing once, and that answer did not hold yet."),
        ([(4, True), (4, True)], "You were certain twice; both of these answers held."),
        ([(3, True), (3, False), (3, True)], "You were quite sure 3 times; 2 of these answers held."),
        ([(2, False), (2, False)], "You were not very sure twice; none of these answers held."),
        ([(3, True), (3, True), (3, True)], "You were quite sure 3 times; all of these answers held."),
    ],
)
def test_confidence_stands_against_result(answers: list[tuple[int, bool]], line: str) -> None:
    steps = [{**LESSON["steps"][2], "id": f"title-{number}"} for number in range(len(answers))]
    walk = Walk(small(steps=steps, exit=None))
    for step, (sure, right) in zip(steps, answers, strict=True):
        walk.open(step["id"]).choose(step["id"], 1 - right, "x", sure=sure, right=right).close(step["id"])
    assert line in summary_lines(walk.lesson, walk.session)


def test_the_words_for_confidence_can_be_those_of_another_language() -> None:
    walk = title_step(Walk(small()))
    lines = summary_lines(walk.lesson, walk.session, levels=("geraten", "unsicher", "ziemlich sicher", "sicher"))
    assert "You were ziemlich sicher once, and that answer did not hold yet." in lines


def test_what_to_practise_comes_from_ideas_told_before_those_found_with_help() -> None:
    helped = title_step(Walk(small()))
    assert summary(helped.lesson, helped.session).practise == ("language: loaded",)
    told = Walk(small()).open("view").point("view", "The mayor").close("view", "stuck", "tell")
    title_step(told)
    assert summary(told.lesson, told.session, NAMES).practise == ("What kind of statement?",)


def test_a_reader_who_found_all_alone_is_sent_nowhere() -> None:
    walk = Walk(small()).open("title").choose("title", 0, "It judges", right=True).close("title")
    assert summary_lines(walk.lesson, walk.session) == (
        "Ideas: 1 found on your own, 0 with some help, 0 told by the tutor (a question can have several).",
        DISCLAIMER,
    )


def test_an_idea_that_the_learner_says_they_had_need_not_be_practised() -> None:
    walk = view_step(Walk(small(exit=None)))
    future_step(walk)
    what = summary(walk.lesson, walk.session)
    assert (what.self_checked, what.had, what.count.told) == (1, 1, 1)
    assert what.practise[0] == "statement: kind"


def asked(walk: Walk, *moves: dict[str, Any], voices: int = 0, **call: Any) -> tuple[str, ...]:
    """The summary's lines about a model, after moves that it was to word and an answer that it helped to judge."""
    fields: dict[str, Any] = {"model": "small-1b", "prompt": "p", "seconds": 2.0} | call
    one = e.Call(**fields)
    walk.open("future").do(e.Answered(step="future", answer=e.Written(text="it ends")))
    heard = (e.Voice(judge="model", says="not", call=one),) * voices
    finding = e.Finding(criterion="end", status="not", judge="both", voices=heard)
    walk.do(e.Judged(step="future", verdict="not-yet", judge="both", costs=True, findings=(finding,)))
    for number, move in enumerate(moves):
        if number:
            walk.do(e.HintAsked(step="future"))
        walk.say("future", **{"calls": (one,)} | move)
    before = summary_lines(walk.lesson, walk.session)
    lines = summary_lines(walk.lesson, walk.session, events=walk.events)
    assert lines[-1] == DISCLAIMER
    return tuple(line for line in lines if line not in before)


def test_what_a_model_did_is_told_at_the_end() -> None:
    spoken, fell = {"by": "small-1b"}, {"fallback": "two questions"}
    tokens = {"tokens_in": 2_060, "tokens_out": 15, "tokens_cached": 1_442}
    read = "12,400 tokens read (70 % from its memory), 90 written"
    assert asked(Walk(small()), spoken, fell, spoken, voices=3, **tokens) == (
        f"A language model (small-1b) helped: 6 questions, {read}, 12 seconds.",
        "Answers judged with its help: 1.",
        "Replies in its words: 2 of 3; the others are your teacher's words.",
    )


def test_only_what_the_server_tells_is_told() -> None:
    assert asked(Walk(small()), {"by": "small-1b"}, seconds=0.6) == (
        "A language model (small-1b) helped: 1 question, 1 second.",
        "Replies in its words: 1 of 1.",
    )
    uncached = asked(Walk(small()), {}, tokens_in=900, tokens_out=20)
    assert uncached[0] == "A language model (small-1b) helped: 1 question, 900 tokens read, 20 written, 2 seconds."


def test_a_model_of_which_nothing_was_used_did_not_help() -> None:
    assert asked(Walk(small()), {"fallback": "two questions"}, tokens_in=90, tokens_out=9) == (
        "A language model (small-1b) was asked: 1 question, 90 tokens read, 9 written, 2 seconds.",
        "Replies in its words: 0 of 1; the others are your teacher's words.",
    )


def test_a_model_that_never_answered_and_none_at_all() -> None:
    stood_in = "A language model was to help, but none answered; your teacher's rules and words stood in."
    silent = (e.Call(model="small-1b", prompt="p", seconds=60.0),)
    assert asked(Walk(small()), {"calls": silent, "fallback": "refused", "trouble": "Nobody answers."}) == (stood_in,)
    assert asked(Walk(small()), {"calls": (), "fallback": "refused", "trouble": "Nobody answers."}) == (stood_in,)
    assert asked(Walk(small()), {"calls": (), "fallback": "the lesson's glossary explains it"}) == ()
    assert asked(Walk(small()), {"calls": ()}) == ()
    walk = finished()
    assert summary_lines(walk.lesson, walk.session, events=walk.events) == summary_lines(walk.lesson, walk.session)


def test_what_is_seen_differently_is_counted() -> None:
    walk = title_step(Walk(small())).do(e.Disagreed(step="title"))
    one = "You saw the judgement differently in one place; that is noted for your teacher."
    assert one in summary_lines(walk.lesson, walk.session)
    walk.open("future").write("future", "it ends", end="not").do(e.Disagreed(step="future", criterion="end"))
    walk.do(e.Disagreed(step="future", criterion="end"))  # the same once more
    assert any("differently in 2 places" in line for line in summary_lines(walk.lesson, walk.session))


@pytest.mark.parametrize("manner", MANNERS)
def test_nobody_is_graded_and_nothing_is_counted_in_percent(manner: str) -> None:
    conversation, _ = hold(shipped("lavrov-syria"), MANNERS[manner])
    lines = summary_lines(conversation.lesson, conversation.session)
    assert lines[-1] == DISCLAIMER
    assert len(lines) >= 3
    for word in ("%", "grade", "score", "points", "wrong", "!", "excellent", "perfect"):
        assert word not in " ".join(lines)
