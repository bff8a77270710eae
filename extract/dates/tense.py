"""Whether the words after a date speak of what is still to come."""

from __future__ import annotations

import re

_SENTENCE_END = re.compile(r"(?<=[^\d\s])[.!?][\"'”’)]*\s|\n")
_REACH = 120
#: Hangul syllables come in runs of 28 final consonants (Unicode 3.12); 4 is ㄴ, 17 is ㅂ.
_FINALS, _FINAL_N, _FINAL_B = 28, 4, 17

_KO_REACH = 300
#: Right after the date: it stands still (현재), is where the news came from (따르면), or is when something is to open.
_KO_STILL = re.compile(r"\s?현재|\s?기준|[^.,\n]{0,30}따르면")
_KO_OPENING = re.compile(
    r"[^.,\n]{0,24}(?:열리는|열릴|시작되는|시작될|개막하는|치러지는|치러질|예정된|출시되는|방송되는|방송될|시행되는|예정이던|예정이었던|"
    r"기로\s(?:했던|한))\s"
)
#: Right after the date: something is put off to it. Right before it: a limit, which a day that is over no longer is.
_KO_PUT_OFF = re.compile(
    r"(?:\s이후)?(?:로|까지)\s?(?:재차\s|다시\s|또\s)?(?:연기|미뤄|미루|미룬|늦춰|늦추|늦춘|순연|넘어가|넘어갈|넘길)"
)
_KO_LIMIT = re.compile(r"(?:시한|기한|마감일?|만료일?)\s?\($")
#: -겠-, of what is expected, above all of the weather; not of what somebody knows or not (알겠다, 모르겠다).
_KO_EXPECTED = re.compile(r"(?<![알르])겠(?:(?:다|습니다)$|(?:으나|으며|고|지만)[\s,])")
#: How a sentence of what is planned ends; present tense (한다, 열린다, 합니다) is told by the final consonant below.
_KO_PLANNED = re.compile(
    r"(?:예정|계획|방침|전망|참)(?:이다|입니다|이라는|이었다)?$|것으로\s(?:예상된다|전망된다|보인다)$|"
    r"것(?:이다|입니다)$|수\s있다$|전망이다$"
)
_KO_REPORTED = re.compile(
    r"(?:밝혔|말했|전했|알렸|보도했|덧붙였|설명했|예상했|전망했|강조했|주장했|발표했|예고했|공지했)(?:다|습니다)$|"
    r"(?:추정된|전해진|알려진|보인|주장한|설명한|풀이된|전한|말한|강조한|지적한|나타난|분석된|해석된|"
    r"본)다$|알려졌다$|전해졌다$|기로\s(?:했|결정했)다$"
)
_KO_QUOTED_PLAN = re.compile(
    r"(?:예정|계획|방침|것|전망)[\"'”’]?(?:이라고|이라며|으로|이라는)|[한된린연선친난른]다(?:고|며)|기로"
)
_KO_TOPIC = re.compile(r"(?:^|[.!?\n\"”’]|[은는이가])\s*$")

_EN_TO_COME = re.compile(
    r"\b(?:will|shall|is (?:due|set|scheduled|expected|to)|are (?:due|set|scheduled|expected|to)|"
    r"due to|scheduled|to be held|to take place|until|by)\b"
)
_EN_TOLD = re.compile(r"\b(?:was|were|had|has|have|did|said|told|\w{3,}ed)\b")


def korean_future(text: str, start: int, end: int, *, reported: bool = True) -> bool:
    """Whether the date `text[start:end]` is of what was still to come when the sentence was written.

    The sentence's last verb decides. Where that only reports (밝혔다), a plan inside the quotation does, unless
    the date follows the topic (경찰은 8일 ... 밝혔다) and so belongs to the reporting itself. With `reported` False it
    cannot: nobody writes the bare day of last month for a report.
    """
    stop = min(len(text), end + _KO_REACH)
    sentence = _SENTENCE_END.search(text, end, stop)
    rest = text[end : sentence.start() if sentence else stop].rstrip(" .!?\"'”’)\n")
    if _KO_STILL.match(rest):
        return False
    if _KO_OPENING.match(rest):
        return True
    if _KO_REPORTED.search(rest):
        told = reported and _KO_TOPIC.search(text[max(0, start - 6) : start]) is not None
        return _KO_QUOTED_PLAN.search(rest) is not None and not told
    return _KO_PLANNED.search(rest) is not None or _KO_EXPECTED.search(rest) is not None or _present(rest)


def still_ahead(text: str, start: int, end: int) -> bool:
    """Whether something is put off to the Korean date `text[start:end]`, or it is the end of a term."""
    return bool(_KO_PUT_OFF.match(text, end) or _KO_LIMIT.search(text[max(0, start - 6) : start]))


def _present(sentence: str) -> bool:
    """Whether it ends in -ㄴ다 or -ㅂ니다 on a verb: 열린다, 시작합니다; not 있다, 이다, 했습니다, 입니다."""
    if sentence.endswith("니다"):
        stem, final = sentence[-3:-2], _FINAL_B
    elif sentence.endswith("다"):
        stem, final = sentence[-2:-1], _FINAL_N
    else:
        return False
    return "가" <= stem <= "힣" and (ord(stem) - ord("가")) % _FINALS == final and stem not in "습입안"


def english_future(text: str, start: int, end: int) -> bool:
    """Whether an English clause around `text[start:end]` is of the future: by the nearest verb before, else after."""
    behind = text[max(0, start - _REACH) : start]
    behind = _SENTENCE_END.split(behind)[-1]
    told = max((match.start() for match in _EN_TOLD.finditer(behind)), default=-1)
    to_come = max((match.start() for match in _EN_TO_COME.finditer(behind)), default=-1)
    if told != to_come:
        return to_come > told
    return _first(_EN_TO_COME, _EN_TOLD, text, end)


def english_past(text: str, start: int, end: int) -> bool:
    """Whether an English clause around `text[start:end]` tells of what was."""
    window = text[max(0, start - 60) : end + 60]
    return _EN_TOLD.search(window) is not None and not english_future(text, start, end)


def _first(to_come: re.Pattern[str], told: re.Pattern[str], text: str, start: int) -> bool:
    stop = min(len(text), start + _REACH)
    sentence = _SENTENCE_END.search(text, start, stop)
    stop = sentence.end() if sentence else stop
    ahead = to_come.search(text, start, stop)
    if ahead is None:
        return False
    behind = told.search(text, start, stop)
    return behind is None or ahead.start() < behind.start()
