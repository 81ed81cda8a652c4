"""The session is a fold over its events: what may come when, and that a replay is the session that was lived."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.core.small import ReadingJudge, Talk, choose, criterion, drain, explain, find, lesson, real_parts, taken_up
from tests.talk import MemoryRecorder
from tutor.core import events as e
from tutor.core.guard import questions
from tutor.core.judging import Judge
from tutor.core.lesson import Choose, Find, Look, Rewrite, RubricStep
from tutor.core.limits import LONGEST_ANSWER
from tutor.core.session import TABLE, OutOfTurn, Phase, Session, apply, replay
from tutor.core.speaking import Brief, Utterance
from tutor.judges.embedded import EmbeddedJudge
from tutor.report.ground import why
from tutor.speakers.scripted import ScriptedSpeaker

# ------------------------------------------------------------------ the table


def one_of_each(step: str) -> dict[str, e.Payload]:
    """A payload for every trigger."""
    moved = {"step": step, "move": "hint", "text": "Where?", "by": "scripted"}
    payloads: list[e.Payload] = [
        e.Started(
            learner="a", lesson="l", title="t", lesson_sha="", article_sha="", program="0", judge="j", speaker="s"
        ),
        e.Opened(step=step),
        e.Answered(step=step, answer=e.Written(text="x")),
        e.Confident(step=step, level=1),
        e.Caught(step=step, reason="empty"),
        e.Paused(step=step),
        e.PauseEnded(step=step),
        e.HintAsked(step=step),
        e.Stuck(step=step),
        e.CardOpened(step=step, card="x"),
        e.Judged(step=step, verdict="not-yet", judge="j", costs=True),
        *(e.Moved.model_validate(moved | {"then": then}) for then in ("ask", "check", "close")),
        e.SelfChecked(step=step, criterion="a", had_it=True),
        e.SelfChecked(step=step, criterion="a", had_it=True, more=True),
        e.Closed(step=step, result="stuck"),
        e.Rested(part="One", text="x"),
        e.WentOn(),
        e.Reviewed(step=step, text="x"),
        e.Reviewed(step=step, text="x", checks=("a",)),
        e.Finished(text="x"),
    ]
    return {payload.trigger: payload for payload in payloads}


def sessions_of_every_phase() -> dict[Phase, Session]:
    """A session in each phase, from a real conversation."""
    talk = Talk(lesson(explain(part="One"), choose(part="Two")))
    for line in ("i want to kill myself", "/pause-on", "a:unsure", "/stuck", "/stuck", "/yes", "/on", "0"):
        talk.take(line)
    found: dict[Phase, Session] = {Phase.NEW: Session()}
    session = Session()
    for event in talk.conversation.events:
        session = apply(session, event.payload)
        found[session.phase] = session
    return found


SESSIONS = sessions_of_every_phase()
TRIGGERS = one_of_each("why")


def test_every_phase_is_reached_and_every_event_has_its_column() -> None:
    assert set(SESSIONS) == set(Phase) == set(TABLE)
    assert {trigger for row in TABLE.values() for trigger in row} == set(TRIGGERS)
    assert {type(payload) for payload in TRIGGERS.values()} == set(e.PAYLOADS) - {e.Resumed, e.Left, e.Disagreed}


@pytest.mark.parametrize("trigger", TRIGGERS)
@pytest.mark.parametrize("phase", Phase)
def test_an_event_comes_in_its_turn_or_not_at_all(phase: Phase, trigger: str) -> None:
    session = SESSIONS[phase]
    payload = one_of_each(session.current or "why")[trigger]
    if trigger in TABLE[phase]:
        after = apply(session, payload)
        # A self-check of the exit ticket's review has no move of its own to come.
        expected = Phase.BETWEEN if trigger == "self-checked" and session.step.result else TABLE[phase][trigger]
        assert (after.phase, after.seq) == (expected, session.seq + 1)
    else:
        with pytest.raises(OutOfTurn):
            apply(session, payload)


@pytest.mark.parametrize("payload", [e.Left(), e.Resumed(parent="t", parent_seq=1, judge="j", speaker="s")])
def test_leaving_and_coming_back_change_nothing_but_the_count(payload: e.Payload) -> None:
    for phase, session in SESSIONS.items():
        if phase is Phase.NEW:
            with pytest.raises(OutOfTurn):
                apply(session, payload)
            continue
        after = apply(session, payload)
        assert (after.phase, after.cause, after.steps) == (session.phase, session.cause, session.steps)
        assert after.seq == session.seq + 1


# ------------------------------------------------------------------ random learners

DISTRESS = "honestly zzz i want to kill myself"
LESSON = lesson(
    choose("who", part="One", confidence=True, next={"secure": "why", "stuck": "words"}),
    find("words", part="One"),
    explain(
        "why",
        [
            criterion("a", all_of=[["ada", "lund"]]),
            criterion("b", all_of=[["harbour master"]], none_of=["captain"]),
            criterion("o", required=False, all_of=[["quote"]]),
        ],
        part="Two",
        confidence=True,
        misconceptions=["myth"],
        next={"stuck": "anew", "secure": "check"},
        samples=[{"answer": "sample-secret of Ada Lund", "verdict": "partly", "meets": ["a"]}],
    ),
    explain("check", "c", do="look", cards=["x", "y", "z"], budget=2, part="Two", tries=1),
    explain(
        "anew", ["It is idea-plain"], do="rewrite", part="Three", source="never",
        must_keep=["ferry"], must_drop=["never"],
    ),
    exit_steps=[choose("last-who"), find("last-words", hints=0), explain("last-why", "d e"), explain("last-one", "f")],
)  # fmt: skip
ANSWERS = """idk
...
what does quay mean?
its a made up story
Ada Lund
the harbour master
Ada Lund, the harbour master, is in the quote
the captain Ada Lund
The ferry may return
The ferry will surely never return. Its tickets were cheap; the bus takes an hour longer
because it is so
boom""".splitlines()
POINTED = ["a stupid plan", "everybody knows it", "says harbour master Ada Lund", "The ferry", "is a stupid plan / May"]


@dataclass
class Spy:
    """A speaker that keeps what it was told."""

    scripted: ScriptedSpeaker
    briefs: list[Brief] = field(default_factory=list)
    name = "scripted"

    async def speak(self, brief: Brief) -> Utterance:
        self.briefs.append(brief)
        return await self.scripted.speak(brief)


class Learner:
    """Does anything that may be done, and looks closely at all that happens."""

    def __init__(self, judge: Judge) -> None:
        phrases = real_parts().phrases
        self.spy = Spy(ScriptedSpeaker(phrases))
        self.talk = Talk(LESSON, judge, speaker=self.spy, teacher=self.spy)
        self.shadow = replay(self.talk.conversation.events)
        self.talk.seen = self._look
        ends = [re.split(r"(?<=[.!?]) ", text)[-1] for text in (phrases.keep, phrases.drop, phrases.back_to_change)]
        self.tasks = {phrases.after_hint, phrases.after_prompt, *ends}

    def possible(self) -> list[str]:
        """Every line that may come now."""
        talk = self.talk
        match talk.turn:
            case "answer":
                return [*self._answers(), "/stuck", *(["/hint"] if talk.conversation.step.assisted else [])]
            case "confidence":
                return ["/sure 1", "/sure 4"]
            case "self-check":
                return ["/yes", "/no"]
            case "pause":
                return ["/pause-on", "/pause-change"]
            case "rest":
                return ["/on"]
            case _:
                return []

    def _answers(self) -> Iterator[str]:
        step = self.talk.conversation.step
        if isinstance(step, Choose):
            yield from "012"
        elif isinstance(step, Find):
            yield from POINTED
        else:
            yield from (*ANSWERS, DISTRESS, "word " * LONGEST_ANSWER)
            lead = "the ferry " if isinstance(step, Rewrite) else ""
            for status in ("met", "partly", "not", "unsure", "not-judged"):
                yield lead + " ".join(f"{each.id}:{status}" for each in step.rubric)
            yield f"{lead}{step.rubric[0].id}:met myth"
        if isinstance(step, Look):
            left = step.allowance - len(self.talk.state.cards)
            yield from (f"/card {card}" for card in step.cards if left or card in self.talk.state.cards)

    def _look(self, event: e.Event) -> None:
        """After every single event: the replay is the session, and the promises hold."""
        live = self.talk.conversation.session
        written = json.dumps(event.to_json())
        self.shadow = apply(self.shadow, e.Event.from_json(json.loads(written)).payload)
        assert self.shadow == live
        assert "zzz" not in written
        if isinstance(event.payload, e.Moved):
            self._look_at(event.payload)
        for state in live.steps.values():
            assert all(where.probes <= 2 for where in state.criteria.values())

    def _look_at(self, moved: e.Moved) -> None:
        asked = questions(moved.text) + sum(moved.text.count(task) for task in self.tasks)
        assert asked == 1 or moved.then == "close", moved.text
        brief = self.spy.briefs[-1]
        for secret in self._secrets(moved):
            assert secret not in moved.text, "given away by the tutor"
            assert secret not in repr(brief), "shown to the speaker"
            assert not any(
                secret in line for line in why(LESSON, self.talk.conversation.session, self.talk.conversation.events)
            ), "given away by why"
        assert "sample-secret" not in repr(brief)

    def _secrets(self, moved: e.Moved) -> Iterator[str]:
        """What may not be said yet: ideas and tells that are open, the right option and the targets not found."""
        step, state = LESSON.step(moved.step), self.talk.state
        over = moved.move in ("tell", "secure") and not LESSON.in_exit(step.id)
        if isinstance(step, RubricStep):
            for each in step.rubric:
                if state.criterion(each.id).is_open or LESSON.in_exit(step.id):
                    yield f"idea-{each.id}" if each.tell else "idea-plain"
                    yield f"tell-{each.id}"
        elif isinstance(step, Choose) and not over:
            yield from ("why-0", "Option 0")
        elif isinstance(step, Find) and not over:
            yield "the-why"
            marks = LESSON.marks_of(step.id)
            for target in step.targets:
                if target not in state.hits or LESSON.in_exit(step.id):
                    # The words stand in the paragraph, which the speaker is shown; the tutor does not point at them.
                    assert f"“{marks[target].quote}”" not in moved.text


JUDGES = st.sampled_from([ReadingJudge, EmbeddedJudge])
MOST_TURNS_WHEN_STUCK = 60


def walk(judge: Judge, data: st.DataObject, longest: int) -> Learner:
    learner = Learner(judge)
    for _ in range(data.draw(st.integers(0, longest))):
        if learner.talk.turn == "over":
            break
        learner.talk.take(data.draw(st.sampled_from(learner.possible())))
    return learner


@settings(max_examples=100)
@given(JUDGES, st.data())
def test_a_replay_is_the_session_that_was_lived_and_every_session_comes_to_its_end(judge: Any, data: Any) -> None:
    learner = walk(judge(), data, 60)
    talk = learner.talk
    assert replay(talk.conversation.events) == talk.conversation.session
    for _ in range(MOST_TURNS_WHEN_STUCK):
        if talk.turn == "over":
            break
        talk.take("/stuck" if talk.turn == "answer" else learner.possible()[-1])
    assert talk.turn == "over"
    assert replay(talk.conversation.events) == talk.conversation.session
    replies = [
        moved.payload.misconception
        for judged, moved in pairwise(talk.events)
        if isinstance(judged.payload, e.Judged) and isinstance(moved.payload, e.Moved)
    ]
    assert replies.count("myth") <= 1


LEARNERS = (
    e.Answered, e.Confident, e.Paused, e.PauseEnded, e.HintAsked, e.Stuck, e.CardOpened, e.SelfChecked, e.WentOn,
    e.Caught,
)  # fmt: skip


@settings(max_examples=8)
@given(JUDGES, st.data())
def test_a_session_that_is_cut_off_anywhere_goes_on_as_it_would_have(judge: Any, data: Any) -> None:
    events = walk(judge(), data, 25).talk.conversation.events
    for cut in range(1, len(events) + 1):
        conversation = taken_up(LESSON, MemoryRecorder(events[:cut]), judge())
        done = drain(conversation.advance())
        assert [event.payload for event in done] == [event.payload for event in events[cut : cut + len(done)]]
        if cut + len(done) < len(events):
            assert isinstance(events[cut + len(done)].payload, LEARNERS)
        assert conversation.turn != "tutor"
