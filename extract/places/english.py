"""Finds place names in English text: capitalised names of the gazetteer, judged by the words around them."""

from __future__ import annotations

import re
from dataclasses import replace

from extract.places.english_names import abbreviations, follow_words, latin_candidates, plain_words, words
from extract.places.gazetteer import COMMON_WORD, PERSON_NAME, fold, gazetteer
from extract.places.mention import Candidate, Follow, PlaceMention
from extract.places.streets import find_streets

_TOKEN = re.compile(r"(?:[A-Z]\.){2,}|[^\W_](?:[^\W_]|['’](?=[^\W_]{2})(?!(?:re|ve|ll)\b))*")
_JOINS = frozenset({" ", "-", ". ", "’", "'"})
_MAX_TOKENS = 5
_CUES = frozenset(
    [
        "in",
        "at",
        "near",
        "from",
        "to",
        "outside",
        "around",
        "across",
        "into",
        "through",
        "via",
        "inside",
        "off",
        "toward",
        "towards",
        "over",
        "between",
        "against",
        "within",
        "visiting",
        "leaving",
    ]
)
_NEAR = frozenset({"near", "outside", "off", "around"})
_CUE = re.compile(
    r"(?:^|[\s(“\"'])(in|at|near|from|to|outside|around|across|into|through|via|inside|off|toward|"
    r"towards|within|of|and|between)\s+"
    r"(?:(?:the|its|their|downtown|nearby)\s+)?"
    r"(?:(?:\w+ern|central|south|north|east|west|coastal|capital|port|border|resort|remote|rural|"
    r"mountainous|\w+east|\w+west)\s+)*"
    r"(?:(?:city|town|village|province|state|port|capital|district|county|region|island|suburb|coast|"
    r"prefecture|municipality|area|outskirts|streets|hills)(?:,|\s+of)?\s+)?$",
    re.IGNORECASE,
)  # fmt: skip
_SMALL = 15_000
_LARGE = 500_000
_BETWEEN_DOWN = re.compile(
    r", (?:in |near )?(?:the )?(?:(?:\w+ern|central|capital of) )?|,? in (?:the )?(?:\w+ern |central "
    r")?(?:state of |province of )?| \(| of "
)
_BETWEEN_UP = re.compile(
    r"['’]s (?:(?:\w+ern|central|capital|port|resort|coastal|state of|province of|city of),? )*|['’] ?|[ ]|-"
)
#: A person speaks or acts; a town seldom does.
_SAYS = re.compile(
    r"(?:,? who|,? \d\d,)? (?:said|says|told|added|wrote|explained|confirmed|replied|insisted|claimed|"
    r"testified|pleaded|admitted|denied|who)\b"
)
_DATELINE = re.compile(
    r"\s*([A-Z][A-Z'’. -]{2,30}(?:, [A-Z][A-Za-z. ]{2,20})?)(?:, (?:[A-Z][a-z]+\.? "
    r"\d{1,2}))?(?:\s*\([^)\n]{2,40}\))?\s*(?:--|—|–|-)\s"
)
_UNIT_KIND = {
    "province": "admin1", "state": "admin1", "prefecture": "admin1", "governorate": "admin1", "oblast": "admin1",
    "region": "admin1", "county": "admin2", "district": "admin2", "parish": "admin2",
}  # fmt: skip


def find_english(text: str, outlet_country: str | None = None) -> list[PlaceMention]:
    """Place mentions of an English text in order, "X, Y" folded into the mention of X; none in a street's name."""
    streets = [(start, end) for start, end, _ in find_streets(text)]
    tokens = [
        span
        for span in (m.span() for m in _TOKEN.finditer(text))
        if not any(start <= span[0] < end for start, end in streets)
    ]
    dateline = _DATELINE.match(text)
    lead = dateline.end() if dateline else 0
    pieces: list[PlaceMention] = []
    people: set[str] = set()
    index = 0
    while index < len(tokens):
        start = tokens[index][0]
        if not text[start].isupper():
            index += 1
            continue
        found = _longest(text, tokens, index)
        if found is None:
            index += 1
            continue
        last, candidates = found
        mention, last = _judge(
            text, tokens, index, last, candidates, bool(pieces) and text[pieces[-1].end : start] == ", "
        )
        if mention is not None:
            pieces.append(replace(mention, dateline=mention.start < lead))
            index = last + 1
        else:
            if last == index and _capital_before(text, tokens, index):
                people.add(text[start : tokens[index][1]].removesuffix("'s").removesuffix("’s"))
            index += 1 if last == index else last - index + 1
    return _confirm(_compose(text, pieces), people)


