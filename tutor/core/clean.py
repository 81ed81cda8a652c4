"""The one door through which outside text passes before it is shown or saved.

Text from an article, a lesson, a learner or a model is data: it must not move a cursor, ring a bell, write to a
clipboard or reorder what stands around it.

| characters | what happens |
|---|---|
| line feed | kept |
| carriage return (also before a line feed), separators of lines and paragraphs, vertical tab, form feed | a line feed |
| tab | a space |
| other C0 controls (ESC included), DEL, C1 controls | dropped |
| bidirectional embeddings, overrides and isolates (U+202A-202E, U+2066-2069) | dropped |
| tag characters (U+E0000-E007F), annotation marks (U+FFF9-FFFB), byte order mark, lone surrogates | dropped |
| zero-width joiner and non-joiner, left-to-right and right-to-left marks | kept: languages need them |
"""

from __future__ import annotations

import re

_LINE_ENDS = re.compile("\r\n?|[\v\f\x1c-\x1e\x85\u2028\u2029]")
_DROPPED = re.compile(
    "[\x00-\x08\x0e-\x1b\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufff9-\ufffb\ufeff\ud800-\udfff\U000e0000-\U000e007f]"
)


def clean(text: str) -> str:
    """Return `text` without the characters that act on a terminal (see the table above)."""
    return _DROPPED.sub("", _LINE_ENDS.sub("\n", text).replace("\t", " "))


def one_line(text: str) -> str:
    """Return `text` cleaned and folded onto one line, for titles, list rows and error messages."""
    return " ".join(clean(text).split())
