"""Who suffered it and who did it: scorers `victim` and `perpetrator` over person mentions,
`victim_nation` and `perpetrator_nation` over nationality mentions."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from extract.cast import antecedent
from extract.document import Document
from extract.nationality import NationalityMention
from extract.people import PersonMention
from extract.scorers.context import Focus, context_features
from extract.scorers.linear import Features

#: After people of whom it is said that nothing befell them, or that nothing is known: "한국인 피해는 없는 것으로 파악됐다".
_UNHARMED = re.compile(
    r"(?:들의|들|의)?\s?(?:인명\s?)?(?:피해|사상|사망|부상|희생)(?:자|\s사실|\s여부|\s상황)?(?:는|은|가|이|도|를)?,?\s?"
    r"(?:(?:아직|현재|다행히|별다른|따로|전혀)(?:까지(?:는)?|는)?\s|(?:현재|지금|이날|아직)까지(?:는)?\s)*"
    r"(?:없|(?:접수|확인|파악|보고|집계|발생)(?:되|하)?지\s?않|(?:확인|파악)\s?중|나오지\s?않)"
)


#: Before a nationality of nobody: "no Koreans were hurt", "no Korean casualties".
_NOBODY = re.compile(r"\bno $", re.I)


def _unharmed(doc: Document, mention: PersonMention | NationalityMention) -> bool:
    before = doc.text[max(0, mention.start - 4) : mention.start]
    return bool(_UNHARMED.match(doc.text, mention.end) or _NOBODY.search(before))


def people_of(doc: Document, focus: Focus) -> list[PersonMention]:
    """The person mentions in scope of whom the text does not say that nothing befell them."""
    return [p for p in doc.people if focus.holds(doc.sentence_at(p.start)) and not _unharmed(doc, p)]


def nations_of(doc: Document, focus: Focus) -> list[NationalityMention]:
    """The nationality mentions in scope, without those of the unharmed."""
    return [n for n in doc.nationalities if focus.holds(doc.sentence_at(n.start)) and not _unharmed(doc, n)]


def person_features(doc: Document, focus: Focus, person: PersonMention) -> Features:
    """Features of the claim "this person was harmed" (or "did it": the same features, other weights)."""
    features = context_features(doc, focus, person.start, person.end)
    sentence = doc.sentence_at(person.start)
    features[f"official {person.is_official}"] = 1.0
    features[f"group {person.group}"] = 1.0
    if person.head:
        features[f"head {person.head}"] = 1.0
    if person.role_hint:
        features[f"hint {person.role_hint}"] = 1.0
    if person.name:
        features["named"] = 1.0
        if len(person.name) == 1:
            features[f"letter {person.name}"] = 1.0
    if person.age:
        features["aged"] = 1.0
        digits = "".join(c for c in person.age if c.isdigit())
        if digits:
            years = int(digits)
            features[f"age {'child' if years < 19 else 'old' if years >= 60 else 'grown'}"] = 1.0
    if person.gender:
        features[f"gender {person.gender}"] = 1.0
    if person.nationality:
        features["nationality given"] = 1.0
    nearest = min(
        (t for t in doc.triggers_in(sentence)),
        key=lambda t: min(abs(t.start - person.end), abs(person.start - t.end)),
        default=None,
    )
    if nearest is not None:
        side = "after" if nearest.start >= person.end else "before"
        features[f"nearest {nearest.kind} {nearest.type} {side}"] = 1.0
        features[f"nearest {nearest.kind} {side}"] = 1.0
        features[f"nearest lemma {nearest.lemma} {side}"] = 1.0
        if nearest.voice:
            features[f"nearest voice {nearest.voice} {side}"] = 1.0
    after, _ = _particle(doc, person.end)
    if after:
        features[f"particle {after}"] = 1.0
        if nearest is not None:
            features[f"particle {after} voice {nearest.voice} {nearest.kind}"] = 1.0
    others = doc.people_in(sentence)
    features["first person of sentence"] = float(bool(others) and others[0] is person)
    features["alone in sentence"] = float(len(others) == 1)
    for count in doc.counts_in(sentence):
        if count.start < person.end and person.start < count.end:
            features[f"counted as {count.what}"] = 1.0
    return features


def second_look(
    doc: Document,
    people: Sequence[PersonMention],
    rows: Sequence[Features],
    victim: Sequence[float],
    perpetrator: Sequence[float],
) -> list[Features]:
    """The features of `people_of` once more, with what the first scorers said of each mention and of those around it.

    One person has one role wherever he is named, and a sentence with a sure victim leaves less room for another: that
    no feature of a single mention can say. `rows`, `victim` and `perpetrator` are in the order of `people`.
    """
    sentences = [doc.sentence_at(p.start) for p in people]
    out: list[Features] = []
    ranks = _ranks(people, victim), _ranks(people, perpetrator)
    for i, person in enumerate(people):
        features = dict(rows[i])
        same = [j for j, p in enumerate(people) if j != i and person.name and p.name == person.name]
        here = [j for j, s in enumerate(sentences) if j != i and s == sentences[i] and j not in same]
        for role, scores, rank in (("victim", victim, ranks[0]), ("perpetrator", perpetrator, ranks[1])):
            features[f"first {role}"] = scores[i]
            features[f"first {role} {int(scores[i] * 4.999)}"] = 1.0
            features[f"{role} rank {min(rank[i], 4)}"] = 1.0
            if same:
                features[f"{role} elsewhere"] = sum(scores[j] for j in same) / len(same)
                features[f"{role} at best"] = max(scores[j] for j in same)
            features[f"other {role} here"] = max((scores[j] for j in here), default=0.0)
            features[f"other {role} in all"] = max(
                (scores[j] for j in range(len(people)) if j != i and j not in same), default=0.0
            )
        features["more a victim"] = victim[i] - perpetrator[i]
        features[f"named {min(len(same), 3)} times more"] = 1.0
        out.append(features)
    return out


def cast_of(
    doc: Document,
    victims: Sequence[tuple[float, PersonMention]],
    perpetrators: Sequence[tuple[float, PersonMention]],
) -> dict[int, tuple[float, float]]:
    """By sentence the highest score of a victim and of a perpetrator: `Focus.cast`."""
    found: dict[int, tuple[float, float]] = {}
    for number, scored in enumerate((victims, perpetrators)):
        for score, person in scored:
            index = doc.sentence_at(person.start)
            before = found.get(index, (0.0, 0.0))
            best = max(before[number], score)
            found[index] = (best, before[1]) if number == 0 else (before[0], best)
    return found


def _ranks(people: Sequence[PersonMention], scores: Sequence[float]) -> list[int]:
    """How many other people (by name) have a mention of a higher score."""
    keys = [person.name or f"#{i}" for i, person in enumerate(people)]
    best: dict[str, float] = {}
    for key, score in zip(keys, scores, strict=True):
        best[key] = max(best.get(key, 0.0), score)
    return [
        sum(other > score for name, other in best.items() if name != key)
        for key, score in zip(keys, scores, strict=True)
    ]


def _particle(doc: Document, end: int) -> tuple[str, int]:
    """The Korean particle right after a mention ("를", "에게", ...), and where it ends."""
    for token in doc.sentences[doc.sentence_at(max(0, end - 1))].tokens:
        if token.start == end and token.tag.startswith(("JK", "JX", "JC")):
            return token.form, token.end
    return "", end


def nation_features(
    doc: Document,
    focus: Focus,
    mention: NationalityMention,
    victim: Mapping[int, float],
    perpetrator: Mapping[int, float],
) -> Features:
    """Features of the claim "this nationality is a victim's" (or "a perpetrator's").

    `victim` and `perpetrator` give the role probabilities of person mentions by their start offset.
    """
    features = context_features(doc, focus, mention.start, mention.end)
    features[f"kind {mention.kind}"] = 1.0
    features[f"text {mention.text}"] = 1.0
    home = mention.country == doc.article.country
    features[f"home {home}"] = 1.0
    within = (p for p in doc.people if p.start <= mention.start and mention.end <= p.end)
    holder = antecedent(doc, mention) or next(within, None)
    if holder is None:
        holder = next(
            (p for p in doc.people_in(doc.sentence_at(mention.start)) if 0 <= p.start - mention.end <= 6), None
        )
        features["of a person nearby"] = float(holder is not None)
    else:
        features["of a person"] = 1.0
    if holder is not None:
        features["person's victim score"] = victim.get(holder.start, 0.0)
        features["person's perpetrator score"] = perpetrator.get(holder.start, 0.0)
        features[f"official {holder.is_official}"] = 1.0
        if holder.head:
            features[f"head {holder.head}"] = 1.0
        if holder.role_hint:
            features[f"hint {holder.role_hint}"] = 1.0
    same = [n for n in doc.nationalities if n.country == mention.country and n.kind == mention.kind]
    features["repeated"] = float(len(same) > 1)
    return features


def abroad_features(doc: Document, focus: Focus, mention: NationalityMention) -> Features:
    """How far from home the event is for nationals of the mention's country: only victims are told of for that.

    The share of the places named in the sentences that tell of the event that lie in another country.
    """
    near = far = 0.0
    for place in doc.places:
        if place.country and focus.holds(index := doc.sentence_at(place.mention.start)):
            if place.country == mention.country:
                near += focus.told[index]
            else:
                far += focus.told[index]
    share = far / (near + far) if far else 0.0
    return {"abroad": share, f"home {mention.country == doc.article.country} abroad": share}
