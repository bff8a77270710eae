"""A source is data: one outlet in one language, read from `spiders/sources/<id>.toml`.

The file says where the outlet lists its articles, how an article's address looks, how its pages are cleaned
(the `[clean]` table, whose keys are the fields of the cleaning rules), how gently it is fetched and what may be kept.
docs/add_a_source.md explains every key.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from types import MappingProxyType
from typing import Any, Literal
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from lxml.cssselect import CSSSelector, ExpressionError, SelectorError

from spiders.declaration import Declaration, SourceError

__all__ = ["BUILT_IN", "Index", "IndexKind", "Policy", "Source", "SourceError", "load_source_file", "load_sources"]

#: The declarations that ship with the project.
BUILT_IN = Path(__file__).parent / "sources"

IndexKind = Literal["feed", "news_sitemap", "sitemap", "section", "archive"]


@dataclass(frozen=True, slots=True)
class Index:
    """One place where an outlet lists articles.

    `url` may hold `{page}` (section, archive) and `{date:%Y%m%d}` (sitemap, archive). `links` is a CSS selector of the
    elements whose links count; None takes every link of the page. `first_page` to `pages` are read, fewer where a page
    brings nothing new. `reads` says what an archive page is: a sitemap or a page of links.
    """

    name: str
    kind: IndexKind
    url: str
    pages: int = 1
    first_page: int = 1
    links: str | None = None
    reads: Literal["section", "sitemap"] = "section"


@dataclass(frozen=True, slots=True)
class Policy:
    """How the outlet is treated. `rate` is the least number of seconds between two requests to one host.

    `robots` is what was known of robots.txt when the declaration was written; the live file is what is obeyed.
    `keep_body` False: the text is read and its quotes and facts are kept, the body is not.
    """

    robots: str = "not seen"
    keep_body: bool = True
    rate: float = 1.0
    terms: str = "not seen"
    note: str = ""


@dataclass(frozen=True, slots=True)
class Source:
    """One outlet in one language, as its declaration says.

    `article_url` is searched in a URL without scheme's case or fragment; its group `id` is the outlet's own id.
    `canonical` builds the one address of an article from the groups of `article_url`; None keeps the URL, normalised.
    """

    id: str
    name: str
    language: str
    country: str
    timezone: str
    hosts: tuple[str, ...]
    article_url: re.Pattern[str]
    feeds: tuple[Index, ...] = ()
    news_sitemaps: tuple[Index, ...] = ()
    sitemaps: tuple[Index, ...] = ()
    sections: tuple[Index, ...] = ()
    archive: Index | None = None
    canonical: str | None = None
    strip_query: tuple[str, ...] = ()
    clean: Mapping[str, Any] = field(default_factory=dict)
    policy: Policy = field(default_factory=Policy)
    rests_on: str = ""
    seen_live: bool = False
    checked: date | None = None
    path: Path | None = None

    @property
    def keep_query(self) -> tuple[str, ...]:
        """Query keys that name an article; every other key is dropped from its canonical URL."""
        return tuple(self.clean.get("keep_query", ()))

    def indexes(self) -> tuple[Index, ...]:
        """Every listing except the archive, the cheapest and freshest kinds first."""
        return self.feeds + self.news_sitemaps + self.sitemaps + self.sections

    def zone(self) -> ZoneInfo:
        """The time zone of a listing's times that carry none."""
        return ZoneInfo(self.timezone)


_TABLES: Mapping[str, IndexKind] = {
    "feeds": "feed",
    "news_sitemaps": "news_sitemap",
    "sitemaps": "sitemap",
    "sections": "section",
}
_TEXT = ("name", "language", "country", "timezone", "article_url", "rests_on")
_OPTIONAL = ("id", "hosts", "canonical", "strip_query", "clean", "policy", "seen_live", "checked", "archive")
_KEYS = (*_TEXT, *_OPTIONAL, *_TABLES)
_ID = re.compile(r"[a-z][a-z0-9_]*")
#: A name or an IP address as an address holds it, without a port.
_HOST = re.compile(r"[\w-]+(?:\.[\w-]+)*|[0-9a-f:]*:[0-9a-f:.]*")


def load_sources(extra_dirs: Iterable[str | Path] = (), *, built_in: bool = True) -> dict[str, Source]:
    """Every declared source by id, the built-in ones first; a file in `extra_dirs` replaces a built-in one of its id.

    Raises `SourceError` for a folder that is absent, for the first declaration with a mistake, and for two files
    of one id among the extra folders.
    """
    sources = {s.id: s for s in map(load_source_file, sorted(BUILT_IN.glob("*.toml")))} if built_in else {}
    added: dict[str, Source] = {}
    for folder in map(Path, extra_dirs):
        if not folder.is_dir():
            raise SourceError(f"{folder}:1: no such folder of source declarations")
        for file in sorted(folder.glob("*.toml")):
            source = load_source_file(file)
            if source.id in added:
                raise SourceError(f"{file}:1: id: {source.id!r} is declared in {added[source.id].path} too")
            added[source.id] = source
    return sources | added


