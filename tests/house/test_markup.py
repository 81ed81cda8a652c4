"""No widget reads markup in text from outside: the rule holds for the program, and it fires where it should."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.house.markup import find_hits, screen_sources

ROOT = Path(__file__).parents[2]
HEAD = """\
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Button, Checkbox, DataTable, Input, Label, Markdown, OptionList, RadioButton, RichLog
from textual.widgets import Select, SelectionList, Static, TabPane, Tree
from textual.widgets.option_list import Option
from tutor.tui.text import joined, shown, shown_line
NAME = "Closeread"
"""
# One on each line.
FIRING = r"""
Static(text)
Static(str(error))
Static(f"{count} words")
Static("a " + text)
Static("%s" % text)
Static("{}".format(text))
Static("\n".join(lines))
Static(content=text)
Static(*lines)
Static(**options)
Static(text, markup=True)
Static(text, markup=is_on)
Static("a", name=text, tooltip=text)
Static(text if text else NAME)
Static(text or "nothing")
Static(lines[0])
Static(self.text)
Static(helper(text))
Static(Content.from_markup(text))
Content.from_markup(f'[b]{text}[/b]')
Content.from_markup("$x" + text, x=text)
Text.from_markup(text)
Label(text)
Button(text)
Button(label=text)
Option(text)
OptionList(text)
OptionList(*lines)
RadioButton(text)
Checkbox(text)
Select([(text, 1)])
SelectionList((text, 1))
Tree(text)
TabPane(text)
Markdown(text)
Markdown(text, markup=False)
widgets.Static(text)
self.app.notify(text)
self.notify(NAME, title=text)
self.notify("done", title=f"{text}")
box.update(text)
self.update(str(error))
options.add_option(text)
options.add_options(lines)
options.add_options(["a", text])
table.add_row(text)
table.add_row('a', *lines)
table.add_columns(text)
tree.root.add(text)
tree.root.add_leaf(text)
log.write(text)
button.set_label(text)
console.print(text)
self.app.exit(message=text)
widget.with_tooltip(text)
self.panic(text)
self.app.open_url(text)
setattr(widget, "border_title", text)
setattr(widget, name, text)
list(map(Static, lines))
partial(Static, text)
[Static for _ in lines]
Input(NAME)
Input(placeholder=text)
select.set_options(lines)
Static(shown)
Static(Content)
Static((text := text))
Static(await text)
Static(lambda: text)
Static([shown(text), text])
notify = self.notify
partial(self.words.update, text)
lambda: Static
{Static for _ in lines}
"""
FIRING_STATEMENTS = r"""
pane.border_title = text
pane.border_subtitle = f'{text}'
pane.tooltip = text
self.title = text
self.sub_title = text
line.placeholder = text
box.label = text
one.border_title = two.border_title = text
one.border_title, count = text, 1
one.border_title, count = pair
pane.border_title += text
words = text; Static(words)
words = NAME // words = text // Static(words)
words = NAME // words += text // Static(words)
for words in lines: Static(words)
with text as words: Static(words)
[Static(words) for words in lines]
words = shown(text) // for words in lines: Static(words)
words, _ = text // Static(words)
words = shown(text) // words, _ = lines // Static(words)
text = shown(text); Static(text)
W = Static; W(text)
return Static
kinds = {'a': Static}
import rich.markup
from rich.text import Text
from textual.widgets import Footer
from textual.widgets import *
import textual.widgets as w
import webbrowser
match text: //     case words: Static(words)
NAME = text; Static(NAME)
"""
QUIET = r"""
Static("words")
Static("a" "b")
Static("a" + "b")
Static(NAME)
Static("a" if on else "b")
Static(text, markup=False)
Static(f"{count} words", markup=False, id="words")
Static(shown(text))
Static(shown_line(text), classes=text)
Static(joined((text, "bold"), text))
Static(Content(text))
Static(Content.styled(text, "bold").append(text))
Static(Content("\n").join(map(shown, lines)))
Static(shown(text)[:10])
Static(shown(text) if on else "")
Content.from_markup("[b]$x[/b]", x=text)
self.notify("Copied.", timeout=count)
self.notify(text, markup=False)
box.update(shown(text))
box.update("")
console.print(text, markup=False)
self.app.exit(text, return_code=1)
setattr(widget, "disabled", on)
self.query_one("#a", Static)
isinstance(widget, Static)
Vertical(Static(shown(text)))
OptionList(Option("a"), Option(shown(text)))
options.add_options(["a", "b"])
Static()
"""
# Parted by empty lines.
FIRING_FURTHER = """
class Said(Static):
    def __init__(self, text):
        super().__init__(text)

class Said(Static):
    def __init__(self, text):
        Static.__init__(self, text)

class Said(Static):
    pass
class Loud(Said):
    pass
