"""What the extraction took too much or too little of: links to other stories, repeats, the standfirst."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from lxml.html import HtmlElement

from .blocks import Block, size, tidy
from .structured import Declared, plain

#: A paragraph or item with more of its text in links than this only points to another story: on pages/fundus such
#: blocks hold 626 foreign word runs against 88 of the story's own.
LINKED = 0.8
#: A paragraph that stands on the page this often is the page's furniture (a consent notice in each embed).
_FURNITURE = 3
#: The declared body judges the extracted one only where it holds this share of it; some outlets declare a teaser.
_AUTHORITY = 0.6
#: Word runs of a block that the declared body must share for the block to be its own.
_SHARED = 0.2
_RUN = 4
_MIN_STANDFIRST = 40
_TOKEN = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\u0e00-\u0e7f]|[^\W_]+")


def refine(blocks: list[Block], stated: list[Block], tree: HtmlElement, declared: Declared) -> list[Block]:
    """The blocks without links to other stories, repeats and furniture, and without what the declared body (`stated`)
    does not know where that body can judge; with the standfirst before them where the page shows one."""
    counts = Counter(block.text for block in blocks)
    seen: set[str] = set()
    kept: list[Block] = []
    for block in blocks:
        if block.linked > LINKED and block.kind != "heading":
            continue
        if len(block.text) >= _MIN_STANDFIRST:
            if counts[block.text] >= _FURNITURE or block.text in seen:
                continue
            seen.add(block.text)
        kept.append(block)
    kept = _judged(kept, stated) if kept or all(block.linked > LINKED for block in blocks) else blocks
    return _with_standfirst(kept, tree, declared)


def covers(stated: list[Block], blocks: list[Block]) -> bool:
    """Whether the declared body holds most of what was extracted."""
    own = _runs(" ".join(block.text for block in blocks))
    return bool(own) and len(own & _runs(" ".join(block.text for block in stated))) >= _AUTHORITY * len(own)


def _judged(blocks: list[Block], stated: list[Block]) -> list[Block]:
    if not stated or size(stated) < _AUTHORITY * size(blocks) or not covers(stated, blocks):
        return blocks
    known = _runs(" ".join(block.text for block in stated))
    own = [
        block.kind == "heading" or not (runs := _runs(block.text)) or len(runs & known) >= _SHARED * len(runs)
        for block in blocks
    ]
    sure = [
        i for i, block in enumerate(blocks) if own[i] and block.kind != "heading" and len(block.text) > _MIN_STANDFIRST
    ]
    if not sure:
        return blocks
    first, last = sure[0], sure[-1]
    return [block for i, block in enumerate(blocks) if i < first or (i <= last and own[i])]


def _with_standfirst(blocks: list[Block], tree: HtmlElement, declared: Declared) -> list[Block]:
    """The page's description, where it is printed on the page above the story and the blocks lack it."""
    if not blocks:
        return blocks
    head = " ".join(block.text for block in blocks[:6])
    for text in (
        plain(declared.article.get("description")),
        declared.first("og:description"),
        declared.first("description"),
    ):
        if not text or len(text) < _MIN_STANDFIRST or text.endswith(("...", "…")):
            continue
        runs = _runs(text)
        if not runs or len(runs & _runs(head)) > 0.3 * len(runs):
            continue
        wanted = tidy(text)
        for element in tree.iter("p", "h2", "h3", "div", "span", "strong"):
            # Lengths are compared before letters: of thousands of elements one is the standfirst.
            shown = element.text_content() if len(element) <= 3 else ""
            if not len(wanted) <= len(shown) <= 2 * len(wanted) or tidy(" ".join(shown.split())) != wanted:
                continue
            if not any(
                a.tag in ("figure", "figcaption") or "caption" in (a.get("class") or "") for a in _upwards(element)
            ):
                return [Block(wanted), *blocks]
    return blocks


def _upwards(element: HtmlElement) -> Iterator[HtmlElement]:
    yield element
    yield from element.iterancestors()


def _runs(text: str) -> set[tuple[str, ...]]:
    tokens = _TOKEN.findall(text.casefold())
    if len(tokens) < _RUN:
        return {tuple(tokens)} if tokens else set()
    return set(zip(tokens, tokens[1:], tokens[2:], tokens[3:], strict=False))
