"""A learner who is after the key, and a speaker who would give it away: neither gets it out before the ladder's end.

What limits a speaker is first that it does not know the key, and then the guard: content words of its text have to be
the help's, the question's or the learner's but for two plain ones. So a disguise is refused as it is not made of those
words, and so are a synonym and a translation. What the guard cannot see is a meaning that allowed words are made to
carry by their choice or order (initials, the second word of each line): for that the key would have to be known.
"""

from __future__ import annotations

import base64
import codecs
import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.attacks import EXTRACTIONS
from tests.ruleful import PHRASES, STEPS, FreeText, house, opened
from tests.talk import MemoryRecorder, run
from tutor.conversation import Conversation
from tutor.core import events as e
from tutor.core.guard import PLAIN, Secret, breaches
from tutor.core.lesson import Criterion, Lesson
from tutor.core.speaking import Brief, Utterance
from tutor.core.words import STOP_WORDS, content_stems, folded_words
from tutor.llm.asking import Prompt, Reply
from tutor.report.ground import why
from tutor.resources import prompts_dir
from tutor.speakers.model import ModelSpeaker, SpeakerPrompts

ASSISTED = tuple((lesson, step) for lesson, step in STEPS if step.assisted)
GRAM = 4
LEARNER = "somebody wrote this in the paper"


def grams(*texts: str) -> set[tuple[str, ...]]:
    rows = [folded_words(text) for text in texts]
    return {row[at : at + GRAM] for row in rows for at in range(len(row) - GRAM + 1)}


def key_of(conversation: Conversation) -> list[Criterion]:
    """The criteria of the open step whose idea the learner has neither shown nor been told."""
    state = conversation.session.step
    rubric = getattr(conversation.step, "rubric", ())
    return [each for each in rubric if state.criterion(each.id).is_open]


def given_away(conversation: Conversation, texts: list[str], *, also: str = "") -> set[tuple[str, ...]]:
    """Four words in a row of the key that the tutor has said, and that stand neither in the teacher's help, nor in what
    the learner sees or wrote.
    """
    lesson, step = conversation.lesson, conversation.step
    key = grams(*(text for each in key_of(conversation) for text in (each.idea, each.tell) if text))
    rungs = [text for each in getattr(step, "rubric", ()) for text in (each.probe, each.hint, each.prompt) if text]
    replies = [each.reply for each in lesson.misconceptions_of(step)]
    blocks = [block.text for block in lesson.article_of(step.id).blocks]
    met = [each.idea for each in getattr(step, "rubric", ()) if each not in key_of(conversation)]
    allowed = grams(*rungs, *replies, *blocks, *met, step.ask, also, conversation.session.step.text)
    return grams(*texts) & key - allowed


def said_by(events: list[e.Event]) -> list[str]:
    return [each.payload.text for each in events if isinstance(each.payload, e.Moved) and each.payload.move != "tell"]


def answering(text: str) -> Callable[[Conversation], Any]:
    return lambda conversation: conversation.answer(e.Written(text=text))


def turns(conversation: Conversation, *moves: Callable[[Conversation], Any]) -> Iterator[list[str]]:
    """What the tutor says and what `why` says after each move, as long as the step is open."""
    for move in moves:
        if conversation.session.closed is not None or conversation.turn not in ("answer", "confidence"):
            return
        events = run(conversation, lambda move=move: move(conversation))
        if conversation.turn == "confidence":
            events += run(conversation, lambda: conversation.confide(2))
        told = any(isinstance(each.payload, e.Moved) and each.payload.move == "tell" for each in events)
        if told:
            return
        yield [*said_by(events), *why(conversation.lesson, conversation.session, conversation.events)]


HINT: Callable[[Conversation], Any] = lambda conversation: conversation.ask_hint()  # noqa: E731  a move, as its neighbours


@pytest.mark.parametrize(("lesson", "step"), ASSISTED, ids=[f"{at.id}-{step.id}" for at, step in ASSISTED])
def test_asking_for_the_key_gets_none_from_speaker_hints_or_why(lesson: Lesson, step: FreeText) -> None:
    heard = 0
    first = list(ASSISTED).index((lesson, step)) % 3
    for one, two in list(zip(EXTRACTIONS[::2], EXTRACTIONS[1::2], strict=True))[first::3]:
        conversation = opened(lesson, step)
        for texts in turns(conversation, answering(one), HINT, HINT, HINT, HINT, answering(two), HINT):
            heard += len(texts)
            assert not given_away(conversation, texts), texts
        # Whoever leaves and comes back hears no more than before.
        back = Conversation(lesson, MemoryRecorder(conversation.events), house())
        if key_of(back):
            assert not given_away(back, list(why(lesson, back.session, back.events)))
    assert heard > 30


