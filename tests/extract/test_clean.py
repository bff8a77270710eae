"""A fetched page becomes an article: its text, title, signature, times, address, and what kind of page it was."""

from __future__ import annotations

import gzip
import json
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from extract.clean import CleanedPage, CleanRules, CleanRulesError, clean_page
from extract.clean.decoding import MAX_BYTES
from tests.extract.clean_pages import PUBLISHED, STORY_EN, STORY_KO, page

URL = "https://www.velmcourier.example/world/two-engineers-robbed-in-velm-88231"
NOW = datetime(2025, 10, 14, 3, 0, tzinfo=UTC)


def clean(body: bytes, url: str = URL, rules: CleanRules | None = None, **more: object) -> CleanedPage:
    return clean_page(body, url=url, rules=rules, fetched_at=NOW, **more)  # type: ignore[arg-type]


def test_an_article_gives_text_title_signature_times_section_and_language() -> None:
    found = clean(page())
    assert found.outcome == "article"
    assert found.text == "\n".join(STORY_EN)
    assert found.title == "Two engineers robbed in Velm"
    assert found.byline == "Dana Holm"
    assert found.published == datetime.fromisoformat(PUBLISHED)
    assert found.published_basis == "json-ld"
    assert found.modified == datetime(2025, 10, 13, 7, 20, tzinfo=UTC)
    assert (found.section, found.language) == ("World", "en")


@pytest.mark.parametrize("frame", ["form", "aside"])
def test_a_story_inside_a_frame_of_the_page_is_kept_and_a_frame_beside_it_is_not(frame: str) -> None:
    story = page().decode()
    begin, end = story.index("<body>") + len("<body>"), story.index("</body>")
    body = f"<{frame}>{story[begin:end]}</{frame}><nav><p>{'Sign in to read more of our other stories. ' * 3}</p></nav>"
    assert clean((story[:begin] + body + story[end:]).encode()).text == "\n".join(STORY_EN)


def test_a_korean_time_without_zone_is_korean_time() -> None:
    body = page(STORY_KO, lang="ko", json_ld={"@type": "NewsArticle", "datePublished": "2025-10-13 14:05:00"})
    assert clean(body).published == datetime(2025, 10, 13, 14, 5, tzinfo=ZoneInfo("Asia/Seoul"))


def test_a_time_in_the_future_is_refused_and_the_listing_is_believed() -> None:
    listed = NOW - timedelta(hours=2)
    body = page(json_ld={"@type": "NewsArticle", "datePublished": "2026-12-01T00:00:00Z"})
    found = clean(body, listing_published=listed)
    assert (found.published, found.published_basis) == (listed, "listing")


def test_a_time_with_clock_beats_a_bare_day() -> None:
    head = '<meta property="article:published_time" content="2025-10-13T05:05:00Z">'
    found = clean(page(head=head, json_ld={"@type": "NewsArticle", "datePublished": "2025-10-13"}))
    assert found.published == datetime(2025, 10, 13, 5, 5, tzinfo=UTC)
    assert (found.published_basis, found.published_date_only) == ("meta", False)


def test_a_labelled_time_in_the_words_of_the_page_is_read_before_dates_of_other_stories() -> None:
    before = "<p class='date'>Written: 2025-10-13 15:03:30 / Updated: 2025-10-13 15:07:01</p>"
    after = "<ul><li><a href='/x'>Harbour fair</a> 2025-10-02</li></ul>"
    found = clean(page(before=before, after=after, json_ld={}), rules=CleanRules(timezone="Asia/Seoul"))
    assert found.published == datetime(2025, 10, 13, 15, 3, 30, tzinfo=ZoneInfo("Asia/Seoul"))
    assert found.published_basis == "visible"


ASIDE = '<aside><h2>Related</h2><time datetime="2025-10-14T08:00:00+09:00">today</time></aside>'
VIDEO = '<script type="application/ld+json">{"@type":"VideoObject","uploadDate":"2024-01-01T00:00:00Z"}</script>'
LABEL = '<meta property="article:published_time" content="%s">'


