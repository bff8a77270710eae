"""RSS, RDF, Atom, sitemaps, news sitemaps and sitemap indexes, broken ones included."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from datetime import datetime, tzinfo
from typing import Any

from lxml import etree

from spiders.addresses import absolute
from spiders.listings.decoding import decode, inflate
from spiders.listings.entry import Child, Entry, Format, ListingError, ParsedListing
from spiders.listings.times import parse_time, trusted

#: Items read of one listing; the sitemap protocol's own limit.
MOST = 50_000

_PROLOGUE = re.compile(r"^\s*<\?xml[^>]*\?>")
_DOCTYPE = re.compile(r"<!DOCTYPE", re.IGNORECASE)
_SUBSET_OR_END = re.compile(r"[>\[]")
_SUBSET_END = re.compile(r"\]\s*>")
_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
_BARE_AMPERSAND = re.compile(r"&(?!#\d{1,7};|#x[0-9a-fA-F]{1,6};|[A-Za-z][A-Za-z0-9]{1,31};)")
_NAMED_ENTITY = re.compile(r"&(?!(?:amp|lt|gt|quot|apos);)([A-Za-z][A-Za-z0-9]{1,31};)")
_REFERENCE = re.compile(r"&#(?:(\d{1,7})|[xX]([0-9a-fA-F]{1,6}));")
_PAIR = re.compile("[\ud800-\udbff][\udc00-\udfff]")
_TAGS = re.compile(r"<[^<>]{1,500}>")
_ROOTS: dict[str, Format] = {
    "rss": "rss",
    "channel": "rss",
    "rdf": "rdf",
    "feed": "atom",
    "urlset": "sitemap",
    "sitemapindex": "sitemap_index",
}


def read_xml(body: bytes, *, url: str, zone: tzinfo, now: datetime, content_type: str = "") -> ParsedListing:
    """The entries of a feed or a sitemap, told apart by the document itself, in its order.

    Raises `ListingError`: `not_a_listing` for HTML or other text, `broken_listing` where nothing can be read,
    `too_large` for a packed body that unpacks beyond the limit.
    """
    text = decode(inflate(body), content_type).lstrip("\ufeff \t\r\n")
    if plain := _text_sitemap(text, url):
        return plain
    start = text.find("<")
    if start < 0:
        raise ListingError("not_a_listing", "holds no markup")
    head = text[start : start + 600].lower()
    if head.startswith(("<!doctype html", "<html")):
        raise ListingError("not_a_listing", "is an HTML page")
    root, repaired = _parse(text[start:])
    try:
        return _listing(root, url, zone, now, repaired)
    except UnicodeDecodeError as error:  # letters that the parser let through and cannot give back
        raise ListingError("broken_listing", str(error)) from error


def _listing(root: Any, url: str, zone: tzinfo, now: datetime, repaired: bool) -> ParsedListing:
    format_ = _ROOTS.get(_local(root).lower())
    if format_ is None:
        raise ListingError("not_a_listing", f"begins with <{_local(root)}>")
    reader = _Reader(root.get("{http://www.w3.org/XML/1998/namespace}base") or url, zone, now)
    if format_ == "sitemap_index":
        children = tuple(reader.children(root))
        return ParsedListing(format_, children=children, repaired=repaired, future=reader.future)
    wanted = {"sitemap": "url", "atom": "entry"}.get(format_, "item")
    entries = tuple(reader.entries(root, wanted))
    return ParsedListing(format_, entries, repaired=repaired, future=reader.future)


def _text_sitemap(text: str, url: str) -> ParsedListing | None:
    """A sitemap may be plain text, one URL a line."""
    lines = text[: 2 * len(url) + 4000].split("\n", 3)[:3]
    if not lines[0].strip() or not all(re.fullmatch(r"https?://\S+", line.strip()) for line in lines if line.strip()):
        return None
    urls = (absolute(url, line) for line in text.split("\n")[:MOST] if line.strip())
    return ParsedListing("text", tuple(Entry(found) for found in urls if found))


def _parse(text: str) -> tuple[Any, bool]:
    """The root element, and whether the document had to be repaired. No entity is resolved, no network used."""
    text = _without_doctype(_PROLOGUE.sub("", text, count=1))
    parts = _around_cdata(_NOT_XML.sub("", text))
    for position in range(0, len(parts), 2):  # the odd parts are CDATA, where & and entities stand for themselves
        part = _BARE_AMPERSAND.sub("&amp;", _whole_letters(parts[position]))
        parts[position] = _NAMED_ENTITY.sub(_character, part)
    clean = "".join(parts)
    parser = etree.XMLParser(recover=True, resolve_entities=False, no_network=True, huge_tree=False, encoding="utf-8")
    try:
        root = etree.fromstring(clean.encode("utf-8", errors="replace"), parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise ListingError("broken_listing", str(error)) from error
    if root is None:
        raise ListingError("broken_listing", "no element can be read")
    return root, len(parser.error_log) > 0 or len(clean) != len(text)


def _without_doctype(text: str) -> str:
    if (begin := _DOCTYPE.search(text)) is None:
        return text
    end = _SUBSET_OR_END.search(text, begin.end())
    if end is not None and end[0] == "[":
        end = _SUBSET_END.search(text, end.end())
    return text[: begin.start()] + text[end.end() :] if end else text


def _around_cdata(text: str) -> list[str]:
    """The text cut at its CDATA sections, which are the odd parts. One pass, however many are opened and not closed."""
    parts = []
    position = 0
    while (begin := text.find("<![CDATA[", position)) >= 0 and (end := text.find("]]>", begin)) >= 0:
        parts += [text[position:begin], text[begin : end + 3]]
        position = end + 3
    return [*parts, text[position:]]


def _whole_letters(text: str) -> str:
    """The text with a letter for two references to the halves of its surrogate pair; halves alone are dropped."""
    if "&#" not in text:
        return text
    joined = _PAIR.sub(_joined, _REFERENCE.sub(_half, text))
    return _NOT_XML.sub("", joined)


def _half(found: re.Match[str]) -> str:
    code = int(found[1]) if found[1] else int(found[2], 16)
    return chr(code) if 0xD800 <= code <= 0xDFFF else found[0]


def _joined(found: re.Match[str]) -> str:
    return found[0].encode("utf-16", "surrogatepass").decode("utf-16")


def _character(found: re.Match[str]) -> str:
    return html.escape(html.unescape(found[0])) if html.unescape(found[0]) != found[0] else "&amp;" + found[1]


def _local(element: Any) -> str:
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


class _Reader:
    def __init__(self, base: str, zone: tzinfo, now: datetime) -> None:
        self.base, self.zone, self.now = base, zone, now
        self.future = 0

    def entries(self, root: Any, wanted: str) -> Iterator[Entry]:
        seen = 0
        for element in root.iter():
            if _local(element) != wanted or seen >= MOST:
                continue
            seen += 1
            if entry := self._entry(element):
                yield entry

    def children(self, root: Any) -> Iterator[Child]:
        for element in root.iter():
            if _local(element) == "sitemap":
                fields = _fields(element)
                if url := absolute(self.base, fields.get("loc", "")) if fields.get("loc") else None:
                    yield Child(url, self._time(fields.get("lastmod")))

    def _entry(self, element: Any) -> Entry | None:
        fields = _fields(element)
        link = fields.get("loc") or fields.get("link") or ""
        if not link and fields.get("guid:permalink") != "false" and fields.get("guid", "").startswith("http"):
            link = fields["guid"]
        if not link:
            link = fields.get("about", "")
        url = absolute(self.base, link) if link else None
        if url is None:
            return None
        published = next((fields[name] for name in _PUBLISHED if fields.get(name)), None)
        modified = next((fields[name] for name in _MODIFIED if fields.get(name)), None)
        title = _TAGS.sub("", html.unescape(_whole_letters(fields.get("title", ""))))
        return Entry(url, " ".join(title.split()) or None, self._time(published), self._time(modified))

    def _time(self, text: str | None) -> datetime | None:
        moment = parse_time(text, self.zone)
        kept = trusted(moment, self.now)
        if moment is not None and kept is None and moment > self.now:
            self.future += 1
        return kept


_PUBLISHED = ("publication_date", "pubDate", "pubdate", "published", "issued", "date")
_MODIFIED = ("lastmod", "updated", "modified")


def _fields(element: Any) -> dict[str, str]:
    """The texts of an item by local name, the first of each; images and media below an item are not its own."""
    fields: dict[str, str] = {}
    for name, value in element.attrib.items():
        if name.endswith("}about"):
            fields["about"] = value
    for child in element.iter():
        name = _local(child)
        parent = child.getparent()
        if child is element or not name or (parent is not element and _local(parent) != "news"):
            continue
        text = "".join(child.itertext()).strip()
        if name == "link" and not text:
            if child.get("rel", "alternate") == "alternate":
                fields.setdefault("link", child.get("href", ""))
            continue
        if name == "guid":
            fields["guid:permalink"] = child.get("isPermaLink", "true").lower()
        if text:
            fields.setdefault(name, text)
    return fields
