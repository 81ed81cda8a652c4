"""What pydantic finds wrong, at its place in the file and in words for teachers."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any, get_args

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from tutor.core import lesson as models
from tutor.lessons.parts import Part
from tutor.lessons.yamlfile import Tree

Objects = Mapping[str, tuple[str, type[models.Model]]]
"""By the field under which they stand ("" for the file itself): what an object is called, and its model."""

LESSON: Objects = {
    "": ("a lesson", models.Lesson),
    "article": ("an article", models.Article),
    "attribution": ("an attribution", models.Attribution),
    "exit": ("an exit ticket", models.ExitTicket),
    "facts": ("a fact", models.Fact),
    "marks": ("a mark", models.Mark),
    "misconceptions": ("a misconception", models.Misconception),
    "next": ("`next`", models.Next),
    "options": ("an option", models.Option),
    "rubric": ("a criterion", models.Criterion),
    "samples": ("a sample answer", models.Sample),
    "sensitivity": ("`sensitivity`", models.Sensitivity),
    "sources": ("a source", models.Source),
}
STEPS: Objects = {
    "choose": ("a `choose` step", models.Choose),
    "find": ("a `find` step", models.Find),
    "explain": ("an `explain` step", models.Explain),
    "rewrite": ("a `rewrite` step", models.Rewrite),
    "look": ("a `look` step", models.Look),
}
VERBS: tuple[str, ...] = get_args(models.StepVerb)

_GROUPS = "Write groups as lists in a list: [[one, two], [three]]."
_NOTE_BEGINS = 'The # begins a note here, which nobody reads. Put the text in "quotes".'
_IDS = ("id", "fact", "misconception")
_LONGEST_SHOWN = 40
_FLAGS = {"yes": "true", "on": "true", "y": "true", "no": "false", "off": "false", "n": "false"}


def report_shape(error: ValidationError, root: Part, objects: Objects = LESSON) -> None:
    """Note every error of `error` at its place under `root`."""
    errors = error.errors(include_url=False, include_input=False)
    before = len(root.log.mistakes)
    for each in [each for each in errors if _is_meant(each["loc"], root)] or errors:
        chain, left = _follow(each["loc"], root)
        _Report(chain, left, each, objects).note()
    if len(root.log.mistakes) == before:
        root.wrong(errors[0]["msg"], code="wrong-shape")


def _follow(loc: tuple[str | int, ...], root: Part) -> tuple[list[Part], list[str | int]]:
    """The parts that `loc` leads through, and what of `loc` is not there: missing fields, names of union branches."""
    chain, left = [root], []
    for index, key in enumerate(loc):
        value = chain[-1].value
        is_verb = key in VERBS and index >= 2 and loc[index - 2] == "steps" and isinstance(loc[index - 1], int)
        if isinstance(key, int) and isinstance(value, list) and key < len(value):
            chain.append(Part(value[key], (*chain[-1].path, key), root.log))
        elif isinstance(key, str) and isinstance(value, dict) and key in value and not is_verb:
            chain.append(chain[-1].get(key))
        else:
            left.append(key)
    return chain, left


def _is_meant(loc: tuple[str | int, ...], root: Part) -> bool:
    """Whether an error is about that branch of a union which the teacher meant, to judge by what stands there."""
    for index, key in enumerate(loc):
        part = _follow(loc[:index], root)[0][-1]
        if not isinstance(key, str) or (isinstance(part.value, dict) and key in part.value):
            continue
        has_groups = any(isinstance(item.value, list) for item in part.items())
        meant = {
            "Misconception": isinstance(part.value, dict),
            "constrained-str": not isinstance(part.value, dict),
            "tuple[tuple[constrained-str, ...], ...]": has_groups,
            "tuple[constrained-str, ...]": not has_groups,
        }
        if not meant.get(key, True):
            return False
    return True


def _object_at(part: Part, objects: Objects) -> tuple[str, type[models.Model]]:
    name = next((key for key in reversed(part.path) if key in objects or key == "steps"), "")
    if name == "steps":
        return STEPS.get(part.get("do").text, ("a step", models.Explain))
    return objects[str(name)]


class _Report:
    """One error of pydantic: `chain` leads to where it is, `left` is what of its path is not in the file."""

    def __init__(self, chain: list[Part], left: list[str | int], error: ErrorDetails, objects: Objects) -> None:
        self.part = chain[-1]
        self.owner = chain[-2] if len(chain) > 1 else chain[-1]
        self.kind = error["type"]
        self.context: Mapping[str, Any] = error.get("ctx", {})
        self.plain = error["msg"]
        self.left = left
        self.objects = objects

    def note(self) -> None:
        """Note it, in our words where we have some."""
        methods: dict[str, Callable[[], None]] = {
            "missing": self._missing,
            "extra_forbidden": self._unknown,
            "literal_error": self._bad_choice,
            "union_tag_invalid": self._bad_verb,
            "union_tag_not_found": self._no_verb,
            "value_error": self._bad_scalar,
            "string_type": self._no_text,
            "tuple_type": self._no_list,
            "dict_type": lambda: self._wrong_type("fields are expected here", "Write them as name: text."),
            "model_type": self._no_object,
            "model_attributes_type": self._no_object,
            "string_too_short": lambda: self._wrong("empty-field", "this is empty", "Write something or take it out."),
            "string_too_long": lambda: self._wrong(
                "bad-id", f"this is longer than {self.context['max_length']} characters"
            ),
            "string_pattern_mismatch": self._bad_id,
            "too_short": self._too_few,
            "too_long": lambda: self._wrong("wrong-count", f"at most {self.context['max_length']} are expected here"),
            "greater_than_equal": lambda: self._wrong("wrong-number", f"this must be {self.context['ge']} or more"),
            "less_than_equal": lambda: self._wrong("wrong-number", f"this must be {self.context['le']} or less"),
        }
        methods.get(self.kind, lambda: self._wrong("wrong-shape", self.plain))()

    def _wrong(self, code: str, message: str, hint: str = "") -> None:
        self.part.wrong(message, _NOTE_BEGINS if self.part.note and not self.part.value else hint, code=code)

    def _missing(self) -> None:
        if isinstance(self.left[-1], int):
            self._wrong("wrong-count", "two are expected here, the least and the most", "Write them as [12, 16].")
            return
        noun, _ = _object_at(self.part, self.objects)
        self.part.wrong(f"{noun} needs the field `{self.left[-1]}`", offending="", code="missing-field")

    def _unknown(self) -> None:
        key = str(self.part.path[-1])
        noun, model = _object_at(self.owner, self.objects)
        elsewhere = [name for name, step in STEPS.values() if model in _STEP_MODELS and key in step.model_fields]
        hint = f"It belongs to {' or '.join(elsewhere)}." if elsewhere else ""
        hint = hint or self.part.log.suggest.did_you_mean(key, model.model_fields)
        if not hint and not self.part.value:
            hint = "Is it text? Text that holds a comma needs quotes here."
        hint = hint or f"Its fields: {', '.join(model.model_fields)}."
        self.part.wrong_name(f"{noun} has no such field", hint, code="unknown-field")

    def _bad_choice(self) -> None:
        allowed = re.findall(r"'([^']*)'", str(self.context["expected"]))
        is_key = self.left[-1:] == ["[key]"]
        typed = str(self.part.path[-1]) if is_key else self.part.text
        hint = f"{self.part.log.suggest.did_you_mean(typed, allowed)} Allowed: {', '.join(allowed)}.".strip()
        (self.part.wrong_name if is_key else self.part.wrong)("this word is not known here", hint, code="unknown-word")

    def _bad_verb(self) -> None:
        verb = self.part.get("do")
        close = self.part.log.suggest.did_you_mean(verb.text, VERBS)
        hint = f"{close} Allowed: {', '.join(VERBS)}.".strip()
        verb.wrong("this is nothing that a step can do", hint, code="unknown-word")

    def _no_verb(self) -> None:
        hint = f"Allowed: {', '.join(VERBS)}."
        self.part.wrong("a step needs the field `do`", hint, offending="", code="missing-field")

    def _bad_scalar(self) -> None:
        meant = _FLAGS.get(self.part.text.lower(), self.part.text.lower())
        message = str(self.context.get("error", self.plain))
        is_flag = "true" in message and meant in ("true", "false")
        code = "unknown-word" if "true" in message else "wrong-number"
        self._wrong(code, message, f'Did you mean "{meant}"?' if is_flag else "")

    def _wrong_type(self, message: str, hint: str = "") -> None:
        self._wrong("wrong-shape", f"{message}, but {_what(self.part.value)} stands here", hint)

    def _no_text(self) -> None:
        first = next((" ".join(item.text.split()) for item in self.part.items() if item.text.strip()), "")
        key, hint = self.part.path[-1], ""
        if isinstance(key, str) and 0 < len(first) <= _LONGEST_SHOWN:
            hint = f"Write one {'id' if key in _IDS else 'text'}, as in {key}: {first}."
        self._wrong_type("text is expected here", hint)

    def _no_list(self) -> None:
        in_rules = any(key in ("all_of", "none_of") for key in self.part.path)
        self._wrong_type("a list is expected here", _GROUPS if in_rules else "Write it as [one, two].")

    def _no_object(self) -> None:
        noun, _ = _object_at(self.part, self.objects)
        self._wrong_type(f"{noun} with its fields is expected here", "Write them as name: text.")

    def _bad_id(self) -> None:
        hint = "Letters, digits, hyphens, dots and _ may be in it, a letter or digit first."
        self._wrong("bad-id", "this cannot be an id", hint)

    def _too_few(self) -> None:
        least = self.context["min_length"]
        # pydantic counts only the items without a mistake, and those with one are reported already.
        if len(self.part.items()) < least:
            message = f"at least {least} {'is' if least == 1 else 'are'} expected here"
            self.part.wrong(message, offending="", code="wrong-count")


_STEP_MODELS = [model for _, model in STEPS.values()]


def _what(value: Tree | None) -> str:
    if isinstance(value, list):
        return "a list"
    if isinstance(value, dict):
        return "something with fields"
    return "text" if value else "nothing"
