"""Where the learner answers: a list to choose from, a box to write in, or what was picked in the article."""

from __future__ import annotations

from collections.abc import Iterable

from textual.content import Content
from textual.message import Message
from textual.widget import Widget
from textual.widgets import Static

from tutor.core.lesson import Choose
from tutor.core.limits import LONGEST_ANSWER
from tutor.tui.place import Mode
from tutor.tui.pointing import Pointer
from tutor.tui.text import joined, shown
from tutor.tui.widgets.answer_box import AnswerBox
from tutor.tui.widgets.choices import Choice, Choices, LineChoices
from tutor.tui.widgets.room import Column

_CONTROLS: dict[Mode, str] = {"write": "box", "find": "pointed", "pause": ""}
_PROMPTS: dict[Mode, str] = {
    "choose": "Choose an answer",
    "find": "Point at words in the article",
    "write": "Answer in your own words",
    "self-check": "Did you have this idea in mind?",
    "rest": "Go on, or stop here",
    "over": "What next?",
    "pause": "The lesson is paused",
    "tutor": "The tutor could not go on",
}
OFFERS: dict[Mode, tuple[Choice, ...]] = {
    "rest": (
        Choice("go-on", "1", "Go on"),
        Choice("stop", "2", "Stop here", "Your place is saved; you can come back at any time."),
    ),
    "over": (
        Choice(
            "end", "1", "See your way through the text", "The article with its notes and your own words beside them."
        ),
        Choice("library", "2", "Back to the library"),
    ),
    "tutor": (
        Choice("again", "1", "Try again"),
        Choice("library", "2", "Back to the library", "Your answer is saved; the tutor goes on from there next time."),
    ),
    "self-check": (Choice("yes", "1", "Yes, I had that in mind"), Choice("no", "2", "No, not yet")),
}
"""What the learner may choose at the points that are the same in every lesson."""

_HIDDEN = {
    (False, False): "",
    (False, True): "▼ more below",
    (True, False): "▲ more above",
    (True, True): "▲ more above, ▼ below",
}
"""Where there is more to choose from than can be seen: above, below."""


class Dock(Column):
    """One of its controls is shown at a time; the text in the box stays, whatever else is shown meanwhile."""

    class Noticed(Message):
        """A sentence was put here that wants to be seen."""

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002  Textual's name
        super().__init__((lambda widget: widget in (self.choices, self.box), 1), id=id)
        self.choices = LineChoices(id="choices")
        self.box = AnswerBox(id="box")
        self._pointed = Static("", markup=False, id="pointed")
        self._prompt = Static("", markup=False, id="prompt")
        self._notice = Static("", markup=False, id="notice")
        self._mode: Mode = "pause"
        self._lead = ""
        self._meanwhile = ""
        self._hidden = ""

    def compose(self) -> Iterable[Widget]:
        """The prompt and the controls."""
        yield self._prompt
        yield self._notice
        yield self.choices
        yield self.box
        yield self._pointed

    def on_mount(self) -> None:
        """Nothing to answer yet."""
        self._show_control("pause")

    def on_choices_hidden(self, event: Choices.Hidden) -> None:
        """Say where there is more to choose from; a scroll bar alone is easily overlooked."""
        event.stop()
        self._hidden = _HIDDEN[event.above, event.below]
        self._show_prompt()

    async def show_choices(
        self, mode: Mode, prompt: str, choices: Iterable[Choice], *, highlight: int | None = None
    ) -> None:
        """Let the learner choose one."""
        self._lead = prompt or _PROMPTS[mode]
        await self.choices.show(choices, highlight=highlight)
        self._show_control(mode)

    def show_other(self, mode: Mode, lead: str = "") -> None:
        """Let the learner write or point, or wait."""
        self._lead = lead or _PROMPTS[mode]
        self._show_control(mode)

    def show_pointer(self, pointer: Pointer, found: int, needed: int) -> None:
        """List the words that are picked."""
        picks = [f"{number} “{pointer.words(each)}”" for number, each in enumerate(pointer.picks, 1)]
        lines = [shown(pick) for pick in picks]
        if pointer.open_range:
            lines.append(
                joined(("… ", "bold"), f"“{pointer.words(pointer.open_range)}”", ("  Space ends it", "$muted"))
            )
        if not lines:
            lines.append(
                shown("Go to a word, press Space, go to the last word, press Space. Or drag with the mouse.", "$muted")
            )
        self._pointed.update(Content("\n").join(lines))
        places = "one place" if needed == 1 else f"{needed} places"
        self._lead = f"{_PROMPTS['find']}: {f'{found} of {needed} found' if found else places}"
        self._show_prompt()

    def show_length(self) -> None:
        """Show how long the text in the box is."""
        self._show_prompt()

    def notice(self, text: str) -> None:
        """A sentence about what cannot be done just now; gone with the next key that changes something."""
        self._notice.update(shown(text))
        self._notice.display = bool(text)
        if text:
            self.post_message(self.Noticed())

    def wait(self, words: str) -> None:
        """Say what is waited for; nothing is where there are no words."""
        self._meanwhile = words
        self._show_prompt()

    def _show_control(self, mode: Mode) -> None:
        self._mode = mode
        wanted = _CONTROLS.get(mode, "choices")
        for control in (self.choices, self.box, self._pointed):
            control.display = control.id == wanted
        self.notice("")
        self._show_prompt()

    def _show_prompt(self) -> None:
        if self._meanwhile:
            self._prompt.update(shown(self._meanwhile, "bold italic"))
            return
        prompt = shown(self._lead, "bold")
        if self._hidden and self.choices.display:
            prompt = prompt.append(joined((f"  {self._hidden}", "bold $accent")))
        if self._mode == "write":
            length = len(self.box.text)
            style = "bold $warning" if length > LONGEST_ANSWER * 0.9 else "$muted"
            prompt = prompt.append(joined((f"  {length} of {LONGEST_ANSWER}", style)))
        self._prompt.update(prompt)


def options_of(step: Choose, tried: frozenset[int]) -> list[Choice]:
    """The options of a step as choices; those chosen before say so."""
    return [
        Choice(str(n), str(n + 1), option.text, mark="(tried)" if n in tried else "", enabled=n not in tried)
        for n, option in enumerate(step.options)
    ]
