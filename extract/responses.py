"""What states did about an incident: arrests, prosecutions, repatriations, advisories, protests, directives, deployments.

A response is a response trigger with an official actor; the actor is the last official body or office named before
the trigger in its sentence (Korean: marked as subject or topic), the date the day its own clause gives.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from extract.document import Document
from extract.records import Response
from extract.triggers import Trigger

#: Official bodies and offices by their last words. Longest match wins because patterns are greedy to the left.
_ACTOR = {
    "ko": re.compile(
        r"(?:[가-힣A-Za-z·]+ ){0,2}[가-힣A-Za-z·]*(?:경찰청(?: 국가수사본부)?|국가수사본부|경찰서|경찰|검찰청?|지방검찰청|지검|고검|대검|법원|지법|고법|대법원|헌법재판소|재판부|"
        r"외교부|법무부|국방부|국토교통부|행정안전부|보건복지부|고용노동부|교육부|정부|대통령실|대통령|총리|장관|대사관|영사관|총영사관|대사|소방(?:본부|서|당국|청)?|"
        r"해경|해양경찰(?:청|서)?|국정원|국가정보원|세관|관세청|출입국|당국|시청|구청|군청|도청|특검|인터폴|수사본부|수사대|이민국|군|의회|국회|119)(?![가-힣]{2,})"
    ),
    "en": re.compile(
        r"(?:the |The )?(?:(?:[A-Z][\w.'-]+|of|for|and|national|local|state|federal|military|foreign|justice|interior|prime|presidential|immigration) )*"
        r"(?:[Pp]olice|[Cc]ourt|[Pp]rosecutors?|[Gg]overnment|[Mm]inistry|[Mm]inister|[Pp]resident|[Ee]mbassy|[Aa]mbassador|[Jj]udge|[Aa]uthorities|"
        r"[Oo]fficials|[Aa]gency|[Dd]epartment|[Ff]irefighters|[Cc]oast [Gg]uard|[Aa]rmy|[Mm]ilitary|[Nn]avy|[Tt]roops|[Dd]etectives|[Oo]fficers|[Ii]nvestigators|[Ii]nterpol|FBI|Lee|Parliament|[Cc]abinet)\b"
        r"(?: [A-Z][\w-]+){0,3}"
    ),
}
#: States named in plain words instead of their governments ("Seoul is negotiating with Phnom Penh").
_CLAUSE_END = {"ko": re.compile(r"(?:고|며|면서|지만|는데|,) "), "en": re.compile(r"[,;:] ")}
_MAX_QUOTE = 120


#: Responses whose verb and object stand apart: the type, and verb ... object within one clause.
_APART = {
    "en": (
        (
            "diplomatic_protest",
            re.compile(
                r"\b(?:call(?:ed|s)?(?: in)?|summon(?:ed|s)?)\b[^.;]{0,40}?\b(?:ambassador|envoy|charg[eé] d[’']affaires)\b"
            ),
        ),
        (
            "directive",
            re.compile(
                r"\b(?:direct(?:ed|s)|order(?:ed|s)|instruct(?:ed|s))\b[^.;]{0,30}?\b(?:ministry|ministries|officials|government|police|agency|agencies|authorities)\b"
            ),
        ),
        (
            "deployment",
            re.compile(
                r"\b(?:deploy(?:ed|s|ing)?|dispatch(?:ed|es|ing)?|sen[dt](?:ing|s)?)\b[^.;]{0,30}?\b(?:police officers?|investigators?|consul(?:ar officers?)?|team|troops)\b"
            ),
        ),
    ),
    "ko": (
        ("diplomatic_protest", re.compile(r"대사(?:를|을)? [^.]{0,12}?(?:불러|초치|소환)")),
        ("directive", re.compile(r"(?:대통령|총리|장관)(?:은|이|도)? [^.]{0,60}?(?:지시했|지시를|주문했|당부했)")),
    ),
}


@dataclass(frozen=True, slots=True)
class _Actor:
    start: int
    end: int


def find_responses(doc: Document) -> list[Response]:
    """Every response told of in the body (and those that only the title tells), in text order, one per act and sentence."""
    found: list[Response] = []
    seen: set[tuple[str, str | None, int]] = set()
    for trigger in sorted(_triggers(doc), key=lambda t: (doc.in_title(t.start), t.start)):
        actor = _actor_of(doc, trigger)
        if actor is None and trigger.weight == "weak":
            continue
        name = doc.text[actor.start : actor.end].strip() if actor else None
        key = (trigger.type, name, trigger.sentence)
        if key in seen or (doc.in_title(trigger.start) and any(r.type == trigger.type for r in found)):
            continue
        seen.add(key)
        start, end = _quote_of(doc, trigger, actor)
        evidence = doc.evidence("response", start, end, "response trigger")
        found.append(
            Response(
                type=trigger.type,
                quote=evidence.quote,
                start=evidence.start,
                end=evidence.end,
                part=evidence.part,
                actor=name,
                country=_country_of(doc, actor, trigger),
                date=_date_of(doc, trigger),
            )
        )
    return sorted(found, key=lambda r: (r.part != "title", r.start))


def _triggers(doc: Document) -> list[Trigger]:
    """The lexicon's response triggers and the ones whose verb and object stand apart."""
    found = [t for t in doc.triggers if t.kind == "response"]
    for kind, pattern in _APART[doc.language]:
        for match in pattern.finditer(doc.text):
            sentence = doc.sentence_at(match.start())
            if match.end() <= doc.sentences[sentence].end and not any(
                t.type == kind and t.start < match.end() and match.start() < t.end for t in found
            ):
                found.append(
                    Trigger(match.start(), match.end(), match.group(), kind, "response", "active", "strong", sentence)
                )
    return found


