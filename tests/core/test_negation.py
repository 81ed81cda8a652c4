"""Words of an idea in a sentence that says the contrary."""

from __future__ import annotations

import pytest

from tutor.core.lesson import Criterion
from tutor.core.negation import is_denied, is_negated
from tutor.core.rules import Reading

REPORT = Criterion(id="kind", idea="It is a report.", all_of=(("report", "news"),))


@pytest.mark.parametrize(
    ("text", "negated"),
    [
        ("It is a report", False),
        ("It is not a report", True),
        ("it isnt a report", True),
        ("They never call it news", True),
        ("It is not an opinion, it is a report", False),
        ("It is not an opinion but a report", False),
        ("Not true of the first lines, I think it is news", False),
        ("It is not a report, it is news", False),
        ("Nobody gives an opinion of their own in this report", False),
    ],
)
def test_words_behind_a_negation_say_the_contrary(text: str, negated: bool) -> None:
    assert is_negated(REPORT, Reading.of(text), ("It is a report.", "The news only tells.")) is negated
    assert not is_negated(REPORT, Reading.of(text, "de"), ())


def test_a_negation_that_a_known_answer_has_too_is_none() -> None:
    approved = Criterion(id="un", idea="The UN has not approved it.", all_of=(("approved",), ("un",)))
    assert not is_negated(approved, Reading.of("It was not approved by the UN"), (approved.idea,))
    assert is_negated(approved, Reading.of("It was not the UN that approved"), (approved.idea,))


@pytest.mark.parametrize(
    ("text", "negated"),
    [
        ("It was not on Thursday", True),
        ("it isnt the year", True),
        ("it does not say which Thursday", False),
        ("they dont tell the year", True),
        ("no Thursday, no year", False),
    ],
)
def test_a_known_negation_pardons_only_the_same_words_as_near_to_it(text: str, negated: bool) -> None:
    day = Criterion(id="day", idea="They told it on Thursday.", all_of=(("thursday", "year"),))
    known = ("it doesnt tell which Thursday",)
    assert is_negated(day, Reading.of(text), known if "no " not in text else ("no Thursday, no year",)) is negated


@pytest.mark.parametrize(
    ("text", "word", "denied"),
    [
        ("I don't think that it is her opinion", "opinion", True),
        ("it is not true that it is her opinion, it is a fact", "opinion", True),
        ("it is not true that it is her opinion, it is a fact", "fact", False),
        ("I don't think they name anybody", "don't", False),
        ("It's her opinion, I don't think it is more", "opinion", False),
        ("It is not her opinion", "opinion", False),
        ("nobody says that it is her opinion", "opinion", True),
        ("that’s wrong it is her opinion", "opinion", True),
        ("I don't say that it is her opinion", "opinion", True),
        ("It is not so much a report as his claim", "claim", False),
        ("It is not so clear who said that", "who", False),
        ("this is wrong of the writer to leave out the other side", "side", False),
        ("I think that is a lie from the minister", "minister", False),
        ("I never say yes to a claim without a source", "claim", False),
    ],
)
def test_what_stands_in_a_clause_that_is_called_untrue_is_denied(text: str, word: str, denied: bool) -> None:
    at = text.index(word)
    assert is_denied(text, [(at, at + len(word))]) is denied
    assert not is_denied(text, [(at, at + len(word))], "de")
