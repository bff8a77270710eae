"""Feeds, sitemaps and section pages, in the shapes and with the faults they have in the field."""

from __future__ import annotations

import gzip
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spiders.listings.entry import ListingError, ParsedListing
from spiders.listings.sections import read_section
from spiders.listings.times import day_in_url, parse_time
from spiders.listings.xml import read_xml
from tests.spiders.press import item, rss

SEOUL = ZoneInfo("Asia/Seoul")
NOW = datetime(2025, 11, 16, tzinfo=UTC)
URL = "https://outlet.example/rss/all.xml"


def read(body: bytes | str, content_type: str = "") -> ParsedListing:
    raw = body if isinstance(body, bytes) else body.encode()
    return read_xml(raw, url=URL, zone=SEOUL, now=NOW, content_type=content_type)


def test_rss_items_with_relative_links_and_times() -> None:
    found = read(rss(item("/news/1", "실종 <b>신고</b>", "Sun, 12 Oct 2025 23:04:00 +0900"), item("2.html")))
    first, second = found.entries
    assert (first.url, second.url) == ("https://outlet.example/news/1", "https://outlet.example/rss/2.html")
    assert first.title == "실종 신고"
    assert first.published == datetime(2025, 10, 12, 14, 4, tzinfo=UTC)
    assert second.published is None


def test_a_permalink_stands_in_for_a_missing_link() -> None:
    found = read(rss("<item><title>t</title><guid>https://outlet.example/news/3</guid></item>"))
    assert [entry.url for entry in found.entries] == ["https://outlet.example/news/3"]


def test_an_id_that_is_no_permalink_does_not() -> None:
    body = rss('<item><title>t</title><guid isPermaLink="false">https://outlet.example/?p=3</guid></item>')
    assert read(body).entries == ()


def test_atom_takes_the_alternate_link() -> None:
    found = read("""<feed xmlns="http://www.w3.org/2005/Atom" xml:base="https://outlet.example/en/"><title>d</title>
      <entry><title>One</title><link rel="self" href="/self/1"/><link href="news/1"/>
        <published>2025-10-12T23:04:00+09:00</published><updated>2025-10-13T08:00:00+09:00</updated></entry></feed>""")
    (entry,) = found.entries
    assert found.format == "atom"
    assert entry.url == "https://outlet.example/en/news/1"
    assert entry.newest() == datetime(2025, 10, 12, 23, 0, tzinfo=UTC)


def test_rdf_items_and_dublin_core_dates() -> None:
    found = read("""<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"
      xmlns:dc="http://purl.org/dc/elements/1.1/"><channel rdf:about="https://outlet.example/"/>
      <item rdf:about="https://outlet.example/news/1"><title>One</title><dc:date>2025-10-12T23:04:00+09:00</dc:date></item>
      </rdf:RDF>""")
    (entry,) = found.entries
    assert found.format == "rdf"
    assert entry.url == "https://outlet.example/news/1"
    assert entry.published == datetime(2025, 10, 12, 14, 4, tzinfo=UTC)


def test_a_news_sitemap_gives_title_and_time_and_not_its_pictures() -> None:
    found = read("""<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"
      xmlns:news="http://www.google.com/schemas/sitemap-news/0.9" xmlns:image="http://www.google.com/schemas/sitemap-image/1.1">
      <url><image:image><image:loc>https://outlet.example/p.jpg</image:loc></image:image>
      <loc>https://outlet.example/news/1</loc><lastmod>2025-10-13</lastmod><news:news><news:publication_date>
      2025-10-12T23:04:00+09:00</news:publication_date><news:title>One &amp; two</news:title></news:news></url>
      </urlset>""")
    (entry,) = found.entries
    assert (entry.url, entry.title) == ("https://outlet.example/news/1", "One & two")
    assert entry.published == datetime(2025, 10, 12, 14, 4, tzinfo=UTC)
    assert entry.modified == datetime(2025, 10, 13, tzinfo=SEOUL)


