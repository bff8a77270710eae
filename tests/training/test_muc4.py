"""The reader of MUC-4's keys, on keys of our own in its form, and the restoring of capitals."""

from __future__ import annotations

from datetime import date

from training.reader.muc4 import as_incident, country_codes, read_keys, template
from training.reader.truecase import Truecaser

KEYS = """
;;; a note
0.  MESSAGE: ID                     OWN-0001 (NOBODY)
1.  MESSAGE: TEMPLATE               1
2.  INCIDENT: DATE                  31 OCT 89
3.  INCIDENT: LOCATION              EL SALVADOR: MORAZAN (DEPARTMENT): PERQUIN (TOWN)
4.  INCIDENT: TYPE                  ATTACK
9.  PERP: INDIVIDUAL ID             "GUNMEN" /
                                    "ARMED MEN"
10. PERP: ORGANIZATION ID           -
18. HUM TGT: NAME                   "ANN POE"
19. HUM TGT: DESCRIPTION            "NURSE": "ANN POE"
                                    "DRIVERS"
21. HUM TGT: NUMBER                 1: "ANN POE"
                                    2: "DRIVERS"
22. HUM TGT: FOREIGN NATION         SPAIN: "ANN POE"
23. HUM TGT: EFFECT OF INCIDENT     DEATH: "ANN POE"
                                    INJURY: "DRIVERS"

0.  MESSAGE: ID                     OWN-0002
4.  INCIDENT: TYPE                  *
"""
TEXT = "Gunmen shot dead Ann Poe, a Spanish nurse, in Perquin and hurt two drivers."


def test_a_key_gives_who_was_harmed_by_whom_where_and_when() -> None:
    (one, slots), (two, empty) = read_keys(KEYS)
    found = template(slots, country_codes())
    assert (one, two) == ("OWN-0001", "OWN-0002")
    assert template(empty, country_codes()) is None
    assert found is not None
    assert (found.country, found.place, found.days) == ("SV", ("MORAZAN", "PERQUIN"), (date(1989, 10, 31),) * 2)
    assert found.perpetrators == (("GUNMEN", "ARMED MEN"),)
    assert [(t.strings, t.number, t.nation) for t in found.victims] == [
        (("ANN POE", "NURSE"), 1, "ES"),
        (("DRIVERS",), 2, None),
    ]


def test_a_template_becomes_an_incident_in_the_words_of_the_text() -> None:
    found = template(next(read_keys(KEYS))[1], country_codes())
    assert found is not None
    incident = as_incident(found, TEXT)
    assert (incident["type"], incident["killed"], incident["injured"]) == ("homicide", 1, 2)
    assert (incident["date"], incident["place_text"]) == ("1989-10-31", "Perquin")
    assert [(v["text"], v["nationality"]) for v in incident["victims"]] == [
        ("Ann Poe", "ES"),
        ("nurse", "ES"),
        ("drivers", None),
    ]


def test_days_that_no_month_has_are_no_days() -> None:
    slots = dict(next(read_keys(KEYS))[1])
    slots[2] = ["31 APR 90"]
    found = template(slots, country_codes())
    assert found is not None and found.days == (None, None)


def test_capitals_come_back_where_the_corpus_the_dictionary_or_the_sentence_asks_for_them() -> None:
    case = Truecaser({"poe": "Poe", "spanish": "Spanish"})
    lower = "the spanish nurse poe left xanatul.  she was hurt."
    assert case.restore(lower) == "The Spanish nurse Poe left Xanatul.  She was hurt."
