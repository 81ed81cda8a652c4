"""The pages in docs/ keep their word: their commands are run, their links lead somewhere, their files are there."""

from __future__ import annotations

import json
import math
import re
from pathlib import Path

import pytest

from tests.llm.fake_server import MODEL, Answer, FakeServer, Request, says
from tutor.cli import main
from tutor.resources import prompts_dir

CHECKOUT = Path(__file__).parents[1]
PAGES = sorted((CHECKOUT / "docs").glob("*.md"))


def commands(page: Path) -> list[str]:
    """The lines of a page's `sh` blocks."""
    blocks = re.findall(r"^```sh\n(.*?)^```$", page.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
    return [line for block in blocks for line in block.splitlines()]


def fit(request: Request) -> Answer:
    """What a model replies that keeps to the form and is seldom sure."""
    p = (hash(request.prompt) % 97 + 1) / 100
    odds = {"true": math.log(p), "false": math.log(1 - p)}
    return says(json.dumps({"met": False}, separators=(",", ":")), alternatives={"false": odds})(request)


@pytest.mark.parametrize(
    ("page", "command"), [(page.name, command) for page in PAGES for command in dict.fromkeys(commands(page))]
)
def test_a_command_does_what_the_page_says(
    page: str, command: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    program, name, *rest = command.split()
    assert program == "closeread", page
    with FakeServer(fit) as server:
        monkeypatch.setenv("CLOSEREAD_DATA_DIR", str(tmp_path))
        if name == "calibrate":
            monkeypatch.setenv("CLOSEREAD_MODEL", MODEL)
            monkeypatch.setenv("CLOSEREAD_BASE_URL", server.base_url)
        assert main([name, *rest]) == 0
    said = capsys.readouterr().out
    if name == "calibrate":
        assert "480 judged samples" in said
        assert (tmp_path / "calibration.json").is_file()
    else:
        assert "No model is configured, and none is needed" in said


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_and_named_files_are_there(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    links = re.findall(r"\]\((?!https?:)([^)#]+)", text)
    assert links
    assert [link for link in links if not (page.parent / link).is_file()] == []
    prompts = re.findall(r"`(\w+\.en\.yaml)`", text)
    assert [name for name in prompts if not (prompts_dir() / name).is_file()] == []
    assert "@@" not in text
