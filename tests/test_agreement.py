"""The embedded judge against people. The bounds are the promises of the judge's design; the figures are `make
bench`'s.
"""

from __future__ import annotations

from collections import Counter

from tests.agreement import between_raters, figures, free_text_steps, on_samples, on_strangers, strangers
from tests.talk import shipped

LESSON = "lavrov-syria"


def test_on_samples_it_has_not_seen_the_judge_is_hardly_ever_wrong() -> None:
    found = figures(on_samples(shipped(LESSON)))
    assert found.accuracy >= 0.95, found
    assert found.coverage >= 0.70, found


def test_on_strangers_answers_it_decides_most_and_is_seldom_wrong() -> None:
    found = figures(on_strangers(shipped(LESSON)))
    assert found.coverage >= 0.70, found
    assert found.accuracy >= 0.88, found
    assert found.kappa >= 0.75, found


def test_strangers_answers_are_many_and_labelled_twice() -> None:
    lesson = shipped(LESSON)
    counts = Counter(each["step"] for each in strangers(LESSON))
    assert set(counts) == {step.id for step in free_text_steps(lesson)}
    assert min(counts.values()) >= 20
    assert between_raters(LESSON) >= 0.8
