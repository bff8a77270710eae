"""Features of a mention by where it stands: the surroundings that every slot scorer looks at."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from extract.document import Document
from extract.scorers.linear import Features


@dataclass(frozen=True)
class Focus:
    """What is known of the incident whose slots are being filled.

    `told[i]` is the probability that sentence i tells of it, `types` its types (gravest first),
    `anchors` the offsets of the triggers that name it, `scope` the sentences that may tell of it (all where None),
    `cast` the highest scores of a victim and of a perpetrator in each sentence that names people, once they are known.
    """

    told: Sequence[float]
    types: tuple[str, ...]
    anchors: Sequence[int]
    scope: frozenset[int] | None = None
    cast: Mapping[int, tuple[float, float]] | None = None

    def holds(self, sentence: int) -> bool:
        """Whether a candidate of sentence `sentence` may fill a slot."""
        return self.scope is None or sentence in self.scope


#: How many tokens on each side are looked at by form.
_WINDOW = 3


def _add_neighbours(doc: Document, focus: Focus, start: int, end: int, features: Features) -> None:
    """The act or response told next after the mention in its sentence, and the last one told before it."""
    here = doc.triggers_in(doc.sentence_at(start))
    after = min((t for t in here if t.start >= end), key=lambda t: t.start, default=None)
    before = max((t for t in here if t.end <= start), key=lambda t: t.end, default=None)
    for name, trigger in (("next", after), ("last", before)):
        if trigger is None:
            features[f"{name}: nothing"] = 1.0
        elif trigger.kind == "response":
            features[f"{name}: response"] = 1.0
            features[f"{name}: {trigger.type}"] = 1.0
        else:
            features[f"{name}: {'this' if trigger.type in focus.types else 'another'} act"] = 1.0


def _add_cast(cast: Mapping[int, tuple[float, float]], index: int, features: Features) -> None:
    """Whether those who suffered it or did it stand in the sentence, or in the next ones."""
    for number, role in enumerate(("victim", "perpetrator")):
        here = cast[index][number] if index in cast else 0.0
        beside = max((cast[i][number] for i in (index - 1, index + 1) if i in cast), default=0.0)
        best = max((scores[number] for scores in cast.values()), default=0.0)
        features[f"{role} here"] = here
        features[f"{role} beside"] = beside
        features[f"best {role} here"] = float(here == best > 0.2)


def cue_features(doc: Document, start: int, end: int) -> Features:
    """What the token classifier says of `text[start:end]` and of its sentence: who, where, when and what of an event.

    Asked by `place` and `date` alone. Every other scorer read worse with it in cross-validation (docs/accuracy.md).
    """
    if doc.cues is None:
        return {}
    sentence = doc.sentences[doc.sentence_at(start)]
    features = {f"event {tag}": likely for tag, likely in doc.cues.events_in(start, end).items()}
    for tag, likely in doc.cues.events_in(sentence.start, sentence.end).items():
        features[f"event {tag} in sentence"] = likely
    return features


def context_features(doc: Document, focus: Focus, start: int, end: int, *, words: bool = True) -> Features:
    """Region, sentence, distance to the triggers, and (with `words`) the words on both sides of `text[start:end]`."""
    index = doc.sentence_at(start)
    told = focus.told[index]
    features: Features = {"told": told, f"told {int(told * 4.999)}": 1.0, f"type {focus.types[0]}": 1.0}
    if doc.in_title(start):
        features["in title"] = 1.0
    else:
        order = index - doc.lead.start
        features[f"sentence {order if order < 4 else 'later'}"] = 1.0
    best = max(focus.told)
    if told == best:
        features["best sentence"] = 1.0
    sentence = doc.sentences[index]
    distances = [a - end if a >= end else start - a for a in focus.anchors if sentence.start <= a < sentence.end]
    if distances:
        nearest = min(abs(d) for d in distances)
        features["trigger here"] = 1.0
        features[
            f"trigger within {10 if nearest <= 10 else 30 if nearest <= 30 else 80 if nearest <= 80 else 'far'}"
        ] = 1.0
        features["trigger after"] = float(any(a >= end for a in focus.anchors if sentence.start <= a < sentence.end))
    _add_neighbours(doc, focus, start, end, features)
    if focus.cast is not None:
        _add_cast(focus.cast, index, features)
    if not words:
        return features
    before, after = doc.around(start, end, _WINDOW)
    for place, token in enumerate(reversed(before), 1):
        features[f"-{place}:{token}"] = 1.0
        features[f"before:{token}"] = 1.0
    for place, token in enumerate(after, 1):
        features[f"+{place}:{token}"] = 1.0
        features[f"after:{token}"] = 1.0
    return features