Loud(text)

class Said(Static):
    pass
class Loud(Said):
    def __init__(self, text):
        super().__init__(text)

class Drawn(Widget):
    def render(self):
        return self.text

class Drawn(Widget):
    def render(self):
        if self.on:
            return shown(self.text)
        return f'{self.text}'

class Titled(Widget):
    BORDER_TITLE = text

class Titled(Widget):
    FOOT = 'a'
    def show(self, text):
        self.FOOT = text
        self.border_title = self.FOOT

def worded(text) -> str:
    return text
Static(worded(text))

def worded(text):
    return shown(text)
Static(worded(text))

def worded(text) -> Content:
    return shown(text)
def worded(text) -> str:
    return text
Static(worded(text))

def show(words: Content | str):
    Static(words)

def outer():
    words = shown(text)
    def inner():
        Static(words)

title = text
Static(title)
"""
QUIET_FURTHER = """
class Said(Static):
    def __init__(self, text):
        super().__init__(shown(text), markup=False)
Said(text)

class Said(Static):
    def __init__(self, text):
        super().__init__(text, markup=False)
class Loud(Said):
    pass
Loud(text)

class Line(Input):
    pass
Line(text, placeholder='a word')

class Drawn(Widget):
    def render(self):
        words = shown(self.text)
        words = words.append(self.text)
        return words

class Plain:
    def __init__(self, text):
        super().__init__(text)
Plain(text)

class Titled(Widget):
    FOOT = 'a'
class More(Titled):
    FOOT = 'b'
    def show(self):
        self.border_title = self.FOOT

def worded(text) -> Content:
    return shown(text)
Static(worded(text))

class Box(Static):
    def show(self):
        self.update(self._card())
    def _card(self) -> Content:
        return shown(self.text)

def show(words: Content):
    Static(words)

def show(widget: Static, kind: type[Static] = None) -> Static:
    return widget

from tutor.core.events import Selection
Selection(text)

from typing import TYPE_CHECKING
if TYPE_CHECKING:
    from rich.console import RenderableType

def show(text):
    head, rest = 'a', shown(text)
    Static(head)
    Static(rest)
"""


def lines_of(text: str) -> list[str]:
    return [line for line in text.splitlines() if line]


def blocks_of(text: str) -> list[str]:
    return text.strip("\n").split("\n\n")


def hits(body: str, head: str = HEAD) -> list[str]:
    lines = head.count("\n")
    return [f"{hit.line - lines}: {hit.why}" for hit in find_hits({"tutor/tui/one.py": f"{head}{body}\n"})]


def test_no_widget_of_the_program_reads_markup_in_text_from_outside() -> None:
    sources = screen_sources(ROOT)
    assert len([file for file in sources if file.startswith("tutor/tui/")]) > 25
    assert [str(hit) for hit in find_hits(sources)] == []


@pytest.mark.parametrize("expression", lines_of(FIRING))
def test_it_fires(expression: str) -> None:
    found = hits(f"async def show(self, text, lines, error, is_on):\n    {expression}")
    assert found, expression
    assert all(each.startswith("2: ") for each in found)


@pytest.mark.parametrize("statement", lines_of(FIRING_STATEMENTS))
def test_it_fires_on_statements(statement: str) -> None:
    # Several statements stand on one line, parted by two slashes.
    assert hits("def show(self, text, lines, pair):\n    " + statement.replace(" // ", "\n    "))


@pytest.mark.parametrize("body", blocks_of(FIRING_FURTHER))
def test_it_fires_where_it_has_to_look_further(body: str) -> None:
    assert hits(body)


@pytest.mark.parametrize("expression", lines_of(QUIET))
def test_it_does_not_fire(expression: str) -> None:
    assert hits(f"def show(self, text, lines, on, count):\n    {expression}") == []


@pytest.mark.parametrize("body", blocks_of(QUIET_FURTHER))
def test_it_does_not_fire_where_it_has_to_look_further(body: str) -> None:
    assert hits(body) == []


BASE = f"""{HEAD}
class Frame(Static):
    pass
def worded(text) -> Content:
    return shown(text)
def plain(text):
    return text
"""
USE = """\
from tutor.tui.base import Frame, plain, worded
Frame(worded(text))
Frame(plain(text))
class More(Frame):
    pass
More(text)
"""


def test_a_base_and_a_function_may_stand_in_another_file() -> None:
    found = find_hits({"tutor/tui/use.py": USE, "tutor/tui/base.py": BASE})
    assert [hit.line for hit in found] == [3, 6]


def test_what_is_imported_under_another_name_is_known() -> None:
    head = "from textual.widgets import Static as Words\nfrom elsewhere import shown\n"
    assert hits("Words(text)", head)
    assert hits("Words(shown(text))", head), "another function of that name is another function"
