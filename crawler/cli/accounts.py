"""`sageon accounts`: who may log in to the desk, and which programs hold a token."""

from __future__ import annotations

import getpass
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from crawler.cli.options import database_option, settings
from crawler.cli.tables import print_table

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

ROLES = ("reader", "analyst", "admin")
role_option = click.option("--role", type=click.Choice(ROLES), required=True, help="What they may do.")


def stdin_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """`--stdin`: the password comes in the first line of standard input, for scripts."""
    return click.option("--stdin", "piped", is_flag=True, help="Read the password from standard input.")(command)


@click.group()
def accounts() -> None:
    """Who may use the desk: reader (read, export), analyst (correct as well), admin (accounts and tokens as well)."""


@accounts.command("list")
@database_option
def list_accounts(**where: Any) -> None:
    """Every account, and every token without its secret."""
    from storage.accounts import accounts as every_account
    from storage.accounts import tokens

    with changing(**where) as session:
        people, keys = every_account(session), tokens(session)
    rows = [
        ("account", one.name, one.role, "" if one.active else "disabled", _minute(one.created), _minute(one.last_login))
        for one in people
    ]
    rows += [
        (f"token {one.id}", one.name, one.role, "revoked" if one.revoked else "", _minute(one.created),
         _minute(one.last_used))
        for one in keys
    ]  # fmt: skip
    print_table(("kind", "name", "role", "state", "made", "last used"), rows)


@accounts.command()
@click.argument("name")
@role_option
@stdin_option
@database_option
def add(name: str, role: str, piped: bool, **where: Any) -> None:
    """Make an account; the password is asked for."""
    from desk.passwords import hash_password
    from storage.accounts import add_account, write_audit

    with changing(**where) as session:
        hashed = hash_password(password(name, piped))
        add_account(session, name, hashed, role, _now())
        write_audit(session, operator(), "account added", {"account": name, "role": role}, _now())
    click.echo(f"{name} may log in as {role}")


@accounts.command("password")
@click.argument("name")
@stdin_option
@database_option
def set_password(name: str, piped: bool, **where: Any) -> None:
    """Give an account a new password; its sessions end."""
    from desk.passwords import hash_password

    with changing(**where) as session:
        _change(session, name, password_hash=hash_password(password(name, piped)))
    click.echo(f"{name} has a new password")


@accounts.command("role")
@click.argument("name")
@click.argument("role", type=click.Choice(ROLES))
@database_option
def set_role(name: str, role: str, **where: Any) -> None:
    """Give an account another role; its sessions end."""
    with changing(**where) as session:
        _change(session, name, role=role)
    click.echo(f"{name} is {role}")


@accounts.command()
@click.argument("name")
@database_option
def disable(name: str, **where: Any) -> None:
    """Let an account log in no more; what it did stays."""
    with changing(**where) as session:
        _change(session, name, active=False)
    click.echo(f"{name} may not log in")


@accounts.command()
@click.argument("name")
@database_option
def enable(name: str, **where: Any) -> None:
    """Let a disabled account log in again."""
    with changing(**where) as session:
        _change(session, name, active=True)
    click.echo(f"{name} may log in")


@accounts.command()
@click.argument("name")
@role_option
@database_option
def token(name: str, role: str, **where: Any) -> None:
    """Make a token for a program; NAME says what uses it. It is printed once and kept hashed."""
    from desk.passwords import new_token, token_hash
    from storage.accounts import add_token, write_audit

    secret = new_token()
    with changing(**where) as session:
        made = add_token(session, name, token_hash(secret), role, operator(), _now())
        write_audit(session, operator(), "token added", {"token": made.id, "role": role}, _now())
    click.echo(secret)


@accounts.command()
@click.argument("number", metavar="TOKEN", type=click.IntRange(1))
@database_option
def revoke(number: int, **where: Any) -> None:
    """Take the right of token number TOKEN away (the numbers stand in `sageon accounts list`)."""
    from storage.accounts import revoke_token, write_audit

    with changing(**where) as session:
        revoke_token(session, number, _now())
        write_audit(session, operator(), "token revoked", {"token": number}, _now())
    click.echo(f"token {number} is revoked")


@contextmanager
def changing(config_file: Path | None, database: str | None) -> Iterator[Session]:
    """A session for one change. What storage refuses is a bad argument, and nothing is written then."""
    from crawler.cli.stored import opened
    from storage.errors import BadEdit, NotFound

    try:
        with opened(settings(config_file, database)) as base, base.write() as session:
            yield session
    except (BadEdit, NotFound) as error:
        raise click.UsageError(str(error), click.get_current_context()) from error


def password(name: str, piped: bool) -> str:
    """The password as it is typed twice, or from standard input; never from the command line, where others see it."""
    if piped:
        return sys.stdin.readline().rstrip("\r\n")
    if not sys.stdin.isatty():
        raise click.UsageError("no terminal to ask for the password; pipe it in with --stdin")
    typed: str = click.prompt(f"password of {name}", hide_input=True, confirmation_prompt=True)
    return typed


def operator() -> str:
    """Who runs the command."""
    return getpass.getuser()


def _change(session: Session, name: str, **what: Any) -> None:
    from storage.accounts import change_account, write_audit

    change_account(session, name, **what)
    detail = {"account": name, **{key: value for key, value in what.items() if key != "password_hash"}}
    write_audit(session, operator(), "account changed", detail | {"password": "password_hash" in what}, _now())


def _now() -> datetime:
    return datetime.now(UTC)


def _minute(moment: datetime | None) -> str:
    return f"{moment:%Y-%m-%d %H:%M}" if moment else ""
