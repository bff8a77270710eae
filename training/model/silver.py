"""What trained taggers say of unlabelled text: soft labels to learn from, and scores of articles they never saw."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import numpy as np
import torch
from transformers import PreTrainedTokenizerFast

from extract.model.load import WINDOW
from extract.model.tagger import by_tag
from extract.model.windows import Window, batches, pieces_of, windows
from training.model.batches import Encoded, bio_labels, framed, padded
from training.model.corpora import Source
from training.model.network import Tagger

#: Texts of each source that are marked at most, drawn by a seed; None for all of them.
LIMITS: Mapping[str, int | None] = {
    "klue": None,
    "multiconer_ko": None,
    "worldwide": None,
    "articles": None,
    "petitions": 700,
    "gun_violence": 600,
}


def probabilities(
    taggers: Sequence[Tagger], tokenizer: PreTrainedTokenizerFast, found: Sequence[Window], head: str
) -> Iterator[tuple[Window, np.ndarray]]:
    """Each window with the mean of what the taggers say of its pieces: (pieces with their frame x labels)."""
    device = next(taggers[0].parameters()).device
    for batch in batches(found, 32_768, 512):
        ids = padded([framed(tokenizer, window) for window in batch], 0).to(device)
        with torch.inference_mode(), torch.autocast(device.type, dtype=torch.bfloat16, enabled=device.type != "cpu"):
            said = sum(torch.softmax(tagger(ids, ids != 0, head).float(), dim=-1) for tagger in taggers)
        assert isinstance(said, torch.Tensor)
        mean = (said / len(taggers)).cpu().numpy()
        for row, window in enumerate(batch):
            yield window, mean[row, : len(window.ids) + 2]


def mark(
    taggers: Sequence[Tagger],
    tokenizer: PreTrainedTokenizerFast,
    sources: Sequence[Source],
    target: Path,
    seed: int = 0,
) -> int:
    """Write the taggers' mean distributions over the sources' texts to `target` (npz). Returns the windows written."""
    rng = random.Random(seed)
    texts: list[str] = []
    for source in sources:
        if source.name in LIMITS:
            limit = LIMITS[source.name]
            texts += source.texts if limit is None else rng.sample(list(source.texts), min(limit, len(source.texts)))
    found = windows(texts, pieces_of(tokenizer), WINDOW - 2)
    ids, lengths, soft = [], [], []
    for window, said in probabilities(taggers, tokenizer, found, "news"):
        ids.append(framed(tokenizer, window).astype(np.uint16))
        lengths.append(len(ids[-1]))
        said[[0, -1]] = 0.0
        soft.append(said.astype(np.float16))
    np.savez(target, ids=np.concatenate(ids), lengths=np.asarray(lengths), soft=np.concatenate(soft))
    return len(lengths)


def load(path: Path) -> list[Encoded]:
    """The windows that `mark` wrote, as rows to learn from."""
    with np.load(path) as kept:
        ends = np.cumsum(kept["lengths"])
        ids, soft = kept["ids"].astype(np.int64), kept["soft"]
    return [
        Encoded("news", ids[end - length : end], np.zeros(length, dtype=np.int64), soft[end - length : end])
        for end, length in zip(ends.tolist(), np.diff(ends, prepend=0).tolist(), strict=True)
    ]


def tag_probabilities(said: np.ndarray, head: str) -> np.ndarray:
    """(pieces x labels) as (pieces x tags): B- and I- of a tag summed, "O" left out."""
    return np.stack(list(by_tag(said, [label[2:] for label in bio_labels(head)]).values()), axis=1)
