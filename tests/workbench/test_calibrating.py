"""From a model's probabilities on sample answers to the cuts from which its word counts."""

from __future__ import annotations

import json
import math
from pathlib import Path

import pytest

from tests.ferry import HEAD
from tests.llm.fake_server import Answer, FakeServer, Request, nobody, says
from tutor.cli import main
from tutor.judges.calibration import (
    ENOUGH,
    CalibrationError,
    Thresholds,
    fit,
    read,
    write,
)
from tutor.workbench.calibrating import told

LESSON = f"""\
{HEAD}\
- id: who
  do: explain
  at: p1
  ask: How could you check this?
  rubric: [The harbour master is named]
  samples:
"""


def lesson_with(count: int) -> str:
    """A lesson with so many samples: every other one meets the idea."""
    rows = (
        f"  - {{answer: 'ask the master, number {n}', verdict: secure, meets: [idea-1]}}"
        if n % 2
        else f"  - {{answer: 'it is late, number {n}', verdict: not-yet}}"
        for n in range(count)
    )
    return LESSON + "\n".join(rows) + "\n"


def sure(request: Request) -> Answer:
    """Fairly sure of what meets the idea, and a little surer of nothing of what does not."""
    p = 0.45 if "master, number" in request.prompt else 0.2
    odds = {"true": math.log(p), "false": math.log(1 - p)}
    return says('{"met":false}', alternatives={"false": odds}, cached=10)(request)


def calibrate(tmp_path: Path, base_url: str, count: int = ENOUGH + 5) -> tuple[int, Path]:
    lesson = tmp_path / "ferry.yaml"
    lesson.write_text(lesson_with(count), encoding="utf-8")
    data = tmp_path / "data"
    flags = ["--model", "fake-1b", "--base-url", base_url, "--data-dir", str(data), "--connect-seconds", "1"]
    return main(["calibrate", str(lesson), *flags]), data / "calibration.json"


def test_the_command_finds_the_cuts_and_keeps_them(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with FakeServer(sure) as server:
        status, file = calibrate(tmp_path, server.base_url)
    assert status == 0
    [(key, cuts)] = read(file).items()
    assert key[0] == "fake-1b"
    assert len(key[1]) == 12
    assert cuts.samples == ENOUGH + 5
    assert cuts.met_from == pytest.approx(0.45)
    assert cuts.not_to == pytest.approx(0.2)
    assert (
        f"fake-1b, prompt {key[1]}: 80 judged samples: from 0.45 upwards it counts as found" in capsys.readouterr().out
    )


def test_too_few_samples_and_a_server_without_probabilities_are_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with FakeServer(sure) as server:
        assert calibrate(tmp_path, server.base_url, count=10)[0] == 1
    assert "10 judged samples are too few to calibrate on; 75 are needed." in capsys.readouterr().err
    with FakeServer(says('{"met": false}', logprobs=False)) as server:
        assert calibrate(tmp_path, server.base_url)[0] == 1
    assert "does not tell probabilities" in capsys.readouterr().err


def test_without_an_endpoint_nothing_is_changed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with nobody() as url:
        status, file = calibrate(tmp_path, url)
    assert (status, file.exists()) == (1, False)
    told_ = capsys.readouterr().err
    assert f'Nothing answers at {url}, where "fake-1b" should be.' in told_
    assert "Nothing was changed." in told_
    assert main(["calibrate", "--data-dir", str(tmp_path)]) == 1
    assert "No model is configured. Name one with --model and --base-url" in capsys.readouterr().err


def test_cuts_hold_what_they_promise() -> None:
    good = [(0.8, True)] * 40 + [(0.1, False)] * 40
    assert fit(good) == Thresholds(0.8, 0.1, 80)
    noise = [(0.5, n % 2 == 0) for n in range(80)]
    nothing = fit(noise)
    assert nothing.says(0.5, met=True) == "unsure"
    assert (nothing.says(1.0, met=True), nothing.says(0.0, met=False)) == ("unsure", "unsure")
    for few in ([], good[:74]):
        with pytest.raises(CalibrationError, match="too few"):
            fit(few)


def test_the_cuts_are_told_in_words() -> None:
    assert told(Thresholds(0.8, 0.1, 80)).startswith("80 judged samples: from 0.80 upwards it counts as found, down to")
    assert told(Thresholds(1.01, -0.01, 80)).startswith(
        "80 judged samples: it never counts as found, never as not seen"
    )


ROW = {"model": "m", "prompt": "p", "met_from": 0.8, "not_to": 0.1, "samples": 80}


def row(**changes: object) -> str:
    return json.dumps([ROW, ROW | {"model": "n"} | changes])


DAMAGED = {
    "nothing at all": "",
    "half a file": row()[:-9],
    "no list": "{}",
    "a list in a table": json.dumps({"rows": [ROW]}),
    "a list without end": "[" * 100_000,
    "no row": "[1]",
    "a row with too little": '[{"model": "m", "prompt": "p"}]',
    "a row with too much": row(x=1),
    "a text for a number": row(met_from="0.8"),
    "a truth for a number": row(met_from=True),
    "no number": row(not_to=None),
    "not a number": row(met_from=math.nan),
    "without end": row(met_from=math.inf),
    "beyond all numbers": row(met_from=10**400),
    "cuts that cross": row(met_from=0.2, not_to=0.3),
    "half a sample": row(samples=80.5),
    "fewer than no samples": row(samples=-1),
    "a truth for samples": row(samples=True),
    "a number for a model": row(model=7),
    "no prompt": row(prompt=None),
}


@pytest.mark.parametrize("name", DAMAGED)
def test_a_damaged_file_is_refused_with_what_to_do(tmp_path: Path, name: str) -> None:
    file = tmp_path / "calibration.json"
    file.write_text(DAMAGED[name], encoding="utf-8")
    with pytest.raises(CalibrationError) as caught:
        read(file)
    said = str(caught.value)
    assert said.startswith(f"{file} cannot be read (")
    assert said.endswith("). Delete it, or write it anew with: closeread calibrate")
    assert "\n" not in said


def test_the_damage_is_named_with_its_place(tmp_path: Path) -> None:
    file = tmp_path / "calibration.json"
    for text, words in (
        (row(met_from="0.8"), "row 2: met_from is no number"),
        (row(met_from=0.2, not_to=0.3), "row 2: met_from is below not_to"),
        (row(samples=-1), "row 2: samples is no count"),
        (row(prompt=None), "row 2: prompt is no text"),
        ("[1]", "row 1 does not hold model, prompt, met_from, not_to and samples"),
        ("{}", "it is no list"),
    ):
        file.write_text(text, encoding="utf-8")
        with pytest.raises(CalibrationError, match=words):
            read(file)


def test_cuts_may_be_whole_numbers_and_meet(tmp_path: Path) -> None:
    file = tmp_path / "calibration.json"
    file.write_text(row(met_from=1, not_to=1, samples=0), encoding="utf-8")
    assert read(file)["n", "p"] == Thresholds(1.0, 1.0, 0)
    assert read(tmp_path / "none.json") == {}


def test_what_was_kept_comes_back(tmp_path: Path) -> None:
    table = {("m", "p"): Thresholds(0.8, 0.1, 80), ("n", "p"): Thresholds(0.5, 0.4, 90)}
    write(tmp_path / "new" / "calibration.json", table)
    assert read(tmp_path / "new" / "calibration.json") == table
    with pytest.raises(CalibrationError, match="cannot be written"):
        write(tmp_path, table)
