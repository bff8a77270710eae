"""Annotated articles as articles and reports, so that the fit sees what the resolver will see."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from extract.places.countries import country_of
from extract.records import Article, Count, EventDate, Evidence, IncidentReport, Perpetrator, Place, Victim
from extract.resolve import Signature, signature_of

_PRECISION = {4: "year", 7: "month", 10: "day"}


@dataclass(frozen=True, slots=True)
class Mention:
    """One annotated report: its cluster (None where the annotators did not judge it) and its signature."""

    cluster: str | None
    signature: Signature


def read_mentions(path: Path) -> list[Mention]:
    """Every annotated report of the file, in the order of publication (as a stream would bring them)."""
    found = []
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            row = json.loads(line)
            article = article_of(row)
            for ordinal, incident in enumerate(row["incidents"]):
                found.append(Mention(incident.get("cluster"), signature_of(report_of(incident, row), article, ordinal)))
    return sorted(found, key=lambda mention: (mention.signature.published or 0, mention.signature.seat))


def article_of(row: Mapping[str, Any]) -> Article:
    published = datetime.fromisoformat(row["published"]) if row.get("published") else None
    return Article(
        row["id"], row["title"] or "", row["text"], published, row["lang"], row.get("url"), row.get("source")
    )


def report_of(incident: Mapping[str, Any], row: Mapping[str, Any]) -> IncidentReport:
    when, place = incident.get("date"), incident.get("place")
    return IncidentReport(
        type=incident["type"],
        role=incident["role"],
        other_types=tuple(incident.get("other_types") or ()),
        certainty=incident.get("certainty") or "confirmed",
        country=incident.get("country"),
        place=_place(place, incident) if place else None,
        date=EventDate(when, _PRECISION[len(when)]) if when else None,  # type: ignore[arg-type]
        victims=tuple(Victim(**_person(victim, Victim)) for victim in incident.get("victims") or ()),
        perpetrators=tuple(Perpetrator(**_person(p, Perpetrator)) for p in incident.get("perpetrators") or ()),
        killed=_count(incident, "killed"),
        injured=_count(incident, "injured"),
        held=_count(incident, "held"),
        missing=_count(incident, "missing"),
        evidence=tuple(_evidence(incident, row)),
    )


def _place(name: str, incident: Mapping[str, Any]) -> Place:
    """The annotated place; where annotators wrote the country's own name, it is no finer than that."""
    country = incident.get("country")
    coarse = country is not None and country_of(name) == country
    return Place(name, incident.get("place_text") or name, country, precision="country" if coarse else "city")


def _count(incident: Mapping[str, Any], name: str) -> Count | None:
    number = incident.get(name)
    return None if number is None else Count(number, number)


def _person(person: Mapping[str, Any], kind: Any) -> dict[str, Any]:
    fields = {name: person.get(name) for name in kind.__dataclass_fields__ if person.get(name) is not None}
    return {"text": "", **fields}


def _evidence(incident: Mapping[str, Any], row: Mapping[str, Any]) -> Iterator[Evidence]:
    quotes = [
        ("type", incident.get("trigger")),
        ("place", incident.get("place_text")),
        ("date", incident.get("date_text")),
    ]
    quotes += [("victims", victim.get("text")) for victim in incident.get("victims") or ()]
    quotes += [("perpetrators", person.get("text")) for person in incident.get("perpetrators") or ()]
    for name, quote in quotes:
        if not quote:
            continue
        for part in ("text", "title"):
            start = (row[part] or "").find(quote)
            if start >= 0:
                yield Evidence(name, quote, start, start + len(quote), part)
                break
