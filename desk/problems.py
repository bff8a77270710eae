"""What goes wrong, as an answer: a page for people, RFC 9457 for programs. Nothing of the inside is told."""

from __future__ import annotations

import json
from dataclasses import dataclass
from urllib.parse import urlencode

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import RedirectResponse, Response
from starlette.exceptions import HTTPException

from desk.access import Forbidden, LoginNeeded
from desk.labels import _
from desk.render import page
from storage.errors import BadEdit, BadFilter, NotFound, NothingToUndo
from storage.export import MissingFormat

JSON = "application/problem+json"


class TooOften(Exception):  # noqa: N818 - named for what happened
    """The caller must wait so many seconds."""

    def __init__(self, seconds: float) -> None:
        super().__init__(f"too many requests; try again in {max(1, round(seconds))} s")
        self.seconds = seconds


class Outdated(Exception):  # noqa: N818
    """It changed since the caller read it."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One kind of failure. `name` ends its type, `title` is for people."""

    status: int
    name: str
    title: str


KINDS: dict[type[Exception], Problem] = {
    BadFilter: Problem(400, "bad-filter", _("This filter cannot be meant")),
    BadEdit: Problem(422, "bad-edit", _("This cannot be stored")),
    MissingFormat: Problem(400, "no-such-format", _("There is no such format")),
    NotFound: Problem(404, "not-found", _("There is no such thing here")),
    NothingToUndo: Problem(409, "nothing-to-undo", _("There is nothing to undo")),
    LoginNeeded: Problem(401, "login-needed", _("Please log in")),
    Forbidden: Problem(403, "forbidden", _("This is not allowed")),
    Outdated: Problem(412, "outdated", _("It has changed")),
    TooOften: Problem(429, "too-often", _("Too many requests")),
}


def is_api(request: Request) -> bool:
    """Whether a program asks: of the API, or for a file that it does not want to see as a page."""
    path = request.url.path
    html = "text/html" in request.headers.get("accept", "")
    return path.startswith("/api/") or (path.startswith(("/incidents.", "/alerts/", "/metrics")) and not html)


def answer(request: Request, problem: Problem, detail: str, headers: dict[str, str] | None = None) -> Response:
    """The failure as the asker can read it."""
    if is_api(request):
        body = {
            "type": f"urn:sageon:problem:{problem.name}",
            "title": problem.title,
            "status": problem.status,
            "detail": detail,
            "instance": request.url.path,
        }
        # What was asked may hold half a character, which no UTF-8 has.
        told = json.dumps(body, ensure_ascii=False).encode("utf-8", "replace")
        return Response(told, problem.status, headers, JSON)
    response = page(request, "error.html", status=problem.status, problem=problem, detail=detail)
    response.headers.update(headers or {})
    return response


def _ours(request: Request, error: Exception) -> Response:
    problem = KINDS[type(error)]
    headers = {}
    if isinstance(error, LoginNeeded):
        if not is_api(request) and request.method == "GET":
            here = request.url.path + (f"?{request.url.query}" if request.url.query else "")
            return RedirectResponse(f"/login?{urlencode({'next': here})}", 303)
        headers = {"WWW-Authenticate": "Bearer"}
    elif isinstance(error, TooOften):
        headers = {"Retry-After": str(max(1, round(error.seconds)))}
    return answer(request, problem, str(error), headers)


def _http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    titles = {404: _("There is no such page"), 405: _("This is not done this way")}
    problem = Problem(
        error.status_code, f"http-{error.status_code}", titles.get(error.status_code, _("It did not work"))
    )
    return answer(request, problem, str(error.detail), dict(error.headers or {}))


def _invalid(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    wrong = "; ".join(f"{'.'.join(str(part) for part in item['loc'][1:])}: {item['msg']}" for item in error.errors())
    return answer(request, Problem(422, "invalid", _("This cannot be read")), wrong)


def install(app: FastAPI) -> None:
    """Answer every foreseen failure this way; what is not foreseen ends in desk.guard."""
    for kind in KINDS:
        app.add_exception_handler(kind, _ours)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(RequestValidationError, _invalid)
