"""What happens in the simulated month: incidents, the articles that tell of them, and how the outlets fare."""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

BEGIN = datetime(2026, 3, 1, tzinfo=UTC)
#: Country, cities with latitude and longitude; none lies within 60 km of another.
PLACES: Mapping[str, tuple[tuple[str, float, float], ...]] = {
    "KH": (
        ("Sihanoukville", 10.63, 103.5), ("Phnom Penh", 11.56, 104.92), ("Bavet", 11.07, 106.18),
        ("Poipet", 13.66, 102.56), ("Kampot", 10.61, 104.18),
    ),
    "TH": (
        ("Pattaya", 12.93, 100.88), ("Chiang Mai", 18.79, 98.98), ("Phuket", 7.88, 98.39), ("Hat Yai", 7.01, 100.47),
        ("Khon Kaen", 16.43, 102.84),
    ),
    "VN": (
        ("Da Nang", 16.07, 108.22), ("Hanoi", 21.03, 105.85), ("Nha Trang", 12.24, 109.19), ("Can Tho", 10.03, 105.78),
        ("Haiphong", 20.86, 106.68),
    ),
    "PH": (
        ("Angeles", 15.15, 120.59), ("Cebu", 10.32, 123.9), ("Davao", 7.19, 125.46), ("Iloilo", 10.7, 122.56),
        ("Baguio", 16.41, 120.59),
    ),
    "JP": (
        ("Osaka", 34.69, 135.5), ("Fukuoka", 33.59, 130.4), ("Sapporo", 43.06, 141.35), ("Sendai", 38.27, 140.87),
        ("Hiroshima", 34.39, 132.45),
    ),
    "LA": (
        ("Vientiane", 17.97, 102.61), ("Luang Prabang", 19.89, 102.14), ("Pakse", 15.12, 105.8),
        ("Savannakhet", 16.56, 104.75), ("Boten", 21.19, 101.68),
    ),
    "MY": (
        ("Ipoh", 4.6, 101.08), ("Johor Bahru", 1.49, 103.74), ("Kuching", 1.56, 110.34), ("Miri", 4.4, 113.99),
        ("Sandakan", 5.84, 118.12),
    ),
    "ID": (
        ("Medan", 3.6, 98.67), ("Surabaya", -7.25, 112.75), ("Makassar", -5.15, 119.43), ("Padang", -0.95, 100.35),
        ("Manado", 1.49, 124.84),
    ),
}  # fmt: skip
TYPES = ("homicide", "kidnapping", "robbery", "assault", "accident")
NATIONALITIES = ("KR", "JP", "CN", "US", "TH", "ID")
_SYLLABLES = ("ka", "mo", "ri", "ten", "sul", "bar", "ne", "go", "lim", "ves", "dor", "pa", "hin", "tao", "wey", "zu")


@dataclass(frozen=True, slots=True)
class Event:
    """An incident of the month; `stages` are the killed as each of its articles knows them, never falling."""

    number: int
    type: str
    country: str
    city: str
    latitude: float
    longitude: float
    at: datetime
    nationality: str
    name: str
    age: int
    stages: tuple[int, ...]

    @property
    def killed(self) -> int:
        """The toll that the last article states."""
        return self.stages[-1]


@dataclass(frozen=True, slots=True)
class Story:
    """An article: `event` and `stage` of what it tells (None: of nothing), `corrected` from when with the last stage."""

    number: int
    source: str
    published: datetime
    event: int | None = None
    stage: int = 0
    corrected: datetime | None = None


@dataclass(frozen=True, slots=True)
class Trouble:
    """An outlet from `begin` to `end`: broken (500), blocked (a wall), vanished (nothing listens)."""

    source: str
    kind: str
    begin: datetime
    end: datetime


@dataclass(frozen=True, slots=True)
class Month:
    """All of it. `down` is when the third target is away."""

    end: datetime
    sources: tuple[str, ...]
    events: tuple[Event, ...]
    stories: tuple[Story, ...]
    troubles: tuple[Trouble, ...]
    down: tuple[datetime, datetime]

    def trouble(self, source: str, now: datetime) -> str | None:
        """What is wrong with the outlet now."""
        return next((t.kind for t in self.troubles if t.source == source and t.begin <= now < t.end), None)


def month(rng: random.Random, *, days: float, sources: int, articles: int, events: int) -> Month:
    """A month of so many days, drawn from the generator."""
    end = BEGIN + timedelta(days=days)
    names = tuple(f"outlet{number:02d}" for number in range(sources))
    happened = tuple(_event(rng, number, days, events, sources) for number in range(events))
    stories: list[Story] = []
    for event in happened:
        tellers = rng.sample(names, min(len(event.stages), len(names)))
        for stage, source in enumerate(tellers):
            published = event.at + timedelta(hours=2 + 9 * stage + rng.uniform(0, 6))
            fixed = published + timedelta(hours=rng.uniform(1, 12)) if stage == 0 and rng.random() < 0.3 else None
            stories.append(Story(0, source, published, event.number, stage, fixed))
    for _ in range(articles - len(stories)):
        stories.append(Story(0, rng.choice(names), BEGIN + timedelta(days=rng.uniform(0, days - 0.5))))
    stories.sort(key=lambda story: story.published)
    numbered = tuple(
        Story(number, s.source, s.published, s.event, s.stage, s.corrected) for number, s in enumerate(stories, 1)
    )
    troubles = []
    for place, source in enumerate(names[: sources // 2]):
        begin = BEGIN + timedelta(days=days * (0.15 + 0.5 * place / sources))
        kind = ("broken", "blocked", "vanished")[place % 3]
        troubles.append(Trouble(source, kind, begin, begin + timedelta(days=min(3.0, days / 4))))
    down = BEGIN + timedelta(days=days / 3)
    return Month(end, names, happened, numbered, tuple(troubles), (down, down + timedelta(days=1)))


def _event(rng: random.Random, number: int, days: float, events: int, most: int) -> Event:
    """Two events of one city lie days apart: what is measured is alerting, not the resolution."""
    spots = [(country, city) for country, cities in PLACES.items() for city in cities]
    country, (city, latitude, longitude) = spots[number * 7 % len(spots)]
    kind = TYPES[(number + number // len(spots)) % len(TYPES)]
    toll = rng.choice((0, 1, 1, 2)) if kind != "homicide" else rng.choice((1, 1, 2))
    stages = []
    for _ in range(min(rng.choice((1, 2, 2, 3, 4, 5)), most)):
        stages.append(toll)
        toll += rng.choice((0, 0, 0, 1, 2))
    name = " ".join("".join(rng.choices(_SYLLABLES, k=3)).capitalize() for _ in range(2))
    at = BEGIN + timedelta(days=(days - 3) * number / events)
    return Event(
        number, kind, country, city, latitude, longitude, at, rng.choice(NATIONALITIES), name, rng.randint(20, 69),
        tuple(stages),
    )  # fmt: skip


def text_of(story: Story, events: tuple[Event, ...], now: datetime) -> tuple[str, str]:
    """Title and text of the article as it stands now; the reader of this benchmark reads the marked sentence."""
    filler = random.Random(story.number)
    words = " ".join("".join(filler.choices(_SYLLABLES, k=filler.randint(2, 4))) for _ in range(90))
    if story.event is None:
        return f"Council notes {story.number}", f"Story {story.number}. {words}."
    event = events[story.event]
    killed = event.killed if story.corrected and now >= story.corrected else event.stages[story.stage]
    told = f"EVENT {event.number}: {killed} killed in {event.city}."
    return f"{event.type.capitalize()} in {event.city}, report {story.number}", f"{told} Story {story.number}. {words}."
