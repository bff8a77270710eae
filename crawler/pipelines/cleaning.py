"""A page becomes an article ready to store: the part that costs CPU, run in worker processes."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass

from crawler.pipelines.outlet import Outlet
from crawler.pool import Limit, OutOfTime, limited
from extract.clean import CleanedPage, clean_page
from extract.fingerprint import simhash, text_hash
from spiders.page import Page

#: Imported once by the fork server, so that a worker is ready at once.
PRELOAD = ("crawler.pipelines.cleaning",)

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Cleaned:
    """A cleaned page with the two fingerprints of its text; both are None where there is no article.

    `page` is None where the page could not be cleaned at all; `lost` names why (clean_timeout, clean_error,
    cleaner_died).
    """

    page: CleanedPage | None
    text_hash: str | None = None
    simhash: int | None = None
    lost: str | None = None


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


def clean_all(pairs: Sequence[tuple[Page, Outlet]], limit: Limit) -> list[Cleaned]:
    """Each page cleaned; one that takes longer than the limit is given up as `clean_timeout`, one that a fault of the
    cleaner loses as `clean_error`: no page takes its neighbours with it."""
    done = []
    for page, outlet in pairs:
        try:
            with limited(limit):
                done.append(clean(page, outlet))
        except OutOfTime:
            done.append(Cleaned(None, lost="clean_timeout"))
        except Exception:
            log.exception("a fault of the cleaner lost %s", page.url)
            done.append(Cleaned(None, lost="clean_error"))
    return done


def page_outcome(cleaned: Cleaned) -> str:
    """The name under which a page that gave no article is counted: page_empty, page_blocked, clean_timeout ...

    The prefix tells it from a link that was never asked for, which the spider counts as not_article.
    """
    if cleaned.page is None:
        return cleaned.lost or "cleaner_died"
    return f"page_{cleaned.page.outcome if cleaned.page.outcome != 'article' else 'empty'}"
