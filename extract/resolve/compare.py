"""Two signatures side by side: where they clash outright, and how alike they are in numbers."""

from __future__ import annotations

import math
from collections.abc import Collection

from extract.resolve.signature import Signature

#: Days that two exact dates of one event may lie apart (a night, a time zone, the day of discovery).
DATE_SLACK = 2
#: Kilometres beyond which two places known to the city are two places (a large city and its suburbs lie within).
FAR_KM = 60.0
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
    apart = kilometres(a, b)
    if apart is not None and apart > FAR_KM and _fine(a) and _fine(b):
        return "places apart"
    if _one_person(a) and _one_person(b) and ages_clash(a.ages, b.ages):
        return "ages differ"
    if a.nationalities and b.nationalities and not set(a.nationalities) & set(b.nationalities):
        return "nationalities differ"
    whole = _whole_and_part(a, b)
    if whole:
        return whole
    return None


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
    out = {
        "type_equal": float(a.types[0] == b.types[0]),
        "type_shared": float(a.types[0] != b.types[0] and bool(set(a.types) & set(b.types))),
        "country_equal": float(a.country is not None and a.country == b.country),
        "country_foreign": float(a.country is not None and a.country == b.country and a.country != "KR"),
        "same_language": float(a.language == b.language),
        "ages_equal": float(_ages_meet(a.ages, b.ages)),
        "ages_differ": float(ages_clash(a.ages, b.ages)),
        "genders_equal": float(bool(a.genders) and a.genders == b.genders),
        "genders_differ": float(bool(a.genders) and bool(b.genders) and not set(a.genders) & set(b.genders)),
        "nationality_shared": float(bool(set(a.nationalities) & set(b.nationalities))),
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


def _whole_and_part(a: Signature, b: Signature) -> str | None:
    """A mass case and a case within it (64 flown home, the two of them who ran one scheme) are two incidents."""
    for name in ("suspects", "victims"):
        x, y = getattr(a, name), getattr(b, name)
        if x and y and max(x, y) >= 10 and max(x, y) >= WHOLE_RATIO * min(x, y):
            return f"whole and part ({name} {x} and {y})"
    return None


def _dates(a: Signature, b: Signature) -> dict[str, float]:
    out = {"date_equal": 0.0, "date_near": 0.0, "date_month": 0.0, "date_apart": 0.0}
    if a.date_from is not None and b.date_from is not None and a.date_to is not None and b.date_to is not None:
        gap = max(a.date_from - b.date_to, b.date_from - a.date_to, 0)
        if a.date_exact and b.date_exact:
            out["date_equal"], out["date_near"] = float(gap == 0), float(0 < gap <= DATE_SLACK)
        elif gap == 0:
            out["date_month"] = float(min(_span(a), _span(b)) <= 31 and max(_span(a), _span(b)) <= 31) or 0.4
        out["date_apart"] = float(gap > 0)
    if a.published is not None and b.published is not None:
        out["published_apart"] = min(1.0, math.log1p(abs(a.published - b.published)) / math.log(400))
    else:
        out["published_apart"] = 0.5
    return out


def _span(a: Signature) -> int:
    return (a.date_to or 0) - (a.date_from or 0) + 1


def _places(a: Signature, b: Signature) -> dict[str, float]:
    out = {"place_equal": 0.0, "place_part": 0.0, "place_differs": 0.0}
    if not a.place or not b.place:
        return out
    left, right = set(a.place.split(", ")), set(b.place.split(", "))
    apart = kilometres(a, b)
    if a.place == b.place or (apart is not None and apart < 5 and _fine(a) and _fine(b)):
        out["place_equal"] = 1.0
    elif left & right or (apart is not None and apart <= FAR_KM):
        out["place_part"] = 1.0
    else:
        out["place_differs"] = 1.0
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
            differ = max(differ, 1 - min(x[1], y[1]) / max(x[0], y[0], 1))
    victims = 0.0
    if a.victims and b.victims and a.victims == b.victims and a.victims >= 3:
        victims = min(1.0, math.log10(a.victims))
    suspects = 0.0
    if a.suspects and b.suspects and a.suspects == b.suspects and a.suspects >= 3:
        suspects = min(1.0, math.log10(a.suspects))
    return {"counts_equal": equal, "counts_differ": differ, "victims_equal": victims, "suspects_equal": suspects}
