"""`sageon worker`: take part in the work of several machines."""

from __future__ import annotations

from pathlib import Path

import click

from crawler.cli.crawl import chosen
from crawler.cli.options import database_option, settings

#: Seconds that a worker waits for a database that does not answer when it starts; later its tasks wait by themselves.
PATIENCE = 300.0


@click.command()
@click.option(
    "--queue",
    type=click.Choice(["crawl", "read", "resolve", "backfill", "alert"]),
    help="Work on this queue only (else on all, and dispatch).",
)
@click.option(
    "--beat", is_flag=True, help="Dispatch only: hand out what the schedule says. Several may run, one leads."
)
@click.option("--source", "names", metavar="SOURCE", multiple=True, help="With --beat: hand out only these sources.")
@click.option("--concurrency", metavar="N", type=click.IntRange(1), help="Tasks at the same time.")
@click.option("--log-level", type=click.Choice(["debug", "info", "warning", "error"]), default="info")
@database_option
def worker(
    queue: str | None,
    beat: bool,
    names: tuple[str, ...],
    concurrency: int | None,
    log_level: str,
    config_file: Path | None,
    database: str | None,
) -> int:
    """Work for a cluster: crawl, read, backfill or send alerts, as its dispatcher hands out.

    Needs `broker_url` (Redis) and a PostgreSQL `database_url`, and the extra sageon[cluster]. SIGTERM ends it after
    the tasks under way; killed, it loses nothing.
    """
    import os

    config = settings(config_file, database)
    # tasks read the settings anew, in processes of their own: they must find the ones that were named here
    if config_file is not None:
        os.environ["SAGEON_CONFIG"] = str(config_file)
    os.environ["SAGEON_DATABASE_URL"] = config.database_url
    if queue and beat:
        raise click.UsageError("either --queue or --beat; each is a process of its own", click.get_current_context())
    if concurrency and not queue:
        raise click.UsageError("--concurrency needs --queue", click.get_current_context())
    if names and not beat:
        raise click.UsageError("--source needs --beat", click.get_current_context())
    only = tuple(chosen(names, config.sources)) if names else ()
    try:
        from crawler.cluster.app import NoBroker
        from crawler.cluster.worker import run_all, run_beat, run_worker
    except ModuleNotFoundError as error:
        raise click.UsageError(
            f"{error.name} is not installed: pip install 'sageon[cluster]'", click.get_current_context()
        ) from error

    from crawler.cli.stored import opened

    try:
        from crawler.cluster.app import make_app

        make_app(config)
    except NoBroker as error:
        raise click.UsageError(str(error), click.get_current_context()) from error
    with opened(config, patience=PATIENCE):
        pass  # the schema is brought up to date; each process opens connections of its own
    level = log_level.upper()
    if beat:
        return run_beat(config, level, only)
    if queue:
        return run_worker("read" if queue == "resolve" else queue, config, concurrency, level)
    return run_all(["--log-level", log_level])
