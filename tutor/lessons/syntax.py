"""What the YAML parser says, in words for teachers: where it stumbled, over what, and what usually helps."""

from __future__ import annotations

import yaml

from tutor.errors import Mistake
from tutor.lessons.mistakes import make_mistake

_QUOTE = 'Put text with a colon, or with # [ ] { } , & * ! | > @ ` in front, in "quotes".'
_QUOTES_END = "In 'single quotes' a ' is written twice: ''."

# The parser's words, then ours: what is wrong and what to do.
_MEANINGS = (
    ("tab character", "a tab stands here", "Use blanks instead."),
    ("mapping values are not allowed", "a colon is not expected here", _QUOTE + " Or the indentation does not fit."),
    (
        "block sequence entries are not allowed",
        "a list item (-) is not expected here",
        "Begin it on a line of its own.",
    ),
    ("character that cannot start any token", "text cannot begin with this character", _QUOTE),
    ("unknown escape character", "this backslash code is not known", "Use 'single quotes' for text with a backslash."),
    ("invalid Unicode character", "this code is no character", "Type the character itself."),
    ("unexpected end of stream", "these quotes are never closed", "Close them at the end of the text. " + _QUOTES_END),
    ("document indicator", "these quotes are never closed", "Close them at the end of the text. " + _QUOTES_END),
    ("could not find expected ':'", "a colon is missing after the name of a field", "Write it as name: text."),
    ("expected ',' or ']'", "this list is not closed, or a comma is missing", "Write it as [one, two]."),
    ("expected ',' or '}'", "these braces are not closed, or a comma is missing", "Write it as {id: one, at: p1}."),
    ("expected node content", "something is missing here", "Perhaps a bracket or brace is not closed."),
    ("undefined tag handle", "tags are not read", "Text that begins with ! needs quotes."),
    ("expected '-' indicator", "a list item (-) is expected here", "Indent it like the items above."),
    ("expected key", "the name of a field is expected here", "Check the indentation and the quotes. " + _QUOTES_END),
    ("comment or line break", "nothing may follow | or > on its line", "Begin the text on the next line."),
    ("<document start>", "text after the end of the document", "Take the line ... out."),
)
# Here the place where something was opened says more than the place where the parser gave up.
_OPENED = ("never closed", "not closed")


def explain(error: yaml.YAMLError, text: str, name: str) -> Mistake:
    """The parser's error as a mistake; its own words are kept only where no better ones are known."""
    problem = getattr(error, "problem", None) or "this cannot be read as YAML"
    message, hint = next(((ours, help_) for theirs, ours, help_ in _MEANINGS if theirs in problem), (problem, ""))
    mark, opened = getattr(error, "problem_mark", None), getattr(error, "context_mark", None)
    if mark is None or (opened is not None and any(words in message for words in _OPENED)):
        mark = opened
    if mark is None:
        return make_mistake(name, (1, 1), message, hint=hint)
    lines = text.splitlines()
    line = lines[mark.line] if mark.line < len(lines) else ""
    if line[mark.column : mark.column + 1] == "\t":
        message, hint = "a tab stands here", "Use blanks instead."
    return make_mistake(name, (mark.line + 1, mark.column + 1), message, line[mark.column :] or line, hint)
