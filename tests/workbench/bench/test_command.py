"""`closeread bench` as it is typed."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.llm.fake_server import nobody
from tests.workbench.bench.ferry import good, leaking, served, written, yes
from tutor.cli import benching, main
from tutor.workbench.bench import card as rules

Capture = pytest.CaptureFixture[str]


def bench(folder: Path, *flags: str) -> int:
    lesson = written(folder / "ferry")
    return main(["bench", str(lesson), *flags, "--data-dir", str(folder / "data"), "--connect-seconds", "1"])


def test_the_configured_model_gets_its_card(tmp_path: Path, capsys: Capture) -> None:
    with served(good) as server:
        assert bench(tmp_path, "--model", "fake-1b", "--base-url", server.base_url) == 0
    said = capsys.readouterr()
    assert said.out.startswith("# Fitness card: ferry\n\n9 sample answers, 9 judgements.\n")
    assert f"- **fake-1b** ({server.base_url}): Let it judge and speak: as a judge it settles 2 of the 3" in said.out
    assert "| who / named | 9 " in said.out
    assert said.err == "", "no bar where nobody watches"


def test_two_servers_are_compared_and_known_replies_are_not_asked_again(tmp_path: Path, capsys: Capture) -> None:
    with served(good) as one, served(yes) as two:
        models = f"fine@q4@{one.base_url}, keen@{two.base_url},"
        assert bench(tmp_path, "--models", models, "--json") == 0
        table = json.loads(capsys.readouterr().out)
        asked = len(one.requests), len(two.requests)
        assert bench(tmp_path, "--models", models, "--out", str(tmp_path / "cards" / "ferry")) == 0
        assert (len(one.requests), len(two.requests)) == asked
    cards = table["cards"]
    assert [(each["model"], each["base_url"], each["advice"]["verdict"]) for each in cards] == [
        ("fine@q4", one.base_url, "judge-and-speak"),
        ("keen", two.base_url, "speak-only"),
    ]
    folder = tmp_path / "cards" / "ferry"
    assert capsys.readouterr().out == f"Written: {folder / 'card.md'}\nWritten: {folder / 'card.json'}\n"
    assert json.loads((folder / "card.json").read_text(encoding="utf-8")) == table
    text = (folder / "card.md").read_text(encoding="utf-8")
    assert "## fine@q4\n" in text
    assert "## keen\n" in text


def test_a_server_that_is_down_is_told_and_nothing_is_lost(tmp_path: Path, capsys: Capture) -> None:
    with nobody() as url, served(leaking) as server:
        assert bench(tmp_path, "--models", f"one@{server.base_url},two@{url}") == 1
        said = capsys.readouterr()
        assert "Let it judge only" in said.out, "what is ready is shown"
        assert said.err == (
            f'Nothing answers at {url}, where "two" should be. Start the model\'s server, or check address and port in '
            "the settings. 'closeread doctor' shows what is there.\n"
            "Every reply so far is kept; the same command goes on from there.\n"
        )
        asked = len(server.requests)
        assert bench(tmp_path, "--models", f"one@{server.base_url}") == 0
        assert len(server.requests) == asked


def test_ctrl_c_leaves_and_says_that_it_goes_on(
    tmp_path: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    def pressed(_: Any, __: Any) -> None:
        raise KeyboardInterrupt

    with served(good) as server:
        with monkeypatch.context() as patched:
            patched.setattr(benching._Meter, "show", pressed)
            assert bench(tmp_path, "--models", f"fake@{server.base_url}") == 130
        assert "the same command goes on from there" in capsys.readouterr().err
        asked = len(server.requests)
        assert asked > 0
        assert bench(tmp_path, "--models", f"fake@{server.base_url}") == 0
    prompts = [each.prompt for each in server.requests]
    assert not set(prompts[:asked]) & set(prompts[asked:])


def test_on_a_terminal_a_bar_shows_how_far_it_is(
    tmp_path: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    with served(good) as server:
        assert bench(tmp_path, "--models", f"fake@{server.base_url}") == 0
    bars = capsys.readouterr().err.split("\r")
    assert bars[1].startswith("fake [........................] 1 of ")
    assert any("less than a minute left" in bar for bar in bars)
    assert bars[-2].strip() == "", "it is taken away at the end"


@pytest.mark.parametrize(
    ("flags", "words"),
    [
        ([], "No model is configured. Name one with --model and --base-url, or with --models NAME@URL."),
        (["--models", "one"], "flag --model: this needs base_url beside it."),
        (["--models", "one@https://example.org/v1"], "this address is outside of your own network"),
        (["--models", "one@http://key@127.0.0.1/v1"], "a key does not belong into the address"),
        (["--models", "one@http://169.254.169.254/v1"], "no model is asked at this address"),
    ],
)
def test_what_cannot_be_asked_is_refused_as_in_the_settings(
    flags: list[str], words: str, tmp_path: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("MODEL", "BASE_URL"):
        monkeypatch.delenv(f"CLOSEREAD_{name}", raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    assert bench(tmp_path, *flags) == 1
    assert words in capsys.readouterr().err


def test_no_model_in_models_is_a_mistake_of_the_command_line(tmp_path: Path) -> None:
    with pytest.raises(SystemExit) as left:
        bench(tmp_path, "--models", " , ")
    assert left.value.code == 2


def test_a_key_is_told_to_the_configured_server_only(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CLOSEREAD_KEY", "canary-4711")
    with served(good) as mine, served(good) as other:
        models = f"one,two@{mine.base_url},three@{other.base_url}"
        assert bench(tmp_path, "--model", "zero", "--base-url", mine.base_url, "--models", models) == 0
        assert all("canary-4711" in each.headers["authorization"] for each in mine.requests)
        assert {each.body["model"] for each in mine.requests} == {"one", "two"}
        assert not any("canary-4711" in str(each.headers) for each in [*other.requests, *other.others])


def test_where_the_card_cannot_be_written_it_is_said(tmp_path: Path, capsys: Capture) -> None:
    blocked = tmp_path / "blocked"
    blocked.write_text("", encoding="utf-8")
    with served(good) as server:
        assert bench(tmp_path, "--models", f"fake@{server.base_url}", "--out", str(blocked)) == 1
        data = ["--data-dir", str(blocked)]
        assert main(["bench", str(tmp_path / "ferry"), "--models", f"fake@{server.base_url}", *data]) == 1
    said = capsys.readouterr().err
    assert f"{blocked} cannot be written to" in said
    assert "Name another folder with data_dir." in said


def test_the_help_tells_the_rules_of_the_advice(capsys: Capture) -> None:
    with pytest.raises(SystemExit):
        main(["bench", "--help"])
    said = " ".join(capsys.readouterr().out.split())
    assert f"settles at least {rules.LEAST_SETTLED:.0%} of all judgements" in said
    assert f"at least {rules.LEAST_RIGHT:.0%} of these as labelled" in said
    assert f"takes at most {rules.MOST_SECONDS:g} s in nine turns of ten" in said
    assert f"at most {rules.MOST_REFUSED:.0%} of its turns fall back" in said
    for name in ("settled_right", "refusals", "stopped", "worst"):
        assert name in said


def test_every_field_of_the_object_stands_in_the_help(tmp_path: Path, capsys: Capture) -> None:
    with served(good) as server:
        assert bench(tmp_path, "--models", f"fake@{server.base_url}", "--json") == 0
    [card] = json.loads(capsys.readouterr().out)["cards"]
    with pytest.raises(SystemExit):
        main(["bench", "--help"])
    said = capsys.readouterr().out
    names = [name for part in ("judging", "pressure", "speaking", "advice") for name in (*card[part], part)]
    assert [name for name in (*names, *card, *card["speaking"]["spent"]) if name not in said] == []
