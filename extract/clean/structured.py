"""What a page declares about itself: JSON-LD nodes and `<meta>` values, read once from the parsed tree."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html import unescape
from typing import Any

from lxml.html import HtmlElement

from .decoding import storable

#: schema.org types that are one story (lower case, without the schema's address).
ARTICLE_TYPES = frozenset(
    [
        "article",
        "newsarticle",
        "reportagenewsarticle",
        "analysisnewsarticle",
        "opinionnewsarticle",
        "backgroundnewsarticle",
        "askpublicnewsarticle",
        "reviewnewsarticle",
        "advertisercontentarticle",
        "satiricalarticle",
        "scholarlyarticle",
        "blogposting",
        "liveblogposting",
        "report",
        "techarticle",
    ]
)
#: Types that say the page is a list of stories, not one.
LIST_TYPES = frozenset(("collectionpage", "searchresultspage"))
_MAX_NODES = 4000
_MAX_DEPTH = 12
_COMMENT = re.compile(r"^\s*(?:<!--|//\s*<!\[CDATA\[|/\*\s*<!\[CDATA\[\s*\*/|<!\[CDATA\[)|(?:-->|//\s*\]\]>|\]\]>)\s*$")
_TRAILING_COMMA = re.compile(r",\s*([}\]])")
_LOOSE_KEYS = (
    "headline",
    "datePublished",
    "dateModified",
    "articleSection",
    "articleBody",
    "isAccessibleForFree",
    "url",
    "name",
)
_LOOSE_TYPE = re.compile(r'"@type"\s*:\s*\[?\s*"((?:[A-Za-z]*Article|Report|BlogPosting))"')
_LOOSE_AUTHOR = re.compile(r'"author"\s*:\s*[\[{][^]}]*?"name"\s*:\s*"((?:[^"\\]|\\.)*)"')


@dataclass(frozen=True, slots=True)
class Declared:
    """`article` is the JSON-LD node of the story ({} where there is none), `nodes` every node met in page order,
    `meta` the `<meta>` contents by lower-case property, name, itemprop or http-equiv, in page order."""

    article: dict[str, Any] = field(default_factory=dict)
    nodes: tuple[dict[str, Any], ...] = ()
    meta: dict[str, list[str]] = field(default_factory=dict)

    def first(self, *names: str) -> str | None:
        """The first non-empty `<meta>` content under any of `names`, in the order of `names`."""
        for name in names:
            for value in self.meta.get(name, ()):
                if value:
                    return value
        return None

    def types(self) -> set[str]:
        """Every JSON-LD type on the page, lower case."""
        return {name for node in self.nodes for name in node_types(node)}


def node_types(node: dict[str, Any]) -> list[str]:
    """The node's types, lower case, without the schema's address."""
    value = node.get("@type")
    names = value if isinstance(value, list) else [value]
    return [name.rsplit("/", 1)[-1].lower() for name in names if isinstance(name, str)]


def plain(value: object) -> str | None:
    """A JSON-LD value as one line of storable text (first of a list, `@value`, `name` or `@id` of an object), or None."""
    if isinstance(value, list):
        value = next((item for item in value if item), None)
    if isinstance(value, dict):
        value = value.get("@value") or value.get("name") or value.get("@id")
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return None
    return " ".join(storable(unescape(str(value))).split()) or None


def read_declared(tree: HtmlElement) -> Declared:
    """The declarations of a parsed page. Never raises: a broken script is mended, else read by key, else skipped."""
    meta: dict[str, list[str]] = {}
    for element in tree.iter("meta"):
        content = element.get("content") or element.get("datetime")
        if content is None:
            continue
        content = " ".join(content.split())
        for attribute in ("property", "name", "itemprop", "http-equiv"):
            if key := element.get(attribute):
                meta.setdefault(key.strip().lower(), []).append(content)
    nodes: list[dict[str, Any]] = []
    for script in tree.iter("script"):
        if "ld+json" in (script.get("type") or "").lower():
            nodes.extend(_nodes(script.text_content()))
    return Declared(article=_story(nodes), nodes=tuple(nodes), meta=meta)


def _story(nodes: list[dict[str, Any]]) -> dict[str, Any]:
    """The node of the story: the article type that tells most; nodes of one page are not merged."""
    best: dict[str, Any] = {}
    best_score = 0
    for node in nodes:
        if not ARTICLE_TYPES.intersection(node_types(node)):
            continue
        score = (
            1 + 2 * ("datePublished" in node) + 2 * ("headline" in node) + ("author" in node) + ("articleBody" in node)
        )
        if score > best_score:
            best, best_score = node, score
    return best


def _nodes(raw: str) -> list[dict[str, Any]]:
    try:
        return list(_walk(load_json(raw), 0))[:_MAX_NODES]
    except ValueError:
        loose = _loose(raw)
        return [loose] if loose else []


def _walk(value: object, depth: int) -> Iterator[dict[str, Any]]:
    if depth > _MAX_DEPTH:
        return
    if isinstance(value, list):
        for item in value:
            yield from _walk(item, depth + 1)
    elif isinstance(value, dict):
        if "@type" in value:
            yield value
        for key in ("@graph", "mainEntity", "mainEntityOfPage", "itemListElement", "item", "hasPart", "liveBlogUpdate"):
            # The parts of an article (paywalled sections, live updates) must not pass for the article.
            if key in value and isinstance(value[key], dict | list) and key not in ("hasPart", "liveBlogUpdate"):
                yield from _walk(value[key], depth + 1)


def load_json(raw: str) -> object:
    """JSON as outlets write it: comment wrappers, raw line breaks, trailing commas, a closing semicolon and doubled
    objects are forgiven. Raises `ValueError` where nothing helps (nesting beyond the interpreter's limit included)."""
    text = _COMMENT.sub("", _COMMENT.sub("", raw)).strip().rstrip(";")
    last: Exception | None = None
    for candidate in (text, _TRAILING_COMMA.sub(r"\1", text), unescape(text)):
        try:
            return json.loads(candidate, strict=False)
        except RecursionError as err:
            raise ValueError("JSON nested too deep") from err
        except ValueError as err:
            last = err
    try:
        return json.JSONDecoder(strict=False).raw_decode(text)[0]
    except (ValueError, RecursionError):
        raise ValueError(f"not JSON: {last}") from last


def _loose(raw: str) -> dict[str, Any]:
    """The keys a cleaner needs, read one by one from a script that is not JSON. {} unless it names an article type."""
    kind = _LOOSE_TYPE.search(raw)
    if not kind:
        return {}
    node: dict[str, Any] = {"@type": kind.group(1)}
    for key in _LOOSE_KEYS:
        if match := re.search(rf'"{key}"\s*:\s*(?:"((?:[^"\\]|\\.)*)"|(true|false))', raw):
            node[key] = _unquote(match.group(1)) if match.group(1) is not None else match.group(2) == "true"
    if match := _LOOSE_AUTHOR.search(raw):
        node["author"] = {"name": _unquote(match.group(1))}
    return node


def _unquote(value: str) -> str:
    try:
        text = json.loads(f'"{value}"', strict=False)
    except ValueError:
        return value
    return text if isinstance(text, str) else value
