"""What the doctor examines in tests: a server of pages, and a model without a server."""

import asyncio
import json
import re
import socket
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler
from socketserver import ThreadingTCPServer

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
