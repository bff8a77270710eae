"""Fit every scorer of one language on a set of annotated documents, stage by stage.

A later stage is trained on out-of-fold predictions of the earlier ones, so that it learns to live with their errors.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from sklearn.feature_extraction import DictVectorizer
from sklearn.linear_model import LogisticRegression

from extract.document import Document
from extract.people import PersonMention
from extract.records import Place
from extract.scorers.context import Focus
from extract.scorers.event_type import TYPES, ranking, type_evidence, type_features
from extract.scorers.gate import gate_features
from extract.scorers.linear import LinearModel
from extract.scorers.roles import person_features
from extract.scorers.sentence import score_sentences
from extract.scorers.toll import WHATS
from extract.scorers.where import place_candidates, place_features
from training.reader import examples
from training.reader.examples import Gold, Rows

#: Inverse regularisation strength and least number of rows a feature must stand in, per scorer.
SETTINGS: dict[str, tuple[float, int]] = {
    "gate": (0.3, 3),
    "type": (1.0, 3),
    "linked": (0.5, 3),
    "sentence": (0.3, 4),
    "place": (0.5, 4),
    "country": (1.0, 3),
    "date": (0.5, 4),
    "victim": (0.5, 4),
    "perpetrator": (0.5, 4),
    "victim_nation": (0.5, 3),
    "perpetrator_nation": (0.5, 3),
    "killed": (0.5, 3),
    "injured": (0.5, 3),
    "held": (0.5, 3),
    "missing": (0.5, 3),
}
INNER = 4


def fit_rows(name: str, rows: Rows) -> LinearModel:
    """A logistic regression over the rows; the constant "never" where no row is right (and "always" the other way)."""
    labels = np.array([y for _, y in rows], dtype=bool)
    if not len(labels) or labels.all() or not labels.any():
        return LinearModel({}, 8.0 if len(labels) and labels.all() else -8.0)
    strength, least = SETTINGS[name]
    vectors = DictVectorizer(dtype=np.float64)
    matrix = vectors.fit_transform([x for x, _ in rows])
    keep = np.asarray((matrix != 0).sum(axis=0)).ravel() >= least
    columns = np.flatnonzero(keep)
    model = LogisticRegression(C=strength, max_iter=400, solver="liblinear").fit(matrix[:, columns], labels)
    feature_names = vectors.feature_names_
    weights = {feature_names[c]: float(w) for c, w in zip(columns, model.coef_[0], strict=True) if abs(w) > 1e-3}
    return LinearModel(weights, float(model.intercept_[0]))


@dataclass
class Stages:
    """What the earlier stages say of each document, out of fold."""

    types: list[list[str]]
    told: list[list[float]]
    victim: list[list[tuple[float, PersonMention]]]
    perpetrator: list[list[tuple[float, PersonMention]]]


def fit_language(docs: Sequence[Document], gold: Sequence[Gold]) -> dict[str, LinearModel]:
    """All scorers of one language, by bare name ("gate", "type", ...)."""
    models: dict[str, LinearModel] = {}
    models["gate"] = fit_rows("gate", [(gate_features(d), bool(g)) for d, g in zip(docs, gold, strict=True)])
    live = [i for i, g in enumerate(gold) if g]
    docs, gold = [docs[i] for i in live], [gold[i] for i in live]
    numbers = range(len(docs))

    typed = [examples.type_rows(d, g) for d, g in zip(docs, gold, strict=True)]
    models["type"] = fit_rows("type", [r for lead, _ in typed for r in lead])
    models["linked"] = fit_rows("linked", [r for _, linked in typed for r in linked])
    types = out_of_fold(
        numbers,
        lambda train: fit_rows("type", [r for i in train for r in typed[i][0]]),
        lambda model, i: rank_types(docs[i], model),
    )
    sentences = [examples.sentence_rows(docs[i], gold[i], types[i]) for i in numbers]
    models["sentence"] = fit_rows("sentence", [r for rows in sentences for r in rows])
    told = out_of_fold(
        numbers,
        lambda train: fit_rows("sentence", [r for i in train for r in sentences[i]]),
        lambda model, i: score_sentences(docs[i], model, types[i]),
    )
    focus = [examples.focus_of(docs[i], told[i], types[i][:1]) for i in numbers]
    roles: dict[str, list[list[tuple[float, PersonMention]]]] = {}
    for role in ("victim", "perpetrator"):
        rows = [examples.person_rows(docs[i], focus[i], gold[i], role + "s") for i in numbers]
        models[role] = fit_rows(role, [r for some in rows for r in some])
        roles[role] = out_of_fold(
            numbers,
            lambda train, rows=rows, role=role: fit_rows(role, [r for i in train for r in rows[i]]),
            lambda model, i: [(model.probability(person_features(docs[i], focus[i], p)), p) for p in docs[i].people],
        )
    for role in ("victim", "perpetrator"):
        models[f"{role}_nation"] = fit_rows(
            f"{role}_nation",
            [
                r
                for i in numbers
                for r in examples.nation_rows(
                    docs[i],
                    focus[i],
                    gold[i],
                    role + "s",
                    {p.start: s for s, p in roles["victim"][i]},
                    {p.start: s for s, p in roles["perpetrator"][i]},
                )
            ],
        )
    places = [examples.place_rows(docs[i], focus[i], gold[i]) for i in numbers]
    models["place"] = fit_rows("place", [r for rows in places for r in rows])
    chosen = out_of_fold(
        numbers,
        lambda train: fit_rows("place", [r for i in train for r in places[i]]),
        lambda model, i: best_place(docs[i], focus[i], model),
    )
    models["country"] = fit_rows(
        "country",
        [
            r
            for i in numbers
            for r in examples.country_rows(
                docs[i], focus[i], gold[i], chosen[i][1] if chosen[i][0] >= 0.4 else None, chosen[i][0]
            )
        ],
    )
    models["date"] = fit_rows("date", [r for i in numbers for r in examples.date_rows(docs[i], focus[i], gold[i])])
    for what in WHATS:
        models[what] = fit_rows(
            what,
            [r for i in numbers for r in examples.toll_rows(docs[i], focus[i], gold[i], what, roles["victim"][i])],
        )
    return models


def best_place(doc: Document, focus: Focus, model: LinearModel) -> tuple[float, Place | None]:
    candidates = place_candidates(doc)
    scored = ((model.probability(place_features(doc, focus, c, candidates)), c.place) for c in candidates)
    return max(scored, key=lambda pair: pair[0], default=(0.0, None))


def rank_types(doc: Document, model: LinearModel) -> list[str]:
    evidence = type_evidence(doc)
    rank = ranking(evidence)
    return sorted(TYPES, key=lambda t: -model.decision(type_features(t, evidence, rank)))


def out_of_fold(numbers: range, fit: Callable[[list[int]], LinearModel], apply: Callable[[LinearModel, int], Any]) -> list[Any]:
    """`apply(model, i)` for every i, with a model fitted without the inner fold that i is in."""
    out: list[Any] = [None] * len(numbers)
    for fold in range(INNER):
        model = fit([i for i in numbers if i % INNER != fold])
        for i in numbers:
            if i % INNER == fold:
                out[i] = apply(model, i)
    return out
