"""The doctor with a model: what it can do, what helps where it cannot, and what is told of it."""

import asyncio
import json
import re
import tomllib
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from tests.llm.doctor_stage import (
    CANARY,
    CHAT,
    ENVIRON,
    Mind,
    Page,
    check,
    closed_port,
    fine,
    models,
    pieces,
    seen_by,
    serving,
    settings_for,
    states,
    tried,
)
from tutor.llm.asking import TroubleKind
from tutor.llm.doctor import examine
from tutor.llm.doctor.telling import as_lines, as_object
from tutor.settings import load_settings

# The model itself


def test_a_model_that_is_fit_for_everything() -> None:
    seen = tried(Mind())
    assert set(states(seen).values()) == {"ok"}
    assert list(states(seen)) == [
        *("reachable", "address", "model", "streams", "schema", "sense", "logprobs", "judgement", "cache", "speed"),
        "context",
    ]
    assert (seen.fitness, seen.status, seen.advice) == ("fit", 0, "")
    assert "a judgement takes about 1.0 s" in seen.verdict
    assert dict(seen.figures).items() >= {
        ("judgement_seconds_cold", 6.0), ("judgement_seconds_warm", 1.0), ("cached_tokens", 500),
        ("tokens_a_second", 10.0),
    }  # fmt: skip
    assert seen.figures["context_tokens_arrived"]


def test_the_long_prompt_is_as_long_as_the_context_allows() -> None:
    mind = Mind(context=2048)
    tried(mind, context=2048)
    longest = mind.asked[-1]
    assert 2048 // 20 <= mind.room(longest) < 2048 // 20 + 20
    assert longest.system.startswith("The code word is ")


def test_two_judgements_differ_only_in_the_answer_at_their_end() -> None:
    mind, again = Mind(), Mind()
    tried(mind)
    tried(again)
    cold, warm = mind.asked[1:3]
    assert cold.system == warm.system != again.asked[1].system
    assert replace(cold, user="") == replace(warm, user="")


WRONG_NAMES = [
    ("qwen-7b", ["qwen2.5-7b.gguf", "smol"], 'model = "qwen2.5-7b.gguf"'),
    ("smol.gguf", ["/models/qwen.gguf", "/models/Smol.gguf"], 'model = "/models/Smol.gguf"'),
    ("xyz", ["aaa", "bbb"], "Set model to one of: aaa, bbb."),
    ("qwen", [], "Load a model in the server first."),
]


@pytest.mark.parametrize(("name", "there", "advice"), WRONG_NAMES)
def test_a_wrong_name(name: str, there: list[str], advice: str) -> None:
    seen = tried(Mind(troubles={"colour": "no-model"}), {"/v1/models": models(*there)}, model=name)
    state, sentence, told = check(seen, "model")
    assert (state, told, seen.status) == ("fail", advice, 1)
    assert f"does not list the model '{name}'" in sentence
    assert (", ".join(there) or "none") in sentence


def test_no_model_fetched_yet() -> None:
    empty = Page('{"object": "list", "data": null}')
    seen = tried(Mind(troubles={"colour": "no-model"}), {"/v1/models": empty})
    assert check(seen, "model")[0] == "fail"


def test_a_name_that_is_not_listed_but_answered_to() -> None:
    seen = tried(Mind(), fine("/models/qwen.gguf"))
    state, sentence, advice = check(seen, "model")
    assert (state, advice) == ("warn", 'model = "/models/qwen.gguf"')
    assert "It answers all the same, as served/qwen." in sentence
    assert (seen.fitness, seen.status) == ("fit", 0)


def test_a_name_that_is_not_listed_and_another_trouble() -> None:
    seen = tried(Mind(troubles={"colour": "slow-first"}), fine("other"))
    assert check(seen, "model")[0] == "warn"
    assert check(seen, "answers") == ("fail", "It did not work.", "first_token_seconds = 120")


def test_a_listed_name_that_the_server_then_does_not_know() -> None:
    seen = tried(Mind(troubles={"colour": "no-model"}))
    assert (states(seen)["model"], states(seen)["answers"], seen.status) == ("ok", "fail", 1)


def test_ollama_leaves_latest_out() -> None:
    assert states(tried(Mind(), fine("qwen:latest", owner="library")))["model"] == "ok"


