"""The doctor at the door: what is there, every trouble of an address in its own sentence, and how to mend it."""

import json
import socket
import threading
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from tests.llm.doctor_stage import (
    CANARY,
    ENVIRON,
    WEBSITE,
    Mind,
    Page,
    closed_port,
    fine,
    models,
    seen_by,
    serving,
    settings_for,
)
from tutor.llm.doctor import Examination
from tutor.llm.doctor.telling import as_lines
from tutor.settings import load_settings

# Without a model


def test_no_proxy_stands_between_the_doctor_and_this_house(monkeypatch: pytest.MonkeyPatch) -> None:
    with closed_port() as port, serving(fine()) as server:
        for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
            monkeypatch.setenv(name, f"http://127.0.0.1:{port}")
        seen = seen_by(settings_for(f"{server.root}/v1"), Mind(), ports=[server.port])
    assert (len(seen.found), seen.fitness) == (1, "fit")


def test_nothing_configured_and_nothing_there_is_all_right() -> None:
    with closed_port() as port:
        seen = seen_by(load_settings({}, ENVIRON, None), ports=[port])
    assert (seen.fitness, seen.status, seen.checks, seen.found, seen.advice) == ("not-configured", 0, (), (), "")
    text = "\n".join(as_lines(seen, None, [port]))
    assert "No model is configured, and none is needed: lessons run without one." in text
    assert f"none at the usual ports: {port}" in text
    assert "/srv/work  (environment CLOSEREAD_DATA_DIR)" in text


def test_what_is_there_is_listed_with_the_lines_to_use_it(tmp_path: Path) -> None:
    listed = fine("nomic-embed-text", 'Größe:"7b"', owner="library")
    with serving(listed) as first, serving(fine("b")) as second, serving({"/v1/models": WEBSITE}) as no_endpoint:
        ports = [no_endpoint.port, first.port, second.port]
        seen = seen_by(load_settings({}, ENVIRON, None), ports=ports)
    assert [(each.base_url, each.software, each.models) for each in seen.found] == [
        (f"{first.root}/v1", "Ollama", ("nomic-embed-text", 'Größe:"7b"')),
        (f"{second.root}/v1", "llama-server", ("b",)),
    ]
    assert seen.status == 0
    config = tmp_path / "config.toml"
    assert str(config) in "\n".join(as_lines(seen, config))
    assert len(seen.advice.splitlines()) == 3
    config.write_text(seen.advice, encoding="utf-8")
    endpoint = load_settings({}, ENVIRON, config).endpoint
    assert endpoint
    assert (endpoint.model, endpoint.base_url) == ('Größe:"7b"', f"{first.root}/v1")


ODD = [
    Page("[]"),
    Page("[" * 100_000),
    Page('{"data": {"id": "x"}}'),
    Page(json.dumps({"data": [{"id": "x"}]}), status=401),
    Page(headers={"location": "/v1/elsewhere"}, status=302),
    Page("x" * 2_000_000),
]


@pytest.mark.parametrize("page", ODD, ids=range(len(ODD)))
def test_what_is_no_endpoint_is_not_listed(page: Page) -> None:
    with serving({"/v1/models": page, "/v1/elsewhere": models("trap")}) as server:
        seen = seen_by(load_settings({}, ENVIRON, None), ports=[server.port])
    assert seen.found == ()
    assert [path for path, _ in server.seen] == ["/v1/models"]


def test_names_of_models_move_no_cursor() -> None:
    with serving({"/v1/models": models("\x1b[2Jred\nteam", "a" * 1000)}) as server:
        seen = seen_by(load_settings({}, ENVIRON, None), ports=[server.port])
    assert seen.found[0].models == ("[2Jred team", "a" * 200)


def test_a_server_that_says_nothing_holds_nobody_up() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        seen = seen_by(load_settings({}, ENVIRON, None), ports=[silent.getsockname()[1]])
    assert seen.found == ()


# What is wrong with an address


def reaching(pages: Mapping[str, Page], path: str = "/v1", ports: Sequence[int] = ()) -> tuple[Examination, str]:
    with serving(pages) as server:
        return seen_by(settings_for(f"{server.root}{path}"), ports=ports), server.root


def failure(seen: Examination) -> tuple[str, str, str]:
    """The one check that failed, which is the last; the verdict and the exit status say so, too."""
    *before, last = seen.checks
    assert [each.state for each in (*before, last)] == ["ok"] * len(before) + ["fail"]
    assert (seen.fitness, seen.status, seen.advice) == ("not-fit", 1, last.advice)
    assert last.sentence in seen.verdict
    assert "model qwen" in last.sentence
    return last.name, last.sentence, last.advice


