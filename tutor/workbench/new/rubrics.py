"""A rubric of one idea whose rules hold: they agree with the sample answers, and nothing but an answer meets them.

Rules that the question or the paragraph would meet by themselves are left out, and so are samples that the rules then
misread.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from tutor.core.lesson import Ruled
from tutor.core.rules import Reading, match_rules
from tutor.workbench.new.yaml_out import Fields, Row, Value

_LOOKED_AT = 10_000
"""Characters of a text."""


@dataclass(frozen=True, slots=True)
class Idea:
    """One idea with its ladder, rules and sample answers: those that have it, and those that have not."""

    id: str
    idea: str
    probe: str
    hint: str
    prompt: str
    tell: str
    words: Sequence[str] = ()
    having: Sequence[str] = ()
    lacking: Sequence[str] = ()
    more: Mapping[str, Value] = field(default_factory=dict)


def rubric(idea: Idea, lang: str, *texts: str) -> Fields:
    """`rubric` and `samples` of a step; no rule is met by one of `texts`, the question and what it is about.

    Outside of English there are neither rules nor samples: the teacher has to write them.
    """
    ladder = {"probe": idea.probe, "hint": idea.hint, "prompt": idea.prompt, "tell": idea.tell}
    criterion: Fields = {"id": idea.id, "idea": idea.idea, **idea.more, **ladder}
    if lang != "en":
        return {"rubric": [criterion]}
    known = [Reading.of(text[:_LOOKED_AT], lang) for text in (*texts, idea.prompt)]
    words = [word for word in idea.words if not any(_meets([word], each) for each in known)]
    having = [each for each in idea.having if _meets(words, Reading.of(each, lang))]
    lacking = [each for each in idea.lacking if not _meets(words, Reading.of(each, lang))]
    if not words or not having:
        return {"rubric": [criterion]}
    samples: list[Value] = [
        Row({"answer": each, "verdict": "secure", "meets": [idea.id]}) for each in dict.fromkeys(having)
    ]
    samples += [Row({"answer": each, "verdict": "not-yet"}) for each in dict.fromkeys(lacking)]
    samples.append(Row({"answer": "idk", "verdict": "off-task"}))
    return {"rubric": [{**criterion, "all_of": [list(words)]}], "samples": samples}


def _meets(words: Sequence[str], reading: Reading) -> bool:
    return bool(words) and match_rules(Ruled(all_of=(tuple(words),)), reading).met