@pytest.mark.parametrize("more", [ASIDE, VIDEO, f"{VIDEO}{ASIDE}"])
@pytest.mark.parametrize("stated", ["2025-10-13T09:00:00", "2025-10-13"])
def test_another_storys_time_does_not_beat_the_storys_own_for_naming_a_zone(more: str, stated: str) -> None:
    rules = CleanRules(timezone="Asia/Seoul")
    morning = datetime.fromisoformat(stated).replace(tzinfo=ZoneInfo("Asia/Seoul"))
    data = {"@type": "NewsArticle", "datePublished": stated}
    assert clean(page(json_ld=data, before=more), rules=rules).published == morning
    assert clean(page(json_ld={}, head=LABEL % stated, before=more), rules=rules).published == morning


@pytest.mark.parametrize(
    ("timezone", "zoned", "believed"),
    [
        ("Asia/Seoul", "2025-10-13T09:00:00+09:00", True),
        ("Asia/Seoul", "2025-10-13T18:00:00+09:00", True),  # the bare time was UTC
        ("Asia/Seoul", "2025-10-13T09:00:30+07:00", True),  # the declared zone was wrong
        ("Asia/Seoul", "2025-10-13T12:00:00+09:00", False),  # a later version
        (None, "2025-10-13T09:00:00-05:00", True),
        (None, "2025-10-13T09:07:00-05:00", False),
        (None, "2025-10-14T09:00:00+09:00", False),
    ],
)
def test_the_same_time_with_a_zone_beats_one_without(timezone: str | None, zoned: str, believed: bool) -> None:
    body = page(json_ld={"@type": "NewsArticle", "datePublished": "2025-10-13T09:00:00"}, head=LABEL % zoned)
    bare = datetime(2025, 10, 13, 9, tzinfo=ZoneInfo(timezone or "UTC"))
    found = clean(body, rules=CleanRules(timezone=timezone)).published
    assert found == (datetime.fromisoformat(zoned) if believed else bare)


def test_the_day_of_another_storys_node_is_used_where_the_storys_own_has_none() -> None:
    found = clean(page(json_ld={"@type": "NewsArticle", "headline": "Two engineers robbed in Velm"}, head=VIDEO))
    assert found.published == datetime(2024, 1, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    "printed", ["입력 25.10.13 14:05", "등록일: 25.10.13. (월) 오후 2:05", "승인 25-10-13 14:05 수정 25-10-14 09:00"]
)
def test_a_short_year_behind_a_korean_label_stands_first(printed: str) -> None:
    body = page(STORY_KO, lang="ko", json_ld={}, before=f"<p>{printed}</p>")
    assert clean(body).published == datetime(2025, 10, 13, 14, 5, tzinfo=ZoneInfo("Asia/Seoul"))


def test_a_short_korean_date_is_not_read_from_its_end() -> None:
    found = clean(page(STORY_KO, lang="ko", json_ld={}, before="<p>25.10.13 14:05</p>"))
    assert found.published is None


def test_the_sources_own_selectors_win() -> None:
    before = (
        "<b class='who'>홍길동 기자 gildong@example.com</b>"
        "<i data-published-time='2025-10-13 09:30'>오늘</i><h2 class='t'>고친 제목</h2>"
    )
    rules = CleanRules(
        timezone="Asia/Seoul",
        byline_selectors=(".who",),
        date_selectors=("i[data-published-time]",),
        title_selectors=("h2.t",),
    )
    found = clean(page(STORY_KO, before=before), rules=rules)
    assert (found.byline, found.title) == ("홍길동", "고친 제목")
    assert found.published == datetime(2025, 10, 13, 9, 30, tzinfo=ZoneInfo("Asia/Seoul"))


