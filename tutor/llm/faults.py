"""Why a model gave no reply that can be used: every trouble as a kind and as a sentence for people.

A sentence names the address and the model, says what happened and what to do next. litellm's exceptions are read from
the bottom of their chain, where httpx, openai and ssl say what really happened: its own say "server error" for a
refused connection too.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import urlsplit, urlunsplit

from tutor.core.clean import one_line
from tutor.llm.asking import TroubleKind
from tutor.llm.resolving import RefusedAddressError

if TYPE_CHECKING:
    import httpx

    from tutor.settings import Endpoint

E = TypeVar("E", bound=BaseException)

_DOCTOR = "'closeread doctor' shows what is there."

_SENTENCES: dict[TroubleKind, str] = {
    "refused": "Nothing answers at {url}, where {model} should be. Start the model's server, or check address and port "
    "in the settings. " + _DOCTOR,
    "unknown-host": "There is no computer of this name: {url} (for {model}). Check the spelling and the network.",
    "slow-connect": "No connection to {url} (for {model}) within {connect} s. Check the address and the network, and "
    "whether the server runs.",
    "slow-first": "No word from {where} within {first} s. It may still be loading, be busy with others, or be too "
    "large for its computer: try again, take a smaller model, or raise first_token_seconds.",
    "slow-gap": "{where} stopped in the middle of a reply, for more than {gap} s. Try again; if it happens often, "
    "take a smaller model or raise gap_seconds.",
    "slow-total": "{where} did not finish within {total} s. Try again, take a smaller model, or raise total_seconds.",
    "unauthorised": "{where} does not accept the key{said}. Set the right one in CLOSEREAD_KEY.",
    "no-model": "The server at {url} does not have the model {model}{said}. Check the name, or load the model there. "
    + _DOCTOR,
    "no-such-path": "There is a server at {url}, but under this address no model answers, {model} neither. Most "
    "addresses end in /v1. " + _DOCTOR,
    "bad-request": "{where} cannot answer a question of this form{said}. Update the server, or take another model. "
    + _DOCTOR,
    "too-long": "The question is too long for {where}{said}. Give the server a larger context, and set context to it.",
    "busy": "{where} has too much to do{said}. Try again a little later.",
    "server-error": "{where} failed{said}. Try again; if it happens again, look at the server's own window or log.",
    "not-an-endpoint": "What answers at {url} is no language model, and {model} was expected there{said}. Check "
    "address and port, and whether the network wants you to log in first. " + _DOCTOR,
    "broken-off": "The connection to {where} broke off in the middle of a reply. Try again; if it happens again, look "
    "whether the server is still running.",
    "garbage": "{where} sent something that is no proper reply{said}. Try again; if it happens often, take another "
    "model.",
    "empty": "{where} sent an empty reply. Try again; if it happens often, take another model.",
    "only-reasoning": "{where} only thought aloud and gave no answer. Turn its thinking off, or take a model without.",
    "prompt-cut": "{where} did not read the whole question{said}. Give the server a larger context (with Ollama, by "
    "OLLAMA_CONTEXT_LENGTH), or set context to what it has.",
    "reply-cut": "The reply of {where} was longer than allowed and is cut off. Try again, or take another model.",
    "unready": "The part of the program that talks to {where} could not be loaded{said}. Install the program anew.",
}

_CONTEXT = re.compile(
    r"context[ _]?(size|length|window|overflow)|exceed_context|context the overflows|n_ctx|(prompt|input) is too long",
    re.IGNORECASE,
)
_MODEL = re.compile(
    r"\bmodels?\b[^.]{0,200}?(not[ _]found|does not exist|not loaded|not available|no such)"
    r"|(no|unknown|invalid|wrong|unsupported) models?\b|model_not_found",
    re.IGNORECASE,
)
# Parts of a request that some servers refuse, and by which words that is known.
_PARTS = {
    "logprobs": re.compile(r"logprobs?", re.IGNORECASE),
    "response_format": re.compile(r"response_format|json_schema|json schema|grammar|structured output", re.IGNORECASE),
    "stream_options": re.compile(r"stream_options|include_usage", re.IGNORECASE),
    "temperature": re.compile(r"\btemperature\b", re.IGNORECASE),
    "system": re.compile(r"system['\"]? (role|message|prompt)|roles must alternate", re.IGNORECASE),
}
LEAST_KEY = 8
"""Shorter ones are no secrets but words that local servers do not look at: x, none, ollama."""
LONGEST_NAME = 200
"""The most characters of a model's name, as a server tells it, that are kept or shown."""

