"""The lesson format as a JSON Schema (draft 7, as editors read it): completion, hover and a first look while typing.

Made from the models that the loader uses. A text field may be typed as anything that YAML has one line for: the loader
takes the characters as they stand (`no`, `010`, `12:30`), and an editor that would mark them red would be wrong. What
goes across a lesson (does this mark exist? do these words stand in p3?) is `check`'s to say.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from tutor.core.lesson import Lesson
from tutor.core.taxonomy import Taxonomy, Term
from tutor.lessons.taxonomy_file import shipped_taxonomy
from tutor.workbench.schema.words import FIELDS, OBJECTS, VALUES

Schema = dict[str, Any]

FILE = "lesson.schema.json"
EDITOR_LINE = "# yaml-language-server: $schema={}"
"""The first line of a lesson, by which editors find the schema; {} is the path from the lesson to it."""

_TERMS: Mapping[str, Schema] = {
    field: {"$ref": f"#/definitions/{name}"}
    for field, name in {
        "skills": "Skill",
        "kind": "Kind",
        "also": "Kind",
        "techniques": "Technique",
        "form": "Form",
        "standards": "Standard",
    }.items()
}
"""The fields whose words are the taxonomy's."""
_TEXT: Schema = {"type": ["string", "number", "boolean", "null"]}
_STEPS = ("Choose", "Find", "Explain", "Rewrite", "Look")


def lesson_schema() -> Schema:
    """The schema of a lesson file. Skills, techniques and forms of attribution are those of the shipped taxonomy."""
    base = Lesson.model_json_schema()
    objects: dict[str, Schema] = base.pop("$defs") | {"Lesson": base}
    named = _vocabularies(shipped_taxonomy())
    found = {name: _object(name, each) for name, each in sorted(objects.items())} | named
    found["Article"] |= {"required": ["title", "licence"], "anyOf": [{"required": ["text"]}, {"required": ["file"]}]}
    found["Step"] = _step(found)
    return {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": "A lesson for Closeread",
        **found.pop("Lesson"),
        "definitions": found,
    }


def schema_text() -> str:
    """The schema as the text of a file, in ASCII: no shell or editor can spoil it."""
    return json.dumps(lesson_schema(), indent=2) + "\n"


def _vocabularies(taxonomy: Taxonomy) -> dict[str, Schema]:
    """The terms of the field, each with its meaning."""
    terms: Mapping[str, Mapping[str, Term]] = {
        "Skill": taxonomy.skills,
        "Kind": {str(name): kind for name, kind in taxonomy.kinds.items()},
        "Technique": taxonomy.techniques,
        "Form": taxonomy.attribution,
    }
    meanings = {
        name: {key: f"{term.name}. {term.definition}" for key, term in some.items()} for name, some in terms.items()
    }
    meanings["Standard"] = {name: f"{each.name}: {each.says}" for name, each in taxonomy.standards.items()}
    return {name: _named(some) for name, some in meanings.items()}


def _named(meanings: Mapping[str, str]) -> Schema:
    """One of these words; editors show what each means beside it."""
    return {"type": "string", "enum": list(meanings), "enumDescriptions": list(meanings.values())}


def _object(name: str, base: Schema) -> Schema:
    properties = {
        field: {"description": FIELDS[name][field], **_field(name, field, each)}
        for field, each in base["properties"].items()
    }
    required = {"required": base["required"]} if "required" in base else {}
    return {
        "type": "object",
        "description": OBJECTS[name],
        "properties": properties,
        **required,
        "additionalProperties": False,
    }


def _field(name: str, field: str, base: Schema) -> Schema:
    if name == "Lesson" and field == "standards":
        return {"type": "array", "items": {"anyOf": [_TERMS[field], _TEXT]}}
    if field == "steps":
        return {"type": "array", "items": {"$ref": "#/definitions/Step"}, "minItems": 1}
    if field == "rubric":
        return {"type": "array", "items": {"anyOf": [{"$ref": "#/definitions/Criterion"}, _TEXT]}, "minItems": 1}
    if field == "at" and name in _STEPS:
        return {"anyOf": [_TEXT, _value(base, None)]}
    return _value(base, _TERMS.get(field))


def _value(base: Schema, term: Schema | None) -> Schema:
    """The schema of a value as editors are to see it, from pydantic's; `term` is what its texts are, where they are not
    free.
    """
    if "$ref" in base:
        return {"$ref": base["$ref"].replace("$defs", "definitions")}
    if "anyOf" in base:
        ways = [_value(each, term) for each in base["anyOf"] if each != {"type": "null"}]
        return ways[0] if len(ways) == 1 else {"anyOf": ways}
    if base["type"] == "string":
        fixed = base.get("enum") or ([base["const"]] if "const" in base else [])
        if term or fixed:
            return term or _named({word: VALUES[word] for word in fixed})
        return _TEXT | _kept(base, "pattern", "maxLength")
    if base["type"] == "array":
        items = base.get("items", {"type": "string"})
        pair = base.get("prefixItems")
        kept = _kept(base, "minItems", "maxItems")
        return {"type": "array", "items": _value(pair[0] if pair else items, term), **kept}
    if base["type"] == "object":
        return {"type": "object", "additionalProperties": _TEXT}
    if base["type"] == "integer":
        return {"type": "integer", **{ours: base[theirs] for theirs, ours in _LIMITS.items() if theirs in base}}
    return {"type": base["type"]}


_LIMITS = {"ge": "minimum", "le": "maximum", "minimum": "minimum", "maximum": "maximum"}


def _kept(base: Schema, *names: str) -> Schema:
    return {name: base[name] for name in names if name in base}


def _step(objects: Mapping[str, Schema]) -> Schema:
    """A step of any verb. Told apart by `if`, not by `oneOf`: so an editor complains about the step that was meant."""
    verbs = {name.lower(): objects[name] for name in _STEPS}
    shared = set.intersection(*(set(each["properties"]) for each in verbs.values())) - {"do"}
    doing = _named({verb: VALUES[verb] for verb in verbs}) | {"description": FIELDS["Choose"]["do"]}
    return {
        "type": "object",
        "required": ["id", "do", "at", "ask"],
        "properties": {"do": doing, **_described(objects["Choose"], shared)},
        "allOf": [
            {
                "if": {"properties": {"do": {"const": verb}}, "required": ["do"]},
                "then": {"$ref": f"#/definitions/{verb.capitalize()}"},
            }
            for verb in verbs
        ],
    }


def _described(step: Schema, fields: Iterable[str]) -> dict[str, Schema]:
    """The fields that every step has, to be offered before its verb is typed; what they hold is said by the verb."""
    return {name: {"description": each["description"]} for name, each in step["properties"].items() if name in fields}
