"""`python -m training.model sentences`: the sentence head, cross-validated beside the rules and the reader of today.

Two encoders stand in for the one that ships, whose event head has learned from every annotated article, so that its
states betray the answer (cross-validated on them, current sentences come out at F1 .92, of new articles at .59):

- the pre-trained encoder, which has seen the articles' words and no label of theirs;
- what the models fitted without the article's fold say of its pieces (`training/reader/outside.npz`).
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np

from extract.cues import EVENT_TAGS
from extract.document import Document
from extract.incidents import choose_types
from extract.model import load_tagger
from extract.model.windows import pieces_in
from extract.relevance import may_hold_incident
from extract.scorers.event_type import TYPES
from extract.scorers.gate import STRENGTH, gate_features
from extract.scorers.linear import Weights
from extract.scorers.sentence import score_sentences
from training.folds import digest, folds
from training.model import vocabulary
from training.model.export import quantised_states
from training.model.network import Tagger
from training.model.sentence_head import Examples, Floats, decisions, fit, sentence_vectors
from training.model.sentence_labels import STATUSES, UNSURE, SentenceLabel, sentence_labels
from training.reader.validation import OUTSIDE, Material, material

log = logging.getLogger(__name__)
Labels = list[SentenceLabel]
#: The probability from which the reader takes a sentence to tell of the event.
TOLD = 0.5


def lexicon_decisions(doc: Document) -> Labels:
    """By words alone: an incident's word tells a current event; of an earlier year background; beside a discard general."""
    relevant = may_hold_incident(doc.article.title, doc.article.text, doc.language)
    discarded = any(doc.in_title(discard.start) for discard in doc.discards)
    out = []
    for index in range(len(doc.sentences)):
        kind = _named(doc, index)
        if kind is None or not relevant:
            out.append(SentenceLabel("none"))
        elif discarded or doc.discards_in(index):
            out.append(SentenceLabel("general"))
        else:
            out.append(SentenceLabel("background" if _of_earlier_year(doc, index) else "current", kind))
    return out


def reader_decisions(doc: Document, weights: Weights) -> Labels:
    """By the reader's gate, sentence scorer and types, with the words of `lexicon_decisions` for what it does not choose."""
    gate = weights.model(f"gate.{doc.language}").probability(gate_features(doc))
    refused = gate < weights.thresholds.get(f"gate.{doc.language}", 0.5)
    refused = refused or not may_hold_incident(doc.article.title, doc.article.text, doc.language)
    types = [kind for kind, _ in choose_types(doc, weights)]
    told = score_sentences(doc, weights.model(f"sentence.{doc.language}"), types)
    out = []
    for index, probability in enumerate(told):
        kind = _named(doc, index)
        if refused:
            out.append(SentenceLabel("general" if kind else "none"))
        elif probability >= TOLD:
            out.append(SentenceLabel("current", kind or types[0]))
        elif kind and _of_earlier_year(doc, index):
            out.append(SentenceLabel("background", kind))
        else:
            out.append(SentenceLabel("none"))
    return out


def _named(doc: Document, index: int) -> str | None:
    """The type that the strongest incident word of the sentence names."""
    named = [t for t in doc.triggers_in(index) if t.kind == "incident"]
    return max(named, key=lambda t: STRENGTH[t.weight]).type if named else None


def _of_earlier_year(doc: Document, index: int) -> bool:
    published = doc.article.published_day()
    return published is not None and any(int(d.value[:4]) < published.year for d in doc.dates_in(index) if d.value)


def outside_vectors(articles: Sequence[str], docs: Sequence[Document], path: Path = OUTSIDE) -> list[Floats]:
    """(sentences x 42) of each article: what models without its fold say of the sentence, and where it stands.

    Highest and mean probability of each tag of both heads over its pieces; title, lead, place in the article, length;
    the article's highest event probabilities. Raises KeyError for an article that the file lacks.
    """
    tagger = load_tagger()
    with np.load(path) as kept:
        ends = np.cumsum(kept["pieces"])
        where = dict(zip(kept["ids"].tolist(), zip(ends - kept["pieces"], ends, strict=True), strict=True))
        said = np.asarray(np.concatenate([kept["event"], kept["news"]], axis=1) / 255, dtype=np.float32)
    out = []
    for article, doc in zip(articles, docs, strict=True):
        first, last = where[digest(article)]
        out.append(_pooled(doc, tagger.offsets(doc.text), said[first:last]))
    return out


