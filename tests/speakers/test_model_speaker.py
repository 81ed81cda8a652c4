"""The speaker with a model: what it is told, what it makes of a reply, and when the teacher's words stand."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from tests.core.small import drain_one, real_parts
from tutor.core.events import Call
from tutor.core.guard import Secret, breaches
from tutor.core.policy import Move
from tutor.core.speaking import Brief, Met, SpeakerError, Utterance
from tutor.llm.asking import ModelError, Prompt, Reply
from tutor.resources import prompts_dir
from tutor.speakers.model import ModelSpeaker, SpeakerPrompts, around, own_words

PHRASES = real_parts().phrases
CALL = Call(model="small", prompt="0" * 12)
PARAGRAPH = "The council withdrew the plan. Ada Lund of the port says that the ferry closes in May."
BRIEF = Brief(
    move=Move("hint", "ask"),
    do="explain",
    ask="Who says that the ferry closes?",
    paragraph=PARAGRAPH,
    answer="well, i think somebody in the paper",
    authored=("Read the last sentence. Whose name stands there?",),
    turn=3,
    lang="en",
)
QUESTION = "Read the last sentence: whose name of the paper stands there?"
OPENING = PHRASES.taking_up[0].format(words="“somebody in the paper”")


class Answering:
    """A model that gives one reply, or a trouble, and keeps what it was asked."""

    name = "small"

    def __init__(self, reply: Any) -> None:
        self.asked: list[Prompt] = []
        self._reply = reply

    async def ask(self, prompt: Prompt) -> Reply:
        self.asked.append(prompt)
        if isinstance(self._reply, ModelError):
            raise self._reply
        return Reply(self._reply if isinstance(self._reply, str) else json.dumps(self._reply), CALL)

    def room(self, prompt: Prompt) -> int:
        return 1000


def spoken(reply: Any, brief: Brief = BRIEF) -> tuple[Utterance, list[Prompt]]:
    model = Answering(reply)
    speaker = ModelSpeaker(model, SpeakerPrompts.load((prompts_dir(),), "en"), PHRASES)
    return drain_one(speaker.speak(brief)), model.asked


def refused(brief: Brief, reply: Any = None) -> tuple[SpeakerError, list[Prompt]]:
    model = Answering(reply)
    speaker = ModelSpeaker(model, SpeakerPrompts.load((prompts_dir(),), "en"), PHRASES)
    with pytest.raises(SpeakerError) as caught:
        drain_one(speaker.speak(brief))
    return caught.value, model.asked


def test_the_question_goes_on_from_the_learners_own_words() -> None:
    said, _ = spoken({"question": QUESTION})
    assert said == Utterance(f"{OPENING} {QUESTION}", "small", PHRASES.heard[0], (CALL,))
    secret = Secret(
        ("It is Ada Lund of the port.",), (PARAGRAPH,), ask=BRIEF.ask, answer=BRIEF.answer, help=BRIEF.authored[0]
    )
    assert breaches(said.text, secret) == ()


def test_the_model_is_told_the_help_and_the_words_and_nothing_else_of_the_lesson() -> None:
    _, (prompt,) = spoken({"question": QUESTION}, replace(BRIEF, met=(Met("It is Ada.", ("in the paper",)),)))
    assert prompt.user == f"Teacher's hint: {BRIEF.authored[0]}\nThe reply begins: {OPENING}"
    for hidden in (BRIEF.ask, PARAGRAPH, "It is Ada.", BRIEF.answer):
        assert hidden not in prompt.system + prompt.user
    assert (prompt.schema or {})["properties"]["question"]["pattern"].endswith(r"\?$")


def test_a_second_attempt_is_bolder() -> None:
    temperatures = [
        spoken({"question": QUESTION}, replace(BRIEF, attempt=attempt))[1][0].temperature for attempt in (0, 1)
    ]
    assert temperatures[0] == 0
    assert temperatures[1] > 0


def test_the_beginning_changes_from_turn_to_turn() -> None:
    texts = {spoken({"question": QUESTION}, replace(BRIEF, turn=turn))[0].text for turn in range(3)}
    assert len(texts) == len(PHRASES.taking_up)


@pytest.mark.parametrize(
    ("met", "lead"),
    [
        # its words stand in what follows, so they are not named twice
        ((Met("It is so.", ("in the paper",)),), PHRASES.found_one[0].format(idea="It is so.")),
        (
            (Met("It is so.", ("well",)), Met("It is more.", ("think",))),
            "\n".join(
                [
                    f"{PHRASES.found_one[0].format(idea='It is so.')} {PHRASES.found_words.format(words='“well”')}",
                    f"{PHRASES.found_also.format(idea='It is more.')} {PHRASES.found_words.format(words='“think”')}",
                ]
            ),
        ),
        ((), PHRASES.heard[0]),
    ],
)
def test_only_what_was_met_is_praised(met: tuple[Met, ...], lead: str) -> None:
    said, _ = spoken({"question": QUESTION}, replace(BRIEF, met=met))
    assert said.lead == lead


@pytest.mark.parametrize("reply", ["", "no JSON", "[1]", '{"other": "Who?"}', '{"question": 3}', '{"question": "Wh'])
def test_a_reply_that_is_no_question_is_left_to_the_guard(reply: str) -> None:
    said, _ = spoken(reply)
    assert "not one question" in breaches(said.text, Secret((), (PARAGRAPH, BRIEF.answer)))


def test_a_model_that_cannot_be_asked_gives_its_trouble_and_its_call() -> None:
    error, _ = refused(BRIEF, ModelError("slow-first", "The model at the desk did not answer.", CALL))
    assert (error.reason, error.trouble, error.calls) == (
        "the model gave no reply (slow-first)", "The model at the desk did not answer.", (CALL,),
    )  # fmt: skip


@pytest.mark.parametrize(
    "change",
    [
        {"answer": " "},
        {"authored": ()},
        {"authored": ("The name is ___.",)},
        {"move": Move("tell", "close")},
        {"move": Move("caught", "ask", reason="empty")},
    ],
)
def test_what_it_leaves_to_the_teacher_without_asking(change: dict[str, Any]) -> None:
    error, asked = refused(replace(BRIEF, **change))
    assert error.reason
    assert not error.trouble
    assert not asked


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        ("in syria", "in syria"),
        ("idk, it names the harbour!", "it names the harbour"),
        ("yes. the ferry closes because the harbour is too old", "the harbour is too old"),
        ("Who says that the ferry closes? nobody", "nobody"),
        ("first line\nsecond thought", "second thought"),
        ("boats and trains that nobody has ever seen in this town", "trains that nobody has ever seen …"),
        ("he says “ferry” which is a word for a boat", "a word for a boat"),
        ("...", "..."),
        ('so "<b>ferries sink</b>"', "ferries sink"),
    ],
)  # fmt: skip
def test_the_words_that_are_taken_up_are_the_learners_own(answer: str, words: str) -> None:
    assert own_words(answer, BRIEF.ask) == words


@pytest.mark.parametrize(
    ("found", "part"),
    [
        ("Ada", "Ada Lund says so"),
        ("never", "it never says when"),
        ("long", ""),
        ("very long part", "very long part"),
    ],
)
def test_the_part_that_holds_what_was_found(found: str, part: str) -> None:
    answer = "Ada Lund says so, it never says when; and this is a very long part with no end to it"
    assert around(found, answer) == part


@pytest.mark.parametrize("words", [own_words, lambda answer, _: around("a", answer)])
def test_what_is_taken_up_stands_in_the_answer(words: Callable[[str, str], str]) -> None:
    for answer in ("a b, c d e", "A? b; c", "x " * 40 + "a"):
        piece = words(answer, "").removesuffix(" …")
        assert piece in answer
