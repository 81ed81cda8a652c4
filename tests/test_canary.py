"""The key goes to the endpoint and nowhere else: not to the screen, a file, a log, a sentence about what went wrong.

The server here says everything back that it is sent, headers included, in every place where a server can say something.
"""

from __future__ import annotations

import io
import json
import logging
import os
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.ferry import LESSON, UNSURE
from tests.llm.fake_server import Answer, FakeServer, Request, Script, page, refuses_to, says
from tests.test_faulty_endpoint import judge_or_speak
from tutor.cli import main
from tutor.errors import SettingsError
from tutor.settings import load_settings
from tutor.settings.given import Given, from_environment
from tutor.settings.readers import READERS

ROOT = Path(__file__).resolve().parent.parent
CANARY = "sk-canary/4711+xyz-0123456789"
HALVES = (CANARY, CANARY[:12], CANARY[-12:])


@dataclass
class Desk:
    """A folder with a lesson and everything that the program writes, and all that it said."""

    folder: Path
    capture: pytest.CaptureFixture[str]
    logged: pytest.LogCaptureFixture
    said: str = ""

    def run(self, *words: str, typed: str = "", url: str = "") -> int:
        """One command; `typed` is its standard input."""
        flags = ["--data-dir", str(self.folder / "data")]
        flags += ["--model", "fake-1b", "--base-url", url, "--judge", "both"] if url else []
        before, sys.stdin = sys.stdin, io.StringIO(typed)
        try:
            return main([*words, *flags])
        finally:
            sys.stdin = before
            shown = self.capture.readouterr()
            self.said += shown.out + shown.err

    def assert_clean(self) -> None:
        """No byte of the key, not even a half of it, anywhere."""
        found = [
            str(path)
            for path in self.folder.rglob("*")
            if path.is_file() and path.name != "key" and any(each.encode() in path.read_bytes() for each in HALVES)
        ]
        assert found == []
        assert not [each for each in HALVES if each in self.said], self.said
        logged = self.logged.text + "".join(str(record.__dict__) for record in self.logged.records)
        assert not [each for each in HALVES if each in logged]


@pytest.fixture
def desk(
    tmp_path: Path,
    home: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    caplog: pytest.LogCaptureFixture,
) -> Desk:
    """All folders in one: working folder, home, settings, data; with the key in the environment and every log on."""
    folder = tmp_path / "desk"
    (folder / "ferry").mkdir(parents=True)
    (folder / "ferry" / "lesson.yaml").write_text(LESSON, encoding="utf-8")
    (folder / "text.txt").write_text("Ferry to close\n\nThe ferry closes in May, says Ada Lund. Everybody knows it.\n")
    monkeypatch.chdir(folder)
    for name in ("HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_CACHE_HOME", "XDG_STATE_HOME", "TMPDIR"):
        monkeypatch.setenv(name, str(folder / name.lower()))
        (folder / name.lower()).mkdir()
    monkeypatch.setenv("CLOSEREAD_KEY", CANARY)
    monkeypatch.setattr("tutor.llm.client._BACK_OFF", 0.0)
    caplog.set_level(logging.DEBUG)
    return Desk(folder, capsys, caplog)


def echo(request: Request) -> str:
    return f"You sent: {json.dumps(request.headers)} {request.headers.get('authorization')}"


def refuses(status: int) -> Script:
    return lambda request: refuses_to(status, echo(request), Retry_After="0", X_Echo=CANARY)


def page_of(request: Request) -> Answer:
    return Answer([f"<html>{echo(request)}</html>".encode()], 200, {"content-type": "text/html"})


def far_in(request: Request) -> Answer:
    """The key stands where a message of any sensible length is cut: each beginning of it comes out once."""
    words = "".join(f"{CANARY} " for _ in range(40))
    return refuses_to(500, "x" * (len(words) % 29) + words)


def inside(request: Request) -> Answer:
    body = f"data: {json.dumps({'error': {'message': echo(request), 'code': 500}})}\n\n"
    return Answer([body.encode()], headers={"content-type": "text/event-stream"})


def as_reply(request: Request) -> Answer:
    """A proper reply of a proper model, whose words and whose name hold the key."""
    if "met" in request.prompt:
        return says(json.dumps({"met": False, "why": CANARY}), model=f"served {CANARY}")(request)
    return says(json.dumps({"question": f"You write {CANARY}, but who says so?"}), model=f"served {CANARY}")(request)


def named(request: Request) -> Answer:
    answer: Answer = judge_or_speak(request)
    pieces = [each.replace(b'"model": "fake-1b"', f'"model": "{CANARY}"'.encode()) for each in answer.pieces]
    return Answer(pieces, headers=answer.headers)


