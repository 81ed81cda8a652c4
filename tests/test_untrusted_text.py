"""What strangers write, on a real pseudo-terminal: no byte of theirs that acts arrives, whatever is shown.

The lesson has payloads in all its texts. It goes on the stage twice: as it is loaded, where what acts on a terminal
keeps it from being opened and what hides is dropped; and past a loader that cleans nothing and refuses nothing, so that
each place where text is shown has to hold by itself.
"""

from __future__ import annotations

import json
import sys
from functools import partial
from pathlib import Path

import pytest

if sys.platform == "win32":
    pytest.skip("pseudo-terminals are not to be had on Windows", allow_module_level=True)

from tests.hostile import (
    EVERYTHING,
    HIDDEN,
    MARKUP,
    PLAIN_LESSON,
    RETURNS,
    SEQUENCES,
    copied,
    odd_characters,
    sent_sequences,
    text_of,
    write_lesson,
)
from tests.llm.fake_server import MODEL, Answer, FakeServer, Request, refuses_to, says
from tests.pty_stage import PASTE_BEGINS, PASTE_ENDS, PATIENCE, TUTOR, Stage
from tutor.core.clean import clean

HINT, STUCK, WHY, BACK = "\x1bOQ", "\x1bOR", "\x1bOS", "\x1b[15~"
WORDS, CARDS, COPY, LEAVE = "\x1b[18~", "\x1b[19~", "\x1b[20~", "\x1b[21~"
ESCAPE, ENTER, TAB, END = "\x1b[27u", "\r", "\t", "\x1b[F"
OWN = frozenset(
    "control H,control m,control <u,control >25u,control ?1000h,control ?1000l,control ?1003h,control ?1003l,"
    "control ?1004h,control ?1004l,control ?1006h,control ?1006l,control ?1015h,control ?1015l,control ?1049h,"
    "control ?1049l,control ?2004h,control ?2004l,control ?2026$p,control ?2026h,control ?2026l,control ?2048$p,"
    "control ?2048h,control ?2048l,control ?25h,control ?25l,control ?7h,control ?7l,string ]22;default,"
    "string ]22;pointer,string ]22;text,string ]52".split(",")
)
"""All that the program itself ever sends: Textual's setting up and leaving, the pointer's shape, and the clipboard."""

NO_DOOR = """
import re, sys
from tutor.lessons import library, loader, mistakes, parts, yamlfile
def same(text): return text
yamlfile.CONTROLS = re.compile("(?!)")
yamlfile.clean = parts.clean = loader.clean = library.one_line = mistakes.one_line = same
sys.argv = ["closeread", *sys.argv[1:]]
from tutor.cli import run
run()
"""
"""The program with a loader that lets everything in."""


_HARDLY_ANYTHING = 500


class Walker:
    """Somebody who walks through the hostile lesson; `words` are those of its fields.

    What they wait for is looked for among the bytes written since the last key: on the picture it might stand already.
    """

    def __init__(self, stage: Stage, words: dict[str, str]) -> None:
        self._stage = stage
        self._words = words
        self._since = 0

    def press(self, keys: str, *fields: str, until: str = "") -> None:
        """Send keys, and wait until each field was painted to its end (its beginning: `field...`), and other words."""
        self._stage.until_quiet(0.1)
        self._since = self._stage.bytes_written if keys else 0
        self._stage.send(keys)
        wanted = [each.removesuffix("...") for each in fields]
        words = [
            self._words[name][:: 1 if each.endswith("...") else -1] for name, each in zip(wanted, fields, strict=True)
        ]
        self._waits_for([*words, until] if until else words, keys)

    def looks(self, keys: str, *fields: str) -> None:
        """Open something that lies over the lesson, see these texts in it, and close it."""
        self.press(keys, *fields, until="Esc closes")
        self.closes()

    def closes(self) -> None:
        """Close what lies over the lesson."""
        self.press(ESCAPE, until="Menu")

    def gives_up(self, *fields: str, until: str = "") -> None:
        """Be stuck twice, so that the rest of a step is told."""
        self.press(STUCK, until="stuck")
        self.press(STUCK, *fields, until=until)

    def _waits_for(self, words: list[str], keys: str) -> None:
        def holds() -> bool:
            log = self._stage.log[self._since :]
            return all(each.encode() in log for each in words)

        try:
            self._stage.until(holds, PATIENCE / 3)
        except AssertionError:
            # While something opens or closes, a key may get lost; then as good as nothing was painted.
            if self._stage.bytes_written - self._since < _HARDLY_ANYTHING:
                self._stage.send(keys)
            self._stage.until(holds)