def test_a_packed_sitemap_index_names_its_children() -> None:
    found = read(
        gzip.compress(
            b"<sitemapindex><sitemap><loc>/s1.xml.gz</loc><lastmod>2025-10-12</lastmod></sitemap></sitemapindex>"
        )
    )
    (child,) = found.children
    assert child.url == "https://outlet.example/s1.xml.gz"


def test_a_sitemap_may_be_plain_text() -> None:
    found = read("https://outlet.example/news/1\nhttps://outlet.example/news/2\n")
    assert [entry.url[-1] for entry in found.entries] == ["1", "2"]


def test_a_packed_listing_that_unpacks_without_end_is_too_large() -> None:
    with pytest.raises(ListingError) as caught:
        read(gzip.compress(b" " * 40_000_000))
    assert caught.value.outcome == "too_large"


@pytest.mark.parametrize(
    "broken",
    [
        "<rss><channel><item><title>A & B < C</title><link>/news/1</link></item></channel></rss>",
        "<rss><channel><item><title>One</title><link>/news/1?a=1&b=2</link></item><item><title>cut off",
        '\n\n<?xml version="1.0"?><rss><channel><item><title>x\x0b</title><link>/news/1</link></item></channel></rss>',
        '<rss><channel><item><media:thumbnail url="x"/><link>/news/1</link></item></channel></rss>',
        "<rss><channel><item><title>a&nbsp;b</title><link>/news/1</link></item></channel>",
    ],
)
def test_a_broken_feed_is_read_as_far_as_it_goes(broken: str) -> None:
    found = read(broken)
    assert found.entries[0].url.startswith("https://outlet.example/news/1")
    assert found.repaired


@pytest.mark.parametrize(
    ("charset", "declared", "header"),
    [
        ("cp949", "euc-kr", ""),
        ("cp949", "utf-8", "text/xml; charset=euc-kr"),
        ("cp949", "", ""),
        ("utf-8", "euc-kr", "text/xml; charset=iso-8859-1"),
        ("utf-16", "utf-16", ""),
        ("cp949", "", "text/xml; charset=undefined"),
        ("cp949", "punycode", "text/xml; charset=idna"),
    ],
)
def test_no_declared_charset_is_believed_against_the_bytes(charset: str, declared: str, header: str) -> None:
    encoding = f' encoding="{declared}"' if declared else ""
    text = f'<?xml version="1.0"{encoding}?><rss><channel>{item("/news/1", "똠방각하 펲시콜라 실종")}</channel></rss>'
    (entry,) = read(text.encode(charset), header).entries
    assert entry.title == "똠방각하 펲시콜라 실종"


@pytest.mark.parametrize(
    ("body", "outcome"),
    [
        ("<!doctype html><html><body>Sign in</body></html>", "not_a_listing"),
        ("<opml><body/></opml>", "not_a_listing"),
        ("no markup at all", "not_a_listing"),
        ("", "not_a_listing"),
        ("<", "broken_listing"),
    ],
)
def test_what_is_no_feed_has_a_name(body: str, outcome: str) -> None:
    with pytest.raises(ListingError) as caught:
        read(body)
    assert caught.value.outcome == outcome


def test_no_entity_is_expanded_and_no_file_read() -> None:
    bomb = """<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">
      <!ENTITY f SYSTEM "file:///etc/hostname">]>
      <rss><channel><item><title>&b;&f;</title><link>/news/1</link></item></channel></rss>"""
    (entry,) = read(bomb).entries
    assert "aaaa" not in (entry.title or "")


