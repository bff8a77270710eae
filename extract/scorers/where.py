"""Where it happened: scorers `place` over place mentions and `country` over countries."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from extract.document import Document
from extract.place_phrase import place_phrase
from extract.places import ResolvedPlace
from extract.places.countries import countries
from extract.records import Place
from extract.scorers.context import Focus, context_features, cue_features
from extract.scorers.linear import Features, LinearModel


@dataclass(frozen=True)
class PlaceCandidate:
    """A resolved mention; `place.text` is the whole phrase it stands in, at [start, end) of the document's text."""

    resolved: ResolvedPlace
    place: Place
    start: int
    end: int


#: What stands round the name of a capital that means its state: "negotiating with Phnom Penh", "Seoul has urged".
_STATE_BEFORE = re.compile(
    r"\b(?:with|by|between|against|both|urg\w+|press\w+|pressur\w+|ask\w+|tells?|told|warn\w+|accus\w+|criticiz\w+)\s+$"
)
_STATE_AFTER = re.compile(
    r"\s+(?:is|are|was|were|has|had|have|will|would|should|must|could|can|may|also|said|says|announced|agreed|vowed|denied|accused|"
    r"insisted|urged|wants?|wanted|plans?|planned|seeks?|sought|claims?|claimed|rejected|maintains?|hopes?|hoped|fears?|feared)\b"
)
_FINENESS = {"country": 0, "admin1": 1, "admin2": 2, "city": 3, "point": 4}


def place_candidates(doc: Document, focus: Focus) -> list[PlaceCandidate]:
    """Every resolved place in scope, countries too (an article may name nothing finer), in text order."""
    found = []
    for resolved in doc.places:
        if resolved.place is not None and focus.holds(doc.sentence_at(resolved.mention.start)):
            start, end = place_phrase(doc, resolved.mention.start, resolved.mention.end)
            place = replace(resolved.place, text=doc.text[start:end])
            found.append(PlaceCandidate(resolved, place, start, end))
    states = {c.place.name for c in found if names_state(doc, c.resolved)}
    return [c for c in found if c.place.name not in states or _act_before(doc, c)]


def _act_before(doc: Document, candidate: PlaceCandidate) -> bool:
    """Whether an act is told before the place in its sentence, or the place opens the text as a dateline.

    A capital that stands for its state somewhere in a text does so wherever no act is told to have happened in it.
    """
    mention = candidate.resolved.mention
    index = doc.sentence_at(mention.start)
    return mention.dateline or any(t.kind == "incident" and t.end <= mention.start for t in doc.triggers_in(index))


def names_state(doc: Document, resolved: ResolvedPlace) -> bool:
    """Whether an English mention of a capital stands for the state that sits there, not for the town."""
    place, mention = resolved.place, resolved.mention
    if place is None or doc.language != "en" or not is_capital(place):
        return False
    return bool(
        _STATE_BEFORE.search(doc.text, max(0, mention.start - 20), mention.start)
        or (not mention.cue and _STATE_AFTER.match(doc.text, mention.end))
    )


def is_capital(place: Place) -> bool:
    return place.country is not None and countries().capitals.get(place.country) == place.name


def place_features(
    doc: Document, focus: Focus, candidate: PlaceCandidate, candidates: Sequence[PlaceCandidate]
) -> Features:
    """Features of the claim "it happened here"."""
    mention, place = candidate.resolved.mention, candidate.place
    features = context_features(doc, focus, mention.start, mention.end)
    features[f"precision {place.precision}"] = 1.0
    features["words"] = len(mention.text.split()) / 4.0
    features[f"cue {mention.cue or 'none'}"] = 1.0
    features[f"followed by {mention.follow or 'nothing'}"] = 1.0
    features["near"] = float(mention.near)
    features["dateline"] = float(mention.dateline)
    features["detail"] = float(bool(mention.detail))
    features[f"parents {min(len(mention.parents), 2)}"] = 1.0
    features["phrase goes on"] = float(candidate.end > mention.end or candidate.start < mention.start)
    same = [c for c in candidates if c.place.name == place.name]
    features["repeated"] = float(len(same) > 1)
    inside = [c for c in candidates if c.place.name != place.name and c.place.name.endswith(place.name)]
    features["has a finer one"] = float(bool(inside))
    features["a finer one in its country"] = float(
        any(
            c.place.country == place.country and _FINENESS[c.place.precision] > _FINENESS[place.precision]
            for c in candidates
        )
    )
    features["first named"] = float(
        candidate.start == min((c.start for c in candidates if not doc.in_title(c.start)), default=-1)
    )
    sentence = doc.sentence_at(mention.start)
    for date in doc.dates_in(sentence):
        gap = mention.start - date.end
        if 0 <= gap <= 4:
            features["right after a date"] = 1.0
            if date.time:
                features["right after a time of day"] = 1.0
    plain = [c for c in candidates if not c.resolved.mention.follow and c.place.precision != "country"]
    features[f"followed by {mention.follow or 'nothing'}, a plain one elsewhere"] = float(
        any(c is not candidate for c in plain)
    )
    if is_capital(place):
        features["capital"] = 1.0
        states = [c for c in candidates if c.place.name == place.name and names_state(doc, c.resolved)]
        features["capital, means the state here"] = float(any(c is candidate for c in states))
        features["capital, means the state somewhere"] = float(bool(states))
    features["resolution"] = candidate.resolved.score
    features |= cue_features(doc, mention.start, mention.end)
    if doc.cues is not None:
        for tag, likely in doc.cues.entities_in(mention.start, mention.end).items():
            features[f"entity {tag}"] = likely
    if place.country:
        features[f"country at home {place.country == doc.article.country}"] = 1.0
    return features


