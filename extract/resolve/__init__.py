"""Deciding which reports are of the same incident. Pure: the database finds candidates by `block_keys`."""

from extract.resolve.blocking import block_keys
from extract.resolve.compare import clash, features
from extract.resolve.romanise import name_key, romanise
from extract.resolve.score import (
    Match,
    Weights,
    WeightsError,
    default_weights,
    parse_weights,
    score,
    score_against,
    score_incidents,
)
from extract.resolve.signature import Signature, signature_of

__all__ = [
    "Match",
    "Signature",
    "Weights",
    "WeightsError",
    "block_keys",
    "clash",
    "default_weights",
    "features",
    "name_key",
    "parse_weights",
    "romanise",
    "score",
    "score_against",
    "score_incidents",
    "signature_of",
]
