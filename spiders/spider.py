"""The one generic spider: reads any declaration, walks its listings, yields the pages of its articles."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, ClassVar, Self

import scrapy
from scrapy import signals
from scrapy.crawler import Crawler
from scrapy.http import Request, Response
from twisted.python.failure import Failure

from spiders.addresses import absolute, article_key, canonical_url, native_id, on_host
from spiders.answers import answer_outcome, header_map, other_text, page_text
from spiders.arguments import Arguments
from spiders.calendar import chosen_children, in_window, index_urls, sitemap_since
from spiders.failures import outcome_of
from spiders.listings.decoding import decode
from spiders.listings.entry import Entry, ListingError, ParsedListing
from spiders.listings.sections import read_section
from spiders.listings.xml import read_xml
from spiders.memory import FeedStates, FeedStatesInMemory, Known, NothingKnown, Remembered
from spiders.outcomes import ARTICLE_OK, stat_name
from spiders.page import Listing, Page
from spiders.poll import Poll
from spiders.schedule import next_refetch
from spiders.source import Index, Source

#: Sitemap indexes nest once by the protocol; outlets nest them once more.
DEPTH = 3
#: Ends of an article request after which it need not be offered again by the next poll.
SETTLED = frozenset((*ARTICLE_OK, "gone", "not_html", "too_large", "robots_disallowed", "offsite"))
#: Ends that will not be otherwise for a while: the address is left alone (`spiders.memory.Known.missed`).
SET_ASIDE = frozenset(("gone", "not_html", "too_large", "offsite"))
#: Listings go before articles, so that what is known is seen before anything is fetched twice.
LISTING_PRIORITY = 10


@dataclass(slots=True)
class Link:
    """An article on its way: where it was found, and every poll that waits for it."""

    key: str
    url: str
    listing: Listing
    polls: list[Poll]
    again: bool = False


class SourceSpider(scrapy.Spider):
    """Crawls one source. `spiders.loader` makes a class of it for each declaration.

    `feed_states` and `known` are what the crawl remembers (`spiders.memory`); they may be set until the spider opens.
    `revisit` are addresses of stored articles that are due to be fetched again whatever the listings show; a run that
    is limited, or asks for a stretch of time, leaves them to the next.
    After the run `polls` tells of every listing, and the stats under `sageon/<source>/` of every request.
    """

    source: ClassVar[Source]

    def __init__(
        self,
        *args: Any,
        feed_states: FeedStates | None = None,
        known: Known | None = None,
        revisit: Sequence[str] = (),
        limit: str | int | None = None,
        since: str | datetime | None = None,
        until: str | datetime | None = None,
        sections: str | None = None,
        refetch: str | bool = True,
        full: str | bool = False,
        now: datetime | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.now = now or datetime.now(UTC)
        self.arguments = Arguments.read(
            zone=self.source.zone(),
            now=self.now,
            limit=limit,
            since=since,
            until=until,
            sections=sections,
            refetch=refetch,
            full=full,
        )
        self.feed_states: FeedStates = feed_states or FeedStatesInMemory()
        self.known: Known = known or NothingKnown()
        self.revisit = tuple(revisit)
        self.polls: list[Poll] = []
        self._links: dict[str, Link] = {}
        self._asked = 0

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> Self:
        """The spider, listening for items that could not be stored and for its own end."""
        spider = super().from_crawler(crawler, *args, **kwargs)
        crawler.signals.connect(spider._item_failed, signals.item_error)
        crawler.signals.connect(spider._callback_failed, signals.spider_error)
        crawler.signals.connect(spider._remember, signals.spider_closed)
        return spider

    async def start(self) -> AsyncIterator[Any]:
        """The first requests: every listing that the arguments ask for, then the stored articles that are due."""
        for index in self._chosen():
            for url in index_urls(index, self.source, self.arguments, self.now):
                yield self._poll(index, url)
        narrowed = self.arguments.limit is not None or self.arguments.since or self.arguments.until
        revisits = {} if narrowed else {article_key(self.source, url): url for url in self.revisit}
        aside = {key: was for key, was in self.known.known(list(revisits)).items() if was.until} if revisits else {}
        entries = [(key, Entry(url)) for key, url in revisits.items()]
        for request in self._articles(entries, "revisit", "", None, dict.fromkeys(revisits) | aside):
            yield request

    def _chosen(self) -> list[Index]:
        indexes = list(self.source.indexes())
        if self.arguments.until and self.arguments.until < self.now - timedelta(days=1) and self.source.archive:
            indexes = []  # listings show the last hours; only the archive reaches back
        if self.arguments.since and self.source.archive:
            indexes.append(self.source.archive)
        if not self.arguments.sections:
            return indexes
        names = {index.name for index in indexes}
        for name in sorted(self.arguments.sections - names):
            self.logger.warning("%s has no listing %s; it has %s", self.source.id, name, ", ".join(sorted(names)))
        return [index for index in indexes if index.name in self.arguments.sections]

    def _poll(self, index: Index, url: str) -> Request:
        poll = Poll.begin(index, url, self.feed_states.get(url), self.now, full=self.arguments.full)
        self.polls.append(poll)
        return self._listing_request(poll, url, index.first_page, 0, poll.headers())

    def _listing_request(
        self, poll: Poll, url: str, page: int, depth: int, headers: dict[str, str] | None = None
    ) -> Request:
        return Request(
            url.format(page=page) if poll.index.kind in ("section", "archive") else url,
            callback=self.parse_listing,
            errback=self.listing_failed,
            cb_kwargs={"poll": poll, "page": page, "depth": depth},
            meta={"sageon_kind": "listing"},
            headers=headers,
            priority=LISTING_PRIORITY + depth,
            dont_filter=True,
        )

    # listings

    def parse_listing(self, response: Response, poll: Poll, page: int, depth: int) -> Iterator[Any]:
        """A listing that was answered: its further pages and sitemaps, and requests for its articles."""
        first = depth == 0 and page == poll.index.first_page
        outcome = answer_outcome(response, listing=True)
        if outcome == "http_304":
            outcome = "http_304" if poll.conditional else "false_304"
        if outcome is not None:
            self._listing_ended(poll, outcome, first=first)
            return
        changed = self._received(poll, response) if first else True
        try:
            listing = self._read(response, poll)
        except ListingError as error:
            self.logger.info("%s: %s: %s", self.source.id, response.url, error)
            self._listing_ended(poll, error.outcome, first=first)
            return
        self._stat("repaired", listing.repaired)
        self._stat("future_date", listing.future)
        if not listing.entries and not listing.children:
            self._listing_ended(poll, "feed_empty", first=first)
            return
        entries = self._own_entries(listing, poll)
        known = self.known.known([key for key, _ in entries])
        before = poll.new
        poll.counted(entries, known)
        self._listing_ended(poll, "feed_ok" if changed else "feed_same", first=first)
        yield from self._articles(entries, poll.index.kind, poll.url, poll, known)
        yield from self._further(response, listing, poll, page, depth, poll.new > before)

    def listing_failed(self, failure: Failure) -> None:
        """A listing that was not answered."""
        arguments, outcome = _failed(failure)
        poll: Poll = arguments["poll"]
        first = arguments["depth"] == 0 and arguments["page"] == poll.index.first_page
        poll.complete = False
        self._listing_ended(poll, outcome, first=first)

    def _received(self, poll: Poll, response: Response) -> bool:
        headers = header_map(response)
        return poll.received(response.body, headers.get("etag"), headers.get("last-modified"))

    def _read(self, response: Response, poll: Poll) -> ParsedListing:
        html = poll.index.kind == "section" or (poll.index.kind == "archive" and poll.index.reads == "section")
        content_type = header_map(response).get("content-type", "")
        if html:
            text = page_text(response, self.source.language) or decode(response.body, content_type)
            return read_section(text, url=response.url, is_article=self._is_article, links=poll.index.links)
        zone = self.source.zone()
        return read_xml(response.body, url=response.url, zone=zone, now=self.now, content_type=content_type)

    def _listing_ended(self, poll: Poll, outcome: str, *, first: bool) -> None:
        self._count(outcome)
        if first:
            poll.outcome = outcome
        elif outcome not in ("feed_ok", "feed_empty", "gone"):
            poll.complete = False

    def _is_article(self, url: str) -> bool:
        return on_host(self.source, url) and native_id(self.source, url) is not None

    def _own_entries(self, listing: ParsedListing, poll: Poll) -> list[tuple[str, Entry]]:
        """The articles of this source among the entries, each once, with the reason counted for every other link."""
        own: dict[str, Entry] = {}
        since = sitemap_since(poll.index, self.arguments, self.now)
        for entry in listing.entries:
            if not on_host(self.source, entry.url):
                self._count("offsite")
            elif native_id(self.source, entry.url) is None:
                self._count("not_article")
            elif outside := in_window(entry, poll.index, since, self.arguments.until, self.source.zone()):
                self._count(outside)
            elif (key := article_key(self.source, entry.url)) in own:
                self._count("duplicate")
            else:
                own[key] = entry
        return list(own.items())

    def _further(
        self, response: Response, listing: ParsedListing, poll: Poll, page: int, depth: int, brought_new: bool
    ) -> Iterator[Request]:
        if listing.children:
            poll.complete = False  # an index may stay as it is while its children change: no 304 for it
        if listing.children and depth < DEPTH:
            since = sitemap_since(poll.index, self.arguments, self.now)
            for child in chosen_children(listing.children, since):
                if url := absolute(response.url, child.url):
                    yield self._listing_request(poll, url, page, depth + 1)
        if "{page}" in poll.url and page + 1 - poll.index.first_page < poll.index.pages and brought_new:
            yield self._listing_request(poll, poll.url, page + 1, depth)

    # articles

    def _articles(
        self,
        entries: list[tuple[str, Entry]],
        kind: str,
        found_at: str,
        poll: Poll | None,
        known: Any,
    ) -> Iterator[Request]:
        for key, entry in entries:
            if (link := self._links.get(key)) is not None:
                self._count("duplicate")
                if poll and poll not in link.polls:
                    link.polls.append(poll)
                continue
            remembered: Remembered | None = known.get(key)
            if remembered and remembered.until and self.now < remembered.until:
                self._count("set_aside")
                continue
            if remembered and not remembered.until and not self._due(entry, remembered):
                self._count("known")
                continue
            if self.arguments.limit is not None and self._asked >= self.arguments.limit:
                self._count("over_limit")
                if poll:
                    poll.complete = False
                continue
            listing = Listing(kind, found_at, entry.title, entry.published, entry.modified)
            link = Link(key, entry.url, listing, [poll] if poll else [], again=key in known)
            self._links[key] = link
            self._asked += 1
            yield Request(
                canonical_url(self.source, entry.url) if self.source.canonical else entry.url,
                callback=self.parse_article,
                errback=self.article_failed,
                cb_kwargs={"link": link},
                meta={"sageon_kind": "article"},
                dont_filter=True,
            )

    def _due(self, entry: Entry, remembered: Remembered) -> bool:
        if not self.arguments.refetch:
            return False
        if entry.modified and entry.modified > remembered.last_fetched:
            return True  # the listing itself says that it changed
        due = next_refetch(remembered.published or entry.published, remembered.last_fetched, self.now)
        return due is not None and due <= self.now

    def parse_article(self, response: Response, link: Link) -> Iterator[Page]:
        """An article that was answered: its page, unless the answer was a refusal, a dead link or no page at all."""
        outcome = answer_outcome(response, listing=False)
        if outcome is None and not on_host(self.source, response.url):
            outcome = "offsite"
        if outcome is None and "redirect_urls" in response.meta and response.url.rstrip("/").count("/") < 3:
            outcome = "gone"  # sent on to the front page: how many outlets answer for a deleted article
        if outcome is not None:
            self._article_ended(link, outcome)
            return
        self._article_ended(link, "article_again" if link.again else "article_new")
        yield Page(
            source=self.source.id,
            url=response.url,
            requested_url=link.url,
            status=response.status,
            body=response.body,
            fetched_at=datetime.now(UTC),
            text=other_text(response, self.source.language),
            native_id=native_id(self.source, response.url) or native_id(self.source, link.url),
            headers=header_map(response),
            listing=link.listing,
        )

    def article_failed(self, failure: Failure) -> None:
        """An article that was not answered."""
        arguments, outcome = _failed(failure)
        self._article_ended(arguments["link"], outcome)

    def _article_ended(self, link: Link, outcome: str) -> None:
        self._count(outcome)
        if outcome in SET_ASIDE:
            self.known.missed(link.key, outcome)
        if outcome not in SETTLED:
            for poll in link.polls:
                poll.complete = False

    # counting and remembering

    def _count(self, outcome: str) -> None:
        assert self.crawler.stats is not None
        self.crawler.stats.inc_value(stat_name(self.source.id, outcome))

    def _stat(self, name: str, count: int) -> None:
        if count:
            assert self.crawler.stats is not None
            self.crawler.stats.inc_value(f"sageon/{self.source.id}/{name}", int(count))

    def _item_failed(self, item: Any, **_: Any) -> None:
        """A page that the pipelines could not take: the next poll must offer it again."""
        if isinstance(item, Page) and item.listing:
            for link in self._links.values():
                if link.listing is item.listing:
                    for poll in link.polls:
                        poll.complete = False

    def _callback_failed(self, response: Response, **_: Any) -> None:
        """A mistake of ours while reading an answer: counted, and what hung on it is offered again."""
        self._count("error")
        arguments = response.request.cb_kwargs if response.request else {}
        link, poll = arguments.get("link"), arguments.get("poll")
        for waiting in (*(link.polls if link else ()), *((poll,) if poll else ())):
            waiting.complete = False

    def _remember(self, reason: str) -> None:
        """Keep the state of every listing, once the pipelines have stored what came of it."""
        for poll in self.polls:
            poll.complete = poll.complete and reason == "finished"
            poll.close()
            self._stat("gap", poll.gap)
            self._stat("distrusted", poll.distrusted and not poll.state.distrusted)
            self._stat("items_new", poll.new)
            self._stat("items_seen", poll.seen)
            if poll.outcome is not None:
                self.feed_states.put(poll.next_state())


def _failed(failure: Failure) -> tuple[dict[str, Any], str]:
    """What the failed request carried for its callback, and the outcome it ended in."""
    request: Request = failure.request  # type: ignore[attr-defined]  # Scrapy hangs it on the failure
    assert failure.value is not None
    return request.cb_kwargs, outcome_of(failure.value)
