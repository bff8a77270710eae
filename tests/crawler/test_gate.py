"""The look before cleaning turns away other languages and other subjects, and nothing that it is not sure of."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from crawler.backfill.gate import turned_away
from crawler.backfill.warc import WarcPage

# Invented articles.
CRIME_EN = (
    "Police in the harbour town said on Monday that a man had been killed with a knife in a flat near the market, and "
    "that two suspects were arrested at the ferry pier the same night. The victim was a student from the south. "
)
CRIME_KO = (
    "경찰은 항구 도시의 한 아파트에서 20대 남성을 흉기로 살해한 혐의로 두 명을 체포했다고 밝혔다. 피해자는 유학생으로 "
    "사건 당일 저녁 시장 근처에서 납치된 뒤 숨진 채 발견됐다. "
)
GARDEN_EN = (
    "The roses in the park will be in bloom for the whole of the month, and the society that looks after them has asked "
    "visitors to keep to the paths and to leave their bicycles at the gate. Tea is served at four in the pavilion. "
)
CRIME_DE = (
    "Die Polizei der Hafenstadt teilte am Montag mit, dass ein Mann in einer Wohnung am Markt mit einem Messer getötet "
    "worden sei und zwei Verdächtige noch in derselben Nacht am Fähranleger festgenommen wurden. "
)


def page(text: str, *, head: str = "", lang: str = "", charset: str = "utf-8", script: str = "") -> WarcPage:
    tag = f"<html lang='{lang}'>" if lang else "<html>"
    body = f"{tag}<head><title>{head}</title></head><body><script>{script}</script><p>{text}</p></body></html>"
    return WarcPage("https://paper.example/a", datetime(2026, 3, 2, tzinfo=UTC), body.encode(charset), None, charset)


@pytest.mark.parametrize(
    ("text", "charset", "outcome"),
    [
        (CRIME_EN * 6, "utf-8", None),
        (CRIME_KO * 6, "utf-8", None),
        (CRIME_KO * 6, "cp949", None),
        (CRIME_DE * 6, "utf-8", "other_language"),
        (GARDEN_EN * 6, "utf-8", "no_incident_words"),
    ],
)
def test_a_page_passes_by_its_language_and_its_words(text: str, charset: str, outcome: str | None) -> None:
    assert turned_away(page(text, charset=charset), "relevant") == outcome


def test_who_keeps_all_that_is_readable_keeps_the_garden_and_who_keeps_all_the_german() -> None:
    assert turned_away(page(GARDEN_EN * 6), "readable") is None
    assert turned_away(page(CRIME_DE * 6), "readable") == "other_language"
    assert turned_away(page(CRIME_DE * 6), "all") is None


def test_a_word_of_the_headline_is_enough() -> None:
    assert turned_away(page(GARDEN_EN * 6, head="Gardener murdered"), "relevant") is None


def test_a_page_drawn_by_script_is_not_judged_by_what_is_not_there() -> None:
    assert turned_away(page("Laden", script="var story = 'x';" * 400), "relevant") is None


def test_english_code_in_a_page_does_not_make_it_english() -> None:
    code = "if the value of that is not in the list then it was for the others. " * 200
    assert turned_away(page(CRIME_DE * 6, script=code), "readable") == "other_language"


def test_a_declared_language_is_believed() -> None:
    words = "KBO 5:3 LG 두산 7회 " * 3 + "3 2 1 0 4 1 9 8 " * 100
    assert turned_away(page(words, lang="ko"), "readable") is None
