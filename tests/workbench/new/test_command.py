"""`closeread new` as it is typed."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.workbench.new.making import TEXTS
from tutor.cli import main
from tutor.lessons.loader import load_lesson

HEAVY = ("trafilatura", "mammoth", "markdown_it", "lxml", "litellm", "textual")


def test_a_lesson_is_made_where_one_stands_and_the_next_commands_are_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["new", str(TEXTS / "blog.md")]) == 0
    shown = capsys.readouterr()
    assert shown.err == ""
    assert shown.out.startswith(
        "Written: why-our-park-needs-no-cafe\n  article.txt          paragraphs: 7, headings: 2\n"
    )
    assert "Found: byline Tilda Moss; outlet absent; date 3 April 2026." in shown.out
    assert shown.out.endswith(
        "  closeread check why-our-park-needs-no-cafe\n  closeread preview why-our-park-needs-no-cafe\n"
    )
    assert main(["check", "why-our-park-needs-no-cafe"]) == 0
    assert "warnings; 1 lesson checked." in capsys.readouterr().out
    assert main(["new", str(TEXTS / "blog.md")]) == 1
    assert "There is a lesson in why-our-park-needs-no-cafe already" in capsys.readouterr().err


def test_folder_and_title_are_the_teachers(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = tmp_path / "my lessons" / "bread"
    assert main(["new", str(TEXTS / "plain.txt"), "--to", str(folder), "--title", "Bread: a how-to"]) == 0
    lesson = load_lesson(folder).lesson
    assert (lesson.id, lesson.title, lesson.article.title) == ("bread", "Bread: a how-to", "Bread: a how-to")
    assert lesson.article.block("p1").text == "How bread rises"
    assert f"closeread check '{folder}'" in capsys.readouterr().out


def test_what_cannot_be_used_is_a_sentence(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "a.pdf").write_bytes(b"%PDF-1.7")
    assert main(["new", str(tmp_path / "a.pdf")]) == 1
    assert capsys.readouterr().err.startswith(f"{tmp_path / 'a.pdf'} is a PDF")
    assert main(["new", str(tmp_path / "nowhere")]) == 1
    assert "There is no file" in capsys.readouterr().err
    assert main(["new", "https://example.org/x"]) == 1
    assert "Nothing is fetched from the web." in capsys.readouterr().err


def test_libraries_are_loaded_only_for_the_files_that_need_them(tmp_path: Path) -> None:
    code = (
        "import sys\nfrom tutor.cli import main\n"
        f"assert main(['new', {str(TEXTS / 'wire.txt')!r}, '--to', {str(tmp_path / 'made')!r}]) == 0\n"
        f"print('loaded:', [each for each in {HEAVY!r} if each in sys.modules])"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=Path.cwd())
    assert "loaded: []" in ran.stdout
