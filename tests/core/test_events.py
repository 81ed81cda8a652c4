"""Events in the journal: every kind comes back as it was, and what is not known is refused."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tutor.core import events as e

WORDS = "“Don’t”, she wrote: \\ \n\t 🙂 \u200f\u0000"
PICKED = e.Selection(block="p1", start=0, end=3, text="The")
FOUND = e.Finding(
    criterion="a",
    status="met",
    evidence=(WORDS,),
    judge="embedded",
    ground="rules",
    voices=(e.Voice(judge="m", says="met", probability=0.25),),
)
PAYLOADS: list[e.Payload] = [
    e.Started(
        learner="ada", lesson="ferry", title=WORDS, lesson_sha="0", article_sha="1", program="0.1", judge="j",
        speaker="s",
    ),
    e.Resumed(parent="t", parent_seq=3, judge="j", speaker="s"),
    e.Opened(step="a", part="One"),
    e.Opened(step="a"),
    e.Answered(step="a", answer=e.Chosen(option=2, text=WORDS)),
    e.Answered(step="a", answer=e.Pointed(selections=(PICKED, PICKED))),
    e.Answered(step="a", answer=e.Written(text=WORDS), to_probe=True),
    e.Confident(step="a", level=4),
    e.Caught(step="a", reason="keep", terms=("ferry",)),
    e.Paused(step="a"),
    e.PauseEnded(step="a", change=True),
    e.HintAsked(step="a"),
    e.Stuck(step="a", in_words=True),
    e.CardOpened(step="a", card="x"),
    e.Judged(
        step="a", verdict="not-yet", judge="embedded", costs=True, findings=(FOUND,), option=0, hits=("m",),
        decoys=("n",), misconceptions=(e.Sighting(misconception="myth", evidence=(WORDS,)),),
    ),
    e.Moved(
        step="a", move="tell", text=WORDS, then="check", by="scripted", criteria=("a",), met=("b",), checks=("a",),
        misconception="myth", hint=1,
    ),
    e.SelfChecked(step="a", criterion="a", had_it=True, more=True),
    e.Closed(step="a", result="stuck", verdict="unsure", next="b"),
    e.Closed(step="a", result="stuck"),
    e.Rested(part="One", text=WORDS),
    e.WentOn(),
    e.Reviewed(step="a", text=WORDS, told=("a",), checks=("a",)),
    e.Finished(text=WORDS),
    e.Disagreed(step="a", criterion="who"),
    e.Left(),
]  # fmt: skip


def envelope(payload: e.Payload) -> dict[str, Any]:
    return e.Event(session="s", sitting="t", seq=7, at="2026-01-01T00:00:00+00:00", payload=payload).to_json()


def test_every_kind_of_event_is_shown_here() -> None:
    assert {type(payload) for payload in PAYLOADS} == set(e.PAYLOADS)
    assert len({payload.type for payload in e.PAYLOADS}) == len(e.PAYLOADS)


@pytest.mark.parametrize("payload", PAYLOADS, ids=lambda payload: payload.type)
def test_an_event_comes_back_from_the_journal_as_it_was(payload: e.Payload) -> None:
    written = envelope(payload)
    assert list(written) == ["v", "session", "sitting", "seq", "at", "type", "data"]
    line = json.dumps(written)
    assert "\n" not in line
    back = e.Event.from_json(json.loads(line))
    assert type(back.payload) is type(payload)
    assert back.payload == payload
    assert back.to_json() == written
    assert back.payload.trigger == payload.trigger


@given(st.text())
def test_whatever_a_learner_writes_comes_back(text: str) -> None:
    payload = e.Answered(step="a", answer=e.Written(text=text))
    assert e.Event.from_json(json.loads(json.dumps(envelope(payload)))).payload == payload


def test_a_field_of_a_later_version_is_passed_over() -> None:
    written = envelope(e.Left()) | {"data": {"mood": "good"}}
    assert e.Event.from_json(written).payload == e.Left()


@pytest.mark.parametrize(
    "spoilt",
    [
        {"v": 2},
        {"v": 0},
        {"v": "x"},
        {"type": "graded"},
        {"type": ""},
        {"type": None},
        {"seq": -1},
        {"seq": "x"},
        {"data": []},
        {"data": {}},
        {"data": {"step": "a", "answer": {"kind": "song", "text": "la"}}},
        {"data": {"step": "a", "answer": {"kind": "text"}}},
        {"data": {"step": 1, "answer": {"kind": "text", "text": "x"}}},
        {"at": 3},
        {"session": None},
    ],
    ids=str,
)
def test_what_is_not_known_is_refused(spoilt: dict[str, Any]) -> None:
    written = envelope(e.Answered(step="a", answer=e.Written(text="x")))
    with pytest.raises(ValueError, match=r"."):
        e.Event.from_json(written | spoilt)


@pytest.mark.parametrize("value", [None, 3, "started", [], {}, [{"v": 1}]])
def test_what_is_no_envelope_is_refused(value: Any) -> None:
    with pytest.raises(ValueError, match=r"."):
        e.Event.from_json(value)


@pytest.mark.parametrize("level", [0, 5])
def test_confidence_is_from_one_to_four(level: int) -> None:
    with pytest.raises(ValueError, match="level"):
        e.Confident(step="a", level=level)
