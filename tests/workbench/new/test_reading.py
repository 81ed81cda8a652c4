"""What a teacher's file becomes: its paragraphs and headings, what it says of itself, and what is refused."""

from __future__ import annotations

import codecs
import itertools
import logging
import os
import zipfile
from io import BytesIO
from pathlib import Path

import pytest

from tests.workbench.new.word import word_file
from tutor.workbench.new.reading import ArticleText, UnusableFileError, read_file

SENTENCE = "The night bus stops in May, says town clerk Ines Holm, and she does not know what comes after it."


def read(tmp_path: Path, data: str | bytes, name: str = "night-bus.txt", title: str = "") -> ArticleText:
    (tmp_path / name).write_bytes(data if isinstance(data, bytes) else data.encode())
    return read_file(tmp_path / name, title)


def ids(article: ArticleText) -> list[str]:
    return [block.id for block in article.blocks]


def test_the_first_line_is_the_title_and_is_not_said_again(tmp_path: Path) -> None:
    article = read(tmp_path, f"Night bus to stop\n\n{SENTENCE}\n")
    assert (article.title, article.text) == ("Night bus to stop", f"{SENTENCE}\n")


def test_a_sentence_is_no_title_and_the_files_name_stands_in(tmp_path: Path) -> None:
    article = read(tmp_path, f"{SENTENCE}\n\n{SENTENCE}\n")
    assert (article.title, ids(article)) == ("Night bus", ["title", "p1", "p2"])


def test_the_teachers_title_comes_first(tmp_path: Path) -> None:
    article = read(tmp_path, f"Night bus to stop\n\n{SENTENCE}\n", title=" The   bus ")
    assert (article.title, ids(article)) == ("The bus", ["title", "p1", "p2"])


@pytest.mark.parametrize("title", ["Night bus", "Only this"])
def test_a_text_that_is_only_its_title_keeps_its_paragraph(tmp_path: Path, title: str) -> None:
    article = read(tmp_path, title, name="Night bus.txt", title=title)
    assert [block.kind for block in article.blocks] == ["title", "paragraph"]
    assert article.text == f"{title}\n"


def test_lines_stay_as_the_author_broke_them(tmp_path: Path) -> None:
    article = read(tmp_path, "One\n\nA first line\nand a second.\n \t \n\n\nAnother  paragraph.\n")
    assert article.text == "A first line\nand a second.\n\nAnother  paragraph.\n"


def test_without_blank_lines_each_long_line_is_a_paragraph(tmp_path: Path) -> None:
    article = read(tmp_path, f"Night bus to stop\n{SENTENCE} {SENTENCE}\nIt was a good bus.\n")
    assert (article.title, ids(article)) == ("Night bus to stop", ["title", "p1", "p2"])


def test_a_short_line_over_longer_text_is_a_heading_and_a_list_item_is_not(tmp_path: Path) -> None:
    article = read(
        tmp_path, f"T\n\n{SENTENCE}\n\nWhat comes next?\n\n{SENTENCE}\n\n- a taxi\n\n{SENTENCE}\n\nThe end\n"
    )
    assert article.headings == ("What comes next?",)
    assert ids(article) == ["title", "p1", "h1", "p2", "p3", "p4", "p5"]


@pytest.mark.parametrize(
    ("line", "byline", "date"),
    [
        ("By Nadia Orrell", "Nadia Orrell", ""),
        ("By Nadia Orrell, 12 March 2026", "Nadia Orrell", "12 March 2026"),
        ("BY NADIA ORRELL | Thursday, March 12, 2026", "NADIA ORRELL", "Thursday, March 12, 2026"),
        ("Text by Nadia Orrell and Tom Reed", "Nadia Orrell and Tom Reed", ""),
        ("Published: 2026-03-12", "", "2026-03-12"),
        ("Von Jana Fels · 1. Mai 2026", "Jana Fels", "1. Mai 2026"),
        ("By the time the bus stopped, it was 12 May.", "", ""),
        ("By next year the bus is gone", "", ""),
        ("On 12 March 2026 the council met for the last time before the summer, and it was warm.", "", ""),
    ],
)
def test_who_wrote_it_and_when_are_read_from_lines_near_the_top(
    tmp_path: Path, line: str, byline: str, date: str
) -> None:
    article = read(tmp_path, f"Night bus to stop\n\n{line}\n\n{SENTENCE}\n")
    assert (article.byline, article.date) == (byline, date)
    assert line in article.text


BODY = "SELWICK - The old bridge will close in June, the county council said.\nNobody knows why."
HEAD = "Bridge to close"


