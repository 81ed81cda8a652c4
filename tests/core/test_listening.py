"""The checks before judging: what needs no judge is caught, what is an answer is left alone."""

from __future__ import annotations

import pytest

from tests.core.small import choose, explain, lesson, real_parts
from tutor.core.lesson import RubricStep
from tutor.core.limits import LONGEST_ANSWER
from tutor.core.listening import Heard, hear, quotable_texts, without_quotations

PARAGRAPH = (
    "The ferry will surely never return. Its tickets were cheap; the bus takes an hour longer and costs twice as much."
)
LISTENING = real_parts().phrases.listening
GLOSSARY = ("quay", "ISIS", "tit for tat")


def heard(text: str, **more: bool) -> Heard:
    return hear(text, LISTENING, quotable=[PARAGRAPH], glossary=GLOSSARY, **more)


@pytest.mark.parametrize("text", ["", "   ", "\n\t", "...", "?!", "—", "🙂"])
def test_no_words(text: str) -> None:
    assert heard(text).kind == "empty"


@pytest.mark.parametrize(
    "text",
    """idk
IDK.
this is too hard for me im just stupid
its way too confusing!
i cant do this one sorry
im lost
i dont know
I don’t know
i do not know!
dunno
I dunno lol
no idea
i have no idea
No clue, sorry
not sure
im not sure
i really don't know
honestly i dont know
i still dont get it
help
help me please
im stuck
I'm stuck.
pass
skip
i give up
this is too hard
i cant do this
idk what to write
i dont know what to say
i dont understand
idk man""".splitlines(),
)
def test_not_knowing(text: str) -> None:
    assert heard(text).kind == "not-knowing"


@pytest.mark.parametrize(
    "text",
    """I don't know who said it, because no name is given
idk maybe because it says "surely"
Nobody knows, that is the point
it is too hard to check who said it
it is confusing because nobody is named
i cant find this anywhere in the quote
why are we told that it is true of course
is it the word everybody?
No, it is a forecast
not sure but i think the word surely
They skip the source
It says nothing about the price
nothing
Nothing.
help is on the way, it says, but who says so""".splitlines(),
)
def test_an_answer_that_only_begins_like_not_knowing_is_an_answer(text: str) -> None:
    assert heard(text).kind == "answer"


@pytest.mark.parametrize(
    ("text", "terms"),
    [
        ("What does quay mean?", ("quay",)),
        ("what is a quay", ("quay",)),
        ("whats a tit for tat?", ("tit for tat",)),
        ("who is isis?", ("ISIS",)),
        ("what is a crisis?", ()),
        ("what do you mean?", ()),
        ("How do I do this", ()),
        ("can you explain the question please?", ()),
        ("i dont understand the question", ()),
        ("what?", ()),
        ("what do you mean with where", ()),
        ("is a quay the same as a pier?", ("quay",)),
        ("why do we even have to do this, boats are boring", ()),
        ("do i have to write a lot?", ()),
    ],
)
def test_a_question_back_names_the_terms_it_asks_about(text: str, terms: tuple[str, ...]) -> None:
    found = heard(text)
    assert (found.kind, found.terms) == ("question", terms)


@pytest.mark.parametrize(
    "text",
    [
        "What it says is only a forecast",
        "Who says so? Nobody is named.",
        "Where is the proof? The writer gives none, so it is an opinion.",
    ],
)
def test_a_question_within_an_answer_is_an_answer(text: str) -> None:
    assert heard(text).kind == "answer"


@pytest.mark.parametrize(
    ("text", "kind", "own"),
    [
        (PARAGRAPH, "copied", ""),
        (f"“{PARAGRAPH.upper()}”", "copied", ""),
        ("its tickets were cheap - the bus takes an hour", "copied", ""),
        ("It is: its tickets were cheap; the bus takes an hour.", "copied", "It is"),
        ("Surely is a forecast: The ferry will surely never return. Its tickets", "answer", "Surely is a forecast"),
        ("the ferry will surely never return", "answer", "the ferry will surely never return"),
        ("The ferry will surely never return its tickets", "copied", ""),
        ("The ferry will surely return. Its tickets were cheap", "answer", "The ferry will surely return"),
    ],
)
def test_runs_of_eight_words_of_the_article_are_taken_out(text: str, kind: str, own: str) -> None:
    found = heard(text)
    assert found.kind == kind
    assert found.own.split(":")[0].split(".")[0].strip(" -;“”\n") == own


@pytest.mark.parametrize(
    ("text", "own"),
    [
        ("Itsticketswerecheapthebustakesanhourlonger", ""),
        ("Itstickets werecheap thebus takesan hourlonger andcosts", ""),
        ("it's cheap: ticketswerecheapthebus, so I take it", "it's cheap:\n, so I take it"),
        ("ticketswerecheap", "ticketswerecheap"),
        ("The ferry", "The ferry"),
        ("they say Ferry to close now, in big letters", "they say\n, in big letters"),
    ],
)
def test_words_without_blanks_and_a_whole_heading_are_quotations_too(text: str, own: str) -> None:
    pieces = without_quotations(text, [PARAGRAPH, "Ferry to close now"]).split("\n")
    assert [piece.strip() for piece in pieces if piece.strip()] == [p.strip() for p in own.split("\n") if p.strip()]


def test_a_rewriting_may_keep_the_articles_words() -> None:
    assert heard(PARAGRAPH, rewriting=True) == Heard("answer", PARAGRAPH)
    assert heard("idk", rewriting=True).kind == "not-knowing"
    assert heard("", rewriting=True).kind == "empty"


def test_too_long_is_more_than_the_limit() -> None:
    assert heard("word " * (LONGEST_ANSWER // 5)).kind == "answer"
    assert heard("word " * (LONGEST_ANSWER // 5) + "x").kind == "too-long"


def test_seven_words_of_the_article_are_the_learners_to_use() -> None:
    words = PARAGRAPH.split()
    assert without_quotations(" ".join(words[:7]), [PARAGRAPH]) == " ".join(words[:7])
    assert without_quotations("so " + " ".join(words[8:16]) + " there", [PARAGRAPH]).split() == ["so", "there"]


def test_what_may_be_quoted_depends_on_the_verb() -> None:
    made = lesson(
        explain("e"),
        explain("l", do="look", cards=["x"]),
        explain("r", do="rewrite"),
        choose(),
    )
    texts = {
        name: quotable_texts(step, ["a block"], ["a card"])
        for name in ("e", "l", "r")
        if isinstance(step := made.step(name), RubricStep)
    }
    assert texts == {"e": ("a block",), "l": ("a block", "a card"), "r": ()}
