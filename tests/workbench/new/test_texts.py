"""Ten varied texts, each made into a lesson that loads, that can be walked, and that `check` only has warnings for."""

from __future__ import annotations

import itertools
import socket
from pathlib import Path

import pytest

from tests.workbench.new.making import TEXTS, faults, long_text, make_from, remarks
from tests.workbench.new.word import word_file
from tutor.core.lesson import Explain, Find, Lesson, RubricStep
from tutor.workbench.new.reading import ArticleText

NAMES = ("wire.txt", "blog.md", "page.html", "press.txt", "curly.txt", "plain.txt", "one.txt", "german.txt", "head.txt",
         "arabic.txt")  # fmt: skip
ALWAYS = {"no-ages", "unreviewed"}
"""For whom it is, the licence and the source cards: only the teacher can know."""
WITHOUT_SOUND = {"no-sound-mark", "find-without-decoy"}
WITHOUT_RULES = {"no-samples", "idea-without-rules"}


@pytest.fixture(params=[*NAMES, "long.txt", "report.docx"])
def file(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    name: str = request.param
    if name in NAMES:
        return TEXTS / name
    data = word_file() if name.endswith(".docx") else long_text().encode()
    (tmp_path / name).write_bytes(data)
    return tmp_path / name


def marked(lesson: Lesson, kind: str) -> list[str]:
    return [f"{each.at}: {each.quote}" for each in lesson.marks if each.id.endswith(f"-{kind}")]


def made(name: str, folder: Path) -> tuple[ArticleText, Lesson]:
    article, _, lesson = make_from(TEXTS / name, folder)
    return article, lesson


def test_each_gives_a_lesson_that_loads_walks_to_its_end_and_draws_only_warnings_to_act_on(
    file: Path, tmp_path: Path
) -> None:
    article, _, lesson = make_from(file, tmp_path / "made")
    assert sorted(each.name for each in (tmp_path / "made").iterdir()) == [
        "article.txt",
        "lesson.schema.json",
        "lesson.yaml",
    ]
    assert faults(lesson) == []
    errors, warnings = remarks(tmp_path / "made")
    allowed = ALWAYS | WITHOUT_SOUND | (WITHOUT_RULES if article.lang != "en" else set())
    assert errors == []
    assert set(warnings) >= ALWAYS
    assert set(warnings) <= allowed
    if any(mark.sound for mark in lesson.marks):
        assert not set(warnings) & WITHOUT_SOUND


def test_each_has_a_step_of_every_kind_and_about_a_dozen_marks_that_do_not_overlap(file: Path, tmp_path: Path) -> None:
    _, sketch, lesson = make_from(file, tmp_path / "made")
    assert {step.do for step in lesson.steps} == {"choose", "find", "explain", "rewrite", "look"}
    assert len(lesson.marks) in range(1, 14)
    pairs = itertools.combinations(sketch.ids, 2)
    assert [(one.quote, other.quote) for one, other in pairs if one.overlaps(other)] == []


def test_each_step_reads_well_for_the_ages_that_a_teacher_may_name(file: Path, tmp_path: Path) -> None:
    make_from(file, tmp_path / "made")
    lesson = tmp_path / "made" / "lesson.yaml"
    lesson.write_text(lesson.read_text().replace("# ages: [12, 15]", "ages: [12, 15]").replace("UNREVIEWED: ", ""))
    assert set(remarks(tmp_path / "made")[1]) <= WITHOUT_SOUND | WITHOUT_RULES


def test_ideas_come_with_their_ladder_and_with_samples_of_both_sorts(file: Path, tmp_path: Path) -> None:
    article, _, lesson = make_from(file, tmp_path / "made")
    assert lesson.exit is not None
    rubrics = [step for step in (*lesson.steps, *lesson.exit.steps) if isinstance(step, RubricStep)]
    assert len(rubrics) == 4
    for step in rubrics:
        for idea in step.rubric:
            assert all((idea.probe, idea.hint, idea.prompt, idea.tell))
        if article.lang == "en":
            verdicts = [sample.verdict for sample in step.samples]
            assert verdicts.count("secure") >= 3
            assert verdicts.count("not-yet") >= 1
            assert len(verdicts) > 4


def test_a_wire_story(tmp_path: Path) -> None:
    article, lesson = made("wire.txt", tmp_path / "made")
    assert (article.title, article.date) == ("Harwick ferry to stop sailing at night from June", "14 May 2026")
    assert len(article.blocks) == 7
    assert "p6: The last ferry will leave Harwick at 11.40 p.m. on 31 May" in marked(lesson, "forecast")
    assert "p5: it could take an hour longer" in marked(lesson, "careful")
    sound = {mark.quote for mark in lesson.marks if mark.sound}
    assert any("according to its yearly report" in quote for quote in sound)
    told = next(mark for mark in lesson.marks if "Joris Veen" in mark.quote)
    assert told.attribution is not None
    assert (told.attribution.source, told.attribution.cue) == ("Council member Joris Veen", "told")
    explain = next(step for step in lesson.steps if isinstance(step, Explain))
    assert explain.rubric[0].all_of == (("company",),)


def test_a_blog_post_in_markdown(tmp_path: Path) -> None:
    article, lesson = made("blog.md", tmp_path / "made")
    assert (article.byline, article.date, article.outlet) == ("Tilda Moss", "3 April 2026", "")
    assert article.headings == ("What they say", "What will happen")
    assert lesson.article.block("p5").text == "Then they are going to close the playground for months."
    assert "who knows about plants" in lesson.article.text
    assert "http" not in lesson.article.text
    assert "p2: Everyone knows how these jobs look" in marked(lesson, "certainty")
    assert "p1: beloved park" in marked(lesson, "loaded")
    assert not any(mark.sound for mark in lesson.marks)


def test_a_page_of_the_web_without_its_menus_banner_and_comments(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    def refuse(*_: object) -> None:
        raise AssertionError("nothing is ever fetched")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    article, lesson = made("page.html", tmp_path / "made")
    assert capfd.readouterr() == ("", "")
    assert (article.byline, article.outlet, article.date) == ("Sami Okoro", "Brenford Echo", "2026-02-09")
    assert (article.url, article.lang) == ("https://echo.example/brenford/pool-closes", "en")
    assert article.headings == ("Lessons move to Alderby",)
    for noise in ("cookies", "SwimFan88", "Win a car", "Imprint", "shocking facts", "console"):
        assert noise not in article.text
    assert "“Half of our juniors could give up,” said its chair, Tom Reed." in article.text
    find = next(step for step in lesson.steps if isinstance(step, Find))
    assert find.targets
    assert find.decoys


def test_a_press_release(tmp_path: Path) -> None:
    article, lesson = made("press.txt", tmp_path / "made")
    assert article.title == "Glimmo launches the world's first lamp that thinks for you"
    assert article.date == "2 March 2026"
    assert article.text.startswith("FOR IMMEDIATE RELEASE\n\nPress release")
    assert any("revolutionary" in each for each in marked(lesson, "loaded"))
    assert "p6: By 2030 Glimmo is going to light every third home in the country" in marked(lesson, "forecast")


def test_curly_quotes_stay_as_the_author_set_them(tmp_path: Path) -> None:
    article, lesson = made("curly.txt", tmp_path / "made")
    assert article.byline == "Ines Holm"
    assert "January—and the cars are gone" in article.text
    assert "p3: My customers can’t park any more" in marked(lesson, "quote")
    assert article.text in (TEXTS / "curly.txt").read_text()


def test_a_text_without_quotations(tmp_path: Path) -> None:
    _, lesson = made("plain.txt", tmp_path / "made")
    assert [mark.at for mark in lesson.marks] == ["p2", "p3", "p4"]
    assert {mark.kind for mark in lesson.marks} == {"fact"}


def test_one_paragraph_is_named_after_its_file(tmp_path: Path) -> None:
    article, lesson = made("one.txt", tmp_path / "made")
    assert (article.title, [block.id for block in article.blocks]) == ("One", ["title", "p1"])
    assert len(marked(lesson, "forecast")) == 2


def test_another_language_has_quotations_and_numbers_only(tmp_path: Path) -> None:
    article, lesson = made("german.txt", tmp_path / "made")
    assert (article.lang, lesson.lang, article.byline) == ("de", "de", "Jana Fels")
    assert {mark.id.rpartition("-")[2] for mark in lesson.marks} == {"quote", "number"}
    assert "The text is not in English (de)." in (tmp_path / "made" / "lesson.yaml").read_text().replace("# ", "")


def test_another_script_is_another_language(tmp_path: Path) -> None:
    article, lesson = made("arabic.txt", tmp_path / "made")
    assert (article.lang, lesson.lang) == ("ar", "ar")
    assert {mark.id.rpartition("-")[2] for mark in lesson.marks} == {"quote", "number"}
    assert "The text is not in English (ar)." in (tmp_path / "made" / "lesson.yaml").read_text().replace("# ", "")


def test_a_head_on_adjacent_lines(tmp_path: Path) -> None:
    article, lesson = made("head.txt", tmp_path / "made")
    assert article.title == "Selwick bridge to close for the summer"
    assert (article.byline, article.outlet, article.date) == ("Mara Quill", "The Selwick Gazette", "12 March 2026")
    assert [article.blocks[number].text for number in (1, 2, 3)] == [
        "By Mara Quill",
        "The Selwick Gazette",
        "12 March 2026",
    ]
    assert (TEXTS / "head.txt").read_text().endswith(article.text.partition("12 March 2026\n")[2])
    assert {mark.at for mark in lesson.marks} & {"p1", "p2", "p3"} == set()


def test_a_text_without_marks_has_its_steps_on_its_first_real_paragraph(tmp_path: Path) -> None:
    file = tmp_path / "a.txt"
    file.write_text("The bridge\nBy Mara Quill\nThe Selwick Gazette\n\nIt is an old bridge, built of grey stone.\n")
    _, _, lesson = make_from(file, tmp_path / "made")
    assert {mark.at for mark in lesson.marks} == {"p3"}
    assert next(step for step in lesson.steps if isinstance(step, Explain)).at == ("p3",)


def test_ten_thousand_words_have_their_marks_spread(tmp_path: Path) -> None:
    (tmp_path / "long.txt").write_text(long_text())
    article, _, lesson = make_from(tmp_path / "long.txt", tmp_path / "made")
    assert len(article.text.split()) > 9_900
    order = [block.id for block in article.blocks]
    quarter = {4 * order.index(mark.at) // len(order) for mark in lesson.marks}
    assert quarter == {0, 1, 2, 3}


def test_a_word_file_with_its_styles_and_without_its_notes(tmp_path: Path) -> None:
    (tmp_path / "r.docx").write_bytes(word_file())
    article, _, lesson = make_from(tmp_path / "r.docx", tmp_path / "made")
    assert (article.title, article.byline) == ("Elmford gets a night library", "Nadia Orrell")
    assert article.headings == ("Who will pay?",)
    assert "nobody has to read" not in article.text
    assert "[1]" not in article.text
    assert "p4: The council pays £40,000 a year, according to its budget" in marked(lesson, "report")
