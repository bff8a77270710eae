"""What one outlet's pages need beside the general rules: the `[clean]` table of a source declaration."""

from __future__ import annotations

import types
from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any, get_args, get_origin, get_type_hints
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from lxml.cssselect import CSSSelector, ExpressionError, SelectorError


class CleanRulesError(ValueError):
    """A `[clean]` table holds a key, a type, a zone or a selector that cannot be used."""


@dataclass(frozen=True, slots=True)
class CleanRules:
    """How to clean one outlet's pages. Every field is optional; the general rules do most outlets.

    Selectors are CSS. `timezone` is an IANA name and is applied to times that carry no zone.
    """

    #: ISO 639-1 code the outlet writes in; None lets the text decide.
    language: str | None = None
    timezone: str | None = None
    #: ISO 3166 alpha-2 code of the outlet's country.
    country: str | None = None
    #: Id in agencies.tsv when the outlet is a wire itself, so that its own credit is no repost.
    agency: str | None = None
    #: Names the outlet signs with where a person's name is expected ("디지털뉴스팀"); taken out of bylines.
    outlet_names: tuple[str, ...] = ()
    #: Endings of the title that name the outlet ("| Example Daily"), with their separator.
    title_suffixes: tuple[str, ...] = ()
    title_selectors: tuple[str, ...] = ()
    date_selectors: tuple[str, ...] = ()
    modified_selectors: tuple[str, ...] = ()
    byline_selectors: tuple[str, ...] = ()
    #: The element(s) that hold the story; where they match, nothing outside them is body.
    body: tuple[str, ...] = ()
    #: Elements taken out before the body is read.
    prune: tuple[str, ...] = ()
    #: Headings whose section is no part of the story, beside those of headings.tsv.
    cut_headings: tuple[str, ...] = ()
    #: "prefer" reads the story from the page's script payload first, "fallback" when the markup gives none, "never".
    script_payload: str = "fallback"
    #: Query keys that name the article (KBS World's "Seq_Code"); every other key is dropped from the canonical URL.
    keep_query: tuple[str, ...] = ()
    #: Whether the table of headings.tsv is applied.
    general_headings: bool = True

    @classmethod
    def from_mapping(cls, table: Mapping[str, Any], *, where: str = "[clean]") -> CleanRules:
        """The rules of a declaration's `[clean]` table (lists become tuples, a lone string a tuple of one).

        Raises `CleanRulesError`, which begins with `where`, for an unknown key, a wrong type, zone or selector.
        """
        hints = get_type_hints(cls)
        known = {f.name for f in fields(cls)}
        values: dict[str, Any] = {}
        for key, value in table.items():
            if key not in known:
                raise CleanRulesError(f"{where}: unknown key {key!r}; known are {', '.join(sorted(known))}")
            values[key] = _checked(key, value, hints[key], where)
        rules = cls(**values)
        if rules.script_payload not in ("prefer", "fallback", "never"):
            raise CleanRulesError(f"{where}: script_payload must be prefer, fallback or never")
        if rules.timezone is not None:
            try:
                ZoneInfo(rules.timezone)
            except (ZoneInfoNotFoundError, ValueError) as err:
                raise CleanRulesError(f"{where}: timezone {rules.timezone!r} is not an IANA zone") from err
        for name in ("title_selectors", "date_selectors", "modified_selectors", "byline_selectors", "body", "prune"):
            for selector in getattr(rules, name):
                try:
                    CSSSelector(selector, translator="html")
                except (SelectorError, ExpressionError) as err:
                    raise CleanRulesError(f"{where}: {name}: {selector!r} is not a CSS selector: {err}") from err
        return rules


def _checked(key: str, value: Any, hint: Any, where: str) -> Any:
    if get_origin(hint) is tuple:
        if isinstance(value, str):
            return (value,)
        if isinstance(value, list | tuple) and all(isinstance(item, str) for item in value):
            return tuple(value)
        raise CleanRulesError(f"{where}: {key} must be a list of strings")
    wanted = tuple(t for t in get_args(hint) if t is not type(None)) if get_origin(hint) is types.UnionType else (hint,)
    if not isinstance(value, wanted):
        raise CleanRulesError(f"{where}: {key} must be {' or '.join(t.__name__ for t in wanted)}")
    return value
