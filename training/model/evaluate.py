"""Entity and character scores of a tagger on held-out sentences, in the terms of the published tables.

KLUE-NER is scored as its baseline scores it: entities by exact span and type, macro-averaged over the six types, and
characters by macro F1 over the twelve BIO labels other than "O" (Park et al. 2021, appendix). Micro scores stand
beside.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from transformers import PreTrainedTokenizerFast

from extract.model.decode import best_paths, log_softmax, spans, transitions
from training.model.batches import bio_labels
from training.model.corpora import Sentence, Span, label_maps
from training.model.network import Tagger

#: Our tags as KLUE's; NAT is none of its types.
KLUE = {
    "PER": "PS",
    "ORG": "OG",
    "LOC": "LC",
    "FAC": "LC",
    "DATE": "DT",
    "TIME": "TI",
    "COUNT": "QT",
    "AGE": "QT",
    "QUANT": "QT",
}

Marked = Sequence[tuple[int, int, str]]


@dataclass(frozen=True, slots=True)
class Score:
    """Precision, recall and F1 in [0, 1], and how many gold items they rest on."""

    precision: float
    recall: float
    f1: float
    support: int


def _score(right: int, found: int, wanted: int) -> Score:
    precision = right / found if found else 0.0
    recall = right / wanted if wanted else 0.0
    return Score(precision, recall, 2 * right / (found + wanted) if found + wanted else 0.0, wanted)


def entity_scores(gold: Sequence[Marked], predicted: Sequence[Marked]) -> dict[str, Score]:
    """Exact-span scores per type, with "micro" over all and "macro" as the mean F1 of the types."""
    right: Counter[str] = Counter()
    found: Counter[str] = Counter()
    wanted: Counter[str] = Counter()
    for want, got in zip(gold, predicted, strict=True):
        wanted.update(t for *_, t in want)
        found.update(t for *_, t in got)
        right.update(t for *_, t in set(want) & set(got))
    scores = {t: _score(right[t], found[t], wanted[t]) for t in sorted(wanted)}
    micro = _score(right.total(), found.total(), wanted.total())
    mean = sum(s.f1 for s in scores.values()) / max(len(scores), 1)
    return scores | {"micro": micro, "macro": Score(0.0, 0.0, mean, wanted.total())}


def character_macro_f1(texts: Sequence[str], gold: Sequence[Marked], predicted: Sequence[Marked]) -> float:
    """Macro F1 over the BIO labels (without "O") that characters carry."""
    right: Counter[str] = Counter()
    found: Counter[str] = Counter()
    wanted: Counter[str] = Counter()
    for text, want, got in zip(texts, gold, predicted, strict=True):
        a, b = _characters(text, want), _characters(text, got)
        wanted.update(a)
        found.update(b)
        right.update(x for x, y in zip(a, b, strict=True) if x == y)
    labels = [label for label in wanted if label != "O"]
    return sum(2 * right[x] / (wanted[x] + found[x]) for x in labels) / max(len(labels), 1)


def _characters(text: str, marked: Marked) -> list[str]:
    labels = ["O"] * len(text)
    for start, end, tag in marked:
        labels[start:end] = [f"B-{tag}", *[f"I-{tag}"] * (end - start - 1)]
    return labels


def predict(
    tagger: Tagger, tokenizer: PreTrainedTokenizerFast, texts: Sequence[str], *, head: str = "news", batch: int = 32
) -> list[list[tuple[int, int, str]]]:
    """The spans that `tagger` finds in each text (one window a text)."""
    labels = bio_labels(head)
    table = transitions(labels)
    out: list[list[tuple[int, int, str]]] = [[] for _ in texts]
    order = sorted(range(len(texts)), key=lambda i: len(texts[i]))
    device = next(tagger.parameters()).device
    tagger.eval()
    for at in range(0, len(order), batch):
        some = order[at : at + batch]
        encoded = tokenizer(
            [texts[i] for i in some], padding=True, truncation=True, max_length=512, return_offsets_mapping=True
        )
        ids = torch.tensor(encoded["input_ids"], device=device)
        with torch.inference_mode():
            logp = log_softmax(tagger(ids, ids != 0, head).float().cpu().numpy())
        paths = best_paths(logp, [int(np.count_nonzero(row)) for row in np.asarray(encoded["input_ids"])], table)
        for n, i in enumerate(some):
            out[i] = [(s, e, t) for s, e, t, _ in spans(paths[n], labels, encoded["offset_mapping"][n], logp[n])]
    return out


def comparable(
    corpus: str, sentences: Sequence[Sentence], predicted: Sequence[Marked]
) -> tuple[list[Marked], list[Marked]]:
    """(gold, predicted) under the types that the set marks; what it leaves unmarked is not held against the tagger."""
    if corpus == "klue":
        gold = [[(s.start, s.end, KLUE[s.tag]) for s in x.spans if s.tag in KLUE] for x in sentences]
        return list(gold), [[(a, b, KLUE[t]) for a, b, t in p if t in KLUE] for p in predicted]
    marked = set(label_maps()[corpus.removesuffix("_dev")]["tags"].values())
    gold = [[(s.start, s.end, s.tag) for s in x.spans if s.tag != "?"] for x in sentences]
    unsure = [[s for s in x.spans if s.tag == "?"] for x in sentences]
    kept = [
        [(a, b, t) for a, b, t in p if t in marked and not _inside(a, b, doubt)]
        for p, doubt in zip(predicted, unsure, strict=True)
    ]
    return list(gold), list(kept)


def _inside(start: int, end: int, doubt: Sequence[Span]) -> bool:
    return any(start < s.end and s.start < end for s in doubt)


def measure(
    tagger: Tagger, tokenizer: PreTrainedTokenizerFast, corpus: str, sentences: Sequence[Sentence]
) -> dict[str, float]:
    """Figures of one set: entity micro and macro F1, F1 per type, and for KLUE the character macro F1."""
    return figures(corpus, sentences, predict(tagger, tokenizer, [s.text for s in sentences]))


def figures(corpus: str, sentences: Sequence[Sentence], predicted: Sequence[Marked]) -> dict[str, float]:
    """The figures of `measure` for predictions made elsewhere (the exported model, another tagger)."""
    gold, kept = comparable(corpus, sentences, predicted)
    scores = entity_scores(gold, kept)
    out = {"entity_micro_f1": scores["micro"].f1, "entity_macro_f1": scores["macro"].f1}
    if corpus == "klue":
        out["character_macro_f1"] = character_macro_f1([s.text for s in sentences], gold, kept)
    out |= {f"f1_{t}": s.f1 for t, s in scores.items() if t not in ("micro", "macro")}
    return out | {"gold": float(scores["micro"].support), "sentences": float(len(sentences))}
