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
        judged(calls=(call(),)),
        moved(by="small", calls=(call(),)),
    ],
    ids=["caught", "stuck", "voice", "beside", "moved"],
)
def test_every_kind_of_question_is_counted(payload: e.Payload) -> None:
    used = of(payload, e.WentOn())
    assert (used.calls, used.tokens_in, used.tokens_out, used.tokens_cached) == (1, 100, 5, 60)
    assert used.models == ("small",)


def test_sums_and_who_judged_and_spoke() -> None:
    voice = e.Voice(judge="small", says="met", call=call(seconds=1.5))
    used = of(
        judged(RULES, voice, calls=(call(seconds=0.5), call())),
        judged(RULES, calls=(call(),)),
        moved(by="small", calls=(call(), call(model="large", seconds=2.0))),
        moved(calls=(call(),), fallback="two questions"),
        moved(),
    )
    assert (used.calls, used.seconds, used.models) == (7, 4.0, ("small", "large"))
    assert (used.judged_by_model, used.spoken_by_model, used.fell_back) == (1, 1, 1)


def silent(**more: Any) -> e.Call:
    """A question that nothing came back for: there were no tokens, though it took its time."""
    return call(None, None, **{"tokens_out": None, "seconds": 60.0} | more)


def test_a_question_without_an_answer_is_no_help() -> None:
    used = of(
        judged(RULES, e.Voice(judge="small", says="not-judged", call=silent())),
        judged(RULES, e.Voice(judge="small", says="unsure", ground="it cannot tell"), calls=(silent(),)),
        moved(calls=(silent(),), fallback="refused", trouble="Nobody answers."),
        judged(RULES, trouble="The model could not be asked."),
    )
    assert used == Usage(unanswered=4, fell_back=1)
    assert of(judged(e.Voice(judge="small", says="not-judged", call=call()))).judged_by_model == 0


@pytest.mark.parametrize(
    "payload",
    [
        e.Caught(step="s", reason="off-point", call=silent()),
        e.Stuck(step="s", in_words=True, call=silent()),
        judged(e.Voice(judge="small", says="unsure", call=silent())),
        moved(by="small", calls=(silent(),)),
    ],
    ids=["caught", "stuck", "voice", "moved"],
)
def test_what_led_to_something_was_answered_also_where_a_server_does_not_count_tokens(payload: e.Payload) -> None:
    used = of(payload)
    assert (used.calls, used.unanswered, used.seconds, used.models) == (1, 0, 60.0, ("small",))


def test_only_moves_that_a_model_was_asked_to_word_fall_back() -> None:
    left = moved(fallback="the lesson's glossary explains it")
    refused = moved(fallback="refused", trouble="Nobody answers.")
    assert of(left, left, moved(fallback="not waited for")) == Usage()
    assert (of(refused).fell_back, of(refused).unanswered) == (1, 1)


def test_the_share_from_the_cache_is_of_the_calls_that_tell() -> None:
    used = of(moved(calls=(call(), call(tokens_in=300, cached=240), call(cached=None), call(None, None))))
    assert (used.calls, used.tokens_in, used.cached_share) == (4, 500, 0.75)
    assert of(moved(calls=(call(cached=None),))).cached_share is None
