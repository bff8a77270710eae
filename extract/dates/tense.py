"""Whether the words after a date speak of what is still to come."""

from __future__ import annotations

import re

_SENTENCE_END = re.compile(r"(?<=[^\d\s])[.!?][\"'”’)]*\s|\n")
_REACH = 120

_KO_TOLD = re.compile(
    r"[았었했됐였졌렸겼났갔왔뒀썼쳤혔켰섰샀렀겠]\s?(?:다|고|으며|으나|지만|던|습니다|는데|을)|밝혔|말했|전했|알렸|숨진|발생한|일어난|열린"
)
_KO_TO_COME = re.compile(
    r"예정|계획|방침|전망|앞두고|(?:하|되|열리|가지|치르|나서|들어가|진행되|시작하|시작되|개최하|방문하)기로|"
    r"[할될릴칠질갈올설날볼]\s(?:것|예정|계획|수)|(?:한|된|열린|연다|나선|진행된|시작한|펼쳐진|선보인|만난|찾는|떠난|오른|치른|개막한|출발한|마감한|방송된)다(?:고|\.|며|\s)|"
    r"(?:열리는|시작되는|개막하는|치러지는|출시되는|방송되는|예정된|시행되는)|까지(?=\s)"
)
_EN_TO_COME = re.compile(
    r"\b(?:will|shall|is (?:due|set|scheduled|expected|to)|are (?:due|set|scheduled|expected|to)|due to|scheduled|to be held|to take place|until|by)\b"
)
_EN_TOLD = re.compile(r"\b(?:was|were|had|has|have|did|said|told|\w{3,}ed)\b")


def korean_future(text: str, end: int) -> bool:
    """Whether a Korean clause that begins at `end` is of the future: the first verb that tells decides."""
    return _first(_KO_TO_COME, _KO_TOLD, text, end)


def english_future(text: str, start: int, end: int) -> bool:
    """Whether an English clause around `text[start:end]` is of the future: the nearest verb before it decides, else after."""
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
