"""Whether there is an endpoint at the configured address, and the configured model at it."""

from __future__ import annotations

import difflib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from tutor.llm.doctor.findings import Check, Found
from tutor.llm.doctor.knocking import Answer, look
from tutor.llm.faults import hide_key
from tutor.settings import Endpoint

_HOW_TO_START = "Start the server, as in: llama-server -m MODEL.gguf --port 8080 (or: ollama serve)."


@dataclass(frozen=True, slots=True)
class Site:
    """An endpoint that answers: the software behind it (empty where it does not say) and the models that it lists."""

    software: str
    models: tuple[str, ...]

    def lists(self, model: str) -> bool:
        """Whether a model is there by that name; Ollama leaves `:latest` out where nothing else is meant."""
        return model in self.models or f"{model}:latest" in self.models


async def reach(endpoint: Endpoint, found: Sequence[Found]) -> tuple[list[Check], Site | None]:
    """Look for the endpoint; there is no Site where it cannot be used, and the last check says why."""
    [answer] = await look(endpoint, f"{endpoint.base_url}/models")
    if answer.silence:
        return [_silent(endpoint, answer, found)], None
    reached = Check("reachable", "ok", f"A server answers at {endpoint.base_url}.")
    if answer.models is not None:
        fine = Check("address", "ok", f"It lists its models at {endpoint.base_url}/models.")
        return [reached, fine], Site(answer.software, answer.models)
    if answer.status in (401, 403):
        return [reached, _locked(endpoint, answer)], None
    if 300 <= answer.status < 400 or answer.status >= 429:
        return [reached, _elsewhere_or_unwell(endpoint, answer)], None
    return [reached, await _misplaced(endpoint, answer, found)], None


def closest(model: str, names: Sequence[str]) -> str | None:
    """The listed name that a mistaken one most likely means; files are compared without their folders."""
    short = {name.lower().rsplit("/", 1)[-1]: name for name in reversed(names)}
    wanted = model.lower().rsplit("/", 1)[-1]
    matches = difflib.get_close_matches(wanted, short, n=1, cutoff=0.5)
    within = [name for key, name in short.items() if wanted in key]
    return within[-1] if within else short[matches[0]] if matches else None


def listed_name(endpoint: Endpoint) -> str:
    """The configured model's name as it stands in a list without the key: a dummy may be a part of the name."""
    return hide_key(endpoint.model, endpoint.key)


def setting(name: str, value: str) -> str:
    """The line of the settings file that sets a text."""
    return f"{name} = {json.dumps(value, ensure_ascii=False)}"


def key_advice(endpoint: Endpoint) -> str:
    """What to do where an endpoint turns a question away for want of the right key."""
    if endpoint.key:
        return "Put the right key into CLOSEREAD_KEY or into the file of key_file."
    return "Put it into the environment variable CLOSEREAD_KEY, or name a key_file."


def listed(names: Sequence[str], most: int = 8) -> str:
    """Names for a sentence."""
    more = f" and {len(names) - most} more" if len(names) > most else ""
    return ", ".join(names[:most]) + more if names else "none"


def _of(endpoint: Endpoint) -> str:
    return f"{endpoint.base_url} (model {endpoint.model})"


def _silent(endpoint: Endpoint, answer: Answer, found: Sequence[Found]) -> Check:
    host, of = urlsplit(endpoint.base_url).hostname, _of(endpoint)
    here = host in ("127.0.0.1", "localhost", "::1")
    if answer.silence == "refused" and here and (other := _best(endpoint, found)):
        sentence = f"Nothing listens at {of}, but an endpoint answers at another port: {other.base_url}."
        return Check("reachable", "fail", sentence, setting("base_url", other.base_url))
    sentence, advice = {
        "refused": (f"There is no server at {of}: the connection is refused.", _HOW_TO_START),
        "unknown-host": (f"No machine has the name {host}: {of}.", "Correct the name in base_url."),
        "forbidden": (
            f"The name in {of} leads out of your own network, or to where no model is asked. Nothing was sent there.",
            "Correct base_url, or ask who looks after the network.",
        ),
        "unreachable": (f"There is no way to the machine of {of}.", "Look at the network, or correct base_url."),
        "slow": (f"{of} did not answer in time.", "Look whether the server is busy or behind a firewall."),
        "tls": (
            f"No encrypted connection to {of} could be made.",
            "Write http:// where the server has no certificate; name your school's CA file in SSL_CERT_FILE otherwise.",
        ),
    }.get(
        answer.silence,
        (f"{of} broke the connection off without an answer.", "Correct the port in base_url: is this a model server?"),
    )
    return Check("reachable", "fail", sentence, advice)


def _best(endpoint: Endpoint, found: Sequence[Found]) -> Found | None:
    name = listed_name(endpoint)
    return next((each for each in found if name in each.models), found[0] if found else None)


def _locked(endpoint: Endpoint, answer: Answer) -> Check:
    sentence = f"{_of(endpoint)} asks for a key (status {answer.status}), and none is set."
    if endpoint.key:
        sentence = f"{_of(endpoint)} does not accept the key (status {answer.status})."
    return Check("key", "fail", sentence, key_advice(endpoint))


def _elsewhere_or_unwell(endpoint: Endpoint, answer: Answer) -> Check:
    of = _of(endpoint)
    if answer.status < 400:
        sentence = f"{of} sends on to another address (status {answer.status}), which is never followed."
        return Check("address", "fail", sentence, "Write the address that it leads to as base_url.")
    if answer.status == 503:
        return Check("reachable", "fail", f"{of} is not ready (status 503).", "It may be loading: try in a minute.")
    if answer.status == 429:
        return Check("reachable", "fail", f"{of} is asked too often (status 429).", "Try again in a minute.")
    sentence = f"{of} has a fault of its own (status {answer.status})."
    return Check("reachable", "fail", sentence, "Look at what the server prints, or start it again.")


async def _misplaced(endpoint: Endpoint, answer: Answer, found: Sequence[Found]) -> Check:
    """There is a server, but no list of models: is it the path?"""
    parts = urlsplit(endpoint.base_url)
    root = f"{parts.scheme}://{parts.netloc}"
    bases = dict.fromkeys([f"{endpoint.base_url.removesuffix('/chat/completions')}/v1", f"{root}/v1", root])
    others = [each for each in bases if each != endpoint.base_url]
    answers = await look(endpoint, *(f"{each}/models" for each in others))
    for base, other in zip(others, answers, strict=True):
        if other.models is not None:
            sentence = f"{_of(endpoint)} is the right server but not the right path: its models are at {base}."
            return Check("address", "fail", sentence, setting("base_url", base))
    advice = _HOW_TO_START
    if best := _best(endpoint, found):
        advice = setting("base_url", best.base_url)
    if answer.is_page:
        sentence = f"{_of(endpoint)} answers with a web page where a list of models should be."
        return Check("address", "fail", f"{sentence} It is a website, or a log-in page stands in between.", advice)
    sentence = f"A server answers at {_of(endpoint)}, but it lists no models (status {answer.status})."
    return Check("address", "fail", sentence, advice)
