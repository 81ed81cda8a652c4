"""The pages about privacy keep their word, as far as code can tell: each statement is held against real sessions."""

from __future__ import annotations

import getpass
import json
import os
import re
import socket
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest
import yaml

from tests import ferry
from tests.distress.staged import answers, development, listed
from tests.llm.fake_server import MODEL, Answer, FakeServer, Request, says
from tests.test_privacy import decided
from tutor.bootstrap import House
from tutor.core.events import PAYLOADS
from tutor.journal import Draft
from tutor.judges.model import NOTHING
from tutor.lessons.phrases_file import load_phrases
from tutor.resources import prompts_dir
from tutor.settings import load_settings

CHECKOUT = Path(__file__).parents[1]
SHEET = (CHECKOUT / "docs" / "data-protection.md").read_text(encoding="utf-8")
PAGE = (CHECKOUT / "docs" / "privacy.md").read_text(encoding="utf-8")

NICKNAME, LOGIN = "speckled-wren", "canary-login"
LESSON = f"""\
{ferry.LESSON}\
- id: all
  do: explain
  at: p1
  ask: Which words claim too much?
  rubric:
  - id: everybody
    idea: Nobody can know what everybody knows
    hint: Read the last line. Who has asked them?
    tell: Nobody can know what everybody knows.
    all_of: [["everyone", "everybody knows"]]
  samples:
  - {{answer: No one has asked all the people, verdict: secure, meets: [everybody]}}
"""
FIRST = (
    "You could look at what they printed that week, and at the turnip.",
    "Bananas are yellow and I like the turnip.",
)
SECOND = ("Someone has to ask all the people about the parsnip.",)
DISTRESS = "i want to kill myself"
TYPED = [*FIRST, DISTRESS, "change", "/stuck", "/stuck", *SECOND, "/stuck", "/stuck", "yes"]


@dataclass(frozen=True)
class Played:
    """What a real lesson with a model left behind: the files, by their path, and what was sent."""

    files: dict[str, bytes]
    sent: list[Request]
    home: Path


def replies(request: Request) -> Answer:
    """A model that keeps to the form, can tell an idea's own sentence, and finds nothing else."""
    asked = request.body["response_format"]["json_schema"]["schema"]["required"]
    if asked == ["met"]:
        told = re.search(r'Idea: (.*)\n(?:.*\n)*Pupil\'s answer:\n"(.*)"', request.prompt)
        assert told
        return says(json.dumps({"met": told[1] == told[2]}))(request)
    return says(json.dumps({"kind": "answer"} if asked == ["kind"] else {"question": "Who is it that says so?"}))(
        request
    )


def run(folder: Path, *arguments: str, typed: list[str]) -> None:
    """A command, typed under a login and on a computer with names."""
    own = {name: str(folder) for name in ("HOME", "USERPROFILE", "APPDATA", "LOCALAPPDATA")}
    names = {"CLOSEREAD_DATA_DIR": str(folder / "data"), "USER": LOGIN, "LOGNAME": LOGIN, "PYTHONPATH": str(CHECKOUT)}
    others = {name: value for name, value in os.environ.items() if not name.startswith(("CLOSEREAD_", "XDG_"))}
    result = subprocess.run(
        [sys.executable, "-m", "tutor", *arguments], input="\n".join([*typed, ""]), capture_output=True,
        encoding="utf-8", timeout=120, check=False, env={**others, **own, **names}, cwd=folder,
    )  # fmt: skip
    assert result.returncode == 0, result.stdout + result.stderr


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> Played:
    """A lesson with a model, walked through once and begun a second time, and the teacher's commands that keep
    something.
    """
    folder = tmp_path_factory.mktemp("canary-folder")
    (folder / "ferry.yaml").write_text(LESSON, encoding="utf-8")
    with FakeServer(replies) as server:
        model = ("--model", MODEL, "--base-url", server.base_url, "--judge", "model")
        run(folder, "learn", "ferry.yaml", "--plain", "--as", NICKNAME, *model, typed=TYPED)
        sent = list(server.requests)
        run(folder, "learn", "ferry.yaml", "--plain", "--as", NICKNAME, typed=["/quit"])
        house = House(load_settings({"data_dir": folder / "data"}, {}, None), NICKNAME)
        past = house.past(house.load(str(folder / "ferry.yaml")))
        assert past
        house.sitting(house.resume(past)).save_draft(Draft("who", "half an answer about the turnip"))
        run(folder, "bench", "ferry.yaml", *model, typed=[])
    with FakeServer(decided) as server:
        run(folder, "calibrate", "cold-mornings", "--model", MODEL, "--base-url", server.base_url, typed=[])
    files = [path for path in (folder / "data").rglob("*") if path.is_file()]
    return Played({path.relative_to(folder / "data").as_posix(): path.read_bytes() for path in files}, sent, folder)


