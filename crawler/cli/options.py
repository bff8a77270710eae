"""Options that several commands share, and the settings they lead to."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime
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
