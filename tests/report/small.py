"""A small lesson of the reports' own, and walks through it whose events the session's table has allowed."""

from __future__ import annotations

from typing import Any

from tutor.core import events as e
from tutor.core.lesson import Find, Lesson
from tutor.core.session import Session, apply

LESSON: dict[str, Any] = {
    "tutor": 1,
    "id": "bike-lane",
    "version": "1.2.0",
    "title": "The lane",
    "goal": "Tell report from opinion.",
    "authors": ["Ada Teacher", "Bo Teacher"],
    "licence": "CC-BY-4.0",
    "article": {
        "title": "Mayor Slams Bike Lane",
        "licence": "CC0-1.0 (made up)",
        "byline": "absent",
        "text": (
            "The mayor spoke on Monday, according to the minutes. Of course nobody likes the lane.\n\n"
            "# What comes next\n\nBy summer the lane will be gone for good."
        ),
    },
    "marks": [
        {"id": "gone", "at": "p2", "quote": "the lane will be gone for good", "kind": "forecast", "note": "Who knows?"},
        {
            "id": "minutes",
            "at": "p1",
            "quote": "spoke on Monday, according to the minutes",
            "kind": "report",
            "sound": True,
            "attribution": {"form": "indirect-speech", "source": "minutes", "cue": "according to", "via": "the town"},
        },
        {"id": "of-course", "at": "p1", "quote": "Of course", "kind": "opinion", "techniques": ["conversation-killer"]},
        {
            "id": "nobody",
            "at": "p1",
            "quote": "Of course nobody likes the lane",
            "kind": "judgement",
            "also": ["opinion"],
            "contested": True,
            "fact": "poll",
            "note": "Who was asked?",
        },
        {"id": "across", "at": "p1", "quote": "minutes. Of course nobody"},
        {"id": "slams", "at": "title", "quote": "Slams", "kind": "opinion", "note": "A loud verb."},
    ],
    "facts": [
        {
            "id": "poll",
            "claim": "Nobody likes the lane",
            "status": "false",
            "card": "In a poll, 61 of 100 liked it",
            "source": "Town poll",
            "as_of": "2026-05",
        }
    ],
    "steps": [
        {
            "id": "view",
            "part": "Reading",
            "do": "find",
            "at": "p1",
            "ask": "Which words give a view?",
            "skills": ["statement.kind"],
            "targets": ["of-course", "nobody"],
            "decoys": ["minutes"],
            "why": "They judge.",
        },
        {
            "id": "future",
            "do": "explain",
            "at": ["p2", "title"],
            "ask": "What could nobody know?",
            "skills": ["forecast.calibration", "statement.kind"],
            "marks": ["gone", "slams"],
            "rubric": [
                {"id": "end", "idea": "It says how the lane ends", "tell": "It says that the lane ends."},
                {"id": "sure", "idea": "It sounds certain"},
            ],
        },
        {
            "id": "title",
            "do": "choose",
            "at": "title",
            "ask": "What does the verb do?",
            "skills": ["language.loaded"],
            "marks": ["slams"],
            "confidence": True,
            "options": [{"text": "It judges", "why": "Yes.", "correct": True}, {"text": "Nothing", "why": "Why?"}],
        },
        {
            "id": "aside",
            "do": "explain",
            "at": "h1",
            "ask": "Is the heading fair?",
            "skills": ["statement.kind"],
            "rubric": ["It is"],
        },
    ],
    "exit": {
        "article": {"title": "Pool Opens", "licence": "CC0-1.0", "text": "The pool opens at nine, says its website."},
        "marks": [{"id": "nine", "at": "p1", "quote": "opens at nine", "kind": "report", "sound": True}],
        "steps": [
            {
                "id": "exit-sound",
                "do": "choose",
                "at": "p1",
                "ask": "What would you do?",
                "marks": ["nine"],
                "skills": ["discernment.sound"],
                "options": [{"text": "Keep it", "why": "Yes.", "correct": True}, {"text": "Doubt it", "why": "Why?"}],
            }
        ],
    },
}  # fmt: skip

NAMES = {"statement.kind": "What kind of statement?", "opinion": "Opinion", "judgement": "Reasoned judgement"}


def small(**changes: Any) -> Lesson:
    """The small lesson, with other top-level fields where they are given."""
    return Lesson.model_validate({**LESSON, **changes})


