"""A model's server on the loopback that does what a test tells it, also the wrong thing.

    with FakeServer(says('{"met": true}')) as server:
        model = open_model(server.endpoint())

Each question takes the next answer; the last one stays. Instead of answers there may be one function from the request
to an answer. `server.requests` holds every question, and when its connection was closed by the client.
"""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import json
import re
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from tutor.settings import Endpoint

MODEL = "fake-1b"
_EVENTS = {"content-type": "text/event-stream"}


@dataclass
class Request:
    """What was asked: `body` is the JSON that came, `closed` when the client hung up before the answer was over."""

    method: str
    path: str
    headers: dict[str, str]
    body: dict[str, Any]
    at: float = field(default_factory=time.monotonic)
    closed: threading.Event = field(default_factory=threading.Event)

    @property
    def messages(self) -> list[dict[str, str]]:
        return list(self.body["messages"])

    @property
    def prompt(self) -> str:
        """All that was said to the model, in order."""
        return "\n".join(each["content"] for each in self.messages)


@dataclass(frozen=True)
class Answer:
    """An answer in pieces, each after `pause` seconds; without `ends` the connection then stays open and silent."""

    pieces: Sequence[bytes] = ()
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    pause: float = 0.0
    ends: bool = True
    aborts: bool = False
    bare: bool = False  # the pieces are all there is: no status line, no headers


Maker: TypeAlias = Callable[[Request], Answer]
Script: TypeAlias = Answer | Maker


def says(
    text: str,
    *,
    alternatives: Mapping[str, Mapping[str, float]] | None = None,
    finish: str | None = "stop",
    model: str = MODEL,
    prompt_tokens: int | None = None,
    cached: int = 0,
    usage: bool = True,
    pause: float = 0.0,
    thought: str = "",
    logprobs: bool = True,
) -> Maker:
    """Say a text word by word, and after it the usage.

    With `logprobs`, where they are asked for, each token carries its log probability and what else could have stood
    there: `alternatives` by token, for the rest the token alone.
    """

    def answer(request: Request) -> Answer:
        tokens = re.findall(r"\s*\w+|\s*[^\w\s]|\s+", text)
        told = logprobs and request.body.get("logprobs")
        chunks: list[dict[str, Any]] = [_chunk(model, {"role": "assistant", "content": None})]
        if thought:
            chunks.append(_chunk(model, {"reasoning_content": thought}))
        for token in tokens:
            chunk = _chunk(model, {"content": token})
            if told:
                chunk["choices"][0]["logprobs"] = {"content": [_odds(token, (alternatives or {}).get(token.strip()))]}
            chunks.append(chunk)
        if finish:
            chunks.append(_chunk(model, {}, finish))
        asked = prompt_tokens if prompt_tokens is not None else len(request.prompt) // 4 + 12
        if usage and finish:
            chunks.append(_usage(model, asked, len(tokens), cached))
        pieces = [event(each) for each in chunks]
        return Answer([*pieces, b"data: [DONE]\n\n"] if finish else pieces, headers=_EVENTS, pause=pause)

    return answer


def event(chunk: object) -> bytes:
    return f"data: {json.dumps(chunk)}\n\n".encode()


def _chunk(model: str, delta: dict[str, Any], finish: str | None = None) -> dict[str, Any]:
    choice = {"index": 0, "delta": delta, "finish_reason": finish}
    return {"id": "c1", "object": "chat.completion.chunk", "created": 1, "model": model, "choices": [choice]}


def _usage(model: str, prompt: int, reply: int, cached: int) -> dict[str, Any]:
    details = {"prompt_tokens": prompt, "completion_tokens": reply, "total_tokens": prompt + reply}
    return _chunk(model, {}) | {"choices": [], "usage": details | {"prompt_tokens_details": {"cached_tokens": cached}}}


def _odds(token: str, alternatives: Mapping[str, float] | None) -> dict[str, Any]:
    odds = alternatives or {token: -0.01}
    rows = [{"token": each, "logprob": value, "bytes": list(each.encode())} for each, value in odds.items()]
    chosen = odds.get(token, odds.get(token.strip(), -0.01))
    return {"token": token, "logprob": chosen, "bytes": list(token.encode()), "top_logprobs": rows}