def _longest(text: str, tokens: list[tuple[int, int]], index: int) -> tuple[int, tuple[Candidate, ...]] | None:
    """The longest run of tokens from `index` that is a name, with its candidates."""
    start = tokens[index][0]
    abbreviation = _abbreviation(text, start, tokens[index][1])
    if abbreviation:
        return index, (abbreviation,)
    last = index
    reach = [index]
    while last + 1 < len(tokens) and len(reach) < _MAX_TOKENS and text[tokens[last][1] : tokens[last + 1][0]] in _JOINS:
        last += 1
        reach.append(last)
    for end in reversed(reach):
        if not text[tokens[end][0]].isupper() and text[tokens[end][0] - 1] != "-":
            continue
        name = text[start : tokens[end][1]]
        if name.endswith(("'s", "’s")):
            name = name[:-2]
        candidates = latin_candidates(name)
        if candidates:
            return end, candidates
    return None


def _abbreviation(text: str, start: int, end: int) -> Candidate | None:
    """A state's abbreviation, only straight after a comma: ", Ky." """
    if text[max(0, start - 2) : start] != ", ":
        return None
    table = abbreviations()
    return table.get(text[start:end] + ".") if text.startswith(".", end) else table.get(text[start:end])


def _capital_before(text: str, tokens: list[tuple[int, int]], index: int) -> str:
    """The capitalised word directly before in the same phrase, or ""."""
    if index == 0 or not re.fullmatch(r" |-|\. ", text[tokens[index - 1][1] : tokens[index][0]]):
        return ""
    word = text[tokens[index - 1][0] : tokens[index - 1][1]]
    between = text[tokens[index - 1][1] : tokens[index][0]]
    if between == ". " and word not in words()["short"]:
        return ""
    return word if word[0].isupper() else ""


def _capital_after(text: str, tokens: list[tuple[int, int]], last: int) -> str:
    if last + 1 >= len(tokens) or text[tokens[last][1] : tokens[last + 1][0]] not in (" ", "-"):
        return ""
    return text[tokens[last + 1][0] : tokens[last + 1][1]]


def _judge(
    text: str,
    tokens: list[tuple[int, int]],
    index: int,
    last: int,
    candidates: tuple[Candidate, ...],
    after_place: bool,
) -> tuple[PlaceMention | None, int]:
    """A mention of tokens [index..last] or None, and the last token used up."""
    start, end = tokens[index][0], tokens[last][1]
    if text[start:end].endswith(("'s", "’s")):
        end -= 2
    name = text[start:end]
    before, following = _capital_before(text, tokens, index), _capital_after(text, tokens, last)
    table = words()
    cue_match = _CUE.search(text, max(0, start - 70), start)
    cue = cue_match.group(1).lower() if cue_match else ""
    is_country = candidates[0].kind == "country"
    single = last == index
    flags = gazetteer().latin_flags(fold(name))
    if before.lower() in _CUES or before.lower() in ("the", "of", "and", "but", "while", "when", "as", "for", "with"):
        before = ""
    if before in table["direction"] or before in table["calendar"]:
        before = ""
    follow: Follow = ""
    unit = ""
    if following:
        if following in table["unit"]:
            unit = following.lower()
        elif following in follow_words():
            follow = follow_words()[following]
        elif following[0].isupper() and not (following in table["calendar"] or following in table["title"]):
            follow = "company"
    tail = re.match(r" of| in", text[end:])
    if not follow and tail is None and (back := re.search(r"(\w+) of (?:the )?$", text[max(0, start - 30) : start])):
        follow = follow_words().get(back.group(1), "")
    if before in table["title"] and not is_country:
        return None, last
    if before and single and not is_country and before not in table["unit"] and before not in follow_words():
        return None, last
    if follow == "company" and not is_country:
        return None, last
    located = bool(cue) and cue not in ("of", "and", "to", "between")
    lower_known = name in table["common"] or (single and bool(flags & COMMON_WORD))
    largest = max(c.population for c in candidates)
    personal = single and (name in table["given"] or (bool(flags & PERSON_NAME) and largest < _LARGE))
    if name in table["broad"] or (single and _is_plain_word(name)):
        return None, last
    if is_country and personal and name in table["given"] and follow == "company" and not cue:
        return None, last  # Jordan Smith
    if follow and follow not in ("police", "government", "court") and single and not is_country and largest < 100_000:
        return None, last  # the Empire Hotel
    comma = text[end : end + 2] == ", " and last + 1 < len(tokens) and text[tokens[last + 1][0]].isupper()
    if lower_known and not is_country and not (located or unit or comma or after_place):
        return None, last
    weak = False
    if single and not is_country and not located and largest < _LARGE and _SAYS.match(text, end):
        return None, last
    if not is_country and not located and not unit and not after_place:
        weak = lower_known or personal or (single and largest < _SMALL)
    elif located and (lower_known and largest < _SMALL * 10):
        weak = True
    if is_country and personal and not located and len(candidates) > 1 and before:
        return None, last
    if unit:
        wanted = _UNIT_KIND.get(unit)
        kept = tuple(c for c in candidates if c.kind == wanted)
        candidates = kept or candidates
        last, end = last + 1, tokens[last + 1][1]
    return (
        PlaceMention(
            start, end, text[start:end], start, end, candidates, "en", cue=cue, follow=follow,
            near=cue in _NEAR, weak=weak,
        ),
        last,
    )  # fmt: skip


