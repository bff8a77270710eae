"""When it happened: scorer `date` over date mentions."""

from __future__ import annotations

import re
from datetime import date

from extract.dates import DateMention
from extract.document import Document
from extract.predicates import Predicate, by_authority, predicates_after
from extract.records import DateBasis
from extract.scorers.context import Focus, context_features, cue_features
from extract.scorers.linear import Features

#: What was done or said about an act; a day told with it alone is not the day of the act.
_STEPS = ("proceeding", "statement", "report")
#: What a count of days is counted from: 발견된 지 74일 만에.
_SINCE_FOUND = re.compile(r"발견\S{0,2}\s(?:약\s|지\s)*$")
#: English words that say that somebody or something came to light.
_FOUND = re.compile(
    r"\b(?:was|were|been|body|bodies|remains)\s+(?:later\s+)?(?:found|discovered|recovered)\b"
    r"|\b(?:found|discovered)\s+(?:dead|unconscious|(?:the|her|his|their)\s+(?:body|bodies|remains))\b",
    re.I,
)


def date_candidates(doc: Document, focus: Focus) -> list[DateMention]:
    """Every mention in scope that stands for a known day, month or year not after publication, in text order."""
    published = doc.article.published_day()
    limit = published.isoformat() if published else "9999"
    return [
        m
        for m in doc.dates
        if m.value
        and m.kind in ("point", "range", "clock", "duration")
        and m.value <= limit[: len(m.value)]
        and focus.holds(doc.sentence_at(m.start))
        and not (doc.language == "ko" and of_a_step(doc, focus, m))
    ]


def of_a_step(doc: Document, focus: Focus, mention: DateMention) -> bool:
    """Whether a Korean day is that of what an authority did or somebody said: no act is told after it, and the next
    predicate is such a step or the day follows an authority as its subject. 당시 is of the day it points back to."""
    if mention.rule == "then":
        meant = _pointed_to(doc, mention)
        return meant is not None and of_a_step(doc, focus, meant)
    told = _told_after(doc, focus, mention)
    if not told or any(p.accuses or kind.endswith("act") for p, kind in told):
        return False
    sentence = doc.sentences[doc.sentence_at(mention.start)]
    return told[0][1] in ("proceeding", "statement") or by_authority(sentence, mention.start)


def basis_of(doc: Document, focus: Focus, mention: DateMention) -> DateBasis:
    """ "discovered" where the words told with the day say that somebody was found or the act came to light."""
    if doc.language == "ko":
        return "discovered" if _found_korean(doc, focus, mention) else "stated"
    return "discovered" if _found_english(doc, mention) else "stated"


def _found_korean(doc: Document, focus: Focus, mention: DateMention) -> bool:
    """By the first predicate that the day can belong to: 숨진 채 발견됐다 is found, 조작한 것으로 드러났다 the act's own day."""
    if mention.rule == "then":
        meant = _pointed_to(doc, mention)
        return meant is not None and _found_korean(doc, focus, meant)
    if mention.kind == "duration":
        return _SINCE_FOUND.search(doc.text[: mention.start][-12:]) is not None
    for predicate, kind in _told_after(doc, focus, mention):
        if predicate.kind == "found":
            return True
        if predicate.ending != "ETM" or predicate.accuses:
            return False
        if predicate.noun == "것으로" or (kind.endswith("act") and predicate.noun):
            return False
    return False


def _pointed_to(doc: Document, mention: DateMention) -> DateMention | None:
    """The last day, month or year named before 당시."""
    before = [m for m in doc.dates if m.end <= mention.start and m.value and m.rule != "then"]
    return before[-1] if before else None


def _found_english(doc: Document, mention: DateMention) -> bool:
    """Whether words of finding stand nearer to the day, in its sentence, than any act but their own."""
    index = doc.sentence_at(mention.start)
    sentence = doc.sentences[index]
    spans = [m.span() for m in _FOUND.finditer(doc.text, sentence.start, sentence.end)]
    if not spans:
        return False

    def gap(start: int, end: int) -> int:
        return max(start - mention.end, mention.start - end, 0)

    nearest = min(gap(*span) for span in spans)
    acts = [t for t in doc.triggers_in(index) if t.kind == "incident"]
    others = [t for t in acts if not any(t.start < end and start < t.end for start, end in spans)]
    return all(gap(t.start, t.end) > nearest for t in others)


