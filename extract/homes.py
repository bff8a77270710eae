"""Where people are from, when a town says it: "a tourist from Leeds", "Tom Roe, 25, from Graz in Austria".

A person who is said to be from a town is taken for a national of its country, as "from China" is. Birth alone
("born in Hanoi", "Hanoi-born") is not.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from extract.nationality import NationalityMention
from extract.people import PersonMention
from extract.places import ResolvedPlace

#: Between a person and the place: what is said is where the person is from, not where the person came from that day.
_FROM = re.compile(
    r",? (?:(?:who|both|all|each) )?(?:is |are |was |were |comes? |came |hails? |hailed )?(?:originally )?from "
    r"(?:the )?(?:(?:city|town|village|suburb|port|island|state|province|district|county) of |\w+ern )?"
)


def with_homes(
    text: str,
    people: Sequence[PersonMention],
    nationalities: Sequence[NationalityMention],
    places: Sequence[ResolvedPlace],
) -> tuple[list[PersonMention], list[NationalityMention]]:
    """`people` and `nationalities` with what home towns add; a person told of gets the words that say so as its own."""
    homes: list[NationalityMention] = []
    found = []
    told = [(n.start, n.end) for n in nationalities]
    towns = [r for r in places if r.country and r.place is not None and r.place.precision != "country"]
    for person in people:
        home = next((r for r in towns if _is_home(text, person, r)), None)
        if home is not None and not person.is_official and person.nationality is None and home.country is not None:
            mention = home.mention
            at = (mention.start, mention.end)
            if not any(at[0] < e and s < at[1] and s < at[0] for s, e in told):
                homes.append(NationalityMention(*at, mention.text, home.country, "home"))
                person = replace(
                    person,
                    end=at[1],
                    text=text[person.start : at[1]],
                    nationality=home.country,
                    nationality_span=at,
                )
        found.append(person)
    return found, sorted([*nationalities, *homes], key=lambda n: (n.start, n.end))


def _is_home(text: str, person: PersonMention, place: ResolvedPlace) -> bool:
    gap = place.mention.start - person.end
    return 5 < gap < 60 and _FROM.fullmatch(text, person.end, place.mention.start) is not None
