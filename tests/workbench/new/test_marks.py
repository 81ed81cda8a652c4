"""The rules that suggest marks: what they see in a sentence, and what they leave alone."""

from __future__ import annotations

import pytest

from tutor.core.article import split_blocks
from tutor.workbench.new.finding import find_all
from tutor.workbench.new.marks import Suggestion, choose
from tutor.workbench.new.speech import sentences, speaker_of


def found(text: str, category: str = "", lang: str = "en") -> list[Suggestion]:
    every = find_all(split_blocks("The headline", text), lang)
    return [each for each in every if category in ("", each.category)]


def quotes(text: str, category: str, lang: str = "en") -> list[str]:
    return [each.quote for each in found(text, category, lang)]


@pytest.mark.parametrize(
    ("sentence", "source", "cue"),
    [
        ("“We stop in May,” said Ada Lund, the harbour master.", "Ada Lund", "said"),
        ("“We stop in May,” Ada Lund told the Echo.", "Ada Lund", "told"),
        ("“We stop in May,” said its chair, Tom Reed.", "its chair, Tom Reed", "said"),
        ("Ada Lund, the harbour master, said that the ferry stops.", "Ada Lund", "said"),
        ("Town clerk Ines Holm has also said that the bus stops.", "Town clerk Ines Holm", "said"),
        ("On Monday the ferry company announced that the boat stops.", "the ferry company", "announced"),
        ("According to the council's report, the bus carries nine people.", "the council's report", "According to"),
        ("The bus carries nine people, according to a survey by Sund College.", "a survey", "according to"),
        ("The number rose to 455 a day, says the traffic report.", "the traffic report", "says"),
        ("Experts claim that it is healthy.", "experts", "claim"),
        ("But residents say it is loud.", "residents", "say"),
        ("She said that it was late.", "", "said"),
    ],
)
def test_who_is_made_to_say_it(sentence: str, source: str, cue: str) -> None:
    speaker = speaker_of(sentence)
    assert speaker is not None
    assert (speaker.source, speaker.cue) == (source, cue)


@pytest.mark.parametrize(
    "sentence",
    [
        "The bus stops in May.",
        "That said, it was a good bus.",
        "This is what the council wrote about it.",
        "The sign shows a bus.",
        "They asked for a bus.",
        "A sound of bells told of the hour, and it was late.",
    ],
)
def test_where_nobody_speaks_nobody_is_found(sentence: str) -> None:
    speaker = speaker_of(sentence)
    assert speaker is None or not speaker.source


def test_abbreviations_datelines_and_quotations_part_no_sentences() -> None:
    text = (
        'SUND, 3 May - Dr. Reyes met Mr. T. Vos at 8 p.m. on Monday. "It is late. Go home!" she said. He went 3.5 km.'
    )
    assert [each.text for each in sentences(text)] == [
        "Dr. Reyes met Mr. T. Vos at 8 p.m. on Monday.",
        '"It is late. Go home!" she said.',
        "He went 3.5 km.",
    ]


def test_a_quotation_is_plain_where_a_name_stands_beside_it_and_no_word_judges() -> None:
    [plain] = found("“We carried nine people a night,” said Ada Lund.", "quoted")
    assert (plain.quote, plain.form, plain.source, plain.sound) == (
        "We carried nine people a night",
        "direct-quote",
        "Ada Lund",
        True,
    )
    [loud] = found("“It is a disgraceful waste of money,” said Ada Lund.", "quoted")
    [unnamed] = found("“We carried nine people a night,” she said.", "quoted")
    assert not loud.sound
    assert (unnamed.sound, unnamed.source) == (False, "")
    [part] = found("Ada Lund said that it was “too late”.", "quoted")
    assert part.form == "partial-quote"


def test_titles_of_works_and_words_in_inverted_commas_are_no_quotations() -> None:
    assert quotes("The ‘Lantern’ is a pub. She sang “Blue Moon” there, and 'that' was it.", "quoted") == []


