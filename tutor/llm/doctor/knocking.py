"""Asks servers what they are: plain GET requests, without a proxy on the way to this house's own machines.

No redirect is ever followed, so that neither key nor question ends up at a machine that nobody named.
"""

from __future__ import annotations

import asyncio
import errno
import json
import socket
import ssl
from collections.abc import Iterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

from tutor.core.clean import one_line
from tutor.llm.doctor.findings import Found
from tutor.llm.faults import LONGEST_NAME, hide_key
from tutor.llm.library import hush
from tutor.llm.resolving import RefusedAddressError, watch_names
from tutor.settings import Endpoint

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    import httpx

USUAL_PORTS = (11434, 8080, 1234, 8000)
"""Where Ollama, llama-server, LM Studio and vLLM listen unless they are told otherwise."""

Silence: TypeAlias = Literal["", "refused", "unknown-host", "forbidden", "unreachable", "slow", "tls", "broken-off"]

_KNOCK_SECONDS = 1.0
_LOOK_SECONDS = 15.0
_MOST = 1_000_000
_MOST_MODELS = 200
_SOFTWARE = {"llamacpp": "llama-server", "library": "Ollama", "organization_owner": "LM Studio", "vllm": "vLLM"}


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back: status and body, or why nothing did (`silence`); `key` is what must not be told of it."""

    status: int = 0
    body: bytes = b""
    silence: Silence = ""
    key: str | None = field(default=None, repr=False)

    @property
    def models(self) -> tuple[str, ...] | None:
        """The names in a list of models, without the key; None where this is no such list."""
        entries = _entries(self)
        return None if entries is None else tuple(_name(each, self.key) for each in entries)

    @property
    def software(self) -> str:
        """The software behind a list of models; empty where it does not say."""
        owners = (each.get("owned_by") for each in _entries(self) or ())
        return next((_SOFTWARE[owner] for owner in owners if isinstance(owner, str) and owner in _SOFTWARE), "")

    @property
    def is_page(self) -> bool:
        """Whether this is a web page."""
        return self.body.lstrip()[:200].lower().startswith((b"<!doctype", b"<html", b"<head", b"<?xml"))


def _entries(answer: Answer) -> list[dict[str, Any]] | None:
    try:
        table = json.loads(answer.body) if answer.status == 200 else None
    except (ValueError, RecursionError):
        return None
    data = table.get("data") if isinstance(table, dict) else None
    if data is None and isinstance(table, dict) and table.get("object") == "list":
        data = []  # what Ollama says where no model has been fetched yet
    if not isinstance(data, list):
        return None
    return [each for each in data[:_MOST_MODELS] if isinstance(each, dict) and isinstance(each.get("id"), str)]


def _name(entry: Mapping[str, Any], key: str | None) -> str:
    return hide_key(one_line(entry["id"]), key)[:LONGEST_NAME]


async def knock(ports: Sequence[int], key: str | None) -> tuple[Found, ...]:
    """The endpoints on these ports of this machine, in that order. They are not shown the key, but may know it."""
    urls = [f"http://127.0.0.1:{port}/v1" for port in ports]
    async with _client(None) as client:
        answers = await asyncio.gather(*(_get(client, f"{url}/models", _KNOCK_SECONDS, key) for url in urls))
    return tuple(
        Found(url, answer.software, answer.models)
        for url, answer in zip(urls, answers, strict=True)
        if answer.models is not None
    )


async def look(endpoint: Endpoint, *urls: str) -> list[Answer]:
    """What the machine of an endpoint says at these addresses, one after the other."""
    async with _client(endpoint) as client:
        return [await _get(client, url, _LOOK_SECONDS, endpoint.key) for url in urls]


async def stream(endpoint: Endpoint, question: str, tokens: int) -> tuple[int, str, int]:
    """Ask for a reply in pieces: the status, the kind of what came back, and in how many pieces its text came.

    This looks at the line itself, which `Model` does not show.
    """
    body = {
        "model": endpoint.model,
        "messages": [{"role": "user", "content": question}],
        "stream": True,
        "max_tokens": tokens,
        "temperature": 0,
    }
    pieces = taken = 0
    async with asyncio.timeout(endpoint.total_seconds), _client(endpoint) as client:
        url = f"{endpoint.base_url}/chat/completions"
        async with client.stream("POST", url, json=body, timeout=_patience(endpoint)) as response:
            async for line in response.aiter_lines():
                taken += len(line)
                pieces += _has_text(line)
                if taken > _MOST or line == "data: [DONE]":
                    break
    return response.status_code, response.headers.get("content-type", ""), pieces


def _has_text(line: str) -> bool:
    """Whether a line of a stream carries some of the reply, be it thought or said."""
    if not line.startswith("data: {"):
        return False
    try:
        delta = json.loads(line.removeprefix("data: "))["choices"][0]["delta"]
        return any(isinstance(text, str) and text for name, text in delta.items() if name != "role")
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError):
        return False


def _patience(endpoint: Endpoint) -> httpx.Timeout:
    import httpx  # noqa: PLC0415

    return httpx.Timeout(endpoint.first_token_seconds, connect=endpoint.connect_seconds)


@asynccontextmanager
async def _client(endpoint: Endpoint | None) -> AsyncIterator[httpx.AsyncClient]:
    import httpx  # noqa: PLC0415  not before it is needed: it takes a tenth of a second to import

    watch_names(asyncio.get_running_loop())
    hush()
    key = endpoint.key if endpoint else None
    remote = endpoint is not None and not endpoint.is_local
    # The system's certificates, or the file that SSL_CERT_FILE names, as a school's proxy needs them.
    secure = endpoint is not None and endpoint.base_url.startswith("https:")
    async with httpx.AsyncClient(
        headers={"Authorization": f"Bearer {key}"} if key else {},
        follow_redirects=False,
        trust_env=remote,
        verify=ssl.create_default_context() if secure else False,
    ) as client:
        yield client


async def _get(client: httpx.AsyncClient, url: str, seconds: float, key: str | None) -> Answer:
    import httpx  # noqa: PLC0415

    body = b""
    try:
        async with asyncio.timeout(seconds), client.stream("GET", url, timeout=seconds) as response:
            async for piece in response.aiter_bytes():
                body += piece
                if len(body) > _MOST:
                    break
            return Answer(response.status_code, body, key=key)
    except (TimeoutError, httpx.TimeoutException):
        return Answer(silence="slow")
    except httpx.HTTPError as error:
        return Answer(silence=_why(error))


def _why(error: BaseException) -> Silence:
    """Why there is no answer, from all that led to the error: the library's own errors name no kinds."""
    causes = list(_causes(error))
    if any(isinstance(each, ssl.SSLError) for each in causes):
        return "tls"
    if any(isinstance(each, RefusedAddressError) for each in causes):
        return "forbidden"
    if any(isinstance(each, socket.gaierror) for each in causes):
        return "unknown-host"
    if any(isinstance(each, ConnectionRefusedError) for each in causes):
        return "refused"
    numbers = {each.errno for each in causes if isinstance(each, OSError)}
    return "unreachable" if numbers & {errno.EHOSTUNREACH, errno.ENETUNREACH} else "broken-off"


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        for each in error.exceptions if isinstance(error, BaseExceptionGroup) else ():
            yield from _causes(each)
        error = error.__cause__ or error.__context__
