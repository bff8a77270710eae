"""Days: which addresses of a dated listing to ask for, and which entries lie in the time asked for."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, time, timedelta, tzinfo

from spiders.arguments import Arguments
from spiders.listings.entry import Child, Entry
from spiders.listings.times import OLDEST, day_in_url
from spiders.source import Index, Source

#: A plain sitemap lists everything an outlet ever published; without a date asked for, only these last days count.
SITEMAP_DAYS = 3
#: Days of a dated sitemap that an ordinary run reads: today and yesterday, for what appeared around midnight.
DATED_DAYS = 2
#: Children of one sitemap index that are read; an archive's hundreds are never walked by accident. Of undated ones
#: some from either end, since outlets number them either way.
CHILDREN = 50
UNDATED_CHILDREN = 3


def index_urls(index: Index, source: Source, arguments: Arguments, now: datetime) -> Iterator[str]:
    """The addresses of a listing: one a day, newest first, where the address holds a day, else the one.

    Days are the outlet's own. `{page}` is left in place.
    """
    if "{date" not in index.url:
        yield index.url
        return
    zone = source.zone()
    last = (arguments.until or now).astimezone(zone).date()
    if index.kind == "archive" and arguments.since:
        first = arguments.since.astimezone(zone).date()
    else:
        first = last - timedelta(days=DATED_DAYS - 1)
    day = last
    while day >= first:
        yield index.url.format(date=day, page="{page}")
        day -= timedelta(days=1)


def sitemap_since(index: Index, arguments: Arguments, now: datetime) -> datetime | None:
    """The earliest time of an entry that counts: as asked for, and the last days only for a plain sitemap."""
    if arguments.since:
        return arguments.since
    return now - timedelta(days=SITEMAP_DAYS) if index.kind == "sitemap" else None


def in_window(entry: Entry, index: Index, since: datetime | None, until: datetime | None, zone: tzinfo) -> str | None:
    """None for an entry in the time asked for, else why it is not: `too_old`, `too_new`, or `undated` for an entry of a
    plain sitemap that shows no day, in its times or its address."""
    newest, first = entry.newest(), entry.published or entry.modified
    if newest is None and (day := day_in_url(entry.url)):
        first = datetime.combine(day, time.min, zone)
        newest = datetime.combine(day, time.max, zone)
    if newest is None:
        return "undated" if index.kind == "sitemap" else None
    if since and newest < since:
        return "too_old"
    if until and first and first > until:
        return "too_new"
    return None


def chosen_children(children: Sequence[Child], since: datetime | None) -> list[Child]:
    """The sitemaps of an index to read: those changed since then, the newest first, then some without a date."""
    dated = [child for child in children if child.modified and not (since and child.modified < since)]
    dated.sort(key=lambda child: child.modified or OLDEST, reverse=True)
    undated = [child for child in children if child.modified is None]
    if len(undated) > 2 * UNDATED_CHILDREN and since:
        undated = undated[:UNDATED_CHILDREN] + undated[-UNDATED_CHILDREN:]
    return [*dated, *undated][:CHILDREN]
