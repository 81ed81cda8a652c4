"""The import contracts hold, and each one breaks when somebody breaks it: a rule that cannot fail guards nothing."""

import ast
import os
import shutil
import subprocess
import sys
from itertools import pairwise
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).parents[1]

ROOMS = "Every module has a room, and imports point down only"
TEXTUAL = "Only tutor.tui imports Textual"
LITELLM = "Only tutor.llm imports litellm"
CORE = "The core is pure"

# The house from the roof down, as the design has it; rooms of one floor do not know each other.
FLOORS = [
    ["cli"],
    ["bootstrap"],
    ["workbench"],
    ["tui", "plain"],
    ["report"],
    ["conversation"],
    ["judges", "speakers"],
    ["llm"],
    ["lessons", "journal"],
    ["resources"],
    ["settings"],
    ["core"],
    ["errors"],
]


class House:
    """A copy of the package, in which a test may plant whatever it likes."""

    def __init__(self, folder: Path) -> None:
        shutil.copytree(CHECKOUT / "tutor", folder / "tutor", ignore=shutil.ignore_patterns("__pycache__"))
        shutil.copy(CHECKOUT / "pyproject.toml", folder)
        self.folder = folder

    def plant(self, room: str, code: str) -> None:
        """Add code to a room: at the end of its one module, or as a new module of its package."""
        module = self.folder / "tutor" / f"{room}.py"
        if not module.exists():
            module = self.folder / "tutor" / room / "planted.py"
            module.parent.mkdir(exist_ok=True)
            (module.parent / "__init__.py").touch()
        with module.open("a", encoding="utf-8") as file:
            file.write(f"\n{code}\n")

    def broken(self) -> set[str]:
        """The names of the contracts that import-linter finds broken here."""
        command = "from importlinter.cli import lint_imports_command as lint; lint()"
        result = subprocess.run(
            [sys.executable, "-c", command, "--no-logo", "--no-cache"],
            cwd=self.folder,
            env=os.environ | {"COLUMNS": "200", "NO_COLOR": "1"},
            capture_output=True,
            text=True,
            check=False,
        )
        verdicts = {
            name: verdict
            for name in (ROOMS, TEXTUAL, LITELLM, CORE)
            for verdict in ("KEPT", "BROKEN")
            if f"{name} {verdict}" in result.stdout
        }
        assert len(verdicts) == 4, result.stdout + result.stderr
        broken = {name for name, verdict in verdicts.items() if verdict == "BROKEN"}
        assert result.returncode == (1 if broken else 0)
        return broken


@pytest.fixture
def house(tmp_path: Path) -> House:
    return House(tmp_path)


def test_the_house_as_it_stands_keeps_every_contract(house: House) -> None:
    assert house.broken() == set()


@pytest.mark.parametrize("stray", ["utils", "helpers"])
def test_a_module_without_a_room_is_refused(house: House, stray: str) -> None:
    (house.folder / "tutor" / f"{stray}.py").touch()
    assert house.broken() == {ROOMS}


UPWARD = [(lower, upper) for above, below in pairwise(FLOORS) for upper in above for lower in below]
SIDEWAYS = [pair for floor in FLOORS if len(floor) == 2 for pair in (tuple(floor), tuple(reversed(floor)))]


@pytest.mark.parametrize(("room", "other"), [*UPWARD, *SIDEWAYS, ("core", "settings"), ("errors", "cli")])
def test_an_import_that_points_up_or_sideways_is_refused(house: House, room: str, other: str) -> None:
    house.plant(other, "")
    house.plant(room, f"import tutor.{other}")
    assert ROOMS in house.broken()


@pytest.mark.parametrize("room", ["cli", "plain", "report", "conversation"])
def test_textual_outside_its_room_is_refused(house: House, room: str) -> None:
    house.plant(room, "def planted() -> None:\n    from textual.app import App")
    assert house.broken() == {TEXTUAL}


@pytest.mark.parametrize("room", ["bootstrap", "judges", "speakers", "tui"])
def test_litellm_outside_its_room_is_refused(house: House, room: str) -> None:
    house.plant(room, "def planted() -> None:\n    import litellm")
    assert house.broken() == {LITELLM}


def test_each_library_is_welcome_in_its_room(house: House) -> None:
    house.plant("tui", "import textual.app")
    house.plant("llm", "import litellm")
    assert house.broken() == set()


IMPURE = ["asyncio", "datetime", "io", "os", "pathlib", "random", "socket", "subprocess", "sys", "time", "yaml"]


@pytest.mark.parametrize("library", IMPURE)
def test_an_impure_import_in_the_core_is_refused(house: House, library: str) -> None:
    house.plant("core", f"import {library}")
    assert house.broken() == {CORE}


def test_an_impure_import_that_the_core_reaches_through_another_room_is_refused(house: House) -> None:
    house.plant("core", "import tutor.errors")
    house.plant("errors", "import time")
    assert house.broken() == {CORE}


IMPURE_CALLS = {"open", "print", "input", "breakpoint", "exec", "eval", "__import__"}


def impurities(source: str) -> list[str]:
    """What a module does that needs no import and is not pure all the same: waiting, reading, writing."""
    found = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Await | ast.AsyncFunctionDef | ast.AsyncFor | ast.AsyncWith):
            found.append(f"line {node.lineno}: waits")
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in IMPURE_CALLS:
            found.append(f"line {node.lineno}: calls {node.func.id}")
    return found


def test_the_core_neither_waits_nor_reads_nor_writes() -> None:
    modules = sorted((CHECKOUT / "tutor" / "core").rglob("*.py"))
    assert modules
    assert {m.name: found for m in modules if (found := impurities(m.read_text(encoding="utf-8")))} == {}


@pytest.mark.parametrize("code", ["async def wait(): ...", "print(1)", "def f():\n    return open('x').read()"])
def test_waiting_reading_and_writing_are_noticed(code: str) -> None:
    assert impurities(code)
