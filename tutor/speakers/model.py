"""The speaker with a language model: the teacher's help as a question that goes on from this learner's words.

The reply is put together so that a small model can do little harm. Code takes words of the learner's own and begins
the reply with them (`You write “...”.`, which neither praises nor blames); the model adds one question, held by a JSON
schema to a single question mark at its end. It is told the teacher's help and those words: neither the lesson's
question, nor the paragraph, nor the rest of the answer.

Measured with Qwen2.5-Coder-1.5B: with the lesson's question in its prompt the model restated it (1 reply of 14 passed
the guard); without it, but left to take up the learner's words itself, it only repeated the help (3 of 14); with their
words given as the beginning it goes on from them (73 of 94), in two of five in words of its own, else in the teacher's.
The whole answer beside them did not help (14 of 20 against 16). To keep the teacher's meaning the guard wants most of
the help's content words: where one was enough, questions passed that had lost the place or the point ("Who is named
there?"). Sentences to finish ("He spoke to ___.") often became another question: those are left to the teacher.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tutor.core.events import Call
from tutor.core.phrases import Phrases
from tutor.core.speaking import Brief, SpeakerError, Utterance
from tutor.core.words import STOP_WORDS, content_stems, fold, folded_words, quoted_list, split_words, straighten
from tutor.llm.asking import Model, ModelError, Prompt
from tutor.llm.prompts import PromptFile, PromptNames, load_prompt
from tutor.speakers.scripted import ScriptedSpeaker

MOVES = frozenset({"probe", "hint", "prompt", "misconception"})
BLANK = "__"
_QUESTION = r"^[^?“”\"]{15,140}\?$"
_MEANING = r"^[^?“”\".]{10,110}$"
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
    """The prompt files: for a question, and for the meaning of a word."""

    speak: PromptFile
    explain: PromptFile

    @classmethod
    def load(cls, folders: Sequence[Path], lang: str) -> SpeakerPrompts:
        """Read them, a teacher's folder before the shipped one; PromptError."""
        speak = PromptNames(frozenset({"help"}), "opening")
        explain = PromptNames(frozenset({"sentence"}), "term")
        return cls(load_prompt(folders, "speak", lang, speak), load_prompt(folders, "explain", lang, explain))


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
        """A question towards the teacher's help, or what a word means; the first attempt is the likeliest wording."""
        if brief.asked:
            return await self._explained(brief)
        if brief.move.kind not in MOVES or not brief.answer.strip() or not brief.authored:
            raise SpeakerError("nothing to take up, or no help of the teacher's to go by")
        if BLANK in brief.authored[0]:
            raise SpeakerError("a sentence to finish stands as the teacher wrote it")
        words = taken_up(brief)
        opening = self._phrases.taking_up[brief.turn % len(self._phrases.taking_up)].format(words=quoted_list([words]))
        values = {"help": brief.authored[0], "opening": opening}
        question, call = await self._asked(self._prompts.speak, values, "question", _QUESTION, brief)
        text = f"{opening} {question[:1].upper()}{question[1:]}"
        named = all(fold(found) not in fold(words) for met in brief.met for found in met.words)
        return Utterance(text, self.name, self._teacher.opening(brief, named=named), (call,))

    async def _explained(self, brief: Brief) -> Utterance:
        """A plain word of question or paragraph, explained from its sentence alone: who does not see the lesson's
        question cannot answer it. Names are outside facts, and those only the lesson states.
        """
        if brief.meanings:
            raise SpeakerError("the lesson's glossary explains it")
        term, sentence = asked_word(brief)
        values = {"sentence": sentence, "term": term}
        meaning, call = await self._asked(self._prompts.explain, values, "meaning", _MEANING, brief)
        if _only_repeats(meaning, term, sentence, brief.lang):
            raise SpeakerError("the meaning only repeats the text", calls=(call,))
        text = self._phrases.question_term.format(meanings=f"“{term}”: {meaning.rstrip('.')}.")
        return Utterance(text, self.name, self._phrases.guessed_meaning, (call,))

    async def _asked(
        self, file: PromptFile, values: Mapping[str, str], field: str, pattern: str, brief: Brief
    ) -> tuple[str, Call]:
        temperature = _BOLDER if brief.attempt else 0.0
        schema = _schema(field, pattern)
        prompt: Prompt = file.fitted(values, self._model.room, schema=schema, tokens=_TOKENS, temperature=temperature)
        try:
            reply = await self._model.ask(prompt)
        except ModelError as error:
            calls = (error.call,) if error.call else ()
            raise SpeakerError(f"the model gave no reply ({error.kind})", str(error), calls) from None
        return _field(reply.text, field), reply.call


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


def asked_word(brief: Brief) -> tuple[str, str]:
    """The plain word of question or paragraph that a learner asks about, and its sentence; SpeakerError where the
    question is about something else.
    """
    texts = [each for text in (brief.paragraph, brief.ask) for each in re.split(r"(?<=[.!?])\s+|\n", text)]
    for asked in reversed(folded_words(brief.asked)):
        for sentence in texts:
            words = split_words(sentence)
            at = next((number for number, word in enumerate(words) if word.folded == asked), None)
            if at is None or asked in STOP_WORDS or asked in _ASKING:
                continue
            if at > 0 and sentence[words[at].start].isupper():
                raise SpeakerError("a name is explained by the lesson or not at all")
            return asked, sentence.strip()
    raise SpeakerError("no word of the text is asked about")


_ASKING = frozenset({"mean", "means", "meaning", "word", "words", "explain", "question", "understand", "tell"})


def _only_repeats(meaning: str, term: str, sentence: str, lang: str) -> bool:
    """Whether a meaning says the word itself, or several words of its sentence: then it explains nothing."""
    said = content_stems(meaning, lang)
    return bool(said & content_stems(term, lang)) or len(said & content_stems(sentence, lang)) > 1


def _schema(field: str, pattern: str) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": {field: {"type": "string", "pattern": pattern}},
        "required": [field],
        "additionalProperties": False,
    }


def _field(text: str, field: str) -> str:
    """The one field of a reply; empty where there is none, which the guard refuses as it refuses any nonsense."""
    try:
        value = json.loads(text)
    except ValueError:
        return ""
    found = value.get(field) if isinstance(value, dict) else None
    return found.strip() if isinstance(found, str) else ""
