"""The parts of cleaning: bytes to text, times, titles, names, sections that retell the story, the tables."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extract.clean import CleanRules, prune_text
from extract.clean.byline import clean_names, names_with_roles
from extract.clean.canonical import normalise
from extract.clean.decoding import decode
from extract.clean.stamps import parse_time
from extract.clean.table import TableError, parse_table
from extract.clean.titles import split_marks
from tests.extract.clean_pages import STORY_EN, STORY_KO

SEOUL = ZoneInfo("Asia/Seoul")
SEEDS = Path(__file__).resolve().parents[3] / "shared" / "data" / "seeds"
# 뷁 and 힣 are outside EUC-KR: the letters that break decoders which take the name at its word.
KOREAN = "<html><head>{meta}</head><body><p>" + " ".join(STORY_KO) + " 뷁 힣</p></body></html>"


@pytest.mark.parametrize(
    "meta", ["", '<meta charset="euc-kr">', '<meta charset="utf-8">', '<meta charset="iso-8859-1">']
)
@pytest.mark.parametrize("declared", [None, "utf-8", "iso-8859-1", "cp949"])
def test_cp949_bytes_are_read_whatever_header_and_page_say(meta: str, declared: str | None) -> None:
    text = KOREAN.format(meta=meta)
    body = text.encode("cp949")
    assert decode(body, body.decode(declared, "replace") if declared else None, "ko") == text


def test_utf8_bytes_are_read_though_the_header_says_otherwise() -> None:
    text = KOREAN.format(meta="")
    assert decode(text.encode(), text.encode().decode("cp949", "replace"), "ko") == text


def test_a_letter_cut_in_two_does_not_change_the_charset_of_a_page() -> None:
    body = KOREAN.format(meta="").encode() + "끝".encode()[:2]
    assert STORY_KO[1] in decode(body, None, "ko")


@given(st.text(alphabet=st.characters(codec="cp949", exclude_categories=["Cc", "Cs"]), min_size=1))
def test_whatever_cp949_can_write_is_read_back(words: str) -> None:
    text = "<meta charset=euc-kr>" + " ".join(STORY_KO) + words
    assert decode(text.encode("cp949"), None, "ko") == text


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2025-10-13T14:05:00+09:00", datetime(2025, 10, 13, 14, 5, tzinfo=SEOUL)),
        ("2025-10-13T05:05:00.123Z", datetime(2025, 10, 13, 14, 5, tzinfo=SEOUL)),
        ("2025-10-13 14:05", datetime(2025, 10, 13, 14, 5, tzinfo=SEOUL)),
        ("입력 2025.10.13. 오후 2:05", datetime(2025, 10, 13, 14, 5, tzinfo=SEOUL)),
        ("2025년 10월 13일 (월) 오전 12시 30분", datetime(2025, 10, 13, 0, 30, tzinfo=SEOUL)),
        ("2025/10/13 14:05:09 송고", datetime(2025, 10, 13, 14, 5, 9, tzinfo=SEOUL)),
        ("20251013140509", datetime(2025, 10, 13, 14, 5, 9, tzinfo=SEOUL)),
        ("Oct. 13, 2025 2:05 PM", datetime(2025, 10, 13, 14, 5, tzinfo=SEOUL)),
        ("13 October 2025, 14:05 GMT", datetime(2025, 10, 13, 23, 5, tzinfo=SEOUL)),
        ("Mon, 13 Oct 2025 05:05:00 GMT", datetime(2025, 10, 13, 14, 5, tzinfo=SEOUL)),
        ("1760331900", datetime(2025, 10, 13, 5, 5, tzinfo=UTC)),
        ("1760331900000", datetime(2025, 10, 13, 5, 5, tzinfo=UTC)),
        ("2025-10-13", datetime(2025, 10, 13, tzinfo=SEOUL)),
        ("2025-10-13 14:05:00 GMT+9", datetime(2025, 10, 13, 14, 5, tzinfo=SEOUL)),
        ("2025-10-13 12:05 UTC+07:00", datetime(2025, 10, 13, 14, 5, tzinfo=SEOUL)),
        ("2025-10-13 00:05 (GMT -5)", datetime(2025, 10, 13, 14, 5, tzinfo=SEOUL)),
        ("Mon Oct 13 2025 12:05:00 GMT+0700 (Indochina Time)", datetime(2025, 10, 13, 14, 5, tzinfo=SEOUL)),
        ("2025-10-13 12:05 ICT", datetime(2025, 10, 13, 14, 5, tzinfo=SEOUL)),
        ("13 October 2025, 14:05 Estonia", datetime(2025, 10, 13, 14, 5, tzinfo=SEOUL)),
        ("2025-10-13 14:05-18:30", datetime(2025, 10, 13, 14, 5, tzinfo=SEOUL)),
        ("2025-02-30 10:00", None),
        ("0001-01-01T00:00:00Z", None),
        ("yesterday", None),
    ],
)
def test_times_as_outlets_write_them(text: str, expected: datetime | None) -> None:
    stamp = parse_time(text, SEOUL)
    assert (stamp.when if stamp else None) == expected


@given(st.integers(800_000_000, 3_700_000_000), st.integers(-14 * 4, 14 * 4))
def test_every_iso_time_is_read_back(seconds: int, quarters: int) -> None:
    aware = datetime.fromtimestamp(seconds, tz=timezone(timedelta(minutes=15 * quarters)))
    stamp = parse_time(aware.isoformat(), SEOUL)
    assert stamp is not None
    assert stamp.when == aware


@given(st.text(max_size=80))
def test_no_text_makes_the_time_reader_raise(text: str) -> None:
    stamp = parse_time(text, SEOUL)
    assert stamp is None or stamp.when.tzinfo is not None


@pytest.mark.parametrize(
    ("title", "text", "version", "labels"),
    [
        ("[속보] 벨름서 한국인 2명 강도 피해", "벨름서 한국인 2명 강도 피해", "속보", ("속보",)),
        ("벨름서 한국인 2명 강도 피해(종합2보)", "벨름서 한국인 2명 강도 피해", "종합2보", ("종합2보",)),
        ("[2보] 벨름 강도 3명 체포", "벨름 강도 3명 체포", "2보", ("2보",)),
        ("[단독] 벨름 강도, 조직 있었다(종합)", "벨름 강도, 조직 있었다", "종합", ("단독", "종합")),
        ("<속보>벨름 공항 폐쇄", "벨름 공항 폐쇄", "속보", ("속보",)),
        ("(LEAD) Two robbed in Velm", "Two robbed in Velm", "LEAD", ("LEAD",)),
        ("(2nd LD) Two robbed in Velm", "Two robbed in Velm", "2nd LD", ("2nd LD",)),
        ("BREAKING: Two robbed in Velm", "Two robbed in Velm", "BREAKING", ("BREAKING",)),
        ("[부고] 김영희씨 별세", "[부고] 김영희씨 별세", None, ()),
        ("[사설] 벨름의 교훈", "[사설] 벨름의 교훈", None, ()),
        ("Two (of three) robbed in Velm", "Two (of three) robbed in Velm", None, ()),
        ("[속보]", "[속보]", None, ()),
    ],
)
def test_version_marks_leave_the_title(title: str, text: str, version: str | None, labels: tuple[str, ...]) -> None:
    found = split_marks(title)
    assert (found.text, found.version, found.labels) == (text, version, labels)


@pytest.mark.parametrize(
    ("field", "names"),
    [
        ("홍길동 기자", ["홍길동"]),
        ("홍길동 기자 gildong@example.com", ["홍길동"]),
        ("가상일보 홍길동 선임기자", ["홍길동"]),
        ("By Dana Holm and Ida Roe", ["Dana Holm", "Ida Roe"]),
        ("Dana Holm, Staff Writer", ["Dana Holm"]),
        ("https://www.facebook.com/velmcourier", []),
        ("Yonhap News Agency", []),
        ("디지털뉴스팀", []),
        ("admin", []),
        ("", []),
    ],
)
def test_a_signature_is_a_persons_name_or_nothing(field: str, names: list[str]) -> None:
    assert clean_names(field) == names


def test_roles_part_the_names_before_them() -> None:
    assert names_with_roles("홍길동 특파원 김영희 기자") == ("홍길동", "김영희")


BOXES = """Synopsis
Key Takeaways
- Two engineers were robbed in Velm.
- Police look for three suspects.
Velm, Oct 13 (NationPress) {story}
Point of View
It is essential that the harbour be made safe; we at the desk believe that the robbery of the two engineers shows it.
Frequently Asked Questions
Who was robbed in Velm?
Two engineers were robbed in Velm, as we have told you above.
"""


def test_boxes_that_retell_or_judge_the_story_are_cut_from_plain_text() -> None:
    story = "\n".join(STORY_EN)
    assert prune_text(BOXES.format(story=story)) == f"Velm, Oct 13 (NationPress) {story}"


def test_a_summary_in_sentences_above_the_story_goes_with_its_heading() -> None:
    text = "Synopsis\nTwo engineers were robbed in Velm, and the police look for three.\nKey Takeaways\n- Robbed.\n"
    assert prune_text(text + "\n".join(STORY_EN)) == "\n".join(STORY_EN)


def test_an_outlets_own_heading_ends_its_story() -> None:
    text = "\n".join((*STORY_EN, "Desk's verdict", "The desk finds the robbery of two engineers deplorable."))
    assert prune_text(text, CleanRules(cut_headings=("Desk's verdict",))) == "\n".join(STORY_EN)
    assert prune_text(text) == text


def test_related_headlines_in_the_middle_are_cut_and_the_story_goes_on() -> None:
    text = "\n".join((STORY_KO[0], "관련기사", "벨름 시장 선거 결과", "항구 축제 개막", *STORY_KO[1:]))
    assert prune_text(text) == "\n".join(STORY_KO)


def test_a_text_of_nothing_but_boxes_is_left_alone() -> None:
    assert prune_text("Synopsis\nKey Takeaways\n- One point.") == "Synopsis\nKey Takeaways\n- One point."


@given(
    st.lists(st.sampled_from(["Synopsis", "FAQ", "- item", "관련기사", "short", STORY_EN[0], STORY_KO[0]]), max_size=12)
)
def test_pruning_only_takes_away_and_a_second_time_takes_nothing(lines: list[str]) -> None:
    once = prune_text("\n".join(lines))
    remaining = iter(lines)
    assert all(line in remaining for line in once.splitlines())
    assert prune_text(once) == once


@pytest.mark.skipif(not SEEDS.exists(), reason="../shared/data/seeds is absent")
def test_the_seed_loses_its_boxes_and_keeps_its_story() -> None:
    lines = prune_text(next(SEEDS.glob("*.txt")).read_text(encoding="utf-8")).splitlines()
    assert "Synopsis" not in lines
    assert not any(line.startswith("- ") for line in lines)
    assert sum(line.startswith("Seoul, Oct 12") for line in lines) == 1
    assert len(lines) == 10


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("HTTPS://News.Example:443/a?utm_source=x&id=7#c", "https://news.example/a?id=7"),
        ("http://news.example", "http://news.example/"),
        ("ftp://news.example/a", None),
        ("http://[::1", None),
        ("mailto:a@b.example", None),
    ],
)
def test_addresses_are_written_one_way(url: str, expected: str | None) -> None:
    assert normalise(url) == expected


def test_a_mistake_in_a_table_is_told_with_file_and_line() -> None:
    with pytest.raises(TableError, match=r"t\.tsv:3"):
        list(parse_table("# c\na\tb\nonly one", "t.tsv", ("a", "b")))
    with pytest.raises(TableError, match=r"t\.tsv:1"):
        list(parse_table("x\ty\n", "t.tsv", ("a", "b")))
    with pytest.raises(TableError, match=r"t\.tsv:2: column a"):
        next(parse_table("a\n(", "t.tsv", ("a",))).pattern("a")
