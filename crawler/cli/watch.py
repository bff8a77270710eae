"""`sageon watch` and `sageon tick`: the unattended job, as one that stays and as one that ends."""

from __future__ import annotations

import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from crawler.cli.crawl import chosen
from crawler.cli.options import database_option, settings

if TYPE_CHECKING:
    from crawler.config import Config
    from crawler.schedule.alerting import Alerting
    from crawler.schedule.watch import Totals, Watch
    from storage.database import Database

LEVELS = ("debug", "info", "warning", "error")


def log_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """`--log-format` and `--log-level`."""
    form = click.option("--log-format", type=click.Choice(["text", "json"]), default="text", show_default=True)
    level = click.option(
        "--log-level", type=click.Choice(LEVELS), help="From this level on (else info; tick in a pipe: warning)."
    )
    return form(level(command))


@click.command()
@click.option("--parallel", type=click.IntRange(1), help="Sources crawled at the same time.")
@click.option("--metrics", metavar="[HOST:]PORT", help="Serve /metrics, /healthz and /readyz there.")
@log_options
@database_option
def watch(
    parallel: int | None,
    metrics: str | None,
    log_format: Any,
    log_level: str | None,
    config_file: Path | None,
    database: str | None,
) -> int:
    """Stay and work: visit each source by its own period, read, resolve, alert. Ctrl-C or SIGTERM ends it in order.

    Several may run on one database, on one machine or many: each source and each message is taken by one of them.
    """
    from crawler.schedule.endpoint import serving
    from crawler.schedule.logs import start_logging

    address = _address(metrics) if metrics else None
    config = settings(config_file, database, parallel_sources=parallel)
    with _watcher(config) as watcher:
        start_logging(log_format, log_level or "info")
        port: Any = nullcontext()
        if address:
            port = serving(*address, watcher.database, watcher.now, lambda: watcher.totals.beat)
        try:
            with port:
                totals = watcher.run()
        except OSError as error:
            if address is None or error.errno is None:
                raise
            raise click.UsageError(f"--metrics {metrics}: {error.strerror}", click.get_current_context()) from error
    click.echo(_closing(totals), err=True)
    return 0


@click.command()
@click.option("--parallel", type=click.IntRange(1), help="Sources crawled at the same time.")
@log_options
@database_option
def tick(
    parallel: int | None, log_format: Any, log_level: str | None, config_file: Path | None, database: str | None
) -> int:
    """Do what is due now and end: for cron and systemd timers. Exit code 1 where every visit failed.

    A tick that finds another at work shares what is left with it; one that comes late catches up once.
    """
    from crawler.schedule.logs import start_logging

    config = settings(config_file, database, parallel_sources=parallel)
    with _watcher(config) as watcher:
        start_logging(log_format, log_level or ("info" if sys.stderr.isatty() else "warning"))
        totals = watcher.tick()
    click.echo(_closing(totals))
    return 1 if totals.visits and totals.failed == totals.visits else 0


@contextmanager
def _watcher(config: Config) -> Iterator[Watch]:
    """A watcher over the settings' database, sources and rules, which SIGTERM and Ctrl-C ask to stop."""
    from crawler.cli.stored import opened
    from crawler.schedule.readers import Readers
    from crawler.schedule.watch import Watch

    sources = chosen((), config.sources)

    with opened(config) as base:
        watcher = Watch(base, config, sources, alerting_of(base, config), Readers(base, config))

        def stop(number: int, frame: Any) -> None:
            if watcher.stopping:  # asked twice: at once
                raise KeyboardInterrupt
            watcher.stop()

        before = [(number, signal.signal(number, stop)) for number in (signal.SIGINT, signal.SIGTERM)]
        try:
            yield watcher
        finally:
            for number, handler in before:
                signal.signal(number, handler)


def alerting_of(database: Database, config: Config) -> Alerting:
    """The settings' rules, read and put in force, and their sender. A mistake in the file exits with 2."""
    from alerts.errors import BadAlertFile
    from crawler.jobs.read_stored import worker_name
    from crawler.schedule.alerting import Alerting

    alerting = Alerting(database, Path(config.alerts), worker_name(), lambda: datetime.now(UTC))
    try:
        alerting.refresh(strict=True)
    except BadAlertFile as error:
        raise click.UsageError(str(error), click.get_current_context()) from error
    return alerting


def _closing(totals: Totals) -> str:
    sent = ", ".join(f"{name} {n}" for name, n in sorted(totals.letters.items())) or "none due"
    return f"visits {totals.visits}, failed {totals.failed}; articles read {totals.read}; alerts: {sent}"


def _address(text: str) -> tuple[str, int]:
    host, _, port = text.rpartition(":")
    if not port.isdigit() or int(port) > 65535:
        raise click.UsageError(
            f"--metrics: {text!r} is no port; write 9464 or 0.0.0.0:9464", click.get_current_context()
        )
    return host or "127.0.0.1", int(port)
