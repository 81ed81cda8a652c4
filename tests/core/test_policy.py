"""The Socratic rules, by whole conversations (DESIGN, section 5).

A conversation is written as pairs: what the learner says, and what the tutor does. `a:unsure` is an answer that leaves
the criterion a undecided; `tell a b [a] => stuck/unsure` tells a and b, has the learner check a, and closes the step.
"""

from __future__ import annotations

from typing import Any

import pytest

from tests.core.small import ReadingJudge, Talk, choose, criterion, explain, find, lesson
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


CHOOSE_TALKS: dict[str, tuple[dict[str, Any], Pairs]] = {
    "right": ({}, [("0", "secure => secure/secure")]),
    "wrong says why and asks again, until the tries are used up": (
        {},
        [("1", "option"), ("2", "option"), ("1", "tell => stuck/not-yet")],
    ),
    "right in the end": ({}, [("1", "option"), ("0", "secure => secure/secure")]),
    "either of two right ones": ({"right": (0, 2)}, [("2", "secure => secure/secure")]),
    "hints in their order, costing nothing": (
        {"tries": 1},
        [("/hint", "hint #0"), ("/hint", "hint #1"), ("/hint", "hint #1"), ("0", "secure => secure/secure")],
    ),
    "stuck once helps, twice tells": ({}, [("/stuck", "hint #0"), ("/stuck", "tell => stuck/None")]),
    "stuck without any hint written": (
        {"hints": 0},
        [("/stuck", "hint #0"), ("1", "option"), ("/stuck", "tell => stuck/not-yet")],
    ),
}


@pytest.mark.parametrize("name", CHOOSE_TALKS)
def test_choosing(name: str) -> None:
    fields, pairs = CHOOSE_TALKS[name]
    talk = Talk(lesson(choose(**fields)))
    assert [talk.take(line) for line, _ in pairs] == [done for _, done in pairs]


def test_the_words_of_choosing() -> None:
    talk = Talk(lesson(choose(right=(0, 2))))
    talk.take("1")
    assert "why-1" in talk.text
    assert not any(other in talk.text for other in ("why-0", "why-2", "Option 0", "Option 2"))
    talk.take("2")
    assert "why-2" in talk.text
    assert "why-0" not in talk.text
    told = Talk(lesson(choose(tries=1)), first="2")
    assert "Option 0" in told.text
    assert "why-0" in told.text


FIND_TALKS: dict[str, tuple[dict[str, Any], Pairs]] = {
    "all": ({}, [("a stupid plan / everybody knows it", "secure => secure/secure")]),
    "enough": ({"at_least": 1}, [("a stupid plan", "secure => secure/secure")]),
    "one, and the other later: what was found stays found": (
        {},
        [("a stupid plan", "look-again #0"), ("everybody knows it", "secure => secure/secure")],
    ),
    "until the tries are used up": (
        {},
        [("The ferry", "look-again #0"), ("closes in", "look-again #1"), ("The ferry", "tell => stuck/not-yet")],
    ),
    "some is partly": ({"tries": 1}, [("a stupid plan", "tell => partly/partly")]),
    "a decoy": (
        {},
        [
            ("says harbour master Ada Lund / a stupid plan / everybody knows it", "look-again"),
            ("a stupid plan", "secure => secure/secure"),
        ],
    ),
    "help on request": ({}, [("/hint", "hint #0"), ("/hint", "hint #1"), ("/hint", "hint #1")]),
    "stuck once helps, twice tells": ({}, [("/stuck", "hint #0"), ("/stuck", "tell => stuck/None")]),
    "without hints": ({"hints": 0}, [("The ferry", "look-again #0"), ("/hint", "hint #0")]),
}


@pytest.mark.parametrize("name", FIND_TALKS)
def test_pointing(name: str) -> None:
    fields, pairs = FIND_TALKS[name]
    talk = Talk(lesson(find(**fields)))
    assert [talk.take(line) for line, _ in pairs] == [done for _, done in pairs]


