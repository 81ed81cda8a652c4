"""The pages in docs/ keep their word: what they show is tried out from top to bottom, as a reader would.

A page is a list of code blocks, and each is what its first line says:

- `sh`: commands. They are run, in a folder in which `repair-table` is the lesson of the first page. A `text` block
  right after them is what they show: its lines come in this order, `...` stands for others.
- a language and the name of a file: the file is written there.
- `yaml` alone: a change to that lesson, merged into it by ids; the lesson stays free of errors and is used from there
  on. With a code of `check` behind it: the change shows what not to do, the lesson would have this code.
- `json`, `toml`: can be read. `text`, `lua` by themselves: for the reader only.
"""

from __future__ import annotations

import io
import json
import math
import os
import re
import select
import shlex
import shutil
import struct
import subprocess
import sys
import time
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.llm.fake_server import MODEL, Answer, FakeServer, Request, says
from tutor.cli import main
from tutor.core.lesson import RubricStep
from tutor.lessons.loader import load_lesson
from tutor.resources import lessons_dir, prompts_dir
from tutor.workbench.checking.checking import check, codes

CHECKOUT = Path(__file__).parents[1]
DOCS = CHECKOUT / "docs"
PAGES = sorted(DOCS.glob("*.md"))
SOME_LESSON = "cold-mornings"
"""Stands for all of the library where that would take a minute."""
_BLOCK = re.compile(r"^```(\w+)(?: ([^\n]+))?\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_FOUND_FAULT = re.compile(r"^\d+ came out otherwise|: error ", re.MULTILINE)


@dataclass(frozen=True)
class Block:
    """A code block: its language, the words behind it, its text, and whether the block before it is right above."""

    language: str
    words: str
    text: str
    follows: bool


def blocks(page: Path) -> list[Block]:
    """The code blocks of a page, in order."""
    text, end, found = page.read_text(encoding="utf-8"), -9, []
    for match in _BLOCK.finditer(text):
        found.append(Block(match[1], match[2] or "", match[3], match.start() - end <= 2))
        end = match.end()
    assert len(found) * 2 == text.count("```"), "every code block names its language"
    return found


def merged(old: Any, new: Any) -> Any:
    """`new` laid over `old`: fields by their names, lists of objects by their ids, all else as a whole."""
    if isinstance(old, dict) and isinstance(new, dict):
        return {**old, **{name: merged(old.get(name), value) for name, value in new.items()}}
    if isinstance(old, list) and isinstance(new, list) and new and all(map(has_id, [*old, *new])):
        mine = {each["id"]: each for each in old}
        return list((mine | {each["id"]: merged(mine.get(each["id"]), each) for each in new}).values())
    return new


def has_id(value: object) -> bool:
    """Whether it is an object with an id."""
    return isinstance(value, dict) and "id" in value


def fit(request: Request) -> Answer:
    """What a model replies that keeps to the form and is seldom sure."""
    p = (hash(request.prompt) % 97 + 1) / 100
    odds = {"true": math.log(p), "false": math.log(1 - p)}
    return says(json.dumps({"met": False}, separators=(",", ":")), alternatives={"false": odds})(request)


class Desk:
    """A reader's folder, and the reader at work in it."""

    def __init__(self, folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
        self.folder, self._capsys, self._monkeypatch = folder, capsys, monkeypatch
        self._lesson = folder / "repair-table" / "lesson.yaml"
        self.warned: set[str] = set()

    def lay_out(self) -> None:
        """The lesson of the first page, also in a folder of lessons."""
        files = {each.words: each.text for each in blocks(DOCS / "first-lesson.md") if "." in each.words}
        for folder in (self._lesson.parent, self.folder / "lessons" / "repair-table"):
            self.write(str(folder / "article.txt"), files["article.txt"])
            self.write(str(folder / "lesson.yaml"), files["repair-table/lesson.yaml"])

    def write(self, name: str, text: str) -> None:
        """Write a file."""
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")

    def change(self, snippet: str, wrong: str) -> None:
        """Merge a snippet into the lesson, or see that it would be wrong in the way that is shown."""
        before = self._lesson.read_text(encoding="utf-8")
        lesson = merged(*(yaml.load(text, yaml.CSafeLoader) for text in (before, snippet)))
        self._lesson.write_text(yaml.safe_dump(lesson, allow_unicode=True, sort_keys=False), encoding="utf-8")
        report = check(self._lesson.parent)
        assert report.errors == ()
        found = {each.code for each in report.findings}
        if wrong:
            assert wrong in found, snippet
            self.warned.add(wrong)
            self._lesson.write_text(before, encoding="utf-8")
        else:
            assert found & self.warned == set(), snippet

    def run(self, command: str, shown: str) -> None:
        """Run a command; it shows what the page says, and its exit status fits."""
        program, *arguments = shlex.split(command)
        assert program == "closeread"
        if arguments[0] == "preview":
            see_on_a_terminal(arguments, self.folder)
            return
        self._monkeypatch.setattr(sys, "stdin", io.StringIO("/quit\n"))
        status = main(arguments)
        told = self._capsys.readouterr()
        assert status == int(bool(_FOUND_FAULT.search(shown))), told.out + told.err
        lines = iter([line.rstrip() for line in (told.out + told.err).splitlines()])
        missing = [line for line in shown.splitlines() if line not in ("", "...") and line.rstrip() not in lines]
        assert missing == [], told.out + told.err


def see_on_a_terminal(arguments: list[str], folder: Path) -> None:
    """Open the preview on a terminal, see its bar, and leave with Ctrl+Q; without one it says that it needs one."""
    assert main(arguments) == 1
    if sys.platform == "win32":
        return
    import fcntl  # noqa: PLC0415  not to be had on Windows
    import pty  # noqa: PLC0415
    import termios  # noqa: PLC0415

    own, other = pty.openpty()
    fcntl.ioctl(other, termios.TIOCSWINSZ, struct.pack("HHHH", 40, 120, 0, 0))
    process = subprocess.Popen(
        [sys.executable, "-m", "tutor", *arguments], stdin=other, stdout=other, stderr=other, start_new_session=True,
        env={**os.environ, "PYTHONPATH": str(CHECKOUT), "TERM": "xterm-256color"}, cwd=folder,
    )  # fmt: skip
    os.close(other)
    seen = b"".join(_shown_until(own, b"Ctrl+T"))
    os.write(own, b"\x11")
    while process.poll() is None:
        # What is still being drawn has to be taken away, or the program waits for room.
        seen += b"".join(_shown_until(own, b"\x1b[?1049l"))
    os.close(own)
    assert process.returncode == 0, seen[-2000:]


def _shown_until(terminal: int, says_: bytes) -> Iterator[bytes]:
    seen, end = b"", time.monotonic() + 60
    while says_ not in seen:
        ready, _, _ = select.select([terminal], [], [], max(end - time.monotonic(), 0))
        assert ready, f"{says_!r} never came: {seen[-2000:]!r}"
        try:
            seen += (piece := os.read(terminal, 65536))
        except OSError:  # the other end is closed
            return
        yield piece


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_what_the_page_shows_is_so(
    page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("CLOSEREAD_DATA_DIR", str(tmp_path / "work"))
    desk, every = Desk(tmp_path, capsys, monkeypatch), blocks(page)
    if page.name != "first-lesson.md":
        desk.lay_out()
    for number, block in enumerate(every):
        if "." in block.words:
            desk.write(block.words, block.text)
        elif block.language == "yaml":
            assert block.words in ("", *codes())
            desk.change(block.text, block.words)
        elif block.language == "toml":
            tomllib.loads(block.text)
        elif block.language == "json":
            json.loads(block.text)
        elif block.language == "sh":
            *before, last = [line for line in block.text.splitlines() if needs_no_model(line)] or [""]
            after = every[number + 1] if number + 1 < len(every) else None
            shown = after.text if after and after.follows and (after.language, after.words) == ("text", "") else ""
            for command in before:
                desk.run(command, "")
            if last:
                desk.run(last, shown)
        else:
            assert (block.language, block.words) in (("text", ""), ("lua", ""))


def needs_no_model(command: str) -> bool:
    """Whether a command does its work without a model; the others are tried below."""
    return not command.startswith(("closeread calibrate", "closeread bench"))


def with_a_model() -> list[str]:
    """The commands of all pages that need a model."""
    found = (block.text.splitlines() for page in PAGES for block in blocks(page) if block.language == "sh")
    return sorted({line for lines in found for line in lines if not needs_no_model(line)})


@pytest.mark.parametrize("command", with_a_model())
def test_a_command_with_a_model_does_what_its_page_says(
    command: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    Desk(tmp_path, capsys, monkeypatch).lay_out()
    _, name, *rest = shlex.split(command)
    used = [each for each in rest if (lessons_dir() / each).is_dir()] or [SOME_LESSON]
    for each in used:
        shutil.copytree(lessons_dir() / each, tmp_path / "library" / each)
    with FakeServer(fit) as server:
        monkeypatch.setenv("CLOSEREAD_DATA_DIR", str(tmp_path / "work"))
        monkeypatch.setenv("CLOSEREAD_MODEL", MODEL)
        monkeypatch.setenv("CLOSEREAD_BASE_URL", server.base_url)
        monkeypatch.setattr("tutor.bootstrap.lessons_dir", lambda: tmp_path / "library")
        assert main([name, *rest]) == 0
    said = capsys.readouterr().out
    if name == "bench":
        assert said == "Written: cards/card.md\nWritten: cards/card.json\n"
        assert re.search(rf"^- \*\*{MODEL}\*\* .+: (Let it|Leave it)", Path("cards/card.md").read_text(), re.MULTILINE)
        return
    assert f"{judged_samples(used)} judged samples" in said
    assert (tmp_path / "work" / "calibration.json").is_file()


def judged_samples(names: list[str]) -> int:
    """How many judgements there are to learn from in lessons of the library."""
    lessons = [load_lesson(lessons_dir() / name).lesson for name in names]
    steps = [step for each in lessons for step in (*each.steps, *(each.exit.steps if each.exit else ()))]
    return sum(
        len(step.rubric) * sum(sample.verdict != "off-task" for sample in step.samples)
        for step in steps
        if isinstance(step, RubricStep)
    )


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_and_named_files_are_there(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    links = re.findall(r"\]\((?!https?:)([^)#]+)", text)
    assert links
    assert [link for link in links if not (page.parent / link).is_file()] == []
    prompts = re.findall(r"`(\w+\.en\.yaml)`", text)
    assert [name for name in prompts if not (prompts_dir() / name).is_file()] == []
    assert "@@" not in text


def test_the_list_of_pages_has_every_page() -> None:
    listed = re.findall(r"\]\(([\w-]+\.md)\)", (DOCS / "README.md").read_text(encoding="utf-8"))
    assert sorted([*listed, "README.md"]) == [page.name for page in PAGES]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_a_heading_that_is_linked_to_is_there(page: Path) -> None:
    for file, anchor in re.findall(r"\]\(([^)#:]*)#([\w-]+)\)", page.read_text(encoding="utf-8")):
        target = (page.parent / file) if file else page
        headings = re.findall(r"^#+ (.+)$", target.read_text(encoding="utf-8"), re.MULTILINE)
        assert anchor in [re.sub(r"[^\w -]", "", each).lower().replace(" ", "-") for each in headings]