def test_json_ld_in_a_graph_in_a_list_and_broken_is_read() -> None:
    node = {"@type": ["NewsArticle"], "headline": "A headline of its own", "datePublished": PUBLISHED}
    for data in ({"@graph": [{"@type": "WebSite"}, node]}, [{"@type": "Organization", "name": "x"}, node]):
        assert clean(page(json_ld=data)).title == "A headline of its own"
    broken = json.dumps(node)[:-1] + ',"author":{"@type":"Person","name":"Ida\nRoe"},}'
    body = page(head=f'<script type="application/ld+json">{broken}</script>', json_ld={})
    assert clean(body).byline == "Ida Roe"
    unclosed = page(head=f'<script type="application/ld+json">{json.dumps(node)[:-1]}, "x": </script>', json_ld={})
    assert clean(unclosed).published == datetime.fromisoformat(PUBLISHED)


@pytest.mark.parametrize(
    ("canonical", "expected"),
    [
        ("https://www.velmcourier.example/world/88231", "https://www.velmcourier.example/world/88231"),
        ("/world/88231?utm_source=x#top", "https://www.velmcourier.example/world/88231"),
        ("https://m.velmcourier.example/world/88231", "https://m.velmcourier.example/world/88231"),
        ("https://www.velmcourier.example/", URL),
        ("https://www.velmcourier.example/world", URL),
        ("https://elsewhere.example/world/88231", URL),
        ("javascript:void(0)", URL),
    ],
)
def test_the_canonical_address_is_an_article_of_the_same_site(canonical: str, expected: str) -> None:
    body = page(head=f'<link rel="canonical" href="{canonical}">')
    assert clean(body, url=URL + "?fbclid=1").canonical_url == expected


def test_the_query_key_that_names_the_article_is_kept_and_the_rest_dropped() -> None:
    url = "https://radio.example/view.htm?lang=e&Seq_Code=181&page=4"
    assert clean(page(), url=url, rules=CleanRules(keep_query=("Seq_Code",))).canonical_url.endswith("?Seq_Code=181")


def test_links_to_other_stories_photo_credits_and_repeats_are_no_text() -> None:
    after = (
        "<p><a href='/a'>Fishermen of Velm elect a new head of their guild</a></p><p>Photo: Dana Holm</p>"
        "<p>The harbour master of Velm spoke of the robbery at some length on the radio.</p>"
        "<p>The harbour master of Velm spoke of the robbery at some length on the radio.</p>"
    )
    text = clean(page(after=after)).text
    assert "Fishermen" not in text
    assert "Photo" not in text
    assert text.count("harbour master") == 1


def test_a_flash_of_one_sentence_takes_no_related_headlines_with_it() -> None:
    flash = "경찰은 13일 오전 벨름에서 실종됐던 한국인 관광객 1명을 무사히 찾았다고 밝혔다."
    after = (
        "<div class='related'><h3>관련기사</h3><ul>"
        + "".join(f"<li><a href='/r{i}'>다른 소식 제목 {i}번, 시장 선거 결과와 날씨</a></li>" for i in range(8))
        + "</ul></div>"
    )
    assert clean(page((flash,), after=after, lang="ko")).text == flash


@pytest.mark.parametrize("kind", ["fusion", "next_data", "flight", "json_ld", "content_html"])
def test_a_page_rendered_by_script_is_read_from_its_script(kind: str) -> None:
    html = "".join(f"<p>{text}</p>" for text in STORY_KO)
    row = f"{len(html.encode()):x}"
    scripts = {
        "fusion": "<script>window.Fusion=window.Fusion||{};Fusion.globalContent="
        + json.dumps({"content_elements": [{"type": "text", "content": text} for text in STORY_KO]}, ensure_ascii=False)
        + ";Fusion.x=1</script>",
        "next_data": '<script id="__NEXT_DATA__" type="application/json">'
        + json.dumps({"props": {"pageProps": {"article": {"content": html}}}}, ensure_ascii=False).replace("</", "<\\/")
        + "</script>",
        "flight": f"<script>self.__next_f.push([1,{json.dumps(f'1a:T{row},')}])</script><script>self.__next_f.push([1,"
        + json.dumps(html + '2:{"a":1}').replace("</", "<\\/")
        + "])</script>",
        "json_ld": '<script type="application/ld+json">'
        + json.dumps({"@type": "NewsArticle", "articleBody": "\n".join(STORY_KO)}, ensure_ascii=False)
        + "</script>",
        "content_html": '<script type="application/json">'
        + json.dumps({"contentHtml": html}).replace("</", "<\\/")
        + "</script>",
    }
    shell = f"<html><head><title>벨름 강도 사건</title></head><body><div id=root></div>{scripts[kind]}</body></html>"
    assert clean(shell.encode()).text == "\n".join(STORY_KO)


