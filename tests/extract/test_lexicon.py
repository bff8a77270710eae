"""The shipped lexicons read clean, and a mistake in one is named by file and line."""

from __future__ import annotations

from pathlib import Path

import pytest

from extract.lexicon.casualties import casualty_words, read_casualty_words
from extract.lexicon.discards import discard_cues, read_discards
from extract.lexicon.entries import read_entries, trigger_entries
from extract.lexicon.nationalities import nationalities, read_nationalities
from extract.lexicon.person_nouns import person_nouns, read_person_nouns
from extract.lexicon.proceedings import proceeding_words, read_proceeding_words
from extract.lexicon.tables import LexiconError
from extract.lexicon.types import gravest, incident_types, read_incident_types, response_types
from extract.lexicon.user_words import read_user_words, user_words


@pytest.mark.parametrize("language", ["ko", "en"])
def test_shipped_lexicons_read_without_a_mistake(language: str) -> None:
    assert trigger_entries(language)
    assert discard_cues(language)
    assert person_nouns(language)
    assert casualty_words(language)
    assert user_words()
    assert proceeding_words()


@pytest.mark.parametrize("language", ["ko", "en"])
def test_every_type_can_be_triggered_in_both_languages(language: str) -> None:
    named = {entry.type for entry in trigger_entries(language)}
    assert named == set(incident_types()) | set(response_types())


def test_gravest_type_leads() -> None:
    assert gravest(["fraud", "unlawful_detention", "homicide", "kidnapping", "torture", "fraud"]) == [
        "homicide", "torture", "kidnapping", "unlawful_detention", "fraud",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("살해\tx\thomicide\tstrong", "pos is 'x'"),
        ("살해\tn\tmurder\tstrong", "type is 'murder'"),
        ("살해\tn\thomicide\tmiddling", "weight is 'middling'"),
        ("살해\tn\thomicide\tstrong\tmiddle", "voice is 'middle'"),
        ("살해\tn\thomicide\tstrong\t-\t적", "does not begin with one of"),
        ("죽이\tv\thomicide\tweak", "dictionary form"),
        ("목 조르다\tn\thomicide\tweak", "two or more words"),
        ("살해 \tn\thomicide\tstrong", "space around"),
        ("살해\tn\t\tstrong", "empty cell"),
        ("살해\tn\thomicide\tstrong\t-\t-\tnote\tmore", "8 cells"),
    ],
)
def test_a_mistake_in_a_trigger_file_is_named_by_file_and_line(line: str, why: str) -> None:
    with pytest.raises(LexiconError, match=r"mine\.tsv:3: ") as caught:
        read_entries(("mine.tsv", f"# words\n납치\tn\tkidnapping\tstrong\n{line}\n"), "ko", "incident")
    assert why in str(caught.value)
    assert caught.value.line == 3


def test_a_pattern_given_twice_for_one_type_is_refused() -> None:
    with pytest.raises(LexiconError, match="납치 stands already on line 1"):
        read_entries(("mine.tsv", "납치\tn\tkidnapping\tstrong\n납치\tn\tkidnapping\tweak\n"), "ko", "incident")


def test_codes_that_are_no_iccs_codes_are_refused() -> None:
    with pytest.raises(LexiconError, match="9901 is not an ICCS code"):
        read_incident_types(("types.tsv", "homicide\t살인\tHomicide\tviolence\t9901\t살인\tA death."))


@pytest.mark.parametrize(
    ("read", "text", "why"),
    [
        (read_nationalities, "QQ\tNowhere", "QQ is no country code"),
        (read_proceeding_words, "기소\tcourt", "class is 'court'"),
        (read_proceeding_words, "기소\tproceeding\n기소\tfound", "기소 is proceeding already"),
        (read_nationalities, "TH\t-\tThai\nLA\t-\tThai", "Thai stands already for TH"),
        (read_discards, "극 중에서\tarticle\tfiction", "scope is 'article'"),
        (read_discards, "a\tsentence\tboredom", "reason is 'boredom'"),
        (read_person_nouns, "어부\tboth\tperson", "gender is 'both'"),
        (read_casualty_words, "숨지\tkilled\n숨지\tinjured", "숨지 says killed already"),
        (read_user_words, "웬치\tXX", "tag is 'XX'"),
    ],
)
def test_mistakes_in_the_other_files_are_named_too(read, text: str, why: str) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(LexiconError, match=why):
        read(("mine.tsv", text))


def test_a_noun_of_two_genders_tells_none() -> None:
    assert read_person_nouns(("n.tsv", "신부\tfemale\tperson\n신부\tmale\tperson"))["신부"].gender is None


def test_every_country_has_its_cldr_name_in_both_languages() -> None:
    countries = nationalities()
    assert len(countries) > 230
    assert all(country.en_names and country.ko_names for iso, country in countries.items() if iso not in ("CG", "CD"))
    assert "Cambodia" in countries["KH"].en_names
    assert "캄보디아" in countries["KH"].ko_names


def test_the_codebook_says_of_every_type_what_the_lexicon_says() -> None:
    book = (Path(__file__).parents[2] / "docs" / "codebook.md").read_text(encoding="utf-8")
    for kind in incident_types().values():
        codes = ", ".join(kind.iccs) or "none"
        row = f"| `{kind.name}` | {kind.ko} | {kind.en} | {kind.family} | {codes} | {kind.mofa} | {kind.definition} |"
        assert row in book
    for answer in response_types().values():
        assert f"| `{answer.name}` | {answer.ko} | {answer.en} | {answer.definition} |" in book
