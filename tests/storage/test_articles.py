from __future__ import annotations

import dataclasses
from datetime import timedelta

import pytest
import sqlalchemy as sa

from storage.articles import known_keys, native_key, store_article, url_key
from storage.database import Database
from storage.duplicates import same_story
from storage.ledger import claim, counts
from storage.models import Article, ArticleKey, ArticleVersion
from tests.storage.press import LEASE, NOON, STORY, incoming


def test_a_first_fetch_is_new_and_waits_to_be_read(db: Database) -> None:
    with db.write() as session:
        stored = store_article(session, incoming())
        assert stored.outcome == "new"
        assert counts(session).pending == 1


def test_the_same_page_again_is_unchanged(db: Database) -> None:
    with db.write() as session:
        first = store_article(session, incoming())
        again = store_article(session, incoming(fetched_at=NOON + timedelta(hours=1)))
        assert again == dataclasses.replace(first, outcome="unchanged")
        assert session.get_one(Article, first.article_id).last_fetched == NOON + timedelta(hours=1)


def test_another_url_of_the_same_canonical_page_is_no_new_article(db: Database) -> None:
    page = incoming(canonical_url="https://daily.example/news/1")
    with db.write() as session:
        first = store_article(session, page)
        other = store_article(session, dataclasses.replace(page, url="https://m.daily.example/news/1?from=rss"))
        assert (other.article_id, other.outcome) == (first.article_id, "duplicate_url")


def test_the_native_id_wins_over_the_url(db: Database) -> None:
    with db.write() as session:
        first = store_article(session, incoming(1, native_id="AKR1"))
        moved = store_article(session, incoming(2, native_id="AKR1"))
        assert moved.article_id == first.article_id
        other = store_article(session, incoming(3, text="전혀 다른 이야기를 하는 짧은 글이다.", native_id="AKR2"))
        assert other.article_id != first.article_id


def test_the_same_native_id_at_two_outlets_is_two_articles(db: Database) -> None:
    with db.write() as session:
        first = store_article(session, incoming(1, native_id="77"))
        other = store_article(
            session,
            incoming(
                text="다른 신문의 전혀 다른 글이다.", source="post", url="https://post.example/77", native_id="77"
            ),
        )
        assert other.article_id != first.article_id


def test_a_canonical_url_that_a_site_gives_to_every_page_does_not_make_one_article_of_them(db: Database) -> None:
    every = "https://daily.example/news/list.html"
    texts = [STORY, "부산의 한 창고에서 불이 나 소방관 2명이 다쳤다.", "제주에서 관광버스가 뒤집혀 9명이 다쳤다."]
    pages = [
        incoming(number, text=text, canonical_url=every, native_id=str(number))
        for number, text in enumerate(texts, start=1)
    ]
    with db.write() as session:
        stored = [store_article(session, page) for page in pages]
        assert [one.outcome for one in stored] == ["new", "new", "new"]
        again = [store_article(session, page) for page in pages]
        assert [(one.article_id, one.outcome) for one in again] == [(one.article_id, "unchanged") for one in stored]


def test_articles_that_were_once_taken_for_one_part_again(db: Database) -> None:
    with db.write() as session:
        first = store_article(session, incoming(1, native_id="1"))
        session.add(ArticleKey(key=native_key("daily", "2"), article_id=first.article_id))
    page = incoming(2, text="제주에서 관광버스가 뒤집혀 9명이 다쳤다.", native_id="2")
    with db.write() as session:
        second = store_article(session, page)
        assert second.outcome == "new"
        assert store_article(session, page).article_id == second.article_id
        known = known_keys(session, [native_key("daily", "1"), native_key("daily", "2")])
        assert {one.article_id for one in known.values()} == {first.article_id, second.article_id}


