"""What a rule told, as an Atom feed (RFC 4287) and as a JSON feed (version 1.1), newest first. Pure."""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable, Sequence
from datetime import datetime
from xml.etree import ElementTree

from alerts.lines import Lines, lines_of
from alerts.wording import Wording, wording
from storage.alerts import Match

ATOM = "http://www.w3.org/2005/Atom"
#: Content types by the form's name, which is also the file's suffix.
FORMS = {"atom": "application/atom+xml; charset=utf-8", "json": "application/feed+json; charset=utf-8"}
#: Entries of a feed.
LENGTH = 50
#: Names ids within this project; a feed's reader only compares them.
_NAMES = uuid.UUID("6f1c9d8a-6a0e-4d53-9d1f-7b5d0c2a41e7")
ElementTree.register_namespace("", ATOM)

Link = Callable[[int], str | None]


def feed(form: str, rule: str, matches: Sequence[Match], language: str, link: Link, now: datetime) -> str:
    """The feed of a rule in the form "atom" or "json"; `matches` are the newest first, `link` an incident's page."""
    return (atom if form == "atom" else json_feed)(rule, matches, language, link, now)


def atom(rule: str, matches: Sequence[Match], language: str, link: Link, now: datetime) -> str:
    """The Atom feed; `updated` is that of the newest entry, so that an unchanged feed stays the same byte for byte."""
    words = wording(language)
    root = ElementTree.Element(_tag("feed"), {"{http://www.w3.org/XML/1998/namespace}lang": language})
    _add(root, "id", _id("feed", rule))
    _add(root, "title", f"Sageon: {rule}")
    _add(root, "updated", (matches[0].at if matches else now).isoformat())
    _add(_add(root, "author", ""), "name", "Sageon")
    for match in matches:
        lines, page = _told(match, words, link)
        entry = _add(root, "entry", "")
        _add(entry, "id", entry_id(match))
        _add(entry, "title", lines.headline)
        _add(entry, "updated", match.at.isoformat())
        if page:
            _add(entry, "link", "").set("href", page)
        for kind in match.facts.get("types", ()):
            _add(entry, "category", "").set("term", kind)
        _add(entry, "content", _text(lines)).set("type", "text")
    return '<?xml version="1.0" encoding="utf-8"?>\n' + ElementTree.tostring(root, encoding="unicode") + "\n"


def json_feed(rule: str, matches: Sequence[Match], language: str, link: Link, now: datetime) -> str:
    """The JSON feed."""
    words = wording(language)
    items = []
    for match in matches:
        lines, page = _told(match, words, link)
        item = {
            "id": entry_id(match),
            "title": lines.headline,
            "content_text": _text(lines),
            "date_published": match.at.isoformat(),
            "tags": list(match.facts.get("types", ())),
        }
        items.append(item | ({"url": page} if page else {}))
    feed = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": f"Sageon: {rule}",
        "language": language,
        "items": items,
    }
    return json.dumps(feed, ensure_ascii=False, indent=1) + "\n"


def entry_id(match: Match) -> str:
    """The entry's id, the same in every form and for ever."""
    return _id("entry", match.rule, match.subject, str(match.revision))


def _told(match: Match, words: Wording, link: Link) -> tuple[Lines, str | None]:
    page = link(match.facts["incident"]) if match.facts["kind"] == "incident" else None
    lines = lines_of(match, words, page)
    return lines, page or match.facts.get("url")


def _text(lines: Lines) -> str:
    return _clean("\n".join(f"{label}: {text}" for label, text in (*lines.pairs, *lines.links)) or lines.headline)


def _id(*parts: str) -> str:
    return uuid.uuid5(_NAMES, "\x1f".join(parts)).urn


def _tag(name: str) -> str:
    return f"{{{ATOM}}}{name}"


def _add(parent: ElementTree.Element, name: str, text: str) -> ElementTree.Element:
    element = ElementTree.SubElement(parent, _tag(name))
    if text:
        element.text = _clean(text)
    return element


def _clean(text: str) -> str:
    """Without what XML 1.0 cannot hold: a crawled page may quote any character."""
    return "".join(
        c for c in text if c in "\t\n" or (c >= " " and not "\ud800" <= c <= "\udfff" and c not in "\ufffe\uffff")
    )
