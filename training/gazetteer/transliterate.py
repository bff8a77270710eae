"""Latin spellings of foreign towns in Hangul, by the rules of the 외래어 표기법 for each language, as tables.

Each language is one table: what a consonant group is before a vowel, what it is when it closes a syllable, what a vowel
group is. A consonant that neither opens nor closes a syllable gets the filling vowel ㅡ. Where a romanisation hides a
difference (Thai ch, Indonesian e), the spelling is one of the possible ones and stays a low-ranked key.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, replace

from training.gazetteer.sources import fold

_ONSETS = "ㄱㄲㄴㄷㄸㄹㅁㅂㅃㅅㅆㅇㅈㅉㅊㅋㅌㅍㅎ"
_VOWELS = "ㅏㅐㅑㅒㅓㅔㅕㅖㅗㅘㅙㅚㅛㅜㅝㅞㅟㅠㅡㅢㅣ"
_CODAS = " ㄱㄲㄳㄴㄵㄶㄷㄹㄺㄻㄼㄽㄾㄿㅀㅁㅂㅄㅅㅆㅇㅈㅊㅋㅌㅍㅎ"


@dataclass(frozen=True, slots=True)
class Rules:
    """Tables of one language. `vowels` maps to jamo, one a syllable; `doubles` writes an l between vowels as ㄹㄹ."""

    onsets: dict[str, str]
    vowels: dict[str, str]
    codas: dict[str, str]
    doubles: bool = True


def _table(text: str) -> dict[str, str]:
    return dict(pair.split("=") for pair in text.split())


_PLAIN = "a=ㅏ e=ㅔ i=ㅣ o=ㅗ u=ㅜ y=ㅣ"
_LENIS = "b=ㅂ d=ㄷ g=ㄱ h=ㅎ j=ㅈ l=ㄹ m=ㅁ n=ㄴ r=ㄹ s=ㅅ w= v=ㅂ f=ㅍ z=ㅈ x=ㅅ"
_STOPS = "m=ㅁ n=ㄴ ng=ㅇ p=ㅂ t=ㅅ k=ㄱ l=ㄹ"
LANGUAGES: dict[str, Rules] = {
    "spanish": Rules(
        _table(
            "b=ㅂ v=ㅂ c=ㅋ ch=ㅊ d=ㄷ f=ㅍ g=ㄱ j=ㅎ k=ㅋ l=ㄹ ll= m=ㅁ n=ㄴ ny=ㄴ p=ㅍ q=ㅋ qu=ㅋ r=ㄹ "
            "rr=ㄹ s=ㅅ t=ㅌ w="
            " x=ㅅ z=ㅅ h= ng=ㄱ y="
        ),
        _table(_PLAIN + " ya=ㅑ ye=ㅖ yo=ㅛ yu=ㅠ ia=ㅣㅏ io=ㅣㅗ ie=ㅣㅔ ua=ㅜㅏ ue=ㅜㅔ ui=ㅜㅣ uo=ㅜㅗ wa=ㅘ we=ㅞ"),
        _table("m=ㅁ n=ㄴ ng=ㅇ l=ㄹ c=ㄱ k=ㄱ p=ㅂ nh=ㄴ"),
    ),
    "malay": Rules(
        _table(_LENIS + " k=ㅋ p=ㅍ t=ㅌ c=ㅊ ng=ㅇ ny=ㄴ sy=ㅅ kh=ㅋ y="),
        _table(_PLAIN + " ai=ㅏㅣ au=ㅏㅜ ya=ㅑ yo=ㅛ yu=ㅠ wa=ㅘ we=ㅞ wi=ㅟ wo=ㅝ ia=ㅣㅏ ua=ㅜㅏ"),
        _table(_STOPS + " h="),
    ),
    "thai": Rules(
        _table(_LENIS + " k=ㄲ kh=ㅋ p=ㅃ ph=ㅍ t=ㄸ th=ㅌ ch=ㅊ c=ㄲ ng=ㅇ y= bh=ㅍ"),
        _table(
            _PLAIN
            + (
                " ae=ㅐ oe=ㅓ ue=ㅡ ai=ㅏㅣ ao=ㅏㅗ aeo=ㅐㅗ ia=ㅣㅏ iao=ㅣㅏㅗ uea=ㅡㅏ ua=ㅜㅏ "
                "uai=ㅜㅏㅣ oi=ㅗㅣ ya=ㅑ yo=ㅛ yu=ㅠ"
                " wa=ㅘ we=ㅞ wi=ㅟ ua=ㅜㅏ iu=ㅣㅜ ui=ㅜㅣ wang=ㅘ"
            )
        ),
        _table(_STOPS + " b=ㅂ d=ㅅ g=ㄱ"),
    ),
    "khmer": Rules(
        _table(_LENIS + " k=ㅋ kh=ㅋ p=ㅍ ph=ㅍ t=ㅌ th=ㅌ ch=ㅊ chh=ㅊ c=ㅊ ng=ㅇ nh=ㄴ y="),
        _table(
            _PLAIN
            + (
                " ae=ㅐ ea=ㅔㅏ ai=ㅏㅣ ay=ㅏㅣ ao=ㅏㅗ au=ㅏㅜ ey=ㅔㅣ ei=ㅔㅣ eu=ㅡ ie=ㅣㅔ oa=ㅗㅏ "
                "ou=ㅗㅜ oe=ㅗㅔ uo=ㅜㅗ ya=ㅑ "
                "ye=ㅖ yo=ㅛ wa=ㅘ oi=ㅗㅣ oeu=ㅡ eay=ㅔㅏㅣ ieng=ㅣㅔ"
            )
        ),
        _table(_STOPS + " ch=ㅅ nh=ㄴ h= b=ㅂ d=ㅅ g=ㄱ"),
    ),
    "burmese": Rules(
        _table(
            _LENIS
            + (
                " k=ㅋ kh=ㅋ hk=ㅋ p=ㅍ hp=ㅍ ph=ㅍ t=ㅌ ht=ㅌ th=ㅌ ky=ㅉ gy=ㅈ ch=ㅊ ng=ㅇ hl=ㄹ hm=ㅁ "
                "hn=ㄴ hng=ㅇ sh=ㅅ "
                "hs=ㅅ my=ㅁ py=ㅍ c=ㅊ y="
            )
        ),
        _table(
            _PLAIN
            + (
                " aing=ㅏㅣ ai=ㅏㅣ ay=ㅔㅣ aw=ㅗ au=ㅏㅜ ei=ㅔㅣ ou=ㅗㅜ ya=ㅑ ye=ㅖ yi=ㅣ yo=ㅛ yu=ㅠ "
                "wa=ㅘ we=ㅞ wi=ㅟ wu=ㅜ "
                "ein=ㅔㅣ oo=ㅜ"
            )
        ),
        _table(_STOPS),
    ),
    "vietnamese": Rules(
        _table(
            "b=ㅂ c=ㄲ k=ㄲ q=ㄲ qu=ㄲ ch=ㅉ d=ㅈ đ=ㄷ gi=ㅈ g=ㄱ gh=ㄱ h=ㅎ kh=ㅋ l=ㄹ m=ㅁ n=ㄴ ng=ㅇ "
            "ngh=ㅇ nh=ㄴ p=ㅃ "
            "ph=ㅍ r=ㄹ s=ㅅ t=ㄸ th=ㅌ tr=ㅉ v=ㅂ x=ㅆ"
        ),
        _table(
            "a=ㅏ ă=ㅏ â=ㅓ e=ㅔ ê=ㅔ i=ㅣ o=ㅗ ô=ㅗ ơ=ㅓ u=ㅜ ư=ㅡ y=ㅣ ai=ㅏㅣ ao=ㅏㅗ au=ㅏㅜ ay=ㅏㅣ "
            "âu=ㅓㅜ ây=ㅓㅣ eo=ㅔㅗ "
            "êu=ㅔㅜ ia=ㅣㅓ iê=ㅣㅔ oa=ㅗㅏ oi=ㅗㅣ ôi=ㅗㅣ ơi=ㅓㅣ ua=ㅜㅓ uô=ㅜㅗ uy=ㅜㅣ ưa=ㅡㅓ "
            "ươ=ㅡㅓ yê=ㅣㅔ uê=ㅜㅔ ie=ㅣㅔ "
            "oai=ㅗㅏㅣ"
        ),
        _table("c=ㄱ ch=ㄱ m=ㅁ n=ㄴ ng=ㅇ nh=ㄴ p=ㅂ t=ㅅ"),
    ),
}
BY_COUNTRY = {
    **dict.fromkeys(
        [
            "ES",
            "MX",
            "CO",
            "PE",
            "CL",
            "AR",
            "EC",
            "VE",
            "GT",
            "HN",
            "SV",
            "NI",
            "CR",
            "PA",
            "BO",
            "PY",
            "UY",
            "CU",
            "DO",
            "PH",
        ],
        "spanish",
    ),
    **dict.fromkeys(("MY", "ID", "BN", "TL"), "malay"),
    "TH": "thai",
    "LA": "thai",
    "KH": "khmer",
    "MM": "burmese",
    "VN": "vietnamese",
    "CN": "chinese",
    "TW": "chinese",
    "JP": "japanese",
}
_YOTISED = {"ㅏ": "ㅑ", "ㅓ": "ㅕ", "ㅗ": "ㅛ", "ㅜ": "ㅠ", "ㅔ": "ㅖ", "ㅐ": "ㅒ"}


def compose(onset: str, vowel: str, coda: str = "") -> str:
    """One Hangul syllable from compatibility jamo."""
    return chr(0xAC00 + (_ONSETS.index(onset or "ㅇ") * 21 + _VOWELS.index(vowel)) * 28 + _CODAS.index(coda or " "))


_ASPIRATED = str.maketrans("ㄲㄸㅃㅉ", "ㅋㅌㅍㅊ")


def spellings(name: str, country: str) -> set[str]:
    """Hangul spellings of a Latin place name by its country's rules; empty where there are none or a letter is unknown.

    Besides the rule's own, the one with aspirated for tense stops (빠따야, 파타야), which the press used before
    the rules of 2004 and still does, and for Malay and Indonesian the one that takes e as ㅡ.
    """
    language = BY_COUNTRY.get(country)
    if language is None or any(c.isdigit() or c in "()/," for c in name):
        return set()
    if language in ("chinese", "japanese"):
        reader = _chinese if language == "chinese" else _japanese
        parts = [reader(word) for word in fold(name).replace("'", "").split()]
        return set() if None in parts or not parts else {"".join(p for p in parts if p)}
    rules = [LANGUAGES[language]]
    if language in ("thai", "vietnamese", "burmese"):
        rules.append(replace(rules[0], onsets={k: v.translate(_ASPIRATED) for k, v in rules[0].onsets.items()}))
    if language == "malay":
        rules.append(replace(rules[0], vowels={**rules[0].vowels, "e": "ㅡ"}))
    out = set()
    for rule in rules:
        parts = [_word(word, rule, language) for word in _letters(name, language).replace("'", "").split()]
        if parts and None not in parts:
            out.add("".join(p for p in parts if p))
    return out


def _letters(name: str, language: str) -> str:
    """The letters the rules of a language are written in: tone marks off, doubled consonants single."""
    if language == "vietnamese":
        return _vietnamese(name)
    if language == "spanish":
        return fold(name.replace("ñ", "ny").replace("Ñ", "Ny"))
    return re.sub(r"([bcdfghjkmprst])\1", r"\1", fold(name))


def _vietnamese(name: str) -> str:
    """Drop the tone marks and keep the letters ă â ê ô ơ ư đ."""
    tones = {"\u0300", "\u0301", "\u0303", "\u0309", "\u0323"}
    plain = "".join(c for c in unicodedata.normalize("NFD", name.replace("-", " ").casefold()) if c not in tones)
    return unicodedata.normalize("NFC", plain)


def _longest(text: str, at: int, table: dict[str, str]) -> str | None:
    for length in range(min(5, len(text) - at), 0, -1):
        if text[at : at + length] in table:
            return text[at : at + length]
    return None


def _word(word: str, rules: Rules, language: str) -> str | None:
    if language == "spanish":
        for old, new in (
            ("gua", "gwa"),
            ("ce", "se"),
            ("ci", "si"),
            ("ge", "je"),
            ("gi", "ji"),
            ("gue", "ge*"),
            ("gui", "gi*"),
        ):
            word = word.replace(old, new)
        word = word.replace("*", "")
    syllables: list[list[str]] = []
    at = 0
    while at < len(word):
        onset = None
        group = _longest(word, at, rules.onsets)
        while group is not None and _longest(word, at + len(group), rules.vowels) is None:
            # Not before a vowel: it closes the last syllable or stands alone. A shorter group may still open one.
            if len(group) > 1 and group[-1] not in "gh" and group[:-1] in rules.onsets:
                group = group[:-1]
                continue
            closing = _longest(word, at, rules.codas)
            if language == "spanish" and group in ("c", "k", "p", "g") and word[at + 1 : at + 2] in ("l", "r"):
                closing = None  # a cluster opens the next syllable: Ve-ra-cruz, not Ve-rac-ruz
            if closing and syllables and not syllables[-1][2] and closing[: len(group)] == group[: len(closing)]:
                nasal = language == "spanish" and closing == "n" and word[at + 1 : at + 2] in ("c", "k", "g", "q")
                syllables[-1][2] = "ㅇ" if nasal else rules.codas[closing]
                at += len(closing)
            else:
                if rules.onsets[group]:
                    syllables.append([rules.onsets[group][-1], "ㅡ", ""])
                at += len(group)
            group = _longest(word, at, rules.onsets) if at < len(word) else None
            if at >= len(word):
                break
        if at >= len(word):
            break
        if group is not None:
            onset = rules.onsets[group]
            at += len(group)
        vowel = _longest(word, at, rules.vowels)
        if vowel is None:
            return None
        if group == "ng" and syllables and not syllables[-1][2]:
            syllables[-1][2], onset = "ㅇ", ("ㄱ" if language == "spanish" else "")
        if group == "l" and rules.doubles and syllables and not syllables[-1][2]:
            syllables[-1][2] = "ㄹ"
        jamo = rules.vowels[vowel]
        if group in ("nh", "ny", "ñ", "sy", "y", "ll", "my", "py") and jamo[0] in _YOTISED:
            jamo = _YOTISED[jamo[0]] + jamo[1:]
        if group == "w" and jamo[0] in "ㅏㅓㅔㅣㅗ":
            jamo = {"ㅏ": "ㅘ", "ㅓ": "ㅝ", "ㅔ": "ㅞ", "ㅣ": "ㅟ", "ㅗ": "ㅝ"}[jamo[0]] + jamo[1:]
        for index, one in enumerate(jamo):
            syllables.append([(onset or "ㅇ") if index == 0 else "ㅇ", one, ""])
        at += len(vowel)
    return "".join(compose(*s) for s in syllables) if syllables else None


_PINYIN_ONSETS = _table(
    "b=ㅂ p=ㅍ m=ㅁ f=ㅍ d=ㄷ t=ㅌ n=ㄴ l=ㄹ g=ㄱ k=ㅋ h=ㅎ j=ㅈ q=ㅊ x=ㅅ zh=ㅈ ch=ㅊ sh=ㅅ r=ㄹ z=ㅉ c=ㅊ s=ㅆ"
)
_PINYIN_FINALS = _table(
    "a=ㅏ o=ㅗ e=ㅓ ai=ㅏㅣ ei=ㅔㅣ ao=ㅏㅗ ou=ㅓㅜ an=ㅏㄴ en=ㅓㄴ ang=ㅏㅇ eng=ㅓㅇ er=ㅓㄹ i=ㅣ ia=ㅑ "
    "ie=ㅖ iao=ㅑㅗ iu=ㅠ ian=ㅖㄴ in=ㅣㄴ iang=ㅑㅇ ing=ㅣㅇ iong=ㅠㅇ "
    "u=ㅜ ua=ㅘ uo=ㅝ uai=ㅘㅣ ui=ㅜㅣ uan=ㅘㄴ un=ㅜㄴ uang=ㅘㅇ ong=ㅜㅇ ue=ㅞ"
)
_PINYIN_ZERO = _table(
    "ya=ㅑ ye=ㅖ yao=ㅑㅗ you=ㅠ yan=ㅖㄴ yin=ㅣㄴ yang=ㅑㅇ ying=ㅣㅇ yong=ㅠㅇ yi=ㅣ yo=ㅛ wu=ㅜ wa=ㅘ "
    "wo=ㅝ wai=ㅘㅣ wei=ㅞㅣ wan=ㅘㄴ wen=ㅝㄴ wang=ㅘㅇ weng=ㅝㅇ yu=ㅟ yue=ㅞ yuan=ㅟㅏㄴ yun=ㅟㄴ"
)


def _pinyin_syllables() -> dict[str, str]:
    out: dict[str, str] = {}
    for final, jamo in _PINYIN_FINALS.items():
        if final[0] in "aoe":
            out[final] = _spell("", jamo)
        for initial, onset in _PINYIN_ONSETS.items():
            shape = jamo
            if final == "i" and initial in ("zh", "ch", "sh", "r", "z", "c", "s"):
                shape = "ㅡ"
            if initial in ("j", "q", "x") and final[0] == "u":
                shape = {"u": "ㅟ", "ue": "ㅞ", "uan": "ㅟㅏㄴ", "un": "ㅟㄴ"}.get(final, jamo)
            if onset in "ㅈㅊㅉ":
                shape = shape.translate(str.maketrans("ㅑㅕㅛㅠㅖ", "ㅏㅓㅗㅜㅔ"))
            out[initial + final] = _spell(onset, shape)
    for syllable, jamo in _PINYIN_ZERO.items():
        out[syllable] = _spell("", jamo)
    return out


def _spell(onset: str, jamo: str) -> str:
    """Jamo of a syllable's rest, vowels then perhaps a final, as Hangul."""
    syllables: list[list[str]] = []
    for one in jamo:
        if one in _VOWELS:
            syllables.append([onset if not syllables else "", one, ""])
        else:
            syllables[-1][2] = one
    return "".join(compose(*s) for s in syllables)


