"""A site's feeds and sitemaps, found from its front page and robots.txt, and the declaration they make.

The fetching is the caller's: everything here works on what it hands back.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from urllib.parse import urljoin, urlsplit

import lxml.html
from lxml import etree

from spiders.addresses import absolute
from spiders.article_pattern import ArticlePattern, guess_pattern
from spiders.declaration import Declaration
from spiders.listings.decoding import decode
from spiders.listings.entry import ListingError, ParsedListing
from spiders.listings.xml import read_xml
from spiders.source import read_source

#: Where feeds and sitemaps lie on sites that do not name them; the third feed is the Korean content system of about
#: forty regional papers (research/news_crawlers.md, section 3).
USUAL_FEEDS = ("/rss", "/feed", "/rss/allArticle.xml", "/rss.xml", "/feed.xml", "/atom.xml")
USUAL_SITEMAPS = ("/news-sitemap.xml", "/sitemap.xml", "/sitemap_index.xml")
#: Listings fetched of each kind: enough for a site, too few to be a burden.
MOST = 8
#: A news sitemap is one by its namespace; a plain one of a day's articles by its name.
_FRESH_NAME = re.compile(r"news|latest|today|google", re.IGNORECASE)
#: Country and time zone by the last part of a host's name; a guess that the declaration's reader confirms.
PLACES = {
    "kr": ("KR", "Asia/Seoul"),
    "kh": ("KH", "Asia/Phnom_Penh"),
    "th": ("TH", "Asia/Bangkok"),
    "vn": ("VN", "Asia/Ho_Chi_Minh"),
    "la": ("LA", "Asia/Vientiane"),
    "mm": ("MM", "Asia/Yangon"),
    "ph": ("PH", "Asia/Manila"),
    "my": ("MY", "Asia/Kuala_Lumpur"),
    "sg": ("SG", "Asia/Singapore"),
    "id": ("ID", "Asia/Jakarta"),
    "jp": ("JP", "Asia/Tokyo"),
    "cn": ("CN", "Asia/Shanghai"),
    "tw": ("TW", "Asia/Taipei"),
    "hk": ("HK", "Asia/Hong_Kong"),
    "in": ("IN", "Asia/Kolkata"),
    "np": ("NP", "Asia/Kathmandu"),
    "uk": ("GB", "Europe/London"),
    "au": ("AU", "Australia/Sydney"),
}


class DiscoveryError(Exception):
    """A site at which nothing was found that a declaration could rest on; the message says what was tried."""


@dataclass(frozen=True, slots=True)
class Fetched:
    """One answer: the address it came from, its status, type and body."""

    url: str
    status: int
    content_type: str
    body: bytes


#: Fetches an address; None where there was no answer. Robots and limits are the fetcher's business.
Fetch = Callable[[str], Fetched | None]


@dataclass(frozen=True, slots=True)
class Found:
    """What was found at a site. The listings are addresses by name; `unsure` says what a person must look at."""

    url: str
    name: str
    language: str
    country: str
    timezone: str
    hosts: tuple[str, ...]
    feeds: dict[str, str]
    news_sitemaps: dict[str, str]
    sitemaps: dict[str, str]
    sections: dict[str, str]
    pattern: ArticlePattern
    examples: tuple[str, ...]
    robots: str
    found: date
    unsure: tuple[str, ...] = field(default=())


def discover(url: str, fetch: Fetch, *, today: date) -> Found:
    """What the site at this address offers. Raises `DiscoveryError` where it does not answer or has no articles."""
    home = fetch(url)
    if home is None or home.status != 200:
        raise DiscoveryError(f"{url}: {'no answer' if home is None else f'answered {home.status}'}")
    front = _Front(home)
    robots = fetch(urljoin(home.url, "/robots.txt"))
    rules = decode(robots.body) if robots and robots.status == 200 and b"<html" not in robots.body[:500].lower() else ""
    now = datetime.combine(today, datetime.max.time(), UTC)
    feeds = _readable(front.feeds or [urljoin(home.url, path) for path in USUAL_FEEDS], fetch, now)
    named = re.findall(r"(?im)^\s*sitemap\s*:\s*(\S+)", rules)
    maps = _readable(named or [urljoin(home.url, path) for path in USUAL_SITEMAPS], fetch, now)
    news, plain = _sitemaps(maps, fetch, now)
    samples = [entry.url for listing in (*feeds.values(), *news.values()) for entry in listing.entries]
    samples = samples or front.articles()
    own = [sample for sample in samples if _site(sample) == _site(home.url)]
    pattern = guess_pattern(own[:200])
    if pattern is None:
        tried = f"{len(feeds)} feeds, {len(maps)} sitemaps and {len(front.links)} links of the front page"
        raise DiscoveryError(f"{url}: no common form among the addresses of articles in {tried}")
    country, timezone = PLACES.get(_site(home.url).rpartition(".")[2], ("ZZ", "UTC"))
    language = front.language
    if country == "ZZ" and language == "ko":
        country, timezone = PLACES["kr"]
    unsure = ["country and timezone"] if country == "ZZ" else []
    if pattern.share < 1:
        unsure.append(f"article_url covers {pattern.share:.0%} of the addresses seen")
    return Found(
        url=home.url,
        name=front.name,
        language=language,
        country=country,
        timezone=timezone,
        hosts=tuple(sorted({_host(sample) for sample in own})),
        feeds=_named(feeds),
        news_sitemaps=_named(news),
        sitemaps=_named(plain),
        sections={} if feeds or news else {"home": home.url},
        pattern=pattern,
        examples=tuple(own[:3]),
        robots=_summary(rules),
        found=today,
        unsure=tuple(unsure),
    )


def suggested_id(found: Found) -> str:
    """A source id made of the host's name and, for an edition, its first part ("en_outlet")."""
    labels = [part for part in (urlsplit(found.url).hostname or "source").split(".") if part not in ("www", "m")]
    name = "_".join(labels[:-1] if len(labels) < 3 else labels[: -2 if len(labels[-2]) <= 3 else -1])
    cleaned = re.sub(r"[^a-z0-9]+", "_", name.lower()).strip("_")
    return cleaned if re.match(r"[a-z]", cleaned) else f"site_{cleaned}"


