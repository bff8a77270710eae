"""Articles as the desk shows them: what is known of one, and the text where it may be shown."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from storage.errors import NotFound
from storage.models import Article, ArticleVersion, Evidence, IncidentReport


@dataclass(frozen=True, slots=True)
class Quote:
    """Words of the article that support a field of a report of an incident."""

    incident_id: int | None
    report_id: int
    field: str
    quote: str
    start: int
    end: int
    part: str


@dataclass(frozen=True, slots=True)
class ArticleView:
    """An article with its quotes. `text` is None where the outlet's policy, its term or a request forbids it."""

    id: int
    source: str
    url: str
    title: str
    language: str | None
    country: str | None
    byline: str | None
    section: str | None
    published: datetime | None
    modified: datetime | None
    wire: str | None
    paywalled: bool
    same_as: int | None
    first_seen: datetime
    last_changed: datetime
    versions: int
    text: str | None
    quotes: tuple[Quote, ...]


def get_article(session: Session, article_id: int) -> ArticleView:
    """One article as it last was. Raises NotFound."""
    article = session.get(Article, article_id)
    if article is None:
        raise NotFound(f"there is no article {article_id}")
    shown = bodies(session, [article.version_id] if article.version_id else [])
    quotes = session.execute(
        select(IncidentReport.incident_id, Evidence)
        .join(Evidence, Evidence.report_id == IncidentReport.id)
        .where(IncidentReport.article_id == article_id, IncidentReport.active)
        .order_by(Evidence.report_id, Evidence.position)
    )
    return _view(
        article,
        shown.get(article.version_id or 0),
        tuple(
            Quote(incident, item.report_id, item.field, item.quote, item.start, item.end, item.part)
            for incident, item in quotes
        ),
    )


def find_articles(
    session: Session, *, after_id: int = 0, source: str | None = None, limit: int = 50
) -> tuple[ArticleView, ...]:
    """Articles in the order they were first seen, those after `after_id`: what is known of each, no text, no quotes."""
    statement = select(Article).where(Article.id > after_id).order_by(Article.id).limit(limit)
    if source is not None:
        statement = statement.where(Article.source == source)
    return tuple(_view(article, None, ()) for article in session.scalars(statement))


def _view(article: Article, text: str | None, quotes: tuple[Quote, ...]) -> ArticleView:
    return ArticleView(
        id=article.id, source=article.source, url=article.url, title=article.title, language=article.language,
        country=article.country, byline=article.byline, section=article.section, published=article.published,
        modified=article.modified, wire=article.wire, paywalled=article.paywalled, same_as=article.same_as,
        first_seen=article.first_seen, last_changed=article.last_changed, versions=article.versions, text=text,
        quotes=quotes,
    )  # fmt: skip


def bodies(session: Session, version_ids: Collection[int]) -> dict[int, str]:
    """The texts of those of the versions that may be shown, by version id.

    Left out are outlets whose declaration says that the body is not kept, bodies past their term, forgotten articles.
    """
    rows = session.execute(
        select(ArticleVersion.id, ArticleVersion.text)
        .join(Article, Article.id == ArticleVersion.article_id)
        .where(
            ArticleVersion.id.in_(version_ids),
            ArticleVersion.emptied.is_(None),
            Article.keep_body,
            Article.forgotten.is_(None),
            ArticleVersion.text != "",
        )
    )
    return dict(rows.all())
