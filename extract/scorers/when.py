"""When it happened: scorer `date` over date mentions."""

from __future__ import annotations

from datetime import date

from extract.dates import DateMention
from extract.document import Document
from extract.scorers.context import Focus, context_features, cue_features
from extract.scorers.linear import Features


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
    ]


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
