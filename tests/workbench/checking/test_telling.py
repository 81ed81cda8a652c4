"""What `closeread check` prints and returns, as it is typed: for people, programs and GitHub, and while watching."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.workbench.checking.pages import FOLDER, base
from tutor.cli import main
from tutor.errors import Mistake
from tutor.resources import lessons_dir
from tutor.workbench.checking.checking import Report
from tutor.workbench.checking.telling import as_lines, as_object, as_workflow, sentence
from tutor.workbench.checking.watching import watch

WRONG = base().replace("will never come back\n  kind", "will newer come back\n  kind")
# A mark nobody would miss: the lesson opens, but nothing in it is sound.
POOR = base().replace("  sound: true\n", "").replace(", sound: true}", "}")
PLACE = WRONG.index("will newer come back\n  kind")
LINE = WRONG[:PLACE].count("\n") + 1
COLUMN = PLACE - WRONG.rindex("\n", 0, PLACE)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    for name, text in (("good", base()), ("wrong", WRONG), ("poor", POOR)):
        (tmp_path / name).mkdir()
        (tmp_path / name / "lesson.yaml").write_text(text, encoding="utf-8")
    return tmp_path


Said = tuple[int, str, str]
Run = Callable[..., Said]


@pytest.fixture
def run(folder: Path, capsys: pytest.CaptureFixture[str]) -> Run:
    assert folder.is_dir()

    def run_it(*arguments: str) -> Said:
        try:
            status = main(["check", *arguments])
        except SystemExit as left:
            status = int(left.code or 0)
        said = capsys.readouterr()
        return status, said.out, said.err

    return run_it


def test_a_finding_is_a_line_with_its_place_its_code_and_what_to_do(run: Run) -> None:
    status, out, _ = run("wrong")
    first, last = out.splitlines()
    assert first == (
        f"{Path('wrong/lesson.yaml')}:{LINE}:{COLUMN}: error mark-not-in-block: These words do not stand in p2: "
        '"will newer come back". The text has "will never come back.".'
    )
    assert last == "1 error; 1 lesson checked. More about a code: closeread check --explain CODE"
    assert status == 1


def test_words_that_stand_in_another_block_are_found_there(run: Run, folder: Path) -> None:
    (folder / "wrong" / "lesson.yaml").write_text(WRONG.replace("will newer come back", "says town clerk"), "utf-8")
    assert 'do not stand in p2: "says town clerk". They stand in p1.' in run("wrong")[1]


def test_warnings_alone_are_no_failure(run: Run) -> None:
    status, out, _ = run("poor")
    assert (status, " error " in out) == (0, False)
    assert re.search(r"^poor.lesson\.yaml:\d+:\d+: warning [a-z-]+: [A-Z]", out)
    assert re.search(
        r"^\d+ warnings?; 1 lesson checked\. Warnings keep nobody from using a lesson\.", out, re.MULTILINE
    )


def test_nothing_wrong_is_said_kindly(run: Run) -> None:
    assert run("good") == (0, "1 lesson checked, and there is nothing to put right.\n", "")


def test_several_things_are_checked_at_once_and_told_in_order(run: Run) -> None:
    status, out, _ = run("wrong", "good/lesson.yaml", "good")
    assert status == 1
    assert "3 lessons checked" in out
    status, out, _ = run(".")
    assert status == 1
    assert "3 lessons checked" in out
    places = [tuple(line.split(":")[:3]) for line in out.splitlines()[:-1]]
    assert places == sorted(places, key=lambda place: (place[0], int(place[1]), int(place[2])))


def test_a_lesson_of_the_library_by_its_name_and_all_of_them_without_one(run: Run, folder: Path) -> None:
    assert "1 lesson checked" in run("lavrov-syria")[1]
    assert "1 lesson checked" in run("poor", "--lessons", str(folder))[1]
    shipped = len(list(lessons_dir().glob("*/lesson.yaml")))
    status, out, _ = run("--lessons", str(folder))
    assert (status, f"{shipped + 3} lessons checked" in out) == (1, True)


def test_what_is_below_here_is_named_from_here(run: Run, folder: Path) -> None:
    assert run(str(folder / "wrong"))[1] == run("wrong")[1]
    (folder / "good" / "sub").mkdir()
    os.chdir(folder / "good" / "sub")
    assert run(str(folder / "wrong"))[1].startswith(str(folder / "wrong" / "lesson.yaml"))


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["nowhere"], 'There is no lesson called "nowhere".'),
        (["nowhere/lesson.yaml"], "There is no lesson at"),
        (["lavrov-siria"], 'Did you mean "lavrov-syria"?'),
        (["empty"], "There is no lesson in empty. A lesson is a folder with a lesson.yaml in it."),
        (["a\0b"], "There is no lesson"),
        (["x" * 300], "cannot be the name of a file"),
        (["--json", "--github"], "not allowed with argument"),
        (["--frequently"], "unrecognized arguments"),
    ],
)
def test_a_command_line_that_leads_nowhere_is_status_2(arguments: list[str], says: str, run: Run, folder: Path) -> None:
    (folder / "empty").mkdir()
    status, _, err = run(*arguments)
    assert status == 2
    assert says in err


def test_what_is_there_is_checked_even_where_something_else_is_not(run: Run) -> None:
    status, out, err = run("nowhere", "good")
    assert (status, "1 lesson checked" in out, "nowhere" in err) == (2, True, True)


def test_the_page_about_a_code_is_shown_wherever_the_program_is_installed(run: Run) -> None:
    status, out, _ = run("--explain", "mark-not-in-block")
    assert status == 0
    assert out == (FOLDER.parents[1] / "docs/checks/mark-not-in-block.md").read_text(encoding="utf-8")
    assert run("--explain", "mark-not-in-blok")[::2] == (
        2, 'There is no code "mark-not-in-blok". Did you mean "mark-not-in-block"?\n',
    )  # fmt: skip
    assert run("--explain", "../../README")[0] == 2


def test_the_object_for_programs_is_what_the_help_says(run: Run) -> None:
    status, out, _ = run("wrong", "good", "--json")
    assert status == 1
    seen = json.loads(out)
    assert (seen["lessons"], seen["counts"]) == (2, {"errors": 1, "warnings": 0})
    assert seen["findings"] == [
        {
            "file": str(Path("wrong/lesson.yaml")),
            "line": LINE,
            "column": COLUMN,
            "severity": "error",
            "code": "mark-not-in-block",
            "message": "these words do not stand in p2",
            "offending": "will newer come back",
            "hint": 'The text has "will never come back.".',
            "page": "docs/checks/mark-not-in-block.md",
        }
    ]
    assert (FOLDER.parents[1] / seen["findings"][0]["page"]).is_file()
    told = run("--help")[1].partition("with --json, one object:")[2]
    for name in (*seen, *seen["counts"], *seen["findings"][0]):
        assert re.search(rf"\b{name}\b", told), name


def test_the_object_is_whole_where_nothing_is_wrong_or_there(run: Run) -> None:
    nothing = {"lessons": 0, "counts": {"errors": 0, "warnings": 0}, "findings": []}
    assert json.loads(run("good", "--json")[1]) == {**nothing, "lessons": 1}
    status, out, _ = run("nowhere", "--json")
    assert (status, json.loads(out)) == (2, nothing)


def test_notes_for_github_stand_beside_the_line(run: Run) -> None:
    status, out, _ = run("wrong", "--github")
    assert status == 1
    assert out.splitlines()[0] == (
        f"::error file=wrong/lesson.yaml,line={LINE},col={COLUMN},title=mark-not-in-block::These words do not stand in "
        'p2: "will newer come back". The text has "will never come back.".'
    )
    assert run("poor", "--github")[1].startswith("::warning file=poor/lesson.yaml,line=")


HOSTILE = Mistake(
    "100%,a:b\x1b[2J\n::error::x.yaml", 1, 1, "50% of\r\nthis ::error:: \x9b2J\u202e", "o", "do, it: now", "tab"
)


def test_what_a_stranger_wrote_cannot_speak_to_github(tmp_path: Path) -> None:
    command, _ = as_workflow(Report(1, (HOSTILE,), ()), tmp_path)
    properties, _, message = command.removeprefix("::error ").partition("::")
    assert properties == "file=100%25%2Ca%3Ab[2J %3A%3Aerror%3A%3Ax.yaml,line=1,col=1,title=tab"
    assert message == '50%25 of this ::error:: 2J: "o". do, it: now'


def test_nothing_that_acts_on_a_terminal_is_printed(tmp_path: Path) -> None:
    report = Report(1, (HOSTILE,), ())
    told = as_object(report, tmp_path)["findings"][0]
    for text in (*as_lines(report, tmp_path), *as_workflow(report, tmp_path), *map(str, told.values())):
        assert not re.search("[\x00-\x1f\x7f-\x9f\u202a-\u202e]", text), text


def test_a_sentence_begins_with_a_capital_and_ends_once() -> None:
    assert sentence(Mistake("f", 1, 1, "the lesson is not there.", code="tab")) == "The lesson is not there."
    assert sentence(Mistake("f", 1, 1, "`x` is odd", "x", "Change it.", "tab")) == '`x` is odd: "x". Change it.'


def test_file_names_of_a_pack_are_cleaned(folder: Path, run: Run) -> None:
    if sys.platform == "win32":
        pytest.skip("Windows has no such names")
    (folder / "wrong").rename(folder / "\x1b]0;x\x07wr\nong")
    out = run(".")[1]
    assert not re.search("[\x00-\x09\x0b-\x1f]", out)
    assert "wr ong" in out


class Teacher:
    """Saves files between two looks of the watcher, and then leaves."""

    def __init__(self, *acts: Callable[[], object]) -> None:
        self.acts = list(acts)

    def __call__(self, _seconds: float = 0) -> None:
        if not self.acts:
            raise KeyboardInterrupt
        self.acts.pop(0)()


def save(path: Path, text: str) -> Callable[[], object]:
    return lambda: path.write_text(text, encoding="utf-8")


def nothing() -> None:
    """The teacher thinks."""


def watched(
    folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, *acts: object
) -> list[str]:
    """The last line of each time that the lessons were checked."""
    monkeypatch.setattr("time.sleep", Teacher(*acts))  # type: ignore[arg-type]
    assert main(["check", str(folder), "--watch"]) == 0
    said = capsys.readouterr()
    assert "Traceback" not in said.err
    return [line for line in (said.out + said.err).splitlines() if "checked" in line or line.startswith("There is no")]


@pytest.mark.parametrize("name", ["lesson.yaml", "article.txt"])
def test_a_lesson_is_checked_again_when_a_file_of_it_is_saved(
    name: str, folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    text = base()
    start, end = text.index("  text: |\n"), text.index("facts:")
    article = re.sub("^ {4}|# ", "", text[start + 10 : end], flags=re.MULTILINE)
    lesson = f"{text[:start]}  file: article.txt\n  headings: [What comes next]\n{text[end:]}"
    (folder / "good" / "lesson.yaml").write_text(lesson, encoding="utf-8")
    (folder / "good" / "article.txt").write_text(article, encoding="utf-8")
    right = {"lesson.yaml": lesson, "article.txt": article}[name]
    file = folder / "good" / name
    said = watched(
        folder / "good", capsys, monkeypatch,
        nothing, save(file, right.replace("never come", "ever come")), nothing, save(file, right), nothing,
    )  # fmt: skip
    assert [line.partition(";")[0].partition(",")[0] for line in said] == [
        "1 lesson checked", "1 error", "1 lesson checked",
    ]  # fmt: skip


def test_files_may_vanish_be_half_saved_and_come_back_while_watched(
    folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    file = folder / "good" / "lesson.yaml"
    said = watched(
        folder / "good", capsys, monkeypatch,
        save(file, base()[:700]), save(file, ""), file.unlink, nothing, save(file, base()), nothing,
    )  # fmt: skip
    assert [line[:7] for line in said] == [
        "1 lesso",
        "2 error",
        "1 error",
        "1 lesso",
        "There i",
    ]  # that one is said aside


def test_a_new_lesson_in_a_watched_folder_is_seen(
    folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    new = folder / "new"
    said = watched(folder, capsys, monkeypatch, new.mkdir, save(new / "lesson.yaml", base()), nothing)
    assert [re.findall(r"\d+ lessons", line) for line in said] == [["3 lessons"], ["4 lessons"]]


def test_what_is_saved_while_it_is_checked_is_checked_once_more(folder: Path) -> None:
    file, looks = folder / "good" / "lesson.yaml", []

    def look() -> list[Path]:
        looks.append(file.read_text(encoding="utf-8"))
        if len(looks) == 1:
            file.write_text("saved meanwhile", encoding="utf-8")
        return [file]

    watch([file], look, pause=Teacher(nothing, nothing))
    assert looks == [base(), "saved meanwhile"]


def test_watching_ends_quietly_in_a_process_of_its_own(folder: Path) -> None:
    if sys.platform == "win32":
        pytest.skip("Windows has no such signal")
    code = "import signal, sys; signal.signal(signal.SIGINT, signal.default_int_handler); from tutor.cli import main; "
    root = str(Path(__file__).parents[3])
    process = subprocess.Popen(
        [sys.executable, "-c", f"{code}sys.exit(main(['check', 'good', '--watch']))"], cwd=folder,
        env={**os.environ, "PYTHONPATH": root}, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert process.stdout
    assert "Ctrl+C ends this" in process.stdout.readline()
    assert "nothing to put right" in process.stdout.readline()
    process.send_signal(2)
    assert process.communicate(timeout=30) == ("", "")
    assert process.returncode == 0
