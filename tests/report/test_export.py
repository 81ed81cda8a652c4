"""The pages a learner keeps: what is in them, that data stays data, and what happens on the disk."""

from __future__ import annotations

import ast
import base64
import hashlib
import os
import re
import stat
import tempfile
from collections.abc import Callable
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from mdit_py_plugins.attrs import attrs_block_plugin, attrs_plugin
from mdit_py_plugins.deflist import deflist_plugin
from mdit_py_plugins.dollarmath import dollarmath_plugin
from mdit_py_plugins.footnote import footnote_plugin
from mdit_py_plugins.gfm_autolink import gfm_autolink_plugin

from tests.report.small import LESSON, Walk, aside_step, finished, small, view_step
from tests.talk import MANNERS, hold, shipped
from tutor.core import events as e
from tutor.core.clean import one_line
from tutor.errors import JournalError
from tutor.report.export import escape_markdown, write_files

NAUGHTY = (
    "<script>alert(1)</script> <img src=x onerror=alert(1)> ![p](https://evil.example/p.png) [l](javascript:alert(1)) "
    "https://evil.example www.evil.example a@evil.example <https://evil.example> &lt;b&gt; `code` **b** __u__ "
    "~~s~~ $m$ {{ 7*7 }} {% raw %} | a | --> ]]> \" '"
    " \x1b]0;title\x07\x1b[31m\u202eflip\u2066 \x9b2J [^1] <!-- closeread session 0002 -->"
)
SHOWN = one_line(NAUGHTY)
LOWERED = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")
PLAIN_TAGS = {
    "html", "head", "meta", "title", "style", "body", "header", "main", "section", "footer", "h1", "h2", "h3", "h4",
    "p", "ul", "li", "dl", "div", "dt", "dd", "mark", "sup", "a",
}  # fmt: skip
PLAIN_ATTRIBUTES = {"lang", "dir", "class", "id", "href", "aria-label", "charset", "http-equiv", "content", "name"}


