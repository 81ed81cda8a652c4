"""Tokens are counted without a network, and with room to spare."""

import pytest

from tutor.llm import counting
from tutor.llm.counting import Yardstick, count, is_cut, looks_english, raw

ENGLISH = "The council says that the number of visitors rose by a fifth, but it does not say since when. " * 10
GERMAN = "Die Behörde erklärt, dass für die Prüfung drei Bücher genügen müssen. " * 10


def test_a_count_has_the_margin_of_its_language() -> None:
    assert raw("The quick brown fox jumps.") == 6
    assert count("The quick brown fox jumps.", "en-GB") == 8 + 8
    assert count("The quick brown fox jumps.", "es") == 12 + 8


def test_what_looks_like_a_control_token_is_text() -> None:
    assert raw("<|endoftext|>") > 1


def test_a_lone_surrogate_is_counted_too() -> None:
    assert raw("caf\ud800 and more") > 2


def test_the_language_is_known_by_its_letters() -> None:
    assert looks_english(ENGLISH + "“quoted” – café")
    assert not looks_english(GERMAN)
    assert not looks_english("Мы не знаем")


def test_replies_tell_better_than_the_margin_and_the_largest_share_counts() -> None:
    yardstick = Yardstick()
    first = yardstick.tokens(ENGLISH)
    yardstick.learn(ENGLISH, round(raw(ENGLISH) * 1.1))
    second = yardstick.tokens(ENGLISH)
    yardstick.learn(ENGLISH, round(raw(ENGLISH) * 1.02))
    assert yardstick.tokens(ENGLISH) == second
    assert first > second >= raw(ENGLISH) * 1.1
    assert yardstick.tokens(GERMAN) >= raw(GERMAN) * 1.9


@pytest.mark.parametrize("tokens", [1, 10**9])
def test_a_server_that_counts_absurdly_is_believed_within_bounds(tokens: int) -> None:
    yardstick = Yardstick()
    yardstick.learn(ENGLISH, tokens)
    assert raw(ENGLISH) <= yardstick.tokens(ENGLISH) <= raw(ENGLISH) * 2.5 + 9


def test_a_short_prompt_teaches_nothing() -> None:
    yardstick = Yardstick()
    before = yardstick.tokens(ENGLISH)
    yardstick.learn("Is it met?", 40)
    assert yardstick.tokens(ENGLISH) == before


def test_a_cut_is_seen_where_it_is_certain() -> None:
    assert is_cut(ENGLISH, raw(ENGLISH) * 8 // 10)
    assert not is_cut(ENGLISH, raw(ENGLISH))
    assert not is_cut(GERMAN, raw(GERMAN) * 6 // 10)
    assert is_cut(GERMAN, raw(GERMAN) // 3)
    assert not is_cut("Is it met?", 1)


def test_without_tables_bytes_are_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(counting, "_CL100K", "not there")
    counting._encoding.cache_clear()
    try:
        assert raw("twelve bytes") == 4
    finally:
        counting._encoding.cache_clear()
