"""The status of a report: a new event, more of a known one, or no current event at all, with the words that say so.

Only new, update and follow-up may open an incident (`extract.serialise.CURRENT`). Whether an article tells of a current
event is the learned gate's choice; this file names the kind. Rules: Korean and English cue words, dates, responses.
"""

from __future__ import annotations

import re
from collections import defaultdict
from datetime import date

from extract.document import Document
from extract.records import EventDate, Status
from extract.scorers.context import Focus

Span = tuple[int, int]

#: Words of a running story: a toll that grows, a version mark of an agency.
_UPDATE = {
    "ko": re.compile(
        r"\[\d보\]|\((?:종합|\d보)[\d보]*\)|(?:사망자|사상자|부상자|실종자|희생자|피해자|숨진 사람|피해액)[가-힣]{0,2}\s?(?:[^.]{0,20}?)"
        r"(?:으로|로) (?:늘|증가|불어)|추가로 (?:숨|사망|발견|확인)|(?:사망자|희생자) (?:한|두|\d+) ?명 (?:늘|추가)"
    ),
    "en": re.compile(
        r"\b(?:death toll|toll|number of (?:dead|victims|injured))\b[^.]{0,40}\b(?:rises?|rose|climb(?:s|ed)|risen|increased)\b"
        r"|\bmore bodies\b|\b\(LEAD\)|\(\d(?:st|nd|rd|th) LD\)",
        re.I,
    ),
}
#: Responses that come after an event has become known; rescue, deployment and first inquiries belong to the event's own news.
_LATER = frozenset({"sentence", "prosecution", "repatriation", "diplomatic_protest", "directive"})
#: An arrest or another response this many days after the event follows it up.
_DAYS = 4
#: What a cue's reason makes of a report (discards_*.tsv), the surest kind first where votes are equal.
_KIND: dict[str, Status] = {
    "fiction": "fiction",
    "sport": "sport",
    "drill": "hypothetical",
    "statistic": "statistic",
    "policy": "policy",
    "advice": "policy",
    "metaphor": "metaphor",
}
#: A cue in the title speaks for the whole article.
_WEIGHT = {"title": 3.0, "lead": 2.0, "body": 1.0}


def current_status(doc: Document, focus: Focus, when: EventDate | None) -> tuple[Status, list[Span]]:
    """new, update or follow-up, and the words that make it more than new."""
    inside = [
        s for i, s in enumerate(doc.sentences) if focus.holds(i) and (focus.told[i] >= 0.3 or doc.in_title(s.start))
    ]
    for sentence in inside:
        found = _UPDATE[doc.language].search(doc.text, sentence.start, sentence.end)
        if found:
            return "update", [found.span()]
    responses = [t for t in doc.triggers if t.kind == "response" and focus.holds(t.sentence)]
    if focus.scope is None or any(doc.in_title(doc.sentences[i].start) for i in focus.scope):
        heads = [t for t in responses if doc.in_title(t.start)] or [t for t in responses if t.sentence in doc.lead]
    else:
        heads = responses
    days = _days_since(doc, when)
    old = days is not None and days >= _DAYS
    for trigger in heads:
        # A weak word (판결, trial) is enough where the act is known to be older.
        later = trigger.type in _LATER and (old or trigger.weight == "strong")
        if later or (old and trigger.type in ("arrest", "investigation")):
            return "follow-up", [(trigger.start, trigger.end)]
    return "new", []


def refused_status(doc: Document, when: EventDate | None) -> tuple[Status, list[Span]]:
    """What an article that tells of no current event speaks of instead, and the cues that say so.

    The reason with most cues, those of title and lead weighing more; without a cue "historic" where the act it names
    is more than a year old, else "background".
    """
    votes: dict[Status, float] = defaultdict(float)
    cues: dict[Status, list[Span]] = defaultdict(list)
    for discard in doc.discards:
        kind = _KIND[discard.reason]
        where = "title" if doc.in_title(discard.start) else "lead" if discard.sentence in doc.lead else "body"
        votes[kind] += _WEIGHT[where]
        cues[kind].append((discard.start, discard.end))
    if votes:
        order = list(dict.fromkeys(_KIND.values()))
        best = max(votes, key=lambda k: (votes[k], -order.index(k)))
        return best, cues[best][:2]
    days = _days_since(doc, when)
    return ("historic" if days is not None and days > 365 else "background"), []


def _days_since(doc: Document, when: EventDate | None) -> int | None:
    """Days from the latest day that `when` allows to publication; None where either is unknown."""
    published = doc.article.published_day()
    if when is None or published is None:
        return None
    parts = [int(p) for p in when.value.split("-")]
    year, month, day = [*parts, *(12, 28)[len(parts) - 1 :]]
    return (published - date(year, month, day)).days
