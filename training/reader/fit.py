"""Fit every scorer on a set of annotated documents, stage by stage.

A later stage is trained on out-of-fold predictions of the earlier ones, so that it learns to live with their errors.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from sklearn.feature_extraction import DictVectorizer
from sklearn.isotonic import IsotonicRegression
from sklearn.linear_model import LogisticRegression

from extract.document import Document
from extract.people import PersonMention
from extract.records import Place
from extract.scorers.event_type import TYPES
from extract.scorers.gate import gate_features
from extract.scorers.linear import LinearModel, Weights
from extract.scorers.toll import WHATS
from extract.scorers.where import place_candidates
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
    "killed": (0.2, 4),
    "injured": (0.2, 4),
    "held": (0.2, 4),
    "missing": (0.2, 4),
}
INNER = 4
LANGUAGES = ("ko", "en")


def fit_rows(name: str, groups: Sequence[Rows], languages: Sequence[str]) -> dict[str, LinearModel]:
    """A logistic regression a language over the rows of its groups; the constant "never" where no row is right.

    One regression over both languages, and one with shared and own copies of every feature (Daumé 2007), were tried
    on the annotated articles and gave lower end_to_end figures in both languages (docs/accuracy.md).
    """
    return {
        language: _fit(name, [r for g, spoken in zip(groups, languages, strict=True) if spoken == language for r in g])
        for language in LANGUAGES
    }


def _fit(name: str, rows: Rows) -> LinearModel:
    labels = np.array([y for _, y in rows], dtype=bool)
    if not len(labels) or labels.all() or not labels.any():
        return LinearModel({}, 8.0 if len(labels) and labels.all() else -8.0)
    strength, least = SETTINGS[name]
    vectors = DictVectorizer(dtype=np.float64)
    matrix = vectors.fit_transform([x for x, _ in rows])
    columns = np.flatnonzero(np.asarray((matrix != 0).sum(axis=0)).ravel() >= least)
    model = LogisticRegression(C=strength, max_iter=400, solver="liblinear").fit(matrix[:, columns], labels)
    names = vectors.feature_names_
    weights = {names[c]: float(w) for c, w in zip(columns, model.coef_[0], strict=True) if abs(w) > 1e-3}
    return LinearModel(weights, float(model.intercept_[0]))


class Stage:
    """One scorer in the making: rows grouped by document, a model on all of them, and scores out of fold.

    `pick` says how the scorer is used: True where the best candidate of a document is chosen or none,
    False where every row is judged by itself.
    """

    def __init__(
        self, name: str, languages: Sequence[str], groups: Sequence[Rows], *, pick: bool, wanted: Sequence[bool] | None
    ) -> None:
        self.name, self.languages, self.groups, self.pick = name, languages, groups, pick
        self.wanted = wanted if wanted is not None else [any(y for _, y in rows) for rows in groups]
        self.models = fit_rows(name, groups, languages)
        self.scores: list[list[float]] = [[] for _ in groups]
        for fold in range(INNER):
            train = [i for i in range(len(groups)) if i % INNER != fold]
            models = fit_rows(name, [groups[i] for i in train], [languages[i] for i in train])
            for i in range(fold, len(groups), INNER):
                self.scores[i] = [models[languages[i]].probability(x) for x, _ in groups[i]]

    def judged(self, language: str) -> list[tuple[float, bool]]:
        """(score, right) of every value the scorer would give in one language without a threshold."""
        out: list[tuple[float, bool]] = []
        for scores, rows, spoken in zip(self.scores, self.groups, self.languages, strict=True):
            pairs = [(score, right) for score, (_, right) in zip(scores, rows, strict=True)]
            if spoken == language and pairs:
                out += [max(pairs, key=lambda pair: pair[0])] if self.pick else pairs
        return out

    def threshold(self, language: str) -> float:
        """The operating point of best F1, out of fold (the middle of the flat top)."""
        judged = sorted(self.judged(language), reverse=True)
        wanted = sum(w for w, spoken in zip(self.wanted, self.languages, strict=True) if spoken == language)
        total = wanted if self.pick else sum(y for _, y in judged)
        if not judged or not total:
            return 0.5
        hits, figures = 0, []
        for given, (score, right) in enumerate(judged, 1):
            hits += right
            figures.append((2 * hits / (given + total), score))
        top = max(f for f, _ in figures)
        good = [score for f, score in figures if f >= top - 0.004]
        return round(min(max((max(good) + min(good)) / 2, 0.15), 0.85), 3)

    def calibration(self, language: str) -> tuple[tuple[float, float], ...]:
        """Isotonic fit of right on score, as at most 12 points; empty where there is too little to fit on."""
        judged = self.judged(language)
        if len(judged) < 30 or len({y for _, y in judged}) < 2:
            return ()
        xs, ys = np.array([s for s, _ in judged]), np.array([float(y) for _, y in judged])
        curve = IsotonicRegression(y_min=0.01, y_max=0.99, out_of_bounds="clip").fit(xs, ys)
        grid = np.unique(np.quantile(xs, np.linspace(0, 1, 12)))
        return tuple((round(float(x), 4), round(float(y), 4)) for x, y in zip(grid, curve.predict(grid), strict=True))


def fit(docs: Sequence[Document], gold: Sequence[Gold], made: str) -> Weights:
    """All scorers of both languages, with operating points and calibration per language."""
    stages: dict[str, Stage] = {}

    def stage(name: str, groups: Sequence[Rows], *, pick: bool = False, wanted: Sequence[bool] | None = None) -> Stage:
        languages = [d.language for d in docs]
        stages[name] = Stage(name, languages, groups, pick=pick, wanted=wanted)
        return stages[name]

    stage("gate", [[(gate_features(d), bool(g))] for d, g in zip(docs, gold, strict=True)])
    live = [i for i, g in enumerate(gold) if g]
    docs, gold = [docs[i] for i in live], [gold[i] for i in live]
    mains = [examples.main_of(g) for g in gold]
    numbers = range(len(docs))

    typed = [examples.type_rows(d, g) for d, g in zip(docs, gold, strict=True)]
    lead = stage("type", [rows for rows, _ in typed], pick=True, wanted=[True] * len(docs))
    stage("linked", [rows for _, rows in typed])
    types = [[TYPES[k] for k in sorted(range(len(TYPES)), key=lambda k: -scores[k])] for scores in lead.scores]
    told = stage("sentence", [examples.sentence_rows(docs[i], gold[i], types[i]) for i in numbers])
    focus = [examples.focus_of(docs[i], told.scores[i], types[i][:1]) for i in numbers]
    roles: dict[str, list[list[tuple[float, PersonMention]]]] = {}
    for role in ("victim", "perpetrator"):
        scored = stage(role, [examples.person_rows(docs[i], focus[i], gold[i], role + "s") for i in numbers])
        roles[role] = [list(zip(scored.scores[i], docs[i].people, strict=True)) for i in numbers]
    for role in ("victim", "perpetrator"):
        stage(
            f"{role}_nation",
            [
                examples.nation_rows(
                    docs[i],
                    focus[i],
                    gold[i],
                    role + "s",
                    {p.start: s for s, p in roles["victim"][i]},
                    {p.start: s for s, p in roles["perpetrator"][i]},
                )
                for i in numbers
            ],
        )
    places = stage(
        "place",
        [examples.place_rows(docs[i], focus[i], gold[i]) for i in numbers],
        pick=True,
        wanted=[bool(m.get("place") or m.get("place_text")) for m in mains],
    )
    chosen = [best_place(docs[i], places.scores[i]) for i in numbers]
    stage(
        "country",
        [
            examples.country_rows(
                docs[i], focus[i], gold[i], chosen[i][1] if chosen[i][0] >= 0.4 else None, chosen[i][0]
            )
            for i in numbers
        ],
        pick=True,
    )
    stage(
        "date",
        [examples.date_rows(docs[i], focus[i], gold[i]) for i in numbers],
        pick=True,
        wanted=[bool(m.get("date")) for m in mains],
    )
    for what in WHATS:
        stage(
            what,
            [examples.toll_rows(docs[i], focus[i], gold[i], what, roles["victim"][i]) for i in numbers],
            pick=True,
            wanted=[bool(m.get(what)) for m in mains],
        )
    return Weights(
        {f"{n}.{language}": s.models[language] for n, s in stages.items() for language in LANGUAGES},
        {f"{n}.{language}": s.threshold(language) for n, s in stages.items() for language in LANGUAGES},
        {
            f"{FIELDS[name]}.{language}": points
            for name, s in stages.items()
            for language in LANGUAGES
            if name in FIELDS and (points := s.calibration(language))
        },
        made,
    )


#: The report's field that a scorer's calibration speaks for.
FIELDS = {
    "gate": "incident", "type": "type", "place": "place", "country": "country", "date": "date",
    "victim": "victim", "perpetrator": "perpetrator",
    "victim_nation": "victim.nationality", "perpetrator_nation": "perpetrator.nationality",
    "killed": "killed", "injured": "injured", "held": "held", "missing": "missing",
}  # fmt: skip


def best_place(doc: Document, scores: Sequence[float]) -> tuple[float, Place | None]:
    pairs = [(score, candidate.place) for score, candidate in zip(scores, place_candidates(doc), strict=True)]
    return max(pairs, key=lambda pair: pair[0], default=(0.0, None))
