"""The newest incidents as Atom and JSON feeds. They name nobody: readers keep what they fetched."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from datetime import datetime
from xml.etree import ElementTree as ET

from desk.labels import TYPES
from desk.quoted import plain, without_names
from storage.filters import Filter
from storage.query import IncidentRow

ATOM = "http://www.w3.org/2005/Atom"
#: XML knows no other characters, not even escaped.
_NOT_XML = re.compile(r"[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def atom(rows: Sequence[IncidentRow], base: str, filter: Filter, now: datetime) -> bytes:
    """An Atom feed (RFC 4287) of the rows. `base` is the desk's address without a slash at its end."""
    ET.register_namespace("", ATOM)
    query = filter.to_query_string()
    feed = ET.Element(f"{{{ATOM}}}feed")
    _add(feed, "id", _address(base, "/incidents.atom", query))
    _add(feed, "title", title(filter))
    updated = max((row.last_updated for row in rows), default=now)
    _add(feed, "updated", updated.isoformat(timespec="seconds"))
    ET.SubElement(_add(feed, "author"), f"{{{ATOM}}}name").text = "Sageon"
    _add(feed, "link", rel="self", type="application/atom+xml", href=_address(base, "/incidents.atom", query))
    _add(feed, "link", rel="alternate", type="text/html", href=_address(base, "/", query))
    for row in rows:
        entry = _add(feed, "entry")
        address = f"{base}/incidents/{row.id}"
        _add(entry, "id", address)
        _add(entry, "title", headline(row))
        _add(entry, "updated", row.last_updated.isoformat(timespec="seconds"))
        _add(entry, "published", row.first_seen.isoformat(timespec="seconds"))
        _add(entry, "link", rel="alternate", type="text/html", href=address)
        _add(entry, "category", term=row["type"], label=TYPES.get(row["type"], row["type"]))
        _add(entry, "summary", summary(row))
    return bytes(ET.tostring(feed, encoding="utf-8", xml_declaration=True))


def json_feed(rows: Sequence[IncidentRow], base: str, filter: Filter) -> bytes:
    """A JSON Feed 1.1 of the rows; `_sageon` holds the facts as codes."""
    query = filter.to_query_string()
    feed = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": title(filter),
        "home_page_url": _address(base, "/", query),
        "feed_url": _address(base, "/incidents.feed.json", query),
        "items": [
            {
                "id": f"{base}/incidents/{row.id}",
                "url": f"{base}/incidents/{row.id}",
                "title": headline(row),
                "content_text": summary(row),
                "date_published": row.first_seen.isoformat(timespec="seconds"),
                "date_modified": row.last_updated.isoformat(timespec="seconds"),
                "tags": [row["type"], *row["other_types"]],
                "_sageon": {
                    "id": row.id,
                    "status": row.status,
                    "type": row["type"],
                    "certainty": row["certainty"],
                    "date": row["date"],
                    "country": row["country"],
                    "place": row["place"],
                    "nationalities": list(row.nationalities),
                    "killed": [row["killed_min"], row["killed_max"]],
                    "held": [row["held_min"], row["held_max"]],
                    "injured": [row["injured_min"], row["injured_max"]],
                    "missing": [row["missing_min"], row["missing_max"]],
                },
            }
            for row in rows
        ],
    }
    return json.dumps(feed, ensure_ascii=False).encode()


def title(filter: Filter) -> str:
    """The feed's title: the filter in short."""
    parts = [*filter.types, *filter.countries, *filter.nationalities, *filter.places]
    return "Sageon: " + (", ".join(part.replace("_", " ") for part in parts) if parts else "incidents")


def headline(row: IncidentRow) -> str:
    """The headline, its names blanked."""
    names = [victim["name"] for victim in row.victims if victim["name"]]
    return _NOT_XML.sub("", plain(without_names(row["headline"], names))) or f"incident {row.id}"


def summary(row: IncidentRow) -> str:
    """What, where, when, to whom, in codes: "homicide · KH, Sihanoukville · 2025-10-08 · victims KR · killed 1"."""
    where = ", ".join(part for part in (row["country"], row["place"]) if part)
    tolls = [
        f"{name} {'–'.join(str(n) for n in dict.fromkeys((row[f'{name}_min'], row[f'{name}_max'])) if n is not None)}"
        for name in ("killed", "injured", "held", "missing")
        if row[f"{name}_max"]
    ]
    whom = f"victims {', '.join(row.nationalities)}" if row.nationalities else ""
    told = f"{row.report_count} reports" if row.report_count != 1 else "1 report"
    parts = (row["type"].replace("_", " "), where, row["date"] or "", whom, *tolls, row["certainty"], told)
    return _NOT_XML.sub("", plain(" · ".join(part for part in parts if part)))


def _add(parent: ET.Element, name: str, text: str | None = None, **attributes: str) -> ET.Element:
    child = ET.SubElement(parent, f"{{{ATOM}}}{name}", attributes)
    child.text = text
    return child


def _address(base: str, path: str, query: str) -> str:
    return f"{base}{path}?{query}" if query else f"{base}{path}"
