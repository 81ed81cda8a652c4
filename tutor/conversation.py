"""Drives one session: record, judge, decide, speak. The turn lives here, never in a widget.

Everything that happens is an event; it is recorded before the next thing happens and then handed to whoever iterates.
What the tutor owes next follows from the session alone, so a session that was cut off anywhere goes on with
`advance()`.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, Literal, Protocol, TypeVar

from tutor.core import events as e
from tutor.core.briefing import brief_for, may_be_worded_freely, secret_of
from tutor.core.catching import caught, fits, named_terms, task_for
from tutor.core.deciding import verdict_by_key, verdict_on
from tutor.core.guard import breaches
from tutor.core.judging import Judge, Judgement, JudgeTask, complete
from tutor.core.lesson import Choose, Explain, Find, Lesson, Look, Rewrite, RubricStep
from tutor.core.limits import LONGEST_KEPT
from tutor.core.listening import hear, is_distress, without_quotations
from tutor.core.phrases import Phrases
from tutor.core.policy import closing, confidence_due, first_step, owed_move, part_of, rest_due, review_due
from tutor.core.session import OutOfTurn, Phase, Session, apply, replay
from tutor.core.speaking import Brief, Speaker, SpeakerError
from tutor.core.wording import look_back, review

T = TypeVar("T")

ATTEMPTS = 2
"""How often a speaker is asked to word a move before the teacher's words stand in."""

Turn = Literal["answer", "confidence", "self-check", "pause", "rest", "over", "tutor"]


class Recorder(Protocol):
    """Keeps events: a sitting of the journal, or a list in memory."""

    @property
    def events(self) -> tuple[e.Event, ...]:
        """All events of the session so far, those of earlier sittings included."""
        ...

    def record(self, payload: e.Payload) -> e.Event:
        """Put `payload` into its envelope and keep it; returns only when it is safe."""
        ...


@dataclass(frozen=True)
class Parts:
    """The parts a conversation is put together from."""

    judge: Judge
    rules: Judge
    """Judges by the teacher's rules, without a model: the stand-in where `judge` fails or is not waited for."""
    speaker: Speaker
    teacher: Speaker
    """Says the teacher's own words; what it says is not guarded. The stand-in of `speaker`."""
    phrases: Phrases
    trouble: str = ""
    """Why a model that was asked for is not among the parts, for people."""


