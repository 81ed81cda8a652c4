"""The lesson's file and folder: any text comes back as it was, and nothing is ever overwritten."""

from __future__ import annotations

import re
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from jsonschema import Draft7Validator

from tests.workbench.new.making import TEXTS, faults, make, make_from, remarks
from tutor.core.clean import clean
from tutor.core.lesson import Rewrite
from tutor.errors import TutorError
from tutor.lessons.yamlfile import read_yaml
from tutor.workbench.new.reading import ArticleText, UnusableFileError, read_file
from tutor.workbench.new.writing import folder_for, lesson_yaml, refuse_taken, sketch, write_folder
from tutor.workbench.new.yaml_out import Noted, Row, Value, dump
from tutor.workbench.schema import lesson_schema, schema_text

ANY_TEXT = st.text(st.characters(exclude_categories=["Cs"])).map(clean)
TYPED = ["no", "010", "12:30", "~", "- a", "a: b", "a #b"]
SPOILERS = "'\"#:-?[]{},&*!|>%@`\\ \t\n~_0aé“”‘’\u00a0\u2028\ufffe\U0001f600"
ODD_TEXT = st.one_of(
    ANY_TEXT, st.text(SPOILERS, max_size=40).map(clean), st.sampled_from(["no", "010", "12:30", "~", "- a"])
)
ONE_LINE = ODD_TEXT.map(lambda text: text.replace("\n", " "))
PLAIN: Any = ONE_LINE
TREES: Any = st.recursive(
    PLAIN,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(list("abcdef")), inner, min_size=1),
    max_leaves=12,
)
SOME = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])


def without_empty(tree: Any) -> Any:
    """A tree as YAML can show it: a map has at least one field."""
    if isinstance(tree, list):
        return [without_empty(each) for each in tree]
    return {key: without_empty(each) for key, each in tree.items()} if isinstance(tree, dict) else tree


@given(st.dictionaries(st.sampled_from(["title", "marks", "lang"]), TREES, min_size=1), ONE_LINE)
@settings(SOME, max_examples=300)
def test_every_tree_of_texts_loads_back_as_it_was_written(tree: dict[str, Any], comment: str) -> None:
    noted: dict[str, Value] = {key: Noted(comment, value) for key, value in tree.items()}
    assert read_yaml(dump(noted).encode(), "a.yaml").value == without_empty(tree)


@given(st.dictionaries(st.sampled_from("abc"), ONE_LINE, min_size=1))
@settings(SOME, max_examples=200)
def test_every_row_of_texts_loads_back_as_it_was_written(fields: dict[str, str]) -> None:
    assert read_yaml(dump({"rows": [Row(fields), Row(fields)]}).encode(), "a.yaml").value == {"rows": [fields, fields]}


WORDS = st.sampled_from(
    """said says according to Ada Lund told the council that will never everybody knows of course may could 14 % people
    “We have it” "so it is," ridiculous . , ; : ? ! … – - ' ’ ( ) # [x] {y} & * | > @ ` \\ % ~ No. p.m. will will Ada 12
    € Of course""".split()
)
SENTENCES = st.lists(WORDS, min_size=1, max_size=30).map(" ".join)
ARTICLES = st.one_of(
    ODD_TEXT,
    st.lists(st.one_of(SENTENCES, ODD_TEXT), min_size=1, max_size=6).map("\n\n".join),
    st.lists(SENTENCES, min_size=1, max_size=6).map("\n".join),
)


def _insist_on_refusal(why: str, text: str, place: Path) -> None:
    assert not any(char.isalpha() for char in text) or "no words that could be marked" in why
    assert [each.name for each in place.iterdir()] == ["a text.txt"]


