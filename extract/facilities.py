"""Places that no gazetteer lists, known by their form: "반포대교 북단", "인천공항", "at Windermere School".

They carry no coordinates and no country of their own: a name, the words, and the reason "not in the gazetteer".
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from extract.analyse import Analysis
from extract.dates.english_patterns import CALENDAR_NAME
from extract.places import PlaceMention, ResolvedPlace
from extract.places.streets import find_streets
from extract.records import Place

#: Korean nouns that end the name of a facility or a piece of land. General words of the language, no list of places.
_SUFFIX_KO = (
    "국립공원|고속도로|해수욕장|휴게소|나들목|톨게이트|교차로|사거리|삼거리|터미널|발전소|저수지|터널|공항|대교|대로|"
    "항구|부두|선착장|해변|계곡|유원지|산단|공단|시장|마을|단지|광장|공원|호수|섬|항|역|산|강|천|IC|JC|해역|해상"
)
_KO = re.compile(
    rf"(?<![가-힣A-Za-z0-9])[가-힣A-Za-z0-9]{{2,12}}?(?:{_SUFFIX_KO})(?=[ ,.∼~·]|에서|에|으로|로|의|까지|$)"
)
#: A ward named alone ("청담동의 한 클럽"): dong is also the end of many words for acts and states.
_DONG = re.compile(r"(?<![가-힣])[가-힣]{1,3}[0-9]?동(?=에서|의 한|에 있는|에 위치| 한 | 일대)")
_NOT_DONG = re.compile(
    r"(?:행동|활동|운동|노동|이동|감동|공동|자동|아동|작동|변동|소동|난동|연동|가동|거동|선동|충동|진동|파동|합동|협동|출동|"
    r"부동|기동|구동|발동|냉동|중동|극동|격동|약동|태동|유동|수동|능동|반동|율동|요동|준동|고동|혼동|제동|"
    r"아파트동|기숙동|연구동|본동|별동|병동|생활동|관리동|주거동|교육동|건물동)$"
)
_LOCATIVE_AFTER_KO = re.compile(r"(?: [가-힣0-9]+){0,4}(?:에서|에 있는|에 위치|의 한|에 |에선)")
#: Words that end like a place and are none.
_NOT_KO = re.compile(
    r"^(?:.*(?:생산|재산|유산|예산|부산|계산|해산|파산|확산|출산|동산|자산|도산|분산|정산|환산|이산|발산|합산|결산|청산|노산|증산|국산|양산|"
    r"지역|용역|구역|권역|통역|병역|전역|내역|방역|영역|노역|대역|배역|현역|징역|교역|면역|주역|번역|무역|검역|부역|"
    r"사항|저항|대항|공항장애|조항|반항|문항|취항|운항|출항|입항|귀항|기항|"
    r"최강|보강|건강|증강|특강|수강|개강|휴강|폐강|"
    r"시장|방송|하천|추천|실천|변천|규천|원천|좌천|"
    r"온라인 시장|주식시장|부동산시장|노동시장|금융시장|자본시장|서울시장|부산시장|인천시장|대구시장|대전시장|광주시장|울산시장|마을|단지|사단지))$"
)
#: English nouns for a spot, printed small after its name: "Issos beach", "the Nithi bridge", "Fitness First gym".
_SPOT = (
    "beach|bridge|gym|pub|bar|club|nightclub|restaurant|cafe|hotel|hostel|resort|school|college|university|hospital|clinic|"
    "prison|jail|mosque|church|temple|cathedral|market|mall|park|stadium|airport|station|port|harbour|harbor|lake|river|"
    "island|mountain|village|forest|mine|factory|highway|motorway|road|street|square|offices|headquarters|camp|checkpoint"
)
_CAPITAL = rf"(?!{CALENDAR_NAME})[A-Z][\w’'-]*"
_EN = re.compile(
    rf"\b(?:in|at|near|off|outside|on|to) (?:the )?(?P<name>[A-Z][\w’'-]+(?:(?: (?:of|de|the|and|al|el))? {_CAPITAL}){{0,4}}"
    rf"(?: (?:{_SPOT})\b)?)"
)
_SPOT_EN = re.compile(rf"(?<![\w’'-])(?P<name>{_CAPITAL}\w(?: {_CAPITAL}){{0,3}} (?:{_SPOT}))\b")
#: Where the spot lies: "Issos beach, in South Corfu", "the Farmhouse pub in West Malling, Kent".
_LIES_IN = re.compile(
    rf",? (?:in|on|near|outside) (?:the )?{_CAPITAL}(?: {_CAPITAL}){{0,2}}(?:, {_CAPITAL}(?: {_CAPITAL})?)?"
)
#: What may follow a lone capitalised word that is a place: before a noun it is a party, a firm, a make.
_ENDS_PHRASE = re.compile(
    r"[.,;:)!?—–]|\s*$|\s*\n|\s(?:in|on|at|and|or|when|where|after|before|with|for|who|was|were|is|are|has|had|to|by|last|early|late|"
    r"yesterday|during|while|from|around|just|which|that|as|following|since|this|next|near|between|until|over|about|because|\()\b"
)
#: A word of these at its end makes a name a firm's or a paper's.
_FIRM = re.compile(
    r"\b(?:Co|Ltd|Inc|Corp|Corporation|Company|Limited|LLC|PLC|Plc|Group|Bank|News|Times|Post|Party|Union|League|Committee)\.?$"
)
#: A police station or a court, where the news comes from: "Mallow Garda station"; it may stand behind a street's name.
_SEAT = re.compile(
    r"(?:^|\s)(?:(?:[Gg]arda|[Pp]olice|[Ss]heriff[’']s)(?: Divisional| District)? (?:[Ss]tations?|[Hh]eadquarters|HQ|[Bb]arracks)|"
    r"(?:Crown|Magistrates[’']?|High|District|Circuit|County|Federal|Superior|Supreme|Criminal|Coroner[’']?s) Court|[Cc]ourthouse)\b"
)
_NOT_EN = re.compile(
    r"^(?:January|February|March|April|May|June|July|August|September|October|November|December|Jan|Feb|Mar|Apr|Aug|Sept?|Oct|Nov|Dec|"
    r"Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday|Christmas|Easter|Ramadan|New Year|God|Twitter|Facebook|Instagram|YouTube|TikTok|"
    r"WhatsApp|Telegram|Snapchat|Reddit|Discord|LinkedIn|Tinder|Grindr|Bumble|Craigslist|eBay|Airbnb|Netflix|Zoom|Google|"
    r"Parliament|Congress|Islam|English|French|Spanish|COVID|Covid|Mr|Mrs|Ms|Dr|Sir|Justice|Judge|President|Police|Court)\b"
)


def find_facilities(
    text: str, language: str, analysis: Analysis, known: list[ResolvedPlace], taken: Sequence[tuple[int, int]] = ()
) -> list[ResolvedPlace]:
    """Named spots of `text` that overlap neither a resolved place nor a span of `taken` (people), in text order."""
    places = [(r.mention.start, r.mention.end) for r in known if r.place is not None]
    found: list[ResolvedPlace] = []
    for start, end, cue in _korean(text) if language == "ko" else _english(text):
        if any(start < e and s < end for s, e in (*places, *taken)):
            continue
        name = text[start:end]
        if language == "en" and (tail := _LIES_IN.match(text, end)):
            end = tail.end()
        words = text[start:end]
        mention = PlaceMention(start, end, words, start, start + len(name), (), language, cue=cue)
        found.append(ResolvedPlace(mention, Place(name, words, precision="point"), None, 0.0, "not in the gazetteer"))
    return found


def _korean(text: str) -> list[tuple[int, int, str]]:
    out = []
    for match in _KO.finditer(text):
        if _NOT_KO.match(match.group()):
            continue
        rest = _LOCATIVE_AFTER_KO.match(text, match.end())
        if rest:
            out.append((match.start(), match.end(), "에서" if "에서" in rest.group() else "에"))
    for match in _DONG.finditer(text):
        if not _NOT_DONG.search(match.group()):
            out.append((match.start(), match.end(), "에서"))
    return sorted(out)


def _english(text: str) -> list[tuple[int, int, str]]:
    streets = find_streets(text)
    out: dict[int, tuple[int, int, str]] = {}
    for match in _SPOT_EN.finditer(text):
        start = match.start("name") + (4 if match["name"].startswith("The ") else 0)
        out[start] = (start, match.end("name"), "")
    for match in _EN.finditer(text):
        name = match["name"]
        # "ED", "EMT": initials name bodies; "Bristow's": a person's or a firm's.
        if _NOT_EN.match(name) or _FIRM.search(name) or (name.isupper() and len(name) < 5):
            continue
        if name.endswith(("'s", "’s")) or (" " not in name and not _ENDS_PHRASE.match(text, match.end("name"))):
            continue
        out[match.start("name")] = (match.start("name"), match.end("name"), match.group().split(" ", 1)[0].lower())
    spots = [spot for spot in out.values() if not any(spot[0] < end and start < spot[1] for start, end, _ in streets)]
    last, kept = -1, []
    for start, end, cue in sorted([*spots, *streets]):
        if start >= last and not (_SEAT.search(text[start:end]) or _SEAT.match(text, end)):
            kept.append((start, end, cue))
            last = end
    return kept
