"""Accounts, browser sessions and API tokens of the desk. Secrets come in hashed: none is ever kept as it is."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from storage.cells import check_text
from storage.errors import BadEdit, NotFound
from storage.models import Account as AccountRow
from storage.models import ApiToken, Audit, DeskSession

#: Each may do what those before it may. A reader reads and exports, an analyst curates, an admin manages accounts.
ROLES = ("reader", "analyst", "admin")
_NAME = re.compile(r"[\w.@+-]{1,64}")


@dataclass(frozen=True, slots=True)
class Account:
    """A person who may log in."""

    id: int
    name: str
    role: str
    active: bool
    created: datetime
    last_login: datetime | None
    password_hash: str


@dataclass(frozen=True, slots=True)
class Token:
    """A program's key to the API."""

    id: int
    name: str
    role: str
    created: datetime
    created_by: str
    last_used: datetime | None
    revoked: datetime | None


def add_account(session: Session, name: str, password_hash: str, role: str, now: datetime) -> Account:
    """A new account. Raises BadEdit where the name is taken or cannot be one."""
    _check_role(role)
    if not _NAME.fullmatch(name):
        raise BadEdit(f"{name!r} is no account name; write letters, digits and . @ + - _, at most 64")
    if session.scalar(select(AccountRow.id).where(AccountRow.name == name)) is not None:
        raise BadEdit(f"there is an account {name!r} already")
    row = AccountRow(name=name, password_hash=password_hash, role=role, active=True, created=now)
    session.add(row)
    session.flush()
    return _account(row)


def account_named(session: Session, name: str) -> Account | None:
    """The account of that name, active or not."""
    row = session.scalar(select(AccountRow).where(AccountRow.name == name))
    return _account(row) if row is not None else None


def accounts(session: Session) -> list[Account]:
    """Every account, by name."""
    return [_account(row) for row in session.scalars(select(AccountRow).order_by(AccountRow.name))]


def change_account(
    session: Session,
    name: str,
    *,
    role: str | None = None,
    active: bool | None = None,
    password_hash: str | None = None,
) -> None:
    """Change what is given; its sessions end. Raises NotFound, and BadEdit where no active admin would be left."""
    row = session.scalar(select(AccountRow).where(AccountRow.name == name))
    if row is None:
        raise NotFound(f"there is no account {name!r}")
    if role is not None:
        _check_role(role)
        row.role = role
    if active is not None:
        row.active = active
    if password_hash is not None:
        row.password_hash = password_hash
    session.flush()
    everyone = accounts(session)
    if not any(account.role == "admin" and account.active for account in everyone):
        raise BadEdit(f"{name!r} is the last admin: make another account admin first")
    session.execute(delete(DeskSession).where(DeskSession.account_id == row.id))


def guarded(session: Session) -> bool:
    """Whether anybody has been given a key: an active account, or a token that was not revoked."""
    account = select(AccountRow.id).where(AccountRow.active).limit(1)
    token = select(ApiToken.id).where(ApiToken.revoked.is_(None)).limit(1)
    return session.scalar(account) is not None or session.scalar(token) is not None


def open_session(session: Session, account_id: int, token_hash: str, now: datetime, expires: datetime) -> None:
    """Note that a browser has logged in; sessions that ran out are cleared away."""
    session.execute(delete(DeskSession).where(DeskSession.expires < now))
    session.add(DeskSession(token_hash=token_hash, account_id=account_id, created=now, expires=expires))
    session.get_one(AccountRow, account_id).last_login = now
    session.flush()


def session_account(session: Session, token_hash: str, now: datetime) -> Account | None:
    """Whose session it is, None where there is none, it ran out, or the account was switched off."""
    row = session.scalar(
        select(AccountRow)
        .join(DeskSession, DeskSession.account_id == AccountRow.id)
        .where(DeskSession.token_hash == token_hash, DeskSession.expires > now, AccountRow.active)
    )
    return _account(row) if row is not None else None


def close_session(session: Session, token_hash: str) -> None:
    """Log a browser out."""
    session.execute(delete(DeskSession).where(DeskSession.token_hash == token_hash))


def add_token(session: Session, name: str, token_hash: str, role: str, by: str, now: datetime) -> Token:
    """A new token. Raises BadEdit."""
    _check_role(role)
    if not name.strip():
        raise BadEdit("a token needs a name that says what uses it")
    row = ApiToken(
        name=check_text("name", name.strip()[:100]), token_hash=token_hash, role=role, created=now, created_by=by
    )
    session.add(row)
    session.flush()
    return _token(row)


def tokens(session: Session) -> list[Token]:
    """Every token, the newest first."""
    return [_token(row) for row in session.scalars(select(ApiToken).order_by(ApiToken.id.desc()))]


def token_of(session: Session, token_hash: str) -> Token | None:
    """The token with this hash, None where there is none or it was revoked."""
    row = session.scalar(select(ApiToken).where(ApiToken.token_hash == token_hash, ApiToken.revoked.is_(None)))
    return _token(row) if row is not None else None


def note_use(session: Session, token_id: int, now: datetime) -> None:
    """Note when a token was last used."""
    session.get_one(ApiToken, token_id).last_used = now


def revoke_token(session: Session, token_id: int, now: datetime) -> None:
    """Take a token's right away. Raises NotFound."""
    row = session.get(ApiToken, token_id)
    if row is None:
        raise NotFound(f"there is no token {token_id}")
    row.revoked = row.revoked or now


def write_audit(session: Session, who: str, action: str, detail: dict[str, Any], now: datetime) -> None:
    """A line for whoever must answer for the table (read by `storage.people.audit_lines`)."""
    session.add(Audit(at=now, who=who, action=action, detail=detail))
    session.flush()


def count_accounts(session: Session) -> int:
    """How many accounts there are, active or not."""
    return session.scalar(select(func.count()).select_from(AccountRow)) or 0


def _check_role(role: str) -> None:
    if role not in ROLES:
        raise BadEdit(f"{role!r} is no role; the roles are {', '.join(ROLES)}")


def _account(row: AccountRow) -> Account:
    return Account(row.id, row.name, row.role, row.active, row.created, row.last_login, row.password_hash)


def _token(row: ApiToken) -> Token:
    return Token(row.id, row.name, row.role, row.created, row.created_by, row.last_used, row.revoked)