@pytest.mark.parametrize(
    ("head", "byline", "outlet", "date"),
    [
        ("By Mara Quill\nThe Selwick Gazette\n12 March 2026", "Mara Quill", "The Selwick Gazette", "12 March 2026"),
        ("The Selwick Gazette\nMarch 12, 2026\nBy Mara Quill", "Mara Quill", "The Selwick Gazette", "March 12, 2026"),
        ("By Mara Quill", "Mara Quill", "", ""),
        ("12 March 2026", "", "", "12 March 2026"),
        ("Published 12 March 2026", "", "", "12 March 2026"),
        ("The Selwick Gazette, 12 March 2026", "", "The Selwick Gazette", "12 March 2026"),
        ("County council blames the old piers\nBy Mara Quill", "Mara Quill", "", ""),
    ],
)
def test_a_head_on_adjacent_lines_is_parted_by_line(
    tmp_path: Path, head: str, byline: str, outlet: str, date: str
) -> None:
    article = read(tmp_path, f"{HEAD}\n{head}\n\n{BODY}\n")
    assert (article.title, article.byline, article.outlet, article.date) == (HEAD, byline, outlet, date)
    assert article.text == "".join(f"{line}\n\n" for line in head.split("\n")) + f"{BODY}\n"
    assert {block.kind for block in article.blocks[1:]} == {"paragraph"}


def test_a_headline_on_two_lines_is_one(tmp_path: Path) -> None:
    article = read(tmp_path, f"Bridge to close for the summer,\nsays the council\nBy Mara Quill\n\n{BODY}\n")
    assert (article.title, article.byline) == ("Bridge to close for the summer, says the council", "Mara Quill")
    assert article.text.startswith("By Mara Quill\n\nSELWICK")


@pytest.mark.parametrize("body", [f"{BODY}", f"{SENTENCE} {SENTENCE}"], ids=["broken lines", "long lines"])
def test_a_head_that_stands_right_on_its_text_is_parted_from_it(tmp_path: Path, body: str) -> None:
    article = read(tmp_path, f"{HEAD}\nBy Mara Quill\n12 March 2026\nThe Selwick Gazette\n{body}\n")
    assert (article.title, article.byline, article.date) == (HEAD, "Mara Quill", "12 March 2026")
    assert article.outlet == "The Selwick Gazette"
    assert article.text == f"By Mara Quill\n\n12 March 2026\n\nThe Selwick Gazette\n\n{body}\n"
    assert {block.kind for block in article.blocks[1:]} == {"paragraph"}


def test_the_lines_of_a_poem_stay_together_below_its_head(tmp_path: Path) -> None:
    article = read(tmp_path, f"Roses\nBy Jo Lind\nRed are they\nand blue\n\n{SENTENCE}\n")
    assert article.text == f"By Jo Lind\n\nRed are they\nand blue\n\n{SENTENCE}\n"


@pytest.mark.parametrize(
    "text",
    [
        "The council met in the town hall\non Monday, 12 March 2026 and closed the\nold bridge for the summer.",
        "The council met in the town hall on\n12 March 2026.",
        "A first line\nand a second line\nBy the river we sat down",
        "SELWICK, 12 March 2026 - The bridge will\nclose in June, it was said on\nWednesday by the council.",
    ],
)
def test_a_paragraph_with_broken_lines_is_no_head(tmp_path: Path, text: str) -> None:
    article = read(tmp_path, f"{text}\n\n{SENTENCE}\n")
    assert (article.title, article.text) == ("Night bus", f"{text}\n\n{SENTENCE}\n")


@pytest.mark.parametrize("name", ["a.txt", "a.md", "a.html"])
@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("By Harriet Nunn, Coldharbour Standard, 4 October 2026", ("Harriet Nunn", "Coldharbour Standard")),
        ("By Harriet Nunn, Coldharbour Standard, October 4, 2026", ("Harriet Nunn", "Coldharbour Standard")),
        ("By Harriet Nunn, 4 October 2026", ("Harriet Nunn", "")),
        ("By Harriet Nunn, science reporter, 4 October 2026", ("Harriet Nunn", "")),
    ],
)
def test_author_outlet_and_date_on_one_line_are_told_apart(
    tmp_path: Path, name: str, line: str, told: tuple[str, str]
) -> None:
    text = f"{HEAD}\n\n{line}\n\n{SENTENCE}\n"
    if name.endswith("html"):
        text = f"<html><body><article><h1>{HEAD}</h1><p class='byline'>{line}</p><p>{SENTENCE}</p><p>{SENTENCE}</p>"
    article = read(tmp_path, text, name)
    assert (article.byline, article.outlet) == told
    # A page may say its date in another way, too.
    assert article.date in {"4 October 2026", "October 4, 2026", "2026-10-04"}


