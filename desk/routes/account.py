"""Logging in and out."""

from __future__ import annotations

from typing import Annotated
from urllib.parse import urlsplit

from fastapi import APIRouter, Form, Request
from fastapi.responses import RedirectResponse, Response

from desk.access import SESSION_COOKIE, check_form, log_in, log_out
from desk.desk import desk_of
from desk.problems import TooOften
from desk.render import page

router = APIRouter()


@router.get("/login")
def login_page(request: Request, next: str = "/") -> Response:
    """The form."""
    return page(request, "login.html", next=inside(next), failed=False)


@router.post("/login")
def login(
    request: Request,
    name: Annotated[str, Form()] = "",
    password: Annotated[str, Form()] = "",
    token: Annotated[str, Form()] = "",
    next: Annotated[str, Form()] = "/",
) -> Response:
    """Log in, and go on to where the visitor was stopped."""
    desk = desk_of(request)
    check_form(request, token)
    address = request.client.host if request.client else ""
    # By address and by name: neither one address nor many may try a password without end.
    for caller in (f"address {address}", f"name {name[:64].lower()}"):
        if seconds := desk.logins.wait(caller):
            raise TooOften(seconds)
    cookie = log_in(desk, name, password, address)
    if cookie is None:
        return page(request, "login.html", status=401, next=inside(next), failed=True)
    answer = RedirectResponse(inside(next), 303)
    answer.set_cookie(
        SESSION_COOKIE, cookie, max_age=desk.settings.session_hours * 3600, httponly=True, samesite="lax",
        secure=desk.settings.https,
    )  # fmt: skip
    return answer


@router.post("/logout")
def logout(request: Request, token: Annotated[str, Form()] = "") -> Response:
    """Log out, and back to the first page."""
    check_form(request, token)
    cookie = request.cookies.get(SESSION_COOKIE)
    if cookie:
        log_out(desk_of(request), cookie)
    answer = RedirectResponse("/", 303)
    answer.delete_cookie(SESSION_COOKIE)
    return answer


def inside(target: str) -> str:
    """The target where it is an address of this desk, else the first page: a link must not lead elsewhere by us."""
    try:
        parts = urlsplit(target)
    except ValueError:  # "//[": no address at all
        return "/"
    ours = target.startswith("/") and not target.startswith(("//", "/\\")) and not parts.scheme and not parts.netloc
    return target if ours and target.isprintable() and "\\" not in target else "/"
