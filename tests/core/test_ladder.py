"""The Socratic rules for free text, by whole conversations (DESIGN, section 5).

A conversation is written as pairs: what the learner says, and what the tutor does. `a:unsure` is an answer that leaves
the criterion a undecided; `tell a b [a] => stuck/unsure` tells a and b, has the learner check a, and closes the step.
"""

from __future__ import annotations

from typing import Any

import pytest

from tests.core.small import ReadingJudge, Talk, choose, criterion, explain, lesson
from tutor.core import events as e
from tutor.core.judging import Judgement, JudgeTask
from tutor.judges.embedded import EmbeddedJudge

Pairs = list[tuple[str, str]]

RUBRIC_TALKS: dict[str, tuple[dict[str, Any], Pairs, int]] = {
    # the ladder
    "a not climbs hint, prompt, tell": (
        {"tries": 5},
        [("a:not", "hint a"), ("a:not", "prompt a"), ("a:not", "tell a => stuck/not-yet")],
        3,
    ),
    "partly counts as not met": (
        {},
        [("a:partly", "hint a"), ("a:partly", "prompt a"), ("a:partly", "tell a => stuck/not-yet")],
        3,
    ),
    "met is secure": ({}, [("a:met", "secure => secure/secure")], 1),
    "met after help": ({}, [("a:not", "hint a"), ("a:met", "secure => secure/secure")], 2),
    # the focus
    "the focus is the first required one not met, in the file's order": (
        {"rubric": "a b c", "tries": 9},
        [
            ("b:met", "hint a"),
            ("c:met", "prompt a"),
            ("a:met", "secure => secure/secure"),
        ],
        3,
    ),
    "each criterion has a ladder of its own": (
        {"rubric": "a b", "tries": 9},
        [
            ("no match", "hint a"),
            ("a:met", "hint b"),
            ("no match", "prompt b"),
            ("no match", "tell b => partly/partly"),
        ],
        4,
    ),
    "what is told is no longer asked for": (
        {"rubric": "a b", "tries": 9},
        [
            ("no match", "hint a"),
            ("no match", "prompt a"),
            ("no match", "tell a"),
            ("no match", "hint b"),
            ("b:met", "settled => partly/partly"),
        ],
        5,
    ),
    "what was met stays met": (
        {"rubric": "a b"},
        [("a:met", "hint b"), ("b:met", "secure => secure/secure")],
        2,
    ),
    "an optional one is never the focus, and never missed": (
        {"rubric": "(o) a"},
        [("a:met", "secure => secure/secure")],
        1,
    ),
    "an optional one that is met makes it partly": (
        {"rubric": "(o) a", "tries": 1},
        [("o:met", "tell a => partly/partly")],
        1,
    ),
    # tries
    "when the tries are used up, what is left is told": (
        {"rubric": "a b c", "tries": 2},
        [("b:met", "hint a"), ("no match", "tell a c => partly/partly")],
        2,
    ),
    "one try": ({"rubric": "a b", "tries": 1}, [("no match", "tell a b => stuck/not-yet")], 1),
    # unsure
    "unsure asks the probe, twice, and climbs without costing a try": (
        {},
        [
            ("a:unsure", "probe a"),
            ("a:unsure", "probe a"),
            ("a:unsure", "hint a"),
            ("a:unsure", "prompt a"),
            ("a:unsure", "tell a [a]"),
            ("/no", "settled => stuck/unsure"),
        ],
        1,
    ),
    "also where the tries are used up": (
        {"tries": 1},
        [
            ("a:unsure", "probe a"),
            ("a:unsure", "probe a"),
            ("a:unsure", "hint a"),
            ("a:unsure", "prompt a"),
            ("a:unsure", "tell a [a]"),
            ("/yes", "settled => stuck/unsure"),
        ],
        1,
    ),
    "a probe may be all it takes": ({}, [("a:unsure", "probe a"), ("a:met", "secure => secure/secure")], 1),
    "a probe's reply that says no climbs, and is free": (
        {},
        [("a:unsure", "probe a"), ("a:not", "hint a"), ("a:not", "prompt a"), ("a:not", "tell a => stuck/not-yet")],
        3,
    ),
    "each criterion has its own two probes": (
        {"rubric": "a b"},
        [
            ("a:unsure b:unsure", "probe a"),
            ("a:met b:unsure", "probe b"),
            ("b:unsure", "probe b"),
            ("b:unsure", "hint b"),
            ("b:met", "secure => secure/secure"),
        ],
        2,
    ),
    "probes are counted over all answers": (
        {"tries": 9},
        [
            ("a:unsure", "probe a"),
            ("a:not", "hint a"),
            ("a:unsure", "probe a"),
            ("a:unsure", "prompt a"),
            ("a:unsure", "tell a [a]"),
            ("/no", "settled => stuck/unsure"),
        ],
        2,
    ),
    "what is left after a self-check is told when no try is left": (
        {"rubric": "a b", "tries": 1},
        [
            ("a:unsure", "probe a"),
            ("a:unsure", "probe a"),
            ("a:unsure", "hint a"),
            ("a:unsure", "prompt a"),
            ("a:unsure", "tell a [a]"),
            ("/yes", "tell b => stuck/unsure"),
        ],
        1,
    ),
    "what is left after a self-check is asked for when tries are left": (
        {"rubric": "a b", "tries": 2},
        [
            ("a:unsure", "probe a"),
            ("a:unsure", "probe a"),
            ("a:unsure", "hint a"),
            ("a:unsure", "prompt a"),
            ("a:unsure", "tell a [a]"),
            ("/no", "onward b"),
            ("b:met", "settled => stuck/unsure"),
        ],
        2,
    ),
    "an undecided one beside one that is not there is told with a self-check": (
        {"rubric": "a b", "tries": 1},
        [("a:not b:unsure", "tell a b [b]"), ("/no", "settled => stuck/unsure")],
        1,
    ),
    "self-checks come one by one": (
        {"rubric": "a b"},
        [
            ("a:unsure b:unsure", "probe a"),
            ("/stuck", "hint a"),
            ("/stuck", "tell a b [a b]"),
            ("/yes", ""),
            ("/no", "settled => stuck/unsure"),
        ],
        1,
    ),
    # misconceptions
    "a misconception's reply comes before the ladder, once": (
        {"misconceptions": ["myth"], "tries": 4},
        [
            ("myth", "misconception myth"),
            ("myth", "hint a"),
            ("myth", "prompt a"),
            ("a:met", "secure => secure/secure"),
        ],
        4,
    ),
    "it comes before the probe too": (
        {"misconceptions": ["myth"]},
        [("myth a:unsure", "misconception myth"), ("a:unsure", "probe a"), ("a:met", "secure => secure/secure")],
        2,
    ),
    "with a misconception nothing is secure": (
        {"misconceptions": ["myth"]},
        [("a:met myth", "misconception myth"), ("still myth", "settled => partly/partly")],
        2,
    ),
    "a misconception that is given up is gone": (
        {"misconceptions": ["myth"]},
        [("a:met myth", "misconception myth"), ("right, it is not", "secure => secure/secure")],
        2,
    ),
    "each misconception has its own reply": (
        {"misconceptions": ["myth", {"id": "other", "idea": "Other", "reply": "Is it?", "all_of": [["other"]]}]},
        [
            ("other myth", "misconception myth"),
            ("other myth", "misconception other"),
            ("a:met", "secure => secure/secure"),
        ],
        3,
    ),
    # help on request
    "a hint costs nothing and stops at the prompt": (
        {},
        [("/hint", "hint a"), ("/hint", "prompt a"), ("/hint", "prompt a"), ("/hint", "prompt a")],
        0,
    ),
    "a hint is for the focus": ({"rubric": "a b"}, [("a:met", "hint b"), ("/hint", "prompt b")], 1),
    "stuck once helps, stuck twice tells what is left": (
        {"rubric": "a b c"},
        [("/stuck", "hint a"), ("a:met", "hint b"), ("/stuck", "tell b c => partly/partly")],
        1,
    ),
    "stuck in words is stuck": ({}, [("idk", "hint a"), ("I'm stuck.", "tell a => stuck/None")], 0),
    "stuck after the prompt does not tell the first time": (
        {},
        [("/hint", "hint a"), ("/hint", "prompt a"), ("/stuck", "prompt a"), ("idk", "tell a => stuck/None")],
        0,
    ),
    "stuck twice with something undecided lets the learner check": (
        {"rubric": "a b"},
        [("a:unsure", "probe a"), ("idk", "hint a"), ("idk", "tell a b [a]"), ("/yes", "settled => stuck/unsure")],
        1,
    ),
    # not judged
    "a judge that fails is never the learner's fault": (
        {"tries": 1},
        [
            ("boom", "hint a"),
            ("boom", "prompt a"),
            ("boom", "tell a [a]"),
            ("/yes", "settled => stuck/not-judged"),
        ],
        0,
    ),
    "a judge that comes back goes on": ({"tries": 1}, [("boom", "hint a"), ("a:met", "secure => secure/secure")], 1),
    "a judge that says so itself": (
        {"rubric": "a b"},
        [("a:not-judged b:met", "hint a"), ("a:met", "secure => secure/secure")],
        1,
    ),
    # caught before judging
    "what is caught costs nothing": (
        {},
        [
            ("...", "caught"),
            ("what does quay mean?", "caught"),
            ("word " * 400, "caught"),
            ("a:met", "secure => secure/secure"),
        ],
        1,
    ),
    "a reply that is caught may be given again": (
        {},
        [("a:unsure", "probe a"), ("?!", "caught"), ("a:unsure", "probe a"), ("a:unsure", "hint a")],
        1,
    ),
}


