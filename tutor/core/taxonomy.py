"""The terms of the field: skills, kinds of statement, persuasion techniques, forms of attribution and standards.

They are data (`lessons/taxonomy.yaml`, which names its sources): lessons name them by id, learners look them up.
"""

from __future__ import annotations

from typing import Annotated, Literal, get_args

from pydantic import Field

from tutor.core.lesson import Count, Model, StatementKind, Text

TechniqueFamily = Literal[
    "attack-on-reputation", "justification", "distraction", "simplification", "call", "manipulative-wording"
]
KINDS: tuple[StatementKind, ...] = get_args(StatementKind)


class Term(Model):
    """A term with its definition and an example, in words for learners."""

    name: Text
    definition: Text
    example: Text


class Skill(Term):
    """What a step trains, with the standards (by id) that ask for it."""

    standards: tuple[Text, ...] = ()


class Kind(Term):
    """A kind of statement, with the question by which one can tell it."""

    test: Text


class Technique(Term):
    """A persuasion technique and the family it belongs to (SemEval-2023 task 3)."""

    family: TechniqueFamily


class Standard(Model):
    """A standard of a curriculum or a method, in our own words."""

    name: Text
    says: Text


class Taxonomy(Model):
    """All terms by id. `taxonomy` is the version of the format."""

    taxonomy: Annotated[Count, Field(ge=1, le=1)]
    skills: dict[str, Skill]
    kinds: dict[StatementKind, Kind]
    techniques: dict[str, Technique]
    attribution: dict[str, Term]
    standards: dict[str, Standard]
