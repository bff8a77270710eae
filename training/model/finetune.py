"""Multi-task fine-tuning: every labelled set teaches the shared encoder, each through its head, with its gaps."""

from __future__ import annotations

import logging
import random
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
import torch
from transformers import PreTrainedTokenizerFast

from training.model import checkpoints
from training.model.batches import Encoded, allowed_rows, batches, encode, joined, padded
from training.model.checkpoints import Clock, Progress
from training.model.corpora import HEADS, Sentence
from training.model.network import PartialLoss, Tagger
from training.model.swap import pools, swapped

log = logging.getLogger(__name__)

#: The sentences that other taggers have marked: soft labels.
SILVER = "silver"
#: Sets whose mentions are exchanged from the second time on that a pass sees them.
EXCHANGED = ("klue",)
#: Share of the sentences that are put together by twos.
TOGETHER = 0.5
#: How often a pass sees a sentence of each set. Korean news is scarce and is what the reader reads most: seen thrice.
SHARES = {
    "klue": 3.0,
    "worldwide": 1.0,
    "wnut17": 1.0,
    "ewt": 0.5,
    "multiconer_ko": 0.3,
    "multiconer_en": 0.1,
    "gvdb": 1.0,
    "articles": 2.0,
    SILVER: 0.5,
}
#: Weight of the auxiliary head's loss.
HEAD_WEIGHT = {"news": 1.0, "wiki": 0.5, "event": 1.0}
#: Share of the input pieces that are replaced by [MASK] while learning, so that context is learned too.
MASKED = 0.05


class Corpora:
    """The sets as pieces and labels, drawn anew for every pass."""

    def __init__(
        self,
        tokenizer: PreTrainedTokenizerFast,
        sets: Mapping[str, Sequence[Sentence]],
        silver: Sequence[Encoded] = (),
    ) -> None:
        self.tokenizer, self.sets = tokenizer, sets
        self.encoded = {name: encode(tokenizer, sentences) for name, sentences in sets.items()}
        if silver:
            self.encoded[SILVER] = list(silver)
        self.pools = {name: pools(sets[name]) for name in EXCHANGED if name in sets}

    def of_pass(self, seed: int, pieces: int) -> tuple[list[Encoded], list[list[int]]]:
        """What a pass sees, and its batches: every set by its share, fractions drawn by `seed`."""
        rng = random.Random(seed)
        drawn: list[Encoded] = []
        for corpus, rows in self.encoded.items():
            whole, part = divmod(SHARES.get(corpus, 1.0), 1.0)
            if corpus in self.pools:
                drawn += rows if whole else []
                for _ in range(1, int(whole)):
                    other = [swapped(s, self.pools[corpus], rng) for s in self.sets[corpus]]
                    drawn += encode(self.tokenizer, other)
            else:
                drawn += rows * int(whole)
            drawn += rng.sample(rows, round(part * len(rows)))
        drawn = joined(self.tokenizer, drawn, TOGETHER, seed)
        return drawn, list(batches([len(e.ids) for e in drawn], [e.kind for e in drawn], pieces, seed))


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
    silver: Sequence[Encoded] = (),
    seed: int = 0,
    save_every: int = 1000,
    device: str = "cpu",
) -> Progress:
    """Train `tagger` on the sets in `corpora` and the soft labels `silver`, checkpointing to `target`.

    An interrupted run goes on where it stood.
    Ends after `passes` over the sets or `minutes` of training, whichever comes first; the learning rate reaches zero
    there. `pieces` is the size of a step. Returns the progress of the whole run, earlier parts included.
    """
    torch.manual_seed(seed)
    material = Corpora(tokenizer, corpora, silver)
    losses = {head: PartialLoss(head).to(device) for head in HEADS}
    padding = {head: allowed_rows(head)[1]["?"] for head in HEADS}
    tagger.to(device).train()
    optimiser = torch.optim.AdamW(groups(tagger, rates), lr=0.0, weight_decay=0.01)
    progress = checkpoints.restore(target, tagger, optimiser) if target.exists() else Progress()
    about = {"shape": tagger.description(), "seed": seed, "sets": sorted(corpora), "shares": SHARES, "pieces": pieces}
    per_pass = len(material.of_pass(seed, pieces)[1])
    clock = Clock(progress, passes * per_pass, minutes)
    share, running = 0.0, torch.zeros((), device=device)
    mask_id = int(tokenizer.mask_token_id)
    while share < 1.0:
        drawn, order = material.of_pass(seed + 1000 * progress.passes, pieces)
        for batch in order[progress.in_pass :]:
            chosen = [drawn[i] for i in batch]
            head = chosen[0].head
            ids = padded([e.ids for e in chosen], 0).to(device)
            rows = padded([e.rows for e in chosen], padding[head]).to(device)
            attention = ids != 0
            hidden = (torch.rand(ids.shape, device=device) < MASKED) & (ids > 4)
            with torch.autocast(device.split(":")[0], dtype=torch.bfloat16, enabled=device != "cpu"):
                logits = tagger(ids.masked_fill(hidden, mask_id), attention, head)
            if chosen[0].soft is None:
                loss = losses[head](logits, rows) * HEAD_WEIGHT[head]
            else:
                loss = _against(logits, chosen) * HEAD_WEIGHT[head]
            optimiser.zero_grad(set_to_none=True)
            loss.backward()
            torch.nn.utils.clip_grad_norm_(tagger.parameters(), 1.0)
            share = clock.tick()
            for group in optimiser.param_groups:
                group["lr"] = group["peak"] * checkpoints.schedule(share)
            optimiser.step()
            running += loss.detach()
            if progress.steps % 100 == 0:
                log.info(
                    "%s: step %d, %.0f%%, %.0f s, loss %.3f",
                    target.stem, progress.steps, 100 * share, progress.seconds, float(running) / 100,
                )  # fmt: skip
                running.zero_()
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


def _against(logits: torch.Tensor, chosen: Sequence[Encoded]) -> torch.Tensor:
    """Mean cross-entropy of the pieces to the distributions they are to be learned by (frames and padding left out)."""
    wanted = torch.zeros(logits.shape, dtype=torch.float32)
    for row, encoded in enumerate(chosen):
        assert encoded.soft is not None
        wanted[row, : len(encoded.soft)] = torch.from_numpy(encoded.soft.astype(np.float32))
    wanted = wanted.to(logits.device)
    loss = -(wanted * torch.log_softmax(logits.float(), dim=-1)).sum()
    return loss / wanted.sum().clamp(min=1)
