"""The one settings object: `sageon.toml`, then `SAGEON_*` variables, then the command line, each over the one before.

A mistake is a `ConfigError` of one line that names the file (or the variable), the key and what would be right.
"""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

#: Read where `--config` and SAGEON_CONFIG name no other file.
DEFAULT_FILE = "sageon.toml"
PREFIX = "SAGEON_"


class ConfigError(Exception):
    """A setting that cannot be used; the message names where it stands and what would be right."""


@dataclass(frozen=True, slots=True)
class Config:
    """Settings of one installation.

    database_url      SQLAlchemy URL; a bare path is a SQLite file
    sources           folders with source declarations of the user's own (*.toml), beside the built-in ones
    contact           mail address or page in the User-Agent, so that an outlet can reach you
    names             False: names of private persons are neither stored nor exported
    private_hosts     True: fetching from loopback and private addresses is allowed (demo, tests, an intranet)
    parallel_sources  sources crawled at the same time
    cleaners          processes that clean pages in one crawl; 0: one per core
    readers           processes that read articles; 0: one per core
    store_batch       pages stored in one transaction
    read_batch        articles a reader claims at once
    lease_seconds     after this time a claim of a reader that died is free again
    reader            "module:Class" of the reader, made without arguments; ours is the default
    model             token classifier that the reader asks: a folder or a hub id; empty: the shipped one; "none": without
    refetch           False: an article once stored is never fetched again
    alerts            file with alert rules and their targets; it may be absent
    broker_url        Redis of a cluster (redis://host:6379/0); empty: one machine
    crawl_seconds     a crawl by a cluster's worker is ended after this time
    source_lease      seconds after which a source, and its host, is free again whose crawler in a cluster died
    backlog           live articles that may wait unread before a cluster's crawls are thinned out
    """

    database_url: str = "sqlite:///sageon.db"
    sources: tuple[str, ...] = ()
    contact: str = ""
    names: bool = True
    private_hosts: bool = False
    parallel_sources: int = 4
    cleaners: int = 0
    readers: int = 0
    store_batch: int = 32
    read_batch: int = 16
    lease_seconds: int = 60
    reader: str = "extract.reader:LexiconReader"
    model: str = ""
    refetch: bool = True
    alerts: str = "alerts.toml"
    broker_url: str = ""
    crawl_seconds: int = 7200
    source_lease: int = 180
    backlog: int = 5000

    def cleaner_count(self) -> int:
        """Processes that clean pages in one crawl."""
        return self.cleaners or os.cpu_count() or 1

    def reader_count(self) -> int:
        """Processes that read articles."""
        return self.readers or os.cpu_count() or 1


def load_config(path: Path | None = None, env: Mapping[str, str] = os.environ) -> Config:
    """Settings from the file (if there is one) and the environment.

    A file that was named, by `path` or SAGEON_CONFIG, must exist. Raises ConfigError.
    """
    named = path or (Path(env[PREFIX + "CONFIG"]) if env.get(PREFIX + "CONFIG") else None)
    file = named or Path(DEFAULT_FILE)
    values: dict[str, Any] = {}
    if named is not None or file.is_file():
        for key, value in _read(file).items():
            values[key] = _checked(f"{file}: {key}", key, value)
        if "sources" in values:  # folders are written relative to the file that names them
            values["sources"] = tuple(str(file.parent / folder) for folder in values["sources"])
        if "alerts" in values:
            values["alerts"] = str(file.parent / values["alerts"])
    for key in CHECKS:
        text = env.get(PREFIX + key.upper())
        if text is not None:
            values[key] = _checked(PREFIX + key.upper(), key, _from_text(key, text))
    return Config(**values)


def database_url(value: str) -> str:
    """A SQLAlchemy URL from a URL or from the path of a SQLite file."""
    return value if "://" in value else f"sqlite:///{value}"


def _read(file: Path) -> dict[str, Any]:
    try:
        values = tomllib.loads(file.read_text(encoding="utf-8"))
    except OSError as error:
        raise ConfigError(f"{file}: {error.strerror or error}") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigError(f"{file}: not TOML: {error}") from error
    for key in values:
        if key not in CHECKS:
            raise ConfigError(f"{file}: {key}: no such setting; the settings are {', '.join(CHECKS)}")
    return values


def _checked(where: str, key: str, value: Any) -> Any:
    try:
        return CHECKS[key](value)
    except ValueError as error:
        raise ConfigError(f"{where}: {error}, not {value!r}") from error


def _from_text(key: str, text: str) -> Any:
    check = CHECKS[key]
    if check is _folders:
        return [folder for folder in text.split(os.pathsep) if folder]
    if check is _flag:
        return {"1": True, "true": True, "yes": True, "0": False, "false": False, "no": False}.get(text.lower(), text)
    if check in (_whole, _positive) and text.strip().lstrip("-").isdigit():
        return int(text)
    return text


def _url(value: Any) -> str:
    if not isinstance(value, str) or not value.strip():
        raise ValueError("expected a database URL or the path of a SQLite file")
    return database_url(value.strip())


def _line(value: Any) -> str:
    if not isinstance(value, str) or "\n" in value or "\r" in value:
        raise ValueError("expected one line of text")
    return value.strip()


def _contact(value: Any) -> str:
    if not isinstance(value, str) or not (value.isascii() and value.isprintable()):
        raise ValueError("expected a mail address or the address of a page, in ASCII (it goes into a header)")
    return value.strip()


def _broker(value: Any) -> str:
    if not isinstance(value, str) or not re.fullmatch(r"((rediss?|redis\+socket)://\S+)?", value.strip()):
        raise ValueError("expected the address of a Redis server, redis://host:6379/0")
    return value.strip()


def _target(value: Any) -> str:
    if not isinstance(value, str) or not re.fullmatch(r"\w+(\.\w+)*:\w+", value):
        raise ValueError("expected module:Class")
    return value


def _folders(value: Any) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(folder, str) for folder in value):
        raise ValueError("expected a list of folders")
    return tuple(value)


def _flag(value: Any) -> bool:
    if not isinstance(value, bool):
        raise ValueError("expected true or false")
    return value


def _whole(value: Any) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        raise ValueError("expected a whole number of at least 0")
    return value


def _positive(value: Any) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or value < 1:
        raise ValueError("expected a whole number of at least 1")
    return value


CHECKS: dict[str, Callable[[Any], Any]] = {
    "database_url": _url,
    "sources": _folders,
    "contact": _contact,
    "names": _flag,
    "private_hosts": _flag,
    "parallel_sources": _positive,
    "cleaners": _whole,
    "readers": _whole,
    "store_batch": _positive,
    "read_batch": _positive,
    "lease_seconds": _positive,
    "reader": _target,
    "model": _line,
    "refetch": _flag,
    "alerts": _line,
    "broker_url": _broker,
    "crawl_seconds": _positive,
    "source_lease": _positive,
    "backlog": _positive,
}
assert set(CHECKS) == {field.name for field in fields(Config)}