def declaration_text(found: Found, source_id: str) -> str:
    """The declaration in TOML, checked by the loader. What a person must look at stands in it as comments."""
    lines = [f"# Written by `sageon sources add {found.url}`. Read it through before it runs on a schedule."]
    lines += [f"# Look at: {what}" for what in found.unsure]
    lines += [
        f"name = {_quoted(found.name)}",
        f"language = {_quoted(found.language)}",
        f"country = {_quoted(found.country)}",
        f"timezone = {_quoted(found.timezone)}",
        f"hosts = {_quoted_list(found.hosts)}",
        "",
        f"# Taken for the article's id: {found.pattern.form}. Seen, for instance:",
        *(f"#   {example}" for example in found.examples),
        f"article_url = '{found.pattern.expression}'",
        "",
        f"rests_on = {_quoted(f'the site itself: front page, robots.txt and listings read on {found.found}')}",
        "seen_live = true",
        f"checked = {found.found}",
    ]
    for table in ("feeds", "news_sitemaps", "sitemaps", "sections"):
        listings: dict[str, str] = getattr(found, table)
        if listings:
            lines += ["", f"[{table}]", *(f"{name} = {_quoted(url)}" for name, url in listings.items())]
    if found.pattern.keep_query:
        lines += ["", "[clean]", f"keep_query = {_quoted_list(found.pattern.keep_query)}"]
    lines += ["", "[policy]", f"robots = {_quoted(found.robots)}", "rate = 2.0"]
    lines += ['terms = "not read: read the terms of the outlet before you keep bodies"', "keep_body = false", ""]
    text = "\n".join(lines)
    read_source(Declaration(Path(f"{source_id}.toml"), text))
    return text


