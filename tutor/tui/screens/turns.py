"""The turns of a lesson on the screen: what the conversation does is painted here, in the order in which it happens."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from textual import work
from textual.app import ComposeResult
from textual.message import Message
from textual.worker import Worker

from tutor.conversation import Conversation
from tutor.core import events as e
from tutor.core.lesson import Look
from tutor.core.session import OutOfTurn
from tutor.journal import Draft, Sitting
from tutor.tui.drafts import DraftKeeper
from tutor.tui.keys import FIND_TIPS, LESSON_KEYS, WAITING_TIPS, WRITE_TIPS, Tip, choice_tips
from tutor.tui.place import ideas_of, last_written, mode_of, place_of
from tutor.tui.screens.base import ClosesOnce, TooSmall
from tutor.tui.screens.dialogs import help_card_dialog
from tutor.tui.screens.elsewhere import AGAIN, show_trouble
from tutor.tui.waiting import Waiting
from tutor.tui.widgets.desk import Desk
from tutor.tui.widgets.ideas import summed_up
from tutor.tui.widgets.keybar import KeyBar
from tutor.tui.widgets.status import Banner, StatusBar

if TYPE_CHECKING:
    from tutor.tui.house import LessonHouse

After = Literal["library", "end", "quit"]
"""Where to go when the lesson's screen closes."""

_BROKE = "Something went wrong in the program ({}). What you wrote is kept: please try once more."
_NOT_JUDGED = "Your text is back in the box: Enter sends it once more."
_NO_ANSWER = "Your text is back in the box: change it, or Enter sends it as your answer."
_ABOUT_ANSWERS = frozenset({"hint", "stuck", "cards", "menu"})
"""Commands that have to wait while a model is waited for; Esc has another meaning then."""


class Happened(Message):
    """An event of the conversation; it is recorded already."""

    def __init__(self, event: e.Event) -> None:
        super().__init__()
        self.event = event


class TurnOver(Message):
    """All that the last action led to has happened; `problem` is a sentence where it went wrong."""

    def __init__(self, problem: str = "") -> None:
        super().__init__()
        self.problem = problem


