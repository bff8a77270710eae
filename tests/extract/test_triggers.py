"""Which words name an act, in which voice, and which senses of them do not."""

from __future__ import annotations

import pytest

from extract.analyse import analyse
from extract.triggers import find_discards, find_triggers


def _types(text: str, language: str, kind: str = "incident") -> set[str]:
    return {trigger.type for trigger in find_triggers(analyse(text, language), text) if trigger.kind == kind}


def _voice(text: str, language: str, type_: str) -> str | None:
    return next(t.voice for t in find_triggers(analyse(text, language), text) if t.type == type_)


@pytest.mark.parametrize(
    ("text", "type_"),
    [
        ("편의점에 든 강도가 점원을 위협했다.", "robbery"),
        ("투자 사기를 당한 노인이 신고했다.", "fraud"),
        ("웬치에 감금됐던 청년 둘이 돌아왔다.", "unlawful_detention"),
        ("그는 배를 흉기에 찔려 병원에 실려 갔다.", "assault"),
        ("누군가 창고에 일부러 불을 질렀다.", "arson"),
        ("주민이 숨진 채 발견됐다.", "unexplained_death"),
        ("집단성폭행 사건의 재판이 열렸다.", "sexual_assault"),
        ("등산객과 연락이 끊겼다.", "missing_person"),
        ("공장에서 교통 사고가 나 둘이 다쳤다.", "accident"),
        ("여권을 빼앗긴 채 일했다.", "unlawful_detention"),
        ("현장에서는 유서가 나왔고 타살 흔적은 없었다.", "unexplained_death"),
        ("벌초하던 주민이 말벌에 쏘였다.", "accident"),
        ("등산객이 멧돼지에 물렸다.", "accident"),
    ],
)
def test_korean_words_name_their_type(text: str, type_: str) -> None:
    assert type_ in _types(text, "ko")


@pytest.mark.parametrize(
    ("text", "type_"),
    [
        ("시험의 강도를 높였다.", "robbery"),
        ("강도 높은 훈련이 이어졌다.", "robbery"),
        ("장병들의 사기 진작을 위한 행사였다.", "fraud"),
        ("시민들이 새 주사기를 샀다.", "fraud"),
        ("출근길 시민을 눈 폭탄이 덮쳤다.", "terrorism"),
        ("신곡이 폭발적인 인기를 얻었다.", "accident"),
        ("그는 법률 고문을 지냈다.", "torture"),
        ("완도에서 전복을 길렀다.", "accident"),
        ("주가가 추락했다.", "accident"),
        ("살인적인 물가에 시달린다.", "homicide"),
        ("방화벽을 새로 세웠다.", "arson"),
        ("타살 혐의점은 발견되지 않았다.", "homicide"),
        ("유서 깊은 마을에서 열렸다.", "unexplained_death"),
    ],
)
def test_other_senses_of_korean_words_name_none(text: str, type_: str) -> None:
    assert type_ not in _types(text, "ko")


def test_korean_directives_are_no_local_times() -> None:
    assert "directive" not in _types("현지시각 10일 회의가 열렸다.", "ko", "response")
    assert "directive" in _types("대통령은 어제 신속한 대응을 지시했다.", "ko", "response")


def test_korean_rescue_is_no_structure() -> None:
    assert "rescue" not in _types("회사는 지배 구조를 바꿨다.", "ko", "response")
    assert "rescue" in _types("해경이 선원을 구조했다.", "ko", "response")


@pytest.mark.parametrize(
    ("text", "voice"),
    [
        ("그는 이웃을 살해했다.", "active"),
        ("그는 살해됐다.", "passive"),
        ("그는 살해당했다.", "passive"),
    ],
)
def test_korean_voice_follows_the_verb_that_carries_the_noun(text: str, voice: str) -> None:
    assert _voice(text, "ko", "homicide") == voice


def test_korean_object_and_light_verb_tell_the_voice() -> None:
    assert _voice("그는 폭행을 당했다.", "ko", "assault") == "passive"
    assert _voice("그는 폭행을 저질렀다.", "ko", "assault") == "active"