def refuses_to(status: int, said: object = "", **headers: str) -> Answer:
    """An error as servers send it: `said` in the usual wrapping, or a whole body as it is."""
    body = {"error": {"message": said, "type": "error", "code": status}} if isinstance(said, str) else said
    names = {name.replace("_", "-"): value for name, value in headers.items()}
    return Answer([json.dumps(body).encode()], status, {"content-type": "application/json"} | names)


def lacks(part: str, otherwise: Script) -> Maker:
    """Refuse with 400 every request that has this part in it, such as "logprobs", and answer the others."""

    def answer(request: Request) -> Answer:
        if part in request.body:
            return refuses_to(400, f"Unsupported parameter: '{part}'")
        return otherwise(request) if callable(otherwise) else otherwise

    return answer


def page(status: int = 200) -> Answer:
    """The login page of a network."""
    text = b"<!DOCTYPE html><html><head><title>Log in</title></head><body>Welcome to the school</body></html>"
    return Answer([text], status, {"content-type": "text/html; charset=utf-8"})


def redirects_to(url: str) -> Answer:
    return Answer([], 307, {"location": url})


def cuts_off(text: str = "I was just about") -> Maker:
    """Break the connection in the midst of a chunk's JSON."""

    def answer(request: Request) -> Answer:
        whole = says(text, finish=None)(request)
        return Answer([*whole.pieces, event(_chunk(MODEL, {"content": "x"}))[:40]], headers=_EVENTS, aborts=True)

    return answer


HANGS = Answer(ends=False, bare=True)
"""Take the question and say nothing at all."""
STALLS = Answer(ends=False, headers=_EVENTS)
"""Send the headers, and then nothing."""
FREEZES = Answer([event(_chunk(MODEL, {"content": "Well"}))], ends=False, headers=_EVENTS)
"""Say one word, and then nothing."""
HANGS_UP = Answer(aborts=True, bare=True)
"""Break the connection before a word."""
GARBAGE = Answer([b"data: \xff\xfe\x00 no JSON\n\n", b"data: [DONE]\n\n"], headers=_EVENTS)
NO_HTTP = Answer([b"SSH-2.0-OpenSSH_9.9\r\n\r\n"], bare=True)
WRONG_FORM = Answer([event({"choices": [{"delta": "text"}]}), b"data: [DONE]\n\n"], headers=_EVENTS)
EMPTY = Answer([b"data: [DONE]\n\n"], headers=_EVENTS)
ERROR_INSIDE = Answer([event({"error": {"message": "the graphics card is gone", "code": 500}})], headers=_EVENTS)
ONLY_REASONING = says("", thought="Let me think about this", finish="length")
WRONG_MODEL = refuses_to(404, f'model "{MODEL}" not found, try pulling it first')
UNAUTHORISED = refuses_to(401, "Incorrect API key provided: secret")
FAILS = refuses_to(500, "out of memory")


def drips(words: int = 1_000, pause: float = 0.05) -> Maker:
    """A word now and then, without an end in sight."""
    return says("word " * words, pause=pause)


