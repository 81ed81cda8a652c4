"""The settings of the model: what they may be, that they fit together, and that the key is never shown."""

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from tutor.errors import SettingsError
from tutor.settings import NAMES, Endpoint, Settings, load_settings

CANARY = "sk-canary-4711"
MODEL = {"model": "qwen", "base_url": "http://127.0.0.1:8080/v1"}
REMOTE = {"model": "large", "base_url": "https://api.example.org/v1"}

posix = pytest.mark.skipif(os.name == "nt", reason="Windows keeps rights in another way")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "config.toml"


def load(file: Path, text: str = "", flags: Mapping[str, Any] | None = None, **environ: str) -> Settings:
    file.write_text(text, encoding="utf-8")
    return load_settings(flags or {}, {"HOME": "/home/owl", "CLOSEREAD_DATA_DIR": "/srv/work", **environ}, file)


def refused(file: Path, text: str = "", flags: Mapping[str, Any] | None = None, **environ: str) -> str:
    with pytest.raises(SettingsError) as caught:
        load(file, text, flags, **environ)
    assert CANARY not in str(caught.value)
    return str(caught.value)


def test_without_a_model_the_teachers_words_do_everything(file: Path) -> None:
    settings = load(file)
    assert settings.endpoint is None
    assert (settings.judge, settings.speaker) == ("embedded", "scripted")
    assert (settings.allow_remote, settings.prompts_dir) == (False, None)


def test_with_a_model_it_judges_beside_the_rules_and_speaks(file: Path) -> None:
    settings = load(file, flags=MODEL)
    assert settings.endpoint == Endpoint(
        model="qwen", base_url="http://127.0.0.1:8080/v1", key=None, connect_seconds=5, first_token_seconds=60,
        gap_seconds=30, total_seconds=180, context=4096, parallel=None, examples=0, is_local=True,
    )  # fmt: skip
    assert (settings.judge, settings.speaker) == ("both", "model")


ALL = """model = "qwen"
base_url = "http://gpu:8080/v1/"
judge = "model"
speaker = "scripted"
context = 8192
parallel = 4
examples = 3
connect_seconds = 1
first_token_seconds = 2.5
gap_seconds = 3
total_seconds = 4
allow_remote = true
prompts_dir = "."
"""
TYPED = {
    "model": "qwen", "base_url": "http://gpu:8080/v1", "judge": "model", "speaker": "scripted", "context": "8192",
    "parallel": "4", "examples": "3", "connect_seconds": "1", "first_token_seconds": "2.5", "gap_seconds": "3",
    "total_seconds": "4", "allow_remote": "true",
}  # fmt: skip


@pytest.mark.parametrize("source", ["file", "flag", "environment"])
def test_every_setting_can_stand_anywhere(file: Path, source: str) -> None:
    typed = TYPED | {"prompts_dir": str(file.parent)}
    if source == "file":
        settings = load(file, ALL)
    elif source == "flag":
        settings = load(file, flags=typed)
    else:
        settings = load(file, "", None, **{NAMES[name][1]: value for name, value in typed.items()})
    assert settings.endpoint == Endpoint("qwen", "http://gpu:8080/v1", None, 1, 2.5, 3, 4, 8192, 4, 3, is_local=True)
    assert (settings.judge, settings.speaker, settings.allow_remote) == ("model", "scripted", True)
    assert settings.prompts_dir == file.parent
    assert all(settings.origins[name].startswith(source) for name in typed)
    assert dict(settings.shown).items() >= TYPED.items()


def test_flags_count_before_the_environment_and_that_before_the_file(file: Path) -> None:
    settings = load(file, ALL, {"context": "2048"}, CLOSEREAD_CONTEXT="1024", CLOSEREAD_MODEL="smol")
    assert settings.endpoint
    assert (settings.endpoint.context, settings.endpoint.model, settings.endpoint.parallel) == (2048, "smol", 4)
    assert settings.origins["context"] == "flag --context"
    assert settings.origins["model"] == "environment CLOSEREAD_MODEL"
    assert settings.origins["parallel"] == f"file {file}:6"


