"""YAML as the tutor reads it: the characters that were typed, their places, and refusals that say what is meant."""

import codecs

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.lessons.written import EVERY_FIELD, outcome, place_of
from tutor.errors import LessonError, Mistake
from tutor.lessons.yamlfile import read_yaml


def refusal(data: bytes | str) -> Mistake:
    """The one mistake for which this is refused."""
    with pytest.raises(LessonError) as caught:
        read_yaml(data if isinstance(data, bytes) else data.encode(), "x.yaml")
    [mistake] = caught.value.mistakes
    assert mistake.file == "x.yaml"
    return mistake


TYPED = (
    """no on yes True 010 0x1F 1_000 12:30 1e3 .inf 2026-13-45 2026-11-22 = null ~ NULL 1.10 +1 0o7 < - --- -5"""
).split()


@pytest.mark.parametrize("typed", [*TYPED, "9" * 400, "- -", "a  b"])
def test_a_scalar_is_the_text_that_was_typed(typed: str) -> None:
    quoted = f'"{typed}"' if typed.startswith("-") else typed
    assert read_yaml(f"a: {quoted}\nb: [{quoted}]\n".encode(), "x").value == {"a": typed, "b": [typed]}


def test_a_key_is_the_text_that_was_typed() -> None:
    assert read_yaml(b"no: 1\n010: 2\n~: 3\n", "x").value == {"no": "1", "010": "2", "~": "3"}


def test_what_is_left_empty_is_empty_text() -> None:
    assert read_yaml(b"a:\nb: ''\nc: [\"\", x]\n", "x").value == {"a": "", "b": "", "c": ["", "x"]}


def test_text_in_blocks_and_quotes() -> None:
    text = (
        "a: |\n  one\n\n  # two\nb: >-\n  folded\n  text\nc: 'it''s'\nd: \"tab\\tand \\u2014\"\ne: plain\n  goes on\n"
    )
    assert read_yaml(text.encode(), "x").value == {
        "a": "one\n\n# two\n",
        "b": "folded text",
        "c": "it's",
        "d": "tab\tand \u2014",
        "e": "plain goes on",
    }


def test_places_count_from_one_in_characters() -> None:
    document = read_yaml("# é\nä: {b: [x, «y»]}\nc:\n- d: |\n    text\n".encode(), "x")
    assert document.place(("ä",), key=True) == (2, 1)
    assert document.place(("ä",)) == (2, 4)
    assert document.place(("ä", "b"), key=True) == (2, 5)
    assert document.place(("ä", "b", 1)) == (2, 12)
    assert document.place(("c", 0)) == (4, 3)
    assert document.place(("c", 0, "d")) == (4, 6)


def test_the_place_of_what_is_not_there_is_what_should_hold_it() -> None:
    document = read_yaml(b"a:\n  b: 1\n", "x")
    assert document.place(("a", "c", 3)) == (2, 3)
    assert document.place(("a", "c"), key=True) == (2, 3)
    assert document.place(("z",)) == (1, 1)


ENCODINGS = {
    "BOM": codecs.BOM_UTF8 + EVERY_FIELD.encode(),
    "CRLF": EVERY_FIELD.replace("\n", "\r\n").encode(),
    "CR": EVERY_FIELD.replace("\n", "\r").encode(),
    "BOM and CRLF": codecs.BOM_UTF8 + EVERY_FIELD.replace("\n", "\r\n").encode(),
    "UTF-16 LE": codecs.BOM_UTF16_LE + EVERY_FIELD.encode("utf-16-le"),
    "UTF-16 BE": codecs.BOM_UTF16_BE + EVERY_FIELD.replace("\n", "\r\n").encode("utf-16-be"),
    "start and end": f"---\n{EVERY_FIELD}...\n".encode(),
}


@pytest.mark.parametrize("data", ENCODINGS.values(), ids=ENCODINGS)
def test_what_editors_write_is_read_alike(data: bytes) -> None:
    plain = read_yaml(EVERY_FIELD.encode(), "x")
    document = read_yaml(data, "x")
    assert document.value == plain.value
    shift = data.startswith(b"---")
    assert document.place(("exit", "marks", 0, "quote")) == (
        plain.place(("exit", "marks", 0, "quote"))[0] + shift,
        plain.place(("exit", "marks", 0, "quote"))[1],
    )


