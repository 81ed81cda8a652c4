"""The doctor: every trouble has its own sentence, every advice its exact line, and the key is nowhere."""

import asyncio
import json
import re
import socket
import threading
import tomllib
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from socketserver import ThreadingTCPServer
from typing import Any

import pytest

from tutor.core.events import Call
from tutor.llm.asking import Model, ModelError, Prompt, Reply, Token, TroubleKind
from tutor.llm.doctor import Examination, examine
from tutor.llm.doctor.telling import as_lines, as_object
from tutor.settings import Endpoint, Settings, load_settings

CANARY = "sk-canary-4711"
ENVIRON = {"HOME": "/home/owl", "CLOSEREAD_DATA_DIR": "/srv/work"}


# A server of pages


@dataclass(frozen=True)
class Page:
    """What a path answers with."""

    body: str = ""
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)


def models(*names: str, owner: str = "llamacpp") -> Page:
    entries = [{"id": each, "object": "model", "owned_by": owner} for each in names]
    return Page(json.dumps({"object": "list", "data": entries}))


def pieces(*texts: str) -> Page:
    chunks = [{"choices": [{"index": 0, "delta": {"content": each}}]} for each in texts]
    body = "".join(f"data: {json.dumps(each)}\n\n" for each in chunks) + "data: [DONE]\n\n"
    return Page(body, headers={"content-type": "text/event-stream"})


WEBSITE = Page("<!DOCTYPE html><html><body>Log in</body></html>", headers={"content-type": "text/html"})
CHAT = "/v1/chat/completions"


class Pages(ThreadingTCPServer):
    """A server on the loopback with a page for each path, and 404 for the others."""

    daemon_threads = True

    def __init__(self, pages: Mapping[str, Page]) -> None:
        self.pages = pages
        self.seen: list[tuple[str, str | None]] = []
        super().__init__(("127.0.0.1", 0), Handler)

    @property
    def port(self) -> int:
        return int(self.server_address[1])

    @property
    def root(self) -> str:
        return f"http://127.0.0.1:{self.port}"


class Handler(BaseHTTPRequestHandler):
    server: Pages

    def do_GET(self) -> None:
        self.server.seen.append((self.path, self.headers.get("Authorization")))
        page = self.server.pages.get(self.path, Page("not found", 404))
        self.send_response(page.status)
        for name, value in page.headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(page.body.encode())

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        self.do_GET()

    def log_message(self, *_: object) -> None:
        pass


@contextmanager
def serving(pages: Mapping[str, Page]) -> Iterator[Pages]:
    with Pages(pages) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        thread.start()
        yield server
        server.shutdown()
        thread.join()


@contextmanager
def closed_port() -> Iterator[int]:
    """A port that nobody listens at."""
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        yield held.getsockname()[1]


# A model without a server


