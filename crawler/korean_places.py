"""Korean names of places by the English name and country that the record keeps: the gazetteer read backwards."""

from __future__ import annotations

import threading
from functools import cache


def korean_place(name: str, country: str | None) -> str | None:
    """The usual Korean name of a place ("Sihanoukville", "KH": 시아누크빌), None where the gazetteer knows none.

    Without a country only a name that means one thing everywhere is translated.
    """
    return names().get((name, country)) if country else _alike().get(name)


@cache
def names() -> dict[tuple[str, str | None], str]:
    """(English name, country) -> Korean name. Hand-written names come before built ones. Takes seconds, once."""
    from extract.places.exonyms import hangul_candidates, overlay
    from extract.places.gazetteer import gazetteer
    from extract.places.korea import district_candidate, korea, province_candidate

    found: dict[tuple[str, str | None], str] = {}
    for spelling, candidates in overlay().items():
        for place in candidates:
            found.setdefault((place.name, place.country), spelling)
    home = korea()
    for province in home.provinces.values():
        found.setdefault((province_candidate(province).name, "KR"), province.short)
    for districts in home.districts.values():
        for district in districts:
            above = home.provinces[district.province]
            korean = " ".join(part for part in (above.short, district.city, district.korean) if part)
            found.setdefault((district_candidate(district, above).name, "KR"), korean)
    for spelling in sorted(gazetteer().hangul_names()):
        # Only the place that a Korean reader thinks of first: the others of the name have better-known spellings.
        for place in hangul_candidates(spelling)[:1]:
            found.setdefault((place.name, place.country), spelling)
    return found


@cache
def _alike() -> dict[str, str]:
    """English name -> Korean name, of the names that are one word in Korean in all their countries."""
    spellings: dict[str, set[str]] = {}
    for (name, _), korean in names().items():
        spellings.setdefault(name, set()).add(korean)
    return {name: korean for name, (korean, *others) in spellings.items() if not others}


def warm() -> threading.Thread:
    """Read the names in the background, so that the first Korean page does not wait for them."""
    thread = threading.Thread(target=names, name="korean-places", daemon=True)
    thread.start()
    return thread
