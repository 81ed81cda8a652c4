"""The turn: recorded first, judged, decided, spoken; pauses, cards, and doors through which a machine may fail."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from tests.core.small import ReadingJudge, Talk, choose, criterion, drain, drain_one, explain, find, lesson, taken_up
from tests.talk import MemoryRecorder
from tutor.core import events as e
from tutor.core.judging import Judgement, JudgeTask
from tutor.core.limits import LONGEST_ANSWER
from tutor.core.session import OutOfTurn, Phase
from tutor.core.speaking import Brief, Utterance
from tutor.judges.embedded import EmbeddedJudge

DISTRESS = "zzz i want to kill myself"


def written(talk: Talk) -> str:
    return json.dumps([event.to_json() for event in talk.conversation.events])


# ------------------------------------------------------------------ recorded before anything else


def test_an_answer_is_recorded_before_the_judge_sees_it() -> None:
    recorded: list[list[str]] = []

    class Watching(ReadingJudge):
        async def judge(self, task: JudgeTask) -> Judgement:
            recorded.append(talk.kinds())
            return await super().judge(task)

    talk = Talk(lesson(explain()), Watching())
    talk.take("a:not")
    assert recorded == [["started", "opened", "answered"]]


@pytest.mark.parametrize(
    "text", ["idk", "...", "what does quay mean?", "a:not", "boom", "word " * LONGEST_ANSWER], ids=lambda text: text[:9]
)
def test_whatever_a_learner_sends_is_kept(text: str) -> None:
    talk = Talk(lesson(explain()), first=text)
    kept = [each.payload.answer for each in talk.conversation.events if isinstance(each.payload, e.Answered)]
    assert kept == [e.Written(text=text)]


def test_an_answer_of_another_kind_than_the_step_takes_leaves_the_session_as_it_was() -> None:
    talk = Talk(lesson(choose(), explain()))
    with pytest.raises(OutOfTurn):
        drain(talk.conversation.answer(e.Written(text="Option 0")))
    assert talk.turn == "answer"
    assert talk.take("0") == "secure => secure/secure"


@pytest.mark.parametrize("option", [-1, 3])
def test_an_option_that_is_not_there_leaves_the_session_as_it_was(option: int) -> None:
    talk = Talk(lesson(choose()))
    with pytest.raises((OutOfTurn, ValueError, LookupError)):
        drain(talk.conversation.answer(e.Chosen(option=option, text="?")))
    assert talk.turn == "answer"


@pytest.mark.parametrize(
    "act",
    [
        lambda talk: talk.conversation.ask_hint(),
        lambda talk: talk.conversation.say_stuck(),
        lambda talk: talk.conversation.confide(2),
        lambda talk: talk.conversation.open_card("x"),
        lambda talk: talk.conversation.self_check(had_it=True),
        lambda talk: talk.conversation.go_on(),
        lambda talk: talk.conversation.answer(e.Written(text="a:met")),
    ],
)
def test_what_comes_out_of_turn_changes_nothing(act: Callable[[Talk], Any]) -> None:
    talk = Talk(lesson(explain()), first=DISTRESS)
    before, session = talk.conversation.events, talk.conversation.session
    with pytest.raises(OutOfTurn):
        drain(act(talk))
    assert (talk.conversation.events, talk.conversation.session) == (before, session)


def test_leaving_and_coming_back_to_the_same_place() -> None:
    made = lesson(explain(confidence=True))
    talk = Talk(made, first="a:not")
    talk.conversation.leave()
    assert talk.turn == "confidence"
    back = taken_up(made, MemoryRecorder(talk.conversation.events))
    assert back.turn == "confidence"
    assert drain(back.advance()) == []
    assert [event.payload.type for event in drain(back.confide(2))] == ["confident", "judged", "moved"]


# ------------------------------------------------------------------ words of distress


def test_words_of_distress_pause_at_once_and_go_into_no_event() -> None:
    judge = ReadingJudge()
    talk = Talk(lesson(explain()), judge)
    assert talk.take(DISTRESS) == "paused"
    assert (talk.turn, talk.conversation.unsent, judge.tasks) == ("pause", DISTRESS, [])
    assert "zzz" not in written(talk)
    assert "zzz" not in repr(talk.conversation.session)


def test_after_a_pause_one_goes_on() -> None:
    talk = Talk(lesson(explain()), first=f"{DISTRESS}\n/pause-on")
    assert (talk.turn, talk.conversation.unsent) == ("answer", "")
    assert "ask-why" in talk.text
    assert talk.take("a:met") == "secure => secure/secure"
    assert talk.conversation.session.steps["why"].tries == 1


def test_after_a_pause_one_changes_what_one_wrote() -> None:
    talk = Talk(lesson(explain()), first=f"{DISTRESS}\n/pause-change")
    assert (talk.turn, talk.conversation.unsent) == ("answer", DISTRESS)
    assert talk.text == talk.conversation.phrases.back_to_change
    talk.take("a:not")
    assert "zzz" not in written(talk)


def test_a_pause_in_the_exit_ticket_takes_no_try_away() -> None:
    talk = Talk(lesson(choose(), exit_steps=[explain()]), first=f"0\n{DISTRESS}")
    assert talk.take("/pause-on") == "back-again"
    assert talk.take("a:met").startswith("noted => secure/secure")


def test_a_reply_to_a_probe_that_is_changed_after_a_pause_is_still_a_reply_to_it() -> None:
    judge = ReadingJudge()
    talk = Talk(lesson(explain()), judge, first=f"a:unsure first\n{DISTRESS}\n/pause-change")
    assert talk.take("a:unsure second") == "probe a"
    assert judge.tasks[-1].answer == "a:unsure first\na:unsure second"
    assert talk.state.tries == 1


def test_a_paste_beyond_measure_leaves_what_was_said_before() -> None:
    judge = ReadingJudge()
    talk = Talk(lesson(explain()), judge, first="a:unsure first")
    assert talk.take("word " * 5_000) == "caught"
    assert talk.take("a:unsure second") == "probe a"
    assert judge.tasks[-1].answer == "a:unsure first\na:unsure second"


@pytest.mark.parametrize("length", [LONGEST_ANSWER, 20_000])
def test_words_of_distress_are_heard_in_a_long_text_too(length: int) -> None:
    talk = Talk(lesson(explain()))
    assert talk.take("word " * (length // 5) + DISTRESS) == "paused"


# ------------------------------------------------------------------ source cards

LOOK = explain("look", do="look", cards=["x", "y", "z"], budget=2)


def test_cards_are_opened_within_a_budget() -> None:
    talk = Talk(lesson(LOOK), first="/card x\n/card x\n/card z")
    assert talk.state.cards == ("x", "z")
    with pytest.raises(OutOfTurn):
        talk.take("/card y")
    talk.take("/card x")
    assert talk.kinds().count("card-opened") == 2
    assert talk.take("a:met") == "secure => secure/secure"


def test_without_a_budget_every_card_may_be_opened() -> None:
    talk = Talk(lesson(LOOK | {"budget": 3}), first="/card x\n/card y\n/card z")
    assert talk.state.cards == ("x", "y", "z")


@pytest.mark.parametrize(("step", "card"), [(LOOK, "w"), (choose(), "x")])
def test_a_card_that_the_step_does_not_have(step: dict[str, Any], card: str) -> None:
    talk = Talk(lesson(step))
    with pytest.raises(OutOfTurn):
        talk.take(f"/card {card}")


def test_what_a_card_says_is_no_answer() -> None:
    body = "The price list of the harbour says that one crown was enough for a ticket"
    talk = Talk(lesson(LOOK, sources=[{"id": name, "title": name, "body": body} for name in "xyz"]))
    assert talk.take(body) == "caught"


# ------------------------------------------------------------------ doors


class Broken:
    """A speaker that says one thing, or breaks."""

    name = "model"

    def __init__(self, says: str | None) -> None:
        self.says = says
        self.moves: list[str] = []

    async def speak(self, brief: Brief) -> Utterance:
        self.moves.append(brief.move.kind)
        if self.says is None:
            raise TimeoutError
        return Utterance(self.says, self.name)


ANOTHER_HINT = "You write “the boat”. Which line names the speaker of hint-a here?"
HELPED = [criterion("a", hint="Which line names the speaker of hint-a?")]


@pytest.mark.parametrize(
    ("says", "by"),
    [
        (ANOTHER_HINT, "model"),
        (None, "scripted"),
        ("", "scripted"),
        ("Look at the end of the sentence.", "scripted"),
        ("Who says so? And who does not?", "scripted"),
        ("That is wrong: where else does it say so?", "scripted"),
        ("Do you see that it is this, tell-a, perhaps?", "scripted"),
        (f"{ANOTHER_HINT} Look at tell-a.", "scripted"),
    ],
)
def test_a_speakers_words_are_shown_only_where_they_pass_the_guard(says: str | None, by: str) -> None:
    talk = Talk(lesson(explain(rubric=HELPED)), speaker=Broken(says), first="the boat is old a:not")
    assert talk.said is not None
    assert (talk.said.by, says == talk.text) == (by, by == "model")
    if by == "scripted":
        assert "hint-a" in talk.text


def test_only_what_asks_for_something_is_left_to_another_speaker() -> None:
    speaker = Broken(ANOTHER_HINT)
    talk = Talk(lesson(explain(misconceptions=["myth"], tries=9)), speaker=speaker)
    for line in ("...", "a:unsure", "myth", "a:not", "a:not", "a:not"):
        talk.take(line)
    assert set(speaker.moves) <= {"probe", "hint", "prompt", "misconception"}
    assert "tell-a" in talk.text


def test_a_speaker_does_not_get_the_key() -> None:
    briefs: list[Brief] = []

    class Curious(Broken):
        async def speak(self, brief: Brief) -> Utterance:
            briefs.append(brief)
            return Utterance("The boat may be old: where is the hint-b at the boat?", self.name)

    step = explain(rubric="a b (o)", samples=[{"answer": "the-sample", "verdict": "partly", "meets": ["a"]}])
    Talk(lesson(step), speaker=Curious(""), first="boat a:met\nno boat matches\nno boat matches")
    assert len(briefs) >= 2
    assert all(hidden not in repr(brief) for brief in briefs for hidden in ("idea-b", "tell-", "idea-o", "the-sample"))
    assert "idea-a" in repr(briefs[0])


class Claiming(ReadingJudge):
    """A judge that calls everything met, with this for evidence."""

    def __init__(self, *evidence: str) -> None:
        super().__init__()
        self.evidence = evidence

    async def judge(self, task: JudgeTask) -> Judgement:
        return Judgement(
            tuple(
                e.Finding(criterion=each.id, status="met", evidence=self.evidence, judge=self.name)
                for each in task.criteria
            )
        )


def test_met_needs_words_that_stand_in_the_answer() -> None:
    """DESIGN, the turn, 3: every "met" must quote words that stand in the answer, or it is dropped."""
    assert Talk(lesson(explain()), Claiming("Ada Lund")).take("it names Ada Lund") == "secure => secure/secure"
    for evidence in ((), ("Bo Berg",)):
        assert "secure" not in Talk(lesson(explain()), Claiming(*evidence)).take("it names Ada Lund")


def test_the_judge_gets_the_learners_own_words_and_the_whole_answer() -> None:
    judge = ReadingJudge()
    talk = Talk(lesson(explain(), explain("anew", do="rewrite")), judge)
    quoted = "The ferry will surely never return. Its tickets were cheap"
    talk.take(f"Surely is too much: {quoted} a:met")
    assert judge.tasks[0].answer == f"Surely is too much: {quoted} a:met"
    assert judge.tasks[0].own.split() == ["Surely", "is", "too", "much:", "a:met"]
    talk.take(f"{quoted} a:met")
    assert judge.tasks[1].own == f"{quoted} a:met"


def test_finding_words_knows_no_judge() -> None:
    judge = ReadingJudge()
    talk = Talk(lesson(find(), choose()), judge, first="a stupid plan / everybody knows it\n0")
    assert judge.tasks == []
    assert talk.conversation.session.phase is Phase.FINISHED


@pytest.mark.parametrize(
    "answer",
    [
        "It is not - its tickets were cheap; the bus takes an hour - proof",
        "not, the ferry will surely never return. Its tickets, proof",
        "It is no\u00a0real “PROOF”",
    ],
)
def test_the_shown_evidence_stands_in_the_answer(answer: str) -> None:
    """Promise 3: a verdict shows its ground, the learner's own words."""
    step = explain(rubric=[{"id": "a", "idea": "It is no proof", "judge": "rules", "all_of": [["no* proof"]]}])
    talk = Talk(lesson(step, explain("next")), EmbeddedJudge(), first=answer)
    found = talk.conversation.session.steps["why"].criterion("a")
    assert all(words in answer for words in found.evidence)


