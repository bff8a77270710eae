"""Which sentences tell of the current incident: scorer `sentence`.

Every slot scorer leans on these probabilities, since most wrong values stand in sentences about something else
(earlier cases, trials of others, statistics, advice).
"""

from __future__ import annotations

from collections.abc import Sequence
from math import log1p

from extract.document import Document
from extract.scorers.gate import STRENGTH
from extract.scorers.linear import Features, LinearModel


def sentence_features(doc: Document, index: int, ranked: Sequence[str]) -> Features:
    """Features of sentence `index`; `ranked` holds the article's types, most likely first."""
    sentence = doc.sentences[index]
    first_body = doc.lead.start
    title = doc.in_title(sentence.start)
    features: Features = {}
    if title:
        features["title"] = 1.0
    else:
        order = index - first_body
        features[f"order {min(order, 6)}"] = 1.0
        features["depth"] = order / max(1, len(doc.sentences) - first_body)
    lemmas = doc.lemmas[index]
    for lemma in set(lemmas):
        features["word:" + lemma] = 1.0
    if lemmas:
        features["first:" + lemmas[0]] = 1.0
        features["last:" + lemmas[-1]] = 1.0
    if not title:
        head = {w for i in range(first_body) for w in doc.lemmas[i]}
        if head:
            features["title overlap"] = len(head & set(lemmas)) / len(head)
    for trigger in doc.triggers_in(index):
        rank = ranked.index(trigger.type) if trigger.type in ranked[:3] else 3
        if trigger.kind == "incident":
            features[f"trigger of rank {rank}"] = 1.0
            features["trigger weight"] = max(features.get("trigger weight", 0.0), STRENGTH[trigger.weight])
            if trigger.voice:
                features[f"voice {trigger.voice}"] = 1.0
        else:
            features[f"response {trigger.type}"] = 1.0
    if doc.charges_in(index):
        features["charge"] = 1.0
    published = doc.article.published_day()
    for mention in doc.dates_in(index):
        features[f"date {mention.kind} {mention.precision}"] = 1.0
        if published and mention.value:
            years = published.year - int(mention.value[:4])
            features[f"years ago {min(max(years, -1), 3)}"] = 1.0
        if mention.time:
            features["time of day"] = 1.0
    if doc.places_in(index):
        features["place"] = 1.0
        features["fine place"] = float(any(p.place and p.place.precision != "country" for p in doc.places_in(index)))
    features["people"] = log1p(len(doc.people_in(index)))
    for count in doc.counts_in(index):
        features[f"count {count.what}"] = 1.0
    text = doc.text[sentence.start : sentence.end]
    if any(mark in text for mark in '“”"‘’'):
        features["quote"] = 1.0
    features["length"] = log1p(len(text)) - 4.0
    return features


def score_sentences(doc: Document, model: LinearModel, ranked: Sequence[str]) -> list[float]:
    """The probability, for every sentence, that it tells of a current incident."""
    return [model.probability(sentence_features(doc, i, ranked)) for i in range(len(doc.sentences))]
