"""A file's tree seen tolerantly: checks walk over it without asking whether all of it has the right shape.

So the checks across a lesson (does this mark exist?) and those of its shape (is this a list?) can report in one go.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field

from tutor.core.clean import clean
from tutor.errors import Mistake
from tutor.lessons.mistakes import Suggester, make_mistake
from tutor.lessons.yamlfile import Document, KeyPath, Tree


@dataclass(slots=True)
class Log:
    """The mistakes found in one document so far."""

    document: Document
    mistakes: list[Mistake]
    suggest: Suggester = field(default_factory=Suggester)


@dataclass(frozen=True, slots=True)
class Part:
    """The value at `path` of a document, None where there is none."""

    value: Tree | None
    path: KeyPath
    log: Log

    def get(self, key: str) -> Part:
        """The field `key`."""
        value = self.value.get(key) if isinstance(self.value, dict) else None
        return Part(value, (*self.path, key), self.log)

    def items(self) -> list[Part]:
        """The items of a list; none of anything else."""
        every = self.value if isinstance(self.value, list) else []
        return [Part(value, (*self.path, index), self.log) for index, value in enumerate(every)]

    def texts(self) -> list[Part]:
        """This text, or the texts of this list, or none; empty ones are left out."""
        every = [self] if isinstance(self.value, str) else self.items()
        return [part for part in every if part.text]

    @property
    def text(self) -> str:
        """The text here, "" where there is none."""
        return self.value if isinstance(self.value, str) else ""

    @property
    def line(self) -> int:
        """The line on which this begins."""
        return self.log.document.place(self.path)[0]

    @property
    def note(self) -> str:
        """What stands behind this text without quotes from a `#` on, one blank apart; "" where nothing does."""
        return self.log.document.notes.get(self.path, "")

    def wrong(self, message: str, hint: str = "", *, code: str, offending: str | None = None) -> None:
        """Note a mistake at this value."""
        self._note(message, hint, self.text if offending is None else offending, code, key=False)

    def wrong_name(self, message: str, hint: str = "", *, code: str) -> None:
        """Note a mistake at the name of this field."""
        self._note(message, hint, str(self.path[-1]), code, key=True)

    def wrong_choice(
        self, message: str, choices: Collection[str], hint: str = "", *, code: str, then: str = ""
    ) -> None:
        """Note a mistake at this value, which of `choices` may have been meant, and `then` what else may help."""
        meant = self.log.suggest.did_you_mean(self.text, choices) or hint or _listed(choices)
        self.wrong(message, f"{meant} {then}".strip(), code=code)

    def _note(self, message: str, hint: str, offending: str, code: str, *, key: bool) -> None:
        place = self.log.document.place(self.path, key=key)
        self.log.mistakes.append(make_mistake(self.log.document.name, place, message, offending, hint, code))


def _listed(choices: Collection[str]) -> str:
    """A hint that names what there is; nothing where that is nothing or far too much."""
    return f"There is: {', '.join(choices)}." if 0 < len(choices) <= 40 else ""


def cleaned(tree: Tree, field: str = "") -> Tree:
    """A copy of `tree`, the value of `field`, whose texts are safe to show: what is matched, counted and shown is the
    same text. The names of fields stay as they are, but for those of the glossary, which are words of the lesson.
    """
    if isinstance(tree, str):
        return clean(tree) if tree.strip() else ""
    if isinstance(tree, list):
        return [cleaned(value) for value in tree]
    return {clean(key) if field == "glossary" else key: cleaned(value, key) for key, value in tree.items()}
