"""Parts what a terminal sends into keys and pastes, before anything looks at single characters.

Textual reads a paste character by character and makes a message of every key: 10 MB would keep it busy for minutes
and take gigabytes. Here a paste stays in one piece, and of one that is too long for any use nothing but its length.
"""

from __future__ import annotations

from collections.abc import Iterator

from textual import events
from textual.message import Message

from tutor.core.limits import LONGEST_KEPT

PAUSE = 0.1
"""Seconds of silence after which nothing more belongs to what came before."""
UNENDED = 20
"""Such silences in a row after which the end of a paste does not come any more."""
FLOOD = 1_000
"""Characters within `_WINDOW` seconds that nobody types: a paste into a terminal that does not mark pastes."""
_WINDOW = 0.25
_KEYS_PER_ESCAPE = 20
"""More characters than this for every escape are text; movements of the mouse have about twelve."""
_BEGINS, _ENDS = "\x1b[200~", "\x1b[201~"


class LongPaste(events.Event, bubble=False):
    """Somebody pasted more than is taken in anywhere; `length` characters, which are gone already."""

    def __init__(self, length: int) -> None:
        super().__init__()
        self.length = length


class Intake:
    """Takes in text as it arrives: gives back text that is keys, and messages for pastes."""

    def __init__(self, most: int = LONGEST_KEPT) -> None:
        """`most` is how many characters a paste may have to be handed on."""
        self._most = most
        self._held = ""
        self._paste: _Paste | None = None
        self._flood: _Paste | None = None
        self._since = self._count = 0.0
        self._silences = 0

    def take(self, text: str, now: float) -> Iterator[str | Message]:
        """What has arrived at a time in seconds."""
        text, self._held = self._held + text, ""
        self._silences = 0
        while text:
            if self._flood is not None:
                self._flood.add(text)
                return
            if self._paste is not None:
                inside, ended, text = text.partition(_ENDS)
                if not ended:
                    inside = self._hold_back(inside, _ENDS)
                self._paste.add(inside)
                if ended:
                    yield self._paste.message
                    self._paste = None
                continue
            keys, begins, rest = text.partition(_BEGINS)
            if self._is_flood(keys, now):
                self._flood = _Paste(self._most)
                continue
            if begins:
                self._paste = _Paste(self._most)
            else:
                keys = self._hold_back(keys, _BEGINS)
            text = rest
            if keys:
                yield keys

    def pause(self) -> Iterator[str | Message]:
        """Nothing has come for `PAUSE` seconds: what was held back is what it looked like.

        After `UNENDED` of these the paste is over whose end mark got lost; it would take in every key for ever.
        """
        self._silences += 1
        if self._flood is not None:
            yield self._flood.message
            self._flood = None
        elif self._paste is not None:
            if self._silences >= UNENDED:
                self._paste.add(self._held)
                yield self._paste.message
                self._paste, self._held = None, ""
        elif self._held:
            # Held back from the parser, which therefore cannot tell by itself that nothing follows.
            held, self._held = self._held, ""
            yield events.Key("escape", held) if held == "\x1b" else held

    def _hold_back(self, text: str, mark: str) -> str:
        """Keep what may be the beginning of a mark whose rest has not come yet."""
        for length in range(min(len(mark) - 1, len(text)), 0, -1):
            if text.endswith(mark[:length]):
                self._held = text[-length:]
                return text[:-length]
        return text

    def _is_flood(self, keys: str, now: float) -> bool:
        if now - self._since > _WINDOW:
            self._since, self._count = now, 0
        if keys.count("\x1b") * _KEYS_PER_ESCAPE > len(keys):
            return False
        self._count += len(keys)
        return self._count >= FLOOD


class _Paste:
    """A paste that is still going on: its length, and its text as long as it is not too long."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._pieces: list[str] = []
        self._length = 0

    def add(self, piece: str) -> None:
        """The next piece."""
        self._length += len(piece)
        if self._length > self._most:
            self._pieces.clear()
        else:
            self._pieces.append(piece)

    @property
    def message(self) -> Message:
        """What the app is told."""
        if self._length > self._most:
            return LongPaste(self._length)
        return events.Paste("".join(self._pieces).replace("\x00", ""))
