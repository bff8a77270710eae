"""The whole way of the model on a handful of invented sentences: vocabulary, pre-training, tagging, export, reading."""

from __future__ import annotations

from pathlib import Path

import pytest

torch = pytest.importorskip("torch", reason="training needs torch (`pip install torch`)")
pytest.importorskip("sklearn", reason="the first piece vectors need scikit-learn")
pytest.importorskip("onnx", reason="export needs onnx")

from extract.model import ModelError, load_tagger  # noqa: E402
from training.model import silver, vocabulary  # noqa: E402
from training.model.batches import Encoded, allowed_rows, batches, bio_labels, encode, joined  # noqa: E402
from training.model.checkpoints import load_tagger as load_checkpoint  # noqa: E402
from training.model.corpora import Sentence, Source, Span  # noqa: E402
from training.model.embeddings import company  # noqa: E402
from training.model.evaluate import character_macro_f1, entity_scores, measure  # noqa: E402
from training.model.export import export  # noqa: E402
from training.model.finetune import Rates, finetune  # noqa: E402
from training.model.network import PartialLoss, Shape, Tagger  # noqa: E402
from training.model.pretrain import blocks, pretrain, whole_words  # noqa: E402
from training.model.swap import ending, pools, swapped  # noqa: E402

KOREAN = ["도담시", "새벽군", "여울읍", "바람섬"]
ENGLISH = ["Oskania", "Belvory", "Tarnow", "Quillport"]
SLOW = Rates(1e-3, 1e-3, 1e-3)
NAMES = ["나래", "Imke", "보람", "Jorun"]


def examples() -> dict[str, list[Sentence]]:
    """Invented places and people in fixed frames, enough to be learned by heart."""
    rows: dict[str, list[Sentence]] = {"klue": [], "worldwide": []}
    for name in NAMES:
        for place in KOREAN:
            text = f"{name}씨가 {place}에서 사라졌다."
            at = text.index(place)
            spans = (Span(0, len(name), "PER"), Span(at, at + len(place), "LOC"))
            rows["klue"].append(Sentence("klue", text, spans, text))
        for place in ENGLISH:
            text = f"{name} was last seen in {place} ."
            at = text.index(place)
            spans = (Span(0, len(name), "PER"), Span(at, at + len(place), "LOC"))
            rows["worldwide"].append(Sentence("worldwide", text, spans, text))
    return rows


@pytest.fixture(scope="module")
def tokenizer():
    rows = examples()
    return vocabulary.build(
        [s.text for s in rows["klue"]], [s.text for s in rows["worldwide"]], korean_size=150, english_size=150
    )


def small(kind: str, tokenizer, **changes) -> Tagger:
    torch.manual_seed(0)
    shape = {"size": 32, "layers": 1, "heads": 2, "inner": 64, "dropout": 0.0, "positions": 128} | changes
    return Tagger(Shape(kind, len(tokenizer), **shape))


def test_pieces_stop_where_particles_begin(tokenizer):
    text = "나래씨가 도담시에서 사라졌다."
    edges = {b for _, b in tokenizer(text, return_offsets_mapping=True)["offset_mapping"]}
    assert text.index("에서") in edges


def test_no_syllable_is_unknown_wherever_it_stands(tokenizer):
    assert tokenizer.unk_token_id not in tokenizer("뎅봇뎅 캄뎅 쿤삭")["input_ids"]


def test_what_a_set_leaves_unmarked_is_not_taught_as_nothing():
    loss = PartialLoss("news")
    labels = bio_labels("news")
    rows, numbers = allowed_rows("news")
    logits = torch.zeros(1, 1, len(labels))
    logits[0, 0, labels.index("B-AGE")] = 20.0
    in_newswire = loss(logits, torch.tensor([[numbers["worldwide"]]]))
    in_klue = loss(logits, torch.tensor([[numbers["klue"]]]))
    assert float(in_newswire) < 0.01 < 5 < float(in_klue)
    assert bool(rows[numbers["?"]].all())


def test_padding_and_unsure_words_cost_nothing(tokenizer):
    row = Sentence("ewt", "Jorun , Oskanian", (Span(0, 5, "PER"), Span(8, 16, "?")), "x")
    (encoded,) = encode(tokenizer, [row])
    unsure = allowed_rows("news")[1]["?"]
    offsets = tokenizer(row.text, return_offsets_mapping=True)["offset_mapping"]
    assert all((encoded.rows[n] == unsure) == (a >= 8 or a == b) for n, (a, b) in enumerate(offsets))


