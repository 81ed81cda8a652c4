"""The box for answers in the learner's own words. It never takes more than an answer may have."""

from __future__ import annotations

from typing import ClassVar

from textual import events
from textual.binding import Binding, BindingType
from textual.message import Message
from textual.widgets import TextArea
from textual.widgets.text_area import Edit, EditResult

from tutor.core.clean import clean
from tutor.core.limits import LONGEST_ANSWER


class AnswerBox(TextArea):
    """A text box in which Enter sends. What would be too long is refused at once, and what stands there stays."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "send", show=False, priority=True),
        Binding("ctrl+j,shift+enter,alt+enter", "new_line", show=False, priority=True),
    ]

    class Sent(Message):
        """The learner sends what stands in the box."""

    class Refused(Message):
        """A text would have made the answer too long; `length` is how long."""

        def __init__(self, length: int) -> None:
            super().__init__()
            self.length = length

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002  Textual's name
        super().__init__(id=id, compact=True, highlight_cursor_line=False, tab_behavior="focus")

    def edit(self, edit: Edit) -> EditResult:
        """Carry out an edit, unless the answer would be too long."""
        replaced = len(self.get_text_range(min(edit.from_location, edit.to_location), edit.bottom))
        length = len(self.text) - replaced + len(edit.text)
        if edit.text and length > LONGEST_ANSWER:
            self.refuse(length)
            return EditResult(self.cursor_location, "")
        return super().edit(edit)

    def on_paste(self, event: events.Paste) -> None:
        """Take pasted text cleaned; a text of millions of characters is not even looked at."""
        event.stop()
        event.prevent_default()
        if len(event.text) > 4 * LONGEST_ANSWER:
            self.refuse(len(event.text))
            return
        start, end = self.selection
        result = self.replace(clean(event.text), start, end, maintain_selection_offset=False)
        self.move_cursor(result.end_location)

    def on_resize(self) -> None:
        """Keep the cursor in view."""
        self.call_after_refresh(self.scroll_cursor_visible)

    def refuse(self, length: int) -> None:
        """Say that a text of so many characters is not taken in."""
        self.post_message(self.Refused(length))

    def put(self, text: str) -> None:
        """Put a text in the place of what stands there; undo brings that back."""
        text = clean(text)[:LONGEST_ANSWER]
        result = self.replace(text, self.document.start, self.document.end, maintain_selection_offset=False)
        self.move_cursor(result.end_location)

    def action_send(self) -> None:
        """Send."""
        self.post_message(self.Sent())

    def action_new_line(self) -> None:
        """Begin a new line."""
        start, end = self.selection
        result = self.replace("\n", start, end, maintain_selection_offset=False)
        self.move_cursor(result.end_location)
