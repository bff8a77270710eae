from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa

from extract import records
from storage import curation, people
from storage.articles import store_article
from storage.curation import Analyst
from storage.database import Database
from storage.errors import NotFound
from storage.filters import Filter
from storage.models import ArticleVersion, Base
from storage.query import find_incidents
from storage.view import get_incident
from tests.storage.press import NOON, STORY, incoming, publish, report

NAME = "한보람"
NAMED_TEXT = STORY.replace("20대 한국인 남성이", f"직장인 {NAME}(22)씨가")
EVIDENCE = (records.Evidence("victims", f"직장인 {NAME}", 20, 27),)


def named(db: Database) -> int:
    victim = records.Victim(f"직장인 {NAME}(22)씨", 1, "KR", NAME, "22", "male", "killed")
    (opened,) = publish(
        db, incoming(1, text=NAMED_TEXT, title=f"{NAME}씨 숨진 채 발견"), report(victims=(victim,), evidence=EVIDENCE)
    )
    return opened.incident_id


def everything(db: Database) -> str:
    """Every value of every table as one text."""
    with db.read() as session:
        return "\n".join(
            str(tuple(row)) for table in Base.metadata.sorted_tables for row in session.execute(sa.select(table))
        )


def test_a_forgotten_name_stands_nowhere_and_the_facts_stay(db: Database) -> None:
    incident_id = named(db)
    with db.write() as session:
        curation.edit(session, incident_id, "headline", f"{NAME}의 죽음", Analyst("mina", NOON))
    assert NAME in everything(db)
    with db.write() as session:
        done = people.forget_name(session, NAME, "officer", NOON)
    assert {"article_version", "victim", "evidence", "incident_report", "history", "edit"} <= done.counts.keys()
    assert NAME not in everything(db)
    assert "hanporam" not in everything(db)
    with db.read() as session:
        row = get_incident(session, incident_id).row
        assert row.victims[0]["name"] is None
        assert (row.nationalities, row["killed_max"]) == (("KR",), 1)
        assert find_incidents(session, Filter(text=NAME)).rows == ()
        assert len(find_incidents(session, Filter(text="시아누크빌")).rows) == 1
        (when, who, action, detail) = people.audit_lines(session)[0]
    assert (when, who, action) == (NOON, "officer", "forget name")
    assert NAME not in str(detail)


def test_a_latin_name_is_not_cut_out_of_a_longer_word(db: Database) -> None:
    publish(db, incoming(1, text="Ann Lee was robbed at the Annual fair in Bavet.", language="en"), report(evidence=()))
    with db.write() as session:
        people.forget_name(session, "Ann", "officer", NOON)
    with db.read() as session:
        assert (
            session.scalars(sa.select(ArticleVersion.text)).one() == "○○○ Lee was robbed at the Annual fair in Bavet."
        )


@pytest.mark.parametrize("name", ["Ólafur", "José Álvarez", 'Ann "Q" Lee', "O'Neil", "Sam Doe Jr.", "(A.B.) 9%_"])
def test_a_name_is_forgotten_in_capitals_and_quotes_and_past_ascii(db: Database, name: str) -> None:
    text = f"{name.upper()} was robbed in Bavet. Police said that {name} is well."
    evidence = (records.Evidence("victims", name.upper(), 0, len(name)),)
    victim = records.Victim(name, 1, None, name)
    publish(
        db,
        incoming(1, text=text, title=f"{name.upper()} robbed", language="en"),
        report(victims=(victim,), evidence=evidence),
    )
    with db.write() as session:
        curation.edit(session, 1, "headline", f"{name} robbed", Analyst("mina", NOON))
        people.forget_name(session, name, "officer", NOON)
    left = everything(db).casefold()
    assert name.casefold() not in left
    assert repr(name)[1:-1].casefold() not in left


def test_a_name_that_stands_nowhere_is_said_so(db: Database) -> None:
    named(db)
    with pytest.raises(NotFound), db.write() as session:
        people.forget_name(session, "없는이름", "officer", NOON)


def test_a_forgotten_article_is_emptied_and_never_stored_again(db: Database) -> None:
    incident_id = named(db)
    url = "https://daily.example/news/1"
    with db.write() as session:
        people.forget_url(session, url, "officer", NOON)
    with db.write() as session:
        assert store_article(session, incoming(1, text=NAMED_TEXT + " 더.")).outcome == "forgotten"
    with db.read() as session:
        assert session.scalars(sa.select(ArticleVersion.text)).all() == [""]
        view = get_incident(session, incident_id)
        assert view.row["killed_max"] == 1
        assert view.reports[0].report.evidence == EVIDENCE
        assert find_incidents(session, Filter(text="시아누크빌")).rows == ()
    with pytest.raises(NotFound), db.write() as session:
        people.forget_url(session, "https://else.example", "officer", NOON)


def test_retention_empties_old_bodies_that_were_read_and_keeps_quotes(db: Database) -> None:
    incident_id = named(db)
    later = NOON + timedelta(days=40)
    with db.write() as session:
        store_article(session, incoming(2, text="읽지 않은 오래된 글이다."))
        store_article(session, incoming(3, text="새 글이다.", fetched_at=later, published=later))
        people.set_retention(session, "daily", 30)
        people.set_retention(session, "post", None)
    with db.write() as session:
        assert people.apply_retention(session, "job", later).total == 1
    with db.write() as session:
        assert people.apply_retention(session, "job", later).total == 0
    with db.read() as session:
        assert set(session.scalars(sa.select(ArticleVersion.text))) == {"", "읽지 않은 오래된 글이다.", "새 글이다."}
        assert get_incident(session, incident_id).reports[0].report.evidence == EVIDENCE
