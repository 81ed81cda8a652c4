"""How a model speaks: every answer to the shipped lesson that is wrong or half right, what the tutor would say to it,
what the guard found, and whether anything of the key was shown.

Run by hand: `python -m tests.speaking URL MODEL OUT.jsonl [--turns N]`. The turns come from whole conversations with
the embedded judge: each answer comes first once, and second once after another one, so that later rungs are reached.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import random
import re
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path

from tests.agreement import free_text_steps, strangers
from tests.talk import MemoryRecorder, parts, shipped, started
from tutor.conversation import ATTEMPTS, Conversation
from tutor.core import events as e
from tutor.core.briefing import secret_of
from tutor.core.guard import Secret, breaches
from tutor.core.lesson import Lesson, RubricStep
from tutor.core.speaking import Brief, Speaker, SpeakerError, Utterance
from tutor.core.words import content_stems, folded_words
from tutor.resources import prompts_dir
from tutor.speakers.scripted import ScriptedSpeaker

NEXT = 7
"""The answer that comes second is the one so many further down the list: its like, and another person's."""


@dataclass(frozen=True)
class Turn:
    """One thing that the tutor has to say."""

    step: str
    brief: Brief
    secret: Secret


@dataclass
class Spoken:
    """What was said in a turn. `left` says that the model was never asked, the words being the teacher's to say, and
    `fell_back` why the model's words were not shown. `shown` is what the learner sees, `own_words` what the model's
    question has from nowhere; `leaked` are words of the key in what the model worded of it, `authored_leak` those that
    it has from the teacher's help, which the learner would have been shown; `relates` says that the model's own
    question, without the words quoted, speaks of the answer, and `verbatim` that it is the teacher's help word for
    word.
    """

    step: str
    move: str
    answer: str
    authored: tuple[str, ...]
    attempts: list[str] = field(default_factory=list)
    breaches: list[tuple[str, ...]] = field(default_factory=list)
    shown: str = ""
    left: bool = False
    fell_back: str = ""
    own_words: tuple[str, ...] = ()
    leaked: tuple[str, ...] = ()
    authored_leak: tuple[str, ...] = ()
    relates: bool = False
    verbatim: bool = False
    seconds: float = 0.0
    tokens: tuple[int, int, int] = (0, 0, 0)


class _Listener:
    """A speaker that says nothing: it keeps the briefs it gets, and what may not be said."""

    name = "listener"

    def __init__(self) -> None:
        self.turns: list[Turn] = []
        self.talk: Conversation | None = None

    async def speak(self, brief: Brief) -> Utterance:
        assert self.talk is not None
        self.turns.append(Turn(self.talk.step.id, brief, secret_of(self.talk.lesson, self.talk.session, brief)))
        raise SpeakerError("listening only")


def turns(lesson: Lesson) -> list[Turn]:
    """Every turn after a sample or a stranger's answer that is not all there, in which a model may speak."""
    found = []
    for step in free_text_steps(lesson):
        if step.assisted:
            answers = _unfinished(lesson, step)
            for number, answer in enumerate(answers):
                following = answers[(number + NEXT) % len(answers)]
                found += asyncio.run(_listened(lesson, step.id, (answer, following)))
    return found


def _unfinished(lesson: Lesson, step: RubricStep) -> list[str]:
    theirs = [(each["answer"], each["verdict"]) for each in strangers(lesson.id) if each["step"] == step.id]
    ours = [(each.answer, each.verdict) for each in step.samples]
    return [answer for answer, verdict in (*ours, *theirs) if verdict in ("partly", "not-yet")]


async def _listened(lesson: Lesson, step: str, answers: Sequence[str]) -> list[Turn]:
    recorder, listener = MemoryRecorder(), _Listener()
    started(lesson, recorder)
    recorder.record(e.Opened(step=step))
    talk = listener.talk = Conversation(lesson, recorder, replace(parts(), speaker=listener))
    for answer in answers:
        if talk.turn == "answer" and talk.step.id == step:
            async for _ in talk.answer(e.Written(text=answer)):
                pass
        while talk.turn == "confidence":
            async for _ in talk.confide(2):
                pass
    return listener.turns


async def spoken(turn: Turn, speaker: Speaker, teacher: ScriptedSpeaker) -> Spoken:
    """One turn, as the conversation would have it: two attempts, then the teacher's words."""
    brief = turn.brief
    out = Spoken(turn.step, brief.move.kind, brief.answer, brief.authored)
    start = time.perf_counter()
    said: Utterance | None = None
    for attempt in range(ATTEMPTS):
        try:
            tried = await speaker.speak(replace(brief, attempt=attempt))
        except SpeakerError as error:
            out.left = not (out.attempts or error.trouble or error.calls)
            out.fell_back = f"{error.reason} {error.trouble}".strip()
            break
        out.attempts.append(tried.text)
        out.breaches.append(found := breaches(tried.text, turn.secret))
        out.tokens = tuple(a + b for a, b in zip(out.tokens, _tokens(tried.calls), strict=True))  # type: ignore[assignment]
        if not found:
            said = tried
            break
        out.fell_back = ", ".join(found)
    out.seconds = round(time.perf_counter() - start, 2)
    if said is None:
        out.shown = teacher.say(brief)
        return out
    out.fell_back, out.shown = "", "\n".join(filter(None, (said.lead, said.text)))
    out.leaked = leaked(said.text, turn, brief.authored)
    out.authored_leak = tuple(each for each in leaked(said.text, turn) if each not in out.leaked)
    own = re.sub("“[^”]*”", "", said.text)
    theirs = content_stems(brief.answer) - content_stems(brief.ask) - content_stems(" ".join(brief.authored))
    known = (content_stems(each) for each in (brief.ask, brief.answer, " ".join(brief.authored)))
    out.own_words = tuple(sorted(content_stems(own.partition(". ")[2]).difference(*known)))
    words, helped = folded_words(own), folded_words(" ".join(brief.authored[:1]))
    out.verbatim = words[-len(helped) :] == helped
    out.relates = bool(content_stems(own) & theirs)
    return out


