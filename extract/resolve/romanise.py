"""Names in one script: Hangul by the Revised Romanisation, Latin names folded, so that 박민호 meets "Park Min-ho".

The letter values are those of the Revised Romanisation of Korean (2000). Newspapers write family names by older
habits (Lee, Park, Choi), so the compared form is a skeleton in which those habits fall together.
"""

from __future__ import annotations

import re
import unicodedata

_INITIAL = ("g", "kk", "n", "d", "tt", "r", "m", "b", "pp", "s", "ss", "", "j", "jj", "ch", "k", "t", "p", "h")
_MEDIAL = (
    *("a", "ae", "ya", "yae", "eo", "e", "yeo", "ye", "o", "wa", "wae"),
    *("oe", "yo", "u", "wo", "we", "wi", "yu", "eu", "ui", "i"),
)
_FINAL = (
    *("", "k", "k", "k", "n", "n", "n", "t", "l", "k", "m", "l", "l", "l", "p", "l"),
    *("m", "p", "p", "t", "t", "ng", "t", "t", "k", "t", "p", "t"),
)

#: How papers write common family names, beside the rule's form.
_FAMILY = {
    "lee": "i", "yi": "i", "rhee": "i", "park": "bak", "pak": "bak", "choi": "choe", "kim": "gim", "kang": "gang",
    "cho": "jo", "chung": "jeong", "jung": "jeong", "chang": "jang", "yoon": "yun", "lim": "im", "rim": "im",
    "shin": "sin", "seo": "seo", "suh": "seo", "kwon": "gwon", "hwang": "hwang", "ahn": "an", "song": "song",
    "ryu": "yu", "yoo": "yu", "you": "yu", "hong": "hong", "chun": "jeon", "jun": "jeon", "ko": "go", "moon": "mun",
    "bae": "bae", "paik": "baek", "baik": "baek", "noh": "no", "roh": "no", "koo": "gu", "ku": "gu", "woo": "u",
    "oh": "o", "nam": "nam", "kwak": "gwak", "joo": "ju",
}  # fmt: skip
#: Spellings that vary with the writer, folded to one skeleton letter (voiced and plain stops, eo/u/oo, y before e).
_FOLDS = (("oo", "u"), ("ee", "i"), ("ou", "u"), ("eo", "o"), ("eu", "u"), ("ae", "e"), ("oe", "e"), ("ch", "j"),
          ("sh", "s"), ("ck", "k"), ("c", "k"), ("g", "k"), ("d", "t"), ("b", "p"), ("r", "l"), ("v", "p"), ("f", "p"),
          ("z", "j"), ("wo", "o"), ("ui", "i"))  # fmt: skip
_TITLE = re.compile(r"(?:씨|군|양|님)$")
_LETTER_NAME = re.compile(r"^[A-Za-z](?:씨|군|양)?$|^[김이박최정강조윤장임]모$|^모$")


def romanise(text: str) -> str:
    """Hangul syllables of `text` in Latin letters, one after the other; everything else as it is.

    Letter by letter, without the sound changes across syllables: personal names are written that way.
    """
    out = []
    for character in unicodedata.normalize("NFC", text):
        code = ord(character) - 0xAC00
        if 0 <= code < 11_172:
            initial, rest = divmod(code, 588)
            medial, final = divmod(rest, 28)
            out.append(_INITIAL[initial] + _MEDIAL[medial] + _FINAL[final])
        else:
            out.append(character)
    return "".join(out)


def name_key(name: str) -> str | None:
    """A skeleton of a person's name, equal for a name in Hangul and in Latin letters; None where it names nobody
    (A씨, 박모씨, a single letter).
    """
    bare = _TITLE.sub("", re.sub(r"\(.*?\)", "", name).strip())
    if not bare or _LETTER_NAME.match(bare):
        return None
    if re.search(r"[가-힣]", bare):
        bare = re.sub(r"[^가-힣\s]", "", bare)
        if len(bare) < 2 or (len(bare) == 2 and bare.endswith("모")):
            return None
        words = bare.split()
        if len(words) == 1 and 3 <= len(bare) <= 4:
            words = [bare[0], bare[1:]]
        parts = [romanise(word) for word in words]
    else:
        plain = unicodedata.normalize("NFKD", bare).encode("ascii", "ignore").decode().lower()
        parts = [re.sub(r"[^a-z]", "", word) for word in plain.replace("-", "").split()]
    parts = [_FAMILY.get(part, part) for part in parts if part]
    # Western reports put a Korean family name last; the order of parts is therefore not compared.
    folded = sorted(_fold(part) for part in parts)
    key = " ".join(part for part in folded if part)
    return key if len(key) > 2 else None


def _fold(part: str) -> str:
    for old, new in _FOLDS:
        part = part.replace(old, new)
    return re.sub(r"(.)\1+", r"\1", part)
