"""The people of one incident: person mentions with their role scores become victims and perpetrators.

Mentions of one person are folded (same name or letter, or same age and gender); a nationality goes to the person
whose words hold it, else to the nearest of that role in the sentence, else it stands as a group of its own.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

from extract.counts import Harm
from extract.document import Document
from extract.nationality import NationalityMention
from extract.people import THEY, PersonMention
from extract.records import Count, Perpetrator, Victim

#: Outcome that a type of incident has for its victim when no toll says more.
OUTCOME = {
    "homicide": "killed", "unexplained_death": "killed", "assault": "assaulted", "torture": "assaulted",
    "sexual_assault": "assaulted", "kidnapping": "kidnapped", "unlawful_detention": "detained",
    "human_trafficking": "detained", "missing_person": "missing", "fraud": "defrauded", "robbery": "robbed",
    "theft": "robbed",
}  # fmt: skip


@dataclass(frozen=True)
class Member:
    """One person or group with every mention folded into it, best mention first."""

    mentions: tuple[PersonMention, ...]
    score: float
    nationality: str | None = None
    nation: NationalityMention | None = None

    @property
    def best(self) -> PersonMention:
        return self.mentions[0]

    def first(self, attribute: str) -> tuple[str | None, PersonMention]:
        """The first value of `attribute` among the mentions and the mention it is from; years before a decade of age."""
        told = [(value, m) for m in self.mentions if (value := getattr(m, attribute)) is not None]
        if attribute == "age":
            told.sort(key=lambda pair: str(pair[0]).endswith("s"))
        return told[0] if told else (None, self.best)


def fold(scored: Sequence[tuple[float, PersonMention]], others: Sequence[PersonMention] = ()) -> list[Member]:
    """Fold mentions into people, the surest first. Order of the result: by score.

    `others` are mentions outside the role by themselves: those under a member's name tell of that member too.
    """
    members: list[Member] = []
    for score, mention in sorted(scored, key=lambda pair: (-pair[0], pair[1].start)):
        for i, member in enumerate(members):
            if _same_person(member, mention):
                members[i] = replace(member, mentions=(*member.mentions, mention))
                break
        else:
            members.append(Member((mention,), score))
    for mention in others:
        for i, member in enumerate(members):
            named = mention.name and any(m.name == mention.name for m in member.mentions)
            if named and _same_person(member, mention):
                members[i] = replace(member, mentions=(*member.mentions, mention))
                break
    return members


def _same_person(member: Member, mention: PersonMention) -> bool:
    def clash(attribute: str) -> bool:
        a, b = member.first(attribute)[0], getattr(mention, attribute)
        return a is not None and b is not None and a != b

    if clash("gender") or _ages_clash(member.first("age")[0], mention.age):
        return False
    names = {m.name for m in member.mentions if m.name}
    if mention.name and names:
        return any(n == mention.name or n in mention.name or mention.name in n for n in names)
    many = {m.count for m in member.mentions if m.count and m.count > 1}
    if (mention.count or 1) > 1 or many:
        return mention.count in many
    # "30대 남성" and later "D(34)씨": a decade and years within it.
    age = member.first("age")[0]
    shared = mention.age is not None and age is not None
    heads = {m.head for m in member.mentions if m.head}
    return shared or (bool(mention.head) and mention.head in heads and not mention.age)


def _ages_clash(a: str | None, b: str | None) -> bool:
    """ "22" and "20s" agree; "22" and "23" or "30s" do not."""
    if not a or not b or a == b:
        return False
    if a.endswith("s") != b.endswith("s"):
        exact, decade = (b, a) if a.endswith("s") else (a, b)
        return not exact.isdigit() or not decade[:-1].isdigit() or int(exact) // 10 * 10 != int(decade[:-1])
    return True


def attach_nations(
    doc: Document, members: list[Member], nations: Sequence[tuple[float, NationalityMention]]
) -> tuple[list[Member], list[tuple[float, NationalityMention]]]:
    """Give each nationality to a member; returns the members and the nationalities that found none."""
    for i, member in enumerate(members):
        own = next((m.nationality_span for m in member.mentions if m.nationality), None)
        stated = next((n for n in doc.nationalities if (n.start, n.end) == own), None)
        if stated is not None:
            members[i] = replace(member, nationality=stated.country, nation=stated)
    left: list[tuple[float, NationalityMention]] = []
    for score, nation in sorted(nations, key=lambda pair: (-pair[0], pair[1].start)):
        holder = _holder(doc, members, nation)
        if holder is None:
            if nation.kind != "person":  # it tells of a state or a place
                continue
            # A demonym inside somebody's words is that person's, who was not chosen. In Korean that rule costs more than it
            # saves (with the one above victims' nationality F1 .675, .722 without both).
            if doc.language == "en" and any(p.start <= nation.start and nation.end <= p.end for p in doc.people):
                continue
            if all(n.country != nation.country for _, n in left) and all(
                m.nationality != nation.country for m in members
            ):
                left.append((score, nation))
        elif members[holder].nationality is None:
            members[holder] = replace(members[holder], nationality=nation.country, nation=nation)
    taken = {m.nationality for m in members}
    return members, [(s, n) for s, n in left if n.country not in taken]


def without_doers(
    doc: Document, alone: Sequence[tuple[float, NationalityMention]], doers: Collection[str]
) -> list[tuple[float, NationalityMention]]:
    """The nationalities of nobody in particular without those of the `doers`: "the Chinese" beside a Chinese suspect.

    Nationals of the outlet's own country are kept, whom it names on both sides ("한국인 총책", "한국인 피해자"), and those
    of "the same" nationality, who are somebody else.
    """
    return [
        (score, nation)
        for score, nation in alone
        if nation.country == doc.article.country
        or nation.country not in doers
        or doc.text.endswith("같은 ", 0, nation.start)
    ]


def without_echoes(members: Sequence[Member], others: Sequence[Member] = ()) -> list[Member]:
    """The members without groups of no stated number whose nationality another member, or one of the `others`, has.

    "Koreans" beside "a Korean student" names the kind of people he belonged to, nobody more.
    """

    def vague(member: Member) -> bool:
        return member.best.group and not any(m.count or m.age or m.name for m in member.mentions)

    sure = {member.nationality for member in (*members, *others) if not vague(member)}
    return [m for m in members if m.nationality is None or m.nationality not in sure or not vague(m)]


def without_totals(members: Sequence[Member]) -> list[Member]:
    """The members without bare numbers ("9명") where somebody is described: that is a toll of them all, nobody more."""

    def bare(member: Member) -> bool:
        return not any(m.head or m.name or m.age or m.gender or m.nationality or not m.count for m in member.mentions)

    return [m for m in members if m.nationality or not bare(m)] or list(members)


#: Heads that name anybody: who is called so is told more of elsewhere, if he is.
_ANYBODY = frozenset(
    ("man", "woman", "boy", "girl", "male", "female", "person", "people", "individual", "guy", "lady", "victim", "teen", "teenager",
     "youth", "child", "suspect", "gunman", "attacker", "shooter", "assailant", "accused", "defendant", "offender")
)  # fmt: skip
_ANOTHER = re.compile(
    r"\b(?:another|other|others|second|third|fourth|fifth|different|separate|fellow)\b", re.IGNORECASE
)


def without_unnamed(members: Sequence[Member]) -> list[Member]:
    """The English members without those called by a noun for anybody who are somebody told of more exactly.

    "A man" is the one with a name or an age whose gender does not clash; "two men" are the two (or more) so told.
    Somebody called "another", or by a kinship, is a person of his own.
    """

    def exact(member: Member) -> bool:
        return any(m.name or m.age for m in member.mentions)

    def anybody(member: Member) -> bool:
        best = member.best
        return (
            not exact(member)
            and member.nationality is None
            and not any(m.relation for m in member.mentions)
            and (best.head or "") in _ANYBODY
            and not any(_ANOTHER.search(m.text) for m in member.mentions)
        )

    def agrees(a: Member, b: Member) -> bool:
        genders = {member.first("gender")[0] for member in (a, b)} - {None}
        return len(genders) <= 1

    def many(member: Member) -> int:
        return max((m.count or 1 for m in member.mentions), default=1)

    kept: list[Member] = []
    for member in members:
        if anybody(member):
            told = [m for m in members if exact(m) and agrees(member, m)]
            if sum(many(m) for m in told) >= many(member):
                continue
        kept.append(member)
    return kept


def antecedent(doc: Document, nation: NationalityMention) -> PersonMention | None:
    """Whom a sentence calls 이들 ("they") where it gives them a nationality: the group last named before it."""
    if doc.language != "ko":
        return None
    opening = doc.sentences[doc.sentence_at(nation.start)].start
    if not THEY.search(doc.text[opening : nation.start]):
        return None
    before = [p for p in doc.people if p.end <= opening and not p.is_official]
    return max([p for p in before if p.group] or before, key=lambda p: p.start, default=None)


def _holder(doc: Document, members: list[Member], nation: NationalityMention) -> int | None:
    they = antecedent(doc, nation)
    for i, member in enumerate(members):
        if they in member.mentions or any(m.start <= nation.start and nation.end <= m.end for m in member.mentions):
            return i
    sentence = doc.sentence_at(nation.start)
    best: tuple[int, int] | None = None
    for i, member in enumerate(members):
        if member.nationality is not None:
            continue
        for mention in member.mentions:
            gap = mention.start - nation.end
            if doc.sentence_at(mention.start) == sentence and 0 <= gap <= 12 and (best is None or gap < best[0]):
                best = (gap, i)
    return best[1] if best else None


#: What a toll says became of those that it counts, the gravest first.
FATES: dict[Harm, str] = {"killed": "killed", "missing": "missing", "held": "detained", "injured": "injured"}
#: Types that leave open what became of those who met with it: the tolls say, or nobody does.
_OPEN = frozenset(("accident", "disaster", "terrorism"))
#: Types without which nobody died of them.
_DEADLY = frozenset(("homicide", "unexplained_death"))


@dataclass(frozen=True)
class Toll:
    """How many were killed, injured, held or missing, and where the words stand that it was read from."""

    count: Count
    spans: tuple[tuple[int, int], ...]


def outcome_of(doc: Document, member: Member, kind: str, tolls: Mapping[Harm, Toll], people: int) -> str | None:
    """What became of a victim, of `people` victims in all.

    In order: what a count over its words says; what the event's tolls say of its only victim; what the act told next
    after its words does to people; what the tolls leave open for so many; the type of the event.
    """
    said = {
        count.what
        for mention in member.mentions
        for count in doc.counts_in(doc.sentence_at(mention.start))
        if count.what in FATES and count.low != 0 and count.start < mention.end and mention.start < count.end
    }
    said |= {
        what
        for what, toll in tolls.items()
        if toll.count.high
        and any(m.start < end and start < m.end for m in member.mentions for start, end in toll.spans)
    }
    for what, outcome in FATES.items():
        if what in said:
            return outcome
    number = int(member.first("count")[0] or 1)
    room = [what for what, toll in tolls.items() if toll.count.high >= number]
    if people <= number and (kind in _DEADLY or "killed" in room):
        return "killed"
    for mention in member.mentions:
        after = [
            t
            for t in doc.triggers_in(doc.sentence_at(mention.start))
            if t.kind == "incident" and t.start >= mention.end and t.type not in _OPEN
        ]
        if after and OUTCOME.get(after[0].type):
            return OUTCOME[after[0].type]
    if kind not in _OPEN:
        return OUTCOME.get(kind, "other")
    return FATES[room[0]] if len(room) == 1 else "injured" if "injured" in room else "other"


def as_victim(doc: Document, member: Member, kind: str, tolls: Mapping[Harm, Toll], people: int) -> Victim:
    mention = member.best
    return Victim(
        text=doc.text[mention.start : mention.end],
        count=member.first("count")[0] or (None if mention.group else 1),  # type: ignore[arg-type]
        nationality=member.nationality,
        name=member.first("name")[0],
        age=member.first("age")[0],
        gender=member.first("gender")[0],
        outcome=outcome_of(doc, member, kind, tolls, people),
    )


def as_perpetrator(
    doc: Document, member: Member, status: str, scores: Mapping[str, float] | None = None
) -> Perpetrator:
    mention = member.best
    return Perpetrator(
        text=doc.text[mention.start : mention.end],
        count=member.first("count")[0] or (None if mention.group else 1),  # type: ignore[arg-type]
        nationality=member.nationality,
        name=member.first("name")[0],
        age=member.first("age")[0],
        gender=member.first("gender")[0],
        status=status,
    )