@pytest.mark.parametrize("name", RUBRIC_TALKS)
def test_free_text(name: str) -> None:
    fields, pairs, tries = RUBRIC_TALKS[name]
    talk = Talk(lesson(explain(**fields)))
    assert [talk.take(line) for line, _ in pairs] == [done for _, done in pairs]
    assert talk.conversation.session.steps["why"].tries == tries


def test_a_reply_to_a_probe_is_added_to_the_answer_and_judged_with_it() -> None:
    judge = ReadingJudge()
    talk = Talk(lesson(explain(rubric="a b")), judge)
    for line in ("a:unsure first", "a:unsure second", "a:unsure third", "b:met fourth", "a:not fifth"):
        talk.take(line)
    heard = [(task.answer.replace("a:unsure ", ""), [each.id for each in task.criteria]) for task in judge.tasks]
    assert heard == [
        ("first", ["a", "b"]),
        ("first\nsecond", ["a", "b"]),
        ("first\nsecond\nthird", ["a", "b"]),
        ("b:met fourth", ["a", "b"]),
        ("a:not fifth", ["a"]),
    ]


def test_partly_is_praised() -> None:
    talk = Talk(lesson(explain()))
    talk.take("a:not")
    plain = talk.text
    talk.take("a:partly")
    partly = talk.conversation.phrases.found_partly
    assert partly in talk.text
    assert partly not in plain


