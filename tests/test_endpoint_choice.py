"""Only the settings choose whom the program talks to: no lesson, no folder, no foreign variable, no server, no name."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.ferry import LESSON, UNSURE
from tests.llm.fake_server import Answer, FakeServer, Naps, quick, says
from tests.test_faulty_endpoint import judge_or_speak
from tutor.errors import LessonError, SettingsError
from tutor.lessons.loader import load_lesson
from tutor.llm.asking import ModelError, Prompt
from tutor.llm.client import LiteModel
from tutor.llm.doctor.reaching import reach
from tutor.settings import load_settings

ROOT = Path(__file__).resolve().parent.parent
PROMPT = Prompt("You judge answers.", "Is it met?", "abc123", tokens=32)

# What a decoy would be set up with, by whoever can lay a file beside a lesson or owns the shell's start-up file.
FOREIGN = """\
OPENAI_BASE_URL={url}
OPENAI_API_BASE={url}
OPENAI_API_KEY=sk-foreign
OPENAI_ORG_ID=foreign
LITELLM_API_BASE={url}
LITELLM_API_KEY=sk-foreign
LITELLM_PROXY_API_BASE={url}
LITELLM_PROXY_API_KEY=sk-foreign
LITELLM_MODE=DEV
LITELLM_LOCAL_MODEL_COST_MAP=false
LITELLM_MODEL_COST_MAP_URL={url}/prices.json
AZURE_API_BASE={url}
OLLAMA_HOST={url}
OLLAMA_API_BASE={url}
HTTP_PROXY={url}
HTTPS_PROXY={url}
ALL_PROXY={url}
http_proxy={url}
"""
OURS = "CLOSEREAD_MODEL=foreign\nCLOSEREAD_BASE_URL={url}\nCLOSEREAD_KEY=sk-foreign\nCLOSEREAD_ALLOW_REMOTE=true\n"
TOML = 'model = "foreign"\nbase_url = "{url}"\nallow_remote = true\n'


def learn(folder: Path, server: FakeServer | None, environ: dict[str, str]) -> subprocess.CompletedProcess[str]:
    """Walk through the lesson in `folder`, which is the working folder, too."""
    flags = ["--model", "fake-1b", "--base-url", server.base_url, "--judge", "model"] if server else []
    return subprocess.run(
        [sys.executable, "-m", "tutor", "learn", "./lesson.yaml", "--plain", "--as", "owl", *flags],
        input=f"{UNSURE}\n/stuck\n/quit\n", capture_output=True, text=True, timeout=120, check=False, cwd=folder,
        env={**os.environ, **environ, "PYTHONPATH": str(ROOT), "CLOSEREAD_DATA_DIR": str(folder / "data")},
    )  # fmt: skip


def set_up(folder: Path, url: str) -> dict[str, str]:
    """A lesson's folder in which everything points elsewhere, and variables that do, too."""
    (folder / "lesson.yaml").write_text(LESSON, encoding="utf-8")
    foreign = FOREIGN.format(url=url)
    for name in (".env", ".env.local", "litellm.env", ".flaskenv"):
        (folder / name).write_text(foreign + OURS.format(url=url), encoding="utf-8")
    for name in ("config.toml", "closeread.toml", ".closeread.toml", "closeread/config.toml", ".config/closeread.toml"):
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(TOML.format(url=url), encoding="utf-8")
    tool = f"[tool.closeread]\n{TOML.format(url=url)}"
    (folder / "pyproject.toml").write_text(tool, encoding="utf-8")
    (folder / "litellm_config.yaml").write_text(f"litellm_settings: {{api_base: '{url}'}}\n", encoding="utf-8")
    return dict(line.split("=", 1) for line in foreign.splitlines())


def test_neither_a_folder_nor_the_variables_of_other_programs_bring_a_model_in(tmp_path: Path) -> None:
    with FakeServer(says("Send it to me")) as decoy:
        result = learn(tmp_path, None, set_up(tmp_path, decoy.base_url))
    assert result.returncode == 0, result.stderr
    assert "Traceback" not in result.stderr
    assert (decoy.requests, decoy.others) == ([], [])


def test_neither_a_folder_nor_the_variables_of_other_programs_lead_a_question_elsewhere(tmp_path: Path) -> None:
    with FakeServer(judge_or_speak) as chosen, FakeServer(says("Send it to me")) as decoy:
        result = learn(tmp_path, chosen, set_up(tmp_path, decoy.base_url))
    assert result.returncode == 0, result.stderr
    assert chosen.requests
    assert (decoy.requests, decoy.others) == ([], [])
    sent = json.dumps([[each.headers, each.body] for each in (*chosen.requests, *chosen.others)])
    assert "sk-foreign" not in sent
    assert "foreign" not in sent