class Walk:
    """A session that is walked event by event; every event has to be allowed by the session's table."""

    def __init__(self, lesson: Lesson, session: str = "0001") -> None:
        self.lesson = lesson
        self.session = Session()
        self.events: list[e.Event] = []
        self._id = session
        self.do(
            e.Started(
                learner="fox", lesson=lesson.id, title=lesson.title, lesson_sha="", article_sha="",
                program="closeread 1", judge="embedded", speaker="scripted",
            )
        )  # fmt: skip

    def do(self, *payloads: e.Payload) -> Walk:
        """Add events."""
        for payload in payloads:
            self.session = apply(self.session, payload)
            event = e.Event(session=self._id, sitting="t", seq=len(self.events), at="2026-11-22", payload=payload)
            self.events.append(event)
        return self

    def open(self, step: str) -> Walk:
        """Open a step."""
        return self.do(e.Opened(step=step))

    def point(self, step: str, *words: str, verdict: e.Verdict = "not-yet") -> Walk:
        """Point at words of the step's first block; the hits are the targets pointed at exactly."""
        article, marks, asked = self.lesson.article_of(step), self.lesson.marks_of(step), self.lesson.step(step)
        assert isinstance(asked, Find)
        block = article.block(asked.at[0])
        starts = [(block.text.index(each), each) for each in words]
        picked = tuple(e.Selection(block=block.id, start=at, end=at + len(text), text=text) for at, text in starts)
        hits = tuple(each for each in asked.targets if marks[each].quote in words)
        self.do(e.Answered(step=step, answer=e.Pointed(selections=picked)))
        return self.do(e.Judged(step=step, verdict=verdict, judge="key", costs=True, hits=hits))

    def choose(self, step: str, option: int, text: str, *, sure: int | None = None, right: bool) -> Walk:
        """Choose an option."""
        self.do(e.Answered(step=step, answer=e.Chosen(option=option, text=text)))
        if sure:
            self.do(e.Confident(step=step, level=sure))
        verdict: e.Verdict = "secure" if right else "not-yet"
        return self.do(e.Judged(step=step, verdict=verdict, judge="key", costs=True, option=option))

    def write(self, step: str, text: str, verdict: e.Verdict = "not-yet", **statuses: e.Status) -> Walk:
        """Write an answer; what the judge found is given by criterion, the answer itself being the evidence."""
        self.do(e.Answered(step=step, answer=e.Written(text=text)))
        findings = tuple(
            e.Finding(criterion=each, status=status, evidence=(text,) if status == "met" else (), judge="embedded")
            for each, status in statuses.items()
        )
        return self.do(e.Judged(step=step, verdict=verdict, judge="embedded", costs=True, findings=findings))

    def say(self, step: str, text: str = "On we go.", **fields: Any) -> Walk:
        """The tutor's turn."""
        return self.do(
            e.Moved(**{"step": step, "move": "hint", "text": text, "then": "ask", "by": "scripted"} | fields)
        )

    def close(self, step: str, result: e.Result = "secure", move: e.MoveKind = "secure", **fields: Any) -> Walk:
        """The tutor's last turn in a step, and its end."""
        return self.say(step, move=move, then="close", **fields).do(e.Closed(step=step, result=result, next=None))


def view_step(walk: Walk) -> Walk:
    """Points at one target and the decoy, then at both targets."""
    walk.open("view").point("view", "Of course", "according to the minutes", verdict="partly").say(
        "view", "Look again."
    )
    return walk.point("view", "Of course", "nobody likes", verdict="secure").close("view", text="You have it.")


def future_step(walk: Walk) -> Walk:
    """Finds one idea with help; the other is told, and the learner says that they had it."""
    walk.open("future").write("future", "it ends", end="not", sure="not").say(
        "future", "Look at the verb.", criteria=("end",)
    )
    walk.write("future", "the lane is gone\nfor good", "partly", end="met", sure="unsure")
    walk.say("future", "It sounds certain.", move="tell", then="check", criteria=("sure",), checks=("sure",))
    walk.do(e.SelfChecked(step="future", criterion="sure", had_it=True))
    return walk.close("future", "partly", "settled")


def title_step(walk: Walk) -> Walk:
    """Chooses wrongly at first, quite sure; then rightly."""
    walk.open("title").choose("title", 1, "Nothing", sure=3, right=False).say("title", "Look again.", move="option")
    return walk.choose("title", 0, "It judges", right=True).close("title")


def aside_step(walk: Walk) -> Walk:
    """Says "idk" and is told."""
    walk.open("aside").do(e.Answered(step="aside", answer=e.Written(text="idk")), e.Stuck(step="aside", in_words=True))
    return walk.close("aside", "stuck", "tell", criteria=("idea-1",))


def finished(lesson: Lesson | None = None, session: str = "0001") -> Walk:
    """A walk from start to end."""
    walk = Walk(lesson or small(), session)
    for step in (view_step, future_step, title_step, aside_step):
        step(walk)
    walk.open("exit-sound").choose("exit-sound", 0, "Keep it", right=True).close("exit-sound", move="noted")
    return walk.do(e.Reviewed(step="exit-sound", text="It can be checked."), e.Finished(text="That was the last step."))