LINES = [
    ("model = 3", "the name of a model in quotation marks"),
    ("model = ' '", "the name of a model in quotation marks"),
    ('model = "a\\u001bb"', "the name of a model in quotation marks"),
    ("base_url = 8080", "an address in quotation marks"),
    ("base_url = '127.0.0.1:8080'", "begins with http://"),
    ("base_url = 'http://169.254.169.254/v1'", "no model is asked at this address"),
    ("judge = 'modle'", "'modle' is not a judge. There are embedded, model, both. Did you mean 'model'?"),
    ("judge = true", "is not a judge"),
    ("speaker = 'both'", "'both' is not a speaker"),
    ("allow_remote = 'true'", "neither true nor false"),
    ("allow_remote = 1", "neither true nor false"),
    ("context = 1023", "1023 is not a number of tokens, from 1024"),
    ("context = 4096.0", "is not a number of tokens"),
    ("context = '4096'", "is not a number of tokens"),
    ("context = true", "is not a number of tokens"),
    ("parallel = 0", "from 1"),
    ("examples = -1", "from 0"),
    ("connect_seconds = 0", "above 0"),
    ("first_token_seconds = -1", "above 0"),
    ("gap_seconds = nan", "above 0"),
    ("total_seconds = inf", "above 0"),
    ("total_seconds = true", "above 0"),
    ("prompts_dir = 'nowhere'", "is not a folder"),
    (f"key = '{CANARY}'", "does not belong into this file. Put it into the environment variable CLOSEREAD_KEY"),
    (f"key_file = '{CANARY}'", "there is no such file"),
    ("key_file = '.'", "is not a file"),
]


@pytest.mark.parametrize(("line", "words"), LINES, ids=[line for line, _ in LINES])
def test_a_mistake_in_the_file_is_told_with_its_line(file: Path, line: str, words: str) -> None:
    message = refused(file, f"# mine\n{line}")
    assert message.startswith(f"{file}:2: {line.split(' =')[0]}: ")
    assert words in message


TYPED_MISTAKES = [
    ("context", "4k"), ("context", "-5000"), ("context", "٤٠٩٦"), ("parallel", "two"), ("gap_seconds", "1e3"),
    ("gap_seconds", "0.0"), ("total_seconds", "999999"), ("allow_remote", "yes"), ("allow_remote", "True"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "text"), TYPED_MISTAKES)
def test_a_mistake_on_the_command_line_and_in_the_environment(file: Path, name: str, text: str) -> None:
    flag, variable = NAMES[name]
    assert refused(file, flags={name: text}).startswith(f"flag {flag}: ")
    assert refused(file, "", None, **{variable: text}).startswith(f"environment {variable}: ")


