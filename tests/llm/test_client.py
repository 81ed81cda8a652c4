"""A model at an endpoint: what comes back, and what is said when nothing useful does."""

import asyncio
import json
import re
import socket
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from email.utils import formatdate
from typing import Any

import pytest

from tests.llm import fake_server as fake
from tests.llm.fake_server import FakeServer, Naps, Script, lacks, nobody, quick, refuses_to, says
from tutor.llm.asking import ModelError, Prompt, Reply
from tutor.llm.client import LiteModel, open_model
from tutor.settings import Endpoint

SCHEMA = {"type": "object", "properties": {"met": {"type": "boolean"}}, "required": ["met"]}
PROMPT = Prompt("You judge answers.", "Is it met?", "abc123", tokens=32)
JUDGED = replace(PROMPT, schema=SCHEMA)
LONG = replace(PROMPT, user="The council says that it is sure of the number. " * 30)
MET = '{"met": true}'
KEY = "sk-canary/4711+xyz-" + "0123456789" * 5  # long, as those of the internet are


def restless(endpoint: Endpoint, naps: Naps | None = None) -> LiteModel:
    return LiteModel(endpoint, sleep=naps or Naps(), chance=lambda: 0.5)


async def ask(*answers: Script, prompt: Prompt = PROMPT, **limits: Any) -> Reply:
    with FakeServer(*answers) as server:
        return await restless(server.endpoint(**limits)).ask(prompt)


async def trouble(*answers: Script, prompt: Prompt = PROMPT, **limits: Any) -> ModelError:
    with pytest.raises(ModelError) as caught:
        await ask(*answers, prompt=prompt, **limits)
    return caught.value


async def test_a_reply_comes_whole_with_what_it_cost() -> None:
    reply = await ask(says("Which words show it?", model="served-as-this", prompt_tokens=31, cached=20))
    assert reply.text == "Which words show it?"
    assert reply.tokens == ()
    call = reply.call
    assert (call.model, call.prompt, call.tokens_in, call.tokens_out, call.tokens_cached) == (
        "served-as-this", "abc123", 31, 5, 20,
    )  # fmt: skip
    assert 0 < call.seconds < 10


async def test_the_name_that_the_server_gives_the_model_moves_no_cursor_and_fills_no_journal() -> None:
    assert (await ask(says("Yes?", model="\x1b[2Jred\nteam"))).call.model == "[2Jred team"
    assert (await ask(says("Yes?", model="a" * 5000))).call.model == "a" * 200
    assert (await ask(says("Yes?", model="\x1b\n"))).call.model == fake.MODEL


@pytest.mark.parametrize("key", ["x", "1", "none", "data", "llama", "ollama", "sk-no-key-required"])
async def test_the_name_that_the_server_gives_the_model_stays_whole_beside_a_key_that_is_only_some_word(
    key: str,
) -> None:
    for name in ("mixtral:8x7b", "llama3.2:3b", "ollama/x", "none-1b"):
        assert (await ask(says("Yes?", model=name), key=key)).call.model == name


async def test_of_the_key_in_the_name_of_a_model_not_even_its_beginning_is_recorded() -> None:
    names = {"a" * (200 - kept) + KEY: ("a" * (200 - kept) + "***")[:200] for kept in range(len(KEY) + 1)}
    names |= {KEY * 20: "***" * 20, f"a{KEY[:5]}\0{KEY[5:]}": "a***"}
    with FakeServer(*(says("Yes?", model=each) for each in names)) as server:
        model = open_model(server.endpoint(key=KEY))
        assert [(await model.ask(PROMPT)).call.model for _ in names] == list(names.values())


async def test_a_schema_is_sent_and_the_probabilities_come_back() -> None:
    odds = {"true": {"true": -0.1, "false": -2.4}}
    with FakeServer(says(MET, alternatives=odds)) as server:
        reply = await open_model(server.endpoint()).ask(JUDGED)
    body = server.requests[0].body
    assert body["response_format"]["json_schema"]["schema"] == SCHEMA
    assert (body["logprobs"], body["top_logprobs"], body["temperature"], body["max_tokens"]) == (True, 10, 0.0, 32)
    assert (body["stream"], body["stream_options"]) == (True, {"include_usage": True})
    assert server.requests[0].messages == [
        {"role": "system", "content": PROMPT.system},
        {"role": "user", "content": PROMPT.user},
    ]
    token = next(each for each in reply.tokens if each.text.strip() == "true")
    assert dict(token.alternatives) == {"true": -0.1, "false": -2.4, " true": -0.1}
    assert json.loads(reply.text) == {"met": True}


