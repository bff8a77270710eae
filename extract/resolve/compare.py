"""Two signatures side by side: where they clash outright, and how alike they are in numbers."""

from __future__ import annotations

import math
from collections.abc import Collection

from extract.resolve.concepts import telling
from extract.resolve.signature import Signature

#: Days that two exact dates of one event may lie apart (a night, a time zone, the day of discovery).
DATE_SLACK = 2
#: Kilometres beyond which two places known to the city are two places (a large city and its suburbs lie within).
FAR_KM = 60.0
#: Kilometres within which two places are one (a facility and its district).
NEAR_KM = 5.0
#: Days within which an event that is told without a day is mostly told.
FRESH_DAYS = 4
#: Minutes that two stated times of day of one event may differ ("about 2:50", "shortly before 3").
CLOCK_SLACK = 15
#: A whole and its part: one report's people are at least this many times the other's.
WHOLE_RATIO = 4
_FINE = frozenset(("point", "city", "admin2"))


def clash(a: Signature, b: Signature) -> str | None:
    """Why the two cannot be one event, in a few words; None where nothing speaks flatly against it."""
    if a.seat and a.seat == b.seat and a.ordinal != b.ordinal:
        return "two events of one article"
    if not related(a, b):
        return "unrelated types"
    if a.country and b.country and a.country != b.country:
        return "two countries"
    if a.date_from is not None and b.date_from is not None and a.date_to is not None and b.date_to is not None:
        gap = max(a.date_from - b.date_to, b.date_from - a.date_to)
        if gap > (DATE_SLACK if a.date_exact and b.date_exact else 31):
            return "dates apart"
    if told_before(a, b) or told_before(b, a):
        return "told before it happened"
    apart = kilometres(a, b)
    if (
        apart is not None
        and apart > FAR_KM
        and _fine(a)
        and _fine(b)
        and not (a.place != b.place and _shared_parts(a, b))
    ):
        return "places apart"  # two towns of one name, too; not an island and the town it belongs to
    if _one_person(a) and _one_person(b) and ages_clash(a.ages, b.ages):
        return "ages differ"
    return None


def told_before(a: Signature, b: Signature) -> bool:
    """Whether `a` was printed before the event of `b` began."""
    return a.published is not None and b.date_exact and (b.date_from or 0) > a.published + DATE_SLACK


def related(a: Signature, b: Signature) -> bool:
    """Whether some type of one passes into some type of the other."""
    if set(a.types) & set(b.types):
        return True
    captive = {"kidnapping", "unlawful_detention", "human_trafficking"}
    if (captive & set(a.types) and "fraud" in b.types) or (captive & set(b.types) and "fraud" in a.types):
        return True
    return bool(a.groups & b.groups)


def features(a: Signature, b: Signature) -> dict[str, float]:
    """Numbers in [0, 1] (or [-1, 1]), 0 where nothing is known on one side. The names are those of weights.toml."""
    types = set(a.types) & set(b.types)
    out = {
        "type_equal": float(a.types[0] == b.types[0]),
        "type_shared": float(a.types[0] != b.types[0] and bool(types)),
        # A type that holds whatever no other does makes no two events alike.
        "type_vague": float(types == {"other_crime"}),
        # Held, tortured and killed: three acts in common are rarer than one.
        "types_many": min(1.0, max(0, len(types) - 1) / 2),
        "country_equal": float(a.country is not None and a.country == b.country),
        # Two languages share no words: their absence says nothing then, what they share in sense says more.
        "other_language": float(a.language != b.language),
        "ages_equal": float(_ages_meet(a.ages, b.ages)),
        "age_exact": float(bool(_exact(a.ages) & _exact(b.ages))),
        "ages_differ": float(ages_clash(a.ages, b.ages)),
        "genders_equal": float(bool(a.genders) and a.genders == b.genders),
        "genders_differ": float(bool(a.genders) and bool(b.genders) and not set(a.genders) & set(b.genders)),
        "nationality_shared": float(bool(set(a.nationalities) & set(b.nationalities))),
        "nationalities_differ": float(
            bool(a.nationalities) and bool(b.nationalities) and not set(a.nationalities) & set(b.nationalities)
        ),
        "name_shared": float(bool(set(a.names) & set(b.names))),
        # One man may have done two crimes: his name ties two reports less than a victim's does.
        "suspect_name_shared": float(bool(_names(a) & _names(b)) and not set(a.names) & set(b.names)),
        "names_differ": float(bool(a.names) and bool(b.names) and not set(a.names) & set(b.names)),
        "suspect_nationality_shared": float(bool(set(a.suspect_nationalities) & set(b.suspect_nationalities))),
        "suspect_ages_equal": float(_ages_meet(a.suspect_ages, b.suspect_ages)),
        "suspect_ages_differ": float(ages_clash(a.suspect_ages, b.suspect_ages)),
        "amount_shared": float(bool(set(a.amounts) & set(b.amounts))),
        "amounts_differ": float(bool(a.amounts) and bool(b.amounts) and not set(a.amounts) & set(b.amounts)),
        "words": overlap(a.words, b.words),
        "title": overlap(a.title, b.title),
    }
    out.update(_dates(a, b))
    out.update(_places(a, b))
    out.update(_counts(a, b))
    out.update(_senses(a, b))
    close = out["date_equal"] or 0.5 * out["date_near"]
    out["day_and_place"] = close * max(out["place_equal"], 0.6 * out["place_part"])
    abroad = set(a.nationalities) & set(b.nationalities) - {a.country}
    foreigner = float(bool(abroad) and a.country is not None and a.country == b.country)
    out["day_and_foreigner"] = close * foreigner
    out["month_and_foreigner"] = out["date_month"] * foreigner
    return out


