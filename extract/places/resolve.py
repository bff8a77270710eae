"""Chooses the place a mention stands for, or none with a reason, from what the whole document says."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from extract.places.mention import Candidate, PlaceMention, ResolvedPlace
from extract.records import Place, PlacePrecision

#: Names of the features of one candidate, in the order of `features`.
FEATURES = ("population", "country", "admin1", "admin2", "region", "primary", "votes", "area", "near")
#: Fitted as a conditional logit on the gold toponyms of LGL, TR-News and GeoWebNews (see docs/places.md).
WEIGHTS = (1.16, 1.13, 0.22, -0.13, 0.08, 1.37, 3.17, 3.11, 0.5)
#: Log-odds of where a spelling comes from; a hand-written exonym outranks what was built.
SOURCE = {"overlay": 6.0, "korea": 4.0, "nikl": 0.0, "transliterated": -2.0}
#: The outlet's country, in the same units: it settles what nothing in the text does.
OUTLET = 0.8
#: A weak spelling needs at least this share of the document's country votes behind its place.
WEAK_SUPPORT = 0.34
#: Candidates and neighbours looked at for distance; the rest are hamlets or repeat the same area.
_MOST = 12
#: Distance, in kilometres, at which the pull of a neighbour has fallen to 1/e; a day's local news spans about this.
_REACH = 150.0


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What the rest of the document says to one mention: country shares, area votes, points of other places."""

    countries: Mapping[str, float]
    areas: Mapping[str, float]
    points: Sequence[tuple[float, float]]


def country_votes(
    mentions: Iterable[PlaceMention], *, outlet_country: str | None = None, votes: Mapping[str, float] | None = None
) -> dict[str, float]:
    """Share of each country (ISO alpha-2) among the document's votes; sums to 1, {} where there are none.

    A country named counts 1, an unambiguous or large place its probability, a caller's vote (a demonym) what it says,
    the outlet's country a quarter of one vote. Datelines and weak spellings do not vote.
    """
    tally: dict[str, float] = defaultdict(float, votes or {})
    for mention in mentions:
        if mention.dateline or mention.weak:
            continue
        for country, share in prior_shares(mention.candidates).items():
            tally[country] += share
    if outlet_country:
        tally[outlet_country] += 0.25
    total = sum(tally.values())
    return {c: v / total for c, v in tally.items()} if total else {}


def prior_shares(candidates: Sequence[Candidate]) -> dict[str, float]:
    """Probability of each country for a name by itself."""
    weights: dict[str, float] = {}
    for c in candidates[:_MOST]:
        if c.country:
            weights[c.country] = max(weights.get(c.country, 0.0), math.exp(_static(c)))
    total = sum(weights.values())
    return {k: v / total for k, v in weights.items()} if total else {}


def features(c: Candidate, around: Surroundings) -> tuple[float, ...]:
    """The feature values of one candidate, in the order of FEATURES."""
    area = c.name if c.kind == "admin1" else c.admin
    return (
        math.log10(max(c.population, 300)),
        float(c.kind == "country"),
        float(c.kind == "admin1"),
        float(c.kind == "admin2"),
        float(c.kind == "region"),
        float(c.primary),
        around.countries.get(c.country or "", 0.0),
        min(1.0, around.areas.get(f"{c.country}/{area}", 0.0)) if area else 0.0,
        _nearness(c, around.points),
    )


def resolve_places(
    mentions: Sequence[PlaceMention], *, outlet_country: str | None = None, votes: Mapping[str, float] | None = None
) -> list[ResolvedPlace]:
    """One ResolvedPlace a mention, in order. `votes` adds weight per ISO country, for demonyms.

    A country-level mention resolves to a country-level Place: no city's coordinates, precision "country".
    """
    around = surroundings(mentions, outlet_country=outlet_country, votes=votes)
    return [_choose(m, around[m.head], outlet_country) for m in mentions]


def surroundings(
    mentions: Sequence[PlaceMention], *, outlet_country: str | None = None, votes: Mapping[str, float] | None = None
) -> dict[str, Surroundings]:
    """For each name, what all the other names of the document say. A name never votes for itself."""
    by_head: dict[str, list[PlaceMention]] = defaultdict(list)
    for mention in mentions:
        by_head[mention.head].append(mention)
    prior: dict[str, dict[str, float]] = {}
    for head, held in by_head.items():
        voters = [m for m in held if not m.weak and not m.dateline]
        tally: dict[str, float] = defaultdict(float)
        for mention in voters:
            for country, share in prior_shares(mention.candidates).items():
                tally[country] += share
        prior[head] = tally
    total: dict[str, float] = defaultdict(float, votes or {})
    if outlet_country:
        total[outlet_country] += 0.25
    for tally in prior.values():
        for country, share in tally.items():
            total[country] += share
    first = {head: _first(held, total) for head, held in by_head.items()}
    out = {}
    for head, own in prior.items():
        rest = {c: max(0.0, v - own.get(c, 0.0)) for c, v in total.items()}
        mass = sum(rest.values())
        areas: dict[str, float] = defaultdict(float)
        points: list[tuple[float, float]] = []
        for other, (best, sure) in first.items():
            if other == head or best is None:
                continue
            area = best.name if best.kind == "admin1" else best.admin
            if area:
                areas[f"{best.country}/{area}"] += 1.0 if sure else 0.5
            if (
                best.kind != "country"
                and best.latitude is not None
                and best.longitude is not None
                and len(points) < _MOST
            ):
                points.append((best.latitude, best.longitude))
        out[head] = Surroundings({c: v / mass for c, v in rest.items()} if mass > 0.01 else {}, areas, points)
    return out


