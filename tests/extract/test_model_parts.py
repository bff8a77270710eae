"""Windows, label names and decoding: what stands between any classifier and exact entities."""

from __future__ import annotations

import itertools
import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from extract.entities import LABELS, find_entities, tagger_version
from extract.model import ModelError, load_tagger
from extract.model.decode import best_paths, log_softmax, spans, transitions
from extract.model.labels import as_bio, known_names, our_names
from extract.model.windows import batches, sentences, windows

BIO = ["O", "B-PER", "I-PER", "B-LOC", "I-LOC"]


def words(texts):
    """A tokenizer of white-space words: ids are word lengths, offsets exact."""
    ids, offsets = [], []
    for text in texts:
        spans_, at = [], 0
        for word in text.split():
            start = text.index(word, at)
            at = start + len(word)
            spans_.append((start, at))
        ids.append([b - a for a, b in spans_])
        offsets.append(spans_)
    return ids, offsets


def test_sentences_end_at_marks_and_line_breaks_and_keep_closing_quotes():
    text = '김씨가 말했다. "돌아왔다." 그 뒤\n둘째 줄!  Third one? end'
    assert [text[a:b] for a, b in sentences(text)] == [
        "김씨가 말했다.",
        '"돌아왔다."',
        "그 뒤",
        "둘째 줄!",
        "Third one?",
        "end",
    ]


@given(st.text(max_size=300))
def test_sentences_cover_everything_but_white_space(text):
    found = list(sentences(text))
    assert "".join("".join(text[a:b].split()) for a, b in found) == "".join(text.split())
    assert all(a < b for a, b in found) and all(x[1] <= y[0] for x, y in itertools.pairwise(found))


@given(st.lists(st.text(alphabet="가나a .\n", max_size=80), max_size=6), st.integers(1, 7))
def test_windows_hold_every_word_once_with_its_place_in_the_whole_text(texts, width):
    found = windows(texts, words, width)
    assert all(0 < len(w.ids) == len(w.offsets) <= width for w in found)
    got = [(w.text, a, b) for w in found for a, b in w.offsets]
    expected = [
        (number, start + a, start + b)
        for number, text in enumerate(texts)
        for start, end in sentences(text)
        for a, b in words([text[start:end]])[1][0]
    ]
    assert got == expected


def test_a_long_sentence_is_cut_before_a_word_not_inside_one():
    def syllables(texts):
        offsets = [[(i, i + 1) for i, c in enumerate(t) if c != " "] for t in texts]
        return [[1] * len(o) for o in offsets], offsets

    first, second = windows(["가나다 라마바"], syllables, 5)
    assert (first.offsets[-1], second.offsets[0]) == ((2, 3), (4, 5))


def test_batches_hold_windows_of_like_length_within_the_budget():
    found = windows(["a b c d e f g h", "a", "a b", "a b c d e f g"], words, 10)
    made = list(batches(found, pieces=16, rows=3))
    assert [[len(w.ids) for w in batch] for batch in made] == [[1, 2], [7, 8]] or all(
        len(b[-1].ids) * len(b) <= 16 for b in made
    )
    assert sum(map(len, made)) == 4


def test_the_best_path_never_continues_what_did_not_begin():
    logits = np.zeros((1, 3, 5), dtype=np.float32)
    logits[0, 0, 2] = 5.0  # I-PER alone would win the first piece
    logits[0, 1, 4] = 3.0  # and I-LOC the second
    path = best_paths(log_softmax(logits), [3], transitions(BIO))[0]
    labels = [BIO[i] for i in path]
    for before, label in zip(["O", *labels], labels, strict=False):
        assert not label.startswith("I-") or before[2:] == label[2:]


def test_paths_of_a_padded_row_do_not_depend_on_its_padding():
    rng = np.random.default_rng(0)
    logits = rng.normal(size=(1, 4, 5)).astype(np.float32) * 3
    padded = np.concatenate([logits, rng.normal(size=(1, 3, 5)).astype(np.float32) * 9], axis=1)
    table = transitions(BIO)
    assert (best_paths(log_softmax(logits), [4], table)[0] == best_paths(log_softmax(padded), [4], table)[0]).all()


def test_spans_run_from_the_first_piece_to_the_last_and_split_at_a_new_beginning():
    logp = np.log(np.full((5, 5), 0.5, dtype=np.float32))
    found = spans([1, 2, 1, 0, 3], BIO, [(0, 1), (1, 3), (4, 6), (6, 7), (8, 9)], logp)
    assert [(a, b, t) for a, b, t, _ in found] == [(0, 3, "PER"), (4, 6, "PER"), (8, 9, "LOC")]
    assert all(abs(score - 0.5) < 1e-6 for *_, score in found)


@pytest.mark.parametrize(
    ("theirs", "bio"),
    [
        ("B-PER", "B-PER"),
        ("PER-B", "B-PER"),
        ("S-ORG", "B-ORG"),
        ("E-ORG", "I-ORG"),
        ("LOC", "I-LOC"),
        ("O", "O"),
        ("I_LOC", "I-LOC"),
    ],
)
def test_labels_of_other_schemes_are_read_as_bio(theirs, bio):
    assert as_bio(theirs) == bio


def test_a_label_map_of_the_user_goes_before_the_built_in_names():
    assert our_names("x", ["O", "B-PS", "I-PS", "B-CRIME"]) == {"PS": "PER"}
    assert our_names("x", ["O", "B-GPE", "B-ROAD"], {"ROAD": "FAC", "GPE": "ORG"}) == {"GPE": "ORG", "ROAD": "FAC"}


def test_a_label_map_that_names_nothing_of_ours_is_refused():
    with pytest.raises(ModelError, match="PLANET"):
        our_names("x", ["B-PS"], {"PS": "PLANET"})
    with pytest.raises(ModelError, match="label map"):
        our_names("x", ["LABEL_0", "LABEL_1"])


def test_a_mistake_in_the_table_of_names_is_told_with_its_line(tmp_path: Path):
    table = tmp_path / "names.tsv"
    table.write_text("# ours\nPER\tPER\nGOD\tDEITY\n", encoding="utf-8")
    with pytest.raises(ModelError, match=r"line 3.*DEITY"):
        known_names(table)
    assert set(known_names().values()) <= set(LABELS)


def test_without_a_tagger_nothing_is_found_and_the_version_says_so():
    assert find_entities(["박모씨가 서울에서", ""], None) == [[], []]
    assert tagger_version(None) == "none"


def test_a_folder_without_a_model_is_one_clear_error(tmp_path: Path):
    with pytest.raises(ModelError, match=r"model .*missing"):
        load_tagger(str(tmp_path / "missing"))


@pytest.mark.parametrize(
    ("config", "reason"),
    [(None, "config.json"), ("{", "config.json"), (json.dumps({"id2label": {"0": "O", "1": "B-PER"}}), "ONNX Runtime")],
)
def test_a_broken_folder_says_what_is_broken(tmp_path: Path, config, reason):
    (tmp_path / "model.int8.onnx").write_bytes(b"not a graph")
    if config is not None:
        (tmp_path / "config.json").write_text(config, encoding="utf-8")
    with pytest.raises(ModelError, match=reason):
        load_tagger(str(tmp_path))