def _actor_of(doc: Document, trigger: Trigger) -> _Actor | None:
    sentence = doc.sentences[trigger.sentence]
    matches = list(_ACTOR[doc.language].finditer(doc.text, sentence.start, sentence.end))
    before = [m for m in matches if m.end() <= trigger.start]
    if doc.language == "ko":
        subjects = [
            m for m in before if re.match(r"(?:은|는|이|가|에서|측은|측이|에 따르면)", doc.text[m.end() : m.end() + 5])
        ]
        chosen = (subjects or before)[-1:] if before else []
    else:
        passive = trigger.voice == "passive"
        after = [
            m for m in matches if m.start() >= trigger.end and doc.text[trigger.end : m.start()].rstrip().endswith("by")
        ]
        chosen = after[:1] if passive and after else before[-1:]
    return _Actor(chosen[0].start(), chosen[0].end()) if chosen else None


def _quote_of(doc: Document, trigger: Trigger, actor: _Actor | None) -> tuple[int, int]:
    """From the actor (or the trigger's clause) to the end of the trigger's clause, at most 120 characters."""
    sentence = doc.sentences[trigger.sentence]
    ends = [m.end() - 1 for m in _CLAUSE_END[doc.language].finditer(doc.text, trigger.end, sentence.end)]
    end = ends[0] if ends else sentence.end
    end = min(max(end, trigger.end), trigger.end + _MAX_QUOTE)
    start = (
        actor.start
        if actor and trigger.end - actor.start <= _MAX_QUOTE and actor.start < trigger.start
        else trigger.start
    )
    if doc.language == "en" and start == trigger.start:
        start = max(sentence.start, doc.text.rfind(" ", sentence.start, max(sentence.start, trigger.start - 30)) + 1)
    return start, end


def _country_of(doc: Document, actor: _Actor | None, trigger: Trigger) -> str | None:
    """The actor's state: a nationality or country within or right before its words, else the outlet's own in Korean."""
    if actor is not None:
        for nation in doc.nationalities:
            if actor.start - 2 <= nation.end and nation.start < actor.end and nation.start >= actor.start - 20:
                return nation.country
        for place in doc.places_in(trigger.sentence):
            if place.country and actor.start <= place.mention.start < actor.end:
                return place.country
    return doc.article.country if doc.language == "ko" and actor is not None else None


def _date_of(doc: Document, trigger: Trigger) -> str | None:
    """The day named nearest to the trigger in its sentence, before it first."""
    dates = [m for m in doc.dates_in(trigger.sentence) if m.value and m.kind in ("point", "clock")]
    if not dates:
        return None
    nearest = min(dates, key=lambda m: (abs(m.start - trigger.start), m.start > trigger.start))
    if doc.language == "ko" and re.match(r"\s*(?:밝혔|전했|말했|발표)", doc.text[nearest.end : nearest.end + 6]):
        others = [m for m in dates if m is not nearest]
        return min(others, key=lambda m: abs(m.start - trigger.start)).value if others else None
    return nearest.value