def test_somebody_says_so_with_and_without_a_name() -> None:
    [named] = found("The council said on Monday that the hall needs a new roof.", "reported")
    assert (named.form, named.sound, named.content) == ("indirect-speech", True, "the hall needs a new roof")
    [vague] = found("Experts say that the hall needs a new roof.", "reported")
    assert (vague.form, vague.sound) == ("vague-attribution", False)
    [paper] = found("The hall needs a new roof, according to the yearly report.", "reported")
    assert (paper.form, paper.sound) == ("paraphrase-of-document", True)
    [judging] = found("The council insisted that the hall needs a new roof.", "reported")
    assert not judging.sound


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        ("The bridge will be closed from Monday, because it is old.", ["The bridge will be closed from Monday"]),
        ("She says that the bus is going to stop in May.", ["the bus is going to stop in May"]),
        ("They’ll cut down the lime trees.", ["They’ll cut down the lime trees"]),
        ("By 2030 all houses are heated by the sun.", ["By 2030 all houses are heated by the sun"]),
        (
            "The little pool in Marsh Lane will be open to all from seven to ten on every day but Wednesday.",
            ["The little pool in Marsh Lane will be open to all from seven to ten on every day but Wednesday"],
        ),
        ("It will open every day but nobody will come to it.", ["It will open every day", "nobody will come to it"]),
        (
            "The council will " + "build a wall " * 10 + "of grey stone.",
            ["The council will " + "build a wall " * 7 + "build a wall"],
        ),
        ("He left it to her in his last will and died.", []),
        ("Will Smith came home.", []),
        ("Will it rain? Nobody knows where it will go?", []),
        ("The mayor won’t say what it costs.", []),
    ],
)
def test_forecasts(text: str, seen: list[str]) -> None:
    assert quotes(text, "forecast") == seen


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        ("Of course it is safe.", ["Of course it is safe"]),
        ("Of course, it is safe, and it was late.", ["Of course, it is safe"]),
        ("It is, of course, a safe bridge.", ["It is, of course, a safe bridge"]),
        ("The council knew it, of course.", ["The council knew it, of course"]),
        ("It was late, of course they went home.", ["of course they went home"]),
        ("The truth is that they want the money.", ["The truth is that they want the money"]),
        (
            "Of course the council will pay for the new bridge out of the fund that it has for roads.",
            ["Of course the council will pay for the new bridge out of the fund"],
        ),
        ("Of course!", []),
        ("Everybody knows that it is safe.", ["Everybody knows"]),
        ("It has never been so bad, and it was late.", ["It has never been so bad"]),
        ("Not everyone is happy.", []),
        ("Nobody was hurt.", []),
        ("Never!", []),
    ],
)
def test_words_that_leave_no_doubt(text: str, seen: list[str]) -> None:
    assert quotes(text, "certain") == seen


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        ("It may rain in May.", ["It may rain in May"]),
        ("It could cost an hour, and it might not.", ["It could cost an hour", "it might not"]),
        ("In May 2020 the bus came.", []),
        ("She could not sleep and could hear the bus.", []),
    ],
)
def test_careful_words(text: str, seen: list[str]) -> None:
    assert quotes(text, "careful") == seen


def test_words_that_judge_and_names_that_only_look_like_them() -> None:
    assert quotes("The mayor slammed a truly ridiculous plan.", "loaded") == ["slammed", "truly ridiculous plan"]
    assert quotes("We met Terrible Tom at the Brilliant Hotel.", "loaded") == []


def test_numbers_are_sound_where_somebody_counted() -> None:
    [bare] = found("The bus carried 74 passengers a night.", "number")
    assert (bare.quote, bare.kind, bare.sound) == ("The bus carried 74 passengers a night", "fact", False)
    [counted] = found("The bus carried 74 passengers a night, according to its yearly report.", "number")
    assert (counted.sound, counted.source) == (True, "its yearly report")
    assert quotes("Room 12 is on floor 3.", "number") == []


def test_words_that_stand_there_twice_say_which_is_meant() -> None:
    text = "It is a stupid plan. I say: a stupid plan. No stupid planet, but the stupid plans."
    assert [(each.quote, each.occurrence) for each in found(text, "loaded")] == [
        ("stupid plan", 1),
        ("stupid plan", 2),
        ("stupid planet", None),
        ("stupid plans", None),
    ]


def test_bylines_dates_and_headings_are_left_alone() -> None:
    text = "By Will Never\n\n12 March 2026\n\nIt will never be safe again."
    blocks = split_blocks("Everybody knows", text)
    assert {each.block for each in find_all(blocks, "en")} == {"title", "p3"}


def test_other_languages_have_quotations_and_numbers() -> None:
    text = "„Wir haben keinen anderen Weg gefunden“, sagte sie. Der Bus kostet 120.000 Euro. It will never be safe."
    assert {each.category for each in found(text, lang="de")} == {"quoted", "number"}


def test_about_a_dozen_are_chosen_of_every_kind() -> None:
    kinds = (
        "Ada Lund said that it is late.",
        "It will be gone by summer.",
        "“We carried nine people,” said Jo Lind.",
        "It is a ridiculous plan.",
        "Of course it is.",
        "It took 74 passengers home.",
        "It may be so.",
    )
    text = "\n\n".join(f"{sentence} Paragraph {number}." for number in range(5) for sentence in kinds)
    blocks = split_blocks("T", text)
    chosen = choose(find_all(blocks, "en"), blocks)
    assert len(chosen) == 12
    assert {each.category for each in chosen} >= {"reported", "forecast", "quoted", "loaded", "certain", "number"}
    assert len({each.block for each in chosen}) == 12
