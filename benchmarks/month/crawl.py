"""A crawl of one outlet of the month, in the watcher's own process.

Scrapy starts a process for each visit, which for thousands of visits measures process starts. Here the listing's poll,
the memory, the revisits, the store and the ledger are the product's; only the fetching is a plain HTTP client, and the
pages need no cleaning.
"""

from __future__ import annotations

import http.client
import json
from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from crawler.jobs.order import CrawlReport
from crawler.jobs.read_stored import ReadOrder, read_claims
from crawler.pipelines.memory import FeedStatesOfRun, KnownInDatabase
from crawler.pipelines.revisits import addresses_due
from extract.fingerprint import simhash, text_hash
from spiders.addresses import article_key, native_id
from spiders.listings.entry import Entry
from spiders.listings.xml import read_xml
from spiders.poll import Poll
from spiders.schedule import next_refetch
from spiders.source import Source
from storage.articles import IncomingArticle, store_article
from storage.database import Database
from storage.ledger import unread
from storage.runs import finish_run, record_outcomes, start_run

_STATUS = {403: "blocked", 404: "gone", 500: "http_error"}


class LightCrawl:
    """`crawl` of a `Watch`."""

    def __init__(self, database: Database, now: Callable[[], datetime]) -> None:
        self._database = database
        self._now = now

    def __call__(self, source: Source) -> CrawlReport:
        """Poll the feed, fetch what is new or due again, store it, record the run."""
        now, counts = self._now(), Counter[str]()
        with self._database.write() as session:
            run = start_run(session, "crawl", now)
        index = source.indexes()[0]
        states = FeedStatesOfRun(self._database, source.id)
        known = KnownInDatabase(self._database, source, now)
        poll = Poll.begin(index, index.url, states.get(index.url), now)
        status, body, etag = fetch(index.url, poll.headers())
        entries: list[tuple[str, Entry]] = []
        if status == 304:
            poll.outcome = "http_304"
        elif status == 200:
            poll.received(body, etag, None)
            poll.outcome = "feed_ok"
            listing = read_xml(body, url=index.url, zone=source.zone(), now=now)
            entries = [(article_key(source, entry.url), entry) for entry in listing.entries]
        else:
            poll.outcome = _STATUS.get(status, "http_error")
        counts[poll.outcome] += 1
        remembered = known.known([key for key, _ in entries])
        poll.counted(entries, remembered)
        poll.close()
        counts["gap"] += poll.gap
        if status in (200, 304):
            due = [(article_key(source, url), Entry(url)) for url in addresses_due(self._database, source, now)]
            listed = {key for key, _ in due}
            for key, entry in entries:
                was = remembered.get(key)
                again = was and next_refetch(was.published or entry.published, was.last_fetched, now)
                if was is None or (again and again <= now and key not in listed):
                    due.append((key, entry))
                else:
                    counts["known"] += 1
            for _, entry in due:
                counts[self._article(source, entry, now)] += 1
        states.put(poll.next_state())
        states.save()
        with self._database.write() as session:
            recorded = {name: n for name, n in counts.items() if n}
            record_outcomes(session, run, source.id, recorded, now=now)
            finish_run(session, run, now, ok=status in (200, 304))
        return CrawlReport(source.id, recorded)

    def _article(self, source: Source, entry: Entry, now: datetime) -> str:
        status, body, _ = fetch(entry.url, {})
        if status != 200:
            return _STATUS.get(status, "http_error")
        title, text = json.loads(body)
        incoming = IncomingArticle(
            source=source.id, url=entry.url, title=title, text=text, fetched_at=now, text_hash=text_hash(text),
            simhash=simhash(text), native_id=native_id(source, entry.url), language="en", published=entry.published,
            country="US",
        )  # fmt: skip
        with self._database.write() as session:
            return store_article(session, incoming).outcome


def fetch(url: str, headers: dict[str, str]) -> tuple[int, bytes, str | None]:
    """Status, body and ETag."""
    parts = urlsplit(url)
    connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=30)
    try:
        connection.request("GET", parts.path, headers=headers)
        answer = connection.getresponse()
        return answer.status, answer.read(), answer.getheader("ETag")
    finally:
        connection.close()


class InlineReaders:
    """`readers` of a `Watch`: reads in the watcher's process, by the job that reader processes run."""

    def __init__(self, database: Database, reader: object, now: Callable[[], datetime]) -> None:
        self._database = database
        self._reader = reader
        self._now = now
        self._order = ReadOrder(str(database.url), 16, 60)
        self.busy = False
        self.read = 0

    def expect(self, articles: int) -> None:
        """Nothing is started."""

    def work(self, now: datetime) -> None:
        """Read all that can be claimed."""
        with self._database.read() as session:
            if not unread(session):
                return
        while (report := read_claims(self._database, self._reader, self._order, now=self._now)).claimed:  # type: ignore[arg-type]
            self.read += report.claimed

    def waiting(self) -> datetime | None:
        """When a killed reader's claim runs out, where one is left."""
        with self._database.read() as session:
            return self._now() + timedelta(seconds=61) if unread(session) else None

    def drain(self) -> None:
        """As `work`."""
        self.work(self._now())

    def close(self) -> None:
        """Nothing is held."""
