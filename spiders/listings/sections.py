"""Section pages: the links of a page of HTML."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator

import lxml.html
from lxml import etree
from lxml.cssselect import CSSSelector

from spiders.addresses import absolute
from spiders.listings.entry import Entry, ListingError, ParsedListing

#: A string of a script that may be an address; pages drawn by script carry their list as JSON.
_IN_SCRIPT = re.compile(r'"((?:https?:)?(?:\\?/)[^"\s<>]{4,500})"')


def read_section(text: str, *, url: str, is_article: Callable[[str], bool], links: str | None = None) -> ParsedListing:
    """The article links of a section page, in its order, each once, with the longest link text as title.

    `links` is a CSS selector of the elements that hold the list. Where no link of the markup is an article,
    the addresses in the page's scripts are looked through. Raises `ListingError` where the page holds no markup.
    """
    if not text.strip():
        raise ListingError("not_a_listing", "is empty")
    try:
        root = lxml.html.document_fromstring(text.encode("utf-8"), parser=lxml.html.HTMLParser(encoding="utf-8"))
    except (etree.ParserError, etree.XMLSyntaxError, ValueError) as error:
        raise ListingError("not_a_listing", str(error)) from error
    base = absolute(url, next(iter(root.xpath("//base/@href")), "")) or url
    found: dict[str, str] = {}
    for href, title in _anchors(root, links):
        address = absolute(base, href)
        if address and is_article(address) and len(title) >= len(found.get(address, "")):
            found[address] = title
    if not found:
        for raw in _IN_SCRIPT.findall(text):
            address = absolute(base, _unescaped(raw))
            if address and is_article(address):
                found.setdefault(address, "")
    return ParsedListing("html", tuple(Entry(address, title or None) for address, title in found.items()))


def _anchors(root: lxml.html.HtmlElement, links: str | None) -> Iterator[tuple[str, str]]:
    holders = CSSSelector(links, translator="html")(root) if links else [root]
    for holder in holders:
        for anchor in holder.iter("a", "area"):
            if href := anchor.get("href"):
                yield href, " ".join(anchor.text_content().split())[:300]


def _unescaped(raw: str) -> str:
    try:
        return str(json.loads(f'"{raw}"'))
    except ValueError:
        return raw.replace("\\/", "/")
