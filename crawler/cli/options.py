"""Options that several commands share, and the settings they lead to."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar

import click

from crawler.config import Config, ConfigError, database_url, load_config

F = TypeVar("F", bound=Callable[..., Any])


def database_option(command: F) -> F:
    """`--database`: a URL or a SQLite file, over the settings' `database_url`."""
    return click.option("--database", metavar="URL|FILE", help="Database URL or SQLite file (else from the settings).")(
        config_option(command)
    )


def config_option(command: F) -> F:
    """`--config`: the settings file."""
    return click.option(
        "--config",
        "config_file",
        metavar="FILE",
        type=click.Path(path_type=Path),
        help="Settings file (else $SAGEON_CONFIG, else ./sageon.toml).",
    )(command)


def published_option(command: F) -> F:
    """`--published`: when the article of a page or a text file appeared."""
    return click.option(
        "--published", metavar="TIME", callback=_published, help="When a page or text was published, ISO 8601."
    )(command)


def since_option(command: F) -> F:
    """`--since`: a day, or so many days, weeks or months back from today."""
    return click.option("--since", metavar="DAY|7d", callback=_since, help="From this day on: 2025-10-01, 7d, 4w.")(
        command
    )


def parse_since(value: str, today: date) -> date:
    """The day that "2025-10-01", "2025-10", "7d", "4w", "6m" or "1y" names. Raises ValueError."""
    back = re.fullmatch(r"(\d{1,4})([dwmy])", value.strip().lower())
    if back:
        return today - timedelta(days=int(back[1]) * {"d": 1, "w": 7, "m": 30, "y": 365}[back[2]])
    month = re.fullmatch(r"(\d{4})-(\d{2})", value.strip())
    return date(int(month[1]), int(month[2]), 1) if month else date.fromisoformat(value.strip())


def settings(config_file: Path | None, database: str | None = None, **overrides: Any) -> Config:
    """The settings of this call; a None among the overrides leaves the setting as it is. A mistake exits with 2."""
    try:
        config = load_config(config_file)
    except ConfigError as error:
        raise click.UsageError(str(error), click.get_current_context()) from error
    changes = {name: value for name, value in overrides.items() if value is not None}
    if database is not None:
        changes["database_url"] = database_url(database)
    return replace(config, **changes)


def _since(ctx: click.Context, parameter: click.Parameter, value: str | None) -> date | None:
    if value is None:
        return None
    try:
        return parse_since(value, datetime.now(UTC).date())
    except (ValueError, OverflowError) as error:
        raise click.BadParameter(f"{value!r} is no day; write 2025-10-01 or 7d", ctx, parameter) from error


def _published(ctx: click.Context, parameter: click.Parameter, value: str | None) -> str | None:
    if value is None:
        return None
    try:
        date.fromisoformat(value) if len(value) == 10 else datetime.fromisoformat(value)
    except ValueError as error:
        raise click.BadParameter(
            f"{value!r} is no time; write 2025-10-12 or 2025-10-12T15:05:00+09:00", ctx, parameter
        ) from error
    return value
