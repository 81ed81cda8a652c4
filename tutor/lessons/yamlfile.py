"""YAML as lessons use it: maps, lists and the characters that the teacher typed, each with its place in the file.

Refused by name: aliases, anchors, tags, merge keys, duplicate keys, tabs in front of a line, several documents, control
characters, and what is too large. The tree is built from the parser's events, without PyYAML's composer: that one
overflows the stack on deep nesting, guesses types and loses duplicates and places.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TypeAlias

import yaml

from tutor.core.clean import clean
from tutor.errors import LessonError, Mistake
from tutor.lessons.mistakes import make_mistake, raise_all, split_lines
from tutor.lessons.syntax import explain
from tutor.lessons.textfile import CONTROLS, LARGEST, TOO_LARGE, decode, find_controls, name_control

Tree: TypeAlias = "dict[str, Tree] | list[Tree] | str"
KeyPath: TypeAlias = tuple[str | int, ...]
Place: TypeAlias = tuple[int, int]

_DEEPEST = 20
_MOST_NODES = 10_000
# What the YAML parser itself would refuse, without telling where.
_NOT_YAML = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]")
_ENDS_FOR_YAML = re.compile("[\x85\u2028\u2029]")
_NOTE = re.compile(" (#.*)")
_TAB_BEFORE_TEXT = re.compile(r" *(\t)\s*(\S.*)")


@dataclass(frozen=True, slots=True)
class Document:
    """A YAML file: `value` is its tree, in which every scalar is the text that was typed and an empty one is "".

    `notes` are what stands from a `#` on behind texts without quotes: one blank apart, as if it were part of the text.
    """

    name: str
    value: Tree
    _values: dict[KeyPath, Place] = field(repr=False)
    _keys: dict[KeyPath, Place] = field(repr=False)
    notes: dict[KeyPath, str] = field(repr=False)

    def place(self, path: KeyPath, *, key: bool = False) -> Place:
        """Line and column, from 1, of the value at `path`, or of its key; of what surrounds it where there is none."""
        if key and path in self._keys:
            return self._keys[path]
        while path and path not in self._values:
            path = path[:-1]
        return self._values.get(path, (1, 1))


def read_yaml(data: bytes, name: str) -> Document:
    """Read one YAML document; LessonError with every mistake in it, `name` being what the file is called there."""
    document, mistakes = parse_yaml(data, name)
    raise_all(mistakes)
    return document


def parse_yaml(data: bytes, name: str) -> tuple[Document, list[Mistake]]:
    """As `read_yaml`, but mistakes that leave the rest readable are handed back, so that a caller can look for more."""
    if len(data) > LARGEST:
        raise LessonError(mistakes=[make_mistake(name, (1, 1), TOO_LARGE, code="too-large")])
    text = decode(data, name, utf16=True)
    if isinstance(text, Mistake):
        raise LessonError(mistakes=[text])
    raise_all([*find_controls(text, name, _NOT_YAML), *_tabs(text, name)])
    # For YAML these end a line too, for editors they do not; and the places are for editors.
    text = _ENDS_FOR_YAML.sub(" ", text)
    builder = _Builder(name, split_lines(text))
    try:
        for event in yaml.parse(text, Loader=yaml.CSafeLoader):
            builder.take(event)
    except yaml.YAMLError as error:
        raise_all([*builder.mistakes, explain(error, text, name, builder.quotes)])
    if builder.is_empty:
        raise LessonError(mistakes=[make_mistake(name, (1, 1), "this file is empty", code="not-a-lesson")])
    if builder.has_gaps:
        raise_all(builder.mistakes)
    return Document(name, builder.root, builder.values, builder.keys, builder.notes), builder.mistakes


def _tabs(text: str, name: str) -> Iterator[Mistake]:
    for number, line in enumerate(split_lines(text), 1):
        if match := _TAB_BEFORE_TEXT.match(line):
            place = (number, match.start(1) + 1)
            yield make_mistake(
                name, place, "this line begins with a tab", match[2], "Indent with blanks instead.", "tab"
            )


@dataclass(slots=True)
class _Open:
    """A map or list that is being filled; `key` waits for its value. `is_kept` is false under a duplicate key."""

    value: dict[str, Tree] | list[Tree]
    path: KeyPath
    key: str | None = None
    is_kept: bool = True


class _Builder:
    """Takes the parser's events one by one and builds the tree; what it cannot use becomes a mistake.

    `quotes` are the lines, from 1, in which the last text in quotes begins and ends.
    """

    def __init__(self, name: str, lines: list[str]) -> None:
        self.root: Tree = ""
        self.values: dict[KeyPath, Place] = {}
        self.keys: dict[KeyPath, Place] = {}
        self.mistakes: list[Mistake] = []
        self.notes: dict[KeyPath, str] = {}
        self.quotes = (1, 1)
        self.has_gaps = False
        self.is_empty = True
        self._name = name
        self._lines = lines
        self._open: list[_Open] = []
        self._nodes = 0

    def take(self, event: yaml.Event) -> None:
        """Take the next event. LessonError where nothing more can be read."""
        if isinstance(event, yaml.NodeEvent):
            self._take_node(event)
        elif isinstance(event, yaml.CollectionEndEvent):
            self._open.pop()
        elif isinstance(event, yaml.DocumentStartEvent):
            if not self.is_empty:
                self._stop(
                    event, "a second document begins here", "yaml-extra", "A file holds one; take the line --- out."
                )
            self.is_empty = False

    def _take_node(self, event: yaml.NodeEvent) -> None:
        self._nodes += 1
        if self._nodes > _MOST_NODES:
            self._stop(event, f"this file holds more than {_MOST_NODES:,} values, the limit", "too-large")
        self._refuse_shortcuts(event)
        parent = self._open[-1] if self._open else None
        if isinstance(parent, _Open) and isinstance(parent.value, dict) and parent.key is None:
            self._take_key(parent, event)
            return
        if isinstance(event, yaml.CollectionStartEvent) and len(self._open) >= _DEEPEST:
            self._stop(event, f"this is nested more than {_DEEPEST} levels deep, the limit", "too-large")
        value: Tree
        if isinstance(event, yaml.MappingStartEvent):
            value = {}
        elif isinstance(event, yaml.SequenceStartEvent):
            value = []
        else:
            value = self._text(event)
        path, is_kept = self._attach(parent, value)
        if is_kept:
            self.values[path] = _place(event)
            self._look_behind(event, path)
        if not isinstance(value, str):
            self._open.append(_Open(value, path, is_kept=is_kept))

    def _look_behind(self, event: yaml.Event, path: KeyPath) -> None:
        """Keep what helps to say where a text ended that was meant to go on, or went on that was meant to end."""
        end = event.end_mark
        if not isinstance(event, yaml.ScalarEvent) or end is None:
            return
        if event.style in {"'", '"'}:
            self.quotes = (_place(event)[0], end.line + 1)
        line = self._lines[end.line] if end.line < len(self._lines) else ""
        if not event.style and (note := _NOTE.match(line, end.column)):
            self.notes[path] = note[1]

    def _attach(self, parent: _Open | None, value: Tree) -> tuple[KeyPath, bool]:
        if parent is None:
            self.root = value
            return (), True
        if isinstance(parent.value, list):
            parent.value.append(value)
            return (*parent.path, len(parent.value) - 1), parent.is_kept
        key, parent.key = parent.key or "", None
        is_first = key not in parent.value
        parent.value.setdefault(key, value)
        return (*parent.path, key), parent.is_kept and is_first

    def _take_key(self, parent: _Open, event: yaml.NodeEvent) -> None:
        if isinstance(event, yaml.CollectionStartEvent):
            hint = "Put text with brackets or braces in quotes."
            self._stop(event, "the name of a field is expected here", "needs-quotes", hint)
        parent.key = key = self._text(event)
        path = (*parent.path, key)
        if key == "<<" and isinstance(event, yaml.ScalarEvent) and event.implicit[0]:
            self._refuse(event, "merge keys are not read", "yaml-extra", key)
            self.has_gaps = True
        elif key in parent.value:
            first = self.keys.get(path)
            hint = f"It stands in line {first[0]} already; keep one of the two." if first else "Keep one of the two."
            self._refuse(event, "this field stands twice", "field-twice", key, hint)
        elif parent.is_kept:
            self.keys[path] = _place(event)

    def _text(self, event: yaml.NodeEvent) -> str:
        if not isinstance(event, yaml.ScalarEvent):
            return ""
        value: str = event.value
        if control := CONTROLS.search(value):
            hint = "In double quotes a backslash begins a code; use single quotes for a backslash."
            self._refuse(
                event, f"{name_control(control.group())} is written in this text", "control-character", value, hint
            )
            value = clean(value)
        return value

    def _refuse_shortcuts(self, event: yaml.NodeEvent) -> None:
        if isinstance(event, yaml.AliasEvent):
            self._refuse(event, "aliases are not read", "yaml-extra", f"*{event.anchor}", _WRITE_OUT)
            self.has_gaps = True
        elif event.anchor is not None:
            self._refuse(event, "anchors are not read", "yaml-extra", f"&{event.anchor}", _WRITE_OUT)
        if tag := getattr(event, "tag", None):
            self._refuse(event, "tags are not read", "yaml-extra", tag.replace("tag:yaml.org,2002:", "!!"), _QUOTE)

    def _refuse(self, event: yaml.Event, message: str, code: str, offending: str = "", hint: str = "") -> None:
        self.mistakes.append(make_mistake(self._name, _place(event), message, offending, hint, code))

    def _stop(self, event: yaml.Event, message: str, code: str, hint: str = "") -> None:
        self._refuse(event, message, code, hint=hint)
        raise_all(self.mistakes)


_WRITE_OUT = "Write it out; text that begins with this character needs quotes."
_QUOTE = "Text that begins with ! needs quotes."


def _place(event: yaml.Event) -> Place:
    mark = event.start_mark
    return (mark.line + 1, mark.column + 1) if mark else (1, 1)