def walk(walker: Walker) -> None:
    """Through all that a learner can see of a lesson, from the library to the end."""
    walker.press("", ".title", ".goal")
    walker.press("1", ".steps.0.ask", ".article.title", ".article.text.1", ".article.text.4", ".steps.0.options.1.text")
    walker.press(HINT, ".steps.0.hints.0")
    walker.press("1", until="how sure")
    walker.press("2", ".steps.0.options.0.why")
    walker.looks(WHY, ".steps.0.options.0.text")
    walker.looks(WORDS, ".glossary.name", ".glossary.meaning")
    walker.looks(BACK, ".steps.0.options.0.why")
    walker.press(COPY, until="Copied.")
    walker.press("2", ".steps.0.options.1.why", ".steps.1.ask")
    walker.press(HINT, ".steps.1.hints.0")
    walker.gives_up(".steps.1.why", until="Go on, or stop here")
    walker.press("1", ".steps.2.ask")
    walker.press(HINT, ".steps.2.rubric.0.hint")
    walker.press(HINT, ".steps.2.rubric.0.prompt")
    walker.press(f"{PASTE_BEGINS}it sounds so sure that it must be true. {EVERYTHING}{PASTE_ENDS}", until="zqmark")
    walker.press(ENTER, ".misconceptions.0.reply")
    walker.press("he did not ask people" + ENTER, ".steps.2.rubric.0.idea")
    walker.gives_up(".steps.2.rubric.1.tell", ".steps.2.rubric.1.idea", until="Did you have this idea in mind?")
    walker.press("1", ".steps.3.ask")
    walker.gives_up(".steps.3.rubric.0.tell", ".steps.4.ask")
    walker.press(CARDS, ".sources.0.title", ".sources.0.outlet...")
    walker.press("1", ".sources.0.title...", until="1 of 2 opened")
    walker.press(TAB + END, ".sources.0.body")
    walker.closes()
    walker.gives_up(".steps.4.rubric.0.tell", until="Go on, or stop here")
    walker.press("1", ".exit.steps.0.ask", ".exit.article.title", ".exit.article.text.1")
    walker.press(STUCK, ".exit.steps.1.ask")
    walker.press("the gardener" + ENTER, until="What next?")
    walker.press("1", ".article.title", ".marks.0.note", ".marks.0.attribution.source", until="Yours to keep")
    walker.press(ESCAPE, ".title", until="finished")


def hostile_command(folder: Path, payload: str, *flags: str) -> tuple[tuple[str, ...], dict[str, str]]:
    """The program past a loader that cleans nothing, with the spoilt lesson; and the words of its fields."""
    words = write_lesson(folder / "lessons", payload)
    return (sys.executable, "-c", NO_DOOR, "--lessons", str(folder / "lessons"), "--as", "mika", *flags), words


def assert_nothing_acts(log: bytes) -> None:
    """No sequence but the program's own, and no character that the door drops."""
    assert sent_sequences(log) - OWN == set()
    assert odd_characters(log) == set()
    for each in SEQUENCES.values():
        assert each.encode() not in log


