"""The README keeps its word: every command in its code blocks is run, or checked as far as a test can go."""

import re
import shlex
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Callable
from importlib import import_module
from pathlib import Path

import platformdirs
import pytest

from tutor.settings import NAMES, load_settings

CHECKOUT = Path(__file__).parents[1]
README = (CHECKOUT / "README.md").read_text(encoding="utf-8")


def blocks(*languages: str) -> list[str]:
    """The contents of the README's code blocks in these languages."""
    found = re.findall(r"^```(\w+)\n(.*?)^```$", README, re.MULTILINE | re.DOTALL)
    assert len(found) * 2 == README.count("```"), "every code block names its language"
    return [text for language, text in found if language in languages]


COMMANDS = [line for block in blocks("sh", "powershell") for line in block.splitlines()]
[LESSON] = blocks("yaml")
SETTINGS, MODEL = blocks("toml")
ARTICLE = """Rink to Open

The ice rink opens on 3 May, says its manager, Ida Moss. "We have sold 120 tickets," she adds.

It will be the best rink in the world, and nobody will stay at home.
"""


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with the files that the README tells its reader to make; the program is found, but not from here."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PYTHONPATH", str(CHECKOUT))
    own = tmp_path / "my-lessons" / "night-bus" / "lesson.yaml"
    own.parent.mkdir(parents=True)
    own.write_text(LESSON, encoding="utf-8")
    (tmp_path / "night-bus.yaml").write_text(LESSON, encoding="utf-8")
    (tmp_path / "article.txt").write_text(ARTICLE, encoding="utf-8")
    return tmp_path


def run(*command: str, cwd: Path | None = None, typed: str = "") -> str:
    """What a command shows to a person without a terminal; it must end well."""
    result = subprocess.run(
        command, cwd=cwd, input=typed, capture_output=True, encoding="utf-8", timeout=120, check=False
    )
    assert result.returncode == 0, result.stdout + result.stderr
    assert "Traceback" not in result.stderr
    return result.stdout


def closeread(*arguments: str) -> str:
    """What `closeread` shows when its learner leaves at the first chance."""
    return run(sys.executable, "-m", "tutor", *arguments, typed="/quit\n")


def shows(text: str) -> Callable[[str], None]:
    """The check that a command of the tutor shows this text."""

    def check(command: str) -> None:
        assert text in closeread(*shlex.split(command)[1:])

    return check


def makes(recipe: str) -> Callable[[str], None]:
    """The check that a target of the Makefile comes to this; running it would run these tests inside themselves."""

    def check(command: str) -> None:
        if not shutil.which("make"):
            pytest.skip("there is no make on this machine")
        make, target = shlex.split(command)
        assert recipe in run(make, "--no-print-directory", "--dry-run", target, cwd=CHECKOUT).splitlines()[-1]

    return check


def sets_up_on_windows(command: str) -> None:
    """The libraries are all here already, so pip needs no network to agree to every line of the lock file."""
    environment, libraries = command.split("; ")
    assert environment == "py -m venv .venv"
    python, *arguments = libraries.split()
    assert python == r".venv\Scripts\python"
    run(sys.executable, *arguments, "--quiet", "--dry-run", "--no-index", cwd=CHECKOUT)


def opens_on_windows(command: str) -> None:
    python, *arguments = command.split()
    assert python == r".venv\Scripts\python"
    assert "Syria" in run(sys.executable, *arguments, typed="/quit\n")


