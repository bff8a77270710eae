"""Are two reports of one event? A fitted logistic score with three answers, and a veto where facts clash."""

from __future__ import annotations

import math
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Literal

from extract.resolve.compare import clash, features
from extract.resolve.signature import Signature

Answer = Literal["same", "different", "ask"]


class WeightsError(ValueError):
    """The weights file lacks something or holds no number; the message names the key."""


@dataclass(frozen=True, slots=True)
class Weights:
    """Coefficients of the logistic score. At `same` and above the answer is same, from `ask` to `same` it is ask."""

    bias: float
    coefficients: Mapping[str, float]
    same: float
    ask: float


@dataclass(frozen=True, slots=True)
class Match:
    """`probability` in [0, 1] that two reports (or a report and an incident) are one event, and what spoke for it."""

    answer: Answer
    probability: float
    reasons: tuple[str, ...] = ()


@cache
def default_weights() -> Weights:
    """The fitted weights that ship beside this file."""
    return parse_weights(resources.files("extract.resolve").joinpath("weights.toml").read_text(encoding="utf-8"))


def parse_weights(text: str) -> Weights:
    """Weights from the text of a weights file. Raises WeightsError."""
    try:
        body = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise WeightsError(f"weights.toml: {error}") from error
    for key in ("bias", "same", "ask"):
        if not isinstance(body.get(key), float):
            raise WeightsError(f"weights.toml: {key} must be a number with a point")
    table = body.get("coefficients", {})
    known = features(Signature(("homicide",)), Signature(("homicide",))).keys()
    for name in table:
        if name not in known:
            raise WeightsError(f"weights.toml: coefficients.{name} is no feature; the features are {', '.join(known)}")
    return Weights(body["bias"], {name: float(value) for name, value in table.items()}, body["same"], body["ask"])


def score(a: Signature, b: Signature, weights: Weights | None = None) -> Match:
    """Whether two reports tell of one event. Symmetric."""
    weights = weights or default_weights()
    veto = clash(a, b)
    if veto:
        return Match("different", 0.0, (veto,))
    parts = {name: value * weights.coefficients.get(name, 0.0) for name, value in features(a, b).items() if value}
    probability = 1 / (1 + math.exp(-(weights.bias + sum(parts.values()))))
    reasons = tuple(name for name, part in sorted(parts.items(), key=lambda item: -abs(item[1]))[:5] if part)
    return Match(_answer(probability, weights), probability, reasons)


def score_against(report: Signature, members: Sequence[Signature], weights: Weights | None = None) -> Match:
    """Whether a report belongs to an incident, by all of the incident's reports: no chain through a single one."""
    return score_incidents([report], members, weights)


def score_incidents(left: Sequence[Signature], right: Sequence[Signature], weights: Weights | None = None) -> Match:
    """Whether two incidents are one event, by all pairs of their reports. Symmetric."""
    weights = weights or default_weights()
    table = [[score(a, b, weights) for b in right] for a in left]
    return agreement(table, same=weights.same, ask=weights.ask)


def agreement(table: Sequence[Sequence[Match]], *, same: float, ask: float) -> Match:
    """One match of two incidents from the matches of their reports, a row for each report of the one.

    For a report the mean of the best half of its log-odds counts (members that say little, a one-line mention, would
    drown a clear match in the plain mean); so do the reports of each side. Where a third of the pairs or more clash,
    they are two events.
    """
    matches = [match for row in table for match in row]
    if not matches:
        return Match("different", 0.0, ("no reports",))
    vetoes = [match for match in matches if match.probability == 0.0]
    if 3 * len(vetoes) >= len(matches):
        return Match("different", 0.0, vetoes[0].reasons)
    rows = _best_half(_best_half(_logit(match.probability) for match in row) for row in table)
    columns = _best_half(_best_half(_logit(row[at].probability) for row in table) for at in range(len(table[0])))
    probability = 1 / (1 + math.exp(-min(rows, columns)))
    strongest = max(matches, key=lambda match: match.probability)
    answer: Answer = "same" if probability >= same else "ask" if probability >= ask else "different"
    return Match(answer, probability, strongest.reasons)


def _best_half(odds: Iterable[float]) -> float:
    """The mean of the greater half."""
    ordered = sorted(odds, reverse=True)
    best = ordered[: (len(ordered) + 1) // 2]
    return sum(best) / len(best)


def _answer(probability: float, weights: Weights) -> Answer:
    if probability >= weights.same:
        return "same"
    return "ask" if probability >= weights.ask else "different"


def _logit(probability: float) -> float:
    clipped = min(max(probability, 1e-9), 1 - 1e-9)
    return math.log(clipped / (1 - clipped))