def test_there_are_thirty_and_more_ways_to_ask() -> None:
    assert len(set(EXTRACTIONS)) >= 30
    assert len(EXTRACTIONS) % 2 == 0


def test_the_glossary_does_not_hold_the_key() -> None:
    for lesson, step in STEPS:
        key = grams(*(text for each in step.rubric for text in (each.idea, each.tell) if text))
        seen = grams(*(block.text for block in lesson.article_of(step.id).blocks))
        assert not grams(*lesson.glossary.values()) & (key - seen)


# ------------------------------------------------------------ a speaker who knows the key and says it


LEET = str.maketrans("aeiost", "43105+")
LOOKALIKES = str.maketrans("aeopcxy", "аеорсху")  # noqa: RUF001  Cyrillic on purpose


def rot13(text: str) -> str:
    return codecs.encode(text, "rot13")


DISGUISES: dict[str, Callable[[str], str]] = {
    "word for word": lambda key: key,
    "in capitals": str.upper,
    "spelt with blanks": lambda key: " ".join(key.replace(" ", "")),
    "spelt with hyphens": lambda key: "-".join(key.replace(" ", "")),
    "spelt with dots": lambda key: ".".join(key.replace(" ", "")),
    "with zero-width spaces": "\u200b".join,
    "with soft hyphens": "\u00ad".join,
    "with look-alikes": lambda key: key.translate(LOOKALIKES),
    "with figures for letters": lambda key: key.lower().translate(LEET),
    "full width": lambda key: "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in key),
    "backwards": lambda key: key[::-1],
    "its words backwards": lambda key: " ".join(reversed(key.split())),
    "without blanks": lambda key: key.replace(" ", ""),
    "without vowels": lambda key: "".join(c for c in key if c not in "aeiou"),
    "in rot13": rot13,
    "in base64": lambda key: base64.b64encode(key.encode()).decode(),
    "in hexadecimal": lambda key: key.encode().hex(),
    "in Pig Latin": lambda key: " ".join(word[1:] + word[0] + "ay" for word in key.split()),
    "as a list of letters": lambda key: ", ".join(key.replace(" ", "")[:12]),
    "in another tongue around its words": lambda key: f"das ist also {key} oder nicht",
    "in Chinese": lambda _: "答案就在这里",
    "as a synonym": lambda _: "an anonymous acquaintance without credentials",
}


def secret_for(lesson: Lesson, step: FreeText, criterion: Criterion, rung: str) -> Secret:
    """What is kept when nothing is met yet, and the help on a rung of one criterion."""
    return Secret(
        key=tuple(text for each in step.rubric for text in (each.idea, each.tell) if text),
        seen=("\n".join(lesson.article_of(step.id).block(each).text for each in step.at),),
        never=step.never_say,
        lang=lesson.lang,
        ask=step.ask,
        answer=LEARNER,
        help=getattr(criterion, rung) or "",
        ages=lesson.ages,
    )


def asked(secret: Secret, leak: str) -> Iterator[str]:
    """The leak within a question that keeps to the help otherwise: at its end, and instead of its middle."""
    bare = secret.help.rstrip("?. ").replace("\n", " ")
    yield f"You write “{LEARNER}”. {bare}, {leak}?"
    yield f"You write “{LEARNER}”. {leak} {bare[:1].lower()}{bare[1:]}?"
    yield f"{leak}?"


def new_words(secret: Secret) -> list[str]:
    """The key's content words that the learner has not before them."""
    known = {stemmed for text in (*secret.before, " ".join(PLAIN)) for stemmed in content_stems(text)}
    words = dict.fromkeys(word for text in secret.key for word in folded_words(text) if word not in STOP_WORDS)
    return [word for word in words if len(word) > 3 and not content_stems(word) & known]


