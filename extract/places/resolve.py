"""Chooses the place a mention stands for, or none with a reason, from what the whole document says."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from extract.places.mention import Candidate, PlaceMention, ResolvedPlace
from extract.records import Place, PlacePrecision

#: Weights of the features, in units of one decimal order of population. Set on LGL, TR-News and GeoWebNews (see docs/places.md).
VOTE = 3.0
AREA_VOTE = 1.5
PRIMARY = 0.8
OUTLET = 0.8
KIND = {"country": 4.0, "admin1": 0.6, "city": 0.4, "admin2": -0.8, "region": 0.5}
SOURCE = {"overlay": 3.0, "korea": 2.0, "nikl": 0.0, "transliterated": -1.0}
#: A weak spelling needs at least this share of the document's country votes behind its place.
WEAK_SUPPORT = 0.34


def country_votes(
    mentions: Iterable[PlaceMention], *, outlet_country: str | None = None, votes: Mapping[str, float] | None = None
) -> dict[str, float]:
    """Share of each country (ISO alpha-2) among the document's votes; sums to 1, {} where there are none.

    A country named counts 1, an unambiguous or large place its probability, a caller's vote (a demonym) what it says,
    the outlet's country a quarter of one vote.
    """
    tally: Counter[str] = Counter(dict(votes or {}))
    for mention in mentions:
        if mention.dateline or mention.weak:
            continue
        for country, share in _prior_shares(mention.candidates).items():
            tally[country] += share
    if outlet_country:
        tally[outlet_country] += 0.25
    total = sum(tally.values())
    return {c: v / total for c, v in tally.items()} if total else {}


def _prior_shares(candidates: Sequence[Candidate]) -> dict[str, float]:
    weights: Counter[str] = Counter()
    for c in candidates[:12]:
        if c.country:
            weights[c.country] = max(weights[c.country], 10 ** (_static(c) / 2))
    total = sum(weights.values())
    return {k: v / total for k, v in weights.items()} if total else {}


def _static(c: Candidate) -> float:
    return (
        math.log10(max(c.population, 300)) + KIND[c.kind] + (PRIMARY if c.primary else 0.0) + SOURCE.get(c.source, 0.0)
    )


def resolve_places(
    mentions: Sequence[PlaceMention], *, outlet_country: str | None = None, votes: Mapping[str, float] | None = None
) -> list[ResolvedPlace]:
    """One ResolvedPlace a mention, in order. `votes` adds weight per ISO country, for demonyms ("the Cambodian capital").

    A country-level mention resolves to a country-level Place: no city's coordinates, precision "country".
    """
    shares = country_votes(mentions, outlet_country=outlet_country, votes=votes)
    areas = _area_votes(mentions, shares, outlet_country)
    return [_choose(m, shares, areas, outlet_country) for m in mentions]


def _score(c: Candidate, shares: Mapping[str, float], areas: Mapping[str, float], outlet: str | None) -> float:
    score = _static(c) + VOTE * shares.get(c.country or "", 0.0)
    if c.admin:
        score += AREA_VOTE * min(1.0, areas.get(f"{c.country}/{c.admin}", 0.0))
    if outlet and c.country == outlet:
        score += OUTLET
    return score


def _area_votes(mentions: Sequence[PlaceMention], shares: Mapping[str, float], outlet: str | None) -> dict[str, float]:
    """Votes for first-level areas, from areas named and from the first choice for every other mention."""
    tally: Counter[str] = Counter()
    for mention in mentions:
        if mention.weak or not mention.candidates:
            continue
        best = max(mention.candidates, key=lambda c: _score(c, shares, {}, outlet))
        area = best.name if best.kind == "admin1" else best.admin
        if area:
            tally[f"{best.country}/{area}"] += 1.0 if best.kind == "admin1" or mention.parents else 0.5
    return dict(tally)


def _choose(
    mention: PlaceMention, shares: Mapping[str, float], areas: Mapping[str, float], outlet: str | None
) -> ResolvedPlace:
    if not mention.candidates:
        return ResolvedPlace(mention, None, None, 0.0, "no such place in the gazetteer")
    own = {a.name for a in mention.candidates if a.kind == "admin1"}
    others = {k: v for k, v in areas.items() if k.split("/", 1)[1] not in own}
    scored = sorted(
        ((_score(c, shares, others, outlet), i) for i, c in enumerate(mention.candidates)), key=lambda s: (-s[0], s[1])
    )
    best = mention.candidates[scored[0][1]]
    spread = [10 ** (s - scored[0][0]) for s, i in scored if not _same(mention.candidates[i], best)]
    share = 1.0 / (1.0 + sum(spread))
    if mention.weak and shares.get(best.country or "", 0.0) < WEAK_SUPPORT:
        return ResolvedPlace(
            mention, None, None, share, "a spelling with other meanings and nothing in the text for its country"
        )
    reason = (
        "only candidate" if len(mention.candidates) == 1 else "best of the candidates by size, votes and neighbours"
    )
    return ResolvedPlace(mention, as_place(mention, best), best.country, round(share, 3), reason)


def _supported(c: Candidate, shares: Mapping[str, float], areas: Mapping[str, float]) -> bool:
    """Whether the document stands behind a weak spelling: its province for a Korean one, its country for others."""
    if c.source == "korea":
        return areas.get(f"{c.country}/{c.admin}", 0.0) > 0
    return shares.get(c.country or "", 0.0) >= WEAK_SUPPORT


def _same(a: Candidate, b: Candidate) -> bool:
    """A city and the area of its name are one answer to the question where."""
    return a.country == b.country and (a.name == b.name or a.geonameid == b.geonameid)


def as_place(mention: PlaceMention, c: Candidate) -> Place:
    """The record of a choice; a country or a sea keeps its own middle, never a city's point."""
    precision: PlacePrecision = "city" if c.kind in ("city", "region") else c.kind
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
    """English, most specific first; the area is named where the text names it."""
    if c.admin and c.kind in ("city", "admin2") and c.source != "korea" and c.admin != c.name:
        if any(a.kind == "admin1" and a.name == c.admin for p in mention.parents for a in p.candidates):
            return f"{c.name}, {c.admin}"
    return c.name