_HIDDEN = "***"
_REDIRECTS = (301, 302, 303, 307, 308)
_STATUSES: dict[int, TroubleKind] = {
    401: "unauthorised", 403: "unauthorised", 405: "no-such-path", 407: "unauthorised", 408: "slow-first",
    413: "too-long", 429: "busy",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Fault:
    """A trouble; `wait` is how many seconds the server asks to be left alone, `refuses` the part of the request that
    it does not take: logprobs, response_format, stream_options, temperature or system.
    """

    kind: TroubleKind
    message: str
    wait: float | None = None
    refuses: str | None = None


class SlowError(Exception):
    """A time limit was over; `kind` says which."""

    def __init__(self, kind: TroubleKind) -> None:
        super().__init__(kind)
        self.kind: TroubleKind = kind


class GarbageError(Exception):
    """A piece of a reply had a form that no reply has."""


class NotAnEndpointError(Exception):
    """A page or a file came back where a stream should begin; the words are its own."""


def fault(kind: TroubleKind, endpoint: Endpoint, said: str = "", wait: float | None = None) -> Fault:
    """A trouble in its sentence; `said` is what is known beyond it, from whatever source."""
    url, model = shown_url(endpoint.base_url), f'"{one_line(endpoint.model)}"'
    message = _SENTENCES[kind].format(
        url=url,
        model=model,
        where=f"{model} at {url}",
        connect=f"{endpoint.connect_seconds:g}",
        first=f"{endpoint.first_token_seconds:g}",
        gap=f"{endpoint.gap_seconds:g}",
        total=f"{endpoint.total_seconds:g}",
        said=f" ({_short(said, endpoint)})" if said else "",
    )
    return Fault(kind, message[0].upper() + message[1:], wait)


def shown_url(url: str) -> str:
    """An address as it may be shown: without a name and password that may stand in it."""
    parts = urlsplit(url)
    return one_line(urlunsplit(parts._replace(netloc=parts.netloc.rpartition("@")[2])))


def explain(error: BaseException, endpoint: Endpoint) -> Fault:
    """What went wrong with a request, from whatever litellm, openai, httpx or the exchange itself raised."""
    import httpx  # noqa: PLC0415  loaded with litellm
    import openai  # noqa: PLC0415

    chain = list(_chain(error))
    if slow := _first(chain, SlowError):
        return fault(slow.kind, endpoint)
    if page := _first(chain, NotAnEndpointError):
        return _no_stream(str(page), endpoint)
    if broken := _first(chain, httpx.TransportError):
        return _broken_transport(broken, chain, endpoint)
    # litellm's own exceptions are openai's too; they carry an answer that it made up.
    if refusal := next(
        (each for each in chain if type(each).__module__.startswith("openai") and hasattr(each, "response")), None
    ):
        return _refusal(refusal.response, endpoint)
    if _first(chain, GarbageError, httpx.DecodingError, ValueError):
        return fault("garbage", endpoint)
    said = next((each.message for each in chain if isinstance(each, openai.APIError)), str(error))
    if getattr(error, "status_code", None) in (400, 422):
        return _bad_request(said, endpoint)
    return _by_words(said, endpoint) or fault("server-error", endpoint, said)


def _first(chain: Sequence[BaseException], *kinds: type[E]) -> E | None:
    return next((each for each in chain if isinstance(each, kinds)), None)


def _chain(error: BaseException) -> Iterator[BaseException]:
    """An exception and what it came from, the deepest first: there it is known best."""
    found: list[BaseException] = []
    at: BaseException | None = error
    while at is not None and at not in found:
        found.append(at)
        at = at.__cause__ or at.__context__
    return reversed(found)


def _broken_transport(error: httpx.TransportError, roots: Sequence[BaseException], endpoint: Endpoint) -> Fault:
    import socket  # noqa: PLC0415
    import ssl  # noqa: PLC0415

    import httpx  # noqa: PLC0415

    if isinstance(error, httpx.ProxyError):
        said = "the proxy of this network, as HTTPS_PROXY or HTTP_PROXY names it, does not let it through"
        return fault("refused", endpoint, said)
    if isinstance(error, httpx.ConnectTimeout):
        return fault("slow-connect", endpoint)
    if any(isinstance(each, ssl.SSLCertVerificationError) for each in roots):
        said = "its certificate is not one that this computer trusts; SSL_CERT_FILE can name the school's own"
        return fault("not-an-endpoint", endpoint, said)
    if any(isinstance(each, ssl.SSLError) for each in roots):
        return fault("not-an-endpoint", endpoint, "there is no encrypted connection; try http:// instead of https://")
    if unnamed := _first(roots, socket.gaierror):
        forbidden = isinstance(unnamed, RefusedAddressError)
        return fault("not-an-endpoint", endpoint, str(unnamed)) if forbidden else fault("unknown-host", endpoint)
    if isinstance(error, httpx.ConnectError):
        return fault("refused", endpoint)
    words = str(error).lower()
    if isinstance(error, httpx.RemoteProtocolError) and not re.search("disconnected|incomplete|closed", words):
        return fault("not-an-endpoint", endpoint, "it does not speak HTTP")
    return fault("broken-off", endpoint)


def _refusal(response: httpx.Response, endpoint: Endpoint) -> Fault:
    """An answer with a status that says no."""
    status, said = response.status_code, _said(response, endpoint)
    if status in _REDIRECTS:
        target = _machine_in(response.headers.get("location", "")) or "another address"
        said = f"it sends on to {target}, and no question is sent there"
        return fault("not-an-endpoint", endpoint, said)
    if (by_words := _by_words(said, endpoint)) and status not in (401, 403, 429):
        return by_words
    if status == 404:
        return fault("no-model" if re.search(r"\bmodel\b", said, re.IGNORECASE) else "no-such-path", endpoint, said)
    kind = _STATUSES.get(status) or ("bad-request" if status < 500 else "server-error")
    wait = retry_after(response.headers.get("retry-after", ""), response.headers.get("date", ""))
    if kind == "unauthorised":
        return fault(kind, endpoint, "" if endpoint.key else "none is set")
    if wait and kind in ("busy", "server-error"):
        asks = f"it asks to wait {wait:.0f} s" + (f": {said}" if said else "")
        return fault("busy" if status == 503 else kind, endpoint, asks, wait)
    if status == 503 and "loading" in said.lower():
        return fault("busy", endpoint, "it is still loading its model, which takes up to a minute")
    if kind == "bad-request":
        return _bad_request(said or f"status {status}", endpoint)
    return fault(kind, endpoint, said or f"status {status}")


def _machine_in(url: str) -> str:
    """The machine that an address of a server's names, with its port; empty where it names none."""
    try:
        return urlsplit(url).netloc.rpartition("@")[2]
    except ValueError:
        return ""


def _bad_request(said: str, endpoint: Endpoint) -> Fault:
    refuses = next((part for part, words in _PARTS.items() if words.search(said)), None)
    return replace(fault("bad-request", endpoint, said), refuses=refuses)


def _no_stream(text: str, endpoint: Endpoint) -> Fault:
    """A status that says yes, and then a page or a bare object. LM Studio says so that it has no such path."""
    if re.search("unexpected endpoint", text, re.IGNORECASE):
        return fault("no-such-path", endpoint)
    said = _own_message(text, endpoint.key)
    return _by_words(said, endpoint) or fault("not-an-endpoint", endpoint, said or "it sent a page instead of a reply")


def _by_words(said: str, endpoint: Endpoint) -> Fault | None:
    """The two troubles that servers report under every status, also in the midst of a stream."""
    if _CONTEXT.search(said):
        return fault("too-long", endpoint, said)
    if _MODEL.search(said):
        return fault("no-model", endpoint, said)
    return None


def _said(response: httpx.Response, endpoint: Endpoint) -> str:
    try:
        return _own_message(response.text, endpoint.key)
    except Exception:  # a body that was not read or cannot be decoded says nothing
        return ""


def _own_message(text: str, key: str | None) -> str:
    """What an error's body says, in the forms that servers use, without the key; empty for a page."""
    try:
        found: Any = json.loads(text)
    except (ValueError, RecursionError):
        return "" if "<" in text else hide_key(one_line(text), key)[:500]
    for name in ("error", "message", "detail"):
        if isinstance(found, dict) and name in found:
            found = found[name]
    if isinstance(found, str):
        return hide_key(one_line(found), key)
    return hide_key(one_line(json.dumps(found)), key)[:500]


def hide_key(text: str, key: str | None) -> str:
    """A text of a server's without the key, also where it stands in JSON; nothing is changed for want of `LEAST_KEY`.

    Whoever reads, cleans and cuts a text does so in this order, with the hiding before the cutting: in a body that is
    not yet read, names of fields may be taken for the key; what cleaning drops may part it; half of it is not found.
    """
    if not key or len(key) < LEAST_KEY:
        return text
    in_json = json.dumps(key)[1:-1]
    for each in (key, in_json, in_json.replace("/", "\\/")):
        text = text.replace(each, _HIDDEN)
    return text


def _short(text: str, endpoint: Endpoint) -> str:
    text = hide_key(one_line(text), endpoint.key).rstrip(".")
    return text if len(text) <= 160 else f"{text[:157]}…"


def retry_after(value: str, date: str = "") -> float | None:
    """The seconds that a Retry-After header asks for, as a number or as a date; None where it says neither.

    A date counts from `date`, the server's own, where that is told: a computer's clock may be wrong.
    """
    if re.fullmatch(r"\s*\d{1,9}(\.\d*)?\s*", value):
        return float(value)
    if (until := _time_in(value)) is None:
        return None
    return max(0.0, (until - (_time_in(date) or datetime.now(UTC))).total_seconds())


def _time_in(value: str) -> datetime | None:
    try:
        found = parsedate_to_datetime(value)
    except ValueError:
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)