def test_the_judge_makes_ready_while_the_learner_reads() -> None:
    warmed: list[JudgeTask] = []

    class Warming(ReadingJudge):
        async def warm(self, task: JudgeTask) -> None:
            warmed.append(task)

    talk = Talk(lesson(choose(), explain(rubric="a b")), Warming())
    drain_one(talk.conversation.warm())
    assert warmed == []
    talk.take("0")
    drain_one(talk.conversation.warm())
    assert [(task.answer, task.own, len(task.criteria)) for task in warmed] == [("", "", 2)]
    talk.take("i want to die")
    drain_one(talk.conversation.warm())
    assert len(warmed) == 1


def test_a_speaker_is_asked_only_where_there_is_an_answer_to_take_up() -> None:
    briefs: list[Brief] = []

    class Listening(Broken):
        async def speak(self, brief: Brief) -> Utterance:
            briefs.append(brief)
            return Utterance(ANOTHER_HINT, self.name)

    Talk(lesson(explain(rubric=HELPED, tries=9)), speaker=Listening(""), first="the boat a:not\n/hint")
    assert [brief.answer for brief in briefs] == ["the boat a:not"]
    assert all(brief.paragraph.startswith("The ferry closes in May") for brief in briefs)


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ("what does quay mean?", "“quay”: where ships tie up."),
        ("what does stupid mean?", "The lesson has no note on “stupid”. It stands here: “It is a stupid plan"),
        ("what do i have to do?", "I can't give the answer away"),
    ],
)
def test_a_question_back_is_answered_from_the_lesson_and_never_by_a_model(asked: str, said: str) -> None:
    speaker = Broken(ANOTHER_HINT)
    talk = Talk(lesson(explain()), speaker=speaker, first=asked)
    assert said in talk.text
    assert talk.text.count("?") == 1
    assert talk.text.endswith("?")
    assert (speaker.moves, talk.state.tries) == ([], 0)