async def test_without_a_schema_neither_it_nor_probabilities_are_asked_for() -> None:
    with FakeServer(says("Yes?")) as server:
        await open_model(server.endpoint()).ask(PROMPT)
    assert not {"response_format", "logprobs", "top_logprobs"} & set(server.requests[0].body)


@pytest.mark.parametrize("text", [f"```json\n{MET}\n```", f"```\n{MET}```", f"<think>Hm.</think>\n{MET}"])
async def test_what_stands_around_the_json_is_taken_off(text: str) -> None:
    assert (await ask(says(text), prompt=JUDGED)).text == MET


FAULTS: dict[str, tuple[Script, str]] = {
    "hangs before the headers": (fake.HANGS, "slow-first"),
    "hangs after the headers": (fake.STALLS, "slow-first"),
    "freezes after a word": (fake.FREEZES, "slow-gap"),
    "drips without end": (fake.drips(), "slow-total"),
    "breaks off in the middle": (fake.cuts_off(), "broken-off"),
    "ends without an end": (says("I was just", finish=None), "broken-off"),
    "hangs up at once": (fake.HANGS_UP, "broken-off"),
    "garbage in the stream": (fake.GARBAGE, "garbage"),
    "JSON of another form": (fake.WRONG_FORM, "garbage"),
    "no HTTP at all": (fake.NO_HTTP, "not-an-endpoint"),
    "a login page": (fake.page(), "not-an-endpoint"),
    "a redirect": (fake.redirects_to("http://login.example/start?who=me"), "not-an-endpoint"),
    "LM Studio without the path": (
        refuses_to(200, {"error": "Unexpected endpoint or method. (POST /chat/completions)"}), "no-such-path",
    ),
    "unauthorised": (fake.UNAUTHORISED, "unauthorised"),
    "forbidden": (refuses_to(403), "unauthorised"),
    "a page that is not there": (fake.page(404), "no-such-path"),
    "no such path": (refuses_to(404, "File Not Found"), "no-such-path"),
    "Ollama without the model": (fake.WRONG_MODEL, "no-model"),
    "vLLM without the model": (refuses_to(404, "The model `fake-1b` does not exist."), "no-model"),
    "a proxy without the model": (refuses_to(400, {"detail": "Invalid model name in model=fake-1b"}), "no-model"),
    "a bad request": (refuses_to(400, "Value error in field 7"), "bad-request"),
    "unprocessable": (refuses_to(422, {"detail": [{"loc": ["body", "n"], "msg": "no"}]}), "bad-request"),
    "llama-server's context": (
        refuses_to(400, "the request exceeds the available context size, try increasing it"), "too-long",
    ),
    "vLLM's context": (refuses_to(400, "This model's maximum context length is 2048 tokens."), "too-long"),
    "busy": (refuses_to(429, "Slow down"), "busy"),
    "fails": (fake.FAILS, "server-error"),
    "loads": (refuses_to(503, "Loading model"), "busy"),
    "an error in the stream": (fake.ERROR_INSIDE, "server-error"),
    "empty": (fake.EMPTY, "empty"),
    "no words": (says(""), "empty"),
    "only reasoning": (fake.ONLY_REASONING, "only-reasoning"),
    "thoughts without an end": (says("<think>Let me see", finish="length"), "only-reasoning"),
    "cut at the most tokens": (says("One two three", finish="length"), "reply-cut"),
    "goes on and on": (says("word " * 1000), "reply-cut"),
}  # fmt: skip


LIMITS = {
    "slow-first": {"first_token_seconds": 0.3},
    "slow-gap": {"gap_seconds": 0.3},
    "slow-total": {"total_seconds": 0.6},
}


@pytest.mark.parametrize("name", FAULTS)
async def test_every_trouble_is_said_with_address_and_model(name: str) -> None:
    answer, kind = FAULTS[name]
    with FakeServer(answer) as server, pytest.raises(ModelError) as caught:
        await restless(server.endpoint(key="secret", **LIMITS.get(kind, {}))).ask(PROMPT)
    said = str(caught.value)
    assert caught.value.kind == kind, said
    assert server.base_url in said
    assert fake.MODEL in said
    assert said.endswith(".")
    assert "\n" not in said
    assert "secret" not in said
    assert caught.value.__context__ is None  # a chain would hold the request, and in it the key
    assert caught.value.call
    assert caught.value.call.prompt == "abc123"


@pytest.mark.parametrize("key", ["x", "4", "a", "context", "model"])
async def test_a_key_that_is_only_some_word_does_not_change_what_a_server_says(key: str) -> None:
    said = "the request exceeds the available context size of this model"
    error = await trouble(refuses_to(400, said), key=key)
    assert (error.kind, f"({said})" in str(error)) == ("too-long", True)


