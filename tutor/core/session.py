"""The session: a fold over its events. `replay(events)` gives the state that the live session had.

Which event may come when is a table (in the manner of h11's state machine); what an event changes is one small
function per type. Nothing here decides anything: that is `policy`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from types import MappingProxyType
from typing import Any

from tutor.core import events as e


class Phase(StrEnum):
    """Whose turn it is, and for what."""

    NEW = "new"
    BETWEEN = "between"  # the tutor opens the next step, rests, reviews or finishes
    ASKED = "asked"  # the learner's turn
    ANSWERED = "answered"  # an answer waits for its confidence or its verdict
    OWING = "owing"  # the tutor owes a move
    CHECKING = "checking"  # the learner compares their answer with what was told
    CLOSING = "closing"  # the step is about to close
    PAUSED = "paused"
    RESTING = "resting"
    FINISHED = "finished"


class OutOfTurn(Exception):  # noqa: N818  it is no error of the program's but a move at the wrong time
    """An event that may not come in this phase."""


TABLE: dict[Phase, dict[str, Phase]] = {
    Phase.NEW: {"started": Phase.BETWEEN},
    Phase.BETWEEN: {
        "opened": Phase.ASKED,
        "rested": Phase.RESTING,
        "reviewed": Phase.BETWEEN,
        "reviewed-check": Phase.CHECKING,
        "finished": Phase.FINISHED,
    },
    Phase.RESTING: {"went-on": Phase.BETWEEN},
    Phase.ASKED: {
        "answered": Phase.ANSWERED,
        "caught": Phase.OWING,
        "hint-asked": Phase.OWING,
        "stuck": Phase.OWING,
        "card-opened": Phase.ASKED,
        "paused": Phase.PAUSED,
    },
    Phase.PAUSED: {"pause-ended": Phase.OWING},
    Phase.ANSWERED: {
        "confident": Phase.ANSWERED,
        "caught": Phase.OWING,
        "stuck": Phase.OWING,
        "judged": Phase.OWING,
    },
    Phase.OWING: {"moved-ask": Phase.ASKED, "moved-check": Phase.CHECKING, "moved-close": Phase.CLOSING},
    Phase.CHECKING: {"self-checked-more": Phase.CHECKING, "self-checked": Phase.OWING},
    Phase.CLOSING: {"closed": Phase.BETWEEN},
    Phase.FINISHED: {},
}
"""Phase and trigger to the next phase. `resumed`, `left` and `disagreed` may come at any time after
the start and change no phase.
"""


@dataclass(frozen=True)
class CriterionState:
    """Where a criterion stands: its status, what shows it, how far its ladder has been climbed (1 hint, 2 prompt, 3
    told).
    """

    status: e.Status = "open"
    evidence: tuple[str, ...] = ()
    judge: str = ""
    ground: str = ""
    voices: tuple[e.Voice, ...] = ()
    rung: int = 0
    probes: int = 0
    told: bool = False
    helped: bool = False
    had_it: bool | None = None

    @property
    def is_open(self) -> bool:
        """Neither met nor told."""
        return self.status != "met" and not self.told


@dataclass(frozen=True)
class StepState:
    """Where a step stands."""

    id: str
    part: str | None = None
    tries: int = 0
    answers: tuple[e.Chosen | e.Pointed | e.Written, ...] = ()
    thread: tuple[str, ...] = ()
    criteria: Mapping[str, CriterionState] = field(default_factory=dict)
    misconceptions: tuple[str, ...] = ()
    replied: frozenset[str] = frozenset()
    hints: int = 0
    stuck: int = 0
    hits: tuple[str, ...] = ()
    probing: bool = False
    first: e.Judged | None = None
    last: e.Judged | None = None
    confidence: int | None = None
    cards: tuple[str, ...] = ()
    checks: tuple[str, ...] = ()
    told: bool = False
    result: e.Result | None = None
    verdict: e.Verdict | None = None
    reviewed: bool = False
    turned_back: bool = False
    """Whether a judge has found a text to be no answer."""
    disagreed: tuple[str | None, ...] = ()
    """The criteria on which the learner sees the last verdict differently; None for that verdict as a whole."""

    def criterion(self, criterion_id: str) -> CriterionState:
        """The state of a criterion, open where nothing was said of it yet."""
        return self.criteria.get(criterion_id, CriterionState())

    @property
    def text(self) -> str:
        """The answer that stands: what was written last, and the replies to probes about it."""
        return "\n".join(self.thread)


@dataclass(frozen=True)
class Session:
    """The state of a session after its events so far."""

    phase: Phase = Phase.NEW
    cause: e.Payload | None = None
    started: e.Started | None = None
    steps: Mapping[str, StepState] = field(default_factory=lambda: MappingProxyType({}))
    current: str | None = None
    closed: e.Closed | None = None
    rested: frozenset[str] = frozenset()
    seq: int = -1

    @property
    def step(self) -> StepState:
        """The state of the step that is open or was open last."""
        if self.current is None:
            raise OutOfTurn("no step is open")
        return self.steps[self.current]

    @property
    def visited(self) -> tuple[str, ...]:
        """The ids of the steps opened so far, in order."""
        return tuple(self.steps)


def apply(session: Session, payload: e.Payload) -> Session:
    """The state after one more event; OutOfTurn where the table does not allow it."""
    changed = replace(session, seq=session.seq + 1)
    if isinstance(payload, (e.Resumed, e.Left)) and session.phase is not Phase.NEW:
        return changed
    if isinstance(payload, e.Disagreed) and payload.step in session.steps:
        return _disagreed(changed, payload)
    phase = TABLE[session.phase].get(payload.trigger)
    if phase is None:
        raise OutOfTurn(f"{payload.trigger!r} may not come while the session is {session.phase.value!r}")
    changed = replace(changed, phase=phase, cause=payload)
    change = _CHANGES.get(type(payload))
    return change(changed, payload) if change else changed


def replay(events: Iterable[e.Event]) -> Session:
    """The state after all of `events`."""
    session = Session()
    for event in events:
        session = apply(session, event.payload)
    return session


def _with(session: Session, step_id: str, **changes: Any) -> Session:
    steps = dict(session.steps)
    steps[step_id] = replace(steps[step_id], **changes)
    return replace(session, steps=MappingProxyType(steps))


def _with_criteria(state: StepState, ids: Iterable[str], **changes: Any) -> dict[str, CriterionState]:
    return {**state.criteria, **{each: replace(state.criterion(each), **changes) for each in ids}}


def _started(session: Session, payload: e.Started) -> Session:
    return replace(session, started=payload)


def _opened(session: Session, payload: e.Opened) -> Session:
    steps = {**session.steps, payload.step: StepState(payload.step, payload.part)}
    return replace(session, steps=MappingProxyType(steps), current=payload.step)


def _answered(session: Session, payload: e.Answered) -> Session:
    state = session.steps[payload.step]
    thread = state.thread
    if isinstance(payload.answer, e.Written):
        thread = (*state.thread, payload.answer.text) if payload.to_probe else (payload.answer.text,)
    return _with(session, payload.step, answers=(*state.answers, payload.answer), thread=thread)


def _confident(session: Session, payload: e.Confident) -> Session:
    return _with(session, payload.step, confidence=payload.level)


def _caught(session: Session, payload: e.Caught) -> Session:
    if payload.call is not None:
        session = _with(session, payload.step, turned_back=True)
    return session if payload.refused else _forget_caught(session, payload.step)


def _stuck(session: Session, payload: e.Stuck) -> Session:
    state = session.steps[payload.step]
    # What a machine takes for a cry for help gets help, but two of those do not tell the answer.
    by_machine = payload.call is not None
    session = _with(
        session, payload.step, stuck=state.stuck + (not by_machine), turned_back=state.turned_back or by_machine
    )
    return _forget_caught(session, payload.step) if payload.in_words else session


def _forget_caught(session: Session, step_id: str) -> Session:
    """What a check caught is no part of the answer that will be judged; a reply to a probe may be given again."""
    state = session.steps[step_id]
    kept = state.thread[:-1] if state.probing else ()
    return _with(session, step_id, thread=kept)


def _card_opened(session: Session, payload: e.CardOpened) -> Session:
    state = session.steps[payload.step]
    return _with(session, payload.step, cards=tuple(dict.fromkeys((*state.cards, payload.card))))


def _judged(session: Session, payload: e.Judged) -> Session:
    state = session.steps[payload.step]
    criteria = dict(state.criteria)
    judged = {each.criterion for each in payload.findings}
    for finding in payload.findings:
        before = state.criterion(finding.criterion)
        criteria[finding.criterion] = replace(
            before,
            status=finding.status,
            evidence=finding.evidence,
            judge=finding.judge,
            ground=finding.ground,
            voices=finding.voices,
            helped=before.rung > 0 or bool(state.replied),
        )
    return _with(
        session,
        payload.step,
        criteria=criteria,
        tries=state.tries + payload.costs,
        misconceptions=tuple(each.misconception for each in payload.misconceptions),
        hits=tuple(dict.fromkeys((*state.hits, *payload.hits))),
        first=state.first or payload,
        last=payload,
        probing=False,
        disagreed=tuple(each for each in state.disagreed if each is not None and each not in judged),
    )


def _moved(session: Session, payload: e.Moved) -> Session:
    state = session.steps[payload.step]
    changes: dict[str, Any] = {"probing": payload.move == "probe" or (state.probing and payload.move in _ASIDES)}
    if payload.move == "probe":
        probes = {each: state.criterion(each).probes + 1 for each in payload.criteria}
        changes["criteria"] = {
            **state.criteria,
            **{each: replace(state.criterion(each), probes=count) for each, count in probes.items()},
        }
    elif payload.move in _RUNG:
        rung = _RUNG[payload.move]
        told = payload.move == "tell"
        changes["criteria"] = _with_criteria(state, payload.criteria, rung=rung, told=told)
        changes["told"] = state.told or told
    if payload.misconception:
        changes["replied"] = state.replied | {payload.misconception}
    if payload.hint is not None:
        changes["hints"] = max(state.hints, payload.hint + 1)
    changes["checks"] = payload.checks
    return _with(session, payload.step, **changes)


_ASIDES = ("caught", "back-again")
"""Moves after which a reply to a probe is still a reply to it."""
_RUNG = {"hint": 1, "prompt": 2, "tell": 3}


def _self_checked(session: Session, payload: e.SelfChecked) -> Session:
    state = session.steps[payload.step]
    session = _with(
        session,
        payload.step,
        criteria=_with_criteria(state, (payload.criterion,), had_it=payload.had_it),
        checks=tuple(each for each in state.checks if each != payload.criterion),
    )
    # A self-check in the review of the exit ticket belongs to a step that is closed: there is no move to make in it.
    over = state.result is not None and not payload.more
    return replace(session, phase=Phase.BETWEEN) if over else session


def _disagreed(session: Session, payload: e.Disagreed) -> Session:
    said = session.steps[payload.step].disagreed
    return _with(session, payload.step, disagreed=tuple(dict.fromkeys((*said, payload.criterion))))


def _closed(session: Session, payload: e.Closed) -> Session:
    return replace(_with(session, payload.step, result=payload.result, verdict=payload.verdict), closed=payload)


def _rested(session: Session, payload: e.Rested) -> Session:
    return replace(session, rested=session.rested | {payload.part})


def _reviewed(session: Session, payload: e.Reviewed) -> Session:
    state = session.steps[payload.step]
    return _with(
        session,
        payload.step,
        reviewed=True,
        checks=payload.checks,
        told=state.told or bool(payload.told),
        criteria=_with_criteria(state, payload.told, rung=3, told=True),
    )


_CHANGES: dict[type[e.Payload], Callable[[Session, Any], Session]] = {
    e.Started: _started,
    e.Opened: _opened,
    e.Answered: _answered,
    e.Confident: _confident,
    e.Caught: _caught,
    e.Stuck: _stuck,
    e.CardOpened: _card_opened,
    e.Judged: _judged,
    e.Moved: _moved,
    e.SelfChecked: _self_checked,
    e.Closed: _closed,
    e.Rested: _rested,
    e.Reviewed: _reviewed,
}