@pytest.mark.parametrize(
    ("data", "read_as"),
    [
        ("“Café”, she said. The council met again.".encode("utf-8-sig"), "“Café”, she said. The council met again.\n"),
        ("“Café”, she said. The council met again.".encode("cp1252"), "“Café”, she said. The council met again.\n"),
        (codecs.BOM_UTF16_LE + "Café, she said.".encode("utf-16-le"), "Café, she said.\n"),
        (b"One\r\ntwo\rthree.", "One\ntwo\nthree.\n"),
        (b"Bell\x07 and \x1b[31mred\x1b[0m.", "Bell and [31mred[0m.\n"),
    ],
)
def test_encodings_and_line_ends_of_all_machines_are_read(tmp_path: Path, data: bytes, read_as: str) -> None:
    assert read(tmp_path, data).text == read_as


def test_a_page_in_another_encoding_says_so_itself(tmp_path: Path) -> None:
    head = "<head><meta charset='iso-8859-2'><title>T</title></head>"
    page = f"<html>{head}<body><p>Łódź is a town. {SENTENCE}</p></body></html>"
    assert "Łódź" in read(tmp_path, page.encode("iso-8859-2"), "page.html").text


@pytest.mark.parametrize("href", ["/night-bus", "javascript:alert(1)", "file:///etc/passwd", "https://a b", ""])
def test_only_a_whole_address_of_the_web_is_taken(tmp_path: Path, href: str) -> None:
    page = f"<html><head><title>T</title><link rel=canonical href='{href}'></head><body><p>{SENTENCE}</p></body></html>"
    assert read(tmp_path, page, "page.html").url == ""


def test_a_page_is_known_by_its_beginning_whatever_it_is_called(tmp_path: Path) -> None:
    article = read(tmp_path, f"\n<!DOCTYPE html><title>Night bus</title><p>{SENTENCE}<p>{SENTENCE}", "saved")
    assert article.title == "Night bus"
    assert "<p>" not in article.text


@pytest.mark.parametrize(
    "page",
    ["<html>", "<html><body><script>alert('x')</script>", "<html><body><nav><a href=/>Home</a></nav>", "<" * 5000],
)
def test_a_page_without_an_article_is_refused_in_a_sentence_and_nothing_is_logged(
    tmp_path: Path, page: str, capfd: pytest.CaptureFixture[str]
) -> None:
    logging.getLogger("trafilatura").warning("shown, so that the test can see something")
    capfd.readouterr()
    with pytest.raises(UnusableFileError, match=r"page\.html"):
        read(tmp_path, page, "page.html")
    assert capfd.readouterr() == ("", "")
    assert logging.root.manager.disable == logging.NOTSET


def test_the_head_of_a_markdown_file_and_its_marks_of_emphasis(tmp_path: Path) -> None:
    head = "---\ntitle: 'Bus: the end'\nauthor: Jo Lind\nlang: en\n---\n\n"
    text = f"{head}It is *over*, says [Ines](https://x.example).\n\n1. {SENTENCE}\n"
    article = read(tmp_path, text, "a.md")
    assert (article.title, article.byline) == ("Bus: the end", "Jo Lind")
    assert article.text.startswith("It is over, says Ines.\n\nThe night bus")


@pytest.mark.parametrize(
    ("text", "said", "lang"),
    [
        ("The bus is not the end of it, and that is that.", "de", "en"),
        ("Der Bus fährt nicht, und das ist nicht gut für die Stadt.", "en", "de"),
        ("Le bus ne part pas, et ce sont les gens qui sont dans la rue.", "", "fr"),
        ("El bus no sale y los vecinos de la calle no lo saben por ahora.", "", "es"),
        ("Kalimera", "el-GR", "el"),
        ("Hello", "klingon", "en"),
        ("الجسر القديم يغلق في الصيف", "", "ar"),
        ("پل قدیمی در تابستان بسته می‌شود", "fa", "fa"),
        ("הגשר הישן ייסגר בקיץ", "en", "he"),
        ("Κλείνει το καλοκαίρι", "", "el"),
        ("Город закрывает этот мост на лето", "", "ru"),
        ("Старий міст закриють на літо", "", "uk"),
        ("Мостът затваря през лятото", "bg", "bg"),
        ("老桥将在夏天关闭", "", "zh"),
        ("古い橋は夏に閉まる", "", "ja"),
        ("낡은 다리가 여름에 닫힌다", "", "ko"),
        ("पुराना पुल गर्मियों में बंद होगा", "", "hi"),
        ("ძველი ხიდი ზაფხულში დაიკეტება", "", "und"),
        ("The old bridge is in Αθήνα, and that is not all of it.", "", "en"),
    ],
)
def test_the_language_is_guessed_from_its_script_and_its_commonest_words(
    tmp_path: Path, text: str, said: str, lang: str
) -> None:
    page = f"<html lang='{said}'><head><title>T</title></head><body><p>{text}</p></body></html>"
    assert read(tmp_path, page, "page.html").lang == lang