TROUBLES: list[tuple[str, TroubleKind, str, str]] = [
    ("colour", "slow-first", "answers", "first_token_seconds = 120"),
    ("colour", "slow-connect", "answers", "connect_seconds = 10"),
    ("colour", "only-reasoning", "answers", ""),
    ("colour", "unauthorised", "answers", "Put the right key into CLOSEREAD_KEY or into the file of key_file."),
    ("met", "slow-total", "judgement", "total_seconds = 360"),
    ("met", "slow-gap", "judgement", "gap_seconds = 60"),
    ("tell", "server-error", "speed", ""),
    ("find", "too-long", "context", "llama-server -c 4096 (shared out over --parallel), or here: context = 2048"),
    ("find", "prompt-cut", "context", "llama-server -c 4096 (shared out over --parallel), or here: context = 2048"),
]


@pytest.mark.parametrize(("question", "kind", "name", "advice"), TROUBLES)
def test_what_the_client_reports_is_told_with_the_setting_that_helps(
    question: str, kind: TroubleKind, name: str, advice: str
) -> None:
    seen = tried(Mind(troubles={question: kind}, words=f"It went\nwrong with {CANARY}."))
    assert check(seen, name) == ("fail", "It went wrong with ***.", advice)
    assert (seen.fitness, seen.status) == ("not-fit", 1)


def test_a_list_of_models_for_everybody_and_a_model_that_asks_for_a_key() -> None:
    """llama-server shows its list without a key."""
    with serving(fine()) as server:
        settings = load_settings({"model": "qwen", "base_url": f"{server.root}/v1"}, ENVIRON, None)
        seen = seen_by(settings, Mind(troubles={"colour": "unauthorised"}))
    advice = "Put it into the environment variable CLOSEREAD_KEY, or name a key_file."
    assert (check(seen, "answers")[2], seen.advice) == (advice, advice)


SCHEMAS = [("enforced", "ok", "fit"), ("asked", "warn", "fit"), ("ignored", "fail", "not-fit")]


@pytest.mark.parametrize(("schema", "state", "fitness"), SCHEMAS)
def test_schemas(schema: str, state: str, fitness: str) -> None:
    seen = tried(Mind(schema=schema))
    assert (states(seen)["schema"], seen.fitness) == (state, fitness)


def test_a_first_reply_that_is_no_reply_is_only_about_schemas() -> None:
    seen = tried(Mind(troubles={"colour": "garbage"}))
    assert (states(seen)["model"], states(seen)["schema"]) == ("ok", "warn")


def test_no_logprobs() -> None:
    seen = tried(Mind(logprobs=False))
    assert (states(seen)["logprobs"], seen.fitness) == ("warn", "fit")


def test_a_weak_judge() -> None:
    seen = tried(Mind(verdicts=(True, True)), judge="model")
    assert check(seen, "sense")[::2] == ("warn", 'judge = "both"')
    assert "weak judge" in seen.verdict


SPEEDS: list[tuple[tuple[float, float], int | None, str, str, str]] = [
    ((6.0, 5.0), 500, "ok", "ok", "500 tokens"),
    ((6.0, 2.0), None, "ok", "ok", "clearly faster"),
    ((6.0, 5.0), 0, "ok", "warn", "reads each prompt anew"),
    ((0.3, 0.3), None, "ok", "ok", "cannot be told"),
    ((20.0, 15.0), 500, "warn", "ok", "500 tokens"),
    ((60.0, 40.0), 500, "fail", "ok", "500 tokens"),
]


@pytest.mark.parametrize(("judging", "cached", "judgement", "cache", "evidence"), SPEEDS)
def test_how_long_a_judgement_takes_and_what_is_remembered(
    judging: tuple[float, float], cached: int | None, judgement: str, cache: str, evidence: str
) -> None:
    seen = tried(Mind(judging=judging, cached=cached))
    assert states(seen)["judgement"] == judgement
    assert check(seen, "cache")[0] == cache
    assert evidence in check(seen, "cache")[1]
    assert seen.status == (judgement == "fail")


@pytest.mark.parametrize(("speaker", "advice", "status"), [("model", 'speaker = "scripted"', 1), ("scripted", "", 0)])
def test_too_slow_to_speak(speaker: str, advice: str, status: int) -> None:
    seen = tried(Mind(writing=40.0), speaker=speaker)
    assert (seen.fitness, seen.advice, seen.status) == ("judge-only", advice, status)
    assert "about 1.0 tokens a second" in seen.verdict


WHOLE = Page('{"choices": [{"message": {"content": "one two"}}]}', headers={"content-type": "application/json"})


@pytest.mark.parametrize("page", [WHOLE, pieces("one two three")])
def test_a_reply_in_one_piece(page: Page) -> None:
    seen = tried(Mind(), fine() | {CHAT: page})
    assert (states(seen)["streams"], seen.fitness) == ("warn", "judge-only")


