"""The story's body as blocks: trafilatura over the parsed page, the page's scripts where the markup holds no story."""

from __future__ import annotations

import re
from copy import copy, deepcopy

from lxml.etree import LxmlError, _Element
from lxml.html import HtmlElement, document_fromstring
from trafilatura import bare_extraction
from trafilatura.settings import DEFAULT_CONFIG, Extractor

from .blocks import Block, tidy
from .payload import story_from_scripts
from .rules import CleanRules
from .select import select
from .structured import Declared

#: trafilatura's own 250 sends one-sentence flash stories to its last resort, which takes related headlines with them;
#: 100 removes that and costs nothing on 438 real pages (research/news_crawlers.md, section 0, point 5).
MIN_EXTRACTED_SIZE = 100
#: Below this many characters the markup may be an empty shell and the scripts are looked into.
SHORT = 400
_CONFIG = deepcopy(DEFAULT_CONFIG)
_CONFIG.set("DEFAULT", "MIN_EXTRACTED_SIZE", str(MIN_EXTRACTED_SIZE))
_LEAVES = frozenset(
    ("p", "head", "item", "ab", "code", "cell", "quote", "pre", "h1", "h2", "h3", "h4", "h5", "h6", "li")
)
_BREAK = "\u2028"


def find_body(tree: HtmlElement, declared: Declared, rules: CleanRules) -> list[Block]:
    """The story's blocks in page order, [] where the page holds none. The tree is left as it was."""
    if rules.script_payload == "prefer" and (blocks := story_from_scripts(tree, declared)):
        return blocks
    blocks = _extracted(_scoped(tree, rules))
    if rules.script_payload == "fallback" and _size(blocks) < SHORT:
        scripted = story_from_scripts(tree, declared)
        if _size(scripted) > 1.5 * _size(blocks):
            return scripted
    return blocks


def _scoped(tree: HtmlElement, rules: CleanRules) -> HtmlElement:
    """The page with the outlet's pruned elements out and, where its body selector matches, nothing but the body."""
    if not rules.prune and not rules.body:
        return tree
    tree = copy(tree)
    for element in select(tree, rules.prune):
        if element.getparent() is not None:
            element.drop_tree()
    bodies = select(tree, rules.body)
    outer = [b for b in bodies if not any(a in bodies for a in b.iterancestors())]
    if not outer or not any(b.text_content().strip() for b in outer):
        return tree
    root = document_fromstring("<html><body><article></article></body></html>")
    root.find(".//article").extend(outer)
    return root


def _extracted(tree: HtmlElement, fast: bool = False) -> list[Block]:
    options = Extractor(config=_CONFIG, output_format="python", comments=False, fast=fast)
    try:
        document = bare_extraction(tree, options=options)
    except (LxmlError, ValueError, TypeError, AttributeError, KeyError, IndexError, RecursionError, AssertionError):
        # Its heuristics meet trees nobody foresaw; the caller then looks into the scripts and else says "empty".
        return []
    if document is None or document.body is None:
        return []
    for line_break in document.body.iter("lb", "br"):
        line_break.tail = _BREAK + (line_break.tail or "")
    blocks: list[Block] = []
    _walk(document.body, blocks)
    return blocks


def _walk(root: _Element, blocks: list[Block]) -> None:
    stack: list[_Element | str] = [root]
    while stack:
        node = stack.pop()
        if isinstance(node, str):
            _add(node, "p", blocks, None)
            continue
        tag = node.tag if isinstance(node.tag, str) else ""
        if tag in _LEAVES and not any(child.tag in _LEAVES or child.tag in ("list", "table", "row") for child in node):
            _add("".join(node.itertext()), tag, blocks, node.get("rend"))
            continue
        inner: list[_Element | str] = [node.text] if node.text and node.text.strip() else []
        for child in node:
            inner.append(child)
            if child.tail and child.tail.strip():
                inner.append(child.tail)
        stack.extend(reversed(inner))


def _add(text: str, tag: str, blocks: list[Block], rend: str | None) -> None:
    for line in text.split(_BREAK):
        line = tidy(" ".join(line.splitlines()))
        if not line:
            continue
        if tag == "head" or re.fullmatch(r"h[1-6]", tag):
            digits = re.sub(r"\D", "", rend or tag)
            blocks.append(Block(line, "heading", int(digits) if digits else None))
        else:
            blocks.append(Block(line, "item" if tag in ("item", "li") else "paragraph"))


def _size(blocks: list[Block]) -> int:
    return sum(len(block.text) for block in blocks)
