"""`sageon incidents`: the table, filtered, listed and exported."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, BinaryIO, cast

import click

from crawler.cli.options import database_option, parse_since, settings

if TYPE_CHECKING:
    from crawler.config import Config
    from storage.export import Format
    from storage.filters import Filter

FORMATS = ("table", "json", "jsonl", "csv", "geojson", "parquet", "xlsx")
BINARY = ("parquet", "xlsx")
#: One option for each parameter of the filter: (name, placeholder, may be given several times, help).
FILTERS = (
    ("type", "TYPE", True, "kidnapping, fraud ..., leading or linked."),
    ("country", "CC", True, "Where it happened, ISO 3166: KH."),
    ("nationality", "CC", True, "A victim's nationality, ISO 3166: KR."),
    ("place", "NAME", True, "Part of the place's name."),
    ("box", "W,S,E,N", False, "Inside these degrees."),
    ("since", "DAY|7d", False, "Happened on this day or later: 2025-10-01, 7d, 4w."),
    ("until", "DAY", False, "Happened on this day or earlier."),
    ("seen-since", "DAY|7d", False, "First seen on this day or later."),
    ("changed-since", "DAY|7d", False, "Changed on this day or later; also those rejected or merged away since."),
    ("killed", "N", False, "At least N killed."),
    ("injured", "N", False, "At least N injured."),
    ("held", "N", False, "At least N held."),
    ("missing", "N", False, "At least N missing."),
    ("certainty", "WORD", True, "alleged, confirmed, denied."),
    ("status", "WORD", True, "new, updated, confirmed, rejected, merged."),
    ("source", "SOURCE", True, "Told by this source."),
    ("language", "ko|en", True, "Told in this language."),
    ("text", "WORDS", False, "Words that one of its articles holds: 감금."),
    ("voices", "N", False, "Told by at least N independent voices."),
    ("order", "ORDER", False, "updated (default), seen or date; the newest first."),
)
DAYS = ("since", "until", "seen_since", "changed_since")


def filter_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """An option for every parameter of the one filter."""
    for name, placeholder, several, text in reversed(FILTERS):
        command = click.option(f"--{name}", metavar=placeholder, multiple=several, help=text)(command)
    return command


@click.command()
@filter_options
@click.option("--limit", metavar="N", type=click.IntRange(1), help="At most N rows of the table (else 50).")
@click.option("--format", "form", type=click.Choice(FORMATS), default="table")
@click.option("--output", metavar="FILE", type=click.Path(dir_okay=False, path_type=Path), help="Write to FILE.")
@click.option("--bom", is_flag=True, help="Begin a CSV with the mark that tells Excel it is UTF-8.")
@click.option("--no-names", is_flag=True, help="Leave people's names out.")
@database_option
def incidents(
    form: str,
    limit: int | None,
    output: Path | None,
    bom: bool,
    no_names: bool,
    config_file: Path | None,
    database: str | None,
    **given: Any,
) -> int:
    """List the incidents that pass every filter, the latest changed first.

    A filter given several times, or with commas, takes any of the values. In a pipe the table is tab-separated.
    """
    config = settings(config_file, database)
    chosen = read_filter(given)
    names = config.names and not no_names
    if form == "table":
        return _list(config, chosen, limit or 50, output)
    if limit is not None:
        raise click.UsageError("--limit is for the table; a file holds all that pass", click.get_current_context())
    if form in BINARY and output is None and sys.stdout.isatty():
        raise click.UsageError(f"{form} is no text for a terminal; add --output FILE", click.get_current_context())
    return _export(config, chosen, form, output, names=names, bom=bom)


def read_filter(given: dict[str, Any]) -> Filter:
    """The filter of the options. A value that cannot be meant exits with 2."""
    from storage.errors import BadFilter
    from storage.filters import STATUSES, Filter

    pairs: list[tuple[str, str]] = []
    try:
        for name, value in given.items():
            several = value if isinstance(value, tuple) else (value,)
            pairs += [(name, _day(name, one) if name in DAYS else one) for one in several if one is not None]
        # Whoever keeps a copy of the table must learn what is gone from it, too.
        if given.get("changed_since") and not given.get("status"):
            pairs.append(("status", ",".join(STATUSES)))
        return Filter.from_pairs(pairs)
    except BadFilter as error:
        raise click.UsageError(f"--{error}", click.get_current_context()) from error


def _day(name: str, value: str) -> str:
    try:
        return parse_since(value, datetime.now(UTC).date()).isoformat()
    except (ValueError, OverflowError) as error:
        option = f"--{name.replace('_', '-')}"
        message = f"{option}: {value!r} is no day; write 2025-10-01 or 7d"
        raise click.UsageError(message, click.get_current_context()) from error


def _list(config: Config, chosen: Filter, limit: int, output: Path | None) -> int:
    from crawler.cli.incident_rows import HEADINGS, NUMBERS, incident_cells
    from crawler.cli.stored import present
    from crawler.cli.tables import print_table
    from storage.query import count_incidents, find_incidents

    if output is not None:
        raise click.UsageError("--output needs --format csv or another file format", click.get_current_context())
    with present(config) as base, base.read() as session, filtered():
        page = find_incidents(session, chosen, limit)
        total = count_incidents(session, chosen) if page.after else len(page.rows)
    print_table(HEADINGS, incident_cells(page.rows), right=NUMBERS)
    if page.after:
        click.echo(f"{len(page.rows)} of {total} incidents; --limit {total} shows them all", err=True)
    elif not page.rows:
        click.echo("no incident passes this filter", err=True)
    return 0


def _export(config: Config, chosen: Filter, form: str, output: Path | None, *, names: bool, bom: bool) -> int:
    from crawler.cli.stored import present
    from storage.export import MissingFormat, write

    with present(config) as base, base.read() as session, filtered(), _target(output) as stream:
        try:
            write(session, chosen, cast("Format", form), cast("BinaryIO", stream), names=names, bom=bom)
        except MissingFormat as error:
            raise click.UsageError(str(error), click.get_current_context()) from error
    return 0


@contextmanager
def filtered() -> Iterator[None]:
    """What storage finds wrong with a filter is a bad argument."""
    from storage.errors import BadFilter

    try:
        yield
    except BadFilter as error:
        raise click.UsageError(f"--{error}", click.get_current_context()) from error


@contextmanager
def _target(output: Path | None) -> Iterator[IO[bytes]]:
    if output is None:
        yield sys.stdout.buffer
        return
    try:
        stream = output.open("wb")
    except OSError as error:
        raise click.UsageError(f"--output: {output}: {error.strerror}", click.get_current_context()) from error
    with stream:
        yield stream
