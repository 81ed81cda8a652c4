"""What of an answer is a thought of the learner's own, and what is a list, a denial, a paste or an echo."""

from __future__ import annotations

import pytest

from tutor.core.lesson import Criterion
from tutor.core.owning import is_pasted, is_repeated, is_word_list, things_named
from tutor.core.rules import Reading
from tutor.core.verbs import has_verb
from tutor.core.words import folded_words


@pytest.mark.parametrize(
    "text", ["friend, number, school", "- friend\n- number\n- school", "1. friend 2. number 3. school",
             "friend and number and school", "My answer: friend, number, school", "said; told; read",
             "school name | exact number | two friends", "no, because, number"],
)  # fmt: skip
def test_pieces_of_a_word_or_two_are_a_list(text: str) -> None:
    assert is_word_list(text, 0)


@pytest.mark.parametrize(
    ("text", "named", "is_list"),
    [
        ("friend number school", 3, True),
        ("friend number school", 2, False),
        ("The friend the number the school", 3, True),
        ("friend school number locker mark fail", 0, True),
        ("the Russian foreign minister Sergey Lavrov", 2, False),
        ("no quote, no name, just her opinion", 4, False),
        ("friend says number", 3, False),
        ("number of friends at school", 3, True),
        ("friend -> writer -> reader", 3, True),
        ("friend = number = school", 3, True),
        ("friend number school because", 3, True),
        ("friend number outside school", 3, True),
        ("friend with number with school it", 3, True),
        ("number of friends at school", 2, False),
        ("where = school, when = friday", 3, False),
        ("nobody named", 3, False),
        ("it isn't there", 3, False),
        ("never the head, only a member", 3, False),
        ("the chain oil part", 3, True),
        ("the chain oil part", 2, False),
        ("a clock for the queue and scales for the bins", 4, False),
        ("", 0, False),
    ],
)
def test_a_clause_is_no_list_and_neither_is_a_name(text: str, named: int, is_list: bool) -> None:
    assert is_word_list(text, named) is is_list


def test_without_known_function_words_only_single_words_are_a_list() -> None:
    assert is_word_list("Quelle, Zahl, Freund", 3, "de")
    assert not is_word_list("keine Quelle, keine Zahl, kein Freund", 3, "de")
    assert not is_word_list("Quelle fehlt ganz", 3, "de")


def test_a_rewriting_may_be_as_long_as_a_label() -> None:
    text = "weight 190 grams, battery 30 h, source: box"
    assert is_word_list(text, 2)
    assert not is_word_list(text, 2, longest=None)


@pytest.mark.parametrize(
    "text",
    ["thats from a friend", "dont say where", "he wasnt there", "its a guess", "she sed so", "it is", "they'll ask",
     "nobody counted", "the picture cuts the scale", "it shows two", "they never link anything", "the scale cut off",
     "how they measure", "he works for them", "the line goes up"],
)  # fmt: skip
def test_a_verb_is_known_misspelt_without_its_apostrophe_and_by_where_it_stands(text: str) -> None:
    assert has_verb(folded_words(text))


@pytest.mark.parametrize(
    "text", ["", "link number report", "the links of the reports", "a hundred beds", "council's report", "just a guess",
             "link it report it scale", "comparable participants correctly"],
)  # fmt: skip
def test_nouns_are_no_verbs_even_where_verbs_sound_like_them(text: str) -> None:
    assert not has_verb(folded_words(text))


def test_words_that_stand_together_in_a_text_name_one_thing() -> None:
    kind = Criterion(id="kind", idea="It is an advert.", all_of=(("partner", "content", "paid"), ("ad",)))
    reading = Reading.of("an ad, because of partner content")
    assert things_named([kind], reading, ()) == 3
    assert things_named([kind], reading, ("Above it stands: Partner contents.",)) == 2
    assert things_named([kind], Reading.of("content partner ad"), ("Partner content",)) == 3


SAID = ("Look at the end of the sentence: who is named there?", "It is ___.")


@pytest.mark.parametrize(
    ("text", "word", "repeated"),
    [
        ("look at the end of the sentence", "sentence", True),
        ("Look at the end, who is named there? Ada Lund", "Lund", False),
        ("at the end of it", "end", False),
        ("hm, who is named there: look at the END of the sentence", "END", True),
    ],
)
def test_five_words_in_a_row_of_the_tutors_are_the_tutors(text: str, word: str, repeated: bool) -> None:
    at = text.index(word)
    assert is_repeated(text, [(at, at + len(word))], SAID) is repeated


PARAGRAPH = (
    "The ferry closes in May, says harbour master Ada Lund. Tickets were cheap and sailors friendly, but storms, "
    "engines and passengers brought trouble to the council every winter."
)


def test_most_of_a_paragraph_in_any_order_is_pasted() -> None:
    words = PARAGRAPH.split()
    assert is_pasted(PARAGRAPH, [PARAGRAPH])
    assert is_pasted(" ".join(reversed(words)), [PARAGRAPH])
    assert is_pasted(" ".join("blue" if n % 4 == 3 else word for n, word in enumerate(words)), [PARAGRAPH])
    assert not is_pasted(" ".join(words[:7]), [PARAGRAPH])
    own = "She speaks for the port, so I would ask somebody who lost money on tickets whether storms or the bus company"
    assert not is_pasted(f"{own} ended it, since passengers may see that differently.", [PARAGRAPH])
