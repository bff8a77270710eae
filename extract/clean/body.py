"""The story's body as blocks: trafilatura over the parsed page, the page's scripts where the markup holds no story."""

from __future__ import annotations

import re
from collections import Counter
from copy import copy, deepcopy
from dataclasses import replace

from lxml.etree import LxmlError, XPath, _Element
from lxml.html import HtmlElement, document_fromstring
from trafilatura import bare_extraction
from trafilatura.settings import DEFAULT_CONFIG, Document, Extractor

from .blocks import Block, size, tidy
from .payload import article_body, story_from_scripts
from .refine import covers, refine
from .rules import CleanRules
from .select import select
from .structured import Declared, plain

#: trafilatura's own 250 sends one-sentence flash stories to its last resort, which takes related headlines with them;
#: 100 cures that for an English sentence and costs nothing on 438 real pages (research/news_crawlers.md, section 0).
#: 30, the length of a Korean one, costs 0.002 of body F1 on pages/fundus; `_is_dump` sees to those.
MIN_EXTRACTED_SIZE = 100
_MIN_PARAGRAPH = 20
#: Below this many characters the markup may be an empty shell and the scripts are looked into.
SHORT = 400
#: trafilatura's fast mode (its own extractor, no comparison with readability and justext) gives the same text on 247 of
#: the 258 pages of pages/fundus in two thirds of the time. It fails by taking too little, so the slow mode runs where
#: the fast one gave less than `FAST_SHARE` of the page's long paragraphs (of all its long runs of text, where it gave
#: fewer characters than `FAST_ENOUGH`).
FAST_ENOUGH = 500
FAST_SHARE = 0.6
_LONG_PARAGRAPH = 80
#: A fast text at least this long is kept against a longer slow one when it speaks of the page's title as much.
_FAST_SOUND = 1500
#: A text that uses fewer of the words of the page's title and description is another text.
_ON_TOPIC = 0.5
#: Outlets that set paragraphs in other elements than `<p>` show in the page's long runs of text, of which a story that
#: is not long must hold this share.
_RUNS_SHARE = 0.3
_LONG_RUNS = XPath(
    "//body//text()[string-length() > 80][not(parent::script or parent::style or parent::a or parent::noscript)]"
)
_CONFIG = deepcopy(DEFAULT_CONFIG)
_CONFIG.set("DEFAULT", "MIN_EXTRACTED_SIZE", str(MIN_EXTRACTED_SIZE))
_LEAVES = frozenset(
    ("p", "head", "item", "ab", "code", "cell", "quote", "pre", "h1", "h2", "h3", "h4", "h5", "h6", "li", "ref", "hi")
)
_INLINE = frozenset(("ref", "hi", "lb", "br", "graphic", "a", "span", "del", "code"))
_BREAK = "\u2028"
#: Elements that hold no words of a story. trafilatura copies the page several times before it drops them, and scripts
#: alone are half of an average page. The data that its last resort would read from JSON-LD, `story_from_scripts` reads.
_WORDLESS = [
    "script",
    "style",
    "svg",
    "template",
    "noscript",
    "iframe",
    "picture",
    "video",
    "audio",
    "canvas",
    "map",
    "object",
    "embed",
    "link",
    "head",
    "button",
    "input",
    "select",
    "textarea",
    "menu",
    "dialog",
    "figcaption",
]
#: Elements around a story that trafilatura drops too, unless the story itself stands in one (a page that is one form).
_FRAME = ("aside", "nav", "footer", "form")
_FRAME_SHARE = 0.3


def find_body(tree: HtmlElement, declared: Declared, rules: CleanRules) -> list[Block]:
    """The story's blocks in page order, [] where the page holds none. The tree is left as it was."""
    if rules.script_payload == "prefer" and (scripted := story_from_scripts(tree, declared)):
        return scripted
    blocks = _extracted_soundly(_scoped(tree, rules), declared)
    if rules.script_payload == "fallback" and size(blocks) < SHORT:
        scripted = story_from_scripts(tree, declared)
        sound = size(scripted) >= SHORT or _on_topic(scripted, declared) >= _on_topic(blocks, declared)
        if size(scripted) > 1.5 * size(blocks) and sound:
            return scripted
    stated = article_body(declared)
    # A page cut into several containers loses all but one of them; the declared body then has the rest.
    if rules.script_payload != "never" and size(stated) > 2 * size(blocks) and covers(stated, blocks):
        return stated
    if len(blocks) == 1 and len(stated) > 1 and covers(stated, blocks):
        return stated  # the same text, with its paragraphs
    return refine(blocks, stated, tree, declared)


def _extracted_soundly(tree: HtmlElement, declared: Declared) -> list[Block]:
    fast = _extracted(tree, fast=True)
    if _is_enough(fast, tree, declared):
        return fast
    slow = _extracted(tree, fast=False)
    if _is_dump(slow or fast, tree):
        return _paragraphs(tree)
    if size(fast) >= _FAST_SOUND and _on_topic(fast, declared) >= _on_topic(slow, declared):
        return fast
    # The slow mode keeps no links: a block that is the text of a link on the page is one.
    links = {tidy(" ".join(a.text_content().split())) for a in tree.iter("a")}
    return [replace(block, linked=1.0) if block.text in links else block for block in slow] or fast