class Conversation:
    """One session of one lesson. Each method that the learner's side calls yields the events that follow from it."""

    def __init__(self, lesson: Lesson, recorder: Recorder, parts: Parts) -> None:
        self.lesson = lesson
        self.phrases = parts.phrases
        self.session: Session = replay(recorder.events)
        self.unsent = ""
        """Words that paused the lesson: kept here, in memory, and nowhere else."""
        self._trouble = parts.trouble
        self._in_trouble = False
        self._pending: asyncio.Future[Any] | None = None
        self._impatient = False
        self._recorder = recorder
        self._judge = parts.judge
        self._rules = parts.rules
        self._speaker = parts.speaker
        self._teacher = parts.teacher

    @property
    def events(self) -> tuple[e.Event, ...]:
        """All events of the session so far."""
        return self._recorder.events

    @property
    def turn(self) -> Turn:
        """What the conversation waits for: something of the learner's, or `tutor` where `advance()` has work to do."""
        phase = self.session.phase
        if phase is Phase.ANSWERED and self._heard() is None and confidence_due(self.lesson, self.session):
            return "confidence"
        return _TURNS.get(phase, "tutor")

    @property
    def step(self) -> Choose | Find | Explain | Rewrite | Look:
        """The step that is open or was open last."""
        return self.lesson.step(self.session.step.id)

    async def advance(self) -> AsyncIterator[e.Event]:
        """Do all that the tutor owes, until it is the learner's turn."""
        self._impatient = self._in_trouble = False
        while self.turn == "tutor":
            yield self._record(await self._owed())

    async def answer(self, answer: e.Chosen | e.Pointed | e.Written) -> AsyncIterator[e.Event]:
        """Take an answer. It is recorded first; words of distress are not recorded at all and pause the lesson.

        A text beyond all measure is refused at the door, unread: it stays with whoever sent it. OutOfTurn where the
        step takes answers of another kind.
        """
        if not fits(self.step, answer):
            raise OutOfTurn(f"a step to {self.step.do} takes no such answer")
        step, payload = self.step.id, e.Answered(step=self.step.id, answer=answer, to_probe=self.session.step.probing)
        if isinstance(answer, e.Written) and self.is_distress(answer.text):
            yield self.pause(answer.text)
            return
        too_long = isinstance(answer, e.Written) and len(answer.text) > LONGEST_KEPT
        async for event in self._after(e.Caught(step=step, reason="too-long", refused=True) if too_long else payload):
            yield event

    def is_distress(self, text: str) -> bool:
        """Whether somebody writes of their own distress; it may be typed anywhere, not only as an answer.

        What stands in the article or on a card is not their own: grim texts are quoted.
        """
        blocks, cards = self.lesson.article_of(self.step.id).blocks, self.lesson.sources
        quotable = (*(block.text for block in blocks), *(card.body for card in cards))
        return is_distress(without_quotations(text, quotable), self.phrases.listening)

    def is_stuck(self, text: str) -> bool:
        """Whether somebody says in words that they do not know."""
        return hear(text, self.phrases.listening, quotable=()).kind == "not-knowing"

    def pause(self, text: str) -> e.Event:
        """Pause the lesson at words of distress. They are kept in memory, in `unsent`, and nowhere else."""
        event = self._record(e.Paused(step=self.step.id))
        self.unsent = text
        return event

    async def confide(self, level: int) -> AsyncIterator[e.Event]:
        """Say how sure one is, 1 to 4."""
        async for event in self._after(e.Confident(step=self.step.id, level=level)):
            yield event

    async def ask_hint(self) -> AsyncIterator[e.Event]:
        """Ask for a hint; it costs nothing and never tells. OutOfTurn in the exit ticket."""
        if not self.step.assisted:
            raise OutOfTurn("there are no hints in the exit ticket")
        async for event in self._after(e.HintAsked(step=self.step.id)):
            yield event

    async def say_stuck(self) -> AsyncIterator[e.Event]:
        """Say "I'm stuck" (in the exit ticket: skip)."""
        async for event in self._after(e.Stuck(step=self.step.id)):
            yield event

    async def open_card(self, card: str) -> AsyncIterator[e.Event]:
        """Open a source card; OutOfTurn where the budget is used up. A card that is open already costs nothing."""
        step, opened = self.step, self.session.step.cards
        if not isinstance(step, Look) or card not in step.cards:
            raise OutOfTurn("this step has no such card")
        if card in opened:
            return
        if len(opened) >= step.allowance:
            raise OutOfTurn(f"{step.allowance} cards are open, and that is all this step allows")
        async for event in self._after(e.CardOpened(step=step.id, card=card)):
            yield event

    async def self_check(self, *, had_it: bool) -> AsyncIterator[e.Event]:
        """Say whether one had the idea that was told."""
        if self.turn != "self-check":
            raise OutOfTurn("there is nothing to compare just now")
        state = next(each for each in self.session.steps.values() if each.checks)
        payload = e.SelfChecked(step=state.id, criterion=state.checks[0], had_it=had_it, more=len(state.checks) > 1)
        async for event in self._after(payload):
            yield event

    async def go_on(self) -> AsyncIterator[e.Event]:
        """Go on after a stopping point."""
        async for event in self._after(e.WentOn()):
            yield event

    async def end_pause(self, *, change: bool) -> AsyncIterator[e.Event]:
        """Go on after a pause, or go back to change what was written (it is in `unsent` until then)."""
        if not change:
            self.unsent = ""
        async for event in self._after(e.PauseEnded(step=self.step.id, change=change)):
            yield event

    def leave(self) -> e.Event:
        """Leave; the session can be resumed."""
        return self._record(e.Left())

    def disagree(self, step: str, criterion: str | None) -> e.Event:
        """Say that one sees a verdict differently: the teacher will read it."""
        return self._record(e.Disagreed(step=step, criterion=criterion))

    @property
    def is_waiting(self) -> bool:
        """Whether a model is being waited for, so that the learner may go on without it."""
        return self._pending is not None

    def go_on_without(self) -> None:
        """Wait for no model any more in this turn: the teacher's rules judge, and the teacher's words are said."""
        self._impatient = True
        if self._pending is not None:
            self._pending.cancel()

    @property
    def trouble(self) -> str:
        """While the model cannot be asked: what that means for the learner, and then what is wrong and what to do."""
        return f"{self.phrases.model_away} {self._trouble}" if self._trouble else ""

    def _note(self, trouble: str, *, answered: bool) -> None:
        """Trouble is over when the model has answered in a turn without any."""
        if trouble:
            self._trouble, self._in_trouble = trouble, True
        elif answered and not self._in_trouble:
            self._trouble = ""

    async def warm(self) -> None:
        """Let the judge make ready for answers to the open step."""
        step = self.step
        if self.turn == "answer" and isinstance(step, RubricStep):
            await self._judge.warm(JudgeTask(self.lesson, step, "", "", step.rubric))

    async def _after(self, payload: e.Payload) -> AsyncIterator[e.Event]:
        yield self._record(payload)
        async for event in self.advance():
            yield event

    def _record(self, payload: e.Payload) -> e.Event:
        following = apply(self.session, payload)
        event = self._recorder.record(payload)
        self.session = following
        return event

    async def _owed(self) -> e.Payload:
        """The one thing that the tutor does next."""
        match self.session.phase:
            case Phase.BETWEEN:
                return self._onward()
            case Phase.ANSWERED:
                return self._heard() or await self._judged()
            case Phase.OWING:
                return await self._move()
            case Phase.CLOSING:
                return closing(self.lesson, self.session)
            case phase:
                raise OutOfTurn(f"the session has to be started first (it is {phase.value!r})")

    def _onward(self) -> e.Payload:
        session, lesson = self.session, self.lesson
        if session.closed is None:
            return self._open(first_step(lesson))
        part = rest_due(lesson, session)
        if part:
            return e.Rested(part=part, text=look_back(lesson, session, self.phrases, part))
        if session.closed.next:
            return self._open(session.closed.next)
        reviewed = review_due(lesson, session)
        if reviewed:
            told = review(lesson, session, self.phrases, reviewed)
            return e.Reviewed(step=reviewed, text=told.text, told=told.told, checks=told.checks)
        return e.Finished(text=self.phrases.finished)

    def _open(self, step_id: str) -> e.Opened:
        return e.Opened(step=step_id, part=part_of(self.lesson, step_id))

    def _heard(self) -> e.Caught | e.Stuck | None:
        return caught(self.lesson, self.session, self.phrases)

    async def _judged(self) -> e.Judged | e.Caught | e.Stuck:
        """The verdict on the answer that waits; a judge may also find that it is no answer at all."""
        step = self.step
        if not isinstance(step, RubricStep):
            return verdict_by_key(self.lesson, self.session, step)
        task = task_for(self.lesson, self.session, step)
        judge, judgement = await self._judgement(task)
        if judgement.sort == "stuck":
            return e.Stuck(step=step.id, in_words=True, call=judgement.sorting)
        if judgement.sort != "answer":
            terms = named_terms(self.lesson, task.answer) if judgement.sort == "question" else ()
            return e.Caught(step=step.id, reason=judgement.sort, terms=terms, call=judgement.sorting)
        return verdict_on(self.session, step, complete(judgement, task, judge.name), judge.name)

    async def _judgement(self, task: JudgeTask) -> tuple[Judge, Judgement]:
        """Who judged, and what they found. A judge that fails finds nothing wrong: its stand-in judges."""
        if self._judge is self._rules:
            return self._rules, await self._rules.judge(task)
        trouble = ""
        try:
            judgement = await self._wait_for(lambda: self._judge.judge(task))
        except Exception as error:
            judgement, trouble = None, f"The program could not ask it ({type(error).__name__})."
        if judgement is not None:
            self._note(judgement.trouble, answered=judgement.heard_a_model)
            return self._judge, judgement
        self._note(trouble, answered=False)
        return self._rules, replace(await self._rules.judge(task), trouble=trouble)

    async def _wait_for(self, ask: Callable[[], Awaitable[T]]) -> T | None:
        """What a model gives; None where the learner does not wait for it."""
        if self._impatient:
            return None
        pending = asyncio.ensure_future(ask())
        self._pending = pending
        try:
            return await pending
        except asyncio.CancelledError:
            task = asyncio.current_task()
            if self._impatient and not (task and task.cancelling()):
                return None
            raise
        finally:
            self._pending = None

    async def _move(self) -> e.Moved:
        move = owed_move(self.lesson, self.session)
        brief = brief_for(self.lesson, self.session, move)
        said = await self._said(brief)
        cause = self.session.cause
        findings = cause.findings if isinstance(cause, e.Judged) else ()
        return e.Moved(
            step=self.step.id,
            move=move.kind,
            text=said.text,
            then=move.then,
            by=said.by,
            criteria=move.criteria,
            met=tuple(each.criterion for each in findings if each.status == "met"),
            checks=move.checks,
            misconception=move.misconception,
            hint=move.hint,
            calls=said.calls,
            fallback=said.fallback,
            trouble=said.trouble,
        )

    async def _said(self, brief: Brief) -> Said:
        """The speaker's words where they pass the guard, at the second attempt at the latest; else the teacher's."""
        if self._speaker is self._teacher or not may_be_worded_freely(brief):
            return await self._taught(brief)
        secret, why = secret_of(self.lesson, self.session, brief), ""
        calls: tuple[e.Call, ...] = ()
        for attempt in range(ATTEMPTS):
            try:
                said = await self._wait_for(partial(self._speaker.speak, replace(brief, attempt=attempt)))
            except SpeakerError as error:
                self._note(error.trouble, answered=False)
                return await self._taught(brief, (*calls, *error.calls), error.reason, error.trouble)
            except Exception as error:
                return await self._taught(brief, calls, f"the speaker failed ({type(error).__name__})")
            if said is None:
                return await self._taught(brief, calls, "not waited for")
            self._note("", answered=True)
            calls = (*calls, *said.calls)
            found = breaches(said.text, secret)
            if not found:
                return Said("\n".join(part for part in (said.lead, said.text) if part), said.by, calls)
            why = ", ".join(found)
        return await self._taught(brief, calls, why)

    async def _taught(
        self, brief: Brief, calls: tuple[e.Call, ...] = (), fallback: str = "", trouble: str = ""
    ) -> Said:
        said = await self._teacher.speak(brief)
        return Said(said.text, said.by, calls, fallback, trouble)


@dataclass(frozen=True, slots=True)
class Said:
    """What is shown for a move, who worded it, what was asked of a model for it, and why it was not the model."""

    text: str
    by: str
    calls: tuple[e.Call, ...] = ()
    fallback: str = ""
    trouble: str = ""


_TURNS: dict[Phase, Turn] = {
    Phase.ASKED: "answer",
    Phase.CHECKING: "self-check",
    Phase.PAUSED: "pause",
    Phase.RESTING: "rest",
    Phase.FINISHED: "over",
}
