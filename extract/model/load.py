"""Finding and loading a model: the shipped one by ONNX Runtime, another by transformers and torch."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from extract.model.decode import Floats
from extract.model.errors import ModelError
from extract.model.labels import our_names
from extract.model.tagger import Infer, TokenTagger

Precision = Literal["int8", "fp32"]
SHIPPED = Path(__file__).with_name("shipped")
#: The weights of each precision in a model folder.
WEIGHTS = {"int8": "model.int8.onnx", "fp32": "model.onnx"}
#: Pieces of a window, its frame included, at run time and in training.
WINDOW = 192


def load_tagger(
    name: str | None = None, *, labels: Mapping[str, str] | None = None, precision: Precision = "int8", threads: int = 1
) -> TokenTagger:
    """The tagger called `name`: None is the shipped model, else a folder or a hub id of a token classifier.

    A folder with ONNX weights in the layout of the shipped one runs by ONNX Runtime; any other folder or id goes
    through transformers with torch (`pip install torch`).
    `labels` maps the model's tags to ours where their names differ.
    Raises ModelError for whatever keeps the model from loading.
    """
    folder = SHIPPED if name is None else Path(name)
    shown = "shipped" if name is None else folder.name if folder.is_dir() else name
    if name is None or any((folder / file).is_file() for file in WEIGHTS.values()):
        return _load_onnx(shown, folder, labels, precision, threads)
    return _load_hub(shown, name, labels, threads)


def _tokenizer(name: str, source: str | Path, *, local: bool) -> Any:
    # it would say on every start that torch is absent, which is meant
    os.environ.setdefault("TRANSFORMERS_NO_ADVISORY_WARNINGS", "1")
    from transformers import AutoTokenizer
    from transformers.utils import logging as transformers_logging

    transformers_logging.set_verbosity_error()  # type: ignore[no-untyped-call]
    try:
        tokenizer = AutoTokenizer.from_pretrained(source, local_files_only=local, use_fast=True)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ModelError(name, f"its tokenizer cannot be read: {_line(error)}") from error
    if not tokenizer.is_fast:
        raise ModelError(name, "its tokenizer gives no character offsets (no fast tokenizer)")
    if tokenizer.cls_token_id is None or tokenizer.sep_token_id is None:
        raise ModelError(name, "its tokenizer has no [CLS] and [SEP]; only encoders framed by them are read")
    return tokenizer


def _load_onnx(
    name: str, folder: Path, labels: Mapping[str, str] | None, precision: Precision, threads: int
) -> TokenTagger:
    weights = folder / WEIGHTS[precision]
    if not weights.is_file():
        raise ModelError(name, f"no {weights.name} in {folder.name}/; `python -m training.model export` writes it")
    try:
        config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
        outputs = [config["id2label"][str(n)] for n in range(len(config["id2label"]))]
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise ModelError(name, f"config.json does not give the labels: {_line(error)}") from error
    events = [label for _, label in sorted(config.get("event_id2label", {}).items(), key=lambda item: int(item[0]))]
    names = our_names(name, outputs, labels)
    infer = session(name, weights, threads, [len(outputs), len(events)] if events else [len(outputs)])
    tokenizer = _tokenizer(name, folder, local=True)
    digest = hashlib.sha256(weights.read_bytes()).hexdigest()[:8]
    return TokenTagger(f"{name}-{precision}-{digest}", tokenizer, infer, outputs, names, WINDOW - 2, events)


def session(name: str, weights: Path, threads: int, widths: Sequence[int]) -> Infer:
    """The graph in `weights` as a function; `widths` are its outputs' sizes. Raises ModelError where they differ."""
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    options.log_severity_level = 3
    try:
        session = onnxruntime.InferenceSession(str(weights), options, providers=["CPUExecutionProvider"])
    # onnxruntime's own errors share no base class narrower than Exception
    except Exception as error:
        raise ModelError(name, f"{weights.name} is no model that ONNX Runtime can load: {_line(error)}") from error
    inputs, outputs = {i.name for i in session.get_inputs()}, [o.shape[-1] for o in session.get_outputs()]
    if not {"input_ids", "attention_mask"} <= inputs <= {"input_ids", "attention_mask", "token_type_ids"}:
        raise ModelError(name, f"{weights.name} takes {sorted(inputs)}, not input_ids and attention_mask")
    if len(outputs) < len(widths):
        raise ModelError(name, f"{weights.name} has no output for the events that config.json names")
    for given, width in zip(outputs, widths, strict=False):
        if isinstance(given, int) and given != width:
            raise ModelError(name, f"{weights.name} gives {given} labels, config.json names {width}")

    def infer(ids: NDArray[np.int64], mask: NDArray[np.int64]) -> tuple[Floats, ...]:
        feed = {"input_ids": ids, "attention_mask": mask}
        if "token_type_ids" in inputs:
            feed["token_type_ids"] = np.zeros_like(ids)
        return tuple(np.asarray(out, dtype=np.float32) for out in session.run(None, feed)[: len(widths)])

    return infer


def _load_hub(name: str, source: str, labels: Mapping[str, str] | None, threads: int) -> TokenTagger:
    try:
        import torch
    except ImportError as error:
        raise ModelError(name, "a model without ONNX weights needs torch, which is not installed") from error
    from transformers import AutoModelForTokenClassification

    local = Path(source).is_dir()
    tokenizer = _tokenizer(name, source, local=local)
    try:
        model = AutoModelForTokenClassification.from_pretrained(source, local_files_only=local).eval()
    except (OSError, ValueError, KeyError, RuntimeError) as error:
        raise ModelError(name, f"it cannot be loaded as a token classifier: {_line(error)}") from error
    outputs: Sequence[str] = [model.config.id2label[n] for n in range(model.config.num_labels)]
    names = our_names(name, outputs, labels)
    torch.set_num_threads(threads)

    def infer(ids: NDArray[np.int64], mask: NDArray[np.int64]) -> tuple[Floats, ...]:
        with torch.inference_mode():
            logits = model(input_ids=torch.from_numpy(ids), attention_mask=torch.from_numpy(mask)).logits
        return (np.asarray(logits.float().numpy(), dtype=np.float32),)

    room = min(int(getattr(model.config, "max_position_embeddings", 512) or 512), 256)
    revision = str(getattr(model.config, "_commit_hash", None) or "local")[:8]
    return TokenTagger(f"{name}@{revision}", tokenizer, infer, outputs, names, room - 4)


def _line(error: Exception) -> str:
    """The first line of an error's message: the rest is advice for people with another way of working."""
    return (str(error).strip() or type(error).__name__).splitlines()[0][:300]