def test_the_words_of_pointing() -> None:
    talk = Talk(lesson(find()))
    talk.take("a stupid plan")
    assert "a stupid plan" in talk.text
    assert "everybody" not in talk.text
    talk.take("says harbour master Ada Lund")
    assert "says harbour master Ada Lund" in talk.text
    assert not any(secret in talk.text for secret in ("everybody", "the-why"))
    talk.take("The ferry")
    assert all(words in talk.text for words in ("a stupid plan", "everybody knows it", "the-why"))


@pytest.mark.parametrize(
    "step", [choose(confidence=True), find(confidence=True), explain(rubric="a b", tries=9, confidence=True)]
)
def test_confidence_is_asked_once_after_the_first_answer_and_before_feedback(step: dict[str, Any]) -> None:
    wrong = {"choose": "1", "find": "The ferry", "explain": "no match"}[step["do"]]
    talk = Talk(lesson(step))
    if step["do"] == "explain":
        talk.take("idk")
        talk.take("...")
    before = len(talk.conversation.events)
    assert talk.turn == "answer"
    assert talk.take(wrong) == ""
    assert talk.turn == "confidence"
    talk.take("/sure 3")
    assert talk.kinds(before) == ["answered", "confident", "judged", "moved"]
    assert talk.state.confidence == 3
    assert talk.turn == "answer"
    talk.take(wrong)
    assert talk.turn == "answer"
    assert talk.kinds().count("confident") == 1


def test_no_confidence_where_the_step_does_not_ask() -> None:
    talk = Talk(lesson(explain()), first="no match")
    assert "confident" not in talk.kinds()


@pytest.mark.parametrize(
    ("lines", "way"),
    [
        (["a:met b:met"], "third"),
        (["a:met"], "second"),
        (["no match"], "fourth"),
        (["/stuck", "/stuck"], "fourth"),
        (["a:met b:unsure", "b:unsure", "b:unsure", "b:unsure", "b:unsure", "/yes"], "fourth"),
    ],
)
def test_next_goes_by_the_result(lines: list[str], way: str) -> None:
    following = {"secure": "third", "partly": "second", "stuck": "fourth"}
    steps = [
        explain("first", "a b", tries=1, next=following),
        *(choose(name) for name in ("second", "third", "fourth")),
    ]
    talk = Talk(lesson(*steps))
    for line in lines:
        talk.take(line)
    assert talk.conversation.session.visited == ("first", way)


def test_without_next_the_following_step_comes_and_none_twice() -> None:
    steps = [choose("a", next={"secure": "c"}), choose("b"), choose("c", next={"secure": "b"}), choose("d")]
    talk = Talk(lesson(*steps), first="0\n0\n0\n0")
    assert talk.conversation.session.visited[:3] == ("a", "c", "b")
    assert talk.turn == "over"
    assert talk.conversation.session.visited == ("a", "c", "b", "d")


def test_each_part_ends_at_a_stopping_point_with_a_look_back() -> None:
    steps = [choose("a", part="One"), explain("b"), choose("c", part="Two"), choose("d", part="Two")]
    talk = Talk(lesson(*steps, exit_steps=[choose("e")]), first="0\nno match")
    assert talk.take("a:met") == "secure => secure/secure rested"
    assert talk.turn == "rest"
    rested = talk.events[-1].payload
    assert isinstance(rested, e.Rested)
    phrases = talk.conversation.phrases
    assert rested.part == "One"
    assert phrases.rest_ideas.format(alone=1, helped=1, told=0) in rested.text
    assert phrases.rest_exit not in rested.text
    talk.take("/on")
    talk.take("0")
    assert talk.take("0") == "secure => secure/secure rested"
    assert isinstance(rested := talk.events[-1].payload, e.Rested)
    assert phrases.rest_exit in rested.text
    talk.take("/on")
    assert talk.conversation.session.visited[-1] == "e"


