"""What the place reader returns: mentions with their candidates and surroundings, and resolved places."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from extract.records import Place

Kind = Literal["country", "admin1", "admin2", "city", "region"]
#: What the words around a name say it is part of. "" is a bare place name.
Follow = Literal[
    "", "police", "court", "airport", "embassy", "hospital", "office", "government", "school", "company", "prison",
    "station", "port", "people", "facility", "media", "fire", "coastguard",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Candidate:
    """One place a name may stand for. `name` is English; `admin` the English name of its first-level area.

    `primary` says the name is this place's own name, not an old or foreign one; `source` where the spelling comes from
    ("geonames", "overlay", "nikl", "transliterated", "korea", "country").
    """

    name: str
    country: str | None
    kind: Kind
    admin: str | None = None
    latitude: float | None = None
    longitude: float | None = None
    population: int = 0
    geonameid: int | None = None
    primary: bool = True
    source: str = "geonames"


@dataclass(frozen=True, slots=True)
class PlaceMention:
    """A place name as printed: `text[start:end]` of the text it was found in.

    `text` covers the areas printed with it ("캄보디아 프놈펜", "Corfu, Greece"); the most specific name is at
    [head_start, head_end); `parents` are the areas around it in the phrase, nearest first.
    `cue` is the Korean particle after or the English preposition before ("에서", "의", "행"; "in", "near"),
    `follow` what the next words make of it (경찰서: police), `near` that it happened beside it (인근, 해상, "off"),
    `dateline` that it stands in the agency lead. `detail` is the finer Korean part in English ("Changsin-dong").
    `weak` marks a spelling that is often something else; it resolves only with support from the document.
    """

    start: int
    end: int
    text: str
    head_start: int
    head_end: int
    candidates: tuple[Candidate, ...]
    language: str
    cue: str = ""
    follow: Follow = ""
    near: bool = False
    dateline: bool = False
    detail: str = ""
    weak: bool = False
    parents: tuple[PlaceMention, ...] = field(default=())

    @property
    def head(self) -> str:
        """The most specific name as printed."""
        return self.text[self.head_start - self.start : self.head_end - self.start]


@dataclass(frozen=True, slots=True)
class ResolvedPlace:
    """A mention with the place chosen for it, or None with the reason. `score` is the margin-based share in [0, 1]."""

    mention: PlaceMention
    place: Place | None
    country: str | None
    score: float
    reason: str
