"""Drives one session: record, judge, decide, speak. The turn lives here, never in a widget.

Everything that happens is an event; it is recorded before the next thing happens and then handed to whoever iterates.
What the tutor owes next follows from the session alone, so a session that was cut off anywhere goes on with
`advance()`.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from typing import Literal, Protocol

from tutor.core import events as e
from tutor.core.briefing import brief_for
from tutor.core.grading import grade_pointing
from tutor.core.guard import Secret, breaches
from tutor.core.judging import Judge, Judgement, JudgeTask, complete
from tutor.core.lesson import Choose, Explain, Find, Lesson, Look, Rewrite, RubricStep
from tutor.core.listening import LONGEST_KEPT, Heard, hear, is_distress, quotable_texts, without_quotations
from tutor.core.phrases import Phrases
from tutor.core.policy import closing, confidence_due, costs_try, first_step, owed_move, part_of, rest_due, review_due
from tutor.core.rules import Reading, compile_item
from tutor.core.session import OutOfTurn, Phase, Session, apply, replay
from tutor.core.speaking import Brief, Speaker, Utterance
from tutor.core.verdicts import step_verdict
from tutor.core.wording import look_back, review

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
    speaker: Speaker
    teacher: Speaker
    """Says the teacher's own words; what it says is not guarded."""
    phrases: Phrases


