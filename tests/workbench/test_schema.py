"""The schema that editors are given: it says yes to every lesson that loads and no to what a teacher gets wrong."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft7Validator

from tests.core.small import ARTICLE, MARKS, explain
from tests.workbench.language_server import LanguageServer, find_server
from tutor.cli import main
from tutor.lessons.loader import load_lesson
from tutor.workbench.schema import EDITOR_LINE, FILE, lesson_schema, schema_text

LESSONS = Path(__file__).parents[2] / "lessons"
SHIPPED = sorted(LESSONS.glob("*/lesson.yaml"))
BY_SCHEMA = Draft7Validator(lesson_schema())


def small(**more: Any) -> dict[str, Any]:
    return {"tutor": 1, "title": "Small", "article": ARTICLE, "marks": MARKS, "steps": [explain(at="p1")]} | more


def complaints(lesson: dict[str, Any]) -> list[str]:
    return ["/".join(map(str, each.path)) for each in BY_SCHEMA.iter_errors(lesson)]


def test_it_is_a_schema_and_the_shipped_file_is_the_newest() -> None:
    Draft7Validator.check_schema(lesson_schema())
    assert (LESSONS / FILE).read_text() == schema_text()


def test_the_command_shows_it_or_writes_it(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert main(["schema"]) == 0
    assert json.loads(capsys.readouterr().out) == lesson_schema()
    assert main(["schema", "--out", str(tmp_path / "here.json")]) == 0
    assert (tmp_path / "here.json").read_text() == schema_text()
    assert main(["schema", "--out", str(tmp_path / "no/such/folder.json")]) == 1
    assert "folder.json cannot be written" in capsys.readouterr().err


@pytest.mark.parametrize("file", SHIPPED, ids=lambda file: file.parent.name)
def test_every_shipped_lesson_names_it_and_passes(file: Path) -> None:
    text = file.read_text()
    assert text.startswith(EDITOR_LINE.format(f"../{FILE}") + "\n")
    assert complaints(yaml.safe_load(text)) == []


@pytest.mark.parametrize("typed", ["no", "010", "12:30", "1e3", "true", "~"])
def test_text_may_be_typed_as_anything_that_the_loader_takes_for_text(typed: str, tmp_path: Path) -> None:
    text = yaml.safe_dump(small(), allow_unicode=True).replace("title: Small", f"title: {typed}")
    (tmp_path / "lesson.yaml").write_text(text)
    assert load_lesson(tmp_path).lesson.title == typed
    assert complaints(yaml.safe_load(text)) == []


@pytest.mark.parametrize(
    ("lesson", "where"),
    [
        (small(titel="x"), ""),
        (small(tutor=2), "tutor"),
        (small(ages=[12]), "ages"),
        (small(steps=[]), "steps"),
        (small(article={"title": "x", "licence": "CC0"}), "article"),
        (small(steps=[explain(at="p1", do="explian")]), "steps/0/do"),
        (small(steps=[explain(at="p1", options=[])]), "steps/0"),
        (small(steps=[explain(at="p1", skills=["statement.knd"])]), "steps/0/skills/0"),
        (small(steps=[explain(at="p1", tries=0)]), "steps/0/tries"),
        (small(marks=[{"id": "m", "at": "p1", "quote": "ferry", "kind": "fct"}]), "marks/0/kind"),
        (small(marks=[{"id": "m", "at": "p1", "quote": "ferry", "sound": "yes"}]), "marks/0/sound"),
    ],
)
def test_what_a_teacher_gets_wrong_is_complained_about_where_it_stands(lesson: dict[str, Any], where: str) -> None:
    assert where in complaints(lesson)


BROKEN = """\
# yaml-language-server: $schema=../lesson.schema.json
tutor: 1
titel: A ferry
article:
  title: Ferry to close
  licence: CC0-1.0
  text: The ferry closes in May.
steps:
- id: who
  do: chose
  at: p1
  ask: Who says so?
- id: why
  do: explain
  at: p1
  ask: Why?
  skills: [statement.knd]
  rubric:
  - id: month
    ide: It names the month
"""


@pytest.mark.skipif(find_server() is None, reason="yaml-language-server is not installed (make editor)")
def test_the_editors_language_server_underlines_offers_and_explains(tmp_path: Path) -> None:
    with LanguageServer(find_server() or "", tmp_path) as server:
        for file in SHIPPED:
            assert server.complaints(file, file.read_text()) == [], file
        broken = LESSONS / "broken/lesson.yaml"
        underlined = {line for line, _ in server.complaints(broken, BROKEN)}
        assert {3, 10, 17, 20} <= underlined
        assert server.completions(broken, 10, 7) == {"choose", "find", "explain", "rewrite", "look"}
        assert "statement.kind" in server.completions(broken, 17, 12)
        assert {"all_of", "hint", "idea", "none_of", "tell"} <= server.completions(broken, 20, 5)
        assert "Two or three are enough" in server.hover(broken, 18, 4)
        assert "Who published" not in server.hover(broken, 18, 4)