EXIT = [choose("c"), find("f"), explain("e", "a b (o)"), explain("u", "a b")]


def test_the_exit_ticket_has_one_try_no_hints_and_feedback_at_its_end() -> None:
    talk = Talk(lesson(choose(), exit_steps=EXIT), first="0")
    assert talk.take("1") == "noted => stuck/not-yet"
    assert talk.take("a stupid plan") == "noted => partly/partly"
    assert talk.take("a:met o:met") == "noted => partly/partly"
    since = len(talk.conversation.events)
    assert talk.take("a:unsure b:not") == "noted => stuck/unsure review c review f review e review u [a]"
    assert talk.turn == "self-check"
    said = [each.payload.text for each in talk.conversation.events[since:] if isinstance(each.payload, e.Reviewed)]
    assert "Option 0" in said[0]
    assert "everybody knows it" in said[1]
    assert all(words in said[2] for words in ("The idea-a", "tell-b", "The idea-o"))
    assert all(words in said[3] for words in ("tell-a", "tell-b"))
    talk.take("/yes")
    assert talk.turn == "over"
    assert talk.conversation.session.steps["u"].criterion("a").had_it is True


def test_nothing_is_given_away_before_the_exit_ticket_is_over() -> None:
    talk = Talk(lesson(choose(), exit_steps=EXIT), first="0")
    for line in ("1", "a stupid plan", "a:met myth", "boom"):
        before = len(talk.events)
        talk.take(line)
        texts = [each.payload.text for each in talk.events[before:] if isinstance(each.payload, e.Moved)]
        assert not any(secret in text for text in texts for secret in ("idea-", "tell-", "why-", "the-why", "Option 0"))


def test_skipping_in_the_exit_ticket() -> None:
    talk = Talk(lesson(choose(), exit_steps=EXIT), first="0")
    assert talk.take("/stuck") == "noted => stuck/None"
    assert talk.text == talk.conversation.phrases.skipped
    talk.take("/stuck")
    assert talk.take("idk") == "noted => stuck/None"
    assert talk.take("/stuck") == "noted => stuck/None review c review f review e review u"
    assert talk.turn == "over"


def test_the_exit_ticket_waits_for_its_caught_answers() -> None:
    talk = Talk(lesson(choose(), exit_steps=EXIT[2:]), first="0")
    assert talk.take("...") == "caught"
    assert talk.take("a:met b:met") == "noted => secure/secure"


def test_a_step_of_the_walk_without_help_gets_its_feedback_after_the_exit_ticket() -> None:
    """DESIGN: `assisted: false`: one try, no hints, feedback after the last exit step."""
    talk = Talk(lesson(explain("alone", assisted=False), choose(), exit_steps=[choose("c")]), first="no match\n0\n0")
    reviewed = [each.payload.step for each in talk.conversation.events if isinstance(each.payload, e.Reviewed)]
    assert reviewed == ["alone", "c"]


REWRITE = explain("anew", do="rewrite", source="never", must_keep=["ferry"], must_drop=["never", "surely"])


def test_a_rewriting_keeps_and_drops_what_it_is_told() -> None:
    talk = Talk(lesson(REWRITE))
    caught = []
    for line in ("It may return.", "The ferry will surely never return.", "The ferries may never come."):
        assert talk.take(line) == "caught"
        caught += [each.payload for each in talk.events if isinstance(each.payload, e.Caught)][-1:]
    assert [(each.reason, each.terms) for each in caught] == [
        ("keep", ("ferry",)),
        ("drop", ("never", "surely")),
        ("drop", ("never",)),
    ]
    assert "“never”" in talk.text
    assert talk.state.tries == 0
    assert talk.take("the ferry may a:met") == "secure => secure/secure"


def test_a_reply_about_a_rewriting_needs_not_keep_its_words() -> None:
    talk = Talk(lesson(REWRITE), first="The ferry may return a:unsure")
    assert talk.take("i meant perhaps a:met") == "secure => secure/secure"


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