@given(ARTICLES, st.one_of(st.just(""), ODD_TEXT))
@settings(SOME, max_examples=150)
def test_any_text_is_a_lesson_whose_words_are_the_texts_own_or_is_refused(text: str, title: str) -> None:
    with TemporaryDirectory() as place:
        file, folder = Path(place, "a text.txt"), Path(place, "made")
        file.write_bytes(text.encode())
        try:
            article = read_file(file, title)
            loaded = make(article, folder)
        except TutorError as error:
            _insist_on_refusal(str(error), text, Path(place))
            return
        assert (folder / "article.txt").read_bytes() == loaded.article_source == article.text.encode()
        assert loaded.lesson.article.title == article.title
        for mark in loaded.lesson.marks:
            span = loaded.lesson.article.span(mark)
            assert loaded.lesson.article.block(mark.at).text[span.start : span.end] == mark.quote
        assert remarks(folder)[0] == []


@given(ARTICLES)
@settings(SOME, max_examples=12)
def test_a_lesson_of_any_text_walks_to_its_end(text: str) -> None:
    with TemporaryDirectory() as place:
        file = Path(place, "a.txt")
        file.write_bytes(f"{text}\n\nIt is late.".encode())
        _, _, lesson = make_from(file, Path(place, "made"))
        assert [each for each in faults(lesson) if not each.startswith("told-early")] == []


@given(st.binary(max_size=300), st.sampled_from(["a.txt", "a.html", "a.md", "a.docx", "a.pdf", "a"]))
@settings(SOME, max_examples=150)
def test_any_bytes_are_an_article_or_are_refused_in_a_sentence(data: bytes, name: str) -> None:
    with TemporaryDirectory() as place:
        file = Path(place, name)
        file.write_bytes(data)
        try:
            kinds = {block.kind for block in read_file(file).blocks}
        except UnusableFileError as error:
            kinds = {"paragraph"} if str(error).endswith((".", "?", "check")) else set()
        assert "paragraph" in kinds


def test_the_file_passes_the_schema_that_it_names(tmp_path: Path) -> None:
    make_from(TEXTS / "blog.md", tmp_path / "made")
    text = (tmp_path / "made" / "lesson.yaml").read_text()
    assert text.startswith("# yaml-language-server: $schema=lesson.schema.json\n")
    assert (tmp_path / "made" / "lesson.schema.json").read_text() == schema_text()
    assert list(Draft7Validator(lesson_schema()).iter_errors(yaml.safe_load(text))) == []


def test_every_mark_is_commented_as_a_suggestion_that_names_the_step_that_needs_it(tmp_path: Path) -> None:
    _, _, lesson = make_from(TEXTS / "wire.txt", tmp_path / "made")
    text = (tmp_path / "made" / "lesson.yaml").read_text()
    comments = re.findall(r"^# suggested: (.+)\n- id: (m\d+-\w+)$", text, re.MULTILINE)
    assert [name for _, name in comments] == [mark.id for mark in lesson.marks]
    assert all("Keep it, change it, or delete it." in comment for comment, _ in comments)
    used = {name: [step.id for step in lesson.steps if name in str(step)] for _, name in comments}
    for comment, name in comments:
        assert (f"The step {used[name][0]} uses it." in comment) if used[name] else ("uses it" not in comment)
    assert '# suggested: a forecast ("will")' in text


def article(title: str = "Night bus to stop", text: str = "The night bus will stop in May.\n") -> ArticleText:
    return ArticleText(title, text)


def rewriting(text: str, folder: Path) -> Rewrite:
    """The step that asks to write a passage of this text anew."""
    lesson = make(article(text=f"{text}\n"), folder).lesson
    assert not {"sample-turned-back", "rule-fires-on-source"} & set(remarks(folder)[1])
    assert faults(lesson) == []
    return next(step for step in lesson.steps if isinstance(step, Rewrite))


@pytest.mark.parametrize(
    ("text", "dropped", "first"),
    [
        ("The service will certainly never recover.", ("will", "certainly", "never"), "The service may not recover"),
        ("The service will of course recover by June.", ("will", "of course"), "The service may recover by June"),
        ("Nobody in Selwick will buy a lamp again.", ("will", "nobody"), "Few people in Selwick may buy a lamp again"),
        ("Everyone in Selwick will have a lamp.", ("will", "everyone"), "Many people in Selwick may have a lamp"),
        ("Not everyone will like the new lamp.", ("will",), "Not everyone may like the new lamp"),
    ],
)
def test_a_forecast_written_anew_has_no_word_left_that_is_certain(
    tmp_path: Path, text: str, dropped: tuple[str, ...], first: str
) -> None:
    step = rewriting(text, tmp_path / "made")
    secure = [sample.answer for sample in step.samples if sample.verdict == "secure"]
    tell = step.rubric[0].tell or ""
    assert step.must_drop == dropped
    assert secure[0].startswith(first)
    assert first in tell
    for word in dropped:
        assert not any(f" {word} " in f" {answer.lower()} " for answer in (*secure, tell))


