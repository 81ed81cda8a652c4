"""The lesson: it hands on what the learner does and has the events painted that follow. The turn is not in here."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import TYPE_CHECKING, ClassVar, Literal

from textual import events, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.message import Message
from textual.screen import Screen
from textual.worker import Worker

from tutor.conversation import Conversation
from tutor.core import events as e
from tutor.core.lesson import Choose, Look
from tutor.core.listening import LONGEST_ANSWER
from tutor.core.session import OutOfTurn
from tutor.journal import Draft
from tutor.report.ground import why
from tutor.tui.drafts import DraftKeeper
from tutor.tui.keys import FIND_TIPS, LESSON_KEYS, WRITE_TIPS, Tip, bindings, choice_tips
from tutor.tui.place import ideas_of, last_written, mode_of, place_of
from tutor.tui.screens.base import TextDialog, TooSmall
from tutor.tui.screens.dialogs import help_card_dialog, keys_dialog, leave_dialog, menu_dialog
from tutor.tui.screens.reference import CardsDialog, WordsDialog, look_back_dialog
from tutor.tui.widgets.answer_box import AnswerBox
from tutor.tui.widgets.article import ArticlePane
from tutor.tui.widgets.choices import Choices
from tutor.tui.widgets.desk import Desk
from tutor.tui.widgets.ideas import summed_up
from tutor.tui.widgets.keybar import KeyBar
from tutor.tui.widgets.status import Banner, StatusBar

if TYPE_CHECKING:
    from tutor.tui.house import House

After = Literal["library", "end", "quit"]
"""Where to go when the lesson's screen closes."""

_PATIENCE = 0.3
_BROKE = "Something went wrong in the program ({}). What you wrote is kept: please try once more."


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