def _first(held: Sequence[PlaceMention], total: Mapping[str, float]) -> tuple[Candidate | None, bool]:
    """The likeliest place of a name before its neighbours are heard, and whether the text itself says which."""
    mention = next((m for m in held if m.parents), held[0])
    if mention.weak or mention.dateline or not mention.candidates:
        return None, False
    mass = sum(total.values()) or 1.0
    best = max(mention.candidates, key=lambda c: _static(c) + WEIGHTS[6] * total.get(c.country or "", 0.0) / mass)
    return best, bool(mention.parents) or best.kind == "admin1"


def _static(c: Candidate) -> float:
    return (
        WEIGHTS[0] * math.log10(max(c.population, 300))
        + WEIGHTS[1] * (c.kind == "country")
        + WEIGHTS[2] * (c.kind == "admin1")
        + WEIGHTS[3] * (c.kind == "admin2")
        + WEIGHTS[5] * c.primary
        + SOURCE.get(c.source, 0.0)
    )


def _nearness(c: Candidate, points: Sequence[tuple[float, float]]) -> float:
    """1 beside another place of the text, falling with distance; 0 for a country and where no point is known."""
    if c.latitude is None or c.longitude is None or c.kind == "country" or not points:
        return 0.0
    scale = math.cos(math.radians(c.latitude))
    nearest = min((c.latitude - la) ** 2 + ((c.longitude - lo) * scale) ** 2 for la, lo in points)
    return math.exp(-math.sqrt(nearest) * 111.2 / _REACH)


def _choose(mention: PlaceMention, around: Surroundings, outlet: str | None) -> ResolvedPlace:
    if not mention.candidates:
        return ResolvedPlace(mention, None, None, 0.0, "no such place in the gazetteer")
    scores = [_score(c, around, outlet) for c in mention.candidates]
    top = max(range(len(scores)), key=lambda i: (scores[i], -i))
    best = mention.candidates[top]
    rivals = sum(
        math.exp(s - scores[top]) for s, c in zip(scores, mention.candidates, strict=True) if not _same(c, best)
    )
    share = round(1.0 / (1.0 + rivals), 3)
    if mention.weak and not _supported(best, around):
        reason = "a spelling with other meanings and nothing in the text for its country or area"
        return ResolvedPlace(mention, None, None, share, reason)
    reason = "only candidate" if len(mention.candidates) == 1 else "best by size, votes and neighbours"
    return ResolvedPlace(mention, as_place(mention, best), best.country, share, reason)


def _score(c: Candidate, around: Surroundings, outlet: str | None) -> float:
    score = sum(w * f for w, f in zip(WEIGHTS, features(c, around), strict=True)) + SOURCE.get(c.source, 0.0)
    return score + OUTLET if outlet and c.country == outlet else score


def _supported(c: Candidate, around: Surroundings) -> bool:
    """Whether the document stands behind a weak spelling: its province for a Korean one, its country for others."""
    if c.source == "korea":
        return around.areas.get(f"{c.country}/{c.admin}", 0.0) > 0
    return around.countries.get(c.country or "", 0.0) >= WEAK_SUPPORT


def _same(a: Candidate, b: Candidate) -> bool:
    """A city and the area of its name are one answer to the question where."""
    return (
        a.country == b.country
        and (a.name == b.name or a.geonameid == b.geonameid)
        and a.admin in (b.admin, b.name, None)
    )


def as_place(mention: PlaceMention, c: Candidate) -> Place:
    """The record of a choice; a country gets no point, so that no map shows a city for "in Cambodia"."""
    precision: PlacePrecision = "country" if c.kind == "country" else "city"
    if c.kind == "admin1" or c.kind == "admin2":
        precision = c.kind
    detail = f"{mention.detail}, " if mention.detail else ""
    return Place(
        name=detail + _name(mention, c),
        text=mention.text,
        country=c.country,
        admin=c.admin if c.kind != "admin1" else c.name,
        latitude=None if c.kind == "country" else c.latitude,
        longitude=None if c.kind == "country" else c.longitude,
        geonameid=c.geonameid,
        precision=precision,
    )


def _name(mention: PlaceMention, c: Candidate) -> str:
    """English, most specific first; as printed where the text is English, with the area where the text names it."""
    name = c.name
    if mention.language == "en" and not c.primary and c.source == "geonames" and not mention.head.isupper():
        name = mention.head
    if c.admin and c.kind in ("city", "admin2") and c.source != "korea" and c.admin != name:
        named = {a.name for p in mention.parents for a in p.candidates if a.kind in ("admin1", "admin2")}
        if c.admin in named:
            return f"{name}, {c.admin}"
    return name
