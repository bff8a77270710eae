"""An older and a newer coder for the tests of recode: they differ in what they make of the same marked sentence."""

from __future__ import annotations

from dataclasses import replace

from extract.records import Article, Count, Reading
from tests.crawler.stub_reader import StubReader


class Newer(StubReader):
    """Reads twice as many killed, and is no more fooled by an article that is marked as fiction."""

    coder = "stub-2"

    def read(self, article: Article) -> Reading:
        reading = super().read(article)
        if "FICTION" in article.text:
            return replace(reading, coder=self.coder, reports=())
        reports = tuple(
            replace(report, killed=Count(2 * report.killed.low, 2 * report.killed.high) if report.killed else None)
            for report in reading.reports
        )
        return replace(reading, coder=self.coder, reports=reports)


class Breaking(Newer):
    """The newer one on a bad day: an article in three cannot be read."""

    coder = "stub-2"

    def read(self, article: Article) -> Reading:
        if int(article.id) % 3 == 0:
            raise RuntimeError("the lights went out")
        return super().read(article)
