"""Resolve every stored report anew, in one order that does not hang on when it came.

Reports are taken by their time of publication, whatever the order in which they were fetched and read. An incident that
an analyst has worked on keeps its reports, its number and its cells; the others are let go and found again. A report
that opens an incident takes the number of the one it was in, so that links and alerts stay true where nothing changed;
an incident that is left without reports becomes a signpost to the one that most of them went to.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from extract.records import Evidence as EvidenceRecord
from extract.resolve import Signature, signature_of
from storage.changes import Cause, note, refresh, set_status
from storage.ledger import CURRENT, UNREAL, load_articles
from storage.locks import RESOLUTION, lock
from storage.models import (
    Article,
    ArticleVersion,
    Evidence,
    Incident,
    IncidentReport,
    MergeLog,
    Question,
    ReportKey,
    Response,
)
from storage.payload import report_from_json
from storage.resolution import enter_keys, place
from storage.uniting import touched_incidents, unite_same

#: Reports whose articles are loaded together.
BATCH = 200


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """What a rebuild found: B-cubed figures take the incidents as they stood as the reference."""

    reports: int
    before: int
    after: int
    unchanged: int
    kept: int
    precision: float
    recall: float

    @property
    def f1(self) -> float:
        """The harmonic mean of B-cubed precision and recall; 1.0 where nothing changed."""
        both = self.precision + self.recall
        return 2 * self.precision * self.recall / both if both else 0.0


def rebuild(session: Session, now: datetime, progress: Callable[[int, int], None] = lambda done, of: None) -> Rebuilt:
    """Put all active reports to incidents anew, in the caller's one transaction; `progress` gets (done, of all).

    History and merge log name "rebuild" as the cause. No alert is sent for it.
    """
    lock(session, RESOLUTION)
    old = _homes(session)
    kept = touched_incidents(session)
    order = _order(session)
    session.execute(delete(ReportKey))
    session.execute(delete(Question).where(Question.answer.is_(None)))
    session.execute(
        update(IncidentReport)
        .where(IncidentReport.active, IncidentReport.incident_id.not_in(kept))
        .values(incident_id=None)
        .execution_options(synchronize_session=False)
    )
    taken: set[int] = set()
    for done, (row, signature) in enumerate(_reports(session, order), start=1):
        row.signature = signature.to_json()
        if row.incident_id is None:
            _place_anew(session, row, signature, old.get(row.id), taken, now)
        enter_keys(session, row.id, signature)
        progress(done, len(order))
    session.flush()
    new = _homes(session)
    _sign_the_emptied(session, old, new, now)
    _move_responses(session)
    for incident_id in sorted(set(new.values())):
        refresh(session, incident_id, Cause("rebuild", now))
    return compare(old, new, kept=len(kept & set(old.values())))


def compare(old: Mapping[int, int], new: Mapping[int, int], *, kept: int = 0) -> Rebuilt:
    """The figures of two assignments of reports to incidents."""
    groups, fresh = _groups(old), _groups(new)
    precision = recall = 0.0
    for report_id, incident_id in new.items():
        if report_id in old:
            shared = len(fresh[incident_id] & groups[old[report_id]])
            precision += shared / len(fresh[incident_id])
            recall += shared / len(groups[old[report_id]])
    told = len(old.keys() & new.keys()) or 1
    same = {frozenset(group) for group in groups.values()} & {frozenset(group) for group in fresh.values()}
    return Rebuilt(len(new), len(groups), len(fresh), len(same), kept, precision / told, recall / told)


def _place_anew(
    session: Session, row: IncidentReport, signature: Signature, former: int | None, taken: set[int], now: datetime
) -> None:
    """Put one report to an incident; where it opens one, that is its former one if nobody has it yet."""
    may_open = row.status in CURRENT and row.role != "background"
    told = select(IncidentReport.incident_id).where(
        IncidentReport.article_id == row.article_id, IncidentReport.active, IncidentReport.id != row.id
    )
    avoid = {incident_id for incident_id in session.scalars(told) if incident_id is not None}
    reuse = former if former is not None and former not in taken and former not in avoid else None
    placed = place(session, row, signature, now, may_open=may_open, avoid=avoid, reuse=reuse)
    if placed.incident_id is None:
        return
    session.flush()
    row.incident_id, _ = unite_same(session, placed.incident_id, placed.rivals, row.id, Cause("rebuild", now))
    taken.add(row.incident_id)
    if placed.opened:
        _reopen(session, row.incident_id, now)


def _reopen(session: Session, incident_id: int, now: datetime) -> None:
    """A number that is taken up again stands for an incident again, if only a score had put it away."""
    incident = session.get_one(Incident, incident_id)
    if incident.status == "merged":
        incident.merged_into = None
        set_status(session, incident, "updated", Cause("rebuild", now))


def _homes(session: Session) -> dict[int, int]:
    rows = session.execute(
        select(IncidentReport.id, IncidentReport.incident_id).where(
            IncidentReport.active, IncidentReport.incident_id.is_not(None)
        )
    )
    return {row.id: row.incident_id for row in rows}


def _order(session: Session) -> list[int]:
    """The active reports by publication, source and address; those that are of no real event are left out."""
    moment = func.coalesce(IncidentReport.published, IncidentReport.created)
    rows = session.scalars(
        select(IncidentReport.id)
        .join(Article, Article.id == IncidentReport.article_id)
        .where(IncidentReport.active, IncidentReport.status.not_in(UNREAL))
        .order_by(moment, IncidentReport.source, Article.url, IncidentReport.ordinal)
    )
    return list(rows)


def _reports(session: Session, order: Sequence[int]) -> Iterator[tuple[IncidentReport, Signature]]:
    """The reports in that order, each with the signature that its text gives now (the stored one if the text is gone)."""
    for first in range(0, len(order), BATCH):
        ids = order[first : first + BATCH]
        rows = {row.id: row for row in session.scalars(select(IncidentReport).where(IncidentReport.id.in_(ids)))}
        version_ids = sorted({row.version_id for row in rows.values()})
        articles = load_articles(session, version_ids)
        emptied = set(
            session.scalars(
                select(ArticleVersion.id).where(ArticleVersion.id.in_(version_ids), ArticleVersion.emptied.is_not(None))
            )
        )
        evidence = _evidence(session, ids)
        for number in ids:
            row = rows[number]
            if row.version_id in emptied:
                yield row, Signature.from_json(row.signature)
                continue
            report = report_from_json(row.body, evidence.get(row.id, ()))
            signature = signature_of(report, articles[row.version_id], row.ordinal)
            yield row, replace(signature, seat=str(row.article_id))


def _evidence(session: Session, report_ids: Sequence[int]) -> dict[int, tuple[EvidenceRecord, ...]]:
    found: dict[int, list[EvidenceRecord]] = defaultdict(list)
    wanted = select(Evidence).where(Evidence.report_id.in_(report_ids)).order_by(Evidence.report_id, Evidence.position)
    for row in session.scalars(wanted):
        found[row.report_id].append(
            EvidenceRecord(row.field, row.quote, row.start, row.end, row.part, row.found_by)  # type: ignore[arg-type]
        )
    return {report_id: tuple(items) for report_id, items in found.items()}


def _sign_the_emptied(session: Session, old: Mapping[int, int], new: Mapping[int, int], now: datetime) -> None:
    """Point each incident that lost all its reports to the one that most of them went to."""
    went: dict[int, Counter[int]] = defaultdict(Counter)
    for report_id, incident_id in old.items():
        if report_id in new:
            went[incident_id][new[report_id]] += 1
    cause, held = Cause("rebuild", now), _groups(old)
    for incident_id in sorted(held.keys() - set(new.values())):
        incident = session.get_one(Incident, incident_id)
        incident.report_count = incident.voice_count = 0
        if incident.status in ("merged", "rejected"):
            continue
        if not went[incident_id]:
            set_status(session, incident, "rejected", Cause("withdrawal", now))
            continue
        goal = min(went[incident_id], key=lambda number: (-went[incident_id][number], number))
        set_status(session, incident, "merged", cause)
        incident.merged_into = goal
        moved = sorted(held[incident_id])
        session.add(MergeLog(at=now, kind="rebuild", incident_id=goal, other_id=incident_id, reports=moved, reasons=[]))
        note(session, goal, cause, "reports", None, {"from": incident_id, "reports": moved})


def _move_responses(session: Session) -> None:
    """A response goes where its article's first report of a current event went."""
    homes: dict[int, int] = {}
    told = select(IncidentReport.article_id, IncidentReport.incident_id).where(IncidentReport.active)
    for article_id, incident_id in session.execute(told.order_by(IncidentReport.article_id, IncidentReport.ordinal)):
        if incident_id is not None:
            homes.setdefault(article_id, incident_id)
    rows = session.execute(select(Response.id, Response.article_id, Response.incident_id).where(Response.active)).all()
    for number, article_id, incident_id in rows:
        goal = homes.get(article_id)
        if goal != incident_id:
            session.execute(update(Response).where(Response.id == number).values(incident_id=goal))


def _groups(homes: Mapping[int, int]) -> dict[int, set[int]]:
    groups: dict[int, set[int]] = defaultdict(set)
    for report_id, incident_id in homes.items():
        groups[incident_id].add(report_id)
    return groups
