"""The craft of a lesson: where a remark begins and where it ends. That each is made at all, the pages of docs show."""

import pytest

from tests.workbench.checking.pages import laid_over_base
from tutor.errors import Mistake
from tutor.lessons.loader import examine_packed
from tutor.lessons.textfile import UnreadableError
from tutor.resources import lessons_dir
from tutor.workbench.checking.checking import check
from tutor.workbench.checking.craft import CRAFT_CODES, craft

SHIPPED = sorted(file.parent for file in lessons_dir().glob("*/lesson.yaml"))


def no_files(name: str) -> bytes:
    raise UnreadableError(f"has no file {name}")


def remarks(snippet: str) -> list[Mistake]:
    """What is said about the base with the fields of `snippet` in place of its own."""
    examined = examine_packed(laid_over_base(snippet).encode(), "lesson.yaml", "lesson", no_files)
    assert examined.loaded, examined.root.log.mistakes
    craft(examined.loaded, examined.root)
    return examined.root.log.mistakes


def codes(snippet: str) -> list[str]:
    return sorted(each.code for each in remarks(snippet))


def choose(*options: str, name: str = "who", more: str = "", ask: str = "Who says that the bus stops?") -> str:
    """A step to choose; an option is its text, `+` in front if it is right, and its feedback after ` = `."""
    lines = [f"- id: {name}", "  do: choose", "  at: p1", f"  ask: {ask}", "  options:"]
    for number, option in enumerate(options):
        text, _, why = option.removeprefix("+").partition(" = ")
        right = "true" if option.startswith("+") else "false"
        feedback = why or f"Is that so in sentence {number}?"
        lines.append(f"  - {{text: '{text}', correct: {right}, why: '{feedback}'}}")
    return "\n".join([*lines, "  hints: [Who speaks?]", *([more] if more else []), ""])


def steps(*written: str) -> str:
    return f"steps:\n{''.join(written)}"


@pytest.mark.parametrize("folder", SHIPPED, ids=lambda folder: folder.name)
def test_there_is_nothing_to_say_about_a_lesson_that_ships(folder: object) -> None:
    assert [str(each) for each in check(folder).findings] == []  # type: ignore[arg-type]


def test_every_remark_is_a_matter_of_craft() -> None:
    assert {code.severity for code in CRAFT_CODES} == {"warning"}
    assert len({code.name for code in CRAFT_CODES}) == len(CRAFT_CODES)


@pytest.mark.parametrize(
    ("size", "others", "told"),
    [(75, (50, 50), True), (74, (50, 50), False), (30, (8, 8), False), (80, (80, 20), False), (90, (20, 89), True)],
)
def test_a_right_option_is_too_long_from_half_as_much_again_and_25_characters(
    size: int, others: tuple[int, int], told: bool
) -> None:
    written = choose(f"+{'a' * size}", *("bc"[n] * other for n, other in enumerate(others)))
    assert codes(steps(written)) == (["right-option-longest"] if told else [])


def test_the_shorter_of_two_right_options_is_not_too_long() -> None:
    told = remarks(steps(choose(f"+{'a' * 90}", f"+{'b' * 50}", "c" * 30)))
    assert [(each.code, each.offending[0]) for each in told] == [("right-option-longest", "a")]


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (("+It may stop", "It stops now", "It goes on"), True),
        (("+Maybe it stops", "It stops now", "It goes on"), True),
        (("+It stops because of her", "It stops now", "It goes on"), True),
        (("+It stops in May", "It stops now", "It goes on"), False),
        (("+It says “may”", "It stops now", "It goes on"), False),
        (("+It may stop", "It probably stops now", "It goes on"), False),
        (("+It may stop", "+It stops now", "It goes on", "It is late"), False),
        (("+It may stop", "It goes on"), False),
    ],
)
def test_a_right_option_stands_out_where_it_alone_is_careful_or_has_a_reason(
    options: tuple[str, ...], told: bool
) -> None:
    assert codes(steps(choose(*options))) == (["right-option-stands-out"] if told else [])


