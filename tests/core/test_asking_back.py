"""Which word of the text a learner asks about."""

from __future__ import annotations

import pytest

from tutor.core.asking_back import asked_word

PARAGRAPH = "The council withdrew its plan. “The ferry closes in May.” So says Ada Lund!\nHer regime ended in Oslo."
ASK = "Who says that the ferry closes for good?"


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ("what does withdrew mean?", ("withdrew", "The council withdrew its plan.")),
        ("wat is a REGIME", ("regime", "Her regime ended in Oslo.")),
        ("who is Ada Lund?", ("lund", "So says Ada Lund!")),
        ("in the question, what is good?", ("good", ASK)),
        ("i dont understand the word “ferry”", ("ferry", "“The ferry closes in May.”")),
        ("the council, what is its plan?", ("plan", "The council withdrew its plan.")),
        ("which plan did the zebra eat?", ("plan", "The council withdrew its plan.")),
        ("what does that word mean?", None),
        ("what do i have to do?", None),
        ("what is a zebra?", None),
        ("", None),
    ],
)
def test_the_word_that_is_asked_about_and_its_sentence(asked: str, expected: tuple[str, str] | None) -> None:
    assert asked_word(asked, (PARAGRAPH, ASK)) == expected


def test_the_first_text_comes_first() -> None:
    assert asked_word("what closes?", (ASK, PARAGRAPH)) == ("closes", ASK)


@pytest.mark.parametrize("texts", [(), ("",), ("... !",)])
def test_a_text_without_words_has_no_word(texts: tuple[str, ...]) -> None:
    assert asked_word("what is a plan?", texts) is None