_PINYIN = _pinyin_syllables()


def _chinese(word: str) -> str | None:
    """Greedy longest syllables, backing off where the rest cannot be read (xian, nan'an)."""
    if not word:
        return ""
    for length in range(min(6, len(word)), 0, -1):
        if word[:length] in _PINYIN:
            rest = _chinese(word[length:])
            if rest is not None:
                return _PINYIN[word[:length]] + rest
    return None


_KANA_FIRST = _table("k=ㄱ t=ㄷ ch=ㅈ")
_KANA = _table("k=ㅋ g=ㄱ s=ㅅ sh=ㅅ z=ㅈ j=ㅈ t=ㅌ ch=ㅊ ts=ㅆ d=ㄷ n=ㄴ h=ㅎ f=ㅎ b=ㅂ p=ㅍ m=ㅁ y= r=ㄹ w=")


def _japanese(word: str) -> str | None:
    word = word.replace("ou", "o").replace("uu", "u").replace("oo", "o").replace("tch", "qch")
    syllables: list[list[str]] = []
    at = 0
    while at < len(word):
        if word[at] in "nm" and (at + 1 == len(word) or (word[at + 1] not in "aiueoy")):
            if not syllables:
                return None
            syllables[-1][2] = "ㄴ"
            at += 1
            continue
        if (at + 1 < len(word) and word[at] == word[at + 1] and word[at] not in "aiueon") or word[at] == "q":
            if not syllables:
                return None
            syllables[-1][2] = "ㅅ"
            at += 1
            continue
        group = _longest(word, at, _KANA) or ""
        at += len(group)
        glide = at < len(word) and word[at] == "y" and group not in ("", "y")
        at += glide
        if at >= len(word) or word[at] not in "aiueo":
            return None
        vowel = {"a": "ㅏ", "i": "ㅣ", "u": "ㅜ", "e": "ㅔ", "o": "ㅗ"}[word[at]]
        at += 1
        onset = _KANA_FIRST.get(group, _KANA.get(group, "")) if not syllables else _KANA.get(group, "")
        if vowel == "ㅜ" and group in ("s", "z", "ts"):
            vowel = "ㅡ"
        if (glide and onset not in ("ㅈ", "ㅊ")) or group in ("sh", "y"):
            vowel = _YOTISED.get(vowel, vowel)
        if group == "w" and vowel == "ㅏ":
            vowel = "ㅘ"
        syllables.append([onset, vowel, ""])
    return "".join(compose(*s) for s in syllables) if syllables else None