def test_batches_hold_every_sentence_once_and_the_seed_fixes_their_order():
    lengths, kinds = [3, 9, 4, 8, 5, 5], ["news"] * 4 + ["wiki"] * 2
    made = list(batches(lengths, kinds, 12, seed=1))
    assert sorted(i for batch in made for i in batch) == list(range(6))
    assert all(len({kinds[i] for i in batch}) == 1 for batch in made)
    assert made == list(batches(lengths, kinds, 12, seed=1))


def test_neighbours_in_like_company_get_like_vectors(tokenizer):
    texts = [s.text for rows in examples().values() for s in rows] * 3
    vectors = company(tokenizer, texts, 8)
    assert vectors.shape == (len(tokenizer), 8)
    assert torch.isfinite(vectors).all() and float(vectors.abs().sum()) > 0


@pytest.mark.parametrize("kind", ["bilstm", "scratch"])
def test_a_tagger_learns_ships_and_reads(kind, tokenizer, tmp_path: Path):
    tagger = small(kind, tokenizer)
    finetune(tagger, tokenizer, examples(), tmp_path / "run.pt", passes=25, pieces=256, rates=Rates(3e-3, 3e-3, 3e-3))
    trained, about = load_checkpoint(tmp_path / "run.pt")
    assert measure(trained, tokenizer, "klue", examples()["klue"])["entity_micro_f1"] > 0.95
    export(trained, tokenizer, tmp_path / "out", about=about, fp32=True)
    text = "나래씨가 바람섬에서 사라졌다. " + "Imke was last seen in Tarnow . " * 3
    for precision in ("int8", "fp32"):
        reader = load_tagger(str(tmp_path / "out"), precision=precision)
        (found,) = reader.tag([text])
        assert all(text[e.start : e.end] == e.text for e in found)
        assert {("나래", "PER"), ("바람섬", "LOC"), ("Imke", "PER"), ("Tarnow", "LOC")} == {
            (e.text, e.label) for e in found
        }
        assert len(found) == 8


def test_pre_training_lowers_its_loss_and_is_what_fine_tuning_starts_from(tokenizer, tmp_path: Path):
    texts = [s.text for rows in examples().values() for s in rows]
    tagger = small("scratch", tokenizer)
    before = tagger.embedding().weight.detach().clone()
    sources = [Source("invented", texts, 2.5)]
    progress = pretrain(tagger, tokenizer, sources, tmp_path / "pretrain.pt", passes=3, pieces=512)
    saved = torch.load(tmp_path / "pretrain.pt", weights_only=True)
    assert progress.passes == 3 and not torch.equal(before, tagger.embedding().weight)
    kept = saved["weights"]["tagger.encoder.embeddings.word_embeddings.weight"]
    assert torch.equal(kept, tagger.embedding().weight.detach())


def test_an_interrupted_run_goes_on_where_it_stood(tokenizer, tmp_path: Path, monkeypatch):
    class KilledError(Exception):
        pass

    whole = finetune(
        small("bilstm", tokenizer), tokenizer, examples(), tmp_path / "whole.pt", rates=SLOW, passes=4, pieces=128
    )

    from training.model import checkpoints

    saved = checkpoints.save
    calls = []

    def save_then_die(*args, **kwargs):
        saved(*args, **kwargs)
        calls.append(1)
        if len(calls) == 2:
            raise KilledError

    monkeypatch.setattr(checkpoints, "save", save_then_die)
    with pytest.raises(KilledError):
        finetune(
            small("bilstm", tokenizer),
            tokenizer,
            examples(),
            tmp_path / "part.pt",
            rates=SLOW,
            passes=4,
            pieces=128,
            save_every=5,
        )
    monkeypatch.setattr(checkpoints, "save", saved)
    resumed = finetune(
        small("bilstm", tokenizer), tokenizer, examples(), tmp_path / "part.pt", rates=SLOW, passes=4, pieces=128
    )
    assert (resumed.steps, resumed.passes) == (whole.steps, whole.passes)


def test_entity_scores_count_exact_spans_and_types():
    gold = [[(0, 2, "PS"), (5, 7, "LC")], [(0, 1, "PS")]]
    found = [[(0, 2, "PS"), (5, 8, "LC")], []]
    scores = entity_scores(gold, found)
    assert (scores["PS"].precision, scores["PS"].recall) == (1.0, 0.5)
    assert scores["LC"].f1 == 0.0
    assert scores["micro"].f1 == pytest.approx(0.4)
    assert character_macro_f1(["가나다", "라"], [[(0, 2, "PS")], []], [[(0, 2, "PS")], []]) == 1.0
    assert character_macro_f1(["가나다"], [[(0, 2, "PS")]], [[(0, 3, "PS")]]) == pytest.approx((1.0 + 2 / 3) / 2)