@pytest.mark.parametrize("name", [*SEQUENCES, *HIDDEN])
def test_a_payload_would_be_found(name: str) -> None:
    log = f"before {(SEQUENCES | HIDDEN)[name]} after\r\n".encode()
    with pytest.raises(AssertionError):
        assert_nothing_acts(log)


@pytest.mark.parametrize("payload", ["hostile", pytest.param("harmless", marks=pytest.mark.long)])
def test_no_byte_of_a_lesson_acts_on_the_screen(payload: str, tmp_path: Path) -> None:
    command, words = hostile_command(tmp_path, EVERYTHING if payload == "hostile" else "harmless")
    with Stage(command, home=tmp_path, columns=300, rows=84) as stage:
        walk(Walker(stage, words))
        stage.until_quiet(0.1)
        stage.send(LEAVE)
        assert stage.wait() == 0
        assert stage.left_on() == []
        assert_nothing_acts(stage.log)
        assert "string ]52" in sent_sequences(stage.log), "the program does copy, where it is asked to"
        assert clean(copied(stage.log)) == copied(stage.log) != ""
    pages = [path for path in tmp_path.rglob("exports/*") if path.suffix in (".md", ".html")]
    assert len(pages) == 2
    for page in pages:
        text = page.read_text(encoding="utf-8")
        # The page's own joiner keeps mail addresses from becoming links.
        assert clean(text) == text.replace("\u2060", ""), page.name
        assert words[".article.title"] in text


def test_no_byte_of_a_lesson_acts_over_plain_lines(tmp_path: Path) -> None:
    command, words = hostile_command(tmp_path, EVERYTHING, "learn", "bike-lane", "--plain")
    with Stage(command, home=tmp_path, columns=400, rows=60) as stage:
        said = (
            "/article", "/term council", "/term nothing", "/hint", f"/{EVERYTHING}", "1", "2", "/why", "2", EVERYTHING,
            "/stuck", "/stuck", "", "/hint", "he did not ask people", "/why", "/disagree 9", "/stuck", "/stuck", "yes",
            "/stuck", "/stuck", "/cards", "/card 1", "/stuck", "/stuck", "", "/back", "/quit",
        )  # fmt: skip
        # A terminal would take control characters of what is typed for keys; and it shows by itself what is typed.
        typed = "".join(f"{clean(line)}\n" for line in said)
        stage.until(words[".steps.0.options.2.text"][::-1])
        stage.send(typed)
        assert stage.wait() == 0
        assert_nothing_acts(stage.log)
        shown = text_of(stage.log)
        for field in (
            ".article.text.4",
            ".glossary.name",
            ".glossary.meaning",
            ".steps.0.hints.0",
            ".sources.0.body",
            ".steps.4.ask",
        ):
            assert words[field][::-1] in shown, field


def test_a_lesson_as_it_is_loaded_is_refused_or_holds_nothing_that_hides(tmp_path: Path) -> None:
    write_lesson(tmp_path / "refused", EVERYTHING)
    words = write_lesson(tmp_path / "opened", "".join((HIDDEN | MARKUP).values()))
    folders = ("--lessons", str(tmp_path / "refused"), "--lessons", str(tmp_path / "opened"))
    with Stage((*TUTOR, *folders, "--as", "mika"), home=tmp_path, columns=240, rows=70) as stage:
        walker = Walker(stage, words)
        walker.press("", ".title")
        walker.press("1", until="Nothing is wrong with this computer or with you.")
        walker.press(ESCAPE, until="Light/dark")
        walker.press("2", ".steps.0.ask", ".article.title", ".steps.0.options.0.text")
        assert_nothing_acts(stage.log)
        assert "a control character (U+001B) is written in this text" in text_of(stage.log)
        stage.until("[@click=app.quit]zqclick[/] [@click=screen.leave()]zqclick[/][/] [bold red]zqbold[/bold red]")


