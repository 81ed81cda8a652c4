"""Why: who judged and how sure, in words; no open idea is named; and what the learner sees differently."""

from __future__ import annotations

from typing import Any

import pytest

from tests.report.small import Walk, small, title_step, view_step
from tutor.core import events as e
from tutor.core.phrases import Phrases
from tutor.lessons.phrases_file import load_phrases
from tutor.report.ground import DISCLAIMER, Differing, Ground, ground, model_name, sureness, why
from tutor.report.summary import summary_lines
from tutor.report.transcript import lines_of
from tutor.resources import prompts_dir

END, SURE = "It says how the lane ends", "It sounds certain"


def phrases() -> Phrases:
    return load_phrases(prompts_dir(), "en")


def call(model: str = "qwen2.5-coder-1.5b") -> e.Call:
    return e.Call(model=model, prompt="0")


def judged(*findings: tuple[str, e.Status, tuple[e.Voice, ...]]) -> Walk:
    """An answer to the step `future`, and what was found in it."""
    walk = Walk(small()).open("future").do(e.Answered(step="future", answer=e.Written(text="it ends")))
    found = tuple(
        e.Finding(
            criterion=name,
            status=status,
            evidence=("it ends",) if status == "met" else (),
            judge="both",
            ground="both say so",
            voices=voices,
        )
        for name, status, voices in findings
    )
    return walk.do(e.Judged(step="future", verdict="partly", judge="both", costs=True, findings=found))


def two(says: e.Status, probability: float | None, **more: Any) -> tuple[e.Voice, ...]:
    rules = e.Voice(judge="embedded", says="met", ground="the rules match")
    return rules, e.Voice(judge="model", says=says, probability=probability, call=call(), **more)


def lines(walk: Walk) -> tuple[str, ...]:
    return why(walk.lesson, walk.session, walk.events)


def of(walk: Walk) -> Ground:
    return ground(walk.lesson, walk.session, walk.events)


@pytest.mark.parametrize(
    ("says", "probability", "words"),
    [
        ("met", 1.0, "almost certain"),
        ("met", 0.95, "almost certain"),
        ("met", 0.94, "fairly sure"),
        ("partly", 0.8, "fairly sure"),
        ("met", 0.79, "leaning that way"),
        ("met", 0.6, "leaning that way"),
        ("met", 0.5, "a toss-up"),
        ("met", 0.2, "hardly sure"),
        ("not", 0.0, "almost certain"),
        ("not", 0.05, "almost certain"),
        ("not", 0.2, "fairly sure"),
        ("not", 0.4, "leaning that way"),
        ("not", 0.54, "a toss-up"),
        ("not", 0.9, "hardly sure"),
        ("unsure", 0.5, "a toss-up"),
        ("unsure", 0.6, "leaning to found"),
        ("unsure", 0.4, "leaning to not seen"),
    ],
)
def test_how_sure_a_judge_is_in_words(says: e.Status, probability: float, words: str) -> None:
    assert sureness(says, probability) == words


def test_each_judge_that_was_heard_is_named_with_what_it_said_and_how_sure_it_was() -> None:
    walk = judged(("end", "met", two("met", 0.9)), ("sure", "unsure", two("not", 0.03)))
    assert lines(walk) == (
        f"Idea 1 of 2, found: {END}.",
        "  Your words: “it ends”.",
        "  The teacher's rules: found; the rules match.",
        "  qwen2.5-coder-1.5b: found, fairly sure.",
        "  Together: both say so.",
        "Idea 2 of 2: the tutor could not tell from your words.",
        "  The teacher's rules: found; the rules match.",
        "  qwen2.5-coder-1.5b: not seen, almost certain.",
        "  Together: both say so.",
        DISCLAIMER,
    )


def test_a_model_that_tells_no_probability_or_could_not_be_asked() -> None:
    silent = (e.Voice(judge="model", says="met", call=call()),)
    absent = (e.Voice(judge="qwen", says="not-judged", ground="nobody answered"),)
    shown = lines(judged(("end", "met", silent), ("sure", "not-judged", absent)))
    assert "  qwen2.5-coder-1.5b: found." in shown
    assert "  qwen: did not judge; nobody answered." in shown
    assert not any("Together" in line for line in shown)


def test_a_model_that_has_no_say_on_an_idea_is_said_to_be_left_out_in_plain_words() -> None:
    rules = e.Voice(judge="embedded", says="unsure", ground="both say so")
    left_out = e.Voice(judge="models/qwen.gguf", says="unsure", ground="the model cannot tell this idea from none")
    assert lines(judged(("end", "unsure", (rules, left_out))))[:3] == (
        "Idea 1 of 2: the tutor could not tell from your words.",
        "  The teacher's rules: could not tell; both say so.",
        "  qwen: not asked here, because a try showed that it does not understand this idea well enough.",
    )
    assert not any("Together" in line for line in lines(judged(("end", "unsure", (rules, left_out)))))


def test_one_judge_alone_gives_its_ground() -> None:
    walk = Walk(small()).open("future").write("future", "it ends", "partly", end="met", sure="not")
    finding = e.Finding(criterion="end", status="not", judge="embedded", ground="no word of it")
    bare = e.Finding(criterion="sure", status="not", judge="embedded", ground="the teacher's rules")
    walk.say("future").do(e.Answered(step="future", answer=e.Written(text="hm")))
    walk.do(e.Judged(step="future", verdict="partly", judge="embedded", costs=True, findings=(finding, bare)))
    assert "  Judged by the teacher's rules: no word of it." in lines(walk)
    assert "  Judged by the teacher's rules." in lines(walk)