@dataclass
class Mind:
    """A model that reads plain English: 1.25 tokens a word, and a hundredth of a second for each new word."""

    context: int = 4096
    name: str = "qwen"
    schema: str = "enforced"  # or "asked": only where the question asks for JSON; or "ignored"
    verdicts: Sequence[bool] = (True, False)
    logprobs: bool = True
    usage: bool = True
    cached: int | None = 500
    cut_at: int | None = None
    remembers: bool = True
    judging: Sequence[float] = (6.0, 1.0)
    writing: float = 4.0
    troubles: Mapping[str, TroubleKind] = field(default_factory=dict)
    words: str = "It did not work."
    asked: list[Prompt] = field(default_factory=list)

    def room(self, prompt: Prompt) -> int:
        return self.context - int(1.6 * len(f"{prompt.system} {prompt.user}".split())) - prompt.tokens

    async def ask(self, prompt: Prompt) -> Reply:
        kind = self._kind(prompt)
        number = len([each for each in self.asked if self._kind(each) == kind])
        self.asked.append(prompt)
        if trouble := self.troubles.get(kind):
            raise ModelError(trouble, self.words)
        text, seconds, out = getattr(self, f"_{kind}")(prompt, number)
        sent = int(1.25 * len(f"{prompt.system} {prompt.user}".split()))
        call = Call(
            model="served/qwen",
            prompt=prompt.hash,
            tokens_in=min(sent, self.cut_at or sent) if self.usage else None,
            tokens_out=out if self.usage else None,
            tokens_cached=self.cached if number else None,
            seconds=seconds,
        )
        return Reply(text, call, (Token("true", {"true": -0.1, "false": -2.0}),) if self.logprobs else ())

    @staticmethod
    def _kind(prompt: Prompt) -> str:
        properties = prompt.schema["properties"] if prompt.schema else {}
        return (
            "colour" if "colour" in properties else "met" if properties else "find" if "code" in prompt.user else "tell"
        )

    def _colour(self, _: Prompt, __: int) -> tuple[str, float, int]:
        return ('{"colour": "red"}' if self.schema == "enforced" else "Hello there!"), 0.5, 6

    def _met(self, prompt: Prompt, number: int) -> tuple[str, float, int]:
        assert "JSON" in prompt.system
        verdict = json.dumps({"met": self.verdicts[number]})
        return verdict if self.schema != "ignored" else "Yes, it is.", self.judging[number], 5

    def _tell(self, _: Prompt, __: int) -> tuple[str, float, int]:
        return "A bridge joins two banks. " * 8, self.writing, 40

    def _find(self, prompt: Prompt, _: int) -> tuple[str, float, int]:
        word = re.search(r"The code word is (\S+)\.", prompt.system)
        assert word
        lost = self.cut_at is not None or not self.remembers
        return "I do not know." if lost else f"It is {word[1]}!", 9.0, 8


def fine(*names: str, owner: str = "llamacpp", **more: Page) -> dict[str, Page]:
    return {"/v1/models": models(*names or ("qwen", "smol"), owner=owner), CHAT: pieces("one ", "two ", "three")} | more


def settings_for(url: str, **more: object) -> Settings:
    flags = {"model": "qwen", "base_url": url, **more}
    return load_settings(flags, ENVIRON | {"CLOSEREAD_KEY": CANARY}, None)


def seen_by(settings: Settings, mind: Model | None = None, ports: Sequence[int] = ()) -> Examination:
    def open_model(endpoint: Endpoint) -> Model:
        assert mind, "nothing is asked here"
        return mind

    seen = asyncio.run(examine(settings, open_model, ports))
    assert CANARY not in "\n".join(as_lines(seen, None)) + json.dumps(as_object(seen)) + repr(seen)
    return seen


def tried(mind: Mind, pages: Mapping[str, Page] | None = None, **more: object) -> Examination:
    with serving(pages or fine()) as server:
        return seen_by(settings_for(f"{server.root}/v1", **more), mind)


def states(seen: Examination) -> dict[str, str]:
    return {each.name: each.state for each in seen.checks}


def check(seen: Examination, name: str) -> tuple[str, str, str]:
    [found] = [each for each in seen.checks if each.name == name]
    return found.state, found.sentence, found.advice


# Without a model


def test_no_proxy_stands_between_the_doctor_and_this_house(monkeypatch: pytest.MonkeyPatch) -> None:
    with closed_port() as port, serving(fine()) as server:
        for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
            monkeypatch.setenv(name, f"http://127.0.0.1:{port}")
        seen = seen_by(settings_for(f"{server.root}/v1"), Mind(), ports=[server.port])
    assert (len(seen.found), seen.fitness) == (1, "fit")


def test_nothing_configured_and_nothing_there_is_all_right() -> None:
    with closed_port() as port:
        seen = seen_by(load_settings({}, ENVIRON, None), ports=[port])
    assert (seen.fitness, seen.status, seen.checks, seen.found, seen.advice) == ("not-configured", 0, (), (), "")
    text = "\n".join(as_lines(seen, None, [port]))
    assert "No model is configured, and none is needed: lessons run without one." in text
    assert f"none at the usual ports: {port}" in text
    assert "/srv/work  (environment CLOSEREAD_DATA_DIR)" in text


