"""Masked-language-model pre-training of an encoder over the open text of both languages.

The text stands in blocks of one length on the device, so that no step waits for the processor; whole words are asked
for, because names are words.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import torch
from torch import nn
from transformers import PreTrainedTokenizerFast

from training.model import checkpoints
from training.model.checkpoints import Clock, Progress
from training.model.corpora import Source
from training.model.network import Tagger

log = logging.getLogger(__name__)

#: Share of the pieces to be guessed; of those 80 % show [MASK], 10 % another piece, 10 % themselves (BERT, 2019).
GUESSED = 0.15
#: Pieces of a block.
BLOCK = 128


def blocks(tokenizer: PreTrainedTokenizerFast, texts: Sequence[str], length: int = BLOCK) -> np.ndarray:
    """(blocks x length) piece ids: the texts one after the other, [SEP] after each, every block opened by [CLS]."""
    first, last = int(tokenizer.cls_token_id), int(tokenizer.sep_token_id)
    flat: list[np.ndarray] = []
    for at in range(0, len(texts), 10_000):
        encoded = tokenizer(list(texts[at : at + 10_000]), add_special_tokens=False, verbose=False)["input_ids"]
        flat += [np.asarray([*ids, last], dtype=np.int32) for ids in encoded if len(ids) > 4]
    if not flat:
        return np.zeros((0, length), dtype=np.int32)
    whole = np.concatenate(flat)
    room = length - 1
    whole = np.concatenate([whole, np.full(-len(whole) % room, int(tokenizer.pad_token_id), dtype=np.int32)])
    body = whole.reshape(-1, room)
    return np.concatenate([np.full((len(body), 1), first, dtype=np.int32), body], axis=1)


class Learner(nn.Module):
    """A tagger's encoder with the output layer that guesses pieces; the layer shares the piece vectors."""

    def __init__(self, tagger: Tagger, width: int) -> None:
        super().__init__()
        size = tagger.shape.size
        self.tagger = tagger
        self.transform = nn.Sequential(nn.Linear(size, size), nn.GELU(), nn.LayerNorm(size))
        self.bias = nn.Parameter(torch.zeros(width))

    def forward(self, shown: torch.Tensor, where: torch.Tensor, wanted: torch.Tensor) -> torch.Tensor:
        """Mean loss of guessing `wanted` at the positions `where` (rows x asked) of `shown` (rows x length)."""
        vectors = self.tagger.encode(shown, shown != 0)
        vectors = vectors.gather(1, where[:, :, None].expand(-1, -1, vectors.shape[-1])).reshape(-1, vectors.shape[-1])
        logits = self.transform(vectors) @ self.tagger.embedding().weight.T + self.bias
        return nn.functional.cross_entropy(logits.float(), wanted.reshape(-1), ignore_index=0)


def whole_words(ids: torch.Tensor, goes_on: torch.Tensor, count: int) -> torch.Tensor:
    """(rows x count) positions to be asked for: the pieces of words drawn at random, a last word perhaps in part.

    `goes_on` says of each piece of the vocabulary whether it continues the word before. Positions of special pieces
    come last.
    """
    word = (~goes_on[ids]).cumsum(1)
    draws = torch.rand(ids.shape, device=ids.device).gather(1, word.clamp(max=ids.shape[1] - 1))
    return draws.masked_fill(ids < 5, 2.0).topk(count, dim=1, largest=False).indices