def echoes() -> Iterator[bytes]:
    """Bodies in which the key stands where a text is cut, in every form in which a server may write it."""
    spelt = "".join(f"\\u{ord(char):04x}" for char in KEY)
    for each in range(0, len(KEY) + 1, 7):
        words = "a" * each + f" {KEY}" * 90
        yield words.encode()
        yield json.dumps({"error": words}).encode()
        yield json.dumps({"error": {"why": words}}).encode()
        yield json.dumps({"error": words}).replace("/", "\\/").encode()
        few = "a" * each + f" {KEY}" * 10
        yield json.dumps({"error": {"why": few}}).replace(KEY, spelt).encode()
        yield json.dumps({"error": few.replace(KEY, f"{KEY[:9]}\0{KEY[9:]}")}).encode()


@pytest.mark.parametrize("status", [200, 400])
async def test_of_a_key_that_a_server_says_back_nothing_is_said_however_it_is_written(status: int) -> None:
    bodies = list(echoes())

    def answer(request: fake.Request) -> fake.Answer:
        number = int(request.prompt.rpartition(" ")[2])
        return fake.Answer([bodies[number]], status, {"content-type": "application/json"})

    with FakeServer(answer) as server:
        model = restless(server.endpoint(key=KEY))
        for number, body in enumerate(bodies):
            with pytest.raises(ModelError) as caught:
                await model.ask(replace(PROMPT, user=f"Which is it? {number}"))
            assert "sk" not in str(caught.value), (body, str(caught.value))


async def test_a_redirect_names_the_host_alone_and_is_not_followed() -> None:
    with FakeServer(says("I am elsewhere")) as elsewhere:
        error = await trouble(fake.redirects_to(f"{elsewhere.base_url}/chat/completions?who=me"))
    assert f"127.0.0.1:{elsewhere.port}" in str(error)
    assert "who=me" not in str(error)
    assert elsewhere.requests == []


async def test_a_name_and_password_in_the_address_are_not_shown() -> None:
    with nobody() as url, pytest.raises(ModelError) as caught:
        await restless(quick(url.replace("//", "//ann:hidden@"))).ask(PROMPT)
    assert "hidden" not in str(caught.value)


async def test_a_reply_that_is_no_json_is_garbage_where_a_schema_was_asked_for() -> None:
    assert (await trouble(says("Yes, it is met."), prompt=JUDGED)).kind == "garbage"


async def test_a_prompt_that_the_server_cut_is_noticed() -> None:
    error = await trouble(says("Fine.", prompt_tokens=150), prompt=LONG)
    assert error.kind == "prompt-cut"
    assert error.call
    assert error.call.tokens_in == 150
    assert (await ask(says("Fine.", prompt_tokens=350), prompt=LONG)).text == "Fine."


async def test_a_prompt_that_does_not_fit_is_not_sent() -> None:
    with FakeServer(says("Yes?")) as server:
        model = restless(server.endpoint(context=400))
        assert model.room(PROMPT) > 0 > model.room(LONG)
        with pytest.raises(ModelError) as caught:
            await model.ask(LONG)
    assert caught.value.kind == "too-long"
    assert server.requests == []


async def test_the_room_is_measured_better_after_a_reply() -> None:
    with FakeServer(says("Yes?", prompt_tokens=350)) as server:
        model = restless(server.endpoint())
        before = model.room(LONG)
        await model.ask(LONG)
        assert model.room(LONG) > before


@pytest.mark.parametrize(("answer", "times"), [(fake.FAILS, 3), (refuses_to(429), 3), (fake.HANGS_UP, 3)])
async def test_what_may_pass_is_tried_twice_again(answer: Script, times: int) -> None:
    naps = Naps()
    with FakeServer(answer) as server, pytest.raises(ModelError):
        await restless(server.endpoint(), naps).ask(PROMPT)
    assert len(server.requests) == times
    assert naps.taken == [0.5, 1.0]


async def test_a_second_try_may_bring_the_reply() -> None:
    assert (await ask(fake.FAILS, fake.HANGS_UP, says("Yes?"))).text == "Yes?"


@pytest.mark.parametrize("status", [400, 401, 403, 404, 422])
async def test_what_will_not_pass_is_not_tried_again(status: int) -> None:
    with FakeServer(refuses_to(status, "no")) as server, pytest.raises(ModelError):
        await restless(server.endpoint()).ask(PROMPT)
    assert len(server.requests) == 1


async def test_a_reply_that_broke_off_after_words_is_not_tried_again() -> None:
    with FakeServer(fake.cuts_off()) as server, pytest.raises(ModelError):
        await restless(server.endpoint()).ask(PROMPT)
    assert len(server.requests) == 1


