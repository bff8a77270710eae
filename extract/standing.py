"""How the matter stands: is the act alleged, confirmed or denied, and what has become of who is said to have done it."""

from __future__ import annotations

import re

from extract.cast import Member
from extract.document import Document
from extract.records import Certainty
from extract.scorers.context import Focus

_ALLEGED = {
    "ko": re.compile(r"혐의를 받|의혹|추정|의심|주장|것으로 보고|것으로 보인다|고소장|고소했|진정을"),
    "en": re.compile(r"\b(?:alleged(?:ly)?|accused of|suspected of|claim(?:s|ed)|reportedly|believed to)\b", re.I),
}
_CONFIRMED = {
    "ko": re.compile(r"선고|유죄|징역|확정|자백|시인|현행범|숨졌|사망했|발생했|다쳤|부상"),
    "en": re.compile(
        r"\b(?:convicted|found guilty|pleaded guilty|sentenced|confirmed|died|was killed|were killed)\b", re.I
    ),
}
_DENIED = {
    "ko": re.compile(r"무죄를? 선고|무죄 판결|무혐의|사실무근|허위 신고로 (?:드러|확인)"),
    "en": re.compile(r"\b(?:acquitted|found not guilty|cleared of|hoax)\b", re.I),
}


def certainty_of(doc: Document, focus: Focus) -> Certainty:
    """What the sentences that tell of the incident say of its certainty, weighed by how surely they tell of it."""
    alleged = confirmed = denied = 0.0
    for sentence, told in zip(doc.sentences, focus.told, strict=True):
        text = doc.text[sentence.start : sentence.end]
        alleged += told * bool(_ALLEGED[doc.language].search(text))
        confirmed += told * bool(_CONFIRMED[doc.language].search(text))
        denied += told * bool(_DENIED[doc.language].search(text))
    if denied > 0.5 and denied >= confirmed:
        return "denied"
    return "alleged" if alleged > confirmed else "confirmed"


_STATUS: dict[str, tuple[tuple[str, re.Pattern[str]], ...]] = {
    "ko": (
        (
            "convicted",
            re.compile(r"선고(?:했|받|됐|되)|유죄|실형|징역 \d+년(?:을|의|이) (?:선고|확정)|형이 확정|집행유예"),
        ),
        ("charged", re.compile(r"기소|재판에 넘겨|재판을 받")),
        ("arrested", re.compile(r"구속|체포|검거|붙잡|송환|압송|자수")),
        ("at_large", re.compile(r"도주(?:했|한|해|하)|달아났|달아난|추적|수배|쫓고")),
    ),
    "en": (
        ("convicted", re.compile(r"\b(?:convicted|found guilty|sentenced|jailed|pleaded guilty|imprisoned)\b", re.I)),
        ("charged", re.compile(r"\b(?:charged|indicted|on trial|stand trial|appeared in court)\b", re.I)),
        ("arrested", re.compile(r"\b(?:arrested|in custody|detained|nabbed|apprehended|caught|held)\b", re.I)),
        ("at_large", re.compile(r"\b(?:at large|on the run|fled|absconding|manhunt|wanted|escaped)\b", re.I)),
    ),
}
_DEAD = {
    "ko": re.compile(r"스스로 목숨을 끊|극단적 선택|숨진 채 발견|사살"),
    "en": re.compile(
        r"\b(?:shot dead by police|killed himself|turned the gun|took his own life|killed by police)\b", re.I
    ),
}


def perpetrator_status(doc: Document, member: Member) -> str:
    """at_large, arrested, charged, convicted, dead or unknown: the furthest step told of in the member's sentences."""
    spans = {doc.sentence_at(m.start) for m in member.mentions}
    text = " ".join(doc.text[doc.sentences[i].start : doc.sentences[i].end] for i in sorted(spans))
    if _DEAD[doc.language].search(text):
        return "dead"
    for status, pattern in _STATUS[doc.language]:
        if pattern.search(text):
            return status
    return "unknown"
