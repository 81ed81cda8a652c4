"""The connection to the model breaks thirty times in a lesson: nothing is called wrong for it, and nothing is lost."""

from __future__ import annotations

import io
import json
import random
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.ferry import HEAD, PRINTED, STEP, UNSURE
from tests.judges.fake_model import answer_in
from tests.llm.fake_server import Answer, FakeServer, Naps, Request, says
from tests.window import load_phrases_once
from tutor.bootstrap import House
from tutor.conversation import Conversation
from tutor.core import events as e
from tutor.judges.model import NOTHING
from tutor.llm.asking import Model
from tutor.llm.client import LiteModel
from tutor.plain import Console, Plain
from tutor.settings import Endpoint, Settings

CUTS = 30
ANSWERS = (UNSURE, "Bananas are yellow, and so is the sun.", "It stood in the paper in that week, they printed it.")

Cut = Callable[[bytes], tuple[bytes, bool]]
"""What still arrives of a whole reply, and whether the connection is then reset, rather than closed."""


def _within(part: bytes, inside: int) -> Cut:
    return lambda whole: (whole[: whole.index(part) + inside], True)


PLACES: dict[str, Cut] = {
    "before the status line": lambda _: (b"", True),
    "before the status line, politely": lambda _: (b"", False),
    "within the status line": lambda whole: (whole[:7], True),
    "after the status line": _within(b"\r\n", 2),
    "within the headers": _within(b"content-type", 9),
    "within the headers, politely": lambda whole: (whole[: whole.index(b"event-stream")], False),
    "before the blank line": _within(b"\r\n\r\n", 2),
    "before the body": _within(b"\r\n\r\n", 4),
    "within the first chunk": _within(b"data:", 20),
    "after the first chunk": _within(b"\n\n", 2),
    "after the first chunk, politely": lambda whole: (whole[: whole.index(b"\n\n") + 2], False),
    "within the reply's words": lambda whole: (whole[: len(whole) * 2 // 3], True),
    "within the reply's words, politely": lambda whole: (whole[: len(whole) * 2 // 3], False),
    "before the reply's end is told": lambda whole: (whole[: whole.index(b'"stop"') - 30], False),
    "within the usage": _within(b"prompt_tokens", 5),
    "before the last line": _within(b"data: [DONE]", 0),
    "within the last line": _within(b"data: [DONE]", 8),
    "after the reply, before the close": lambda whole: (whole, True),
}


class Cable:
    """A good model behind a cable that breaks. It finds the idea in every answer but "I do not know"."""

    def __init__(self, places: list[Cut], often: float) -> None:
        self._dice = random.Random(7)
        self._often = often
        self._places: Iterator[Cut] = iter(places)
        self._bunch = 0
        self.cuts = 0
        self.whole = 0

    def __call__(self, request: Request) -> Answer:
        reply: dict[str, object] = {
            "question": "You write that you could look, but who is it that says so in the first line?"
        }
        if "met" in request.prompt:
            reply = {"met": answer_in(request.prompt) != NOTHING}
        answer = says(json.dumps(reply))(request)
        if not self._bunch and self._dice.random() < self._often:
            self._bunch = 3  # one or two alone are mended by asking once more
        if self._bunch and (place := next(self._places, None)):
            self._bunch -= 1
            self.cuts += 1
            arrives, is_reset = place(_raw(answer))
            return Answer([arrives], bare=True, aborts=is_reset)
        self.whole += 1
        return answer


def _raw(answer: Answer) -> bytes:
    head = b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\nconnection: close\r\n\r\n"
    return head + b"".join(answer.pieces)


class Answers(io.StringIO):
    """A learner who answers whatever is asked."""

    def __init__(self, conversation: Conversation) -> None:
        super().__init__()
        self._conversation = conversation
        self.sent: list[str] = []

    def readline(self, size: int | None = -1, /) -> str:  # type: ignore[override]  # the stub has bytes here
        if self._conversation.turn == "self-check":
            return "no\n"
        if self._conversation.turn != "answer":
            return "\n"
        text = f"{ANSWERS[len(self.sent) % len(ANSWERS)]} ({len(self.sent)})"
        self.sent.append(text)
        return f"{text}\n"


def held(
    folder: Path, endpoint: Endpoint, monkeypatch: pytest.MonkeyPatch, steps: int
) -> tuple[Conversation, Answers, str]:
    """A whole lesson over plain lines; what was sent, and what was shown."""

    def opened(endpoint: Endpoint) -> Model:
        return LiteModel(endpoint, sleep=Naps())

    monkeypatch.setattr("tutor.llm.client.open_model", opened)
    monkeypatch.setattr("tutor.lessons.phrases_file.load_phrases", load_phrases_once)
    lesson = folder / "ferry.yaml"
    lesson.write_text(
        HEAD + "".join(STEP.format(n=f"-{number}") + PRINTED for number in range(steps)), encoding="utf-8"
    )
    settings = Settings(folder / "data", (), None, "auto", {}, endpoint=endpoint, judge="model", speaker="model")
    house = House(settings, "owl")
    conversation, shown = house.start(house.load(str(lesson))), io.StringIO()
    answers = Answers(conversation)
    plain = Plain(conversation, Console(answers, shown, echo=True))
    plain.watch(lambda: house.sitting(conversation).trouble)
    assert plain.run("(help card)") == "over"
    [past] = House(settings, "owl").journal.past("owl")
    assert past.events == conversation.events
    assert past.finished
    return conversation, answers, shown.getvalue()


def judged_in(conversation: Conversation) -> list[e.Judged]:
    return [event.payload for event in conversation.events if isinstance(event.payload, e.Judged)]


def hold_no_fault_against_anybody(conversation: Conversation) -> None:
    """The model says of no answer that an idea is missing: so only the teacher's rules can have."""
    for judged in judged_in(conversation):
        for finding in judged.findings:
            has_rules = finding.criterion.startswith("named-")
            failed = any(voice.says == "not-judged" for voice in finding.voices)
            if finding.status in ("not", "partly"):
                assert has_rules
                assert finding.voices[0].judge == "embedded"
                assert finding.voices[0].says == finding.status
            if failed and not has_rules:
                assert finding.status == "not-judged"


def test_thirty_cuts_in_a_lesson(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    places = list(PLACES.values())
    cable = Cable([places[number % len(places)] for number in range(CUTS)], often=0.2)
    with FakeServer(cable) as server:
        conversation, answers, shown = held(tmp_path, server.endpoint(parallel=1), monkeypatch, steps=6)
    assert (cable.cuts, cable.whole > 0) == (CUTS, True)
    hold_no_fault_against_anybody(conversation)
    kept = [event.payload.answer for event in conversation.events if isinstance(event.payload, e.Answered)]
    assert [each.text for each in kept if isinstance(each, e.Written)] == answers.sent
    judged = judged_in(conversation)
    assert any(each.trouble for each in judged), "no cut came through to the learner"
    assert any(finding.status == "not-judged" for each in judged for finding in each.findings)
    assert not judged[-1].trouble, "the cable held at last, and the model was asked again"
    assert sum(bool(each.trouble) for each in judged) > 3, "it broke too seldom for being told each time to matter"
    notes = [line for line in shown.splitlines() if line.startswith("Note: ") and "model" in line]
    assert [line for line in notes if "cannot help just now" in line] == notes[:1]
    assert len(notes) == 3, notes
    assert "Traceback" not in shown


IN_SHORT = ("before the status line", "within the headers", "within the reply's words")
_LONG = [pytest.param(cut, id=name, marks=pytest.mark.long) for name, cut in PLACES.items() if name not in IN_SHORT]


@pytest.mark.parametrize("place", [*(pytest.param(PLACES[name], id=name) for name in IN_SHORT), *_LONG])
def test_a_connection_that_always_breaks_in_one_place(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, place: Cut
) -> None:
    cable = Cable([place] * 1000, often=1.0)
    with FakeServer(cable) as server:
        conversation, answers, shown = held(tmp_path, server.endpoint(parallel=1), monkeypatch, steps=1)
    hold_no_fault_against_anybody(conversation)
    kept = [event.payload.answer for event in conversation.events if isinstance(event.payload, e.Answered)]
    assert [each.text for each in kept if isinstance(each, e.Written)] == answers.sent
    assert shown.count("cannot help just now") <= 1
    assert all("at http://127.0.0.1" in each.trouble for each in judged_in(conversation) if each.trouble)
