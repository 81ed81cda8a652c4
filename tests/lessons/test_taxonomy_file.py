"""The taxonomy that ships, and what is said of one that is wrong."""

from collections import Counter
from pathlib import Path

import pytest

from tests.lessons.written import place_of
from tutor.core.taxonomy import KINDS
from tutor.errors import LessonError
from tutor.lessons.taxonomy_file import load_taxonomy
from tutor.resources import lessons_dir

SHIPPED = lessons_dir() / "taxonomy.yaml"


def test_the_shipped_taxonomy_has_the_terms_of_the_field() -> None:
    taxonomy = load_taxonomy(SHIPPED)
    assert tuple(taxonomy.kinds) == KINDS
    families = Counter(technique.family for technique in taxonomy.techniques.values())
    assert families.total() == 23
    assert len(families) == 6
    assert {"direct-quote", "indirect-speech", "vague-attribution", "unattributed"} <= taxonomy.attribution.keys()
    assert {"sift.stop", "sift.investigate", "sift.find", "sift.trace"} <= taxonomy.skills.keys()
    assert all(skill.standards for skill in taxonomy.skills.values()), "every skill names a standard"


@pytest.mark.parametrize(
    ("old", "new", "message", "hint"),
    [
        (
            "standards: [SIFT.stop]",
            "standards: [§SIFT.stopp]",
            "no standard has this name",
            'Did you mean "SIFT.stop"?',
        ),
        ('call\n    definition: "A short', '§cal\n    definition: "A short', "not known here", 'Did you mean "call"?'),
        ("    name: Slogans\n    family", "    §family", "a technique needs the field `name`", ""),
        ("  report:\n    name", "  §reports:\n    name", "this word is not known here", 'Did you mean "report"?'),
        ("taxonomy: 1", "taxonomy: §2", "this must be 1 or less", ""),
        ("  COR.whos-behind:\n", "  COR.whos-behind:\n    §nam: x\n", "a standard has no such field", '"name"?'),
    ],
)
def test_a_mistake_in_a_taxonomy_is_found_at_its_place(
    tmp_path: Path, old: str, new: str, message: str, hint: str
) -> None:
    shipped = SHIPPED.read_text(encoding="utf-8")
    assert shipped.count(old) == 1
    text, (line, column) = place_of(shipped.replace(old, new))
    file = tmp_path / "taxonomy.yaml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(LessonError) as caught:
        load_taxonomy(file)
    mistake = caught.value.mistakes[-1]  # a kind that is misnamed is also missing
    assert (mistake.line, mistake.column) == (line, column)
    assert message in mistake.message
    assert hint in mistake.hint


def test_a_taxonomy_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(LessonError, match="is not there"):
        load_taxonomy(tmp_path / "taxonomy.yaml")
