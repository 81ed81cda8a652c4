"""The preview: the lesson's own screen, for its teacher, with a bar that shows what a learner may not see."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar, Protocol

from textual import work
from textual.app import ComposeResult
from textual.binding import BindingType

from tutor.conversation import Conversation
from tutor.core import events as e
from tutor.core.lesson import Lesson
from tutor.report.transcript import answer_text
from tutor.tui.house import LessonHouse
from tutor.tui.keys import LEAVE, LEAVE_PREVIEW, LESSON_KEYS, PREVIEW_KEYS, Key, bindings
from tutor.tui.place import Mode, mode_of
from tutor.tui.screens.base import ChoiceDialog
from tutor.tui.screens.lesson import LessonScreen
from tutor.tui.screens.turns import After
from tutor.tui.widgets.choices import Choice
from tutor.tui.widgets.dock import OFFERS
from tutor.tui.widgets.preview_bar import Bar, PreviewBar, Size

Answer = e.Chosen | e.Pointed | e.Written
WATCH_SECONDS = 0.5
"""How often it is looked whether a file was saved."""
_LEGEND = "What the lesson says of it → what the judge says (? it is unsure, ! it says otherwise)."
_KEYS = "123456789abcdefghijklmnopqrstuvwxyz"
_OVER: dict[After, str] = {
    "end": "This is the end: a learner sees their way through the text now. Ctrl+G goes to a step, F10 leaves.",
    "library": "A learner would leave the lesson here. Ctrl+G goes to a step, F10 leaves the preview.",
}


_NOTHING_KEPT = "A learner's {} is saved here. Of the preview, nothing is kept."
_OFFERS: dict[Mode, tuple[Choice, ...]] = OFFERS | {
    "rest": (Choice("go-on", "1", "Go on"), Choice("stop", "2", "Stop here", _NOTHING_KEPT.format("place"))),
    "tutor": (
        Choice("again", "1", "Try again"),
        Choice("library", "2", "Back to the library", _NOTHING_KEPT.format("answer")),
    ),
}


class Playable(Protocol):
    """An answer to play: what it is by the lesson, what the judge says, how the two compare, and the answer."""

    @property
    def label(self) -> str:
        """What it is by the lesson."""
        ...

    @property
    def says(self) -> str:
        """What the judge says."""
        ...

    @property
    def match(self) -> str:
        """Whether the two are the same, another, or the judge is unsure."""
        ...

    @property
    def answer(self) -> Answer:
        """The answer itself."""
        ...


class PreviewHouse(LessonHouse, Protocol):
    """What the preview needs besides. `reload` may take long, and is called off the event loop."""

    @property
    def lesson(self) -> Lesson:
        """The last version that could be read; another object once it has changed."""
        ...

    @property
    def mistakes(self) -> Sequence[str]:
        """What is wrong in the files as they are now."""
        ...

    def reload(self) -> None:
        """Look whether a file was saved, and read it."""
        ...

    def begin(self, step: str, draft: str = "") -> Conversation:
        """A conversation at a step of the lesson, with an answer half typed."""
        ...

    async def bar(self, conversation: Conversation, answer: Answer | None) -> Bar:
        """What the bar says when this answer is about to be sent."""
        ...

    async def playables(self, conversation: Conversation, step: str) -> Sequence[Playable]:
        """The answers that can be played to a step."""
        ...


@dataclass(frozen=True)
class Way:
    """What one screen of the preview hands on to the next: the bar's size, which panes are shown, a note, and which
    answer is to be played to which step.
    """

    size: Size = "short"
    view: str = "both"
    note: str = ""
    play: tuple[str, int] | None = None


class PreviewScreen(LessonScreen):
    """The preview at one step. Every jump, every saved change and every sample begins a conversation anew, and with it
    another screen.
    """

    KEYS: ClassVar[tuple[Key, ...]] = (*(key for key in LESSON_KEYS if key is not LEAVE), *PREVIEW_KEYS, LEAVE_PREVIEW)
    BINDINGS: ClassVar[list[BindingType]] = [*bindings(PREVIEW_KEYS)]

    def __init__(self, preview: PreviewHouse, conversation: Conversation, way: Way) -> None:
        super().__init__(preview, conversation)
        self._desk.offers = _OFFERS
        self._preview = preview
        self._way = way
        self._bar = PreviewBar(way.size)
        self._play_next = way.play

    def compose(self) -> ComposeResult:
        """The lesson, and below it what only its teacher sees."""
        yield from super().compose()
        yield self._bar

    async def on_mount(self) -> None:
        """Go on as on the screen before; follow what is done, and the files."""
        self._desk.view = self._way.view
        self._bar.show_note(self._way.note)
        self.watch(self._desk.dock.choices, "highlighted", self._follow, init=False)
        self._watch_files()

    # -- the bar

    def turned(self) -> None:
        """Say what the bar says now; play what was to be played."""
        self._make_room()
        self._look_ahead()
        number, self._play_next = self._play_next, None
        if number is not None:
            self._play(*number)

    def on_text_area_changed(self) -> None:
        """Follow what is typed."""
        self._follow()

    def on_article_pane_changed(self) -> None:
        """Follow what is picked."""
        self._follow()

    def _follow(self) -> None:
        self._look_ahead()

    @work(exclusive=True, group="ahead", exit_on_error=False)
    async def _look_ahead(self) -> None:
        self._bar.show(await self._preview.bar(self._conversation, self._answer_so_far()))

    def _answer_so_far(self) -> Answer | None:
        dock, pointer = self._desk.dock, self._desk.article.pointer
        match mode_of(self._conversation):
            case "write" if dock.box.text.strip():
                return e.Written(text=dock.box.text)
            case "find" if pointer is not None and pointer.picks:
                return e.Pointed(selections=pointer.selections)
            case "choose" if dock.choices.highlighted is not None:
                choice = dock.choices.entries[dock.choices.highlighted].choice
                return e.Chosen(option=int(choice.id), text=choice.text)
            case _:
                return None

    def action_bar(self) -> None:
        """The bar in short, in full, closed."""
        self._bar.turn()
        self._make_room()

    def _make_room(self) -> None:
        """In a low window, the article gives way to a bar in full, unless it is where the answer is given."""
        self.set_class(self._bar.size_ == "full" and mode_of(self._conversation) != "find", "-bar-first")

    # -- going somewhere

    @property
    def _step_id(self) -> str:
        return self._conversation.session.step.id

    def action_next(self) -> None:
        """To the following step of the file."""
        self._go_by(1)

    def action_previous(self) -> None:
        """To the step before."""
        self._go_by(-1)

    def _go_by(self, steps: int) -> None:
        ids = step_ids(self._conversation.lesson)
        number = ids.index(self._step_id) + steps
        if 0 <= number < len(ids):
            self._anew(ids[number])
        else:
            self._desk.dock.notice("This is the last step." if steps > 0 else "This is the first step.")

    @work(exclusive=True, group="dialog")
    async def action_go_to(self) -> None:
        """Choose a step to go to."""
        lesson, ids = self._conversation.lesson, step_ids(self._conversation.lesson)
        choices = [_step_choice(lesson, step, number) for number, step in enumerate(ids)]
        dialog = ChoiceDialog("Go to a step", "", choices, highlight=ids.index(self._step_id))
        step = await self.app.push_screen_wait(dialog)
        if step:
            self._anew(step)

    def _anew(self, step: str, *, note: str = "", draft: str = "", play: int | None = None) -> None:
        if self.app.screen is not self:
            return  # a key was quicker than the screen
        conversation = self._preview.begin(step, draft)
        view = self._desk.view if self._desk.is_mounted else self._way.view
        way = Way(self._bar.size_, view, note, None if play is None else (step, play))
        self.app.switch_screen(PreviewScreen(self._preview, conversation, way))

    # -- samples

    async def action_play(self) -> None:
        """Play the next sample of the step; after one was played, the next one of the same step."""
        step, number = self._step_id, 0
        if self._way.play is not None and self._count_answers() <= 1:
            step, number = self._way.play[0], self._way.play[1] + 1
        playables = await self._preview.playables(self._conversation, step)
        if number >= len(playables):
            step, number = self._step_id, 0
        self._play_anew(step, number)

    @work(exclusive=True, group="dialog")
    async def action_samples(self) -> None:
        """List the samples of the step, and play one."""
        step = self._step_id
        playables = await self._preview.playables(self._conversation, step)
        if not playables:
            self._desk.dock.notice("This step has no samples yet.")
            return
        choices = [_sample_choice(each, number) for number, each in enumerate(playables)]
        chosen = await self.app.push_screen_wait(ChoiceDialog(f"Play an answer to {step}", _LEGEND, choices))
        if chosen:
            self._play_anew(step, int(chosen))

    def _play_anew(self, step: str, number: int) -> None:
        """Play an answer as the first one to its step."""
        self._anew(step, play=number)

    @work(exclusive=True, group="play")
    async def _play(self, step: str, number: int) -> None:
        playables = await self._preview.playables(self._conversation, step)
        if number >= len(playables):
            self._desk.dock.notice("This step has no samples yet.")
            return
        played = playables[number]
        self._bar.show_note(f"Played {number + 1} of {len(playables)} to {step}: {_compared(played)}")
        if isinstance(played.answer, e.Written):
            self._desk.dock.box.put(played.answer.text)
        self._drive(self._conversation.answer(played.answer))

    def _count_answers(self) -> int:
        return sum(isinstance(event.payload, e.Answered) for event in self._conversation.events)

    # -- the files

    @work(group="watch", exit_on_error=False)
    async def _watch_files(self) -> None:
        """Begin anew at the same step, with what stands in the box, when the lesson was saved."""
        while True:
            self._bar.show_mistakes(self._preview.mistakes)
            if self._preview.lesson is not self._conversation.lesson and self.app.screen is self and not self._busy:
                step, note = self._same_step()
                self._anew(step, note=note, draft=self._desk.dock.box.text)
                return
            await asyncio.sleep(WATCH_SECONDS)
            await asyncio.to_thread(self._preview.reload)

    def _same_step(self) -> tuple[str, str]:
        """The step with the same name, else the one in the same place; and what to say about it."""
        before, now = step_ids(self._conversation.lesson), step_ids(self._preview.lesson)
        if self._step_id in now:
            return self._step_id, "Saved: this is the lesson as it is now."
        step = now[min(before.index(self._step_id), len(now) - 1)]
        return step, f"Saved: there is no step {self._step_id} any more; this is the lesson as it is now."

    # -- leaving

    def action_leave(self) -> None:
        """Leave at once: there is nothing to lose."""
        self.app.exit()

    def _close(self, after: After) -> None:
        self._desk.dock.notice(_OVER[after])


def step_ids(lesson: Lesson) -> list[str]:
    """The steps of a lesson in the file's order, those of the exit ticket last."""
    return [step.id for step in (*lesson.steps, *(lesson.exit.steps if lesson.exit else ()))]


def _step_choice(lesson: Lesson, step_id: str, number: int) -> Choice:
    step = lesson.step(step_id)
    place = f"{step.do}, {', '.join(step.at)}{', exit ticket' if lesson.in_exit(step_id) else ''}"
    return Choice(step_id, _key(number), step_id, step.ask, f"({place})")


def _sample_choice(playable: Playable, number: int) -> Choice:
    text = " ".join(answer_text(playable.answer).split()) or "(nothing)"
    return Choice(str(number), _key(number), text, _compared(playable))


def _compared(playable: Playable) -> str:
    if playable.match == "same":
        return (
            f"{playable.label} → the judge says the same"
            if playable.label == playable.says
            else f"{playable.label} → {playable.says}"
        )
    sign = "?" if playable.match == "unsure" else "!"
    return f"{sign} {playable.label} → {playable.says}"


def _key(number: int) -> str:
    return _KEYS[number] if number < len(_KEYS) else ""
