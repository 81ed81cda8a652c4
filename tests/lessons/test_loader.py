"""Lessons as they are meant to be: every field, every scalar, the article's file, copies, and files from strangers."""

import hashlib
import os
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.lessons.written import EVERY_FIELD, mistakes_in, outcome, place_of, read
from tutor.core.lesson import Choose, Explain, Find, Look, Model, Rewrite, StepBase
from tutor.errors import LessonError
from tutor.lessons.loader import Loaded, load_copy, load_lesson

SMALLEST = """\
tutor: 1
title: My first lesson
article:
  title: City council votes on library hours
  licence: CC0-1.0
  text: |
    Clearly nobody uses the library on Sundays, and it will soon be shut for good.
steps:
- id: clearly
  do: explain
  at: p1
  ask: Which words claim more than the writer can know, and why?
  rubric:
  - "'Clearly' stands in for evidence"
  - "'will soon be shut' is a forecast stated as certain"
"""
WITH_FILE = SMALLEST.replace(
    "text: |\n    Clearly nobody uses the library on Sundays, and it will soon be shut for good.", "file: article.txt"
)
TEXT = "\ufeffOne “curly”\u00a0paragraph.\r\n\r\nTwo.\r\n".encode()


def write(folder: Path, lesson: str = WITH_FILE, article: bytes | None = TEXT) -> Path:
    folder.mkdir(exist_ok=True)
    (folder / "lesson.yaml").write_text(lesson, encoding="utf-8")
    if article is not None:
        (folder / "article.txt").write_bytes(article)
    return folder


def refused(path: Path) -> str:
    with pytest.raises(LessonError) as caught:
        load_lesson(path)
    return str(caught.value)


def collect_fields(value: object, used: dict[type[Model], set[str]]) -> None:
    """The fields that a lesson states, by the kind of object."""
    if isinstance(value, Model):
        used.setdefault(type(value), set()).update(value.model_fields_set)
        for _, inner in value:
            collect_fields(inner, used)
    elif isinstance(value, tuple):
        for inner in value:
            collect_fields(inner, used)


def test_every_field_of_the_format_is_read() -> None:
    lesson = read(EVERY_FIELD).lesson
    assert [type(step) for step in lesson.steps] == [Choose, Find, Explain, Look, Rewrite]
    used: dict[type[Model], set[str]] = {}
    collect_fields(lesson, used)
    of_any_step = {field for kind, fields in used.items() if issubclass(kind, StepBase) for field in fields}
    unused = {
        f"{kind.__name__}.{field}"
        for kind, fields in used.items()
        for field in kind.model_fields.keys() - fields
        if not (issubclass(kind, StepBase) and field in of_any_step)
    }
    assert unused == {"Article.file"}
    assert len(used) == 18, "every kind of object"
    explain = lesson.step("why")
    assert isinstance(explain, Explain)
    assert [criterion.id for criterion in explain.rubric] == ["named", "role", "idea-3"]
    assert explain.criterion("role").required is False
    assert lesson.exit is not None
    assert not lesson.exit.steps[0].assisted
    assert [block.id for block in lesson.exit.article.blocks] == ["title", "h1", "p1"]


def test_the_smallest_lesson(tmp_path: Path) -> None:
    write(tmp_path / "first", SMALLEST, None)
    loaded = load_lesson(tmp_path / "first")
    assert loaded.lesson.id == "first", "the folder's name"
    assert loaded.path == tmp_path / "first" / "lesson.yaml"
    assert loaded.source == SMALLEST.encode()
    assert loaded.lesson.steps[0].tries == 3


@pytest.mark.parametrize(
    "typed",
    ["no", "on", "010", "12:30", "1.10", "2026-11-02", "~", "null", "true", "1e3", "0x1F", "-1"],
)
def test_text_stays_as_it_was_typed(typed: str) -> None:
    lesson = read(
        SMALLEST.replace("title: My first lesson", f"title: {typed}\nversion: {typed}\nauthors: [{typed}]")
    ).lesson
    assert (lesson.title, lesson.version, lesson.authors) == (typed, typed, (typed,))


@pytest.mark.parametrize(("typed", "meant"), [("true", True), ("false", False), ('"true"', True), ("'false'", False)])
def test_truth_is_true_or_false(typed: str, meant: bool) -> None:
    assert read(SMALLEST.replace("  at: p1", f"  at: p1\n  confidence: {typed}")).lesson.steps[0].confidence is meant


