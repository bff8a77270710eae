"""What a rule told of an incident as a CAP 1.2 message (OASIS, Common Alerting Protocol), for export. Pure.

The first alert is an Alert, growth is an Update that refers to what came before, a withdrawal a Cancel.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from xml.etree import ElementTree

from alerts.lines import changes, headline, tolls, victims_line, where
from alerts.wording import wording
from storage.alerts import Match

CAP = "urn:oasis:names:tc:emergency:cap:1.2"
ElementTree.register_namespace("cap", CAP)
#: The category of CAP 3.2.1 for a type; the rest is Security (law enforcement, military, homeland, private security).
_CATEGORY = {"accident": "Safety", "disaster": "Geo", "arson": "Fire", "cybercrime": "Infra"}
#: Severity of CAP is for the subject of the event: extraordinary, significant, possible or minimal threat to life.
_SEVERE = frozenset({"homicide", "terrorism", "torture", "kidnapping", "unlawful_detention", "human_trafficking"})
#: Kilometres of the circle around a place by how precisely it is known; a country is no circle.
_RADIUS = {"point": 1.0, "city": 10.0, "admin2": 30.0, "admin1": 75.0}


def cap(matches: Sequence[Match], language: str, sender: str, link: str | None) -> str:
    """The message for the last of the matches, which are what one rule told of one incident, oldest first.

    `sender` names who answers for it (a mail address or a domain, without spaces and commas). Raises ValueError where
    there is no match, or `sender` cannot stand in a CAP message.
    """
    if not matches:
        raise ValueError("nothing was told of the incident")
    if not re.fullmatch(r"[^\s,<&]+", sender):
        raise ValueError(f"{sender!r} cannot be a CAP sender: write an address without spaces and commas")
    last, earlier = matches[-1], matches[:-1]
    root = ElementTree.Element(f"{{{CAP}}}alert")
    _add(root, "identifier", _identifier(last))
    _add(root, "sender", sender)
    _add(root, "sent", _moment(last.at))
    _add(root, "status", "Actual")
    _add(root, "msgType", "Cancel" if last.trigger == "withdrawn" else "Update" if earlier else "Alert")
    _add(root, "scope", "Restricted")
    _add(root, "restriction", "Press reports, machine-read; for the recipients of the rule")
    if earlier:
        _add(root, "references", " ".join(f"{sender},{_identifier(match)},{_moment(match.at)}" for match in earlier))
    _info(_add(root, "info", None), last, language, link)
    ElementTree.indent(root)
    return '<?xml version="1.0" encoding="utf-8"?>\n' + ElementTree.tostring(root, encoding="unicode") + "\n"


def _info(info: ElementTree.Element, match: Match, language: str, link: str | None) -> None:
    facts, words = match.facts, wording(language)
    said = [tolls(facts, words), victims_line(facts, words), changes(facts, words), facts["quote"] or ""]
    _add(info, "language", {"ko": "ko-KR", "en": "en-US"}[language])
    for category in dict.fromkeys(_CATEGORY.get(kind, "Security") for kind in facts["types"]):
        _add(info, "category", category)
    _add(info, "event", words.of("type", facts["type"]))
    _add(info, "urgency", "Past")
    _add(info, "severity", _severity(facts))
    _add(info, "certainty", _certainty(facts))
    _add(info, "eventCode", None, valueName="sageon:type", value=facts["type"])
    if facts["date"] and facts["date_precision"] == "day":
        _add(info, "onset", f"{facts['date']}T00:00:00-00:00")
    _add(info, "headline", headline(match, words)[:160])
    _add(info, "description", "\n".join(part for part in said if part))
    if link or facts["url"]:
        _add(info, "web", link or facts["url"])
    _add(info, "parameter", None, valueName="sageon:rule", value=match.rule)
    _add(info, "parameter", None, valueName="sageon:reports", value=str(facts["reports"]))
    _add(info, "parameter", None, valueName="sageon:voices", value=str(facts["voices"]))
    if facts["country"] or facts["place"]:
        area = _add(info, "area", None)
        _add(area, "areaDesc", where(facts, words))
        radius = _RADIUS.get(facts["place_precision"] or "")
        if radius is not None and facts["latitude"] is not None and facts["longitude"] is not None:
            _add(area, "circle", f"{facts['latitude']:.4f},{facts['longitude']:.4f} {radius:g}")
        if facts["country"]:
            _add(area, "geocode", None, valueName="ISO3166-1", value=facts["country"])


def _severity(facts: Mapping[str, Any]) -> str:
    high = {name: bounds[1] or 0 for name, bounds in facts["tolls"].items()}
    if high.get("killed", 0) >= 10:
        return "Extreme"
    if high.get("killed", 0) or set(facts["types"]) & _SEVERE:
        return "Severe"
    return "Moderate" if any(high.values()) else "Unknown"


def _certainty(facts: Mapping[str, Any]) -> str:
    """CAP's scale: observed, likely (p > 50 %), possible, unlikely; one voice's allegation is possible."""
    if facts["certainty"] == "denied":
        return "Unlikely"
    if facts["certainty"] == "confirmed":
        return "Observed"
    return "Likely" if facts["voices"] > 1 else "Possible"


def _identifier(match: Match) -> str:
    return f"sageon-{match.rule}-{match.subject.replace(':', '-')}-{match.revision}"


def _moment(when: datetime) -> str:
    """CAP wants seconds and an offset, and no Z."""
    return when.strftime("%Y-%m-%dT%H:%M:%S") + "-00:00"


def _add(parent: ElementTree.Element, name: str, text: str | None, **inside: str) -> ElementTree.Element:
    element = ElementTree.SubElement(parent, f"{{{CAP}}}{name}")
    if text:
        element.text = "".join(c for c in text if c in "\t\n" or c >= " ")
    for key, value in inside.items():
        ElementTree.SubElement(element, f"{{{CAP}}}{key}").text = value
    return element
