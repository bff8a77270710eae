"""Who a report's passage rests on: an authority that answers for what it says, or hearsay."""

from __future__ import annotations

import re
from typing import Literal

Attribution = Literal["official", "hearsay"]

_OFFICIAL = re.compile(
    r"경찰|검찰|소방|해경|해양경찰|세관|당국|공안|법원|재판부|외교부|대사관|영사관|국과수|국립과학수사연구원|노동부"
    r"|\b(?:police|prosecutors?|sheriff|coroner|coast guard|fire (?:department|service|officials|authorities)|customs"
    r"|ministry|embassy|consulate|court|officials|authorities|interior minister|foreign minister)\b",
    re.IGNORECASE,
)
_HEARSAY = re.compile(
    r"목격자|주민들은|누리꾼|현지 매체|현지 언론|소셜미디어|사회관계망|SNS|유튜브|소문"
    r"|\b(?:witness(?:es)?|residents|neighbou?rs|local media|social media|unconfirmed|reportedly|rumou?rs?)\b",
    re.IGNORECASE,
)


def attribution_of(passage: str) -> Attribution | None:
    """What the passage names as its source; an authority beside hearsay makes it official, None where neither is."""
    if _OFFICIAL.search(passage):
        return "official"
    return "hearsay" if _HEARSAY.search(passage) else None
