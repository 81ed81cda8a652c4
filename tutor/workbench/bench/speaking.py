"""How a model speaks: what the tutor says after each sample that is not all there, with what the guard makes of it.

The turns come from conversations with the embedded judge: each answer comes first once, and second once after another
one, so that later rungs of the help are reached. A model then words each of them as it would in a lesson.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from tutor.conversation import ATTEMPTS, Conversation, Parts
from tutor.core import events as e
from tutor.core.briefing import secret_of
from tutor.core.guard import Secret, breaches, questions
from tutor.core.lesson import Lesson
from tutor.core.phrases import Phrases
from tutor.core.speaking import Brief, Speaker, SpeakerError, Utterance
from tutor.core.words import content_stems, folded_words
from tutor.judges.embedded import EmbeddedJudge
from tutor.speakers.scripted import ScriptedSpeaker
from tutor.workbench.memory import begin
from tutor.workbench.trying.answers import free_text_steps

NEXT = 7
"""The answer that comes second is the one so many further down the list: another idea, in another person's manner."""
LEAKS = ("a word of the answer", "the answer's own words")
_QUOTED = re.compile(r"“[^”]*”")


@dataclass(frozen=True, slots=True)
class Turn:
    """One thing that the tutor has to say, and what may not be said in it."""

    step: str
    brief: Brief
    secret: Secret


@dataclass(frozen=True, slots=True)
class Spoken:
    """What became of a turn.

    `left` says that the model was not asked, the words being the teacher's to say (a sentence to finish), and
    `refused` why the teacher's words stand although it was: empty where the model's are shown. `stopped` says that the
    guard had to stop words of the answer in an attempt, `leaked` are those in what is shown, counted anew without the
    guard; `asks_once` says that it holds exactly one question, `verbatim` that this is the teacher's help word for
    word, behind words of the learner's.
    """

    step: str
    left: bool = False
    refused: tuple[str, ...] = ()
    stopped: bool = False
    leaked: tuple[str, ...] = ()
    asks_once: bool = False
    verbatim: bool = False
    calls: tuple[e.Call, ...] = ()

    @property
    def shown(self) -> bool:
        """Whether a learner sees the model's words."""
        return not self.left and not self.refused


class _Listener:
    """A speaker that says nothing: it keeps the briefs it gets, and what may not be said."""

    name = "listener"

    def __init__(self) -> None:
        self.turns: list[Turn] = []
        self.talk: Conversation | None = None

    async def speak(self, brief: Brief) -> Utterance:
        if self.talk is not None:
            secret = secret_of(self.talk.lesson, self.talk.session, brief)
            self.turns.append(Turn(self.talk.step.id, brief, secret))
        raise SpeakerError("listening only")


async def turns(lesson: Lesson, phrases: Phrases) -> list[Turn]:
    """Every turn after a sample that is wrong or half right in which a model may speak."""
    found: list[Turn] = []
    for step in free_text_steps(lesson):
        unfinished = [each.answer for each in step.samples if each.verdict in ("partly", "not-yet")]
        for number, answer in enumerate(unfinished if step.assisted else ()):
            following = unfinished[(number + NEXT) % len(unfinished)]
            found += await _listened(lesson, phrases, step.id, (answer, following))
    return found


async def _listened(lesson: Lesson, phrases: Phrases, step: str, answers: Sequence[str]) -> list[Turn]:
    listener, rules, teacher = _Listener(), EmbeddedJudge(), ScriptedSpeaker(phrases)
    talk, _ = begin(lesson, Parts(rules, rules, listener, teacher, phrases), step)
    listener.talk = talk
    for answer in answers:
        if talk.turn == "answer" and talk.step.id == step:
            async for _event in talk.answer(e.Written(text=answer)):
                pass
        while talk.turn == "confidence":
            async for _event in talk.confide(2):
                pass
    return listener.turns


async def spoken(turn: Turn, speaker: Speaker) -> Spoken:
    """One turn as a conversation would have it: two attempts, then the teacher's words; EndpointLostError."""
    brief, calls, stopped = turn.brief, tuple[e.Call, ...](), False
    refused: tuple[str, ...] = ()
    for attempt in range(ATTEMPTS):
        try:
            said = await speaker.speak(replace(brief, attempt=attempt))
        except SpeakerError as error:
            left = not (calls or error.calls or error.trouble)
            return Spoken(turn.step, left, (error.reason,), stopped, calls=(*calls, *error.calls))
        calls = (*calls, *said.calls)
        refused = breaches(said.text, turn.secret)
        stopped = stopped or any(each in LEAKS for each in refused)
        if not refused:
            return _shown(turn, said, stopped, calls)
    return Spoken(turn.step, refused=refused, stopped=stopped, calls=calls)


def _shown(turn: Turn, said: Utterance, stopped: bool, calls: tuple[e.Call, ...]) -> Spoken:
    words = folded_words(_QUOTED.sub("", said.text))
    helped = folded_words(turn.secret.help)
    return Spoken(
        turn.step,
        stopped=stopped,
        leaked=given_away(said.text, turn),
        asks_once=questions(said.text) == 1,
        verbatim=words[-len(helped) :] == helped,
        calls=calls,
    )


def given_away(text: str, turn: Turn) -> tuple[str, ...]:
    """What of the key stands in a text and nowhere in what the learner has before them, by counting anew: single
    content words, and runs of four words.
    """
    brief = turn.brief
    met = (each.idea for each in brief.met)
    before = " | ".join((brief.ask, brief.paragraph, brief.answer, *brief.authored, *met))
    key = " | ".join(turn.secret.key)
    lang = brief.lang
    single = content_stems(key, lang) & content_stems(text, lang) - content_stems(before, lang)
    return (*sorted(single), *sorted(_runs(key) & _runs(text) - _runs(before)))


def _runs(text: str) -> set[str]:
    words = re.findall(r"[\w']+|\|", text.lower().replace("’", "'"))
    return {" ".join(run) for at in range(len(words) - 3) if "|" not in (run := words[at : at + 4])}


def refusals(rows: Iterable[Spoken]) -> dict[str, int]:
    """Why the model's words were not shown: each reason with its count of turns, the most frequent first."""
    found: dict[str, int] = {}
    for row in rows:
        for reason in row.refused if not row.left else ():
            found[reason] = found.get(reason, 0) + 1
    return dict(sorted(found.items(), key=lambda pair: (-pair[1], pair[0])))
