"""A page becomes an article ready to store: the part that costs CPU, run in worker processes."""

from __future__ import annotations

from dataclasses import dataclass

from crawler.pipelines.outlet import Outlet
from extract.clean import CleanedPage, clean_page
from extract.fingerprint import simhash, text_hash
from spiders.page import Page

#: Imported once by the fork server, so that a worker is ready at once.
PRELOAD = ("crawler.pipelines.cleaning",)


@dataclass(frozen=True, slots=True)
class Cleaned:
    """A cleaned page with the two fingerprints of its text; both are None where there is no article."""

    page: CleanedPage
    text_hash: str | None = None
    simhash: int | None = None


def clean(page: Page, outlet: Outlet) -> Cleaned:
    """The cleaned page. What is no article is an outcome of `CleanedPage`, never an exception."""
    cleaned = clean_page(
        page.body,
        url=page.url,
        text=page.text,
        rules=outlet.rules,
        fetched_at=page.fetched_at,
        listing_published=page.listing.published if page.listing else None,
    )
    if cleaned.outcome != "article" or not cleaned.text:
        return Cleaned(cleaned)
    return Cleaned(cleaned, text_hash(cleaned.text), simhash(cleaned.text))


def page_outcome(cleaned: Cleaned) -> str:
    """The name under which a page that gave no article is counted: page_empty, page_blocked, page_not_article ...

    The prefix tells it from a link that was never asked for, which the spider counts as not_article.
    """
    return f"page_{cleaned.page.outcome if cleaned.page.outcome != 'article' else 'empty'}"
