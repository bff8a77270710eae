"""A token classifier at work: texts in, entities out, whatever computes its outputs."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from extract.cues import Cues, as_cues
from extract.entities import Entity
from extract.model.decode import Floats, best_paths, log_softmax, spans, transitions
from extract.model.labels import as_bio
from extract.model.windows import Offsets, Window, batches, pieces_of, windows

#: (rows x pieces) ids and mask to (rows x pieces x labels) logits of the entity head, and of the event head if any.
Infer = Callable[[NDArray[np.int64], NDArray[np.int64]], tuple[Floats, ...]]

#: Pieces and rows of a batch: larger ones are no faster on one core.
BATCH_PIECES, BATCH_ROWS = 1024, 32
#: Windows at the beginning of a text that its cues come from: with two (about 1,500 letters) the reader's end_to_end is
#: that of the whole text (.654, .653), with one it is lower (.646).
BEGINNING = 2


def by_tag(said: Floats, tags: Sequence[str]) -> dict[str, Floats]:
    """(pieces x labels) probabilities summed over the labels that carry a tag; labels without one are left out."""
    return {
        tag: np.asarray(said[:, [n for n, other in enumerate(tags) if other == tag]].sum(axis=1), dtype=np.float32)
        for tag in dict.fromkeys(filter(None, tags))
    }


@dataclass(frozen=True)
class TokenTagger:
    """A `extract.entities.Tagger` over a Hugging Face tokenizer and any function that computes logits.

    `labels` are the classifier's outputs in order, `names` says what their tags are called here, `width` is how many
    pieces a window may hold without its frame. `event_labels` are those of the second head, where the model has one.
    """

    version: str
    tokenizer: Any
    infer: Infer
    labels: Sequence[str]
    names: Mapping[str, str]
    width: int = 190
    event_labels: Sequence[str] = ()
    _table: Floats = field(init=False, repr=False)
    _bio: list[str] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        bio = [as_bio(label) for label in self.labels]
        object.__setattr__(self, "_bio", bio)
        object.__setattr__(self, "_table", transitions(bio))

    def tag(self, texts: Sequence[str]) -> list[list[Entity]]:
        """The entities of each text under our labels, in order, not overlapping."""
        found: list[list[Entity]] = [[] for _ in texts]
        for batch in batches(windows(texts, self._encode, self.width), BATCH_PIECES, BATCH_ROWS):
            for window, marked in zip(batch, self._mark(batch), strict=True):
                text = texts[window.text]
                for start, end, label, score in marked:
                    if label in self.names:
                        found[window.text].append(Entity(start, end, text[start:end], self.names[label], score))
        return [sorted(entities, key=lambda e: e.start) for entities in found]

    @property
    def knows_events(self) -> bool:
        """Whether the model has the head that tells who suffered it, who did it, where, when and what."""
        return bool(self.event_labels)

    def cues(self, text: str) -> Cues:
        """What both heads say of every piece of the beginning of the text. Never raises on any text."""
        found = self._beginning(text)
        said: dict[int, tuple[Floats, ...]] = {}
        for batch in batches(found, BATCH_PIECES, BATCH_ROWS):
            for window, outputs in zip(batch, self._run(batch), strict=True):
                said[window.ordinal] = tuple(np.exp(log_softmax(out)) for out in outputs)
        heads = [np.concatenate([said[w.ordinal][n] for w in found]) for n in range(len(said[0]))] if found else []
        entities = [self.names.get(label[2:], "") for label in self._bio]
        return as_cues(
            [span for window in found for span in window.offsets],
            by_tag(heads[1], [label[2:] for label in self.event_labels]) if len(heads) > 1 else {},
            by_tag(heads[0], entities) if heads else {},
        )

    def logits(self, texts: Sequence[str]) -> list[Floats]:
        """(pieces x labels) outputs per window in reading order: for measuring one precision against another."""
        return [self._run([window])[0][0] for window in windows(texts, self._encode, self.width)]

    def count_pieces(self, texts: Sequence[str]) -> int:
        """How many pieces the texts are read as."""
        return sum(len(window.ids) for window in windows(texts, self._encode, self.width))

    def _beginning(self, text: str) -> list[Window]:
        return windows([text], self._encode, self.width)[:BEGINNING]

    def pieces_heard(self, text: str) -> int:
        """Of how many pieces of the text `cues` speaks."""
        return sum(len(window.ids) for window in self._beginning(text))

    def offsets(self, text: str) -> list[tuple[int, int]]:
        """Where each piece of the text begins and ends, in order."""
        return [span for window in windows([text], self._encode, self.width) for span in window.offsets]

    def _encode(self, texts: list[str]) -> tuple[list[list[int]], list[Offsets]]:
        return pieces_of(self.tokenizer)(texts)

    def _run(self, batch: Sequence[Window]) -> list[tuple[Floats, ...]]:
        """Per window the outputs of each head, frame and padding cut off."""
        first, last = self.tokenizer.cls_token_id, self.tokenizer.sep_token_id
        width = max(len(window.ids) for window in batch) + 2
        ids = np.full((len(batch), width), self.tokenizer.pad_token_id or 0, dtype=np.int64)
        mask = np.zeros((len(batch), width), dtype=np.int64)
        for row, window in enumerate(batch):
            framed = [first, *window.ids, last]
            ids[row, : len(framed)] = framed
            mask[row, : len(framed)] = 1
        out = self.infer(ids, mask)
        return [tuple(head[row, 1 : len(window.ids) + 1] for head in out) for row, window in enumerate(batch)]

    def _mark(self, batch: Sequence[Window]) -> list[list[tuple[int, int, str, float]]]:
        outputs = [heads[0] for heads in self._run(batch)]
        longest = max(len(out) for out in outputs)
        logp = np.zeros((len(batch), longest, len(self._bio)), dtype=np.float32)
        for row, out in enumerate(outputs):
            logp[row, : len(out)] = log_softmax(out)
        paths = best_paths(logp, [len(out) for out in outputs], self._table)
        return [
            spans(path.tolist(), self._bio, window.offsets, logp[row])
            for row, (window, path) in enumerate(zip(batch, paths, strict=True))
        ]
