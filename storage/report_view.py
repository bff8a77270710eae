"""Reports with their quotes: those of an incident, or of the whole table in the order they were read."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Select, select
from sqlalchemy.orm import Session

from extract import records
from storage.errors import NotFound
from storage.models import Article, ArticleVersion, Evidence, IncidentReport
from storage.payload import report_from_json


@dataclass(frozen=True, slots=True)
class ReportView:
    """What one article says of one incident. `copies` are URLs of articles that repeat it (one voice with it)."""

    report_id: int
    incident_id: int | None
    article_id: int
    version_id: int
    version: int
    source: str
    url: str
    title: str
    language: str | None
    published: datetime | None
    wire: str | None
    role: str
    report: records.IncidentReport
    copies: tuple[str, ...]
    text_kept: bool


def reports_of(session: Session, incident_id: int) -> tuple[ReportView, ...]:
    """The reports that an incident is fused from, in the order of their publication."""
    chosen = _chosen(IncidentReport.incident_id == incident_id)
    return _views(session, chosen.order_by(IncidentReport.published, IncidentReport.id))


def get_report(session: Session, report_id: int) -> ReportView:
    """One report that is in force. Raises NotFound."""
    found = _views(session, _chosen(IncidentReport.id == report_id))
    if not found:
        raise NotFound(f"there is no report {report_id}, or a newer reading has taken its place")
    return found[0]


def find_reports(
    session: Session, *, after_id: int = 0, source: str | None = None, limit: int = 50
) -> tuple[ReportView, ...]:
    """Reports in the order they were read: those after `after_id`, at most `limit`."""
    conditions = [IncidentReport.id > after_id]
    if source is not None:
        conditions.append(IncidentReport.source == source)
    return _views(session, _chosen(*conditions).order_by(IncidentReport.id).limit(limit))


def _chosen(*conditions: ColumnElement[bool]) -> Select[IncidentReport, Article, ArticleVersion]:
    return (
        select(IncidentReport, Article, ArticleVersion)
        .join(Article, Article.id == IncidentReport.article_id)
        .join(ArticleVersion, ArticleVersion.id == IncidentReport.version_id)
        .where(IncidentReport.active, *conditions)
    )


def _views(session: Session, chosen: Select[IncidentReport, Article, ArticleVersion]) -> tuple[ReportView, ...]:
    rows = session.execute(chosen).all()
    evidence: dict[int, list[records.Evidence]] = {report.id: [] for report, _, _ in rows}
    for item in session.scalars(
        select(Evidence).where(Evidence.report_id.in_(evidence)).order_by(Evidence.report_id, Evidence.position)
    ):
        evidence[item.report_id].append(
            records.Evidence(
                item.field, item.quote, item.start, item.end, "title" if item.part == "title" else "text", item.found_by
            )
        )
    copies: dict[int, list[str]] = {article.id: [] for _, article, _ in rows}
    for original, url in session.execute(
        select(Article.same_as, Article.url).where(Article.same_as.in_(copies)).order_by(Article.id)
    ):
        copies[original or 0].append(url)
    return tuple(
        ReportView(
            report_id=report.id,
            incident_id=report.incident_id,
            article_id=article.id,
            version_id=version.id,
            version=version.number,
            source=report.source,
            url=article.url,
            title=version.title,
            language=report.language,
            published=report.published,
            wire=article.wire,
            role=report.role,
            report=report_from_json(report.body, tuple(evidence[report.id])),
            copies=tuple(copies[article.id]),
            text_kept=version.emptied is None,
        )
        for report, article, version in rows
    )