def installs_the_command(command: str) -> None:
    """Both tools install the project they stand in; that its wheel works is shown in test_packaging."""
    assert command.endswith(" install .")
    project = tomllib.loads((CHECKOUT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    module, function = project["scripts"]["closeread"].split(":")
    assert callable(getattr(import_module(module), function))


def in_a_new_lesson(check: Callable[[str], None]) -> Callable[[str], None]:
    """The check, once there is the lesson that the README's first command makes."""

    def both(command: str) -> None:
        closeread("new", "article.txt", "--to", "my-lesson")
        check(command)

    return both


def needs_a_terminal(command: str) -> None:
    """What the preview shows on one is seen in test_docs."""
    result = subprocess.run(
        [sys.executable, "-m", "tutor", *shlex.split(command)[1:]], capture_output=True, encoding="utf-8", check=False
    )
    assert result.returncode == 1
    assert "The preview needs a terminal to draw on, and this is none." in result.stderr


CHECKS: dict[str, Callable[[str], None]] = {
    "make learn": makes("-m tutor learn lavrov-syria"),
    "make test": makes("-m pytest"),
    r"py -m venv .venv; .venv\Scripts\python -m pip install --require-hashes -r requirements.txt": sets_up_on_windows,
    r".venv\Scripts\python -m tutor learn lavrov-syria": opens_on_windows,
    "uv tool install .": installs_the_command,
    "pipx install .": installs_the_command,
    "closeread": shows("lavrov-syria"),
    "closeread learn lavrov-syria": shows("Syria"),
    "closeread learn lavrov-syria --as owl": shows("Syria"),
    "closeread learn lavrov-syria --plain": shows("Syria"),
    "closeread new article.txt --to my-lesson": shows("closeread check my-lesson"),
    "closeread check my-lesson": in_a_new_lesson(shows("1 lesson checked.")),
    "closeread preview my-lesson": in_a_new_lesson(needs_a_terminal),
    "closeread try my-lesson": in_a_new_lesson(shows("Each path ends, and nothing is told too early.")),
    "closeread doctor": shows("No model is configured, and none is needed: lessons run without one."),
}


def test_every_command_has_its_check() -> None:
    assert sorted(COMMANDS) == sorted(CHECKS)


@pytest.mark.usefixtures("desk")
@pytest.mark.parametrize("command", COMMANDS)
def test_the_command_does_what_the_readme_says(command: str) -> None:
    CHECKS[command](command)


@pytest.mark.usefixtures("desk")
def test_the_smallest_lesson_opens() -> None:
    assert "`closeread learn night-bus.yaml`" in README
    shows("Which words claim more than the writer can know?")("closeread learn night-bus.yaml")


def test_every_link_leads_to_a_file() -> None:
    links = re.findall(r"\]\((?!https?:)([^)#]+)\)", README)
    assert [link for link in links if not (CHECKOUT / link).is_file()] == []


def test_the_table_has_every_setting_and_the_files_shown_hold_some_of_them(tmp_path: Path) -> None:
    table = dict(re.findall(r"^\| (?:`(\w+)`)? ?\| `(\w+)` \|", README, re.MULTILINE))
    assert table == {("" if name == "key" else name): variable for name, (_, variable) in NAMES.items()}
    assert list(table)[:4] == list(tomllib.loads(SETTINGS))
    (tmp_path / "config.toml").write_text(MODEL, encoding="utf-8")
    settings = load_settings({"data_dir": tmp_path}, {}, tmp_path / "config.toml")
    assert settings.endpoint
    assert (settings.judge, settings.speaker) == ("both", "model")


def test_the_defaults_in_the_table_are_those_in_force() -> None:
    shown = load_settings({"data_dir": "x"}, {}, None).shown
    stated = re.findall(r"^\| `(\w+)` \| `\w+` \| .*\((\d+)[);]", README, re.MULTILINE)
    assert len(stated) == 7
    assert dict(stated).items() <= shown.items()


def settings_file(desk: Path) -> str:
    """The settings file of the README, with folders of this test in place of a school's."""
    (desk / "help.txt").write_text("Talk to Ms Example in room 12.", encoding="utf-8")
    text = SETTINGS
    for place, own in (("learners", "work"), ("lessons", "my-lessons"), ("help.txt", "help.txt")):
        text = text.replace(f"/srv/closeread/{place}", (desk / own).as_posix())
    assert "/srv" not in text
    return text


def test_the_settings_file_is_read_where_the_readme_says_and_the_environment_overrides_it(
    desk: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = Path(platformdirs.user_config_dir("closeread", appauthor=False))
    folder.mkdir(parents=True)
    (folder / "config.toml").write_text(settings_file(desk), encoding="utf-8")

    assert "Which words" in closeread("learn", "night-bus", "--as", "owl")
    kept = {file for file in (desk / "work").rglob("*") if file.is_file()}
    assert kept

    monkeypatch.setenv("CLOSEREAD_DATA_DIR", str(desk / "elsewhere"))
    assert "Which words" in closeread("learn", "night-bus", "--as", "owl")
    assert {file for file in (desk / "work").rglob("*") if file.is_file()} == kept
    assert any(file.is_file() for file in (desk / "elsewhere").rglob("*"))


@pytest.mark.skipif(sys.platform != "linux", reason="checks the column for Linux")
def test_files_are_where_the_table_says(desk: Path, home: Path) -> None:
    rows = re.findall(r"^\| (?:settings, `config.toml` in|learners' work) \| `~/([^`]+)`", README, re.MULTILINE)
    settings, work = (home / row for row in rows)
    assert settings == Path(platformdirs.user_config_dir("closeread", appauthor=False))
    closeread("learn", "lavrov-syria", "--as", "owl")
    assert any(file.is_file() for file in work.rglob("*"))
