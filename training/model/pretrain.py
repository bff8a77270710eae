"""Masked-language-model pre-training of an encoder over the open text of both languages."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from pathlib import Path

import torch
from torch import nn
from transformers import PreTrainedTokenizerFast

from training.model import checkpoints
from training.model.batches import batches, padded
from training.model.checkpoints import Clock, Progress
from training.model.network import Tagger

log = logging.getLogger(__name__)

#: Share of the pieces to be guessed; of those 80 % show [MASK], 10 % another piece, 10 % themselves (BERT, 2019).
GUESSED = 0.15


def pretrain(
    tagger: Tagger,
    tokenizer: PreTrainedTokenizerFast,
    texts: Sequence[str],
    target: Path,
    *,
    passes: int = 1,
    minutes: float | None = None,
    pieces: int = 4096,
    rate: float = 1e-3,
    seed: int = 0,
    save_every: int = 200,
    window: int = 96,
    device: str = "cpu",
) -> Progress:
    """Pre-train `tagger`'s encoder in place, checkpointing to `target`; an interrupted run goes on where it stood.

    Only guessed positions pass through the output layer, which shares the piece vectors. Ends after `passes` or
    `minutes`.
    """
    torch.manual_seed(seed)
    encoded = [
        torch.tensor(ids).numpy()
        for at in range(0, len(texts), 10_000)
        for ids in tokenizer(list(texts[at : at + 10_000]), truncation=True, max_length=window)["input_ids"]
        if len(ids) > 6
    ]
    bias = nn.Parameter(torch.zeros(len(tokenizer)))
    transform = nn.Sequential(
        nn.Linear(tagger.shape.size, tagger.shape.size), nn.GELU(), nn.LayerNorm(tagger.shape.size)
    )
    learner = nn.ModuleDict({"tagger": tagger, "transform": transform})
    learner.register_parameter("bias", bias)
    learner.to(device).train()
    optimiser = torch.optim.AdamW(learner.parameters(), lr=0.0, weight_decay=0.01)
    progress = checkpoints.restore(target, learner, optimiser) if target.exists() else Progress()
    lengths, kinds = [len(e) for e in encoded], [""] * len(encoded)
    per_pass = len(list(batches(lengths, kinds, pieces, seed)))
    clock = Clock(progress, passes * per_pass, minutes)
    about = {"shape": tagger.description(), "seed": seed, "texts": len(texts)}
    share, running = 0.0, 0.0
    while share < 1.0:
        order = list(batches(lengths, kinds, pieces, seed + progress.passes))
        for batch in order[progress.in_pass :]:
            ids = padded([encoded[i] for i in batch], 0).to(device)
            asked = (torch.rand(ids.shape, device=device) < GUESSED) & (ids > 4)
            chance = torch.rand(ids.shape, device=device)
            shown = ids.masked_fill(asked & (chance < 0.8), int(tokenizer.mask_token_id))
            swap = asked & (chance > 0.9)
            shown = torch.where(swap, torch.randint_like(ids, 5, len(tokenizer)), shown)
            vectors = transform(tagger.encode(shown, ids != 0)[asked])
            loss = nn.functional.cross_entropy(vectors @ tagger.embedding().weight.T + bias, ids[asked])
            optimiser.zero_grad(set_to_none=True)
            loss.backward()
            nn.utils.clip_grad_norm_(learner.parameters(), 1.0)
            share = clock.tick()
            for group in optimiser.param_groups:
                group["lr"] = rate * checkpoints.schedule(share)
            optimiser.step()
            running += float(loss.detach())
            if progress.steps % 50 == 0:
                log.info(
                    "step %d, %.0f%%, %.0f s, loss %.3f", progress.steps, 100 * share, progress.seconds, running / 50
                )
                running = 0.0
            if progress.steps % save_every == 0:
                checkpoints.save(target, learner, optimiser, progress, about)
            if share >= 1.0:
                break
        if progress.in_pass >= len(order):
            progress.passes += 1
            progress.in_pass = 0
    checkpoints.save(target, learner, optimiser, progress, about)
    return progress
