"""The desk as this installation runs it: the declared outlets and the gazetteer's names handed in, uvicorn around it."""

from __future__ import annotations

import gc
import socket
import threading
from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from crawler.config import Config

if TYPE_CHECKING:
    from desk.desk import Desk
    from desk.settings import DeskSettings, Outlet
    from storage.database import Database

#: Callers that may wait for their connection to be taken.
BACKLOG = 128
#: Requests under way at most; beyond, callers are asked to come again.
CONCURRENT = 200


def desk_settings(
    config: Config, *, login: bool, loopback: bool = True, https: bool = False, names: Sequence[str] = (),
    rate: int = 240,
) -> DeskSettings:  # fmt: skip
    """The settings of a desk. `names`: host names that it answers to; on loopback its own are answered as well."""
    from crawler.korean_places import korean_place
    from desk.settings import LOOPBACK_HOSTS, DeskSettings

    hosts = frozenset(name.lower() for name in names)
    if loopback:
        hosts |= LOOPBACK_HOSTS
    return DeskSettings(
        outlets=outlets(config), names=config.names, login=login, hosts=hosts, https=https, korean_place=korean_place,
        api_per_minute=rate,
    )  # fmt: skip


def outlets(config: Config) -> dict[str, Outlet]:
    """The declared sources as the desk knows them, by id. A mistake in a declaration exits with 2."""
    from crawler.cli.crawl import chosen
    from desk.settings import Outlet

    return {
        source.id: Outlet(
            source.id, source.name, source.language, source.country, f"https://{source.hosts[0]}/",
            source.policy.keep_body,
        )
        for source in chosen((), config.sources).values()
    }  # fmt: skip


def run_desk(base: Database, settings: DeskSettings, host: str, port: int) -> int:
    """Serve until interrupted. An address that cannot be listened on is a bad argument."""
    import uvicorn

    from crawler.korean_places import warm
    from desk.app import create_app
    from desk.desk import Desk

    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        # A page is sent in two writes: else the second waits 40 ms for the first to be acknowledged.
        listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        try:
            listener.bind((host.strip("[]"), port))
            listener.listen(BACKLOG)  # whoever opens the address as soon as it is shown waits, and is not refused
        except OSError as error:
            raise click.UsageError(
                f"cannot listen on {host} port {port}: {error.strerror}; name another with --host or --port",
                click.get_current_context(silent=True),
            ) from error
        shown = f"[{host}]" if ":" in host else host
        click.echo(f"the desk is at http://{shown}:{listener.getsockname()[1]}/ (Ctrl-C ends it)")
        desk = Desk.of(base, settings)
        warm()
        threading.Thread(target=_count, args=(desk,), name="counts", daemon=True).start()
        server = uvicorn.Server(
            uvicorn.Config(
                create_app(desk),
                log_level="warning",
                access_log=False,
                server_header=False,
                limit_concurrency=CONCURRENT,
            )
        )
        server.run([listener])
    return 0


def _count(desk: Desk) -> None:
    """Read the templates and the arrays behind the counts: of a large table that takes a while, and pages need not
    wait for it.
    """
    from desk.render import read_templates

    read_templates()
    with desk.db.read() as session:
        desk.tally.read(session)
    # What was loaded until now (gazetteer, templates, counts) stays: a full collection over it stops every request for a
    # fifth of a second and finds nothing.
    gc.collect()
    gc.freeze()
