"""Whatever the order in which the press's reports come, each event ends as one incident of its own."""

from __future__ import annotations

import random
from collections import defaultdict
from functools import cache

import pytest

from crawler.demo.articles import load_articles, load_truth
from extract.records import Article
from extract.resolve import Match, Signature, default_weights, score, signature_of
from tests.e2e.truth_reader import report
from training.resolve.measure import stream


@cache
def told() -> tuple[tuple[str, Signature], ...]:
    """(event, signature) of every report of the sample press, as a reader that cannot err gives them."""
    truth = load_truth()
    found = []
    for key, page in load_articles().items():
        language = "ko" if page.outlet in ("hanbit", "dumul") else "en"
        article = Article(key, page.title, "\n\n".join(page.paragraphs), page.published, language)
        for ordinal, incident in enumerate(truth[key]["incidents"]):
            found.append((incident["cluster"], signature_of(report(incident, article), article, ordinal)))
    return tuple(found)


@pytest.mark.parametrize("seed", range(5))
def test_no_order_of_arrival_splits_or_joins_events(seed: int) -> None:
    order = list(told())
    random.Random(seed).shuffle(order)

    @cache
    def scorer(left: int, right: int) -> Match:
        return score(order[left][1], order[right][1])

    rows: dict[str, set[int]] = defaultdict(set)
    events: dict[int, set[str]] = defaultdict(set)
    homes = stream([signature for _, signature in order], scorer, default_weights().same)
    for (event, _), row in zip(order, homes, strict=True):
        rows[event].add(row)
        events[row].add(event)
    assert {event for event, found in rows.items() if len(found) > 1} == set()
    assert [found for found in events.values() if len(found) > 1] == []
    assert len(rows) < len(order)
