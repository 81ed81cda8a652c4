"""The speaker without a model: every move, with the teacher's words and without."""

from __future__ import annotations

from typing import Any, get_args

import pytest

from tests.core.small import drain_one, real_parts
from tutor.core.events import MoveKind, Reason
from tutor.core.grading import NearMiss, Wants
from tutor.core.guard import questions
from tutor.core.policy import Move
from tutor.core.speaking import Brief, Met
from tutor.speakers.scripted import ScriptedSpeaker

PHRASES = real_parts().phrases
QUESTION, TASK = "Who says so?", "Look at the end."


def say(kind: MoveKind, *authored: str, then: str = "ask", do: str = "explain", move: Any = None, **brief: Any) -> str:
    made = Move(kind, then, **(move or {}))  # type: ignore[arg-type]
    fields: Any = {"do": do, "ask": "Why?", "paragraph": "Some text.", "authored": authored} | brief
    said = drain_one(ScriptedSpeaker(PHRASES).speak(Brief(move=made, **fields)))
    assert said.by == "scripted"
    return said.text


ASKING: list[tuple[MoveKind, str, dict[str, Any], str]] = [
    # the move, the authored words, what else is known, and what is said
    ("probe", QUESTION, {}, QUESTION),
    ("probe", TASK, {}, f"{TASK} {PHRASES.after_hint}"),
    ("probe", "", {}, PHRASES.probe),
    ("probe", "", {"move": {"repeated": True}}, PHRASES.probe_again),
    ("probe", "", {"doubt": "only-words"}, PHRASES.probe_only_words),
    ("probe", "", {"doubt": "denied"}, PHRASES.probe_denied),
    ("probe", "", {"doubt": "copied"}, PHRASES.probe_copied),
    ("probe", "", {"doubt": "copied", "do": "rewrite"}, PHRASES.probe_unchanged),
    ("probe", "", {"doubt": "repeated"}, PHRASES.probe_repeated),
    ("hint", QUESTION, {}, QUESTION),
    ("hint", TASK, {}, f"{TASK} {PHRASES.after_hint}"),
    ("hint", "", {}, PHRASES.hint),
    ("hint", QUESTION, {"do": "choose"}, QUESTION),
    ("hint", "", {"do": "choose"}, PHRASES.no_hint),
    ("hint", "", {"do": "find"}, PHRASES.no_hint),
    ("prompt", "It is ___.", {}, f"It is ___. {PHRASES.after_prompt}"),
    ("prompt", "", {}, f"{PHRASES.prompt} {PHRASES.after_prompt}"),
    ("misconception", QUESTION, {}, QUESTION),
    ("misconception", TASK, {}, f"{TASK} {PHRASES.after_hint}"),
    ("option", QUESTION, {"do": "choose"}, QUESTION),
    ("option", TASK, {"do": "choose"}, f"{TASK} {PHRASES.after_hint}"),
    ("look-again", QUESTION, {"do": "find"}, f"{PHRASES.found_none} {QUESTION}"),
    ("look-again", "", {"do": "find"}, f"{PHRASES.found_none} {PHRASES.after_hint}"),
    ("onward", "", {}, PHRASES.onward),
    ("back-again", "", {}, PHRASES.back_again.format(ask="Why?")),
    ("back-again", "", {"changing": True}, PHRASES.back_to_change),
]


@pytest.mark.parametrize(("kind", "authored", "more", "expected"), ASKING)
def test_a_move_that_hands_the_turn_over(kind: MoveKind, authored: str, more: dict[str, Any], expected: str) -> None:
    assert say(kind, *([authored] if authored else []), **more) == expected


@pytest.mark.parametrize(
    ("kind", "authored", "more", "expected"),
    [
        ("tell", ["it is so"], {}, PHRASES.tell_one.format(tell="it is so.")),
        ("tell", ["One", "Two."], {}, f"{PHRASES.tell_more}\n- One.\n- Two."),
        ("tell", ["Ada", "She is named."], {"do": "choose"},
         PHRASES.tell_option.format(option="“Ada”", why="She is named.")),
        ("tell", ["a", "b", "They judge."], {"do": "find"},
         PHRASES.tell_words.format(words="“a”, “b”", why="They judge.")),
        ("tell", ['"Ada" or "Lund"', "Named."], {"do": "choose"},
         PHRASES.tell_option.format(option='"Ada" or "Lund"', why="Named.")),
        ("tell", ["b", "They judge."], {"do": "find", "words": ("a",), "needed": 2},
         "You found “a”. Left to find: “b”. They judge."),
        ("tell", ["c", "So."], {"do": "find", "words": ("a", "b"), "needed": 2, "decoys": ("d",)},
         "You found “a” and “b”. It could also have been “c”. You picked “d”: that does not fit the question. So."),
        ("tell", ["They judge."], {"do": "find", "words": ("a",), "needed": 1, "decoys": ("d",)},
         "You found “a”. You picked “d”: that does not fit the question. They judge."),
        ("secure", [], {"turn": 1}, PHRASES.secure[1]),
        ("secure", ["They judge."], {"turn": 3}, f"{PHRASES.secure[0]} They judge."),
        ("settled", [], {}, PHRASES.settled),
        ("noted", [], {}, PHRASES.noted),
        ("noted", [], {"in_need": True}, PHRASES.skipped),
    ],
)  # fmt: skip
def test_a_move_that_closes(kind: MoveKind, authored: list[str], more: dict[str, Any], expected: str) -> None:
    assert say(kind, *authored, then="close", **more) == expected


