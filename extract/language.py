"""Which language a text is in: Hangul and English function words first, then langdetect with a fixed seed."""

from __future__ import annotations

import re
from functools import lru_cache
from importlib.resources import files

from langdetect.detector_factory import DetectorFactory
from langdetect.lang_detect_exception import LangDetectException

#: Letters looked at: language shows early, and detection time grows with length.
SAMPLE = 600
#: A text with this share of Hangul among its letters is Korean even where it quotes much Latin script: a syllable block
#: stands for two or three letters, and English articles that quote Korean words stay below a tenth.
HANGUL_SHARE = 0.15
#: English prose has a third of its words or more among these; no other language comes near (German and Dutch share a
#: few). The rule answers for most of what we read in a hundredth of langdetect's time.
ENGLISH_SHARE = 0.22
MIN_WORDS = 20
_ENGLISH_WORDS = (
    "the of and to in a that is was for it with as his on be at by had not are but from or have an they which one were "
    "their has would who will more said after been this its he she also about into"
)
_ENGLISH = frozenset(_ENGLISH_WORDS.split())
#: langdetect's best guess below this probability is no answer.
MIN_PROBABILITY = 0.7
MIN_LETTERS = 12
_HANGUL = re.compile(r"[가-힣ㄱ-ㅎㅏ-ㅣ]")
_LETTER = re.compile(r"[^\W\d_]")
_WORD = re.compile(r"[^\W\d_]+")
_NOISE = re.compile(r"https?://\S+|\S+@\S+")


def detect_language(text: str) -> str | None:
    """The ISO 639-1 code of the text's language ("ko", "en", "zh" ...), or None for too few letters or no clear answer.

    The same text gives the same answer in every process.
    """
    sample = _NOISE.sub(" ", text[: 3 * SAMPLE])[:SAMPLE]
    letters = len(_LETTER.findall(sample))
    hangul = len(_HANGUL.findall(sample))
    if letters and hangul / letters >= HANGUL_SHARE and hangul >= 2:
        return "ko"
    if letters < MIN_LETTERS:
        return None
    words = _WORD.findall(sample.lower())
    if len(words) >= MIN_WORDS and sum(word in _ENGLISH for word in words) >= ENGLISH_SHARE * len(words):
        return "en"
    detector = _factory().create()
    detector.append(sample)
    try:
        best = detector.get_probabilities()
    except LangDetectException:
        return None
    if not best or best[0].prob < MIN_PROBABILITY:
        return None
    return str(best[0].lang).split("-")[0]


@lru_cache(maxsize=1)
def _factory() -> DetectorFactory:
    factory = DetectorFactory()
    factory.set_seed(0)
    factory.load_profile(str(files("langdetect") / "profiles"))
    return factory
