"""What cleaning and storing must know of the outlet a page came from."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from urllib.parse import urlsplit

from extract.clean import CleanRules
from spiders.source import Source


@dataclass(frozen=True, slots=True)
class Outlet:
    """One outlet as the pipeline sees it; `rules` carry its language, zone and country for the cleaner."""

    id: str
    language: str | None = None
    country: str | None = None
    timezone: str | None = None
    keep_body: bool = True
    rules: CleanRules = field(default_factory=CleanRules)

    @classmethod
    def of(cls, source: Source) -> Outlet:
        """The outlet of a declaration. Raises CleanRulesError for a bad [clean] table."""
        rules = CleanRules.from_mapping(source.clean, where=f"{source.id}: [clean]")
        return cls(
            id=source.id,
            language=source.language,
            country=source.country,
            timezone=source.timezone,
            keep_body=source.policy.keep_body,
            rules=replace(
                rules,
                language=rules.language or source.language,
                timezone=rules.timezone or source.timezone,
                country=rules.country or source.country,
            ),
        )

    @classmethod
    def of_host(cls, url: str) -> Outlet:
        """An outlet nobody has declared: known by its host, cleaned by the general rules."""
        host = (urlsplit(url).hostname or "unknown").removeprefix("www.")
        return cls(id=host)