class LessonScreen(Screen[After]):
    """One conversation on the screen."""

    BINDINGS: ClassVar[list[BindingType]] = [
        *bindings(LESSON_KEYS),
        Binding("ctrl+r", "recall", show=False, priority=True),
        Binding("pageup", "page(-1)", show=False, priority=True),
        Binding("pagedown", "page(1)", show=False, priority=True),
    ]
    AUTO_FOCUS = ""

    def __init__(self, house: House, conversation: Conversation) -> None:
        super().__init__()
        self._house = house
        self._conversation = conversation
        self._sitting = house.sitting(conversation)
        self._desk = Desk(conversation)
        self._drafts = DraftKeeper(self, self._sitting, conversation.phrases.listening, self._draft)
        self._busy = True
        self._step = ""

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
        self.query_one(StatusBar).left = self._conversation.lesson.title
        await self._desk.recall()
        self._drive(self._conversation.advance())

    # -- driving the conversation

    def _drive(self, turn: AsyncIterator[e.Event]) -> Worker[None]:
        self._busy = True
        self._desk.dock.notice("")
        self.set_timer(_PATIENCE, self._show_waiting)
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
        if self._busy:
            self._desk.dock.wait(waiting=True)

    async def on_happened(self, message: Happened) -> None:
        """Paint an event; what was sent leaves the box once it is recorded, not before."""
        message.stop()
        payload, box = message.event.payload, self._desk.dock.box
        await self._desk.tell(message.event)
        match payload:
            case e.Answered(answer=e.Written()):
                box.put("")
                self._drafts.drop()
            case e.Paused():
                box.load_text("")
                self._drafts.drop()
            case e.Caught(reason="keep" | "drop") if not box.text:
                box.put(last_written(self._conversation.session))
            case _:
                pass

    async def on_turn_over(self, message: TurnOver) -> None:
        """Show whose turn it is."""
        message.stop()
        self._busy = False
        is_new = await self._desk.show_turn()
        if is_new:
            self._settle_box()
            self._warm()
        self._show_place()
        self.query_one(Banner).show(self._sitting.trouble)
        if message.problem:
            self._desk.dock.notice(message.problem)
        if self._conversation.turn == "pause" and is_new:
            self._show_help_card()

    def _settle_box(self) -> None:
        """An empty box for a new question, or the text that was kept for it."""
        conversation, box = self._conversation, self._desk.dock.box
        if mode_of(conversation) != "write" or conversation.step.id == self._step:
            return
        first, self._step = not self._step, conversation.step.id
        kept = self._drafts.kept(self._step, last_written(conversation.session)) if first else ""
        if kept or box.text:
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
        left_out = set() if isinstance(conversation.step, Look) else {"cards"}
        renamed = {} if conversation.step.assisted else {"stuck": "Skip"}
        if not conversation.step.assisted:
            left_out.add("hint")
        self.query_one(KeyBar).show(self._tips(), frozenset(left_out), renamed)

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

    # -- what the learner does

    def on_choices_chosen(self, event: Choices.Chosen) -> None:
        """An answer by choosing, or one of the choices that a turn offers."""
        event.stop()
        if self._busy:
            return
        conversation, choice = self._conversation, event.choice
        match mode_of(conversation):
            case "choose":
                self._choose(int(choice.id), tried=not choice.enabled)
            case "confidence":
                self._drive(conversation.confide(int(choice.id)))
            case "self-check":
                self._drive(conversation.self_check(had_it=choice.id == "yes"))
            case "rest" if choice.id == "go-on":
                self._drive(conversation.go_on())
            case "over" if choice.id == "end":
                self.dismiss("end")
            case "rest" | "over":
                self._leave("library")
            case _:
                pass

    def _choose(self, option: int, *, tried: bool) -> None:
        step = self._conversation.step
        if tried:
            self._desk.dock.notice("You have tried that one. Which of the others could it be?")
        elif isinstance(step, Choose):
            self._drive(self._conversation.answer(e.Chosen(option=option, text=step.options[option].text)))

    def on_key(self, event: events.Key) -> None:
        """Keys for the answer reach it from the article and the conversation, too."""
        dock = self._desk.dock
        match mode_of(self._conversation):
            case "find" | "pause" | "tutor":
                return
            case "write" if event.is_printable and event.character and not dock.box.has_focus:
                event.stop()
                dock.box.focus()
                dock.box.insert(event.character)
            case "write":
                return
            case _ if not dock.choices.has_focus:
                dock.choices.on_key(event)

    def on_answer_box_sent(self, event: AnswerBox.Sent) -> None:
        """An answer in the learner's own words; the box keeps it until it is recorded."""
        event.stop()
        text = self._desk.dock.box.text
        if self._busy or mode_of(self._conversation) != "write":
            return
        if not text.strip():
            self._desk.dock.notice("There are no words in the box yet. F2 gives a hint, F3 says that you are stuck.")
            return
        self._drafts.save()
        self._drive(self._conversation.answer(e.Written(text=text)))

    def on_answer_box_refused(self, event: AnswerBox.Refused) -> None:
        """Say why a text did not go into the box."""
        event.stop()
        self._desk.dock.notice(
            f"That would make {event.length:,} characters; {LONGEST_ANSWER:,} are the most. Your text stays as it was."
        )

    def on_text_area_changed(self) -> None:
        """Count, and keep the draft."""
        self._desk.dock.show_length()
        if self._desk.dock.box.text:
            self._desk.dock.notice("")
        self._drafts.changed()

    def on_article_pane_changed(self) -> None:
        """List what is picked."""
        self._desk.dock.notice("")
        self._desk.show_pointer()

    def on_article_pane_sent(self) -> None:
        """An answer by pointing."""
        pointer = self._desk.article.pointer
        if self._busy or pointer is None or mode_of(self._conversation) != "find":
            return
        if not pointer.picks:
            self._desk.dock.notice("Nothing is picked yet: go to a word, and press Space there and at the last word.")
            return
        self._drive(self._conversation.answer(e.Pointed(selections=pointer.selections)))

    def _draft(self) -> Draft | None:
        conversation = self._conversation
        return Draft(conversation.step.id, self._desk.dock.box.text) if mode_of(conversation) == "write" else None

    # -- commands

    def _ask(self, turn: AsyncIterator[e.Event]) -> None:
        """Something that one may ask for while a question is open."""
        if self._busy:
            return
        if self._conversation.turn == "answer":
            self._drive(turn)
        else:
            self._desk.dock.notice("Not now: please answer what stands here first.")

    def action_hint(self) -> None:
        """Ask for a hint."""
        if not self._conversation.step.assisted:
            self._desk.dock.notice("There are no hints in the exit ticket. F3 skips the question.")
            return
        self._ask(self._conversation.ask_hint())

    def action_stuck(self) -> None:
        """Say "I'm stuck"."""
        self._ask(self._conversation.say_stuck())

    def action_why(self) -> None:
        """Show the ground of the verdicts."""
        lines = why(self._conversation.lesson, self._conversation.session)
        grounds = "\n".join(lines).replace("\n  ", "\0").split("\n")
        self.app.push_screen(TextDialog("Why?", [each.replace("\0", "\n  ") for each in grounds]))

    def action_look_back(self) -> None:
        """Show everything said so far."""
        self.app.push_screen(look_back_dialog(self._conversation))

    def action_article(self) -> None:
        """The article alone, the conversation alone, both."""
        self._desk.turn_view()

    @work(exclusive=True, group="words", exit_on_error=False)
    async def action_words(self) -> None:
        """Look a word up."""
        self.app.push_screen(WordsDialog(self._terms()))

    def _terms(self) -> dict[str, str]:
        from tutor.lessons.taxonomy_file import shipped_taxonomy  # noqa: PLC0415  read when it is first asked for

        kinds = shipped_taxonomy().kinds.values()
        return {kind.name: f"{kind.definition} For example: {kind.example}" for kind in kinds} | dict(
            self._conversation.lesson.glossary
        )

    def action_cards(self) -> None:
        """Show the source cards."""
        step = self._conversation.step
        if isinstance(step, Look) and self._conversation.turn == "answer":
            self.app.push_screen(CardsDialog(self._conversation, step, self._open_card))
        else:
            self._desk.dock.notice("This question has no source cards.")

    async def _open_card(self, card: str) -> None:
        if not self._busy:
            await self._drive(self._conversation.open_card(card)).wait()

    def action_copy(self) -> None:
        """Copy what is selected, or what the tutor said last."""
        text = self._desk.dock.box.selected_text or self.get_selected_text() or self._desk.talk.last_said
        if text:
            self.app.copy_to_clipboard(text)
            self.app.notify("Copied.", timeout=2, markup=False)

    def action_help(self) -> None:
        """List the keys."""
        self.app.push_screen(keys_dialog(LESSON_KEYS, notes=True))

    def action_menu(self) -> None:
        """Give up the range that is being drawn; without one, list all commands."""
        if not self._desk.article.give_up():
            self._menu()

    @work
    async def _menu(self) -> None:
        action = await self.app.push_screen_wait(menu_dialog(LESSON_KEYS))
        if action:
            await self.run_action(action)

    def action_theme(self) -> None:
        """Switch between light and dark."""
        self.run_worker(self.app.run_action("app.switch_theme"))

    @work
    async def action_leave(self) -> None:
        """Ask where to go, and leave."""
        self.save()
        answer = await self.app.push_screen_wait(leave_dialog(self._sitting.trouble))
        if answer in ("library", "quit"):
            self._leave("quit" if answer == "quit" else "library")

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
        self.dismiss(after)

    def save(self) -> None:
        """Save what is half typed."""
        self._drafts.save()

    def action_send(self) -> None:
        """Send, from wherever the cursor is."""
        match mode_of(self._conversation):
            case "write":
                self._desk.dock.box.action_send()
            case "find":
                self._desk.article.action_send()
            case _:
                self._desk.dock.choices.action_choose()

    def action_new_line(self) -> None:
        """Begin a new line in the box."""
        self._desk.dock.box.action_new_line()

    def action_pick(self) -> None:
        """Begin or end a selection."""
        self._desk.article.action_pick()

    def action_unpick(self) -> None:
        """Take a selection back."""
        self._desk.article.action_unpick()

    def action_recall(self) -> None:
        """Put the last answer to this question back into the box; undo brings back what stood there."""
        written = last_written(self._conversation.session)
        if mode_of(self._conversation) != "write":
            return
        if written:
            self._desk.dock.box.put(written)
        else:
            self._desk.dock.notice("You have not sent an answer to this question yet.")

    def action_page(self, direction: int) -> None:
        """Scroll the article where it has the focus, the conversation otherwise."""
        if isinstance(self.focused, ArticlePane):
            (self.focused.scroll_page_up if direction < 0 else self.focused.scroll_page_down)(animate=False)
        else:
            self._desk.talk.page(direction)
