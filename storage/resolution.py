"""Put a report to its incident: candidates by the key index, the pure score's answer, every decision logged.

The cost of one report does not grow with the table: each key is looked up for at most KEY_ROWS rows near the report's
day, and at most CANDIDATES incidents are scored, each by at most MEMBERS of its reports.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import CompoundSelect, Select, bindparam, func, literal, select, union_all
from sqlalchemy.orm import Session

from extract.resolve import Match, Signature, block_keys, score_against
from storage.blocks import EVERYTHING, Held
from storage.changes import blank_incident
from storage.models import Incident, IncidentReport, MergeLog, Question, ReportKey

#: Days before and after a report within which its incident's other reports are looked for. Trials follow years later.
WINDOW_DAYS = 800
KEY_ROWS = 40
#: What a key counts that so many other reports bear (the inverse document frequency of retrieval; Spärck Jones 1972), from
#: one to KEY_ROWS: in whole hundredths, which add up alike in any order.
RARITY = [0, *(round(100 * math.log2(2 * KEY_ROWS / bearers)) for bearers in range(1, KEY_ROWS + 1))]
CANDIDATES = 16
#: Who shares less is not looked at: less than three keys that everybody bears, or one that ten bear.
LEAST_SHARED = 300
MEMBERS = 8
#: The key's day of a report that has neither date nor time of publication.
NO_DAY = 0


@dataclass(frozen=True, slots=True)
class Placed:
    """Where a report went: an incident (opened or joined) or none; `rivals` would have taken it as well."""

    incident_id: int | None
    opened: bool
    match: Match | None
    rivals: tuple[int, ...] = ()


def key_day(signature: Signature) -> int:
    """The day (ordinal) under which a report's keys are entered: of its publication, else of the event."""
    return signature.published or signature.date_from or NO_DAY


def enter_keys(session: Session, report_id: int, signature: Signature) -> None:
    """Enter the report's blocking keys, so that later reports find it."""
    day = key_day(signature)
    rows = [{"key": key, "day": day, "report_id": report_id} for key in block_keys(signature)]
    if rows:
        session.bulk_insert_mappings(ReportKey.__mapper__, rows)


def place(
    session: Session,
    report: IncidentReport,
    signature: Signature,
    now: datetime,
    *,
    may_open: bool,
    avoid: Collection[int] = (),
    reuse: int | None = None,
    held: Held = EVERYTHING,
) -> Placed:
    """Join `report` to the incident its score says it belongs to, else open one (if `may_open`), else leave it alone.

    `avoid` are incidents that other reports of the same article already told of: two events of one article are two.
    An incident that it opens is a new one, or takes up the number `reuse`.
    The caller holds the resolution lock, or is at work in `blocks.resolving`, and refreshes the incident afterwards.
    Raises NotHeld.
    """
    scored = ranked(session, signature, report.id, avoid, held)
    best, incident_id = scored[0] if scored else (None, None)
    if best is not None and incident_id is not None and best.answer == "same":
        report.incident_id = incident_id
        _log(session, "join", incident_id, report.id, now, best)
        return Placed(incident_id, False, best, same_as(scored[1:]))
    if not may_open:
        return Placed(None, False, best)
    incident = blank_incident(session, now, report.coder) if reuse is None else session.get_one(Incident, reuse)
    held.add(incident.id)
    report.incident_id = incident.id
    _log(session, "open", incident.id, report.id, now, best)
    for match, other in scored[:3]:
        if match.answer == "ask":
            session.add(
                Question(
                    report_id=report.id,
                    incident_id=other,
                    probability=match.probability,
                    reasons=list(match.reasons),
                    at=now,
                )
            )
    return Placed(incident.id, True, best)


def ranked(
    session: Session, signature: Signature, report_id: int = 0, avoid: Collection[int] = (), held: Held = EVERYTHING
) -> list[tuple[Match, int]]:
    """The candidate incidents with the match of each, the likeliest first, without those to `avoid`. Raises NotHeld."""
    return sorted(
        (
            (score_against(signature, told), incident_id)
            for incident_id, told in candidates(session, signature, report_id, held).items()
            if incident_id not in avoid
        ),
        key=lambda pair: (-pair[0].probability, pair[1]),
    )


def same_as(scored: Collection[tuple[Match, int]]) -> tuple[int, ...]:
    """The incidents of a ranking that are answered "same"."""
    return tuple(incident_id for match, incident_id in scored if match.answer == "same")