def test_what_a_model_says_in_words_about_an_open_idea_is_not_shown() -> None:
    leak = f"the learner does not say: {SURE}"
    walk = judged(("sure", "not", two("not", 0.1, ground=leak)), ("end", "met", two("met", 0.9, ground="it ends")))
    text = " ".join(lines(walk))
    assert SURE not in text
    assert "qwen2.5-coder-1.5b: found, fairly sure; it ends." in text
    assert SURE not in " ".join(each.name for each in of(walk).differing)


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("qwen2.5-coder-1.5b", "qwen2.5-coder-1.5b"),
        ("/home/teacher/models/qwen2.5-coder-1.5b.gguf", "qwen2.5-coder-1.5b"),
        ("C:\\models\\small.gguf", "small"),
        ("org/Small-1B", "Small-1B"),
        ("llama3.2:1b", "llama3.2:1b"),
        ("models/", "models/"),
    ],
)
def test_a_model_is_named_without_the_path_of_its_file(name: str, shown: str) -> None:
    assert model_name(name) == shown
    walk = judged(("end", "not", (e.Voice(judge=name, says="not", call=call(name)),)))
    assert f"  {shown}: not seen." in lines(walk.say("future", "?", by=name, calls=(call(name),)))
    assert f"Worded by {shown}." in lines(walk)
    assert f"({shown}) helped" in " ".join(summary_lines(walk.lesson, walk.session, events=walk.events))


def test_who_worded_the_last_move() -> None:
    walk = judged(("end", "not", ()))
    walk.say("future", "What could the end be?", by="qwen2.5-coder-1.5b", calls=(call(),))
    assert "Worded by qwen2.5-coder-1.5b." in lines(walk)
    walk.do(e.HintAsked(step="future")).say("future", "Look at the verb.")
    assert not any("Worded" in line for line in lines(walk))


# ------------------------------------------------------------------ seeing it differently


def test_what_may_be_seen_differently() -> None:
    walk = judged(("end", "met", ()), ("sure", "unsure", ()))
    whole, end, sure = of(walk).differing
    assert (whole.criterion, whole.number, whole.noted) == (None, 0, False)
    assert end == Differing("end", 1, f"Idea 1: {END}.", noted=False)
    assert sure == Differing("sure", 2, "Idea 2", noted=False)
    assert of(walk).step == "future"


def test_what_was_said_to_be_seen_differently_is_said_afterwards() -> None:
    walk = judged(("end", "not", ()), ("sure", "unsure", ())).say("future")
    walk.do(e.Disagreed(step="future", criterion="sure"))
    assert [each.noted for each in of(walk).differing] == [False, False, True]
    first, second, *_ = of(walk).paragraphs
    assert "differently" not in first
    assert second.endswith("\n  You see this differently; it is noted for your teacher.")
    walk.do(e.Disagreed(step="future"))
    assert "You see the judgement of your answer differently; it is noted for your teacher." in lines(walk)
    assert lines(walk)[-1] == DISCLAIMER


def test_a_choice_or_words_pointed_at_can_only_be_seen_differently_as_a_whole() -> None:
    walk = view_step(Walk(small()))
    assert [each.criterion for each in of(walk).differing] == [None]
    walk.open("future")
    assert (of(walk).step, lines(walk)[0][:22]) == ("view", "Nothing has been judge")


def test_nothing_can_be_seen_differently_before_a_verdict_or_before_the_feedback_on_an_exit_ticket() -> None:
    assert of(Walk(small()).open("future")) == Ground(None, ("Nothing has been judged yet.",))
    walk = Walk(small(steps=[small().steps[0].model_dump()])).open("exit-sound")
    walk.choose("exit-sound", 0, "Keep it", right=True)
    assert of(walk).differing == ()
    assert lines(walk) == ("In the exit ticket, feedback comes after the last question.",)


@pytest.mark.parametrize(
    ("step", "criterion", "words"),
    [
        ("future", "sure", "You see the judgement on idea 2 of 2 differently; it is noted for your teacher."),
        ("future", None, "You see the judgement of your answer differently; it is noted for your teacher."),
        ("view", None, "You see the judgement of your answer differently; it is noted for your teacher."),
        ("future", "gone", "You see the judgement of your answer differently; it is noted for your teacher."),
    ],
)
def test_the_conversation_keeps_that_it_is_seen_differently(step: str, criterion: str | None, words: str) -> None:
    event = e.Event(session="s", sitting="t", seq=0, at="", payload=e.Disagreed(step=step, criterion=criterion))
    (line,) = lines_of(small(), event, phrases())
    assert (line.who, line.text, line.step) == ("note", words, step)


def test_off_the_point_and_trouble_give_no_line_of_their_own() -> None:
    for payload in (
        e.Caught(step="future", reason="off-point"),
        e.Judged(step="future", verdict="unsure", judge="both", costs=False, trouble="Nobody answers."),
    ):
        assert lines_of(small(), e.Event(session="s", sitting="t", seq=0, at="", payload=payload), phrases()) == ()


def test_what_needed_no_judge_is_said_to_have_been_compared_and_with_what() -> None:
    compared = "Your answer was compared with {}; no judgement of words was needed."
    assert lines(view_step(Walk(small())))[0] == compared.format("what the teacher marked in the text")
    assert lines(title_step(Walk(small())))[0] == compared.format("the option that the teacher marked as right")