def rows(text: str, heading: str) -> list[list[str]]:
    """The rows of the table whose first column has this heading."""
    table = re.search(rf"^\| {re.escape(heading)} \|.*\n\|[-|]+\|\n((?:\|.*\n)+)", text, re.MULTILINE)
    assert table, heading
    return [[cell.strip() for cell in line.strip("| \n").split(" | ")] for line in table[1].splitlines()]


def test_the_table_of_files_is_what_a_real_lesson_leaves_behind(played: Played) -> None:
    patterns = {row[0].strip("`"): row[2] for row in rows(SHEET, "file")}
    kinds = {pattern: re.compile(re.escape(pattern).replace(r"\*", "[^/]+")) for pattern in patterns}
    found = {name: [pattern for pattern, kind in kinds.items() if kind.fullmatch(name)] for name in played.files}
    assert {name: kind for name, kind in found.items() if len(kind) != 1} == {}
    assert {pattern for [pattern] in found.values()} == set(patterns)
    for name, [pattern] in found.items():
        if patterns[pattern] == "no":
            for word in (NICKNAME, "turnip", "parsnip"):
                assert word not in name
                assert word.encode() not in played.files[name], name


def test_the_table_of_events_names_each_kind_once() -> None:
    named = [name for row in rows(SHEET, "event") for name in re.findall(r"`([\w-]+)`", row[0])]
    assert sorted(named) == sorted(payload.type for payload in PAYLOADS)


def test_what_is_said_not_to_be_stored_is_in_no_file(played: Played) -> None:
    everything = b"\n".join([*played.files.values(), *(name.encode() for name in played.files)])
    assert b'"paused"' in everything
    assert b"turnip" in everything
    for word in (DISTRESS, LOGIN, str(played.home), "canary-folder"):
        assert word.encode() not in everything, word
    # A short name can stand by chance within what is drawn or reckoned, between letters.
    assert not re.search(rb"(?<![\w+/=-])%s(?![\w+/=-])" % re.escape(socket.gethostname()).encode(), everything)
    assert f"/{getpass.getuser()}/".encode() not in everything


def test_the_page_for_a_browser_loads_nothing(played: Played) -> None:
    [page] = [data.decode() for name, data in played.files.items() if name.endswith(".html")]
    assert re.findall(r"\b(?:src|href|srcset|action)\s*=|@import|url\(", page) == []


@pytest.mark.parametrize("text", [SHEET, PAGE], ids=["sheet", "page"])
def test_the_months_are_those_in_force(text: str) -> None:
    settings = load_settings({"data_dir": "x"}, {}, None)
    assert set(re.findall(r"(\d+)\s+months", text)) == {str(settings.keep_months)}


def test_both_pages_say_that_nobody_is_watching() -> None:
    assert "no monitoring service" in SHEET
    assert "no monitoring service" in PAGE
    assert "Nobody is told" in PAGE


def test_the_figures_on_words_of_distress_are_those_of_today() -> None:
    """Counts only: a failure shows none of the texts."""
    signs = load_phrases(prompts_dir(), "en").listening.distress
    measured = []
    for texts in (listed("held-out"), development(), answers("held-out")):
        counts = []
        for kind in (True, False):
            found = [signs.are_in(each.text) for each in texts if each.distress == kind]
            counts.append(f"{sum(found)} of {len(found)}" if found else "none among them")
        measured.append(counts)
    assert [row[1:] for row in rows(SHEET, "texts")] == measured