def candidates(
    session: Session, signature: Signature, report_id: int = 0, held: Held = EVERYTHING
) -> dict[int, list[Signature]]:
    """Incidents that share a blocking key with the signature, those of the rarest keys first: {incident id: members}.

    Raises NotHeld.
    """
    chosen = near(session, signature, report_id)
    held.need(chosen)
    told = members(session, chosen, report_id) if chosen else {}
    return {incident_id: told[incident_id] for incident_id in chosen if incident_id in told}


def near(session: Session, signature: Signature, report_id: int = 0) -> list[int]:
    """The incidents that share a blocking key with the signature, those of the rarest keys first, at most CANDIDATES.

    A key counts the less the more reports bear it: what every tenth report shares would else crowd out the one that
    shares a name and was told long ago.
    """
    keys = block_keys(signature)
    if not keys:
        return []
    bearers: dict[int, list[int]] = defaultdict(list)
    for number, found in session.execute(_probe(len(keys)), _probe_parameters(keys, key_day(signature))):
        if found != report_id:
            bearers[number].append(found)
    if not bearers:
        return []
    shared: dict[int, int] = defaultdict(int)
    for reports in bearers.values():
        for found in reports:
            shared[found] += RARITY[len(reports)]
    strongest = sorted((f for f in shared if shared[f] >= LEAST_SHARED), key=lambda f: (-shared[f], -f))[
        : 8 * CANDIDATES
    ]
    by_incident: dict[int, int] = defaultdict(int)
    for row in session.execute(
        select(IncidentReport.id, IncidentReport.incident_id).where(
            IncidentReport.id.in_(strongest), IncidentReport.active, IncidentReport.incident_id.is_not(None)
        )
    ):
        by_incident[row.incident_id] = max(by_incident[row.incident_id], shared[row.id])
    return sorted(by_incident, key=lambda incident_id: (-by_incident[incident_id], incident_id))[:CANDIDATES]


def members(session: Session, incident_ids: Collection[int], but: int = 0) -> dict[int, list[Signature]]:
    """Signatures of each incident's reports (without report `but`): its first and its newest ones, at most MEMBERS."""
    found: dict[int, list[Signature]] = defaultdict(list)
    for row in session.execute(_members(), {"incidents": list(incident_ids), "but": but}):
        found[row.incident_id].append(Signature.from_json(row.signature))
    return found


@cache
def _members() -> Select[Any]:
    """One query for all candidates: built once, because building it costs more than running it."""
    home, age = IncidentReport.incident_id, IncidentReport.id
    ranked = (
        select(
            IncidentReport.id,
            func.row_number().over(partition_by=home, order_by=age).label("first"),
            func.row_number().over(partition_by=home, order_by=age.desc()).label("newest"),
        )
        .where(
            IncidentReport.incident_id.in_(bindparam("incidents", expanding=True)),
            IncidentReport.active,
            IncidentReport.id != bindparam("but"),
        )
        .subquery()
    )
    half = MEMBERS // 2
    return (
        select(IncidentReport.incident_id, IncidentReport.signature)
        .join(ranked, ranked.c.id == IncidentReport.id)
        .where((ranked.c.first <= half) | (ranked.c.newest <= half))
        .order_by(IncidentReport.id)
    )


def _log(session: Session, kind: str, incident_id: int, report_id: int, now: datetime, match: Match | None) -> None:
    session.add(
        MergeLog(
            at=now,
            kind=kind,
            incident_id=incident_id,
            reports=[report_id],
            probability=round(match.probability, 4) if match else None,
            reasons=list(match.reasons) if match else [],
        )
    )


@cache
def _probe(count: int) -> CompoundSelect[Any]:
    """One statement that looks `count` keys up, each in its own index range with its own limit.

    A single `key IN (...)` could only be limited as a whole: one frequent key would crowd the others out.
    """
    parts = []
    for number in range(count):
        part = (
            select(ReportKey.report_id)
            .where(
                ReportKey.key == bindparam(f"key{number}"),
                ReportKey.day.between(bindparam("first"), bindparam("last")),
            )
            .order_by(ReportKey.day.desc(), ReportKey.report_id.desc())
            .limit(KEY_ROWS)
            .subquery()
        )
        parts.append(select(literal(number).label("number"), part.c.report_id))
    return union_all(*parts)


def _probe_parameters(keys: Collection[int], day: int) -> dict[str, int]:
    named = {f"key{number}": key for number, key in enumerate(keys)}
    return {**named, "first": day - WINDOW_DAYS, "last": day + WINDOW_DAYS}