#: A town is where a spot without coordinates lies if it is at least so likely itself.
_TOWN_LEAST = 0.1


def settled(best: PlaceCandidate, scored: Sequence[tuple[float, PlaceCandidate]]) -> Place:
    """The chosen place; a street or another spot that no gazetteer lists is put into the likeliest town of the article,
    whose coordinates and precision it takes.
    """
    place = best.place
    if place.precision != "point" or place.latitude is not None:
        return place
    towns = [
        (score, c)
        for score, c in scored
        if score >= _TOWN_LEAST and c.place.latitude is not None and c.place.precision in ("city", "admin2")
    ]
    if not towns:
        return place
    town = max(towns, key=lambda pair: (pair[0], -pair[1].start))[1].place
    name = place.name if best.resolved.mention.language == "ko" else f"{place.name}, {town.name}"
    return replace(town, name=name, text=place.text, geonameid=None)


def country_candidates(doc: Document, chosen: Place | None) -> list[str]:
    """Countries that the article names in any way, the outlet's own, and that of the chosen place."""
    found: dict[str, None] = {}
    if chosen and chosen.country:
        found[chosen.country] = None
    for resolved in doc.places:
        if resolved.country:
            found[resolved.country] = None
    for mention in doc.nationalities:
        found[mention.country] = None
    if doc.article.country:
        found[doc.article.country] = None
    return list(found)


def country_features(doc: Document, focus: Focus, country: str, chosen: Place | None, chosen_score: float) -> Features:
    """Features of the claim "it happened in `country`"."""
    features: Features = {}
    if chosen is None:
        features["no place chosen"] = 1.0
    elif chosen.country == country:
        features["of the chosen place"] = 1.0
        features["of the chosen place, score"] = chosen_score
    else:
        features["chosen place is elsewhere"] = chosen_score
    home = country == doc.article.country
    if home:
        features["outlet's own"] = 1.0
    mentioned = Counter(r.country for r in doc.places if r.country)
    votes = 0.0
    names = [r for r in doc.places if r.country == country]
    for resolved in names:
        index = doc.sentence_at(resolved.mention.start)
        told = focus.told[index]
        votes += told
        where = "title" if doc.in_title(resolved.mention.start) else "body"
        what = "name" if resolved.place and resolved.place.precision == "country" else "place"
        features[f"{what} in {where}"] = 1.0
        if resolved.mention.cue:
            features[f"{what} cue {resolved.mention.cue}"] = 1.0
        if resolved.mention.follow:
            features[f"{what} followed by {resolved.mention.follow}"] = 1.0
        best = features.get(f"best told {what}", 0.0)
        features[f"best told {what}"] = max(best, told)
    total = sum(focus.told[doc.sentence_at(r.mention.start)] for r in doc.places if r.country) or 1.0
    features["vote share"] = votes / total
    if mentioned and mentioned.most_common(1)[0][0] == country:
        features["most named"] = 1.0
    kinds = Counter(n.kind for n in doc.nationalities if n.country == country)
    for kind in kinds:
        features[f"nationality {kind}"] = 1.0
    if not names and not kinds:
        features["never named"] = 1.0
    foreign = [c for c in mentioned if c != doc.article.country]
    features[f"foreign named, home {home}"] = float(bool(foreign))
    features[f"type {focus.types[0]}, home {home}"] = 1.0
    features["alone"] = float(len(mentioned) <= 1)
    return features


def choose_country(
    doc: Document, focus: Focus, model: LinearModel, chosen: Place | None, chosen_score: float
) -> tuple[str | None, float]:
    """The likeliest country and its probability, or (None, 0) where the article names none.

    Words that name the country with the chosen place settle it: "Myanmar's Myawaddy, near the border with Thailand".
    """
    scored = [
        (model.probability(country_features(doc, focus, c, chosen, chosen_score)), c)
        for c in country_candidates(doc, chosen)
    ]
    if not scored:
        return None, 0.0
    score, country = max(scored, key=lambda pair: (pair[0], pair[1]))
    if chosen and chosen.country and country != chosen.country and _said_with(doc, chosen):
        return chosen.country, chosen_score
    return country, score


def _said_with(doc: Document, chosen: Place) -> bool:
    """Whether the text names the country of the chosen place in one phrase with it; for a spot put into a town it does not."""
    return any(
        candidate.kind == "country" and candidate.country == chosen.country
        for resolved in doc.places
        if resolved.place and (resolved.place.name, resolved.country) == (chosen.name, chosen.country)
        for parent in resolved.mention.parents
        for candidate in parent.candidates
    )