@pytest.mark.parametrize(
    ("written", "title"),
    [
        ("Fire &#55357;&#56832; out", "Fire \U0001f600 out"),
        ("Fire &#xD83D;&#xde00; out", "Fire \U0001f600 out"),
        ("<![CDATA[Fire &#xD83D;&#56832; out]]>", "Fire \U0001f600 out"),
        ("Fire &#xD83D; out", "Fire out"),
        ("Fire &#56832;&#55357; out", "Fire out"),
        ("Fire &#x1F600;&#65; out", "Fire \U0001f600A out"),
    ],
)
def test_a_letter_written_as_the_two_halves_of_its_surrogate_pair_is_read(written: str, title: str) -> None:
    first, second = read(rss(item("/news/1", written), item("/news/2", "Rain"))).entries
    assert (first.title, second.title) == (title, "Rain")


def test_half_a_letter_that_no_mending_finds_breaks_the_listing_by_name() -> None:
    hidden = "<!-- <![CDATA[ --><title>&#xD800;</title><!-- ]]> -->"
    with pytest.raises(ListingError) as caught:
        read(rss(f"<item>{hidden}<link>/news/1</link></item>"))
    assert caught.value.outcome == "broken_listing"


@pytest.mark.parametrize("opened", ["<![CDATA[", "<!DOCTYPE ", "<!DOCTYPE["])
def test_a_listing_is_read_in_one_pass_however_much_of_it_is_left_open(opened: str) -> None:
    # With the square of its length a listing of this size would take hours.
    found = read(rss(item("/news/1", "One")).replace("</channel>", opened * 1_000_000))
    assert found.entries[0].title == "One"


def test_a_time_still_to_come_is_refused_and_counted() -> None:
    found = read(
        rss(item("/news/1", date="Sun, 12 Oct 2031 23:04:00 +0900"), item("/news/2", date="1 Jan 1970 00:00:00 GMT"))
    )
    assert [entry.published for entry in found.entries] == [None, None]
    assert found.future == 1


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Sun, 12 Oct 2025 23:04:00 +0900", "2025-10-12T23:04:00+09:00"),
        ("Sun, 12 Oct 2025 23:04:00 KST", "2025-10-12T23:04:00+09:00"),
        ("Sun, 12 Oct 2025 14:04:00 GMT", "2025-10-12T14:04:00+00:00"),
        ("Sun, 12 Oct 2025 23:04:00", "2025-10-12T23:04:00+09:00"),
        ("2025-10-12 23:04:00", "2025-10-12T23:04:00+09:00"),
        ("2025-10-12T14:04:00.123Z", "2025-10-12T14:04:00+00:00"),
        ("2025-10-12T23:04+0900", "2025-10-12T23:04:00+09:00"),
        ("2025.10.12 23:04", "2025-10-12T23:04:00+09:00"),
        ("2025.10.12. 오후 11:04", "2025-10-12T23:04:00+09:00"),
        ("2025년 10월 12일 23:04", "2025-10-12T23:04:00+09:00"),
        ("20251012230400", "2025-10-12T23:04:00+09:00"),
        ("202510122304", "2025-10-12T23:04:00+09:00"),
        ("1760277840", "2025-10-12T14:04:00+00:00"),
        ("2025-10-12", "2025-10-12T00:00:00+09:00"),
        ("2025-10-12 21:04:00 GMT+7", "2025-10-12T21:04:00+07:00"),
        ("2025-10-12 21:04 UTC+07:00", "2025-10-12T21:04:00+07:00"),
        ("2025-10-12T21:04:00+7:00", "2025-10-12T21:04:00+07:00"),
        ("2025-10-12 21:04:00+07", "2025-10-12T21:04:00+07:00"),
        ("Sun Oct 12 2025 21:04:00 GMT+0700 (Indochina Time)", "2025-10-12T21:04:00+07:00"),
        ("Sun, 12 Oct 2025 21:04:00 +07:00", "2025-10-12T21:04:00+07:00"),
        ("Sun, 12 Oct 2025 14:04:00 -0000", "2025-10-12T14:04:00+00:00"),
        ("2025-10-12 PM 11:04", "2025-10-12T23:04:00+09:00"),
        ("2025-10-12 PM11:04", "2025-10-12T23:04:00+09:00"),
        ("2025-10-12 (Sun) AM 12:04", "2025-10-12T00:04:00+09:00"),
        ("2025-10-12 (일) 오후 11:04", "2025-10-12T23:04:00+09:00"),
        ("Sun, 12 Oct 2025 11:04 PM KST", "2025-10-12T23:04:00+09:00"),
        ("Sun, 12 Oct 2025 09:04:00 PM +0700", "2025-10-12T21:04:00+07:00"),
        ("Oct 12, 2025 11:04 PM", "2025-10-12T23:04:00+09:00"),
    ],
)
def test_times_as_outlets_print_them(text: str, expected: str) -> None:
    assert parse_time(text, SEOUL) == datetime.fromisoformat(expected)


