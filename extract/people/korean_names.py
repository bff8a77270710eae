"""Korean names without 씨: full names beside a title or a role (홍두식 회장, 살인범 홍두식), and again later."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from typing import Literal

from extract.analyse import Sentence

#: One-syllable surnames (the census of 2015 counts over a thousand bearers of each).
SURNAMES = frozenset(
    "김이박최정강조윤장임한오서신권황안송전홍유고문양손배백허남심노하곽성차주우구민류나진지엄채원천방공현함변염여추도소석선설"
    "마길연위표명기반왕금옥육인맹제모탁국어은편용예경봉사부"
)
#: The surnames of four Koreans in five: with a proper noun of three syllables they are enough.
_COMMON = frozenset("김이박최정강조윤장임한오서신권황안송전홍유고문양손배백허남심노하")
_FULL = re.compile(
    r"(?<![가-힣A-Za-z])(?P<name>[가-힣]{3})"
    r"(?=(?P<particle>[은는이가을를의과와도]|에게|에게서|한테|으로부터|로부터|측|,|·)?(?P<end>\s|$|[^가-힣\s]))"
)
_DEAD = re.compile(r"(?:故|고\(故\)|\(故\))\s?$")
#: What proper nouns of three syllables end in that are places, offices, teams and not people.
_NO_NAME_END = frozenset("대본시군구동읍면리역로도당청항섬호국군사팀촌부처법")
#: A company or a party between a name and the title ("홍두식 전 가나당 대표").
_ORG = re.compile(r"\s(?:(?:전|현|前)\s)?(?:[가-힣A-Za-z0-9()·]{2,14}\s){0,2}$")


#: Proper nouns that look like a name and are none.
_NO_NAMES = frozenset(("유튜브", "국수본", "남양주", "조선족", "신천지", "한국말", "소방청", "경남서", "인천항"))

Standing = Literal["beside", "alone", "unsure"]


def full_names(
    sentence: Sentence, text: str, nouns: Collection[tuple[int, int]]
) -> Iterator[tuple[int, int, Standing]]:
    """(start, end, standing) of each run of three syllables that may be a full name.

    "beside": next to a noun of `nouns` or 故, so the text itself says that it is a person's. "alone": a proper noun
    with a common surname as subject or object. "unsure": a name only if the text gives it elsewhere.
    """
    tokens = {token.start: token for token in sentence.tokens}
    ends = {token.end: token.tag for token in sentence.tokens}
    starts = {start for start, _ in nouns}
    stops = {end for _, end in nouns}
    for match in _FULL.finditer(text, sentence.start, sentence.end):
        start, end = match.span("name")
        token = tokens.get(start)
        if text[start] not in SURNAMES or token is None or token.tag != "NNP" or ends.get(end, "J")[0] == "J":
            continue
        name = match["name"]
        if name in _NO_NAMES:
            continue
        after = next((at for at in range(end + 1, min(end + 24, sentence.end)) if at in starts), None)
        titled = (
            match["particle"] is None and after is not None and (after == end + 1 or bool(_ORG.match(text[end:after])))
        )
        roled = start - 1 in stops and text[start - 1] == " "
        placed = name[-1] in _NO_NAME_END
        if (not placed and (titled or roled)) or _DEAD.search(text[max(sentence.start, start - 5) : start]):
            yield start, end, "beside"
        elif not placed and name[0] in _COMMON and token.end == end and match["particle"] and end in tokens:
            yield start, end, "alone"
        else:
            yield start, end, "unsure"
