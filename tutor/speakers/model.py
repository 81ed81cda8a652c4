"""The speaker with a language model: the teacher's help as a question that goes on from this learner's words.

The reply is put together so that a small model can do little harm. Code takes words of the learner's own and begins
the reply with them (`You write “...”.`, which neither praises nor blames); the model adds one question, held by a JSON
schema to a single question mark at its end. It is told the teacher's help and those words: neither the lesson's
question, nor the paragraph, nor the rest of the answer. It is not asked what a word of the text means: no check could
tell a meaning from an opinion.

Tried with Qwen2.5-Coder-1.5B, in rounds of 14 to 94 turns under a guard that was still growing, so that these figures
show a direction only: with the lesson's question in its prompt the model restated it (1 reply of 14 passed); without
it, but left to take up the learner's words itself, it only repeated the help (3 of 14); with their words given as the
beginning it goes on from them (73 of 94). To keep the teacher's meaning the guard wants most of the help's content
words: where one was enough, questions passed that had lost the place or the point ("Who is named there?"). Sentences to
finish ("He spoke to ___.") often became another question: those are left to the teacher. Under the guard as it is, 223
of the 303 questions that the model was asked for were shown, 170 of them the help word for word after the opening; of
SmolLM2-135M's 116 and 104.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tutor.core.clean import clean
from tutor.core.events import Call
from tutor.core.phrases import Phrases
from tutor.core.speaking import Brief, SpeakerError, Utterance
from tutor.core.words import STOP_WORDS, content_stems, fold, quoted_list, split_words, straighten
from tutor.llm.asking import Model, ModelError, Prompt
from tutor.llm.prompts import PromptFile, PromptNames, load_prompt
from tutor.speakers.scripted import ScriptedSpeaker

MOVES = frozenset({"probe", "hint", "prompt", "misconception"})
BLANK = "__"
_QUESTION = r"^[^?“”\"]{15,140}\?$"
_SCHEMA: dict[str, Any] = {
    "type": "object",
    "properties": {"question": {"type": "string", "pattern": _QUESTION}},
    "required": ["question"],
    "additionalProperties": False,
}
_TOKENS = 60
_BOLDER = 0.5
"""The temperature at which a model is asked again; at .7 the smallest ones lose the thread."""
_LONGEST_SPAN = 7
"""Words of the learner's that are quoted at most."""
_CLAUSE = re.compile(r"[^\w' -]+|\s-\s|(?<=\w)\s+(?=(?:but|because|cause|cuz|cos|so|and|if|when)\s)")
_JOINING = re.compile(
    r"^(?:(?:but|because|cause|cuz|cos|so|and|which is|that is|which|if|when|well|idk|i think|i guess|honestly|like)"
    r"\b\s*)+",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class SpeakerPrompts:
    """The prompt file for a question."""

    speak: PromptFile

    @classmethod
    def load(cls, folders: Sequence[Path], lang: str) -> SpeakerPrompts:
        """Read it, a teacher's folder before the shipped one; PromptError."""
        return cls(load_prompt(folders, "speak", lang, PromptNames(frozenset({"help"}), "opening")))


class ModelSpeaker:
    """Words a move with a model. What it cannot or should not word is a SpeakerError: the teacher's words stand."""

    def __init__(self, model: Model, prompts: SpeakerPrompts, phrases: Phrases) -> None:
        self._model = model
        self._prompts = prompts
        self._phrases = phrases
        self._teacher = ScriptedSpeaker(phrases)

    @property
    def name(self) -> str:
        """The model's name."""
        return self._model.name

    async def speak(self, brief: Brief) -> Utterance:
        """A question towards the teacher's help; the first attempt is the likeliest wording."""
        if brief.move.kind not in MOVES or not brief.answer.strip() or not brief.authored:
            raise SpeakerError("nothing to take up, or no help of the teacher's to go by")
        if BLANK in brief.authored[0]:
            raise SpeakerError("a sentence to finish stands as the teacher wrote it")
        words = taken_up(brief)
        opening = self._phrases.taking_up[brief.turn % len(self._phrases.taking_up)].format(words=quoted_list([words]))
        question, call = await self._asked(opening, brief)
        text = f"{opening} {question[:1].upper()}{question[1:]}"
        named = all(fold(found) not in fold(words) for met in brief.met for found in met.words)
        return Utterance(text, self.name, self._teacher.opening(brief, named=named), (call,))

    async def _asked(self, opening: str, brief: Brief) -> tuple[str, Call]:
        values = {"help": brief.authored[0], "opening": opening}
        temperature = _BOLDER if brief.attempt else 0.0
        prompt: Prompt = self._prompts.speak.fitted(
            values, self._model.room, schema=_SCHEMA, tokens=_TOKENS, temperature=temperature
        )
        try:
            reply = await self._model.ask(prompt)
        except ModelError as error:
            calls = (error.call,) if error.call else ()
            raise SpeakerError(f"the model gave no reply ({error.kind})", str(error), calls) from None
        return _question(reply.text), reply.call


def taken_up(brief: Brief) -> str:
    """The words of the learner's that a reply begins with: where one idea was met, the part that holds its words."""
    found = [words for met in brief.met for words in met.words if words.strip()]
    held = around(found[0], brief.answer) if len(found) == 1 else ""
    return held or own_words(brief.answer, brief.ask, brief.lang)


def own_words(answer: str, ask: str, lang: str = "en") -> str:
    """The words of an answer that are worth taking up: the part of its last line that says most beyond the question,
    cut short at a whole word where it is long.
    """
    asked = content_stems(ask, lang)

    def worth(piece: str) -> tuple[int, int]:
        return min(len(content_stems(piece, lang) - asked), 3), min(len(piece.split()), 5)

    line = next((line for line in reversed(answer.splitlines()) if split_words(line)), answer)
    parts = [_cut(part.split()) for part in _parts(line)]
    return max(filter(None, parts), key=worth, default=_cut(straighten(line).split()))


def around(found: str, answer: str) -> str:
    """The part of an answer that holds the words found in it; where that is long, those words if they are several."""
    parts = (part for line in reversed(answer.splitlines()) for part in _parts(line))
    part = next((part for part in parts if fold(found) in fold(part)), "")
    if 0 < len(part.split()) <= _LONGEST_SPAN:
        return part
    words = found.split()
    return _cut(words) if len(words) > 1 else ""


def _parts(line: str) -> list[str]:
    return [_JOINING.sub("", (part or "").strip(" '-")) for part in _CLAUSE.split(straighten(line))]


def _cut(words: Sequence[str]) -> str:
    piece = list(words[:_LONGEST_SPAN])
    if len(words) > len(piece):
        while len(piece) > 1 and piece[-1].lower() in STOP_WORDS:
            piece.pop()
        piece.append("…")
    return " ".join(piece)


def _question(text: str) -> str:
    """The question of a reply; empty where there is none, which the guard refuses as it refuses any nonsense."""
    try:
        value = json.loads(text)
    except ValueError:
        return ""
    found = value.get("question") if isinstance(value, dict) else None
    return clean(found).strip() if isinstance(found, str) else ""
