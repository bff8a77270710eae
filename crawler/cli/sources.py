"""`sageon sources`: the outlets that are declared, how they fare, and new ones."""

from __future__ import annotations

import json
from collections.abc import Mapping
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from crawler.cli.crawl import chosen
from crawler.cli.options import database_option, settings
from crawler.cli.tables import print_table

if TYPE_CHECKING:
    from crawler.config import Config
    from spiders.source import Source
    from storage.runs import SourceHealth


@click.group(invoke_without_command=True)
@click.pass_context
def sources(ctx: click.Context) -> None:
    """List, add and check news sources. Without a sub-command: list."""
    if ctx.invoked_subcommand is None:
        ctx.invoke(list_sources)


@sources.command("list")
@click.argument("names", metavar="[SOURCE ...]", nargs=-1)
@click.option("--format", "form", type=click.Choice(["table", "json"]), default="table")
@database_option
def list_sources(
    names: tuple[str, ...] = (),
    form: str = "table",
    config_file: Path | None = None,
    database: str | None = None,
) -> None:
    """Every source with its health: last success, last new article, blocks, gaps, how often fields are found.

    "24 h" are the articles of the last day, "expected" as many as a day of the two weeks before brought, "304" the share
    of polls that the server answered by "not modified".
    """
    config = settings(config_file, database)
    known = chosen(names, config.sources)
    health = _health(config)
    if form == "json":
        click.echo(json.dumps([_row(source, health.get(name)) for name, source in known.items()], ensure_ascii=False))
        return

    now = datetime.now(UTC)
    print_table(
        (
            "source",
            "name",
            "lang",
            "listings",
            "articles",
            "24 h",
            "expected",
            "304",
            "last success",
            "last new",
            "state",
        ),
        [_cells(source, health.get(name), now) for name, source in known.items()],
        right=("listings", "articles", "24 h", "expected", "304"),
    )


@sources.command()
@click.argument("url")
@click.option("--id", "source_id", metavar="NAME", help="The id of the source (else made from the host).")
@click.option("--folder", type=click.Path(path_type=Path), help="Where to write it (else the first of the settings).")
@database_option
def add(url: str, source_id: str | None, folder: Path | None, config_file: Path | None, database: str | None) -> int:
    """Find the feeds and sitemaps of the site at URL and write its declaration."""
    from crawler.jobs.discovery import discover_site
    from spiders.discover import DiscoveryError

    config = settings(config_file, database)
    target = folder or Path(config.sources[0] if config.sources else "sources")
    try:
        file = discover_site(url, target, source_id=source_id, config=config)
    except DiscoveryError as error:
        raise click.ClickException(str(error)) from error
    click.echo(f"wrote {file}; read it through, then try: sageon crawl {file.stem} --limit 5")
    if not config.sources:
        click.echo(f'add to {config_file or "sageon.toml"}: sources = ["{target}"]')
    return 0


@sources.command()
@click.argument("names", metavar="[SOURCE ...]", nargs=-1)
@database_option
def check(names: tuple[str, ...], config_file: Path | None, database: str | None) -> int:
    """Check the declarations, and what the last runs say of each source. Exit code 1 where one needs a look."""
    from crawler.pipelines.outlet import Outlet
    from extract.clean import CleanRulesError

    config = settings(config_file, database)
    health = _health(config)
    bad = 0
    for name, source in chosen(names, config.sources).items():
        try:
            Outlet.of(source)
        except CleanRulesError as error:
            bad += 1
            click.echo(f"{name}: {error}")
            continue
        state = state_of(health.get(name), datetime.now(UTC))
        bad += state not in ("ok", "never crawled")
        click.echo(f"{name}: {state}")
    return 1 if bad else 0


def _cells(source: Source, health: SourceHealth | None, now: datetime) -> tuple[str, ...]:
    return (
        source.id,
        source.name,
        source.language,
        str(len(source.indexes())),
        str(health.articles) if health else "",
        str(health.seen_day) if health else "",
        f"{health.expected_day:.0f}" if health and health.expected_day is not None else "",
        f"{health.unchanged_share:.0%}" if health and health.unchanged_share is not None else "",
        ago(health.last_success, now) if health else "",
        ago(health.last_new, now) if health else "",
        state_of(health, now),
    )


def state_of(health: SourceHealth | None, now: datetime) -> str:
    """The worst that is known of a source, in words."""
    from alerts.sources import Health, expected_since, is_silent

    if health is None or health.last_run is None:
        return "never crawled"
    if health.failures_in_row:
        blocked = health.last_blocked is not None and health.last_blocked == health.last_run
        return f"{'blocked' if blocked else 'failed'}, {health.failures_in_row} runs in a row"
    if health.gap is not None and health.gap == health.last_run:
        return "gap: articles were missed between two polls; crawl it more often"
    lately = Health(health.source, 0, health.last_success, health.last_new, health.expected_day or 0.0)
    if is_silent(lately, now):
        expected = expected_since(lately, now)
        return f"silent: nothing new for {ago(health.last_new, now)}, {expected:.0f} articles were expected"
    if health.recent_articles >= 10 and (health.published_share or 0.0) < 0.5:
        return f"publication time found in {health.published_share or 0.0:.0%} of articles"
    return "ok"


def ago(moment: datetime | None, now: datetime) -> str:
    """ "5 min", "3 h", "12 days" before now; empty for never."""
    if moment is None:
        return ""
    seconds = max(0, int((now - moment).total_seconds()))
    if seconds < 3600:
        return f"{seconds // 60} min"
    return f"{seconds // 3600} h" if seconds < 2 * 86400 else f"{seconds // 86400} days"


def _health(config: Config) -> Mapping[str, SourceHealth]:
    """Health by source; empty where no database is there yet (listing sources must not create one)."""
    if config.database_url.startswith("sqlite:///") and not Path(config.database_url[len("sqlite:///") :]).is_file():
        return {}

    from crawler.cli.stored import mistakes_told
    from storage.database import Database
    from storage.runs import source_health

    with mistakes_told(config), closing(Database.open(config.database_url)) as base:
        if base.revision() is None:
            return {}
        with base.read() as session:
            return {health.source: health for health in source_health(session, now=datetime.now(UTC))}


def _row(source: Source, health: SourceHealth | None) -> dict[str, Any]:
    row: dict[str, Any] = {
        "id": source.id,
        "name": source.name,
        "language": source.language,
        "country": source.country,
        "listings": [index.url for index in source.indexes()],
        "keep_body": source.policy.keep_body,
        "seen_live": source.seen_live,
        "state": state_of(health, datetime.now(UTC)),
    }
    if health is not None:
        for name in ("last_run", "last_success", "last_new", "last_blocked", "gap"):
            moment: datetime | None = getattr(health, name)
            row[name] = moment.isoformat() if moment else None
        row |= {
            "articles": health.articles,
            "reports": health.reports,
            "published_share": health.published_share,
            "byline_share": health.byline_share,
            "seen_day": health.seen_day,
            "expected_day": health.expected_day,
            "unchanged_share": health.unchanged_share,
            "last_outcomes": dict(health.last_outcomes),
        }
    return row