def test_what_is_there_is_listed_with_the_lines_to_use_it(tmp_path: Path) -> None:
    listed = fine("nomic-embed-text", 'Größe:"7b"', owner="library")
    with serving(listed) as first, serving(fine("b")) as second, serving({"/v1/models": WEBSITE}) as no_endpoint:
        ports = [no_endpoint.port, first.port, second.port]
        seen = seen_by(load_settings({}, ENVIRON, None), ports=ports)
    assert [(each.base_url, each.software, each.models) for each in seen.found] == [
        (f"{first.root}/v1", "Ollama", ("nomic-embed-text", 'Größe:"7b"')),
        (f"{second.root}/v1", "llama-server", ("b",)),
    ]
    assert seen.status == 0
    config = tmp_path / "config.toml"
    assert str(config) in "\n".join(as_lines(seen, config))
    assert len(seen.advice.splitlines()) == 3
    config.write_text(seen.advice, encoding="utf-8")
    endpoint = load_settings({}, ENVIRON, config).endpoint
    assert endpoint
    assert (endpoint.model, endpoint.base_url) == ('Größe:"7b"', f"{first.root}/v1")


ODD = [
    Page("[]"),
    Page("[" * 100_000),
    Page('{"data": {"id": "x"}}'),
    Page(json.dumps({"data": [{"id": "x"}]}), status=401),
    Page(headers={"location": "/v1/elsewhere"}, status=302),
    Page("x" * 2_000_000),
]


@pytest.mark.parametrize("page", ODD, ids=range(len(ODD)))
def test_what_is_no_endpoint_is_not_listed(page: Page) -> None:
    with serving({"/v1/models": page, "/v1/elsewhere": models("trap")}) as server:
        seen = seen_by(load_settings({}, ENVIRON, None), ports=[server.port])
    assert seen.found == ()
    assert [path for path, _ in server.seen] == ["/v1/models"]


def test_names_of_models_move_no_cursor() -> None:
    with serving({"/v1/models": models("\x1b[2Jred\nteam", "a" * 1000)}) as server:
        seen = seen_by(load_settings({}, ENVIRON, None), ports=[server.port])
    assert seen.found[0].models == ("[2Jred team", "a" * 200)


def test_a_server_that_says_nothing_holds_nobody_up() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        seen = seen_by(load_settings({}, ENVIRON, None), ports=[silent.getsockname()[1]])
    assert seen.found == ()


# What is wrong with an address


def reaching(pages: Mapping[str, Page], path: str = "/v1", ports: Sequence[int] = ()) -> tuple[Examination, str]:
    with serving(pages) as server:
        return seen_by(settings_for(f"{server.root}{path}"), ports=ports), server.root


def failure(seen: Examination) -> tuple[str, str, str]:
    """The one check that failed, which is the last; the verdict and the exit status say so, too."""
    *before, last = seen.checks
    assert [each.state for each in (*before, last)] == ["ok"] * len(before) + ["fail"]
    assert (seen.fitness, seen.status, seen.advice) == ("not-fit", 1, last.advice)
    assert last.sentence in seen.verdict
    assert "model qwen" in last.sentence
    return last.name, last.sentence, last.advice


def test_no_server() -> None:
    with closed_port() as port:
        name, sentence, advice = failure(seen_by(settings_for(f"http://127.0.0.1:{port}/v1"), ports=[port]))
    assert name == "reachable"
    assert f"There is no server at http://127.0.0.1:{port}/v1" in sentence
    assert "llama-server -m" in advice


def test_the_wrong_port() -> None:
    with closed_port() as port, serving(fine("b")) as other, serving(fine()) as own:
        seen = seen_by(settings_for(f"http://127.0.0.1:{port}/v1"), ports=[other.port, own.port])
    name, sentence, advice = failure(seen)
    assert name == "reachable"
    assert "another port" in sentence
    assert advice == f'base_url = "{own.root}/v1"'
    assert not any(key for _, key in (*other.seen, *own.seen)), "the key is shown to the configured endpoint alone"


