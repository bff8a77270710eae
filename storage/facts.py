"""What an alert says of an incident, as JSON taken at the moment of the change. No person's name is in it.

Delivery reads these facts, never the incident's table: what is told is what the rule met.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from itertools import groupby
from typing import Any

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from storage.cells import COUNTS, GRAVITY
from storage.changes import OPENING
from storage.models import Article, ArticleVersion, Evidence, History, Incident, IncidentReport
from storage.query import IncidentRow, incident_row

#: The fields whose quote says most of what happened, the best first.
_TELLING = ("type", "killed", "victims", "held", "injured", "missing", "place", "country", "date")
#: Longer quotes are cut for a message.
QUOTE_LENGTH = 280
#: Where a sentence ends: a stop (and a closing quotation mark) before white space, or a line's end.
_BREAK = re.compile(r"(?<=[.!?。])[\"'”’」』)]*\s+|\n+")


def incident_facts(session: Session, incident_id: int, changed: Sequence[str] = ()) -> dict[str, Any]:
    """The facts of the incident as it now stands; `changed` names the cells that this change touched.

    Raises NotFound.
    """
    row = incident_row(session, incident_id)
    told = _best_report(session, incident_id)
    return {
        "kind": "incident",
        "incident": incident_id,
        "status": row.status,
        "headline": row["headline"],
        "type": row["type"],
        "types": [row["type"], *row["other_types"]],
        "certainty": row["certainty"],
        "date": row["date"],
        "date_precision": row["date_precision"],
        "country": row["country"],
        "place": row["place"],
        "latitude": row["latitude"],
        "longitude": row["longitude"],
        "place_precision": row["place_precision"],
        "nationalities": list(row.nationalities),
        "victims": [
            {
                key: victim[key]
                for key in ("count", "nationality", "age", "gender", "outcome")
                if victim[key] is not None
            }
            for victim in row.victims
        ],
        "tolls": {name: [row[f"{name}_min"], row[f"{name}_max"]] for name in COUNTS if row[f"{name}_max"] is not None},
        "confidence": dict(row.confidence),
        "reports": row.report_count,
        "voices": row.voice_count,
        "first_published": row.first_published.isoformat() if row.first_published else None,
        "last_published": row.last_published.isoformat() if row.last_published else None,
        "first_seen": row.first_seen.isoformat(),
        "changed": list(changed),
        **told,
    }


def level(row: IncidentRow) -> dict[str, Any]:
    """How bad the incident is: highest tolls, rank of its gravest type (0 is the gravest), whether it is confirmed."""
    return level_of(row.cells)


def level_of(cells: Mapping[str, Any]) -> dict[str, Any]:
    """The level that these cells mean; a cell that is not there is empty."""
    kinds = [cells.get("type") or "other_crime", *(cells.get("other_types") or ())]
    return {
        **{name: cells.get(f"{name}_max") or 0 for name in COUNTS},
        "gravity": min(GRAVITY.index(kind) for kind in kinds),
        "certainty": cells.get("certainty") or "alleged",
    }


def levels_over_time(session: Session, incident_id: int) -> list[tuple[datetime, dict[str, Any]]]:
    """How bad the incident was after each of its changes, oldest first, from its history; without repeats."""
    lines = session.execute(
        select(History.at, History.cell, History.new).where(History.incident_id == incident_id).order_by(History.id)
    )
    cells: dict[str, Any] = {}
    levels: list[tuple[datetime, dict[str, Any]]] = []
    for at, changes in groupby(lines, key=lambda line: line.at):
        for _, cell, new in changes:
            cells.update(new if cell == OPENING else {cell: new})
        now = level_of(cells)
        if not levels or levels[-1][1] != now:
            levels.append((at, now))
    return levels


def surest(row: IncidentRow) -> float:
    """What a rule's least confidence is held against: the weakest of incident, type, country, victims' nationality.

    A cell that is empty does not count; an incident without any figure counts as 0.
    """
    names = ("incident", "type", "country", "victim_nationality")
    return min((row.confidence[name] for name in names if name in row.confidence), default=0.0)


def revision_of(session: Session, incident_id: int) -> int:
    """The number of the incident's last change; it grows with every change and never repeats."""
    return session.scalar(select(func.max(History.id)).where(History.incident_id == incident_id)) or 0


def same_event(session: Session, incident_id: int) -> list[int]:
    """The incident and all that were merged into it, whatever was told of them was told of it."""
    found, fresh = {incident_id}, {incident_id}
    while fresh:
        fresh = set(session.scalars(select(Incident.id).where(Incident.merged_into.in_(fresh)))) - found
        found |= fresh
    return sorted(found)


def _best_report(session: Session, incident_id: int) -> dict[str, Any]:
    """The newest report's most telling evidence, in its whole sentence where the text is kept."""
    rank = case({name: place for place, name in enumerate(_TELLING)}, value=Evidence.field, else_=len(_TELLING))
    told = (
        select(Article.url, Article.source, Article.title.label("now"), ArticleVersion.title, ArticleVersion.text,
               IncidentReport.language, IncidentReport.published, Evidence.quote, Evidence.start, Evidence.end,
               Evidence.part)
        .select_from(IncidentReport)
        .join(Article, Article.id == IncidentReport.article_id)
        .join(ArticleVersion, ArticleVersion.id == IncidentReport.version_id)
        .outerjoin(Evidence, (Evidence.report_id == IncidentReport.id) & ~Evidence.field.endswith("name"))
        .where(IncidentReport.incident_id == incident_id, IncidentReport.active)
        .order_by(IncidentReport.id.desc(), rank, Evidence.position)
        .limit(1)
    )  # fmt: skip
    row = session.execute(told).first()
    if row is None:
        return {"quote": None, "url": None, "source": None, "title": None, "language": None, "published": None}
    quote = row.quote or row.title
    if row.quote and row.part == "title":
        quote = row.title or row.quote
    elif row.quote and row.text[row.start : row.end] == row.quote:
        quote = sentence_around(row.text, row.start, row.end)
    return {
        "quote": quote if len(quote) <= QUOTE_LENGTH else quote[: QUOTE_LENGTH - 1] + "…",
        "url": row.url,
        "source": row.source,
        "title": row.title,
        "language": row.language,
        "published": row.published.isoformat() if row.published else None,
    }


def sentence_around(text: str, start: int, end: int) -> str:
    """The sentence (or line) of the text that holds [start:end], without white space at its ends."""
    first = max((found.end() for found in _BREAK.finditer(text, 0, start)), default=0)
    last = _BREAK.search(text, end)
    return text[first : last.start() if last else len(text)].strip()
