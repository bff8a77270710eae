"""Records of `extract` as JSON values and back, for the columns that keep a report whole."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from extract.records import Count, EventDate, Evidence, IncidentReport, Perpetrator, Place, Victim


def report_to_json(report: IncidentReport) -> dict[str, Any]:
    """The report without its evidence (that has a table of its own); unknown values are left out."""
    body = asdict(report)
    del body["evidence"]
    return {key: _trim(value) for key, value in body.items() if value not in (None, (), {})}


def report_from_json(body: Mapping[str, Any], evidence: tuple[Evidence, ...] = ()) -> IncidentReport:
    """The report that `report_to_json` made `body` of."""
    fields = dict(body)
    fields["other_types"] = tuple(fields.get("other_types", ()))
    if fields.get("place"):
        fields["place"] = Place(**fields["place"])
    if fields.get("date"):
        fields["date"] = EventDate(**fields["date"])
    fields["victims"] = tuple(Victim(**victim) for victim in fields.get("victims", ()))
    fields["perpetrators"] = tuple(Perpetrator(**person) for person in fields.get("perpetrators", ()))
    for name in ("killed", "injured", "held", "missing"):
        if fields.get(name):
            fields[name] = Count(**fields[name])
    return IncidentReport(**fields, evidence=evidence)


def _trim(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: inner for key, inner in value.items() if inner is not None}
    if isinstance(value, (list, tuple)):
        return [_trim(inner) for inner in value]
    return value