def test_no_stream_at_all() -> None:
    seen = tried(Mind(), fine() | {CHAT: Page("{}", 400)})
    assert check(seen, "streams")[0] == "fail"
    assert "(status 400)" in check(seen, "streams")[1]


STREAMS = 'data: {\ndata: 7\n\x00\ndata: {}\ndata: {"choices": []}\ndata: {"choices": [{"delta": 1}]}\n'


def test_a_stream_of_garbage_is_no_stream() -> None:
    page = Page(STREAMS, headers={"content-type": "text/event-stream"})
    assert states(tried(Mind(), fine() | {CHAT: page}))["streams"] == "warn"


# The context


CUTS: list[tuple[str, str]] = [
    ("library", "OLLAMA_CONTEXT_LENGTH=8192 ollama serve, or here: context = 2048"),
    ("llamacpp", "llama-server -c 4096 (shared out over --parallel), or here: context = 2048"),
    ("vllm", "vllm serve MODEL --max-model-len 4096, or here: context = 2048"),
    ("somebody", "Give the model a context of 4096 tokens in the server's settings, or here: context = 2048"),
]


@pytest.mark.parametrize(("owner", "advice"), CUTS)
def test_a_silent_cut_is_found_by_the_servers_own_count(owner: str, advice: str) -> None:
    seen = tried(Mind(cut_at=2048), fine(owner=owner))
    state, sentence, told = check(seen, "context")
    assert (state, told, seen.status) == ("fail", advice, 1)
    assert "the server counts 2048" in sentence
    assert seen.figures["context_tokens_arrived"] == 2048


def test_a_silent_cut_is_found_without_a_count() -> None:
    seen = tried(Mind(cut_at=2048, usage=False))
    assert check(seen, "context")[0] == "fail"
    assert "does not know its first word" in check(seen, "context")[1]


def test_without_a_count_a_model_that_knows_the_word_has_read_it_all() -> None:
    seen = tried(Mind(usage=False))
    assert states(seen)["context"] == "ok"
    assert seen.figures["context_tokens_arrived"] is None


def test_a_model_that_forgets_is_no_server_that_cuts() -> None:
    seen = tried(Mind(remembers=False))
    assert check(seen, "context")[0] == "warn"
    assert "arrives whole by the server's count" in check(seen, "context")[1]
    assert seen.status == 0


def test_a_long_prompt_that_takes_too_long_is_no_verdict() -> None:
    seen = tried(Mind(troubles={"find": "slow-first"}))
    state, _, advice = check(seen, "context")
    assert (state, advice, seen.status) == ("warn", "first_token_seconds = 120, or here: context = 2048", 0)


# What is told


def test_the_key_is_nowhere_even_where_a_server_repeats_it() -> None:
    with serving(fine(f"x{CANARY}", "qwen")) as server:
        seen = seen_by(settings_for(f"{server.root}/v1"), Mind(), ports=[server.port])
    assert seen.found[0].models == ("x***", "qwen")
    text = "\n".join(as_lines(seen, None))
    assert re.search(r"^  key +set  \(environment CLOSEREAD_KEY\)$", text, re.MULTILINE)


def test_a_name_is_cut_only_when_the_key_is_out_of_it() -> None:
    names = ["y" * (200 - kept) + CANARY for kept in range(len(CANARY) + 1)]
    with serving(fine(*names, "qwen")) as server:
        seen = seen_by(settings_for(f"{server.root}/v1", model="nobody"), Mind(), ports=[server.port])
    assert seen.found[0].models == (*(f"{name.removesuffix(CANARY)}***"[:200] for name in names), "qwen")
    assert "sk" not in check(seen, "model")[1] + check(seen, "model")[2]


def test_a_key_in_the_name_of_a_model_is_found_however_it_is_spelt() -> None:
    """As JSON may spell it, and with a character in it that is never shown."""
    body = json.dumps({"data": [{"id": f"a{CANARY[:5]}\x07{CANARY[5:]}"}, {"id": f"b{CANARY}"}, {"id": "qwen"}]})
    spelt = "".join(f"\\u{ord(char):04x}" for char in CANARY)
    with serving(fine() | {"/v1/models": Page(body.replace(f"b{CANARY}", f"b{spelt}"))}) as server:
        seen = seen_by(settings_for(f"{server.root}/v1"), Mind(), ports=[server.port])
    assert seen.found[0].models == ("a***", "b***", "qwen")


HERE = ("mixtral:8x7b", "llama3.2:3b", "ollama/x", "none-1b")
DUMMIES = ["x", "1", '"', "none", "data", "id", "llama", "ollama", "EMPTY", "sk-no-key-required"]