def overlap(a: tuple[int, ...], b: tuple[int, ...]) -> float:
    """Shared share of two bottom-k sketches (Jaccard's index of the k smallest of their union); 0 if one is empty."""
    if not a or not b:
        return 0.0
    left, right = set(a), set(b)
    size = min(max(len(a), len(b)), len(left | right))
    smallest = sorted(left | right)[:size]
    return sum(1 for value in smallest if value in left and value in right) / size


def kilometres(a: Signature, b: Signature) -> float | None:
    """Great-circle distance of the two places (haversine, Earth's mean radius), None where one has no coordinates."""
    if a.latitude is None or a.longitude is None or b.latitude is None or b.longitude is None:
        return None
    lat_a, lat_b = math.radians(a.latitude), math.radians(b.latitude)
    half = (
        math.sin((lat_b - lat_a) / 2) ** 2
        + math.cos(lat_a) * math.cos(lat_b) * math.sin(math.radians(b.longitude - a.longitude) / 2) ** 2
    )
    return 2 * 6371.0 * math.asin(math.sqrt(min(1.0, half)))


def ages_clash(a: Collection[str], b: Collection[str]) -> bool:
    """Whether both sides state ages and none can be the same person's (a year's difference is let pass)."""
    return bool(a) and bool(b) and not any(_age_compatible(x, y) for x in a for y in b)


def _ages_meet(a: Collection[str], b: Collection[str]) -> bool:
    return any(_age_compatible(x, y) for x in a for y in b)


def _age_compatible(a: str, b: str) -> bool:
    low_a, high_a = _age_range(a)
    low_b, high_b = _age_range(b)
    return low_a <= high_b + 1 and low_b <= high_a + 1


def _age_range(age: str) -> tuple[int, int]:
    digits = "".join(c for c in age if c.isdigit())
    if not digits:
        return 0, 200
    value = int(digits)
    return (value, value + 9) if age.rstrip().endswith("s") else (value, value)


def _one_person(a: Signature) -> bool:
    return a.victims == 1 and len(a.ages) == 1


def _names(a: Signature) -> set[str]:
    return set(a.names) | set(a.suspect_names)


def _fine(a: Signature) -> bool:
    return a.place_precision in _FINE


def _exact(ages: Collection[str]) -> set[str]:
    return {age for age in ages if age.isdigit()}


def _shared_parts(a: Signature, b: Signature) -> bool:
    """Whether one place's name holds a part of the other's ("Geomundo, Yeosu" and "Yeosu")."""
    return bool(set((a.place or "").split(", ")) & set((b.place or "").split(", ")) - {""})


def _whole_and_part(a: Signature, b: Signature) -> float:
    """A mass case and a case within it (64 flown home, the two of them who ran one scheme) are two incidents."""
    for name in ("suspects", "victims"):
        x, y = getattr(a, name), getattr(b, name)
        if x and y and max(x, y) >= 10 and max(x, y) >= WHOLE_RATIO * min(x, y):
            return 1.0
    return 0.0