REFUSALS = [
    ("a: 1\nb: 2\n§a: 3\n", "this field stands twice", "line 1 already"),
    ("- {x: 1, §x: 2}\n", "this field stands twice", "line 1 already"),
    ("1: a\n§'1': b\n", "this field stands twice", "line 1 already"),
    ("a: §&here 1\n", "anchors are not read", "Write it out"),
    ("a: §*there\n", "aliases are not read", "needs quotes"),
    ("a: {§<<: {b: 1}}\n", "merge keys are not read", ""),
    ("a: §!!str 1\n", "tags are not read", "needs quotes"),
    ("a: §!!python/object/apply:os.system [ls]\n", "tags are not read", "needs quotes"),
    ("a: §!important\n", "tags are not read", "needs quotes"),
    ("a: §!mine!x y\n", "tags are not read", "needs quotes"),
    ("a:\n§\tb: 1\n", "this line begins with a tab", "blanks"),
    ("a:\n  §\t- 1\n", "this line begins with a tab", "blanks"),
    ("a: 'x\n§\ty'\n", "this line begins with a tab", "blanks"),
    ("a: b\n§---\na: c\n", "a second document begins here", ""),
    ("a: b\n...\n§c: d\n", "text after the end of the document", ""),
    ("§[a, b]: c\n", "the name of a field is expected here", ""),
    ("a: b§: c\n", "a colon is not expected here", "Put text with a colon"),
    ("a:\n  b: 1\n   c§: 2\n", "a colon is not expected here", "Indent it exactly like the fields around it"),
    ("a:\n- b c\n  d§: 2\n", "a colon is not expected here", "Is there a colon in the line above?"),
    ("a:\n-b: 1\n  d§: 2\n", "a colon is not expected here", "a blank after the hyphen: - id"),
    ("a:\n- b: 1\n    - c§: 2\n", "a colon is not expected here", "like the items above, or end the list"),
    ("a: 1\n§b 2\nc: 3\n", "a colon is missing after the name of a field", "with a blank after the colon"),
    ("- a: 1\n  §b:2\n  c: 3\n", "a colon is missing after the name of a field", "with a blank after the colon"),
    ("a: §@b\n", "text cannot begin with this character", "quotes"),
    ("a: §`b`\n", "text cannot begin with this character", "quotes"),
    ('a: "§\\d+"\n', "this backslash code is not known", "single quotes"),
    ("a: §'b\nc: d\n", "these quotes are never closed", "''"),
    ("a: 'don'§t'\n", "the name of a field is expected here", "''"),
    ("a: §[b, c\nd: e\n", "this list is not closed", ""),
    ("a: §{b: c\nd: e\n", "these braces are not closed", ""),
    ("a:\n  b: 1\n §c: 2\n", "the name of a field is expected here", "indentation"),
    ("- a\n§b: 1\n", "a list item (-) is expected here", "like the items above, or end the list"),
    ("- a\n§-b: 1\n", "a list item (-) is expected here", "a blank after the hyphen: - id"),
    ("- a: 1\n  §- b\n", "a list item (-) is not expected here", "like the items above, or end the list"),
    ("a: 1\n§- b\n", "a list item (-) is not expected here", "like the items above, or end the list"),
    ('a: "b\nc: "§d"\n', "the name of a field is expected here", "the quotes opened in line 1 are not closed"),
    ('a:\n- b: "x\n- c\n- \'d\'\n- e: "§y"\n', "the name of a field", "the quotes opened in line 2 are not closed"),
    ("a: §- b\n", "a list item (-) is not expected here", ""),
    ("a: |§x\n  b\n", "nothing may follow | or >", "next line"),
    ('a: §"\\e]0;title\\a"\n', "a control character (U+001B) is written", "single quotes"),
    ('a: §"\\0"\n', "a NUL character (U+0000) is written", ""),
    ('a: §"/\\bword/"\n', "a control character (U+0008) is written", "single quotes"),
    ('§"\\x9b": b\n', "a control character (U+009B) is written", ""),
    ("a: b§\0c\n", "a NUL character (U+0000) stands here", ""),
    ("a: b\nc: §\x1b[2J\n", "a control character (U+001B) stands here", ""),
    ("a: b\r\nc: d§\ufeff\r\n", "a byte order mark (U+FEFF) stands here", ""),
    ("§", "this file is empty", ""),
    ("§# nothing but this\n", "this file is empty", ""),
]


@pytest.mark.parametrize(("marked", "message", "hint"), REFUSALS)
def test_a_refusal_names_what_it_refuses_and_where(marked: str, message: str, hint: str) -> None:
    text, place = place_of(marked)
    mistake = refusal(text)
    assert message in mistake.message
    assert hint in mistake.hint
    assert (mistake.line, mistake.column) == place


@pytest.mark.parametrize(
    ("text", "told"),
    [("a: 'don't'\n", True), ('a: "b" c\n', False), ("a:\n  b: 1\n c: 2\n", False), ('a: "b\n', False)],
)
def test_how_to_write_a_quote_is_said_where_there_is_one(text: str, told: bool) -> None:
    assert ("''" in refusal(text).hint) is told


