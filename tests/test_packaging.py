"""The wheel: what is in it, and that a lesson runs from it on a machine that has nothing but the locked libraries."""

import os
import shutil
import subprocess
import sys
import venv
import zipfile
from importlib.metadata import distribution
from pathlib import Path

import pytest

from tests.dependencies import read_lock
from tutor import __version__

CHECKOUT = Path(__file__).parents[1]
OFFLINE = ["--quiet", "--no-index", "--disable-pip-version-check"]

pytestmark = pytest.mark.slow


def run(command: list[str | Path], cwd: Path, env: dict[str, str], typed: str = "") -> str:
    """What a command says when it is given these lines; it must end well."""
    result = subprocess.run(
        command, cwd=cwd, env=env, input=typed, capture_output=True, encoding="utf-8", timeout=120, check=False
    )
    assert result.returncode == 0, result.stdout + result.stderr
    assert "Traceback" not in result.stderr
    return result.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel of this checkout, built without a network."""
    folder = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "pip", "wheel", *OFFLINE, "--no-deps", "--no-build-isolation", "."]
    run([*build, "--wheel-dir", folder], CHECKOUT, dict(os.environ))
    [built] = folder.iterdir()
    return built


def lay_locked_libraries(target: Path) -> None:
    """Copy the libraries of requirements.txt, and no others, from where the tests run to another site-packages."""
    for requirement in read_lock("requirements.txt"):
        if requirement.marker and not requirement.marker.evaluate():
            continue
        for file in distribution(requirement.name).files or ():
            if ".." not in file.parts and "__pycache__" not in file.parts:
                (target / file).parent.mkdir(parents=True, exist_ok=True)
                shutil.copy(str(file.locate()), target / file)


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the commands of a fresh environment into which the wheel was installed.

    pip refuses to install when a library that the wheel asks for is missing, so this also shows that the lock file is
    complete.
    """
    folder = tmp_path_factory.mktemp("elsewhere") / "env"
    venv.create(folder, symlinks=os.name != "nt")
    commands = folder / ("Scripts" if os.name == "nt" else "bin")
    where = "import sysconfig; print(sysconfig.get_path('purelib'))"
    lay_locked_libraries(Path(run([commands / "python", "-c", where], folder, dict(os.environ)).strip()))
    run([sys.executable, "-m", "pip", "--python", folder, "install", *OFFLINE, wheel], folder, dict(os.environ))
    return commands


def test_the_wheel_holds_the_program_lessons_prompts_and_pages_and_nothing_else(wheel: Path) -> None:
    inside = {Path(name) for name in zipfile.ZipFile(wheel).namelist()}
    about = Path(f"closeread-{__version__}.dist-info")
    expected = {about / name for name in ("METADATA", "WHEEL", "RECORD", "entry_points.txt")}
    expected |= {about / "licenses" / name for name in ("LICENSE", "lessons/LICENSE.md")}
    data = ((folder, f"tutor/_data/{folder}") for folder in ("lessons", "prompts", "docs/checks"))
    for folder, place in (("tutor", "tutor"), *data):
        files = [file for file in (CHECKOUT / folder).rglob("*") if file.is_file() and "__pycache__" not in file.parts]
        assert files, f"{folder}/ is empty"
        expected |= {place / file.relative_to(CHECKOUT / folder) for file in files}
    assert inside == expected


def test_the_lessons_in_the_wheel_are_those_of_the_checkout_byte_for_byte(wheel: Path) -> None:
    files = [file for file in (CHECKOUT / "lessons").rglob("*") if file.is_file()]
    assert CHECKOUT / "lessons" / "lavrov-syria" / "article.txt" in files
    with zipfile.ZipFile(wheel) as archive:
        for file in files:
            name = (Path("tutor/_data") / file.relative_to(CHECKOUT)).as_posix()
            assert archive.read(name) == file.read_bytes(), name


def test_a_lesson_runs_from_the_installed_wheel(installed: Path, home: Path, tmp_path: Path) -> None:
    learn: list[str | Path] = [installed / "closeread", "learn", "lavrov-syria", "--plain", "--as", "test"]
    first = run(learn, tmp_path, dict(os.environ), typed="/quit\n")
    assert "Syria" in first
    assert "# no-hints" in run([installed / "closeread", "check", "--explain", "no-hints"], tmp_path, dict(os.environ))
    assert list(tmp_path.iterdir()) == [], "a session leaves nothing in the folder one happens to be in"
    assert [file for file in home.rglob("*") if file.is_file()], "the sitting was kept under the learner's home"


def test_the_installed_program_reads_its_own_lessons_and_not_the_checkouts(installed: Path, tmp_path: Path) -> None:
    where = run([installed / "python", "-c", "import tutor; print(tutor.__file__)"], tmp_path, dict(os.environ)).strip()
    assert Path(where).is_relative_to(installed.parent)
    assert not Path(where).is_relative_to(CHECKOUT)


@pytest.mark.parametrize("arguments", [[], ["learn"]])
def test_the_installed_command_explains_itself_with_an_example(
    installed: Path, tmp_path: Path, arguments: list[str]
) -> None:
    shown = run([installed / "closeread", *arguments, "--help"], tmp_path, dict(os.environ))
    assert "closeread learn lavrov-syria" in shown


def test_the_program_runs_from_the_checkout_without_being_installed() -> None:
    assert "closeread" in run([sys.executable, "-m", "tutor", "--help"], CHECKOUT, dict(os.environ))
