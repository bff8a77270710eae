"""Saving and resuming a run: weights, optimiser, position and seed in one file, written whole or not at all."""

from __future__ import annotations

import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from torch import nn

from training.model.network import Shape, Tagger

#: Seconds that a step is counted for at most: a run that was stopped for a while has not trained meanwhile.
LONGEST_STEP = 60.0


@dataclass
class Progress:
    """How far a run has come: whole passes, steps of the pass under way, steps in all, seconds spent."""

    passes: int = 0
    in_pass: int = 0
    steps: int = 0
    seconds: float = 0.0


class Clock:
    """The share of a run that is over, by passes or by minutes, whichever is further."""

    def __init__(self, progress: Progress, total_steps: int, minutes: float | None) -> None:
        self.progress, self.total, self.minutes = progress, max(total_steps, 1), minutes
        self.last = time.monotonic()

    def tick(self) -> float:
        """Count one step; returns the share of the run that is over, 1.0 when it should stop."""
        now = time.monotonic()
        self.progress.seconds += min(now - self.last, LONGEST_STEP)
        self.last = now
        self.progress.steps += 1
        self.progress.in_pass += 1
        share = self.progress.steps / self.total
        if self.minutes:
            share = max(share, self.progress.seconds / (60 * self.minutes))
        return min(share, 1.0)


def schedule(share: float, warm: float = 0.06) -> float:
    """Factor of the learning rate: linear warm-up, then linear decay to zero at the end of the run."""
    return min(share / warm, 1.0) * max(1.0 - share, 0.0)


def save(
    path: Path, tagger: nn.Module, optimiser: torch.optim.Optimizer | None, progress: Progress, about: dict[str, Any]
) -> None:
    """Write the checkpoint beside `path`, then move it there, so that a kill leaves the last one whole."""
    path.parent.mkdir(parents=True, exist_ok=True)
    state = {
        "weights": tagger.state_dict(),
        "optimiser": optimiser.state_dict() if optimiser else None,
        "progress": vars(progress),
        "about": about,
    }
    beside = path.with_suffix(".part")
    torch.save(state, beside)
    beside.replace(path)


def restore(path: Path, tagger: nn.Module, optimiser: torch.optim.Optimizer) -> Progress:
    """Load a checkpoint into `tagger` and `optimiser`; returns how far the run had come."""
    state = torch.load(path, map_location="cpu", weights_only=True)
    tagger.load_state_dict(state["weights"])
    if state["optimiser"]:
        optimiser.load_state_dict(state["optimiser"])
    return Progress(**state["progress"])


def halve(path: Path, target: Path) -> None:
    """Write the checkpoint without its optimiser and at half precision: what is brought home from a GPU machine."""
    state = torch.load(path, map_location="cpu", weights_only=True)
    state["weights"] = {name: weight.half() for name, weight in state["weights"].items()}
    torch.save(state | {"optimiser": None}, target)


def load_tagger(path: Path) -> tuple[Tagger, dict[str, Any]]:
    """The tagger of a fine-tuning checkpoint, in evaluation mode, with what was written about it."""
    state = torch.load(path, map_location="cpu", weights_only=True)
    tagger = Tagger(Shape(**state["about"]["shape"]))
    tagger.load_state_dict(state["weights"])
    return tagger.eval(), state["about"]