@pytest.mark.parametrize("key", DUMMIES)
def test_a_key_that_is_only_some_word_does_not_change_what_is_there(key: str) -> None:
    with serving(fine(*HERE)) as server:
        for name in HERE:
            settings = load_settings(
                {"model": name, "base_url": f"{server.root}/v1"}, ENVIRON | {"CLOSEREAD_KEY": key}, None
            )
            seen = seen_by(settings, Mind(), ports=[server.port])
            assert check(seen, "model") == ("ok", f"The model '{name}' is there.", "")
            assert (seen.fitness, seen.status) == ("fit", 0)
            assert [(each.software, each.models) for each in seen.found] == [("llama-server", HERE)]
            assert "\n".join(as_lines(seen, None)).count(", ".join(HERE)) == 1
    assert {shown for _, shown in server.seen} == {None, f"Bearer {key}"}


@pytest.mark.parametrize("key", DUMMIES)
def test_a_model_that_is_not_there_is_told_from_the_list_whatever_the_key(key: str) -> None:
    with serving(fine(*HERE)) as server:
        flags = {"model": "mixtral", "base_url": f"{server.root}/v1"}
        mind = Mind(troubles={"colour": "no-model"})
        seen = seen_by(load_settings(flags, ENVIRON | {"CLOSEREAD_KEY": key}, None), mind)
    state, sentence, advice = check(seen, "model")
    assert (state, advice) == ("fail", 'model = "mixtral:8x7b"')
    assert f"It has: {', '.join(HERE)}." in sentence


def test_a_model_whose_name_holds_the_dummy_key_is_there_all_the_same() -> None:
    """LM Studio's own pages give "lm-studio" as the key, and its models come from lm-studio-community."""
    name = "lm-studio-community/qwen"
    environ = ENVIRON | {"CLOSEREAD_KEY": "lm-studio"}
    with serving(fine(name)) as server, serving(fine("other")) as other, closed_port() as port:
        flags = {"model": name, "base_url": f"{server.root}/v1"}
        assert states(seen_by(load_settings(flags, environ, None), Mind()))["model"] == "ok"
        flags["base_url"] = f"http://127.0.0.1:{port}/v1"
        seen = seen_by(load_settings(flags, environ, None), ports=[other.port, server.port])
        assert seen.advice == f'base_url = "{server.root}/v1"'


def test_every_check_is_told_with_its_advice() -> None:
    seen = tried(Mind(logprobs=False, cut_at=2048))
    text = "\n".join(as_lines(seen, None))
    for each in seen.checks:
        assert f"{each.state:4}  {each.name}: {each.sentence}" in text
        assert each.advice in text
    assert text.endswith(f"What to do: {seen.advice}")
    assert tomllib.loads(seen.advice.rpartition("or here: ")[2]) == {"context": 2048}


def test_the_object_goes_through_json_unchanged() -> None:
    told = as_object(tried(Mind()))
    keys = {"settings", "found", "checks", "fitness", "verdict", "advice", "figures", "works", "status"}
    assert set(told) == keys
    again: dict[str, Any] = json.loads(json.dumps(told))
    assert [each["name"] for each in again["checks"]][:3] == ["reachable", "address", "model"]
    assert again["settings"][0] == {
        "name": "data_dir",
        "value": "/srv/work",
        "origin": "environment CLOSEREAD_DATA_DIR",
    }


def test_the_real_client_and_a_server_of_tests() -> None:
    from tests.llm.fake_server import MODEL, FakeServer, Request, says  # noqa: PLC0415
    from tutor.llm.client import open_model  # noqa: PLC0415

    def answers(request: Request) -> Any:
        schema = json.dumps(request.body.get("response_format", {}))
        text = '{"colour": "red"}' if "colour" in schema else "One two three."
        if "met" in schema:
            text = '{"met": true}' if "bridge" in request.messages[-1]["content"] else '{"met": false}'
        if word := re.search(r"heron-\d+", request.prompt):
            text = word[0]
        return says(text, cached=100)(request)

    answering: Callable[[Request], Any] = answers
    with FakeServer(answering) as server:
        flags = {"model": MODEL, "base_url": server.base_url}
        settings = load_settings(flags, ENVIRON | {"CLOSEREAD_KEY": CANARY}, None)
        seen = asyncio.run(examine(settings, open_model, ports=[server.port]))
    assert {name for name, state in states(seen).items() if state != "ok"} == set()
    assert (seen.fitness, seen.status) == ("fit", 0)
