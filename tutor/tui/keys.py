"""The keys: one table, from which bindings, footer, menu and help are made, so that none of them can lie."""

from __future__ import annotations

from dataclasses import dataclass

from textual.binding import Binding


@dataclass(frozen=True, slots=True)
class Key:
    """A command of a screen: its keys as Textual names them, how they are shown, its name, what it does.

    `letter` and `menu` are its key and its words in the menu; without a letter it is not listed there.
    """

    action: str
    keys: str
    shown: str
    label: str
    help: str
    letter: str = ""
    menu: str = ""


HELP = Key("help", "f1", "F1", "Help", "This list of keys.", "k", "All keys")
THEME = Key("theme", "f12", "F12", "Light/dark", "Switch between the light and the dark theme.", "d", "Light or dark")
LEAVE = Key("leave", "f10,ctrl+q", "F10", "Leave", "Leave the lesson; your place is saved. Also Ctrl+Q.", "q", "Leave")
MENU = Key("menu", "escape", "Esc", "Menu", "All commands in a list, for terminals that keep the F keys to themselves.")

LESSON_KEYS: tuple[Key, ...] = (
    HELP,
    Key(
        "hint",
        "f2",
        "F2",
        "Hint",
        "Ask for a hint. It costs nothing and never gives the answer away.",
        "h",
        "A hint, please",
    ),
    Key(
        "stuck",
        "f3",
        "F3",
        "Stuck",
        "Say that you are stuck. In the exit ticket: skip the question.",
        "s",
        "I'm stuck (exit ticket: skip)",
    ),
    Key(
        "why",
        "f4",
        "F4",
        "Why",
        "Why the tutor said that, and who judged. If you see it differently, say so there. What keeps a language model "
        "from helping stands there, too.",
        "w",
        "Why did the tutor say that?",
    ),
    Key(
        "look_back",
        "f5",
        "F5",
        "Back",
        "Look back at everything that was said so far.",
        "b",
        "Look back at what was said",
    ),
    Key(
        "article",
        "f6",
        "F6",
        "Article",
        "The article larger, alone, or beside the conversation again.",
        "a",
        "Article larger, alone, or beside",
    ),
    Key("words", "f7", "F7", "Words", "Look up what a word means.", "m", "What does a word mean?"),
    Key("cards", "f8", "F8", "Cards", "The source cards, where a question has some.", "c", "Source cards"),
    Key(
        "copy",
        "f9,ctrl+c",
        "F9",
        "Copy",
        "Copy the selected text, or what the tutor said last. Also Ctrl+C.",
        "y",
        "Copy",
    ),
    LEAVE,
    MENU,
)
PREVIEW_KEYS: tuple[Key, ...] = (
    Key("previous", "ctrl+p", "Ctrl+P", "Prev", "To the step before.", "p", "The step before"),
    Key("next", "ctrl+n", "Ctrl+N", "Next", "To the following step.", "n", "The next step"),
    Key("go_to", "ctrl+g", "Ctrl+G", "Step", "Choose a step to go to.", "g", "Go to a step"),
    Key(
        "play",
        "ctrl+t",
        "Ctrl+T",
        "Play",
        "Play the next sample of the step: its answer is filled in and sent. A choice plays its options, pointing its "
        "targets and decoys.",
        "t",
        "Try the next sample",
    ),
    Key(
        "samples",
        "ctrl+l",
        "Ctrl+L",
        "List",
        "List the samples of the step, with what the judge says of each, and play one.",
        "l",
        "List the samples",
    ),
    Key("bar", "ctrl+o", "Ctrl+O", "Bar", "The bar below: in short, in full, or closed.", "o", "Bar open or closed"),
)
"""The teacher's keys in the preview; those of the lesson work there, too."""
LEAVE_PREVIEW = Key(
    "leave", "f10,ctrl+q", "F10", "Leave", "Leave the preview; nothing of it is kept. Also Ctrl+Q.", "q", "Leave"
)
LIBRARY_KEYS: tuple[Key, ...] = (
    HELP,
    Key("nickname", "f2", "F2", "Nickname", "Change who is learning."),
    THEME,
    Key("leave", "f10,ctrl+q", "F10", "Quit", "Quit Closeread. Also Ctrl+Q."),
)
END_KEYS: tuple[Key, ...] = (
    HELP,
    Key("look_back", "f5", "F5", "Back", "Look back at everything that was said."),
    Key("copy", "f9,ctrl+c", "F9", "Copy", "Copy the selected text. Also Ctrl+C."),
    THEME,
    Key("leave", "f10,ctrl+q,escape", "F10", "Library", "Back to the library. Also Esc and Ctrl+Q."),
)


