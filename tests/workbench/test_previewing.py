"""What the preview's bar tells a teacher, without a screen: the key, what an answer meets and why, what comes then."""

from __future__ import annotations

import asyncio
import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.talk import parts, shipped
from tutor.cli import main
from tutor.core import events as e
from tutor.core.lesson import Lesson
from tutor.lessons.loader import load_lesson
from tutor.workbench.foreseeing import Ahead, Answer, Foresight, Playable
from tutor.workbench.memory import MemoryRecorder, begin
from tutor.workbench.preview import Preview
from tutor.workbench.previewing import Bar, Section, bar

BIKE_LANE = Path(__file__).parents[1] / "tui" / "lessons" / "bike-lane"
ADA = "The town council voted on Tuesday to paint a bike lane on Harbour Street, council member Ada Brown said."


@pytest.fixture(scope="module")
def lesson() -> Lesson:
    return load_lesson(BIKE_LANE).lesson


def look(lesson: Lesson, step: str, answer: Answer | str | None = None, *before: str) -> Bar:
    """The bar at a step, with an answer about to be sent after others were."""
    return bar(ahead(lesson, step, answer, *before))


def ahead(lesson: Lesson, step: str, answer: Answer | str | None, *before: str) -> Ahead:
    conversation, _ = begin(lesson, parts(), step)

    async def go() -> Ahead:
        for text in before:
            async for _event in conversation.answer(e.Written(text=text)):
                pass
        written = e.Written(text=answer) if isinstance(answer, str) else answer
        return await Foresight(lesson, conversation.phrases).ahead(conversation.events, written)

    return asyncio.run(go())


def playables(lesson: Lesson, step: str) -> tuple[Playable, ...]:
    return asyncio.run(Foresight(lesson, parts().phrases).playables(step))


def told(section: Section) -> str:
    return "\n".join(f"{line.lead} | {line.text}" for line in section.lines)


def changed(lesson: Lesson, step_id: str, **fields: object) -> Lesson:
    """The lesson with another step in the place of one."""
    steps = [
        type(step).model_validate(step.model_dump() | fields) if step.id == step_id else step for step in lesson.steps
    ]
    return Lesson.model_validate(lesson.model_dump() | {"steps": steps})


# -- the key


@pytest.mark.parametrize(
    ("step", "says"),
    [
        ("who", ["2 is right | “Ada Brown”"]),
        ("shaky", ["find nobody | p2: “nobody wants this lane”", "decoy count | p3: “40 cyclists an hour"]),
        ("explain", ["asked | open: The writer asked nobody.", "watches for | loud-is-true"]),
        ("rewrite", ["rewrites | “It will certainly ruin", "has to keep | “shop”", "has to drop | “certainly”"]),
        ("look", ["best cards | school “Our count: 55 bikes an hour”, town “Traffic count, May”; 2 may be opened"]),
        ("exit-find", ["find best | p1: “It is the best bench in the world.”"]),
    ],
)
def test_the_key_of_every_kind_of_step(lesson: Lesson, step: str, says: list[str]) -> None:
    key = look(lesson, step).key
    for each in says:
        assert each in told(key)
    assert key.short


def test_the_key_shows_which_ideas_are_found_already(lesson: Lesson) -> None:
    key = look(lesson, "explain", None, "the writer did not ask the people").key
    assert "✓ asked | found: The writer asked nobody." in told(key)
    assert "opinion | open" in told(key)


# -- the answer


def test_a_criterion_that_is_met_shows_the_words_that_decided(lesson: Lesson) -> None:
    answer = look(lesson, "explain", "The writer did not ask anybody, it is just an opinion.").answer
    assert "✓ asked | met: rules say yes “ask”; stems say yes: writer, ask, anybody, opinion." in told(answer)
    assert [line.kind for line in answer.lines] == ["met", "met"]


def test_an_unsure_criterion_shows_which_of_the_two_says_what(lesson: Lesson) -> None:
    answer = look(lesson, "explain", "he did not ask people").answer
    assert (
        r"? opinion | unsure: rules say no: missing [/opinion/ or /\bthinks?\b/ or /\bview/]; stems say yes: ask."
        in (told(answer))
    )
    assert answer.short == "✓ asked, ? opinion"


def test_a_group_of_rules_that_is_missing_is_named_beside_the_one_that_is_there(lesson: Lesson) -> None:
    assert r"rules say no “40”, missing [/\b55\b/]" in told(look(lesson, "look", "they counted 40").answer)


