"""The story out of a page's scripts, where the markup holds none: Arc's Fusion.globalContent, Next.js, JSON-LD."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

from lxml import html
from lxml.etree import LxmlError, ParserError
from lxml.html import HtmlElement

from .blocks import Block, Kind, size, tidy
from .decoding import storable
from .structured import Declared, load_json

#: Keys under which content systems keep a story's body, most telling first.
_BODY_KEYS = (
    "articlebody",
    "contenthtml",
    "bodyhtml",
    "body_html",
    "content_html",
    "articlecontent",
    "article_content",
    "newscontent",
    "storybody",
    "story_body",
    "fulltext",
    "full_text",
    "body",
    "content",
    "contents",
    "html",
    "text",
    "story",
    "article",
)
_LIST_KEYS = (*_BODY_KEYS, "paragraphs", "blocks", "components", "elements")
_MIN_STORY = 60
_MAX_DEPTH = 40
_MAX_VISITS = 60_000
_ASSIGNED = re.compile(
    r"(?:Fusion\.globalContent|__PRELOADED_STATE__|__INITIAL_STATE__|__APOLLO_STATE__|__NUXT__|__INITIAL_DATA__|__DATA__|"
    r"__PRELOADED_DATA__|articleData|pageData)\s*=\s*(?=\{)"
)
_NEXT_PUSH = re.compile(r"self\.__next_f\.push\(\s*(\[.*\])\s*\)\s*;?\s*$", re.DOTALL)
_ROW = re.compile(r"(?:^|\n)([0-9a-f]{1,6}):")
_TAG = re.compile(
    r"</?(?:p|br|div|h[1-6]|li|ul|ol|blockquote|figure|span|strong|em|a|b|i|section)\b[^>]*>", re.IGNORECASE
)
#: Class words of a caption where no figure element says so.
_CAPTION = re.compile(r"\b(?:caption|img-box|image|photo|credit)", re.IGNORECASE)
_PLACEHOLDER = re.compile(r"\$\$[A-Z_]{4,30}\$\$")
_SKIPPED = frozenset(("script", "style", "figure", "figcaption", "iframe", "noscript", "button", "aside", "table"))


def story_from_scripts(tree: HtmlElement, declared: Declared) -> list[Block]:
    """The longest story found in the page's scripts as blocks, [] where none of at least 60 characters is found.

    Arc's `content_elements` and JSON-LD's `articleBody` are believed first; else the string or list of blocks, under a
    key that holds a body in a known system, with the most text.
    """
    best: list[Block] = []
    for candidate in _candidates(tree, declared):
        if size(candidate) > max(_MIN_STORY, size(best)):
            best = candidate
    return best


def blocks_of_html(fragment: str) -> list[Block]:
    """A piece of HTML or plain text as blocks, captions and embedded scripts left out."""
    fragment = _PLACEHOLDER.sub("\n", storable(fragment))
    if not _TAG.search(fragment):
        return [Block(line) for line in tidy(fragment).splitlines()]
    try:
        root = html.fragment_fromstring(fragment, create_parent="div")
    except (LxmlError, ParserError, ValueError):
        return [Block(line) for line in tidy(_TAG.sub("\n", fragment)).splitlines()]
    blocks: list[Block] = []
    _collect(root, blocks)
    return blocks


def article_body(declared: Declared) -> list[Block]:
    """JSON-LD's articleBody as blocks, [] where there is none."""
    body = declared.article.get("articleBody")
    if isinstance(body, list):
        body = "\n".join(part for part in body if isinstance(part, str))
    return blocks_of_html(_unescaped(body)) if isinstance(body, str) and body.strip() else []


def _candidates(tree: HtmlElement, declared: Declared) -> Iterator[list[Block]]:
    if body := article_body(declared):
        yield body
    pushed: list[str] = []
    for script in tree.iter("script"):
        text = script.text
        if not text or "ld+json" in (script.get("type") or ""):
            continue
        # A row of the stream may begin in a push of a few letters and go on in the next: none may be left out.
        if match := _NEXT_PUSH.search(text):
            pushed.append(match.group(1))
            continue
        if len(text) < _MIN_STORY:
            continue
        for data in _data(script, text):
            yield from _stories(data)
    if pushed:
        for data in _flight(pushed):
            yield from _stories(data)


def _data(script: HtmlElement, text: str) -> Iterator[object]:
    if "json" in (script.get("type") or "") or script.get("id") == "__NEXT_DATA__":
        try:
            yield load_json(text)
        except ValueError:
            return
        return
    for match in _ASSIGNED.finditer(text):
        try:
            yield json.JSONDecoder(strict=False).raw_decode(text, match.end())[0]
        except (ValueError, RecursionError):
            continue


