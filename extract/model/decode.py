"""From a classifier's outputs to spans: the best label sequence that is well formed, and its exact offsets."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]

#: Log-probability of a step that BIO forbids.
BARRED = -1e4


def transitions(labels: Sequence[str]) -> Floats:
    """(labels x labels) 0 where the second may follow the first, `BARRED` where not: I-X only follows B-X or I-X."""
    table = np.zeros((len(labels), len(labels)), dtype=np.float32)
    for j, label in enumerate(labels):
        if label.startswith("I-"):
            for i, before in enumerate(labels):
                if before[2:] != label[2:]:
                    table[i, j] = BARRED
    return table


def log_softmax(logits: Floats) -> Floats:
    """Log-probabilities along the last axis."""
    shifted = logits - logits.max(-1, keepdims=True)
    return np.asarray(shifted - np.log(np.exp(shifted).sum(-1, keepdims=True)), dtype=np.float32)


def best_paths(logp: Floats, lengths: Sequence[int], table: Floats) -> list[NDArray[np.int64]]:
    """Viterbi over a batch: per row of `logp` (rows x pieces x labels) its best well-formed labels, `lengths` long.

    A row begins as if after "O" (label 0), so never with an I-.
    """
    rows, width, _ = logp.shape
    score = logp[:, 0] + table[0]
    back = np.zeros(logp.shape, dtype=np.int64)
    scores = [score]
    for t in range(1, width):
        options = score[:, :, None] + table[None]
        back[:, t] = options.argmax(1)
        score = options.max(1) + logp[:, t]
        scores.append(score)
    paths = []
    for row in range(rows):
        length = min(lengths[row], width)
        path = np.zeros(length, dtype=np.int64)
        if length:
            path[-1] = int(scores[length - 1][row].argmax())
            for t in range(length - 1, 0, -1):
                path[t - 1] = back[row, t, path[t]]
        paths.append(path)
    return paths


def spans(
    path: Sequence[int], labels: Sequence[str], offsets: Sequence[tuple[int, int]], logp: Floats
) -> list[tuple[int, int, str, float]]:
    """(start, end, label, score) of each run B-X I-X ... along `path`; pieces with an empty offset carry nothing."""
    out: list[tuple[int, int, str, float]] = []
    begin = 0
    open_label = ""
    for n, number in enumerate([*path, 0]):
        label = labels[number]
        real = n < len(path) and offsets[n][1] > offsets[n][0]
        if open_label and not (real and label == f"I-{open_label}"):
            probability = float(np.exp([logp[k, path[k]] for k in range(begin, n)]).mean())
            out.append((offsets[begin][0], offsets[n - 1][1], open_label, probability))
            open_label = ""
        if real and label != "O" and not open_label:
            begin, open_label = n, label[2:]
    return out
