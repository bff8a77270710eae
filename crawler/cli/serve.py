"""`sageon serve`: the analysts' desk, in a browser and as an API."""

from __future__ import annotations

import ipaddress
from pathlib import Path

import click

from crawler.cli.options import database_option, settings


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", type=click.IntRange(0, 65535), default=8000, show_default=True, help="Port; 0: any free one.")
@click.option("--login", is_flag=True, help="Everybody must log in or bring a token (always so beyond loopback).")
@click.option("--https", is_flag=True, help="The desk is reached by TLS (a proxy in front): cookies go over TLS only.")
@click.option(
    "--name", "names", metavar="HOST", multiple=True, help="Answer to this host name only (beyond loopback: any)."
)
@click.option(
    "--rate",
    metavar="N",
    type=click.IntRange(1),
    default=240,
    show_default=True,
    help="API calls a minute of one caller.",
)
@database_option
def serve(
    host: str, port: int, login: bool, https: bool, names: tuple[str, ...], rate: int,
    config_file: Path | None, database: str | None,
) -> int:  # fmt: skip
    """Open the desk: the incident table as pages, files, feeds and a JSON API."""
    from crawler.cli.stored import present
    from crawler.desk import desk_settings, run_desk
    from storage.accounts import guarded

    config = settings(config_file, database)
    loopback = is_loopback(host)
    login = login or not loopback
    with present(config) as base:
        if login:
            with base.read() as session:
                keyed = guarded(session)
            if not keyed:
                raise click.UsageError(
                    f"nobody could log in on {host}: there is no account and no token; "
                    "run 'sageon accounts add NAME --role admin' first",
                    click.get_current_context(),
                )
        chosen = desk_settings(config, login=login, loopback=loopback, https=https, names=names, rate=rate)
        return run_desk(base, chosen, host, port)


def is_loopback(host: str) -> bool:
    """Whether only this machine reaches that address."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False