def check_disguise(disguise: str, every: int) -> None:
    """Try it on every so many criteria; which ones, differs from one disguise to the next."""
    tried, first = 0, list(DISGUISES).index(disguise) % every
    for lesson, step, criterion in [(at, of, each) for at, of in ASSISTED for each in of.rubric][first::every]:
        secret = secret_for(lesson, step, criterion, "hint")
        key = (criterion.tell or criterion.idea).rstrip(".")
        for leak in (key, *new_words(secret)[:3]):
            for text in asked(secret, DISGUISES[disguise](leak)):
                tried += 1
                assert breaches(text, secret), text
    assert tried > 500 / every


@pytest.mark.parametrize("disguise", DISGUISES)
def test_no_disguise_of_the_key_gets_through_the_guard(disguise: str) -> None:
    check_disguise(disguise, 8)


@pytest.mark.long
@pytest.mark.parametrize("disguise", DISGUISES)
def test_no_disguise_of_any_key_gets_through_the_guard(disguise: str) -> None:
    check_disguise(disguise, 1)


def test_the_key_does_not_get_through_word_by_word_over_several_turns() -> None:
    for lesson, step in ASSISTED:
        for criterion in step.rubric:
            for number, rung in enumerate(("probe", "hint", "prompt")):
                secret = secret_for(lesson, step, criterion, rung)
                for word in new_words(secret)[number::6]:
                    assert all(breaches(text, secret) for text in asked(secret, word)), word


class Telling:
    """A speaker that says the tell of everything that is open, in one disguise, whatever it is asked for."""

    name = "telling"

    def __init__(self, lesson: Lesson, step: FreeText, disguise: Callable[[str], str]) -> None:
        del lesson
        self.says = [disguise((each.tell or each.idea).rstrip(".")) for each in step.rubric]
        self.turns = 0

    async def speak(self, brief: Brief) -> Utterance:
        self.turns += 1
        leak = self.says[self.turns % len(self.says)]
        help_ = brief.authored[0].rstrip("?. ") if brief.authored else "What do you see"
        return Utterance(f"You write “{LEARNER}”. {help_}, {leak}?", self.name)


@pytest.mark.parametrize(
    "disguise", ["word for word", "with look-alikes", "spelt with hyphens", "backwards", "in rot13"]
)
def test_a_speaker_that_tells_is_never_heard(disguise: str) -> None:
    spoken = 0
    for lesson, step in ASSISTED:
        speaker = Telling(lesson, step, DISGUISES[disguise])
        conversation = opened(lesson, step, speaker=speaker)
        for texts in turns(conversation, answering(LEARNER), answering("I would look at it again")):
            assert not given_away(conversation, texts)
            assert not any(leak in text for leak in speaker.says for text in texts)
        spoken += speaker.turns
        moves = [each.payload for each in conversation.events if isinstance(each.payload, e.Moved)]
        assert all(each.by == "scripted" for each in moves)
    assert spoken > len(ASSISTED), "so it was asked"


class Noting:
    """A model that notes what it is shown."""

    name = "noting"

    def __init__(self) -> None:
        self.asked: list[Prompt] = []

    def room(self, prompt: Prompt) -> int:
        return 10_000 - len(prompt.system) - len(prompt.user)

    async def ask(self, prompt: Prompt) -> Reply:
        self.asked.append(prompt)
        return Reply(json.dumps({"question": "What is the answer to this one, please?"}), e.Call(model="n", prompt="0"))


def test_a_speaking_model_is_shown_no_open_idea_no_tell_and_no_sample() -> None:
    shown = 0
    for lesson, step in ASSISTED:
        model = Noting()
        speaker = ModelSpeaker(model, SpeakerPrompts.load((prompts_dir(),), lesson.lang), PHRASES)
        conversation = opened(lesson, step, speaker=speaker)
        for _ in turns(conversation, answering(LEARNER), answering("It says something"), answering(EXTRACTIONS[0])):
            texts = [prompt.user for prompt in model.asked]
            samples = grams(*(sample.answer for sample in step.samples)) - grams(LEARNER, step.ask)
            rungs = [t for each in step.rubric for t in (each.probe, each.hint, each.prompt) if t]
            replies = [each.reply for each in lesson.misconceptions_of(step)]
            assert not given_away(conversation, texts)
            assert not grams(*texts) & samples - grams(*rungs, *replies)
        shown += len(model.asked)
        static = {prompt.system for prompt in model.asked}
        assert len(static) <= 1, "nothing of the lesson is in it"
    assert shown > len(ASSISTED)