def pretrain(
    tagger: Tagger,
    tokenizer: PreTrainedTokenizerFast,
    sources: Sequence[Source],
    target: Path,
    *,
    passes: int = 1,
    minutes: float | None = None,
    pieces: int = 4096,
    rate: float = 1e-3,
    seed: int = 0,
    save_every: int = 1000,
    device: str = "cpu",
) -> Progress:
    """Pre-train `tagger`'s encoder in place, checkpointing to `target`; an interrupted run goes on where it stood.

    Ends after `passes` over the sources' shares or `minutes`, whichever comes first.
    """
    torch.manual_seed(seed)
    made = [blocks(tokenizer, source.texts) for source in sources]
    text = torch.from_numpy(np.concatenate(made)).to(device)
    vocabulary = tokenizer.get_vocab()
    goes_on = torch.zeros(len(tokenizer), dtype=torch.bool)
    goes_on[[number for piece, number in vocabulary.items() if piece.startswith("##")]] = True
    goes_on = goes_on.to(device)
    learner = Learner(tagger, len(tokenizer)).to(device).train()
    optimiser = torch.optim.AdamW(learner.parameters(), lr=0.0, weight_decay=0.01, betas=(0.9, 0.98))
    progress = checkpoints.restore(target, learner, optimiser) if target.exists() else Progress()
    starts = np.cumsum([0, *map(len, made)])
    rows = max(pieces // BLOCK, 1)
    per_pass = max(len(_order(starts, sources, seed)) // rows, 1)
    clock = Clock(progress, passes * per_pass, minutes)
    about = {"shape": tagger.description(), "seed": seed, "sources": {s.name: s.share for s in sources}}
    asked = round(GUESSED * BLOCK)
    mask, width = int(tokenizer.mask_token_id), len(tokenizer)
    loss_of = _compiled(learner, device)
    log.info("%s: %d blocks, %d steps a pass", target.stem, len(text), per_pass)
    share, running = 0.0, torch.zeros((), device=device)
    while share < 1.0:
        order = torch.from_numpy(_order(starts, sources, seed + progress.passes)).to(device)
        while progress.in_pass < per_pass:
            ids = text[order[progress.in_pass * rows : (progress.in_pass + 1) * rows]].long()
            where = whole_words(ids, goes_on, asked)
            wanted = ids.gather(1, where)
            chance = torch.rand(wanted.shape, device=device)
            put = torch.where(chance < 0.8, mask, wanted)
            put = torch.where(chance > 0.9, torch.randint_like(wanted, 5, width), put)
            put = torch.where(wanted < 5, wanted, put)
            shown = ids.scatter(1, where, put)
            wanted = torch.where(wanted < 5, 0, wanted)
            share = clock.tick()
            for group in optimiser.param_groups:
                group["lr"] = rate * checkpoints.schedule(share)
            with torch.autocast(device.split(":")[0], dtype=torch.bfloat16, enabled=device != "cpu"):
                loss = loss_of(shown, where, wanted)
            optimiser.zero_grad(set_to_none=True)
            loss.backward()
            nn.utils.clip_grad_norm_(learner.parameters(), 1.0)
            optimiser.step()
            running += loss.detach()
            if progress.steps % 200 == 0:
                log.info(
                    "%s: step %d, %.0f%%, %.0f s, %d passes, loss %.3f",
                    target.stem, progress.steps, 100 * share, progress.seconds, progress.passes, float(running) / 200,
                )  # fmt: skip
                running.zero_()
            if progress.steps % save_every == 0:
                checkpoints.save(target, learner, optimiser, progress, about)
            if share >= 1.0:
                break
        if progress.in_pass >= per_pass:
            progress.passes += 1
            progress.in_pass = 0
    checkpoints.save(target, learner, optimiser, progress, about)
    return progress


def _order(starts: np.ndarray, sources: Sequence[Source], seed: int) -> np.ndarray:
    """The blocks of one pass, every source by its share, shuffled."""
    rng = np.random.default_rng(seed)
    chosen = []
    for source, first, last in zip(sources, starts[:-1], starts[1:], strict=True):
        whole, part = divmod(source.share, 1.0)
        chosen += [np.arange(first, last)] * int(whole)
        chosen.append(rng.permutation(np.arange(first, last))[: round(part * (last - first))])
    return rng.permutation(np.concatenate(chosen))


def _compiled(learner: Learner, device: str) -> Callable[[torch.Tensor, torch.Tensor, torch.Tensor], torch.Tensor]:
    """The learner as one compiled function on a GPU, as it is on a CPU, where compiling takes longer than it saves."""
    if device == "cpu":
        return learner
    torch.set_float32_matmul_precision("high")
    return torch.compile(learner, dynamic=False)  # type: ignore[no-any-return]