def test_weights_and_labels_that_do_not_belong_together_are_refused(tokenizer, tmp_path: Path):
    export(small("bilstm", tokenizer), tokenizer, tmp_path, about={"shape": {}})
    config = tmp_path / "config.json"
    config.write_text('{"id2label": {"0": "O", "1": "B-PER"}}', encoding="utf-8")
    with pytest.raises(ModelError, match="labels"):
        load_tagger(str(tmp_path))


def test_a_model_of_ones_own_runs_through_transformers_and_torch(tokenizer, tmp_path: Path):
    from transformers import BertForTokenClassification

    tagger = small("scratch", tokenizer)
    config = tagger.shape.bert()
    config.id2label = {0: "O", 1: "PS-B", 2: "PS-I", 3: "GOD-B"}
    config.num_labels = 4
    BertForTokenClassification(config).save_pretrained(tmp_path)
    tokenizer.save_pretrained(tmp_path)
    reader = load_tagger(str(tmp_path))
    text = "보람씨가 여울읍에서 사라졌다. " * 40
    (found,) = reader.tag([text])
    assert all(text[e.start : e.end] == e.text and e.label == "PER" for e in found)
    with pytest.raises(ModelError, match="PLANET"):
        load_tagger(str(tmp_path), labels={"GOD": "PLANET"})


def test_blocks_hold_every_piece_once_and_begin_alike(tokenizer):
    texts = [s.text for rows in examples().values() for s in rows]
    made = blocks(tokenizer, texts, length=32)
    assert made.shape[1] == 32 and (made[:, 0] == tokenizer.cls_token_id).all()
    pieces = [i for t in texts for i in (*tokenizer(t, add_special_tokens=False)["input_ids"], tokenizer.sep_token_id)]
    assert made[:, 1:].ravel()[: len(pieces)].tolist() == pieces
    assert (made[:, 1:].ravel()[len(pieces) :] == tokenizer.pad_token_id).all()


def test_whole_words_are_asked_for_and_special_pieces_last():
    torch.manual_seed(1)
    ids = torch.tensor([[2, 10, 11, 12, 13, 3, 0, 0]])
    goes_on = torch.zeros(20, dtype=torch.bool)
    goes_on[11] = True
    for _ in range(20):
        asked = set(whole_words(ids, goes_on, 2)[0].tolist())
        assert asked <= {1, 2, 3, 4}
        assert asked in ({1, 2}, {3, 4}) or len(asked & {1, 2}) == 1
    assert set(whole_words(ids, goes_on, 4)[0].tolist()) == {1, 2, 3, 4}


def test_names_are_exchanged_for_names_that_end_alike():
    rows = examples()["klue"]
    names = pools(rows)
    assert {ending(name) for name in names["PER", "vowel"]} == {"vowel"}
    import random

    rng = random.Random(3)
    changed = [swapped(row, names, rng) for row in rows]
    assert any(new.text != old.text for new, old in zip(changed, rows, strict=True))
    for new, old in zip(changed, rows, strict=True):
        assert [s.tag for s in new.spans] == [s.tag for s in old.spans]
        for a, b in zip(new.spans, old.spans, strict=True):
            mention = new.text[a.start : a.end]
            assert mention in names[a.tag, ending(old.text[b.start : b.end])]


def test_sentences_put_together_keep_all_their_labels(tokenizer):
    rows = encode(tokenizer, [s for some in examples().values() for s in some])
    together = joined(tokenizer, rows, 0.8, seed=2)
    assert len(together) < len(rows)
    assert sum(len(r.ids) - 2 for r in together) == sum(len(r.ids) - 2 for r in rows)
    assert all(len(r.ids) == len(r.rows) for r in together)


def test_what_taggers_say_becomes_labels_to_learn_from(tokenizer, tmp_path: Path):
    tagger = small("scratch", tokenizer).eval()
    texts = [s.text for s in examples()["klue"]]
    written = silver.mark([tagger, tagger], tokenizer, [Source("klue", texts, 1.0)], tmp_path / "silver.npz")
    rows = silver.load(tmp_path / "silver.npz")
    assert len(rows) == written and sum(len(r.ids) - 2 for r in rows) == sum(
        len(tokenizer(t, add_special_tokens=False)["input_ids"]) for t in texts
    )
    assert all(isinstance(r, Encoded) and r.soft is not None and r.soft.shape == (len(r.ids), 21) for r in rows)
    assert all(abs(float(r.soft[1:-1].sum(1).mean()) - 1.0) < 0.01 for r in rows)
    taught = small("scratch", tokenizer)
    progress = finetune(taught, tokenizer, {}, tmp_path / "taught.pt", passes=2, pieces=256, rates=SLOW, silver=rows)
    assert progress.passes == 2