@pytest.mark.parametrize(("places", "told"), [("1111", True), ("111", False), ("1112", False), ("2222", True)])
def test_a_right_option_is_always_at_the_same_place_from_four_steps_on(places: str, told: bool) -> None:
    wrong, right = "The bus driver", "+The town clerk"
    written = [
        choose(*((right, wrong) if place == "1" else (wrong, right)), name=f"s{number}")
        for number, place in enumerate(places)
    ]
    written.append(choose("+Ines Holm", "+The town clerk", "Nobody", name="open"))
    assert codes(steps(*written)) == (["right-option-same-place"] if told else [])


def test_feedback_of_nothing_but_signs_is_not_alike() -> None:
    assert codes(steps(choose("+The town clerk = !!", "Nobody = ?", "The driver = 🚌"))) == []
    assert codes(steps(choose("+The town clerk = Look.", "Nobody = look"))) == ["same-feedback"]


@pytest.mark.parametrize(
    ("right", "why", "told"),
    [
        ("A speaker with an office", "Has this speaker an office?", True),
        ("A speaker with an office", "Where is the office?", False),
        ("A speaker with an office in a great brick house on a hill", "Has this speaker an office?", False),
        ("An office", "Where is the office?", True),
        ("The bus clerk", "Is the bus late?", False),
    ],
)
def test_feedback_gives_an_option_away_by_half_of_its_own_words(right: str, why: str, told: bool) -> None:
    found = codes(steps(choose(f"+{right}", f"The driver of the night bus route = {why}", "Ines and her old friends")))
    assert ("feedback-gives-away" in found) is told


def test_a_step_that_only_partly_leads_to_is_reached_from_find_but_not_from_choose() -> None:
    leads = "  next: {secure: c, partly: b, stuck: c}"
    find = "- {id: a, do: find, at: [p1, p2], ask: Which?, targets: [silly, never], decoys: [clerk], why: So."
    find += ", hints: [Where?], next: {secure: c, partly: b, stuck: c}}"
    rest = [choose("+The town clerk", "Nobody", name=name) for name in "bc"]
    assert codes(steps(f"{find}\n", *rest)) == []
    assert codes(steps(choose("+The town clerk", "Nobody", name="a", more=leads), *rest)) == ["step-not-reached"]


def test_a_step_that_another_leads_back_to_is_reached_and_so_is_what_follows() -> None:
    a = choose("+The town clerk", "Nobody", name="a", more="  next: {secure: c, stuck: c}")
    b, d = (choose("Nobody", "+The town clerk", name=name) for name in "bd")
    c = choose("+The town clerk", "Nobody", name="c", more="  next: {stuck: b}")
    assert codes(steps(a, b, c, d)) == ["next-goes-back"]


@pytest.mark.parametrize(("minutes", "parts", "told"), [(20, 0, False), (21, 0, True), (60, 3, False), (61, 3, True)])
def test_a_part_may_take_twenty_minutes(minutes: int, parts: int, told: bool) -> None:
    written = [
        choose(*options, name=f"s{number}", more=f"  part: Part {number}" if parts else "")
        for number, options in zip(
            range(parts or 1),
            (("+The clerk", "Nobody"), ("Nobody", "+The clerk"), ("Nobody", "+A clerk")),
            strict=False,
        )
    ]
    assert codes(f"minutes: {minutes}\n{steps(*written)}") == (["parts-too-long"] if told else [])


@pytest.mark.parametrize(
    ("term", "told"),
    [
        ("bus", False),
        ("Buses", False),
        ("town clerks", False),
        ("pool", False),
        ("Nine days in March", False),
        ("/(/", False),
        ("((", False),
        ("ferry", True),
        ("clerk town", True),
    ],
)
def test_a_word_of_the_glossary_may_stand_in_any_form_and_on_any_card(term: str, told: bool) -> None:
    assert codes(f"glossary:\n  '{term}': Something.\n") == (["glossary-not-in-text"] if told else [])


def test_what_nobody_has_reviewed_is_found_wherever_it_stands() -> None:
    card = "sources:\n- {id: list, title: A list, body: UNREVIEWED nine days}\n"
    goal = "goal: To see. (UNREVIEWED)\n"
    told = [each for each in remarks(f"{card}{goal}") if each.code != "card-unused"]
    assert [(each.code, each.line) for each in told] == [("unreviewed", 2), ("unreviewed", 3)]
    assert codes("goal: See what unreviewed words are.\n") == []


