"""From the status of each criterion to the verdict on a step (DESIGN: criterion met | partly | not | unsure | not-
judged).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from tutor.core.events import Result, Status, Verdict
from tutor.core.lesson import Criterion

UNDECIDED: frozenset[Status] = frozenset({"unsure", "not-judged"})


def step_verdict(rubric: Iterable[Criterion], statuses: Mapping[str, Status], *, misconception: bool) -> Verdict:
    """Secure: every required criterion met and no misconception; partly: any met, optional ones too; else not yet.

    Where an undecided required criterion could change that, the verdict is itself undecided: `not-judged` if a judge
    failed, `unsure` otherwise.
    """
    rubric = tuple(rubric)

    def verdict(undecided_as: Status) -> Verdict:
        seen = {
            each.id: undecided_as if each.required and statuses.get(each.id) in UNDECIDED else statuses.get(each.id)
            for each in rubric
        }
        if not misconception and all(seen[each.id] == "met" for each in rubric if each.required):
            return "secure"
        return "partly" if "met" in seen.values() else "not-yet"

    low, high = verdict("not"), verdict("met")
    if low == high:
        return low
    failed = any(statuses.get(each.id) == "not-judged" for each in rubric if each.required)
    return "not-judged" if failed else "unsure"


def result_of(verdict: Verdict | None) -> Result:
    """Which way on: `secure`, `partly`, else `stuck`."""
    return verdict if verdict in ("secure", "partly") else "stuck"
