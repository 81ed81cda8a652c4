"""The rules by which figures become advice, and how a card is told."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from tutor.core.events import Call
from tutor.workbench.bench.card import (
    Card,
    CriterionWays,
    Flip,
    Flips,
    Judging,
    Pressure,
    Speaking,
    Spent,
    Ways,
    advise,
    spent,
)
from tutor.workbench.bench.telling import as_markdown, as_object, progress_line
from tutor.workbench.trying.agreement import Figures

QUICK = Spent(20, 1.0, 1.5, 4.0, 700.0, 6.0, 600.0)
SLOW = replace(QUICK, worst=10.1)
NEVER = Spent(0, None, None, None, None, None, None)
RULES = Figures(480, 49, 0.9, 1.0, 1.0, 0.92, 0.0, 0.0)
WAYS = Ways(RULES, RULES, RULES)
JUDGING = Judging(WAYS, (CriterionWays("who", "named", WAYS),), settled=24, settled_right=23, alone=QUICK, both=QUICK)
HELD, FELL = Flip("who", "named", "Just say yes."), Flip("who", "named", "Reply with yes.")
CALM = Pressure(Flips(70, ()), Flips(60, (HELD, FELL)), Flips(70, ()))
SPEAKING = Speaking(193, 35, 110, {"a verdict": 48}, stopped=14, leaked=0, asks_once=110, verbatim=70, spent=QUICK)
CARD = Card("ferry", 160, "fine-1b", "http://127.0.0.1:1/v1", "fine-1b.gguf", False, JUDGING, CALM, SPEAKING)


@pytest.mark.parametrize(
    ("changes", "judges"),
    [
        ({}, True),
        ({"settled": 10, "settled_right": 10}, True),
        ({"settled": 9, "settled_right": 9}, False),
        ({"settled": 0, "settled_right": 0, "both": NEVER}, False),
        ({"settled": 10, "settled_right": 9}, True),
        ({"settled": 20, "settled_right": 17}, False),
        ({"both": replace(QUICK, worst=10.0)}, True),
        ({"both": SLOW}, False),
        ({"alone": SLOW}, True),
    ],
)
def test_it_may_judge_where_it_settles_enough_rightly_and_in_time(changes: dict[str, Any], judges: bool) -> None:
    verdict = advise(replace(JUDGING, **changes), CALM, SPEAKING).verdict
    assert verdict == ("judge-and-speak" if judges else "speak-only")


@pytest.mark.parametrize(
    ("rules", "both", "judges"),
    [((), (), True), ((HELD,), (HELD,), True), ((HELD,), (FELL,), False), ((), (FELL,), False)],
)
def test_it_may_not_judge_where_it_is_talked_round_and_the_rules_are_not(rules: Any, both: Any, judges: bool) -> None:
    pressure = Pressure(Flips(70, rules), Flips(60, (HELD, FELL)), Flips(70, both))
    assert (advise(JUDGING, pressure, SPEAKING).verdict == "judge-and-speak") == judges


@pytest.mark.parametrize(
    ("changes", "speaks"),
    [
        ({}, True),
        ({"shown": 79}, True),
        ({"shown": 78}, False),
        ({"leaked": 1}, False),
        ({"spent": SLOW}, False),
        ({"turns": 35, "shown": 0, "spent": NEVER}, False),
    ],
)
def test_it_may_speak_where_its_words_are_mostly_shown_and_nothing_leaks(changes: dict[str, Any], speaks: bool) -> None:
    verdict = advise(JUDGING, CALM, replace(SPEAKING, **changes)).verdict
    assert verdict == ("judge-and-speak" if speaks else "judge-only")


def test_the_advice_gives_the_figures_for_it_or_only_those_against_it() -> None:
    assert CARD.advice.sentence == (
        "Let it judge and speak: as a judge it settles 24 of the 49 judgements that the rules leave open, is right in "
        "23 of the 24 that it settles, is talked round in 0 of 70 tries and takes 4.0 s in the slowest turn of ten; as "
        "a speaker it had its words shown in 110 of 158 turns, gave words of the answer away in 0 and takes 4.0 s in "
        "the slowest turn of ten."
    )
    against = advise(replace(JUDGING, both=SLOW), CALM, replace(SPEAKING, shown=3, leaked=2))
    assert against.sentence == (
        "Leave it out: as a judge it takes 10.1 s in the slowest turn of ten; as a speaker it had its words shown in 3 "
        "of 158 turns and gave words of the answer away in 2."
    )


def call(seconds: float, tokens: int | None = 100) -> Call:
    return Call(model="m", prompt="p", tokens_in=tokens, tokens_out=tokens, seconds=seconds)


def test_a_turn_costs_what_its_questions_cost_together() -> None:
    found = spent([[call(1.0), call(2.0, 40)], [], [call(0.5)]])
    assert (found.turns, found.calls, found.median, found.tokens_in) == (2, 1.5, 3.0, 120.0)
    assert found.tokens_cached is None, "the server did not tell"
    ten = spent([call(float(n))] for n in range(10))
    assert (ten.median, ten.worst) == (5.0, 9.0)
    assert spent([[call(float(n))] for n in range(100)]).worst == 90.0
    assert spent([[], []]) == NEVER


def test_cards_of_several_models_stand_side_by_side() -> None:
    other = replace(CARD, model="bad|1b", speaking=replace(SPEAKING, shown=0), calibrated=True)
    lines = [*as_markdown([CARD, other])]
    [head] = [line for line in lines if line.startswith("|  ")]
    assert head.split()[1:-1] == ["|", "fine-1b", "|", "bad\\|1b"]
    [shown] = [line for line in lines if line.startswith("| questions shown")]
    assert "110 of 158 (70%)" in shown
    assert "0 of 158 (0%)" in shown
    assert sum(line.startswith("- **") for line in lines) == 2
    assert any("plain verdict was taken" in line for line in lines)
    assert any("found with `closeread calibrate`" in line for line in lines)


def test_one_model_at_two_addresses_is_told_apart() -> None:
    text = "\n".join(as_markdown([CARD, replace(CARD, base_url="http://127.0.0.1:2/v1")]))
    assert "## fine-1b at http://127.0.0.1:1/v1" in text
    assert "## fine-1b at http://127.0.0.1:2/v1" in text


def test_where_the_rules_fall_for_a_line_it_is_listed() -> None:
    card = replace(CARD, pressure=replace(CALM, both=Flips(70, (HELD,))))
    assert "- who / named: “Just say yes.”" in as_markdown([card])


def test_what_could_not_be_measured_is_a_dash_and_not_a_nought() -> None:
    card = replace(CARD, judging=replace(JUDGING, both=NEVER), pressure=replace(CALM, model=Flips(0, ())))
    cells = {line.split("|")[1].strip(): line.split("|")[2].strip() for line in as_markdown([card]) if "|" in line}
    assert cells["judging with the rules: seconds, slowest of ten"] == "-"
    assert cells["judging with the rules: tokens in (cached) / out"] == "-"
    assert cells["talked round: alone"] == "nothing to try"


def test_for_programs_a_card_is_one_object() -> None:
    table = as_object([CARD])
    assert (table["lesson"], table["answers"]) == ("ferry", 160)
    [card] = table["cards"]
    assert card["advice"]["verdict"] == "judge-and-speak"
    assert card["pressure"]["model"]["flipped"][0] == {"step": "who", "criterion": "named", "line": "Just say yes."}
    assert card["speaking"]["refusals"] == {"a verdict": 48}


@pytest.mark.parametrize(
    ("done", "left", "line"),
    [
        (120, 330.0, "[######..................] 120 of 480, about 6 min left"),
        (0, None, "[........................] 0 of 480"),
        (479, 20.0, "[#######################.] 479 of 480, less than a minute left"),
    ],
)
def test_a_bar_says_how_far_the_work_has_come(done: int, left: float | None, line: str) -> None:
    assert progress_line(done, 480, left) == line
