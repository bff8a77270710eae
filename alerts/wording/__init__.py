"""The words of alerts in Korean and English, and the names of countries (CLDR, by Babel)."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any


@dataclass(frozen=True, slots=True)
class Wording:
    """The words of one language; `of` finds one by table and key."""

    language: str
    tables: Mapping[str, Any]

    def of(self, table: str, key: str) -> str:
        """The word; the key itself where there is none (a type that is newer than these words)."""
        return str(self.tables[table].get(key, key))

    def country(self, code: str | None) -> str:
        """The country's name in the language; the code where it has none, and the word for unknown for None."""
        if code is None:
            return self.of("label", "unknown")
        return territories(self.language).get(code, code)


@cache
def wording(language: str) -> Wording:
    """The words of "ko" or "en"."""
    return Wording(language, tomllib.loads((files(__package__) / f"{language}.toml").read_text(encoding="utf-8")))


@cache
def territories(language: str) -> Mapping[str, str]:
    """ISO 3166 code to name in the language."""
    from babel import Locale

    return dict(Locale(language).territories)
