"""Small numbers as news writes them."""

from __future__ import annotations

import re

KOREAN_NATIVE = {
    "한": 1, "두": 2, "세": 3, "네": 4, "다섯": 5, "여섯": 6, "일곱": 7, "여덟": 8, "아홉": 9, "열": 10,
    "열한": 11, "열두": 12, "스무": 20, "서너": None, "두세": None, "대여섯": None,
}  # fmt: skip
ENGLISH_WORDS = {
    "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10,
    "eleven": 11, "twelve": 12, "thirteen": 13, "fourteen": 14, "fifteen": 15, "sixteen": 16, "seventeen": 17,
    "eighteen": 18, "nineteen": 19, "twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60,
    "seventy": 70, "eighty": 80, "ninety": 90, "hundred": 100, "dozen": 12,
}  # fmt: skip
_MULTIPLES = {"dozen": 12, "hundred": 100, "thousand": 1_000}
_UNITS = {"백": 100, "천": 1_000, "만": 10_000}
_KOREAN = re.compile(r"(?:(\d[\d,]*)\s?만\s?)?(?:(\d[\d,]*)\s?천\s?)?(?:(\d[\d,]*)\s?백\s?)?(\d[\d,]*)?$")


def korean_number(words: str) -> int | None:
    """The value of "3", "1,200", "1만2000", "2천", "세"; None where it is no exact number (수십, 서너)."""
    words = words.strip()
    if words in KOREAN_NATIVE:
        return KOREAN_NATIVE[words]
    match = _KOREAN.match(words)
    if match is None or not any(match.groups()):
        return None
    values = [int(part.replace(",", "")) if part and part.replace(",", "") else 0 for part in match.groups()]
    return values[0] * _UNITS["만"] + values[1] * _UNITS["천"] + values[2] * _UNITS["백"] + values[3]


def english_number(words: str) -> int | None:
    """The value of "12", "1,200", "three", "twenty-three", "one hundred and five", "a dozen"; None for any other words."""
    lower = words.lower()
    digits = lower.replace(",", "")
    if digits.isdecimal():
        return int(digits)
    whole = part = 0
    for word in re.split(r"[\s‑-]+", lower):
        if word in _MULTIPLES:
            part = max(part, 1) * _MULTIPLES[word]
        elif word in ENGLISH_WORDS:
            part += ENGLISH_WORDS[word]
        elif word not in ("a", "and"):
            return None
        if word == "thousand":
            whole, part = whole + part, 0
    return whole + part or None