def date_features(doc: Document, focus: Focus, mention: DateMention) -> Features:
    """Features of the claim "it happened on this day"."""
    features = context_features(doc, focus, mention.start, mention.end)
    features[f"precision {mention.precision}"] = 1.0
    features[f"kind {mention.kind}"] = 1.0
    features[f"rule {mention.rule}"] = 1.0
    features[f"kind {mention.kind} of {focus.types[0]}"] = 1.0
    features |= cue_features(doc, mention.start, mention.end)
    if mention.time:
        features["time of day"] = 1.0
    published = doc.article.published_day()
    if published and mention.value and len(mention.value) == 10:
        days = (published - date.fromisoformat(mention.value)).days
        ago = "0" if days == 0 else "1" if days == 1 else "2-3" if days <= 3 else "4-10" if days <= 10 else "11-60" if days <= 60 else "more"  # fmt: skip
        features[f"days ago {ago}"] = 1.0
        features[f"days ago {ago} of {focus.types[0]}"] = 1.0
        # The day of a hearing, a raid or a statement is recent, and its sentence tells a response or nothing.
        for act in [name for name in features if name.startswith("next: ")]:
            features[f"days ago {ago}, {act}"] = 1.0
    elif published and mention.value:
        features[f"years ago {min(published.year - int(mention.value[:4]), 4)}"] = 1.0
    tail = doc.text[mention.end : mention.end + 14]
    sentence = doc.sentences[doc.sentence_at(mention.start)]
    rest = doc.text[mention.end : sentence.end]
    if doc.language == "ko":
        features["announcing"] = float(
            tail.lstrip(" ").startswith(("밝혔", "전했", "말했", "발표"))
            or rest.rstrip(". ").endswith(("고 밝혔다", "고 전했다", "고 했다", "고 말했다"))
        )
        features["according to"] = float("따르면" in rest[:40])
        features["alone before a name of office"] = float(rest[:1] in (",", " ") and "에 따르면" in rest[:60])
        features |= _governing(doc, focus, mention)
    later = [d for d in doc.dates_in(doc.sentence_at(mention.start)) if d.start > mention.end and d.value]
    features["another follows"] = float(bool(later))
    earlier = [d for d in doc.dates_in(doc.sentence_at(mention.start)) if d.end <= mention.start and d.value]
    features["another before"] = float(bool(earlier))
    fine = [c for c in doc.places_in(doc.sentence_at(mention.start)) if 0 <= c.mention.start - mention.end <= 4]
    features["right before a place"] = float(bool(fine))
    features["repeated"] = float(sum(m.value == mention.value for m in doc.dates) > 1)
    first = next((m for m in doc.dates if m.value and not doc.in_title(m.start)), None)
    features["first in body"] = float(first is mention)
    return features


def _governing(doc: Document, focus: Focus, mention: DateMention) -> Features:
    """What is told with a Korean day, and where it stands among the days of the body."""
    told = _told_after(doc, focus, mention)
    features: Features = {}
    if told:
        features[f"governs {told[0][1]}"] = 1.0
        features[f"closes {told[-1][1]}"] = 1.0
    else:
        features["governs nothing"] = 1.0
    accused = next((n for n, (p, _) in enumerate(told) if p.accuses), None)
    if accused is not None:
        step = any(kind in _STEPS for _, kind in told[: accused + 1])
        features["a step, then an accusation" if step else "accused of what follows"] = 1.0
    days = {
        d.value
        for d in doc.dates
        if d.value
        and d.precision == mention.precision
        and d.kind in ("point", "range", "clock")
        and not doc.in_title(d.start)
    }
    if mention.value in days and len(days) > 1:
        features["one of several"] = 1.0
        features["oldest"] = float(mention.value == min(days))
        features["latest"] = float(mention.value == max(days))
    return features


def _told_after(doc: Document, focus: Focus, mention: DateMention) -> list[tuple[Predicate, str]]:
    """The predicates after a Korean day in its sentence, each with what it tells: "this act", "another act", the class
    of proceedings_ko.tsv, or "other"."""
    index = doc.sentence_at(mention.start)
    acts = [t for t in doc.triggers_in(index) if t.kind == "incident"]
    told = []
    for predicate in predicates_after(doc.sentences[index], mention.end):
        # A weak word may be a state's act: 구금, 억류.
        met = [
            t
            for t in acts
            if t.start < predicate.end and predicate.start < t.end and not (predicate.kind and t.weight == "weak")
        ]
        kind = predicate.kind or "other"
        if met:
            kind = "this act" if met[0].type in focus.types else "another act"
        told.append((predicate, kind))
    return told
