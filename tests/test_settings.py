"""Settings: flags before environment before file before defaults, and every mistake with its place."""

import errno
import os
import shlex
import subprocess
import sys
from pathlib import Path, PureWindowsPath
from types import SimpleNamespace
from typing import Any, NoReturn

import pytest

from tutor.errors import SettingsError
from tutor.settings import NAMES, Settings, default_config_file, default_data_dir, load_settings

posix = pytest.mark.skipif(os.name == "nt", reason="home folders as POSIX has them")


@pytest.fixture
def environ(home: Path) -> dict[str, str]:
    return {"HOME": str(home), "USERPROFILE": str(home)}


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "closeread" / "config.toml"


def write(file: Path, text: str | bytes) -> Path:
    file.parent.mkdir(exist_ok=True)
    file.write_bytes(text.encode() if isinstance(text, str) else text)
    return file


def refused(file: Path, text: str | bytes) -> str:
    with pytest.raises(SettingsError) as caught:
        load_settings({}, {"HOME": "/home/owl"}, write(file, text))
    return str(caught.value)


def test_without_anything_there_are_defaults(environ: dict[str, str], file: Path) -> None:
    settings = load_settings({}, environ, file)
    assert settings == Settings(
        data_dir=default_data_dir(environ),
        lessons_dirs=(),
        help_card=None,
        theme="auto",
        origins=dict.fromkeys(NAMES, "default"),
        notes=(),
    )
    assert not file.parent.exists()
    assert list(Path(environ["HOME"]).iterdir()) == []


ALL = """\
# settings
data_dir = "/srv/work"
lessons_dirs = [
  "/srv/lessons",  # ours

  "more",
]
help_card = 'help.txt'
"theme" = "light"
"""


def test_every_setting_can_stand_in_the_file(environ: dict[str, str], file: Path) -> None:
    settings = load_settings({}, environ, write(file, ALL))
    assert settings.data_dir == Path("/srv/work")
    assert settings.lessons_dirs == (Path("/srv/lessons"), file.parent / "more")
    assert settings.help_card == file.parent / "help.txt"
    assert settings.theme == "light"
    lines = {"data_dir": 2, "lessons_dirs": 3, "help_card": 8, "theme": 9}
    places = {name: f"file {file}:{line}" for name, line in lines.items()}
    assert settings.origins == dict.fromkeys(NAMES, "default") | places


def test_every_setting_can_stand_in_the_environment(environ: dict[str, str], file: Path) -> None:
    environ |= {
        "CLOSEREAD_DATA_DIR": "~/work",
        "CLOSEREAD_LESSONS_DIRS": os.pathsep.join(["/srv/lessons", "", "more"]),
        "CLOSEREAD_HELP_CARD": "~",
        "CLOSEREAD_THEME": "dark",
    }
    settings = load_settings({}, environ, write(file, ALL))
    home = Path(environ["HOME"])
    assert (settings.data_dir, settings.help_card, settings.theme) == (home / "work", home, "dark")
    assert settings.lessons_dirs == (Path("/srv/lessons"), Path("more"))
    assert settings.origins["lessons_dirs"] == "environment CLOSEREAD_LESSONS_DIRS"


def test_flags_count_first_and_each_setting_is_settled_alone(environ: dict[str, str], file: Path) -> None:
    environ["CLOSEREAD_THEME"] = "dark"
    flags = {"lessons_dirs": ["mine", Path("yours")], "data_dir": None}
    settings = load_settings(flags, environ, write(file, ALL))
    assert settings.lessons_dirs == (Path("mine"), Path("yours"))
    assert settings.origins == dict.fromkeys(NAMES, "default") | {
        "data_dir": f"file {file}:2",
        "lessons_dirs": "flag --lessons",
        "help_card": f"file {file}:8",
        "theme": "environment CLOSEREAD_THEME",
    }
    assert load_settings({"lessons_dirs": "mine"}, environ, file).lessons_dirs == (Path("mine"),)


def test_an_empty_variable_counts_as_not_given(environ: dict[str, str], file: Path) -> None:
    environ |= dict.fromkeys(["CLOSEREAD_DATA_DIR", "CLOSEREAD_LESSONS_DIRS", "CLOSEREAD_THEME"], "")
    settings = load_settings({}, environ, write(file, 'theme = "light"'))
    assert settings.theme == "light"
    assert settings.origins["data_dir"] == "default"


@pytest.mark.parametrize("text", [b"\xef\xbb\xbftheme = 'dark'\r\n", b"\r\n\r\ntheme = 'dark'", b"theme = 'dark'"])
def test_a_file_as_windows_saves_it(file: Path, text: bytes) -> None:
    assert load_settings({}, {"HOME": "/home/owl"}, write(file, text)).theme == "dark"


