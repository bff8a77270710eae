"""The sentence head: status and incident type of a sentence, by a linear classifier over a frozen encoder.

It reads the mean state of the sentence's pieces, which have heard the sentences around their own, since the encoder
reads whole windows. What it was worth is in docs/model.md: it does not ship.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn
from transformers import PreTrainedTokenizerFast

from extract.model.load import WINDOW
from extract.model.tagger import BATCH_PIECES, BATCH_ROWS, Infer
from extract.model.windows import batches, pieces_in, pieces_of, windows
from extract.scorers.event_type import TYPES
from training.model.batches import framed, padded
from training.model.sentence_labels import STATUSES, UNSURE, SentenceLabel

Floats = NDArray[np.float32]
Spans = Sequence[tuple[int, int]]
#: Statuses of sentences that tell an event, and so have a type.
TELLING = ("current", "background")
#: Penalty on the squared weights, and steps of the optimiser (which stops earlier where nothing changes).
DECAY = 1e-2
STEPS = 100


def sentence_vectors(
    encode: Infer, tokenizer: PreTrainedTokenizerFast, texts: Sequence[str], spans: Sequence[Spans]
) -> list[Floats]:
    """(sentences x width) mean states of the pieces of each sentence; zeros for a sentence without a piece.

    `encode` gives the states of a batch of windows (`export.quantised_states`).
    """
    found = windows(texts, pieces_of(tokenizer), WINDOW - 2)
    counts = [[0] * len(some) for some in spans]
    sums: dict[int, Floats] = {}
    for batch in batches(found, BATCH_PIECES, BATCH_ROWS):
        ids = padded([framed(tokenizer, window) for window in batch], 0).numpy()
        (states,) = encode(ids, (ids != 0).astype(np.int64))
        for row, window in enumerate(batch):
            total = sums.setdefault(window.text, np.zeros((len(spans[window.text]), states.shape[2]), dtype=np.float32))
            for n, (start, end) in enumerate(spans[window.text]):
                first, last = pieces_in(window.offsets, start, end)
                total[n] += states[row, first + 1 : last + 1].sum(axis=0)
                counts[window.text][n] += last - first
    width = next((total.shape[1] for total in sums.values()), 0)
    out: list[Floats] = []
    for n, some in enumerate(counts):
        total = sums.get(n, np.zeros((len(some), width), dtype=np.float32))
        out.append(np.asarray(total / np.maximum(some, 1)[:, None], dtype=np.float32))
    return out


@dataclass(frozen=True, slots=True)
class Examples:
    """Sentences to learn from: (sentences x width) vectors and their labels."""

    vectors: Floats
    labels: Sequence[SentenceLabel]

    def chosen(self, rows: NDArray[np.bool_]) -> Examples:
        return Examples(self.vectors[rows], [label for label, taken in zip(self.labels, rows, strict=True) if taken])


def fit(examples: Examples) -> nn.Linear:
    """The head fitted on the examples: statuses on all that are sure, types on those that tell an event."""
    sure = np.array([label.status != UNSURE for label in examples.labels])
    telling = np.array([label.type is not None for label in examples.labels])
    status = _regression(
        examples.vectors[sure],
        [STATUSES.index(label.status) for label in examples.chosen(sure).labels],
        len(STATUSES),
    )
    kind = _regression(
        examples.vectors[telling],
        [TYPES.index(label.type or "") for label in examples.chosen(telling).labels],
        len(TYPES),
    )
    head = nn.Linear(examples.vectors.shape[1], len(STATUSES) + len(TYPES))
    with torch.no_grad():
        head.weight.copy_(torch.cat([status.weight, kind.weight]))
        head.bias.copy_(torch.cat([status.bias, kind.bias]))
    return head


def _regression(vectors: Floats, labels: Sequence[int], classes: int) -> nn.Linear:
    """Multinomial logistic regression on standardised vectors, given back for the vectors as they are."""
    mean, spread = vectors.mean(axis=0), vectors.std(axis=0) + 1e-6
    x, y = torch.from_numpy((vectors - mean) / spread), torch.tensor(labels)
    model = nn.Linear(x.shape[1], classes)
    nn.init.zeros_(model.weight)
    nn.init.zeros_(model.bias)
    optimiser: Any = torch.optim.LBFGS(model.parameters(), max_iter=STEPS, line_search_fn="strong_wolfe")

    def loss() -> Any:
        optimiser.zero_grad()
        value: Any = nn.functional.cross_entropy(model(x), y) + DECAY * model.weight.square().sum()
        value.backward()
        return value

    optimiser.step(loss)
    with torch.no_grad():
        model.weight.div_(torch.from_numpy(spread))
        model.bias.sub_(model.weight @ torch.from_numpy(mean))
    return model


def decisions(head: nn.Linear, vectors: Floats) -> list[SentenceLabel]:
    """The likeliest status of each sentence, with the likeliest type where that status tells an event."""
    with torch.inference_mode():
        said = head(torch.from_numpy(vectors)).numpy()
    statuses = [STATUSES[n] for n in said[:, : len(STATUSES)].argmax(axis=1)]
    kinds = [TYPES[n] for n in said[:, len(STATUSES) :].argmax(axis=1)]
    return [SentenceLabel(s, kind if s in TELLING else None) for s, kind in zip(statuses, kinds, strict=True)]
