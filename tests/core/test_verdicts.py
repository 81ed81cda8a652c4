"""From criteria to the verdict on a step (DESIGN, section 5)."""

from __future__ import annotations

from itertools import product
from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.core.small import criterion
from tutor.core.events import Status, Verdict
from tutor.core.lesson import Criterion
from tutor.core.verdicts import UNDECIDED, result_of, step_verdict


def rubric(required: str, optional: str = "") -> list[Criterion]:
    return [Criterion.model_validate(criterion(name, required=name not in optional)) for name in (*required, *optional)]


@pytest.mark.parametrize(
    ("statuses", "misconception", "expected"),
    [
        # a and b are required, o is optional
        ("a met, b met", False, "secure"),
        ("a met, b met, o not", False, "secure"),
        ("a met, b met, o unsure", False, "secure"),
        ("a met, b met", True, "partly"),
        ("a met, b not", False, "partly"),
        ("a not, b partly, o met", False, "partly"),
        ("a partly, b partly", False, "not-yet"),
        ("a not, b not", False, "not-yet"),
        ("", False, "not-yet"),
        ("a met, b unsure", False, "unsure"),
        ("a met, b unsure", True, "partly"),
        ("a not, b unsure", False, "unsure"),
        ("a not, b unsure, o met", False, "partly"),
        ("a not, b not, o unsure", False, "not-yet"),
        ("a unsure, b not-judged", False, "not-judged"),
        ("a met, b not-judged", False, "not-judged"),
        ("a not, b not-judged, o met", False, "partly"),
    ],
)
def test_the_verdict_on_a_step(statuses: str, misconception: bool, expected: Verdict) -> None:
    named: Any = dict(each.split() for each in statuses.split(", ") if each)
    assert step_verdict(rubric("ab", "o"), named, misconception=misconception) == expected


STATUSES = st.sampled_from(get_args(Status))


@given(st.lists(STATUSES, min_size=1, max_size=4), st.lists(STATUSES, max_size=2), st.booleans())
def test_undecided_only_where_it_could_change_the_result(
    required: list[Status], optional: list[Status], misconception: bool
) -> None:
    criteria = rubric("abcd"[: len(required)], "yz"[: len(optional)])
    statuses: dict[str, Any] = dict(zip((each.id for each in criteria), [*required, *optional], strict=True))
    could_be = {
        step_verdict(criteria, statuses | dict(zip(open_ones, decided, strict=True)), misconception=misconception)
        for open_ones in [[each.id for each in criteria if each.required and statuses[each.id] in UNDECIDED]]
        for decided in product(("met", "partly", "not"), repeat=len(open_ones))
    }
    verdict = step_verdict(criteria, statuses, misconception=misconception)
    if len(could_be) == 1:
        assert {verdict} == could_be
    else:
        assert verdict == ("not-judged" if "not-judged" in required else "unsure")


def test_the_way_on() -> None:
    ways = {verdict: result_of(verdict) for verdict in (*get_args(Verdict), None)}
    assert [verdict for verdict, way in ways.items() if way == verdict] == ["secure", "partly"]
    assert {way for verdict, way in ways.items() if verdict not in ("secure", "partly")} == {"stuck"}
