"""What has been read by an older coder, and may be read again: whole texts only, each article's present version.

Nothing is changed here but the ledger: a version that is put back is read like a new one, and `finish` replaces the
reports of the older reading in the transaction of the newer. So a recode can end anywhere and be taken up again.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Select, func, or_, select, update
from sqlalchemy.orm import Session

from extract import records
from storage.ledger import AGAIN, load_articles
from storage.models import Article, ArticleVersion, Evidence, History, IncidentReport, Ledger
from storage.payload import report_from_json
from storage.query import midnight

#: States of a version that has been read or given up: the others are read anyway.
READ = ("done", "failed")


@dataclass(frozen=True, slots=True)
class Choice:
    """Which readings are to be done again. `coder`: those by any other; None: all. `since`: published (else fetched)
    on that day or later, UTC.
    """

    coder: str | None
    sources: tuple[str, ...] = ()
    since: date | None = None


@dataclass(frozen=True, slots=True)
class OldReading:
    """An article, and the reports of it that the table holds, with the incident of each (None: of none)."""

    version_id: int
    article: records.Article
    reports: tuple[records.IncidentReport, ...]
    incidents: tuple[int | None, ...]


@dataclass(frozen=True, slots=True)
class Extent:
    """How many versions a choice holds; how many cannot be read again, as their text is not kept; how many an earlier
    recode has put back that are not read yet.
    """

    versions: int
    emptied: int
    put_back: int


def extent(session: Session, choice: Choice) -> Extent:
    """How much there is to read again."""
    whole, emptied = (
        session.scalar(_chosen(choice, kept=kept).with_only_columns(func.count(Ledger.version_id))) or 0
        for kept in (True, False)
    )
    open_ones = select(func.count()).where(Ledger.state.in_(("pending", "claimed")), Ledger.coder.is_not(None))
    return Extent(whole, emptied, session.scalar(open_ones) or 0)


def chosen_versions(session: Session, choice: Choice, *, limit: int | None = None) -> list[int]:
    """The versions to read again, oldest first."""
    return list(session.scalars(_chosen(choice, kept=True).order_by(Ledger.version_id).limit(limit)))


def old_readings(session: Session, version_ids: Sequence[int]) -> list[OldReading]:
    """What the table holds of each version, in their order."""
    articles = load_articles(session, list(version_ids))
    held: dict[int, list[IncidentReport]] = {version_id: [] for version_id in version_ids}
    for row in session.scalars(
        select(IncidentReport)
        .where(IncidentReport.version_id.in_(version_ids), IncidentReport.active)
        .order_by(IncidentReport.version_id, IncidentReport.ordinal)
    ):
        held[row.version_id].append(row)
    quotes = _evidence(session, [row.id for rows in held.values() for row in rows])
    return [
        OldReading(
            version_id,
            articles[version_id],
            tuple(report_from_json(row.body, tuple(quotes.get(row.id, ()))) for row in held[version_id]),
            tuple(row.incident_id for row in held[version_id]),
        )
        for version_id in version_ids
    ]


def put_back(session: Session, version_ids: Collection[int]) -> int:
    """Let the versions be read again, after all that is new; returns how many were put back (one that is being read
    already is not).
    """
    result = session.execute(
        update(Ledger)
        .where(Ledger.version_id.in_(version_ids), Ledger.state.in_(READ))
        .values(state="pending", priority=AGAIN, attempts=0, error=None, worker=None, lease_until=None)
        .execution_options(synchronize_session=False)
    )
    return int(getattr(result, "rowcount", 0))


def last_history(session: Session) -> int:
    """The number of the last line of history."""
    return session.scalar(select(func.max(History.id))) or 0


def cells_recoded(session: Session, after: int) -> dict[str, int]:
    """How often each cell was changed by a recode, since the line of history numbered `after`."""
    rows = session.execute(
        select(History.cell, func.count())
        .where(History.id > after, History.cause == "recode")
        .group_by(History.cell)
        .order_by(func.count().desc(), History.cell)
    )
    return dict(rows.all())


def _chosen(choice: Choice, *, kept: bool) -> Select[int]:
    statement = (
        select(Ledger.version_id)
        .join(ArticleVersion, ArticleVersion.id == Ledger.version_id)
        .join(Article, Article.id == Ledger.article_id)
        .where(
            Ledger.state.in_(READ),
            Article.version_id == Ledger.version_id,
            ArticleVersion.emptied.is_(None) if kept else ArticleVersion.emptied.is_not(None),
        )
    )
    if choice.coder is not None:
        statement = statement.where(or_(Ledger.coder.is_(None), Ledger.coder != choice.coder))
    if choice.sources:
        statement = statement.where(Article.source.in_(choice.sources))
    if choice.since is not None:
        statement = statement.where(func.coalesce(Article.published, Article.first_seen) >= midnight(choice.since))
    return statement


def _evidence(session: Session, report_ids: Sequence[int]) -> dict[int, list[records.Evidence]]:
    found: dict[int, list[records.Evidence]] = {}
    for item in session.scalars(
        select(Evidence).where(Evidence.report_id.in_(report_ids)).order_by(Evidence.report_id, Evidence.position)
    ):
        part: records.Part = "title" if item.part == "title" else "text"
        found.setdefault(item.report_id, []).append(
            records.Evidence(item.field, item.quote, item.start, item.end, part, item.found_by)
        )
    return found
