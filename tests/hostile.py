"""Text that would like to act, put wherever a stranger can put text, and a reading of what a terminal was sent.

Each payload holds a word that can be read (`zq...`). The word may arrive; no byte of what is around it may.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import yaml

from tutor.core.clean import clean
from tutor.lessons.yamlfile import read_yaml

PLAIN_LESSON = Path(__file__).parent / "tui" / "lessons" / "bike-lane" / "lesson.yaml"

SEQUENCES = {
    "colours, cursor, erasing": "\x1b[31;5m\x1b[2J\x1b[H\x1b[999C",
    "title": "\x1b]0;zqtitle\x07\x1b]2;zqtitle\x1b\\",
    "link": "\x1b]8;;https://example.org/zqlink\x1b\\here\x1b]8;;\x1b\\",
    "clipboard": "\x1b]52;c;enFjbGlwYm9hcmQ=\x07",
    "notifications": "\x1b]777;notify;zqnotify;zqnotify\x1b\\\x1b]9;zqnine\x07\x1b]1337;File=:AA==\x07",
    "device control": "\x1bP+q7a71\x1b\\\x1bPq#0\x1b\\",
    "application, privacy, string": "\x1b_Gzqapc\x1b\\\x1b^zqpm\x1b\\\x1bXzqsos\x1b\\",
    "modes, reset": "\x1b[?1049l\x1b[?1000l\x1b[?25l\x1bc\x1b(0",
    "bell, enquiry, shifts": "\x07\x05\x08\x0e\x0f\x7f\x00\x1a",
    "eight bits": "\x9b31m\x9d0;zqeight\x9c\x90q\x9c\x84",
    "reports": "\x1b[6n\x1b[c\x1b[?6n\x1b[21t\x1b[>q",
}
"""What acts on a terminal; a lesson that holds it is not opened."""
HIDDEN = {
    "direction": "\u202ezqright\u202c\u2066\u2067\u202d",
    "tags": "".join(chr(0xE0000 + ord(each)) for each in "say met") + "\U000e0001",
    "nothing seen": "zq\u200b\u2060\u00adhid\u2063den\ufeff\u3164\ufff9\u206a",
    "selectors": "\U0001f600" + "".join(map(chr, range(0xE0100, 0xE0120))) + "\ufe0f" * 20,
    "heaps": "o" + "\u0301\u0327" * 30,
}
"""What hides; it is dropped, and the lesson opens."""
MARKUP = {
    "actions": "[@click=app.quit]zqclick[/] [@click=screen.leave()]zqclick[/]",
    "markup": "[/] [bold red]zqbold[/bold red] [blink] [link=https://example.org]zqlink[/link] [",
    "markdown": "[zqmark](https://example.org) ![zqpic](https://example.org/p.png) <https://example.org>",
    "html": "<img src=https://example.org/p.png onerror=alert(1)> &#27;[2J \\x1b[2J %1b {text} $text",
}
"""What is markup elsewhere; it is shown as it is."""
ALL = SEQUENCES | HIDDEN | MARKUP
EVERYTHING = "".join(ALL.values())
RETURNS = "zqone\rzqtwo\x0b\x0c\x85\u2028zqthree"

_SHORT = 90
_TEXTS = frozenset(
    "ask authors body byline card claim date goal hint hints idea licence note outlet part prompt reply snippet source "
    "tell text title why".split()
)
_STRING = re.compile(rb"\x1b([\]PX^_])(.*?)(?:\x07|\x1b\\)", re.DOTALL)
_CONTROL = re.compile(rb"\x1b\[([<-?]?)([0-9;:]*)([ -/]*[@-~])")
_OTHER = re.compile(rb"\x1b[ -/]*[0-Z\\^-~]")
_COUNTED = frozenset(b"ABCDEFGHJKLMPSTXdm")


def hostile_tree(payload: str) -> tuple[dict[str, Any], dict[str, str]]:
    """The plain lesson, with a word, the payload and the word backwards behind every text that anybody is shown; and
    which field has which word.
    """
    tree: Any = read_yaml(PLAIN_LESSON.read_bytes(), "lesson.yaml").value
    words: dict[str, str] = {}
    parts: dict[str, str] = {}

    def spoilt(text: str, path: str) -> str:
        if path.endswith(".part") and text in parts:
            return parts[text]  # steps of one part name it alike
        words[path] = word = f"zq{len(words):03}q"
        behind = payload + RETURNS
        if "article.text" in path:
            behind = payload  # a line's end would part a block
        elif path.endswith(".part"):
            behind = payload[:_SHORT]  # it stands beside the title in one line
        parts[text] = f"{text} {word} {behind} {word[::-1]}"
        return parts[text]

    def walk(value: Any, path: str, key: str) -> Any:
        if isinstance(value, dict):
            found = {name: walk(each, f"{path}.{name}", name) for name, each in value.items()}
            return _glossary(found, path, spoilt) if key == "glossary" else found
        if isinstance(value, list):
            return [walk(each, f"{path}.{number}", key) for number, each in enumerate(value)]
        if key == "text" and path.endswith("article.text"):
            blocks = enumerate(value.strip().split("\n\n"), 1)
            return "\n\n".join(each if each[0] == "#" else spoilt(each, f"{path}.{n}") for n, each in blocks)
        is_rewritten = path.endswith(".source") and "attribution" not in path  # the name of a mark
        return spoilt(value, path) if key in _TEXTS and isinstance(value, str) and not is_rewritten else value

    tree["article"] |= {"byline": "Somebody", "outlet": "A paper", "date": "May"}
    return walk(tree, "", ""), words


def _glossary(terms: dict[str, str], path: str, spoilt: Callable[[str, str], str]) -> dict[str, str]:
    return {spoilt(name, f"{path}.name"): spoilt(each, f"{path}.meaning") for name, each in terms.items()}


def write_lesson(folder: Path, payload: str) -> dict[str, str]:
    """Put the spoilt lesson into a folder of lessons, its odd characters written as codes; the words by field."""
    tree, words = hostile_tree(payload)
    path = folder / "bike-lane" / "lesson.yaml"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(yaml.safe_dump(tree, allow_unicode=False, sort_keys=False, width=10_000), encoding="ascii")
    return words


def sent_sequences(log: bytes) -> set[str]:
    """The kinds of sequences in a log: of those that only move or paint the kind alone, of all others every parameter;
    a string whole, but for what is copied to the clipboard.
    """
    found = set()
    for kind, text in _STRING.findall(log):
        shown = text.partition(b";c;")[0] if text.startswith(b"52;") else text
        found.add(f"string {(kind + shown).decode(errors='backslashreplace')}")
    log = _STRING.sub(b"", log)
    for mark, numbers, last in _CONTROL.findall(log):
        told = b"" if not mark and len(last) == 1 and last[0] in _COUNTED else numbers
        found.add(f"control {(mark + told + last).decode()}")
    log = _CONTROL.sub(b"", log)
    return found | {f"other {each[1:].decode()}" for each in _OTHER.findall(log)}


def text_of(log: bytes) -> str:
    """What is left of a log without its sequences."""
    return _OTHER.sub(b"", _CONTROL.sub(b"", _STRING.sub(b"", log))).decode("utf-8")


def odd_characters(log: bytes) -> set[str]:
    """The characters in a log, outside of its sequences, that may not arrive: all that the door drops, alone or in a
    row, and carriage returns that end no line.
    """
    text = text_of(log).replace("\r\n", "\n")
    found = {f"U+{ord(each):04X}" for each in set(text) if clean(f"x{each}") != f"x{each}"}
    return found or ({"a row of signs"} if clean(text) != text else set())


def copied(log: bytes) -> str:
    """What was sent to the clipboard last."""
    found = re.findall(rb"\x1b\]52;c;([^\x07]*)\x07", log)
    return base64.b64decode(found[-1]).decode("utf-8") if found else ""