def test_prune_and_body_rules_of_a_source_hold() -> None:
    box = "A box that tells the whole story over again, longer than eighty characters, for the hurried."
    before = f"<div class='brief'><p>{box}</p></div>"
    rules = CleanRules.from_mapping({"prune": [".brief"], "body": "article"})
    assert clean(page(before=before), rules=rules).text == "\n".join(STORY_EN)


def test_a_declaration_with_a_mistake_is_refused_with_its_place() -> None:
    for table, word in (
        ({"titel_suffixes": []}, "titel_suffixes"),
        ({"prune": [3]}, "prune"),
        ({"prune": "div["}, "div["),
        ({"timezone": "Asia/Soul"}, "Asia/Soul"),
        ({"script_payload": "maybe"}, "script_payload"),
    ):
        with pytest.raises(CleanRulesError, match=r"velm\.toml") as error:
            CleanRules.from_mapping(table, where="velm.toml [clean]")
        assert word in str(error.value)


@pytest.mark.parametrize(
    ("free", "paywalled"),
    [(True, False), (False, True), ("False", True), ("http://schema.org/False", True), (None, None)],
)
def test_the_paywall_is_read_as_declared(free: object, paywalled: bool | None) -> None:
    data = {"@type": "NewsArticle", "headline": "x", "datePublished": PUBLISHED}
    if free is not None:
        data["isAccessibleForFree"] = free  # type: ignore[assignment]
    assert clean(page(json_ld=data)).paywalled is paywalled


# --- what is no article ---------------------------------------------------------------------------------------------


def test_a_bot_wall_is_blocked_and_not_empty() -> None:
    wall = b"<html><head><title>Just a moment...</title></head><body><div id='cf-wrapper'>Checking</div></body></html>"
    assert clean(wall).outcome == "blocked"
    korean = (
        "<html><head><title>안내</title></head><body><p>비정상적인 접근이 감지되었습니다.</p></body></html>".encode()
    )
    assert clean(korean).outcome == "blocked"


def test_an_article_that_embeds_a_captcha_is_an_article() -> None:
    assert (
        clean(
            page((*STORY_EN, "The consul of the region visited them. " * 12), after="<div class='g-recaptcha'></div>")
        ).outcome
        == "article"
    )


def test_home_pages_lists_and_videos_are_no_articles() -> None:
    links = "".join(f"<li><a href='/n{i}'>Headline number {i} of the day in Velm</a></li>" for i in range(40))
    listing = f"<html><head><title>World</title></head><body><ul>{links}</ul></body></html>".encode()
    assert clean(listing, url="https://www.velmcourier.example/world").outcome == "not_article"
    assert clean(page(), url="https://www.velmcourier.example/").outcome == "not_article"
    video = page((), json_ld={"@type": "VideoObject", "name": "Harbour", "description": "Boats"}, title="Harbour")
    assert clean(video).outcome == "not_article"


def test_a_page_without_words_is_empty() -> None:
    assert clean(b"").outcome == "empty"
    assert clean(b"   \n ").outcome == "empty"
    assert clean(b"<html><body></body></html>").outcome == "empty"


# --- hostile input --------------------------------------------------------------------------------------------------


