"""Invented incidents by the thousand, distributed as a real table is: a row for every table of the record.

Types have the shares of the annotated articles. Countries and nationalities fall off as 1/rank, reports per incident as
n^-2.6 (mean 1.6), most of them within days, some a year later. Words are of an invented vocabulary that falls off as
1/rank, so that a search meets frequent words and rare ones. The same seed and number give the same rows.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import numpy as np

from extract.records import Article, Count, EventDate, Evidence, IncidentReport, Perpetrator, Place, Victim
from storage.cells import interval

CODER = "bench 1"
BEGIN = datetime(2016, 1, 1, tzinfo=UTC)
#: Whatever its size, a table spans ten years: a larger one is a denser one.
MONTHS = 120
#: Incidents of one chunk; a chunk has a random generator of its own.
CHUNK = 2_000
TYPES = {
    "homicide": 115, "accident": 111, "other_crime": 75, "fraud": 70, "assault": 47, "drug_offence": 47,
    "extortion": 42, "sexual_assault": 34, "unexplained_death": 30, "kidnapping": 24, "cybercrime": 19, "disaster": 16,
    "theft": 15, "unlawful_detention": 15, "arson": 15, "terrorism": 14, "robbery": 10, "missing_person": 8,
    "human_trafficking": 3, "torture": 2,
}  # fmt: skip
KOREAN = {
    "homicide": "살해", "accident": "사고", "other_crime": "적발", "fraud": "사기", "assault": "폭행",
    "drug_offence": "마약", "extortion": "협박", "sexual_assault": "추행", "unexplained_death": "변사",
    "kidnapping": "납치", "cybercrime": "해킹", "disaster": "홍수", "theft": "절도", "unlawful_detention": "감금",
    "arson": "방화", "terrorism": "테러", "robbery": "강도", "missing_person": "실종", "human_trafficking": "인신매매",
    "torture": "고문",
}  # fmt: skip
COUNTRIES = [
    "KR",
    "KH",
    "TH",
    "US",
    "PH",
    "VN",
    "CN",
    "JP",
    "GB",
    "IN",
    "AU",
    "FR",
    "RU",
    "MM",
    "BD",
    "ID",
    "MY",
    "ZA",
    "DE",
    "HK",
    "TW",
    "NG",
    "IT",
    "GR",
    "AE",
    "AR",
    "KE",
    "MX",
    "BR",
    "LA",
    "TR",
    "IL",
    "UA",
    "EG",
    "PK",
    "NP",
    "CA",
    "ES",
    "SG",
    "MO",
    "KZ",
    "UZ",
    "MN",
    "LK",
    "PE",
    "CO",
    "CL",
    "NZ",
    "PL",
    "SE",
    "NO",
    "FI",
    "DK",
    "NL",
    "BE",
    "CH",
    "AT",
    "PT",
    "CZ",
    "HU",
    "RO",
    "BG",
    "RS",
]
SOURCES = ("yonhap_ko", "yonhap_en", "herald", "times", "daily", "morning", "evening", "metro", "wire", "post")
_SYLLABLES = "가나다라마바사아자차카타파하거너더러머버서어저고노도로모보소오조구누두루무부수우주기니디리미비시이지"
_NAMES = "김이박최정강조윤장임한오서신권황안송류홍"


@dataclass(frozen=True, slots=True)
class Told:
    """One article and the one report in it. `published` is aware; `title` and `words` are the words of both parts."""

    article: Article
    report: IncidentReport
    source: str
    published: datetime
    title: tuple[str, ...]
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Invented:
    """One incident as its reports tell it, the earliest first."""

    number: int
    told: tuple[Told, ...]


def report_counts(incidents: int, seed: int) -> np.ndarray[Any, Any]:
    """Reports of each incident, an array of `incidents` whole numbers from 1 to 60."""
    sizes = np.arange(1, 61)
    shares = sizes**-2.6
    return np.random.default_rng(seed).choice(sizes, incidents, p=shares / shares.sum())


def vocabulary(seed: int, size: int = 20_000) -> tuple[list[str], list[str]]:
    """Invented Korean and Latin words, the frequent ones first."""
    chance = random.Random(seed)
    korean = ["".join(chance.choices(_SYLLABLES, k=chance.choice((2, 2, 3)))) for _ in range(size)]
    latin = ["".join(chance.choice("bdfglmnprstv") + chance.choice("aeiou") for _ in range(3)) for _ in range(size)]
    return korean, latin


class Inventor:
    """Makes incidents; cheap to keep, so that each process has its own."""

    def __init__(self, total: int, days: int, seed: int) -> None:
        self.total, self.days, self.seed = total, days, seed
        self.korean, self.latin = vocabulary(seed)
        ranks = np.arange(1, len(self.korean) + 1)
        self._words = np.cumsum(1 / ranks) / np.sum(1 / ranks)
        self._places = {code: self._towns(code) for code in COUNTRIES}
        self._country_weights = [1 / rank for rank in range(1, len(COUNTRIES) + 1)]
        self._kinds, self._kind_weights = list(TYPES), list(TYPES.values())

    def chunk(self, first: int, counts: Sequence[int]) -> list[Invented]:
        """The incidents numbered from `first` on, with so many reports each."""
        chance = random.Random(f"{self.seed} {first}")
        ranks = iter(np.searchsorted(self._words, np.random.default_rng([self.seed, first]).random(40 * sum(counts))))
        return [self._incident(chance, ranks, first + at, count) for at, count in enumerate(counts)]

    def _towns(self, code: str) -> list[tuple[str, str, float, float, int]]:
        chance = random.Random(f"{self.seed} {code}")
        latitude, longitude = chance.uniform(-40, 60), chance.uniform(-120, 150)
        return [
            (
                f"{chance.choice(self.latin).title()}{chance.choice(self.latin)}",
                chance.choice(self.korean) + "시",
                round(latitude + chance.uniform(-4, 4), 3),
                round(longitude + chance.uniform(-4, 4), 3),
                chance.randrange(1_000_000, 9_000_000),
            )
            for _ in range(120)
        ]

    def _incident(self, chance: random.Random, ranks: Any, number: int, count: int) -> Invented:
        moment = BEGIN + timedelta(days=self.days * number / self.total, seconds=chance.randrange(60))
        report = self._report(chance, moment)
        told = []
        for at in range(count):
            if at:
                late = chance.random() < 0.05
                moment += timedelta(days=chance.uniform(60, 400)) if late else timedelta(hours=chance.expovariate(0.1))
            told.append(self._told(chance, ranks, f"{number}-{at}", report, moment))
        return Invented(number, tuple(told))

    def _report(self, chance: random.Random, moment: datetime) -> IncidentReport:
        kind = chance.choices(self._kinds, self._kind_weights)[0]
        (country,) = chance.choices(COUNTRIES, self._country_weights)
        day = (moment - timedelta(days=chance.choice((0, 0, 0, 1, 1, 2, 5)))).date()
        precision = chance.choices(("day", "month", "year", None), (70, 8, 4, 18))[0]
        values = {"day": day.isoformat(), "month": day.isoformat()[:7], "year": day.isoformat()[:4]}
        town = chance.choice(self._places[country]) if chance.random() < 0.75 else None
        victims = tuple(
            self._victim(chance, country, kind) for _ in range(chance.choices((0, 1, 2, 3, 5), (22, 62, 10, 4, 2))[0])
        )
        toll = max(1, round(chance.paretovariate(1.6)))
        deadly = kind in ("homicide", "accident", "disaster", "terrorism", "arson", "unexplained_death")
        return IncidentReport(
            kind,
            other_types=(chance.choice(self._kinds),) if chance.random() < 0.2 else (),
            certainty=chance.choices(("alleged", "confirmed", "denied"), (55, 43, 2))[0],
            country=country if chance.random() < 0.97 else None,
            place=Place(town[0], town[1], country, None, town[2], town[3], town[4], "city") if town else None,
            date=EventDate(values[precision], precision) if precision else None,
            victims=victims,
            perpetrators=self._suspects(chance, country),
            killed=Count(toll, toll) if deadly and chance.random() < 0.7 else None,
            injured=Count(2 * toll, 2 * toll + 1) if chance.random() < 0.25 else None,
            held=Count(toll, toll) if kind in ("kidnapping", "unlawful_detention") and chance.random() < 0.5 else None,
            missing=Count(toll, toll) if kind == "missing_person" else None,
            confidence={"type": round(chance.uniform(0.4, 1), 3), "country": round(chance.uniform(0.5, 1), 3),
                        "date": round(chance.uniform(0.4, 1), 3)},
        )  # fmt: skip

    def _victim(self, chance: random.Random, country: str, kind: str) -> Victim:
        nation = country if chance.random() < 0.6 else chance.choices(COUNTRIES, self._country_weights)[0]
        named = chance.random() < 0.3
        name = chance.choice(_NAMES) + "".join(chance.choices(_SYLLABLES, k=2)) if named else None
        outcome = {"homicide": "killed", "fraud": "defrauded", "kidnapping": "kidnapped"}.get(kind, "injured")
        return Victim("피해자", 1, nation if chance.random() < 0.7 else None, name, str(chance.randrange(5, 90)),
                      chance.choice(("male", "female", None)), outcome)  # fmt: skip

    def _suspects(self, chance: random.Random, country: str) -> tuple[Perpetrator, ...]:
        if chance.random() < 0.5:
            return ()
        status = chance.choice(("at_large", "arrested", "charged", "unknown"))
        return (Perpetrator("용의자", chance.choice((1, 1, 2, 3)), country, None, str(chance.randrange(18, 70)),
                            "male", status),)  # fmt: skip

    def _told(self, chance: random.Random, ranks: Any, name: str, report: IncidentReport, published: datetime) -> Told:
        source = chance.choice(SOURCES)
        language = "en" if source.endswith("_en") or source in ("herald", "times", "post") else "ko"
        words = self.korean if language == "ko" else self.latin
        filler = [words[next(ranks)] for _ in range(40)]
        title, parts = self._text(report, language, filler)
        text, evidence = _laid_out(parts)
        url = f"https://{source}.example/{published:%Y/%m/%d}/{name}"
        article = Article(
            name,
            " ".join(title),
            text,
            published,
            language,
            url,
            source,
            "KR",
            "Asia/Seoul" if language == "ko" else "UTC",
        )
        told = replace(report, evidence=evidence)
        return Told(article, told, source, published, title, tuple(word for word, _ in parts))

    def _text(
        self, report: IncidentReport, language: str, filler: list[str]
    ) -> tuple[tuple[str, ...], list[tuple[str, str]]]:
        """The words of the headline; those of the body, each with the field it is the quote of, if of any."""
        trigger = KOREAN[report.type] if language == "ko" else report.type.replace("_", " ")
        place = (report.place.text if language == "ko" else report.place.name) if report.place else ""
        who = report.victims[0] if report.victims else None
        facts = (
            ("place", place),
            ("type", trigger),
            ("date", report.date.value if report.date else ""),
            ("victim.name", who.name or "" if who else ""),
            ("victim.age", who.age or "" if who else ""),
        )
        parts: list[tuple[str, str]] = []
        for at, (field, quote) in enumerate(facts):
            parts += [(word, "") for word in filler[4 * at : 4 * at + 4]]
            if quote:
                parts.append((quote, field))
        parts += [(word, "") for word in filler[20:]]
        return (*(word for word in (place, trigger) if word), *filler[:3]), parts


def _laid_out(parts: list[tuple[str, str]]) -> tuple[str, tuple[Evidence, ...]]:
    """The body as text, one sentence, and where its quotes stand."""
    evidence, at = [], 0
    for word, field in parts:
        if field:
            evidence.append(Evidence(field, word, at, at + len(word), "text", "bench"))
        at += len(word) + 1
    return " ".join(word for word, _ in parts) + ".", tuple(evidence)


def days_of(report: IncidentReport) -> tuple[date | None, date | None]:
    """First and last day the report's date can mean."""
    if report.date is None:
        return None, None
    span = interval(report.date.value)
    return span.first, span.last
