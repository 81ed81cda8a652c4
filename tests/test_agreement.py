"""The embedded judge against people, on every shipped lesson. The bounds are the promises that lessons are held to; the
figures are `make bench`'s.
"""

from __future__ import annotations

from collections import Counter

import pytest

from tests.agreement import LESSONS, between_raters, on_samples, on_strangers, strangers
from tests.talk import shipped
from tutor.resources import lessons_dir
from tutor.workbench.trying.agreement import figures
from tutor.workbench.trying.answers import free_text_steps


def test_every_shipped_lesson_has_answers_of_strangers() -> None:
    assert sorted(file.parent.name for file in lessons_dir().glob("*/lesson.yaml")) == LESSONS


@pytest.mark.parametrize("name", LESSONS)
def test_on_samples_it_has_not_seen_the_judge_is_hardly_ever_wrong(name: str) -> None:
    found = figures(on_samples(shipped(name)))
    assert (found.accuracy or 0) >= 0.95, found
    assert (found.coverage or 0) >= 0.70, found


def test_on_strangers_answers_it_decides_most_is_seldom_wrong_and_hardly_ever_takes_a_miss_for_a_hit() -> None:
    found = figures(row for name in LESSONS for row in on_strangers(shipped(name)))
    assert (found.coverage or 0) >= 0.70, found
    assert (found.accuracy or 0) >= 0.90, found
    assert (found.false_met or 0) < 0.03, found


@pytest.mark.parametrize("name", LESSONS)
def test_so_it_is_for_each_lesson_within_what_so_few_answers_can_tell(name: str) -> None:
    found = figures(on_strangers(shipped(name)))
    assert (found.coverage or 0) >= 0.70, found
    assert (found.accuracy or 0) >= 0.90, found
    assert (found.false_met or 0) < 0.05, found


@pytest.mark.parametrize("name", LESSONS)
def test_strangers_answers_are_many_and_labelled_twice(name: str) -> None:
    lesson = shipped(name)
    counts = Counter(each.step for each in strangers(lesson))
    assert set(counts) == {step.id for step in free_text_steps(lesson)}
    assert min(counts.values()) >= 20
    assert between_raters(name) >= 0.8
