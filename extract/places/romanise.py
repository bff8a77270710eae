"""Korean place names in Latin letters, by the Revised Romanisation (2000) with its sound changes."""

from __future__ import annotations

_INITIAL = ("g", "kk", "n", "d", "tt", "r", "m", "b", "pp", "s", "ss", "", "j", "jj", "ch", "k", "t", "p", "h")
_VOWEL = (
    "a", "ae", "ya", "yae", "eo", "e", "yeo", "ye", "o", "wa", "wae", "oe", "yo", "u", "wo", "we", "wi", "yu", "eu",
    "ui", "i",
)  # fmt: skip
_FINAL = (
    "", "k", "k", "k", "n", "n", "n", "t", "l", "k", "m", "l", "l", "l", "p", "l", "m", "p", "p",
    "t", "t", "ng", "t", "t", "k", "t", "p", "t",
)  # fmt: skip
#: Finals that move to an empty next syllable keep their plain value (받침 연음): 독+암 -> dogam.
_LINKED = {
    1: "g", 2: "kk", 4: "n", 7: "d", 8: "r", 16: "m", 17: "b", 19: "s", 20: "ss", 22: "j", 23: "ch", 24: "k", 25: "t",
    26: "p", 27: "h",
}  # fmt: skip
_NASAL = {"k": "ng", "t": "n", "p": "m"}
#: Units written with a hyphen, without sound change across it (article 3.5 of the standard).
UNITS = {
    "도": "do",
    "시": "si",
    "군": "gun",
    "구": "gu",
    "읍": "eup",
    "면": "myeon",
    "리": "ri",
    "동": "dong",
    "가": "ga",
}


def romanise(hangul: str) -> str:
    """The Revised Romanisation of one word, capitalised: 종로 -> "Jongno", 신림 -> "Sillim"."""
    codes = [(ord(c) - 0xAC00) for c in hangul if "가" <= c <= "힣"]
    out: list[str] = []
    onset_override: str | None = None
    for index, code in enumerate(codes):
        initial, vowel, final = code // 588, code % 588 // 28, code % 28
        onset = _INITIAL[initial] if onset_override is None else onset_override
        onset_override = None
        coda = _FINAL[final]
        if final and index + 1 < len(codes):
            coda, onset_override = _join(final, codes[index + 1] // 588)
        out.append(onset + _VOWEL[vowel] + coda)
    word = "".join(out)
    return word[:1].upper() + word[1:]


def _join(final: int, following: int) -> tuple[str, str | None]:
    """How a final and the next initial sound together: (coda, changed onset or None)."""
    coda, onset = _FINAL[final], _INITIAL[following]
    if following == 11:  # ㅇ
        if final == 21:
            return "ng", None
        return "", _LINKED.get(final, coda)
    if following == 5:  # ㄹ
        if coda in ("n", "l"):
            return "l", "l"
        return _NASAL.get(coda, coda), "n"
    if following in (2, 6):  # ㄴ ㅁ
        if coda == "l" and following == 2:
            return "l", "l"
        return _NASAL.get(coda, coda), onset
    return coda, None


def romanise_unit(hangul: str) -> str:
    """A name with its administrative unit: 강남구 -> "Gangnam-gu", 종로3가 -> "Jongno 3-ga"."""
    stem, unit = hangul[:-1], hangul[-1:]
    if unit in UNITS and len(stem) >= 1 and any("가" <= c <= "힣" for c in stem):
        digits = "".join(c for c in stem if c.isdigit())
        name = romanise(stem)
        return f"{name} {digits}-{UNITS[unit]}" if digits else f"{name}-{UNITS[unit]}"
    return romanise(hangul)
