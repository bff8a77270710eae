"""The place tables load, name their mistakes, and keep their promises."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extract.places import (
    countries,
    domestic,
    english_names,
    exonyms,
    find_places,
    following,
    korea,
    korean,
    resolve_places,
)
from extract.places.errors import PlaceTableError, table_rows
from extract.places.gazetteer import fold, gazetteer
from extract.places.romanise import romanise, romanise_unit

HANGUL = st.text(alphabet=st.characters(min_codepoint=0xAC00, max_codepoint=0xD7A3), min_size=1, max_size=6)


def test_every_shipped_table_loads() -> None:
    assert len(gazetteer()) > 100_000
    assert len(countries.countries().candidates) > 240
    assert len(exonyms.overlay()) > 700
    assert english_names.words()
    assert following.following_words()
    assert domestic.ambiguous_stems()
    assert korean.ambiguous_names()


def test_south_korea_is_whole() -> None:
    table = korea.korea()
    districts = [d for held in table.districts.values() for d in held]
    assert len({p.short for p in table.provinces.values()}) == 17
    assert len([d for d in districts if not d.city]) == 228  # 226 local governments and the two cities of Jeju
    assert all(33 < d.latitude < 38.7 and 124.5 < d.longitude < 131 for d in districts)


@pytest.mark.parametrize(
    ("rows", "problem"),
    [
        ("이름\tName\tXX\tvillage", "exonyms_ko.tsv:2: kind 'village'"),
        ("이름\tNowhere At All\tKH\tcity", "exonyms_ko.tsv:2: the gazetteer has no 'Nowhere At All'"),
    ],
)
def test_a_mistake_in_the_exonyms_is_named_by_file_and_line(rows: str, problem: str) -> None:
    with pytest.raises(PlaceTableError, match=problem.replace("(", r"\(")):
        exonyms.parse("# head\n" + rows)


def test_other_tables_name_their_mistakes_too() -> None:
    with pytest.raises(PlaceTableError, match=r"country_aliases.tsv:1: unknown country 'ZZ'"):
        countries.parse(aliases_text="ZZ\ten\tNowhere")
    with pytest.raises(PlaceTableError, match=r"korea_districts.tsv:1: unknown province"):
        korea.parse(districts_text="평양\t\t중구\tJung-gu\t\t39.0\t125.7")
    with pytest.raises(PlaceTableError, match=r"x.tsv:1: 3 columns"):
        list(table_rows("x.tsv", 2, "a\tb\tc"))


@pytest.mark.parametrize(
    ("hangul", "latin"),
    [
        ("종로구", "Jongno-gu"),
        ("신림동", "Sillim-dong"),
        ("압구정동", "Apgujeong-dong"),
        ("왕십리", "Wangsip-ri"),
        ("녹번동", "Nokbeon-dong"),
        ("한강로동", "Hangangno-dong"),
        ("언양읍", "Eonyang-eup"),
    ],
)
def test_korean_names_are_romanised_with_their_sound_changes(hangul: str, latin: str) -> None:
    assert romanise_unit(hangul) == latin


@given(HANGUL)
def test_romanisation_is_plain_latin(hangul: str) -> None:
    latin = romanise(hangul)
    assert latin.isascii()
    assert latin.isalpha()
    assert latin[0].isupper()


@given(st.text(max_size=30))
def test_folding_twice_changes_nothing(name: str) -> None:
    assert fold(fold(name)) == fold(name)


@given(st.text(alphabet="서울 강남구캄보디아프놈펜에서의()=.,\n동중LA미국", max_size=60), st.sampled_from(["ko", "en"]))
def test_offsets_are_the_printed_words_and_never_overlap(text: str, language: str) -> None:
    mentions = find_places(text, language)
    end = 0
    for mention in mentions:
        assert text[mention.start : mention.end] == mention.text
        assert mention.start <= mention.head_start < mention.head_end <= mention.end
        assert mention.start >= end
        end = mention.end
    assert len(resolve_places(mentions)) == len(mentions)
