"""A model whose replies are kept in a file: what was asked once is not asked again, so that long work can be taken up
where it was broken off. What a reply cost when it came is kept with it.
"""

from __future__ import annotations

import json
import os
from hashlib import sha256
from pathlib import Path
from typing import Any

from tutor.core.events import Call
from tutor.errors import TutorError
from tutor.journal.files import make_folder
from tutor.llm.asking import Model, ModelError, Prompt, Reply, Token, TroubleKind

OWN_FAULTS: tuple[TroubleKind, ...] = ("garbage", "empty", "only-reasoning", "reply-cut")
"""What a model does wrong by itself, and would do again: such a reply counts as one. Anything else is the machine's or
the network's fault.
"""
_HASH = 16


class EndpointLostError(TutorError):
    """The model could not be asked; the words say why. It is no ModelError: neither judge nor speaker puts up with it,
    since a figure that rests on it would say nothing about the model.
    """


class Remembering:
    """A model (`Model`) that asks another one and keeps its replies.

    The file lies in `folder`, one for each model and address, for its owner alone: a line of JSON for each reply, named
    by the hash of all that was sent. A line that cannot be read (the machine was switched off in the midst of it) is
    passed over.
    """

    def __init__(self, model: Model, folder: Path, base_url: str) -> None:
        self._model = model
        name = sha256(f"{model.name} {base_url}".encode()).hexdigest()[:_HASH]
        self._path = folder / f"{name}.jsonl"
        self._kept: dict[str, dict[str, Any]] | None = None
        self.asked = 0
        """How often the model itself was asked, not the file."""

    @property
    def name(self) -> str:
        """The model's name as it is configured."""
        return self._model.name

    def room(self, prompt: Prompt) -> int:
        """As the model's own."""
        return self._model.room(prompt)

    async def ask(self, prompt: Prompt) -> Reply:
        """The reply that was kept, or one from the model; ModelError for a fault of the model's own, which is kept too,
        EndpointLostError for any other.
        """
        key, kept = _key(prompt), self._read()
        if key not in kept:
            row = {"asked": key, **await self._asked(prompt)}
            self._append(row)
            kept[key] = row
        row = kept[key]
        call = Call.model_validate(row["call"])
        if row["trouble"]:
            raise ModelError(row["trouble"], row["text"], call)
        return Reply(row["text"], call, tuple(Token(text, odds) for text, odds in row["tokens"]))

    async def _asked(self, prompt: Prompt) -> dict[str, Any]:
        self.asked += 1
        try:
            reply = await self._model.ask(prompt)
        except ModelError as error:
            if error.kind not in OWN_FAULTS or error.call is None:
                raise EndpointLostError(str(error)) from None
            return {"trouble": error.kind, "text": str(error), "call": error.call.model_dump(), "tokens": []}
        tokens = [[each.text, dict(each.alternatives)] for each in reply.tokens]
        return {"trouble": "", "text": reply.text, "call": reply.call.model_dump(), "tokens": tokens}

    def _read(self) -> dict[str, dict[str, Any]]:
        if self._kept is None:
            self._kept = {}
            try:
                lines = self._path.read_bytes().splitlines()
            except FileNotFoundError:
                lines = []
            except OSError as error:
                raise _unusable(self._path, "read", error) from None
            for row in map(_row, lines):
                if row:
                    self._kept[row["asked"]] = row
        return self._kept

    def _append(self, row: dict[str, Any]) -> None:
        # A line feed first: what stands at the end may be half a line.
        line = f"\n{json.dumps(row, ensure_ascii=False)}\n".encode(errors="replace")
        try:
            make_folder(self._path.parent)
            descriptor = os.open(self._path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
            with os.fdopen(descriptor, "ab") as file:
                file.write(line)
        except OSError as error:
            raise _unusable(self._path, "written", error) from None


def _unusable(path: Path, done: str, error: OSError) -> TutorError:
    return TutorError(f"{path} cannot be {done} ({error.strerror}). Name another folder with data_dir.")


def _key(prompt: Prompt) -> str:
    sent = [prompt.hash, prompt.system, prompt.user, prompt.schema, prompt.tokens, prompt.temperature]
    return sha256(json.dumps(sent, sort_keys=True).encode()).hexdigest()


def _row(line: bytes) -> dict[str, Any] | None:
    """A kept reply; None for a line that is not whole."""
    try:
        row = json.loads(line)
        Call.model_validate(row["call"])
        whole = isinstance(row["asked"], str) and isinstance(row["text"], str) and isinstance(row["trouble"], str)
        dict(row["tokens"])
    except (ValueError, KeyError, TypeError, RecursionError):
        return None
    return row if whole else None
