"""Finds place names in Korean text: names at the head of a word, with what follows them as the cue."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import cache

from extract.places.domestic import Domestic, find_domestic
from extract.places.errors import table_rows
from extract.places.exonyms import hangul_candidates, hangul_names, overlay, spaced_names
from extract.places.following import RUN, After, after, following_words
from extract.places.gazetteer import KOREAN_WORD, gazetteer
from extract.places.korea import korea
from extract.places.mention import Candidate, PlaceMention

_LONGEST = 11
#: Where a spelling no hand wrote comes from, and the population from which it needs no support.
_BUILT = frozenset({"geonames", "nikl", "transliterated"})
_WELL_KNOWN = 200_000
_LOCATIVE = frozenset(
    [
        "에서",
        "에서는",
        "에서도",
        "에서의",
        "에",
        "에는",
        "에도",
        "로",
        "으로",
        "로부터",
        "까지",
        "행",
        "발",
        "서",
        "시내",
        "도심",
        "외곽",
        "지역",
        "일대",
        "전역",
    ]
)
#: Letters and closing marks before a name show that it goes on from the word before (”라고, ‘나’이란).
_CLOSING = frozenset("”’）)》〉」』]…%")
_UNIT_KIND = {"주": "admin1", "성": "admin1", "현": "admin1"}
#: What may stand between an area and a place in it: "캄보디아 수도 프놈펜", "태국 북부 국경 도시 매솟".
_BRIDGE = re.compile(
    r"(?:의|시|주|성|현|도|내|령)?[ ]?(?:(?:수도|제2의|제2|최대|남부|북부|동부|서부|중부|남서부|남동부|"
    r"북서부|북동부|동남부|서남부|대표|유명|인근|국경|접경|항구|휴양|관광|상업|경제)(?:의|인)?[ ]?)*"
    r"(?:도시인|도시|항구도시|휴양지인|휴양지|관광지인|관광지|휴양도시|국경도시|수도인|수도)?[ ]?[‘'\"“]?"
)  # fmt: skip
_LEAD = re.compile(r"[(\[]\s*([가-힣·ㆍ, ]{2,20})\s*=\s*[^)\]]{2,20}[)\]]")


@cache
def _heads() -> frozenset[str]:
    """The first two letters of every name: most words of a text are ruled out by them alone."""
    table = korea()
    names = (*hangul_names(), *spaced_names(), *table.provinces, *table.districts, *table.stems)
    singles = {n for n in names if len(n) == 1}
    particles = {w[0] for words in following_words().values() for w in words}
    return frozenset({n[:2] for n in names} | {s + w for s in singles for w in particles})


def find_korean(text: str) -> list[PlaceMention]:
    """Place mentions of a Korean text in order, areas folded into the place they stand before."""
    leads = [m.span(1) for m in _LEAD.finditer(text, 0, 400)]
    pieces: list[PlaceMention] = []
    runs = list(RUN.finditer(text))
    heads = _heads()
    index = 0
    while index < len(runs):
        run = runs[index]
        if run.group()[:2] not in heads or not _begins_word(text, run.start()):
            index += 1
            continue
        domestic = find_domestic(text, run.start(), run.end())
        if domestic is not None:
            pieces.append(_domestic_mention(text, domestic, leads))
            index = _skip(runs, index, domestic.end)
            continue
        mention = _foreign(text, run, leads)
        if mention is not None:
            pieces.append(mention)
            index = _skip(runs, index, mention.end)
            continue
        index += 1
    return _settle(_compose(text, pieces))


def _begins_word(text: str, start: int) -> bool:
    """Whether a Hangul run starts a word: no letter, digit or closing mark stands before it."""
    if start == 0:
        return True
    before = text[start - 1]
    if before in "\"'":
        return start == 1 or text[start - 2].isspace() or text[start - 2] in "(["
    return not (before.isalnum() or before in _CLOSING)


def _skip(runs: list[re.Match[str]], index: int, end: int) -> int:
    index += 1
    while index < len(runs) and runs[index].start() < end:
        index += 1
    return index


def _domestic_mention(text: str, found: Domestic, leads: list[tuple[int, int]]) -> PlaceMention:
    tail = after(text, found.end, found.run_end, units=False)
    return PlaceMention(
        found.start, found.end, text[found.start : found.end], found.head_start, found.end, found.candidates, "ko",
        cue=tail.cue, follow=tail.follow, near=tail.near, detail=found.detail, weak=found.weak,
        dateline=any(a <= found.start < b for a, b in leads),
    )  # fmt: skip


def _foreign(text: str, run: re.Match[str], leads: list[tuple[int, int]]) -> PlaceMention | None:
    start, run_end, word = run.start(), run.end(), run.group()
    for spaced in spaced_names().get(word, ()):
        if text.startswith(spaced, start):
            end = start + len(spaced)
            following = RUN.match(text, end)
            tail = after(text, end, following.end() if following else end)
            return _mention(text, start, end, spaced.replace(" ", ""), tail, leads)
    names = hangul_names()
    for length in range(min(len(word), _LONGEST), 0, -1):
        name = word[:length]
        if name not in names:
            continue
        tail = after(text, start + length, run_end)
        if length <= 2 and not tail.unit and gazetteer().hangul_flags(name) & KOREAN_WORD and name not in overlay():
            continue
        if tail.fits:
            return _mention(text, start, start + length, name, tail, leads)
    return None


def _mention(
    text: str, start: int, end: int, name: str, tail: After, leads: list[tuple[int, int]]
) -> PlaceMention | None:
    candidates = hangul_candidates(name)
    if tail.unit:
        wanted = _UNIT_KIND.get(tail.unit)
        kept = tuple(c for c in candidates if (c.kind == "admin1") == (wanted is not None)) if wanted else candidates
        candidates = kept or candidates
    if tail.follow == "people" and text[end : end + 1] not in ("", " "):
        return None  # 캄보디아인, 중국산: a people or a product, read by the nationality reader
    weak = candidates[0].source in _BUILT and not _well_known(name, candidates)
    if name in ambiguous_names() and tail.follow in ("", "people"):
        weak = True
    return PlaceMention(
        start, tail.end, text[start : tail.end], start, tail.end, candidates, "ko", cue=tail.cue,
        follow=tail.follow, near=tail.near, weak=weak, dateline=any(a <= start < b for a, b in leads),
    )  # fmt: skip


@cache
def ambiguous_names() -> frozenset[str]:
    """Spellings of foreign places that are ordinary words too."""
    return frozenset(cells[0] for _, cells in table_rows("ambiguous_ko.tsv", 2))


def _well_known(name: str, candidates: tuple[Candidate, ...]) -> bool:
    """Whether a spelling that no hand wrote may stand without the article naming its country."""
    best = candidates[0]
    ordinary = len(name) <= 2 or bool(gazetteer().hangul_flags(name) & KOREAN_WORD)
    return not ordinary and best.source == "geonames" and best.population >= _WELL_KNOWN


def _placed(mention: PlaceMention) -> bool:
    """Whether the words around a built spelling say that it is a place (뭄바이에서, but not 마틴은)."""
    if mention.parents or mention.candidates[0].source not in _BUILT:
        return True
    if len(mention.head) <= 2:
        return False  # two syllables prove nothing without a unit (우후시) or an area before them (중국 우후)
    return mention.cue in _LOCATIVE or mention.near or mention.follow not in ("", "people", "company")


def _compose(text: str, pieces: list[PlaceMention]) -> list[PlaceMention]:
    """Fold "캄보디아 (수도) 프놈펜" into one mention of the city, with the country as its parent."""
    out: list[PlaceMention] = []
    for piece in pieces:
        while out:
            above = out[-1]
            between = text[above.end : piece.start]
            if len(between) > 20 or not _BRIDGE.fullmatch(between):
                break
            inside = tuple(c for c in piece.candidates if _within(c, above.candidates))
            if not inside:
                break
            out.pop()
            piece = replace(
                piece, start=above.start, text=text[above.start : piece.end], candidates=inside, weak=False,
                parents=(*piece.parents, above, *above.parents), dateline=piece.dateline or above.dateline,
            )  # fmt: skip
        out.append(piece)
    return out


def _within(place: Candidate, areas: tuple[Candidate, ...]) -> bool:
    for area in areas:
        if area.country != place.country or place.kind == "country":
            continue
        if area.kind == "country":
            return True
        if area.kind == "admin1" and place.kind != "admin1" and place.admin == area.name:
            return True
    return False


def _settle(mentions: list[PlaceMention]) -> list[PlaceMention]:
    """A weak spelling that the article prints in full elsewhere is that place."""
    mentions = [m for m in mentions if _placed(m)]
    sure: dict[str, tuple[Candidate, ...]] = {}
    for mention in mentions:
        if not mention.weak:
            head = mention.head.split(" ")[-1] if not mention.detail else ""
            for name in {head, head[:-1] if head[-1:] in "시군" else head}:
                if len(name) >= 2:
                    sure.setdefault(name, mention.candidates)
    return [
        replace(m, weak=False, candidates=sure[m.head]) if m.weak and m.head in sure else m
        for m in mentions
    ]  # fmt: skip