@pytest.mark.parametrize(("then", "closing"), [("ask", PHRASES.after_tell), ("check", PHRASES.self_check)])
def test_what_is_told_ends_with_one_question_where_something_is_to_come(then: str, closing: str) -> None:
    assert say("tell", "it is so", then=then) == f"{PHRASES.tell_one.format(tell='it is so.')}\n{closing}"


@pytest.mark.parametrize("reason", get_args(Reason))
def test_what_was_caught_is_said(reason: Reason) -> None:
    words = ("ferry", "never") if reason in ("keep", "drop") else ()
    text = say("caught", move={"reason": reason}, terms=words)
    named = "“ferry”, “never”" if words else ""
    known = {
        "too-long": PHRASES.too_long.format(limit=1500),
        "keep": PHRASES.keep.format(words=named),
        "drop": PHRASES.drop.format(words=named),
    }
    assert text == known.get(reason, getattr(PHRASES, reason.replace("-", "_")))


def test_a_term_that_is_asked_about_is_explained() -> None:
    text = say("caught", move={"reason": "question"}, terms=("quay", "bay"), meanings=("where ships lie", "Water."))
    assert text == PHRASES.question_term.format(meanings="“quay”: where ships lie. “bay”: Water.")
    assert questions(text) == 1


def test_every_move_is_shown_here() -> None:
    closing = {"tell", "secure", "settled", "noted", "caught"}
    assert {kind for kind, *_ in ASKING} | closing == set(get_args(MoveKind))


def test_what_was_found_is_said_first_with_the_learners_words() -> None:
    met = (Met("it names Ada", ("Ada", "Ada  Lund")), Met("She speaks.", ()))
    lines = say("hint", QUESTION, met=met, turn=1).split("\n")
    found = PHRASES.found_one[1].format(idea="it names Ada.")
    assert lines == [
        f"{found} {PHRASES.found_words.format(words='“Ada”, “Ada Lund”')}",
        PHRASES.found_also.format(idea="She speaks."),
        QUESTION,
    ]


@pytest.mark.parametrize(
    ("brief", "opening"),
    [
        ({"answer": "x", "turn": 1}, PHRASES.heard[1]),
        ({"answer": "x", "partly": True}, PHRASES.found_partly),
        ({"answer": "x", "partly": True, "not_judged": True}, PHRASES.not_judged),
        ({"in_need": True, "turn": 2}, PHRASES.cheer[2]),
        ({"in_need": True, "move": {"repeated": True}}, PHRASES.hint_again),
    ],
)
def test_how_help_begins(brief: dict[str, Any], opening: str) -> None:
    assert say("hint", QUESTION, **brief) == f"{opening}\n{QUESTION}"


@pytest.mark.parametrize(
    ("brief", "expected"),
    [
        ({"words": ("a",), "needed": 2}, f"You have 1 of 2: “a”. There is more to find. {QUESTION}"),
        ({"decoys": ("b",)}, PHRASES.found_decoy.format(words="“b”")),
        ({"decoys": ("b",), "words": ("a",), "needed": 2},
         f"{PHRASES.found_some.format(found=1, needed=2, words='“a”')} {PHRASES.found_decoy.format(words='“b”')}"),
        ({"decoys": ("b", "b")}, "Look again at “b”: does that really fit the question?"),
        ({"decoys": ("b", "c")}, "Look again at “b” and “c”: do these really fit the question?"),
        ({"decoys": ("b", "c", "d"), "move": {"hint": 0}}, f"You can leave out “b”, “c” and “d”. {QUESTION}"),
        ({"decoys": ("b",), "move": {"hint": 0}}, f"{PHRASES.decoy_again.format(words='“b”')} {QUESTION}"),
    ],
)  # fmt: skip
def test_looking_again(brief: dict[str, Any], expected: str) -> None:
    assert say("look-again", QUESTION, do="find", **brief) == expected


@pytest.mark.parametrize(
    ("wants", "said"),
    [
        ("more", "You are close with “b”: pick a few more words there."),
        ("fewer", "You are close: “b” is more than it takes. Pick fewer words there."),
        ("other", "You are close with “b”: start or stop at another word."),
    ],
)
def test_who_is_close_is_told_so_and_asked_for_nothing_else(wants: Wants, said: str) -> None:
    near, again = NearMiss("b", "m", wants), {"repeated": True}
    assert say("look-again", do="find", near=near, move=again) == f"{said} {PHRASES.after_hint}"
    found = say("look-again", do="find", near=near, move=again, words=("a",), needed=2)
    assert found == f"You have 1 of 2: “a”. {said} {PHRASES.after_hint}"
    decoy = say("look-again", do="find", near=near, move=again, decoys=("c",))
    assert decoy == f"{said} You can leave out “c”. {PHRASES.after_hint}"


def test_who_picks_a_whole_paragraph_is_asked_for_fewer_words_and_helped_on() -> None:
    said = say("look-again", QUESTION, do="find", near=NearMiss("b", "m", "far fewer"), move={"hint": 0})
    assert said == f"That is a lot of words: only a few of them answer the question. {QUESTION}"


def test_where_enough_is_found_only_the_decoy_is_spoken_of() -> None:
    more: dict[str, Any] = {"do": "find", "words": ("a", "b"), "needed": 2, "decoys": ("c",)}
    assert say("look-again", **more) == (
        "You have found enough: “a”, “b”. Look again at “c”: does that really fit the question?"
    )
    assert say("look-again", move={"repeated": True}, **more) == (
        f"You have found enough: “a”, “b”. You can leave out “c”. {PHRASES.after_hint}"
    )
