"""The article beside the conversation: the lit paragraphs, the visited ones, and pointing at words."""

from __future__ import annotations

from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.message import Message

from tutor.core.article import Block
from tutor.core.lesson import Article
from tutor.tui.pointing import Picked, Pointer
from tutor.tui.widgets.block import CURSOR, PICK, QUOTED, RANGE, BlockView, Painted


class ArticlePane(VerticalScroll, can_focus=True):
    """The text, with a bar beside the paragraphs of the present question and a thin line beside those read before.

    While `pointer` is set, the arrows go from word to word instead of scrolling.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("left", "word(-1)", show=False),
        Binding("right", "word(1)", show=False),
        Binding("up", "row(-1)", show=False),
        Binding("down", "row(1)", show=False),
        Binding("shift+left", "word(-1, True)", show=False),
        Binding("shift+right", "word(1, True)", show=False),
        Binding("shift+up", "row(-1, True)", show=False),
        Binding("shift+down", "row(1, True)", show=False),
        Binding("home", "row_end(-1)", show=False),
        Binding("end", "row_end(1)", show=False),
        Binding("space", "pick", show=False),
        Binding("delete,backspace,x", "unpick", show=False),
        Binding("enter", "send", show=False),
    ]

    class Changed(Message):
        """What is pointed at has changed."""

    class Sent(Message):
        """The learner sends what is picked."""

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002  Textual's name
        super().__init__(id=id)
        self.pointer: Pointer | None = None
        self._article: Article | None = None
        self._quoted: tuple[Painted, ...] = ()
        self._quoted_block = ""
        self._pressed_at: int | None = None

    @property
    def views(self) -> dict[str, BlockView]:
        """The blocks on the screen by id."""
        return {view.block.id: view for view in self.query(BlockView)}

    async def show(self, article: Article, lit: tuple[str, ...], visited: frozenset[str]) -> None:
        """Show an article with these blocks lit; it is scrolled to them, or to what will be underlined there."""
        if article is not self._article:
            self._article = article
            await self.remove_children()
            await self.mount_all(BlockView(block) for block in article.blocks)
        for block_id, view in self.views.items():
            view.set_class(block_id in lit, "-lit")
            view.set_class(block_id in visited and block_id not in lit, "-visited")
        self.call_after_refresh(self.scroll_to_lit)

    def scroll_to_lit(self) -> None:
        """Scroll to the first lit block, unless all lit blocks can be seen; underlined words are seen in any case."""
        lit = [view for view in self.views.values() if view.has_class("-lit")]
        if not lit:
            return
        height = self.scrollable_content_region.height
        top, bottom = lit[0].virtual_region.y, lit[-1].virtual_region.bottom
        y = self.scroll_y
        if top < y or bottom > y + height:
            y = top - 1 if bottom - top < height else top
        for each in self._quoted:
            first, last = (self._line(self._quoted_block, index) for index in (each.start, each.end - 1))
            y = self._with_lines(y, first, last)
        if y != self.scroll_y:
            self.scroll_to(y=y, animate=False, force=True)

    def underline(self, block: str, start: int, end: int) -> None:
        """Underline the words that a rewriting is about; nothing where `block` is empty."""
        self._quoted_block = block
        self._quoted = (Painted(start, end, QUOTED),) if block else ()
        self._paint()

    def point(self, blocks: tuple[Block, ...], before: Pointer | None = None) -> None:
        """Let the learner point at words of these blocks; at none where there are no blocks. `before` is the pointer as
        it was when they last did.
        """
        self.pointer = before or (Pointer.on(blocks) if blocks else None)
        names = {block.id for block in blocks}
        for block_id, view in self.views.items():
            view.pointable = block_id in names
        self._changed(self.pointer)

    def action_word(self, steps: int, extend: bool = False) -> None:
        """Go to the next word or the one before."""
        if self.pointer:
            pointer = self.pointer.begin() if extend else self.pointer
            self._changed(pointer.move(steps))

    def action_row(self, steps: int, extend: bool = False) -> None:
        """Go a line down or up; scroll where there are no words to point at."""
        if self.pointer and self.pointer.spots:
            pointer = self.pointer.begin() if extend else self.pointer
            self._changed(pointer.go(self._beside(pointer, steps)))
        else:
            self.scroll_relative(y=steps, animate=False)

    def action_row_end(self, direction: int) -> None:
        """Go to the first or the last word of the line; to the top or the end where there are no words to point at."""
        if self.pointer and self.pointer.spots:
            mates = self._row_mates(self.pointer)
            self._changed(self.pointer.go(mates[0] if direction < 0 else mates[-1]))
        elif direction < 0:
            self.scroll_home(animate=False)
        else:
            self.scroll_end(animate=False)

    def action_pick(self) -> None:
        """Begin a range, or pick the one that is open."""
        if self.pointer:
            self._changed(self.pointer.begin() if self.pointer.anchor is None else self.pointer.pick())

    def action_unpick(self) -> None:
        """Take back the open range or a pick."""
        if self.pointer:
            self._changed(self.pointer.remove())

    def action_send(self) -> None:
        """Send what is picked; an open range is picked first."""
        if self.pointer:
            self._changed(self.pointer.pick())
            self.post_message(self.Sent())

    def on_block_view_pressed(self, event: BlockView.Pressed) -> None:
        """Point with the mouse: a click picks a word, dragging the words from the first to the last."""
        event.stop()
        self.focus(scroll_visible=False)
        at = self.pointer.nearest(event.block, event.index) if self.pointer else None
        if self.pointer is None or at is None:
            return
        if event.what == "down":
            self._changed(self.pointer.drop().go(at).begin(), follow=False)
        elif event.what == "move":
            self._changed(self.pointer.go(at), follow=False)
        else:
            self._changed(self.pointer.go(at).pick(), follow=False)

    def give_up(self) -> bool:
        """Give up the range that is being drawn; returns whether there was one."""
        if self.pointer is None or self.pointer.anchor is None:
            return False
        self._changed(self.pointer.drop())
        return True

    def on_resize(self) -> None:
        """Keep the place: what is lit, or what is pointed at."""
        self.call_after_refresh(self._follow if self.pointer else self.scroll_to_lit)

    def watch_has_focus(self, _has_focus: bool) -> None:
        """Show the cursor only while the keys go to it."""
        super().watch_has_focus(_has_focus)
        self._paint()

    def _changed(self, pointer: Pointer | None, *, follow: bool = True) -> None:
        self.pointer = pointer
        self._paint()
        if follow:
            self._follow()
        self.post_message(self.Changed())

    def _paint(self) -> None:
        painted: dict[str, list[Painted]] = {}
        if self._quoted:
            painted[self._quoted_block] = list(self._quoted)
        pointer = self.pointer
        if pointer and pointer.spots:
            for picked in pointer.picks:
                _add(painted, pointer, picked, PICK)
            if pointer.open_range:
                _add(painted, pointer, pointer.open_range, RANGE)
            if self.has_focus:
                _add(painted, pointer, Picked(pointer.cursor, pointer.cursor), CURSOR)
        for block_id, view in self.views.items():
            view.paint(tuple(painted.get(block_id, ())))

    def _follow(self) -> None:
        """Scroll so that the word under the cursor can be seen, with a line above and below it."""
        if not self.pointer or not self.pointer.spots:
            return
        spot = self.pointer.spots[self.pointer.cursor]
        line = self._line(spot.block, spot.start)
        y = self._with_lines(self.scroll_y, line, line)
        if y != self.scroll_y:
            self.scroll_to(y=y, animate=False, force=True)

    def _line(self, block: str, index: int) -> int:
        """The line of the whole text on which a character of a block stands."""
        view = self.views[block]
        return view.virtual_region.y + view.gutter.top + view.row_number(index)

    def _with_lines(self, y: float, first: int, last: int) -> float:
        """How far to scroll, where `y` is not it, to see these lines with one above and below; or else the first."""
        height = self.scrollable_content_region.height
        if last > y + height - 2:
            y = last - height + 2
        return max(first - 1, 0) if first < y + 1 else y

    def _row_mates(self, pointer: Pointer) -> list[int]:
        spot = pointer.spots[pointer.cursor]
        view = self.views[spot.block]
        row = view.row_number(spot.start)
        return [
            number
            for number, each in enumerate(pointer.spots)
            if each.block == spot.block and view.row_number(each.start) == row
        ]

    def _beside(self, pointer: Pointer, steps: int) -> int:
        """The word that stands above or below the cursor."""
        spot = pointer.spots[pointer.cursor]
        view = self.views[spot.block]
        rows = view.rows()
        number = view.row_number(spot.start)
        column = spot.start - rows[number].start
        if 0 <= number + steps < len(rows):
            target = rows[number + steps]
            found = pointer.nearest(spot.block, min(target.start + column, target.end - 1))
            return pointer.cursor if found is None else found
        mates = self._row_mates(pointer)
        return mates[0] - 1 if steps < 0 else mates[-1] + 1


def _add(painted: dict[str, list[Painted]], pointer: Pointer, picked: Picked, style: str) -> None:
    first, last = pointer.spots[picked.first], pointer.spots[picked.last]
    painted.setdefault(first.block, []).append(Painted(first.start, last.end, style))
