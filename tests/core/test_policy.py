"""The Socratic rules beyond the ladder: choosing, pointing, confidence, branches, parts, the exit ticket."""

from __future__ import annotations

from typing import Any

import pytest

from tests.core.small import MARKS, Talk, choose, drain, explain, find, lesson
from tutor.core import events as e
from tutor.core.session import OutOfTurn

Pairs = list[tuple[str, str]]

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
    "a decoy, and nothing left to find: no hint asks for what is found": (
        {"tries": 5},
        [
            ("a stupid plan", "look-again #0"),
            ("says harbour master Ada Lund / everybody knows it", "look-again"),
            ("/hint", "look-again"),
            ("/stuck", "look-again"),
            ("everybody knows it", "secure => secure/secure"),
        ],
    ),
    "close: the words say what to do, and the hint waits": (
        {},
        [("It is a stupid", "look-again"), ("The ferry", "look-again #0"), ("It is a", "tell => stuck/not-yet")],
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


def test_nothing_is_asked_for_again_where_only_a_decoy_stands_in_the_way() -> None:
    talk = Talk(lesson(find(tries=4)), first="a stupid plan\neverybody knows it / says harbour master Ada Lund")
    said = (
        "You have found enough: “a stupid plan”, “everybody knows it”. You can leave out “says harbour master Ada "
        "Lund”. Try it again with that in mind."
    )
    assert talk.text == said
    for line in ("/hint", "/stuck"):
        talk.take(line)
        assert talk.text == said


def test_the_last_try_says_first_what_was_found_and_then_what_was_left() -> None:
    marks = [
        *MARKS,
        {"id": "whole", "at": "p1", "quote": "a stupid plan, a very stupid plan, and everybody knows it"},
        {"id": "very", "at": "p1", "quote": "a very stupid plan, and everybody"},
        {"id": "closes", "at": "p1", "quote": "The ferry closes in May"},
    ]
    step = find(targets=["stupid", "whole", "very", "everybody", "closes"], at_least=2, tries=1)
    left = Talk(lesson(step, marks=marks), first="a stupid plan")
    assert left.text == (
        "You found “a stupid plan”. Left to find: “a very stupid plan, and everybody”, “everybody knows it” and “The "
        "ferry closes in May”. They are verdicts, the-why."
    )
    none = Talk(lesson(step, marks=marks), first="harbour master")
    assert none.text == (
        "These were the words to find: “a stupid plan, a very stupid plan, and everybody knows it”, “The ferry closes "
        "in May”. They are verdicts, the-why."
    )
    decoy = Talk(lesson(step, marks=marks), first="a stupid plan / The ferry closes / says harbour master Ada Lund")
    assert decoy.text == (
        "You found “a stupid plan” and “The ferry closes in May”. It could also have been “a very stupid plan, and "
        "everybody” and “everybody knows it”. You picked “says harbour master Ada Lund”: that does not fit the "
        "question. They are verdicts, the-why."
    )


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
    self_check = talk.conversation.phrases.self_check
    assert [self_check in text for text in said] == [False, False, False, True]
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


def test_a_learner_is_told_the_words_and_not_the_rule() -> None:
    rewrite = explain("anew", do="rewrite", source="never", must_keep=["190*"], must_drop=["sure*"])
    talk = Talk(lesson(rewrite))
    talk.take("It may return.")
    assert "“190”" in talk.text
    talk.take("It weighs 190g, surely.")
    assert "“sure”" in talk.text


def test_a_reply_about_a_rewriting_needs_not_keep_its_words() -> None:
    talk = Talk(lesson(REWRITE), first="The ferry may return a:unsure")
    assert talk.take("i meant perhaps a:met") == "secure => secure/secure"


@pytest.mark.parametrize("answer", ["a:met", "a:partly", "a:not", "a:unsure", "myth"])
def test_the_exit_ticket_says_nothing_about_an_answer_before_its_end(answer: str) -> None:
    ticket = [explain(rubric="a b", misconceptions=["myth"]), choose("c")]
    talk = Talk(lesson(choose(), exit_steps=ticket), first="0")
    talk.take(answer)
    assert talk.text == talk.conversation.phrases.noted


def test_pointing_at_nothing_costs_no_try() -> None:
    talk = Talk(lesson(find()))
    try:
        drain(talk.conversation.answer(e.Pointed(selections=())))
    except OutOfTurn:
        assert talk.turn == "answer"
    assert talk.state.tries == 0


def test_looking_again_has_no_hint_twice() -> None:
    talk = Talk(lesson(find(tries=9)))
    said = []
    for _ in range(3):
        talk.take("The ferry")
        said.append(talk.text)
    assert ["hint-0" in said[0], "hint-1" in said[1], "hint-" in said[2]] == [True, True, False]


def test_a_hint_asked_for_is_the_next_one() -> None:
    talk = Talk(lesson(find(tries=9)), first="The ferry")
    talk.take("/hint")
    assert "hint-1" in talk.text
    talk.take("/hint")
    assert talk.text.startswith(talk.conversation.phrases.hint_again)
    assert "hint-1" in talk.text


@pytest.mark.parametrize(
    ("picked", "said"),
    [
        ("longer", "You are close with “longer”: pick a few more words there."),
        (
            "Its tickets were cheap; the bus takes an hour longer and costs twice as much",
            "You are close: “Its tickets were cheap; the bus takes an hour longer and costs twice as much” is more",
        ),
    ],
)
def test_a_pick_too_short_or_too_long_is_told_so(picked: str, said: str) -> None:
    assert said in Talk(lesson(find(at="p2", targets=["hour"], decoys=[])), first=picked).text