def test_an_empty_file_is_no_mistake(file: Path) -> None:
    assert load_settings({}, {"HOME": "/home/owl"}, write(file, "\n# nothing yet\n")).theme == "auto"


MISTAKES: list[tuple[str | bytes, str, str]] = [
    ("\nthem = 'dark'", ":2: ", "there is no setting 'them'. Did you mean 'theme'?"),
    ("data-dir = 'x'", ":1: ", "Did you mean 'data_dir'?"),
    ("theme = 'dark'\n[quiz]\nname = 'x'", ":2: ", "There are: data_dir, lessons_dirs, help_card, theme"),
    ("theme = 'dark'\nendpoint.url = 'x'", ":2: ", "there is no setting 'endpoint'"),
    ("x = '''\ntheme = 1\n'''\ntheme = 'dark'", ":1: ", "there is no setting 'x'"),
    ("'a\\u001b\t' = 1", ":1: ", "there is no setting 'a\\u001b'"),
    ("\n\ndata_dir = 3", ":3: data_dir: ", "3 is not a path"),
    ("data_dir = ''", ":1: data_dir: ", "must not be empty"),
    ('data_dir = "a\\u0000b"', ":1: data_dir: ", "NUL"),
    ("data_dir = '~owl/x'", ":1: data_dir: ", "Write the path out in full"),
    ("lessons_dirs = 'x'", ":1: lessons_dirs: ", "must be a list of folders"),
    ("lessons_dirs = ['x', 2]", ":1: lessons_dirs: ", "2 is not a path"),
    ("help_card = ['x']", ":1: help_card: ", "is not a path"),
    ("theme = 'drak'", ":1: theme: ", "'drak' is not a theme. There are auto, light, dark. Did you mean 'dark'?"),
    ("theme = true", ":1: theme: ", "is not a theme"),
    ("theme = dark", ":1:9: ", "Text stands in quotation marks"),
    ("\ntheme = 'dark'\ntheme = 'dark'", ":3:", "this is not TOML"),
    ("theme = 'dark", ":1", "this is not TOML"),
    ("lessons_dirs = ['x',\n", ":2", "this is not TOML"),
    ('data_dir = "C:\\Users\\owl"', ":1:", "Write folders with '/'"),
    ("x = " + "[" * 100_000, ":1", "this is not TOML"),
    ("x = " + "9" * 5000, ":1", "this is not TOML"),
    (b"# fine\ntheme = '\xe4'", ":2: ", "not in UTF-8"),
]


@pytest.mark.parametrize(("text", "place", "words"), MISTAKES, ids=[words for *_, words in MISTAKES])
def test_a_mistake_in_the_file_is_told_with_its_place(file: Path, text: str | bytes, place: str, words: str) -> None:
    message = refused(file, text)
    assert message.startswith(f"{file}{place}")
    assert words in message
    assert message.isprintable()


def test_every_mistake_is_told(file: Path) -> None:
    told = refused(file, "theme = 1\ndata_dir = 2\nhelp_card = 3").splitlines()
    assert [line.removeprefix(str(file)).split(":")[1] for line in told] == ["2", "3", "1"]
    assert len(refused(file, "a = 1\nb = 2").splitlines()) == 2


def test_a_folder_in_the_place_of_the_file(file: Path) -> None:
    file.mkdir(parents=True)
    with pytest.raises(SettingsError, match="cannot be read"):
        load_settings({}, {"HOME": "/home/owl"}, file)


def test_a_mistake_outside_the_file_is_told_with_its_place(file: Path) -> None:
    with pytest.raises(SettingsError, match=r"^environment CLOSEREAD_THEME: 'blue' is not a theme\."):
        load_settings({}, {"HOME": "/home/owl", "CLOSEREAD_THEME": "blue"}, file)
    with pytest.raises(SettingsError, match=r"^flag --data-dir: a path must not be empty"):
        load_settings({"data_dir": ""}, {"HOME": "/home/owl"}, file)
    with pytest.raises(SettingsError, match="Did you mean 'data_dir'"):
        load_settings({"data_dirs": "x"}, {"HOME": "/home/owl"}, file)


@posix
def test_the_folders_follow_the_environment_that_is_given(tmp_path: Path) -> None:
    before = dict(os.environ)
    environ = {"HOME": str(tmp_path), "XDG_DATA_HOME": str(tmp_path / "d"), "XDG_CONFIG_HOME": str(tmp_path / "c")}
    assert default_data_dir(environ) == tmp_path / "d" / "closeread"
    assert default_config_file(environ) == tmp_path / "c" / "closeread" / "config.toml"
    assert default_data_dir({"HOME": str(tmp_path)}).is_relative_to(tmp_path)
    assert default_data_dir(environ | {"XDG_DATA_HOME": "relative"}).is_relative_to(tmp_path)
    assert dict(os.environ) == before
    assert list(tmp_path.iterdir()) == []