def test_no_server() -> None:
    with closed_port() as port:
        name, sentence, advice = failure(seen_by(settings_for(f"http://127.0.0.1:{port}/v1"), ports=[port]))
    assert name == "reachable"
    assert f"There is no server at http://127.0.0.1:{port}/v1" in sentence
    assert "llama-server -m" in advice


def test_the_wrong_port() -> None:
    with closed_port() as port, serving(fine("b")) as other, serving(fine()) as own:
        seen = seen_by(settings_for(f"http://127.0.0.1:{port}/v1"), ports=[other.port, own.port])
    name, sentence, advice = failure(seen)
    assert name == "reachable"
    assert "another port" in sentence
    assert advice == f'base_url = "{own.root}/v1"'
    assert not any(key for _, key in (*other.seen, *own.seen)), "the key is shown to the configured endpoint alone"


@pytest.mark.parametrize("path", ["", "/api", "/v2", "/v1/chat", "/v1/v1", "/v1/chat/completions"])
def test_the_wrong_path(path: str) -> None:
    seen, root = reaching(fine(), path)
    name, sentence, advice = failure(seen)
    assert (name, advice) == ("address", f'base_url = "{root}/v1"')
    assert "not the right path" in sentence


def test_the_list_at_another_place_than_usual() -> None:
    seen, root = reaching({"/openai/v1/models": models("qwen")}, "/openai")
    assert failure(seen)[2] == f'base_url = "{root}/openai/v1"'
    seen, root = reaching({"/models": models("qwen")}, "/v1")
    assert failure(seen)[2] == f'base_url = "{root}"'


PAGES: list[tuple[Page, str, str]] = [
    (Page("no", 404), "address", "lists no models (status 404)"),
    (Page("{}", 200), "address", "lists no models (status 200)"),
    (WEBSITE, "address", "a web page where a list of models should be"),
    (Page(status=307, headers={"location": "/v1/elsewhere"}), "address", "sends on to another address (status 307)"),
    (Page("{}", 401), "key", "does not accept the key (status 401)"),
    (Page("{}", 403), "key", "does not accept the key (status 403)"),
    (Page('{"error": "Loading model"}', 503), "reachable", "is not ready (status 503)"),
    (Page(f"wrong key {CANARY}", 500), "reachable", "has a fault of its own (status 500)"),
    (Page("", 429), "reachable", "is asked too often (status 429)"),
]


@pytest.mark.parametrize(("page", "name", "words"), PAGES, ids=[words for *_, words in PAGES])
def test_each_trouble_has_its_sentence(page: Page, name: str, words: str) -> None:
    with serving({"/v1/models": page, "/v1/elsewhere": models("qwen")}) as server:
        seen = seen_by(settings_for(f"{server.root}/v1"))
    found = failure(seen)
    assert found[0] == name
    assert words in found[1]
    assert f"{server.root}/v1" in found[1]
    assert found[2]
    assert "/v1/elsewhere" not in [path for path, _ in server.seen]
    assert {key for _, key in server.seen} == {f"Bearer {CANARY}"}


def test_a_key_is_asked_for_and_there_is_none() -> None:
    with serving({"/v1/models": Page("{}", 401)}) as server:
        flags = {"model": "qwen", "base_url": f"{server.root}/v1"}
        seen = seen_by(load_settings(flags, ENVIRON, None))
    _, sentence, advice = failure(seen)
    assert "asks for a key" in sentence
    assert "CLOSEREAD_KEY" in advice


def test_a_name_that_no_machine_has(monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown(*_: object, **__: object) -> None:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr("socket.getaddrinfo", unknown)
    name, sentence, _ = failure(seen_by(settings_for("http://gpu.lan:8080/v1")))
    assert name == "reachable"
    assert "No machine has the name gpu.lan" in sentence


def test_encryption_where_there_is_none() -> None:
    with serving(fine()) as server:
        _, sentence, advice = failure(seen_by(settings_for(server.root.replace("http:", "https:") + "/v1")))
    assert "No encrypted connection" in sentence
    assert "SSL_CERT_FILE" in advice


def test_something_that_speaks_no_http() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:

        def hang_up() -> None:
            connection, _ = server.accept()
            connection.recv(1000)
            connection.sendall(b"SSH-2.0\r\n")
            connection.close()

        thread = threading.Thread(target=hang_up)
        thread.start()
        name, sentence, _ = failure(seen_by(settings_for(f"http://127.0.0.1:{server.getsockname()[1]}/v1")))
        thread.join()
    assert name == "reachable"
    assert "broke the connection off" in sentence
