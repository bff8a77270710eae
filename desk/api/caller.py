"""Who calls the API, how often they may, and answers that say nothing where nothing has changed."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Coroutine
from typing import Annotated, Any

from fastapi import Depends, Path, Request
from fastapi.responses import Response
from fastapi.routing import APIRoute

from desk.access import Viewer, needs, viewer_of
from desk.desk import Desk, desk_of
from desk.problems import TooOften

Reader = Annotated[Viewer, Depends(needs("reader"))]
Analyst = Annotated[Viewer, Depends(needs("analyst"))]
Admin = Annotated[Viewer, Depends(needs("admin"))]
TheDesk = Annotated[Desk, Depends(desk_of)]
#: A key of the database: beyond it neither SQLite nor PostgreSQL has numbers.
Id = Annotated[int, Path(ge=1, le=2**63 - 1)]


def allowed(request: Request) -> None:
    """Count the call. Raises LoginNeeded, TooOften."""
    viewer = viewer_of(request)
    address = request.client.host if request.client else ""
    caller = f"{viewer.way} {viewer.name}" if viewer.way != "operator" else f"address {address}"
    if seconds := desk_of(request).api.wait(caller):
        raise TooOften(seconds)


class Conditional(APIRoute):
    """A route whose GET answers carry an ETag of their content, and are empty (304) for a caller that has it."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        handler = super().get_route_handler()

        async def answer(request: Request) -> Response:
            response = await handler(request)
            body = getattr(response, "body", None)
            if request.method not in ("GET", "HEAD") or response.status_code != 200 or not isinstance(body, bytes):
                return response
            tag = etag(body)
            headers = {"ETag": tag, "Cache-Control": "private, no-cache", "Vary": "Authorization, Cookie"}
            for header in ("link",):
                if header in response.headers:
                    headers[header] = response.headers[header]
            if has(request, tag):
                return Response(status_code=304, headers=headers)
            response.headers.update(headers)
            return response

        return answer


def etag(body: bytes) -> str:
    """A strong tag: equal for equal bytes only."""
    return f'"{hashlib.blake2b(body, digest_size=12).hexdigest()}"'


def has(request: Request, tag: str) -> bool:
    """Whether the caller says that it has the answer with this tag."""
    held = {item.strip().removeprefix("W/") for item in request.headers.get("if-none-match", "").split(",")}
    return "*" in held or tag in held
