"""Wire agencies by the names they are credited with."""

from __future__ import annotations

from functools import lru_cache
from urllib.parse import urlsplit

from .table import read_table


@lru_cache(maxsize=1)
def _tables() -> tuple[dict[str, str], dict[str, str]]:
    names: dict[str, str] = {}
    hosts: dict[str, str] = {}
    for row in read_table("agencies.tsv", ("id", "names", "hosts")):
        for name in row.many("names"):
            names[name] = row["id"]
            if len(name) > 3:
                names.setdefault(name.casefold(), row["id"])
        for host in row.many("hosts"):
            hosts[host] = row["id"]
    return names, hosts


def agency_named(name: str) -> str | None:
    """The id of the agency of that name (short Latin names in their own letter case only), or None."""
    names, _ = _tables()
    name = " ".join(name.split()).strip(".,·/ ")
    return names.get(name) or (names.get(name.casefold()) if len(name) > 3 else None)


def agency_of_host(url: str) -> str | None:
    """The id of the agency that serves `url` itself, or None."""
    try:
        host = urlsplit(url).hostname or ""
    except ValueError:
        return None
    _, hosts = _tables()
    labels = host.split(".")
    return next((hosts[domain] for i in range(len(labels)) if (domain := ".".join(labels[i:])) in hosts), None)
