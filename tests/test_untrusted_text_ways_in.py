"""Every way by which text comes in, and what comes of it: it is clean before anything shows, saves or sends it."""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import yaml
from textual import events

from tests.core.small import real_parts
from tests.hostile import EVERYTHING, HIDDEN, MARKUP, PLAIN_LESSON, RETURNS, write_lesson
from tests.speakers.test_model_speaker import spoken
from tests.tui.acting import LARGE, TestHouse, at_the_screen
from tests.workbench.new.word import word_file
from tutor.cli.outlet import Outlet, write_over
from tutor.core import events as e
from tutor.core.clean import clean, one_line
from tutor.journal import Draft
from tutor.lessons.loader import load_lesson
from tutor.lessons.mistakes import make_mistake
from tutor.plain import Console
from tutor.report.transcript import lines_of
from tutor.settings import load_settings
from tutor.tui.widgets.line import Line
from tutor.workbench.new.reading import read_file
from tutor.workbench.new.writing import lesson_yaml, sketch
from tutor.workbench.trying.answers import read_answers

LOADABLE = "".join((HIDDEN | MARKUP).values())
ACTING = EVERYTHING + RETURNS + "\ud800\ufdd0"


def texts_in(value: Any) -> Iterator[str]:
    """Every text in a tree of values, names of fields included."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for key, each in value.items():
            yield from texts_in(key)
            yield from texts_in(each)
    elif isinstance(value, list | tuple):
        for each in value:
            yield from texts_in(each)


def a_lesson(folder: Path) -> Iterator[str]:
    write_lesson(folder, LOADABLE)
    yield from texts_in(load_lesson(folder / "bike-lane").lesson.model_dump())


def an_article_in_a_file(folder: Path) -> Iterator[str]:
    lesson = PLAIN_LESSON.read_text(encoding="utf-8")
    head, rest = lesson.split("  text: |\n", 1)
    article, rest = rest.split("\nglossary:", 1)
    (folder / "lesson.yaml").write_text(f"{head}  file: article.txt\n\nglossary:{rest}", encoding="utf-8")
    text = article.replace("    ", "").replace("# What will happen\n\n", "")
    (folder / "article.txt").write_text(f"{text}\n\nA last paragraph. {LOADABLE}\n", encoding="utf-8")
    yield load_lesson(folder).lesson.article.text


def labelled_answers(kind: str) -> Callable[[Path], Iterator[str]]:
    def read(folder: Path) -> Iterator[str]:
        lesson = load_lesson(PLAIN_LESSON).lesson
        path = folder / f"answers.{kind}"
        if kind == "csv":
            path.write_text(
                'step,answer\nexplain,"' + ACTING[:-2].replace('"', "").replace("\0", "") + ' zq"\n', "utf-8"
            )
        else:
            path.write_text(yaml.safe_dump([{"step": "explain", "answer": f"zq {LOADABLE}"}]), encoding="utf-8")
        for each in read_answers(path, lesson):
            yield from (each.step, each.answer)

    return read


def a_model_question(folder: Path) -> Iterator[str]:
    said, _ = spoken({"question": f"Read the last sentence: whose name{ACTING} stands there?"})
    yield from (said.text, said.lead)


def a_model_name(folder: Path) -> Iterator[str]:
    from tutor.llm.exchange import Heard  # noqa: PLC0415

    heard = Heard()
    heard.take(SimpleNamespace(model=f"zq{ACTING}", choices=(), usage=None))
    yield heard.model


def a_model_error(folder: Path) -> Iterator[str]:
    import httpx  # noqa: PLC0415
    import openai  # noqa: PLC0415

    from tutor.llm.faults import explain  # noqa: PLC0415
    from tutor.settings import Endpoint  # noqa: PLC0415

    endpoint = Endpoint(f"zq{ACTING}", "http://127.0.0.1:9/v1")
    bodies = [
        ACTING[:-2],
        json.dumps({"error": {"message": ACTING}}),
        json.dumps([ACTING]),
        f"model {LOADABLE} not found",
    ]
    for status in (307, 400, 401, 404, 413, 429, 500, 503):
        for body in bodies:
            request = httpx.Request("POST", "http://127.0.0.1:9/v1")
            headers = [(b"location", b"http://zq\x9b31m\x1b]0;x.example/x"), (b"retry-after", b"3\x1b")]
            response = httpx.Response(status, content=body.encode(), headers=headers, request=request)
            yield explain(openai.APIStatusError(ACTING, response=response, body=None), endpoint).message
    yield explain(ValueError(ACTING), endpoint).message
    yield explain(RuntimeError(ACTING), endpoint).message


def a_list_of_models(folder: Path) -> Iterator[str]:
    from tutor.llm.doctor.knocking import Answer  # noqa: PLC0415

    data = {"data": [{"id": f"zq{ACTING}", "owned_by": ACTING}]}
    answer = Answer(200, json.dumps(data).encode())
    yield from (*(answer.models or ()), answer.software)


def settings_as_shown(folder: Path) -> Iterator[str]:
    if sys.platform == "win32":
        pytest.skip("no file has such a name there")
    odd = folder / f"zq{one_line(LOADABLE)[:40]}\x1b]0;x\x07\r\n\u202e".replace("/", "")
    odd.mkdir()
    settings = load_settings(
        {}, {"HOME": str(folder), "CLOSEREAD_DATA_DIR": str(odd), "CLOSEREAD_LESSONS_DIRS": str(odd)}, None
    )
    yield from settings.shown.values()


def a_mistake(folder: Path) -> Iterator[str]:
    yield str(make_mistake(f"zq{ACTING}", (1, 1), ACTING, ACTING, ACTING, "code"))


def a_typed_line(folder: Path) -> Iterator[str]:
    target = io.StringIO()
    console = Console(io.StringIO(f"zq{ACTING}\n"), target, echo=True)
    console.ask(ACTING)
    console.say(ACTING)
    yield target.getvalue()


def a_message(folder: Path) -> Iterator[str]:
    target = io.StringIO()
    outlet = Outlet(target)
    outlet.writelines([ACTING, "zq\n"])
    print(ACTING, "\rzq", file=outlet)
    yield target.getvalue()


WAYS_IN: dict[str, Callable[[Path], Iterator[str]]] = {
    "a lesson": a_lesson,
    "an article's file": an_article_in_a_file,
    "answers in a table": labelled_answers("csv"),
    "answers in YAML": labelled_answers("yaml"),
    "a model's question": a_model_question,
    "a model's name": a_model_name,
    "a model's errors": a_model_error,
    "a list of models": a_list_of_models,
    "settings as shown": settings_as_shown,
    "a mistake": a_mistake,
    "a typed line": a_typed_line,
    "a message": a_message,
}


@pytest.mark.parametrize("way", WAYS_IN)
def test_what_comes_in_is_clean(way: str, tmp_path: Path) -> None:
    found = list(WAYS_IN[way](tmp_path))
    assert any("zq" in text for text in found), "it did come in"
    assert [text for text in found if clean(text) != text] == []


CODES = "&#155;31m&#27;]0;zq&#7;&#x202e;&#xE0041;&#8232;&#0;"
SENTENCE = "A paragraph of an article, zq, that says enough to be kept as one."


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.txt", f"{SENTENCE} {ACTING[:-2]}\n\n{SENTENCE}".replace("\0", "").encode()),
        (
            "a.md",
            f"# Title zq {CODES}\n\n{SENTENCE} {CODES} {LOADABLE}\n\n[zq{CODES}](https://example.org/{CODES})\n".encode(),
        ),
        (
            "a.html",
            f"<title>{CODES}</title><meta name=author content='zq{CODES}'><p>{SENTENCE} {CODES}<p>{SENTENCE}".encode(),
        ),
        ("a.docx", word_file((("", f"{SENTENCE} \x9b31m\u202e\U000e0041\x85 zq"),))),
    ],
    ids=["txt", "md", "html", "docx"],
)
def test_what_is_imported_is_clean(name: str, data: bytes, tmp_path: Path) -> None:
    path = tmp_path / name
    path.write_bytes(data)
    article = read_file(path)
    found = [article.title, article.text, *article.headings, article.byline, article.outlet, article.date]
    assert any("zq" in text for text in found)
    assert [text for text in found if clean(text) != text] == []
    made = lesson_yaml(sketch(article), [])
    assert clean(made) == made


async def test_what_is_pasted_typed_or_was_kept_is_clean(tmp_path: Path) -> None:
    house = TestHouse(tmp_path, learner=None)
    async with at_the_screen(house, lesson=None, size=LARGE) as learner:
        await learner.until_screen("NicknameDialog")
        learner.app.post_message(events.Paste("mi\x1b[2J\x1b]0;x\x07\x9b\u202e\U000e0041ka\x85b"))
        await learner.rest()
        assert learner.app.screen.query_one(Line).value == "mi[2J]0;xka"
    again = TestHouse(tmp_path / "again")
    async with at_the_screen(again, size=LARGE) as learner:
        await learner.open_lesson()
        conversation = again.opened[-1]
        again.sitting(conversation).save_draft(Draft("explain", f"zq{ACTING[:-2]}"))
        learner.desk.dock.box.put(again.sitting(conversation).draft().text)  # type: ignore[union-attr]
        assert "zq" in learner.desk.dock.box.text
        assert clean(learner.desk.dock.box.text) == learner.desk.dock.box.text


async def test_what_a_terminal_without_pasting_types_is_recorded_clean(tmp_path: Path) -> None:
    house = TestHouse(tmp_path)
    async with at_the_screen(house, size=LARGE) as learner:
        await learner.open_lesson()
        await learner.go_on_stuck_to("explain")
        learner.desk.dock.box.insert(f"{LOADABLE} zq he asked nobody")
        await learner.press("enter")
    written = [each.answer for each in learner.payloads if isinstance(each, e.Answered)][-1]
    assert isinstance(written, e.Written)
    assert "zq he asked nobody" in written.text
    assert clean(written.text) == written.text


def test_a_record_that_somebody_wrote_into_is_shown_clean() -> None:
    lesson, phrases = load_lesson(PLAIN_LESSON).lesson, real_parts().phrases
    payloads: tuple[e.Payload, ...] = (
        e.Answered(step="explain", answer=e.Written(text=f"zq{ACTING}")),
        e.Moved(step="explain", move="hint", text=f"zq{ACTING}", then="ask", by=ACTING, trouble=ACTING),
        e.Rested(part=ACTING, text=f"zq{ACTING}"),
    )
    for number, payload in enumerate(payloads):
        event = e.Event(session="s", sitting="t", seq=number, at="2026-05-01T12:00:00+00:00", payload=payload)
        lines = lines_of(lesson, event, phrases)
        assert lines
        assert all("zq" in line.text and clean(line.text) == line.text for line in lines)


def test_only_the_program_may_write_over_a_line(capsys: pytest.CaptureFixture[str]) -> None:
    write_over(f"3 of 5 {ACTING}")
    text = capsys.readouterr().err
    assert text.startswith("\r3 of 5 ")
    assert clean(text[1:]) == text[1:]
