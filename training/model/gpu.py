"""The whole of the training at the length a GPU affords: every part is a process of its own, several at a time.

pretrain   both encoders, side by side, `--minutes` each
teach      each fine-tuned with three seeds on the labelled sets; all six then mark the unlabelled text together
learn      the small one learns from labels and marks, and the event head beside; also once per fold of the articles
"""

from __future__ import annotations

import argparse
import logging
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from training.folds import COUNT

log = logging.getLogger(__name__)
KINDS = ("minilm", "scratch")
SEEDS = (0, 1, 2)


class StepError(RuntimeError):
    """A step of the run ended with an error; its own output says why."""


def together(commands: Sequence[Sequence[str]], options: argparse.Namespace) -> None:
    """Run the steps side by side. Raises StepError when one of them fails."""
    common = ("--run", str(options.run), "--data", str(options.data), "--device", options.device, "--threads", "2")
    running = [
        (command, subprocess.Popen([sys.executable, "-m", "training.model", *command, *common])) for command in commands
    ]
    failed = [" ".join(command) for command, process in running if process.wait()]
    if failed:
        raise StepError(f"failed: {'; '.join(failed)}")


def teachers(run: Path) -> list[Path]:
    """The taggers that mark the unlabelled text."""
    return [run / f"finetune-{kind}-{seed}.pt" for kind in KINDS for seed in SEEDS]


def run_stages(options: argparse.Namespace) -> None:
    """Run `options.stages` in order, each for `options.minutes` (a step's share where several follow)."""
    minutes = ("--minutes", str(options.minutes or 8.0))
    for stage in options.stages:
        log.info("stage %s", stage)
        if stage == "pretrain":
            together(
                [("pretrain", "--kind", k, "--passes", "60", "--pieces", "32768", *minutes) for k in KINDS], options
            )
        elif stage == "teach":
            together(
                [
                    ("finetune", "--kind", k, "--seed", str(s), "--passes", "8", "--pieces", "4096", *minutes)
                    for k in KINDS
                    for s in SEEDS
                ],
                options,
            )
            together([("label", "--teachers", *map(str, teachers(options.run)))], options)
        else:
            learn = ("finetune", "--event", "--silver", "--passes", "6", "--pieces", "4096", *minutes)
            together(
                [(*learn, "--kind", "minilm", "--name", "student", "--seed", str(s)) for s in SEEDS[:2]]
                + [(*learn, "--kind", "scratch", "--name", "student-scratch")]
                + [(*learn, "--kind", "minilm", "--name", f"fold{k}", "--fold", str(k)) for k in range(COUNT)],
                options,
            )
            together([("outside", "--name", "fold")], options)
