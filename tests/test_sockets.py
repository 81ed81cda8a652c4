"""Nothing leaves the machine but what goes to the configured endpoint; without one, no socket is opened at all."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.llm.fake_server import FakeServer
from tests.test_faulty_endpoint import LESSON, UNSURE, judge_or_speak

ROOT = Path(__file__).resolve().parent.parent

# Every address that this process binds to, connects to, sends to or looks up is written down; what is not allowed ends
# it. An event loop wakes itself through a pair of sockets that have no address: those are no way out.
GUARD = """
import os, sys
allowed, seen = set(sys.argv[1].split("|")), []

def watch(event, args):
    if event in ("socket.connect", "socket.sendto", "socket.bind"):
        address = args[1]
    elif event in ("socket.getaddrinfo", "socket.gethostbyname"):
        address = args[:2]
    else:
        return
    text = f"{event.removeprefix('socket.')} {address[0]}:{address[1]}" if isinstance(address, tuple) else repr(address)
    seen.append(text)
    if text not in allowed:
        os.write(2, f"NOT ALLOWED: {text}\\n".encode())
        os._exit(70)

sys.addaudithook(watch)
sys.path.insert(0, sys.argv[2])
from tutor.cli import main
status = main(sys.argv[3:])
print("SEEN", *sorted(set(seen)), sep="|")
print("LOADED", *sorted({"litellm", "httpx", "openai", "tiktoken", "http.client"} & set(sys.modules)))
sys.stdout.flush()
os._exit(status)
"""


def run(lesson: Path, allowed: list[str], *flags: str) -> tuple[list[str], str]:
    """Walk through the lesson in plain mode in a guarded process; what it connected to, and all that it said."""
    lines = f"{UNSURE}\nwhat does quay mean\nHer name is there: ask Lund, the master.\n/stuck\n/stuck\nyes\nyes\n"
    command = [sys.executable, "-c", GUARD, "|".join(allowed), str(ROOT), "learn", str(lesson), "--plain"]
    result = subprocess.run(
        [*command, "--as", "owl", *flags],
        input=lines,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
        cwd=lesson.parent,
    )
    assert result.returncode == 0, result.stdout + result.stderr
    seen = next(line for line in result.stdout.splitlines() if line.startswith("SEEN"))
    return seen.split("|")[1:], result.stdout


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
        # A library looks whether there is IPv6 by binding to a port of its own choice, and never uses it.
        allowed = [f"connect 127.0.0.1:{server.port}", "bind ::1:0"]
        seen, text = run(lesson, allowed, "--model", "fake-1b", "--base-url", server.base_url, "--judge", "model")
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
        run(lesson, ["bind ::1:0"], "--model", "fake-1b", "--base-url", server.base_url, "--judge", "model")