def long_named(request: Request) -> Answer:
    """The key stands where a name of any sensible length is cut."""
    answer: Answer = judge_or_speak(request)
    name = json.dumps({"model": "n" * (200 - len(CANARY) // 2) + CANARY})[1:-1]
    return Answer(
        [each.replace(b'"model": "fake-1b"', name.encode()) for each in answer.pieces], headers=answer.headers
    )


def sends_on(request: Request) -> Answer:
    return Answer([], 307, {"location": f"http://{CANARY}.example/{CANARY}?key={CANARY}"})


ECHOES: dict[str, Script] = {
    "400": refuses(400), "401": refuses(401), "404": refuses(404), "429": refuses(429), "500": refuses(500),
    "page": page_of, "login page": page(), "cut": far_in, "error in the stream": inside, "reply": as_reply,
    "name of the model": named, "long name": long_named, "redirect": sends_on,
}  # fmt: skip
TYPED = f"{UNSURE}\n/stuck\n/stuck\nyes\nyes\n"


@pytest.mark.parametrize("answer", ECHOES.values(), ids=ECHOES)
def test_a_lesson_with_a_server_that_says_everything_back(answer: Script, desk: Desk) -> None:
    with FakeServer(answer, models=[f"fake-1b {CANARY}"]) as server:
        assert desk.run("learn", "./ferry", "--plain", "--as", "owl", typed=TYPED, url=server.base_url) == 0
        assert [each.headers["authorization"] for each in server.requests][:1] == [f"Bearer {CANARY}"]
    assert [*desk.folder.rglob("*.html")], "the page at the end was written"
    desk.assert_clean()


@pytest.mark.parametrize("name", ["400", "reply", "name of the model"])
@pytest.mark.parametrize(
    "words",
    [
        ["bench", "./ferry", "--out", "card"],
        ["try", "./ferry"],
        ["calibrate", "./ferry"],
        ["new", "text.txt", "--to", "made", "--draft"],
    ],
    ids=" ".join,
)
def test_a_command_with_a_server_that_says_everything_back(words: Sequence[str], name: str, desk: Desk) -> None:
    with FakeServer(ECHOES[name]) as server:
        desk.run(*words, url=server.base_url)
        assert server.requests
    assert "Something went wrong inside" not in desk.said
    desk.assert_clean()


@pytest.mark.parametrize("form", [[], ["--json"]])
def test_the_doctor_at_a_server_that_says_everything_back(form: list[str], desk: Desk) -> None:
    with FakeServer(ECHOES["400"], models=["fake-1b", f"other {CANARY}"]) as server:
        assert desk.run("doctor", *form, url=server.base_url) == 1
        assert server.others[0].headers["authorization"] == f"Bearer {CANARY}"
    assert "key" in desk.said
    desk.assert_clean()


OFFLINE = [
    [], ["check", "./ferry"], ["check", "--json", "./ferry"], ["check", "--github", "./ferry"], ["schema"],
    ["schema", "--out", "schema.json"], ["new", "text.txt", "--to", "made"], ["try", "./ferry"], ["doctor"],
    ["learn", "./ferry", "--plain", "--as", "owl"], ["forget", "owl", "--yes"], ["--help"], ["learn", "--help"],
    ["learn", "no-such-lesson"], ["check", "nowhere"], ["forget", "nobody", "--yes"], ["bench", "./ferry"],
]  # fmt: skip


def test_no_command_without_a_model_says_or_writes_the_key(desk: Desk) -> None:
    for words in OFFLINE:
        try:
            desk.run(*words, typed=TYPED)
        except SystemExit:
            desk.said += "".join(desk.capture.readouterr())
    assert "Something went wrong inside" not in desk.said
    desk.assert_clean()


WRONG = [
    ["--key", CANARY], [f"--key={CANARY}"], ["--key-file", CANARY], ["--base-url", f"http://{CANARY}@127.0.0.1/v1"],
    ["--base-url", f"http://127.0.0.1/v1?key={CANARY}"], ["--base-url", f"http://127.0.0.1/{CANARY}\n"],
]  # fmt: skip


@pytest.mark.parametrize("words", WRONG, ids=lambda words: words[0] + words[-1][:10])
def test_a_key_in_the_wrong_place_of_the_command_line_is_not_said_again(words: list[str], desk: Desk) -> None:
    assert desk.run("doctor", *words) == 1
    assert desk.said
    desk.assert_clean()


FILES = [
    f'key = "{CANARY}"', f"key = {CANARY}", f'key_file = "{CANARY}"', f'base_url = "http://u:{CANARY}@gpu/v1"',
    f'base_url = "http://gpu/v1#{CANARY}"', f'model = "m"\nbase_url = "{CANARY}"',
]  # fmt: skip


@pytest.mark.parametrize("text", FILES)
def test_a_key_in_the_wrong_place_of_the_settings_file_is_not_said(text: str, tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(SettingsError) as caught:
        load_settings({}, {"HOME": str(tmp_path)}, path)
    assert not [each for each in HALVES if each in str(caught.value)]


@pytest.mark.skipif(os.name == "nt", reason="modes are those of POSIX")
@pytest.mark.parametrize("mode", [0o600, 0o644])
def test_a_key_from_a_file_is_not_said_either(mode: int, desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CLOSEREAD_KEY")
    (desk.folder / "key").write_text(f"{CANARY}\n", encoding="utf-8")
    (desk.folder / "key").chmod(mode)
    with FakeServer(ECHOES["500"]) as server:
        status = desk.run("try", "./ferry", "--key-file", "key", url=server.base_url)
        if mode == 0o600:
            assert server.requests[0].headers["authorization"] == f"Bearer {CANARY}"
    assert status == 1
    desk.assert_clean()


def test_no_setting_shows_the_key_when_it_is_printed(tmp_path: Path) -> None:
    environ = {"HOME": str(tmp_path), "CLOSEREAD_KEY": CANARY}
    settings = load_settings({"model": "m", "base_url": "http://127.0.0.1:8080/v1"}, environ, None)
    assert settings.endpoint
    assert settings.endpoint.key == CANARY
    shown = f"{settings!r} {settings} {settings.shown} {settings.origins} {settings.endpoint!r} {settings.endpoint}"
    shown += f"{from_environment(environ)!r}"
    assert CANARY not in shown


@pytest.mark.skipif(os.name == "nt", reason="modes are those of POSIX")
def test_the_file_of_a_key_shows_it_not_when_it_is_printed(tmp_path: Path) -> None:
    (tmp_path / "key").write_text(CANARY, encoding="utf-8")
    (tmp_path / "key").chmod(0o600)
    read: Any = READERS["key_file"](Given(str(tmp_path / "key"), "flag", "", ""), {})
    assert read.key == CANARY
    assert CANARY not in repr(read)


# What goes wrong inside of the program itself

CRASH = """
import sys
sys.path.insert(0, sys.argv[1])
import tutor.bootstrap
def crash(self, *rest):
    key = self.settings.endpoint.key
    raise RuntimeError(f"it went wrong with {key}") from ValueError(key)
tutor.bootstrap.House.load = crash
if sys.argv[2] == "screen":
    import argparse
    from tutor.cli.common import settings_for
    from tutor.tui.app import TutorApp
    settings = settings_for(argparse.Namespace(model="m", base_url="http://127.0.0.1:9/v1"))
    tutor.bootstrap.House.prepare = lambda self: None
    app = TutorApp(tutor.bootstrap.House(settings, "owl"), "ferry")
    app.run(headless=True)
    sys.exit(app.return_code)
from tutor.cli import main
tutor.bootstrap.House.entries = crash
sys.exit(main(sys.argv[3:]))
"""


@pytest.mark.parametrize(
    "words",
    [
        ["plain", "learn", "./ferry", "--plain", "--as", "owl"],
        ["plain"],
        ["plain", "calibrate", "./ferry"],
        ["screen"],
    ],
    ids=["lesson", "library", "calibrate", "screen"],
)
def test_a_crash_says_neither_the_key_nor_what_held_it(words: list[str], desk: Desk) -> None:
    flags = ["--model", "m", "--base-url", "http://127.0.0.1:9/v1"] if words[0] == "plain" else []
    result = subprocess.run(
        [sys.executable, "-c", CRASH, str(ROOT), *words, *flags],
        capture_output=True, text=True, timeout=120, check=False, cwd=desk.folder, stdin=subprocess.DEVNULL,
        env={**os.environ, "OPENAI_LOG": "debug", "LITELLM_LOG": "DEBUG", "TEXTUAL_LOG": str(desk.folder / "log")},
    )  # fmt: skip
    desk.said += result.stdout + result.stderr
    assert result.returncode == 1
    assert "went wrong" in desk.said
    assert "Traceback" not in desk.said
    desk.assert_clean()


def test_the_logs_that_libraries_can_be_told_to_write_do_not_hold_the_key_or_the_words(desk: Desk) -> None:
    with FakeServer(ECHOES["400"]) as server:
        flags = ["--model", "fake-1b", "--base-url", server.base_url, "--judge", "both"]
        result = subprocess.run(
            [sys.executable, "-m", "tutor", "learn", "./ferry", "--plain", "--as", "owl",
             "--data-dir", "data", *flags],
            input=TYPED, capture_output=True, text=True, timeout=120, check=False, cwd=desk.folder,
            env={**os.environ, "PYTHONPATH": str(ROOT), "OPENAI_LOG": "debug", "LITELLM_LOG": "DEBUG",
                 "LITELLM_VERBOSE": "true", "HTTPX_LOG_LEVEL": "trace"},
        )  # fmt: skip
        assert result.returncode == 0, result.stderr
        assert server.requests, result.stdout + result.stderr
    desk.said += result.stdout + result.stderr
    desk.assert_clean()
    assert UNSURE not in result.stderr
