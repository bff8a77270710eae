"""The figures of a passage that two reports of one event share in either language: sums, clock times, quantities.

Days, years, ages and times of day are numbers, too, but other fields hold them: they are not quantities here.
"""

from __future__ import annotations

import re

#: Sums below this are fares and fines that many events name.
LEAST_SUM = 1e5
#: Quantities below this are people and things of which every event has some.
LEAST_QUANTITY = 13

_UNIT = {"조": 1e12, "억": 1e8, "만": 1e4}
_WITHIN = {"천": 1000, "백": 100}
_SCALE = {"thousand": 1e3, "million": 1e6, "billion": 1e9, "trillion": 1e12, "m": 1e6, "bn": 1e9, "k": 1e3}
_CURRENCY = (
    r"won|dollars?|euros?|pounds?|yen|yuan|baht|pesos?|dong|rupees?|ringgit|rupiah|riyals?|dirhams?|reais|reals?|rand"
)
_KOREAN_NUMBER = r"\d[\d,.]*\s?(?:[조억만천백]\s?(?:\d[\d,.]*)?\s?)*"
_MONEY_KO = re.compile(rf"({_KOREAN_NUMBER})여?\s?(?:원|달러|유로|위안|엔|바트|페소|동|링깃|루피)")
_MONEY_EN = re.compile(
    rf"(?:[$₩€£¥₱฿]|\bwon\s|\brs\.?\s)\s?(?P<a>\d[\d,]*(?:\.\d+)?)\s?(?P<b>million|billion|trillion|thousand|m|bn|k)?\b"
    rf"|(?P<c>\d[\d,]*(?:\.\d+)?)[\s-](?:(?P<d>million|billion|trillion|thousand)[\s-])?(?:{_CURRENCY})\b",
    re.IGNORECASE,
)
_CLOCK_KO = re.compile(r"(?:(오전|오후|새벽|아침|낮|저녁|밤)\s?)?(\d{1,2})시(?:\s?(\d{1,2})분|\s?(반))?(?!간)")
_CLOCK_EN = re.compile(r"\b(\d{1,2})(?:[:.](\d{2}))?\s?(a|p)\.?m\b\.?", re.IGNORECASE)
_AFTERNOON = frozenset(("오후", "낮", "저녁", "밤"))
#: What follows a number that is a day, a year, an age, a clock time or a version of the story, or stands before one.
_NOT_QUANTITY_KO = re.compile(r"\s?(?:일|월|년|세|살|대|시|분|보|차|회|위|호|동|리|번|학년|군|구|기|원)")
_QUANTITY_KO = re.compile(rf"(?<![\d.,:])({_KOREAN_NUMBER})")
_QUANTITY_EN = re.compile(
    r"(?<![\d.,:$₩€£¥₱฿-])(\d[\d,]*(?:\.\d+)?)(?:\s(thousand|million|billion))?(?![\d:]|-year|s\b|st|nd|rd|th|%)"
)
_MONTH_BEFORE = re.compile(
    r"(?:jan|feb|mar|apr|may|june?|july?|aug|sept?|oct|nov|dec)[a-z]*\.?\s$|\baged?\s$|,\s$", re.IGNORECASE
)


def amounts(text: str) -> tuple[int, ...]:
    """Sums of money of at least LEAST_SUM named in the text, each in its own currency's units, two digits kept."""
    found = {korean_number(match.group(1)) for match in _MONEY_KO.finditer(text)}
    for match in _MONEY_EN.finditer(text):
        number, scale = (match["a"], match["b"]) if match["a"] else (match["c"], match["d"])
        found.add(float(number.replace(",", "")) * _SCALE.get((scale or "").lower(), 1))
    return tuple(sorted({two_digits(value) for value in found if value >= LEAST_SUM}))


def clocks(text: str) -> tuple[int, ...]:
    """Times of day named in the text, in minutes since midnight; a Korean time without 오전 or 오후 is left out."""
    found = set()
    for half, hour, minute, thirty in _CLOCK_KO.findall(text):
        if half and int(hour) <= 12:
            late = half in _AFTERNOON and not (half == "밤" and int(hour) in (12, 1, 2, 3))
            found.add(_minutes(int(hour), int(minute or (30 if thirty else 0)), late=late))
    for hour, minute, half in _CLOCK_EN.findall(text):
        if 1 <= int(hour) <= 12:
            found.add(_minutes(int(hour), int(minute or 0), late=half.lower() == "p"))
    return tuple(sorted(found))


def quantities(text: str) -> tuple[int, ...]:
    """Numbers of at least LEAST_QUANTITY in the text that are no day, year, age or clock time, two digits kept."""
    found = set()
    for match in _QUANTITY_KO.finditer(text):
        if re.match(r"[가-힣㎏㎞㎡]|\s?[가-힣]", text[match.end() : match.end() + 2]) and not _NOT_QUANTITY_KO.match(
            text, match.end()
        ):
            found.add(korean_number(match.group(1)))
    for match in _QUANTITY_EN.finditer(text):
        if re.match(r"\s?[가-힣]", text[match.end() : match.end() + 2]) or _MONTH_BEFORE.search(
            text[: match.start()][-7:]
        ):
            continue
        value = float(match.group(1).replace(",", "")) * _SCALE.get((match.group(2) or "").lower(), 1)
        if not (1900 <= value < 2100 and "," not in match.group(1)):
            found.add(value)
    return tuple(sorted({two_digits(value) for value in found if value >= LEAST_QUANTITY}))


def korean_number(text: str) -> float:
    """The value of digits with 천, 백, 만, 억, 조 between them: "1억2천만" is 120,000,000, "4천500만" 45,000,000."""
    total = section = number = 0.0
    for token in re.findall(r"\d[\d,]*(?:\.\d+)?|[조억만천백]", text):
        if token[0].isdigit():
            number = float(token.replace(",", ""))
        elif token in _WITHIN:
            section += (number or 1) * _WITHIN[token]
            number = 0.0
        else:
            total += (section + number or 1) * _UNIT[token]
            section = number = 0.0
    return total + section + number


def two_digits(value: float) -> int:
    """The number rounded to its two leading digits, so that 1,462 and 1,460 are one figure."""
    magnitude = 10.0 ** (len(str(int(value))) - 2)
    return int(round(value / magnitude) * magnitude)


def _minutes(hour: int, minute: int, *, late: bool) -> int:
    return (hour % 12 + (12 if late else 0)) * 60 + min(minute, 59)