@dataclass(frozen=True, slots=True)
class Tip:
    """A key of the present task, for the footer; `action` is what a click on it does, where one makes sense."""

    shown: str
    label: str
    action: str = ""


_TAB = Tip("Tab", "Pane", "app.focus_next")
_CHOICE = (Tip("↑ ↓", "Move"), Tip("Enter", "Choose", "send"), _TAB)
WRITE_TIPS = (
    Tip("Enter", "Send", "send"),
    Tip("Ctrl+J", "New line", "new_line"),
    Tip("Ctrl+R", "Recall", "recall"),
    _TAB,
)
FIND_TIPS = (
    Tip("Arrows", "Word"),
    Tip("Space", "Begin/end", "pick"),
    Tip("Del", "Undo", "unpick"),
    Tip("Enter", "Send", "send"),
    _TAB,
)
WAITING_TIPS = (Tip("Esc", "Go on without waiting", "menu"), Tip("Ctrl+J", "New line", "new_line"), _TAB)


def choice_tips(count: int) -> tuple[Tip, ...]:
    """The keys for choosing one of `count`."""
    return (Tip(f"1-{count}", "Choose"), *_CHOICE)


def bindings(keys: tuple[Key, ...]) -> list[Binding]:
    """The bindings of a screen. They come before the text box, which would take F6 and F7 for itself."""
    return [Binding(key.keys, key.action, key.label, show=False, priority=True) for key in keys]


HELP_NOTES: tuple[tuple[str, tuple[tuple[str, str], ...]], ...] = (
    (
        "Choosing an answer",
        (
            ("1, 2, 3 ...", "Choose by number. A click does the same."),
            ("Up, Down, Enter", "Move to an answer and choose it."),
        ),
    ),
    (
        "Pointing at words",
        (
            ("Arrows", "Go from word to word, and from line to line."),
            ("Space", "Begin at this word; go on with the arrows; Space again ends the selection."),
            ("Shift+Arrows", "Begin and extend in one go; Space ends the selection."),
            ("Home, End", "To the first or last word of the line."),
            ("Delete, Backspace", "Take a selection back. You can make several."),
            ("Enter", "Send. With the mouse: click a word, or drag from the first word to the last."),
        ),
    ),
    (
        "Writing",
        (
            ("Enter", "Send what you have written."),
            ("Ctrl+J", "A new line. In some terminals also Shift+Enter or Alt+Enter."),
            ("Ctrl+R", "Put your last answer to this question back into the box."),
            ("Ctrl+Z, Ctrl+Y", "Undo, redo."),
            ("PageUp, PageDown", "Scroll the conversation while you write."),
        ),
    ),
    (
        "Moving about",
        (
            ("Tab, Shift+Tab", "To the next pane or back: article, conversation, answer."),
            ("Arrows, PageUp, PageDown", "Scroll the pane that you are in; Home and End go to its ends."),
            ("Esc", "Close what is open; in a lesson, open the menu."),
            ("Ctrl+S", "Save everything in another place, such as a USB stick: when the disk is full, for one."),
            ("Esc, while the tutor is thinking", "Go on without waiting: your teacher's rules and words stand in."),
        ),
    ),
)
