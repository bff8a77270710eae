"""The sentence head: labels from annotated quotes, vectors of windows, a fit that tells sentences apart, its figures."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

torch = pytest.importorskip("torch", reason="training needs torch (`pip install torch`)")
pytest.importorskip("sklearn", reason="the reader's scorers need scikit-learn")
pytest.importorskip("onnx", reason="export needs onnx")

import numpy as np  # noqa: E402

from extract.document import Document, build_document  # noqa: E402
from extract.model.windows import pieces_in  # noqa: E402
from extract.records import Article  # noqa: E402
from training.model import vocabulary  # noqa: E402
from training.model.export import quantised_states  # noqa: E402
from training.model.network import Shape, Tagger  # noqa: E402
from training.model.sentence_head import Examples, decisions, fit, sentence_vectors  # noqa: E402
from training.model.sentence_labels import UNSURE, SentenceLabel, sentence_labels  # noqa: E402
from training.model.sentence_scores import cross_validated, figures, lexicon_decisions  # noqa: E402
from training.reader.gold import OWN, load_gold  # noqa: E402


def document(title: str, *body: str) -> Document:
    article = Article("1", title, "\n\n".join(body), language="en")
    return build_document(article, "en")


def incident(role: str, kind: str, trigger: str, **fields) -> dict:
    return {
        "role": role, "type": kind, "other_types": [], "trigger": trigger, "place_text": None, "date_text": None,
        "victims": [], "perpetrators": [],
    } | fields  # fmt: skip


def test_a_sentence_is_labelled_by_the_quotes_that_it_holds():
    doc = document(
        "Jeweller robbed at knifepoint in Tarnow",
        "The old shop on Mill Lane was attacked by two men on Tuesday.",
        "The robbery shocked the town.",
        "Last year a baker was stabbed to death there.",
        "Bread will be sold again from Friday.",
    )
    events = [
        incident("main", "robbery", "robbed at knifepoint", place_text="Mill Lane", date_text="on Tuesday"),
        incident("background", "homicide", "stabbed to death"),
    ]
    assert sentence_labels(doc, events) == [
        SentenceLabel("current", "robbery"),
        SentenceLabel("current", "robbery"),
        SentenceLabel(UNSURE),
        SentenceLabel("background", "homicide"),
        SentenceLabel("none"),
    ]


def test_crime_in_an_article_without_an_event_is_general():
    doc = document("Robberies fall for the third year", "Murder fell by six per cent.", "The minister was pleased.")
    assert [label.status for label in sentence_labels(doc, [])] == ["general", "general", "none"]


def test_every_trigger_of_the_invented_articles_lies_in_a_sentence_that_tells():
    row = next(row for row in load_gold(OWN / "english_annotated.jsonl") if len(row.raw["incidents"]) > 1)
    doc = build_document(row.article, "en")
    labels = sentence_labels(doc, row.raw["incidents"])
    for event in row.raw["incidents"]:
        at = doc.text.index(event["trigger"])
        assert labels[doc.sentence_at(at)].type is not None


def test_pieces_that_touch_a_stretch_are_found():
    offsets = [(0, 3), (3, 6), (7, 9), (12, 15)]
    assert pieces_in(offsets, 0, 6) == (0, 2)
    assert pieces_in(offsets, 4, 8) == (1, 3)
    first, last = pieces_in(offsets, 9, 12)
    assert first == last


def test_a_sentence_is_the_mean_of_its_pieces_as_the_window_was_read():
    texts = ["Jorun was seen in Tarnow. Nobody was hurt.", "", "나래씨가 도담시에서 사라졌다."]
    tokenizer = vocabulary.build([texts[2]] * 3, [texts[0]] * 3, korean_size=150, english_size=150)
    torch.manual_seed(0)
    tagger = Tagger(Shape("scratch", len(tokenizer), size=32, layers=1, heads=2, inner=64, positions=128)).eval()
    spans = [[(0, 25), (26, 42)], [(0, 0)], [(0, len(texts[2]))]]

    def states(ids, mask):
        with torch.inference_mode():
            return (tagger.encode(torch.from_numpy(ids), torch.from_numpy(mask)).numpy(),)

    vectors = sentence_vectors(states, tokenizer, texts, spans)
    assert [v.shape for v in vectors] == [(2, 32), (1, 32), (1, 32)]
    assert not vectors[1].any()
    ids = np.array([tokenizer(texts[2])["input_ids"]])
    whole = states(ids, np.ones_like(ids))[0][0, 1:-1].mean(axis=0)
    assert np.allclose(vectors[2][0], whole, atol=1e-5)
    assert not np.allclose(vectors[0][0], vectors[0][1], atol=0.01)
    small = sentence_vectors(quantised_states(tagger), tokenizer, texts, spans)
    assert np.corrcoef(small[2][0], vectors[2][0])[0, 1] > 0.9


def invented(seed: int, count: int) -> Examples:
    """Vectors whose first numbers say the label, the others noise; some are unsure and far off."""
    draws = np.random.default_rng(seed)
    kinds = [
        SentenceLabel("none"), SentenceLabel("general"), SentenceLabel("current", "robbery"),
        SentenceLabel("background", "fraud"), SentenceLabel(UNSURE),
    ]  # fmt: skip
    picked = draws.integers(len(kinds), size=count)
    vectors = draws.normal(size=(count, 12)).astype(np.float32) * 0.2
    vectors[np.arange(count), picked] += 3.0
    return Examples(vectors, [kinds[n] for n in picked])


def test_the_head_tells_sentences_apart_that_it_has_not_seen():
    head = fit(invented(0, 400))
    rows = invented(1, 200)
    scores = figures(rows.labels, decisions(head, rows.vectors))
    assert all(scores[name] > 0.95 for name in ("current", "background", "general", "type micro"))


def test_an_article_is_judged_by_a_head_that_was_fitted_without_its_fold():
    rows = [invented(seed, 60) for seed in range(4)]
    # the labels of the second fold are exchanged: a head that had seen them would agree with them
    wrong = {"none": "current", "current": "none", "general": "background", "background": "general", UNSURE: UNSURE}
    types = {"current": "theft", "background": "arson"}
    labels = [list(row.labels) for row in rows]
    labels[1] = [SentenceLabel(wrong[x.status], types.get(wrong[x.status])) for x in labels[1]]
    found = cross_validated([row.vectors for row in rows], labels, [0, 1])
    assert figures(rows[1].labels, found[1])["current"] > 0.95
    assert figures(labels[1], found[1])["current"] < 0.05


def test_figures_leave_unsure_sentences_out():
    gold = [SentenceLabel("current", "theft"), SentenceLabel(UNSURE), SentenceLabel("none")]
    found = [SentenceLabel("current", "fraud"), SentenceLabel("current", "theft"), SentenceLabel("none")]
    scores = figures(gold, found)
    assert scores["current"] == 1.0 and scores["type micro"] == 0.0


def test_words_alone_take_an_incident_word_for_a_current_event_and_an_earlier_year_for_background():
    article = Article("1", "Shop robbed in Leeds", "A man was murdered there in 2019.", language="en")
    doc = build_document(replace(article, published=datetime(2025, 3, 2, tzinfo=UTC)), "en")
    assert [x.status for x in lexicon_decisions(doc)] == ["current", "background"]