class _Front:
    """What a front page says of its site."""

    def __init__(self, page: Fetched) -> None:
        text = decode(page.body, page.content_type)
        try:
            self.root = lxml.html.document_fromstring(
                text.encode("utf-8"), parser=lxml.html.HTMLParser(encoding="utf-8")
            )
        except (etree.ParserError, etree.XMLSyntaxError) as error:
            raise DiscoveryError(f"{page.url}: the front page is no HTML: {error}") from error
        self.base = absolute(page.url, next(iter(self.root.xpath("//base/@href")), "")) or page.url
        self.feeds = self._feeds()
        self.links = [(self._to(a.get("href")), " ".join(a.text_content().split())) for a in self.root.iter("a")]
        declared = next(iter(self.root.xpath("/html/@lang")), "")[:2].lower()
        hangul = len(re.findall("[가-힣]", text))
        letters = len(re.findall(r"[A-Za-z]", "".join(text for _, text in self.links)))
        self.language = "ko" if hangul > letters else declared if re.fullmatch("[a-z]{2}", declared) else "en"
        names = self.root.xpath('//meta[@property="og:site_name"]/@content') + self.root.xpath("//title/text()")
        self.name = next((" ".join(name.split()) for name in names if name.strip()), _site(page.url))[:80]

    def _to(self, href: str | None) -> str | None:
        return absolute(self.base, href) if href else None

    def _feeds(self) -> list[str]:
        found = [
            link.get("href")
            for link in self.root.xpath("//link[@href]")
            if "alternate" in link.get("rel", "").lower() and re.search(r"rss|atom|rdf", link.get("type", "").lower())
        ]
        found += [a.get("href") for a in self.root.xpath("//a[@href]") if _FEED_LINK.search(a.get("href"))]
        unique = dict.fromkeys(url for url in map(self._to, found) if url)
        return [url for url in unique if "comment" not in url][:MOST]

    def articles(self) -> list[str]:
        """Links whose text is as long as a headline."""
        return [url for url, text in self.links if url and len(text) >= 12]


_FEED_LINK = re.compile(r"/(?:rss|feeds?)(?:/[\w/-]*)?[\w-]*\.(?:xml|rss)$|/(?:rss|feed)/?$", re.IGNORECASE)


def _readable(urls: Iterable[str], fetch: Fetch, now: datetime) -> dict[str, ParsedListing]:
    """Those of the addresses that are listings, by the address they answered from."""
    found: dict[str, ParsedListing] = {}
    for url in list(dict.fromkeys(urls))[:MOST]:
        answer = fetch(url)
        if answer is None or answer.status != 200:
            continue
        try:
            listing = read_xml(answer.body, url=answer.url, zone=UTC, now=now, content_type=answer.content_type)
        except ListingError:
            continue
        if listing.entries or listing.children:
            found[answer.url] = listing
    return found


def _sitemaps(
    maps: dict[str, ParsedListing], fetch: Fetch, now: datetime
) -> tuple[dict[str, ParsedListing], dict[str, ParsedListing]]:
    """News sitemaps, told by titled entries, and plain ones; an index that names a news sitemap gives that one."""
    news = {url: listing for url, listing in maps.items() if _is_news(listing)}
    plain = {url: listing for url, listing in maps.items() if url not in news}
    for url, listing in list(plain.items()):
        fresh = [child.url for child in listing.children if _FRESH_NAME.search(urlsplit(child.url).path)]
        below = {u: one for u, one in _readable(fresh[:3], fetch, now).items() if _is_news(one)}
        if below:
            news |= below
            del plain[url]
    return news, {} if news else plain


def _is_news(listing: ParsedListing) -> bool:
    titled = [entry for entry in listing.entries if entry.title and entry.published]
    return listing.format == "sitemap" and 2 * len(titled) > len(listing.entries)


def _named(listings: dict[str, ParsedListing]) -> dict[str, str]:
    """Short names for the listings, from the last word of their addresses."""
    named: dict[str, str] = {}
    for url in listings:
        words = [word for word in re.split(r"[^A-Za-z0-9]+", urlsplit(url).path) if word]
        words = [word.lower() for word in words if word.lower() not in ("rss", "feed", "feeds", "xml", "htm", "html")]
        name = words[-1] if words else "all"
        while name in named:
            name += "_2"
        named[name] = url
    return named


def _host(url: str) -> str:
    return urlsplit(url).hostname or ""


def _site(url: str) -> str:
    return _host(url).removeprefix("www.").removeprefix("m.")


def _summary(rules: str) -> str:
    """What robots.txt says to everybody, in one line."""
    if not rules.strip():
        return "none found"
    everybody, said = False, []
    for line in rules.splitlines():
        key, _, value = line.partition("#")[0].partition(":")
        key, value = key.strip().lower(), value.strip()
        if key == "user-agent":
            everybody = value == "*"
        elif everybody and key in ("disallow", "crawl-delay") and value:
            said.append(f"{key} {value}")
    return "; ".join(said)[:300] or "allows everything"


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


def _quoted_list(texts: Iterable[str]) -> str:
    return "[" + ", ".join(map(_quoted, texts)) + "]"
