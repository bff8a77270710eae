"""The filter, the place in a list and its length, read from a query string and told in the API's description."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, get_args, get_type_hints
from urllib.parse import urlencode

from fastapi import Query, Request
from fastapi.responses import Response

from desk.links import read_state
from storage.cells import CERTAINTIES, GRAVITY, MOST_COUNT
from storage.filters import MOST_LETTERS, ORDERS, PARAMETERS, STATUSES, Filter

MOST_ROWS = 500
Limit = Annotated[int, Query(ge=1, le=MOST_ROWS, description="At most so many.")]
After = Annotated[str | None, Query(max_length=400, description="`next` of the page before.")]
AfterId = Annotated[int, Query(ge=0, le=2**63 - 1, description="`next` of the page before; 0: from the beginning.")]
Names = Annotated[bool, Query(description="false: people's names and descriptions are left out.")]

_MEANINGS = {
    "type": "Leading or linked type.",
    "country": "Where it happened, ISO 3166.",
    "nationality": "A victim's nationality, ISO 3166.",
    "place": "Part of the place's name.",
    "box": "Inside west,south,east,north in degrees.",
    "since": "Happened on this day or later.",
    "until": "Happened on this day or earlier.",
    "seen_since": "First seen on this day or later.",
    "changed_since": "Changed on this day or later.",
    "certainty": "How sure the reports are.",
    "status": "Else: all but rejected and merged.",
    "source": "Told by this source.",
    "language": "Told in this language.",
    "text": "Words that one of its articles holds.",
    "voices": "Told by at least so many independent voices.",
    "order": "The newest first: latest change, first seen, or date of the event.",
}
_WORDS = {"type": GRAVITY, "certainty": CERTAINTIES, "status": STATUSES}


def asked(request: Request) -> Filter:
    """The filter of the query string, without the keys that are none. Raises BadFilter."""
    return read_state(request.url.query)[0]


def parameters() -> list[dict[str, Any]]:
    """The filter's parameters as OpenAPI describes them."""
    kinds = get_type_hints(Filter)
    return [
        {
            "name": parameter,
            "in": "query",
            "required": False,
            "description": _MEANINGS.get(parameter, f"At least so many {parameter}."),
            "schema": _schema(parameter, kinds[name]),
        }
        for parameter, name in PARAMETERS.items()
    ]


def _schema(parameter: str, kind: Any) -> dict[str, Any]:
    if kind == tuple[str, ...]:
        item: dict[str, Any] = {"type": "string", "maxLength": MOST_LETTERS}
        if parameter in _WORDS:
            item = {"type": "string", "enum": list(_WORDS[parameter])}
        elif parameter in ("country", "nationality"):
            item = {"type": "string", "pattern": "^[A-Z]{2}$"}
        return {"type": "array", "items": item, "maxItems": 100}
    if parameter == "order":
        return {"type": "string", "enum": list(ORDERS)}
    if parameter == "box":
        return {"type": "string", "example": "90,-10,140,30"}
    if date in get_args(kind):
        return {"type": "string", "format": "date"}
    if int in get_args(kind):
        return {"type": "integer", "minimum": 0, "maximum": MOST_COUNT}
    return {"type": "string", "maxLength": MOST_LETTERS}


#: For routes that take the filter: `openapi_extra=FILTERED`.
FILTERED: dict[str, Any] = {"parameters": parameters()}


def link_next(request: Request, response: Response, after: str | int | None) -> None:
    """Name the next page in the Link header (RFC 8288), for callers that follow links."""
    if after is None:
        return
    kept = [(key, value) for key, value in request.query_params.multi_items() if key != "after"]
    query = urlencode([*kept, ("after", after)])
    response.headers["Link"] = f'<{request.url.path}?{query}>; rel="next"'
