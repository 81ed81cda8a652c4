"""How many tokens a text takes: counted with OpenAI's cl100k_base, with a margin for the model that will read it.

The tables come with litellm and are read from there, so that nothing is downloaded. A local model's own tokenizer
makes 0.99 to 1.22 times as many tokens of an English text (Qwen2.5, Gemma 3, SmolLM2), up to 1.8 times in other
languages. Loading the tables takes a fifth of a second: not on the loop that draws the screen.
"""

from __future__ import annotations

import functools
import importlib.util
import math
import os
from pathlib import Path
from typing import Any

ENGLISH, OTHER = 1.3, 1.9
PER_MESSAGE = 8

_CL100K = "9b5ad71b2ce5302211f9c61530b329a4922fc6a4"  # the table's file, which tiktoken names after its address
_LEAST_TO_LEARN = 150  # in a shorter prompt, the server's own frame around the messages weighs too much
_LEAST, _MOST = 1.0, 2.5
_SPARE = 1.1


def raw(text: str) -> int:
    """The tokens of a text as cl100k_base has them; a third of its bytes where the tables are missing."""
    encoding = _encoding()
    if encoding is None:
        return math.ceil(len(text.encode(errors="replace")) / 3)
    # Ordinary: what looks like a control token in somebody's text is text.
    return len(encoding.encode_ordinary(text))


def count(text: str, lang: str) -> int:
    """The most tokens that a message of this text is likely to take in a local model."""
    return math.ceil(raw(text) * (ENGLISH if lang.split("-")[0] == "en" else OTHER)) + PER_MESSAGE


def looks_english(text: str) -> bool:
    """Whether hardly any letter of a text lies beyond the English alphabet: then its tokens vary little."""
    letters = sum(each.isalpha() for each in text)
    beyond = sum(each.isalpha() and not each.isascii() for each in text)
    return beyond * 100 <= letters


class Yardstick:
    """What a model's tokens come to, in tokens of cl100k_base: the margin, until its replies have told better."""

    def __init__(self) -> None:
        self._seen: dict[bool, float] = {}

    def learn(self, text: str, tokens: int) -> None:
        """Take in that the server counted so many tokens in a prompt of this text; the largest share counts, and a
        little more: texts full of numbers take more tokens than others.
        """
        counted = raw(text)
        if counted >= _LEAST_TO_LEARN:
            share = min(max(_SPARE * tokens / counted, _LEAST), _MOST)
            english = looks_english(text)
            self._seen[english] = max(share, self._seen.get(english, 0.0))

    def tokens(self, *messages: str) -> int:
        """The most tokens that these messages are likely to take."""
        english = looks_english("".join(messages))
        share = self._seen.get(english, ENGLISH if english else OTHER)
        return math.ceil(raw("".join(messages)) * share) + PER_MESSAGE * len(messages)


def is_cut(text: str, tokens: int) -> bool:
    """Whether a server that counted so many tokens in a prompt has not read all of this text.

    No tokenizer is known to need fewer than 0.97 of cl100k's tokens for English; for other languages newer ones need
    far fewer, so that only a large gap says anything.
    """
    counted = raw(text)
    return counted >= 50 and tokens < counted * (0.9 if looks_english(text) else 0.4)


@functools.cache
def _encoding() -> Any:
    spec = importlib.util.find_spec("litellm")  # which does not import it
    places = spec.submodule_search_locations if spec else None
    folder = Path(next(iter(places or ()), ""), "litellm_core_utils", "tokenizers")
    if not (folder / _CL100K).is_file():
        return None
    os.environ["TIKTOKEN_CACHE_DIR"] = str(folder)  # else tiktoken downloads them
    import tiktoken  # noqa: PLC0415  not before it is needed

    return tiktoken.get_encoding("cl100k_base")