def test_a_forecast_without_a_certain_word_is_written_anew_first(tmp_path: Path) -> None:
    text = "The service will certainly never recover.\n\nThe bridge will close for the whole summer."
    assert "The bridge will close for the whole summer" in rewriting(text, tmp_path / "made").ask


def test_words_that_leave_no_doubt_go_where_the_rest_is_written_anew(tmp_path: Path) -> None:
    step = rewriting("Of course, the bridge is safe for lorries.", tmp_path / "made")
    assert step.must_drop == ("of course",)
    assert "Perhaps the bridge is safe for lorries" in [sample.answer for sample in step.samples]
    assert not any("of course" in sample.answer.lower() for sample in step.samples if sample.verdict == "secure")


def test_the_licence_of_a_lesson_is_for_its_teacher_to_choose(tmp_path: Path) -> None:
    lesson = make(article(), tmp_path / "made").lesson
    assert lesson.licence is None
    assert re.search("^# licence: ", (tmp_path / "made" / "lesson.yaml").read_text(), re.MULTILINE)


@pytest.mark.parametrize(
    ("title", "file", "name"),
    [
        ("Night bus to stop", "a.txt", "night-bus-to-stop"),
        ("‘A quiet street’: what’s new?", "a.txt", "a-quiet-street-whats-new"),
        (
            "Why our park needs no café, and why it never will have one",
            "a.txt",
            "why-our-park-needs-no-cafe-and-why-it",
        ),
        ("../../etc/passwd", "a.txt", "etc-passwd"),
        ("Ελλάδα", "greece today.txt", "greece-today"),
        ("…", "’.txt", "lesson"),
        ("CON", "a.txt", "con-lesson"),
        ("x" * 200, "a.txt", "x" * 40),
    ],
)
def test_the_folder_has_a_short_name_that_every_computer_takes(title: str, file: str, name: str) -> None:
    assert folder_for(article(title), Path(file)) == name


def test_nothing_is_overwritten_and_other_files_of_the_folder_stay(tmp_path: Path) -> None:
    folder = tmp_path / "mine"
    folder.mkdir()
    (folder / "article.docx").write_text("the original")
    make(article(), folder)
    before = {each.name: each.read_bytes() for each in folder.iterdir()}
    assert set(before) == {"article.docx", "article.txt", "lesson.yaml", "lesson.schema.json"}
    with pytest.raises(TutorError, match=r"There is a lesson in .* already"):
        write_folder(folder, article("Other"), lesson_yaml(sketch(article("Other"))))
    assert {each.name: each.read_bytes() for each in folder.iterdir()} == before
    assert [each.name for each in tmp_path.iterdir()] == ["mine"]


def test_a_text_of_the_same_name_is_not_overwritten_either(tmp_path: Path) -> None:
    (tmp_path / "article.txt").write_text("mine")
    with pytest.raises(TutorError, match=r"There is article\.txt in .* already"):
        refuse_taken(tmp_path)
    with pytest.raises(TutorError, match="is a file"):
        refuse_taken(tmp_path / "article.txt")


def test_where_it_cannot_be_written_nothing_is_left(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder")
    with pytest.raises(TutorError, match="cannot be written"):
        write_folder(tmp_path / "file" / "made", article(), lesson_yaml(sketch(article())))
    with pytest.raises(TutorError, match="Please tell those"):
        write_folder(tmp_path / "made", article(), "tutor: 1\n")
    assert [each.name for each in tmp_path.iterdir()] == ["file"]
