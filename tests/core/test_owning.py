"""What of an answer is a thought of the learner's own, and what is a list, a denial, a paste or an echo."""

from __future__ import annotations

import pytest

from tutor.core.owning import is_pasted, is_repeated, is_word_list


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
        ("number of friends at school", 3, False),
        ("friend -> writer -> reader", 3, False),
        ("where = school, when = friday", 3, False),
        ("nobody named", 3, False),
        ("it isn't there", 3, False),
        ("never the head, only a member", 3, False),
        ("the chain oil part", 3, False),
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
