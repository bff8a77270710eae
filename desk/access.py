"""Who asks, and whether they may: sessions of browsers, tokens of programs, and forms that only our own pages send."""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import urlsplit

from fastapi import Request

from desk.desk import Desk, desk_of
from desk.passwords import token_hash, verify_password
from storage.accounts import (
    ROLES,
    account_named,
    close_session,
    note_use,
    open_session,
    session_account,
    token_of,
    write_audit,
)

SESSION_COOKIE = "sageon_session"
#: Random, for every browser: the key of its forms' CSRF tokens.
VISIT_COOKIE = "sageon_visit"
#: Hexadecimal digits of a form token that make it another one for every page.
SALT = 16
#: A token's time of use is written at most so often: reading must not be writing.
USE_NOTED = timedelta(minutes=10)


class LoginNeeded(Exception):  # noqa: N818 - named for what happened
    """Nobody is known to ask, and the desk asks for a login."""


class Forbidden(Exception):  # noqa: N818
    """The one who asks may not do that."""


@dataclass(frozen=True, slots=True)
class Viewer:
    """Who asks. `way`: operator (nobody logs in here), session or token."""

    name: str
    role: str
    way: str

    def may(self, role: str) -> bool:
        """Whether the viewer has that role or a greater one."""
        return ROLES.index(self.role) >= ROLES.index(role)


def viewer_of(request: Request) -> Viewer:
    """Who asks; found out once for a request. Raises LoginNeeded."""
    held: Viewer | None = getattr(request.state, "viewer", None)
    if held is None:
        held = request.state.viewer = _find_viewer(request)
    return held


def _find_viewer(request: Request) -> Viewer:
    desk = desk_of(request)
    if (token := token_in(request.headers.get("authorization", ""))) is not None:
        return _of_token(desk, token)
    cookie = request.cookies.get(SESSION_COOKIE)
    if cookie:
        with desk.db.read() as session:
            account = session_account(session, token_hash(cookie), desk.settings.now())
        if account is not None:
            return Viewer(account.name, account.role, "session")
    if not desk.settings.login:
        return Viewer(desk.settings.operator, "admin", "operator")
    raise LoginNeeded("log in, or send a token as 'Authorization: Bearer ...'")


def token_in(authorization: str) -> str | None:
    """The token of an Authorization header: Bearer, or Basic with the token as the password (spreadsheets and feed
    readers can do no other). None where there is none.
    """
    kind, _, value = authorization.partition(" ")
    if kind.lower() == "bearer":
        return value.strip()
    if kind.lower() == "basic":
        try:
            return base64.b64decode(value.strip(), validate=True).decode().partition(":")[2]
        except ValueError:
            return ""
    return None


def _of_token(desk: Desk, token: str) -> Viewer:
    now = desk.settings.now()
    with desk.db.read() as session:
        held = token_of(session, token_hash(token))
    if held is None:
        raise LoginNeeded("this token is not known, or was revoked")
    if held.last_used is None or now - held.last_used > USE_NOTED:
        with desk.db.write() as session:
            note_use(session, held.id, now)
    return Viewer(f"token {held.name}", held.role, "token")


def needs(role: str) -> Callable[[Request], Viewer]:
    """A dependency: the viewer, who must have the role. Raises LoginNeeded, Forbidden."""

    def check(request: Request) -> Viewer:
        viewer = viewer_of(request)
        if not viewer.may(role):
            raise Forbidden(f"this is for the role {role}; {viewer.name} is {viewer.role}")
        return viewer

    return check


def form_token(request: Request) -> str:
    """A token that a form of this browser must bring along; another one for every page (a packed page of which
    part can be guessed must not give it away bit by bit).
    """
    salt = secrets.token_hex(SALT // 2)
    return salt + _signed(request, salt)


def _signed(request: Request, salt: str) -> str:
    bound = request.cookies.get(SESSION_COOKIE, "")
    return hmac.new(visit_of(request).encode(), f"{salt} {token_hash(bound)}".encode(), hashlib.sha256).hexdigest()


def visit_of(request: Request) -> str:
    """The browser's random key; drawn now where it has none (the answer then sets the cookie)."""
    visit = request.cookies.get(VISIT_COOKIE) or getattr(request.state, "visit", None)
    if not visit:
        visit = request.state.visit = secrets.token_urlsafe(24)
    return str(visit)


def check_form(request: Request, token: str) -> None:
    """Raise Forbidden for a form that was not made for this browser."""
    ours = token[:SALT] + _signed(request, token[:SALT])
    if VISIT_COOKIE not in request.cookies or not hmac.compare_digest(ours.encode(), token.encode()):
        raise Forbidden("this form is out of date: load the page again and repeat what you did")


def foreign_origin(request: Request) -> bool:
    """Whether a page of another site sent this (browsers say so in Origin and Sec-Fetch-Site)."""
    site = request.headers.get("sec-fetch-site")
    if site is not None and site not in ("same-origin", "none"):
        return True
    origin = request.headers.get("origin")
    return origin is not None and urlsplit(origin).netloc != request.headers.get("host")


def log_in(desk: Desk, name: str, password: str, address: str) -> str | None:
    """The cookie of a new session, None where name and password do not fit. Both are written to the audit."""
    now = desk.settings.now()
    with desk.db.read() as session:
        account = account_named(session, name)
    known = account is not None and account.active
    fits = verify_password(password, account.password_hash if account is not None and known else None)
    with desk.db.write() as session:
        if not fits or account is None:
            write_audit(session, name[:64], "login refused", {"address": address}, now)
            return None
        cookie = secrets.token_urlsafe(32)
        expires = now + timedelta(hours=desk.settings.session_hours)
        open_session(session, account.id, token_hash(cookie), now, expires)
        write_audit(session, account.name, "login", {"address": address}, now)
    return cookie


def log_out(desk: Desk, cookie: str) -> None:
    """End a browser's session."""
    with desk.db.write() as session:
        close_session(session, token_hash(cookie))
