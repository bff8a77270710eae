"""Sentences as tensors: pieces aligned to tags, grouped by length, in an order that a seed fixes."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from transformers import PreTrainedTokenizerFast

from training.model.corpora import HEADS, Sentence, label_maps

#: Pieces a window may hold, [CLS] and [SEP] included; longer training sentences are cut there.
WINDOW = 160


def bio_labels(head: str) -> list[str]:
    """Output names of a head: "O", then "B-X" and "I-X" per tag."""
    return ["O", *(f"{prefix}-{tag}" for tag in HEADS[head] for prefix in "BI")]


@dataclass(frozen=True, slots=True)
class Encoded:
    """One sentence for one head: piece ids and, per piece, the row of `allowed_rows` it is to be learned by."""

    head: str
    ids: np.ndarray
    rows: np.ndarray


def allowed_rows(head: str) -> tuple[torch.Tensor, dict[str, int]]:
    """(rows x labels) which labels a piece may take, and the row numbers of what is not one exact label.

    The first rows are the labels themselves (one label allowed). "?" allows all: padding and unsure words. A set's name
    allows "O" and every tag that the set leaves unmarked: its "O" says no more than that (partial labels).
    """
    labels = bio_labels(head)
    rows = [[label == other for other in labels] for label in labels]
    rows.append([True] * len(labels))
    numbers = {"?": len(rows) - 1}
    for corpus, declared in label_maps().items():
        if declared["head"] == head:
            numbers[corpus] = len(rows)
            rows.append([label == "O" or label[2:] in declared["unlabelled"] for label in labels])
    return torch.tensor(rows), numbers


def encode(tokenizer: PreTrainedTokenizerFast, sentences: Sequence[Sentence], window: int = WINDOW) -> list[Encoded]:
    """The sentences as pieces with label rows; a piece that overlaps a span takes its tag."""
    maps = label_maps()
    encodings = tokenizer([s.text for s in sentences], truncation=True, max_length=window, return_offsets_mapping=True)
    numbers = {head: (allowed_rows(head)[1], {n: i for i, n in enumerate(bio_labels(head))}) for head in HEADS}
    out = []
    for sentence, ids, offsets in zip(sentences, encodings["input_ids"], encodings["offset_mapping"], strict=True):
        corpus = sentence.corpus.removesuffix("_dev")
        head = maps[corpus]["head"]
        special, label_number = numbers[head]
        rows = np.full(len(ids), special[corpus], dtype=np.int64)
        rows[[0, -1]] = special["?"]
        for span in sentence.spans:
            first = True
            for n, (start, end) in enumerate(offsets):
                if start < span.end and end > span.start and end > start:
                    label = "?" if span.tag == "?" else f"{'B' if first else 'I'}-{span.tag}"
                    rows[n] = special["?"] if label == "?" else label_number[label]
                    first = False
        out.append(Encoded(head, np.asarray(ids, dtype=np.int64), rows))
    return out


def padded(arrays: Sequence[np.ndarray], value: int) -> torch.Tensor:
    """The arrays as one (n x longest) tensor, filled up with `value`."""
    out = np.full((len(arrays), max(map(len, arrays))), value, dtype=np.int64)
    for n, array in enumerate(arrays):
        out[n, : len(array)] = array
    return torch.from_numpy(out)


def batches(lengths: Sequence[int], kinds: Sequence[str], pieces: int, seed: int) -> Iterator[list[int]]:
    """Index batches of one kind and similar length, each about `pieces` long when padded, shuffled by `seed`."""
    rng = random.Random(seed)
    groups: dict[str, list[int]] = {}
    for index, kind in enumerate(kinds):
        groups.setdefault(kind, []).append(index)
    made: list[list[int]] = []
    for members in groups.values():
        order = sorted(members, key=lambda i: lengths[i] + rng.random() * 4)
        batch: list[int] = []
        for index in order:
            if batch and lengths[index] * (len(batch) + 1) > pieces:
                made.append(batch)
                batch = []
            batch.append(index)
        if batch:
            made.append(batch)
    rng.shuffle(made)
    yield from made