# --------------------------------------------------------------------------- refusals


def zipped(**files: bytes) -> bytes:
    data = BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return data.getvalue()


OPEN_DOCUMENT = b"PK\x03\x04" + bytes(26) + b"mimetypeapplication/vnd.oasis.opendocument.text"


@pytest.mark.parametrize(
    ("name", "data", "says"),
    [
        ("a.pdf", b"%PDF-1.7 ...", "is a PDF"),
        ("a.txt", b"%PDF-1.7 ...", "is a PDF"),
        ("a.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "save it as .docx or as plain text"),
        ("a.rtf", b"{\\rtf1\\ansi Hello}", "is an RTF file"),
        ("a.odt", OPEN_DOCUMENT, "is an OpenDocument file"),
        ("a.odt", zipped(content=b"x"), "is an OpenDocument file"),
        ("a.png", b"\x89PNG\r\n\x1a\n", "is a picture"),
        ("a.jpg", b"\xff\xd8\xff\xe0", "is a picture"),
        ("a.txt", b"some\0thing", "holds no text"),
        ("a.docx", b"Hello", "is no .docx"),
        ("a.docx", zipped(hello=b"x"), "cannot be used as a .docx"),
        ("a.docx", word_file()[:900], "cannot be used as a .docx"),
        ("a.xlsx", zipped(workbook=b"x"), "cannot be used as a .docx"),
        ("lesson.yaml", b"tutor: 1", "closeread check"),
        ("a.txt", b"", "There is no text in"),
        ("a.txt", b" \n\t\n... !", "There is no text in"),
        ("a.docx", word_file((("", " "),)), "There is no text in"),
        ("a.txt", b"x" * (2 * 1024 * 1024 + 1), "is larger than 2 MB"),
        ("a.docx", b"PK\x03\x04" + bytes(20 * 1024 * 1024), "Take its pictures out"),
        ("a.txt", b"Long.\n" * 200_000, "is longer than 1 MiB"),
    ],
    ids=itertools.count(),
)
def test_what_is_no_article_is_refused_with_what_to_do(tmp_path: Path, name: str, data: bytes, says: str) -> None:
    with pytest.raises(UnusableFileError) as caught:
        read(tmp_path, data, name)
    assert says in str(caught.value)
    assert name in str(caught.value)


def test_a_zip_bomb_is_not_unpacked(tmp_path: Path) -> None:
    bomb = word_file(document=b'<?xml version="1.0"?>' + b" " * (17 * 1024 * 1024))
    assert len(bomb) < 100_000
    with pytest.raises(UnusableFileError, match="packed beyond measure"):
        read(tmp_path, bomb, "a.docx")


def test_entities_that_grow_are_not_expanded(tmp_path: Path) -> None:
    grown = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">]><w:document>&a;</w:document>'
    with pytest.raises(UnusableFileError, match=r"cannot be used as a \.docx"):
        read(tmp_path, word_file(document=grown), "a.docx")


@pytest.mark.parametrize("address", ["https://example.org/x", "http://example.org/x.html", "www.example.org/x"])
def test_an_address_of_the_web_is_refused_with_what_to_do(address: str) -> None:
    with pytest.raises(UnusableFileError) as caught:
        read_file(Path(address))
    assert str(caught.value) == (
        f"Nothing is fetched from the web. Open {address} in your browser, save the page as HTML, and name that file."
    )


def test_what_is_no_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnusableFileError, match="There is no file"):
        read_file(tmp_path / "nowhere.txt")
    with pytest.raises(UnusableFileError, match="is a folder"):
        read_file(tmp_path)
    with pytest.raises(UnusableFileError, match="its name cannot be used"):
        read_file(Path("a\0b"))
    if hasattr(os, "mkfifo"):
        os.mkfifo(tmp_path / "pipe")
        with pytest.raises(UnusableFileError, match="is no ordinary file"):
            read_file(tmp_path / "pipe")
