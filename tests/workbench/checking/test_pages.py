"""Every code has a page, and what it shows is so: the bad example is found out at its place, the good one is not."""

import re
from pathlib import Path

import pytest

from tests.workbench.checking.pages import FOLDER, assert_page_holds, base, page_names, read_page
from tutor.resources import lessons_dir
from tutor.workbench.checking.checking import check, codes

SHIPPED = sorted(file.parent for file in lessons_dir().glob("*/lesson.yaml"))


def test_every_code_has_a_page_and_every_page_a_code() -> None:
    assert page_names() == sorted(codes())


@pytest.mark.parametrize("code", page_names())
def test_the_page_holds(code: str, tmp_path: Path) -> None:
    assert_page_holds(code, tmp_path)


def test_a_page_that_is_wrong_is_noticed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    text = (FOLDER / "bad-id.md").read_text(encoding="utf-8")
    bad = "- id: will never\n#     ^ here\n"
    assert text.count(bad) == 1
    wrong = {
        "another line": text.replace(bad, "- id: will never\n").replace("  at: p2\n", "  at: p2\n#      ^ here\n", 1),
        "another column": text.replace(bad, bad.replace(" ^", "^")),
        "nothing bad": text.replace(bad, bad.replace("will never", "will-never")),
        "nothing good": text.replace("id: will-never", "id: will never"),
        "another error": text.replace(bad, f"{bad}  kind: odd\n"),
    }
    for name, page in wrong.items():
        monkeypatch.setattr("tests.workbench.checking.pages.FOLDER", tmp_path / name)
        (tmp_path / name).mkdir()
        (tmp_path / name / "bad-id.md").write_text(page, encoding="utf-8")
        with pytest.raises(AssertionError):
            assert_page_holds("bad-id", tmp_path / name / "lessons")


def test_the_list_of_all_codes_is_true() -> None:
    rows = re.findall(r"^- \[(.+?)\]\((.+?)\.md\): (.+)$", (FOLDER / "README.md").read_text("utf-8"), re.MULTILINE)
    assert rows == [(code.name, code.name, code.summary) for code in codes().values()]


def test_codes_are_names_for_people_and_stand_for_one_thing() -> None:
    for name, code in codes().items():
        assert re.fullmatch("[a-z0-9]+(-[a-z0-9]+)*", name)
        assert re.fullmatch(r"[A-Z`].+\.", code.summary)
    assert len({code.summary for code in codes().values()}) == len(codes())


def test_pages_are_short() -> None:
    assert {name for name in page_names() if len(read_page(name).sentence) > 700} == set()


def test_there_is_nothing_to_say_about_the_base(tmp_path: Path) -> None:
    (tmp_path / "lesson.yaml").write_text(base(), encoding="utf-8")
    assert check(tmp_path).findings == ()


@pytest.mark.parametrize("folder", SHIPPED, ids=lambda folder: folder.name)
def test_no_lesson_that_ships_has_an_error(folder: Path) -> None:
    assert check(folder).errors == ()
