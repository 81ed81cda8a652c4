"""How much a lesson gives the machine to do: every rule of a step is held against every answer to it, and a /regex/ may
try many ways at every letter. So a file of an ordinary size could keep everybody who opens it waiting for hours.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from tutor.core.limits import LONGEST_ANSWER
from tutor.core.rules import effort
from tutor.lessons.checks import Scope, by_id
from tutor.lessons.parts import Part
from tutor.lessons.yamlfile import Tree

MOST = 75_000_000
"""Letters times rules: five times those of the largest lesson that ships, and at worst some minutes of work."""
_RULES = ("all_of", "none_of", "never_say", "must_keep", "must_drop")
_COMPARED = ("samples", "misconceptions")


def check_effort(scopes: Iterable[Scope], misconceptions: Mapping[str, Part]) -> None:
    """Note the first step with which there is too much to do; `misconceptions` are those of the lesson, by their id."""
    total = 0
    for step, each in _steps(scopes, misconceptions):
        total += each
        if total > MOST:
            message = "with this step, the lesson has more rules and answers than can be held against each other"
            hint = "Take some out, give each /regex/ narrower limits, or make two lessons of it."
            step.get("id").wrong(message, hint, code="too-much-to-check")
            return


def lesson_effort(root: Part) -> int:
    """Letters times rules of a whole lesson whose texts have been read: `root` is that of `Examined`."""
    parts = [part for part in (root, root.get("exit")) if isinstance(part.value, dict)]
    scopes = [Scope.of("", part, has_text=True) for part in parts]
    return sum(each for _, each in _steps(scopes, by_id(root.get("misconceptions"))))


def _steps(scopes: Iterable[Scope], misconceptions: Mapping[str, Part]) -> Iterator[tuple[Part, int]]:
    shared = {name: (_letters(part.value), _of_rules(part.value)) for name, part in misconceptions.items()}
    for scope in scopes:
        for step in scope.steps:
            yield step, _of_step(step, scope.blocks or {}, shared)


def _of_step(step: Part, blocks: Mapping[str, str], shared: Mapping[str, tuple[int, int]]) -> int:
    watched = [shared[name.text] for name in step.get("misconceptions").items() if name.text in shared]
    letters = LONGEST_ANSWER + _letters(step.value) + sum(each for each, _ in watched)
    letters += sum(len(blocks.get(at.text, "")) for at in step.get("at").texts())
    rules = _of_rules(step.value) + sum(each for _, each in watched)
    # For each idea, the words of samples and replies are compared, too.
    compared = len(step.get("rubric").items()) * sum(len(step.get(each).items()) for each in _COMPARED)
    return letters * (1 + rules + compared)


def _letters(value: Tree | None) -> int:
    """How long all texts are, but those of rules."""
    if isinstance(value, dict):
        return sum(_letters(each) for name, each in value.items() if name not in _RULES)
    return sum(map(_letters, value)) if isinstance(value, list) else len(value or "")


def _of_rules(value: Tree | None, *, is_rule: bool = False) -> int:
    """The effort of every item of a rule at or under a value."""
    if isinstance(value, dict):
        return sum(_of_rules(each, is_rule=is_rule or name in _RULES) for name, each in value.items())
    if isinstance(value, list):
        return sum(_of_rules(each, is_rule=is_rule) for each in value)
    return _of_item(value) if is_rule and value else 0


def _of_item(item: str) -> int:
    try:
        return effort(item)
    except ValueError:  # it cannot be used, and that has been said
        return 0
