"""What each ingredient of the scorers is worth: cross-validation again without one group of features at a time."""

from __future__ import annotations

import re

from crawler import scoring
from training.reader.validation import Material, by_language, cross_validate

#: Groups of features that an ablation leaves out, by what they look at ("scorer feature" is searched).
GROUPS = {
    "words around a mention": r"^(?:place|date|victim|perpetrator|\w+_nation|killed|injured|held|missing) (?:counted |implied )?(?:[-+]\d|before|after):",
    "which sentences tell of the event": r"^(?!sentence|another|further|gate)\w+ (?:\w+ )?(?:told|best sentence|best told|vote share)",
    "distance to the trigger": r" (?:\w+ )?trigger (?:here|within|after)",
    "voice and particle": r"voice|particle",
    "charges": r"charge",
    "words of title and lead (type)": r"^(?:type|linked) \w+\|",
    "words of the article (gate)": r"^gate (?:any|title|lead):",
    "role scores (nationality)": r"_nation person's",
    "discourse marks": r" mark ",
    "what was first said of people (second look)": r"^(?:victim|perpetrator) (?:first (?:victim|perpetrator)|(?:victim|perpetrator) (?:rank|elsewhere|at best)|other |more a victim|named \d)",
    "where victims and perpetrators stand": r"^(?:place|date|killed|injured|held|missing) (?:\w+ )?(?:best )?(?:victim|perpetrator) (?:here|beside)",
    "fates that the text tells (injured)": r"^injured \w+: \w+ told",
    "the model's word": r"^(?:place|date) event ",
    "contrast with the head (further events)": r"^(?:another|further) (?:head: |rest: |last: |opened: )?(?:places|countries|days|names|ages|nations|types|charges|lemmas|tolls|family|clashes|overlap) ?",
    "place phrase and particle": r"^place (?:cue|followed by|near|detail|parents|phrase)",
}
SHOWN = (("article", "f1"), ("incident", "f1"), ("end_to_end", "f1"), ("victim_nationality_all", "f1"), ("type", "f1"), ("date", "f1"), ("place", "f1"))  # fmt: skip


def ablate(given: Material) -> None:
    """A row for the whole and one for each group left out, per language: the figures of `SHOWN`."""
    print("| language | left out | " + " | ".join(f"{n} {p.upper()}" for n, p in SHOWN) + " |")
    print("|---|---" + "|---" * len(SHOWN) + "|")
    for name, pattern in [("nothing", None), *GROUPS.items()]:
        predicted = cross_validate(given, re.compile(pattern) if pattern else None)
        for language, gold, answers in by_language(given.rows, predicted):
            figures, _ = scoring.score(gold, answers)
            cells = " | ".join(f"{figures[n][p]:.3f}" for n, p in SHOWN)
            print(f"| {language} | {name} | {cells} |", flush=True)
