"""The gazetteer read backwards: what Korean readers call the places that the record keeps in English."""

from __future__ import annotations

from crawler.korean_places import korean_place


def test_a_place_has_its_usual_korean_name_by_its_country() -> None:
    assert korean_place("Sihanoukville", "KH") == "시아누크빌"
    assert korean_place("Gimhae, South Gyeongsang", "KR") == "경남 김해시"
    assert korean_place("Sihanoukville", "FR") is None


def test_without_a_country_only_an_unmistakable_name_is_translated() -> None:
    assert korean_place("Poipet", None) == "포이펫"
    assert korean_place("Nowhere", None) is None
