"""Fingerprints: equal for the same words, close for nearly the same, far for others."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from extract.fingerprint import near, simhash, text_hash
from tests.extract.clean_pages import STORY_EN, STORY_KO

LONG = " ".join(
    f"On day {i} of the trial witness number {i * 7} told the court about ship {i * 13} and its {i + 3} sailors."
    for i in range(40)
)


def test_spacing_case_width_and_punctuation_do_not_change_the_hash() -> None:
    assert text_hash("Two  robbed,\nin Velm!") == text_hash("two robbed in velm")
    assert text_hash("ＡＢＣ 123") == text_hash("abc 123")
    assert text_hash("two robbed") != text_hash("three robbed")


def test_a_changed_word_leaves_a_long_text_near_and_another_text_is_far() -> None:
    changed = LONG.replace("witness number 70 told", "witness number 71 said to")
    assert near(simhash(LONG), simhash(changed))
    assert not near(simhash(LONG), simhash(" ".join(STORY_EN * 5)))
    assert not near(simhash(" ".join(STORY_KO)), simhash(" ".join(reversed(STORY_EN))))


def test_texts_without_words_are_near_nothing() -> None:
    assert simhash("--- !!!") == 0
    assert not near(0, 0)


def test_the_simhash_is_a_fixed_function_of_the_text() -> None:
    # Stored beside articles: a change of this number makes every stored one useless.
    assert simhash("Two engineers were robbed in the harbour town of Velm") == 0x6DE320A3F4015908


@given(st.text())
def test_any_text_has_fingerprints_and_is_as_far_from_itself_as_nothing(text: str) -> None:
    value = simhash(text)
    assert 0 <= value < 2**64
    assert len(text_hash(text)) == 32
    assert near(value, simhash(text)) == (value != 0)