PAGE = """\
<!doctype html><title>&#27;]0;zqtitle&#7;A title&#x202e;</title><meta name=author content="&#27;[2Jzqauthor&#155;31m">
<article><h1>A headline&#27;[2J</h1><p>&#155;31m A paragraph of this article &#x202e; that says something. &#xE0041;
<p>Another paragraph \x1b[2J \x9b31m that says more, <a href="javascript:alert(1)">said Ada Brown</a>.</article>
"""
"""A page that spells them as HTML does."""
MANY = """
import json, sys
from tutor.cli import main
for line in json.load(open(sys.argv[1])):
    sys.stdin = open(0, closefd=False)
    try:
        print("status", main(line))
    except SystemExit as stop:
        print("status", stop.code)
"""
"""Several commands, one after the other, in one process."""


def _asks(stage: Stage, number: int) -> bool:
    """Whether the command of this number asks its first question."""
    return stage.log.count(b"status ") == number and stage.log.endswith(b"\n> ")


def run_many(folder: Path, commands: list[list[str]], typed: str = "", times: int = 0, **environment: str) -> bytes:
    """What a terminal is sent by several commands; to the first ones that ask a question, lines are typed."""
    script = folder / "commands.json"
    script.write_text(json.dumps(commands), encoding="utf-8")
    with Stage(
        (sys.executable, "-c", MANY, str(script)), home=folder, columns=300, environment={"TERM": "dumb", **environment}
    ) as stage:
        for number in range(times):
            stage.until(partial(_asks, stage, number))
            stage.send(typed)
        assert stage.wait() == 0, stage.text
        assert stage.log.count(b"status ") == len(commands)
        return stage.log


MESSAGES = (
    "is written in this text", "::error file=", "There is no code", "There is no lesson called",
    "There is no lesson at",
    "has no step", "no free-text step has this name", "U+001B) stands here", "Written: ",
    "There is a lesson in", "There is no file", "is a folder", "cannot be written", "is not a theme",
    "invalid choice", "unrecognized arguments", "The help card", "as the server lists it", "Nothing is kept of",
    "where things are kept", "is not a folder", "is not a number of tokens", "No model is configured",
)  # fmt: skip
"""What the commands below are told, each with a hostile word in it."""


