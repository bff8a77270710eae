"""The sample press is what it says: invented, complete, true to its truth file, and awkward where real outlets are."""

from __future__ import annotations

import http.client
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from crawler.demo.articles import FIRST_LOOK, SECOND_LOOK, PressArticle, load_articles, load_truth
from crawler.demo.pages import printed
from crawler.demo.run import DECLARATIONS, declared
from crawler.demo.server import GONE, WALLED, Press, serve
from crawler.pipelines.outlet import Outlet
from extract.clean import clean_page
from spiders.source import load_source_file

ARTICLES = load_articles()
TRUTH = load_truth()


@pytest.fixture(scope="module")
def press() -> Iterator[Press]:
    with serve(Press(SECOND_LOOK)) as served:
        yield served


def get(press: Press, outlet: str, path: str, **headers: str) -> tuple[http.client.HTTPResponse, bytes]:
    connection = http.client.HTTPConnection(press.outlets[outlet].host, timeout=10)
    try:
        connection.request("GET", path, headers=headers)
        response = connection.getresponse()
        return response, response.read()
    finally:
        connection.close()


def test_the_press_has_two_korean_and_two_english_outlets_and_at_least_sixty_articles() -> None:
    languages = Counter(outlet.language for outlet in Press().outlets.values())
    assert languages == {"ko": 2, "en": 2}
    assert len(ARTICLES) >= 60
    kinds = {article.kind for article in ARTICLES.values()}
    assert kinds == {"plain", "flash", "paywalled", "script", "blocks", "lying_header"}


def test_every_article_has_its_truth_and_every_quote_of_it_stands_in_the_article() -> None:
    assert TRUTH.keys() == ARTICLES.keys()
    missing = [
        (key, quote)
        for key, article in ARTICLES.items()
        for quote in quotes(TRUTH[key])
        if quote not in whole_text(article.at(SECOND_LOOK))
    ]
    assert missing == []


def test_about_a_quarter_of_the_articles_hold_no_incident_whatever_words_they_use() -> None:
    none = [key for key, truth in TRUTH.items() if not truth["incidents"]]
    assert len(none) >= len(TRUTH) // 4
    assert {TRUTH[key]["genre"] for key in none} >= {"statistics", "policy", "culture", "sports", "service", "opinion"}


def test_several_events_are_told_in_both_languages() -> None:
    told: dict[str, set[str]] = {}
    for key, truth in TRUTH.items():
        for incident in truth["incidents"]:
            outlet = Press().outlets[key.partition("/")[0]]
            told.setdefault(incident["cluster"], set()).add(outlet.language)
    assert sum(languages == {"ko", "en"} for languages in told.values()) >= 8


@pytest.mark.parametrize("key", sorted(ARTICLES))
def test_a_page_says_that_it_is_invented_and_cleans_to_what_its_outlet_printed(press: Press, key: str) -> None:
    article = ARTICLES[key].at(SECOND_LOOK)
    rules = Outlet.of(load_source_file(DECLARATIONS / f"{article.outlet}.toml")).rules
    response, body = get(press, article.outlet, article.path)
    assert response.status == 200
    assert b'name="invented" content="sageon demo"' in body

    cleaned = clean_page(body, url=press.url(key), rules=rules, fetched_at=datetime(2026, 4, 1, tzinfo=UTC))

    assert cleaned.outcome == "article"
    assert cleaned.published == article.published
    expected = printed(article)
    text = cleaned.text or ""
    assert [p for p in expected[1:] if p not in text] == []
    assert expected[0].removeprefix(article.lead).strip() in text
    assert len(text) < 1.35 * sum(len(p) for p in expected)
    for noise in ("개화", "Ferry timetable", "Frequently Asked", "Synopsis", "저작권자", "Subscribe", "@", "건강걷기"):
        assert noise not in text


def test_one_page_lies_about_its_charset_and_the_others_of_that_outlet_do_not(press: Press) -> None:
    claims = {}
    for article in ARTICLES.values():
        if article.outlet == "dumul":
            response, body = get(press, "dumul", article.path)
            claims[article.id] = response.headers["Content-Type"]
            assert "두물일보" in body.decode("cp949")
    assert [key for key, claim in claims.items() if "utf-8" in claim] == ["dumul/04-gochang-farm-assault"]


def test_a_listing_that_has_not_changed_is_answered_with_304(press: Press) -> None:
    first, _ = get(press, "hanbit", "/rss/news.xml")
    again, body = get(press, "hanbit", "/rss/news.xml", **{"If-None-Match": first.headers["ETag"]})
    assert (again.status, body) == (304, b"")


def test_a_wall_a_dead_link_and_a_short_link_answer_as_real_ones_do(press: Press) -> None:
    wall, challenge = get(press, "dispatch", WALLED[0])
    assert wall.status == 403
    assert b"_cf_chl_opt" in challenge
    assert get(press, "ledger", GONE[0])[0].status == 404
    flash = ARTICLES["hanbit/02-sihanoukville-flash"]
    short, _ = get(press, "hanbit", flash.path.replace("/view/", "/v/"))
    assert (short.status, short.headers["Location"]) == (301, flash.path)


def test_the_toll_is_corrected_between_the_two_looks_and_the_sitemap_says_that_the_page_changed() -> None:
    corrected = ARTICLES["hanbit/08-ulsan-explosion"]
    assert "2명이 숨지고" in corrected.at(FIRST_LOOK).paragraphs[0]
    assert "3명이 숨지고" in corrected.at(SECOND_LOOK).paragraphs[0]
    press = Press(FIRST_LOOK)
    assert press.changed == {}
    press.turn_to(SECOND_LOOK)
    assert list(press.changed) == [corrected.id]


def test_a_declaration_names_the_port_that_its_outlet_got() -> None:
    with serve(Press()), serve(Press()) as second, declared(second) as sources:  # the first one holds the ports
        for source in sources:
            host = second.outlets[source.id].host
            assert {index.url.split("/")[2] for index in source.indexes()} == {host}


def quotes(truth: dict[str, list[dict[str, object]]]) -> Iterator[str]:
    for incident in truth["incidents"]:
        people = [*incident["victims"], *incident["perpetrators"]]  # type: ignore[misc]
        fields = [incident["trigger"], incident["place_text"], incident["date_text"]]
        fields += [person["text"] for person in people] + [person.get("nationality_text") for person in people]
        yield from (str(field) for field in fields if field)
    for response in truth["responses"]:
        yield str(response["quote"])


def whole_text(article: PressArticle) -> str:
    return "\n\n".join((article.title, *article.paragraphs))
