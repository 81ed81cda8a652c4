"""A real model, where there is one: ENDPOINT_URL=http://127.0.0.1:8080/v1 ENDPOINT_MODEL=NAME pytest -m endpoint."""

from __future__ import annotations

import asyncio
import os
from pathlib import Path

import pytest

from tests.ferry import LESSON, UNSURE
from tests.test_faulty_endpoint import only, opened, talk
from tutor.core import events as e
from tutor.settings import Endpoint

URL, MODEL = os.environ.get("ENDPOINT_URL"), os.environ.get("ENDPOINT_MODEL", "default")
pytestmark = [
    pytest.mark.endpoint,
    pytest.mark.skipif(URL is None, reason="no endpoint is named in ENDPOINT_URL"),
]


def test_a_turn_with_a_real_model_is_judged_worded_and_recorded(tmp_path: Path) -> None:
    lesson = tmp_path / "ferry.yaml"
    lesson.write_text(LESSON, encoding="utf-8")
    conversation = opened(lesson, Endpoint(model=MODEL, base_url=URL or ""), judge="both", speaker="model")
    payloads = asyncio.run(talk(conversation, UNSURE))
    judged, moved = only(e.Judged, payloads), only(e.Moved, payloads)
    assert conversation.trouble == ""
    assert judged.calls or any(voice.call for finding in judged.findings for voice in finding.voices)
    assert moved.text.count("?") == 1
    assert moved.by == "scripted" or moved.calls
    assert conversation.turn == "answer"