class TurnScreen(ClosesOnce[After]):
    """Drives a conversation and paints it; what the learner does comes from the lesson's screen."""

    def __init__(
        self, house: LessonHouse, conversation: Conversation, command: Callable[[Path], str] | None = None
    ) -> None:
        """`command` tells how to come back to this lesson in a data folder; None where nothing is kept."""
        super().__init__()
        self._house = house
        self._conversation = conversation
        self._command = command
        sitting = house.sitting(conversation)
        self._kept = sitting if isinstance(sitting, Sitting) else None
        self._desk = Desk(conversation)
        self._drafts = DraftKeeper(self, sitting, conversation.phrases.listening, self._draft, self._show_trouble)
        self._waiting = Waiting(self, conversation, self._show_waiting)
        self._busy = True
        self._step = ""
        self._has_sent = False
        self._returned = ("", "")
        self._put_back = ""

    @property
    def is_busy(self) -> bool:
        """Whether the tutor is at work."""
        return self._busy

    def compose(self) -> ComposeResult:
        """Status, panes, keys."""
        yield StatusBar()
        yield Banner()
        yield self._desk
        yield KeyBar(LESSON_KEYS)
        yield TooSmall()

    async def on_mount(self) -> None:
        """Paint what was said before, and let the tutor do what it owes."""
        if not self._desk.talk.is_attached:
            return  # closed before it was put together
        self.query_one(StatusBar).left = self._conversation.lesson.title
        self.set_interval(AGAIN, self._try_again)
        await self._desk.recall()
        self._drive(self._conversation.advance())

    def _drive(self, turn: AsyncIterator[e.Event]) -> Worker[None]:
        self._busy = True
        self._has_sent = False
        self._returned, self._put_back = ("", ""), ""
        self._desk.dock.notice("")
        self._desk.talk.follow()
        # A server with one slot would answer what nobody waits for first.
        self.workers.cancel_group(self, "warm")
        self._waiting.begin()
        return self._run(turn)

    @work(exclusive=True, group="turn", exit_on_error=False)
    async def _run(self, turn: AsyncIterator[e.Event]) -> None:
        problem = ""
        try:
            async for event in turn:
                self.post_message(Happened(event))
        except OutOfTurn as reason:
            problem = f"Not now: {reason}."
        except Exception as error:
            # Whatever broke, the learner keeps the text and can go on; a traceback would help neither.
            problem = _BROKE.format(type(error).__name__)
        finally:
            self.post_message(TurnOver(problem))

    @work(exclusive=True, group="warm", exit_on_error=False)
    async def _warm(self) -> None:
        await self._conversation.warm()

    def _show_waiting(self) -> None:
        self._desk.dock.wait(self._waiting.words)
        self._desk.talk.settle_so_far()
        self._show_keys()
        self._show_trouble()

    def _try_again(self) -> None:
        """What was not saved is saved as soon as that works, also while nothing is typed."""
        if self._kept and self._kept.trouble:
            self._kept.try_again()
            self._show_trouble()

    def _show_trouble(self) -> None:
        """What was not saved comes before a model that cannot be reached: only the first can lose anything."""
        show_trouble(self.query_one(Banner), self._kept, self._conversation.trouble)

    def _go_on_without(self) -> None:
        """Wait for no model any more in this turn."""
        self._conversation.go_on_without()
        self._waiting.go_on()
        self._show_waiting()

    async def on_happened(self, message: Happened) -> None:
        """Paint an event; what was sent leaves the box once it is recorded, not before."""
        message.stop()
        payload, box = message.event.payload, self._desk.dock.box
        await self._desk.tell(message.event)
        match payload:
            case e.Answered(answer=e.Written()):
                box.put("")
                self._has_sent = True
                self._drafts.drop()
            case e.Paused():
                box.load_text("")
                self._drafts.drop()
            case e.Caught(reason="keep" | "drop") if not box.text:
                box.put(last_written(self._conversation.session))
            case e.Caught(call=e.Call()):
                self._returned = (payload.step, _NO_ANSWER)
            case e.Judged(verdict="not-judged"):
                self._returned = (payload.step, _NOT_JUDGED)
            case _:
                pass

    async def on_turn_over(self, message: TurnOver) -> None:
        """Show whose turn it is."""
        message.stop()
        self._waiting.end()
        is_new = await self._desk.show_turn()
        if is_new:
            self._settle_box()
        self._warm()
        self._show_place()
        self._show_trouble()
        if self._desk.dock.box.text:
            self._drafts.changed()
        self._put_back_returned()
        if message.problem:
            self._desk.dock.notice(message.problem)
        self._busy = False
        self.turned()
        if self._conversation.turn == "pause" and is_new:
            self._show_help_card()

    def turned(self) -> None:
        """Called when a turn is over and painted; for screens that are built on this one."""

    def _put_back_returned(self) -> None:
        """What no judge could judge, or took for no answer, goes back into the box, to be sent once more."""
        conversation, box = self._conversation, self._desk.dock.box
        step, notice = self._returned
        if mode_of(conversation) == "write" and conversation.step.id == step and not box.text:
            box.put(conversation.session.step.text or last_written(conversation.session))
            self._put_back = box.text
            self._desk.dock.notice(notice)

    def _settle_box(self) -> None:
        """An empty box for a new question, or the text that was kept for it."""
        conversation, box = self._conversation, self._desk.dock.box
        if mode_of(conversation) != "write" or conversation.step.id == self._step:
            return
        first, self._step = not self._step, conversation.step.id
        kept = self._drafts.kept(self._step, last_written(conversation.session)) if first else ""
        # What was sent has left the box: what stands there now was typed while the tutor was thinking.
        if kept or (box.text and not self._has_sent):
            box.put(kept)

    def _show_place(self) -> None:
        conversation, status = self._conversation, self.query_one(StatusBar)
        session, lesson = conversation.session, conversation.lesson
        if session.current is None:
            return
        place = place_of(lesson, session.current, session.step.part)
        ideas = ideas_of(lesson, session.step)
        parts = (place.part, place.title, summed_up(ideas) if ideas else "")
        status.right = " · ".join(part for part in parts if part)
        self._show_keys()

    def _show_keys(self) -> None:
        conversation, bar = self._conversation, self.query_one(KeyBar)
        if conversation.session.current is None:
            return
        if self._waiting.for_model:
            bar.show(WAITING_TIPS, _ABOUT_ANSWERS)
            return
        left_out = set() if isinstance(conversation.step, Look) else {"cards"}
        renamed = {} if conversation.step.assisted else {"stuck": "Skip"}
        if not conversation.step.assisted:
            left_out.add("hint")
        if conversation.turn == "over":
            left_out |= {"hint", "stuck", "cards"}
        bar.show(self._tips(), frozenset(left_out), renamed)

    def _tips(self) -> tuple[Tip, ...]:
        match mode_of(self._conversation):
            case "write":
                return WRITE_TIPS
            case "find":
                return FIND_TIPS
            case "pause" | "tutor":
                return ()
            case _:
                return choice_tips(len(self._desk.dock.choices.entries))

    def _draft(self) -> Draft | None:
        """What stands in the box, also while an answer is being judged."""
        box = self._desk.dock.box
        return Draft(self._conversation.step.id, box.text) if box.display else None

    @work
    async def _show_help_card(self) -> None:
        conversation = self._conversation
        unsent = conversation.unsent
        dialog = help_card_dialog(self._house.help_card(conversation.lesson.lang), can_change=bool(unsent))
        answer = await self.app.push_screen_wait(dialog)
        if answer == "leave":
            self._leave("library")
            return
        if answer == "change":
            self._desk.dock.box.put(unsent)
        self._drive(conversation.end_pause(change=answer == "change"))

    def _leave(self, after: After) -> None:
        self.save()
        self._conversation.leave()
        self._close(after)

    def _close(self, after: After) -> None:
        self.dismiss(after)

    def save(self) -> None:
        """Save what is half typed, by somebody who is leaving."""
        self._drafts.save(leaving=True)