LONG_WORDS = "Considering institutional administration transportation considerations dominate"
HARD = "Considering the institutional administration of transportation, which considerations dominate here for us?"


@pytest.mark.parametrize(
    ("snippet", "told"),
    [
        ("ages: [12, 14]\n", True),
        ("ages: [60, 70]\n", False),
        ("ages: [12, 14]\nlang: en-GB\n", True),
        ("ages: [12, 14]\nlang: la\n", False),
        (f"ages: [12, 14]\nglossary: {{{LONG_WORDS}: Long words}}\n", False),
    ],
)
def test_a_text_is_too_hard_for_the_youngest_unless_its_words_are_explained(snippet: str, told: bool) -> None:
    found = codes(snippet + steps(choose("+The clerk", "Nobody", ask=HARD)))
    assert ("too-hard-to-read" in found) is told


def test_a_short_text_and_a_quoted_one_are_not_too_hard() -> None:
    short = "What characterises institutional administration?"
    quoted = f'Who would say "{HARD}" to you and to me on the way to school?'
    assert codes(steps(choose("+The clerk", "Nobody", ask=short))) == []
    assert codes(steps(choose("+The clerk", "Nobody", ask=f"'{quoted}'"))) == []


@pytest.mark.parametrize(
    ("hint", "told"),
    [
        ("Is it the town clerk who says so?", True),
        ("Is it the town clerk or the bus driver?", False),
        ("Which clerk is it?", False),
        ("Is it the night bus in that town?", False),
    ],
)
def test_a_hint_names_the_right_option_and_no_other_though_the_text_has_its_words(hint: str, told: bool) -> None:
    written = choose("+The town clerk", "The bus driver", "The pupils").replace("Who speaks?", hint)
    assert codes(steps(written)) == (["hint-gives-option-away"] if told else [])
    asked = choose("+The town clerk", "The bus driver", ask="Is it the town clerk?").replace("Who speaks?", hint)
    assert codes(steps(asked)) == []


def target(count: int) -> str:
    """A lesson whose words to find are so many."""
    words = " ".join(["gone"] * count)
    return (
        f"article: {{title: Bus, licence: CC0-1.0, text: 'The bus is late. {words}'}}\n"
        "marks:\n- {id: late, at: p1, quote: is late, kind: fact, sound: true}\n"
        f"- {{id: gone, at: p1, quote: {words}, kind: fact}}\n"
        "steps:\n- {id: a, do: find, at: p1, ask: Which?, targets: [gone], decoys: [late], why: So., hints: [Who?]}\n"
    )


def test_words_to_find_are_too_many_from_twenty_one_on() -> None:
    assert codes(target(20)) == []
    [told] = remarks(target(21))
    assert (told.code, told.offending, told.message) == ("target-too-long", "gone", "this mark has 21 words to find")


def test_cards_of_the_exit_ticket_are_used() -> None:
    cards = "sources:\n- {id: list, title: A list, body: Nine days}\n- {id: note, title: A note, body: Ten days}\n"
    look = "- {id: a, do: look, at: p1, ask: How late?, cards: [list], rubric: [It says nine days]}\n"
    pool = "exit:\n  article: {title: Pool, licence: CC0-1.0, text: Open at nine.}\n  steps:\n  "
    told = [each.offending for each in remarks(f"{cards}{pool}{look}") if each.code == "card-unused"]
    assert told == ["note"]


@pytest.mark.parametrize(
    ("goal", "told"),
    [
        ("Tell it # by words", "# by words"),
        ("Tell them #1", "#1"),
        ("Tell them  # apart", ""),
        ("'Tell them' # apart", ""),
        ('"Tell # them"', ""),
        ("Tell # apart", ""),
        ("Tell them#apart", ""),
    ],
)
def test_a_text_of_several_words_is_cut_off_by_a_hash_after_one_blank(goal: str, told: str) -> None:
    assert [each.offending for each in remarks(f"goal: {goal}\n")] == ([told] if told else [])
