"""What one crawl job is asked to do, what it tells while it runs and what it reports at its end."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path


@dataclass(frozen=True, slots=True)
class CrawlOrder:
    """One source to crawl, with everything the job's own process needs to know; it can be pickled.

    `declaration` is the file the job reads its source from.
    """

    source: str
    declaration: Path
    database_url: str
    run_id: int
    limit: int | None = None
    since: date | None = None
    until: date | None = None
    cleaners: int = 1
    store_batch: int = 32
    contact: str = ""
    private_hosts: bool = False
    refetch: bool = True
    log_level: str = "ERROR"


@dataclass(frozen=True, slots=True)
class CrawlProgress:
    """The counts of a running job so far, by outcome."""

    source: str
    outcomes: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class CrawlReport:
    """The end of one job. `error` says in one line why it did not come to its end, else None.

    `store_failed`: what failed was the database of ours, which says nothing of the outlet. `archived`: the pages came
    out of archives, so no outcome is of a request.
    """

    source: str
    outcomes: Mapping[str, int] = field(default_factory=dict)
    seconds: float = 0.0
    peak_bytes: int = 0
    error: str | None = None
    store_failed: bool = False
    archived: bool = False
