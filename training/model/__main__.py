"""`python -m training.model STEP`: one command per step; each resumes where it was interrupted.

    vocabulary                       learn the tokenizer
    pretrain --kind scratch          masked-language-model pre-training of the small encoder (minilm can go on too)
    finetune --kind KIND [--seed N]  bilstm, scratch or minilm
    evaluate --kind KIND             figures on the held-out tenth of every set
    export --kind KIND               the shipped files: ONNX int8, tokenizer, labels, figures
    gpu                              all of it at the length a GPU affords, three seeds, the best exported

Everything is written under --run; `--device cuda` runs the same code on a GPU.
"""

from __future__ import annotations

import argparse
import json
import logging
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import torch

from training.model import checkpoints, vocabulary
from training.model.corpora import Sentence, open_text, read_set, split
from training.model.embeddings import company, start_from_company, start_from_minilm
from training.model.evaluate import measure
from training.model.export import export
from training.model.finetune import SHARES, Rates, finetune
from training.model.network import Kind, Tagger, shape_for
from training.model.pretrain import pretrain

ROOT = Path(__file__).resolve().parents[2]
SHIPPED = ROOT / "extract" / "model" / "shipped"
#: Peak learning rates of encoder, piece vectors and classifiers: what was trained before moves slowly.
RATES = {"bilstm": Rates(2e-3, 2e-3, 2e-3), "scratch": Rates(5e-4, 1e-3, 1e-3), "minilm": Rates(2e-4, 3e-4, 1e-3)}
#: Width of the widest encoder (MiniLM).
WIDEST = 384
log = logging.getLogger("training.model")


def learn_vocabulary(run: Path, data: Path) -> None:
    texts = open_text(data, limit=1_200_000)
    vocabulary.build(texts["ko"], texts["en"]).save_pretrained(run / "tokenizer")


def vectors(run: Path, data: Path, size: int) -> torch.Tensor:
    """The first `size` columns of the piece vectors of `company`, made once at the widest and kept in the run."""
    kept = run / "vectors.pt"
    if not kept.exists():
        texts = open_text(data)
        torch.save(company(vocabulary.load(run / "tokenizer"), [*texts["ko"], *texts["en"]], WIDEST), kept)
    return torch.load(kept, weights_only=True)[:, :size]  # type: ignore[no-any-return]


def start(run: Path, data: Path, kind: Kind, seed: int, dropout: float | None = None) -> Tagger:
    """A tagger at its starting point: our piece vectors, MiniLM's layers, or the pre-trained encoder if any."""
    torch.manual_seed(seed)
    tokenizer = vocabulary.load(run / "tokenizer")
    shape = shape_for(kind, len(tokenizer))
    tagger = Tagger(shape if dropout is None else replace(shape, dropout=dropout))
    pretrained = run / f"pretrain-{kind}.pt"
    if pretrained.exists():
        weights = torch.load(pretrained, map_location="cpu", weights_only=True)["weights"]
        prefix = "tagger.encoder."
        tagger.encoder.load_state_dict({k.removeprefix(prefix): v for k, v in weights.items() if k.startswith(prefix)})
    elif kind == "minilm":
        start_from_minilm(tagger, tokenizer, vectors(run, data, tagger.shape.size))
    else:
        start_from_company(tagger, vectors(run, data, tagger.shape.size))
    return tagger


def held_out(data: Path) -> dict[str, list[Sentence]]:
    """What every candidate is measured on: a tenth of each news set, and WNUT 2017's own development part."""
    sets = {name: split(read_set(data, name))[1] for name in ("klue", "worldwide", "ewt")}
    return sets | {"wnut17_dev": read_set(data, "wnut17_dev")}


def run_pretrain(options: argparse.Namespace) -> None:
    texts = open_text(options.data, limit=options.limit)
    tagger = start(options.run, options.data, options.kind, options.seed, options.dropout)
    target = options.run / f"pretrain-{options.kind}.pt"
    pretrain(
        tagger,
        vocabulary.load(options.run / "tokenizer"),
        [*texts["ko"], *texts["en"]],
        target,
        passes=options.passes or 1,
        minutes=options.minutes,
        pieces=options.pieces or 4096,
        rate=1e-3 if options.kind == "scratch" else 3e-4,
        seed=options.seed,
        device=options.device,
    )


