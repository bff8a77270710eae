"""The trained tagger as it ships: ONNX with int8 weights, tokenizer and labels in the Hugging Face layout."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import torch
from onnxruntime.quantization import QuantType, quantize_dynamic
from torch import nn
from transformers import PreTrainedTokenizerFast

from extract.model.load import session
from extract.model.tagger import Infer
from training.model.batches import bio_labels
from training.model.network import Tagger

#: ONNX operator set; 17 is read by every onnxruntime since 1.13.
OPSET = 17


class States(nn.Module):
    """The encoder alone."""

    def __init__(self, tagger: Tagger) -> None:
        super().__init__()
        self.tagger = tagger

    def forward(self, input_ids: torch.Tensor, attention_mask: torch.Tensor) -> torch.Tensor:
        return self.tagger.encode(input_ids, attention_mask)


class Shipped(nn.Module):
    """The encoder and the heads that ship, with the inputs that Hugging Face token classifiers take."""

    def __init__(self, tagger: Tagger) -> None:
        super().__init__()
        self.tagger = tagger

    def forward(self, input_ids: torch.Tensor, attention_mask: torch.Tensor) -> tuple[torch.Tensor, ...]:
        vectors = self.tagger.dropout(self.tagger.encode(input_ids, attention_mask))
        return tuple(self.tagger.heads[head](vectors) for head in ("news", "event"))


def export(
    tagger: Tagger, tokenizer: PreTrainedTokenizerFast, target: Path, *, about: dict[str, Any], fp32: bool = False
) -> None:
    """Write model.int8.onnx (and model.onnx where `fp32`), tokenizer and config.json into `target`."""
    target.mkdir(parents=True, exist_ok=True)
    tokenizer.save_pretrained(target)
    with tempfile.TemporaryDirectory() as folder:
        plain = Path(folder) / "model.onnx"
        write_onnx(Shipped(tagger.eval()), plain, ("logits", "event_logits"))
        quantise(plain, target / "model.int8.onnx")
        if fp32:
            (target / "model.onnx").write_bytes(plain.read_bytes())
    labels = bio_labels("news")
    event = bio_labels("event")
    config = {
        "event_id2label": dict(enumerate(event)),
        "id2label": dict(enumerate(labels)),
        "label2id": {label: number for number, label in enumerate(labels)},
        "sageon": {k: about[k] for k in ("seed", "sets", "shares") if k in about} | {"kind": tagger.shape.kind},
    }
    if tagger.shape.kind != "bilstm":
        config = tagger.shape.bert().to_dict() | config | {"architectures": ["BertForTokenClassification"]}
    (target / "config.json").write_text(json.dumps(config, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def quantised_states(tagger: Tagger, threads: int = 1) -> Infer:
    """Ids and mask to (rows x pieces x width) states of the encoder with int8 weights: what a head reads at run time."""
    with tempfile.TemporaryDirectory() as folder:
        plain, small = Path(folder) / "states.onnx", Path(folder) / "states.int8.onnx"
        write_onnx(States(tagger.eval()), plain, ("states",))
        quantise(plain, small)
        return session("states", small, threads, [tagger.width])


def quantise(plain: Path, target: Path) -> None:
    """Write the graph `plain` with int8 weights."""
    # seven bits of weight: with eight, processors without VNNI saturate and silently give other labels
    quantize_dynamic(plain, target, weight_type=QuantType.QInt8, per_channel=True, reduce_range=True)


def write_onnx(module: nn.Module, path: Path, outputs: Sequence[str]) -> None:
    """The module's graph in fp32, batch and length free."""
    ids = torch.tensor([[2, 5, 6, 7, 3], [2, 8, 9, 3, 0]])
    axes = {0: "batch", 1: "pieces"}
    torch.onnx.export(
        module,
        (ids, (ids != 0).long()),
        str(path),
        input_names=["input_ids", "attention_mask"],
        output_names=list(outputs),
        dynamic_axes=dict.fromkeys(("input_ids", "attention_mask", *outputs), axes),
        opset_version=OPSET,
        dynamo=False,
    )