def test_a_veto_is_named(lesson: Lesson) -> None:
    rubric = [{"id": "asked", "idea": "Nobody was asked.", "all_of": [["ask"]], "none_of": ["everybody"]}]
    answer = look(changed(lesson, "explain", rubric=rubric, samples=[]), "explain", "they did ask everybody").answer
    assert "rules say no “ask”, vetoed by none_of: everybody" in told(answer)


def test_a_criterion_without_rules_is_unsure_and_says_so(lesson: Lesson) -> None:
    rubric = [{"id": "asked", "idea": "Nobody was asked."}]
    answer = look(changed(lesson, "explain", rubric=rubric, samples=[]), "explain", "nobody was asked").answer
    assert "? asked | unsure: it has no rules; stems say yes: asked." in told(answer)


def test_where_rules_decide_alone_the_stems_are_not_named(lesson: Lesson) -> None:
    assert told(look(lesson, "rewrite", "Shops might lose customers").answer) == "✓ maybe | met: rules say yes “might”."


def test_a_misconception_that_fires_is_shown_with_its_words(lesson: Lesson) -> None:
    seen = look(lesson, "explain", "it sounds so sure that it must be true")
    assert "! loud-is-true | shows “sounds so sure”: Somebody who sounds sure must be right" in told(seen.answer)
    assert "reply to a misconception, loud-is-true" in told(seen.following)


@pytest.mark.parametrize(
    ("step", "text", "why"),
    [
        ("explain", ADA, "it is copied from the article"),
        ("explain", "idk", "heard as “I don't know”"),
        ("explain", "what does council mean?", "heard as a question: “council”"),
        ("explain", "...", "there are no words in it"),
        ("explain", "ask " * 500, "longer than 1,500 characters"),
        ("explain", "i want to kill myself", "words of distress: the lesson pauses, and the help card is shown"),
        ("rewrite", "It might get hard.", "words that have to stay are missing: “shop”"),
        ("rewrite", "The shops might certainly close.", "words that have to go are still there: “certainly”"),
    ],
)
def test_what_the_checks_before_judging_would_say(lesson: Lesson, step: str, text: str, why: str) -> None:
    seen = look(lesson, step, text)
    assert told(seen.answer) == f"not judged | {why}."
    assert seen.answer.lines[0].kind == "alarm"
    assert "costs" not in told(seen.following)


def test_quoted_words_are_left_out_and_what_is_judged_is_shown(lesson: Lesson) -> None:
    answer = look(lesson, "explain", f"{ADA[:-1]} but he did not ask anybody.").answer
    assert "quoted | What stands in the text is left out. Judged is only: “but he did not ask anybody.”" in told(answer)


def test_an_option_and_picked_words_are_graded(lesson: Lesson) -> None:
    assert told(look(lesson, "who", e.Chosen(option=1, text="Ada Brown")).answer) == "✓ option 2 | is right."
    assert "is not right" in told(look(lesson, "who", e.Chosen(option=0, text="The writer")).answer)
    decoy = next(each.answer for each in playables(lesson, "shaky") if each.label == "decoy count")
    assert told(look(lesson, "shaky", decoy).answer) == "! count | is a decoy: “40 cyclists an hour use the street”"
    beside = e.Pointed(selections=(e.Selection(block="p2", start=0, end=2, text="Of"),))
    assert "neither target nor decoy" in told(look(lesson, "shaky", beside).answer)
    start = lesson.article.block("p2").text.index("nobody")
    short = e.Pointed(selections=(e.Selection(block="p2", start=start, end=start + 6, text="nobody"),))
    assert "· nobody | is near: “nobody” takes more words to be a hit." in told(look(lesson, "shaky", short).answer)


def test_nothing_typed_says_what_to_do_and_what_came_last(lesson: Lesson) -> None:
    assert told(look(lesson, "explain").answer) == " | Type an answer to see what it meets."
    after = look(lesson, "explain", None, "he did not ask people").answer
    assert "last answer | unsure, met asked (by embedded)." in told(after)


# -- what comes then


def test_what_follows_names_verdict_tries_move_and_rung(lesson: Lesson) -> None:
    following = look(lesson, "explain", "because of the bakery").following
    assert told(following).startswith("not-yet | It costs a try, 2 of 3 left.\nhint, rung 1 of 3, asked | “")
    half = look(lesson, "explain", "it sounds so sure, but they did not ask").following
    assert "loud-is-true | “How would the writer know what nobody wants?”" in told(half)
    assert "What would the writer have to do first to know it?" in told(following)
    second = look(lesson, "explain", "because of the shops", "because of the bakery").following
    assert "It costs a try, 1 of 3 left." in told(second)
    assert "prompt, rung 2 of 3, asked" in told(second)
    third = look(lesson, "explain", "because of the street", "because of the bakery", "because of the shops").following
    assert "tell, rung 3 of 3, asked, opinion" in told(third)
    assert "on to rewrite | This step closes as stuck; next is rewrite (the following step)." in told(third)


