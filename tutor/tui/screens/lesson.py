"""The lesson's screen: it hands on what the learner does. The turn itself is not in here, nor is what is painted."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import ClassVar

from textual import events, work
from textual.binding import Binding, BindingType

from tutor.core import events as e
from tutor.core.clean import clean
from tutor.core.lesson import Choose, Look
from tutor.core.limits import LONGEST_ANSWER
from tutor.report.ground import NOTED, ground
from tutor.tui.keys import LESSON_KEYS, Key, bindings
from tutor.tui.place import last_written, mode_of, pointed_before
from tutor.tui.screens.dialogs import keys_dialog, leave_dialog, menu_dialog
from tutor.tui.screens.elsewhere import ELSEWHERE, can_be_saved, note_of, save_elsewhere, trouble_of
from tutor.tui.screens.reference import CardsDialog, WordsDialog, look_back_dialog
from tutor.tui.screens.turns import TurnScreen
from tutor.tui.screens.why import WhyDialog, differ_dialog
from tutor.tui.widgets.answer_box import AnswerBox
from tutor.tui.widgets.article import ArticlePane
from tutor.tui.widgets.choices import Choices

_ABOUT_A_STEP = frozenset({"hint", "stuck", "cards", "recall", "send"})
_SKIPS = "F3 skips the question"


class LessonScreen(TurnScreen):
    """One conversation on the screen."""

    KEYS: ClassVar[tuple[Key, ...]] = LESSON_KEYS
    BINDINGS: ClassVar[list[BindingType]] = [
        *bindings(LESSON_KEYS),
        ELSEWHERE,
        Binding("ctrl+r", "recall", show=False, priority=True),
        Binding("pageup", "page(-1)", show=False, priority=True),
        Binding("pagedown", "page(1)", show=False, priority=True),
    ]
    AUTO_FOCUS = ""

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """What is about the open step has to wait for the first one."""
        return action not in _ABOUT_A_STEP or self._conversation.session.current is not None

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
            case "tutor" if choice.id == "again":
                self._drive(conversation.advance())
            case "rest" if choice.id == "go-on":
                self._drive(conversation.go_on())
            case "over" if choice.id == "end":
                self._close("end")
            case "rest" | "over" | "tutor":
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
        text = clean(self._desk.dock.box.text)  # an old terminal sends what is pasted as if it were typed
        if self._is_busy_and_says_so() or mode_of(self._conversation) != "write":
            return
        if not text.strip():
            helps = "F2 gives a hint, F3 says that you are stuck" if self._conversation.step.assisted else _SKIPS
            self._desk.dock.notice(f"There are no words in the box yet. {helps}.")
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
        box = self._desk.dock.box
        self._desk.dock.show_length()
        if box.text and box.text != self._put_back:
            self._desk.dock.notice("")
        self._drafts.changed()

    def on_line_choices_written(self) -> None:
        """Say that one chooses here."""
        self._desk.dock.notice("Nothing to write just now: press Enter, then choose by number.")

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
        if pointer.selections in pointed_before(self._conversation.session):
            self._desk.dock.notice("You have sent just these words already. Which others could it be?")
            return
        self._drive(self._conversation.answer(e.Pointed(selections=pointer.selections)))

    def _is_busy_and_says_so(self) -> bool:
        """Whether the learner has to wait; where that may take long they are told."""
        if self._waiting.for_model:
            self._desk.dock.notice("The tutor is still thinking. What you write meanwhile stays in the box.")
        return self._busy

    # -- commands

    def _ask(self, turn: AsyncIterator[e.Event]) -> None:
        """Something that one may ask for while a question is open."""
        if self._is_busy_and_says_so():
            return
        if self._conversation.turn == "answer":
            self._drive(turn)
        else:
            self._desk.dock.notice("Not now: please answer what stands here first.")

    def action_hint(self) -> None:
        """Ask for a hint."""
        if not self._conversation.step.assisted:
            self._desk.dock.notice(f"There are no hints in the exit ticket. {_SKIPS}.")
            return
        self._ask(self._conversation.ask_hint())

    def action_stuck(self) -> None:
        """Say "I'm stuck"."""
        self._ask(self._conversation.say_stuck())

    @work(exclusive=True, group="why")
    async def action_why(self) -> None:
        """Show the ground of the verdicts, which the learner may see differently."""
        conversation = self._conversation
        found = ground(conversation.lesson, conversation.session, conversation.events)
        if not await self.app.push_screen_wait(WhyDialog(found, conversation.trouble)) or found.step is None:
            return
        number = await self.app.push_screen_wait(differ_dialog(found.differing))
        chosen = [each for each in found.differing if str(each.number) == number and not each.noted]
        for each in chosen:
            await self._desk.tell(conversation.disagree(found.step, each.criterion))
            self._desk.dock.notice(NOTED)
            self._desk.talk.settle()

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
        if not isinstance(step, Look):
            self._desk.dock.notice("This question has no source cards.")
        elif self._conversation.turn != "answer":
            self._desk.dock.notice("First answer the line above, then the cards are here again.")
        else:
            self.app.push_screen(CardsDialog(self._conversation, step, self._open_card))

    def on_screen_resume(self) -> None:
        """Back from a dialog."""
        self._desk.talk.keep_place()

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
        self.app.push_screen(keys_dialog(self.KEYS, notes=True))

    def action_menu(self) -> None:
        """Go on without a model that is waited for, or give up the range that is being drawn, or list all commands."""
        if self._waiting.for_model:
            self._go_on_without()
        elif not self._waiting.is_just_over and not self._desk.article.give_up():
            self._menu()

    @work(exclusive=True, group="menu")
    async def _menu(self) -> None:
        action = await self.app.push_screen_wait(menu_dialog(self.KEYS))
        if action:
            await self.run_action(action)

    def action_theme(self) -> None:
        """Switch between light and dark."""
        self.run_worker(self.app.run_action("app.switch_theme"))

    def action_leave(self) -> None:
        """Ask where to go, and leave."""
        self._ask_and_leave()

    @work(exclusive=True, group="leave")
    async def _ask_and_leave(self) -> None:
        self.save()
        kept = self._kept
        trouble = (trouble_of(kept) or note_of(kept)) if kept else None
        can_save = kept is not None and can_be_saved(kept)
        answer = await self.app.push_screen_wait(leave_dialog(trouble, can_save=can_save))
        if answer == "elsewhere":
            self.action_elsewhere()
        if answer in ("library", "quit"):
            self._leave("quit" if answer == "quit" else "library")

    @work(exclusive=True, group="elsewhere")
    async def action_elsewhere(self) -> None:
        """Save everything in another place, and go on there."""
        self.save()
        if self._kept and self._command:
            await save_elsewhere(self.app, self._kept, self._command, self._show_trouble)

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