def checkpoint(options: argparse.Namespace) -> Path:
    return Path(options.run) / f"finetune-{options.name or options.kind}-{options.seed}.pt"


def run_finetune(options: argparse.Namespace) -> None:
    tagger = start(options.run, options.data, options.kind, options.seed, options.dropout)
    finetune(
        tagger,
        vocabulary.load(options.run / "tokenizer"),
        {name: split(read_set(options.data, name))[0] for name in SHARES},
        checkpoint(options),
        passes=options.passes or 6,
        minutes=options.minutes,
        pieces=options.pieces or 2048,
        rates=RATES[options.kind],
        seed=options.seed,
        device=options.device,
    )


def run_evaluate(options: argparse.Namespace) -> dict[str, dict[str, float]]:
    tagger, _ = checkpoints.load_tagger(checkpoint(options))
    tagger.to(options.device)
    tokenizer = vocabulary.load(options.run / "tokenizer")
    scores = {name: measure(tagger, tokenizer, name, rows) for name, rows in held_out(options.data).items()}
    rounded = {name: {k: round(v, 4) for k, v in row.items()} for name, row in scores.items()}
    target = checkpoint(options).with_suffix(".json")
    target.write_text(json.dumps(rounded, indent=1) + "\n", encoding="utf-8")
    log.info("%s\n%s", target, json.dumps(rounded, indent=1))
    return scores


def run_export(options: argparse.Namespace) -> None:
    tagger, about = checkpoints.load_tagger(checkpoint(options))
    export(tagger, vocabulary.load(options.run / "tokenizer"), options.target, about=about, fp32=options.fp32)


def run_gpu(options: argparse.Namespace) -> None:
    """Vocabulary, forty passes of pre-training and twenty of fine-tuning for both transformers, three seeds each."""
    if not (options.run / "tokenizer").exists():
        learn_vocabulary(options.run, options.data)
    options.limit, options.minutes, options.name = 60_000_000, None, None
    best: tuple[float, argparse.Namespace] | None = None
    for kind in ("scratch", "minilm"):
        options.kind, options.seed, options.passes, options.pieces = kind, 0, 40, 65_536
        run_pretrain(options)
        for seed in range(3):
            options.seed, options.passes, options.pieces = seed, 20, 8192
            run_finetune(options)
            scores = run_evaluate(options)
            mean = (scores["klue"]["entity_macro_f1"] + scores["worldwide"]["entity_micro_f1"]) / 2
            if best is None or mean > best[0]:
                best = (mean, argparse.Namespace(**vars(options)))
    assert best is not None
    best[1].device = "cpu"
    run_export(best[1])


STEPS = {
    "vocabulary": lambda options: learn_vocabulary(options.run, options.data),
    "pretrain": run_pretrain,
    "finetune": run_finetune,
    "evaluate": run_evaluate,
    "export": run_export,
    "gpu": run_gpu,
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one step. Returns the exit status."""
    parser = argparse.ArgumentParser(
        prog="python -m training.model", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("step", choices=sorted(STEPS))
    parser.add_argument("--kind", choices=("bilstm", "scratch", "minilm"), default="minilm")
    parser.add_argument("--data", type=Path, default=ROOT.parent / "shared" / "data", help="folder of the sets")
    parser.add_argument("--run", type=Path, default=ROOT / "var" / "model", help="folder of checkpoints")
    parser.add_argument("--target", type=Path, default=SHIPPED, help="folder that export writes")
    parser.add_argument("--name", help="name of the checkpoint (default: the kind)")
    parser.add_argument("--passes", type=int, help="passes over the sets")
    parser.add_argument(
        "--minutes", type=float, help="stop, with the rate decayed, after this many minutes of training"
    )
    parser.add_argument("--dropout", type=float, help="dropout (default: the shape's; 0 for runs of about one pass)")
    parser.add_argument("--pieces", type=int, help="pieces a step")
    parser.add_argument("--limit", type=int, default=3_000_000, help="characters of open text a source (pretrain)")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--device", default="cpu")
    parser.add_argument("--threads", type=int, default=1, help="CPU threads")
    parser.add_argument("--fp32", action="store_true", help="export the unquantised weights too")
    options = parser.parse_args(arguments)
    torch.set_num_threads(options.threads)
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    options.run.mkdir(parents=True, exist_ok=True)
    STEPS[options.step](options)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