def test_what_follows_says_by_which_branch_it_goes_on(lesson: Lesson) -> None:
    branched = changed(lesson, "explain", next={"secure": "look"})
    following = look(branched, "explain", "The writer did not ask anybody, it is just an opinion.").following
    assert "on to look | This step closes as secure; next is look (by next.secure)." in told(following)
    assert following.short == "secure → done → on to look"


def test_what_follows_knows_stopping_points_the_exit_ticket_and_the_end(lesson: Lesson) -> None:
    right = e.Chosen(option=1, text="Ada Brown")
    assert "First it asks how sure they are." in told(look(lesson, "who", right).following)
    both = next(each.answer for each in playables(lesson, "shaky") if each.label == "all targets")
    assert "a stopping point comes first" in told(look(lesson, "shaky", both).following)
    counted = look(lesson, "look", "The town counted 40 and the school 55.").following
    assert "next is the exit ticket's exit-find" in told(counted)
    last = look(lesson, "exit-explain", "The gardener said it.").following
    assert "noted, feedback comes at the end" in told(last)
    assert "it is the last one" in told(last)


def test_an_answer_that_waits_for_how_sure_one_is_is_shown_already(lesson: Lesson) -> None:
    conversation, _ = begin(lesson, parts(), "who")

    async def go() -> Ahead:
        async for _event in conversation.answer(e.Chosen(option=0, text="The writer of the article")):
            pass
        assert conversation.turn == "confidence"
        return await Foresight(lesson, conversation.phrases).ahead(conversation.events, None)

    assert "option 1 | is not right" in told(bar(asyncio.run(go())).answer)


@pytest.mark.parametrize("name", ["bike-lane", "lavrov-syria"])
def test_what_is_foretold_is_what_then_happens(name: str) -> None:
    lesson = load_lesson(BIKE_LANE).lesson if name == "bike-lane" else shipped(name)
    steps = (*lesson.steps, *(lesson.exit.steps if lesson.exit else ()))

    async def go(step: str, answer: Answer) -> tuple[list[e.Payload], list[e.Payload]]:
        conversation, _ = begin(lesson, parts(lesson.lang), step)
        foretold = await Foresight(lesson, conversation.phrases).ahead(conversation.events, answer)
        happened = [event.payload async for event in conversation.answer(answer)]
        if conversation.turn == "confidence":
            happened += [event.payload async for event in conversation.confide(3)]
        return list(foretold.payloads), happened

    seen = 0
    for step in steps:
        for each in playables(lesson, step.id):
            foretold, happened = asyncio.run(go(step.id, each.answer))
            assert foretold == happened
            seen += 1
    assert seen > 15


# -- what can be played


def test_samples_can_be_played_and_say_how_judge_and_lesson_compare(lesson: Lesson) -> None:
    first, second, *_ = playables(lesson, "explain")
    assert (first.label, first.says, first.match) == (
        "secure, meets asked, opinion",
        "secure, meets asked, opinion",
        "same",
    )
    assert second.label == "partly, meets asked"
    assert (second.says, second.match) == ("unsure, meets asked, unsure of opinion", "unsure")


def test_a_sample_that_comes_out_otherwise_says_so(lesson: Lesson) -> None:
    samples = [
        {"answer": "it sounds so sure", "verdict": "secure", "meets": ["asked"]},
        {"answer": "idk", "verdict": "not-yet"},
        {"answer": "idk", "verdict": "off-task"},
    ]
    found = playables(changed(lesson, "explain", samples=samples), "explain")
    assert [each.match for each in found] == ["other", "other", "same"]
    assert found[1].says == "heard as “I don't know”"


def test_options_targets_and_decoys_can_be_played(lesson: Lesson) -> None:
    assert [each.label for each in playables(lesson, "who")] == ["wrong", "right", "wrong"]
    found = playables(lesson, "shaky")
    assert [each.label for each in found] == ["all targets", "target nobody", "target ruin", "decoy count"]
    assert [each.says for each in found] == ["secure", "partly", "partly", "not-yet"]


# -- in memory alone


