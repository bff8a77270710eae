"""Sentences and tokens stand at exact offsets in both languages."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from extract.analyse import LanguageNotReadError, analyse, split_sentences

KOREAN = "🚨 김모(31)씨가 살해당했다. 경찰은 “조사 중이다.”라고 했다.\n목격자도 있었다!"
ENGLISH = (
    'Dr. Lee of the U.S. Embassy said "we know." The man, aged 3.5 months, was found at No. 7 St. Mary Rd. He cried.'
)


def _sentences(text: str, language: str) -> list[str]:
    return [text[start:end] for start, end in split_sentences(text, language)]


def test_korean_sentences_end_at_stops_and_lines() -> None:
    assert _sentences(KOREAN, "ko") == [
        "🚨 김모(31)씨가 살해당했다.",
        "경찰은 “조사 중이다.”라고 했다.",
        "목격자도 있었다!",
    ]


def test_english_stops_of_abbreviations_end_no_sentence() -> None:
    assert _sentences(ENGLISH, "en") == [
        'Dr. Lee of the U.S. Embassy said "we know."',
        "The man, aged 3.5 months, was found at No. 7 St. Mary Rd.",
        "He cried.",
    ]


def test_korean_tokens_stand_at_exact_offsets_past_an_emoji() -> None:
    tokens = [token for sentence in analyse(KOREAN, "ko").sentences for token in sentence.tokens]
    killed = next(token for token in tokens if token.form == "살해")
    assert KOREAN[killed.start : killed.end] == "살해"


def test_korean_verbs_get_their_dictionary_form() -> None:
    tokens = analyse("그가 숨진 뒤 돈을 빼앗았다.", "ko").sentences[0].tokens
    assert {"숨지다", "빼앗다"} <= {token.lemma for token in tokens if token.tag == "VV"}


def test_user_words_are_kept_whole() -> None:
    tokens = analyse("남성 셋이 웬치에 갇혔다.", "ko").sentences[0].tokens
    assert "웬치" in [token.form for token in tokens]


def test_english_tokens_have_lemmas_of_news_words() -> None:
    tokens = analyse("Two men were shot and their wives kidnapped.", "en").sentences[0].tokens
    assert [token.lemma for token in tokens if token.lemma in ("man", "shoot", "wife", "kidnap")] == [
        "man", "shoot", "wife", "kidnap",
    ]  # fmt: skip


def test_hyphens_and_clitics_are_tokens_of_their_own() -> None:
    text = "The 22-year-old's car wasn't 1,200 km away, 30, it said."
    forms = " ".join(token.form for token in analyse(text, "en").sentences[0].tokens)
    assert forms == "The 22 - year - old 's car was n't 1,200 km away , 30 , it said ."


def test_only_the_spans_asked_for_are_analysed() -> None:
    spans = split_sentences(KOREAN, "ko")
    analysis = analyse(KOREAN, "ko", spans[1:2])
    assert [KOREAN[sentence.start : sentence.end] for sentence in analysis.sentences] == [
        "경찰은 “조사 중이다.”라고 했다."
    ]
    assert analysis.sentence_at(spans[1][0]) == 0
    assert analysis.sentence_at(0) is None


def test_another_language_is_refused_by_name() -> None:
    with pytest.raises(LanguageNotReadError, match="'fr'"):
        analyse("Bonjour.", "fr")


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=200), st.sampled_from(["ko", "en"]))
def test_spans_are_in_order_trimmed_and_lose_nothing_but_space(text: str, language: str) -> None:
    spans = split_sentences(text, language)
    at = 0
    for start, end in spans:
        assert text[at:start].strip() == ""
        assert text[start:end] == text[start:end].strip() != ""
        at = end
    assert text[at:].strip() == ""


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=120))
def test_english_tokens_are_what_the_text_says(text: str) -> None:
    for sentence in analyse(text, "en").sentences:
        for token in sentence.tokens:
            assert text[token.start : token.end] == token.form
            assert sentence.start <= token.start < token.end <= sentence.end