def _senses(a: Signature, b: Signature) -> dict[str, float]:
    """What is alike in either language: concepts named, the time of day, quantities."""
    left, right = set(a.concepts), set(b.concepts)
    shared, least = left & right, min(len(left), len(right))
    tools_a, tools_b = telling(left), telling(right)
    met = any(abs(x - y) <= CLOCK_SLACK for x in a.clocks for y in b.clocks)
    figures = set(a.quantities) & set(b.quantities)
    return {
        # A share of the shorter list, counted in full from four shared concepts on.
        "concepts": len(shared) / least * min(1.0, len(shared) / 4) if shared else 0.0,
        "concepts_none": float(least >= 2 and not shared),
        "tools_shared": float(bool(tools_a & tools_b)),
        "tools_differ": float(bool(tools_a) and bool(tools_b) and not tools_a & tools_b),
        "clock_equal": float(met),
        "clock_differs": float(bool(a.clocks) and bool(b.clocks) and not met),
        "quantity_shared": min(1.0, len(figures) / 2),
        "whole_and_part": _whole_and_part(a, b),
    }


def _dates(a: Signature, b: Signature) -> dict[str, float]:
    out = {"date_equal": 0.0, "date_near": 0.0, "date_month": 0.0, "date_apart": 0.0}
    out["date_implied"] = float(_just_told(a, b) or _just_told(b, a))
    if a.date_from is not None and b.date_from is not None and a.date_to is not None and b.date_to is not None:
        gap = max(a.date_from - b.date_to, b.date_from - a.date_to, 0)
        if a.date_exact and b.date_exact:
            out["date_equal"], out["date_near"] = float(gap == 0), (1 / gap**2 if 0 < gap <= DATE_SLACK else 0.0)
        elif gap == 0:
            out["date_month"] = float(min(_span(a), _span(b)) <= 31 and max(_span(a), _span(b)) <= 31) or 0.4
        out["date_apart"] = float(gap > DATE_SLACK)
    if a.published is not None and b.published is not None:
        out["published_apart"] = min(1.0, math.log1p(abs(a.published - b.published)) / math.log(400))
    else:
        out["published_apart"] = 0.5
    return out


def _just_told(a: Signature, b: Signature) -> bool:
    """Whether `a`, that names no day, was printed in the days after the event of `b`."""
    if a.date_from is not None or a.published is None or not b.date_exact or b.date_from is None:
        return False
    return 0 <= a.published - b.date_from <= FRESH_DAYS


def _span(a: Signature) -> int:
    return (a.date_to or 0) - (a.date_from or 0) + 1


def _places(a: Signature, b: Signature) -> dict[str, float]:
    out = {"place_equal": 0.0, "place_part": 0.0, "place_differs": 0.0}
    if not a.place or not b.place:
        return out
    apart = kilometres(a, b)
    fine = _fine(a) and _fine(b)
    if a.place == b.place or (apart is not None and apart < NEAR_KM and fine):
        out["place_equal"] = 1.0
    elif _shared_parts(a, b) or (apart is not None and apart <= FAR_KM) or (a.admin and a.admin == b.admin):
        out["place_part"] = 1.0
    elif fine:
        out["place_differs"] = 1.0  # a province and a town may be one place: only two towns differ
    return out


def _counts(a: Signature, b: Signature) -> dict[str, float]:
    equal = differ = 0.0
    for name in ("killed", "injured", "held", "missing"):
        x, y = getattr(a, name), getattr(b, name)
        if x is None or y is None:
            continue
        if x[0] <= y[1] and y[0] <= x[1]:
            # Equal small numbers say little (one dead), equal large ones much.
            equal = max(equal, min(1.0, 0.3 + 0.35 * math.log10(max(1, x[0]))))
        else:
            gap = 1 - min(x[1], y[1]) / max(x[0], y[0], 1)
            differ = max(differ, gap / 2 if _rose(a, b, x, y) else gap)
    victims = 0.0
    if a.victims and b.victims and a.victims == b.victims and a.victims >= 3:
        victims = min(1.0, math.log10(a.victims))
    suspects = 0.0
    if a.suspects and b.suspects and a.suspects == b.suspects and a.suspects >= 3:
        suspects = min(1.0, math.log10(a.suspects))
    return {
        "counts_equal": equal,
        "counts_differ": differ,
        "deaths_unsaid": float(_deaths_unsaid(a, b) or _deaths_unsaid(b, a)),
        "victims_equal": victims,
        "suspects_equal": suspects,
    }


def _deaths_unsaid(a: Signature, b: Signature) -> bool:
    """Whether `a` tells of dead and `b`, that counts other harm and was not printed earlier, of none."""
    if not a.killed or not a.killed[0] or b.killed or not (b.injured or b.held or b.missing):
        return False
    return a.published is None or b.published is None or b.published >= a.published


def _rose(a: Signature, b: Signature, x: tuple[int, int], y: tuple[int, int]) -> bool:
    """Whether the later report names the higher toll, as a toll does that is still being counted."""
    if a.published is None or b.published is None or a.published == b.published:
        return a.published == b.published
    return (x[0] < y[0]) == (a.published < b.published)
