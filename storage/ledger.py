"""The ledger: which article versions are to be read, by whom, and "done" in one transaction with the result.

A claim is a lease with a fencing token. A worker that is killed loses its lease; one that was only slow finds, when it
comes to write, that its token is old, and writes nothing. So each version is read into the table exactly once.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import and_, func, or_, select, text, update
from sqlalchemy.orm import Session

from extract import records
from extract.resolve import Signature, block_keys, score, signature_of
from storage.blocks import EVERYTHING, Held, resolving
from storage.changes import Cause, IncidentChange, refresh
from storage.errors import LeaseLost
from storage.models import Article, ArticleVersion, Evidence, IncidentReport, Ledger, ReportKey, Response
from storage.models.articles import OPEN_STATES
from storage.payload import report_to_json
from storage.resolution import enter_keys, near, place, ranked, same_as
from storage.search import unindex_article
from storage.uniting import unite_same

#: After so many failures, deaths of the worker among them, a version is given up: it may be what kills the workers.
MAX_ATTEMPTS = 5
#: Priorities of a version that waits to be read; a live article goes before an archive, that before a second reading.
LIVE, ARCHIVE, AGAIN = 0, 1, 2
#: Reports of these kinds tell of a current event and may open an incident.
CURRENT = frozenset({"new", "update", "follow-up"})
#: A film or a hypothesis is no event at all; the others may join an incident that is there.
UNREAL = frozenset({"hypothetical", "statistic", "policy", "fiction", "metaphor", "sport"})


@dataclass(frozen=True, slots=True)
class Claim:
    """The right to read one article version until the lease ends. `token` proves it to `finish`.

    `again`: it has been read before (recode), so that what it tells is no news.
    """

    version_id: int
    token: int
    article: records.Article
    again: bool = False


@dataclass(frozen=True, slots=True)
class LedgerCounts:
    """Article versions by state."""

    pending: int
    claimed: int
    done: int
    failed: int
    copies: int


def claim(session: Session, worker: str, limit: int, lease: timedelta, now: datetime) -> list[Claim]:
    """Claim up to `limit` versions that are pending or whose lease has run out: lowest priority number, then oldest.

    A worker reads what it claimed in that order, so the first that a dead one left is what it was reading: that alone
    counts as an attempt. A machine that is switched off again and again must not give up a whole batch.
    """
    wanted = (
        select(Ledger)
        .where(
            Ledger.state.in_(("pending", "claimed")),
            or_(Ledger.state == "pending", and_(Ledger.state == "claimed", Ledger.lease_until < now)),
        )
        .order_by(Ledger.priority, Ledger.version_id)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    rows = []
    for row in session.scalars(wanted).all():
        if row.state == "claimed":
            row.attempts += 1
            _let_go(session, row.worker, row.version_id, now)
        if row.attempts >= MAX_ATTEMPTS:
            row.state, row.error = "failed", row.error or f"given up after {row.attempts} attempts"
            continue
        row.state, row.worker, row.lease_until = "claimed", worker, now + lease
        row.token += 1
        rows.append(row)
    session.flush()
    articles = load_articles(session, [row.version_id for row in rows])
    return [Claim(row.version_id, row.token, articles[row.version_id], row.coder is not None) for row in rows]


def _let_go(session: Session, worker: str | None, reading: int, now: datetime) -> None:
    """Put back what a dead worker had claimed and not begun.

    What another is claiming at this moment is left to it: two that each held one of the dead worker's versions and
    waited for the other's would wait for ever.
    """
    left = (
        select(Ledger.version_id)
        .where(Ledger.state == "claimed", Ledger.worker == worker, Ledger.lease_until < now)
        .where(Ledger.version_id != reading)
        .with_for_update(skip_locked=True)
    )
    session.execute(
        update(Ledger)
        .where(Ledger.version_id.in_(session.scalars(left).all()))
        .values(state="pending", worker=None, lease_until=None)
    )


def renew(session: Session, claimed: Claim, lease: timedelta, now: datetime) -> None:
    """Prolong a lease. Raises LeaseLost."""
    _held(session, claimed).lease_until = now + lease


def finish(session: Session, claimed: Claim, reading: records.Reading, now: datetime) -> list[IncidentChange]:
    """Write what was read, resolve it into incidents, and mark the version done; returns what changed.

    All of it belongs to the caller's transaction. Reports of an older version (or an older reading) of the article
    are replaced, never doubled. Raises LeaseLost where the claim is no longer this worker's; nothing is written then.
    """
    row = _held(session, claimed)
    article = session.get_one(Article, row.article_id)
    version = session.get_one(ArticleVersion, claimed.version_id)
    told_by = Cause("recode" if row.coder is not None else "report", now, version.id)
    signatures = [
        replace(signature_of(report, claimed.article, ordinal), seat=str(article.id))
        for ordinal, report in enumerate(reading.reports)
    ]

    def write(held: Held) -> list[IncidentChange]:
        before = _replace_older(session, article.id, now, held)
        return _write_reports(session, article, version, reading, signatures, before, told_by, held)

    def at_stake() -> set[int]:
        homes = {home for home in _homes(session, article.id) if home is not None}
        return homes.union(*(near(session, signature) for signature in real))

    if reading.reports or _homes(session, article.id):
        real = [one for one, report in zip(signatures, reading.reports, strict=True) if report.status not in UNREAL]
        keys = {key for signature in real for key in block_keys(signature)}
        changes = resolving(session, article.id, keys, at_stake, write)
    else:  # most articles tell of no event and wait for nobody
        changes = write(EVERYTHING)
    row.state, row.coder, row.outcome, row.read_at = "done", reading.coder, reading.outcome, now
    row.lease_until = row.error = row.worker = None
    if not article.keep_body and version.emptied is None:
        unindex_article(session, article.id, version.title, version.text)
        version.text, version.emptied = "", now
    session.flush()
    return changes


def fail(session: Session, claimed: Claim, error: str, now: datetime) -> None:
    """Give a claim back with what went wrong; the version is tried again, at most MAX_ATTEMPTS times."""
    row = _held(session, claimed)
    row.error, row.lease_until, row.worker = error[:2000], None, None
    row.attempts += 1
    row.state = "failed" if row.attempts >= MAX_ATTEMPTS else "pending"
    row.read_at = now


def counts(session: Session) -> LedgerCounts:
    """How many versions stand in each state."""
    found = dict(session.execute(select(Ledger.state, func.count()).group_by(Ledger.state)).all())
    return LedgerCounts(
        found.get("pending", 0),
        found.get("claimed", 0),
        found.get("done", 0),
        found.get("failed", 0),
        found.get("copy", 0),
    )


def unread(session: Session) -> int:
    """How many versions wait for a reader or are being read; unlike `counts` it costs the same in a large table."""
    waiting = select(func.count()).select_from(Ledger).where(text(OPEN_STATES))  # as the partial index has it
    return session.scalar(waiting) or 0


def load_articles(session: Session, version_ids: list[int]) -> dict[int, records.Article]:
    """The versions as the reader takes them, by version id."""
    rows = session.execute(
        select(ArticleVersion, Article)
        .join(Article, Article.id == ArticleVersion.article_id)
        .where(ArticleVersion.id.in_(version_ids))
    )
    return {
        version.id: records.Article(
            id=str(article.id),
            title=version.title,
            text=version.text,
            published=version.published or article.published,
            language=version.language,
            url=article.url,
            source=article.source,
            country=article.country,
            timezone=article.timezone,
            date_only=(version.published_basis or "").endswith("day"),
        )
        for version, article in rows
    }


def _held(session: Session, claimed: Claim) -> Ledger:
    row = session.scalar(select(Ledger).where(Ledger.version_id == claimed.version_id).with_for_update())
    if row is None or row.state != "claimed" or row.token != claimed.token:
        raise LeaseLost(f"article version {claimed.version_id} is no longer claimed under token {claimed.token}")
    return row


def _homes(session: Session, article_id: int) -> list[int | None]:
    """The incident of each active report of the article, in order."""
    active = select(IncidentReport.incident_id).where(IncidentReport.article_id == article_id, IncidentReport.active)
    return list(session.scalars(active.order_by(IncidentReport.id)))


def _replace_older(session: Session, article_id: int, now: datetime, held: Held) -> dict[int, Signature]:
    """Take the article's present reports out; returns the incidents they were in, in order, with what they said.

    Raises NotHeld.
    """
    held.need({home for home in _homes(session, article_id) if home is not None})
    homes: dict[int, Signature] = {}
    for report in session.scalars(
        select(IncidentReport)
        .where(IncidentReport.article_id == article_id, IncidentReport.active)
        .order_by(IncidentReport.id)
    ):
        report.active, report.replaced = False, now
        session.query(ReportKey).filter(ReportKey.report_id == report.id).delete(synchronize_session=False)
        if report.incident_id is not None:
            homes.setdefault(report.incident_id, replace(Signature.from_json(report.signature), seat=""))
    session.query(Response).filter(Response.article_id == article_id, Response.active).update(
        {"active": False}, synchronize_session=False
    )
    return homes


def _write_reports(
    session: Session,
    article: Article,
    version: ArticleVersion,
    reading: records.Reading,
    signatures: Sequence[Signature],
    before: dict[int, Signature],
    told_by: Cause,
    held: Held,
) -> list[IncidentChange]:
    now = told_by.at
    opened: set[int] = set()
    touched: dict[int, None] = dict.fromkeys(before)
    told: dict[int, None] = {}
    united: list[IncidentChange] = []
    for ordinal, (report, signature) in enumerate(zip(reading.reports, signatures, strict=True)):
        row = IncidentReport(
            article_id=article.id,
            version_id=version.id,
            voice_id=article.same_as or article.id,
            source=article.source,
            language=reading.language,
            ordinal=ordinal,
            type=report.type,
            role=report.role,
            status=report.status,
            certainty=report.certainty,
            published=version.published or article.published,
            created=now,
            coder=reading.coder,
            body=report_to_json(report),
            signature=signature.to_json(),
        )
        session.add(row)
        session.flush()
        _write_evidence(session, row.id, report.evidence)
        if report.status in UNREAL:
            continue
        may_open = report.status in CURRENT and report.role != "background"
        home = _former_home(before, told, signature) if may_open else None
        if home is not None:
            row.incident_id = home
            rivals = same_as(ranked(session, signature, row.id, avoid={home, *told}, held=held))
        else:
            placed = place(session, row, signature, now, may_open=may_open, avoid=told, held=held)
            rivals = placed.rivals
            if placed.opened and placed.incident_id is not None:
                opened.add(placed.incident_id)
        enter_keys(session, row.id, signature)
        if row.incident_id is not None:
            session.flush()
            home, absorbed = unite_same(session, row.incident_id, rivals, row.id, told_by)
            row.incident_id = home
            united += absorbed
            told[row.incident_id] = touched[row.incident_id] = None
    _write_responses(session, article.id, version.id, reading, next(iter(told), None))
    changes = united
    gone = {change.incident_id for change in united}
    for incident_id in touched:
        if incident_id in gone:
            continue
        cause = replace(told_by, what="opened") if incident_id in opened else told_by
        change = refresh(session, incident_id, cause)
        changes.append(replace(change, kind="opened") if incident_id in opened else change)
    return changes


def _former_home(before: dict[int, Signature], told: Collection[int], signature: Signature) -> int | None:
    """The incident that an older version's report of this event was in, None where the facts now clash with it.

    An article that is read again keeps its incidents without reaching the score's threshold: it is the same story.
    """
    seatless = replace(signature, seat="")
    matches = {
        incident_id: score(seatless, old).probability for incident_id, old in before.items() if incident_id not in told
    }
    best = max(matches, key=lambda incident_id: matches[incident_id], default=None)
    return best if best is not None and matches[best] > 0.0 else None


def _write_evidence(session: Session, report_id: int, evidence: tuple[records.Evidence, ...]) -> None:
    if evidence:
        session.bulk_insert_mappings(
            Evidence.__mapper__,
            [
                {
                    "report_id": report_id,
                    "position": position,
                    "field": item.field,
                    "quote": item.quote,
                    "start": item.start,
                    "end": item.end,
                    "part": item.part,
                    "found_by": item.found_by,
                }
                for position, item in enumerate(evidence)
            ],
        )


def _write_responses(
    session: Session, article_id: int, version_id: int, reading: records.Reading, incident_id: int | None
) -> None:
    for response in reading.responses:
        session.add(
            Response(
                version_id=version_id,
                article_id=article_id,
                incident_id=incident_id,
                type=response.type,
                actor=response.actor,
                country=response.country,
                date=response.date,
                quote=response.quote,
                start=response.start,
                end=response.end,
                part=response.part,
            )
        )