def test_a_page_whose_id_is_read_otherwise_than_before_is_the_same_article(db: Database) -> None:
    with db.write() as session:
        first = store_article(session, incoming(1, native_id="2025/1"))
        again = store_article(session, incoming(1, native_id="1"))
        assert again.article_id == first.article_id


def test_known_keys_tell_a_crawl_what_it_has(db: Database) -> None:
    with db.write() as session:
        stored = store_article(session, incoming(1, native_id="AKR1"))
    with db.read() as session:
        keys = [native_key("daily", "AKR1"), url_key("https://daily.example/news/1"), url_key("https://else.example")]
        known = known_keys(session, keys)
        assert known.keys() == set(keys[:2])
        assert known[keys[0]].article_id == stored.article_id
        assert known[keys[0]].first_seen == NOON


def test_a_changed_text_makes_a_new_version_to_be_read_again(db: Database) -> None:
    with db.write() as session:
        first = store_article(session, incoming())
        second = store_article(session, incoming(text=STORY.replace("3명", "5명")))
        assert second.outcome == "changed"
        assert second.version_id != first.version_id
        numbers = session.scalars(sa.select(ArticleVersion.number).order_by(ArticleVersion.number)).all()
        assert list(numbers) == [1, 2]
        assert [c.version_id for c in claim(session, "reader", 10, LEASE, NOON)] == [second.version_id]


def test_a_page_that_lost_its_text_does_not_wipe_the_article(db: Database) -> None:
    with db.write() as session:
        store_article(session, incoming())
        assert store_article(session, incoming(text="")).outcome == "unchanged"


def test_an_exact_copy_points_at_its_original_and_is_not_read(db: Database) -> None:
    with db.write() as session:
        original = store_article(session, incoming(1))
        copy = store_article(session, incoming(2, source="post", url="https://post.example/9"))
        assert (copy.outcome, copy.same_as) == ("duplicate_text", original.article_id)
        assert counts(session).pending == 1
        assert counts(session).copies == 1


def test_a_lightly_edited_repost_is_one_voice_with_its_original(db: Database) -> None:
    edited = STORY.replace("현지 경찰이 밝혔다", "현지 경찰이 전했다")
    with db.write() as session:
        original = store_article(session, incoming(1))
        copy = store_article(session, incoming(text=edited, source="post", url="https://post.example/9"))
        assert (copy.outcome, copy.same_as) == ("near_duplicate", original.article_id)
        third = store_article(
            session, incoming(text=edited + " 끝.", source="gazette", url="https://gazette.example/1")
        )
        assert third.same_as == original.article_id


def test_an_update_with_another_toll_is_no_copy(db: Database) -> None:
    with db.write() as session:
        store_article(session, incoming(1))
        update = store_article(session, incoming(2, text=STORY.replace("3명", "5명")))
        assert update.outcome == "new"


def test_an_equal_text_weeks_later_is_no_copy(db: Database) -> None:
    later = NOON + timedelta(days=30)
    with db.write() as session:
        store_article(session, incoming(1))
        assert store_article(session, incoming(2, fetched_at=later, published=later)).outcome == "new"


def test_a_copy_that_becomes_a_story_of_its_own_is_read(db: Database) -> None:
    with db.write() as session:
        store_article(session, incoming(1))
        store_article(session, incoming(2))
        own = "부산의 한 창고에서 불이 나 소방관 2명이 다쳤다. 불은 1시간 만에 꺼졌고 원인은 조사 중이다." * 3
        changed = store_article(session, incoming(2, text=own))
        assert (changed.outcome, changed.same_as) == ("changed", None)
        assert counts(session).pending == 2


@pytest.mark.parametrize(
    ("text", "copy"),
    [
        (STORY.replace("건물", "빌딩"), True),
        (STORY.replace("20대", "30대"), False),
        (STORY + STORY.replace("캄보디아", "태국") * 2, False),
        ("", False),
    ],
)
def test_same_story(text: str, copy: bool) -> None:
    assert same_story("제목", STORY, "제목", text) is copy
