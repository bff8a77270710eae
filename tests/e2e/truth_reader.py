"""A reader that cannot err: it knows the press's truth. What a table still gets wrong with it is not the reading."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from typing import Any

from crawler.demo.articles import load_articles, load_truth
from extract.records import Article, Count, EventDate, Evidence, IncidentReport, Perpetrator, Place, Reading, Victim

PRECISION = {4: "year", 7: "month", 10: "day"}


class TruthReader:
    """Gives the truth of the article served at the article's path; the contract of `extract.reader.Reader`."""

    coder = "truth-1"

    @cached_property
    def truth(self) -> Mapping[str, Mapping[str, Any]]:
        truth = load_truth()
        return {article.path: truth[key] for key, article in load_articles().items()}

    def read(self, article: Article) -> Reading:
        path = "/" + (article.url or "").split("/", 3)[3]
        told = self.truth[path]["incidents"]
        if "2명이 숨지고 5명이 다쳤다" in article.text:  # the first version of the corrected article, and its repost
            told = load_truth()["dumul/12-ulsan-repost"]["incidents"]
        reports = tuple(report(incident, article) for incident in told)
        return Reading(article.id, article.language, self.coder, reports, outcome="read" if reports else "not_relevant")

    def read_many(self, articles: Iterable[Article]) -> Iterator[Reading]:
        return map(self.read, articles)


def report(told: Mapping[str, Any], article: Article) -> IncidentReport:
    """The truth's incident as a report, with the quotes that stand in the article's text as its evidence."""
    date, place = told["date"], told["place"]
    quotes = [("type", told["trigger"]), ("place", told["place_text"]), ("date", told["date_text"])]
    quotes += [("victims", person["text"]) for person in told["victims"]]
    return IncidentReport(
        type=told["type"],
        role=told["role"],
        other_types=tuple(told["other_types"]),
        certainty=told["certainty"],
        country=told["country"],
        place=Place(place, told["place_text"], country=told["country"]) if place else None,
        date=EventDate(date, PRECISION[len(date)]) if date else None,  # type: ignore[arg-type]
        victims=tuple(Victim(**{k: v for k, v in p.items() if k != "nationality_text"}) for p in told["victims"]),
        perpetrators=tuple(Perpetrator(**person) for person in told["perpetrators"]),
        evidence=tuple(
            Evidence(field, quote, article.text.index(quote), article.text.index(quote) + len(quote))
            for field, quote in quotes
            if quote and quote in article.text
        ),
        **{name: Count(n, n) for name in ("killed", "injured", "held", "missing") if (n := told[name]) is not None},
    )
