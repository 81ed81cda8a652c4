"""Nothing leaves the machine but what goes to the configured endpoint; without one, no socket is opened at all.

So it is for a lesson in plain lines and at the screen, and for every other command.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.ferry import LESSON, UNSURE
from tests.llm.fake_server import FakeServer
from tests.staged import kinds, learn_broken
from tests.test_faulty_endpoint import judge_or_speak
from tests.test_privacy import learned
from tutor.llm.doctor.knocking import USUAL_PORTS

ROOT = Path(__file__).resolve().parent.parent

# Every address that this process binds to, connects to, sends to or looks up is written down; what is not allowed ends
# it. An event loop wakes itself through a pair of sockets that have no address: those are no way out.
WATCH = """
import os, sys
allowed, seen = set({allowed!r}), []

def watch(event, args):
    if event in ("socket.connect", "socket.sendto", "socket.bind"):
        address = args[1]
    elif event in ("socket.getaddrinfo", "socket.gethostbyname"):
        address = args[:2]
    else:
        return
    text = repr(address)
    if isinstance(address, tuple):
        text = f"{{event.removeprefix('socket.')}} {{address[0]}}:{{address[1]}}"
    seen.append(text)
    if text not in allowed:
        os.write(2, f"NOT ALLOWED: {{text}}\\n".encode())
        os._exit(70)

sys.addaudithook(watch)
sys.path.insert(0, {root!r})
"""
COMMAND = """
from tutor.cli import main
status = main(sys.argv[1:])
print("SEEN", *sorted(set(seen)), sep="|")
print("LOADED", *sorted({"litellm", "httpx", "openai", "tiktoken", "http.client"} & set(sys.modules)))
sys.stdout.flush()
os._exit(status)
"""
# A library looks whether there is IPv6 by binding to a port of its own choice, and never uses it.
IPV6 = "bind ::1:0"
KNOCKS = [f"connect 127.0.0.1:{port}" for port in USUAL_PORTS]
"""The doctor looks for servers on this machine."""
GUARDED = 70
"""How a process ends that did what it was not allowed to."""


def guard(allowed: list[str]) -> str:
    """Lines of Python that end their process at any other address."""
    return WATCH.format(allowed=allowed, root=str(ROOT))


def closeread(
    folder: Path, allowed: list[str], *arguments: str, typed: str = "", status: int = 0
) -> tuple[list[str], str]:
    """Run a command in a guarded process; what it connected to, and all that it said."""
    result = subprocess.run(
        [sys.executable, "-c", guard(allowed) + COMMAND, *arguments], input=typed, capture_output=True, text=True,
        timeout=120, check=False, cwd=folder, env={**os.environ, "CLOSEREAD_DATA_DIR": str(folder / "data")},
    )  # fmt: skip
    assert result.returncode == status, result.stdout + result.stderr
    seen = next(line for line in result.stdout.splitlines() if line.startswith("SEEN"))
    return seen.split("|")[1:], result.stdout


def run(lesson: Path, allowed: list[str], *flags: str) -> tuple[list[str], str]:
    """Walk through the lesson in plain mode in a guarded process."""
    lines = f"{UNSURE}\nwhat does quay mean\nHer name is there: ask Lund, the master.\n/stuck\n/stuck\nyes\nyes\n"
    return closeread(lesson.parent, allowed, "learn", str(lesson), "--plain", "--as", "owl", *flags, typed=lines)


def with_model(server: FakeServer) -> tuple[str, ...]:
    return ("--model", "fake-1b", "--base-url", server.base_url, "--judge", "model")


def test_without_a_model_no_socket_is_used(tmp_path: Path) -> None:
    lesson = tmp_path / "ferry.yaml"
    lesson.write_text(LESSON, encoding="utf-8")
    seen, text = run(lesson, [])
    assert seen == []
    assert text.rstrip().endswith("LOADED")
    assert "Written:" in text


def test_with_a_model_only_its_endpoint_is_talked_to(tmp_path: Path) -> None:
    lesson = tmp_path / "ferry.yaml"
    lesson.write_text(LESSON, encoding="utf-8")
    with FakeServer(judge_or_speak) as server:
        allowed = [f"connect 127.0.0.1:{server.port}", IPV6]
        seen, text = run(lesson, allowed, *with_model(server))
        asked = [json.dumps(request.body) for request in server.requests]
    assert set(seen) <= set(allowed)
    assert allowed[0] in seen
    assert "litellm" in text.rsplit("LOADED")[1]
    assert asked
    assert "A language model" in text


def test_the_guard_sees_a_connection_that_is_not_allowed(tmp_path: Path) -> None:
    lesson = tmp_path / "ferry.yaml"
    lesson.write_text(LESSON, encoding="utf-8")
    with FakeServer(judge_or_speak) as server, pytest.raises(AssertionError, match="NOT ALLOWED: connect"):
        run(lesson, [IPV6], *with_model(server))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where a teacher is at work: a lesson, articles to make one of, and what is kept of a learner."""
    learned(tmp_path / "data", "owl")
    (tmp_path / "ferry.yaml").write_text(LESSON, encoding="utf-8")
    (tmp_path / "text.txt").write_text("The ferry closes in May.\n\nEverybody knows it.\n", encoding="utf-8")
    page = "<html><head><title>Ferry</title><link rel=stylesheet href=http://192.0.2.1/a.css></head><body><article>"
    text = "<p>The ferry closes in May, says the harbour master, and everybody knows it by now.</p>" * 5
    (tmp_path / "page.html").write_text(f"{page}<img src=http://192.0.2.1/a.png>{text}</article>", encoding="utf-8")
    return tmp_path


