"""`python -m training.model STEP`: one command per step; each resumes where it was interrupted.

    vocabulary                       learn the tokenizer
    pretrain --kind scratch          masked-language-model pre-training of the small encoder (minilm can go on too)
    start --kind KIND                keep its starting point in the run, for a machine that cannot make it
    finetune --kind KIND [--seed N]  bilstm, scratch or minilm; its figures on the held-out tenth beside it
    evaluate --kind KIND             figures on the held-out tenth of every set
    export --kind KIND               the shipped files: ONNX int8, tokenizer, labels, figures
    halve --name NAME                a checkpoint at half precision and without its optimiser, to be brought home
    label --teachers FILE ...        what fine-tuned taggers say of unlabelled text, for `finetune --silver`
    outside --name NAME              what the taggers NAME0, NAME1 ... say of the articles of the fold they never saw
    sentences                        a sentence head on frozen encoders, cross-validated beside the rules
    gpu --stages STAGE ...           pretrain, teach, learn: all of it at the length a GPU affords (training/model/gpu.py)

Everything is written under --run; `--device cuda` runs the same code on a GPU.
"""

from __future__ import annotations

import argparse
import json
import logging
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import torch

from extract.model.load import WINDOW
from extract.model.windows import pieces_of, windows
from training.folds import COUNT, digest
from training.model import checkpoints, silver, vocabulary
from training.model.corpora import Sentence, article_folds, open_sources, open_text, read_set, split
from training.model.embeddings import company, start_from_company, start_from_minilm
from training.model.evaluate import measure
from training.model.export import export
from training.model.finetune import SHARES, SILVER, Rates, finetune
from training.model.gpu import run_stages
from training.model.network import Kind, Tagger, shape_for
from training.model.pretrain import pretrain

ROOT = Path(__file__).resolve().parents[2]
SHIPPED = ROOT / "extract" / "model" / "shipped"
#: Peak learning rates of encoder, piece vectors and classifiers: what was trained before moves slowly.
RATES = {"bilstm": Rates(2e-3, 2e-3, 2e-3), "scratch": Rates(2e-4, 3e-4, 1e-3), "minilm": Rates(2e-4, 3e-4, 1e-3)}
#: Peak rates of pre-training. At 1e-3 the six layers from scratch fell to guessing by frequency within a pass.
PRETRAIN_RATES = {"scratch": 4e-4, "minilm": 3e-4}
#: Sets of the event head, which learns beside the entities where `--event` is given.
EVENT_SETS = ("gvdb", "articles")
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
    pretrained, first = run / f"pretrain-{kind}.pt", run / f"start-{kind}.pt"
    if pretrained.exists():
        weights = torch.load(pretrained, map_location="cpu", weights_only=True)["weights"]
        prefix = "tagger.encoder."
        tagger.encoder.load_state_dict({k.removeprefix(prefix): v for k, v in weights.items() if k.startswith(prefix)})
    elif first.exists():
        tagger.encoder.load_state_dict(torch.load(first, map_location="cpu", weights_only=True))
    elif kind == "minilm":
        start_from_minilm(tagger, tokenizer, vectors(run, data, tagger.shape.size))
    else:
        start_from_company(tagger, vectors(run, data, tagger.shape.size))
    return tagger


def held_out(data: Path) -> dict[str, list[Sentence]]:
    """What every candidate is measured on: a tenth of each news set, and WNUT 2017's own development part."""
    sets = {name: split(read_set(data, name))[1] for name in ("klue", "worldwide", "ewt")}
    return sets | {"wnut17_dev": read_set(data, "wnut17_dev")}


def run_start(options: argparse.Namespace) -> None:
    """Keep the starting point of `--kind` in the run at half precision, for a machine that cannot make it."""
    tagger = start(options.run, options.data, options.kind, options.seed)
    target = options.run / f"start-{options.kind}.pt"
    torch.save({name: weight.half() for name, weight in tagger.encoder.state_dict().items()}, target)


def run_pretrain(options: argparse.Namespace) -> None:
    target = options.run / f"pretrain-{options.kind}.pt"
    if options.kind == "scratch" and not target.exists():
        torch.manual_seed(options.seed)
        shape = shape_for("scratch", len(vocabulary.load(options.run / "tokenizer")))
        tagger = Tagger(replace(shape, dropout=options.dropout or 0.0))
    else:
        tagger = start(options.run, options.data, options.kind, options.seed, options.dropout or 0.0)
    pretrain(
        tagger,
        vocabulary.load(options.run / "tokenizer"),
        open_sources(options.data),
        target,
        passes=options.passes or 1,
        minutes=options.minutes,
        pieces=options.pieces or 4096,
        rate=PRETRAIN_RATES[options.kind],
        seed=options.seed,
        device=options.device,
    )


