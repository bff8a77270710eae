"""The shape of a failure (RFC 9457), as the API's description tells it. `desk.problems` makes them."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, Field


class ProblemBody(BaseModel):
    """What went wrong. `type` names the kind and does not change; `detail` says what would be right."""

    type: str = Field(examples=["urn:sageon:problem:bad-filter"])
    title: str
    status: int
    detail: str
    instance: str


_MEANINGS = {
    400: "The filter, the place in the list or the format cannot be meant.",
    401: "No login and no valid token.",
    403: "The role does not allow it.",
    404: "There is no such thing.",
    405: "This is not done this way.",
    409: "There is nothing to undo.",
    412: "It changed since it was read.",
    413: "The body is too large.",
    422: "The values cannot be stored.",
    429: "Too many requests; Retry-After says when to come again.",
}
PROBLEMS: dict[int | str, dict[str, Any]] = {
    status: {
        "description": meaning,
        "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}},
    }
    for status, meaning in _MEANINGS.items()
}
