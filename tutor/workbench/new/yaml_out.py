"""A small writer of YAML for lessons: comments, and every text quoted so that it loads back as it is."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from tutor.core.clean import clean

Value: TypeAlias = "str | int | bool | Noted | Literal | Row | Mapping[str, Value] | Sequence[Value]"
Fields: TypeAlias = dict[str, Value]

_WIDTH = 110
_PLAIN = re.compile(r"[A-Za-zÀ-ÖØ-öø-ÿ][A-Za-z0-9À-ÖØ-öø-ÿ ,;.?!()/’“”–_'-]*")
_PLAIN_IN_LIST = re.compile(r"[A-Za-z0-9][A-Za-z0-9 _.-]*")
_RESERVED = frozenset("true false yes no on off null y n".split())
_PRINTABLE = re.compile("[\x20-\x7e\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]*")
"""Characters that YAML takes as they are, without those that it takes for the end of a line."""
_NOT_IN_COMMENT = re.compile("[^\x20-\x7e\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]")
_SIMPLE_ITEM = 40


@dataclass(frozen=True, slots=True)
class Noted:
    """A value with a comment above it."""

    comment: str
    value: Value


@dataclass(frozen=True, slots=True)
class Literal:
    """A text of several lines that is written line by line."""

    text: str


@dataclass(frozen=True, slots=True)
class Row:
    """Fields that are written on one line, in braces."""

    fields: Mapping[str, Value]


def dump(fields: Mapping[str, Value]) -> str:
    """The fields as YAML."""
    return "".join(f"{line}\n" for line in _mapping(fields, 0))


def comment(text: str, indent: int = 0) -> Iterator[str]:
    """The lines of a comment, each with its #; a line end at its beginning makes a blank line."""
    if text.startswith("\n"):
        yield ""
        text = text[1:]
    for line in text.split("\n"):
        yield f"{' ' * indent}# {_NOT_IN_COMMENT.sub('', clean(line))}".rstrip()


def _mapping(fields: Mapping[str, Value], indent: int) -> Iterator[str]:
    blank = " " * indent
    for key, given in fields.items():
        value = given
        if isinstance(value, Noted):
            yield from comment(value.comment, indent)
            value = value.value
        name = f"{blank}{scalar(key)}:"
        if isinstance(value, Literal):
            yield f"{name} |"
            yield from (f"{blank}  {line}" if line else "" for line in value.text.rstrip("\n").split("\n"))
        elif isinstance(value, Row):
            yield f"{name} {_row(value)}"
        elif isinstance(value, str):
            yield from _text(name, value, indent)
        elif isinstance(value, Mapping):
            yield name
            yield from _mapping(value, indent + 2)
        elif isinstance(value, Sequence):
            yield from _list(name, value, indent)
        else:
            yield f"{name} {_number(value)}"


def _list(name: str, items: Sequence[Value], indent: int) -> Iterator[str]:
    simple = [_in_row(each) for each in items if isinstance(each, (str, int)) and len(str(each)) <= _SIMPLE_ITEM]
    if len(simple) == len(items) and (name.strip() == "-" or len(f"{name} [{', '.join(simple)}]") <= _WIDTH):
        yield from _filled(f"{name} [", simple, indent)
        return
    yield name
    for number, item in enumerate(items):
        is_first = number == 0 and isinstance(item, Noted)
        yield from _item(
            Noted(item.comment.lstrip("\n"), item.value) if is_first and isinstance(item, Noted) else item, indent
        )


def _filled(start: str, items: Sequence[str], indent: int) -> Iterator[str]:
    """A list in brackets, over as many lines as it takes."""
    line = start
    for number, item in enumerate(items):
        piece = item + ("]" if number == len(items) - 1 else ", ")
        if line.strip() and len(line) + len(piece) > _WIDTH and not line.endswith("["):
            yield line.rstrip()
            line = " " * (indent + 4)
        line += piece
    yield line if items else f"{line}]"


def _item(given: Value, indent: int) -> Iterator[str]:
    blank, value = " " * indent, given
    if isinstance(value, Noted):
        yield from comment(value.comment, indent)
        value = value.value
    if isinstance(value, Mapping):
        # The first field may have no comment: it stands behind the hyphen.
        lines = list(_mapping(value, indent + 2))
        yield f"{blank}- {lines[0].lstrip()}"
        yield from lines[1:]
    elif isinstance(value, Row):
        yield f"{blank}- {_row(value)}"
    elif isinstance(value, str):
        yield f"{blank}- {scalar(value)}"
    elif isinstance(value, Sequence) and not isinstance(value, (str, Literal)):
        yield from _list(f"{blank}-", value, indent + 2)
    else:
        assert isinstance(value, int)
        yield f"{blank}- {_number(value)}"


def _number(value: Value) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _row(row: Row) -> str:
    return "{" + ", ".join(f"{key}: {_in_row(value)}" for key, value in row.fields.items()) + "}"


def _in_row(value: Value) -> str:
    if isinstance(value, (list, tuple)):
        return f"[{', '.join(map(_in_row, value))}]"
    if not isinstance(value, str):
        return _number(value)
    return (
        value
        if _PLAIN_IN_LIST.fullmatch(value) and value.lower() not in _RESERVED and not value.endswith(" ")
        else scalar(value, plain=False)
    )


def _text(name: str, text: str, indent: int) -> Iterator[str]:
    can_fold = (
        "  " not in text and text == text.strip(" ") and _PRINTABLE.fullmatch(text) and not text.startswith(("#", "-"))
    )
    if len(name) + len(text) <= _WIDTH or not can_fold:
        yield f"{name} {scalar(text)}"
        return
    yield f"{name} >-"
    line = ""
    for word in text.split(" "):
        if line and indent + 3 + len(line) + len(word) > _WIDTH:
            yield f"{' ' * indent}  {line}"
            line = word
        else:
            line = f"{line} {word}" if line else word
    yield f"{' ' * indent}  {line}"


def scalar(text: str, *, plain: bool = True) -> str:
    """A text on one line: bare where it may be, else in quotes."""
    if plain and _PLAIN.fullmatch(text) and text.lower() not in _RESERVED and not text.endswith(" "):
        return text
    if _PRINTABLE.fullmatch(text):
        if '"' not in text and "\\" not in text:
            return f'"{text}"'
        return "'" + text.replace("'", "''") + "'"
    return '"' + "".join(map(_escaped, text)) + '"'


def _escaped(char: str) -> str:
    if char in '"\\':
        return f"\\{char}"
    if _PRINTABLE.fullmatch(char):
        return char
    number = ord(char)
    return f"\\x{number:02x}" if number < 0x100 else f"\\u{number:04x}" if number < 0x10000 else f"\\U{number:08x}"
