"""What of a report is compared with other reports: small, frozen, and language-neutral where it can be."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from extract.records import Article, Count, IncidentReport
from extract.resolve.attribution import attribution_of
from extract.resolve.concepts import concepts_in
from extract.resolve.figures import amounts, clocks, quantities
from extract.resolve.romanise import name_key

#: Types that pass into one another as a story unfolds (a missing person is found dead, a job offer ends in a cell).
GROUPS: Mapping[str, frozenset[str]] = {
    "person": frozenset(
        {
            *("homicide", "assault", "torture", "terrorism", "kidnapping", "unlawful_detention", "human_trafficking"),
            *("sexual_assault", "missing_person", "unexplained_death", "robbery", "extortion"),
        }
    ),
    "deceit": frozenset({"fraud", "cybercrime", "extortion", "human_trafficking"}),
    "mishap": frozenset({"accident", "disaster", "arson", "terrorism", "unexplained_death", "missing_person"}),
    "property": frozenset({"robbery", "theft", "fraud"}),
    # How somebody died is often settled late: a fall becomes a murder, a fire an arson.
    "death": frozenset(
        {"homicide", "accident", "disaster", "arson", "terrorism", "unexplained_death", "missing_person"}
    ),
    "drugs": frozenset({"drug_offence"}),
    "other": frozenset({"other_crime"}),
}
#: Numbers of bottom hashes kept of a text's word set; the standard error of the overlap is about 1/sqrt(48) = .14.
SKETCH = 48
#: Characters of an article that tell what it is about.
LEAD = 600
_WORD = re.compile(r"[가-힣]+|[a-z]+|\d+(?:\.\d+)?")
_SENTENCE = re.compile(r"[^.!?\n]+[.!?]?")


@dataclass(frozen=True, slots=True)
class Signature:
    """Dates are ordinals (`date.toordinal`), `date_exact` says that it is one day. Counts are (low, high) or None.

    `clocks` are minutes since midnight, `amounts` and `quantities` rounded to two digits, `concepts` names of
    `concepts.tsv`. `words` and `title` are 32-bit hashes: bottom-k sketches of the words of the sentences that carry the report's
    evidence, and of the headline. `seat` is the article that the report was read from.
    """

    types: tuple[str, ...]
    seat: str = ""
    ordinal: int = 0
    role: str = "main"
    language: str | None = None
    country: str | None = None
    place: str | None = None
    admin: str | None = None
    latitude: float | None = None
    longitude: float | None = None
    place_precision: str | None = None
    date_from: int | None = None
    date_to: int | None = None
    published: int | None = None
    ages: tuple[str, ...] = ()
    genders: tuple[str, ...] = ()
    nationalities: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    suspect_ages: tuple[str, ...] = ()
    suspect_nationalities: tuple[str, ...] = ()
    suspect_names: tuple[str, ...] = ()
    killed: tuple[int, int] | None = None
    injured: tuple[int, int] | None = None
    held: tuple[int, int] | None = None
    missing: tuple[int, int] | None = None
    victims: int | None = None
    suspects: int | None = None
    amounts: tuple[int, ...] = ()
    clocks: tuple[int, ...] = ()
    quantities: tuple[int, ...] = ()
    concepts: tuple[str, ...] = ()
    attribution: str | None = None
    words: tuple[int, ...] = ()
    title: tuple[int, ...] = ()

    @property
    def date_exact(self) -> bool:
        return self.date_from is not None and self.date_from == self.date_to

    @property
    def groups(self) -> frozenset[str]:
        """The type groups that any of the report's types belongs to."""
        return frozenset(name for name, members in GROUPS.items() if members.intersection(self.types))

    def to_json(self) -> dict[str, Any]:
        """The fields that are known, as JSON values."""
        fields = ((name, getattr(self, name)) for name in self.__slots__)
        return {name: value for name, value in fields if value is not None and value != () and value != ""}

    @classmethod
    def from_json(cls, body: Mapping[str, Any]) -> Signature:
        """The signature that `to_json` made `body` of."""
        fields: dict[str, Any] = {key: tuple(v) if isinstance(v, list) else v for key, v in body.items()}
        return cls(**fields)