PLACES = {"lesson": ("title: One ferry\n", ""), "article": ("article:\n", "  "), "step": ("- id: who\n", "  ")}
FIELDS = [
    "model: foreign", "base_url: http://127.0.0.1:9/v1", "endpoint: http://127.0.0.1:9/v1", "key: sk-foreign",
    "api_key: sk-foreign", "api_base: http://127.0.0.1:9/v1", "allow_remote: true", "settings: {model: foreign}",
    "judge: model", "speaker: model", "key_file: /etc/hostname", "prompts_dir: prompts", "data_dir: /tmp",
    "env: {CLOSEREAD_MODEL: foreign}",
]  # fmt: skip


@pytest.mark.parametrize("field", FIELDS, ids=[each.partition(":")[0] for each in FIELDS])
@pytest.mark.parametrize("place", PLACES)
def test_a_lesson_that_names_an_endpoint_is_refused(field: str, place: str, tmp_path: Path) -> None:
    before, indent = PLACES[place]
    (tmp_path / "lesson.yaml").write_text(LESSON.replace(before, f"{before}{indent}{field}\n"), encoding="utf-8")
    with pytest.raises(LessonError) as caught:
        load_lesson(tmp_path)
    assert {each.code for each in caught.value.mistakes} == {"unknown-field"}
    assert field.partition(":")[0] in {each.offending for each in caught.value.mistakes}


# Redirects


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
@pytest.mark.parametrize(
    "location", ["{url}/chat/completions?who=me", "//127.0.0.1:{port}/v1", "http://169.254.169.254/"]
)
async def test_a_server_that_sends_on_is_not_followed(status: int, location: str) -> None:
    with FakeServer(says("I am elsewhere")) as elsewhere:
        target = location.format(url=elsewhere.base_url, port=elsewhere.port)
        with FakeServer(Answer([], status, {"location": target})) as server, pytest.raises(ModelError) as caught:
            await LiteModel(server.endpoint(key="sk-canary-4711"), sleep=Naps()).ask(PROMPT)
    assert caught.value.kind == "not-an-endpoint"
    said = str(caught.value)
    assert server.base_url in said
    assert f"it sends on to {target.split('/')[2]}, and no question is sent there" in said
    assert "Check address and port" in said
    assert len(server.requests) == 1
    assert (elsewhere.requests, elsewhere.others) == ([], [])


# Addresses that no permission opens


FORBIDDEN = """http://169.254.169.254/v1 http://169.254.169.254:80/latest/meta-data https://169.254.169.254/v1
http://169.254.170.2/v1 http://169.254.0.1/v1 http://169.254.255.255/v1 http://[fd00:ec2::254]/v1 http://[fe80::1]/v1
http://[fe80::1%25eth0]/v1 http://[febf::1]/v1 http://100.100.100.200/v1 http://192.0.0.192/v1 http://168.63.129.16/v1
http://[fd20:ce::254]/v1 http://metadata/v1 http://metadata.google.internal/v1 http://METADATA.google.internal./v1
http://metadata.goog/v1 http://instance-data/v1 http://[::ffff:169.254.169.254]/v1 http://[::ffff:a9fe:a9fe]/v1
http://[2002:a9fe:a9fe::1]/v1 http://[64:ff9b::a9fe:a9fe]/v1 http://[::ffff:100.100.100.200]/v1 http://2852039166/v1
http://0xa9fea9fe/v1 http://0xA9FEA9FE/v1 http://025177524776/v1 http://0251.0376.0251.0376/v1
http://0xa9.0xfe.0xa9.0xfe/v1 http://169.254.43518/v1 http://169.16689662/v1 http://169.254.169.254./v1
http://0/v1 http://127.1/v1 http://2130706433/v1 http://0x7f000001/v1
http://me:sk-canary-4711@127.0.0.1/v1 http://sk-canary-4711@127.0.0.1/v1 http://127.0.0.1@169.254.169.254/v1
http://169.254.169.254#@127.0.0.1/v1 http://127.0.0.1\\@169.254.169.254/v1 http://169.254.169.254?@127.0.0.1/v1
file:///etc/passwd gopher://127.0.0.1:8080/v1 ftp://127.0.0.1/v1 dict://127.0.0.1:11211/ unix:///var/run/docker.sock
data:text/plain,x javascript:alert(1) //127.0.0.1/v1 127.0.0.1:8080 http:127.0.0.1 http:///v1 http://[::1/v1
http://\u2460\u2461\u2466.0.0.1/v1 http://\uff11\uff16\uff19.254.169.254/v1 http://169\u3002254\u3002169\u3002254/v1
http://b\u00fccher.example/v1 http://\u043expenai.example/v1 http://127.0.0.1\u2044v1 http://%31%36%39.254.169.254/v1
http://127.0.0.1%00.example.org/v1 http://127.0.0.1\u200b/v1 http://a..b/v1 http://127.0.0.1:0/v1
http://127.0.0.1:99999/v1
http://[fd00:ec2::23]/v1 http://[fd00:ec2::1]/v1 http://[64:ff9b:1::a9fe:a9fe]/v1 http://[64:ff9b:1:ffff::1]/v1
http://[::a9fe:a9fe]/v1 http://[::169.254.169.254]/v1 http://[::127.0.0.1]/v1 http://[::2]/v1 http://224.0.0.1/v1
http://239.255.255.250/v1 http://[::ffff:224.0.0.1]/v1 http://[ff02::1]/v1 http://[ff0e::1]/v1
http://metadata.azure.internal/v1 http://Metadata.Azure.Internal./v1 http://rancher-metadata/v1
http://instance-data.ec2.internal/v1""".split()