def test_an_attempt_survived_is_assault_and_no_homicide() -> None:
    assert _types("그는 살인미수 혐의로 붙잡혔다.", "ko") == {"assault"}
    assert _types("He was held for attempted murder.", "en") == {"assault"}


def test_a_compound_that_names_two_offences_gives_both() -> None:
    assert _types("강도살인 혐의가 적용됐다.", "ko") == {"homicide", "robbery"}


@pytest.mark.parametrize(
    ("text", "type_"),
    [
        ("A farmer was stabbed to death.", "homicide"),
        ("Gunmen abducted two nurses.", "kidnapping"),
        ("She was held against her will.", "unlawful_detention"),
        ("The clerk was robbed at gunpoint.", "robbery"),
        ("A trader lost his savings in a romance scam.", "fraud"),
        ("Someone set the barn on fire.", "arson"),
        ("The hikers went missing.", "missing_person"),
        ("A ferry capsized in rough seas.", "accident"),
        ("The attack hurt two guards.", "assault"),
        ("The contractor was booked for culpable homicide not amounting to murder.", "accident"),
        ("She admitted injury to a child.", "assault"),
    ],
)
def test_english_words_name_their_type(text: str, type_: str) -> None:
    assert type_ in _types(text, "en")


@pytest.mark.parametrize(
    ("text", "type_"),
    [
        ("He died of a heart attack.", "assault"),
        ("Lawmakers tried to kill the bill.", "homicide"),
        ("The stock market crashed.", "accident"),
        ("The film shooting began in May.", "assault"),
        ("She stole the show.", "theft"),
        ("Investors fear a market crash.", "accident"),
        ("A killer app changed phones.", "homicide"),
        ("The contractor was booked for culpable homicide not amounting to murder.", "homicide"),
        ("The fire department sent leaflets.", "accident"),
    ],
)
def test_other_senses_of_english_words_name_none(text: str, type_: str) -> None:
    assert type_ not in _types(text, "en")


@pytest.mark.parametrize(
    ("text", "voice"),
    [
        ("Thieves kidnapped a trader.", "active"),
        ("A trader was kidnapped.", "passive"),
        ("A trader got kidnapped.", "passive"),
        ("A trader was beaten, robbed and kidnapped.", "passive"),
        ("A trader kidnapped by thieves came home.", "passive"),
    ],
)
def test_english_voice_follows_be_and_by(text: str, voice: str) -> None:
    assert _voice(text, "en", "kidnapping") == voice


def test_metaphor_in_a_sentence_silences_its_incident_triggers_only() -> None:
    text = "폭발적인 관심 속에 사고 현장이 공개됐다. 경찰은 살인 사건으로 본다."
    assert {t.sentence for t in find_triggers(analyse(text, "ko"), text)} == {1}


def test_document_cues_are_votes_that_carry_their_reason() -> None:
    text = "The thriller leads the box office. In the film a banker is murdered."
    cues = find_discards(analyse(text, "en"), text)
    assert [(cue.scope, cue.reason) for cue in cues] == [("document", "fiction"), ("sentence", "fiction")]
    assert _types(text, "en") == set()


@pytest.mark.parametrize(
    ("text", "language", "type_"),
    [
        ("외교부는 대사를 초치했다.", "ko", "diplomatic_protest"),
        ("외교부가 여행경보를 올렸다.", "ko", "travel_advisory"),
        ("피의자는 본국으로 송환됐다.", "ko", "repatriation"),
        ("법원은 징역 5년을 선고했다.", "ko", "sentence"),
        ("경찰은 신속대응팀을 급파했다.", "ko", "deployment"),
        ("Police arrested three men.", "en", "arrest"),
        ("Seoul summoned the Lao ambassador.", "en", "diplomatic_protest"),
        ("He was sentenced to nine years in prison.", "en", "sentence"),
        ("The suspect was extradited.", "en", "repatriation"),
        ("The ministry issued a travel advisory.", "en", "travel_advisory"),
    ],
)
def test_responses_are_told_by_type(text: str, language: str, type_: str) -> None:
    assert type_ in _types(text, language, "response")
