"""The lesson: it hands on what the learner does, and has the events painted that follow. The turn itself is not in here."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import TYPE_CHECKING, ClassVar, Literal

from textual import work
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
from tutor.tui.drafts import DraftKeeper
from tutor.tui.keys import FIND_TIPS, LESSON_KEYS, WRITE_TIPS, Tip, bindings, choice_tips
from tutor.tui.place import ideas_of, last_written, mode_of, place_of
from tutor.tui.screens.base import TooSmall
from tutor.tui.screens.dialogs import help_card_dialog
from tutor.tui.screens.lesson_commands import LessonCommands
from tutor.tui.widgets.answer_box import AnswerBox
from tutor.tui.widgets.article import ArticlePane
from tutor.tui.widgets.choices import Choices
from tutor.tui.widgets.desk import Desk
from tutor.tui.widgets.ideas import summed_up
from tutor.tui.widgets.keybar import KeyBar
from tutor.tui.widgets.status import Banner, StatusBar

if TYPE_CHECKING:
    from tutor.bootstrap import House

After = Literal["library", "end", "quit"]
_PATIENCE = 0.3
_BROKE = "Something went wrong in the program ({}). What you wrote is kept: please try once more."