@pytest.mark.parametrize("path", ["", "/api", "/v2", "/v1/chat", "/v1/v1", "/v1/chat/completions"])
def test_the_wrong_path(path: str) -> None:
    seen, root = reaching(fine(), path)
    name, sentence, advice = failure(seen)
    assert (name, advice) == ("address", f'base_url = "{root}/v1"')
    assert "not the right path" in sentence


def test_the_list_at_another_place_than_usual() -> None:
    seen, root = reaching({"/openai/v1/models": models("qwen")}, "/openai")
    assert failure(seen)[2] == f'base_url = "{root}/openai/v1"'
    seen, root = reaching({"/models": models("qwen")}, "/v1")
    assert failure(seen)[2] == f'base_url = "{root}"'


PAGES: list[tuple[Page, str, str]] = [
    (Page("no", 404), "address", "lists no models (status 404)"),
    (Page("{}", 200), "address", "lists no models (status 200)"),
    (WEBSITE, "address", "a web page where a list of models should be"),
    (Page(status=307, headers={"location": "/v1/elsewhere"}), "address", "sends on to another address (status 307)"),
    (Page("{}", 401), "key", "does not accept the key (status 401)"),
    (Page("{}", 403), "key", "does not accept the key (status 403)"),
    (Page('{"error": "Loading model"}', 503), "reachable", "is not ready (status 503)"),
    (Page(f"wrong key {CANARY}", 500), "reachable", "has a fault of its own (status 500)"),
    (Page("", 429), "reachable", "is asked too often (status 429)"),
]


@pytest.mark.parametrize(("page", "name", "words"), PAGES, ids=[words for *_, words in PAGES])
def test_each_trouble_has_its_sentence(page: Page, name: str, words: str) -> None:
    with serving({"/v1/models": page, "/v1/elsewhere": models("qwen")}) as server:
        seen = seen_by(settings_for(f"{server.root}/v1"))
    found = failure(seen)
    assert found[0] == name
    assert words in found[1]
    assert f"{server.root}/v1" in found[1]
    assert found[2]
    assert "/v1/elsewhere" not in [path for path, _ in server.seen]
    assert {key for _, key in server.seen} == {f"Bearer {CANARY}"}


def test_a_key_is_asked_for_and_there_is_none() -> None:
    with serving({"/v1/models": Page("{}", 401)}) as server:
        flags = {"model": "qwen", "base_url": f"{server.root}/v1"}
        seen = seen_by(load_settings(flags, ENVIRON, None))
    _, sentence, advice = failure(seen)
    assert "asks for a key" in sentence
    assert "CLOSEREAD_KEY" in advice


def test_a_name_that_no_machine_has(monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown(*_: object, **__: object) -> None:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr("socket.getaddrinfo", unknown)
    name, sentence, _ = failure(seen_by(settings_for("http://gpu.lan:8080/v1")))
    assert name == "reachable"
    assert "No machine has the name gpu.lan" in sentence


def test_encryption_where_there_is_none() -> None:
    with serving(fine()) as server:
        _, sentence, advice = failure(seen_by(settings_for(server.root.replace("http:", "https:") + "/v1")))
    assert "No encrypted connection" in sentence
    assert "SSL_CERT_FILE" in advice


def test_something_that_speaks_no_http() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:

        def hang_up() -> None:
            connection, _ = server.accept()
            connection.recv(1000)
            connection.sendall(b"SSH-2.0\r\n")
            connection.close()

        thread = threading.Thread(target=hang_up)
        thread.start()
        name, sentence, _ = failure(seen_by(settings_for(f"http://127.0.0.1:{server.getsockname()[1]}/v1")))
        thread.join()
    assert name == "reachable"
    assert "broke the connection off" in sentence


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