def load_source_file(path: str | Path) -> Source:
    """The source that one file declares; its id is the file's name. Raises `SourceError` naming file and line."""
    return read_source(Declaration.read(Path(path)))


def read_source(declared: Declaration) -> Source:
    """The source of a parsed declaration. Raises `SourceError` naming file and line."""
    values = declared.values
    for key in values:
        if key not in _KEYS:
            raise declared.mistake(key, f"no such key; the keys are {', '.join(sorted(_KEYS))}")
    for key in _TEXT:
        if not isinstance(values.get(key), str) or not values[key].strip():
            raise declared.mistake(key, "expected a line of text")
    source_id = values.get("id", declared.path.stem)
    if not isinstance(source_id, str) or not _ID.fullmatch(source_id):
        raise declared.mistake("id", f"expected lower-case letters, digits and _, not {source_id!r}")
    if source_id != declared.path.stem:
        raise declared.mistake("id", f"is {source_id!r}, but the file is named {declared.path.name}")
    if not re.fullmatch(r"[a-z]{2,3}", values["language"]):
        raise declared.mistake("language", "expected an ISO 639 code such as ko or en")
    if not re.fullmatch(r"[A-Z]{2}", values["country"]):
        raise declared.mistake("country", "expected an ISO 3166 code of two capitals such as KR")
    indexes = {table: _indexes(declared, table, kind) for table, kind in _TABLES.items()}
    if not any(indexes.values()):
        raise declared.mistake("feeds", f"expected at least one listing in {', '.join(_TABLES)}")
    source = Source(
        id=source_id,
        name=values["name"],
        language=values["language"],
        country=values["country"],
        timezone=_zone(declared, "timezone", values["timezone"]),
        hosts=_hosts(declared),
        article_url=_article_url(declared),
        archive=_archive(declared),
        canonical=_canonical(declared),
        strip_query=_strings(declared, "strip_query"),
        clean=MappingProxyType(dict(_table(declared, "clean"))),
        policy=_policy(declared),
        rests_on=values["rests_on"].strip(),
        seen_live=_of(declared, "seen_live", bool, False),
        checked=_of(declared, "checked", date, None),
        path=declared.path,
        **indexes,
    )
    _check_clean(declared, source)
    return source


def _of(declared: Declaration, key: str, kind: type, default: Any) -> Any:
    value = declared.values.get(key, default)
    if value is not default and not isinstance(value, kind):
        raise declared.mistake(key, f"expected a {kind.__name__}, not {value!r}")
    return value


def _table(declared: Declaration, key: str) -> dict[str, Any]:
    value: dict[str, Any] = _of(declared, key, dict, {})
    return value


def _strings(declared: Declaration, key: str, *, required: bool = False) -> tuple[str, ...]:
    value = declared.values.get(key, [])
    if not isinstance(value, list) or not all(isinstance(item, str) and item for item in value):
        raise declared.mistake(key, "expected a list of texts")
    if required and not value:
        raise declared.mistake(key, "expected at least one")
    return tuple(value)


def _hosts(declared: Declaration) -> tuple[str, ...]:
    hosts = _strings(declared, "hosts", required=True)
    for host in hosts:
        if not _HOST.fullmatch(host) or host != host.lower():
            raise declared.mistake("hosts", f"expected names such as www.outlet.example in lower case, not {host!r}")
    return hosts


def _zone(declared: Declaration, key: str, name: str) -> str:
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError) as error:  # ZoneInfoNotFoundError is a KeyError; "Asia" is a folder
        raise declared.mistake(key, f"{name!r} is not an IANA zone such as Asia/Seoul") from error
    return name


def _article_url(declared: Declaration) -> re.Pattern[str]:
    try:
        pattern = re.compile(declared.values["article_url"])
    except re.error as error:
        raise declared.mistake("article_url", f"not a regular expression: {error}") from error
    if "id" not in pattern.groupindex:
        raise declared.mistake("article_url", "has no group (?P<id>...) for the outlet's own id of the article")
    return pattern


