"""Publication times: read from whatever the page states, always aware, never in the future, with the basis told."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from copy import copy
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from email.utils import parsedate_to_datetime
from zoneinfo import ZoneInfo

from htmldate import find_date
from lxml.html import HtmlElement

from .rules import CleanRules
from .select import select
from .structured import Declared, plain

#: Clocks of outlets and of this machine differ; a time this little ahead of the fetch is still the past.
SLACK = timedelta(minutes=15)
#: No outlet's page is older (the first web papers); an earlier year is a default value of some system.
FIRST_YEAR = 1993
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
_DAY = r"(?P<y>(?:19|20)\d\d)\s?[-./년]\s?(?P<m>\d{1,2})\s?[-./월]\s?(?P<d>\d{1,2})\s?[일.]?"
_CLOCK = (
    r"(?P<ap>오전|오후|AM|PM|a\.m\.|p\.m\.)?\s*(?P<H>\d{1,2})\s?[:시]\s?(?P<M>\d{2})\s?분?"
    r"(?::?(?P<S>\d{2})(?:[.,]\d+)?\s?초?)?"
)
_AFTER = r"\s*(?P<ap2>AM|PM|a\.m\.|p\.m\.)?\s*(?P<z>Z\b|UTC|GMT|KST|JST|EST|EDT|PST|PDT|[+-]\d{2}:?\d{2}|[+-]\d{2}\b)?"
_NUMERIC = re.compile(
    _DAY + r"(?:\s*\(?[월화수목금토일](?:요일)?\)?)?(?:[T\s,·|]*" + _CLOCK + _AFTER + r")?", re.IGNORECASE
)
_PACKED = re.compile(
    r"^(?P<y>(?:19|20)\d\d)(?P<m>\d\d)(?P<d>\d\d)(?:T?(?P<H>\d\d)(?P<M>\d\d)(?P<S>\d\d)?(?P<z>Z|[+-]\d{4})?)?$"
)
_MONTHS = {
    m: i
    for i, m in enumerate(["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"], start=1)
}
_MONTH = r"(?P<mon>Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]*\.?"
_ENGLISH = (
    re.compile(
        _MONTH
        + r"\s+(?P<d>\d{1,2})(?:st|nd|rd|th)?,?\s+(?P<y>(?:19|20)\d\d)(?:[\s,|·-]*(?:at\s+)?"
        + _CLOCK
        + _AFTER
        + r")?",
        re.I,
    ),
    re.compile(
        r"(?P<d>\d{1,2})(?:st|nd|rd|th)?\s+"
        + _MONTH
        + r",?\s+(?P<y>(?:19|20)\d\d)(?:[\s,|·-]*(?:at\s+)?"
        + _CLOCK
        + _AFTER
        + r")?",
        re.I,
    ),
)
_ZONES = {"Z": 0, "UTC": 0, "GMT": 0, "KST": 9, "JST": 9, "EST": -5, "EDT": -4, "PST": -8, "PDT": -7}
_EPOCH = re.compile(r"^\d{10}(?:\d{3})?$")


@dataclass(frozen=True, slots=True)
class Stamp:
    """An aware time. `date_only`: the text gave a day, `when` is its midnight in the source's zone.
    `zoned`: the text itself named the zone."""

    when: datetime
    date_only: bool
    zoned: bool
    basis: str = ""


def zone_of(rules: CleanRules, language: str | None) -> tzinfo:
    """The zone for times without one: the source's, else its language's, else UTC."""
    name = rules.timezone or ZONE_OF_LANGUAGE.get(rules.language or language or "")
    return ZoneInfo(name) if name else UTC


def parse_time(text: str, zone: tzinfo) -> Stamp | None:
    """The first time in `text` (ISO 8601, "2025.10.12. 오후 2:02", "Oct. 12, 2025 14:02 KST", packed digits, RFC 2822,
    epoch seconds or milliseconds) as an aware stamp, or None. `zone` is used where the text names none."""
    text = text.strip()[:200]
    if _EPOCH.match(text):
        seconds = int(text) / (1000 if len(text) == 13 else 1)
        return _sane(Stamp(datetime.fromtimestamp(seconds, tz=UTC), False, True))
    for pattern in (_PACKED, _NUMERIC, *_ENGLISH):
        if match := pattern.search(text):
            stamp = _build(match, zone)
            if stamp is not None:
                return _sane(stamp)
    try:
        when = parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    return _sane(Stamp(when if when.tzinfo else when.replace(tzinfo=zone), False, when.tzinfo is not None))


def _sane(stamp: Stamp) -> Stamp | None:
    return stamp if stamp.when.year >= FIRST_YEAR else None


def _build(match: re.Match[str], zone: tzinfo) -> Stamp | None:
    group = match.groupdict()
    month = _MONTHS[group["mon"].lower()] if group.get("mon") else int(group["m"])
    mark = (group.get("z") or "").upper()
    where = _offset(mark) if mark else zone
    hour = int(group["H"]) if group.get("H") else 0
    half = (group.get("ap") or group.get("ap2") or "").lower().replace(".", "")
    if half in ("오후", "pm") and hour < 12:
        hour += 12
    elif half in ("오전", "am") and hour == 12:
        hour = 0
    try:
        when = datetime(
            int(group["y"]),
            month,
            int(group["d"]),
            hour % 24,
            int(group.get("M") or 0),
            int(group.get("S") or 0),
            tzinfo=where,
        )
        when = when + timedelta(days=1) if hour == 24 else when
        when.astimezone(UTC)
    except (ValueError, OverflowError):
        return None
    return Stamp(when, group.get("H") is None, bool(mark))


def _offset(mark: str) -> tzinfo:
    if mark in _ZONES:
        return timezone(timedelta(hours=_ZONES[mark]))
    digits = mark[1:].replace(":", "")
    delta = timedelta(hours=int(digits[:2]), minutes=int(digits[2:] or 0))
    if delta >= timedelta(hours=24):
        return UTC
    return timezone(-delta if mark[0] == "-" else delta)


def find_published(
    tree: HtmlElement,
    declared: Declared,
    rules: CleanRules,
    zone: tzinfo,
    *,
    url: str,
    now: datetime,
    listing: datetime | None = None,
) -> Stamp | None:
    """When the story was published and by which basis: "selector" (the source's own rule), "json-ld", "meta", "time"
    (a `<time>` in the story's head), "listing", "visible" (a labelled time in the page's words), "script" (a key of the
    page's data), "htmldate"; None where nothing states it.

    Among the page's own statements a time with zone wins over a time without, and both over a bare day.
    A time more than `SLACK` after `now` (aware) is refused wherever it stands.
    """
    stamps = [s for s in _stated(tree, declared, rules, zone, url) if s.when <= now + SLACK]
    for wanted in (
        lambda s: s.basis == "selector" and not s.date_only,
        lambda s: s.zoned and not s.date_only,
        lambda s: not s.date_only,
    ):
        if chosen := next(filter(wanted, stamps), None):
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
    return _by_htmldate(tree, zone, url, now)


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
    sources: list[tuple[str, Iterable[str | None]]] = [
        ("selector", _texts(select(tree, rules.date_selectors))),
        ("json-ld", (plain(declared.article.get(key)) for key in ("datePublished", "dateCreated", "uploadDate"))),
        ("meta", (text for name in _PUBLISHED_META for text in declared.meta.get(name, ()))),
        ("time", _time_marks(tree)),
        ("json-ld", (plain(node.get("datePublished") or node.get("uploadDate")) for node in declared.nodes)),
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
        stamp = parse_time(text[match.end() :], zone)
        if stamp and not stamp.date_only:
            yield Stamp(stamp.when, False, stamp.zoned, "visible")


def _in_scripts(tree: HtmlElement, zone: tzinfo) -> Iterator[Stamp]:
    for script in tree.iter("script"):
        for match in _SCRIPT_KEYS.finditer((script.text or "").replace('\\"', '"')):
            stamp = parse_time(match.group("value"), zone)
            if stamp and not stamp.date_only:
                yield Stamp(stamp.when, False, stamp.zoned, "script")


def _same_day(a: Stamp, b: Stamp) -> bool:
    return a.when.date() == b.when.date()


def _by_htmldate(tree: HtmlElement, zone: tzinfo, url: str, now: datetime) -> Stamp | None:
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
    midnight = not stamp.zoned and stamp.when.time().replace(tzinfo=None).isoformat() == "00:00:00"
    return Stamp(stamp.when, stamp.date_only or midnight, stamp.zoned, "htmldate")