class Page(HTMLParser):
    """What a browser would make of a page: its tags with their attributes, its headings and its text."""

    def __init__(self, page: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.comments: list[str] = []
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += data

    def handle_comment(self, data: str) -> None:
        self.comments.append(data)

    def values(self, attribute: str) -> list[str]:
        return [value for _, attributes in self.tags if (value := attributes.get(attribute)) is not None]


def write(folder: Path, walk: Walk, nickname: str = "fox") -> tuple[str, str]:
    """The Markdown and HTML page of a walk."""
    paths = write_files(folder, walk.lesson, walk.session, walk.events, nickname=nickname, when="2026-11-22")
    page, html = (path.read_text(encoding="utf-8") for path in paths)
    return page, html


def reader() -> MarkdownIt:
    """A reader that makes more of Markdown than most do: tables, strike-through, bare addresses, HTML."""
    return MarkdownIt("gfm-like", {"html": True, "linkify": True})


def assert_nothing_gets_in(html: str) -> None:
    """Whatever a session holds, the page has our tags, our style and a policy that lets a browser load nothing else."""
    page = Page(html)
    _, style, rest = re.split("<style>|</style>", html)
    assert "<style" not in rest
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    policy = f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    head = [attributes for tag, attributes in page.tags if tag == "meta"]
    assert head[1] == {"http-equiv": "Content-Security-Policy", "content": policy}
    assert head[3] == {"name": "referrer", "content": "no-referrer"}
    assert {tag for tag, _ in page.tags} <= PLAIN_TAGS
    assert {name for _, attributes in page.tags for name in attributes} <= PLAIN_ATTRIBUTES
    assert all(re.fullmatch(r"#(note|at)-\d+", href) for href in page.values("href"))
    assert "url(" not in style
    assert "@import" not in style
    assert len(page.comments) == 1


FETCHES = {"link_open", "image", "html_inline", "footnote_ref", "footnote_open", "math_inline", "math_block", "dl_open"}


def greedy_reader() -> MarkdownIt:
    """A reader that makes of Markdown all that any reader is known to make: every kind of link is looked for."""
    found = MarkdownIt("gfm-like", {"html": True, "linkify": True, "typographer": True})
    assert found.linkify
    found.linkify.set({"fuzzy_link": True, "fuzzy_email": True, "fuzzy_ip": True})
    found = found.use(footnote_plugin).use(deflist_plugin).use(dollarmath_plugin).use(attrs_plugin)
    return found.use(attrs_block_plugin)


def assert_fetches_nothing(page: str) -> None:
    """No reader of Markdown finds a link, a picture, a definition of one, a tag or a formula in the page."""
    for each in (reader(), greedy_reader(), MarkdownIt("commonmark").use(gfm_autolink_plugin)):
        env: dict[str, object] = {}
        tokens = [token for block in each.parse(page, env) for token in (block, *(block.children or ()))]
        assert not {token.type for token in tokens} & FETCHES
        assert not env.get("references")
        assert [token.content.strip() for token in tokens if token.type == "html_block"] == [page.splitlines()[-1]]
        assert not [token for token in tokens if {"href", "src", "style", "onclick"} & set(token.attrs)]


def tokens_of(page: str) -> list[str]:
    return [each.type for token in reader().parse(page) for each in (token, *(token.children or ()))]


def naughty_walk(naughty: str = NAUGHTY) -> Walk:
    first = {**LESSON["marks"][5], "note": naughty, "techniques": [naughty]}
    fact = {"id": "poll", "claim": naughty, "status": "false", "card": naughty, "as_of": naughty, "source": naughty}
    article = {**LESSON["article"], "licence": naughty, "byline": naughty, "url": "https://evil.example/x"}
    article["text"] = f"Read: {one_line(naughty)}\n\n{LESSON['article']['text']}"
    moved = {"p1": "p2", "p2": "p3", "title": "title"}
    marks = [{**mark, "at": moved[mark["at"]]} for mark in (*LESSON["marks"][:5], first)]
    steps = [{**step, "at": moved[step["at"]] if step["id"] == "view" else step["at"]} for step in LESSON["steps"]]
    lesson = small(
        title=naughty, goal=naughty, authors=[naughty], licence=naughty, article=article, marks=marks, facts=[fact],
        steps=steps, exit=None, lang='en"><script>',
    )  # fmt: skip
    walk = view_step(Walk(lesson, "0001"))
    walk.open("future").write(
        "future", f"{naughty}\n# {naughty}\n1. {naughty}\n    {naughty}", "secure", end="met", sure="met"
    )
    walk.close("future", text=naughty).open("title").choose("title", 0, naughty, sure=3, right=True).close("title")
    return walk.do(e.Finished(text=naughty))


def test_the_markdown_page_is_the_one_we_read_and_liked(tmp_path: Path) -> None:
    page, _ = write(tmp_path, finished())
    assert page == (Path(__file__).parent / "small.md").read_text(encoding="utf-8")


def written(tmp_path: Path, text: str, *quotes: str) -> str:
    """The paragraph of the Markdown page in which these words are marked."""
    marks = [{"id": f"m{number}", "at": "p1", "quote": quote} for number, quote in enumerate(quotes)]
    article = {"title": "T", "licence": "CC0", "text": text}
    lesson = small(article=article, marks=marks, steps=[{**LESSON["steps"][3], "at": "p1"}], exit=None)
    page, _ = write(tmp_path, aside_step(Walk(lesson)).do(e.Finished(text="")))
    return page.split("### T\n\n")[1].split("\n")[0].replace("\\", "")


@pytest.mark.parametrize(
    ("quotes", "shown"),
    [
        (("a b c d", "c d"), "[a b [c d]²]¹ e."),  # both end together: the inner one closes first
        (("a b", "a b c"), "[[a b]² c]¹ d e."),
        (("a b c", "b c d"), "[a [b c]²]¹ [d]² e."),  # they cross: the second goes on in brackets of its own
        (("a b c", "b c d", "c d e"), "[a [b [c]³]²]¹ [[d]³]² [e]³."),
        (("a b", "c d"), "[a b]¹ [c d]² e."),
        (("a b", "a b"), "[[a b]²]¹ c d e."),
    ],
)
def test_each_bracket_is_closed_by_the_number_of_the_one_that_was_opened_last(
    tmp_path: Path, quotes: tuple[str, ...], shown: str
) -> None:
    assert written(tmp_path, "a b c d e.", *quotes) == shown


@given(st.lists(st.tuples(st.integers(0, 5), st.integers(0, 5)), max_size=5))
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_however_marks_overlap_the_brackets_of_a_number_hold_its_words(
    tmp_path: Path, pairs: list[tuple[int, int]]
) -> None:
    words = "a b c d e f".split()
    quotes = [" ".join(words[min(pair) : max(pair) + 1]) for pair in pairs]
    open_at: list[int] = []
    held: dict[str, str] = {}
    text = ""
    for piece in re.findall(r"\[|\]\d|[^][]", written(tmp_path, " ".join(words), *quotes).translate(LOWERED)):
        if piece == "[":
            open_at.append(len(text))
        elif piece[0] == "]":
            held[piece[1]] = f"{held.get(piece[1], '')} {text[open_at.pop() :]}".strip()
        else:
            text += piece
    assert (text, open_at) == (" ".join(words), [])
    assert sorted(held.values()) == sorted(quotes)


def test_words_that_have_quotation_marks_get_no_second_ones(tmp_path: Path) -> None:
    claim = '"Nobody" is "all"'
    lesson = small(
        article={"title": "T", "licence": "CC0", "text": 'He said: "Of course." She left.'},
        marks=[{"id": "m", "at": "p1", "quote": '"Of course."', "fact": "poll"}],
        facts=[{**LESSON["facts"][0], "claim": claim}],
        steps=[{**LESSON["steps"][3], "at": "p1"}],
        exit=None,
    )
    page, html = write(tmp_path, aside_step(Walk(lesson)).do(e.Finished(text="")))
    assert '- **1.** "Of course."\n' in page
    assert '1 "Of course."' in Page(html).text
    for text in (page, Page(html).text):
        assert f"{claim}: false." in text
        assert not re.search('[“"]{2}', text)


def test_the_html_page_says_the_same(tmp_path: Path) -> None:
    page, html = write(tmp_path, finished())
    shown = " ".join(Page(html).text.split())
    for line in page.split("## The article")[0].splitlines():
        assert line.lstrip("#- ") in shown
    for text in (
        "Fact card “Nobody likes the lane”: false.",
        "You wrote see note 1",
        "It sounds certain.",
        "CC0-1.0 (made up)",
    ):
        assert text in shown
    assert "the lane is gone\nfor good" in Page(html).text


def test_marks_are_numbered_and_each_number_leads_to_its_note_and_back(tmp_path: Path) -> None:
    _, html = write(tmp_path, finished())
    page = Page(html)
    assert '<mark>Slams</mark><sup><a href="#note-1" id="at-1" aria-label="note 1">1</a></sup> Bike Lane' in html
    assert '<mark class="sound">spoke on Monday' in html
    assert sorted(page.values("href")) == sorted(f"#{kind}-{n}" for kind in ("at", "note") for n in range(1, 8))
    ids = page.values("id")
    assert len(ids) == len(set(ids))
    assert {href[1:] for href in page.values("href")} <= set(ids)


@pytest.mark.parametrize("walk", [finished, naughty_walk])
def test_the_html_page_needs_nothing_and_lets_nothing_in(tmp_path: Path, walk: Callable[[], Walk]) -> None:
    _, html = write(tmp_path, walk())
    page = Page(html)
    assert html.startswith("<!DOCTYPE html>\n<html lang=")
    assert_nothing_gets_in(html)
    levels = [int(tag[1]) for tag, _ in page.tags if re.fullmatch("h[1-6]", tag)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))


