"""Accounts, tokens and the audit log: for admins."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Path, Query
from pydantic import BaseModel, ConfigDict, Field

from desk.api.caller import Admin, Conditional, Id, TheDesk
from desk.passwords import hash_password, new_token, token_hash
from storage.accounts import (
    account_named,
    accounts,
    add_account,
    add_token,
    change_account,
    revoke_token,
    tokens,
    write_audit,
)
from storage.people import audit_lines

router = APIRouter(route_class=Conditional, tags=["administration"])
Role = Literal["reader", "analyst", "admin"]
Name = Annotated[str, Path(max_length=64, pattern=r"^[\w.@+-]+$")]


class Known(BaseModel):
    """Built by attribute; no hash of a secret is among the fields."""

    model_config = ConfigDict(from_attributes=True)


class AccountItem(Known):
    name: str
    role: str
    active: bool
    created: datetime
    last_login: datetime | None


class TokenItem(Known):
    id: int
    name: str
    role: str
    created: datetime
    created_by: str
    last_used: datetime | None
    revoked: datetime | None


class NewTokenItem(TokenItem):
    """The token itself is told this once only."""

    token: str


class AuditLine(BaseModel):
    at: datetime
    who: str
    action: str
    detail: dict[str, Any]


class Order(BaseModel):
    model_config = ConfigDict(extra="forbid")


class NewAccount(Order):
    name: Annotated[str, Field(max_length=64, pattern=r"^[\w.@+-]+$")]
    password: Annotated[str, Field(max_length=200)]
    role: Role


class AccountChange(Order):
    """What is given is changed; the account's sessions end."""

    role: Role | None = None
    active: bool | None = None
    password: Annotated[str, Field(max_length=200)] | None = None


class NewToken(Order):
    name: Annotated[str, Field(min_length=1, max_length=100)]
    role: Role


@router.get("/accounts")
def list_accounts(desk: TheDesk, viewer: Admin) -> list[AccountItem]:
    """Every account, by name."""
    with desk.db.read() as session:
        return [AccountItem.model_validate(account) for account in accounts(session)]


@router.post("/accounts", status_code=201)
def create_account(desk: TheDesk, viewer: Admin, body: NewAccount) -> AccountItem:
    """A new account."""
    hashed, now = hash_password(body.password), desk.settings.now()
    with desk.db.write() as session:
        account = add_account(session, body.name, hashed, body.role, now)
        write_audit(session, viewer.name, "account added", {"account": body.name, "role": body.role}, now)
    return AccountItem.model_validate(account)


@router.patch("/accounts/{name}")
def alter_account(desk: TheDesk, viewer: Admin, name: Name, body: AccountChange) -> AccountItem:
    """Change role, password, or whether it may log in. The last active admin cannot be taken away."""
    hashed = hash_password(body.password) if body.password is not None else None
    detail = {"account": name, **body.model_dump(exclude={"password"}, exclude_none=True)}
    with desk.db.write() as session:
        change_account(session, name, role=body.role, active=body.active, password_hash=hashed)
        write_audit(session, viewer.name, "account changed", detail | {"password": hashed is not None},
                    desk.settings.now())  # fmt: skip
        return AccountItem.model_validate(account_named(session, name))


@router.get("/tokens")
def list_tokens(desk: TheDesk, viewer: Admin) -> list[TokenItem]:
    """Every token, the newest first, without its secret."""
    with desk.db.read() as session:
        return [TokenItem.model_validate(token) for token in tokens(session)]


@router.post("/tokens", status_code=201)
def create_token(desk: TheDesk, viewer: Admin, body: NewToken) -> NewTokenItem:
    """A new token for a program. It is told in this answer and never again."""
    secret, now = new_token(), desk.settings.now()
    with desk.db.write() as session:
        token = add_token(session, body.name, token_hash(secret), body.role, viewer.name, now)
        write_audit(session, viewer.name, "token added", {"token": token.id, "role": body.role}, now)
    return NewTokenItem(**TokenItem.model_validate(token).model_dump(), token=secret)


@router.delete("/tokens/{token_id}", status_code=204)
def delete_token(desk: TheDesk, viewer: Admin, token_id: Id) -> None:
    """Take a token's right away."""
    now = desk.settings.now()
    with desk.db.write() as session:
        revoke_token(session, token_id, now)
        write_audit(session, viewer.name, "token revoked", {"token": token_id}, now)


@router.get("/audit")
def list_audit(desk: TheDesk, viewer: Admin, limit: Annotated[int, Query(ge=1, le=1000)] = 100) -> list[AuditLine]:
    """Logins, changes of accounts and tokens, exports and removals, the newest first."""
    with desk.db.read() as session:
        return [
            AuditLine(at=at, who=who, action=action, detail=detail)
            for at, who, action, detail in audit_lines(session, limit)
        ]
