"""Sentences as tensors: pieces aligned to tags, grouped by length, in an order that a seed fixes."""

from __future__ import annotations

import random
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from transformers import PreTrainedTokenizerFast

from extract.model.load import WINDOW
from extract.model.windows import Window, pieces_of, windows
from training.model.corpora import HEADS, Sentence, label_maps


def bio_labels(head: str) -> list[str]:
    """Output names of a head: "O", then "B-X" and "I-X" per tag."""
    return ["O", *(f"{prefix}-{tag}" for tag in HEADS[head] for prefix in "BI")]


@dataclass(frozen=True, slots=True)
class Encoded:
    """A stretch of text for one head: piece ids, and what each piece is to be learned by.

    `rows` are rows of `allowed_rows`, or, where `soft`, there is a (pieces x labels) distribution instead.
    """

    head: str
    ids: np.ndarray
    rows: np.ndarray
    soft: np.ndarray | None = None

    @property
    def kind(self) -> str:
        """What may stand in one batch."""
        return self.head if self.soft is None else f"{self.head}, soft"


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


def framed(tokenizer: PreTrainedTokenizerFast, window: Window) -> np.ndarray:
    """The pieces of a window between [CLS] and [SEP]."""
    return np.asarray([tokenizer.cls_token_id, *window.ids, tokenizer.sep_token_id], dtype=np.int64)


def encode(tokenizer: PreTrainedTokenizerFast, sentences: Sequence[Sentence], window: int = WINDOW) -> list[Encoded]:
    """The sentences as pieces with label rows, in windows as at run time; a piece that overlaps a span takes its tag."""
    maps = label_maps()
    numbers = {head: (allowed_rows(head)[1], {n: i for i, n in enumerate(bio_labels(head))}) for head in HEADS}
    out = []
    for found in windows([s.text for s in sentences], pieces_of(tokenizer), window - 2):
        sentence = sentences[found.text]
        corpus = sentence.corpus.removesuffix("_dev")
        head = maps[corpus]["head"]
        special, label_number = numbers[head]
        rows = np.full(len(found.ids) + 2, special[corpus], dtype=np.int64)
        rows[[0, -1]] = special["?"]
        starts = [start for start, _ in found.offsets]
        for span in sentence.spans:
            first = True
            for n in range(max(bisect_right(starts, span.start) - 1, 0), bisect_left(starts, span.end)):
                start, end = found.offsets[n]
                if start < span.end and end > span.start and end > start:
                    label = f"{'B' if first else 'I'}-{span.tag}"
                    rows[n + 1] = special["?"] if span.tag == "?" else label_number[label]
                    first = False
        out.append(Encoded(head, framed(tokenizer, found), rows))
    return out


def joined(tokenizer: PreTrainedTokenizerFast, rows: Sequence[Encoded], share: float, seed: int) -> list[Encoded]:
    """The rows, with about `share` of them put together by twos where both fit in a window.

    The sets are single sentences, and at run time several stand in a window.
    """
    rng = random.Random(seed)
    out: list[Encoded] = []
    waiting: dict[str, Encoded] = {}
    for row in rng.sample(list(rows), len(rows)):
        other = waiting.pop(row.kind, None)
        if other is None and rng.random() < share:
            waiting[row.kind] = row
        elif other is None or len(other.ids) + len(row.ids) - 2 > WINDOW:
            out += [row] if other is None else [other, row]
        else:
            soft = None if row.soft is None or other.soft is None else np.concatenate([other.soft[:-1], row.soft[1:]])
            out.append(
                Encoded(
                    row.head,
                    np.concatenate([other.ids[:-1], row.ids[1:]]),
                    np.concatenate([other.rows[:-1], row.rows[1:]]),
                    soft,
                )
            )
    return out + list(waiting.values())


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
