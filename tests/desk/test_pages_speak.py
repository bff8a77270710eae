"""Two languages: every text of the pages, every code of the record, and the reader's choice between them."""

from __future__ import annotations

import re
from functools import cache

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po
from fastapi.testclient import TestClient

from desk.labels import CERTAINTIES, HEALTH, OUTCOMES, TABLES, TYPES
from desk.links import Chip
from desk.locales.extract import KOREAN, template
from desk.phrases import Phrases, field_name
from desk.settings import DeskSettings
from desk.tongue import Tongue, negotiate, tongue
from storage.cells import CELLS, COUNTS, GRAVITY, PERPETRATOR_FIELDS, VICTIM_FIELDS
from storage.facets import FACETS
from storage.filters import ORDERS, PARAMETERS, STATUSES

FIELDS = re.compile(r"\{(\w+)\}")


def said(code: str) -> Tongue:
    return tongue(code, lambda name, country: {"Sihanoukville": "시아누크빌"}.get(name))


@cache
def texts() -> tuple[Message, ...]:
    return tuple(message for message in template() if message.id)


@cache
def korean() -> Catalog:
    with KOREAN.open("rb") as stream:
        return read_po(stream, locale="ko", abort_invalid=True)


def test_every_text_of_the_pages_is_in_the_korean_catalogue() -> None:
    untold = []
    for message in texts():
        held = korean().get(message.id)
        said = [held.string] if held and isinstance(held.string, str) else list(held.string if held else ())
        if not said or not all(said):
            untold.append(message.id)
    assert untold == []


def test_a_translation_has_the_fields_of_its_text_and_no_others() -> None:
    for message in korean():
        if message.id:
            source = message.id if isinstance(message.id, str) else message.id[1]
            for text in [message.string] if isinstance(message.string, str) else message.string:
                assert sorted(FIELDS.findall(text)) == sorted(FIELDS.findall(source)), source


def test_every_code_of_the_record_has_a_word() -> None:
    assert set(TYPES) == set(GRAVITY)
    assert set(TABLES["status"]) == set(STATUSES)
    assert set(TABLES["facet"]) == set(FACETS)
    assert set(TABLES["order"]) == set(ORDERS)
    assert set(TABLES["toll"]) == set(COUNTS)
    assert set(CELLS) <= set(TABLES["cell"])
    assert {*VICTIM_FIELDS, *PERPETRATOR_FIELDS} == set(TABLES["person"])
    assert HEALTH and OUTCOMES and CERTAINTIES


def test_every_condition_of_a_filter_can_be_said() -> None:
    for code in ("en", "ko"):
        phrases = Phrases(said(code), DeskSettings())
        for parameter in PARAMETERS:
            if parameter != "order":
                value = {"since": "2025-10-08", "until": "2025-10-08", "seen_since": "2025-10-08",
                         "changed_since": "2025-10-08", "type": "homicide", "country": "KH"}.get(parameter, "1")  # fmt: skip
                assert phrases.chip(Chip(parameter, value, "")), parameter


@pytest.mark.parametrize(
    ("value", "english", "korean"),
    [
        ("2025", "2025", "2025년"),
        ("2025-10", "Oct 2025", "2025년 10월"),
        ("2025-10-08", "8 Oct 2025", "2025년 10월 8일"),
    ],
)
def test_a_day_is_the_event_s_own_as_fine_as_it_is_known(value: str, english: str, korean: str) -> None:
    assert said("en").day(value) == english
    assert said("ko").day(value) == korean


def test_ages_places_and_quoted_fields_are_said_in_korean() -> None:
    phrases = Phrases(said("ko"), DeskSettings())
    assert [phrases.age(age) for age in ("20s", "22", None)] == ["20대", "22세", ""]
    assert said("ko").place("Sihanoukville", "KH") == "시아누크빌"
    assert said("ko").place("Nowhere", "KH") == "Nowhere"
    assert field_name("other_types.torture", said("ko")).endswith("고문")


@pytest.mark.parametrize(
    ("chosen", "accepted", "answered"),
    [
        (None, "ko-KR,ko;q=0.9,en;q=0.8", "ko"), (None, "en-GB,ko;q=0.5", "en"), ("en", "ko", "en"), (None, None, "en"),
        ("fr", "de", "en"), (None, "ko;q=zero,en;q=0.1", "en"),
    ],
)  # fmt: skip
def test_the_choice_goes_before_the_browser_s_wish(chosen: str | None, accepted: str | None, answered: str) -> None:
    assert negotiate(chosen, accepted) == answered


def test_what_goes_wrong_is_said_in_korean(client: TestClient) -> None:
    for address, title in (
        ("/incidents/999999", "찾는 항목이 없습니다"),
        ("/nowhere", "없는 페이지입니다"),
        ("/?type=picnic", "쓸 수 없는 조건입니다"),
    ):
        assert f"<h1>{title}</h1>" in client.get(address, headers={"Accept-Language": "ko"}).text, address


def test_a_choice_of_language_is_kept_and_the_view_with_it(client: TestClient) -> None:
    html = client.get("/?country=KH", headers={"accept-language": "ko"}).text
    assert '<html lang="ko">' in html and "캄보디아" in html
    assert 'href="/?country=KH&amp;lang=en"' in html
    client.get("/?country=KH&lang=en")
    assert '<html lang="en">' in client.get("/queue", headers={"accept-language": "ko"}).text


@pytest.mark.parametrize("address", ["/", "/map", "/incidents/1", "/articles/1", "/queue", "/sources", "/login"])
def test_no_korean_page_holds_an_english_label(client: TestClient, address: str) -> None:
    html = client.get(f"{address}?lang=ko").text
    body = re.sub(r"<(script|style|title)\b.*?</\1>|<[^>]+>", " ", html[html.index("<main") : html.index("</main>")])
    words = {word for text in texts() if isinstance(text.id, str) and len(word := text.id) > 6}
    left = [word for word in words if re.search(rf"(?<![\w.]){re.escape(word)}(?![\w.])", body)]
    assert left == []