# What a model gets.


def shipped(name: str) -> dict[str, str]:
    """What a prompt file says, with its braces as they are sent."""
    texts: dict[str, str] = yaml.safe_load((prompts_dir() / f"{name}.en.yaml").read_text(encoding="utf-8"))
    return {part: texts[part].replace("{{", "{").replace("}}", "}").strip() for part in ("system", "user")}


def texts_of(kind: str) -> set[str]:
    """All texts of a field in the lesson, such as `ask`; of `idea` also the criteria that are a plain sentence."""
    steps = yaml.safe_load(LESSON)["steps"]
    ideas = [each if isinstance(each, dict) else {"idea": each} for step in steps for each in step["rubric"]]
    return {each[kind] for each in (*steps, *ideas) if kind in each}


def of_the_question(text: str, answer: str) -> bool:
    """Whether an answer was given to the question that is sent with it, maybe after one that it adds to."""
    own = FIRST if "How could you check this?" in text else SECOND
    return any(answer == each or (answer.endswith(each) and answer.startswith(own)) for each in own)


@pytest.mark.parametrize("field", ["what is asked", "what is said of the asker"])
def test_only_what_the_sheet_names_is_sent(played: Played, field: str) -> None:
    assert len(rows(SHEET, "what it is asked for")) == 4
    assert len(played.sent) > 8
    for request in played.sent:
        if field == "what is said of the asker":
            assert request.headers["user-agent"] == "closeread"
            words = json.dumps(request.headers) + request.path + json.dumps({**request.body, "messages": []})
        else:
            words = request.prompt
        for word in (NICKNAME, LOGIN, DISTRESS, "kill", socket.gethostname(), "canary-folder", getpass.getuser() + "/"):
            assert word not in words
        assert not any(
            part in words for name in played.files for part in name.split("/") if re.fullmatch("[0-9a-f]{16}", part)
        )


def test_each_request_is_of_a_kind_that_the_sheet_names(played: Played) -> None:
    kinds = {kind(request) for request in played.sent}
    assert kinds == {"to judge an answer", "to tell whether it is an answer", "to word a hint", "to be tried out first"}
    assert kinds == {row[0] for row in rows(SHEET, "what it is asked for")}


def kind(request: Request) -> str:
    """What a model is asked for; nothing else than the sheet says may stand in it."""
    system, user = (each["content"].strip() for each in request.messages)
    name = next(name for name in ("judge", "sort", "speak") if shipped(name)["system"] == system)
    if name == "speak":
        told = re.fullmatch(r"Teacher's hint: (.*)\nThe reply begins: (.*)", user)
        assert told
        assert told[1] in texts_of("hint")
        ours = (prompts_dir() / "tutor.en.yaml").read_text(encoding="utf-8")
        learner = " ".join((*FIRST, *SECOND))
        assert [word for word in re.findall(r"\w+", told[2]) if word not in re.findall(r"\w+", ours + learner)] == []
        return "to word a hint"
    if name == "sort":
        told = re.fullmatch(r'Question: (.*)\n\nThe pupil typed:\n"(.*)"', user, re.DOTALL)
        assert told
        assert told[1] in texts_of("ask")
        assert of_the_question(user, told[2])
        return "to tell whether it is an answer"
    told = re.fullmatch(
        r"Question: (.*)\n\nIdea: (.*?)\n(?:In other words: (.*?)\n)?\nPupil's answer:\n\"(.*)\"\n\n"
        r"Do the pupil's own words express the idea\?",
        user,
        re.DOTALL,
    )
    assert told
    assert told[1] in texts_of("ask")
    assert told[2] in texts_of("idea")
    assert (told[3] or "") in {*texts_of("tell"), ""}
    if told[4] in (told[2], NOTHING):
        return "to be tried out first"
    assert of_the_question(user, told[4])
    return "to judge an answer"
