"""The model's side of judging: what it is asked, how its reply is read, and what happens when it fails."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest

from tests.judges.fake_model import FakeModel, Says, answer_in, idea_in, met, sorted_as
from tests.judges.test_embedded import made, step_of
from tutor.core.events import Voice
from tutor.core.judging import JudgeTask
from tutor.judges.calibration import Thresholds
from tutor.judges.model import NOTHING, JudgePrompts, ModelJudge
from tutor.llm.asking import ModelError, Prompt
from tutor.resources import prompts_dir

PROMPTS = JudgePrompts.load([prompts_dir()], "en")
LESSON = made(("Ada Lund said so", True), ("it closes in May", False), ("the master told us", True), ("no idea", False))


def task(answer: str = "the harbour master") -> JudgeTask:
    step = step_of(LESSON)
    return JudgeTask(LESSON, step, answer, answer, step.rubric)


def voices(model: FakeModel, table: dict[tuple[str, str], Thresholds] | None = None, **more: int) -> tuple[Voice, str]:
    the_task = task()
    judge = ModelJudge(model, PROMPTS, table, **more)
    (voice,), trouble = asyncio.run(judge.voices(the_task, the_task.criteria))
    return voice, trouble


def test_what_never_changes_stands_first_and_the_answer_last() -> None:
    model = FakeModel(met(0.9))
    judge, two = ModelJudge(model, PROMPTS), (task("the first answer"), task("another one altogether"))
    for each in two:
        asyncio.run(judge.voices(each, each.criteria))
    one, other = model.judged
    assert one.system == other.system
    before, _, after = one.user.partition("the first answer")
    assert other.user == f"{before}another one altogether{after}"
    assert "A harbour master is named as the source" in before
    assert "{" not in after
    assert before.startswith("Question: Who tells us that the ferry closes in May?")


def test_a_criterion_is_one_call_with_a_schema_at_temperature_nought() -> None:
    model = FakeModel(met(0.9))
    voices(model)
    [prompt] = model.judged
    assert prompt.temperature == 0
    assert prompt.tokens <= 64
    assert prompt.schema is not None
    assert prompt.schema["properties"] == {"met": {"type": "boolean"}}


@pytest.mark.parametrize(("probability", "says"), [(0.9, "met"), (0.55, "met"), (0.5, "unsure"), (0.02, "not")])
def test_without_a_calibration_the_plain_verdict_counts_unless_it_is_a_toss_up(probability: float, says: str) -> None:
    voice, trouble = voices(FakeModel(met(probability)))
    assert (voice.says, trouble) == (says, "")
    assert voice.probability == pytest.approx(probability)


def test_a_server_without_probabilities_is_taken_at_its_word() -> None:
    for p, says in ((0.9, "met"), (0.1, "not")):
        voice, _ = voices(FakeModel(lambda prompt, p=p: (met(p)(prompt)[0], None)))  # type: ignore[misc, index]
        assert (voice.says, voice.probability) == (says, None)


@pytest.mark.parametrize(("probability", "says"), [(0.31, "met"), (0.2, "unsure"), (0.1, "not")])
def test_a_calibration_is_for_one_model_and_one_prompt(probability: float, says: str) -> None:
    cuts = Thresholds(met_from=0.3, not_to=0.15, samples=80)
    fitting = {("fake-1", PROMPTS.criterion.hash): cuts}
    assert voices(FakeModel(met(probability)), fitting)[0].says == says
    for other in (("fake-2", PROMPTS.criterion.hash), ("fake-1", "another prompt")):
        assert voices(FakeModel(met(probability)), {other: cuts})[0].says == "not", "the plain verdict"


def test_a_voice_says_which_model_and_what_it_cost() -> None:
    voice, _ = voices(FakeModel(met(0.9)))
    assert voice.judge == "fake-1"
    assert voice.call is not None
    assert (voice.call.model, voice.call.prompt) == ("fake-1", PROMPTS.criterion.hash)
    assert (voice.call.tokens_in, voice.call.tokens_cached, voice.call.seconds) == (100, 80, 0.5)


@pytest.mark.parametrize("text", ["", "true", "[1]", '{"met": "yes"}', '{"mat": true}', "{", "null"])
def test_a_reply_that_is_no_verdict_is_not_judged(text: str) -> None:
    voice, trouble = voices(FakeModel(lambda _: text))
    assert (voice.says, voice.ground) == ("not-judged", "the model could not judge (garbage)")
    assert trouble.startswith('"fake" does not keep to the form')


def test_a_model_that_fails_has_not_judged_and_the_trouble_is_told() -> None:
    voice, trouble = voices(FakeModel(lambda _: ModelError("refused", "Nobody answers at http://x.")))
    assert (voice.says, voice.judge) == ("not-judged", "fake")
    assert "refused" in voice.ground
    assert trouble == "Nobody answers at http://x."


def test_worked_examples_are_there_when_they_are_asked_for_and_never_the_sample_itself() -> None:
    model, step = FakeModel(met(0.9)), step_of(LESSON)
    judge = ModelJudge(model, PROMPTS, examples=3)
    asyncio.run(judge.voices(task(), step.rubric, step.samples[0]))
    [prompt] = model.judged
    assert 'Pupil: "the master told us" -> {"met":true}' in prompt.user
    assert 'Pupil: "it closes in May" -> {"met":false}' in prompt.user
    assert "Ada Lund said so" not in prompt.user
    assert prompt.hash == f"{PROMPTS.criterion.hash}+3", "cuts found without examples do not hold with them"


def test_examples_go_first_when_the_room_is_small_and_the_idea_and_the_answer_never() -> None:
    model = FakeModel(met(0.9))
    judge = ModelJudge(model, PROMPTS, examples=3)
    for context in (100_000, 0):
        model.context = context
        asyncio.run(judge.voices(task(), step_of(LESSON).rubric))
    whole, small = model.judged
    assert "Pupil: " in whole.user
    assert "In other words" in whole.user
    assert small.hash.startswith(f"{PROMPTS.criterion.hash}-2")
    for gone in ("Pupil: ", "In other words"):
        assert gone not in small.user
    assert all(kept in small.user for kept in ("A harbour master is named as the source", "the harbour master"))


def test_warming_tries_the_model_out_and_bears_a_dead_server() -> None:
    model, the_task = FakeModel(met(0.9)), task("")
    judge = ModelJudge(model, PROMPTS)
    asyncio.run(judge.warm(the_task))
    assert [answer_in(each.user) for each in model.asked] == [the_task.criteria[0].idea, NOTHING]
    asyncio.run(judge.voices(task(), the_task.criteria))
    assert len(model.asked) == 3, "what was found out is known from then on"
    asyncio.run(ModelJudge(FakeModel(lambda _: ModelError("refused", "no")), PROMPTS).warm(the_task))


def test_what_was_asked_beside_the_answer_is_kept_for_the_record() -> None:
    judge, the_task = ModelJudge(FakeModel(met(0.9)), PROMPTS), task()
    asyncio.run(judge.voices(the_task, the_task.criteria))
    asyncio.run(judge.sort(the_task))
    assert len(judge.spent()) == 3
    assert judge.spent() == ()


def test_a_model_that_is_sure_of_little_has_a_say_once_it_is_calibrated() -> None:
    def shy(prompt: Prompt) -> tuple[Any, float]:
        p = {NOTHING: 0.02, idea_in(prompt.user): 0.4}.get(answer_in(prompt.user), 0.35)
        return {"met": False}, p

    assert voices(FakeModel(shy))[0].says == "unsure"
    table = {("fake-1", PROMPTS.criterion.hash): Thresholds(met_from=0.3, not_to=0.1, samples=80)}
    assert voices(FakeModel(shy), table)[0].says == "met"


@pytest.mark.parametrize("always", [0.9, 0.1, 0.5])
def test_a_model_that_cannot_tell_an_idea_from_none_has_no_say(always: float) -> None:
    voice, _ = voices(FakeModel(lambda _: ({"met": always >= 0.5}, always)))
    assert (voice.says, voice.ground) == ("unsure", "the model cannot tell this idea from none")


@pytest.mark.parametrize(
    ("says", "kind"),
    [
        (sorted_as("question", met(0.9)), "question"),
        (sorted_as("song", met(0.9)), None),
        (lambda _: ModelError("empty", "no"), None),
    ],
)
def test_a_turn_is_sorted_or_left_alone(says: Says, kind: str | None) -> None:
    found, _ = asyncio.run(ModelJudge(FakeModel(says), PROMPTS).sort(task()))
    assert (found.sort if found else None) == kind


def test_a_teacher_may_change_the_prompt_and_the_verdict_says_which_one_it_was(tmp_path: Path) -> None:
    text = (prompts_dir() / "judge.en.yaml").read_text(encoding="utf-8")
    (tmp_path / "judge.en.yaml").write_text(text.replace("You check", "You kindly check"), encoding="utf-8")
    own = JudgePrompts.load([tmp_path, prompts_dir()], "en")
    model, the_task = FakeModel(met(0.9)), task()
    (voice,), _ = asyncio.run(ModelJudge(model, own).voices(the_task, the_task.criteria))
    assert model.asked[0].system.startswith("You kindly check")
    assert voice.call is not None
    assert voice.call.prompt == own.criterion.hash != PROMPTS.criterion.hash


def test_what_a_model_could_tell_in_a_lesson_that_has_gone_does_not_count_for_the_next_one() -> None:
    def says(prompt: Any) -> Any:
        idea = idea_in(prompt.user)
        return ({"met": True}, 0.9) if "odd" in idea else met(0.9)(prompt)

    judge = ModelJudge(FakeModel(says), PROMPTS)
    for number in range(100):  # what is new stands where something else has stood before
        made_now = made(idea=f"It is an {'odd' if number % 2 else 'even'} number, {number}")
        step = step_of(made_now)
        task_now = JudgeTask(made_now, step, "the harbour master", "the harbour master", step.rubric)
        (voice,), _ = asyncio.run(judge.voices(task_now, task_now.criteria))
        assert voice.says == ("unsure" if number % 2 else "met"), voice
