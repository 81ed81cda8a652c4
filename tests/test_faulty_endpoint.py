"""An endpoint that fails in every way: the learner keeps the answer, gets a sentence that helps, and goes on."""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.ferry import LESSON, UNSURE
from tests.judges.fake_model import answer_in, idea_in
from tests.llm.fake_server import (
    EMPTY,
    FAILS,
    FREEZES,
    GARBAGE,
    HANGS,
    HANGS_UP,
    ONLY_REASONING,
    STALLS,
    UNAUTHORISED,
    WRONG_MODEL,
    FakeServer,
    Request,
    Script,
    cuts_off,
    drips,
    nobody,
    page,
    quick,
    redirects_to,
    refuses_to,
    says,
)
from tutor.bootstrap import House
from tutor.conversation import Conversation
from tutor.core import events as e
from tutor.settings import Endpoint, Settings

SPOKEN = "You write that you could look at it, but who is it that says so in the first line?"

SHORT = {"first_token_seconds": 0.3, "gap_seconds": 0.3, "total_seconds": 0.9}
FAULTS: dict[str, Script] = {
    "hangs": HANGS,
    "stalls": STALLS,
    "freezes": FREEZES,
    "trickles": drips(),
    "cuts off": cuts_off(),
    "hangs up": HANGS_UP,
    "garbage": GARBAGE,
    "html": page(),
    "half a json": says('{"met": tr'),
    "401": UNAUTHORISED,
    "404": WRONG_MODEL,
    "429": refuses_to(429, "slow down", Retry_After="60"),
    "500": FAILS,
    "another model": says("I am a poet", model="poet-7b"),
    "empty stream": EMPTY,
    "reasoning only": ONLY_REASONING,
    "cut prompt": says('{"met": true}', prompt_tokens=5),
    "redirect": redirects_to("http://127.0.0.1:1/v1"),
}


@pytest.fixture
def lesson_file(tmp_path: Path) -> Path:
    path = tmp_path / "ferry.yaml"
    path.write_text(LESSON, encoding="utf-8")
    return path


def opened(lesson_file: Path, endpoint: Endpoint, **settings: Any) -> Conversation:
    """A session of the lesson at an endpoint, as the program puts it together."""
    house = House(Settings(lesson_file.parent / "data", (), None, "auto", {}, endpoint=endpoint, **settings), "owl")
    return house.start(house.load(str(lesson_file)))


async def talk(conversation: Conversation, *answers: str) -> list[e.Payload]:
    events = [event async for event in conversation.advance()]
    for answer in answers:
        events += [event async for event in conversation.answer(e.Written(text=answer))]
    return [event.payload for event in events]


def only(kind: type[Any], payloads: list[e.Payload]) -> Any:
    [found] = [each for each in payloads if isinstance(each, kind)]
    return found


@contextlib.contextmanager
def faulty(name: str) -> Iterator[Endpoint]:
    if name == "refused":
        with nobody() as url:
            yield quick(url, **SHORT)
    else:
        with FakeServer(FAULTS[name]) as server:
            yield server.endpoint(**SHORT)


ALL = ("refused", *FAULTS)


def held(conversation: Conversation) -> None:
    """What has to hold after any fault: the answer is kept and the turn is the learner's, with one thing to do."""
    answered = only(e.Answered, [event.payload for event in conversation.events])
    assert answered.answer.text == UNSURE
    assert conversation.turn == "answer"
    moved = [event.payload for event in conversation.events if isinstance(event.payload, e.Moved)][-1]
    assert moved.then == "ask"
    assert moved.by == "scripted"
    assert moved.text.count("?") == 1


@pytest.mark.parametrize("name", ALL)
def test_the_judges_endpoint_fails(name: str, lesson_file: Path) -> None:
    with faulty(name) as endpoint:
        conversation = opened(lesson_file, endpoint, judge="both")
        judged = only(e.Judged, asyncio.run(talk(conversation, UNSURE)))
        held(conversation)
        assert {each.status for each in judged.findings} <= {"unsure", "not", "not-judged"}
        assert judged.verdict != "secure"
        second = next(each for each in judged.findings if each.criterion != "named")
        assert second.status == "not-judged", "only the model could have judged it, and it did not"
        if name == "another model":
            return  # it replied, though no verdict: nothing is wrong with the endpoint
        assert conversation.trouble.endswith(judged.trouble)
        assert conversation.trouble.startswith("The language model cannot help just now")
        assert endpoint.base_url in judged.trouble
        assert "fake-1b" in judged.trouble
        assert judged.trouble.endswith(".")
        assert conversation.lesson.step("who").id == conversation.step.id


@pytest.mark.parametrize("name", ALL)
def test_the_speakers_endpoint_fails(name: str, lesson_file: Path) -> None:
    with faulty(name) as endpoint:
        conversation = opened(lesson_file, endpoint, speaker="model")
        moved = only(e.Moved, asyncio.run(talk(conversation, UNSURE)))
        held(conversation)
        assert moved.fallback
        if moved.trouble:
            assert endpoint.base_url in moved.trouble
            assert conversation.trouble.endswith(moved.trouble)


def judge_or_speak(request: Request) -> Any:
    """A model that can tell an idea's own sentence from no answer, and finds no idea in any answer."""
    if "met" not in request.prompt:
        return says(json.dumps({"question": SPOKEN}))(request)
    return says(json.dumps({"met": answer_in(request.prompt) == idea_in(request.prompt)}))(request)


def test_with_a_good_endpoint_both_are_used_and_all_of_it_is_in_the_journal(lesson_file: Path) -> None:
    with FakeServer(judge_or_speak) as server:
        conversation = opened(lesson_file, server.endpoint(), judge="both", speaker="model")
        payloads = asyncio.run(talk(conversation, UNSURE))
    judged = only(e.Judged, payloads)
    voices = [voice for finding in judged.findings for voice in finding.voices if voice.call]
    assert voices
    for voice in voices:
        assert voice.call is not None
        assert voice.call.model == "fake-1b"
        assert len(voice.call.prompt) == 12
        assert voice.call.tokens_in
        assert voice.call.tokens_out
    assert conversation.trouble == ""
    lines = [
        json.loads(line)
        for path in (lesson_file.parent / "data").rglob("*.jsonl")
        for line in path.read_text(encoding="utf-8").splitlines()
    ]
    written = next(line for line in lines if line["type"] == "judged")
    assert any(voice["call"] for finding in written["data"]["findings"] for voice in finding["voices"])


def test_a_server_that_comes_back_is_used_again_and_the_trouble_is_over(lesson_file: Path) -> None:
    with FakeServer(FAILS, FAILS, FAILS, judge_or_speak) as server:
        conversation = opened(lesson_file, server.endpoint(parallel=1), judge="both")
        asyncio.run(talk(conversation, UNSURE))
        assert conversation.trouble
        asyncio.run(talk(conversation, UNSURE))
    assert conversation.trouble == ""


def test_a_prompt_of_the_teachers_that_does_not_work_does_not_stop_the_lesson(lesson_file: Path) -> None:
    own = lesson_file.parent / "prompts"
    own.mkdir()
    (own / "judge.en.yaml").write_text("system: Hello {there}\nuser: '{answer}'\n", encoding="utf-8")
    conversation = opened(lesson_file, quick("http://127.0.0.1:9/v1"), judge="both", prompts_dir=own)
    assert "judge.en.yaml:1:" in conversation.trouble
    assert "{there}" in conversation.trouble
    assert only(e.Judged, asyncio.run(talk(conversation, UNSURE))).judge == "embedded"
