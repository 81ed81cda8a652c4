"""Prompt files: what a model is told, as YAML that a teacher can read and change.

`system` and `user` are texts with names in {braces} (a brace of the text itself is written twice); a line whose name
has no value is left out. What the learner wrote is the last name in `user`: all before it stays the same from answer to
answer, so that the server's prefix cache serves it, and nothing a learner pastes stands before the rubric. `drop`
lists the names that are left out, in this order, where the prompt does not fit into the model's context.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tutor.errors import LessonError, Mistake, TutorError
from tutor.lessons.mistakes import make_mistake
from tutor.lessons.yamlfile import Document, Tree, read_yaml
from tutor.llm.asking import Prompt

_FIELDS = ("system", "user", "drop")
_HASH = 12
_BRACES = re.compile(r"\{\{|\}\}|\{([^{}]*)\}|[{}]")


class PromptError(TutorError):
    """A prompt file cannot be used; its words say where, what and what to do."""


@dataclass(frozen=True, slots=True)
class PromptNames:
    """The names that a prompt's texts may use.

    `needed` have to be used and are never left out; so has `last`, the learner's text. `optional` may be used.
    """

    needed: frozenset[str]
    last: str
    optional: frozenset[str] = frozenset()

    @property
    def kept(self) -> frozenset[str]:
        """The names that are never left out."""
        return self.needed | {self.last}

    @property
    def known(self) -> frozenset[str]:
        """All names."""
        return self.kept | self.optional


@dataclass(frozen=True, slots=True)
class PromptFile:
    """A prompt file that was read and checked.

    `needed` are the names that are never left out, `drop` those that may be, in order. `hash` stands for the file's
    bytes, so that a verdict can say what the model was told.
    """

    path: Path
    system: str
    user: str
    drop: tuple[str, ...]
    needed: frozenset[str]
    hash: str

    def fill(
        self,
        values: Mapping[str, str],
        *,
        schema: Mapping[str, Any] | None,
        tokens: int,
        temperature: float = 0.0,
        without: Collection[str] = (),
    ) -> Prompt:
        """The prompt with its names filled in, those of `without` left out.

        `schema`, `tokens` and `temperature` are the prompt's own. PromptError names every value that is missing.
        """
        missing = sorted({*_names(self.system), *_names(self.user)} - values.keys())
        if missing:
            raise PromptError(f"{self.path}: no value was given for {_listed(missing)}.")
        kept = {name: "" if name in without else value for name, value in values.items()}
        system, user = (_filled(text, kept, self.needed) for text in (self.system, self.user))
        # What the model was told is another prompt where something was left out.
        hash_ = f"{self.hash}-{len(without)}" if without else self.hash
        return Prompt(system, user, hash_, schema, tokens, temperature)

    def fitted(
        self,
        values: Mapping[str, str],
        room: Callable[[Prompt], int],
        *,
        schema: Mapping[str, Any] | None,
        tokens: int,
        temperature: float = 0.0,
    ) -> Prompt:
        """As `fill`, with so many names of `drop` left out that `room` (a model's) is not negative.

        Where even that is too long the shortest prompt comes back, and the model refuses it in its own words. Where
        there is nothing to leave out, `room` is not asked.
        """
        prompt = self.fill(values, schema=schema, tokens=tokens, temperature=temperature)
        for count in range(1, len(self.drop) + 1):
            if room(prompt) >= 0:
                break
            cut = self.drop[:count]
            prompt = self.fill(values, schema=schema, tokens=tokens, temperature=temperature, without=cut)
        return prompt


def load_prompt(folders: Sequence[Path], name: str, lang: str, names: PromptNames) -> PromptFile:
    """Read the prompt `name` in a lesson's language, English where there is none, from the first folder that has it.

    PromptError lists every mistake with its place.
    """
    path = _find(folders, name, lang)
    try:
        data = path.read_bytes()
        document = read_yaml(data, str(path))
    except OSError as error:
        raise PromptError(f"{path} cannot be read ({error.strerror}). Check who may read the file.") from None
    except LessonError as error:
        raise PromptError(str(error)) from None
    mistakes = sorted(_mistakes(document, names))
    if mistakes:
        raise PromptError("\n".join(str(each) for each in mistakes))
    value = document.value
    assert isinstance(value, dict)  # _mistakes has seen to the shape
    drop = tuple(str(each) for each in value.get("drop", ()))
    digest = hashlib.sha256(data).hexdigest()[:_HASH]
    return PromptFile(path, str(value["system"]).strip(), str(value["user"]).strip(), drop, names.kept, digest)


def _find(folders: Sequence[Path], name: str, lang: str) -> Path:
    tag = lang.split("-")[0].lower()
    tags = (tag, "en") if re.fullmatch(r"[a-z]{2,3}", tag) else ("en",)
    paths = [folder / f"{name}.{each}.yaml" for each in tags for folder in folders]
    found = next((path for path in paths if path.is_file()), None)
    if found is None:
        looked = " and ".join(str(folder) for folder in folders)
        raise PromptError(f"There is no prompt file {name}.en.yaml in {looked}. Install Closeread again.")
    return found


def _mistakes(document: Document, names: PromptNames) -> Iterator[Mistake]:
    value = document.value
    if not isinstance(value, dict):
        yield make_mistake(document.name, (1, 1), f"a prompt file has the fields {', '.join(_FIELDS)}")
        return
    for field in value:
        if field not in _FIELDS:
            place = document.place((field,), key=True)
            yield make_mistake(document.name, place, "there is no such field", field, f"Fields: {', '.join(_FIELDS)}.")
    for field in ("system", "user"):
        yield from _text_mistakes(document, field, value.get(field), names.known)
    system, user = (text if isinstance(text := value.get(field), str) else "" for field in ("system", "user"))
    yield from _order_mistakes(document, system, user, names)
    yield from _drop_mistakes(document, value.get("drop", []), {*_names(system), *_names(user)}, names.kept)


def _text_mistakes(document: Document, field: str, text: Tree | None, allowed: frozenset[str]) -> Iterator[Mistake]:
    place = document.place((field,))
    if not isinstance(text, str) or not text.strip():
        yield make_mistake(document.name, place, f"`{field}` has to be a text")
        return
    for match in _BRACES.finditer(text):
        if match.group() not in ("{{", "}}") and match[1] not in allowed:
            hint = f"Names: {_listed(sorted(allowed))}. A brace of the text itself is written twice."
            yield make_mistake(document.name, place, f"`{field}` holds a name that is not known", match.group(), hint)


def _order_mistakes(document: Document, system: str, user: str, names: PromptNames) -> Iterator[Mistake]:
    last, used = names.last, _names(user)
    for name in sorted(names.kept - {*used, *_names(system)}):
        place = document.place(("user",))
        yield make_mistake(document.name, place, f"{{{name}}} has to stand in the prompt, and does not")
    if last in _names(system):
        hint = "Put it at the end of `user`."
        place = document.place(("system",))
        yield make_mistake(document.name, place, f"{{{last}}} is what the learner wrote, no instruction", "", hint)
    if last in used[:-1]:
        hint = "The server can remember only what stands before it, and pasted instructions should come last."
        place = document.place(("user",))
        yield make_mistake(document.name, place, f"{{{last}}} has to be the last name in `user`, once", "", hint)


def _drop_mistakes(document: Document, drop: Tree, used: set[str], needed: frozenset[str]) -> Iterator[Mistake]:
    if not isinstance(drop, list):
        yield make_mistake(document.name, document.place(("drop",)), "`drop` has to be a list of names")
        return
    for number, name in enumerate(drop):
        place = document.place(("drop", number))
        if not isinstance(name, str) or name not in used:
            yield make_mistake(document.name, place, "`drop` lists what is no name in this prompt", str(name))
        elif name in needed:
            yield make_mistake(document.name, place, "this name may never be left out", name, "Take it off the list.")


def _names(text: str) -> list[str]:
    """The names in a text, in order."""
    return [match[1] for match in _BRACES.finditer(text) if match[1] is not None]


def _filled(text: str, values: Mapping[str, str], needed: frozenset[str]) -> str:
    def put(match: re.Match[str]) -> str:
        return values[match[1]] if match[1] is not None else match.group()[0]

    lines = []
    for line in text.split("\n"):
        names = _names(line)
        if needed.isdisjoint(names) and any(not values[name].strip() for name in names):
            continue
        lines.append(_BRACES.sub(put, line))
    return "\n".join(lines)


def _listed(names: Sequence[str]) -> str:
    return ", ".join(f"{{{name}}}" for name in names)
