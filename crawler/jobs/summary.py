"""What became of a run: the outcomes of each source, and whether the run as a whole was worth its name."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from crawler.jobs.order import CrawlReport
from spiders.outcomes import verdict

Verdict = Literal["ok", "nothing_new", "nothing_found", "refused", "failed"]

#: Articles that are in the table now and were not, or were otherwise, before this run.
STORED = ("new", "changed", "duplicate_text", "near_duplicate")
#: What readers count where no reading came of it: an article given up after its tries, a batch whose reader raised an
#: error or died, articles left when too many had died.
NOT_READ = ("failed", "reader_error", "reader_died", "left_unread")
#: What a verdict says in words, where it is not good.
IN_WORDS: Mapping[Verdict, str] = {
    "nothing_found": "nothing found",
    "refused": "refused by the outlet",
    "failed": "failed",
}


@dataclass(frozen=True, slots=True)
class RunSummary:
    """All reports of a run, what the readers made of it, and its seconds."""

    reports: tuple[CrawlReport, ...]
    read: Mapping[str, int] = field(default_factory=dict)
    changes: Mapping[str, int] = field(default_factory=dict)
    seconds: float = 0.0

    def totals(self) -> Counter[str]:
        """Outcomes over all sources."""
        total: Counter[str] = Counter()
        for report in self.reports:
            total.update(report.outcomes)
        return total

    def unread(self) -> int:
        """Articles and batches that came to no reading."""
        return sum(self.read.get(name, 0) for name in NOT_READ)

    def reading_failed(self) -> bool:
        """Whether articles were to be read and none was: the reader is at fault, not an article."""
        return self.unread() > 0 and all(name in (*NOT_READ, "lease_lost") for name, n in self.read.items() if n)

    def exit_code(self) -> int:
        """0 where at least one source answered as it should, with or without news, and the reader read; else 1."""
        return 0 if any(succeeded(report) for report in self.reports) and not self.reading_failed() else 1


def verdict_of(report: CrawlReport) -> Verdict:
    """What a source's run came to; a crawl that died or could not be stored has failed whatever it brought before.

    Nothing was asked of an outlet whose pages came out of archives, so nothing it did was wrong.
    """
    if report.error or report.store_failed:
        return "failed"
    return "ok" if report.archived else verdict(report.outcomes)


def succeeded(report: CrawlReport) -> bool:
    """Whether the outlet answered as it should, with or without news."""
    return verdict_of(report) in ("ok", "nothing_new")
