"""A page becomes an article ready to store: the part that costs CPU, run in worker processes."""

from __future__ import annotations

from dataclasses import dataclass

from extract.fingerprint import simhash, text_hash

from crawler.pipelines.outlet import Outlet
from extract.clean import CleanedPage, clean_page
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