def test_a_preview_begins_at_any_step_and_goes_on_from_there(lesson: Lesson) -> None:
    conversation, recorder = begin(lesson, parts(), "look", "half typed")
    assert conversation.turn == "answer"
    assert conversation.step.id == "look"
    kept = recorder.draft()
    assert kept is not None
    assert (kept.step, kept.text) == ("look", "half typed")
    recorder.drop_draft()
    assert recorder.draft() is None
    with pytest.raises(KeyError):
        begin(lesson, parts(), "nowhere")


def test_a_recorder_in_memory_numbers_events_and_leaves_those_before_alone(lesson: Lesson) -> None:
    _, recorder = begin(lesson, parts(), "who")
    copy = MemoryRecorder(recorder.events)
    copy.record(e.Left())
    assert [event.seq for event in copy.events] == [0, 1, 2]
    assert len(recorder.events) == 2


# -- the files


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(BIKE_LANE, tmp_path / "bike-lane"))


@pytest.fixture
def save(folder: Path) -> Callable[[str, str], None]:
    file, saved = folder / "lesson.yaml", [0]

    def change(old: str, new: str) -> None:
        text = file.read_text(encoding="utf-8")
        assert old in text
        file.write_text(text.replace(old, new, 1), encoding="utf-8")
        saved[0] += 1
        os.utime(
            file, ns=(saved[0], saved[0])
        )  # a quick test may save twice within one tick of the file system's clock

    return change


def open_preview(folder: Path) -> Preview:
    return Preview(folder / "lesson.yaml", parts, lambda lang: f"help in {lang}")


def test_a_saved_change_is_read_and_a_broken_one_keeps_the_last_good_lesson(
    folder: Path, save: Callable[[str, str], None]
) -> None:
    preview = open_preview(folder)
    before = preview.lesson
    preview.reload()
    assert preview.lesson is before
    save("do: look", "do: lok")
    preview.reload()
    assert preview.lesson is before
    assert preview.mistakes[0].startswith("lesson.yaml:149:7: ")
    save("do: lok", "do: look")
    save("Who says that the council voted?", "Who says so?")
    preview.reload()
    assert not preview.mistakes
    assert preview.lesson.step("who").ask == "Who says so?"
    assert preview.begin("who").lesson is preview.lesson


def test_a_lesson_that_was_only_touched_is_the_same_lesson(folder: Path, save: Callable[[str, str], None]) -> None:
    preview = open_preview(folder)
    before = preview.lesson
    save("do: look", "do: look")
    (folder / ".lesson.yaml.swp").write_text("an editor's", encoding="utf-8")
    preview.reload()
    assert preview.lesson is before


def test_a_lesson_that_has_gone_is_said_to_have_gone_and_comes_back(folder: Path) -> None:
    preview, file = open_preview(folder), folder / "lesson.yaml"
    text = file.read_bytes()
    file.unlink()
    preview.reload()
    assert len(preview.mistakes) == 1
    file.write_bytes(text)
    preview.reload()
    assert not preview.mistakes


def test_an_article_in_a_file_of_its_own_is_watched_too(tmp_path: Path) -> None:
    (tmp_path / "texts").mkdir()
    article, file = tmp_path / "texts" / "a.txt", tmp_path / "lesson.yaml"
    article.write_text("The ferry closes in May.\n", encoding="utf-8")
    file.write_text(
        "tutor: 1\ntitle: T\narticle: {title: F, licence: CC0-1.0, file: texts/a.txt}\n"
        "steps:\n- {id: s, do: explain, at: p1, ask: Why?, rubric: [An idea]}\n",
        encoding="utf-8",
    )
    preview = open_preview(tmp_path)
    preview.reload()
    article.write_text("The ferry closes in June.\n", encoding="utf-8")
    preview.reload()
    assert preview.lesson.article.block("p1").text == "The ferry closes in June."


# -- the command


def test_the_preview_says_that_it_needs_a_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["preview", str(BIKE_LANE)]) == 1
    assert "needs a terminal" in capsys.readouterr().err


def test_a_step_that_is_not_there_is_told_with_those_that_are(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["preview", str(BIKE_LANE), "--step", "exlain\x1b[2J"]) == 1
    said = capsys.readouterr().err
    assert 'no step "exlain[2J"' in said
    assert "who, shaky, explain" in said


def test_a_lesson_that_cannot_be_read_is_told_with_its_places(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "lesson.yaml").write_text("tutor: 1\n", encoding="utf-8")
    assert main(["preview", str(tmp_path)]) == 1
    assert "lesson.yaml:1:1: " in capsys.readouterr().err