def _pooled(doc: Document, offsets: Sequence[tuple[int, int]], said: Floats) -> Floats:
    rows = []
    for index, sentence in enumerate(doc.sentences):
        first, last = pieces_in(offsets, sentence.start, sentence.end)
        inside = said[first:last] if first < last else np.zeros((1, said.shape[1]), dtype=np.float32)
        where = [doc.in_title(sentence.start), index in doc.lead, index / len(doc.sentences)]
        rows.append([*inside.max(axis=0), *inside.mean(axis=0), *where, np.log1p(sentence.end - sentence.start)])
    table = np.array(rows, dtype=np.float32)
    best = table[:, : len(EVENT_TAGS)].max(axis=0, keepdims=True)
    return np.concatenate([table, np.repeat(best, len(table), axis=0)], axis=1)


def cross_validated(vectors: Sequence[Floats], labels: Sequence[Labels], fold: Sequence[int]) -> list[Labels]:
    """What a head says of the articles that have a fold, fitted on the other folds and on all articles without one."""
    out: list[Labels] = [[] for _ in fold]
    for k in sorted(set(fold)):
        rest = [i for i in range(len(vectors)) if i >= len(fold) or fold[i] != k]
        head = fit(Examples(np.concatenate([vectors[i] for i in rest]), [x for i in rest for x in labels[i]]))
        for i, other in enumerate(fold):
            if other == k:
                out[i] = decisions(head, vectors[i])
    return out


def figures(gold: Sequence[SentenceLabel], found: Sequence[SentenceLabel]) -> dict[str, float]:
    """F1 of each status but "none", and of the types of telling sentences (micro, and macro over the types that occur)."""
    pairs = [(a, b) for a, b in zip(gold, found, strict=True) if a.status != UNSURE]
    out = {s: _f1([(a.status == s, b.status == s) for a, b in pairs]) for s in STATUSES if s != "none"}
    by_type = {t: [(a.type == t, b.type == t) for a, b in pairs] for t in TYPES}
    out["type micro"] = _f1([pair for some in by_type.values() for pair in some])
    occurring = [_f1(some) for some in by_type.values() if any(wanted for wanted, _ in some)]
    out["type macro"] = sum(occurring) / max(len(occurring), 1)
    return out


def _f1(pairs: Sequence[tuple[bool, bool]]) -> float:
    right, given = sum(a and b for a, b in pairs), sum(a + b for a, b in pairs)
    return 2 * right / given if given else 0.0


def measured(given: Material, encoder: Tagger, run: Path, threads: int) -> Iterator[tuple[str, list[Labels]]]:
    """(name, decisions for every annotated article) of each way that is compared."""
    rows, docs = [*given.rows, *given.own], [*given.docs, *given.own_docs]
    fold = folds([row.raw for row in given.rows])
    labels = [sentence_labels(doc, row.raw["incidents"]) for row, doc in zip(rows, docs, strict=True)]
    yield "majority", [[SentenceLabel("none")] * len(some) for some in labels[: len(fold)]]
    yield "lexicon", [lexicon_decisions(doc) for doc in given.docs]
    fitted = [given.fit([i for i, other in enumerate(fold) if other != k]) for k in sorted(set(fold))]
    yield "reader", [reader_decisions(doc, fitted[k]) for doc, k in zip(given.docs, fold, strict=True)]
    outside = outside_vectors([row.raw["id"] for row in rows], docs)
    spans = [[(s.start, s.end) for s in doc.sentences] for doc in docs]
    tokenizer = vocabulary.load(run / "tokenizer")
    states = sentence_vectors(quantised_states(encoder, threads), tokenizer, [doc.text for doc in docs], spans)
    both = [np.concatenate(pair, axis=1) for pair in zip(states, outside, strict=True)]
    for name, vectors in (("states", states), ("outside", outside), ("states and outside", both)):
        yield name, cross_validated(vectors, labels, fold)


def report(encoder: Tagger, run: Path, threads: int) -> None:
    """Log the figures of every way, a line a language."""
    given = material(run / "documents.pkl", asked=())
    gold = [sentence_labels(doc, row.raw["incidents"]) for row, doc in zip(given.rows, given.docs, strict=True)]
    for name, found in measured(given, encoder, run, threads):
        for language in ("ko", "en"):
            some = [i for i, doc in enumerate(given.docs) if doc.language == language]
            scores = figures([x for i in some for x in gold[i]], [x for i in some for x in found[i]])
            log.info("%s %-18s %s", language, name, "  ".join(f"{k} {v:.3f}" for k, v in scores.items()))
