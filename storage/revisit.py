"""Stored articles that may have to be fetched again though no listing shows them any more."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from storage.models import Article


@dataclass(frozen=True, slots=True)
class RevisitCandidate:
    """A stored article of a source; times are aware."""

    url: str
    published: datetime | None
    first_seen: datetime
    last_fetched: datetime


def revisit_candidates(session: Session, source: str, since: datetime, before: datetime) -> list[RevisitCandidate]:
    """The source's articles published (else first seen) from `since` on and last fetched before `before`, newest
    first. Which of them are due is the schedule's word (`spiders.schedule.next_refetch`); forgotten ones never are.
    """
    rows = session.execute(
        select(Article.url, Article.published, Article.first_seen, Article.last_fetched)
        .where(
            Article.source == source,
            Article.forgotten.is_(None),
            Article.last_fetched < before,
            or_(Article.published >= since, and_(Article.published.is_(None), Article.first_seen >= since)),
        )
        .order_by(Article.id.desc())
    )
    return [RevisitCandidate(*row) for row in rows]
