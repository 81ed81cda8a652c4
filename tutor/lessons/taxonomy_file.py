"""Reading the taxonomy: `taxonomy.yaml`, with the same care and the same errors as a lesson."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from pydantic import ValidationError

from tutor.core.taxonomy import KINDS, Kind, Skill, Standard, Taxonomy, Technique, Term
from tutor.errors import LessonError
from tutor.lessons.checks import check_known
from tutor.lessons.mistakes import raise_all
from tutor.lessons.parts import Log, Part, cleaned
from tutor.lessons.shape import Objects, report_shape
from tutor.lessons.textfile import UnreadableError, read_regular
from tutor.lessons.yamlfile import parse_yaml
from tutor.resources import lessons_dir

_TAXONOMY: Objects = {
    "": ("the taxonomy", Taxonomy),
    "skills": ("a skill", Skill),
    "kinds": ("a kind of statement", Kind),
    "techniques": ("a technique", Technique),
    "attribution": ("a form of attribution", Term),
    "standards": ("a standard", Standard),
}


@lru_cache(maxsize=1)
def shipped_taxonomy() -> Taxonomy:
    """The taxonomy that comes with the program."""
    return load_taxonomy(lessons_dir() / "taxonomy.yaml")


def load_taxonomy(path: Path) -> Taxonomy:
    """Read a taxonomy; LessonError with every mistake in it."""
    try:
        document, mistakes = parse_yaml(read_regular(path), str(path))
    except UnreadableError as error:
        raise LessonError(f"The taxonomy {path} {error}.") from None
    log = Log(document, mistakes)
    root = Part(cleaned(document.value), (), log)
    taxonomy = None
    try:
        taxonomy = Taxonomy.model_validate(root.value)
    except ValidationError as error:
        report_shape(error, root, _TAXONOMY)
    skills = root.get("skills")
    for name in skills.value if isinstance(skills.value, dict) else ():
        standards = root.get("standards").value
        known = standards if isinstance(standards, dict) else ()
        check_known(skills.get(name).get("standards").texts(), known, "standard", "unknown-standard")
    kinds = root.get("kinds")
    for kind in KINDS if isinstance(kinds.value, dict) else ():
        if kinds.get(kind).value is None:
            kinds.wrong(f"the kind `{kind}` is missing", code="missing-field")
    raise_all(log.mistakes)
    assert taxonomy is not None, "what could not be read has been reported"
    return taxonomy
