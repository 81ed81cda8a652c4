"""Steps that a model proposes for a new lesson. Nothing of it is believed: each waits for a teacher to read it.

A model is asked once for each paragraph with marks, and for a few only. What gives its own idea away is left out by
the guard that also watches over what a model says to learners.
"""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tutor.core.clean import one_line
from tutor.core.guard import Secret, leaks
from tutor.core.words import folded_words, quoted_list
from tutor.llm.asking import Model
from tutor.llm.prompts import PromptFile, PromptNames, load_prompt
from tutor.workbench.new.writing import UNREVIEWED, Draft, Sketch

DRAFT_NAMES = PromptNames(needed=frozenset({"marks"}), last="paragraph", optional=frozenset({"title"}))
MOST_DRAFTS = 6
_FIELDS = ("question", "idea", "hint")
_LONGEST = 300
_FEWEST_WORDS = 3
_TOKENS = 240
_SCHEMA: Mapping[str, Any] = {
    "type": "object",
    "properties": {name: {"type": "string"} for name in _FIELDS},
    "required": list(_FIELDS),
    "additionalProperties": False,
}


@dataclass(frozen=True, slots=True)
class Asked:
    """What came of one paragraph: `draft` is None where the model gave nothing that can be used."""

    number: int
    total: int
    draft: Draft | None


def load_draft_prompt(folders: Sequence[Path], lang: str) -> PromptFile:
    """What the model is told; PromptError."""
    return load_prompt(folders, "draft", lang, DRAFT_NAMES)


async def drafts(made: Sketch, model: Model, prompt: PromptFile) -> AsyncIterator[Asked]:
    """Ask the model about the paragraphs with the most marks, in the order of the text; ModelError ends it."""
    texts = {block.id: block.text for block in made.article.blocks if block.kind == "paragraph"}
    marked = {name: [each.quote for each in made.ids if each.block == name] for name in texts}
    most = sorted((name for name in texts if marked[name]), key=lambda name: -len(marked[name]))[:MOST_DRAFTS]
    names = [name for name in texts if name in most]
    for number, name in enumerate(names, 1):
        values = {"title": made.article.title, "marks": quoted_list(marked[name]), "paragraph": texts[name]}
        filled = prompt.fitted(values, model.room, schema=_SCHEMA, tokens=_TOKENS)
        reply = await model.ask(filled)
        yield Asked(number, len(names), _draft(reply.text, name, texts[name], made.article.lang, model.name))


def _draft(reply: str, block: str, paragraph: str, lang: str, model: str) -> Draft | None:
    """The reply as a draft; None where it is not what was asked for."""
    try:
        value = json.loads(reply[reply.find("{") : reply.rfind("}") + 1])
    except ValueError:
        return None
    if not isinstance(value, dict):
        return None
    question, idea, hint = (_text(value.get(name)) for name in _FIELDS)
    if min(len(folded_words(question)), len(folded_words(idea))) < _FEWEST_WORDS:
        return None
    if leaks(hint, Secret(key=(idea,), seen=(paragraph,), lang=lang, ask=question)):
        hint = ""
    return Draft(block, question, idea, hint, one_line(model)[:80])


def _text(value: object) -> str:
    """A text of the model on one line, of a reasonable length; "" where there is none."""
    text = one_line(value.replace(f"{UNREVIEWED}:", "").replace(UNREVIEWED, "")) if isinstance(value, str) else ""
    return text if len(text) <= _LONGEST else ""
