"""One fetched page to one cleaned article."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from lxml.etree import LxmlError, ParserError
from lxml.html import HtmlElement, HTMLParser, document_fromstring

from extract.language import detect_language

from .agencies import agency_named, agency_of_host
from .blocks import size, tidy
from .body import find_body
from .byline import find_byline
from .canonical import find_canonical
from .decoding import TooLargeError, UndecodableError, decode
from .ends import trim_ends
from .headings import prune_blocks
from .paywall import find_paywall
from .rules import CleanRules
from .structured import Declared, plain, read_declared
from .tails import cut_tails
from .times import find_modified, find_published, zone_of
from .titles import find_title, split_marks
from .walls import is_not_article, is_wall
from .wire import Lead, cut_lead, dateline_day

Outcome = Literal["article", "not_article", "blocked", "empty", "undecodable", "too_large"]

#: Shorter than this (characters) and without a title the page holds no story; with a title it may be a flash of a line.
_MIN_TEXT = 20
_XML_DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>", re.IGNORECASE)
_COPYRIGHT = re.compile(
    r"(?:저작권자\s?)?(?:ⓒ|©|\(c\))\s*(?:Copyrights?\s*)?(?P<who>[^.,<>|\d]{2,30}?)\s*(?:[.,<>|)]|무단|All|$)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class CleanedPage:
    """What a page holds. All fields but `outcome` and `canonical_url` may be empty where the outcome is not "article".

    `text` is one paragraph a line, without lead and tail. `published` and `modified` are aware; `published_date_only`
    says that only a day was stated. `published_basis` is "selector", "json-ld", "meta", "time", "listing", "visible",
    "script" or "htmldate".
    `language` is an ISO 639-1 code. `wire` is the agency (id of agencies.tsv) whose story this outlet reprints.
    `lead_places` and `dateline` (a day) come from the wire lead; `version_mark` and `labels` from the title.
    `reason` says in a few words why the outcome is not "article".
    """

    outcome: Outcome
    canonical_url: str
    title: str = ""
    text: str = ""
    language: str | None = None
    byline: str | None = None
    published: datetime | None = None
    published_basis: str | None = None
    published_date_only: bool = False
    modified: datetime | None = None
    section: str | None = None
    paywalled: bool | None = None
    wire: str | None = None
    lead_places: tuple[str, ...] = ()
    dateline: date | None = None
    version_mark: str | None = None
    labels: tuple[str, ...] = ()
    reason: str | None = None


def clean_page(
    body: bytes,
    *,
    url: str,
    text: str | None = None,
    rules: CleanRules | None = None,
    fetched_at: datetime,
    listing_published: datetime | None = None,
) -> CleanedPage:
    """The article in a fetched page. Never raises for anything a server may send: the outcome names it.

    `body` is the page's bytes (transfer encoding undone), `text` the crawler's decoding where the declared charset
    held.
    `fetched_at` (aware) bounds the publication time; `listing_published` is what the feed or sitemap said, used where
    the page states no time.
    """
    rules = rules or CleanRules()
    try:
        source = decode(body, text, rules.language)
    except TooLargeError as err:
        return CleanedPage("too_large", url, reason=str(err))
    except UndecodableError as err:
        return CleanedPage("undecodable", url, reason=str(err))
    tree = parse(source)
    if tree is None:
        return CleanedPage("empty", url, reason="no markup and no words")
    return _clean_tree(source, tree, url, rules, fetched_at, listing_published)


def parse(source: str) -> HtmlElement | None:
    """The page as an lxml tree, comments and processing instructions left out; None where there is nothing to parse."""
    source = _XML_DECLARATION.sub("", source)
    if not source.strip():
        return None
    parser = HTMLParser(
        collect_ids=False, default_doctype=False, encoding="utf-8", remove_comments=True, remove_pis=True
    )
    try:
        return document_fromstring(source.encode("utf-8", "replace"), parser=parser)
    except (ParserError, LxmlError, ValueError):
        return None


def _clean_tree(
    source: str, tree: HtmlElement, url: str, rules: CleanRules, fetched_at: datetime, listing: datetime | None
) -> CleanedPage:
    declared = read_declared(tree)
    canonical = find_canonical(tree, declared, rules, url)
    printed = tidy(find_title(tree, declared, rules))
    headline = split_marks(printed)
    found = find_body(tree, declared, rules)
    length = size(found)
    if is_wall(source, tree, length):
        return CleanedPage("blocked", canonical, title=headline.text, reason="a bot wall's page")
    not_article = is_not_article(tree, declared, url, found)
    blocks = prune_blocks(found, rules)
    blocks = trim_ends(blocks, (headline.text, printed, *(h1.text_content() for h1 in tree.iter("h1"))))
    lead, paragraphs = cut_lead([block.text for block in blocks])
    paragraphs, tail = cut_tails(paragraphs)
    body_text = "\n".join(paragraphs)
    language = detect_language(body_text) or rules.language
    zone = zone_of(rules, language)
    published = find_published(tree, declared, rules, zone, url=url, now=fetched_at, listing=listing, language=language)
    modified = find_modified(tree, declared, rules, zone, now=fetched_at, published=published)
    byline, credited = find_byline(tree, declared, rules, lead.people)
    outcome: Outcome = "not_article" if not_article else "article" if len(body_text) >= _MIN_TEXT else "empty"
    return CleanedPage(
        outcome,
        canonical,
        title=headline.text,
        text=body_text,
        language=language,
        byline=byline,
        published=published.when if published else None,
        published_basis=published.basis if published else None,
        published_date_only=bool(published and published.date_only),
        modified=modified.when if modified else None,
        section=_section(declared),
        paywalled=find_paywall(tree, declared, length),
        wire=_wire(lead, credited, tail, rules, url),
        lead_places=lead.places,
        dateline=dateline_day(lead.day, published.when.astimezone(zone).date() if published else None),
        version_mark=headline.version,
        labels=headline.labels,
        reason=None if outcome == "article" else "no story" if outcome == "empty" else "a home page, a list or a video",
    )


def _section(declared: Declared) -> str | None:
    value = declared.article.get("articleSection")
    names = value if isinstance(value, list) else [value]
    return next((name for item in names if (name := plain(item))), None) or declared.first(
        "article:section", "dable:section", "article:section2", "parsely-section", "section", "og:article:section"
    )


def _wire(lead: Lead, credited: str | None, tail: list[str], rules: CleanRules, url: str) -> str | None:
    """The agency credited in lead, author or copyright line, unless the outlet is that agency."""
    own = {rules.agency, agency_of_host(url)}
    named = [agency_named(match.group("who")) for line in tail for match in _COPYRIGHT.finditer(line)]
    return next((agency for agency in (lead.agency, *named, credited) if agency and agency not in own), None)
