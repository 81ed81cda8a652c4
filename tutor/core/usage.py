"""What a language model was asked in a session, and how much of what the learner saw came of it: a fold over events."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from tutor.core import events as e


@dataclass(frozen=True, slots=True)
class Usage:
    """Sums over all questions to a model that were answered; nothing but zeros where none was asked.

    Tokens are those that the server told of: `tokens_in` sent, `tokens_out` received, `tokens_cached` taken from the
    server's cache, of the `tokens_cacheable` that were sent in calls which tell so. `seconds` is the calls' time added
    up, which is longer than the wait where several ran side by side. `unanswered` counts the times that a model was to
    be asked and nothing came back. `judged_by_model` are answers on which a model was heard, `spoken_by_model` replies
    in its words, `fell_back` those that it was asked to word and that are the teacher's.
    """

    calls: int = 0
    tokens_in: int = 0
    tokens_out: int = 0
    tokens_cached: int = 0
    tokens_cacheable: int = 0
    seconds: float = 0.0
    models: tuple[str, ...] = ()
    unanswered: int = 0
    judged_by_model: int = 0
    spoken_by_model: int = 0
    fell_back: int = 0

    @property
    def cached_share(self) -> float | None:
        """The share of the tokens sent that came from the server's cache, 0 to 1; None where no server tells."""
        return self.tokens_cached / self.tokens_cacheable if self.tokens_cacheable else None


def usage(events: Iterable[e.Event]) -> Usage:
    """What the events of a session tell of a model's part in it."""
    payloads = [event.payload for event in events]
    calls = [call for payload in payloads for call in _answered(payload)]
    told = [call for call in calls if call.tokens_in is not None and call.tokens_cached is not None]
    moves = [payload for payload in payloads if isinstance(payload, e.Moved)]
    return Usage(
        calls=len(calls),
        tokens_in=sum(call.tokens_in or 0 for call in calls),
        tokens_out=sum(call.tokens_out or 0 for call in calls),
        tokens_cached=sum(call.tokens_cached or 0 for call in told),
        tokens_cacheable=sum(call.tokens_in or 0 for call in told),
        seconds=sum(max(0.0, call.seconds) for call in calls),
        models=tuple(dict.fromkeys(call.model for call in calls)),
        unanswered=sum(_unanswered(payload) for payload in payloads),
        judged_by_model=sum(isinstance(each, e.Judged) and any(map(_is_heard, _voices(each))) for each in payloads),
        spoken_by_model=sum(bool(each.calls) and not each.fallback for each in moves),
        fell_back=sum(bool(each.fallback and (each.calls or each.trouble)) for each in moves),
    )


def calls_of(payload: e.Payload) -> tuple[e.Call, ...]:
    """The questions to a model that an event tells of, answered or not."""
    match payload:
        case e.Judged():
            return (*(voice.call for voice in _voices(payload) if voice.call), *payload.calls)
        case e.Moved():
            return payload.calls
        case e.Caught() | e.Stuck():
            return (payload.call,) if payload.call else ()
        case _:
            return ()


def _answered(payload: e.Payload) -> tuple[e.Call, ...]:
    """Those of its questions that were answered: the server counted their tokens, or something came of them (not every
    server counts).
    """
    calls = calls_of(payload)
    match payload:
        case e.Judged():
            came = [voice.call for voice in _voices(payload) if _is_heard(voice)]
            return tuple(each for each in calls if each.tokens_in is not None or each in came)
        case e.Moved() if payload.fallback:
            return tuple(each for each in calls if each.tokens_in is not None)
        case _:
            return calls


def _unanswered(payload: e.Payload) -> int:
    calls = calls_of(payload)
    if not calls:
        return int(isinstance(payload, (e.Judged, e.Moved)) and bool(payload.trouble))
    return len(calls) - len(_answered(payload))


def _voices(judged: e.Judged) -> Iterable[e.Voice]:
    return (voice for finding in judged.findings for voice in finding.voices)


def _is_heard(voice: e.Voice) -> bool:
    """Whether a model said something on a criterion, be it that it could not tell."""
    return voice.call is not None and voice.says != "not-judged"
