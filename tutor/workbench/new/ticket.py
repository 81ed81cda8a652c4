"""The exit ticket that a new lesson begins with: a short text of our own, and two steps without help."""

from __future__ import annotations

from tutor.workbench.new.rubrics import Idea, rubric
from tutor.workbench.new.yaml_out import Literal, Row, Value

_FIRST = (
    "The library in Tarnbrook opens on Sundays from 3 May. Its head, Petra Quill, told the town council on Monday that "
    "212 of 380 readers had asked for this in a survey. All answers can be read on the library's website."
)
_SECOND = (
    "Soon nobody will sit at home on a Sunday any more. Everybody knows that readers are happier people, and the new "
    "hours are sure to make this the friendliest town in the country."
)
_ASK = "Say that you doubt the number of readers who asked for Sundays. What could you do to check it?"


def make_ticket() -> dict[str, Value]:
    """The field `exit` of a lesson."""
    return {
        "article": {
            "title": "Sunday Library Will Change Tarnbrook For Good",
            "byline": "absent",
            "outlet": "absent",
            "date": "absent",
            "licence": "CC0-1.0 (made up for practice; town and people are invented)",
            "text": Literal(f"{_FIRST}\n\n{_SECOND}"),
        },
        "marks": _marks(),
        "steps": [_find(), _explain()],
    }


def _marks() -> list[Value]:
    return [
        {
            "id": "exit-survey",
            "at": "p1",
            "quote": "told the town council on Monday that 212 of 380 readers had asked for this in a survey",
            "kind": "report",
            "sound": True,
            "attribution": Row({"form": "indirect-speech", "source": "Petra Quill", "cue": "told"}),
            "note": "It says who spoke, when and to whom, and out of how many.",
        },
        {
            "id": "exit-nobody",
            "at": "p2",
            "quote": "nobody will sit at home on a Sunday any more",
            "kind": "forecast",
            "note": "About the time to come, and about everybody. Who could know that?",
        },
        {
            "id": "exit-happier",
            "at": "p2",
            "quote": "Everybody knows that readers are happier people",
            "kind": "opinion",
            "techniques": ["appeal-to-popularity"],
            "note": "It points at everybody, and shows nothing.",
        },
        {
            "id": "exit-friendliest",
            "at": "p2",
            "quote": "sure to make this the friendliest town in the country",
            "kind": "forecast",
            "note": "A forecast, said as if it were certain.",
        },
    ]


def _find() -> dict[str, Value]:
    return {
        "id": "exit-find",
        "do": "find",
        "at": ["p1", "p2"],
        "ask": "Which words claim more than anybody can know? Pick at least two places, a few words each.",
        "skills": ["forecast.calibration", "statement.kind", "discernment.sound"],
        "targets": ["exit-nobody", "exit-happier", "exit-friendliest"],
        "decoys": ["exit-survey"],
        "at_least": 2,
        "why": "These words are sure of what nobody can know. The survey is another thing: it can be looked up.",
    }


def _explain() -> dict[str, Value]:
    idea = Idea(
        id="place",
        idea="The answers of the survey can be looked up on the website of the library, or its head can be asked.",
        probe="Where exactly would you go?",
        hint="Read the last sentence of the paragraph. What does it offer you?",
        prompt="I would go to ___.",
        tell="You could read the answers on the library's website, or ask Petra Quill.",
        words=("website", "site", "web*", "online", "internet", "google", "petra", "quill", "the head",
               "ask the library", "the survey", "read the answers", "look at the answers"),
        having=("look on the librarys website", "Read the answers online.", "i would ask Petra Quill",
                "go on their site and count", "look up the survey"),
        lacking=("believe it", "The number is right because it is in the news.", "ask my friends",
                 "nothing, its only a library"),
    )  # fmt: skip
    return {
        "id": "exit-check",
        "do": "explain",
        "at": "p1",
        "ask": _ASK,
        "skills": ["statement.checkable", "sift.trace"],
        **rubric(idea, "en", _ASK),
    }