def _canonical(declared: Declaration) -> str | None:
    template: str | None = _of(declared, "canonical", str, None)
    if template is None:
        return None
    groups = _article_url(declared).groupindex
    try:
        template.format(**dict.fromkeys(groups, ""))
    except (KeyError, IndexError, ValueError) as error:
        raise declared.mistake("canonical", f"may use {{{'}, {'.join(groups)}}} only: {error!r}") from error
    _web_address(declared, "canonical", template)
    return template


def _web_address(declared: Declaration, key: str, url: Any) -> str:
    if not isinstance(url, str) or not _is_web_address(url):
        raise declared.mistake(key, f"expected an address that begins with https://, not {url!r}")
    return url


def _is_web_address(url: str) -> bool:
    try:
        parts = urlsplit(url)
        return parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:  # "http://[", a port of letters
        return False


def _indexes(declared: Declaration, table: str, kind: IndexKind) -> tuple[Index, ...]:
    return tuple(
        _index(declared, f"{table}.{name}", name, kind, value) for name, value in _table(declared, table).items()
    )


def _archive(declared: Declaration) -> Index | None:
    value = declared.values.get("archive")
    if value is None:
        return None
    index = _index(declared, "archive", "archive", "archive", value)
    if "{date" not in index.url:
        raise declared.mistake("archive.url", "expected a {date:%Y/%m/%d} in the address")
    return index


def _index(declared: Declaration, key: str, name: str, kind: IndexKind, value: Any) -> Index:
    if isinstance(value, str):
        value = {"url": value}
    if not isinstance(value, dict):
        raise declared.mistake(key, "expected an address or a table with url")
    known = {"url", "pages", "first_page", "links", "reads"}
    for field_name in value:
        if field_name not in known:
            raise declared.mistake(f"{key}.{field_name}", f"no such key; the keys are {', '.join(sorted(known))}")
    url = _web_address(declared, key, value.get("url"))
    try:
        url.format(page=1, date=date(2000, 1, 1))
    except (KeyError, IndexError, ValueError) as error:
        raise declared.mistake(key, f"may use {{page}} and {{date:%Y%m%d}} only: {error!r}") from error
    if "{page}" in url and kind not in ("section", "archive"):
        raise declared.mistake(key, "{page} is for sections and the archive; other listings are read whole")
    pages, first = value.get("pages", 1), value.get("first_page", 1)
    if not isinstance(pages, int) or not 1 <= pages <= 1000 or not isinstance(first, int):
        raise declared.mistake(f"{key}.pages", "expected a number of pages from 1 to 1000")
    if pages > 1 and "{page}" not in url:
        raise declared.mistake(f"{key}.url", "several pages need {page} in the address")
    reads = value.get("reads", "section")
    if reads not in ("section", "sitemap"):
        raise declared.mistake(f"{key}.reads", "expected section or sitemap")
    return Index(name, kind, url, pages, first, _links(declared, f"{key}.links", value.get("links")), reads)


def _links(declared: Declaration, key: str, selector: Any) -> str | None:
    if selector is None:
        return None
    if not isinstance(selector, str):
        raise declared.mistake(key, f"expected a CSS selector, not {selector!r}")
    try:
        CSSSelector(selector, translator="html")
    except (SelectorError, ExpressionError) as error:
        raise declared.mistake(key, f"{selector!r} is not a CSS selector: {error}") from error
    return selector


def _policy(declared: Declaration) -> Policy:
    table = _table(declared, "policy")
    kinds: Mapping[str, tuple[type, ...]] = {
        "robots": (str,),
        "keep_body": (bool,),
        "rate": (int, float),
        "terms": (str,),
        "note": (str,),
    }
    for key, value in table.items():
        if key not in kinds:
            raise declared.mistake(f"policy.{key}", f"no such key; the keys are {', '.join(kinds)}")
        if not isinstance(value, kinds[key]) or (isinstance(value, bool) and bool not in kinds[key]):
            raise declared.mistake(f"policy.{key}", f"expected a {kinds[key][-1].__name__}, not {value!r}")
    if not 0 <= table.get("rate", 1.0) <= 3600:
        raise declared.mistake("policy.rate", "expected seconds between two requests, 0 to 3600")
    return Policy(**table)


def _check_clean(declared: Declaration, source: Source) -> None:
    zone = source.clean.get("timezone")
    if isinstance(zone, str):
        _zone(declared, "clean.timezone", zone)
    keep = source.clean.get("keep_query", ())
    if not isinstance(keep, list | tuple) or not all(isinstance(item, str) for item in keep):
        raise declared.mistake("clean.keep_query", "expected a list of texts")
    if both := set(keep) & set(source.strip_query):
        raise declared.mistake("strip_query", f"{', '.join(sorted(both))} stands in clean.keep_query too")
