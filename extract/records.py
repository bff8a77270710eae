"""The records that travel through the house: an article in, its incident reports out.

Every record is frozen and plain, so it can be pickled to a worker process and stored as JSON.
Offsets are character offsets (Python `str` indices) into the part of the article they name.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal
from zoneinfo import ZoneInfo

Part = Literal["title", "text"]
Precision = Literal["day", "month", "year"]
DateBasis = Literal["stated", "discovered", "published"]
PlacePrecision = Literal["point", "city", "admin2", "admin1", "country"]
Role = Literal["main", "also", "background"]
Status = Literal[
    "new", "update", "follow-up", "background", "historic", "hypothetical", "statistic", "policy", "fiction", "metaphor",
    "sport",
]  # fmt: skip
Certainty = Literal["alleged", "confirmed", "denied"]

#: Time zone of a published time that carries none, by outlet language (Korean feeds write KST without saying so).
DEFAULT_ZONE = {"ko": "Asia/Seoul"}


@dataclass(frozen=True, slots=True)
class Article:
    """One URL's text as the reader sees it.

    `published` is an aware time, or None where the outlet states none. `date_only` says that the outlet gave
    a day without a time; `published` then is that day's midnight in `timezone`.
    `country` is the outlet's country (ISO 3166 alpha-2); it decides what "our nationals" means, nothing else.
    """

    id: str
    title: str
    text: str
    published: datetime | None = None
    language: str | None = None
    url: str | None = None
    source: str | None = None
    country: str | None = None
    timezone: str | None = None
    date_only: bool = False

    def published_day(self) -> date | None:
        """The calendar day of publication in the outlet's own zone (Korean articles: KST)."""
        if self.published is None:
            return None
        if self.date_only or self.published.tzinfo is None:
            return self.published.date()
        zone = self.timezone or DEFAULT_ZONE.get(self.language or "")
        return self.published.astimezone(ZoneInfo(zone)).date() if zone else self.published.date()


@dataclass(frozen=True, slots=True)
class Evidence:
    """The words that support one field's value: `article.<part>[start:end] == quote`, always."""

    field: str
    quote: str
    start: int
    end: int
    part: Part = "text"
    found_by: str = ""


@dataclass(frozen=True, slots=True)
class EventDate:
    """`value` is "2025", "2025-10" or "2025-10-08", as fine as `precision` says."""

    value: str
    precision: Precision
    basis: DateBasis = "stated"


@dataclass(frozen=True, slots=True)
class Place:
    """Where it happened. `name` is English, most specific first ("Jongno-gu, Seoul"); `text` is as printed."""

    name: str
    text: str
    country: str | None = None
    admin: str | None = None
    latitude: float | None = None
    longitude: float | None = None
    geonameid: int | None = None
    precision: PlacePrecision = "city"


@dataclass(frozen=True, slots=True)
class Count:
    """People harmed, at least `low` and at most `high` (equal where the text is exact)."""

    low: int
    high: int


@dataclass(frozen=True, slots=True)
class Victim:
    """One person or one group. `age` is "22" or "20s"; `outcome` as in the codebook; unknown is None."""

    text: str
    count: int | None = None
    nationality: str | None = None
    name: str | None = None
    age: str | None = None
    gender: str | None = None
    outcome: str | None = None


@dataclass(frozen=True, slots=True)
class Perpetrator:
    """One person or one group said to have done it. `status`: at_large, arrested, charged, convicted, dead, unknown."""

    text: str
    count: int | None = None
    nationality: str | None = None
    name: str | None = None
    age: str | None = None
    gender: str | None = None
    status: str = "unknown"
    group: str | None = None


@dataclass(frozen=True, slots=True)
class Response:
    """What a state did about it. `date` as in `EventDate.value`; `country` is the actor's state."""

    type: str
    quote: str
    start: int
    end: int
    part: Part = "text"
    actor: str | None = None
    country: str | None = None
    date: str | None = None


@dataclass(frozen=True, slots=True)
class IncidentReport:
    """What one article says of one real-world event.

    `type` is the gravest of the types, `other_types` the linked ones. `confidence` maps a field name to a
    calibrated probability in [0, 1]. Every value that is not None has at least one `Evidence` of its field.
    """

    type: str
    role: Role = "main"
    other_types: tuple[str, ...] = ()
    status: Status = "new"
    certainty: Certainty = "confirmed"
    country: str | None = None
    place: Place | None = None
    date: EventDate | None = None
    victims: tuple[Victim, ...] = ()
    perpetrators: tuple[Perpetrator, ...] = ()
    killed: Count | None = None
    injured: Count | None = None
    held: Count | None = None
    missing: Count | None = None
    confidence: Mapping[str, float] = field(default_factory=dict)
    evidence: tuple[Evidence, ...] = ()


@dataclass(frozen=True, slots=True)
class Reading:
    """All that one coder read in one article version. `outcome` names why there may be nothing in it."""

    article_id: str
    language: str | None
    coder: str
    reports: tuple[IncidentReport, ...] = ()
    responses: tuple[Response, ...] = ()
    outcome: Literal["read", "not_relevant", "language_not_read", "empty"] = "read"
