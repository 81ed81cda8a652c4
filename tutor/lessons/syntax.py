"""What the YAML parser says, in words for teachers: where it stumbled, over what, and what usually helps."""

from __future__ import annotations

import re

import yaml

from tutor.errors import Mistake
from tutor.lessons.mistakes import make_mistake, split_lines

_QUOTE = 'Put text with a colon, or with # [ ] { } , & * ! | > @ ` in front, in "quotes".'
_QUOTES_END = "In 'single quotes' a ' is written twice: ''."

_CLOSE = "Close them at the end of the text."
_OR_INDENT = " Or the indentation does not fit."
_INDENT = (
    'Indent it exactly like the fields around it. Is there a colon in the line above? Text with a colon needs "quotes".'
)
_HYPHEN = "Write a blank after the hyphen: - id: one."
_NO_ITEM = "a list item (-) is not expected here"
_ITEM = "Indent it exactly like the items above, or end the list."
_OWN_LINE = "Begin it on a line of its own."
_BACKSLASH = "Use 'single quotes' for text with a backslash."
_COLON = "Write it as name: text, with a blank after the colon."
_BRACES = "Write it as {id: one, at: p1}."
_KEY = "Check the indentation and the quotes."

# The parser's words, then ours: the code, what is wrong and what to do.
_MEANINGS = (
    ("tab character", "tab", "a tab stands here", "Use blanks instead."),
    ("mapping values are not allowed", "needs-quotes", "a colon is not expected here", _QUOTE + _OR_INDENT),
    ("block sequence entries are not allowed", "yaml-syntax", _NO_ITEM, _OWN_LINE),
    ("character that cannot start any token", "needs-quotes", "text cannot begin with this character", _QUOTE),
    ("unknown escape character", "needs-quotes", "this backslash code is not known", _BACKSLASH),
    ("invalid Unicode character", "needs-quotes", "this code is no character", "Type the character itself."),
    ("unexpected end of stream", "not-closed", "these quotes are never closed", _CLOSE),
    ("document indicator", "not-closed", "these quotes are never closed", _CLOSE),
    ("could not find expected ':'", "yaml-syntax", "a colon is missing after the name of a field", _COLON),
    ("expected ',' or ']'", "not-closed", "this list is not closed, or a comma is missing", "Write it as [one, two]."),
    ("expected ',' or '}'", "not-closed", "these braces are not closed, or a comma is missing", _BRACES),
    ("expected node content", "not-closed", "something is missing here", "Perhaps a bracket or brace is not closed."),
    ("undefined tag handle", "yaml-extra", "tags are not read", "Text that begins with ! needs quotes."),
    ("expected '-' indicator", "yaml-syntax", "a list item (-) is expected here", _ITEM),
    ("expected key", "yaml-syntax", "the name of a field is expected here", _KEY),
    (
        "comment or line break",
        "yaml-syntax",
        "nothing may follow | or > on its line",
        "Begin the text on the next line.",
    ),
    ("<document start>", "yaml-extra", "text after the end of the document", "Take the line ... out."),
)
# Here the place where something began says more than the place where the parser gave up.
_BEGAN = ("never closed", "not closed", "colon is missing")
_FIELD = re.compile(r"\s*(?:- +)?[\w-]+$")
_CLOSE_HYPHEN = re.compile(r"\s*-\w")


def explain(error: yaml.YAMLError, text: str, name: str, quotes: tuple[int, int]) -> Mistake:
    """The parser's error as a mistake; its own words are kept only where no better ones are known.

    `quotes` are the lines, from 1, in which the last text in quotes begins and ends.
    """
    problem = getattr(error, "problem", None) or "this cannot be read as YAML"
    known = (meaning for theirs, *meaning in _MEANINGS if theirs in problem)
    code, message, hint = next(known, ["yaml-syntax", problem, ""])
    mark, opened = getattr(error, "problem_mark", None), getattr(error, "context_mark", None)
    if mark is None or (opened is not None and any(words in message for words in _BEGAN)):
        mark = opened
    if mark is None:
        return make_mistake(name, (1, 1), message, hint=hint, code=code)
    lines = split_lines(text)
    if mark.line >= len(lines):  # where the last line has no end, the parser adds one and gives up behind it
        return make_mistake(name, (len(lines), len(lines[-1]) + 1), message, "", hint, code)
    line = lines[mark.line]
    if line[mark.column : mark.column + 1] == "\t":
        code, message, hint = "tab", "a tab stands here", "Use blanks instead."
    else:
        message, hint = _advise(message, hint, lines, mark)
        if quotes[0] < quotes[1] == mark.line + 1:
            hint = f"Perhaps the quotes opened in line {quotes[0]} are not closed there. {hint}".strip()
    return make_mistake(name, (mark.line + 1, mark.column + 1), message, line[mark.column :] or line, hint, code)


def _advise(message: str, hint: str, lines: list[str], mark: yaml.Mark) -> tuple[str, str]:
    """The message and hint for what the line at `mark` looks like."""
    line = lines[mark.line]
    above = next((each for each in reversed(lines[: mark.line]) if each.strip()), "")
    if line[mark.column :].startswith("- ") and hint == _KEY:
        return _NO_ITEM, _ITEM
    if hint == _ITEM and _CLOSE_HYPHEN.match(line):
        return message, _HYPHEN
    if hint == _QUOTE + _OR_INDENT and _FIELD.match(line[: mark.column]):
        is_close = _CLOSE_HYPHEN.match(line) or _CLOSE_HYPHEN.match(above)
        return message, _HYPHEN if is_close else _ITEM if line.lstrip().startswith("- ") else _INDENT
    if hint in (_KEY, _CLOSE) and "'" in line:
        return message, f"{hint} {_QUOTES_END}"
    return message, hint
