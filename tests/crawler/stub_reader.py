"""A reader for tests of the jobs: what it reports is written in the article itself, so it needs no analyser."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from extract.records import Article, Count, EventDate, Evidence, IncidentReport, Reading, Victim

MARK = re.compile(r"CASE (\w+) in ([A-Z]{2}) on (\d{4}-\d{2}-\d{2}): (\d+) killed, victim (\w+) of ([A-Z]{2})\.")


class StubReader:
    """Reports every sentence "CASE homicide in KH on 2026-03-02: 1 killed, victim Minsu of KR."."""

    coder = "stub-1"

    def read(self, article: Article) -> Reading:
        """The marked cases of the article. Raises ValueError for an article that says that it cannot be read."""
        if "UNREADABLE" in article.text:
            raise ValueError("this article cannot be read")
        return Reading(article.id, article.language, self.coder, tuple(map(report_of, MARK.finditer(article.text))))

    def read_many(self, articles: Iterable[Article]) -> Iterator[Reading]:
        """One reading an article."""
        return map(self.read, articles)


def report_of(found: re.Match[str]) -> IncidentReport:
    """The report of one marked sentence, with its evidence."""
    kind, country, day, killed, name, nationality = found.groups()

    def quote(field: str, group: int) -> Evidence:
        return Evidence(field, found[group], found.start(group), found.end(group))

    return IncidentReport(
        type=kind,
        country=country,
        date=EventDate(day, "day"),
        victims=(Victim(text=name, count=1, nationality=nationality, name=name),),
        killed=Count(int(killed), int(killed)),
        confidence={"country": 0.9},
        evidence=(
            quote("type", 1),
            quote("country", 2),
            quote("date", 3),
            quote("killed", 4),
            quote("victims.name", 5),
        ),
    )
