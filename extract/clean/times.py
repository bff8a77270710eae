"""Publication times: read from whatever the page states, always aware, never in the future, with the basis told."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from contextlib import suppress
from copy import copy
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, tzinfo
from zoneinfo import ZoneInfo

from htmldate import find_date
from lxml.html import HtmlElement

from .rules import CleanRules
from .select import select
from .stamps import LARGEST_OFFSET, Stamp, parse_short, parse_time
from .structured import Declared, plain

#: Clocks of outlets and of this machine differ; a time this little ahead of the fetch is still the past.
SLACK = timedelta(minutes=15)
#: Zone of a zoneless time by language, where the source declares none. Korean outlets write KST without saying so.
ZONE_OF_LANGUAGE = {"ko": "Asia/Seoul", "ja": "Asia/Tokyo"}

_PUBLISHED_META = (
    "article:published_time",
    "og:article:published_time",
    "og:published_time",
    "datepublished",
    "article:published",
    "article.published",
    "dable:published_time",
    "parsely-pub-date",
    "sailthru.date",
    "pubdate",
    "publishdate",
    "publish-date",
    "publish_date",
    "dc.date.issued",
    "dcterms.created",
    "dc.date",
    "dcterms.date",
    "date",
    "rnews:datepublished",
    "cxenseparse:recs:publishtime",
    "iso-8601-publish-date",
    "article_date_original",
    "datecreated",
    "originalpublicationdate",
)
_MODIFIED_META = (
    "article:modified_time",
    "og:article:modified_time",
    "og:updated_time",
    "datemodified",
    "article:modified",
    "lastmod",
    "dcterms.modified",
    "dc.date.modified",
    "dable:modified_time",
    "last-modified",
    "revised",
)


def zone_of(rules: CleanRules, language: str | None) -> tzinfo:
    """The zone for times without one: the source's, else its language's, else UTC."""
    name = rules.timezone or ZONE_OF_LANGUAGE.get(rules.language or language or "")
    return ZoneInfo(name) if name else UTC


def find_published(
    tree: HtmlElement,
    declared: Declared,
    rules: CleanRules,
    zone: tzinfo,
    *,
    url: str,
    now: datetime,
    listing: datetime | None = None,
    language: str | None = None,
) -> Stamp | None:
    """When the story was published and by which basis: "selector" (the source's own rule), "json-ld", "meta", "time"
    (a `<time>` in the story's head), "listing", "visible" (a labelled time in the page's words), "script" (a key of the
    page's data), "htmldate"; None where nothing states it.

    Among the page's own statements a time with clock wins over the bare day it falls on, and over a time without zone
    the same time with one. `language` is the story's, where it is known. A time more than `SLACK` after `now` (aware) is refused wherever it stands.
    """
    stamps = [s for s in _stated(tree, declared, rules, zone, url) if s.when <= now + SLACK]
    if chosen := _clocked(stamps, zone):
        return chosen
    if listing is not None and listing.tzinfo is None:
        listing = listing.replace(tzinfo=zone)
    if listing is not None and listing <= now + SLACK:
        return Stamp(listing, False, True, "listing")
    for stamp in (*_visible_marks(tree, zone), *_in_scripts(tree, zone)):
        if stamp.when <= now + SLACK and (not stamps or _same_day(stamp, stamps[0])):
            return stamp
    if stamps:
        return stamps[0]
    return _by_htmldate(tree, zone, url, now, korean="ko" in (language, rules.language))


def _clocked(stamps: list[Stamp], zone: tzinfo) -> Stamp | None:
    """Of what a page states, best basis first, the time with clock to believe; None where there is none, or none on the
    day that a better basis names: other stories' times stand on a page too."""
    clocked = [stamp for stamp in stamps if not stamp.date_only]
    if chosen := next((stamp for stamp in clocked if stamp.basis == "selector"), None):
        return chosen
    if stamps and stamps[0].date_only:
        clocked = [stamp for stamp in clocked if _may_be_on(stamp, stamps[0], zone)]
    if not clocked or clocked[0].zoned:
        return clocked[0] if clocked else None
    same = (stamp for stamp in clocked if stamp.zoned and _same_but_for_zone(clocked[0], stamp, zone))
    return next(same, clocked[0])


def _may_be_on(stamp: Stamp, day: Stamp, zone: tzinfo) -> bool:
    """Whether the time falls on the day in the outlet's zone or its own; in any zone where the outlet's is not known."""
    if zone is UTC:
        return -LARGEST_OFFSET <= stamp.when - day.when < timedelta(days=1) + LARGEST_OFFSET
    return day.when.date() in (stamp.when.date(), stamp.when.astimezone(zone).date())


def _same_but_for_zone(bare: Stamp, zoned: Stamp, zone: tzinfo) -> bool:
    """Whether a time without zone shows the clock of a zoned time: in the outlet's zone, in UTC or in the zone that the
    other names; in any zone where the outlet's is not known."""
    minute = timedelta(minutes=1)
    if zone is UTC:
        apart = abs(zoned.when - bare.when)
        return apart < LARGEST_OFFSET + minute and (apart + minute / 2) % timedelta(minutes=15) < minute
    shown = bare.when.replace(tzinfo=None)
    clocks = (zoned.when.astimezone(place).replace(tzinfo=None) for place in (zone, UTC, zoned.when.tzinfo))
    return any(abs(clock - shown) < minute for clock in clocks)


def find_modified(
    tree: HtmlElement, declared: Declared, rules: CleanRules, zone: tzinfo, *, now: datetime, published: Stamp | None
) -> Stamp | None:
    """When the story was last changed, as the page states it; None where it states none, a future time, or a time
    before its publication."""
    found: list[Stamp] = []
    for basis, text in (
        *(("selector", text) for text in _texts(select(tree, rules.modified_selectors))),
        ("json-ld", plain(declared.article.get("dateModified"))),
        *(("meta", text) for name in _MODIFIED_META for text in declared.meta.get(name, ())),
    ):
        stamp = parse_time(text, zone) if text else None
        if (
            stamp
            and stamp.when <= now + SLACK
            and not (published and stamp.when < published.when and not stamp.date_only)
        ):
            found.append(Stamp(stamp.when, stamp.date_only, stamp.zoned, basis))
    return next((s for s in found if s.zoned and not s.date_only), found[0] if found else None)


def _stated(tree: HtmlElement, declared: Declared, rules: CleanRules, zone: tzinfo, url: str) -> Iterator[Stamp]:
    own = [plain(declared.article.get(key)) for key in ("datePublished", "dateCreated", "uploadDate")]
    # Where the story's node states its time, those of other nodes are of videos in it and of other stories.
    others = () if any(text and parse_time(text, zone) for text in own) else declared.nodes
    sources: list[tuple[str, Iterable[str | None]]] = [
        ("selector", _texts(select(tree, rules.date_selectors))),
        ("json-ld", own),
        ("meta", (text for name in _PUBLISHED_META for text in declared.meta.get(name, ()))),
        ("time", _time_marks(tree)),
        ("json-ld", (plain(node.get("datePublished") or node.get("uploadDate")) for node in others)),
    ]
    for basis, texts in sources:
        for text in texts:
            stamp = parse_time(text, zone) if text else None
            if stamp:
                yield Stamp(stamp.when, stamp.date_only, stamp.zoned, basis)


def _texts(elements: Iterable[HtmlElement]) -> list[str]:
    """Of each element its time attributes, then its words; "입력" is preferred to "수정" by standing first."""
    found = []
    for element in elements:
        found += [value for name, value in element.attrib.items() if "time" in name.lower() or name == "content"]
        found.append(" ".join(element.text_content().split()))
    return found


_TIME_XPATH = (
    ".//time[@itemprop='datePublished' or @pubdate] | .//*[@itemprop='datePublished'][not(self::meta)]"
    " | .//h1/following::time[position()<=1]"
)


def _time_marks(tree: HtmlElement) -> Iterator[str]:
    for element in tree.xpath(_TIME_XPATH)[:4]:
        yield element.get("datetime") or element.get("content") or element.text_content()


_LABELLED = re.compile(
    r"(?:Written|Published|Posted|Publication date|Date|"
    r"기사\s?입력|최초\s?(?:입력|등록)|입력|등록|게시|작성|승인|송고|발행)"
    r"(?:\s?일시|\s?시간|일)?"
    r"\s*(?:on|at)?\s*[:：|]?\s*(?=(?:\w{3,9}\.? )?\d)",
    re.IGNORECASE,
)
_HANGUL = re.compile("[가-힣]")
#: A label with its time is no longer than this, "입력 ... | 수정 ..." included (characters).
_MARK_LENGTH = 140
_SCRIPT_KEYS = re.compile(
    r"\"(?:datePublished|publishedAt|published_at|publishDate|publish_date|publishedDate|published_date|display_date|"
    r"first_publish_date|firstPublished|deployDt|regDate|regDt|createDate|createdDate|inputDate|pubDate)\\*\""
    r"\s*:\s*\\*\"(?P<value>[^\"\\]{8,40})"
)


def _visible_marks(tree: HtmlElement, zone: tzinfo) -> Iterator[Stamp]:
    for element in tree.iter("p", "span", "em", "li", "dd", "td", "div", "time", "strong"):
        if len(element) > 4:
            continue
        text = " ".join(element.text_content().split())
        if len(text) > _MARK_LENGTH or not (match := _LABELLED.search(text)):
            continue
        rest = text[match.end() :]
        stamp = (parse_short(rest, zone) if _HANGUL.match(match[0]) else None) or parse_time(rest, zone)
        if stamp and not stamp.date_only:
            yield replace(stamp, basis="visible")


def _in_scripts(tree: HtmlElement, zone: tzinfo) -> Iterator[Stamp]:
    for script in tree.iter("script"):
        for match in _SCRIPT_KEYS.finditer((script.text or "").replace('\\"', '"')):
            stamp = parse_time(match.group("value"), zone)
            if stamp and not stamp.date_only:
                yield Stamp(stamp.when, False, stamp.zoned, "script")


def _same_day(a: Stamp, b: Stamp) -> bool:
    return a.when.date() == b.when.date()


#: A day as Korean pages shorten it, "26.03.06": htmldate takes it for the 26th of March 2006.
_SHORT_DAY = re.compile(r"(?<![\d.])(\d\d)[./-](\d{1,2})[./-](\d{1,2})(?!\d)")


def _misread_days(text: str) -> set[date]:
    """The days that the short dates of a Korean text are not: read with the day or the month first."""
    right: set[date] = set()
    wrong: set[date] = set()
    for first, second, third in (map(int, found) for found in _SHORT_DAY.findall(text)):
        for days, parts in (
            (right, (first, second, third)),
            (wrong, (third, second, first)),
            (wrong, (third, first, second)),
        ):
            with suppress(ValueError):
                days.add(date(2000 + parts[0], *parts[1:]))
    return wrong - right


def _by_htmldate(tree: HtmlElement, zone: tzinfo, url: str, now: datetime, *, korean: bool) -> Stamp | None:
    latest = (now + SLACK).astimezone(zone)
    try:
        text = find_date(
            copy(tree),
            original_date=True,
            outputformat="%Y-%m-%dT%H:%M:%S%z",
            url=url,
            max_date=latest.replace(tzinfo=None),
        )
    except (ValueError, TypeError, AttributeError, OverflowError, RecursionError):
        return None
    stamp = parse_time(text, zone) if text else None
    if stamp is None or stamp.when > latest:
        return None
    if korean and stamp.when.date() in _misread_days(tree.text_content()):
        return None
    midnight = not stamp.zoned and stamp.when.time().replace(tzinfo=None).isoformat() == "00:00:00"
    return Stamp(stamp.when, stamp.date_only or midnight, stamp.zoned, "htmldate")