class Conversation:
    """One session of one lesson. Each method that the learner's side calls yields the events that follow from it."""

    def __init__(self, lesson: Lesson, recorder: Recorder, parts: Parts) -> None:
        self.lesson = lesson
        self.phrases = parts.phrases
        self.session: Session = replay(recorder.events)
        self.unsent = ""
        """Words that paused the lesson: kept here, in memory, and nowhere else."""
        self._recorder = recorder
        self._judge = parts.judge
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
        while self.turn == "tutor":
            yield self._record(await self._owed())

    async def answer(self, answer: e.Chosen | e.Pointed | e.Written) -> AsyncIterator[e.Event]:
        """Take an answer. It is recorded first; words of distress are not recorded at all and pause the lesson.

        A text beyond all measure is refused at the door, unread: it stays with whoever sent it. OutOfTurn where the
        step takes answers of another kind.
        """
        if not _fits(self.step, answer):
            raise OutOfTurn(f"a step to {self.step.do} takes no such answer")
        step, payload = self.step.id, e.Answered(step=self.step.id, answer=answer, to_probe=self.session.step.probing)
        if isinstance(answer, e.Written) and self.is_distress(answer.text):
            yield self.pause(answer.text)
            return
        too_long = isinstance(answer, e.Written) and len(answer.text) > LONGEST_KEPT
        async for event in self._after(e.Caught(step=step, reason="too-long", refused=True) if too_long else payload):
            yield event

    def is_distress(self, text: str) -> bool:
        """Whether somebody writes of their own distress; it may be typed anywhere, not only as an answer."""
        return is_distress(text, self.phrases.listening)

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
        """What the checks before judging make of the answer that waits; None where it can be judged."""
        step, state = self.step, self.session.step
        answer = state.answers[-1] if state.answers else None
        if not isinstance(answer, e.Written) or not isinstance(step, RubricStep):
            return None
        heard = self._hear(answer.text)
        if heard.kind == "not-knowing":
            return e.Stuck(step=step.id, in_words=True)
        if heard.kind == "copied" and state.probing:
            return None
        if heard.kind != "answer":
            return e.Caught(step=step.id, reason=heard.kind, terms=heard.terms)
        return self._unkept(answer.text) if isinstance(step, Rewrite) and not state.probing else None

    def _hear(self, text: str) -> Heard:
        step = self.step
        return hear(
            text,
            self.phrases.listening,
            quotable=self._quotable(),
            glossary=self.lesson.glossary,
            rewriting=isinstance(step, Rewrite),
        )

    def _quotable(self) -> tuple[str, ...]:
        step = self.step
        if not isinstance(step, RubricStep):
            return ()
        blocks = [block.text for block in self.lesson.article_of(step.id).blocks]
        cards = [self.lesson.source(each).body for each in step.cards] if isinstance(step, Look) else []
        return quotable_texts(step, blocks, cards)

    def _unkept(self, text: str) -> e.Caught | None:
        """Words that a rewriting was to keep, or to drop."""
        step, reading = self.step, Reading.of(text, self.lesson.lang)
        if not isinstance(step, Rewrite):
            return None
        lang = self.lesson.lang
        missing = tuple(each for each in step.must_keep if compile_item(each, lang)(reading) is None)
        if missing:
            return e.Caught(step=step.id, reason="keep", terms=missing)
        still = tuple(each for each in step.must_drop if compile_item(each, lang)(reading) is not None)
        return e.Caught(step=step.id, reason="drop", terms=still) if still else None

    async def _judged(self) -> e.Judged:
        step, state = self.step, self.session.step
        answer = state.answers[-1]
        if isinstance(step, Choose) and isinstance(answer, e.Chosen):
            option = step.options[answer.option]
            seen = (e.Sighting(misconception=option.misconception),) if option.misconception else ()
            verdict: e.Verdict = "secure" if option.correct else "not-yet"
            return e.Judged(
                step=step.id, verdict=verdict, judge="key", costs=True, misconceptions=seen, option=answer.option
            )
        if isinstance(step, Find) and isinstance(answer, e.Pointed):
            article, marks = self.lesson.article_of(step.id), self.lesson.marks_of(step.id)
            graded = grade_pointing(step, article, marks, answer.selections, state.hits)
            return e.Judged(
                step=step.id, verdict=graded.verdict, judge="key", costs=True, hits=graded.hits, decoys=graded.decoys
            )
        if isinstance(step, RubricStep):
            return await self._held_against(step)
        raise OutOfTurn(f"a step to {step.do} cannot take an answer of the kind {answer.kind!r}")

    async def _held_against(self, step: Explain | Rewrite | Look) -> e.Judged:
        state = self.session.step
        quotable = self._quotable()
        own = "\n".join(without_quotations(each, quotable) for each in state.thread)
        open_ones = tuple(each for each in step.rubric if state.criterion(each.id).is_open)
        task = JudgeTask(self.lesson, step, state.text, own, open_ones)
        judgement = complete(await self._judgement(task), task, self._judge.name)
        found = {each.criterion: each.status for each in judgement.findings}
        statuses = {each.id: found.get(each.id, state.criterion(each.id).status) for each in step.rubric}
        verdict = step_verdict(step.rubric, statuses, misconception=bool(judgement.misconceptions))
        criteria = {**state.criteria, **{each: replace(state.criterion(each), status=found[each]) for each in found}}
        costs = costs_try(step, replace(state, criteria=criteria), to_probe=state.probing)
        return e.Judged(
            step=step.id,
            verdict=verdict,
            judge=self._judge.name,
            costs=costs,
            findings=judgement.findings,
            misconceptions=judgement.misconceptions,
        )

    async def _judgement(self, task: JudgeTask) -> Judgement:
        """The judge's findings; a judge that fails finds nothing wrong, it has not judged."""
        try:
            return await self._judge.judge(task)
        except Exception as error:
            ground = f"the judge failed ({type(error).__name__})"
            name = self._judge.name
            return Judgement(
                tuple(e.Finding(criterion=c.id, status="not-judged", judge=name, ground=ground) for c in task.criteria)
            )

    async def _said(self, brief: Brief) -> Utterance:
        """The speaker's words where they pass the guard, else the teacher's."""
        if self._speaker is not self._teacher and brief.move.kind in _FREELY_WORDED:
            try:
                said = await self._speaker.speak(brief)
            except Exception:  # whatever a speaker does, the teacher's words are there
                return await self._teacher.speak(brief)
            if not breaches(said.text, self._secret(brief)):
                return said
        return await self._teacher.speak(brief)

    def _secret(self, brief: Brief) -> Secret:
        step, state = self.step, self.session.step
        rubric = step.rubric if isinstance(step, RubricStep) else ()
        still_open = [each for each in rubric if state.criterion(each.id).is_open]
        key = [text for each in still_open for text in (each.idea, each.tell) if text]
        seen = (brief.ask, brief.paragraph, brief.answer, *(met.idea for met in brief.met))
        return Secret(tuple(key), seen, step.never_say, self.lesson.lang)

    async def _move(self) -> e.Moved:
        move = owed_move(self.lesson, self.session)
        brief = brief_for(self.lesson, self.session, move)
        said = await self._said(brief)
        cause, step = self.session.cause, self.step
        findings = cause.findings if isinstance(cause, e.Judged) else ()
        return e.Moved(
            step=step.id,
            move=move.kind,
            text=said.text,
            then=move.then,
            by=said.by,
            criteria=move.criteria,
            met=tuple(each.criterion for each in findings if each.status == "met"),
            checks=move.checks,
            misconception=move.misconception,
            hint=move.hint,
        )


def _fits(step: Choose | Find | Explain | Rewrite | Look, answer: e.Chosen | e.Pointed | e.Written) -> bool:
    if isinstance(step, Choose):
        return isinstance(answer, e.Chosen) and 0 <= answer.option < len(step.options)
    if isinstance(step, Find):
        pointed = answer.selections if isinstance(answer, e.Pointed) else ()
        return bool(pointed) and all(each.block in step.at and each.start < each.end for each in pointed)
    return isinstance(answer, e.Written)


_FREELY_WORDED: frozenset[e.MoveKind] = frozenset({"probe", "hint", "prompt", "misconception"})
"""The moves that another speaker than the teacher may word: those that ask the learner for something of theirs."""

_TURNS: dict[Phase, Turn] = {
    Phase.ASKED: "answer",
    Phase.CHECKING: "self-check",
    Phase.PAUSED: "pause",
    Phase.RESTING: "rest",
    Phase.FINISHED: "over",
}
