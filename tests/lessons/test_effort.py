"""What keeps everybody waiting is refused: more rules and answers than can be held against each other in good time."""

from pathlib import Path

import pytest

from tests.lessons.written import EVERY_FIELD, outcome
from tutor.errors import Mistake
from tutor.lessons import effort
from tutor.lessons.loader import load_copy, load_lesson
from tutor.resources import lessons_dir

ARTICLE = "tutor: 1\ntitle: T\narticle: {title: A, licence: C, text: One two three.}\n"
SHIPPED = sorted(lessons_dir().glob("*/lesson.yaml"))


def lesson(rules: int, answers: int, rule: str = "word", more: str = "") -> str:
    """A lesson with one step of so many rules and answers of about a hundred letters each."""
    items = ", ".join([rule] * rules)
    samples = "".join(f"  - {{answer: {'so many words ' * 7}{n}, verdict: not-yet}}\n" for n in range(answers))
    rubric = f"  rubric:\n  - {{id: idea, idea: I, all_of: [[{items}]]}}\n" + (
        f"  samples:\n{samples}" if samples else ""
    )
    return f"{ARTICLE}{more}steps:\n- id: why\n  do: explain\n  at: p1\n  ask: Why?\n{rubric}"


def told(text: str) -> list[tuple[int, int, str, str]]:
    return [(each.line, each.column, each.code, each.offending) for each in _mistakes(text)]


def _mistakes(text: str) -> tuple[Mistake, ...]:
    return outcome(lambda: load_copy(text.encode(), b"", "lesson.yaml")) or ()


def test_very_many_rules_and_answers_are_refused_at_the_step_with_which_they_are_too_many() -> None:
    assert told(lesson(900, 1_000)) == [(5, 7, "too-much-to-check", "why")]
    assert told(lesson(900, 100)) == []
    assert told(lesson(90, 300)) == []


def test_a_regex_counts_for_more_the_more_lengths_it_leaves_open() -> None:
    assert told(lesson(300, 20, "'/no.*one.{0,40}said/'")) == [(5, 7, "too-much-to-check", "why")]
    assert told(lesson(300, 20, "'/no.{0,30}one.{0,11}said/'")) == []


def test_what_a_learner_may_write_counts_even_where_there_is_no_sample() -> None:
    assert [code for _, _, code, _ in told(lesson(1_000, 0, "'/no.*one.{0,40}said/'"))] == ["too-much-to-check"]


def test_the_rules_of_the_lessons_misconceptions_count_in_every_step_that_watches_for_them() -> None:
    rules = ", ".join(["'/no.*one.{0,40}said/'"] * 200)
    shared = f"misconceptions: [{{id: all-lies, idea: I, reply: 'Who?', all_of: [[{rules}]]}}]\n"
    watching = lesson(1, 20, more=shared).replace("  rubric:", "  misconceptions: [all-lies]\n  rubric:")
    assert told(lesson(1, 20, more=shared)) == []
    assert [code for _, _, code, _ in told(watching)] == ["too-much-to-check"]


def test_the_steps_of_walk_and_exit_ticket_count_together(monkeypatch: pytest.MonkeyPatch) -> None:
    for most in range(200_000, 0, -500):
        monkeypatch.setattr(effort, "MOST", most)
        if refused := told(EVERY_FIELD):
            assert [(code, step) for _, _, code, step in refused] == [("too-much-to-check", "last")]
            return
    pytest.fail("nothing was too much")


@pytest.mark.parametrize("file", SHIPPED, ids=lambda file: file.parent.name)
def test_the_lessons_that_ship_could_be_four_times_as_much(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(effort, "MOST", effort.MOST // 4)
    assert load_lesson(file).lesson.steps
