"""The second look at the people of an event: what the first scorers said of a mention's namesakes and neighbours."""

from __future__ import annotations

import pytest

from extract.document import build_document
from extract.people import PersonMention
from extract.records import Article
from extract.scorers.linear import Features
from extract.scorers.roles import second_look

TEXT = "A씨는 B씨를 흉기로 찔렀다. 경찰은 A씨를 체포했다."


@pytest.fixture(scope="module")
def looked() -> tuple[list[PersonMention], list[Features]]:
    doc = build_document(Article("invented", "", TEXT, language="ko", country="KR"), "ko")
    people = [p for p in doc.people if p.name in ("A", "B")]
    assert [p.name for p in people] == ["A", "B", "A"]
    rows: list[Features] = [{"kept": 1.0} for _ in people]
    return people, second_look(doc, people, rows, [0.1, 0.8, 0.4], [0.9, 0.1, 0.3])


def test_a_mention_knows_what_was_said_of_its_namesake(looked: tuple[list[PersonMention], list[Features]]) -> None:
    _, (first, other, again) = looked
    assert again["perpetrator elsewhere"] == 0.9 and again["victim elsewhere"] == 0.1
    assert first["victim at best"] == 0.4
    assert "victim elsewhere" not in other


def test_a_mention_knows_who_else_stands_in_its_sentence(looked: tuple[list[PersonMention], list[Features]]) -> None:
    _, (first, other, again) = looked
    assert first["other victim here"] == 0.8
    assert other["other perpetrator here"] == 0.9
    assert again["other victim here"] == 0.0, "nobody else stands there"
    assert again["other victim in all"] == 0.8, "but in the article somebody does"


def test_people_are_ranked_by_their_best_mention(looked: tuple[list[PersonMention], list[Features]]) -> None:
    _, (first, other, again) = looked
    assert "perpetrator rank 0" in first
    assert "perpetrator rank 1" in other
    assert "victim rank 1" in again and "victim rank 1" in first, "B alone is a likelier victim"
    assert all(row["kept"] == 1.0 for row in (first, other, again))