def _is_plain_word(name: str) -> bool:
    """Whether a capitalised word is a kind of thing (University, Monday) that some hamlet is named after."""
    return name in plain_words()


def _within(place: Candidate, areas: tuple[Candidate, ...]) -> bool:
    for area in areas:
        if area.country != place.country or place.kind == "country" or area is place:
            continue
        if area.kind == "country":
            return True
        if area.kind == "admin1" and place.kind != "admin1" and place.admin == area.name:
            return True
        if area.kind == "admin2" and place.kind == "city" and place.admin == area.admin:
            return True
        if area.source == "korea" and place.source == "korea" and place.name.endswith(", " + area.name):
            return True
    return False


def _fold_pair(inner: PlaceMention, outer: PlaceMention, text: str) -> PlaceMention | None:
    inside = tuple(c for c in inner.candidates if _within(c, outer.candidates))
    if not inside:
        return None
    start, end = min(inner.start, outer.start), max(inner.end, outer.end)
    first = inner if inner.start < outer.start else outer
    return replace(
        inner, start=start, end=end, text=text[start:end], candidates=inside, weak=False,
        cue=first.cue or inner.cue, near=first.near or inner.near, parents=(*inner.parents, outer, *outer.parents),
        follow=inner.follow or (outer.follow if outer.end == end else ""),
    )  # fmt: skip


def _compose(text: str, pieces: list[PlaceMention]) -> list[PlaceMention]:
    """Fold "Calne, Wiltshire", "Queenstown in Tasmania" and "China's Shaanxi" into one mention of the smaller place."""
    out: list[PlaceMention] = []
    for piece in reversed(pieces):
        merged = None
        if out:
            following = out[-1]
            between = text[piece.end : following.start]
            if len(between) < 40 and _BETWEEN_DOWN.fullmatch(between):
                merged = _fold_pair(piece, following, text)
            if merged is None and len(between) < 40 and _BETWEEN_UP.fullmatch(between):
                merged = _fold_pair(following, piece, text)
        if merged is not None:
            out[-1] = merged
        else:
            out.append(piece)
    return out[::-1]


def _confirm(mentions: list[PlaceMention], people: set[str]) -> list[PlaceMention]:
    """A weak name that the text elsewhere prints as a place is that place; one with a first name elsewhere is none.

    A weak name with neither is dropped where no preposition of place stands before it ("Harris told").
    """
    mentions = [
        m
        for m in mentions
        if m.head not in people
        or m.parents
        or m.cue in ("in", "at", "near", "outside")
        or max(c.population for c in m.candidates) >= _LARGE
    ]
    sure = {m.head for m in mentions if not m.weak}
    mentions = [m for m in mentions if not m.weak or m.parents or m.head in sure or m.cue in _CUES - {"to", "between"}]
    areas = {m.head: m.candidates for m in mentions if m.parents}
    out = []
    for mention in mentions:
        if mention.head in areas and not mention.parents:
            mention = replace(mention, candidates=areas[mention.head], weak=False)
        elif mention.weak and mention.head in sure:
            mention = replace(mention, weak=False)
        out.append(mention)
    return out