CLASHES = [
    ("model = 'qwen'", ":1: model: ", 'Add the line: base_url = "http://127.0.0.1:8080/v1"'),
    ("base_url = 'http://gpu/v1'", ":1: base_url: ", "Add the line: model = "),
    ("judge = 'model'", ":1: judge: ", 'write judge = "embedded"'),
    ("judge = 'both'", ":1: judge: ", "base_url = "),
    ("speaker = 'model'", ":1: speaker: ", 'write speaker = "scripted"'),
    ("model = 'm'\nbase_url = 'https://example.org/v1'", ":2: base_url: ", "add the line: allow_remote = true"),
    ("model = 'm'\nbase_url = 'http://example.org/v1'", ":2: base_url: ", "add the line: allow_remote = true"),
    (
        "allow_remote = true\nmodel = 'm'\nbase_url = 'http://example.org/v1'", ":3: base_url: ",
        "Write it with https://",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("text", "place", "words"), CLASHES, ids=[text for text, *_ in CLASHES])
def test_what_does_not_go_together_is_told_with_the_line_to_add(file: Path, text: str, place: str, words: str) -> None:
    [message] = refused(file, text).splitlines()
    assert message.startswith(f"{file}{place}")
    assert words in message


def test_a_model_on_the_internet_only_by_leave_and_encrypted(file: Path) -> None:
    settings = load(file, "allow_remote = true", REMOTE)
    assert settings.endpoint
    assert not settings.endpoint.is_local
    assert refused(file, "allow_remote = false", REMOTE)


def test_no_leave_opens_the_addresses_of_a_cloud(file: Path) -> None:
    for url in ("http://169.254.169.254/v1", "https://metadata.google.internal/v1", "https://0xa9fea9fe/v1"):
        assert "no model is asked" in refused(file, "allow_remote = true", {"model": "m", "base_url": url})


def test_the_key_from_the_environment_is_shown_nowhere(file: Path) -> None:
    settings = load(file, "", MODEL, CLOSEREAD_KEY=f" {CANARY}\n")
    assert settings.endpoint
    assert settings.endpoint.key == CANARY
    assert settings.shown["key"] == "set"
    assert settings.origins["key"] == "environment CLOSEREAD_KEY"
    assert CANARY not in f"{settings!r} {settings.shown}"


def test_a_key_elsewhere_is_refused_and_not_repeated(file: Path) -> None:
    assert "does not belong on the command line" in refused(file, flags={"key": CANARY})
    assert "one word" in refused(file, CLOSEREAD_KEY=f"{CANARY} {CANARY}")
    assert "one word" in refused(file, CLOSEREAD_KEY=f"{CANARY}é")
    assert "no such file" in refused(file, CLOSEREAD_KEY_FILE=CANARY)
    assert "CLOSEREAD_KEY" in refused(file, flags=MODEL | {"base_url": f"http://me:{CANARY}@127.0.0.1/v1"})
    assert "CLOSEREAD_KEY" in refused(file, flags=MODEL | {"base_url": f"http://127.0.0.1/v1?key={CANARY}"})
    assert "there is no setting 'api_key'" in refused(file, f"api_key = '{CANARY}'")
    assert "not TOML" in refused(file, f"key = {CANARY}")


@posix
def test_a_key_file_of_its_owner_only(file: Path) -> None:
    secret = file.parent / "key.txt"
    secret.write_text(f" {CANARY}\nsecond line\n", encoding="utf-8")
    for mode in (0o600, 0o400):
        secret.chmod(mode)
        settings = load(file, "key_file = 'key.txt'", MODEL)
        assert settings.endpoint
        assert settings.endpoint.key == CANARY
        assert (settings.shown["key"], settings.shown["key_file"]) == ("set", str(secret))
        assert settings.origins["key"] == f"file {file}:1"
        assert CANARY not in f"{settings!r} {settings.shown}"
    for mode in (0o640, 0o604, 0o644, 0o610, 0o606):
        secret.chmod(mode)
        assert f"chmod 600 '{secret}'" in refused(file, "key_file = 'key.txt'", MODEL)


@posix
@pytest.mark.parametrize("text", ["", "\n", f"{CANARY} x", "k\xe9y", "\0"])
def test_a_file_without_a_key(file: Path, text: str) -> None:
    secret = file.parent / "key.txt"
    secret.write_text(text, encoding="latin-1")
    secret.chmod(0o600)
    assert "is not a key" in refused(file, "key_file = 'key.txt'", MODEL)


@posix
def test_the_nearer_key_counts(file: Path) -> None:
    secret = file.parent / "key.txt"
    secret.write_text("from-the-file", encoding="utf-8")
    secret.chmod(0o600)
    for flags, key in (({}, CANARY), ({"key_file": str(secret)}, "from-the-file")):
        settings = load(file, "key_file = 'key.txt'", MODEL | flags, CLOSEREAD_KEY=CANARY)
        assert settings.endpoint
        assert settings.endpoint.key == key


def test_every_setting_is_shown(file: Path) -> None:
    for settings in (load(file), load(file, flags=MODEL)):
        assert list(settings.shown) == list(settings.origins) == list(NAMES)
    assert settings.shown.items() >= {"judge": "both", "key": "not set", "context": "4096", "gap_seconds": "30"}.items()


def test_settings_load_no_heavy_library() -> None:
    code = (
        "import sys; from pathlib import Path; from tutor.settings import load_settings; "
        f"load_settings({ {'data_dir': 'x', **MODEL}!r}, {{}}, Path('none')); "
        "assert not {'httpx', 'pydantic', 'litellm', 'openai', 'asyncio', 'ssl'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], cwd=Path(__file__).parents[1], check=True)
