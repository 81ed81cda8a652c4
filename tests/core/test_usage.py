"""What a model's part in a session comes to: every kind of question to it is counted once, and nothing else."""

from __future__ import annotations

from typing import Any

import pytest

from tutor.core import events as e
from tutor.core.usage import Usage, usage


def call(tokens_in: int | None = 100, cached: int | None = 60, **more: Any) -> e.Call:
    return e.Call(
        **{"model": "small", "prompt": "p", "tokens_in": tokens_in, "tokens_out": 5, "tokens_cached": cached} | more
    )


def judged(*voices: e.Voice, **more: Any) -> e.Judged:
    finding = e.Finding(criterion="a", status="met", judge="both", voices=voices)
    return e.Judged(step="s", verdict="secure", judge="both", costs=True, findings=(finding,), **more)


def moved(**more: Any) -> e.Moved:
    return e.Moved(**{"step": "s", "move": "hint", "text": "?", "then": "ask", "by": "scripted"} | more)


def of(*payloads: e.Payload) -> Usage:
    return usage(e.Event(session="x", sitting="y", seq=n, at="", payload=p) for n, p in enumerate(payloads))


RULES = e.Voice(judge="embedded", says="met")


def test_where_no_model_was_asked_there_is_nothing() -> None:
    plain = [e.Stuck(step="s"), e.Caught(step="s", reason="empty"), judged(RULES), judged(), moved(), e.Left()]
    assert of(*plain) == Usage() == of()


@pytest.mark.parametrize(
    "payload",
    [
        e.Caught(step="s", reason="off-point", call=call()),
        e.Stuck(step="s", in_words=True, call=call()),
        judged(RULES, e.Voice(judge="small", says="met", call=call())),
        judged(sorting=call()),
        moved(by="small", calls=(call(),)),
    ],
    ids=["caught", "stuck", "voice", "sorting", "moved"],
)
def test_every_kind_of_question_is_counted(payload: e.Payload) -> None:
    used = of(payload, e.WentOn())
    assert (used.calls, used.tokens_in, used.tokens_out, used.tokens_cached) == (1, 100, 5, 60)
    assert used.models == ("small",)


def test_sums_and_who_judged_and_spoke() -> None:
    voice = e.Voice(judge="small", says="met", call=call(seconds=1.5))
    used = of(
        judged(RULES, voice, sorting=call(seconds=0.5)),
        judged(RULES, sorting=call()),
        moved(by="small", calls=(call(), call(model="large", seconds=2.0))),
        moved(calls=(call(),), fallback="two questions"),
        moved(fallback="not waited for"),
        moved(),
    )
    assert (used.calls, used.seconds, used.models) == (6, 4.0, ("small", "large"))
    assert (used.judged_by_model, used.spoken_by_model, used.fell_back) == (1, 1, 2)


def test_the_share_from_the_cache_is_of_the_calls_that_tell() -> None:
    used = of(moved(calls=(call(), call(tokens_in=300, cached=240), call(cached=None), call(None, None))))
    assert (used.calls, used.tokens_in, used.cached_share) == (4, 500, 0.75)
    assert of(moved(calls=(call(cached=None),))).cached_share is None
