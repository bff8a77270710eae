"""Declarations: what they may say, and that a mistake is told with its file and line."""

from __future__ import annotations

from pathlib import Path

import pytest

from spiders.source import SourceError, load_source_file, load_sources

GOOD = """name = "The Daily of the Tests"
language = "en"
country = "KH"
timezone = "Asia/Phnom_Penh"
hosts = ["daily.example"]
article_url = '^https://daily\\.example/(?P<section>\\w+)/(?P<id>\\d+)'
rests_on = "tests/spiders"

[feeds]
world = "https://daily.example/world.xml"

[sections]
local = { url = "https://daily.example/local?page={page}", pages = 3, links = "ul.list" }

[clean]
keep_query = ["id"]

[policy]
rate = 2
"""


def write(folder: Path, text: str, name: str = "daily") -> Path:
    file = folder / f"{name}.toml"
    file.write_text(text, encoding="utf-8")
    return file


def test_a_declaration_is_read_into_its_fields(tmp_path: Path) -> None:
    source = load_source_file(write(tmp_path, GOOD))
    assert source.id == "daily"
    assert [(index.kind, index.name, index.pages) for index in source.indexes()] == [
        ("feed", "world", 1),
        ("section", "local", 3),
    ]
    assert source.keep_query == ("id",)
    assert source.policy.rate == 2
    assert source.policy.keep_body


@pytest.mark.parametrize(
    ("old", "new", "line", "says"),
    [
        ('name = "The', 'nam = "The', 1, "no such key"),
        ('"en"', '"English"', 2, "ISO 639"),
        ('"KH"', '"Cambodia"', 3, "ISO 3166"),
        ("Asia/Phnom_Penh", "Asia/Takeo", 4, "IANA"),
        ('["daily.example"]', '"daily.example"', 5, "list"),
        ('["daily.example"]', "[]", 5, "at least one"),
        ("(?P<id>", "(", 6, "(?P<id>"),
        ("(?P<id>", "(?P<id", 6, "regular expression"),
        ('rests_on = "tests/spiders"', 'rests_on = ""', 7, "line of text"),
        ('"https://daily.example/world.xml"', '"daily.example/world.xml"', 10, "https://"),
        ('"https://daily.example/world.xml"', '"https://[daily.example/world.xml"', 10, "https://"),
        ('"https://daily.example/world.xml"', '"https://daily.example:port/world.xml"', 10, "https://"),
        ("world.xml", "world.xml?page={page}", 10, "read whole"),
        ('["daily.example"]', '["https://daily.example/"]', 5, "www.outlet.example"),
        ('["daily.example"]', '["daily.example:8080"]', 5, "www.outlet.example"),
        ('["daily.example"]', '["Daily.Example"]', 5, "lower case"),
        ("ul.list", "ul..list", 13, "CSS selector"),
        ('"ul.list"', "1", 13, "CSS selector"),
        ('keep_query = ["id"]', 'timezone = "Asia"', 16, "IANA"),
        ("pages = 3", "pages = 0", 13, "1 to 1000"),
        ("?page={page}", "", 13, "{page}"),
        ("{page}", "{number}", 13, "{page} and {date"),
        ("links =", "link =", 13, "no such key"),
        ('["id"]', "[1]", 16, "texts"),
        ("rate = 2", 'rate = "slow"', 19, "float"),
        ("rate = 2", "rate = -1", 19, "seconds"),
        ("rate = 2", "keep_body = 1", 19, "bool"),
        ("rate = 2", "rate 2", 19, "not TOML"),
    ],
)
def test_a_mistake_is_told_with_file_and_line(tmp_path: Path, old: str, new: str, line: int, says: str) -> None:
    assert old in GOOD
    file = write(tmp_path, GOOD.replace(old, new, 1))
    with pytest.raises(SourceError) as caught:
        load_source_file(file)
    assert str(caught.value).startswith(f"{file}:{line}: ")
    assert says in str(caught.value)


@pytest.mark.parametrize("host", ["127.0.0.1", "::1", "뉴스.example", "m.daily-news.example"])
def test_a_host_is_a_name_or_an_ip_address(tmp_path: Path, host: str) -> None:
    assert load_source_file(write(tmp_path, GOOD.replace('["daily', f'["{host}", "daily'))).hosts[0] == host


def test_a_declaration_without_listings_is_a_mistake(tmp_path: Path) -> None:
    text = GOOD.replace('[feeds]\nworld = "https://daily.example/world.xml"\n', "")
    text = text[: text.index("[sections]")] + text[text.index("[clean]") :]
    with pytest.raises(SourceError, match="at least one listing"):
        load_source_file(write(tmp_path, text))


def test_a_canonical_form_uses_the_groups_of_the_address(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="section"):
        load_source_file(write(tmp_path, 'canonical = "https://daily.example/{slug}"\n' + GOOD))


def test_a_folder_of_ones_own_adds_and_replaces(tmp_path: Path) -> None:
    write(tmp_path, GOOD)
    write(tmp_path, GOOD.replace("The Daily of the Tests", "Another BBC"), "bbc")
    sources = load_sources([tmp_path])
    assert "yonhap_ko" in sources
    assert sources["bbc"].name == "Another BBC"
    assert sorted(load_sources([tmp_path], built_in=False)) == ["bbc", "daily"]


def test_two_folders_with_one_id_are_a_mistake(tmp_path: Path) -> None:
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        write(tmp_path / name, GOOD)
    with pytest.raises(SourceError, match="is declared in"):
        load_sources([tmp_path / "one", tmp_path / "two"])


def test_a_folder_that_is_not_there_is_a_mistake(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="no such folder"):
        load_sources([tmp_path / "nowhere"])


def test_a_file_that_is_not_text_is_a_mistake(tmp_path: Path) -> None:
    file = tmp_path / "daily.toml"
    file.write_bytes(b"name = \xff\xfe")
    with pytest.raises(SourceError, match="not UTF-8"):
        load_source_file(file)