class FakeServer:
    """See the module. `slots` is what /props tells (None: there is no such page), `models` what /models lists."""

    def __init__(
        self,
        *answers: Script,
        slots: int | None = None,
        models: Sequence[str] = (MODEL,),
        tls: ssl.SSLContext | None = None,
        port: int = 0,
    ) -> None:
        self.requests: list[Request] = []
        self.others: list[Request] = []
        self._answers = itertools.chain(answers, itertools.repeat(answers[-1])) if answers else iter(())
        self._slots = slots
        self._models = models
        self._tls = tls
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._server: asyncio.Server | None = None
        self.asked = threading.Event()  # since the first question to the model
        self._at_once = 0
        self.most_at_once = 0
        self.port = port

    @property
    def base_url(self) -> str:
        return f"{'https' if self._tls else 'http'}://127.0.0.1:{self.port}/v1"

    def endpoint(self, **changes: Any) -> Endpoint:
        """This server as a setting, with limits fit for tests."""
        return quick(self.base_url, **changes)

    def __enter__(self) -> FakeServer:
        self._thread.start()
        asyncio.run_coroutine_threadsafe(self._start(), self._loop).result(5)
        return self

    def __exit__(self, *_: object) -> None:
        asyncio.run_coroutine_threadsafe(self._stop(), self._loop).result(5)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(5)
        self._loop.close()

    async def _start(self) -> None:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", self.port, ssl=self._tls)
        self.port = self._server.sockets[0].getsockname()[1]

    async def _stop(self) -> None:
        assert self._server
        self._server.close()
        others = asyncio.all_tasks() - {asyncio.current_task()}
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError, asyncio.IncompleteReadError, asyncio.CancelledError):
            request = await _read(reader)
            answer = self._answer(request)
            self._at_once += 1
            self.most_at_once = max(self.most_at_once, self._at_once)
            sending = asyncio.ensure_future(_send(writer, answer))
            # Nobody sends a second question here: what comes next is the end.
            hung_up = asyncio.ensure_future(reader.read(1))
            try:
                await asyncio.wait([sending, hung_up], return_when=asyncio.FIRST_COMPLETED)
                if not sending.done() or sending.exception():
                    request.closed.set()
            finally:
                self._at_once -= 1
                sending.cancel()
                hung_up.cancel()
                await asyncio.gather(sending, hung_up, return_exceptions=True)
        writer.close()
        with contextlib.suppress(OSError, asyncio.CancelledError):
            await writer.wait_closed()

    def _answer(self, request: Request) -> Answer:
        if request.path.endswith("/chat/completions"):
            self.requests.append(request)
            self.asked.set()
            script = next(self._answers)
            return script(request) if callable(script) else script
        self.others.append(request)
        if request.path == "/props" and self._slots:
            return refuses_to(200, {"total_slots": self._slots})
        if request.path == "/v1/models":
            return refuses_to(
                200, {"object": "list", "data": [{"id": name, "object": "model"} for name in self._models]}
            )
        return refuses_to(404, "File Not Found")


async def _read(reader: asyncio.StreamReader) -> Request:
    if (begin := await reader.readexactly(1)) == b"\x16":
        raise ConnectionError("encrypted")
    head = (begin + await reader.readuntil(b"\r\n\r\n")).decode()
    first, *lines = head.strip().split("\r\n")
    method, path, _ = first.split(" ")
    headers = {name.lower(): value for name, value in (line.split(": ", 1) for line in lines)}
    body = await reader.readexactly(int(headers.get("content-length", 0)))
    return Request(method, path, headers, json.loads(body) if body else {})


async def _send(writer: asyncio.StreamWriter, answer: Answer) -> None:
    if not answer.bare:
        lines = "".join(f"{name}: {value}\r\n" for name, value in answer.headers.items())
        length = f"content-length: {sum(map(len, answer.pieces))}\r\n" if answer.status != 200 else ""
        writer.write(f"HTTP/1.1 {answer.status} Whatever\r\n{lines}{length}connection: close\r\n\r\n".encode())
        await writer.drain()
    for piece in answer.pieces:
        if answer.pause:
            await asyncio.sleep(answer.pause)
        writer.write(piece)
        await writer.drain()
    if not answer.ends:
        await asyncio.Event().wait()
    if answer.aborts:
        # A reset, not a polite end.
        raw = writer.get_extra_info("socket")
        raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
        writer.transport.abort()


class Naps:
    """Sleeps no time, and remembers for how long it should have."""

    def __init__(self) -> None:
        self.taken: list[float] = []

    async def __call__(self, seconds: float) -> None:
        self.taken.append(seconds)


def quick(base_url: str, **changes: Any) -> Endpoint:
    """An endpoint with limits fit for tests; `changes` are fields of Endpoint."""
    limits: dict[str, Any] = {
        "connect_seconds": 2.0,
        "first_token_seconds": 5.0,
        "gap_seconds": 5.0,
        "total_seconds": 10.0,
    }
    return Endpoint(**(limits | {"model": MODEL, "base_url": base_url, "context": 4096} | changes))


@contextlib.contextmanager
def nobody() -> Iterator[str]:
    """An address on the loopback where every connection is refused."""
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        yield f"http://127.0.0.1:{held.getsockname()[1]}/v1"
