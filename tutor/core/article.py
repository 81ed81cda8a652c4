"""The article: blocks that number themselves, and where a quotation stands in one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from tutor.core.words import straighten

BlockKind = Literal["title", "heading", "paragraph"]


@dataclass(frozen=True, slots=True)
class Block:
    """One block of an article: `title`, a heading `h1`... or a paragraph `p1`..., with its text on one line."""

    id: str
    kind: BlockKind
    text: str


@dataclass(frozen=True, slots=True)
class Span:
    """Characters `start` to `end` of the block `block`."""

    block: str
    start: int
    end: int


def split_blocks(title: str, text: str, headings: Sequence[str] = (), *, hashes: bool = False) -> tuple[Block, ...]:
    """Number the blocks of `text`.

    Blank lines part blocks; a line that equals one of `headings` is a block of its own, and so is a line that starts
    with `# ` where `hashes` is set (inline text). A first block equal to `title` is the title; otherwise `title` is
    put before.
    """
    chunks: list[tuple[bool, str]] = []
    lines: list[str] = []
    wanted = {_flat(line) for line in headings}

    def close() -> None:
        if lines:
            chunks.append((False, " ".join(lines)))
            lines.clear()

    for raw in text.splitlines():
        line = raw.strip()
        is_hash = hashes and line.startswith("# ")
        if not line or is_hash or _flat(line) in wanted:
            close()
        if is_hash:
            chunks.append((True, line[2:].strip()))
        elif line and _flat(line) in wanted:
            chunks.append((True, line))
        elif line:
            lines.append(line)
    close()
    if chunks and _flat(chunks[0][1]) == _flat(title):
        chunks.pop(0)
    blocks, counts = [Block("title", "title", title)], {"h": 0, "p": 0}
    for is_heading, chunk in chunks:
        letter: str = "h" if is_heading else "p"
        counts[letter] += 1
        blocks.append(Block(f"{letter}{counts[letter]}", "heading" if is_heading else "paragraph", chunk))
    return tuple(blocks)


def locate(text: str, quote: str, *, whole_words: bool = False) -> tuple[tuple[int, int], ...]:
    """Every place (start, end) in `text` where `quote` stands, with `whole_words` only where it cuts no word in two.

    Letters must be the same; curly quotes and dashes match straight ones, any run of blanks matches one blank.
    """
    flat, places = _flat_with_places(text)
    wanted = _flat(quote)
    found: list[tuple[int, int]] = []
    at = flat.find(wanted) if wanted else -1
    while at >= 0:
        end = at + len(wanted)
        if not (whole_words and (_cuts_word(flat, at) or _cuts_word(flat, end))):
            found.append((places[at], places[end - 1] + 1))
        at = flat.find(wanted, at + 1)
    return tuple(found)


def _cuts_word(flat: str, at: int) -> bool:
    return 0 < at < len(flat) and flat[at - 1].isalnum() and flat[at].isalnum()


def _flat(text: str) -> str:
    return _flat_with_places(text)[0].strip()


@lru_cache(maxsize=8)
def _flat_with_places(text: str) -> tuple[str, list[int]]:
    """`text` with folded punctuation and single blanks, and for each of its characters the place it came from."""
    out: list[str] = []
    places: list[int] = []
    for index, char in enumerate(text):
        # Case is kept: "It" and "it" are different places for a teacher who quotes exactly.
        for piece in "..." if char == "…" else straighten(char):
            if piece.isspace():
                if out and out[-1] == " ":
                    continue
                piece = " "  # noqa: PLW2901
            out.append(piece)
            places.append(index)
    return "".join(out), places
