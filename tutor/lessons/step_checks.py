"""What steps name: blocks, skills, marks, cards, misconceptions, criteria and other steps."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from tutor.core.taxonomy import Taxonomy
from tutor.lessons.checks import Scope, check_blocks, check_item, check_known, check_rules, check_unique, ids_of
from tutor.lessons.parts import Part

_DELETED = "If you deleted the mark, take it out of the step, too."
_RUBRIC_VERBS = ("explain", "rewrite", "look")


@dataclass(frozen=True, slots=True)
class Known:
    """What a step may name beside the marks and steps of its own scope."""

    taxonomy: Taxonomy
    misconceptions: frozenset[str]
    sources: frozenset[str]
    lang: str


def check_steps(scopes: list[Scope], known: Known) -> None:
    """Check every step of the walk (the first scope) and of the exit ticket (the second, if any)."""
    check_unique(pair for scope in scopes for pair in ids_of(scope.part.get("steps")))
    for scope in scopes:
        others = [other for other in scopes if other is not scope]
        for step in scope.part.get("steps").items():
            _check_step(step, scope, others, known)
            assisted = step.get("assisted")
            if others and scope is scopes[1] and assisted.text == "true":
                assisted.wrong("the steps of an exit ticket go without help", "Take the line out.", code="help-in-exit")


def _check_step(step: Part, scope: Scope, others: list[Scope], known: Known) -> None:
    blocks = {block.text for block in check_blocks(scope, step.get("at").texts())}
    check_known(step.get("skills").texts(), known.taxonomy.skills, "skill", "unknown-skill")
    _check_marks(step.get("marks").texts(), scope, others)
    _check_next(step, scope, others)
    match step.get("do").text:
        case "choose":
            _check_options(step.get("options"), known)
        case "find":
            _check_targets(step, scope, others, blocks)
        case "rewrite":
            _check_marks(step.get("source").texts(), scope, others)
        case "look":
            _check_cards(step, known)
    _check_ideas(step, known)


def _check_marks(names: Iterable[Part], scope: Scope, others: list[Scope]) -> list[Part]:
    good = []
    for name in names:
        owner = next((other.name for other in others if name.text in other.marks), None)
        if name.text in scope.marks:
            good.append(name)
        elif owner:
            name.wrong(f"{scope.name} has no such mark", f"It is a mark of {owner}.", code="mixed-texts")
        else:
            name.wrong_choice("no mark has this name", scope.marks, code="unknown-mark", then=_DELETED)
    return good


def _check_next(step: Part, scope: Scope, others: list[Scope]) -> None:
    following = step.get("next")
    steps = [name for name, _ in ids_of(scope.part.get("steps")) if name]
    for target in (part for outcome in ("secure", "partly", "stuck") for part in following.get(outcome).texts()):
        if any(target.text == name for other in others for name, _ in ids_of(other.part.get("steps"))):
            message = "the article and the exit ticket do not lead into each other"
            target.wrong(message, "Name a step of the same text.", code="mixed-texts")
        elif target.text == step.get("id").text:
            target.wrong("this step leads to itself", "Name another step, or take the line out.", code="next-to-itself")
        else:
            check_known([target], steps, "step", "unknown-step")


def _check_options(options: Part, known: Known) -> None:
    every = options.items()
    for option in every:
        named = option.get("misconception").texts()
        check_known(named, known.misconceptions, "misconception", "unknown-misconception")
    texts = (option.get("text") for option in every)
    check_unique(((" ".join(text.text.split()), text) for text in texts), "two options say the same", "same-twice")
    # "yes" is a mistake of its own.
    if every and all(option.get("correct").text in ("", "false") for option in every):
        options.wrong("no option is correct", "Mark at least one with correct: true.", code="no-correct-option")


def _check_targets(step: Part, scope: Scope, others: list[Scope], blocks: set[str]) -> None:
    targets, decoys = step.get("targets").texts(), step.get("decoys").texts()
    check_unique(((target.text, target) for target in targets), "this mark is named twice", "same-twice")
    for decoy in decoys:
        if decoy.text in {target.text for target in targets}:
            message, hint = "this mark is a target, so it cannot be a decoy", "Take it out of one of the two lists."
            decoy.wrong(message, hint, code="in-both-lists")
    for name in _check_marks([*targets, *decoys], scope, others):
        at = scope.marks[name.text].get("at").text
        if blocks and at not in blocks and at in (scope.blocks or ()):
            message = f"this mark stands in {at}, where this step does not look"
            name.wrong(message, f"Add {at} to `at`.", code="mark-outside-step")
    needed = step.get("at_least")
    if targets and re.fullmatch("[0-9]{1,6}", needed.text) and int(needed.text) > len(targets):
        needed.wrong("this is more than there are targets", f"At most {len(targets)}.", code="wrong-number")


def _check_cards(step: Part, known: Known) -> None:
    cards = step.get("cards").texts()
    check_unique(((card.text, card) for card in cards), "this card is named twice", "same-twice")
    check_known(cards, known.sources, "source", "unknown-card")
    check_known(step.get("best").texts(), [card.text for card in cards], "card of this step", "unknown-card")


def _check_ideas(step: Part, known: Known) -> None:
    """Check rubric, misconceptions and sample answers of a step."""
    rubric = step.get("rubric").items()
    # A criterion that is a plain sentence is named by its number; see RubricStep.
    criteria = [
        (f"idea-{number}", criterion) if criterion.text else (criterion.get("id").text, criterion.get("id"))
        for number, criterion in enumerate(rubric, 1)
    ]
    check_unique(criteria)
    if rubric and all(criterion.get("required").text == "false" for criterion in rubric):
        message = "no criterion is required, so that any answer would do"
        step.get("rubric").wrong(message, "Leave one without required: false.", code="nothing-required")
    _check_words(step, known.lang)
    for ruled in [*rubric, *step.get("misconceptions").items()]:
        check_rules(ruled, known.lang)
    watched = _check_misconceptions(step.get("misconceptions"), known)
    if step.get("do").text not in _RUBRIC_VERBS:
        watched |= known.misconceptions
    for sample in step.get("samples").items():
        names = [name for name, _ in criteria]
        check_known(sample.get("meets").texts(), names, "criterion of this step", "unknown-criterion")
        named = sample.get("misconception")
        if named.text in known.misconceptions - watched:
            message, hint = "this step does not watch for this misconception", "Add it to the step's `misconceptions`."
            named.wrong(message, hint, code="misconception-not-watched")
        else:
            check_known(named.texts(), watched, "misconception", "unknown-misconception")


def _check_words(step: Part, lang: str) -> None:
    """Check the words that a rewriting is to keep or drop, and those that the tutor may never say."""
    keep, drop = step.get("must_keep").texts(), step.get("must_drop").texts()
    for item in (*keep, *drop, *step.get("never_say").texts()):
        check_item(item, lang)
    kept = {item.text for item in keep}
    for item in drop:
        if item.text in kept:
            item.wrong("these words are to be kept and to be dropped", code="in-both-lists")


def _check_misconceptions(misconceptions: Part, known: Known) -> frozenset[str]:
    """Check the misconceptions of a step, its own and those of the lesson that it names; hand back their ids."""
    every = misconceptions.items()
    named = [(each.text, each) for each in every if each.text]
    own = [(each.get("id").text, each.get("id")) for each in every if not each.text]
    check_unique([*named, *own])
    for name, part in own:
        if name in known.misconceptions and name not in dict(named):
            part.wrong("this id is taken", "The lesson has a misconception of this name.", code="id-taken")
    check_known([part for _, part in named], known.misconceptions, "misconception", "unknown-misconception")
    return frozenset(name for name, _ in [*named, *own] if name)