COMMANDS = [
    "check ferry.yaml --json", "check --explain unknown-field", "try ferry.yaml", "schema --out schema.json",
    "new text.txt --to made", "new page.html --to made", "forget owl --yes",
]  # fmt: skip
REFUSED = ["new http://192.0.2.1/page.html", "bench ferry.yaml", "calibrate ferry.yaml", "preview ferry.yaml"]
"""These want a file, a model or a terminal."""


@pytest.mark.parametrize("command", [*COMMANDS, *REFUSED])
def test_no_command_uses_a_socket_without_a_model(command: str, folder: Path) -> None:
    allowed = [IPV6] if "page.html" in command else []
    seen, _ = closeread(folder, allowed, *command.split(), status=1 if command in REFUSED else 0)
    assert set(seen) <= set(allowed)


def test_without_a_model_the_doctor_knocks_at_this_machine_only(folder: Path) -> None:
    seen, _ = closeread(folder, [*KNOCKS, IPV6], "doctor", status=0)
    assert set(KNOCKS) <= set(seen)


@pytest.mark.parametrize(
    ("command", "status"),
    [
        ("try ferry.yaml", 0),
        ("bench ferry.yaml", 0),
        pytest.param("calibrate ferry.yaml", 1, marks=pytest.mark.long),  # of so few samples nothing can be learned
        pytest.param("new text.txt --to made --draft", 0, marks=pytest.mark.long),
    ],
)
def test_a_command_talks_to_the_endpoint_and_to_nobody_else(command: str, status: int, folder: Path) -> None:
    with FakeServer(judge_or_speak) as server:
        endpoint = f"connect 127.0.0.1:{server.port}"
        seen, _ = closeread(folder, [endpoint, IPV6], *command.split(), *with_model(server), status=status)
    assert endpoint in seen


@pytest.mark.parametrize("command", ["check ferry.yaml", "schema --out schema.json", "forget owl --yes"])
def test_what_needs_no_model_does_not_ask_the_one_that_is_there(command: str, folder: Path) -> None:
    with FakeServer(judge_or_speak) as server:
        assert closeread(folder, [], *command.split(), *with_model(server))[0] == []


def test_the_doctor_tries_the_endpoint_and_knocks_at_this_machine_only(folder: Path) -> None:
    with FakeServer(judge_or_speak) as server:
        endpoint = f"connect 127.0.0.1:{server.port}"
        seen, _ = closeread(folder, [endpoint, *KNOCKS, IPV6], "doctor", *with_model(server), status=0)
    assert {endpoint, *KNOCKS} <= set(seen)


# ------------------------------------------------------------------ at the screen

on_a_terminal = pytest.mark.skipif(sys.platform == "win32", reason="no pseudo-terminals on Windows")
COUNCIL = "Nobody says who counted."


@on_a_terminal
@pytest.mark.parametrize("is_there", [False, True], ids=["no model", "model"])
def test_the_screen_talks_to_the_endpoint_and_to_nobody_else(is_there: bool, tmp_path: Path) -> None:
    from tests.pty_stage import Stage  # noqa: PLC0415  POSIX only

    with FakeServer(judge_or_speak) as server:
        allowed = [f"connect 127.0.0.1:{server.port}", IPV6] if is_there else []
        program = learn_broken(tmp_path, guard(allowed), *(with_model(server) if is_there else ()))
        with Stage(program, home=tmp_path) as stage:
            stage.until("Enter Send")
            stage.send(f"{COUNCIL}\r")
            stage.until(lambda: kinds(tmp_path).count("judged") == 1)
            stage.until("Try it again" if not is_there else COUNCIL)
            stage.kill(signal.SIGTERM)
            assert stage.wait() == 128 + signal.SIGTERM
        assert bool(server.requests) == is_there


@on_a_terminal
def test_the_guard_sees_a_connection_of_the_screen_that_is_not_allowed(tmp_path: Path) -> None:
    from tests.pty_stage import Stage  # noqa: PLC0415  POSIX only

    with (
        FakeServer(judge_or_speak) as server,
        Stage(learn_broken(tmp_path, guard([IPV6]), *with_model(server)), home=tmp_path) as stage,
    ):
        stage.until("Enter Send")
        stage.send(f"{COUNCIL}\r")
        assert stage.wait() == GUARDED
