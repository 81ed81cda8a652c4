"""One question to one endpoint: the request, the stream, its time limits. Runs in the worker's loop alone."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import certifi
import httpx
import openai

from tutor.core.clean import one_line
from tutor.llm.asking import Prompt, Token
from tutor.llm.faults import GarbageError, NotAnEndpointError, SlowError

if TYPE_CHECKING:
    from tutor.llm.asking import TroubleKind
    from tutor.settings import Endpoint

_NO_KEY = "none"  # openai's client does not go without
_ALTERNATIVES = 10
_PROPS_SECONDS = 2.0
_MOST_SLOTS = 16
_PAGE = 2_000
_LETTERS_PER_TOKEN = 64  # far more than any tokenizer's longest usual token: what goes on beyond, goes on for ever
# The last is openai's note to itself, by which it knows what it asked for.
_HEADERS = frozenset(
    "host accept accept-encoding connection authorization content-type content-length user-agent "
    "x-stainless-raw-response".split()
)


@dataclass
class Heard:
    """What came in of a reply so far."""

    texts: list[str] = field(default_factory=list)
    tokens: list[Token] = field(default_factory=list)
    letters: int = 0
    reasoned: bool = False
    finish: str | None = None
    model: str = ""
    tokens_in: int | None = None
    tokens_out: int | None = None
    tokens_cached: int | None = None

    @property
    def text(self) -> str:
        """The words so far."""
        return "".join(self.texts)

    def take(self, chunk: Any) -> bool:
        """Take in a chunk, and return whether it brought a word; GarbageError."""
        try:
            self._take_usage(getattr(chunk, "usage", None))
            # It goes into the journal and onto the screen, and whoever runs the server may call a model anything.
            self.model = one_line(str(getattr(chunk, "model", None) or "")) or self.model
            return any(self._take_choice(choice) for choice in (chunk.choices or ())[:1])
        except (AttributeError, TypeError, ValueError) as error:
            # The client builds its objects from whatever JSON came, without a look at it.
            raise GarbageError from error

    def _take_choice(self, choice: Any) -> bool:
        self.finish = choice.finish_reason or self.finish
        for each in (choice.logprobs and choice.logprobs.content) or ():
            alternatives = {other.token: float(other.logprob) for other in each.top_logprobs or ()}
            self.tokens.append(Token(each.token, {each.token: float(each.logprob)} | alternatives))
        delta = choice.delta
        thought = delta and (getattr(delta, "reasoning_content", None) or getattr(delta, "reasoning", None))
        self.reasoned = self.reasoned or bool(thought)
        if delta and delta.content:
            self.letters += len(delta.content)
            self.texts.append(delta.content)
        return bool(thought or (delta and delta.content))

    def _take_usage(self, usage: Any) -> None:
        if usage:
            details = getattr(usage, "prompt_tokens_details", None)
            self.tokens_in = _number(getattr(usage, "prompt_tokens", None))
            self.tokens_out = _number(getattr(usage, "completion_tokens", None))
            self.tokens_cached = _number(getattr(details, "cached_tokens", None))


class Wire:
    """The way to an endpoint. Only it is contacted: no redirect is followed, and no proxy used for a local one.

    Certificates are checked against the system's store, or SSL_CERT_FILE and SSL_CERT_DIR where they are set.
    """

    def __init__(self, litellm: Any, endpoint: Endpoint) -> None:
        self._litellm = litellm
        self._endpoint = endpoint
        self._patience = httpx.Timeout(None, connect=endpoint.connect_seconds)
        self._http = httpx.AsyncClient(
            follow_redirects=False,
            trust_env=not endpoint.is_local,
            verify=_certificates(),
            timeout=self._patience,
            # Local servers drop idle connections after seconds, and a new one costs nothing there.
            limits=httpx.Limits(max_keepalive_connections=0 if endpoint.is_local else 4),
            event_hooks={"request": [self._strip]},
        )
        self._client = openai.AsyncOpenAI(
            api_key=endpoint.key or _NO_KEY, base_url=endpoint.base_url, http_client=self._http, max_retries=0
        )

    async def _strip(self, request: httpx.Request) -> None:
        """Send what the request needs, and nothing about this machine or from its environment."""
        for name in set(request.headers) - _HEADERS:
            del request.headers[name]
        request.headers["user-agent"] = "closeread"
        if not self._endpoint.key:
            request.headers.pop("authorization", None)

    async def slots(self) -> int | None:
        """How many questions the server answers side by side; None where it does not tell (llama-server does)."""
        root = self._endpoint.base_url.rstrip("/").removesuffix("/v1")
        headers = {"authorization": f"Bearer {self._endpoint.key}"} if self._endpoint.key else {}
        try:
            async with asyncio.timeout(_PROPS_SECONDS):
                answer = await self._http.get(f"{root}/props", headers=headers)
            slots = _number(answer.json()["total_slots"])
        except (TimeoutError, httpx.HTTPError, httpx.InvalidURL, ValueError, LookupError, TypeError):
            return None
        return min(slots, _MOST_SLOTS) if slots else None

    async def send(self, prompt: Prompt, without: Collection[str], heard: Heard) -> None:
        """Ask once and take the reply into `heard`, `without` the parts of a request that the server does not take.

        Raises SlowError, GarbageError, NotAnEndpointError and whatever litellm, openai and httpx raise.
        """
        clock = asyncio.get_running_loop().time
        phase: TroubleKind = "slow-first"
        most = _LETTERS_PER_TOKEN * prompt.tokens
        limit = asyncio.timeout(self._endpoint.first_token_seconds)
        try:
            async with limit:
                stream = await self._litellm.acompletion(**self._request(prompt, without))
                try:
                    # Its own stream, not litellm's: that one makes up an end and a usage where the server sent none.
                    await _check(stream.completion_stream.response)
                    async for chunk in stream.completion_stream:
                        if heard.take(chunk):
                            phase = "slow-gap"
                        if phase == "slow-gap":
                            limit.reschedule(clock() + self._endpoint.gap_seconds)
                        if heard.letters > most:
                            heard.finish = "length"
                            break
                finally:
                    await stream.aclose()
        except TimeoutError:
            if not limit.expired():
                raise
            slow = SlowError(phase)
        else:
            return
        raise slow

    def _request(self, prompt: Prompt, without: Collection[str]) -> dict[str, Any]:
        request: dict[str, Any] = {
            "model": f"openai/{self._endpoint.model}",
            "api_base": self._endpoint.base_url,
            "api_key": self._endpoint.key or _NO_KEY,
            "client": self._client,
            "timeout": self._patience,
            "max_retries": 0,
            "messages": _messages(prompt, together="system" in without),
            "max_tokens": prompt.tokens,
            "stream": True,
        }
        parts: dict[str, Mapping[str, Any]] = {
            "stream_options": {"stream_options": {"include_usage": True}},
            "temperature": {"temperature": prompt.temperature},
        }
        if prompt.schema is not None:
            schema = {"name": "reply", "strict": True, "schema": dict(prompt.schema)}
            parts["response_format"] = {"response_format": {"type": "json_schema", "json_schema": schema}}
            parts["logprobs"] = {"logprobs": True, "top_logprobs": _ALTERNATIVES}
        for name, part in parts.items():
            if name not in without:
                request |= part
        return request


def _messages(prompt: Prompt, *, together: bool) -> list[dict[str, str]]:
    if together or not prompt.system:
        text = f"{prompt.system}\n\n{prompt.user}" if prompt.system else prompt.user
        return [{"role": "user", "content": text}]
    return [{"role": "system", "content": prompt.system}, {"role": "user", "content": prompt.user}]


async def _check(response: httpx.Response) -> None:
    """A login page and an error in good clothes both say 200; NotAnEndpointError."""
    if not response.headers.get("content-type", "").lower().startswith(("text/html", "application/json")):
        return
    page = b""
    async for piece in response.aiter_bytes(_PAGE):
        page += piece
        break
    text = page.decode(errors="replace")
    # Where it goes on, its last word may be half of the key, which nobody would know again.
    raise NotAnEndpointError(text if len(page) < _PAGE else text.rpartition(" ")[0])


def _certificates() -> ssl.SSLContext:
    context = ssl.create_default_context()
    paths = ssl.get_default_verify_paths()
    if not (context.get_ca_certs() or paths.cafile or paths.capath):
        context.load_verify_locations(certifi.where())  # Python's own build for macOS comes without any
    return context


def _number(value: object) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) and value >= 0 else None
