"""The named ends of every request and every link, and what a run of them means.

A spider counts each request once under `sageon/<source>/<outcome>` in Scrapy's stats, and each link of a listing
that was not requested likewise. Scrapy itself exits 0 with every site down; these counts are what a run is judged by.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

#: Listing requests (feeds, sitemaps, sections) that brought what they should.
LISTING_OK = ("feed_ok", "feed_same", "http_304")
#: Article requests that yielded a page: never seen before, or fetched again on its schedule.
ARTICLE_OK = ("article_new", "article_again")
#: Links of listings that needed no request.
LINKS = ("known", "set_aside", "duplicate", "not_article", "offsite", "too_old", "too_new", "undated", "over_limit")
#: The listing showed what was there before.
UNCHANGED = ("known", "set_aside", "http_304", "feed_same")
#: Somebody said no.
REFUSED = ("robots_disallowed", "robots_unreachable", "blocked", "refused", "rate_limited")
#: No server was reached: the line may be down rather than the outlet.
UNREACHED = ("timeout", "dns", "connection")
#: It went wrong.
FAILED = (
    "not_a_listing",
    "broken_listing",
    "feed_empty",
    "false_304",
    "gone",
    "http_error",
    "too_large",
    "not_html",
    "redirected_private",
    "private_address",
    "redirect_loop",
    "tls",
    *UNREACHED,
    "error",
)
OUTCOMES = frozenset((*LISTING_OK, *ARTICLE_OK, *LINKS, *REFUSED, *FAILED))
PREFIX = "sageon"

Verdict = Literal["ok", "nothing_new", "nothing_found", "refused", "failed"]


def stat_name(source_id: str, outcome: str) -> str:
    """The name in Scrapy's stats. Raises ValueError for an outcome that has no name here."""
    if outcome not in OUTCOMES:
        raise ValueError(f"no such outcome: {outcome}")
    return f"{PREFIX}/{source_id}/{outcome}"


@dataclass(frozen=True, slots=True)
class SourceRun:
    """One source's run: how often each outcome came, and what that amounts to."""

    source: str
    outcomes: Mapping[str, int]
    verdict: Verdict

    @property
    def succeeded(self) -> bool:
        """Whether the outlet answered as it should, with or without news."""
        return self.verdict in ("ok", "nothing_new")


def runs(stats: Mapping[str, Any]) -> dict[str, SourceRun]:
    """What each source's run came to, from Scrapy's stats (of one crawl or of several, added up)."""
    counts: dict[str, dict[str, int]] = {}
    for name, value in stats.items():
        prefix, _, rest = name.partition("/")
        source_id, _, outcome = rest.partition("/")
        if prefix == PREFIX and outcome in OUTCOMES and isinstance(value, int):
            counts.setdefault(source_id, {})[outcome] = value
    return {source: SourceRun(source, found, verdict(found)) for source, found in counts.items()}


def verdict(outcomes: Mapping[str, int]) -> Verdict:
    """What a source's outcomes amount to.

    `ok`: pages came. `nothing_new`: listings were read and every link was known or outside the time asked for.
    `nothing_found`: listings were read and held no article of the source. `refused`: robots, a block or a refusal,
    and nothing else came of it. `failed`: everything else.
    """
    if any(outcomes.get(name) for name in ARTICLE_OK):
        return "ok"
    if _any(outcomes, REFUSED) and not _any(outcomes, UNCHANGED):
        return "refused"
    if _any(outcomes, LISTING_OK):
        if any(outcomes.get(name) for name in FAILED if name not in ("feed_empty", "gone", "not_html")):
            return "failed" if not _any(outcomes, UNCHANGED) else "nothing_new"
        if _any(outcomes, (*UNCHANGED, "too_old", "over_limit")):
            return "nothing_new"
        return "nothing_found"
    return "failed" if outcomes else "nothing_found"


def _any(outcomes: Mapping[str, int], names: tuple[str, ...]) -> bool:
    return any(outcomes.get(name) for name in names)