@posix
@pytest.mark.parametrize("environ", [{}, {"HOME": ""}, {"HOME": "relative"}])
def test_without_a_home_there_is_a_folder_for_now_and_a_sentence(environ: dict[str, str]) -> None:
    assert default_config_file(environ) is None
    settings = load_settings({}, environ, default_config_file(environ))
    assert settings.data_dir.parent.is_dir()
    assert not settings.data_dir.exists(), "it is made when something is first written there"
    assert settings.data_dir != load_settings({}, environ, None).data_dir, "nobody else can foresee its name"
    [note] = settings.notes
    assert str(settings.data_dir) in note
    assert "CLOSEREAD_DATA_DIR" in note


@posix
def test_without_a_home_a_data_folder_that_is_named_will_do(tmp_path: Path) -> None:
    settings = load_settings({}, {"CLOSEREAD_DATA_DIR": str(tmp_path)}, None)
    assert (settings.data_dir, settings.notes) == (tmp_path, ())
    with pytest.raises(SettingsError, match="there is none"):
        load_settings({"data_dir": "~/work"}, {}, None)


@posix
def test_without_a_home_and_without_room_for_a_folder(monkeypatch: pytest.MonkeyPatch) -> None:
    def refused() -> str:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("tempfile.gettempdir", refused)
    settings = load_settings({}, {}, None)
    assert settings.data_dir.is_absolute()
    assert not settings.data_dir.exists()
    assert len(settings.notes) == 1


def test_platformdirs_is_not_loaded_where_the_folders_are_set() -> None:
    code = (
        "import sys; from pathlib import Path; from tutor.settings import load_settings; "
        "load_settings({'data_dir': 'x'}, {}, Path('none')); assert 'platformdirs' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], cwd=Path(__file__).parents[1], check=True)


def test_a_settings_file_in_a_folder_that_may_not_be_entered_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> NoReturn:
        raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr(Path, "stat", refuse)
    monkeypatch.setattr(Path, "read_bytes", refuse)
    with pytest.raises(SettingsError, match="Permission denied"):
        load_settings({}, {}, tmp_path / "config.toml")


def test_a_start_names_what_it_would_not_find_by_itself(environ: dict[str, str], file: Path) -> None:
    settings = load_settings({}, environ, file)
    there = Path("/media/stick/closeread")
    assert settings.command(settings.data_dir) == "closeread"
    assert settings.command(settings.data_dir, "bus") == "closeread learn bus"
    assert settings.command(there, "bus") == f"closeread --data-dir {there} learn bus"
    given = load_settings({"data_dir": "/srv/work", "lessons_dirs": ["ours", "theirs"]}, environ, file)
    assert given.command(there, "bus") == f"closeread --data-dir {there} --lessons ours --lessons theirs learn bus"
    assert given.command(given.data_dir) == "closeread --data-dir /srv/work --lessons ours --lessons theirs"
    environ |= {"CLOSEREAD_DATA_DIR": "/srv/work", "CLOSEREAD_LESSONS_DIRS": "ours"}
    assert load_settings({}, environ, file).command(Path("/srv/work"), "bus") == "closeread learn bus"


@posix
def test_a_start_is_quoted_as_a_shell_reads_it(environ: dict[str, str], file: Path) -> None:
    settings = load_settings({}, environ, file)
    command = settings.command(Path("/media/my stick"), "it's/lesson.yaml")
    assert shlex.split(command) == ["closeread", "--data-dir", "/media/my stick", "learn", "it's/lesson.yaml"]


@pytest.mark.parametrize(
    ("lesson", "written"),
    [
        ("bus", "bus"),
        ("D:\\lessons\\bus\\lesson.yaml", "D:\\lessons\\bus\\lesson.yaml"),
        ("my lesson\\lesson.yaml", '"my lesson\\lesson.yaml"'),
        ("R&D\\lesson.yaml", '"R&D\\lesson.yaml"'),
        ("my lessons\\", '"my lessons\\\\"'),
    ],
)
def test_a_start_is_quoted_as_windows_reads_it(
    monkeypatch: pytest.MonkeyPatch, environ: dict[str, str], file: Path, lesson: str, written: str
) -> None:
    settings = load_settings({}, environ, file)
    monkeypatch.setattr("tutor.settings.values.os", SimpleNamespace(name="nt"))
    there: Any = PureWindowsPath("C:/Users/Ada Brown/closeread")
    assert settings.command(there, lesson) == f'closeread --data-dir "{there}" learn {written}'