@pytest.mark.parametrize(("folder", "name"), [("Écluse n° 3", "Ecluse-n-3"), ("урок", "lesson"), ("-a_b.c", "a_b.c")])
def test_a_folder_s_name_becomes_an_id_that_is_safe_in_file_names(tmp_path: Path, folder: str, name: str) -> None:
    assert load_lesson(write(tmp_path / folder, SMALLEST, None)).lesson.id == name


def test_any_yaml_file_can_be_loaded_by_its_path(tmp_path: Path) -> None:
    (tmp_path / "draft.yaml").write_text(EVERY_FIELD, encoding="utf-8")
    assert load_lesson(tmp_path / "draft.yaml").lesson.id == "ferry"


def test_an_article_in_a_file_is_read_and_both_files_are_fingerprinted(tmp_path: Path) -> None:
    loaded = load_lesson(write(tmp_path / "a"))
    assert [block.text for block in loaded.lesson.article.blocks[1:]] == ["One “curly”\u00a0paragraph.", "Two."]
    assert loaded.article_source == TEXT
    assert loaded.article_sha == hashlib.sha256(TEXT).hexdigest()
    assert loaded.sha == hashlib.sha256(WITH_FILE.encode()).hexdigest()


def test_an_inline_text_is_fingerprinted_as_utf_8() -> None:
    loaded = read(EVERY_FIELD)
    assert loaded.article_source == loaded.lesson.article.text.encode()
    assert loaded.article_sha == hashlib.sha256(loaded.article_source).hexdigest()


def as_copy(loaded: Loaded) -> Loaded:
    return load_copy(loaded.source, loaded.article_source, loaded.lesson.id)


def test_a_copy_gives_the_same_lesson_when_the_files_have_changed(tmp_path: Path) -> None:
    folder = write(tmp_path / "a")
    loaded = load_lesson(folder)
    write(folder, "changed", b"changed")
    copy = as_copy(loaded)
    assert copy.lesson == loaded.lesson
    assert (copy.sha, copy.article_sha, copy.path) == (loaded.sha, loaded.article_sha, None)
    inline = read(EVERY_FIELD)
    assert as_copy(inline) == inline == read(EVERY_FIELD)


EXIT_FILE = """\
exit:
  article: {title: Bus, licence: CC0-1.0, file: bus.txt}
  marks: [{id: bo, at: p1, quote: says Bo}]
  steps: [{id: last, do: find, at: p1, ask: Who?, targets: [bo], why: Bo does.}]
"""


@pytest.mark.parametrize("lesson", [WITH_FILE + EXIT_FILE, SMALLEST + EXIT_FILE])
def test_the_text_of_an_exit_ticket_may_stand_in_a_file_and_is_part_of_the_copy(tmp_path: Path, lesson: str) -> None:
    folder = write(tmp_path / "a", lesson)
    (folder / "bus.txt").write_bytes(b"It is late, says Bo.")
    loaded = load_lesson(folder)
    assert loaded.lesson.exit is not None
    assert loaded.lesson.exit.article.blocks[1].text == "It is late, says Bo."
    assert as_copy(loaded).lesson == loaded.lesson
    assert as_copy(loaded).article_sha == loaded.article_sha
    (folder / "bus.txt").write_bytes(b"It was late, says Bo.")
    assert load_lesson(folder).article_sha != loaded.article_sha


def test_a_copy_without_its_article_is_refused() -> None:
    with pytest.raises(LessonError, match=r"article\.txt:1:1: this article is empty"):
        load_copy(WITH_FILE.encode(), b"", "first")


def test_quotes_and_blanks_in_a_mark_match_curly_ones_in_the_article(tmp_path: Path) -> None:
    marked = WITH_FILE + "marks:\n- {id: m, at: p1, quote: 'One \"curly\" paragraph'}\n"
    lesson = load_lesson(write(tmp_path / "a", marked)).lesson
    span = lesson.article.span(lesson.marks[0])
    assert lesson.article.block("p1").text[span.start : span.end] == "One “curly”\u00a0paragraph"


def test_characters_that_act_on_a_terminal_do_not_get_into_a_lesson() -> None:
    lesson = read(
        SMALLEST.replace("My first", "My \u202efirst\u2066").replace("Clearly nobody", "Clearly\tno\u202abody")
    ).lesson
    assert lesson.title == "My first lesson"
    assert lesson.article.text.startswith("Clearly nobody")


