"""`sageon accounts` and what `sageon serve` asks for before it lets others in."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

from crawler.cli import main
from crawler.cli.serve import is_loopback


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.chdir(tmp_path)
    return str(tmp_path / "table.db")


def sageon(file: str, *arguments: str, password: str = "") -> int:
    """The exit code of an `accounts` command, the password piped in."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("sys.stdin", io.StringIO(f"{password}\n"))
        return main(["accounts", *arguments, "--database", file])


def test_an_account_is_made_changed_and_listed(file: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert sageon(file, "add", "kim", "--role", "admin", "--stdin", password="a long enough one") == 0
    assert sageon(file, "add", "lee", "--role", "reader", "--stdin", password="another long one") == 0
    assert sageon(file, "role", "lee", "analyst") == 0
    assert sageon(file, "disable", "lee") == 0
    capsys.readouterr()
    assert sageon(file, "list") == 0
    rows = [line.split("\t")[:4] for line in capsys.readouterr().out.splitlines()]
    assert ["account", "lee", "analyst", "disabled"] in rows
    assert ["account", "kim", "admin", ""] in rows


def test_a_token_is_shown_once_and_can_be_revoked(file: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert sageon(file, "token", "export job", "--role", "reader") == 0
    secret = capsys.readouterr().out.strip()
    assert secret.startswith("sgn_") and len(secret) > 40
    assert sageon(file, "revoke", "1") == 0
    sageon(file, "list")
    shown = capsys.readouterr().out
    assert secret not in shown and "revoked" in shown


@pytest.mark.parametrize(
    ("arguments", "password", "message"),
    [(("add", "kim", "--role", "reader", "--stdin"), "short", "10 to 200"),
     (("add", "kim lee", "--role", "reader", "--stdin"), "long enough one", "no account name"),
     (("role", "nobody", "admin"), "", "no account 'nobody'"), (("revoke", "9"), "", "no token 9"),
     (("add", "kim", "--role", "reader"), "", "--stdin")],
)  # fmt: skip
def test_what_cannot_be_is_one_line_and_exit_code_2(
    file: str, capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...], password: str, message: str
) -> None:
    assert sageon(file, *arguments, password=password) == 2
    error = capsys.readouterr().err
    assert message in error and error.count("\n") == 1


def test_the_last_admin_cannot_be_taken_away(file: str, capsys: pytest.CaptureFixture[str]) -> None:
    sageon(file, "add", "kim", "--role", "admin", "--stdin", password="a long enough one")
    for arguments in (("disable", "kim"), ("role", "kim", "reader")):
        assert sageon(file, *arguments) == 2
        assert "last admin" in capsys.readouterr().err


@pytest.mark.parametrize("options", [("--host", "0.0.0.0"), ("--host", "192.0.2.1"), ("--login",)])
def test_the_desk_lets_nobody_in_before_somebody_has_a_key(
    file: str, capsys: pytest.CaptureFixture[str], options: tuple[str, ...]
) -> None:
    main(["db", "upgrade", "--database", file])
    assert main(["serve", "--port", "0", "--database", file, *options]) == 2
    assert "sageon accounts add" in capsys.readouterr().err


def test_the_desk_needs_a_table(file: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["serve", "--database", file]) == 2
    assert "there is no database" in capsys.readouterr().err


@pytest.mark.parametrize("host", ["127.0.0.1", "127.8.9.1", "::1", "[::1]", "localhost"])
def test_loopback_is_this_machine(host: str) -> None:
    assert is_loopback(host)


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.1.5", "desk.example", "localhost.example", ""])
def test_anything_else_is_not(host: str) -> None:
    assert not is_loopback(host)
