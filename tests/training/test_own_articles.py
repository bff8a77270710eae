"""The invented articles that the reader learns from: every quote stands in its text, and each kind teaches its scorers."""

from __future__ import annotations

from collections import Counter

import pytest

from training.reader.fit import OF_PEOPLE, SETTINGS
from training.reader.gold import GoldRow, load_own


@pytest.fixture(scope="module")
def own() -> list[GoldRow]:
    return load_own()


def test_no_article_is_there_twice(own: list[GoldRow]) -> None:
    assert [k for k, n in Counter(row.raw["id"] for row in own).items() if n > 1] == []
    assert [k for k, n in Counter(row.raw["text"] for row in own).items() if n > 1] == []


def test_every_quote_stands_in_its_article(own: list[GoldRow]) -> None:
    lost: list[tuple[str, str]] = []
    for row in own:
        parts = (row.raw["title"], row.raw["text"])
        quotes: list[str | None] = [r["quote"] for r in row.raw["responses"]]
        for incident in row.raw["incidents"]:
            quotes += [incident["trigger"], incident["place_text"], incident["date_text"]]
            for person in [*incident["victims"], *incident["perpetrators"]]:
                quotes += [person["text"], person.get("nationality_text")]
        lost += [(row.raw["id"], q) for q in quotes if q and not any(q in part for part in parts)]
    assert lost == []


def test_a_nationality_has_its_words(own: list[GoldRow]) -> None:
    people = [
        (row.raw["id"], p)
        for row in own
        if row.kind == "people"
        for i in row.raw["incidents"]
        for p in [*i["victims"], *i["perpetrators"]]
    ]
    assert len(people) > 1000
    assert [key for key, p in people if p["nationality"] and not p["nationality_text"]] == []


def test_articles_of_people_teach_scorers_that_there_are_and_neither_gate_nor_day() -> None:
    for shares in OF_PEOPLE.values():
        assert set(shares) <= set(SETTINGS)
        assert not {"gate", "date"} & set(shares)
        assert all(0 < share < 1 for share in shares.values())