OUTSIDE = [
    ("../secret.txt", "A name with .. leads out of it."),
    ("sub/../article.txt", "A name with .. leads out of it."),
    ("..", "leads out"),
    ("..\\secret.txt", "leads out"),
    ("/etc/passwd", "Write its name alone"),
    ("//host/share/x", "Write its name alone"),
    ("C:/x.txt", "Write its name alone"),
    ("C:x.txt", "Write its name alone"),
    ("\\x.txt", "Write its name alone"),
    ("\\\\host\\share\\x", "Write its name alone"),
    ("texts\\article.txt", "Write texts/article.txt."),
]


@pytest.mark.parametrize(("name", "hint"), OUTSIDE)
def test_an_article_outside_the_folder_is_refused(tmp_path: Path, name: str, hint: str) -> None:
    (tmp_path / "secret.txt").write_text("Not yours.")
    marked, place = place_of(WITH_FILE.replace("article.txt", f"§'{name}'"))
    with pytest.raises(LessonError) as caught:
        load_lesson(write(tmp_path / "a", marked))
    [mistake] = caught.value.mistakes
    assert (mistake.line, mistake.column) == place
    assert mistake.offending == name
    assert hint in mistake.hint


def test_an_article_in_a_folder_of_the_lesson_is_read(tmp_path: Path) -> None:
    folder = write(tmp_path / "a", WITH_FILE.replace("article.txt", "texts/one.txt"))
    (folder / "texts").mkdir()
    (folder / "texts" / "one.txt").write_bytes(TEXT)
    assert load_lesson(folder).article_source == TEXT


def test_an_article_that_is_not_there_is_missed_and_a_similar_one_named(tmp_path: Path) -> None:
    said = refused(write(tmp_path / "a", WITH_FILE.replace("article.txt", "artikel.txt")))
    assert 'the article\'s file is not there: "artikel.txt". Did you mean "article.txt"?' in said


def test_an_article_that_is_a_folder_is_refused(tmp_path: Path) -> None:
    (write(tmp_path / "a", article=None) / "article.txt").mkdir()
    assert "is a folder" in refused(tmp_path / "a")


@pytest.mark.parametrize("name", ["x" * 300, "a/b/c/d", "con", '"nul\\0.txt"', "."])
def test_a_name_that_no_article_has_is_refused(tmp_path: Path, name: str) -> None:
    assert "lesson.yaml:6:9: " in refused(write(tmp_path / "a", WITH_FILE.replace("article.txt", name)))


@pytest.mark.skipif(sys.platform == "win32", reason="links, pipes and devices of POSIX")
def test_links_out_of_the_folder_devices_and_pipes_are_refused(tmp_path: Path) -> None:
    folder = write(tmp_path / "a", article=None)
    (tmp_path / "outside.txt").write_bytes(TEXT)
    article = folder / "article.txt"
    for target in ("../outside.txt", "/dev/zero", "/dev/stdin", str(tmp_path / "outside.txt")):
        article.symlink_to(target)
        assert "This link leads out of it." in refused(folder)
        article.unlink()
    article.symlink_to("article.txt")
    assert "article's file" in refused(folder)
    article.unlink()
    os.mkfifo(article)
    assert "is not an ordinary file" in refused(folder)
    assert "is not an ordinary file" in refused(article), "nor as a lesson"
    assert "is not an ordinary file" in refused(Path("/dev/zero"))


@pytest.mark.skipif(sys.platform == "win32", reason="links need a privilege there")
def test_a_link_within_the_folder_is_followed_but_not_one_through_another_folder(tmp_path: Path) -> None:
    folder = write(tmp_path / "a", article=None)
    (folder / "text.txt").write_bytes(TEXT)
    (folder / "article.txt").symlink_to("text.txt")
    assert load_lesson(folder).article_source == TEXT
    write(tmp_path / "b", WITH_FILE.replace("article.txt", "texts/text.txt"), None)
    (tmp_path / "b" / "texts").symlink_to(folder)
    assert "leads out" in refused(tmp_path / "b")


@pytest.mark.parametrize(
    ("article", "place", "message"),
    [
        (b"", "1:1", "this article is empty"),
        (b" \r\n\r\n", "1:1", "this article is empty"),
        ("One.\n\nLe café.".encode("latin-1"), "3:7", "Latin-1"),
        ("One.".encode("utf-16"), "1:1", "UTF-16"),
        (b"One.\nTw\x00o", "2:3", "a NUL character (U+0000) stands here"),
        (b"One.\r\n\x1b]52;c;eA==\x07", "2:1", "a control character (U+001B) stands here"),
    ],
)
def test_an_article_that_is_not_plain_text_is_refused_in_its_own_file(
    tmp_path: Path, article: bytes, place: str, message: str
) -> None:
    said = refused(write(tmp_path / "a", article=article))
    assert said.startswith(f"{tmp_path / 'a' / 'article.txt'}:{place}: ")
    assert message in said


