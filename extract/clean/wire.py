"""The lead of a wire story: place, agency, reporter and day, read and then cut.

(서울=연합뉴스) 홍길동 기자 = ...  (런던·서울=연합뉴스) 홍길동 특파원 김영희 기자 = ...  [서울=뉴시스] 홍길동 기자 = ...
SEOUL, Aug. 20 (Yonhap) -- ...     PHNOM PENH (Reuters) - ...     Seoul, Oct 12 (NationPress) ...
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from .agencies import agency_named
from .byline import names_with_roles
from .stamps import MONTHS

_KO_LEAD = re.compile(
    r"[(\[（［【]\s*(?P<head>[^=()\[\]（）［］【】\n]{1,60}?)\s*=\s*(?P<agency>[^=()\[\]（）［］【】\n]{1,40}?)\s*[)\]）］】]"
    r"(?:\s*(?P<people>[^=\n]{2,80}?)\s*=(?!=)\s*|\s*=\s*|\s*)"
)
_OUTLET_LEAD = re.compile(
    r"[\[【(]\s*(?P<outlet>[^\s\[\]()=|]{2,14}(?: [A-Z]{2,5})?)\s*[|/]?\s+"
    r"(?P<people>[가-힣 ·,]{2,40}(?:기자|특파원|통신원|PD))\s*[\]】)]\s*=?\s*"
)
_NAME_LEAD = re.compile(
    r"(?P<people>[가-힣]{2,4}(?:[·, ]+[가-힣]{2,4}){0,3}\s(?:\S{0,8}\s?)?(?:기자|특파원|통신원))\s*=\s+"
)
_PLACE = r"[A-Z][A-Za-zÀ-ɏ'’.-]*(?:[ -][A-Za-zÀ-ɏ'’.-]+){0,3}"
_EN_LEAD = re.compile(
    rf"(?P<places>{_PLACE}(?:\s?[,/·]\s?{_PLACE}){{0,3}}?)"
    r"(?:,?\s+(?P<month>Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]*\.?\s+(?P<day>\d{1,2})(?:,?\s+(?P<year>\d{4}))?)?"
    r"\s*[,:]?\s*(?P<open>[(\[])(?P<agency>[^()\[\]\n]{2,40})[)\]]\s*(?P<dash>--+|[—–-])?\s*"
)
_CAPS_LEAD = re.compile(r"(?P<places>[A-Z][A-Z.'’ -]{2,30}(?:,\s[A-Z][A-Za-z.]{1,14})?)\s*(?P<dash>--+|[—–]| - )\s*")
_NO_PLACE = frozenset(
    [
        "BREAKING",
        "EXCLUSIVE",
        "UPDATE",
        "WATCH",
        "VIDEO",
        "OPINION",
        "LIVE",
        "EDITORIAL",
        "ANALYSIS",
        "REVIEW",
        "NEWS",
        "NOTE",
        "CORRECTION",
        "QUESTION",
        "ANSWER",
    ]
)
_SPLIT_PLACES = re.compile(r"\s*[·ㆍ∙・,/、]\s*")
#: "(사진=연합뉴스)" has the form of a lead and is a photograph's credit.
_CREDIT = re.compile(r"사진|영상|자료|그래픽|이미지|출처|제공|캡처|화면|촬영|일러스트")
#: Paragraphs before the lead: a "By ..." line, a photo's caption, a summary.
_SEARCHED = 6


@dataclass(frozen=True, slots=True)
class Lead:
    """What the lead says. `agency` is an id of agencies.tsv, `credit` the name as printed; `day` is (month, day)."""

    places: tuple[str, ...] = ()
    people: tuple[str, ...] = ()
    agency: str | None = None
    credit: str | None = None
    day: tuple[int, int] | None = None


def cut_lead(paragraphs: list[str]) -> tuple[Lead, list[str]]:
    """The lead found among the first paragraphs, and the paragraphs without it. An empty `Lead` where there is none.

    Every further paragraph that begins with a lead of the same agency (the caption of a wire photograph, the second
    take of a story) loses it too.
    """
    found = Lead()
    kept: list[str] = []
    for index, paragraph in enumerate(paragraphs):
        lead, end = _match(paragraph) if index < _SEARCHED or paragraph[:1] in "([（［【" else (None, 0)
        if lead is not None:
            if found == Lead():
                found = lead
            paragraph = paragraph[end:].lstrip()
        if paragraph:
            kept.append(paragraph)
    return found, kept


def dateline_day(day: tuple[int, int] | None, published: date | None) -> date | None:
    """The lead's (month, day) as a date: that day in the year that puts it nearest before or on the day after
    publication. None without either, or for 30 February."""
    if day is None or published is None:
        return None
    found = []
    for year in (published.year - 1, published.year, published.year + 1):
        try:
            found.append(date(year, *day))
        except ValueError:
            continue
    return min(found, key=lambda d: abs((d - published).days), default=None)


def _match(paragraph: str) -> tuple[Lead | None, int]:
    if match := _KO_LEAD.match(paragraph):
        return _korean(match)
    if match := _OUTLET_LEAD.match(paragraph):
        credit = match.group("outlet")
        return Lead(
            people=names_with_roles(match.group("people")), agency=agency_named(credit), credit=credit
        ), match.end()
    if match := _NAME_LEAD.match(paragraph):
        return Lead(people=names_with_roles(match.group("people"))), match.end()
    if match := _EN_LEAD.match(paragraph):
        agency = agency_named(match.group("agency").split("/")[0])
        # Without a day or a known agency only the dash tells a lead from a name and its abbreviation.
        dashed = match.group("dash") is not None and match.group("places").split()[0].isupper()
        if agency or match.group("month") or dashed:
            day = (MONTHS[match.group("month").lower()], int(match.group("day"))) if match.group("month") else None
            return Lead(_places(match.group("places")), (), agency, match.group("agency").strip(), day), match.end()
    if (match := _CAPS_LEAD.match(paragraph)) and not _NO_PLACE.intersection(
        re.findall(r"[A-Z]+", match.group("places"))
    ):
        return Lead(_places(match.group("places"))), match.end()
    return None, 0


def _korean(match: re.Match[str]) -> tuple[Lead | None, int]:
    if _CREDIT.search(match.group("head")):
        return None, 0
    head, credit = match.group("head").strip(), match.group("agency").strip()
    people = names_with_roles(match.group("people") or "")
    agency = agency_named(credit)
    end = match.end()
    if match.group("people") and not people:
        # The "=" belonged to the sentence: only the bracket is the lead.
        end = match.start() + match.group(0).index(match.group("people"))
    inner = names_with_roles(credit)
    if agency is None and inner:
        # [헤럴드경제=홍길동 기자]: outlet and reporter, no place
        return Lead(people=inner, agency=agency_named(head), credit=head), end
    if agency is None and not people and not _is_outlet(credit):
        return None, 0
    return Lead(_places(head), people, agency, credit), end


def _is_outlet(name: str) -> bool:
    return bool(
        re.search(
            r"(?:뉴스|일보|신문|경제|타임스|통신|미디어|데일리|투데이|저널|방송|TV|뉴스\d+|PRESS|NEWS)$",
            name,
            re.IGNORECASE,
        )
    )


def _places(text: str) -> tuple[str, ...]:
    return tuple(place.strip(" .") for place in _SPLIT_PLACES.split(text) if place.strip(" ."))
