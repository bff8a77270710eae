"""Multi-task fine-tuning: every labelled set teaches the shared encoder, each through its head, with its gaps."""

from __future__ import annotations

import logging
import random
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

import torch
from transformers import PreTrainedTokenizerFast

from training.model import checkpoints
from training.model.batches import Encoded, allowed_rows, batches, encode, padded
from training.model.checkpoints import Clock, Progress
from training.model.corpora import HEADS, Sentence
from training.model.network import PartialLoss, Tagger

log = logging.getLogger(__name__)

#: How often a pass sees a sentence of each set. Korean news is scarce and is what the reader reads most: seen thrice.
SHARES = {"klue": 3.0, "worldwide": 1.0, "wnut17": 1.0, "ewt": 0.5, "multiconer_ko": 0.3, "multiconer_en": 0.1}
#: Weight of the auxiliary head's loss.
HEAD_WEIGHT = {"news": 1.0, "wiki": 0.5}
#: Share of the input pieces that are replaced by [MASK] while learning, so that context is learned too.
MASKED = 0.05


def draw(encoded: Mapping[str, Sequence[Encoded]], shares: Mapping[str, float], seed: int) -> list[Encoded]:
    """The sentences of one pass: every set `shares` times, fractions drawn by `seed`."""
    rng = random.Random(seed)
    out: list[Encoded] = []
    for corpus, rows in encoded.items():
        whole, part = divmod(shares.get(corpus, 1.0), 1.0)
        out.extend(rows * int(whole) if isinstance(rows, list) else list(rows) * int(whole))
        out.extend(rng.sample(list(rows), round(part * len(rows))))
    return out


class Rates(NamedTuple):
    """Peak learning rates of the parts of a tagger."""

    encoder: float
    vectors: float
    classifiers: float


def groups(tagger: Tagger, rates: Rates) -> list[dict[str, object]]:
    """The tagger's parameters by part, each part with its peak rate."""
    vectors, classifiers = list(tagger.embedding().parameters()), list(tagger.heads.parameters())
    apart = {id(p) for p in (*vectors, *classifiers)}
    return [
        {"params": [p for p in tagger.parameters() if id(p) not in apart], "peak": rates.encoder},
        {"params": vectors, "peak": rates.vectors},
        {"params": classifiers, "peak": rates.classifiers},
    ]


def finetune(
    tagger: Tagger,
    tokenizer: PreTrainedTokenizerFast,
    corpora: Mapping[str, Sequence[Sentence]],
    target: Path,
    *,
    passes: int = 6,
    minutes: float | None = None,
    pieces: int = 2048,
    rates: Rates,
    seed: int = 0,
    save_every: int = 200,
    device: str = "cpu",
) -> Progress:
    """Train `tagger` on the sets in `corpora`, checkpointing to `target`; an interrupted run goes on where it stood.

    Ends after `passes` over the sets or `minutes` of training, whichever comes first; the learning rate reaches zero
    there. `pieces` is the size of a step. Returns the progress of the whole run, earlier parts included.
    """
    torch.manual_seed(seed)
    encoded = {name: encode(tokenizer, sentences) for name, sentences in corpora.items()}
    losses = {head: PartialLoss(head).to(device) for head in HEADS}
    padding = {head: allowed_rows(head)[1]["?"] for head in HEADS}
    tagger.to(device).train()
    optimiser = torch.optim.AdamW(groups(tagger, rates), lr=0.0, weight_decay=0.01)
    progress = checkpoints.restore(target, tagger, optimiser) if target.exists() else Progress()
    about = {"shape": tagger.description(), "seed": seed, "sets": sorted(corpora), "shares": SHARES, "pieces": pieces}
    per_pass = sum(1 for _ in _order(encoded, seed, 0, pieces)[1])
    clock = Clock(progress, passes * per_pass, minutes)
    share, running = 0.0, 0.0
    mask_id = int(tokenizer.mask_token_id)
    while share < 1.0:
        drawn, order = _order(encoded, seed, progress.passes, pieces)
        for batch in order[progress.in_pass :]:
            chosen = [drawn[i] for i in batch]
            head = chosen[0].head
            ids = padded([e.ids for e in chosen], 0).to(device)
            rows = padded([e.rows for e in chosen], padding[head]).to(device)
            attention = ids != 0
            hidden = (torch.rand(ids.shape, device=device) < MASKED) & (ids > 4)
            loss = losses[head](tagger(ids.masked_fill(hidden, mask_id), attention, head), rows) * HEAD_WEIGHT[head]
            optimiser.zero_grad(set_to_none=True)
            loss.backward()
            torch.nn.utils.clip_grad_norm_(tagger.parameters(), 1.0)
            share = clock.tick()
            for group in optimiser.param_groups:
                group["lr"] = group["peak"] * checkpoints.schedule(share)
            optimiser.step()
            running += float(loss.detach())
            if progress.steps % 50 == 0:
                log.info(
                    "step %d, %.0f%%, %.0f s, loss %.3f", progress.steps, 100 * share, progress.seconds, running / 50
                )
                running = 0.0
            if progress.steps % save_every == 0:
                checkpoints.save(target, tagger, optimiser, progress, about)
            if share >= 1.0:
                break
        if progress.in_pass >= len(order):
            progress.passes += 1
            progress.in_pass = 0
    checkpoints.save(target, tagger, optimiser, progress, about)
    tagger.eval()
    return progress


def _order(
    encoded: Mapping[str, Sequence[Encoded]], seed: int, number: int, pieces: int
) -> tuple[list[Encoded], list[list[int]]]:
    drawn = draw(encoded, SHARES, seed + 1000 * number)
    return drawn, list(batches([len(e.ids) for e in drawn], [e.head for e in drawn], pieces, seed + number))
