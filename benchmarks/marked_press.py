"""Invented outlets whose articles say in one sentence what there is to read: for trials that are not about reading.

Two outlets tell of the same events in other words, so that every incident has two reports. The reader finds the marked
sentence and takes as long as it is told to (SAGEON_TRIAL_SECONDS an article).
"""

from __future__ import annotations

import os
import random
import re
import time
from collections.abc import Iterable, Iterator
from datetime import date, timedelta

from extract.records import Article, Count, EventDate, Evidence, IncidentReport, Place, Reading, Victim

MARK = re.compile(
    r"CASE (\w+) at (\w+) in ([A-Z]{2}) on (\d{4}-\d{2}-\d{2}): (\d+) killed, victim (\w+) of ([A-Z]{2})\."
)
#: Of more pages an outlet some tell of events of one kind, country and day, which may be put together.
MOST_EVENTS = 200
COUNTRIES = ("KH", "PH", "TH", "VN", "MY", "LA", "ID", "MM")
_CONSONANTS, _VOWELS = "bdfghklmnprstvz", "aeiou"


def word(rng: random.Random, syllables: int) -> str:
    """An invented word."""
    return "".join(rng.choice(_CONSONANTS) + rng.choice(_VOWELS) for _ in range(syllables))


def pages(outlet: int, count: int, seed: int = 7) -> list[bytes]:
    """`count` pages of an outlet; the nth pages of all outlets tell of the same event."""
    made = []
    for number in range(count):
        event = random.Random(seed * 100_003 + number)
        town, name = word(event, 4).capitalize(), word(event, 3).capitalize()
        day = date(2026, 1, 1) + timedelta(days=9 * number % 300)
        case = (
            f"CASE homicide at {town} in {COUNTRIES[number % len(COUNTRIES)]} on {day}: "
            f"{1 + number % 7} killed, victim {name} of KR."
        )
        rng = random.Random(f"{seed} {outlet} {number}")
        story = "".join(
            f"<p>{' '.join(word(rng, rng.randint(1, 4)) for _ in range(60)).capitalize()}.</p>" for _ in range(3)
        )
        made.append(
            f"<!doctype html><html lang='en'><head><title>{name} of {town}, {word(rng, 3)}</title>"
            f'<meta property="article:published_time" content="{day}T08:00:00+00:00"></head>'
            f"<body><article><h1>{name} of {town}</h1><p>{case}</p>{story}</article></body></html>".encode()
        )
    return made


class MarkedReader:
    """Reports every marked sentence."""

    coder = "marked-1"

    def __init__(self) -> None:
        self._seconds = float(os.environ.get("SAGEON_TRIAL_SECONDS", "0"))

    def read(self, article: Article) -> Reading:
        """The marked cases of the article."""
        time.sleep(self._seconds)  # the time that reading takes; nothing is waited for
        reports = tuple(_report(found) for found in MARK.finditer(article.text))
        return Reading(article.id, article.language, self.coder, reports)

    def read_many(self, articles: Iterable[Article]) -> Iterator[Reading]:
        """One reading an article."""
        return map(self.read, articles)


def _report(found: re.Match[str]) -> IncidentReport:
    kind, town, country, day, killed, name, nationality = found.groups()

    def quote(field: str, group: int) -> Evidence:
        return Evidence(field, found[group], found.start(group), found.end(group))

    return IncidentReport(
        type=kind,
        country=country,
        place=Place(town, town, country),
        date=EventDate(day, "day"),
        victims=(Victim(text=name, count=1, nationality=nationality, name=name),),
        killed=Count(int(killed), int(killed)),
        confidence={"country": 0.9},
        evidence=tuple(
            quote(field, group)
            for field, group in (
                ("type", 1),
                ("place", 2),
                ("country", 3),
                ("date", 4),
                ("killed", 5),
                ("victims.name", 6),
            )
        ),
    )