@pytest.mark.parametrize(("status", "asked", "taken"), [(429, "3", 3.5), (503, "5", 5.5), (500, "4", 4.5)])
async def test_a_server_that_asks_to_wait_is_given_the_time(status: int, asked: str, taken: float) -> None:
    naps = Naps()
    with FakeServer(refuses_to(status, retry_after=asked), says("Yes?")) as server:
        assert (await restless(server.endpoint(total_seconds=60.0), naps).ask(PROMPT)).text == "Yes?"
    assert naps.taken == [taken]


WAITS = [
    (429, "6", "wait 6 s"),
    (503, "6", "wait 6 s: Slow down"),
    (429, "3800", "wait 3800 s"),
    (429, None, "wait 3[89].. s"),
]


@pytest.mark.parametrize(("status", "wanted", "said"), WAITS)
async def test_a_wait_that_no_learner_waits_is_named_instead(status: int, wanted: str | None, said: str) -> None:
    naps = Naps()
    wanted = wanted or formatdate(time.time() + 3900, usegmt=True)
    answer = refuses_to(status, "Slow down", retry_after=wanted)
    with FakeServer(answer) as server, pytest.raises(ModelError) as caught:
        await restless(server.endpoint(total_seconds=60.0), naps).ask(PROMPT)
    assert caught.value.kind == "busy"
    assert re.search(said, str(caught.value))
    assert naps.taken == []
    assert len(server.requests) == 1


@pytest.mark.parametrize("part", ["logprobs", "response_format", "stream_options", "temperature"])
async def test_what_a_server_refuses_is_left_out_from_then_on(part: str) -> None:
    with FakeServer(lacks(part, says(MET))) as server:
        model = restless(server.endpoint())
        assert (await model.ask(JUDGED)).text == MET
        await model.ask(JUDGED)
    assert [part in each.body for each in server.requests] == [True, False, False]


async def test_a_template_without_a_system_message_gets_one_message() -> None:
    def answer(request: fake.Request) -> fake.Answer:
        whole = refuses_to(400, "System role not supported")
        return says("Yes?")(request) if len(request.messages) == 1 else whole

    with FakeServer(answer) as server:
        assert (await restless(server.endpoint()).ask(PROMPT)).text == "Yes?"
    assert server.requests[1].prompt == f"{PROMPT.system}\n\n{PROMPT.user}"


async def test_a_name_that_nobody_has(monkeypatch: pytest.MonkeyPatch) -> None:
    def nowhere(*_: object, **__: object) -> None:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", nowhere)
    with pytest.raises(ModelError) as caught:
        await restless(quick("http://school-server.invalid/v1")).ask(PROMPT)
    assert caught.value.kind == "unknown-host"
    assert "school-server.invalid" in str(caught.value)


@contextmanager
def full_queue() -> Iterator[str]:
    """An address whose connections are neither taken nor refused."""
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen(0)
        waiting = [socket.socket() for _ in range(4)]
        for each in waiting:
            each.setblocking(False)
            each.connect_ex(server.getsockname())
        yield f"http://127.0.0.1:{server.getsockname()[1]}/v1"
        for each in waiting:
            each.close()


@pytest.mark.skipif(sys.platform != "linux", reason="a full queue is treated otherwise elsewhere")
async def test_a_connection_that_takes_too_long() -> None:
    with full_queue() as url, pytest.raises(ModelError) as caught:
        await restless(quick(url, connect_seconds=0.3)).ask(PROMPT)
    assert caught.value.kind == "slow-connect"


@pytest.mark.parametrize("answer", [fake.HANGS, fake.STALLS, fake.FREEZES, fake.drips()])
async def test_who_stops_waiting_closes_the_connection(answer: Script) -> None:
    with FakeServer(answer) as server:
        waiting = asyncio.ensure_future(restless(server.endpoint()).ask(PROMPT))
        assert await asyncio.to_thread(server.asked.wait, 5.0)
        waiting.cancel()
        with pytest.raises(asyncio.CancelledError):
            await waiting
        assert await asyncio.to_thread(server.requests[0].closed.wait, 1.0)


@pytest.mark.parametrize("answer", [fake.STALLS, fake.FREEZES, says("word " * 1000, pause=0.001)])
async def test_a_reply_that_is_given_up_closes_the_connection(answer: Script) -> None:
    with FakeServer(answer) as server:
        with pytest.raises(ModelError):
            await restless(server.endpoint(first_token_seconds=0.3, gap_seconds=0.3)).ask(PROMPT)
        assert await asyncio.to_thread(server.requests[0].closed.wait, 1.0)
