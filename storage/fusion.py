"""One incident's cells from its reports: each cell by the support that is most to be trusted for it. Pure.

- type: the gravest of those that a fair share of the voices names; the rest are its other types.
- counts: the latest figure, with the spread of what was said within a day of it (a toll rises and is corrected);
  hearsay only where no authority and no paper of its own gave one.
- date and place: the finest that most voices back; a coarse value never displaces an exact one it contains. A day on
  which it was found out counts half of one on which it happened.
- certainty: from alleged to confirmed by any voice; denied where the latest main report denies it.
- people: told apart by name, nationality and age; the fullest description of each.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any, TypeVar

from extract.records import IncidentReport, Perpetrator, Victim
from extract.resolve import name_key
from storage.cells import COUNTS, GRAVITY

#: What a report weighs by its role: a background mention is second-hand and often rough.
ROLE_WEIGHT = {"main": 1.0, "also": 0.7, "background": 0.35}
#: What it weighs by whom it rests on (`extract.resolve.attribution`): an authority answers for what it says.
ATTRIBUTION_WEIGHT = {"official": 1.0, None: 0.85, "hearsay": 0.5}
#: A type leads only with this share of the weight: one misreading among ten reports must not make a homicide.
TYPE_SHARE = 0.3
#: A type named beside the leading one weighs less than a leading type.
OTHER_TYPE_WEIGHT = 0.6
#: Figures said within this time of the latest one count as its spread.
SPREAD = timedelta(hours=24)

#: What a voice for a day weighs by its basis: most papers repeat the day of the find, few are told the day of the act.
BASIS_WEIGHT = {"stated": 1.0, "discovered": 0.5, "published": 0.5}

_DATE_RANK = {"day": 2, "month": 1, "year": 0}
_BASIS_RANK = {"stated": 2, "discovered": 1, "published": 0}
_PLACE_RANK = {"point": 4, "city": 3, "admin2": 2, "admin1": 1, "country": 0}
_STATUS_RANK = {"unknown": 0, "at_large": 1, "arrested": 2, "charged": 3, "convicted": 4, "dead": 5}
DEFAULT_CONFIDENCE = 0.5

P = TypeVar("P", Victim, Perpetrator)


@dataclass(frozen=True, slots=True)
class Voice:
    """A report as fusion sees it. `name` is equal for reports that repeat one voice (a wire's text)."""

    report_id: int
    name: str
    report: IncidentReport
    moment: datetime
    title: str
    attribution: str | None = None

    @property
    def weight(self) -> float:
        """How far its word counts where reports disagree."""
        return ROLE_WEIGHT[self.report.role] * ATTRIBUTION_WEIGHT[self.attribution]


@dataclass(frozen=True, slots=True)
class Fused:
    """The cells (names as in storage.cells), confidence per cell in [0, 1], and who told each person best."""

    cells: dict[str, Any]
    confidence: dict[str, float]
    victim_reports: tuple[int, ...]
    perpetrator_reports: tuple[int, ...]
    voices: int


def fuse(voices: Sequence[Voice]) -> Fused:
    """The cells of the incident that `voices` (at least one) report. Order of the voices does not matter."""
    ordered = sorted(voices, key=lambda voice: (voice.moment, voice.report_id))
    told = _one_per_voice(ordered)
    cells: dict[str, Any] = {}
    confidence: dict[str, float] = {}
    cells["type"], cells["other_types"], confidence["type"] = _types(told)
    cells["certainty"] = _certainty(ordered)
    _date(told, cells, confidence)
    _place(told, cells, confidence)
    for name in COUNTS:
        _count(ordered, name, cells, confidence)
    # The first main report's title: a headline that followed every new article would make each of them a change.
    cells["headline"] = max(ordered, key=lambda voice: voice.weight).title
    victims = _people(ordered, lambda report: report.victims, _fuller_victim)
    cells["victims"] = [asdict(person) for _, person in victims]
    suspects = _people(ordered, lambda report: report.perpetrators, _fuller_perpetrator)
    cells["perpetrators"] = [asdict(person) for _, person in suspects]
    if any(person.nationality for _, person in victims):
        confidence["victim_nationality"] = max(_confidence(voice, "victim.nationality") for voice in ordered)
    sure = [voice.report.confidence["incident"] for voice in ordered if "incident" in voice.report.confidence]
    if sure:  # how likely it is that there was an incident at all: one voice that is sure will do
        confidence["incident"] = max(sure)
    return Fused(
        cells,
        {name: round(value, 3) for name, value in confidence.items()},
        tuple(report_id for report_id, _ in victims),
        tuple(report_id for report_id, _ in suspects),
        len({voice.name for voice in ordered}),
    )


def _one_per_voice(ordered: Sequence[Voice]) -> list[Voice]:
    """The latest of each voice, main reports before others: a vote has one hand a voice."""
    best: dict[str, Voice] = {}
    for voice in ordered:
        held = best.get(voice.name)
        if held is None or voice.weight >= held.weight:
            best[voice.name] = voice
    return list(best.values())


def _types(told: Sequence[Voice]) -> tuple[str, list[str], float]:
    weight: dict[str, float] = defaultdict(float)
    for voice in told:
        weight[voice.report.type] += voice.weight
        for other in voice.report.other_types:
            weight[other] += OTHER_TYPE_WEIGHT * voice.weight
    total = sum(voice.weight for voice in told)
    leading = sum(weight[kind] for kind in {voice.report.type for voice in told}) or 1.0
    backed = [kind for kind, w in weight.items() if w >= TYPE_SHARE * total and kind in {v.report.type for v in told}]
    kind = min(backed or weight, key=lambda name: (_gravity(name), name))
    others = sorted((name for name in weight if name != kind), key=lambda name: (_gravity(name), name))
    sure = max((_confidence(voice, "type") for voice in told if voice.report.type == kind), default=DEFAULT_CONFIDENCE)
    return kind, others, sure * min(1.0, weight[kind] / leading + 0.5)


def _gravity(kind: str) -> int:
    return GRAVITY.index(kind) if kind in GRAVITY else len(GRAVITY)


def _certainty(ordered: Sequence[Voice]) -> str:
    main = [voice for voice in ordered if voice.report.role == "main"] or list(ordered)
    if main[-1].report.certainty == "denied":
        return "denied"
    return "confirmed" if any(voice.report.certainty == "confirmed" for voice in main) else "alleged"


def _date(told: Sequence[Voice], cells: dict[str, Any], confidence: dict[str, float]) -> None:
    dated = [(voice, voice.report.date) for voice in told if voice.report.date is not None]
    cells.update(date=None, date_precision=None, date_basis=None)
    if not dated:
        return
    finest = max((_BASIS_RANK[when.basis] > 0, _DATE_RANK[when.precision]) for _, when in dated)
    eligible = [
        (voice, when) for voice, when in dated if (_BASIS_RANK[when.basis] > 0, _DATE_RANK[when.precision]) == finest
    ]
    weight = {voice.report_id: voice.weight * BASIS_WEIGHT[when.basis] for voice, when in dated}
    support: dict[str, float] = defaultdict(float)
    basis: dict[str, int] = defaultdict(int)
    for _, when in eligible:
        # A coarser date that holds this one backs it, too.
        support[when.value] = sum(weight[v.report_id] for v, other in dated if when.value.startswith(other.value))
        basis[when.value] = max(basis[when.value], _BASIS_RANK[when.basis])
    value = max(support, key=lambda name: (support[name], basis[name], name))
    chosen = max((when for _, when in eligible if when.value == value), key=lambda when: _BASIS_RANK[when.basis])
    cells.update(date=value, date_precision=chosen.precision, date_basis=chosen.basis)
    against = sum(weight.values()) - support[value]
    sure = max(_confidence(voice, "date") for voice, when in eligible if when.value == value)
    confidence["date"] = sure * support[value] / (support[value] + against)


def _place(told: Sequence[Voice], cells: dict[str, Any], confidence: dict[str, float]) -> None:
    cells.update(dict.fromkeys(("country", "place", "admin", "latitude", "longitude", "geonameid", "place_precision")))
    country, share = _vote((voice.report.country, voice.weight) for voice in told)
    if country is not None:
        cells["country"] = country
        sure = max(_confidence(voice, "country") for voice in told if voice.report.country == country)
        confidence["country"] = sure * share
    placed = [
        (voice, voice.report.place)
        for voice in told
        if voice.report.place is not None
        and voice.report.place.precision != "country"
        and (voice.report.place.country is None or country is None or voice.report.place.country == country)
    ]
    if not placed:
        return
    finest = max(_PLACE_RANK[place.precision] for _, place in placed)
    name, share = _vote((place.name, voice.weight) for voice, place in placed if _PLACE_RANK[place.precision] == finest)
    chosen = next(place for _, place in placed if place.name == name and _PLACE_RANK[place.precision] == finest)
    cells.update(
        place=chosen.name,
        admin=chosen.admin,
        latitude=chosen.latitude,
        longitude=chosen.longitude,
        geonameid=chosen.geonameid,
        place_precision=chosen.precision,
    )
    confidence["place"] = share * max(_confidence(voice, "place") for voice, place in placed if place.name == name)


def _vote(ballots: Iterable[tuple[str | None, float]]) -> tuple[str | None, float]:
    """The value with most weight and its share of all weight given; (None, 0) where nobody named one."""
    weight: dict[str, float] = defaultdict(float)
    for value, ballot in ballots:
        if value is not None:
            weight[value] += ballot
    if not weight:
        return None, 0.0
    best = max(weight, key=lambda name: (weight[name], name))
    return best, weight[best] / sum(weight.values())


def _count(ordered: Sequence[Voice], name: str, cells: dict[str, Any], confidence: dict[str, float]) -> None:
    stated = [(voice, getattr(voice.report, name)) for voice in ordered if getattr(voice.report, name) is not None]
    # A background mention rounds or tells of a part: it counts only where nobody else gives a figure.
    stated = [pair for pair in stated if pair[0].report.role != "background"] or stated
    if not stated:
        cells[f"{name}_min"] = cells[f"{name}_max"] = None
        return
    latest = stated[-1][0].moment
    said = [(voice, count) for voice, count in stated if latest - voice.moment <= SPREAD]
    # A witness's or a rumour's figure stands only where nobody who answers for it gave one.
    recent = [pair for pair in said if pair[0].attribution != "hearsay"] or said
    low, high = min(count.low for _, count in recent), max(count.high for _, count in recent)
    cells[f"{name}_min"], cells[f"{name}_max"] = low, high
    # Figures that differ, or that hearsay disputes, are less sure: the mean of how narrow it is and who agrees.
    agreed = sum(low <= count.low and count.high <= high for _, count in said) / len(said)
    narrow = 1.0 if low == high else low / high if high else 1.0
    confidence[name] = max(_confidence(voice, name) for voice, _ in recent) * (agreed + narrow) / 2


def _people(
    ordered: Sequence[Voice], people: Callable[[IncidentReport], tuple[P, ...]], fuller: Callable[[P, P], P]
) -> list[tuple[int, P]]:
    found: list[tuple[int, P]] = []
    for voice in sorted(ordered, key=lambda voice: (-voice.weight, voice.moment, voice.report_id)):
        taken: set[int] = set()  # two people of one report are two people
        for person in people(voice.report):
            for at, (_, held) in enumerate(found):
                if at not in taken and _same_person(person, held):
                    merged = fuller(held, person)
                    if merged != held:
                        found[at] = (found[at][0] if _filled(held) >= _filled(person) else voice.report_id, merged)
                    taken.add(at)
                    break
            else:
                found.append((voice.report_id, person))
                taken.add(len(found) - 1)
    return found


def _same_person(a: Victim | Perpetrator, b: Victim | Perpetrator) -> bool:
    for name in ("nationality", "gender"):
        x, y = getattr(a, name), getattr(b, name)
        if x is not None and y is not None and x != y:
            return False
    if a.name and b.name and _name(a.name) and _name(b.name):
        return _name(a.name) == _name(b.name)
    if a.age and b.age and not _age_meets(a.age, b.age):
        return False
    return a.count is None or b.count is None or a.count == b.count


def _name(name: str) -> Hashable:
    return name_key(name)


def _age_meets(a: str, b: str) -> bool:
    low_a, low_b = int("0" + "".join(filter(str.isdigit, a))), int("0" + "".join(filter(str.isdigit, b)))
    high_a, high_b = low_a + (9 if a.endswith("s") else 0), low_b + (9 if b.endswith("s") else 0)
    return low_a <= high_b + 1 and low_b <= high_a + 1


def _filled(person: Victim | Perpetrator) -> int:
    return sum(value not in (None, "unknown", "") for value in asdict(person).values())


def _fuller_victim(held: Victim, other: Victim) -> Victim:
    return Victim(
        text=held.text,
        count=held.count if held.count is not None else other.count,
        nationality=held.nationality or other.nationality,
        name=held.name or other.name,
        age=_finer_age(held.age, other.age),
        gender=held.gender or other.gender,
        outcome="killed" if "killed" in (held.outcome, other.outcome) else held.outcome or other.outcome,
    )


def _fuller_perpetrator(held: Perpetrator, other: Perpetrator) -> Perpetrator:
    return Perpetrator(
        text=held.text,
        count=held.count if held.count is not None else other.count,
        nationality=held.nationality or other.nationality,
        name=held.name or other.name,
        age=_finer_age(held.age, other.age),
        gender=held.gender or other.gender,
        status=max(held.status, other.status, key=lambda status: _STATUS_RANK.get(status, 0)),
        group=held.group or other.group,
    )


def _finer_age(held: str | None, other: str | None) -> str | None:
    if held and held.endswith("s") and other and not other.endswith("s"):
        return other
    return held or other


def _confidence(voice: Voice, name: str) -> float:
    return voice.report.confidence.get(name, DEFAULT_CONFIDENCE)
