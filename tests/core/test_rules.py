"""An author's rules: which words of an idea stand in an answer."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tutor.core.lesson import Ruled
from tutor.core.rules import Reading, RuleMatch, check_regex, compile_item, match_rules


def stands(item: str, answer: str, lang: str = "en") -> str | None:
    """The learner's words that the item finds."""
    reading = Reading.of(answer, lang)
    place = compile_item(item, lang)(reading)
    return None if place is None else reading.quote(place)


def matched(answer: str, all_of: list[list[str]], none_of: list[str] | list[list[str]] | None = None) -> RuleMatch:
    return match_rules(Ruled.model_validate({"all_of": all_of, "none_of": none_of or []}), Reading.of(answer))


@pytest.mark.parametrize(
    ("item", "answer", "found"),
    [
        # a word, by its stem
        ("forecast", "Those are FORECASTS!", "FORECASTS"),
        ("Putin", "It is Putin’s word", "Putin’s"),
        ("cast", "a forecast", None),
        ("forecast", "It foreshadows", None),
        # a word, with a slip of the finger
        ("forecast", "its a forcast", "forcast"),
        ("Thursday", "on thrusday", "thrusday"),
        ("agency", "the agenccy said", "agenccy"),
        ("Interfax", "the winterfax", None),
        ("day", "dya", None),
        # a phrase: its stems in order, at most three other words between two neighbours
        ("no source", "there is no source", "no source"),
        ("no source", "it names no good, clear sources", "no good, clear sources"),
        ("no source", "no a b c source", "no a b c source"),
        ("no source", "no a b c d source", None),
        ("no source", "the source is no help", None),
        ("no source", "no, really no a b c source", "no a b c source"),
        ("spill out of Syria", "it spills right out of syria", "spills right out of syria"),
        ("well-known fact", "a well known fact", "well known fact"),
        # a prefix
        ("forecast*", "by forecasters", "forecasters"),
        ("fore*", "before", None),
        ("harbo* master", "the harbour master", "harbour master"),
        # a regular expression: shown with the whole words that it touches
        ("/n't say/", "It doesn’t says so", "doesn’t says"),
        ("/MUST/", "it must", "must"),
        ("/\\d{4}/", "in 1999", "1999"),
        ("/x*/", "none", None),
        ("/\\?/", "is it?", "?"),
    ],
)
def test_what_an_item_finds(item: str, answer: str, found: str | None) -> None:
    assert stands(item, answer) == found


def test_another_language_has_its_own_stems() -> None:
    assert stands("Vorhersage", "das sind vorhersagen", "de") == "vorhersagen"


def test_every_group_must_show_and_any_item_of_it_will_do() -> None:
    groups = [["agency", "Interfax"], ["Thursday", "/week ?day/"]]
    assert matched("Interfax, on a weekday", groups).met
    half = matched("only Interfax", groups)
    assert (half.met, half.groups_hit, half.evidence) == (False, 1, ("Interfax",))
    assert not matched("nothing of it", groups).met


@pytest.mark.parametrize("none_of", [["not", "never say*"], [["not"], ["never say*"]]])
def test_one_item_of_none_of_vetoes(none_of: list[str] | list[list[str]]) -> None:
    assert matched("it says Interfax", [["Interfax"]], none_of).met
    struck = matched("it is not Interfax", [["Interfax"]], none_of)
    assert (struck.met, struck.veto, struck.evidence) == (False, "not", ("Interfax",))
    assert matched("it never really says Interfax", [["Interfax"]], none_of).veto == "never say*"


def test_without_rules_nothing_is_met() -> None:
    assert not matched("anything", []).met
    assert not matched("anything", [], ["else"]).met


WORDS = st.sampled_from("It isn’t NO source , agency’s İnterfax . thursday forecasts \n\t “never” … 1999 ß".split(" "))


@given(st.lists(WORDS, max_size=15), st.sampled_from([" ", "  ", "\u00a0", "\n"]))
def test_evidence_is_in_the_learners_own_characters(words: list[str], blank: str) -> None:
    answer = blank.join(words)
    items = ["no source", "agency", "forecast*", "/thurs.{0,12}/", "never", "/n't/"]
    for quote in matched(answer, [items[:3], items[3:]]).evidence:
        assert quote
        assert quote in answer
        assert quote == quote.strip()


@pytest.mark.parametrize(
    ("pattern", "why"),
    [
        ("(a", "does not work"),
        ("a{99999999999}", "does not work"),
        ("[z–a]", "does not work"),
        ("a" * 301, "longer than"),
        ("[[a]", "a sign inside"),
        ("[a--b]", "a sign inside"),
        ("(a+)+b", "repeats a group"),
        ("(a|aa)*b", "repeats a group"),
        ("(?:a+){2,}b", "repeats a group"),
        ("(a){3}", "repeats a group"),
        ("(?:a+)(?#again)+b", "repeats a group"),
        ("(?x)(a+) +b", "the flag x"),
        ("(?ix:(a+) +)b", "the flag x"),
        (r"(a)\1", "refers back"),
        ("(?P<n>a)(?P=n)", "refers back"),
        ("(a)?(?(1)b|c)", "refers back"),
        (".*.*.*b", "too many lengths"),
        ("[a-m]{0,900}[m-z]{0,900}[k-n]{0,900}", "too many lengths"),
        ("a?" * 25, "too many lengths"),
        ("a?" * 20 + "b", "too many lengths"),
        ("a*a*a*[bc]", "too many lengths"),
        ("(a|aa)" * 40 + "b", "too many lengths"),
        ("(a|aa|aaa)?" * 12 + "b", "too many lengths"),
        (r"(a*|b)(\w*|c)(.*|d)e", "too many lengths"),
        ("(?=a*a*a*b)c", "too many lengths"),
    ],
)
def test_a_regex_that_cannot_be_used_is_refused_with_a_sentence(pattern: str, why: str) -> None:
    with pytest.raises(ValueError, match=why) as refusal:
        check_regex(pattern)
    assert not isinstance(refusal.value, re.error)
    with pytest.raises(ValueError, match=why):
        compile_item(f"/{pattern}/")


@pytest.mark.parametrize(
    "pattern",
    [
        "a(b|c)?d",
        "[+*(]+",
        r"\(a\)+",
        r"\[[ab]",
        r"[\[(]",
        "no .{0,20}source",
        "a{2}b{2,3}",
        r"\bthur",
        "(?i)A",
        "a{0,900}b{0,900}c{0,900}",
    ],
)
def test_a_regex_that_is_harmless_is_taken(pattern: str) -> None:
    assert check_regex(pattern) == pattern


@pytest.mark.parametrize("item", ["", "  ", "…", "*", "-"])
def test_an_item_without_a_word_is_refused(item: str) -> None:
    with pytest.raises(ValueError, match="at least one word"):
        compile_item(item)
