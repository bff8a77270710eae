"""The same event told by several articles of a stream: a cluster for every report, without a database.

The database does the same for stored reports (`storage`): candidates by blocking keys, then the pure score against
all reports of a candidate, never against one alone.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any

from extract.records import Article, IncidentReport, Reading
from extract.resolve import Signature, block_keys, score_against, signature_of
from extract.serialise import is_current, reading_to_row

#: Clusters that share most keys with a report and are scored; further ones share a word pair at most.
CANDIDATES = 20
#: A key that so many reports share tells nothing any more (the same ceiling keeps the cost of a report flat).
CROWD = 200


class Clusters:
    """Gives every report the number of its cluster, a new one where no cluster holds the same event."""

    def __init__(self) -> None:
        self._members: list[list[Signature]] = []
        self._by_key: dict[int, list[int]] = {}

    def place(self, report: IncidentReport, article: Article, ordinal: int) -> int:
        """The cluster of the report, which is remembered in it."""
        signature = signature_of(report, article, ordinal)
        keys = block_keys(signature)
        shared = Counter(
            cluster for key in keys if len(known := self._by_key.get(key, [])) <= CROWD for cluster in set(known)
        )
        best, probability = None, 0.0
        for cluster, _ in shared.most_common(CANDIDATES):
            members = self._members[cluster]
            if any(member.seat == signature.seat for member in members):
                continue  # one article's reports are of different events
            match = score_against(signature, members)
            if match.answer == "same" and match.probability > probability:
                best, probability = cluster, match.probability
        if best is None:
            best = len(self._members)
            self._members.append([])
        self._members[best].append(signature)
        for key in keys:
            self._by_key.setdefault(key, []).append(best)
        return best


def with_clusters(pairs: Iterable[tuple[Article, Reading]], *, background: bool = False) -> Iterator[dict[str, Any]]:
    """The rows of `reading_to_row`, each incident with its "cluster" ("c1", "c2", ... in order of appearance)."""
    clusters = Clusters()
    for article, reading in pairs:
        row = reading_to_row(reading, background=background)
        reports = [report for report in reading.reports if background or is_current(report)]
        for ordinal, (report, incident) in enumerate(zip(reports, row["incidents"], strict=True)):
            incident["cluster"] = f"c{clusters.place(report, article, ordinal) + 1}"
        yield row