def test_an_article_has_a_limit(tmp_path: Path) -> None:
    folder = write(tmp_path / "a", article=b"word\n" * 209_715)
    assert load_lesson(folder).lesson.title
    write(folder, article=b"word\n" * 209_716)
    assert "1 MiB" in refused(folder)


def test_a_lesson_has_a_limit(tmp_path: Path) -> None:
    assert "1 MiB" in refused(write(tmp_path / "a", SMALLEST + "#" * 1024 * 1024))


def test_an_article_is_text_or_a_file(tmp_path: Path) -> None:
    both = SMALLEST.replace("  text: |", "  file: article.txt\n  text: |")
    assert "lesson.yaml:6:9: an article has `text` or `file`, not both" in refused(write(tmp_path / "a", both))
    neither = WITH_FILE.replace("  file: article.txt\n", "")
    assert "lesson.yaml:4:3: an article needs `text` or `file`" in refused(write(tmp_path / "b", neither))


def test_mistakes_in_both_files_are_reported_together(tmp_path: Path) -> None:
    said = refused(write(tmp_path / "a", WITH_FILE.replace("title: My", "titel: My"), b"caf\xe9")).splitlines()
    assert [line.removeprefix(str(tmp_path)) for line in said] == [
        (
            f"{os.sep}a{os.sep}article.txt:1:4: this file is not UTF-8; "
            'it looks like Latin-1 (Windows-1252): "café". Save it as UTF-8.'
        ),
        f"{os.sep}a{os.sep}lesson.yaml:1:1: a lesson needs the field `title`",
        f'{os.sep}a{os.sep}lesson.yaml:2:1: a lesson has no such field: "titel". Did you mean "title"?',
    ]


def test_a_lesson_that_is_not_there_is_named(tmp_path: Path) -> None:
    assert refused(tmp_path) == f"The lesson {tmp_path / 'lesson.yaml'} is not there."
    assert "is not there" in refused(tmp_path / "none.yaml")


LINES = EVERY_FIELD.splitlines()
SNIPPETS = (
    """¦[]¦{}¦''¦[[]]¦[a, [b]]¦{a: b}¦- x¦no¦-1¦99999999999999999999¦true¦p1¦2¦*a¦&a¦!!x¦<<: {}¦\t¦'¦"¦/(/¦/[[a]/¦
    /[“-']/¦/(?i:a)/¦..¦# x¦|¦\x1b¦\u202e¦§¦a: b: c¦?¦find¦misconceptions¦Misconception¦constrained-str¦[key]¦
    steps¦exit¦title¦none_of"""
).split("¦")


@given(
    st.lists(
        st.tuples(
            st.integers(0, len(LINES) - 1), st.integers(0, 60), st.sampled_from(SNIPPETS).map(str.strip), st.booleans()
        ),
        min_size=1,
        max_size=4,
    )
)
def test_a_lesson_spoilt_anyhow_is_read_or_refused(changes: list[tuple[int, int, str, bool]]) -> None:
    lines = list(LINES)
    for number, column, snippet, is_cut in changes:
        lines[number] = lines[number][:column] + snippet + ("" if is_cut else lines[number][column:])
    mistakes = outcome(lambda: read("\n".join(lines)))
    assert all(mistake.line <= len(lines) + 1 and "\n" not in str(mistake) for mistake in mistakes or ())


TREES = st.recursive(
    st.sampled_from(["", "x", "p1", "true", "1", "says", "find", "all-lies"]),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["id", "at", "do", "x"]), inner, max_size=3)
    ),
    max_leaves=5,
)
FIELDS = sorted({line.split(":")[0].strip(" -") for line in LINES if ":" in line and "{" not in line.split(":")[0]})


def inline(tree: object) -> str:
    if isinstance(tree, list):
        return f"[{', '.join(inline(each) for each in tree)}]"
    if isinstance(tree, dict):
        return f"{{{', '.join(f'{key}: {inline(each)}' for key, each in tree.items())}}}"
    return f"'{tree}'"


@given(
    st.dictionaries(st.sampled_from(FIELDS), TREES, max_size=6),
    st.sampled_from(["", "exit", "article", "steps", "marks"]),
)
def test_a_lesson_with_anything_in_any_field_is_read_or_refused(fields: dict[str, object], under: str) -> None:
    text = inline(fields)
    if under:
        text = f"{{{under}: {text if under in ('exit', 'article') else f'[{text}]'}}}"
    assert mistakes_in(text)