@pytest.mark.parametrize("url", FORBIDDEN)
def test_no_permission_opens_an_address_where_no_model_stands(url: str, tmp_path: Path) -> None:
    given = {"model": "fake-1b", "base_url": url, "allow_remote": "true"}
    with pytest.raises(SettingsError) as caught:
        load_settings(given, {"HOME": str(tmp_path)}, None)
    said = str(caught.value)
    assert said.startswith("flag --base-url: ")
    assert said.endswith(".")
    assert "canary" not in said


def test_the_address_of_every_network_of_a_machine_is_the_machine_itself(tmp_path: Path) -> None:
    given = {"model": "fake-1b", "base_url": "http://0.0.0.0:8080/v1"}
    endpoint = load_settings(given, {"HOME": str(tmp_path)}, None).endpoint
    assert endpoint
    assert endpoint.is_local


# Names that lead elsewhere than they say


Resolver = Callable[..., list[Any]]


def resolver(*answers: tuple[str, ...]) -> Resolver:
    """In place of the system's: every name has these addresses, the last ones stay."""
    left = list(answers)

    def look_up(_: object, port: int, *__: object, **___: object) -> list[Any]:
        addresses = left.pop(0) if len(left) > 1 else left[0]
        return [
            (socket.AF_INET6, socket.SOCK_STREAM, 6, "", (each, port, 0, 0))
            if ":" in each
            else (socket.AF_INET, socket.SOCK_STREAM, 6, "", (each, port))
            for each in addresses
        ]

    return look_up


@pytest.fixture(autouse=True)
def no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    """The names below are looked up here, not by a proxy of the machine that runs the tests."""
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)


LEADS = [
    ("http://gpu.lan/v1", "169.254.169.254"),
    ("http://gpu.lan/v1", "fd00:ec2::254"),
    ("http://gpu.lan/v1", "fe80::1"),
    ("http://gpu/v1", "100.100.100.200"),
    ("http://localhost.localhost/v1", "::ffff:169.254.169.254"),
    ("https://models.example/v1", "169.254.169.254"),
    ("https://models.example/v1", "::ffff:a9fe:a9fe"),
    ("https://models.example/v1", "168.63.129.16"),
    ("http://gpu.lan/v1", "93.184.216.34"),
    ("http://gpu/v1", "2606:2800:220:1:248:1893:25c8:1946"),
]


@pytest.mark.parametrize(("url", "address"), LEADS)
async def test_a_name_that_leads_where_no_model_stands_is_not_followed(
    url: str, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("socket.getaddrinfo", resolver((address,)))
    with pytest.raises(ModelError) as caught:
        await LiteModel(quick(url, is_local=url.startswith("http:")), sleep=Naps()).ask(PROMPT)
    said = str(caught.value)
    assert caught.value.kind == "not-an-endpoint", said
    assert url in said
    where = "outside of your own network" if address[:2] in ("93", "26") else "where no model is asked"
    assert f"its name leads to an address {where}, and nothing was sent there" in said
    [check], site = await reach(quick(url, is_local=url.startswith("http:")), ())
    assert site is None
    assert "Nothing was sent there" in check.sentence
    assert url in check.sentence


async def test_of_several_addresses_of_a_name_the_fitting_ones_are_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    with FakeServer(says("Yes?")) as server:
        monkeypatch.setattr("socket.getaddrinfo", resolver(("fe80::1", "93.184.216.34", "127.0.0.1")))
        model = LiteModel(quick(f"http://gpu.lan:{server.port}/v1"), sleep=Naps())
        assert (await model.ask(PROMPT)).text == "Yes?"
    assert server.requests[0].headers["host"] == f"gpu.lan:{server.port}"


async def test_a_name_that_changes_its_mind_is_not_followed(monkeypatch: pytest.MonkeyPatch) -> None:
    with FakeServer(says("Yes?")) as server:
        model = LiteModel(quick(f"http://gpu.lan:{server.port}/v1", parallel=1), sleep=Naps())
        monkeypatch.setattr("socket.getaddrinfo", resolver(("127.0.0.1",), ("169.254.169.254",)))
        assert (await model.ask(PROMPT)).text == "Yes?"
        with pytest.raises(ModelError, match="where no model is asked"):
            await model.ask(PROMPT)
    assert len(server.requests) == 1
