"""One language of the desk: its texts, names of countries and codes, numbers, days and times."""

from __future__ import annotations

import gettext
import io
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

from babel import Locale
from babel.dates import format_date
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.numbers import format_decimal

from desk.labels import TABLES

CATALOGUES = Path(__file__).parent / "locales"
LANGUAGES = ("en", "ko")
DEFAULT = "en"
#: Numbers and days that are kept in words: a page says the same ones again and again, and CLDR's patterns are slow.
KEPT = 8192
#: Codes of CLDR's territories that name no country: unions, groups, "unknown", pseudo-locales.
NO_STATES = frozenset({"EU", "EZ", "UN", "QO", "XA", "XB", "ZZ"})


@dataclass(frozen=True)
class Tongue:
    """What the pages say things with. `code` is "en" or "ko"."""

    code: str
    locale: Locale
    catalogue: gettext.NullTranslations
    korean_place: Callable[[str, str | None], str | None]

    def __call__(self, text: str, **values: Any) -> str:
        """The text in this language, its {fields} filled in."""
        said = self.catalogue.gettext(text)
        return said.format(**values) if values else said

    def plural(self, one: str, many: str, n: int) -> str:
        """ "{n} report" or "{n} reports" with the number in it."""
        return self.catalogue.ngettext(one, many, n).format(n=self.number(n))

    def label(self, table: str, code: str | None) -> str:
        """The word for a code of desk.labels; an unknown code stands for itself."""
        if code is None:
            return ""
        known = TABLES[table].get(code)
        return self.catalogue.gettext(known) if known else code

    def country(self, code: str | None) -> str:
        """A country's name by its ISO code."""
        return self._territories.get(code, code) if code else ""

    @cached_property
    def _territories(self) -> dict[str, str]:
        # CLDR's own mapping looks every name up through three others
        return {code: str(name) for code, name in self.locale.territories.items()}

    def countries(self) -> list[tuple[str, str]]:
        """(code, name) of every country, by name."""
        return _countries(self.locale)

    def place(self, name: str | None, country: str | None = None) -> str:
        """A place's name: in Korean where the gazetteer knows it, else as it is kept."""
        if not name:
            return ""
        return (self.korean_place(name, country) or name) if self.code == "ko" else name

    def value(self, facet: str, value: str) -> str:
        """A facet's value in words."""
        if facet in ("country", "nationality"):
            return self.country(value)
        if facet == "place":
            return self.place(value)
        return self.label(facet, value) if facet in TABLES else value

    def number(self, value: float) -> str:
        """1,234"""
        return self._numbers(value)

    @cached_property
    def _numbers(self) -> Callable[[float], str]:
        return lru_cache(KEPT)(lambda value: str(format_decimal(value, locale=self.locale)))

    def percent(self, share: float) -> str:
        """A probability as "87%"."""
        return f"{round(share * 100)}%"

    def day(self, value: str | None) -> str:
        """The event's own day, month or year: "8 Oct 2025", "Oct 2025", "2025". Never shifted by a time zone."""
        return self._days(value) if value else ""

    @cached_property
    def _days(self) -> Callable[[str], str]:
        return lru_cache(KEPT)(self._day)

    def _day(self, value: str) -> str:
        parts = [int(part) for part in value.split("-")]
        if len(parts) == 1:
            return f"{parts[0]}년" if self.code == "ko" else str(parts[0])
        form = "d MMM y" if len(parts) == 3 else "MMM y"
        if self.code == "ko":
            form = "y년 M월 d일" if len(parts) == 3 else "y년 M월"
        moment = date(parts[0], parts[1], parts[2] if len(parts) == 3 else 1)
        return str(format_date(moment, form, locale=self.locale))

    def moment(self, value: datetime | None) -> str:
        """A moment in UTC; the page's script puts it into the reader's zone."""
        if value is None:
            return ""
        here = value.astimezone(UTC)
        day = here.date().isoformat()
        return f"{day} {here:%H:%M} UTC" if self.code == "ko" else f"{self.day(day)}, {here:%H:%M} UTC"

    def span(self, low: int | None, high: int | None) -> str:
        """ "2", "2–5", or nothing where neither is known (0 is known)."""
        known = [self.number(number) for number in dict.fromkeys((low, high)) if number is not None]
        return "–".join(known)


@lru_cache(maxsize=4)
def _countries(locale: Locale) -> list[tuple[str, str]]:
    named = {code: str(name) for code, name in locale.territories.items() if len(code) == 2 and code not in NO_STATES}
    return sorted(named.items(), key=lambda item: item[1])


@lru_cache(maxsize=16)
def tongue(code: str, korean_place: Callable[[str, str | None], str | None]) -> Tongue:
    """The language of that code (one of LANGUAGES)."""
    return Tongue(code, Locale.parse(code), _catalogue(code), korean_place)


def _catalogue(code: str) -> gettext.NullTranslations:
    """The texts of a language, read as they are edited: no compiled file can lag behind. English is in the code."""
    file = CATALOGUES / code / "LC_MESSAGES" / "desk.po"
    if not file.exists():
        return gettext.NullTranslations()
    with file.open("rb") as stream:
        read = read_po(stream, locale=code, abort_invalid=True)
    compiled = io.BytesIO()
    write_mo(compiled, read)
    compiled.seek(0)
    return gettext.GNUTranslations(compiled)


def negotiate(chosen: str | None, accepted: str | None) -> str:
    """The language to answer in: the one that was chosen, else the best of Accept-Language, else English."""
    if chosen in LANGUAGES:
        return str(chosen)
    best, weight = DEFAULT, 0.0
    for part in (accepted or "").split(","):
        tag, _, rest = part.strip().partition(";")
        code = tag.strip().lower().partition("-")[0]
        try:
            quality = float(rest.strip().removeprefix("q=")) if rest else 1.0
        except ValueError:
            continue
        if code in LANGUAGES and quality > weight:
            best, weight = code, quality
    return best
