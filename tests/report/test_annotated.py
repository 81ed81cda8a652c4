"""The annotated article: what stands beside a mark, and that nothing stands there before its time."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.report.small import LESSON, NAMES, Walk, aside_step, finished, future_step, small, title_step, view_step
from tests.talk import MANNERS, hold, shipped
from tutor.core import events as e
from tutor.core.lesson import Find, Lesson, Rewrite
from tutor.core.session import Session, apply
from tutor.lessons.taxonomy_file import shipped_taxonomy
from tutor.report.annotated import AnnotatedBlock, Note, annotated, term_names


def notes_of(blocks: tuple[AnnotatedBlock, ...]) -> dict[str, Note]:
    return {note.mark: note for block in blocks for note in block.notes}


def block_of(blocks: tuple[AnnotatedBlock, ...], block: str, *, in_exit: bool = False) -> AnnotatedBlock:
    return next(each for each in blocks if (each.id, each.in_exit) == (block, in_exit))


@pytest.fixture
def walk() -> Walk:
    return finished()


def test_the_blocks_are_those_of_both_articles_with_their_text_unchanged(walk: Walk) -> None:
    blocks = annotated(walk.lesson, walk.session)
    assert [(each.id, each.kind, each.in_exit) for each in blocks] == [
        ("title", "title", False),
        ("p1", "paragraph", False),
        ("h1", "heading", False),
        ("p2", "paragraph", False),
        ("title", "title", True),
        ("p1", "paragraph", True),
    ]
    assert walk.lesson.exit is not None
    texts = [block.text for block in (*walk.lesson.article.blocks, *walk.lesson.exit.article.blocks)]
    assert ["".join(segment.text for segment in each.segments) for each in blocks] == texts


def test_notes_are_numbered_in_reading_order_through_both_articles_the_longer_mark_first(walk: Walk) -> None:
    notes = notes_of(annotated(walk.lesson, walk.session))
    order = ["slams", "minutes", "across", "nobody", "of-course", "gone", "nine"]
    assert [(mark, note.number) for mark, note in notes.items()] == [(mark, n) for n, mark in enumerate(order, 1)]


def test_marks_that_overlap_cut_the_text_where_they_begin_and_end(walk: Walk) -> None:
    segments = block_of(annotated(walk.lesson, walk.session), "p1").segments
    assert [(each.text, each.numbers, each.ends, each.sound) for each in segments] == [
        ("The mayor ", (), (), False),
        ("spoke on Monday, according to the ", (2,), (), True),
        ("minutes", (2, 3), (2,), False),
        (". ", (3,), (), False),
        ("Of course", (3, 4, 5), (5,), False),
        (" nobody", (3, 4), (3,), False),
        (" likes the lane", (4,), (4,), False),
        (".", (), (), False),
    ]


@given(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)), max_size=6))
def test_however_marks_overlap_the_text_and_each_marks_words_can_be_put_together_again(
    pairs: list[tuple[int, int]],
) -> None:
    words = [f"w{number}" for number in range(10)]
    quotes = [" ".join(words[min(pair) : max(pair) + 1]) for pair in pairs]
    marks = [{"id": f"m{number}", "at": "p1", "quote": quote} for number, quote in enumerate(quotes)]
    article = {"title": "T", "licence": "CC0", "text": " ".join(words)}
    lesson = small(article=article, marks=marks, steps=[{**LESSON["steps"][3], "at": "p1"}], exit=None)
    over = aside_step(Walk(lesson)).do(e.Finished(text="")).session
    block = block_of(annotated(lesson, over), "p1")
    assert "".join(each.text for each in block.segments) == " ".join(words)
    assert sorted(note.words for note in block.notes) == sorted(quotes)
    for note in block.notes:
        covered = "".join(each.text for each in block.segments if note.number in each.numbers)
        assert covered == note.words
        assert sum(note.number in each.ends for each in block.segments) == 1


def test_a_note_says_all_that_is_known_of_its_mark_by_name(walk: Walk) -> None:
    notes = notes_of(annotated(walk.lesson, walk.session, NAMES))
    assert notes["nobody"].facets[:3] == (
        ("Kind", "Reasoned judgement / Opinion (good readers differ)"),
        ("Note", "Who was asked?"),
        (
            "Fact card",
            "“Nobody likes the lane”: false. In a poll, 61 of 100 liked it. Source: Town poll. As of 2026-05.",
        ),
    )
    assert notes["of-course"].facets[:2] == (("Kind", "Opinion"), ("Technique", "conversation killer"))


def test_a_sound_passage_is_said_to_be_sound_even_without_a_note(walk: Walk) -> None:
    facets = dict(notes_of(annotated(walk.lesson, walk.session))["minutes"].facets)
    assert facets["Sound"] == "Nothing to object to here."
    assert facets["Who says so"] == "minutes (“according to”), through the town. indirect speech."
    assert "Note" not in facets


def test_words_pointed_at_stand_beside_every_mark_they_touch_and_only_there(walk: Walk) -> None:
    notes = notes_of(annotated(walk.lesson, walk.session))
    assert [(each.ask, each.words) for each in notes["minutes"].own] == [
        ("Which words give a view?", ("according to the minutes",))
    ]
    assert [(each.ask, each.words) for each in notes["nobody"].own] == [("", ("Of course", "nobody likes"))]
    assert [each.words for each in notes["of-course"].own] == [("Of course",)]


def test_answers_stand_in_order_with_their_question_once_and_are_referred_to_afterwards(walk: Walk) -> None:
    notes = notes_of(annotated(walk.lesson, walk.session))
    assert notes["slams"].facets[-4:] == (
        ("Question", "What could nobody know?"),
        ("You wrote", "“it ends”, “the lane is gone for good”"),
        ("Question", "What does the verb do?"),
        ("You chose", "“Nothing”, “It judges”"),
    )
    assert notes["gone"].facets[-1] == ("You wrote", "see note 1")
    assert notes["gone"].own[0].words == ("it ends", "the lane is gone\nfor good")


def test_answers_to_a_step_that_names_no_mark_stand_below_its_block(walk: Walk) -> None:
    [own] = block_of(annotated(walk.lesson, walk.session), "h1").own
    assert own.facets == (("Question", "Is the heading fair?"), ("You wrote", "“idk”"))


def test_words_pointed_at_that_no_mark_holds_stand_below_their_block() -> None:
    walk = Walk(small(exit=None)).open("view").point("view", "The mayor").say("view").point("view", "Of course")
    walk.close("view").do(e.Finished(text=""))
    block = block_of(annotated(walk.lesson, walk.session), "p1")
    assert [each.words for each in block.own] == [("The mayor",)]


def test_a_rewriting_stands_beside_the_mark_that_it_writes_anew() -> None:
    step = {**LESSON["steps"][1], "id": "soften", "do": "rewrite", "at": "p2", "source": "gone", "marks": []}
    walk = (
        Walk(small(steps=[step], exit=None))
        .open("soften")
        .write("soften", "It may go.", "secure", end="met", sure="met")
    )
    walk.close("soften").do(e.Finished(text=""))
    assert [each.words for each in notes_of(annotated(walk.lesson, walk.session))["gone"].own] == [("It may go.",)]


def test_blank_answers_are_no_words() -> None:
    walk = Walk(small(exit=None)).open("aside")
    walk.do(e.Answered(step="aside", answer=e.Written(text=" \n")), e.Caught(step="aside", reason="empty")).say("aside")
    walk.do(e.Stuck(step="aside")).close("aside", "stuck", "tell").do(e.Finished(text=""))
    assert block_of(annotated(walk.lesson, walk.session), "h1").own == ()


def test_no_mark_shows_while_its_step_is_open_and_its_words_wait_below_the_block() -> None:
    walk = Walk(small()).open("view").point("view", "Of course", verdict="partly").say("view")
    blocks = annotated(walk.lesson, walk.session)
    assert notes_of(blocks) == {}
    assert {segment.numbers for block in blocks for segment in block.segments} == {()}
    assert [each.words for each in block_of(blocks, "p1").own] == [("Of course",)]


def test_a_mark_shows_when_the_last_step_that_names_it_is_over() -> None:
    walk = view_step(Walk(small()))
    assert set(notes_of(annotated(walk.lesson, walk.session))) == {"minutes", "nobody", "of-course"}
    future_step(walk)
    assert set(notes_of(annotated(walk.lesson, walk.session))) == {"minutes", "nobody", "of-course", "gone"}
    title_step(walk)
    assert "slams" in notes_of(annotated(walk.lesson, walk.session))


def test_a_mark_that_no_step_names_shows_only_at_the_end(walk: Walk) -> None:
    before = Session()
    for event in walk.events[:-1]:
        before = apply(before, event.payload)
    assert "across" not in notes_of(annotated(walk.lesson, before))
    assert "across" in notes_of(annotated(walk.lesson, walk.session))


def test_the_exit_text_shows_when_it_is_opened_and_its_marks_after_their_feedback() -> None:
    walk = Walk(small())
    for step in (view_step, future_step, title_step, aside_step):
        step(walk)
        assert not any(block.in_exit for block in annotated(walk.lesson, walk.session))
    walk.open("exit-sound").choose("exit-sound", 1, "Doubt it", right=False).close("exit-sound", "stuck", "noted")
    assert [block.id for block in annotated(walk.lesson, walk.session) if block.in_exit] == ["title", "p1"]
    assert "nine" not in notes_of(annotated(walk.lesson, walk.session))
    walk.do(e.Reviewed(step="exit-sound", text="It can be checked."))
    assert "nine" in notes_of(annotated(walk.lesson, walk.session))


def test_text_that_acts_on_a_terminal_is_cleaned() -> None:
    lesson = small(marks=[{**LESSON["marks"][5], "note": "loud\x1b]0;x\x07\u202e"}, *LESSON["marks"][:5]])
    walk = Walk(lesson)
    for step in (view_step, future_step):
        step(walk)
    walk.open("title").choose("title", 0, "It \x1b[31mjudges", right=True).close("title")
    note = notes_of(annotated(lesson, walk.session))["slams"]
    assert note.note == "loud]0;x"
    assert note.own[-1].words == ("It [31mjudges",)


def naming(lesson: Lesson, mark: str, *, in_exit: bool) -> set[str]:
    steps = lesson.exit.steps if in_exit and lesson.exit else lesson.steps
    named = {step.id for step in steps if mark in step.marks}
    named |= {step.id for step in steps if isinstance(step, Find) and mark in (*step.targets, *step.decoys)}
    return named | {step.id for step in steps if isinstance(step, Rewrite) and mark == step.source}


@pytest.mark.parametrize("manner", ["half-right", "only-idk"])
def test_nothing_of_the_shipped_lesson_is_given_away_at_any_moment_of_a_walk(manner: str) -> None:
    conversation, _ = hold(shipped("lavrov-syria"), MANNERS[manner])
    lesson, session, closed, reviewed = conversation.lesson, Session(), set(), set()
    for event in conversation.events[:-1]:
        session = apply(session, event.payload)
        closed |= {event.payload.step} if isinstance(event.payload, e.Closed) else set()
        reviewed |= {event.payload.step} if isinstance(event.payload, e.Reviewed) else set()
        for block in annotated(lesson, session):
            for note in block.notes:
                assert naming(lesson, note.mark, in_exit=block.in_exit) <= (reviewed if block.in_exit else closed)
    assert lesson.exit is not None
    notes = [note.mark for block in annotated(lesson, conversation.session) for note in block.notes]
    assert sorted(notes) == sorted(mark.id for mark in (*lesson.marks, *lesson.exit.marks))


def test_the_names_of_all_terms_are_known_and_no_two_kinds_of_term_share_an_id() -> None:
    taxonomy = shipped_taxonomy()
    names = term_names(taxonomy)
    assert names["loaded-language"] == "Loaded language"
    groups = (taxonomy.skills, taxonomy.kinds, taxonomy.techniques, taxonomy.attribution)
    assert len(names) == sum(len(group) for group in groups)
