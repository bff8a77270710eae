"""The folds of the annotated articles: what the reader and the model's event head are cross-validated by."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any

COUNT = 5


def digest(article: str) -> str:
    """What an article is called in files that ship: the ids of the annotated ones are their outlets'."""
    return hashlib.sha256(article.encode()).hexdigest()[:16]


def folds(rows: Sequence[Mapping[str, Any]], count: int = COUNT) -> list[int]:
    """The fold of each annotated row: rows that share an incident cluster are in one fold; balanced per language.

    Deterministic: groups are dealt, largest first, to the fold that has the fewest rows of their language.
    """
    parent = list(range(len(rows)))

    def root(i: int) -> int:
        while parent[i] != i:
            parent[i] = parent[parent[i]]
            i = parent[i]
        return i

    seen: dict[str, int] = {}
    for i, row in enumerate(rows):
        for incident in row["incidents"]:
            cluster = incident.get("cluster")
            if cluster:
                parent[root(i)] = root(seen.setdefault(cluster, i))
    groups: dict[int, list[int]] = {}
    for i in range(len(rows)):
        groups.setdefault(root(i), []).append(i)
    load: list[dict[str, int]] = [{} for _ in range(count)]
    out = [0] * len(rows)
    for members in sorted(groups.values(), key=lambda m: (-len(m), rows[m[0]]["id"])):
        language = str(rows[members[0]]["lang"])
        fold = min(range(count), key=lambda f: (load[f].get(language, 0), f))
        for i in members:
            out[i] = fold
        load[fold][language] = load[fold].get(language, 0) + len(members)
    return out