def test_no_message_of_a_command_repeats_what_acts(tmp_path: Path) -> None:
    bad = "".join(SEQUENCES.values()).replace("/", "")[:150] + RETURNS
    write_lesson(tmp_path / "refused", EVERYTHING)
    write_lesson(tmp_path / "opened", "".join((HIDDEN | MARKUP).values()))
    odd = tmp_path / f"{bad}{HIDDEN['direction']}"
    write_lesson(odd, MARKUP["actions"])
    (odd / "bike-lane" / f"article{bad[:50]}.txt").write_text("A text.", encoding="utf-8")
    lesson = odd / "other" / "lesson.yaml"
    lesson.parent.mkdir()
    lesson.write_text(
        PLAIN_LESSON.read_text("utf-8").replace("  text: |", "  file: article.txt\n  byline: |", 1), "utf-8"
    )
    text = EVERYTHING.replace("\0", "")
    (odd / "one.txt").write_text(f"{text}\n\nA paragraph of an article that says something. {text}\n", "utf-8")
    (odd / "page.html").write_text(PAGE, "utf-8")
    (odd / "two.csv").write_text(
        f'step,answer,meets\nexplain,"{text[:80]} he asked",asked\n"{bad}",x,"{bad}"\n', "utf-8"
    )
    (odd / "folder.txt").mkdir()
    refused, opened, there = str(tmp_path / "refused" / "bike-lane"), str(tmp_path / "opened" / "bike-lane"), str(odd)
    commands = [
        ["check", refused], ["check", "--github", refused], ["check", "--json", refused], ["check", there],
        ["check", opened], ["check", "--github", there], ["check", bad], ["check", "--explain", bad],
        ["learn", refused], ["learn", bad], ["learn", f"{there}/nothing"], ["preview", opened, "--step", bad],
        ["try", refused], ["try", opened, "--answers", f"{there}/two.csv"], ["try", bad],
        ["try", opened, "--answers", f"{there}/one.txt"], ["new", f"{there}/one.txt", "--to", f"{there}/new"],
        ["new", f"{there}/one.txt", "--to", f"{there}/new"], ["new", f"{there}/page.html", "--to", f"{there}/new-page"],
        ["new", f"{there}/nothing"], ["new", f"{there}/folder.txt"], ["schema", "--out", f"{there}/nothing/at/all"],
        ["--theme", bad], ["--data-dir", bad, "check", refused], [bad], ["check", f"--{bad}"],
        ["--help-card", f"{there}/folder.txt", "check", refused], ["--base-url", bad], ["--model", bad],
        ["--key-file", bad],
        ["forget", bad, "--yes"], ["learn", bad, "--help"], ["bench", opened, "--models", f"{bad}@{bad}"],
        ["--prompts-dir", bad], ["--context", bad, "check"], ["doctor", "--data-dir", there],
    ]  # fmt: skip
    log = run_many(tmp_path, commands, XDG_DATA_HOME=there)
    assert_nothing_acts(log)
    assert_nothing_acts(run_many(tmp_path, [["check", refused]], CLOSEREAD_JUDGE=bad))
    shown = text_of(log)
    assert [words for words in MESSAGES if words not in shown] == []
    written = [
        path for path in odd.rglob("*") if path.name in ("article.txt", "lesson.yaml") and "new" in path.parent.name
    ]
    assert len(written) == 4
    for path in written:
        found = path.read_text(encoding="utf-8")
        assert clean(found) == found, path.name


def hostile_model(request: Request) -> Answer:
    """A model that says what is asked for, with everything in it."""
    schema = json.dumps(request.body.get("response_format", {}))
    # The guard lets few things pass: this it takes for the teacher's help with a slip in it.
    question = json.dumps({"question": "What would the writer have to do \x1b]0;\x07\x9bfirst to \u202eknow it?"})
    met = json.dumps({"met": "writer" in request.prompt[-80:]})  # it can tell the ideas themselves from nothing
    reply = question if '"question"' in schema else '{"kind": "answer"}' if '"kind"' in schema else met
    return says(reply if schema != "{}" else EVERYTHING, model=EVERYTHING)(request)


def test_no_byte_of_a_model_acts(tmp_path: Path) -> None:
    lessons = PLAIN_LESSON.parents[1]
    typed = "2\n3\n/stuck\n/stuck\n\nit is loud\n/why\nidk what to say here\n/why\n/quit\n"
    refusals = refuses_to(400, EVERYTHING), refuses_to(404, {"error": {"message": f"model {EVERYTHING} not found"}})
    with (
        FakeServer(hostile_model, models=(MODEL, EVERYTHING)) as talking,
        FakeServer(*refusals, refuses_to(500, [EVERYTHING]), models=(EVERYTHING,)) as refusing,
    ):
        servers = [["--model", MODEL, "--base-url", each.base_url] for each in (talking, refusing)]
        learn = ["learn", "bike-lane", "--plain", "--lessons", str(lessons)]
        commands = [[*learn, "--as", f"m{n}", *server] for n, server in enumerate(servers)]
        commands[0] += ["--judge", "model"]
        commands += [["doctor", *server] for server in servers]
        commands[2] += ["--model", "another"]
        log = run_many(tmp_path, commands, typed=typed, times=2)
        assert len(talking.requests) > 5
        assert len(refusing.requests) > 2
    assert_nothing_acts(log)
    shown = text_of(log)
    told = (
        "The language model cannot help just now",
        "does not list the model 'another'",
        "Set model to one of: fake-1b, [31;5m",
    )
    assert [words for words in told if words not in shown] == []
