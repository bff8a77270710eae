"""Which language a text is in: a share-of-Hangul rule first, then langdetect with a fixed seed."""

from __future__ import annotations

import re
from functools import lru_cache
from importlib.resources import files

from langdetect.detector_factory import DetectorFactory
from langdetect.lang_detect_exception import LangDetectException

#: Letters looked at: language shows early, and detection time grows with length.
SAMPLE = 1200
#: A text with this share of Hangul among its letters is Korean even where it quotes much Latin script.
HANGUL_SHARE = 0.25
#: langdetect's best guess below this probability is no answer.
MIN_PROBABILITY = 0.7
MIN_LETTERS = 12
_HANGUL = re.compile(r"[가-힣ㄱ-ㅎㅏ-ㅣ]")
_LETTER = re.compile(r"[^\W\d_]")
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