@pytest.mark.parametrize("text", ["", "yesterday", "2025-13-40", "Sun, 45 Oct 2025 23:04:00", "99999999", None])
def test_what_is_no_time_is_none(text: str | None) -> None:
    assert parse_time(text, SEOUL) is None


@given(st.text(max_size=60))
def test_any_text_is_a_time_or_none(text: str) -> None:
    moment = parse_time(text, SEOUL)
    assert moment is None or moment.tzinfo is not None


@given(st.datetimes(min_value=datetime(1995, 1, 1), max_value=datetime(2040, 1, 1)))  # noqa: DTZ001
def test_a_korean_clock_time_reads_as_it_was_written(moment: datetime) -> None:
    moment = moment.replace(microsecond=0)
    for form in ("%Y-%m-%d %H:%M:%S", "%Y.%m.%d %H:%M:%S", "%Y%m%d%H%M%S", "%Y-%m-%dT%H:%M:%S"):
        assert parse_time(moment.strftime(form), SEOUL) == moment.replace(tzinfo=SEOUL)


@given(st.binary(max_size=400))
def test_any_bytes_are_a_listing_or_a_named_error(body: bytes) -> None:
    try:
        read(body)
    except ListingError as error:
        assert error.outcome in ("not_a_listing", "broken_listing", "too_large")


def test_days_in_addresses() -> None:
    assert str(day_in_url("https://a.example/2025/10/12/x")) == "2025-10-12"
    assert str(day_in_url("https://a.example/uk-news/2025/oct/12/x")) == "2025-10-12"
    assert str(day_in_url("https://a.example/view/AKR20251012000100001")) == "2025-10-12"
    assert str(day_in_url("https://a.example/southkorea/20251012/x")) == "2025-10-12"
    assert day_in_url("https://a.example/article/10827054") is None


SECTION = """<html><base href="https://outlet.example/world/"><body>
  <nav><a href="/news/9">In the menu</a></nav>
  <ul class="list"><li><a href="/news/1"><img></a><a href="/news/1">Teacher missing in Takeo</a></li>
  <li><a href="news/2#comments">Another</a></li><li><a href="mailto:a@b.example">write</a><a href="http://[">bad</a></li></ul>
  </body></html>"""


def test_a_section_page_gives_each_article_once_with_its_title() -> None:
    found = read_section(SECTION, url="https://outlet.example/w", is_article=lambda u: "/news/" in u, links="ul.list")
    assert [(entry.url, entry.title) for entry in found.entries] == [
        ("https://outlet.example/news/1", "Teacher missing in Takeo"),
        ("https://outlet.example/world/news/2", "Another"),
    ]


def test_a_section_drawn_by_script_gives_the_addresses_in_it() -> None:
    page = r"""<html><body><div id="__next"></div><script id="__NEXT_DATA__" type="application/json">
      {"list":[{"url":"\/arti\/society\/1228001.html"},{"url":"https:\/\/outlet.example\/arti\/1228002.html"}]}</script>"""
    found = read_section(page, url="https://outlet.example/arti", is_article=lambda u: "/arti/" in u)
    assert [entry.url for entry in found.entries] == [
        "https://outlet.example/arti/society/1228001.html",
        "https://outlet.example/arti/1228002.html",
    ]
