"""One address for one article."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spiders.addresses import TRACKING, absolute, article_key, canonical_url, normalise
from spiders.source import load_sources

SOURCES = load_sources()


@pytest.mark.parametrize(
    ("link", "url"),
    [
        ("/news/1", "https://a.example/news/1"),
        ("../news/1", "https://a.example/news/1"),
        ("//b.example/x", "https://b.example/x"),
        (" https://A.EXAMPLE:443/x\n#top ", "https://a.example/x"),
        ("https://a.example:8080", "https://a.example:8080/"),
        ("https://a.example./x", "https://a.example/x"),
    ],
)
def test_links_become_addresses(link: str, url: str) -> None:
    assert absolute("https://a.example/list/", link) == url


@pytest.mark.parametrize(
    "link", ["mailto:a@b.example", "javascript:void(0)", "http://[", "https://a:b/", "file:///etc", "data:,x"]
)
def test_what_is_no_web_address_is_none(link: str) -> None:
    assert absolute("https://a.example/", link) is None


def test_tracking_is_stripped_and_the_rest_kept_in_order() -> None:
    url = "https://a.example//news///1?utm_source=x&b=2&fbclid=y&a=1&_fr=rss"
    assert normalise(url, strip=("_fr",)) == "https://a.example/news/1?b=2&a=1"


def test_only_what_names_the_article_is_kept_where_it_is_declared() -> None:
    url = "https://a.example/view?page=3&Seq_Code=12&lang=e"
    assert normalise(url, keep=("lang", "Seq_Code")) == "https://a.example/view?lang=e&Seq_Code=12"


def test_korean_paths_have_one_spelling() -> None:
    assert normalise("https://a.example/사건/1") == normalise("https://a.example/%ec%82%ac%ea%b1%b4/1")


QUERIES = st.lists(
    st.tuples(st.sampled_from([*sorted(TRACKING)[:5], "a", "b", "utm_x"]), st.text(max_size=8)), max_size=4
)


@given(st.text(max_size=30), QUERIES)
def test_normalising_twice_is_normalising_once(path: str, pairs: list[tuple[str, str]]) -> None:
    from urllib.parse import quote, urlencode

    url = normalise(f"https://a.example/{quote(path)}?{urlencode(pairs)}")
    assert normalise(url) == url
    assert "utm_" not in url.partition("?")[2] or any("utm_" in value for _, value in pairs)


@pytest.mark.parametrize(
    ("source", "one", "other"),
    [
        (
            "yonhap_ko",
            "https://m.yna.co.kr/view/AKR20251103098700084?input=tw",
            "https://www.yna.co.kr/view/AKR20251103098700084",
        ),
        (
            "korea_herald",
            "https://m.koreaherald.com/article/10609911",
            "https://www.koreaherald.com/article/10609911?a=1",
        ),
        (
            "hankookilbo",
            "https://www.hankookilbo.com/News/Read/A2025111013150001234",
            "https://www.hankookilbo.com/news/article/A2025111013150001234",
        ),
        ("mbn", "https://m.mbn.co.kr/news/society/5148001", "https://www.mbn.co.kr/news/society/5148001"),
    ],
)
def test_two_addresses_of_one_article_are_one(source: str, one: str, other: str) -> None:
    assert canonical_url(SOURCES[source], one) == canonical_url(SOURCES[source], other)


def test_both_domains_of_an_outlet_give_one_key() -> None:
    here, there = (f"https://www.bbc.{end}/news/articles/c4gx0e8lq2no" for end in ("com", "co.uk"))
    assert article_key(SOURCES["bbc"], here) == article_key(SOURCES["bbc"], there)


def test_desks_that_count_from_one_do_not_share_keys() -> None:
    one, other = (f"https://{desk}.inquirer.net/12345/x" for desk in ("newsinfo", "globalnation"))
    assert article_key(SOURCES["inquirer"], one) != article_key(SOURCES["inquirer"], other)


@pytest.mark.parametrize(
    ("source", "url"),
    [
        ("yonhap_ko", "https://en.yna.co.kr/view/AEN20251103007100315"),
        ("kbs_world", "https://world.kbs.co.kr/service/news_view.htm?lang=k&Seq_Code=181595"),
        ("newsis", "https://www.newsis.com/view/NISI20251104_0003388101"),
        ("hankyoreh", "https://www.hani.co.kr/arti/PRINT/1228001.html"),
        ("guardian", "https://www.theguardian.com/world/live/2025/oct/12/storm-latest"),
        ("rappler", "https://www.rappler.com/world/asia-pacific/"),
        ("nationpress", "https://www.nationpress.com/web-stories/five-lakes-to-see"),
        ("mk", "https://www.mk.co.kr/news/columnists/11462001"),
    ],
)
def test_addresses_that_are_no_articles_of_the_source(source: str, url: str) -> None:
    assert article_key(SOURCES[source], url) == canonical_url(SOURCES[source], url)
