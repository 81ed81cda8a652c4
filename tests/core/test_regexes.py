"""The bound on the steps of a regular expression: never below the ways that there are, and low where there is one."""

from __future__ import annotations

import re
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tutor.core.regexes import count_steps

LONGEST = 12


def ways(repeats: list[tuple[int, int]], length: int) -> int:
    """In how many ways `a{low,high}` one after the other can take letters from the beginning of so many."""
    return sum(sum(taken) <= length for taken in product(*(range(low, high + 1) for low, high in repeats)))


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 4)), min_size=1, max_size=5))
def test_no_fewer_steps_are_counted_than_there_are_ways(pairs: list[tuple[int, int]]) -> None:
    repeats = [(low, low + more) for low, more in pairs]
    pattern = "".join(f"a{{{low},{high}}}" for low, high in repeats) + "z"
    # The last repeat goes over its letters in one step, and only then looks for the z.
    tried = sum(ways(repeats[:-1], length) for length in range(1, LONGEST + 1))
    assert count_steps(pattern, LONGEST) >= tried


@pytest.mark.parametrize(
    "pattern",
    [
        "colou?rs?", r"\bn(o|ever)\b", "(said|told|asked) (him|her|them)", "a*b*c*", r"[a-z]*\W", r"\w{2,9} said",
        r"\w+\b.", "(a|b)(c|d)(e|f)", "a(b|c)?d", "(?!no)yes", "(?<=a)b", "x*+y", "(?>ab|c)d", "[^b]*b", r"\d*[a-c]",
    ],
)  # fmt: skip
def test_a_choice_that_the_next_character_decides_is_none(pattern: str) -> None:
    assert count_steps(pattern, 1_000) < 1_000 * 1_000


@pytest.mark.parametrize(
    ("pattern", "least"),
    [
        ("a*a", 10**6),
        ("a*(a|b)", 10**6),
        ("a*(b|c)?a", 10**6),
        (r"a*\b.*a", 10**6),
        (r"\w*[à-ü]*b", 10**6),
        ("(?s).*a", 10**6),
        ("A*a", 10**6),
        ("s*\u017f", 10**6),  # the long s
        ("[i-k]*\u0131", 10**6),  # the i without a dot
        ("a*(?!.{0,9}c)b", 10**7),
        ("[^b]*[b-f]", 10**6),
        (r"\W*\s", 10**6),
        ("(a|ab|abc)x{0,9}" * 2, 9_000),
        ("(?=a*a*b)c", 10**8),
        ("(?>a*a*b)c", 10**8),
        ("(a|.)(a|.)(a|.)", 8_000),
        ("(a?|b)(a?|b)a", 4_000),
    ],
)
def test_other_choices_multiply(pattern: str, least: int) -> None:
    assert count_steps(pattern, 1_000) >= least


def test_at_the_beginning_of_a_text_alone_is_looked_for_once() -> None:
    assert count_steps("^a*a", 1_000) * 1_000 == count_steps("a*a", 1_000) == count_steps("(?m)^a*a", 1_000)


@pytest.mark.parametrize("pattern", ["(ab)+c", "(a|aa){2,3}b", r"(a)\1", "(a)?(?(1)b|c)", "(?:ab){9}"])
def test_what_is_not_counted_is_refused(pattern: str) -> None:
    with pytest.raises(ValueError, match="which can take forever"):
        count_steps(pattern, 1_000)


def test_what_does_not_work_is_an_error_of_the_parser() -> None:
    with pytest.raises(re.error):
        count_steps("(a", 1_000)
