"""Tells a bot wall and a page of links from an article."""

from __future__ import annotations

import re
from functools import lru_cache
from urllib.parse import urlsplit

from lxml.html import HtmlElement

from .blocks import Block
from .structured import ARTICLE_TYPES, LIST_TYPES, Declared, node_types
from .table import read_table

#: A page with this much story (characters) is no wall, whatever its source says: outlets embed the same scripts.
STORY = 600
#: A page whose text stands to this share in links, and that declares no article, is a list of stories.
LINK_SHARE = 0.55
_ARTICLE_META = ("article:published_time", "article:section", "dable:item_id", "article:author", "parsely-pub-date")


@lru_cache(maxsize=1)
def _marks() -> tuple[tuple[str, str], ...]:
    rows = read_table("challenges.tsv", ("part", "mark", "wall"))
    return tuple((row.one_of("part", ("title", "html", "text")), row["mark"].casefold()) for row in rows)


def is_wall(source: str, tree: HtmlElement, story: int) -> bool:
    """Whether a bot wall's page was served. `source` is the page's text, `story` the characters of body found."""
    if story >= STORY:
        return False
    head = tree.find(".//title")
    title = " ".join(head.text_content().split()).casefold() if head is not None else ""
    words = len(re.findall(r"\w+", _visible(tree)))
    lower: str | None = None
    visible: str | None = None
    for part, mark in _marks():
        if part == "title" and mark in title:
            return True
        if part == "html" and words < 150:
            lower = source[:400_000].casefold() if lower is None else lower
            if mark in lower:
                return True
        if part == "text" and words < 400:
            visible = _visible(tree).casefold() if visible is None else visible
            if mark in visible:
                return True
    return False


def is_not_article(tree: HtmlElement, declared: Declared, url: str, blocks: list[Block]) -> bool:
    """Whether the page is a home page, a list of stories or a video without a story."""
    path = urlsplit(url).path.strip("/")
    if not path and not urlsplit(url).query:
        return True
    story = sum(len(block.text) for block in blocks if block.kind == "paragraph")
    declares = bool(declared.article) or any(name in declared.meta for name in _ARTICLE_META)
    declares = declares or any(value.lower() == "article" for value in declared.meta.get("og:type", ()))
    types = declared.types()
    if types & LIST_TYPES and not types & ARTICLE_TYPES and story < 3 * STORY:
        return True
    video = any("videoobject" in node_types(node) for node in declared.nodes) or (
        declared.first("og:type") or ""
    ).startswith("video")
    if video and not types & ARTICLE_TYPES and story < 200:
        return True
    if declares:
        return False
    longest = max((len(block.text) for block in blocks if block.kind == "paragraph"), default=0)
    return longest < 120 and _link_share(tree) > LINK_SHARE


def _visible(tree: HtmlElement) -> str:
    body = tree.find(".//body")
    texts = (body if body is not None else tree).xpath(
        ".//text()[not(ancestor::script or ancestor::style or ancestor::noscript)]"
    )
    return " ".join(" ".join(texts).split())


def _link_share(tree: HtmlElement) -> float:
    total = len(_visible(tree))
    linked = sum(len(" ".join(a.text_content().split())) for a in tree.iter("a"))
    return linked / total if total else 0.0