def _tokens(calls: Iterable[e.Call]) -> tuple[int, int, int]:
    each = tuple(calls)
    return (
        sum(call.tokens_in or 0 for call in each),
        sum(call.tokens_out or 0 for call in each),
        sum(call.tokens_cached or 0 for call in each),
    )


def leaked(text: str, turn: Turn, read: Iterable[str] = ()) -> tuple[str, ...]:
    """What of the key stands in a text and nowhere in what the learner has read or written, by counting anew: single
    content words, and runs of four words. `read` counts as read too.
    """
    brief = turn.brief
    before = " | ".join((*read, brief.ask, brief.paragraph, brief.answer, *(met.idea for met in brief.met)))
    key = " | ".join(turn.secret.key)
    single = content_stems(key) & content_stems(text) - content_stems(before)
    runs = _runs(key) & _runs(text) - _runs(before)
    return (*sorted(single), *sorted(runs))


def _runs(text: str) -> set[str]:
    words = re.findall(r"[a-z0-9']+|\|", text.lower().replace("’", "'"))
    return {" ".join(run) for at in range(len(words) - 3) if "|" not in (run := words[at : at + 4])}


def summary(rows: Sequence[Spoken]) -> Iterator[str]:
    """The figures over some turns, a line each."""
    by_model = [row for row in rows if not row.fell_back]
    tries = Counter(len(row.attempts) for row in by_model)
    left = sum(row.left for row in rows)
    asked = len(rows) - left
    yield f"turns {len(rows)}; left to the teacher {left}; the model asked in {asked}"
    yield f"shown by the model {len(by_model)} (first attempt {tries[1]}, second {tries[2]})"
    yield f"fell back {asked - len(by_model)} = {(asked - len(by_model)) / max(asked, 1):.0%} of those asked"
    yield f"key given away {sum(bool(row.leaked) for row in by_model)}"
    yield f"words of the key that stand in the teacher's own help {sum(bool(row.authored_leak) for row in by_model)}"
    yield f"one question {sum(row.shown.count('?') == 1 for row in by_model)} of {len(by_model)}"
    yield f"the question itself speaks of the answer {sum(row.relates for row in by_model)} of {len(by_model)}"
    yield f"the question is the teacher's help word for word {sum(row.verbatim for row in by_model)} of {len(by_model)}"
    yield f"words of its own {dict(Counter(word for row in by_model for word in row.own_words).most_common())}"
    yield f"breaches {dict(Counter(b for row in rows for each in row.breaches for b in each).most_common())}"
    yield f"without a reply {dict(Counter(row.fell_back for row in rows if row.fell_back and not row.attempts))}"
    yield f"by move {dict(Counter((row.move, not row.fell_back) for row in rows))}"
    seconds = sorted(row.seconds for row in rows if row.attempts)
    if seconds:
        yield f"seconds a turn: median {seconds[len(seconds) // 2]}, worst of ten {seconds[len(seconds) * 9 // 10]}"


def printed(row: Spoken) -> str:
    """A turn for people."""
    why = f"   [the teacher's words: {row.fell_back}]" if row.fell_back else ""
    return f"[{row.step}, {row.move}] {row.answer!r}\n   help: {' '.join(row.authored)}\n   said: {row.shown!r}{why}"


async def measure(chosen: Sequence[Turn], speaker: Speaker, out: Path) -> list[Spoken]:
    """Speak in every turn, one after the other, and write each to a line of `out`."""
    teacher, rows = ScriptedSpeaker(parts().phrases), []
    with out.open("w", encoding="utf-8") as file:
        for turn in chosen:
            rows.append(await spoken(turn, speaker, teacher))
            file.write(json.dumps(asdict(rows[-1]), ensure_ascii=False) + "\n")
            file.flush()
    return rows


def main() -> None:
    """Measure a model at an endpoint."""
    from tutor.llm.client import open_model  # noqa: PLC0415  the turns can be had without a model
    from tutor.settings import Endpoint  # noqa: PLC0415
    from tutor.speakers.model import ModelSpeaker, SpeakerPrompts  # noqa: PLC0415

    options = argparse.ArgumentParser()
    options.add_argument("url")
    options.add_argument("model")
    options.add_argument("out", type=Path)
    options.add_argument("--turns", type=int, default=10_000)
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--show", type=int, default=30)
    given = options.parse_args()
    chosen = turns(shipped("lavrov-syria"))
    random.Random(given.seed).shuffle(chosen)
    model = open_model(Endpoint(given.model, given.url))
    speaker = ModelSpeaker(model, SpeakerPrompts.load((prompts_dir(),), "en"), parts().phrases)
    rows = asyncio.run(measure(chosen[: given.turns], speaker, given.out))
    print("\n".join(printed(row) for row in rows[: given.show]))
    print("\n".join(summary(rows)))


if __name__ == "__main__":
    main()
