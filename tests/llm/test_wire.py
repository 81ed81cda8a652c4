"""The way to an endpoint: what is sent there besides the question, proxies, certificates."""

import shutil
import ssl
import subprocess
from pathlib import Path

import pytest

from tests.llm.fake_server import FakeServer, quick, says
from tutor.llm.asking import ModelError, Prompt
from tutor.llm.client import open_model

PROMPT = Prompt("You judge answers.", "Is it met?", "abc123", tokens=32)


async def test_the_request_says_nothing_about_this_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("OPENAI_API_KEY", "OPENAI_ORG_ID", "OPENAI_PROJECT_ID", "OPENAI_ORGANIZATION", "OPENAI_BASE_URL"):
        monkeypatch.setenv(name, "http://127.0.0.1:9/not-mine")
    monkeypatch.setenv("OPENAI_CUSTOM_HEADERS", "X-Mine: not-mine")
    with FakeServer(says("Yes?")) as server:
        await open_model(server.endpoint()).ask(PROMPT)
        await open_model(server.endpoint(key="pupil-key")).ask(PROMPT)
    bare, keyed = (each.headers for each in server.requests)
    assert set(keyed) - set(bare) == {"authorization"}
    assert keyed["authorization"] == "Bearer pupil-key"
    assert keyed["user-agent"] == "closeread"
    assert not [each for each in bare.values() if "not-mine" in each or "Linux" in each or "Python" in each]


async def test_a_proxy_serves_for_remote_endpoints_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    with FakeServer(says("By the proxy")) as proxy, FakeServer(says("Directly")) as server:
        monkeypatch.setenv("HTTP_PROXY", f"http://127.0.0.1:{proxy.port}")
        monkeypatch.setenv("ALL_PROXY", f"http://127.0.0.1:{proxy.port}")
        assert (await open_model(server.endpoint()).ask(PROMPT)).text == "Directly"
        remote = quick("http://remote.invalid/v1", is_local=False)
        assert (await open_model(remote).ask(PROMPT)).text == "By the proxy"
    assert proxy.requests[0].path == "http://remote.invalid/v1/chat/completions"


@pytest.fixture
def certificate(tmp_path: Path) -> Path:
    """A self-signed certificate for the loopback, with its key in the same file."""
    if not (openssl := shutil.which("openssl")):
        pytest.skip("no openssl to make a certificate with")
    path = tmp_path / "school.pem"
    command = "req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=school -addext subjectAltName=IP:127.0.0.1"
    made = [openssl, *command.split(), "-keyout", str(path), "-out", str(tmp_path / "cert.pem")]
    subprocess.run(made, check=True, capture_output=True)
    path.write_bytes(path.read_bytes() + (tmp_path / "cert.pem").read_bytes())
    return path


async def test_a_certificate_of_the_schools_own(certificate: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    with FakeServer(says("Yes?"), tls=context) as server:
        with pytest.raises(ModelError) as caught:
            await open_model(server.endpoint()).ask(PROMPT)
        assert caught.value.kind == "not-an-endpoint"
        assert "SSL_CERT_FILE" in str(caught.value)
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
        assert (await open_model(server.endpoint()).ask(PROMPT)).text == "Yes?"


async def test_https_where_there_is_only_http() -> None:
    with FakeServer(says("Yes?")) as server, pytest.raises(ModelError) as caught:
        await open_model(quick(server.base_url.replace("http:", "https:"))).ask(PROMPT)
    assert caught.value.kind == "not-an-endpoint"
    assert "try http://" in str(caught.value)
