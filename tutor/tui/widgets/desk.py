"""Article, conversation and answer side by side, or one below the other: paints events, and whose turn it is."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import ClassVar

from textual.containers import Container
from textual.layout import Layout
from textual.layouts.vertical import VerticalLayout
from textual.reactive import reactive
from textual.widget import Widget

from tutor.conversation import Conversation
from tutor.core import events as e
from tutor.core.lesson import Choose, Find, Look, Rewrite
from tutor.core.wording import idea_in_question
from tutor.report.transcript import lines_of
from tutor.tui.place import Mode, ideas_of, mode_of, place_of, tried_options, visited_blocks
from tutor.tui.pointing import Pointer
from tutor.tui.widgets.article import ArticlePane
from tutor.tui.widgets.choices import Choice
from tutor.tui.widgets.dock import OFFERS, Dock, options_of
from tutor.tui.widgets.ideas import IdeasBar
from tutor.tui.widgets.room import ArticleAboveSide, Column
from tutor.tui.widgets.talk import MOST, StepRule, TalkPane, Utterance

VIEWS = ("both", "article", "talk")
BELOW = "▼ more below: PageDown"
_ONE_ABOVE_THE_OTHER = ArticleAboveSide(least=3)


class Desk(Container):
    """What lies before the learner. It knows the conversation only to paint it."""

    view: reactive[str] = reactive("both")
    _LEGEND: ClassVar[str] = "Article   ▌ this question   ▏ read before"

    def __init__(self, conversation: Conversation) -> None:
        super().__init__(id="desk")
        self._conversation = conversation
        self.article = ArticlePane(id="article")
        self.talk = TalkPane(id="talk")
        self.ideas = IdeasBar()
        self.dock = Dock(id="dock")
        self.offers: Mapping[Mode, tuple[Choice, ...]] = OFFERS
        """What one may choose at the points that are the same in every lesson."""
        self._seen: tuple[str | None, Mode] = (None, "tutor")
        self._pointing_at: str | None = None
        self._set_aside: dict[str, Pointer] = {}
        """What was picked in a step, while something else is asked."""

    def compose(self) -> Iterable[Widget]:
        """The article on one side, conversation and answer on the other."""
        yield self.article
        with Column((lambda widget: widget is self.dock, 2), id="side"):
            yield self.talk
            yield self.ideas
            yield self.dock

    @property
    def layout(self) -> Layout:
        """Side by side in a wide window; else the article gives way to what the learner has to do."""
        layout = super().layout
        return _ONE_ABOVE_THE_OTHER if isinstance(layout, VerticalLayout) else layout

    def on_mount(self) -> None:
        """Name the panes."""
        self.article.border_title = self._LEGEND
        self.talk.border_title = "Conversation"

    def on_talk_pane_below(self, event: TalkPane.Below) -> None:
        """Say right below the conversation that it goes on."""
        self.dock.border_title = BELOW if event.more else ""

    def on_dock_noticed(self) -> None:
        """What is said below the article is to be seen."""
        self._uncover()

    def watch_view(self, view: str) -> None:
        """Show both sides, or one of them alone."""
        for each in VIEWS:
            self.set_class(each == view, f"-only-{each}")

    def turn_view(self) -> None:
        """The article alone, the conversation alone, both: one after the other."""
        self.view = VIEWS[(VIEWS.index(self.view) + 1) % len(VIEWS)]
        if self.view == "article":
            self.article.focus()
        else:
            self.focus_answer()

    async def recall(self) -> None:
        """Paint what was said before, the newest of it."""
        widgets = [widget for event in self._conversation.events for widget in self._painted(event)]
        await self.talk.add(widgets[-MOST:])
        self.talk.settle_at_end()

    async def tell(self, event: e.Event) -> None:
        """Paint one event; what is said is to be seen, also by somebody who had the article alone."""
        widgets = list(self._painted(event))
        await self.talk.add(widgets)
        if any(isinstance(widget, Utterance) and widget.line.who != "learner" for widget in widgets):
            self._uncover()

    async def show_turn(self) -> bool:
        """Show whose turn it is and for what; returns whether that is another task than before."""
        conversation = self._conversation
        session, lesson = conversation.session, conversation.lesson
        self.talk.settle()
        self.dock.wait("")
        mode = mode_of(conversation)
        if session.current is None:
            await self.dock.show_choices(mode, "", self.offers["tutor"], highlight=0)
            self.dock.choices.focus()
            return False
        step = lesson.step(session.current)
        self.ideas.show(ideas_of(lesson, session.step))
        is_new = (step.id, mode) != self._seen
        if step.id != self._seen[0]:
            await self._open()
        self._seen = (step.id, mode)
        await self._show_control(mode, is_new=is_new)
        if is_new:
            self.focus_answer()
        return is_new

    def focus_answer(self) -> None:
        """Put the cursor where the learner answers."""
        mode = self._seen[1]
        if mode == "find":
            self.view = "both" if self.view == "talk" else self.view
            self.article.focus()
            return
        self.view = "both" if self.view == "article" else self.view
        if mode == "write":
            self.dock.box.focus()
        else:
            self.dock.choices.focus()

    def _uncover(self) -> None:
        if self.view == "article":
            self.view = "both"

    def _painted(self, event: e.Event) -> Iterator[Widget]:
        conversation, payload = self._conversation, event.payload
        if isinstance(payload, e.Opened):
            place = place_of(conversation.lesson, payload.step, payload.part)
            title = f"Exit ticket, {place.title}" if place.in_exit else place.title.capitalize()
            yield StepRule(title)
        for line in lines_of(conversation.lesson, event, conversation.phrases):
            yield Utterance(payload, line)

    async def _open(self) -> None:
        """Show what a step is about in the article."""
        lesson, session = self._conversation.lesson, self._conversation.session
        step = self._conversation.step
        article = lesson.article_of(step.id)
        await self.article.show(article, step.at, visited_blocks(lesson, session))
        source = lesson.marks_of(step.id).get(step.source or "") if isinstance(step, Rewrite) else None
        if source:
            span = article.span(source)
            self.article.underline(span.block, span.start, span.end)
        else:
            self.article.underline("", 0, 0)

    async def _show_control(self, mode: Mode, *, is_new: bool) -> None:
        conversation, step = self._conversation, self._conversation.step
        if mode != "find" and self.article.pointer:
            self._set_aside = {self._pointing_at or "": self.article.pointer}
            self.article.point(())
        match mode:
            case "choose" if isinstance(step, Choose):
                await self.dock.show_choices(mode, "", options_of(step, tried_options(conversation.session)))
            case "find" if isinstance(step, Find):
                self.dock.show_other(mode)
                if is_new:
                    blocks = conversation.lesson.article_of(step.id).blocks
                    lit = tuple(block for block in blocks if block.id in step.at)
                    self.article.point(lit, self._set_aside.get(step.id))
                    self._pointing_at = step.id
                else:
                    self.show_pointer()
            case "write":
                self.dock.show_other(mode, self._lead())
            case "confidence":
                levels = enumerate(conversation.phrases.confidence_levels, 1)
                choices = [Choice(str(level), str(level), name) for level, name in levels]
                await self.dock.show_choices(mode, conversation.phrases.confidence, choices)
            case "tutor":  # something broke: one Enter sends what was sent once more
                await self.dock.show_choices(mode, "", self.offers[mode], highlight=0)
            case "self-check":
                idea = idea_in_question(conversation.lesson, conversation.session)
                prompt = f"Did you have this in mind: {idea}?" if idea else ""
                await self.dock.show_choices(mode, prompt, self.offers[mode])
            case "rest" | "over":
                await self.dock.show_choices(mode, "", self.offers[mode])
            case _:
                self.dock.show_other(mode)

    def show_pointer(self) -> None:
        """List what is picked in the article."""
        step = self._conversation.step
        if self.article.pointer and isinstance(step, Find):
            found = len(self._conversation.session.step.hits) if step.assisted else 0
            self.dock.show_pointer(self.article.pointer, found, step.needed)

    def _lead(self) -> str:
        """What stands above the box."""
        step, state = self._conversation.step, self._conversation.session.step
        lead = "Add to your answer" if state.probing else ""
        if isinstance(step, Look):
            return f"{lead or 'In your own words'}. Cards: F8 ({len(state.cards)} of {step.allowance} open)"
        marks = self._conversation.lesson.marks_of(step.id)
        if isinstance(step, Rewrite) and step.source in marks:
            return lead or "Write it anew: the underlined words"
        return lead