def _is_enough(blocks: list[Block], tree: HtmlElement, declared: Declared) -> bool:
    length = size(blocks)
    paragraphs = sum(len(text) for p in tree.iter("p") if len(text := p.text_content()) >= _LONG_PARAGRAPH)
    if (
        not blocks
        or _is_dump(blocks, tree)
        or length < FAST_SHARE * paragraphs
        or _on_topic(blocks, declared) < _ON_TOPIC
    ):
        return False
    if length >= _FAST_SOUND:
        return True
    runs = sum(map(len, _LONG_RUNS(tree)))
    return length >= (_RUNS_SHARE if length >= FAST_ENOUGH else FAST_SHARE) * runs


def _is_dump(blocks: list[Block], tree: HtmlElement) -> bool:
    """Whether trafilatura fell back to all words of the page in one run: the texts of three links stand in it."""
    if len(blocks) != 1:
        return False
    text = blocks[0].text
    found = (" ".join(a.text_content().split()) in text for a in tree.iter("a") if len(a.text_content().strip()) > 8)
    return sum(found) >= 3


def _paragraphs(tree: HtmlElement) -> list[Block]:
    """The paragraphs that stand outside lists, links and the page's frame: the story of a page with hardly any."""
    blocks = []
    for p in tree.iter("p"):
        text = tidy(" ".join(p.text_content().split()))
        linked = sum(len(a.text_content()) for a in p.iter("a"))
        framed = any(a.tag in ("nav", "footer", "header", "aside", "li", "form") for a in p.iterancestors())
        if len(text) >= _MIN_PARAGRAPH and linked < 0.5 * len(text) and not framed:
            blocks.append(Block(text))
    return blocks


def _on_topic(blocks: list[Block], declared: Declared) -> float:
    """The share of the words of the page's declared title and description that the blocks use."""
    texts = (
        plain(declared.article.get("headline")),
        declared.first("og:title"),
        declared.first("og:description", "description"),
    )
    wanted = set(re.findall(r"\w{2,}", " ".join(filter(None, texts)).casefold()))
    if not wanted:
        return 1.0
    used = set(re.findall(r"\w{2,}", " ".join(block.text for block in blocks).casefold()))
    return len(wanted & used) / len(wanted)


def _scoped(tree: HtmlElement, rules: CleanRules) -> HtmlElement:
    """A copy of the page without scripts and pruned elements; only the body where the outlet's selector matches."""
    tree = copy(tree)
    for element in [*tree.iter(*_WORDLESS), *_empty_frame(tree)]:
        if element.getparent() is not None:
            element.drop_tree()
    for element in select(tree, rules.prune):
        if element.getparent() is not None:
            element.drop_tree()
    bodies = select(tree, rules.body)
    outer = [b for b in bodies if not any(a in bodies for a in b.iterancestors())]
    if not any(b.text_content().strip() for b in outer):
        return tree
    root = document_fromstring("<html><body><article></article></body></html>")
    root.find(".//article").extend(outer)
    return root


def _empty_frame(tree: HtmlElement) -> list[HtmlElement]:
    """The elements of the page's frame that hold no larger share of its long runs of text."""
    held: Counter[HtmlElement] = Counter()
    total = 0
    for run in _LONG_RUNS(tree):
        total += len(run)
        parent = run.getparent()
        inside = parent.getparent() if run.is_tail else parent
        for frame in (inside, *inside.iterancestors()):
            if frame.tag in _FRAME:
                held[frame] += len(run)
    return [frame for frame in tree.iter(*_FRAME) if held[frame] <= _FRAME_SHARE * total]


def _extracted(tree: HtmlElement, fast: bool) -> list[Block]:
    # Links are asked for in the fast mode only: they mislead readability's comparison in the slow one.
    options = Extractor(config=_CONFIG, output_format="python", comments=False, links=fast, fast=fast)
    try:
        document = bare_extraction(tree, options=options)
    except (LxmlError, ValueError, TypeError, AttributeError, KeyError, IndexError, RecursionError, AssertionError):
        # Its heuristics meet trees nobody foresaw; the caller then looks into the scripts and else says "empty".
        return []
    if not isinstance(document, Document) or document.body is None:
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
            _add(node, "p", blocks, None, 0.0)
            continue
        tag = node.tag if isinstance(node.tag, str) else ""
        if tag in _LEAVES and all(child.tag in _INLINE for child in node.iterdescendants()):
            text = "".join(node.itertext())
            links = [node] if tag in ("ref", "a") else list(node.iter("ref", "a"))
            linked = sum(len("".join(link.itertext()).strip()) for link in links)
            _add(text, tag, blocks, node.get("rend"), linked / max(1, len(text.strip())))
            continue
        inner: list[_Element | str] = [node.text] if node.text and node.text.strip() else []
        for child in node:
            inner.append(child)
            if child.tail and child.tail.strip():
                inner.append(child.tail)
        stack.extend(reversed(inner))


def _add(text: str, tag: str, blocks: list[Block], rend: str | None, linked: float) -> None:
    for line in text.split(_BREAK):
        line = tidy(" ".join(line.splitlines()))
        if not line:
            continue
        if tag == "head" or re.fullmatch(r"h[1-6]", tag):
            digits = re.sub(r"\D", "", rend or tag)
            blocks.append(Block(line, "heading", int(digits) if digits else None, linked))
        else:
            blocks.append(Block(line, "item" if tag in ("item", "li") else "paragraph", None, linked))