def test_quotes_that_are_closed_are_not_suspected() -> None:
    assert "opened in line" not in refusal('a: "b\n  c"\nd: "e"\n f: 1\n').hint
    assert "opened in line" not in refusal('a: "b" c\n').hint


def test_a_note_is_told_from_text_by_the_blanks_before_it() -> None:
    document = read_yaml(
        b"a: b # c\nd: #1 e\nf: g  # h\ni: 'j' # k\nl: [m n] # o\np: # q\n- r # s\nt: |\n  u # v\n", "x"
    )
    assert document.notes == {("a",): "# c", ("d",): "#1 e", ("p", 0): "# s"}


def test_latin_1_is_named_with_its_place_and_its_words() -> None:
    mistake = refusal("a: b\ntitle: Le café noir\n".encode("latin-1"))
    assert "Latin-1" in mistake.message
    assert (mistake.line, mistake.column) == (2, 14)
    assert "café noir" in mistake.offending


@pytest.mark.parametrize("data", [codecs.BOM_UTF16_LE + b"a", codecs.BOM_UTF16_BE + b"\xd8\x00\x00a"])
def test_broken_utf_16_is_named(data: bytes) -> None:
    assert "UTF-16" in refusal(data).message


@pytest.mark.parametrize(("text", "place"), [("{", (1, 2)), ("a: 1\nb", (2, 1)), ("a: [b", (1, 4))])
def test_what_is_missing_at_the_end_of_a_file_is_missed_inside_of_it(text: str, place: tuple[int, int]) -> None:
    mistake = refusal(text.encode())
    assert (mistake.line, mistake.column) == place


@pytest.mark.parametrize("separator", ["\x85", "\u2028", "\u2029"])
def test_lines_are_counted_as_editors_count_them(separator: str) -> None:
    mistake = refusal(f"a: one{separator}two\nb: 1\nb: 2\n".encode())
    assert (mistake.line, mistake.column) == (3, 1)


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_utf_16_without_its_mark_is_named_once(encoding: str) -> None:
    mistake = refusal(EVERY_FIELD.encode(encoding))
    assert (mistake.message, mistake.hint) == ("this file is saved as UTF-16", "Save it as UTF-8.")


def test_everything_in_a_file_that_is_refused_is_named_at_once() -> None:
    with pytest.raises(LessonError) as caught:
        read_yaml(b'a: &x 1\nb: *x\na: 2\nc: !t 3\nd: "\\e"\n', "x")
    assert [mistake.line for mistake in caught.value.mistakes] == [1, 2, 3, 4, 5]


def levels(count: int) -> bytes:
    return b"[" * count + b"]" * count


def test_twenty_levels_are_read_and_no_more() -> None:
    assert read_yaml(levels(20), "x").value
    mistake = refusal(levels(21))
    assert "20 levels" in mistake.message
    assert (mistake.line, mistake.column) == (1, 21)


@pytest.mark.parametrize("data", [b"[" * 400_000, b"{a: " * 200_000, b"- " * 400_000, b"? " * 400_000, b"[{" * 200_000])
def test_nesting_that_overflows_a_parser_is_refused(data: bytes) -> None:
    assert refusal(data).line == 1


def test_ten_thousand_values_are_read_and_no_more() -> None:
    assert read_yaml(b"- x\n" * 9_999, "x").value
    mistake = refusal(b"- x\n" * 10_000)
    assert "10,000 values" in mistake.message
    assert (mistake.line, mistake.column) == (10_000, 3)


def test_a_mebibyte_is_read_and_no_more() -> None:
    full = b"a: " + b"x" * (1024 * 1024 - 3)
    assert read_yaml(full, "x").value
    assert "1 MiB" in refusal(full + b"x").message


def test_an_alias_bomb_is_refused_unexploded() -> None:
    lines = ["a0: &a0 [x, x]"] + [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 30)]
    with pytest.raises(LessonError, match="aliases are not read"):
        read_yaml("\n".join(lines).encode(), "x")


YAML_LIKE = st.text(alphabet=st.sampled_from("ab:-?[]{}&*!|>'\"%@`#,\\ \n\r\t~<é\x00\x1b\u2028\ufeff"), max_size=60)


@given(YAML_LIKE | st.text(max_size=40))
def test_any_text_is_read_or_refused(text: str) -> None:
    mistakes = outcome(lambda: read_yaml(text.encode("utf-8", "surrogatepass"), "x"))
    assert all(mistake.line >= 1 and mistake.column >= 1 and mistake.message for mistake in mistakes or ())


@given(st.binary(max_size=60))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    assert outcome(lambda: read_yaml(data, "x")) != ()