def checkpoint(options: argparse.Namespace) -> Path:
    return Path(options.run) / f"finetune-{options.name or options.kind}-{options.seed}.pt"


def run_finetune(options: argparse.Namespace) -> None:
    entity_sets = [name for name in SHARES if name not in (SILVER, *EVENT_SETS)]
    sets = {name: split(read_set(options.data, name))[0] for name in entity_sets}
    if options.event:
        sets |= {name: read_set(options.data, name) for name in EVENT_SETS}
        if options.fold is not None:
            fold = article_folds(options.data)
            sets["articles"] = [s for s in sets["articles"] if fold[s.group] != options.fold]
    tagger = start(options.run, options.data, options.kind, options.seed, options.dropout)
    finetune(
        tagger,
        vocabulary.load(options.run / "tokenizer"),
        sets,
        checkpoint(options),
        passes=options.passes or 6,
        minutes=options.minutes,
        pieces=options.pieces or 2048,
        rates=RATES[options.kind],
        silver=silver.load(options.run / "silver.npz") if options.silver else (),
        seed=options.seed,
        device=options.device,
    )
    run_evaluate(options)


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


def run_label(options: argparse.Namespace) -> None:
    taggers = [checkpoints.load_tagger(path)[0].to(options.device) for path in options.teachers]
    tokenizer = vocabulary.load(options.run / "tokenizer")
    marked = silver.mark(taggers, tokenizer, open_sources(options.data), options.run / "silver.npz")
    log.info("%d windows marked by %d taggers", marked, len(taggers))


def run_outside(options: argparse.Namespace) -> None:
    """Write outside.npz, which `training/reader` keeps: what the tagger fitted without its fold says of each article.

    Arrays per head: (pieces of all articles x tags) in 255ths; `ids` (digests) and `pieces` say which article owns how many.
    """
    tokenizer = vocabulary.load(options.run / "tokenizer")
    articles, fold = read_set(options.data, "articles"), article_folds(options.data)
    said: dict[str, dict[str, list[np.ndarray]]] = {}
    for k in range(COUNT):
        some = [a for a in articles if fold[a.group] == k]
        path = options.run / f"finetune-{options.name}{k}-{options.seed}.pt"
        tagger = checkpoints.load_tagger(path)[0].to(options.device)
        found = windows([a.text for a in some], pieces_of(tokenizer), WINDOW - 2)
        for head in ("news", "event"):
            where = {w.ordinal: p for w, p in silver.probabilities([tagger], tokenizer, found, head)}
            for window in found:
                of = said.setdefault(some[window.text].group, {h: [] for h in ("news", "event")})
                of[head].append(where[window.ordinal][1:-1])
    ids = [a.group for a in articles]
    np.savez_compressed(
        options.run / "outside.npz",
        ids=np.asarray([digest(i) for i in ids]),
        pieces=np.asarray([sum(map(len, said[i]["news"])) for i in ids]),
        **{
            head: np.round(
                255 * np.concatenate([silver.tag_probabilities(p, head) for i in ids for p in said[i][head]])
            ).astype(np.uint8)
            for head in ("news", "event")
        },
    )


def run_sentences(options: argparse.Namespace) -> None:
    # it loads the whole reader, which no other step needs
    from training.model.sentence_scores import report

    report(start(options.run, options.data, options.kind, options.seed), options.run, options.threads)


STEPS = {
    "vocabulary": lambda options: learn_vocabulary(options.run, options.data),
    "pretrain": run_pretrain,
    "finetune": run_finetune,
    "evaluate": run_evaluate,
    "export": run_export,
    "start": run_start,
    "halve": lambda options: checkpoints.halve(checkpoint(options), checkpoint(options).with_suffix(".half.pt")),
    "label": run_label,
    "outside": run_outside,
    "sentences": run_sentences,
    "gpu": run_stages,
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
    parser.add_argument("--event", action="store_true", help="the event head learns too (finetune)")
    parser.add_argument("--fold", type=int, help="leave the articles of this fold out (finetune --event)")
    parser.add_argument("--silver", action="store_true", help="learn from what `label` wrote too (finetune)")
    parser.add_argument("--teachers", type=Path, nargs="+", help="fine-tuned taggers (label)")
    parser.add_argument(
        "--stages", nargs="+", choices=("pretrain", "teach", "learn"), default=("pretrain", "teach", "learn")
    )
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