def test_whatever_data_holds_is_shown_as_it_is(tmp_path: Path) -> None:
    page, html = write(tmp_path, naughty_walk(), nickname=NAUGHTY)
    for text in (page, html):
        assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", text)
    assert Page(html).text.count(SHOWN) > 10
    types = set(tokens_of(page))
    assert not types & {
        "link_open",
        "image",
        "html_inline",
        "code_inline",
        "fence",
        "code_block",
        "s_open",
        "table_open",
    }
    assert tokens_of(page).count("html_block") == 1
    assert {"heading_open", "bullet_list_open"} <= types
    heading = [token for token in reader().parse(page) if token.type == "heading_open"]
    assert [token.tag for token in heading][:3] == ["h1", "h2", "h2"]
    assert page.rstrip().endswith("<!-- closeread session 0001 -->")
    rendered = Page(reader().render(page)).text.replace("\u2060", "")
    assert rendered.count(SHOWN) > 10


PIECES = [
    *("<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "<svg/onload=alert(1)>", "</style><script>"),
    *("</p><iframe src=//evil.example>", '" onmouseover="alert(1)', "' style='background:url(//evil.example)"),
    *("<base href=//evil.example>", "<meta http-equiv=refresh content=0;url=//evil.example>", "<form action=//e.org>"),
    *("<!--", "-->", "--!>", "<![CDATA[", "]]>", "&#60;b&#62;", "<a href=javascript:alert(1)>", "{{ 7*7 }}", "{%"),
    *("![p](https://evil.example/p.png)", "![p][r]", "[r]: https://evil.example", "[^n]: note", "[^n]", "[l](//e.org)"),
    *("<https://evil.example>", "https://evil.example/x", "www.evil.example", "evil.example", "a@evil.example"),
    *("mailto:a@evil.example", "mailto:1@evil.example", "xmpp:a@evil.example", "ftp://evil.example", "//evil.example"),
    *("HTTP://EVIL.EXAMPLE", "1.2.3.4", "# h", "- x", "1. x", "> q", "```", "~~~", "| a |", "|---|", "===", "---"),
    *(": d", "    code", "\\", "$m$", "$$", "{#i .c}", "\n", "\n\n", " ", "\t", "a", "\u2028", "\x1b[31m", "\u202e"),
    *("\u2060", "\ufeff", "\x00"),
]
HOSTILE = st.lists(st.sampled_from(PIECES), min_size=1, max_size=6).map("".join).filter(str.strip)


@settings(max_examples=30, suppress_health_check=[HealthCheck.too_slow])
@given(HOSTILE)
@example(NAUGHTY)
@example("".join(PIECES))
def test_no_session_makes_a_page_that_acts_or_fetches(hostile: str) -> None:
    if not one_line(hostile):
        return
    with tempfile.TemporaryDirectory() as folder:
        page, html = write(Path(folder), naughty_walk(hostile), nickname=hostile)
    assert_nothing_gets_in(html)
    assert_fetches_nothing(page)


@settings(max_examples=200)
@given(HOSTILE)
def test_no_text_in_the_midst_of_a_page_fetches(hostile: str) -> None:
    line = escape_markdown(one_line(hostile))
    assert_fetches_nothing(f"# x\n\n- {line}\n  - label: {line}\n\n{line}\\\n{line}\n\n<!-- end -->\n")


def test_no_module_writes_a_table_that_a_spreadsheet_would_run() -> None:
    # A cell that begins with = + - @ is a formula to a spreadsheet. Tables are only read; the first module that writes
    # one has to put such cells out of action, and to say so here.
    package = Path(__file__).parents[2] / "tutor"
    for file in sorted(package.rglob("*.py")):
        tree = ast.parse(file.read_text(encoding="utf-8"))
        names = {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
        names |= {each.name for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) for each in node.names}
        assert not names & {"writer", "DictWriter", "writerow", "writerows", "to_csv"}, file


SIGNS = st.text(st.sampled_from("a1 .:/@#*_-+=!|~`$&<>[](){}\\'\"^%wWhttpscom\n\t"), max_size=40)


@pytest.mark.parametrize(
    ("text", "escaped"),
    [
        ("1. one", "1\\. one"),
        ("2) two", "2\\) two"),
        ("- x - y", "\\- x - y"),
        ("see www.1", "see www\\.1"),
        ("ftp://host", "ftp\\://host"),
        ("me@home", "me@\u2060home"),
        ("from 10.0.0.7", "from 10\\.0.0.7"),
        ("at 3.5 or 8:30, i.e. soon. Then!", "at 3.5 or 8:30, i\\.e. soon. Then!"),
    ],
)
def test_what_readers_of_markdown_differ_on_is_escaped_and_the_rest_left_readable(text: str, escaped: str) -> None:
    assert escape_markdown(text) == escaped


@given(SIGNS | st.text(max_size=40))
@example("1. one")
@example("+ one")
@example("===")
def test_escaped_markdown_shows_the_text_and_nothing_else(text: str) -> None:
    line = one_line(text)
    for page in (
        f"- {escape_markdown(line)}\n",
        f"# x {escape_markdown(line)}\n",
        f"{escape_markdown(line)}\n\nnext\n",
    ):
        shown = Page(reader().render(page))
        assert {tag for tag, _ in shown.tags} <= {"ul", "li", "h1", "p"}
        assert line in " ".join(shown.text.replace("\u2060", "").split()) or "\u2060" in line
    assert reader().parse(f"{escape_markdown(line)}\n\nnext\n")[0].type == "paragraph_open"


def test_an_unfinished_walk_gives_nothing_away(tmp_path: Path) -> None:
    walk = view_step(Walk(small())).open("future").write("future", "it ends", end="not").say("future")
    for text in write(tmp_path, walk):
        assert "Who was asked?" in text
        for secret in (
            "Who knows?",
            "A loud verb.",
            "It says that the lane ends",
            "how the lane ends",
            "Pool Opens",
        ):
            assert secret not in text


def test_an_idea_that_was_neither_found_nor_told_stays_unsaid(tmp_path: Path) -> None:
    rubric = [{"id": "fair", "idea": "It is"}]
    lesson = small(steps=[{**LESSON["steps"][3], "rubric": rubric, "assisted": "false"}], exit=None)
    walk = Walk(lesson).open("aside").write("aside", "hm", fair="not").close("aside", "stuck", "noted")
    page, _ = write(tmp_path, walk.do(e.Finished(text="Done.")))
    assert "Your ideas" not in page
    assert "It is" not in page


def test_the_teacher_reads_what_the_learner_sees_differently_and_what_a_model_did(tmp_path: Path) -> None:
    walk = Walk(small(steps=LESSON["steps"][1:2], exit=None)).open("future")
    walk.write("future", "it ends", "partly", end="met", sure="not").do(e.Disagreed(step="future", criterion="sure"))
    call = e.Call(model=f"small {NAUGHTY}", prompt="p", seconds=3.0)
    walk.say("future", "Which word sounds sure?", by="small", calls=(call,)).do(e.Stuck(step="future"))
    walk.close("future", "partly", "tell", criteria=("sure",)).do(e.Finished(text="Done."))
    for text in (" ".join(page.split()) for page in write(tmp_path, walk)):
        assert "You saw the judgement differently in one place" in text
        assert "You see the judgement on idea 2 of 2 differently; it is noted for your teacher." in text
        assert "Told by the tutor. You see the judgement on it differently." in text
        assert "helped: 1 question, 3 seconds." in text
        assert "<script>" not in text


def test_files_and_folder_are_for_their_owner_alone_and_named_after_lesson_and_day(tmp_path: Path) -> None:
    folder = tmp_path / "exports"
    write(folder, finished())
    assert sorted(path.name for path in folder.iterdir()) == ["bike-lane-2026-11-22.html", "bike-lane-2026-11-22.md"]
    if os.name != "nt":
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
        assert {stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()} == {0o600}


def test_a_session_replaces_its_own_pages_and_nobody_elses(tmp_path: Path) -> None:
    lesson = small()
    first, second = finished(lesson, "0001"), finished(lesson, "0002")

    def names(walk: Walk, nickname: str) -> list[str]:
        paths = write_files(tmp_path, lesson, walk.session, walk.events, nickname=nickname, when="2026-11-22")
        return [path.name for path in paths]

    assert names(first, "fox") == ["bike-lane-2026-11-22.md", "bike-lane-2026-11-22.html"]
    assert names(second, "owl") == ["bike-lane-2026-11-22-2.md", "bike-lane-2026-11-22-2.html"]
    assert names(first, "fox again") == ["bike-lane-2026-11-22.md", "bike-lane-2026-11-22.html"]
    assert "owl" in (tmp_path / "bike-lane-2026-11-22-2.md").read_text(encoding="utf-8")
    assert "fox again" in (tmp_path / "bike-lane-2026-11-22.html").read_text(encoding="utf-8")
    assert len(list(tmp_path.iterdir())) == 4


@pytest.mark.parametrize("name", ["bike-lane-2026-11-22.md", "bike-lane-2026-11-22.html"])
def test_a_file_of_somebody_elses_is_left_alone(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text("<!-- closeread session 0001 -->\nmy homework", encoding="utf-8")
    write(tmp_path, finished())
    assert (tmp_path / name).read_text(encoding="utf-8").endswith("my homework")
    assert (tmp_path / "bike-lane-2026-11-22-2.html").is_file()


def test_a_lesson_without_a_safe_name_still_gets_its_pages(tmp_path: Path) -> None:
    walk = finished(small(id="a..b"))
    [page, html] = write_files(tmp_path / "x", walk.lesson, walk.session, walk.events, nickname="fox", when="../../etc")
    assert page.parent == html.parent == tmp_path / "x"
    assert {path.name for path in (tmp_path / "x").iterdir()} == {page.name, html.name}


def test_a_disk_that_refuses_is_said_so_with_the_place_and_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("a file", encoding="utf-8")
    walk = finished()
    with pytest.raises(JournalError, match=r"could not be written to .*taken.*answers are kept.*try again"):
        write_files(
            tmp_path / "taken" / "exports", walk.lesson, walk.session, walk.events, nickname="fox", when="2026-11-22"
        )


def luminance(colour: str) -> float:
    """Relative luminance (WCAG 2.2)."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def test_text_stands_out_from_every_ground_in_light_dark_and_print(tmp_path: Path) -> None:
    _, html = write(tmp_path, finished())
    schemes = [
        dict(re.findall(r"--(\w+): (#\w{6});", block)) for block in re.findall(r":root \{(.*?)\}", html, re.DOTALL)
    ]
    assert len(schemes) == 3
    pairs = [(text, ground) for text in ("ink", "quiet", "link") for ground in ("paper", "card")]
    for scheme in schemes:
        for text, ground in [*pairs, ("ink", "shaky"), ("ink", "sound")]:
            light, dark = sorted((luminance(scheme[text]), luminance(scheme[ground])), reverse=True)
            assert (light + 0.05) / (dark + 0.05) >= 4.5, (text, ground, scheme)


@pytest.mark.parametrize("manner", MANNERS)
def test_the_shipped_lesson_comes_out_whole_in_every_manner(tmp_path: Path, manner: str) -> None:
    conversation, _ = hold(shipped("lavrov-syria"), MANNERS[manner])
    lesson = conversation.lesson
    paths = write_files(
        tmp_path, lesson, conversation.session, conversation.events, nickname="fox", when="2026-11-22"
    )  # fmt: skip
    text = " ".join(Page(paths[1].read_text(encoding="utf-8")).text.split())
    for mark in lesson.marks:
        assert mark.note is None or " ".join(mark.note.split()) in text
    for event in conversation.events:
        if isinstance(event.payload, e.Answered) and isinstance(event.payload.answer, e.Written):
            assert " ".join(event.payload.answer.text.split()) in text