def test_binary_and_oversized_bodies_have_their_own_outcome() -> None:
    assert clean(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3 stream").outcome == "undecodable"
    assert clean(bytes(range(128, 256)) * 400).outcome == "undecodable"
    assert clean(b"<p>" + b"a" * (MAX_BYTES + 1)).outcome == "too_large"
    assert clean(gzip.compress(b"a" * (MAX_BYTES * 2))).outcome == "too_large"


def test_nul_bytes_do_not_end_the_page() -> None:
    body = page().replace(b"<p>Officers", b"<p>\x00Off\x00icers")
    assert clean(body).text == "\n".join(STORY_EN)


def test_direction_marks_that_disguise_words_are_dropped() -> None:
    body = page().replace(b"three suspects", "\u202ethree\u202c sus\u200bpects\u2066".encode())
    assert "three suspects" in clean(body).text


def test_deep_nesting_and_unclosed_tags_end_in_an_outcome() -> None:
    deep = b"<html><body>" + b"<div>" * 20_000 + b"x" + b"</div>" * 20_000
    assert clean(deep).outcome in {"empty", "article", "not_article"}
    spans = page().replace(b"<p>Officers", b"<p>" + b"<span>" * 5_000 + b"Officers")
    assert clean(spans).outcome == "article"
    nested = b'<script type="application/ld+json">' + b"[" * 100_000 + b"</script>"
    assert clean(page(head=nested.decode())).outcome == "article"


@pytest.mark.parametrize("address", ["http://[DOMAIN]/world/1", "http://[::1", "//velmcourier.example:port/1"])
def test_an_address_that_is_none_leaves_the_page_its_own(address: str) -> None:
    found = clean(page(head=f'<link rel="canonical" href="{address}"><meta property="og:url" content="{address}">'))
    assert (found.outcome, found.canonical_url) == ("article", URL)


@pytest.mark.parametrize("time", ["Mon, 01 Mar 99999999999999 00:00:00", "99999999999999999999 Mar 2025 00:00:00"])
def test_a_time_beyond_all_calendars_is_no_time(time: str) -> None:
    head = f'<meta property="article:published_time" content="{time}">'
    assert clean(page(head=head)).published == datetime.fromisoformat(PUBLISHED)
    assert clean(page(head=head, json_ld={})).outcome == "article"


@pytest.mark.parametrize("charset", ["undefined", "idna", "punycode", "unicode_escape", "utf-7", "hex", "none"])
def test_a_charset_that_is_none_is_passed_over(charset: str) -> None:
    body = page(STORY_KO, lang="ko", head=f'<meta charset="{charset}">').decode().replace('<meta charset="utf-8">', "")
    found = clean(body.encode("cp949"), rules=CleanRules(language="ko"))
    assert (found.outcome, found.text) == ("article", "\n".join(STORY_KO))


@pytest.mark.parametrize("mark", ["\ud83d", "\x00", "\x1b"])
def test_half_letters_and_controls_written_as_escapes_of_json_are_dropped(mark: str) -> None:
    data = {
        "@type": "NewsArticle",
        "headline": f"Two engineers robbed in Velm{mark}",
        "author": [{"name": [f"Dana {mark}Holm"]}],
        "articleSection": [f"Wor{mark}ld"],
        "datePublished": PUBLISHED,
    }
    script = json.dumps(data)
    found = clean(page(title="", json_ld={}, head=f'<script type="application/ld+json">{script}</script>'))
    assert (found.title, found.byline, found.section) == ("Two engineers robbed in Velm", "Dana Holm", "World")
    state = json.dumps({"story": {"body": "".join(f"<p>{text}{mark}</p>" for text in STORY_EN)}})
    shell = f'<html><body><div id="root"></div><script id="__NEXT_DATA__">{state}</script></body></html>'
    assert clean(shell.encode()).text == "\n".join(STORY_EN)


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=400), st.text(max_size=200))
def test_no_bytes_raise(blob: bytes, words: str) -> None:
    body = b"<html><head><title>" + words.encode("utf-8", "replace") + b"</title></head><body><p>" + blob + b"</p>"
    found = clean(body)
    assert found.outcome in {"article", "not_article", "blocked", "empty", "undecodable", "too_large"}
    assert found.published is None or (
        found.published.tzinfo is not None and found.published <= NOW + timedelta(minutes=15)
    )
