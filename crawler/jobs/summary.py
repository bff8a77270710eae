"""What became of a run: the outcomes of each source, and whether the run as a whole was worth its name."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

from crawler.jobs.order import CrawlReport

#: Articles that are in the table now and were not, or were otherwise, before this run.
STORED = ("new", "changed")
#: A page whose text was there already.
SEEN = ("unchanged", "known", "duplicate_url", "duplicate_text", "near_duplicate")


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

    def exit_code(self) -> int:
        """1 where every source failed: it crashed, or none of its listings could be read."""
        return 1 if not self.reports or all(failed(report) for report in self.reports) else 0


def failed(report: CrawlReport) -> bool:
    """Whether a source gave nothing to work with: its crawl died, or no listing answered and no page came."""
    return report.error is not None or not any(report.outcomes.get(name) for name in (*ANSWERED, *STORED, *SEEN))


#: Outcomes of a listing that did answer.
ANSWERED = ("feed_ok", "http_304")
