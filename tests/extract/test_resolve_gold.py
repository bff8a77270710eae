"""The shipped score on annotated clusters. It was fitted on them: this holds the floor, the fit script measures."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from extract.resolve import Match, default_weights, score

GOLD = Path(__file__).parents[2] / ".." / "shared" / "data" / "incidents"


@pytest.mark.skipif(not GOLD.exists(), reason="the annotated articles (../shared/data) are not here")
def test_look_alike_clusters_are_never_merged_and_the_rest_is_found() -> None:
    from training.resolve.gold import read_mentions
    from training.resolve.measure import bcubed, merged, stream, wrong_merges

    mentions = [mention for mention in read_mentions(GOLD / "articles.jsonl") if mention.cluster]
    forbidden = {frozenset((row["a"], row["b"])) for row in json.loads((GOLD / "must_not_merge.json").read_text())}
    signatures = [mention.signature for mention in mentions]

    def scorer(left: int, right: int) -> Match:
        return score(signatures[left], signatures[right])

    predicted = stream(signatures, scorer, default_weights().same)
    assert merged(mentions, predicted, forbidden) == []
    assert wrong_merges(mentions, predicted) <= 0.02
    assert bcubed(mentions, predicted)[2] >= 0.95
