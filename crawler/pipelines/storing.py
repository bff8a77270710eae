"""Cleaned pages into the database, a batch in one transaction.

A URL is known only when its article is committed, so a crawl that is killed loses at most the pages of one batch, and
the next run fetches those again.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from crawler.pipelines.cleaning import Cleaned
from crawler.pipelines.outlet import Outlet
from extract.clean import storable
from spiders.page import Page
from storage.articles import IncomingArticle, store_article
from storage.database import Database


def incoming_article(page: Page, cleaned: Cleaned, outlet: Outlet) -> IncomingArticle:
    """The article to store, from a cleaned page whose outcome is "article"."""
    article = cleaned.page
    assert article is not None
    assert article.text is not None
    assert cleaned.text_hash is not None
    assert cleaned.simhash is not None
    return IncomingArticle(
        source=outlet.id,
        url=page.url,
        canonical_url=article.canonical_url or page.url,
        native_id=page.native_id,
        title=storable(article.title or (page.listing.title if page.listing else None) or ""),
        text=storable(article.text),
        language=article.language or outlet.language,
        byline=storable(article.byline) if article.byline else None,
        section=storable(article.section) if article.section else None,
        published=article.published,
        published_basis=article.published_basis,
        modified=article.modified,
        paywalled=bool(article.paywalled),
        wire=article.wire,
        version_mark=article.version_mark,
        fetched_at=page.fetched_at,
        text_hash=cleaned.text_hash,
        simhash=cleaned.simhash,
        country=outlet.country,
        timezone=outlet.timezone,
        keep_body=outlet.keep_body,
        lead_places=article.lead_places,
    )


def store_batch(database: Database, articles: Sequence[IncomingArticle]) -> Counter[str]:
    """Store the articles in one transaction; return how many were new, changed, unchanged or duplicates."""
    outcomes: Counter[str] = Counter()
    with database.write() as session:
        for article in articles:
            outcomes[str(store_article(session, article).outcome)] += 1
    return outcomes