def test_told_is_recorded_as_told_and_a_self_check_as_that() -> None:
    talk = Talk(lesson(explain(rubric="a b c", tries=1), explain("next")), first="a:met c:unsure")
    told = {name: where.told for name, where in talk.conversation.session.steps["why"].criteria.items()}
    assert told == {"a": False, "b": True, "c": True}
    talk.take("/yes")
    assert talk.conversation.session.steps["why"].criterion("c").had_it is True
    assert talk.conversation.session.steps["why"].criterion("b").had_it is None


def test_a_plain_sentence_has_a_generic_ladder_and_is_its_own_tell() -> None:
    talk = Talk(lesson(explain(rubric=["It names Ada Lund"])), EmbeddedJudge())
    answer, phrases = "Somebody is named in this sentence", talk.conversation.phrases
    done = []
    for said in (phrases.probe, phrases.probe_again, phrases.hint, phrases.prompt, "It names Ada Lund."):
        done.append(talk.take(answer))
        assert said in talk.text
    assert done == ["probe idea-1", "probe idea-1", "hint idea-1", "prompt idea-1", "tell idea-1 [idea-1]"]
    assert talk.take("/yes") == "settled => stuck/unsure"
    assert talk.conversation.session.steps["why"].tries == 1


def test_not_judged_is_said_and_kept() -> None:
    talk = Talk(lesson(explain()), first="boom")
    assert talk.text.startswith(talk.conversation.phrases.not_judged)
    assert talk.state.last is not None
    assert talk.state.last.verdict == "not-judged"
    assert [each.status for each in talk.state.last.findings] == ["not-judged"]
    assert talk.state.answers == (e.Written(text="boom"),)


def test_the_ladder_names_each_rung_in_the_teachers_words() -> None:
    talk = Talk(lesson(explain(tries=9)))
    for line, words in [("a:unsure", "probe-a"), ("a:not", "hint-a"), ("a:not", "prompt-a"), ("a:not", "tell-a")]:
        talk.take(line)
        assert words in talk.text


def test_a_hint_asked_for_when_everything_is_found_does_not_end_the_step() -> None:
    """Never silently on: the reply to the misconception is still owed an answer."""
    talk = Talk(lesson(explain(misconceptions=["myth"]), choose()), first="a:met myth")
    assert "=>" not in talk.take("/hint")


def test_a_criterion_that_the_judge_passed_over_is_not_judged() -> None:
    """No answer is called wrong because a machine failed: a missing finding is one that was not judged."""

    class Forgetful(ReadingJudge):
        async def judge(self, task: JudgeTask) -> Judgement:
            return Judgement(())

    talk = Talk(lesson(explain(rubric=[criterion("a")], tries=1)), Forgetful())
    talk.take("an honest answer")
    assert talk.state.last is not None
    assert talk.state.last.verdict == "not-judged"


def test_each_self_check_is_kept_with_its_own_idea() -> None:
    talk = Talk(lesson(explain(rubric="a b")), first="a:unsure b:unsure\n/stuck\n/stuck\n/yes\n/no")
    state = talk.conversation.session.steps["why"]
    assert [state.criterion(name).had_it for name in "ab"] == [True, False]


def test_a_move_records_what_was_newly_met() -> None:
    talk = Talk(lesson(explain(rubric="a b c", tries=9)))
    met = []
    for line in ("a:met b:unsure", "b:met", "c:partly"):
        talk.take(line)
        assert talk.said is not None
        met.append(talk.said.met)
    assert met == [("a",), ("b",), ()]
