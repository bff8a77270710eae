"""A reader that cannot err: it knows the month. What an alert still gets wrong with it is not the reading."""

from __future__ import annotations

import re
from collections.abc import Mapping

from benchmarks.month.truth import Event
from extract.records import Article, Count, EventDate, Evidence, IncidentReport, Place, Reading, Victim

_MARK = re.compile(r"EVENT (\d+): (\d+) killed in ([^.]+)\.")


class MonthReader:
    """Reads the marked sentence; the contract of `extract.reader.Reader`."""

    coder = "month-1"

    def __init__(self, events: Mapping[int, Event]) -> None:
        self._events = events

    def read(self, article: Article) -> Reading:
        """One report, or none."""
        found = _MARK.search(article.text)
        if found is None:
            return Reading(article.id, article.language, self.coder, (), outcome="not_relevant")
        event = self._events[int(found[1])]
        killed = int(found[2])
        place = Place(
            event.city, found[3], country=event.country, latitude=event.latitude, longitude=event.longitude,
            geonameid=abs(hash_of(event.city)),
        )  # fmt: skip
        report = IncidentReport(
            type=event.type,
            country=event.country,
            place=place,
            date=EventDate(event.at.date().isoformat(), "day"),
            victims=(
                Victim(
                    text=event.name, count=max(killed, 1), nationality=event.nationality, name=event.name,
                    age=str(event.age),
                ),
            ),
            killed=Count(killed, killed) if killed else None,
            evidence=(Evidence("type", found[0], found.start(), found.end()),),
            confidence={"type": 0.9, "country": 0.9, "victim.nationality": 0.9},
        )  # fmt: skip
        return Reading(article.id, article.language, self.coder, (report,))


def hash_of(text: str) -> int:
    """A number of the text, the same in every process."""
    return sum(ord(letter) * 131**place for place, letter in enumerate(text)) % 9_000_000
