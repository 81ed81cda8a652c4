"""What would come of an answer, with nothing but the lesson itself: the embedded judge and the teacher's own words.

The look ahead is a conversation of its own on a copy of the events, so that it cannot tell another story than the tutor
does.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Literal, TypeVar

from tutor.conversation import Conversation, Parts
from tutor.core import events as e
from tutor.core.catching import AnyStep, fits, task_for
from tutor.core.judging import JudgeTask
from tutor.core.lesson import Choose, Find, Lesson, RubricStep, Sample
from tutor.core.limits import LONGEST_ANSWER
from tutor.core.phrases import Phrases
from tutor.core.session import Session, apply
from tutor.core.words import quoted_list
from tutor.judges.embedded import EmbeddedJudge, Votes
from tutor.speakers.scripted import ScriptedSpeaker
from tutor.workbench.memory import MemoryRecorder, begin
from tutor.workbench.pointing import pointed

Answer = e.Chosen | e.Pointed | e.Written
Match = Literal["same", "unsure", "other"]
P = TypeVar("P", bound=e.Payload)
_CAUGHT: dict[e.Reason, str] = {
    "empty": "there are no words in it",
    "copied": "it is copied from the article",
    "question": "heard as a question",
    "off-point": "it is about something else",
    "too-long": f"longer than {LONGEST_ANSWER:,} characters",
    "keep": "words that have to stay are missing",
    "drop": "words that have to go are still there",
}
_SURE = 3
"""How sure a learner says they are, where a step asks for it: it changes nothing that follows."""


@dataclass(frozen=True)
class Ahead:
    """What would come of `answer` in `session`: the payloads of the events, in their order; empty where there is no
    answer, or nothing to answer. Where it is judged against a rubric, `task` and the votes on its criteria are there.
    """

    lesson: Lesson
    session: Session
    answer: Answer | None = None
    payloads: tuple[e.Payload, ...] = ()
    task: JudgeTask | None = None
    votes: Mapping[str, Votes] = field(default_factory=dict)

    def first(self, kind: type[P]) -> P | None:
        """The first payload of a kind."""
        return next((each for each in self.payloads if isinstance(each, kind)), None)

    @property
    def caught(self) -> str:
        """What the checks before judging say of the answer, in words; empty where it is judged."""
        if self.first(e.Paused):
            return "words of distress: the lesson pauses, and the help card is shown"
        if self.first(e.Stuck):
            return "heard as “I don't know”"
        found = self.first(e.Caught)
        if found is None:
            return ""
        terms = f": {quoted_list(found.terms)}" if found.terms else ""
        return f"{_CAUGHT[found.reason]}{terms}"


@dataclass(frozen=True, slots=True)
class Playable:
    """An answer that can be played to a step: what it is by the lesson, what the judge says of it as a first answer,
    how the two compare (`unsure` where the judge could not tell), and the answer itself.
    """

    label: str
    says: str
    match: Match
    answer: Answer


class Foresight:
    """Looks ahead in one lesson."""

    def __init__(self, lesson: Lesson, phrases: Phrases) -> None:
        self._lesson = lesson
        self._judge = EmbeddedJudge()
        teacher = ScriptedSpeaker(phrases)
        self._parts = Parts(self._judge, self._judge, teacher, teacher, phrases)

    async def ahead(self, events: Iterable[e.Event], answer: Answer | None) -> Ahead:
        """What would come of an answer after these events; it takes some milliseconds.

        An answer that is sent, and waits for the learner to say how sure they are, comes before any other.
        """
        conversation = Conversation(self._lesson, MemoryRecorder(events), self._parts)
        session = conversation.session
        payloads: list[e.Payload] = []
        if conversation.turn == "confidence":
            answer, answered = session.step.answers[-1], session
        elif answer is not None and conversation.turn == "answer" and fits(conversation.step, answer):
            step, to_probe = session.step.id, session.step.probing
            answered = apply(session, e.Answered(step=step, answer=answer, to_probe=to_probe))
            payloads += [event.payload async for event in conversation.answer(answer)]
        else:
            return Ahead(self._lesson, session)
        if _asks_how_sure(conversation):
            payloads += [event.payload async for event in conversation.confide(_SURE)]
        return self._explained(Ahead(self._lesson, session, answer, tuple(payloads)), answered)

    def _explained(self, ahead: Ahead, answered: Session) -> Ahead:
        """With the votes behind the verdict, where the answer was judged against a rubric."""
        step = self._lesson.step(answered.step.id)
        if not isinstance(step, RubricStep) or ahead.first(e.Judged) is None:
            return ahead
        task = task_for(self._lesson, answered, step)
        votes = {each.id: self._judge.votes(task, each) for each in task.criteria}
        return replace(ahead, task=task, votes=votes)

    async def playables(self, step_id: str) -> tuple[Playable, ...]:
        """The step's samples; for a choice its options, for pointing the targets and the decoys. Each is played to the
        step as a first answer.
        """
        step = self._lesson.step(step_id)
        _, recorder = begin(self._lesson, self._parts, step_id)
        return tuple(
            [
                _playable(label, await self.ahead(recorder.events, answer), answer, sample)
                for label, answer, sample in _answers(self._lesson, step)
            ]
        )


def _asks_how_sure(conversation: Conversation) -> bool:
    return conversation.turn == "confidence"


def _answers(lesson: Lesson, step: AnyStep) -> list[tuple[str, Answer, Sample | None]]:
    if isinstance(step, Choose):
        return [
            ("right" if option.correct else "wrong", e.Chosen(option=number, text=option.text), None)
            for number, option in enumerate(step.options)
        ]
    if isinstance(step, Find):
        return _pointings(lesson, step)
    return [(_label(sample), e.Written(text=sample.answer), sample) for sample in step.samples]


def _pointings(lesson: Lesson, step: Find) -> list[tuple[str, Answer, Sample | None]]:
    every = pointed(lesson, step, step.targets)
    targets = [(f"target {each}", pointed(lesson, step, (each,)), None) for each in step.targets]
    decoys = [(f"decoy {each}", pointed(lesson, step, (each,)), None) for each in step.decoys]
    return [*([("all targets", every, None)] if len(targets) > 1 else []), *targets, *decoys]


def _label(sample: Sample) -> str:
    return _said(sample.verdict, sample.meets, [sample.misconception] if sample.misconception else [])


def _playable(label: str, ahead: Ahead, answer: Answer, sample: Sample | None) -> Playable:
    judged = ahead.first(e.Judged)
    if judged is None:
        is_meant = sample is None or sample.verdict == "off-task"
        return Playable(label, ahead.caught, "same" if is_meant else "other", answer)
    met = [each.criterion for each in judged.findings if each.status == "met"]
    unsure = [each.criterion for each in judged.findings if each.status == "unsure"]
    seen = [each.misconception for each in judged.misconceptions]
    says = _said(judged.verdict, met, seen) + (f", unsure of {', '.join(unsure)}" if unsure else "")
    return Playable(
        label, says, _match(sample, judged.verdict, {*met}, {*unsure}, {*seen}) if sample else "same", answer
    )


def _match(sample: Sample, verdict: e.Verdict, met: set[str], unsure: set[str], seen: set[str]) -> Match:
    """What the judge could not tell is no contradiction."""
    wanted, wrong_ideas = set(sample.meets), {sample.misconception} - {None}
    if (verdict, met, seen) == (sample.verdict, wanted, wrong_ideas):
        return "same"
    decided_alike = met - unsure == wanted - unsure and seen == wrong_ideas
    return "unsure" if unsure and decided_alike else "other"


def _said(verdict: str, meets: Iterable[str], misconceptions: Iterable[str]) -> str:
    meets = ", ".join(meets)
    return ", ".join(part for part in (verdict, f"meets {meets}" if meets else "", *misconceptions) if part)