def _flight(pushed: list[str]) -> Iterator[object]:
    """The values of a Next.js "flight" stream: rows `id:json`, and `id:T<hex length>,text` whose length is in bytes."""
    parts = []
    for raw in pushed:
        try:
            value = json.loads(raw, strict=False)
        except (ValueError, RecursionError):
            continue
        if isinstance(value, list) and len(value) > 1 and isinstance(value[1], str):
            parts.append(value[1])
    stream = "".join(parts)
    position = 0
    while match := _ROW.search(stream, position):
        start = match.end()
        if stream[start : start + 1] == "T" and (length := re.match(r"T([0-9a-f]{1,7}),", stream[start : start + 10])):
            begin = start + length.end()
            piece = stream[begin : begin + int(length.group(1), 16)].encode("utf-8", "replace")[
                : int(length.group(1), 16)
            ]
            text = piece.decode("utf-8", "ignore")
            yield {"body": text}
            position = begin + len(text)
            continue
        try:
            value, position = json.JSONDecoder(strict=False).raw_decode(stream, start)
        except (ValueError, RecursionError):
            position = start
            continue
        yield value


def _stories(data: object) -> Iterator[list[Block]]:
    stack: list[tuple[object, int]] = [(data, 0)]
    visits = 0
    while stack and visits < _MAX_VISITS:
        value, depth = stack.pop()
        visits += 1
        if depth > _MAX_DEPTH:
            continue
        if isinstance(value, list):
            stack.extend((item, depth + 1) for item in value if isinstance(item, dict | list))
        elif isinstance(value, dict):
            if isinstance(elements := value.get("content_elements"), list):
                yield _arc(elements)
            for key, item in value.items():
                if isinstance(item, str):
                    if key.lower() in _BODY_KEYS and len(item) >= _MIN_STORY:
                        yield blocks_of_html(_unescaped(item))
                elif isinstance(item, list) and key.lower() in _LIST_KEYS:
                    yield _listed(item)
                    stack.append((item, depth + 1))
                elif isinstance(item, dict | list):
                    stack.append((item, depth + 1))


def _arc(elements: list[object]) -> list[Block]:
    blocks: list[Block] = []
    for element in elements:
        if not isinstance(element, dict):
            continue
        kind, content = element.get("type"), element.get("content")
        if kind in ("text", "raw_html") and isinstance(content, str):
            blocks += blocks_of_html(content)
        elif kind == "header" and isinstance(content, str):
            blocks += [
                Block(b.text, "heading", element.get("level") if isinstance(element.get("level"), int) else None)
                for b in blocks_of_html(content)
            ]
        elif kind == "list" and isinstance(element.get("items"), list):
            blocks += [
                Block(b.text, "item")
                for item in element["items"]
                if isinstance(item, dict) and isinstance(item.get("content"), str)
                for b in blocks_of_html(item["content"])
            ]
        elif kind == "quote" and isinstance(element.get("content_elements"), list):
            blocks += _arc(element["content_elements"])
    return blocks


def _listed(items: list[object]) -> list[Block]:
    blocks: list[Block] = []
    for item in items:
        if isinstance(item, str):
            blocks += blocks_of_html(item)
        elif isinstance(item, dict) and item.get("type") not in (
            "image",
            "photo",
            "video",
            "figure",
            "ad",
            "embed",
            "related",
        ):
            text = next(
                (item[key] for key in ("text", "content", "html", "value", "body") if isinstance(item.get(key), str)),
                None,
            )
            if text:
                blocks += blocks_of_html(_unescaped(text))
    return blocks


def _unescaped(text: str) -> str:
    return (
        text.replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&amp;", "&")
        .replace("&quot;", '"')
        .replace("&nbsp;", " ")
        if "&lt;" in text
        else text
    )


def _collect(element: HtmlElement, blocks: list[Block]) -> None:
    """Depth-first with an explicit run of inline text; iterates, so that deep nesting cannot exhaust the stack."""
    run: list[str] = []

    def flush(kind: Kind = "paragraph", level: int | None = None) -> None:
        blocks.extend(Block(line, kind, level) for line in tidy("".join(run)).splitlines())
        run.clear()

    stack: list[tuple[HtmlElement, bool]] = [(element, False)]
    while stack:
        node, leaving = stack.pop()
        tag = node.tag if isinstance(node.tag, str) else ""
        block = tag in (
            "p",
            "div",
            "section",
            "article",
            "blockquote",
            "ul",
            "ol",
            "li",
            "h1",
            "h2",
            "h3",
            "h4",
            "h5",
            "h6",
        )
        if leaving:
            if block:
                flush(
                    "heading" if tag[0] == "h" else "item" if tag == "li" else "paragraph",
                    int(tag[1]) if tag[0] == "h" else None,
                )
            run.append(" ".join((node.tail or "").splitlines()) if node is not element else "")
            continue
        if not tag or tag in _SKIPPED or (node is not element and _CAPTION.search(node.get("class") or "")):
            run.append(node.tail or "")
            continue
        if block:
            flush()
        if tag == "br":
            run.append("\n")
        run.append(" ".join((node.text or "").splitlines()))
        stack.append((node, True))
        stack.extend((child, False) for child in reversed(node))
    flush()
