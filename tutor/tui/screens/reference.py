"""What a learner looks things up in: the words of the lesson, the source cards, what was said before."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Mapping
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from tutor.conversation import Conversation
from tutor.core import events as e
from tutor.core.lesson import Look
from tutor.core.words import fold, sentence
from tutor.report.transcript import lines_of
from tutor.tui.place import place_of
from tutor.tui.screens.base import Dialog, TextDialog
from tutor.tui.text import joined, shown
from tutor.tui.widgets.choices import Choice, Choices
from tutor.tui.widgets.line import Line
from tutor.tui.widgets.talk import worded


class WordsDialog(Dialog[None]):
    """What words mean; typing narrows the list."""

    FOOT = "Type to search · Tab and arrows scroll · Esc closes"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("down", "scroll(1)", show=False),
        Binding("up", "scroll(-1)", show=False),
    ]

    def __init__(self, terms: Mapping[str, str]) -> None:
        super().__init__("Words")
        self._terms = terms

    def body(self) -> Iterable[Widget]:
        """A line to type in, and the words."""
        yield Line(placeholder="a word, or a part of it", compact=True)
        yield VerticalScroll(Static(self._listed(""), markup=False, id="terms"))

    def on_input_changed(self, event: Line.Changed) -> None:
        """Show the words that fit."""
        self.query_one("#terms", Static).update(self._listed(event.value))

    def action_scroll(self, lines: int) -> None:
        """Scroll while the cursor is in the line."""
        self.query_one(VerticalScroll).scroll_relative(y=lines, animate=False)

    def _listed(self, wanted: str) -> Content:
        piece = fold(wanted).strip()
        found = [term for term in sorted(self._terms, key=fold) if piece in fold(term)]
        if not found:
            return shown("No such word here. Try a part of it, or ask your teacher.")
        return Content("\n\n").join(
            joined((term, "bold $accent"), "\n", sentence(self._terms[term])) for term in found
        )  # fmt: skip


class CardsDialog(Dialog[None]):
    """The source cards of a question: a list with its budget, and the cards opened, to be read as often as wanted."""

    FOOT = "Enter opens a card · Tab and arrows scroll it · Esc closes"

    def __init__(self, conversation: Conversation, step: Look, open_card: Callable[[str], Awaitable[object]]) -> None:
        super().__init__("Source cards")
        self._conversation = conversation
        self._step = step
        self._open_card = open_card
        self._shown_card: str | None = next(iter(conversation.session.step.cards), None)

    def body(self) -> Iterable[Widget]:
        """The budget, the list, and the card that is open."""
        yield Static(self._budget(), markup=False, id="budget")
        yield Choices(self._choices(), highlight=0)
        yield VerticalScroll(Static(self._card(), markup=False, id="card"), id="card-pane")

    async def on_choices_chosen(self, event: Choices.Chosen) -> None:
        """Open the card, if the budget allows it, and show it."""
        card = event.choice.id
        if card not in self._opened:
            if len(self._opened) >= self._step.allowance:
                self.query_one("#budget", Static).update(self._budget(spent=True))
                return
            await self._open_card(card)
        if card in self._opened:
            self._shown_card = card
        number = self._step.cards.index(card)
        await self.query_one(Choices).show(self._choices(), highlight=number)
        self.query_one("#budget", Static).update(self._budget())
        self.query_one("#card", Static).update(self._card())
        self.query_one("#card-pane").scroll_home(animate=False)

    @property
    def _opened(self) -> tuple[str, ...]:
        return self._conversation.session.step.cards

    def _budget(self, *, spent: bool = False) -> Content:
        allowance, opened = self._step.allowance, len(self._opened)
        text = f"{opened} of {allowance} opened."
        if spent:
            return joined((text, "bold"), " That is all this question allows; the cards you opened stay readable.")
        return joined((text, "bold"), " Choose with care: what would tell you most?" if opened < allowance else "")

    def _choices(self) -> Iterable[Choice]:
        for number, card_id in enumerate(self._step.cards, 1):
            card = self._conversation.lesson.source(card_id)
            detail = "\n".join(each for each in (card.outlet, card.snippet) if each)
            yield Choice(card_id, str(number), card.title, detail, "(opened)" if card_id in self._opened else "")

    def _card(self) -> Content:
        if self._shown_card is None:
            return shown("No card is open yet.", "$muted")
        card = self._conversation.lesson.source(self._shown_card)
        outlet = f"\n{card.outlet}" if card.outlet else ""
        return joined((card.title, "bold $accent"), (outlet, "$muted"), f"\n\n{card.body}")


def look_back_dialog(conversation: Conversation) -> TextDialog:
    """Everything that was said so far, step by step."""
    parts: list[Content] = []
    for event in conversation.events:
        payload = event.payload
        if isinstance(payload, e.Opened):
            place = place_of(conversation.lesson, payload.step, payload.part)
            where = f"{place.part}, {place.title}" if place.part else place.title
            parts.append(joined((f"── {where} ──", "bold $muted")))
        lines = [worded(payload, line) for line in lines_of(conversation.lesson, event, conversation.phrases)]
        if lines:
            parts.append(Content("\n").join(lines))
    return TextDialog("Looking back", parts, at_end=True)