def signature_of(report: IncidentReport, article: Article, ordinal: int = 0) -> Signature:
    """The signature of one report of `article`; `ordinal` is its place among the article's reports."""
    day = article.published_day()
    start, end = _interval(report.date.value) if report.date else (None, None)
    place = report.place
    sentences = evidence_sentences(report, article)
    passage = " ".join(sentences) or article.text[:LEAD]
    # What the article is about is told in its headline and lead, too; a side event has its own sentences only.
    whole = f"{article.title} {article.text[:LEAD]} {passage}" if report.role == "main" else passage
    return Signature(
        types=(report.type, *report.other_types),
        seat=article.id,
        ordinal=ordinal,
        role=report.role,
        language=article.language,
        country=report.country,
        place=place_key(place.name) if place and place.precision != "country" else None,
        admin=place.admin if place else None,
        latitude=place.latitude if place else None,
        longitude=place.longitude if place else None,
        place_precision=place.precision if place else None,
        date_from=start,
        date_to=end,
        published=day.toordinal() if day else None,
        ages=_known(victim.age for victim in report.victims),
        genders=_known(victim.gender for victim in report.victims),
        nationalities=_known(victim.nationality for victim in report.victims),
        names=_known(name_key(victim.name) if victim.name else None for victim in report.victims),
        suspect_ages=_known(person.age for person in report.perpetrators),
        suspect_nationalities=_known(person.nationality for person in report.perpetrators),
        suspect_names=_known(name_key(person.name) if person.name else None for person in report.perpetrators),
        killed=_pair(report.killed),
        injured=_pair(report.injured),
        held=_pair(report.held),
        missing=_pair(report.missing),
        victims=_sum(victim.count for victim in report.victims),
        suspects=_sum(person.count for person in report.perpetrators),
        amounts=amounts(whole),
        clocks=clocks(whole),
        quantities=quantities(whole),
        concepts=concepts_in(whole),
        attribution=attribution_of(passage),
        words=sketch(passage),
        title=sketch(article.title) if report.role == "main" else (),
    )


def evidence_sentences(report: IncidentReport, article: Article) -> list[str]:
    """The sentences of the body that hold a quote of the report's evidence, in order."""
    marks = sorted(evidence.start for evidence in report.evidence if evidence.part == "text")
    if not marks:
        return []
    return [
        match.group()
        for match in _SENTENCE.finditer(article.text)
        if any(match.start() <= mark < match.end() for mark in marks)
    ]


def words_of(text: str) -> set[str]:
    """The content of a text as a set: Korean words cut to three syllables (particles stand at the end), Latin words
    of four letters and more cut to six, numbers.
    """
    out = set()
    for word in _WORD.findall(text.lower()):
        if word[0].isdigit():
            out.add(word)
        elif word[0] >= "가":
            if len(word) >= 2:
                out.add(word[: min(3, max(2, len(word) - 1))])
        elif len(word) >= 4:
            out.add(word[:6])
    return out


def sketch(text: str) -> tuple[int, ...]:
    """The SKETCH smallest 32-bit hashes of the text's words (a bottom-k sketch, Broder 1997)."""
    return tuple(sorted(word_hash(word) for word in words_of(text))[:SKETCH])


def word_hash(word: str) -> int:
    return int.from_bytes(hashlib.blake2b(word.encode(), digest_size=4).digest(), "big")


def place_key(name: str) -> str:
    """A place's name for comparison: lower case, without the words that only say what kind of unit it is."""
    folded = re.sub(
        r"\b(?:city|county|district|province|metropolitan|special|autonomous|town|township)\b", "", name.lower()
    )
    folded = re.sub(r"-(?:gu|si|gun|do|dong|eup|myeon|ri)\b", "", folded)
    return ", ".join(part for part in (re.sub(r"[^\w ]", "", p).strip() for p in folded.split(",")) if part)


def _interval(value: str) -> tuple[int, int]:
    """First and last day of "2025", "2025-10" or "2025-10-08", as ordinals."""
    parts = [int(part) for part in value.split("-")]
    if len(parts) == 3:
        day = date(parts[0], parts[1], parts[2]).toordinal()
        return day, day
    if len(parts) == 2:
        first = date(parts[0], parts[1], 1)
        after = date(parts[0] + parts[1] // 12, parts[1] % 12 + 1, 1)
        return first.toordinal(), after.toordinal() - 1
    return date(parts[0], 1, 1).toordinal(), date(parts[0], 12, 31).toordinal()


def _known(values: Any) -> tuple[str, ...]:
    return tuple(sorted({value for value in values if value}))


def _pair(count: Count | None) -> tuple[int, int] | None:
    return (count.low, count.high) if count else None


def _sum(values: Any) -> int | None:
    known = [value for value in values if value is not None]
    return sum(known) if known else None
